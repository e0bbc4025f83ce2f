//! Somebody who asks for names all the time, and notes which are not there.

use std::net::UdpSocket;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use super::community::{SERVED, ZONE};
use super::nameserver::NameServer;

/// How long an answer may take; servers that were killed give none.
const PATIENCE: Duration = Duration::from_millis(200);
/// Between two rounds, so that those who are watched get on: shorter than what comes after a crash.
const PAUSE: Duration = Duration::from_millis(100);
/// Set in answers of who serves the zone (RFC 1035 §4.1.1).
const AUTHORITATIVE: u8 = 4;

/// Asks a name server for the addresses of names, one after the other and again, until it is told to end.
#[derive(Debug)]
pub(crate) struct Observer {
    end: Arc<AtomicBool>,
    thread: JoinHandle<Seen>,
}

/// What was seen.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    /// How often all names were asked for.
    pub(crate) rounds: usize,
    /// Answers of who serves the zone.
    pub(crate) answers: usize,
    /// Names for which there was an answer and nothing in it.
    pub(crate) missing: Vec<String>,
}

impl Observer {
    pub(crate) fn of(address: &str, names: Vec<String>) -> Self {
        let end = Arc::new(AtomicBool::new(false));
        let told = Arc::clone(&end);
        let address = address.to_owned();
        let thread = std::thread::spawn(move || watch(&address, &names, &told));
        Self { end, thread }
    }

    /// Ends after the names were asked for once more.
    pub(crate) fn end(self) -> Seen {
        self.end.store(true, Ordering::Relaxed);
        self.thread.join().expect("an observer")
    }
}

fn watch(address: &str, names: &[String], end: &AtomicBool) -> Seen {
    let socket = UdpSocket::bind("127.0.0.1:0").expect("a socket");
    socket.connect(address).expect("an address");
    socket.set_read_timeout(Some(PATIENCE)).expect("a socket");
    let mut seen = Seen::default();
    let mut number: u16 = 0;
    loop {
        let last = end.load(Ordering::Relaxed);
        for name in names {
            number = number.wrapping_add(1);
            let Some(found) = ask(&socket, name, number) else {
                continue;
            };
            seen.answers += 1;
            if !found {
                seen.missing.push(name.clone());
            }
        }
        seen.rounds += 1;
        if last {
            return seen;
        }
        std::thread::sleep(PAUSE);
    }
}

/// Whether there is an address of a name, or an alias of it; nothing if nobody who serves the zone says.
fn ask(socket: &UdpSocket, name: &str, number: u16) -> Option<bool> {
    let mut question = number.to_be_bytes().to_vec();
    question.extend(b"\0\0\0\x01\0\0\0\0\0\0");
    for label in name.split('.').filter(|label| !label.is_empty()) {
        question.push(u8::try_from(label.len()).expect("a label"));
        question.extend(label.as_bytes());
    }
    question.extend(b"\0\0\x01\0\x01");
    socket.send(&question).ok()?;
    let mut answer = [0; 1500];
    loop {
        let read = socket.recv(&mut answer).ok()?;
        let header: [u8; 8] = answer[..read].first_chunk().copied()?;
        if header[..2] != number.to_be_bytes() {
            // A late answer to an earlier question.
            continue;
        }
        let authority = header[2] & AUTHORITATIVE != 0;
        // No error, and at least one answer.
        return authority.then_some(header[3].is_multiple_of(16) && header[7] > 0);
    }
}

#[test]
fn an_observer_sees_what_is_gone() {
    let Some(mut server) = NameServer::bind(SERVED) else {
        return;
    };
    let names = ["www", "docs", "old"].map(|name| format!("{name}.{ZONE}"));
    let observer = Observer::of(&server.address(), names.to_vec());
    server.change(&["old.example.org. A"], &[]);
    let seen = observer.end();
    assert!(seen.missing.contains(&names[2]), "{seen:?}");
    assert!(!seen.missing.contains(&names[0]), "{seen:?}");
    server.kill();
    let seen = Observer::of(&server.address(), names.to_vec()).end();
    assert_eq!(
        (seen.answers, seen.missing.len()),
        (0, 0),
        "silence says nothing"
    );
}
