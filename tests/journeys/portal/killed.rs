//! A server that is killed while many act and many read.

use std::collections::BTreeMap;
use std::hash::{BuildHasher, RandomState};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use super::desk::visitor::Visitor;
use super::desk::{WANTED, elects_as, serve};
use super::server::Portal;
use crate::governed::community::{Community, DECLARED, SERVED};
use crate::governed::nameserver::NameServer;

const ROUNDS: u64 = 5;
/// After how long at most it is killed, in milliseconds.
const LATEST: u64 = 1500;
const BALLOT: &str = "/elections/steering/2026/ballot";

/// What somebody sends before the server is killed, and where.
struct Sent {
    by: Visitor,
    path: &'static str,
    form: BTreeMap<String, String>,
}

/// What was answered; nothing where nothing was, or half of it.
type Answer = Option<String>;

impl Sent {
    fn new(by: &Visitor, path: &'static str, form: BTreeMap<String, String>) -> Self {
        let by = by.clone();
        Self { by, path, form }
    }

    /// Sends it, and reads what is answered until that ends.
    fn once(&self, url: &str) -> Answer {
        let mut stream = TcpStream::connect(url.trim_start_matches("http://")).ok()?;
        let request = self.by.request(url, self.path, Some(&self.form));
        stream.write_all(request.as_bytes()).ok()?;
        let mut said = Vec::new();
        // A connection that breaks off may have answered before.
        let _ = stream.read_to_end(&mut said);
        let said = String::from_utf8_lossy(&said).into_owned();
        said.contains("\r\n\r\n").then_some(said)
    }

    /// Sends it until there is an answer, after the server came back.
    #[track_caller]
    fn again(&self, url: &str) -> String {
        self.once(url).expect("an answer")
    }
}

/// The status of an answer.
fn status(answer: &str) -> &str {
    answer.split(' ').nth(1).unwrap_or_default()
}

/// The values of a header of an answer.
fn headers<'a>(answer: &'a str, name: &str) -> Vec<&'a str> {
    let lines = answer.lines().take_while(|line| !line.is_empty());
    let pairs = lines.filter_map(|line| line.split_once(": "));
    let named = pairs.filter(|(known, _)| known.eq_ignore_ascii_case(name));
    named.map(|(_, value)| value).collect()
}

/// Has all of it sent at once while others read, and kills the server some time after; what was answered until then.
fn killed_after(portal: &mut Portal, millis: u64, sent: &[Sent]) -> Vec<Answer> {
    let url = portal.url.clone();
    let ends = AtomicBool::new(false);
    std::thread::scope(|scope| {
        for path in ["/", "/desk", "/changes"] {
            let reader = Sent::new(&Visitor::default(), path, BTreeMap::new());
            let (url, ends) = (&url, &ends);
            scope.spawn(move || {
                while !ends.load(Ordering::Relaxed) {
                    let Ok(mut stream) = TcpStream::connect(url.trim_start_matches("http://"))
                    else {
                        return;
                    };
                    let asks = reader.by.request(url, reader.path, None);
                    let _ = stream.write_all(asks.as_bytes());
                    let _ = stream.read_to_end(&mut Vec::new());
                }
            });
        }
        let sending: Vec<_> = sent
            .iter()
            .map(|one| scope.spawn(|| one.once(&url)))
            .collect();
        // What happens at this instant is left to chance: that is what is tried.
        std::thread::sleep(Duration::from_millis(millis));
        portal.child.kill().expect("a kill");
        portal.child.wait().expect("its end");
        ends.store(true, Ordering::Relaxed);
        let answers = sending.into_iter();
        answers.map(|one| one.join().expect("no panic")).collect()
    })
}

/// A community that is acted in, and what it has acknowledged.
struct Setting {
    community: Community,
    portal: Portal,
    _server: NameServer,
    dana: Visitor,
    /// The pages of all requests that were acknowledged.
    requests: Vec<String>,
    /// The plan of the last request.
    plan: String,
}

impl Setting {
    fn key(&self, name: &str) -> PathBuf {
        self.community.key(name)
    }

    /// The form by which Dana asks for a record.
    fn wanted(&mut self, round: u64) -> Sent {
        let url = self.portal.url.clone();
        let page = self.dana.get(&url, "/desk/dns-record");
        let mut form = page.is(200, "What it is for").form("/desk/dns-record");
        let pairs = WANTED.iter();
        form.extend(pairs.map(|(key, value)| ((*key).to_owned(), (*value).to_owned())));
        form.insert("name".to_owned(), format!("host{round}"));
        Sent::new(&self.dana, "/desk/dns-record", form)
    }

    /// Dana's request of a round is there, once; its plan is what is approved next.
    fn is_asked(&mut self, sent: &Sent, answer: &Answer, round: u64) {
        let url = self.portal.url.clone();
        if let Some(answer) = answer {
            let to = headers(answer, "location");
            self.requests.push(to[0].to_owned());
        }
        for path in &self.requests {
            self.dana.get(&url, path).is(200, "Received");
        }
        // The same form once more is the same request.
        let again = sent.again(&url);
        let to = headers(&again, "location")[0].to_owned();
        let page = self.dana.get(&url, &to).is(200, "Received").html;
        let after = page.split("/changes/").nth(1).unwrap_or_default();
        self.plan = after.chars().take(12).collect();
        self.requests.push(to);
        self.requests.dedup();
        assert_eq!(self.requests.len() as u64, round + 1);
        let kept = self.community.git(&["for-each-ref", "refs/requests/"]);
        assert_eq!(kept.lines().count() as u64, round + 1, "{kept}");
    }

    /// What somebody signed is there, once.
    fn is_signed(&mut self, sent: &Sent, answer: &Answer, name: &str) {
        let statement = &sent.form["statement"];
        let act: serde_json::Value = serde_json::from_str(statement).expect("a statement");
        let item = act["item"].as_str().expect("an item");
        let before = self.events(&act, name);
        if answer.as_deref().map(status) == Some("303") {
            assert_eq!(before, 1, "{name} on {item}");
        }
        // Once more it is what was taken, or comes too late because it was, or its plan was made anew meanwhile; it
        // never counts twice.
        let said = sent.again(&self.portal.url);
        let page = said.split("<main").nth(1).unwrap_or(&said);
        let after = match status(&said) {
            "303" => 1,
            "404" | "409" => before,
            _ => panic!("{page}"),
        };
        assert_eq!(self.events(&act, name), after, "{name} on {item}: {page}");
    }

    /// How many events of somebody's are kept about the plan of an act, wherever they lie.
    fn events(&self, act: &serde_json::Value, name: &str) -> usize {
        let item = act["item"].as_str().expect("an item");
        let refs = self
            .community
            .git(&["for-each-ref", "--format=%(refname)", "refs/heads/"]);
        let mut found = std::collections::BTreeSet::new();
        for tip in refs.lines() {
            let folder = format!("decisions/{item}");
            let files = self
                .community
                .git(&["ls-tree", "-r", "--name-only", tip, "--", &folder]);
            for file in files
                .lines()
                .filter(|file| !file.ends_with("record.json") && file.ends_with(".json"))
            {
                let text = self.community.git(&["show", &format!("{tip}:{file}")]);
                let event: serde_json::Value =
                    serde_json::from_str(&text).expect("no half of an event");
                // The item of what is not applied goes on with the next plan.
                let is_of = event["content"]["plan"] == act["content"]["plan"];
                if is_of && event["actor"] == format!("person/{name}") {
                    found.insert(file.to_owned());
                }
            }
        }
        found.len()
    }

    /// Nothing is half there.
    fn is_whole(&self) {
        self.community.git(&["fsck", "--strict"]);
        let words = ["status", "--porcelain", "--", "decisions", "dns"];
        assert_eq!(self.community.git(&words), "");
        self.community
            .runs("ledger verify")
            .ends(0, "the ledger is whole");
    }
}

#[test]
fn a_server_that_is_killed_under_load_has_done_once_what_it_acknowledged_and_nothing_by_half() {
    let Some(server) = NameServer::bind(SERVED) else {
        return;
    };
    let community = Community::at(&server.address(), DECLARED);
    community.write("portal.yaml", "sign_in: {ssh: true}\n");
    community.commit("ada", "A portal");
    elects_as(&community, "open");
    community.new_key("dana");
    let portal = serve(&community);
    let dana = Visitor::signs_in(&portal.url, &community.key("dana"));
    let people = ["ada", "bob", "dora"];
    let signs_in = |name: &&str| Visitor::signs_in(&portal.url, &community.key(name));
    let mut voters: Vec<Visitor> = people.iter().map(signs_in).collect();
    let mut it = Setting {
        community,
        portal,
        _server: server,
        dana,
        requests: Vec::new(),
        plan: String::new(),
    };
    let began = Instant::now();
    let chance = RandomState::new();
    for round in 0..ROUNDS {
        let url = it.portal.url.clone();
        let mut sent = vec![it.wanted(round)];
        // Somebody comes in.
        let mut comes = Visitor::default();
        let form = comes.signed_line(&url, &it.key("cy"));
        sent.push(Sent::new(&comes, "/sign-in/ssh", form));
        // Somebody votes.
        let at = usize::try_from(round).expect("few rounds") % people.len();
        let mut form = voters[at]
            .get(&url, BALLOT)
            .is(200, "roll call")
            .form(BALLOT);
        form.extend(
            [("rank-ann", "1"), ("rank-ben", "2")]
                .map(|(key, value)| (key.to_owned(), value.to_owned())),
        );
        sent.push(Sent::new(&voters[at], BALLOT, form));
        // Two approve what was asked for in the round before.
        for (at, name) in people.iter().enumerate().take(2).filter(|_| round > 0) {
            let asks = format!("act=approve&item={}", it.plan);
            let key = it.community.key(name);
            let form = voters[at].signed(&url, &asks, &key);
            sent.push(Sent::new(&voters[at], "/act/take", form));
        }
        let millis = chance.hash_one(round) % LATEST;
        eprintln!("round {round}: killed after {millis} ms");
        let answers = killed_after(&mut it.portal, millis, &sent);
        it.portal = serve(&it.community);
        let url = it.portal.url.clone();
        it.is_asked(&sent[0], &answers[0], round);
        if let Some(answer) = &answers[1] {
            for set in headers(answer, "set-cookie") {
                comes.keeps(set);
            }
            comes.get(&url, "/account").is(200, "/people/cy");
        }
        let took_part = |it: &Setting| {
            let status = it
                .community
                .runs("elect status steering/2026 --output json");
            status.json()["took_part"].as_u64().unwrap_or_default()
        };
        let voters_so_far = (round + 1).min(3);
        if answers[2].as_deref().map(status) == Some("200") {
            assert_eq!(took_part(&it), voters_so_far);
        }
        assert_eq!(status(&sent[2].again(&url)), "200");
        assert_eq!(took_part(&it), voters_so_far);
        for (at, name) in people.iter().enumerate().take(2).filter(|_| round > 0) {
            it.is_signed(&sent[3 + at], &answers[3 + at], name);
        }
        it.is_whole();
    }
    eprintln!("{ROUNDS} rounds took {:?}", began.elapsed());
}
