//! What programs read and do.
//!
//! `COMMONHOLD_FUZZ_SECONDS=600 cargo test -p commonhold --test journeys portal::api` tries the API for ten minutes.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use portal::store::Store as _;
use serde_json::{Value, json};

use super::server::Portal;
use crate::decisions::assembly::Assembly;
use crate::support::{peer, root};

/// How long anything may take.
const PATIENCE: Duration = Duration::from_secs(60);
/// How long the API is tried where nobody says so.
const SECONDS: &str = "20";

/// A community whose portal lets people sign in.
fn community() -> Assembly {
    let it = Assembly::new();
    it.write("portal.yaml", "private: {contacts: [infra]}\n");
    it.write(
        "services/dns.yaml",
        "name: Name servers\nsummary: Answer for all names.\nkind: custom\nowner: infra\n",
    );
    it.write(
        "services/mail.yaml",
        "name: Mail\nsummary: Lists and aliases.\nkind: custom\nowner: infra\n",
    );
    it.merge("a portal and what runs");
    it.proposes("ada", "policy", "Name what runs");
    it.ticks();
    it
}

/// Starts its portal, at an instant that does not pass.
fn start(it: &Assembly) -> (Portal, String) {
    let store = format!("sqlite:{}", it.beside("portal.sqlite").display());
    let now = "2026-03-02T13:00:00Z";
    let arguments = [
        "--at",
        now,
        "--store",
        &store,
        "--acts-a-minute",
        "0",
        "--log",
        "off",
        "--webhooks-anywhere",
    ];
    let portal = Portal::start(&it.estate(), &arguments, &[]);
    let token = token(&it.key("ada"), &store, now.parse().expect("an instant"));
    (portal, token)
}

/// A token of ada's, put where a portal keeps those that people make on their account's page.
fn token(key: &Path, store: &str, now: Timestamp) -> String {
    let printed = Command::new("ssh-keygen")
        .arg("-lf")
        .arg(key)
        .output()
        .expect("ssh-keygen");
    let printed = String::from_utf8_lossy(&printed.stdout).into_owned();
    let fingerprint = printed.split(' ').nth(1).expect("a fingerprint");
    let token = format!("commonhold_{}", "a".repeat(43));
    let digest = base::Digest::of(token.as_bytes()).to_string();
    let digest = digest.trim_start_matches("sha256:");
    let ends = "2027-01-01T00:00:00Z";
    let kept = json!({
        "identity": {"issuer": portal::sign_in::SSH_ISSUER, "subject": fingerprint, "name": "ada"},
        "name": "test", "acts": true, "made": now.to_string(), "ends": ends,
    });
    let store = portal::store::open(store).expect("the store");
    store.put("token", digest, &kept, None).expect("a token");
    token
}

pub(super) fn json(portal: &Portal, path: &str, headers: &str) -> Value {
    let said = portal.get(path, headers);
    serde_json::from_str(&said.text())
        .unwrap_or_else(|error| panic!("{path}: {error}: {}", said.text()))
}

#[test]
fn what_is_read_and_done_by_a_program_is_what_the_pages_show() {
    let it = community();
    let (portal, token) = start(&it);
    let bearer = format!("Authorization: Bearer {token}\r\n");
    let me = json(&portal, "/api/v1/me", &bearer);
    assert_eq!(me["person"], "ada", "{me}");
    let services = json(&portal, "/api/v1/services?sort=-name", "");
    let keys: Vec<&str> = services["items"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|item| item["key"].as_str())
        .collect();
    assert_eq!(keys, ["dns", "mail"], "{services}");
    let dns = json(&portal, "/api/v1/services/dns", "");
    assert_eq!(dns["source"]["path"], "services/dns.yaml");
    assert_eq!(dns["shows"]["path"], "/services/dns");
    let decision = json(&portal, "/api/v1/decisions?limit=1", "");
    assert_eq!(decision["total"], 1, "{decision}");
    let found = json(&portal, "/api/v1/search?q=mail", "");
    assert!(
        found["groups"].to_string().contains("\"/services/mail\""),
        "{found}"
    );
    let explained = portal.get("/api", "").text();
    assert!(explained.contains("whsec_") && explained.contains("/api/v1/services"));
    assert!(portal.get("/problems/invalid", "").text().contains("422"));
    for path in ["/api/v1/nothing", "/api/v1", "/api/v2"] {
        assert!(!portal.get(path, "").text().contains("<html"), "{path}");
    }
}

/// Sends JSON with a token.
pub(super) fn send(portal: &Portal, path: &str, token: &str, body: &Value) -> Value {
    let (body, host) = (body.to_string(), portal.url.trim_start_matches("http://"));
    let said = portal.say(&format!(
        "POST {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    ));
    serde_json::from_str(&said.text())
        .unwrap_or_else(|error| panic!("{path}: {error}: {}", said.head))
}

/// The headers and the body of the next request to a place, which is answered well.
fn told(place: &TcpListener) -> (BTreeMap<String, String>, String) {
    answered(&accepted(place))
}

/// The headers and the body of a request, which is answered well.
pub(super) fn answered(stream: &TcpStream) -> (BTreeMap<String, String>, String) {
    let mut lines = BufReader::new(stream);
    let mut headers = BTreeMap::new();
    let mut request = String::new();
    lines.read_line(&mut request).expect("a request");
    loop {
        let mut line = String::new();
        lines.read_line(&mut line).expect("a line");
        let Some((name, value)) = line.trim_end().split_once(": ") else {
            break;
        };
        headers.insert(name.to_lowercase(), value.to_owned());
    }
    let mut body = vec![0; headers["content-length"].parse().expect("a length")];
    lines.read_exact(&mut body).expect("a body");
    let mut stream = stream;
    stream
        .write_all(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")
        .expect("an answer");
    (headers, String::from_utf8(body).expect("UTF-8"))
}

fn accepted(place: &TcpListener) -> TcpStream {
    place.set_nonblocking(true).expect("no waiting");
    let deadline = Instant::now() + PATIENCE;
    loop {
        if let Ok((stream, _)) = place.accept() {
            stream.set_nonblocking(false).expect("waiting");
            stream.set_read_timeout(Some(PATIENCE)).expect("a limit");
            return stream;
        }
        assert!(Instant::now() < deadline, "nobody told anything");
        std::thread::yield_now();
    }
}

#[test]
fn a_place_is_told_of_a_new_service_when_the_pages_show_it() {
    let it = community();
    let (portal, token) = start(&it);
    let place = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}/told", place.local_addr().expect("its address"));
    let wish = json!({"url": url, "events": ["service.new"]});
    let made = send(&portal, "/api/v1/webhooks", &token, &wish);
    let secret = made["secret"].as_str().unwrap_or_else(|| panic!("{made}"));
    it.write(
        "services/chat.yaml",
        "name: Chat\nsummary: Rooms to talk in.\nkind: custom\nowner: infra\n",
    );
    it.commit("a chat");
    let (headers, body) = told(&place);
    let seconds = headers["webhook-timestamp"].parse().expect("seconds");
    let at = Timestamp::from_second(seconds).expect("an instant");
    let signed = portal::webhooks::signature(secret, &headers["webhook-id"], at, &body);
    assert_eq!(headers["webhook-signature"], signed);
    let message: Value = serde_json::from_str(&body).expect("JSON");
    assert_eq!(
        (&message["type"], &message["data"]["key"]),
        (&json!("service.new"), &json!("chat")),
        "{body}"
    );
    assert_eq!(message["data"]["item"]["page"], "/services/chat");
    let shown = json(&portal, "/api/v1/services/chat", "");
    assert_eq!(shown["values"], message["data"]["item"]["values"]);
}

/// Every answer is as the description says, whatever is sent; nothing brings the server down.
#[test]
fn whatever_is_sent_is_answered_as_the_description_says() {
    let schemathesis =
        std::env::var("COMMONHOLD_SCHEMATHESIS").unwrap_or_else(|_| "schemathesis".to_owned());
    if !peer(&schemathesis, &["--version"]) {
        return;
    }
    let it = community();
    let (portal, token) = start(&it);
    let seconds = std::env::var("COMMONHOLD_FUZZ_SECONDS").unwrap_or_else(|_| SECONDS.to_owned());
    let settings = root().join("tests/journeys/portal/schemathesis.toml");
    let mut command = Command::new(&schemathesis);
    command.arg("--config-file").arg(settings);
    command.args([
        "run",
        "--checks",
        "all",
        "--max-examples",
        "5",
        "--no-color",
        "--continue-on-failure",
    ]);
    command.args([
        "--generation-database",
        "none",
        "--max-time",
        &seconds,
        "--request-timeout",
        "20",
    ]);
    command.args(["-H", &format!("Authorization: Bearer {token}")]);
    command.arg(format!("{}/api/v1/openapi.json", portal.url));
    // A proxy would be another way around.
    for name in [
        "http_proxy",
        "HTTP_PROXY",
        "https_proxy",
        "HTTPS_PROXY",
        "ALL_PROXY",
        "all_proxy",
    ] {
        command.env_remove(name);
    }
    command.current_dir(it.beside(""));
    let said = command.output().expect("schemathesis");
    let told = String::from_utf8_lossy(&said.stdout).into_owned();
    assert!(
        said.status.success(),
        "{told}\n{}",
        String::from_utf8_lossy(&said.stderr)
    );
    assert_eq!(json(&portal, "/api/v1/state", "")["community"], "Example");
}
