//! Messages to other programs: each arrives, signed, once, and none goes where it must not.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

use http_client::Reach;
use jiff::Timestamp;
use portal::model::Listing;
use portal::store::{Opened, Store};
use portal::webhooks::{Courier, Mail, signature};
use portal::{AsOf, Content, Found, Reader, Stamp, Trouble};
use serde_json::{Value, json};

use crate::sample::{SECRET, Sample, services};

/// How long anything may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// What a place was sent.
#[derive(Debug)]
struct Sent {
    headers: BTreeMap<String, String>,
    body: String,
}

/// A place that is told what happens, and answers with these statuses in turn, the last one for ever.
fn place(statuses: &'static [u16]) -> (String, Receiver<Sent>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/told", listener.local_addr().unwrap());
    let (tell, told) = channel();
    thread::spawn(move || {
        for (number, stream) in listener.incoming().enumerate() {
            let Ok(stream) = stream else { return };
            let status = statuses[number.min(statuses.len() - 1)];
            let sent = take(stream, status);
            if tell.send(sent).is_err() {
                return;
            }
        }
    });
    (url, told)
}

fn take(mut stream: TcpStream, status: u16) -> Sent {
    let mut lines = BufReader::new(stream.try_clone().unwrap());
    let mut headers = BTreeMap::new();
    loop {
        let mut line = String::new();
        lines.read_line(&mut line).unwrap();
        if line.trim().is_empty() {
            break;
        }
        if let Some((name, value)) = line.split_once(": ") {
            headers.insert(name.to_lowercase(), value.trim().to_owned());
        }
    }
    let length: usize = headers["content-length"].parse().unwrap();
    let mut body = vec![0; length];
    lines.read_exact(&mut body).unwrap();
    let answer = format!("HTTP/1.1 {status} X\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    stream.write_all(answer.as_bytes()).unwrap();
    Sent {
        headers,
        body: String::from_utf8(body).unwrap(),
    }
}

/// Time that the test moves.
#[derive(Clone, Default)]
struct Hand(Arc<AtomicI64>);

impl Hand {
    fn now(&self) -> Timestamp {
        Timestamp::from_second(1_610_000_000 + self.0.load(Ordering::SeqCst)).unwrap()
    }

    fn pass(&self, seconds: i64) {
        self.0.fetch_add(seconds, Ordering::SeqCst);
    }
}

struct Office {
    store: Arc<Opened>,
    hand: Hand,
}

impl Office {
    fn new() -> Self {
        Self {
            store: Arc::new(portal::store::open("sqlite::memory:").unwrap()),
            hand: Hand::default(),
        }
    }

    fn courier(&self, reach: Reach) -> Courier {
        let hand = self.hand.clone();
        let mail = Mail {
            store: Arc::clone(&self.store) as Arc<dyn Store>,
            clock: Arc::new(move || hand.now()),
            url: "https://infra.example.org".to_owned(),
            reach,
        };
        Courier::start(mail).unwrap()
    }

    /// A webhook, kept where the API keeps them.
    fn hook(&self, number: u8, url: &str, events: &[&str]) -> String {
        let id = format!("wh_{number:024x}");
        let hook = json!({
            "id": id, "owner": "ada", "url": url, "events": events, "created": self.hand.now().to_string(),
            "secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "paused": null,
        });
        self.store.put("webhook", &id, &hook, None).unwrap();
        id
    }

    fn kept(&self, kind: &str) -> Vec<Value> {
        let kept = self.store.list(kind, "", 1_000, self.hand.now()).unwrap();
        kept.into_iter().map(|(_, value)| value).collect()
    }

    /// Waits until something is so.
    fn until(&self, what: &str, is_so: impl Fn(&Self) -> bool) {
        let end = Instant::now() + PATIENCE;
        while !is_so(self) {
            assert!(Instant::now() < end, "never: {what}");
            thread::yield_now();
        }
    }

    fn paused(&self) -> bool {
        self.kept("webhook")
            .iter()
            .all(|hook| hook["paused"].is_object())
    }
}

/// A state with so many services, of a commit.
struct State {
    sample: Sample,
    listings: Vec<Listing>,
    stamp: Stamp,
}

impl State {
    fn new(count: usize, commit: &str) -> Self {
        let stamp = Stamp {
            commit: Some(commit.to_owned()),
            version: commit.to_owned(),
            ..Stamp::default()
        };
        Self {
            sample: Sample::new(count),
            listings: vec![services(count)],
            stamp,
        }
    }
}

impl Content for State {
    fn stamp(&self) -> &Stamp {
        &self.stamp
    }

    fn listings(&self) -> &[Listing] {
        &self.listings
    }

    fn page(&self, path: &str, reader: &Reader, now: &AsOf) -> Found {
        self.sample.page(path, reader, now)
    }

    fn paths(&self) -> Vec<String> {
        Vec::new()
    }

    fn file(&self, _: &str) -> Option<(&'static str, String)> {
        None
    }
}

#[test]
fn two_processes_that_see_the_same_tell_it_once_and_signed() {
    let office = Office::new();
    let (url, told) = place(&[204]);
    office.hook(1, &url, &["service.new", "service.gone", "estate.loaded"]);
    let couriers = [
        office.courier(Reach::Anywhere),
        office.courier(Reach::Anywhere),
    ];
    let (old, new) = (State::new(12, "a"), State::new(15, "b"));
    let kept: usize = couriers
        .iter()
        .map(|courier| courier.changed(&old, &new).unwrap())
        .sum();
    // Three services are new, and one event says that the newer state is shown.
    assert_eq!(kept, 4);
    let sent: Vec<Sent> = (0..4)
        .map(|_| told.recv_timeout(PATIENCE).unwrap())
        .collect();
    office.until("all arrived", |office| {
        let kept = office.kept("webhook-delivery");
        kept.iter().all(|kept| kept["stands"] == "delivered")
            && office.kept("webhook-due").is_empty()
    });
    drop(couriers);
    assert!(told.try_recv().is_err(), "something came twice");
    let mut kinds = Vec::new();
    for sent in &sent {
        let header = |name: &str| sent.headers[name].as_str();
        let at = Timestamp::from_second(header("webhook-timestamp").parse().unwrap()).unwrap();
        let made = signature(
            "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            header("webhook-id"),
            at,
            &sent.body,
        );
        assert_eq!(header("webhook-signature"), made);
        let body: Value = serde_json::from_str(&sent.body).unwrap();
        assert!(!sent.body.contains(SECRET), "{}", sent.body);
        kinds.push(body["type"].as_str().unwrap().to_owned());
        if body["type"] == "service.new" {
            let key = body["data"]["key"].as_str().unwrap();
            assert_eq!(
                body["data"]["url"],
                format!("https://infra.example.org/services/{key}")
            );
            assert_eq!(body["data"]["item"]["values"]["name"], key);
            assert_eq!(body["data"]["item"]["values"]["contact"], json!(null));
        }
    }
    kinds.sort();
    assert_eq!(
        kinds,
        ["estate.loaded", "service.new", "service.new", "service.new"]
    );
}

#[test]
fn what_nobody_asked_for_is_not_told() {
    let office = Office::new();
    office.hook(1, "https://a.example/", &["service.gone"]);
    let courier = office.courier(Reach::Public);
    let (old, new) = (State::new(12, "a"), State::new(15, "b"));
    assert_eq!(courier.changed(&old, &new).unwrap(), 0);
    assert_eq!(courier.changed(&new, &old).unwrap(), 3);
}

#[test]
fn a_state_that_cannot_be_shown_is_told_once() {
    let office = Office::new();
    let (url, told) = place(&[200]);
    office.hook(1, &url, &["*"]);
    let courier = office.courier(Reach::Anywhere);
    let (old, mut broken) = (State::new(12, "a"), State::new(12, "a"));
    broken.stamp.trouble = Some(Trouble {
        commit: Some("b".to_owned()),
        since: office.hand.now(),
        what: vec!["services/a.yaml:3: no such group".to_owned()],
    });
    assert_eq!(courier.changed(&old, &broken).unwrap(), 1);
    assert_eq!(courier.changed(&broken, &broken).unwrap(), 0);
    let sent: Value = serde_json::from_str(&told.recv_timeout(PATIENCE).unwrap().body).unwrap();
    assert_eq!(sent["type"], "estate.broken");
    assert_eq!(sent["data"]["what"][0], "services/a.yaml:3: no such group");
}

#[test]
fn what_did_not_arrive_is_sent_again_later_under_the_same_id() {
    let office = Office::new();
    let (url, told) = place(&[500, 503, 200]);
    office.hook(1, &url, &["service.new"]);
    let courier = office.courier(Reach::Anywhere);
    courier
        .changed(&State::new(12, "a"), &State::new(13, "b"))
        .unwrap();
    let mut ids = vec![told.recv_timeout(PATIENCE).unwrap().headers["webhook-id"].clone()];
    for tries in 1..3 {
        office.until("the try is kept", |office| {
            office.kept("webhook-delivery")[0]["tries"] == tries
        });
        assert!(told.try_recv().is_err(), "it came before its time");
        office.hand.pass(60);
        ids.push(told.recv_timeout(PATIENCE).unwrap().headers["webhook-id"].clone());
    }
    ids.dedup();
    assert_eq!(ids.len(), 1);
    office.until("it arrived", |office| {
        office.kept("webhook-delivery")[0]["stands"] == "delivered"
    });
}

#[test]
fn a_message_that_was_kept_is_sent_by_whoever_comes_after_a_crash() {
    let office = Office::new();
    let (url, told) = place(&[200]);
    office.hook(1, &url, &["service.new"]);
    {
        // This one cannot reach the place, and ends.
        let courier = office.courier(Reach::Public);
        courier
            .changed(&State::new(12, "a"), &State::new(13, "b"))
            .unwrap();
        office.until("it was tried", |office| {
            office.kept("webhook-delivery")[0]["tries"] == 1
        });
    }
    office.hand.pass(60);
    let _courier = office.courier(Reach::Anywhere);
    assert!(
        told.recv_timeout(PATIENCE)
            .unwrap()
            .body
            .contains("service-12")
    );
}

#[test]
fn a_place_that_wants_no_more_is_left_alone() {
    let office = Office::new();
    let (url, told) = place(&[410]);
    office.hook(1, &url, &["service.new"]);
    let courier = office.courier(Reach::Anywhere);
    courier
        .changed(&State::new(12, "a"), &State::new(14, "b"))
        .unwrap();
    told.recv_timeout(PATIENCE).unwrap();
    office.until("it is paused", Office::paused);
    office.until("nothing waits", |office| {
        office.kept("webhook-due").is_empty()
    });
    assert_eq!(
        courier
            .changed(&State::new(14, "b"), &State::new(16, "c"))
            .unwrap(),
        0
    );
    assert!(told.try_recv().is_err());
}

#[test]
fn nothing_is_sent_into_our_own_network() {
    let office = Office::new();
    let (url, told) = place(&[200]);
    office.hook(1, &url, &["service.new"]);
    let courier = office.courier(Reach::Public);
    courier
        .changed(&State::new(12, "a"), &State::new(13, "b"))
        .unwrap();
    office.until("it was tried", |office| {
        office.kept("webhook-delivery")[0]["tries"] == 1
    });
    let said = office.kept("webhook-delivery")[0]["said"]
        .as_str()
        .unwrap()
        .to_owned();
    assert!(said.contains("public internet"), "{said}");
    assert!(told.try_recv().is_err());
}
