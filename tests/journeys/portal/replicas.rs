//! Several portals over one repository, one store and one ledger, as behind one address.

use std::net::TcpListener;
use std::process::Command;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use serde_json::{Value, json};
use testkit::servers::postgres::Postgres;
use testkit::servers::{or_skip, run};

use super::api::{answered, json, send};
use super::desk::visitor::Visitor;
use super::server::{Portal, Reply};
use crate::governed::community::{Community, DECLARED, SERVED, ZONE};
use crate::governed::nameserver::NameServer;

/// How long anything may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// A community whose repository is elsewhere, and what its portals share.
struct Setting {
    community: Community,
    _postgres: Postgres,
    _server: NameServer,
}

impl Setting {
    /// Nothing where PostgreSQL or the name server is not here.
    fn new() -> Option<Self> {
        let server = NameServer::bind(SERVED)?;
        let postgres = or_skip(Postgres::start())?;
        let mut community = Community::with(&server.address(), DECLARED, CHARTER, "", "");
        community.set("COMMONHOLD_LEDGER", &postgres.new_database("ledger"));
        community.set("COMMONHOLD_PORTAL_STORE", &postgres.new_database("portal"));
        community.runs("ledger init").ends(0, "");
        community.write("portal.yaml", "sign_in: {ssh: true}\n");
        community.commit("ada", "A portal");
        let it = Self {
            community,
            _postgres: postgres,
            _server: server,
        };
        let bare = it.bare();
        run(Command::new("git")
            .args(["clone", "--quiet", "--bare"])
            .arg(it.community.estate())
            .arg(&bare));
        it.community.git(&["remote", "add", "origin", &bare]);
        Some(it)
    }

    /// Where the repository is that all follow.
    fn bare(&self) -> String {
        let path = self.community.key("../origin.git");
        path.to_string_lossy().into_owned()
    }

    /// Starts a portal with a clone of its own, which looks so often whether anything is new.
    fn replica(&self, name: &str, every: &str) -> Portal {
        let state = self.community.key(&format!("../{name}"));
        let words = format!(
            "serve --git {} --branch main --state {} --every {every} --listen 127.0.0.1:0 --url http://127.0.0.1:1 \
             --acts-a-minute 0 --webhooks-anywhere --log off",
            self.bare(),
            state.display()
        );
        Portal::run(self.community.command(&words))
    }

    /// Brings what is committed here to where all follow it.
    fn push(&self, message: &str) {
        self.community.commit("ada", message);
        self.community.git(&[
            "pull",
            "--quiet",
            "--no-rebase",
            "--no-edit",
            "origin",
            "main",
        ]);
        self.community.git(&["push", "--quiet", "origin", "main"]);
    }

    fn in_bare(&self, words: &[&str]) -> String {
        run(Command::new("git").arg("-C").arg(self.bare()).args(words))
    }
}

/// Money is granted by more than half of those who lead the infrastructure.
const CHARTER: &str = "\
infrastructure: infra
decisions:
  procedures:
    simple: {vote: {threshold: 1/2, relation: \">\", base: members, max_open: 10d, close: decided}}
  kinds:
    spending-request: {body: infra, procedure: simple}
";
const WANTED: [(&str, &str); 6] = [
    ("do", "add"),
    ("zone", ZONE),
    ("name", "www2"),
    ("type", "A"),
    ("values", "192.0.2.22"),
    ("why", "The second site"),
];

/// The plan that the page of a request leads to.
fn plan_of(page: &str) -> &str {
    let after = page.split("/changes/").nth(1).unwrap_or_default();
    after.split(['"', '/']).next().unwrap_or_default()
}

#[test]
fn what_is_begun_at_one_replica_goes_on_at_another() {
    let Some(it) = Setting::new() else { return };
    let (one, other) = (it.replica("one", "1s"), it.replica("other", "1s"));
    let key = it.community.key("ada");
    let mut ada = Visitor::signs_in(&one.url, &key);
    ada.get(&other.url, "/account").is(200, "/people/ada");
    // A form of one is sent to the other, and its answer is looked at at the first.
    let form = ada
        .get(&one.url, "/desk/dns-record")
        .is(200, "What it is for");
    let asked = ada.send(&other.url, &form, "/desk/dns-record", &WANTED);
    assert!(asked.path.starts_with("/desk/requests/www2-"), "{asked:?}");
    let page = ada.get(&one.url, &asked.path).is(200, "Received");
    // Sent again, to whichever it is, it is the same request.
    let again = ada.send(&one.url, &form, "/desk/dns-record", &WANTED);
    assert_eq!(again.path, asked.path);
    ada.get(&one.url, "/desk/requests").is(200, &asked.path);
    // What is signed at one about the plan that the other made counts for both.
    let plan = plan_of(&page.html).to_owned();
    assert_eq!(plan.len(), 12, "{}", page.html);
    for (portal, name) in [(&one, "bob"), (&other, "dora")] {
        let key = it.community.key(name);
        let mut reviewer = Visitor::signs_in(&portal.url, &key);
        let asks = format!("act=approve&item={plan}");
        reviewer.signs(&portal.url, &asks, &key).is(200, "");
    }
    for portal in [&one, &other] {
        ada.get(&portal.url, &asked.path).is(200, "merged");
    }
    let zone = it.in_bare(&["show", "main:dns/example.org.yaml"]);
    assert!(zone.contains("192.0.2.22"), "{zone}");
    // Out at one is out at the other.
    let before = ada.clone();
    let account = ada.get(&other.url, "/account").is(200, "/people/ada");
    ada.send(&other.url, &account, "/sign-out", &[]).is(200, "");
    for portal in [&one, &other] {
        before
            .clone()
            .get(&portal.url, "/account")
            .is(200, "Sign in");
    }
}

#[test]
fn replicas_that_have_not_seen_each_other_s_acts_take_votes_on_the_same_item() {
    let Some(it) = Setting::new() else { return };
    let (one, other) = (it.replica("one", "1h"), it.replica("other", "1h"));
    let key = it.community.key("ada");
    let mut ada = Visitor::signs_in(&one.url, &key);
    let form = ada
        .get(&one.url, "/desk/money")
        .is(200, "What is to be paid");
    let wanted = [
        ("for", "a build machine"),
        ("amount", "1200.00 USD"),
        ("to", "a shop"),
        ("why", "Ours is broken."),
    ];
    let asked = ada.send(&one.url, &form, "/desk/money", &wanted);
    let asked = asked.is(200, "to be signed");
    let item = asked.path.trim_start_matches("/desk/requests/").to_owned();
    ada.signs(&other.url, &format!("act=propose&item={item}"), &key)
        .is(200, "");
    // Two of three are enough, whatever the third would say.
    for (portal, name) in [(&one, "ada"), (&other, "bob")] {
        let key = it.community.key(name);
        let mut voter = Visitor::signs_in(&portal.url, &key);
        let asks = format!("act=vote&item={item}&choice=yes");
        voter.signs(&portal.url, &asks, &key);
    }
    ada.get(&other.url, &asked.path);
    let path = format!("main:decisions/{item}/record.json");
    let record = it.in_bare(&["show", &path]);
    let record: Value = serde_json::from_str(&record).expect("a record");
    assert_eq!(record["record"]["state"], "accepted", "{record:#}");
    let log = it.in_bare(&["log", "--format=%s", "main"]);
    for name in ["ada", "bob"] {
        let taken = format!("Take what person/{name} signed: vote of {item}");
        assert_eq!(log.matches(&taken).count(), 1, "{log}");
    }
    it.community
        .runs("ledger verify")
        .ends(0, "the ledger is whole");
}

/// A token for programs that may act, as its maker's page shows it once.
fn token(portal: &Portal, visitor: &mut Visitor) -> String {
    let account = visitor.get(&portal.url, "/account").is(200, "Make a token");
    let typed = [("name", "test"), ("scope", "act"), ("days", "1")];
    let made = visitor.send(&portal.url, &account, "/account/tokens", &typed);
    let start = made.html.find("commonhold_").expect("a token");
    let rest = &made.html[start..];
    let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && !"_-".contains(c));
    rest[..end.expect("its end")].to_owned()
}

/// Asks for a record by the API under a key.
fn asks(portal: &Portal, token: &str, key: &str, name: &str) -> (u16, Value) {
    let mut answers: Value = json!({});
    for (field, value) in WANTED {
        answers[field] = json!(value);
    }
    answers["name"] = json!(name);
    let body = json!({ "answers": answers }).to_string();
    let reply: Reply = portal.say(&format!(
        "POST /api/v1/requests/dns-record HTTP/1.1\r\nHost: portal\r\nConnection: close\r\nAuthorization: Bearer {token}\r\n\
         Idempotency-Key: {key}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    ));
    let said = reply.text();
    let said = serde_json::from_str(&said).unwrap_or_else(|error| panic!("{error}: {said}"));
    (reply.status, said)
}

#[test]
fn what_a_program_was_told_by_one_replica_holds_at_another() {
    let Some(it) = Setting::new() else { return };
    let (one, other) = (it.replica("one", "1s"), it.replica("other", "1s"));
    let mut ada = Visitor::signs_in(&one.url, &it.community.key("ada"));
    let token = token(&one, &mut ada);
    // One key is one request, wherever it comes.
    let first = asks(&one, &token, "key-1", "www2");
    assert_eq!(first.0, 201, "{first:?}");
    assert_eq!(asks(&other, &token, "key-1", "www2"), first);
    assert_eq!(asks(&other, &token, "key-1", "www3").0, 422);
    let requests = it.in_bare(&["for-each-ref", "refs/requests/"]);
    assert_eq!(requests.lines().count(), 1, "{requests}");
    // Both see what happens; the place is told of it once.
    let (url, told) = place();
    let wish = json!({"url": url, "events": ["service.new"]});
    let made = send(&one, "/api/v1/webhooks", &token, &wish);
    let hook = made["id"].as_str().unwrap_or_else(|| panic!("{made}"));
    for name in ["chat", "mail"] {
        let text = format!("name: {name}\nsummary: For all.\nkind: custom\nowner: infra\n");
        it.community.write(&format!("services/{name}.yaml"), &text);
        it.push(name);
        let path = format!("/services/{name}");
        for portal in [&one, &other] {
            portal.until(&path, |reply| reply.status == 200);
        }
    }
    // Whoever showed the second has told of the first.
    let keys = [(); 2].map(|()| told.recv_timeout(PATIENCE).expect("a message"));
    assert_eq!(keys, ["chat", "mail"]);
    let bearer = format!("Authorization: Bearer {token}\r\n");
    let path = format!("/api/v1/webhooks/{hook}");
    let stands = |kept: &Value| {
        let each = kept["deliveries"].as_array().into_iter().flatten();
        let each = each.map(|one| (one["state"] == "delivered", one["tries"].as_u64()));
        each.collect::<Vec<_>>()
    };
    other.until_told(&path, &bearer, |reply| {
        let kept = serde_json::from_slice(&reply.body).unwrap_or_default();
        stands(&kept) == [(true, Some(1)), (true, Some(1))]
    });
    assert_eq!(json(&one, &path, &bearer), json(&other, &path, &bearer));
    assert_eq!(told.try_recv().ok(), None);
}

/// A place that answers at once whatever it is told, and what those messages are about.
fn place() -> (String, Receiver<String>) {
    let place = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}/told", place.local_addr().expect("its address"));
    let (sender, told) = channel();
    std::thread::spawn(move || {
        for stream in place.incoming().flatten() {
            let (_, body) = answered(&stream);
            let message: Value = serde_json::from_str(&body).expect("JSON");
            let key = message["data"]["key"].as_str().unwrap_or_default();
            if sender.send(key.to_owned()).is_err() {
                return;
            }
        }
    });
    (url, told)
}
