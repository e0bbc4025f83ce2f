//! How the server bears up.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use testkit::{EstateSize, generate};

use super::server::{Portal, Reply};
use crate::support::{Folder, root, text, write};

/// A small estate in a folder, committed.
fn estate() -> Folder {
    let mut folder = Folder::new();
    for (path, text) in generate(EstateSize::small(), 1) {
        folder = folder.with(&path, &text);
    }
    git(&folder.0, &["init", "--quiet", "--initial-branch=main"]);
    commit(&folder.0, "the estate");
    folder
}

fn git(folder: &Path, arguments: &[&str]) -> String {
    let output = Command::new("git")
        .args([
            "-c",
            "user.name=ada",
            "-c",
            "user.email=ada@example.org",
            "-c",
            "commit.gpgsign=false",
        ])
        .args(arguments)
        .current_dir(folder)
        .output()
        .expect("git");
    assert!(
        output.status.success(),
        "{arguments:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout)
        .expect("UTF-8")
        .trim()
        .to_owned()
}

fn commit(folder: &Path, message: &str) -> String {
    git(folder, &["add", "--all"]);
    git(folder, &["commit", "--quiet", "--message", message]);
    git(folder, &["rev-parse", "HEAD"])
}

/// The name of the community, changed.
fn rename(folder: &Path, name: &str) {
    let path = folder.join("commonhold.yaml");
    let text = fs::read_to_string(&path).expect("the root file");
    let lines = text.lines().map(|line| {
        let is_name = line.starts_with("name:");
        let line = if is_name {
            format!("name: {name}")
        } else {
            line.to_owned()
        };
        format!("{line}\n")
    });
    write(&path, &lines.collect::<String>());
}

fn break_it(folder: &Path) -> PathBuf {
    let services = fs::read_dir(folder.join("services")).expect("services");
    let mut paths: Vec<PathBuf> = services
        .map(|entry| entry.expect("a file").path())
        .collect();
    paths.sort();
    let broken = paths.swap_remove(0);
    write(&broken, "owner: [this is\nnot: {yaml\n");
    broken
}

fn says(name: &str) -> impl Fn(&Reply) -> bool {
    move |reply| reply.status == 200 && reply.text().contains(name)
}

/// What tells on a page that a newer state is kept from being shown.
fn is_troubled(reply: &Reply) -> bool {
    let text = reply.text();
    text.contains("services/") && text.contains("trouble")
}

#[test]
fn a_broken_state_keeps_the_last_good_one_and_every_page_says_so() {
    let folder = estate();
    let portal = Portal::start(&folder.0, &["--read-only", "--log", "off"], &[]);
    let service = portal.until("/services", |reply| reply.status == 200);
    assert!(!is_troubled(&service));
    let broken = break_it(&folder.0);
    portal.until("/", is_troubled);
    for path in ["/services", "/groups", "/people", "/findings", "/nowhere"] {
        assert!(is_troubled(&portal.get(path, "")), "{path}");
    }
    let name = broken
        .file_stem()
        .expect("a name")
        .to_string_lossy()
        .into_owned();
    assert_eq!(portal.get(&format!("/services/{name}"), "").status, 200);
    let told = portal.get("/metrics", "").text();
    assert!(told.contains("portal_trouble 1\n"));
    // Mended, and other than before: it is shown.
    git(&folder.0, &["checkout", "--quiet", "--", "."]);
    rename(&folder.0, "Mended");
    let mended = portal.until("/", says("Mended"));
    assert!(!is_troubled(&mended));
}

#[test]
fn what_breaks_a_rule_is_shown_because_showing_it_is_what_the_portal_is_for() {
    let folder = estate();
    let portal = Portal::start(&folder.0, &["--read-only", "--log", "off"], &[]);
    let service = "name: Mail\nsummary: Sends mail.\nkind: off-the-shelf\ndata: {holds: Letters, classification: confidential}\n";
    write(&folder.0.join("services/mail.yaml"), service);
    portal.until("/findings", says("runbook-present"));
}

#[test]
fn an_estate_that_cannot_be_read_is_said_to_be_so_and_shown_once_it_can() {
    let folder = estate();
    let root_file = folder.0.join("commonhold.yaml");
    let good = fs::read_to_string(&root_file).expect("the root file");
    write(&root_file, "name: [\n");
    let portal = Portal::start(&folder.0, &["--read-only", "--log", "off"], &[]);
    let first = portal.get("/", "");
    assert!(
        first.status == 200 && first.text().contains("commonhold.yaml"),
        "{}",
        first.text()
    );
    assert_eq!(portal.get("/services", "").status, 503);
    write(&root_file, &good);
    portal.until("/services", |reply| reply.status == 200);
}

#[test]
fn a_new_state_under_load_drops_no_request() {
    let folder = estate();
    let portal = Portal::start(&folder.0, &["--read-only", "--log", "off"], &[]);
    let (ends, asked) = (AtomicBool::new(false), AtomicUsize::new(0));
    std::thread::scope(|scope| {
        let ask = || {
            while !ends.load(Ordering::Relaxed) {
                for path in ["/", "/services", "/people", "/api/v1/groups"] {
                    let reply = portal.get(path, "");
                    assert_eq!(reply.status, 200, "{path}: {}", reply.text());
                    asked.fetch_add(1, Ordering::Relaxed);
                }
            }
        };
        let asking: Vec<_> = (0..4).map(|_| scope.spawn(ask)).collect();
        let judged = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            for round in 0..5 {
                let name = format!("Round {round}");
                rename(&folder.0, &name);
                portal.signal("HUP");
                portal.until("/", says(&name));
            }
        }));
        ends.store(true, Ordering::Relaxed);
        for one in asking {
            one.join().expect("no request was dropped");
        }
        judged.expect("all states were shown");
    });
    assert!(asked.load(Ordering::Relaxed) > 20);
}

#[test]
fn a_branch_elsewhere_is_followed_and_a_broken_commit_is_not_checked_out() {
    let (work, bare, state) = (estate(), Folder::new(), Folder::new());
    let to = bare.0.to_string_lossy().into_owned();
    git(&work.0, &["clone", "--quiet", "--bare", ".", &to]);
    git(&work.0, &["remote", "add", "origin", &to]);
    let mut command = Command::new(env!("CARGO_BIN_EXE_commonhold"));
    command.args([
        "serve",
        "--listen",
        "127.0.0.1:0",
        "--read-only",
        "--log",
        "off",
        "--every",
        "1s",
    ]);
    command.args(["--git", &to, "--state"]).arg(&state.0);
    let portal = Portal::run(command);
    let push = || git(&work.0, &["push", "--quiet", "--force", "origin", "main"]);

    rename(&work.0, "Followed");
    let good = commit(&work.0, "another name");
    push();
    portal.until("/", says("Followed"));

    break_it(&work.0);
    let broken = commit(&work.0, "a slip");
    push();
    let page = portal.until("/", is_troubled);
    assert!(page.text().contains("Followed") && page.text().contains(&broken[..7]));
    assert_eq!(git(&state.0.join("estate"), &["rev-parse", "HEAD"]), good);

    // The branch is written anew, without the slip.
    git(&work.0, &["reset", "--quiet", "--hard", "HEAD~2"]);
    rename(&work.0, "Written anew");
    commit(&work.0, "yet another name");
    push();
    let page = portal.until("/", says("Written anew"));
    assert!(!is_troubled(&page));
}

#[test]
fn who_tells_the_program_to_end_gets_what_was_asked_before() {
    let folder = estate();
    let mut portal = Portal::start(&folder.0, &["--read-only", "--log", "off"], &[]);
    let mut asking = portal.connect();
    // Half of a request was sent when the signal comes.
    asking
        .write_all(b"GET /healthz HTTP/1.1\r\n")
        .expect("sent");
    let mut idle = portal.connect();
    idle.write_all(b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n")
        .expect("sent");
    assert!(idle.read(&mut [0; 1024]).expect("an answer") > 0);
    portal.signal("TERM");
    // It listens no more.
    let address = portal.url.trim_start_matches("http://").to_owned();
    let deadline = Instant::now() + Duration::from_secs(30);
    while std::net::TcpStream::connect(&address).is_ok() {
        assert!(Instant::now() < deadline, "it still listens");
    }
    let _ = asking.write_all(b"Host: a\r\n\r\n");
    let reply = Reply::to_end(asking);
    assert!([0, 200].contains(&reply.status), "{}", reply.status);
    assert!(portal.child.wait().expect("an end").success());
}

#[test]
fn a_socket_that_was_handed_over_is_listened_on() {
    let folder = estate();
    let socket = TcpListener::bind("127.0.0.1:0").expect("a socket");
    let address = socket.local_addr().expect("its address");
    // The shell puts the socket where the protocol has it, and becomes the program, whose number it thereby has.
    let script = "exec 3<&0 0</dev/null; LISTEN_PID=$$ LISTEN_FDS=1 exec \"$0\" \"$@\"";
    let mut command = Command::new("sh");
    command.args(["-c", script, env!("CARGO_BIN_EXE_commonhold"), "serve"]);
    command.arg(&folder.0).args(["--read-only", "--log", "off"]);
    command.arg0("sh");
    let portal = Portal::run_with(command, std::os::fd::OwnedFd::from(socket).into());
    assert_eq!(portal.url, format!("http://{address}"));
    assert_eq!(portal.get("/healthz", "").status, 200);
}

#[test]
fn who_supervises_the_program_is_told_when_it_is_ready() {
    let folder = estate();
    let path = folder.0.join(".commonhold/notify");
    fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
    let socket = std::os::unix::net::UnixDatagram::bind(&path).expect("a socket");
    socket
        .set_read_timeout(Some(Duration::from_secs(60)))
        .expect("a limit");
    let name = path.to_string_lossy().into_owned();
    let portal = Portal::start(
        &folder.0,
        &["--read-only", "--log", "off"],
        &[("NOTIFY_SOCKET", &name)],
    );
    let told = || {
        let mut bytes = [0; 64];
        let length = socket.recv(&mut bytes).expect("a word");
        String::from_utf8_lossy(&bytes[..length]).into_owned()
    };
    assert_eq!(told(), "READY=1");
    portal.signal("TERM");
    assert_eq!(told(), "STOPPING=1");
}

#[test]
fn the_log_has_a_line_of_json_for_each_request_and_no_query() {
    let folder = estate();
    let log = folder.0.join(".commonhold/log");
    fs::create_dir_all(log.parent().expect("a folder")).expect("a folder");
    let mut command = Command::new(env!("CARGO_BIN_EXE_commonhold"));
    command.arg("serve").arg(&folder.0).args([
        "--listen",
        "127.0.0.1:0",
        "--read-only",
        "--log",
        "json",
    ]);
    let file = fs::OpenOptions::new()
        .create(true)
        .append(true)
        .open(&log)
        .expect("a file");
    command.stderr(file);
    let portal = Portal::run(command);
    portal.get("/services?q=t0ken", "X-Forwarded-For: 192.0.2.1\r\n");
    portal.get("/sign-in/openid/return?code=t0ken", "");
    drop(portal);
    let lines = fs::read_to_string(&log).expect("the log");
    let lines: Vec<serde_json::Value> = lines
        .lines()
        .map(|line| serde_json::from_str(line).expect(line))
        .collect();
    let asked: Vec<_> = lines
        .iter()
        .filter(|line| line["event"] == "request")
        .collect();
    assert_eq!(asked.len(), 2);
    assert_eq!(
        (&asked[0]["path"], &asked[0]["status"]),
        (&"/services".into(), &200.into())
    );
    assert_eq!(asked[0]["client"], "127.0.0.1");
    assert!(!format!("{lines:?}").contains("t0ken"));
}

#[test]
fn an_address_that_is_taken_is_told() {
    let folder = estate();
    let socket = TcpListener::bind("127.0.0.1:0").expect("a socket");
    let address = socket.local_addr().expect("its address").to_string();
    let output = Command::new(env!("CARGO_BIN_EXE_commonhold"))
        .arg("serve")
        .arg(&folder.0)
        .args(["--listen", &address])
        .output()
        .expect("a run");
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        output.status.code() == Some(1)
            && told.contains(&format!("{address} cannot be listened on")),
        "{told}"
    );
}

#[test]
fn what_runs_the_portal_asks_for_paths_that_there_are() {
    let folder = estate();
    let portal = Portal::start(&folder.0, &["--read-only", "--log", "off"], &[]);
    let manifest = text("deploy/kubernetes/portal.yaml");
    let probes: Vec<&str> = manifest
        .lines()
        .filter_map(|line| {
            line.trim()
                .strip_prefix("httpGet: {path: ")?
                .split(',')
                .next()
        })
        .collect();
    assert_eq!(probes.len(), 3);
    for path in probes {
        assert_eq!(portal.get(path, "").status, 200, "{path}");
    }
    // Every argument is one that the program has.
    let help = Command::new(env!("CARGO_BIN_EXE_commonhold"))
        .args(["serve", "--help"])
        .output()
        .expect("help");
    let help = String::from_utf8_lossy(&help.stdout).into_owned();
    let unit = text("deploy/systemd/commonhold-portal.service");
    let container = text("deploy/Containerfile");
    let words = [&manifest, &unit, &container]
        .into_iter()
        .flat_map(|text| text.split([' ', '"', ',', '\n', '=']));
    let arguments: Vec<&str> = words
        .filter(|word| word.starts_with("--") && !word.starts_with("---"))
        .collect();
    let of_others = [
        "--release",
        "--locked",
        "--package",
        "--yes",
        "--no-install-recommends",
        "--system",
        "--uid",
        "--home-dir",
        "--create-home",
        "--from",
    ];
    for argument in arguments
        .into_iter()
        .filter(|argument| !of_others.contains(argument))
    {
        assert!(help.contains(argument), "{argument}");
    }
}

#[test]
fn units_are_as_systemd_wants_them() {
    if !crate::support::peer("systemd-analyze", &["--version"]) {
        return;
    }
    let folder = Folder::new();
    for name in ["commonhold-portal.service", "commonhold-portal.socket"] {
        let unit = text(&format!("deploy/systemd/{name}"));
        // The program is installed elsewhere here.
        let unit = unit.replace(
            "/usr/local/bin/commonhold",
            env!("CARGO_BIN_EXE_commonhold"),
        );
        write(&folder.0.join(name), &unit);
    }
    let output = Command::new("systemd-analyze")
        .args([
            "verify",
            "--man=no",
            "commonhold-portal.service",
            "commonhold-portal.socket",
        ])
        .current_dir(&folder.0)
        .output()
        .expect("a run");
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!told.contains("commonhold-portal"), "{told}");
}

#[test]
fn manifests_are_of_the_kinds_that_they_say() {
    let folder = root().join("deploy/kubernetes");
    let mut kinds = Vec::new();
    for entry in fs::read_dir(folder).expect("manifests").flatten() {
        let text = fs::read_to_string(entry.path()).expect("a manifest");
        for document in text.split("\n---\n") {
            let source = base::SourceMap::default().add("manifest.yaml", document);
            let (read, found) = yaml::parse(document, source, yaml::Dialect::Go);
            assert!(found.is_empty() && read.len() == 1, "{found:?}");
            let kind = document
                .lines()
                .find_map(|line| line.strip_prefix("kind: "))
                .expect("a kind");
            kinds.push(kind.to_owned());
        }
    }
    kinds.sort();
    assert_eq!(
        kinds,
        [
            "Deployment",
            "Ingress",
            "NetworkPolicy",
            "PodDisruptionBudget",
            "Service"
        ]
    );
}
