//! The plainest of clients, and an organisation to ask for.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use serde_json::{Value, json};
use testkit::fakes::github::{GitHub, Permission, Role, TeamRole};

/// An answer: status, headers in lower case, body.
#[derive(Debug, Clone)]
pub(crate) struct Got {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Value,
    pub(crate) length: Option<usize>,
    pub(crate) bytes: usize,
}

impl Got {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(key, _)| key == name);
        found.map(|(_, value)| value.as_str())
    }
}

/// Sends one request with these headers; nothing if the connection was closed instead.
pub(crate) fn send(
    github: &GitHub,
    method: &str,
    path: &str,
    headers: &str,
    body: &str,
) -> Option<Got> {
    let host = github.url().trim_start_matches("http://").to_owned();
    let mut stream = TcpStream::connect(&host).expect("it listens");
    let length = body.len();
    let head = format!(
        "{method} {path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\nuser-agent: test\r\n\
         {headers}content-length: {length}\r\n\r\n{body}"
    );
    stream
        .write_all(head.as_bytes())
        .expect("an open connection");
    let mut text = Vec::new();
    stream.read_to_end(&mut text).expect("an end");
    let text = String::from_utf8(text).expect("text");
    let (head, body) = text.split_once("\r\n\r\n")?;
    let mut lines = head.lines();
    let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
    let pairs = lines.filter_map(|line| line.split_once(": "));
    let headers: Vec<(String, String)> = pairs
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    let length = headers.iter().find(|(name, _)| name == "content-length");
    Some(Got {
        status,
        length: length.map(|(_, value)| value.parse().expect("a length")),
        headers,
        body: serde_json::from_str(body).unwrap_or_default(),
        bytes: body.len(),
    })
}

/// Sends one request as the bot.
#[expect(
    clippy::needless_pass_by_value,
    reason = "bodies are written in the call"
)]
pub(crate) fn ask(github: &GitHub, method: &str, path: &str, body: Value) -> Got {
    let body = if body.is_null() {
        String::new()
    } else {
        body.to_string()
    };
    let kind = if body.is_empty() {
        ""
    } else {
        "content-type: application/json\r\n"
    };
    let headers = format!("authorization: Bearer {}\r\n{kind}", github.token());
    send(github, method, path, &headers, &body).expect("an answer")
}

pub(crate) fn get(github: &GitHub, path: &str) -> Got {
    ask(github, "GET", path, Value::Null)
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "variables are written in the call"
)]
pub(crate) fn query(github: &GitHub, text: &str, variables: Value) -> Value {
    let body = json!({"query": text, "variables": variables});
    ask(github, "POST", "/graphql", body).body
}

/// An organisation with an owner, two members, nested teams and repositories.
pub(crate) fn acme() -> GitHub {
    let github = GitHub::start();
    github.with(|world| {
        for (login, id) in [("Alice", 101), ("bob", 102), ("carol", 103), ("dave", 104)] {
            world.add_account(login, id);
        }
        world.add_org("Acme");
        world.add_member("acme", "alice", Role::Member);
        world.add_member("acme", "bob", Role::Owner);
        world.add_team("acme", "Engineering");
        world.add_team_below("acme", "engineering", "k/Storage");
        world.add_team_member("acme", "engineering", "bob", TeamRole::Member);
        world.add_team_member("acme", "k-storage", "alice", TeamRole::Maintainer);
        world.add_repo("acme", "Site");
        world.add_repo("acme", "tools");
        world.grant("acme", "engineering", "site", Permission::Triage);
        world.add_collaborator("acme/site", "carol", Permission::Push);
    });
    github
}

pub(crate) fn assert_clean(github: &GitHub) {
    assert_eq!(github.violations(), Vec::<String>::new());
}

pub(crate) fn assert_one_violation(github: &GitHub, wanted: &str) {
    let violations = github.violations();
    assert!(
        violations.len() == 1 && violations[0].contains(wanted),
        "{violations:?}"
    );
}
