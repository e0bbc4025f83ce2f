//! Lists at a real Mailman: what is written is read, what others do is seen, and what fails is
//! never taken for empty.

mod failures;
mod lists;

use std::collections::BTreeMap;
use std::ops::Deref;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use access::providers::mailman::Mailman;
use access::{Key, Known, Reading, Sort, State, Step, System as _};
use change::WriteFailure;
use estate::Email;
use http_client::Hidden;
use serde_json::{Value, json};
use testkit::servers::{mailman::Mailman as Server, or_skip};

/// A server that nobody else asks meanwhile: what two change at once may fail in its database.
struct Turn {
    server: Arc<Server>,
    _turn: MutexGuard<'static, ()>,
}

impl Deref for Turn {
    type Target = Server;

    fn deref(&self) -> &Server {
        &self.server
    }
}

/// The one server of all tests that run or wait for their turn now; each has domains of its own.
fn server() -> Option<Turn> {
    static TURN: Mutex<()> = Mutex::new(());
    let server = shared()?;
    let turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    Some(Turn {
        server,
        _turn: turn,
    })
}

fn shared() -> Option<Arc<Server>> {
    static SHARED: Mutex<Weak<Server>> = Mutex::new(Weak::new());
    let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(server) = shared.upgrade() {
        return Some(server);
    }
    let server = Arc::new(or_skip(Server::start())?);
    *shared = Arc::downgrade(&server);
    Some(server)
}

/// The lists of a new domain.
fn domain(server: &Server, name: &str) -> Mailman {
    by_hand(server, "POST", "/domains", &json!({"mail_host": name}));
    at(server, name)
}

fn at(server: &Server, name: &str) -> Mailman {
    at_root(name, &server.url(), Server::PASSWORD)
}

fn at_root(name: &str, root: &str, password: &str) -> Mailman {
    let mailman = Mailman::at(name, root, Server::USER, Hidden(password.to_owned()));
    mailman.expect("an address and a password")
}

/// Something that somebody else does.
fn by_hand(server: &Server, method: &str, path: &str, body: &Value) -> Value {
    let body = match body {
        Value::Null => String::new(),
        body => body.to_string(),
    };
    let (status, said) = server.ask(method, path, &body);
    assert!(
        (200..300).contains(&status),
        "{method} {path}: {status} {said}"
    );
    serde_json::from_str(&said).unwrap_or_default()
}

fn subscribe_by_hand(server: &Server, list_id: &str, address: &str, role: &str) {
    let body = json!({
        "list_id": list_id, "subscriber": address, "role": role, "pre_verified": true,
        "pre_confirmed": true, "pre_approved": true, "send_welcome_message": false,
    });
    by_hand(server, "POST", "/members", &body);
}

fn group(list: &str) -> Key {
    Key::new(Sort::MailingGroup, list)
}

fn settings(list: &str) -> Key {
    Key::of(Sort::MailingSettings, list, "")
}

fn member(list: &str, address: &str) -> Key {
    let mailbox = Email::new(address).expect("an address").mailbox();
    Key::of(Sort::MailingMember, list, &mailbox)
}

/// Declares a list with those who are in it, each `role address`.
fn declare(state: &mut State, list: &str, name: &str, members: &[&str]) {
    state.insert(
        group(list),
        json!({"name": name, "description": "What it is for"}),
    );
    for said in members {
        let (role, address) = said.split_once(' ').expect("a role and an address");
        let value = json!({"address": address, "role": role});
        state.insert(member(list, address), value);
    }
}

fn values(state: &State) -> BTreeMap<String, Value> {
    let entries = state.entries.iter();
    entries
        .map(|(key, entry)| (key.to_string(), entry.value.clone()))
        .collect()
}

/// Brings the domain to what is wanted, one step after the other, and says how many there were.
fn bring(mailman: &Mailman, wanted: &State) -> usize {
    let Reading { state, known, .. } = mailman.read(wanted).expect("a reading");
    let mut steps = 0;
    for (key, entry) in &wanted.entries {
        let before = state.value(key);
        let after = Some(&entry.value);
        if before != after {
            steps += 1;
            let step = Step { key, before, after };
            mailman.write(&step, &known).expect("a change");
        }
    }
    for (key, entry) in state.entries.iter().rev() {
        if !wanted.entries.contains_key(key) {
            steps += 1;
            let before = Some(&entry.value);
            let step = Step {
                key,
                before,
                after: None,
            };
            mailman.write(&step, &known).expect("a removal");
        }
    }
    steps
}

fn write(mailman: &Mailman, key: &Key, after: Option<&Value>) -> Result<(), WriteFailure> {
    let step = Step {
        key,
        before: None,
        after,
    };
    mailman.write(&step, &Known::default())
}
