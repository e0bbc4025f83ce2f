//! Google Groups, against a stand-in that is made from what Google publishes of it.

#![expect(clippy::unwrap_used, reason = "what tests share is a test too")]

mod faults;
mod reading;
mod tokens;
mod writing;

use std::time::Duration;

use access::providers::google::GoogleGroups;
use access::{Key, Known, Sort, State, Step, System as _};
use base::SourceMap;
use change::WriteFailure;
use estate::kinds::AccessSystem;
use http_client::Hidden;
use jiff::Timestamp;
use serde_json::{Value, json};
use testkit::fakes::google::Google;
use testkit::fakes::serving::Request;
use yaml::{Decoding, Profile};

const DOMAIN: &str = "lab.example";

fn clock() -> Timestamp {
    Timestamp::from_second(Google::START).unwrap()
}

/// Nobody waits here: the stand-in counts requests and not seconds.
fn wait(_: Duration) {}

fn system(fake: &Google) -> AccessSystem {
    let text = format!(
        "kind: google-groups\naddress: {}\nuser: {}\n",
        fake.url(),
        fake.administrator()
    );
    let file = SourceMap::default().add("system.yaml", &text);
    let (system, findings) = Decoding::read_text(&text, file, Profile::NATIVE);
    assert!(findings.is_empty(), "{findings:?}");
    system.unwrap()
}

fn google_with(fake: &Google, secret: &str, clock: fn() -> Timestamp) -> GoogleGroups {
    let secret = Hidden(secret.to_owned());
    GoogleGroups::new(DOMAIN, &system(fake), secret, clock, wait).unwrap()
}

fn google(fake: &Google) -> GoogleGroups {
    google_with(fake, &fake.key_file(), clock)
}

fn address(local: &str) -> String {
    format!("{local}@{DOMAIN}")
}

fn group(local: &str) -> Key {
    Key::new(Sort::MailingGroup, &address(local))
}

fn settings(local: &str) -> Key {
    Key::of(Sort::MailingSettings, &address(local), "")
}

fn member(local: &str, mail: &str) -> Key {
    let mailbox = estate::Email::new(mail).unwrap().mailbox();
    Key::of(Sort::MailingMember, &address(local), &mailbox)
}

fn want_group(wanted: &mut State, local: &str) {
    let value = json!({"name": format!("Group {local}"), "description": "For a test."});
    wanted.insert(group(local), value);
}

fn want_member(wanted: &mut State, local: &str, mail: &str, role: &str) {
    let value = json!({"address": mail, "role": role});
    wanted.insert(member(local, mail), value);
}

/// One group of three people.
fn one_group() -> State {
    let mut wanted = State::default();
    want_group(&mut wanted, "a");
    want_member(&mut wanted, "a", "Ada@lab.example", "owner");
    want_member(&mut wanted, "a", "b.ob@gmail.com", "manager");
    want_member(&mut wanted, "a", "c@x.example", "member");
    let value = json!({"WhoCanJoin": "INVITED_CAN_JOIN", "ReplyTo": "REPLY_TO_LIST"});
    wanted.insert(settings("a"), value);
    wanted
}

/// Many groups, each with all that a group has, as they are wanted.
fn community(fake: &Google, groups: usize) -> State {
    let mut wanted = State::default();
    for index in 0..groups {
        let local = format!("g{index:04}");
        let email = address(&local);
        fake.add_group(&email, &format!("Group {local}"), "For a test.");
        want_group(&mut wanted, &local);
        for person in 0..6 {
            let mail = format!("p{}@people.example", (index * 5 + person) % 600);
            let role = ["OWNER", "MANAGER", "MEMBER"][person % 3];
            fake.add_member(&email, &mail, role);
            want_member(&mut wanted, &local, &mail, &role.to_lowercase());
        }
        fake.set(&email, "whoCanJoin", "INVITED_CAN_JOIN");
        let value = json!({"WhoCanJoin": "INVITED_CAN_JOIN", "AllowWebPosting": "true"});
        wanted.insert(settings(&local), value);
    }
    wanted
}

/// One change: what, before and after.
type Change = (Key, Option<Value>, Option<Value>);

/// What takes one state to another: first what is made, containers first.
fn diff(real: &State, wanted: &State) -> Vec<Change> {
    let mut changes = Vec::new();
    for (key, entry) in &wanted.entries {
        let before = real.value(key);
        if before != Some(&entry.value) {
            changes.push((key.clone(), before.cloned(), Some(entry.value.clone())));
        }
    }
    for (key, entry) in real.entries.iter().rev() {
        let group = key.container();
        let goes_with_its_group = group.is_some_and(|group| !wanted.entries.contains_key(&group));
        if !wanted.entries.contains_key(key) && !goes_with_its_group {
            changes.push((key.clone(), Some(entry.value.clone()), None));
        }
    }
    changes
}

/// Does one change; asks again as often as it is told to wait.
fn write(google: &GoogleGroups, change: &Change, known: &Known) -> Result<(), WriteFailure> {
    let (key, before, after) = change;
    let step = Step {
        key,
        before: before.as_ref(),
        after: after.as_ref(),
    };
    let mut tries = 0;
    loop {
        match google.write(&step, known) {
            Err(WriteFailure::Later(_)) if tries < 10 => tries += 1,
            done => return done,
        }
    }
}

/// Reads, and writes what differs; what failed.
fn apply(google: &GoogleGroups, wanted: &State) -> Vec<(Key, WriteFailure)> {
    let reading = google.read(wanted).unwrap();
    let mut failures = Vec::new();
    for change in diff(&reading.state, wanted) {
        if let Err(failure) = write(google, &change, &reading.known) {
            failures.push((change.0, failure));
        }
    }
    failures
}

/// Whether a list of failures is of one change that is refused with this word in the reason.
fn is_refused(failures: &[(Key, WriteFailure)], word: &str) -> bool {
    matches!(failures, [(_, WriteFailure::Refused(why))] if why.contains(word))
}

fn is_change(request: &Request) -> bool {
    request.method != "GET" && request.path != "/token"
}

/// The requests that change something, as method and path.
fn changes_of(fake: &Google) -> Vec<String> {
    let requests = fake.requests().into_iter();
    requests
        .filter(|seen| seen.method != "GET" && seen.path != "/token")
        .map(|seen| format!("{} {}", seen.method, seen.path))
        .collect()
}
