//! The portal in a real browser: how its pages are made, and what people do with them, all of it
//! without JavaScript.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

#[path = "browser/look.rs"]
mod look;
#[path = "browser/objecting.rs"]
mod objecting;
#[path = "browser/provider.rs"]
mod provider;
#[path = "browser/voting.rs"]
mod voting;

use serde_json::{Value, json};
use testkit::servers::run;

use super::desk;
use super::server::Portal;
use crate::governed::community::{SERVED, ZONE};
use crate::governed::nameserver::NameServer;
use crate::support::{peer, root};

/// Where the scripts are that drive the browser.
fn scripts() -> PathBuf {
    root().join("tests/browser")
}

/// Whether there is a browser and what drives it; says so if not, and fails where peers are required.
fn there_is_a_browser() -> bool {
    let chromium = std::env::var("COMMONHOLD_CHROMIUM").unwrap_or_else(|_| "chromium".to_owned());
    let there = peer(&chromium, &["--version"]) && peer("node", &["--version"]);
    let installed = scripts().join("node_modules/playwright-core").is_dir();
    if there && !installed {
        eprintln!("skipped: `npm ci --prefix tests/browser` was not run");
        assert!(
            std::env::var_os("COMMONHOLD_REQUIRE_PEERS").is_none(),
            "what drives the browser is required and not installed"
        );
    }
    there && installed
}

/// A browser in which one person after the other sits.
struct Browser {
    child: Child,
    asks: ChildStdin,
    says: BufReader<ChildStdout>,
}

impl Browser {
    /// Opens one on a portal.
    fn on(portal: &Portal) -> Self {
        Self::at(&portal.url)
    }

    /// The same, where the portal is reached by another name.
    fn at(url: &str) -> Self {
        let mut child = Command::new("node")
            .arg(scripts().join("drive.mjs"))
            .arg(url)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("node");
        let asks = child.stdin.take().expect("its input");
        let says = BufReader::new(child.stdout.take().expect("its output"));
        Self { child, asks, says }
    }

    #[track_caller]
    fn ask(&mut self, what: &Value) -> Value {
        writeln!(self.asks, "{what}").expect("the browser runs");
        let mut line = String::new();
        self.says.read_line(&mut line).expect("an answer");
        let answer: Value =
            serde_json::from_str(&line).unwrap_or_else(|_| panic!("it said `{line}`"));
        if let Some(wrong) = answer.get("wrong").and_then(Value::as_str) {
            panic!("{wrong}");
        }
        answer["value"].clone()
    }

    /// Opens a page; says its status.
    #[track_caller]
    fn open(&mut self, path: &str) -> u64 {
        self.ask(&json!(["open", path])).as_u64().unwrap_or(0)
    }

    #[track_caller]
    fn fill(&mut self, label: &str, text: &str) {
        self.ask(&json!(["fill", label, text]));
    }

    #[track_caller]
    fn choose(&mut self, label: &str, option: &str) {
        self.ask(&json!(["choose", label, option]));
    }

    #[track_caller]
    fn press(&mut self, button: &str) {
        self.ask(&json!(["press", button]));
    }

    #[track_caller]
    fn follow(&mut self, link: &str) {
        self.ask(&json!(["follow", link]));
    }

    /// What the page says.
    #[track_caller]
    fn text(&mut self) -> String {
        self.ask(&json!(["text"])).as_str().unwrap_or("").to_owned()
    }

    /// The bytes of what is marked as code, the first at 0.
    #[track_caller]
    fn code(&mut self, at: usize) -> String {
        self.ask(&json!(["code", at]))
            .as_str()
            .unwrap_or("")
            .to_owned()
    }

    /// Types into a field that has no label, by what stands in it until then; others' pages have such.
    #[track_caller]
    fn type_into(&mut self, placeholder: &str, text: &str) {
        self.ask(&json!(["type", placeholder, text]));
    }

    /// Where the page is, with its host.
    #[track_caller]
    fn place(&mut self) -> String {
        self.ask(&json!(["place"]))
            .as_str()
            .unwrap_or("")
            .to_owned()
    }

    #[track_caller]
    fn path(&mut self) -> String {
        self.ask(&json!(["path"])).as_str().unwrap_or("").to_owned()
    }

    /// Another person sits down.
    #[track_caller]
    fn forget(&mut self) {
        self.ask(&json!(["forget"]));
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Signs what the page says with the command that it shows, and brings what that prints.
#[track_caller]
fn signs(browser: &mut Browser, key: &Path, button: &str) {
    let command = browser.code(0);
    let command = command.replace("~/.ssh/id_ed25519", &key.display().to_string());
    assert!(command.contains("ssh-keygen -Y sign"), "{command}");
    let signature = run(Command::new("sh").args(["-c", &command]));
    browser.fill("What the command printed", &signature);
    browser.press(button);
}

#[track_caller]
fn signs_in(browser: &mut Browser, key: &Path) {
    browser.forget();
    assert_eq!(browser.open("/sign-in/ssh"), 200);
    signs(browser, key, "Sign in");
}

#[test]
fn a_record_is_asked_for_reviewed_and_seen_with_a_browser_and_keys_alone() {
    if !there_is_a_browser() {
        return;
    }
    let Some(server) = NameServer::bind(SERVED) else {
        return;
    };
    let community = desk::community(&server.address());
    let portal = desk::serve(&community);
    community.new_key("dana");
    let mut browser = Browser::on(&portal);
    signs_in(&mut browser, &community.key("dana"));
    browser.open("/");
    browser.follow("Front desk");
    assert_eq!(browser.path(), "/desk");
    browser.open("/desk/dns-record");
    browser.choose("What is to be done", "Add it");
    browser.choose("Zone", ZONE);
    browser.fill("Name", "www2");
    browser.choose("Type", "A");
    browser.fill("Values", "192.0.2.22");
    browser.fill("What it is for", "The second site");
    browser.press("Ask for it");
    let request = browser.path();
    assert!(
        request.starts_with("/desk/requests/www2-"),
        "{request}: {}",
        browser.text()
    );
    let (file, plan) = desk::plan(&community);
    // Dana is a stranger, so one more approves than otherwise.
    for reviewer in ["ada", "bob"] {
        let key = community.key(reviewer);
        signs_in(&mut browser, &key);
        browser.open(&format!("/act?act=approve&item={plan}"));
        signs(&mut browser, &key, "Send it");
    }
    community
        .runs(&format!("apply {}", file.display()))
        .ends(0, "");
    let answer = server.answer("www2.example.org. A");
    assert_eq!(answer.as_deref(), Some("3600 192.0.2.22"));
    browser.forget();
    browser.open(&request);
    let text = browser.text();
    assert!(text.contains("The name server answers so."), "{text}");
}
