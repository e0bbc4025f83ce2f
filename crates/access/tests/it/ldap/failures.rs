//! What goes wrong, and what comes to any state from any other.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::thread;

use access::{Known, ReadError, State, System as _};
use change::WriteFailure;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::json;
use testkit::servers::or_skip;
use testkit::servers::slapd::Slapd;

use super::*;

#[test]
fn what_is_hidden_is_never_taken_for_empty() {
    let user = Slapd::USER;
    let lines = |attribute: &str| {
        format!("access to attrs={attribute} by * none\naccess to * by dn.exact=\"{user}\" write")
    };
    let open = format!("access to * by dn.exact=\"{user}\" write");
    let Some(mut server) = or_skip(Slapd::start_with(&open)) else {
        return;
    };
    let directory = directory(&server);
    bring(&directory, &read(&directory), &small());
    for attribute in ["member", "cn", "objectClass"] {
        server.configure(&lines(attribute));
        server.start_again();
        let refused = directory.read(&State::default()).unwrap_err();
        let wanted = matches!(refused, ReadError::Refused(_) | ReadError::Absent(_));
        assert!(wanted, "{attribute}: {refused:?}");
    }
    server.configure(&format!("access to * by dn.exact=\"{user}\" read"));
    server.start_again();
    let reading = read(&directory);
    let refused = put(
        &directory,
        &reading.known,
        &person("ben"),
        Some(&json!({})),
        None,
    );
    match refused {
        Err(WriteFailure::Refused(what)) => assert!(
            what.starts_with("insufficient access rights (code 50)"),
            "{what}"
        ),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_reference_to_another_server_is_no_shorter_list() {
    let Some(server) = or_skip(Slapd::start()) else {
        return;
    };
    let directory = directory(&server);
    bring(&directory, &read(&directory), &small());
    server.modify(
        "dn: uid=far,ou=people,dc=example,dc=org\nchangetype: add\nobjectClass: referral\nobjectClass: extensibleObject\nuid: far\nref: ldap://far.example.org/uid=far\n",
    );
    let refused = directory.read(&State::default()).unwrap_err();
    assert!(
        matches!(&refused, ReadError::Untrusted(what) if what.contains("far.example.org")),
        "{refused:?}"
    );
}

#[test]
fn who_may_not_come_in_is_told_so() {
    let Some(mut server) = or_skip(Slapd::start()) else {
        return;
    };
    let system = declared(&server.url(), Slapd::USER);
    let wrong = opened(&system, Slapd::BASE, "open-barley").unwrap();
    let refused = wrong.read(&State::default()).unwrap_err();
    assert!(
        matches!(&refused, ReadError::Refused(what) if what.contains("does not take the password") && !what.contains("barley")),
        "{refused:?}"
    );
    assert!(!format!("{wrong:?}").contains("barley"));
    let refused = put(
        &wrong,
        &Known::default(),
        &person("a"),
        None,
        Some(&called("A", &[])),
    );
    assert!(
        matches!(refused, Err(WriteFailure::Refused(_))),
        "{refused:?}"
    );
    let absent = opened(&system, "dc=elsewhere,dc=example,dc=org", Slapd::PASSWORD);
    let absent = absent.unwrap().read(&State::default()).unwrap_err();
    assert!(matches!(absent, ReadError::Absent(_)), "{absent:?}");
    let nobody = opened(&system, Slapd::BASE, "").unwrap_err();
    assert!(matches!(nobody, ReadError::Setup(_)), "{nobody:?}");

    let directory = directory(&server);
    bring(&directory, &read(&directory), &small());
    server.kill();
    let gone = directory.read(&State::default()).unwrap_err();
    assert!(matches!(gone, ReadError::Unreachable(_)), "{gone:?}");
    let gone = put(&directory, &Known::default(), &person("ben"), None, None);
    assert!(
        matches!(gone, Err(WriteFailure::Unreachable(_))),
        "{gone:?}"
    );
    server.start_again();
    assert_eq!(entries(&read(&directory)), small());
}

#[test]
fn what_leaves_the_machine_is_encrypted_and_the_certificate_is_checked() {
    let Some(server) = or_skip(Slapd::start()) else {
        return;
    };
    let system = declared(&server.secure_url(), Slapd::USER);
    let open = || opened(&system, Slapd::BASE, Slapd::PASSWORD).unwrap();
    let strange = open().read(&State::default()).unwrap_err();
    assert!(
        matches!(&strange, ReadError::Unreachable(what) if what.contains("certificate")),
        "{strange:?}"
    );
    let directory = open().trusting(server.certificate()).unwrap();
    bring(&directory, &read(&directory), &small());
    assert_eq!(entries(&read(&directory)), small());
    assert!(open().trusting("no certificate").is_err());
}

/// A server that takes the password, reads one more message and says this, whatever was asked.
fn says(answer: &'static [u8]) -> (String, thread::JoinHandle<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    let address = format!("ldap://{address}");
    let served = thread::spawn(move || {
        let (mut socket, _) = listener.accept().expect("a client");
        let mut asked = [0; 4096];
        for answer in [
            &b"\x30\x0c\x02\x01\x01\x61\x07\x0a\x01\x00\x04\x00\x04\x00"[..],
            answer,
        ] {
            let count = socket.read(&mut asked).expect("a question");
            assert!(count > 0);
            socket.write_all(answer).expect("a listener");
        }
    });
    (address, served)
}

#[test]
fn an_answer_that_fails_tells_whether_something_was_done() {
    let outcome = |answer: &'static [u8]| {
        let (address, served) = says(answer);
        let estate = declared(&address, Slapd::USER);
        let directory = opened(&estate, Slapd::BASE, Slapd::PASSWORD).unwrap();
        let done = put(
            &directory,
            &Known::default(),
            &person("ben"),
            Some(&json!({})),
            None,
        );
        served.join().unwrap();
        done
    };
    // busy, unavailable: nothing was done.
    for answer in [
        &b"\x30\x0c\x02\x01\x02\x6b\x07\x0a\x01\x33\x04\x00\x04\x00"[..],
        b"\x30\x0c\x02\x01\x02\x6b\x07\x0a\x01\x34\x04\x00\x04\x00",
    ] {
        let done = outcome(answer);
        assert!(matches!(done, Err(WriteFailure::Later(_))), "{done:?}");
    }
    // No answer, half of one, one to something else, no LDAP, a notice that it ends, `other`.
    for answer in [
        &b""[..],
        b"\x30\x0c\x02\x01\x02\x6b\x07",
        b"\x30\x0c\x02\x01\x07\x6b\x07\x0a\x01\x00\x04\x00\x04\x00",
        b"HTTP/1.1 400 Bad Request\r\n\r\n",
        b"\x30\x0c\x02\x01\x00\x78\x07\x0a\x01\x34\x04\x00\x04\x00",
        b"\x30\x0c\x02\x01\x02\x6b\x07\x0a\x01\x50\x04\x00\x04\x00",
    ] {
        let done = outcome(answer);
        assert!(
            matches!(done, Err(WriteFailure::Unknown(_))),
            "{answer:?}: {done:?}"
        );
    }
    let (address, served) = says(b"\x30\x84\xff\xff\xff\xff");
    let estate = declared(&address, Slapd::USER);
    let directory = opened(&estate, Slapd::BASE, Slapd::PASSWORD).unwrap();
    let read = directory.read(&State::default());
    assert!(matches!(read, Err(ReadError::Unreachable(_))), "{read:?}");
    served.join().unwrap();
}

/// A small random directory.
fn random() -> impl Strategy<Value = Entries> {
    let people = prop::collection::btree_map(
        "[a-c]\\+?[x-z]",
        (
            "[A-C]( [a-c]{1,2}){0,2}",
            prop::collection::btree_set("[a-c]@x\\.org", 0..3),
        ),
        0..5,
    );
    let groups = prop::collection::btree_map("[g-i][ ,]?[0-2]", "[A-C]?[a-c ]?[a-c]?", 0..4);
    let pairs = prop::collection::vec((0usize..5, 0usize..4), 0..12);
    (people, groups, pairs).prop_map(|(people, groups, pairs)| {
        let mut all = Entries::new();
        for (name, (called, mail)) in &people {
            all.insert(person(name), json!({"name": called, "mail": mail}));
        }
        for (name, description) in &groups {
            all.insert(group(name), about(description));
        }
        for (one, of) in pairs {
            let named = people.keys().nth(one).zip(groups.keys().nth(of));
            if let Some((one, of)) = named {
                all.insert(member(of, one), json!({}));
            }
        }
        all
    })
}

#[test]
fn any_state_is_reached_from_any_other() {
    let Some(server) = or_skip(Slapd::start()) else {
        return;
    };
    let directory = directory(&server);
    let config = Config {
        cases: 64,
        failure_persistence: None,
        ..Config::default()
    };
    // Each case begins where the one before ended.
    let mut runner = TestRunner::new(config);
    runner
        .run(&random(), |wanted| {
            bring(&directory, &read(&directory), &wanted);
            let there = read(&directory);
            prop_assert_eq!(entries(&there), wanted);
            Ok(())
        })
        .unwrap();
}
