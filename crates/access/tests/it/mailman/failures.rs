//! What fails is said, and never taken for empty.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Ipv4Addr, TcpListener};
use std::thread;
use std::time::Duration;

use access::ReadError;
use testkit::servers::free_port;

use super::*;

#[test]
fn what_mailman_refuses_is_told_in_its_own_words() {
    let Some(server) = server() else { return };
    let mailman = domain(&server, "refused.example");
    let mut wanted = State::default();
    declare(&mut wanted, "dev@refused.example", "Dev", &[]);
    bring(&mailman, &wanted);
    let bans = json!({"email": "eve@x.example"});
    by_hand(&server, "POST", "/lists/dev.refused.example/bans", &bans);
    let dev = "dev@refused.example";
    let as_member = |address: &str| {
        let key = member(dev, address);
        (key, json!({"address": address, "role": "member"}))
    };
    let cases = [
        (
            group("o+dd@refused.example"),
            json!({"name": "", "description": ""}),
            "Invalid list name",
        ),
        (
            settings(dev),
            json!({"archive_policy": "secret"}),
            "never, private, public",
        ),
        (
            settings(dev),
            json!({"WhoCanInvite": "NONE_CAN_INVITE"}),
            "no counterpart of WhoCanInvite",
        ),
        (
            settings("none@refused.example"),
            json!({"advertised": "no"}),
            "404",
        ),
        (
            as_member(dev).0,
            as_member(dev).1,
            "List posting address cannot subscribe",
        ),
        (
            as_member("eve@x.example").0,
            as_member("eve@x.example").1,
            "Membership is banned",
        ),
        (Key::new(Sort::Team, "a"), json!({}), "no team a"),
    ];
    for (key, after, said) in cases {
        match write(&mailman, &key, Some(&after)) {
            Err(WriteFailure::Refused(what)) => assert!(what.contains(said), "{key}: {what}"),
            other => panic!("{key}: {other:?}"),
        }
    }
    assert_eq!(
        values(&mailman.read(&wanted).unwrap().state),
        values(&wanted)
    );
}

#[test]
fn what_cannot_be_told_is_never_empty() {
    let Some(server) = server() else { return };
    domain(&server, "told.example");
    let wanted = State::default();
    let url = server.url();
    let refused = at_root("told.example", &url, "wrong");
    let error = refused.read(&wanted).unwrap_err();
    assert!(
        matches!(&error, ReadError::Refused(what) if what.contains("password")),
        "{error}"
    );
    let key = group("a@told.example");
    let write = write(
        &refused,
        &key,
        Some(&json!({"name": "", "description": ""})),
    );
    assert!(matches!(write, Err(WriteFailure::Refused(_))), "{write:?}");

    let error = at(&server, "absent.example").read(&wanted).unwrap_err();
    assert!(
        matches!(&error, ReadError::Absent(what) if what.contains("mail_host=absent.example")),
        "{error}"
    );
    let elsewhere = url.replace("/3.1", "/mailman");
    let elsewhere = at_root("told.example", &elsewhere, Server::PASSWORD);
    let error = elsewhere.read(&wanted).unwrap_err();
    assert!(
        matches!(&error, ReadError::Setup(what) if what.contains("/3.1")),
        "{error}"
    );

    let nobody = format!("http://127.0.0.1:{}/3.1", free_port());
    let nobody = at_root("told.example", &nobody, Server::PASSWORD);
    let error = nobody.read(&wanted).unwrap_err();
    assert!(matches!(error, ReadError::Unreachable(_)), "{error}");
}

#[test]
fn a_server_that_stops_is_unreachable() {
    let Some(mut server) = or_skip(Server::start()) else {
        return;
    };
    let mailman = domain(&server, "stops.example");
    let mut wanted = State::default();
    declare(
        &mut wanted,
        "dev@stops.example",
        "Dev",
        &["owner ada@x.example"],
    );
    bring(&mailman, &wanted);
    server.kill();
    let error = mailman.read(&wanted).unwrap_err();
    assert!(matches!(error, ReadError::Unreachable(_)), "{error}");
    for (key, entry) in &wanted.entries {
        let failure = write(&mailman, key, Some(&entry.value));
        assert!(
            matches!(failure, Err(WriteFailure::Unreachable(_))),
            "{key}: {failure:?}"
        );
    }
}

/// A server that answers each request with what is said for the first of these texts that its
/// first line has, and then hangs up; with nothing where that is empty.
fn pretend(answers: Vec<(&'static str, String)>) -> Mailman {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
    let port = listener.local_addr().expect("an address").port();
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let mut reader = BufReader::new(stream);
            let (mut first, mut length) = (String::new(), 0);
            reader.read_line(&mut first).expect("a request");
            loop {
                let mut line = String::new();
                reader.read_line(&mut line).expect("a header");
                let line = line.trim_end().to_ascii_lowercase();
                if let Some(value) = line.strip_prefix("content-length:") {
                    length = value.trim().parse().expect("a length");
                }
                if line.is_empty() {
                    break;
                }
            }
            reader.read_exact(&mut vec![0; length]).expect("a body");
            let answer = answers.iter().find(|(part, _)| first.contains(part));
            let answer = answer.map_or("", |(_, answer)| answer);
            // Who asks may have gone.
            let _ = reader.into_inner().write_all(answer.as_bytes());
        }
    });
    let root = format!("http://127.0.0.1:{port}/3.1");
    at_root("x.example", &root, "p")
}

fn answer(status: u16, headers: &str, body: &str) -> String {
    format!(
        "HTTP/1.1 {status} Said\r\nConnection: close\r\nContent-Length: {}\r\n{headers}\r\n{body}",
        body.len()
    )
}

#[test]
fn an_answer_that_is_cut_short_or_makes_no_sense_is_not_believed() {
    let two = r#"[{"list_id": "a.x.example", "fqdn_listname": "a@x.example"},
        {"list_id": "b.x.example", "fqdn_listname": "b@x.example"}]"#;
    let same = two.replace('b', "a");
    let page = |size: usize, entries: &str| {
        let body = format!(r#"{{"start": 0, "total_size": {size}, "entries": {entries}}}"#);
        answer(200, "", &body)
    };
    let cases = [
        ("fewer entries than there are", page(3, two), true),
        ("more", page(1, two), true),
        ("one twice", page(2, &same), true),
        (
            "no number of entries",
            answer(200, "", r#"{"entries": []}"#),
            true,
        ),
        (
            "no entries but a number",
            answer(200, "", r#"{"total_size": 2}"#),
            true,
        ),
        ("no JSON", answer(200, "", "<html>"), true),
        ("nothing", String::new(), false),
        ("half of it", page(2, two)[..150].to_owned(), false),
        ("a fault", answer(500, "", "oh"), false),
        ("later", answer(503, "", ""), false),
    ];
    for (title, said, untrusted) in cases {
        let error = pretend(vec![("/lists", said)]).read(&State::default());
        match error {
            Err(ReadError::Untrusted(_)) if untrusted => {}
            Err(ReadError::Unreachable(_)) if !untrusted => {}
            other => panic!("{title}: {other:?}"),
        }
    }
    // The lists are told, who is in them is not.
    let mut wanted = State::default();
    declare(&mut wanted, "a@x.example", "", &[]);
    let fine = ("/lists", page(2, two));
    let short = pretend(vec![fine, ("/members", page(1, "[]"))]);
    let error = short.read(&wanted).unwrap_err();
    assert!(matches!(error, ReadError::Untrusted(_)), "{error}");
}

#[test]
fn what_mailman_does_not_say_of_a_place_is_not_taken_for_absent() {
    let key = group("a@x.example");
    let body = json!({"name": "A", "description": ""});
    for (said, refused) in [
        (answer(401, "", ""), true),
        (answer(500, "", "oh"), false),
        (String::new(), false),
    ] {
        let silent = pretend(vec![("POST", answer(400, "", "")), ("GET", said.clone())]);
        match write(&silent, &key, Some(&body)) {
            Err(WriteFailure::Refused(_)) if refused => {}
            Err(WriteFailure::Unreachable(_)) if !refused => {}
            other => panic!("{said}: {other:?}"),
        }
        let unclear = pretend(vec![
            ("/lists", answer(404, "", "")),
            ("/system", answer(200, "", "{}")),
            ("/domains", said.clone()),
        ]);
        match unclear.read(&State::default()) {
            Err(ReadError::Refused(_)) if refused => {}
            Err(ReadError::Unreachable(_)) if !refused => {}
            other => panic!("{said}: {other:?}"),
        }
    }
}

#[test]
fn a_failed_change_says_whether_it_may_have_been_done() {
    let body = json!({"name": "A", "description": ""});
    let key = group("a@x.example");
    let told = |said: String| write(&pretend(vec![("POST", said)]), &key, Some(&body));
    let later = told(answer(503, "Retry-After: 7\r\n", ""));
    assert_eq!(later, Err(WriteFailure::Later(Duration::from_secs(7))));
    let locked = r#"{"description": "(sqlite3.OperationalError) database is locked"}"#;
    let locked = answer(409, "", locked);
    for said in [String::new(), answer(500, "", "oh"), locked] {
        let failure = told(said.clone());
        assert!(
            matches!(failure, Err(WriteFailure::Unknown(_))),
            "{said}: {failure:?}"
        );
    }
    let refused = told(answer(
        409,
        "",
        r#"{"title": "No", "description": "Not here"}"#,
    ));
    assert!(matches!(&refused, Err(WriteFailure::Refused(what)) if what.contains("Not here")));
    // The list is made, its name is not set.
    let half = vec![
        ("POST", answer(201, "", "")),
        ("PATCH", answer(400, "", "")),
    ];
    let half = write(&pretend(half), &key, Some(&body));
    assert!(matches!(half, Err(WriteFailure::Unknown(_))), "{half:?}");
    // A question that comes before a change fails: nothing was done.
    let person = member("a@x.example", "ada@y.example");
    let value = json!({"address": "ada@y.example", "role": "owner"});
    let asked = write(
        &pretend(vec![("GET", String::new())]),
        &person,
        Some(&value),
    );
    assert!(
        matches!(asked, Err(WriteFailure::Unreachable(_))),
        "{asked:?}"
    );
}
