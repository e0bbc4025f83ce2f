//! The HTTP interface of `PowerDNS`.

use std::time::Duration;

use dns::providers::powerdns::{Access, Reader, Writer};
use dns::providers::{
    Mark, Observed, ReadError, ReadZone as _, SetChange, WriteError, WriteZone as _,
};
use estate::records::{DomainName, RecordSets};
use testkit::servers::dns::ZoneText;
use testkit::servers::or_skip;
use testkit::servers::powerdns::PowerDns;

use crate::answers::{answer, nobody, serve};
use crate::cases::{BASE, CASES, ZONE, base, changes, sets, zone};

const ZONES: &[ZoneText<'static>] = &[ZoneText {
    name: ZONE,
    text: BASE,
}];
const EMPTY: &str = "{\"name\":\"example.org.\",\"kind\":\"Native\",\"rrsets\":[{\"name\":\"example.org.\",\"type\":\"SOA\",\"ttl\":60,\"records\":[{\"content\":\"a. b. 1 2 3 4 5\"}]}]}";

fn access(url: &str) -> Access {
    Access::new("pdns", url, PowerDns::API_KEY).expect("an address and a key")
}

fn with_base(text: &str) -> RecordSets {
    let mut wanted = base();
    wanted.extend(sets(text));
    wanted
}

fn to(before: &Observed, text: &str) -> Vec<SetChange> {
    changes(&before.sets, &with_base(text))
}

#[test]
fn every_case_is_written_and_read_back() {
    let Some(server) = or_skip(PowerDns::start(ZONES)) else {
        return;
    };
    let reader = Reader::new(access(&server.api_url()));
    let mut writer = Writer::new(access(&server.api_url()));
    for case in CASES {
        for step in case.steps.iter().chain([&""]) {
            let before = reader.observe(&zone()).unwrap();
            let changes = to(&before, step);
            let mark = writer.write(&zone(), &before.mark, &changes);
            let mark = mark.unwrap_or_else(|error| panic!("{}: {error}", case.title));
            let after = reader.observe(&zone()).unwrap();
            assert_eq!(after.sets, with_base(step), "{}", case.title);
            assert_eq!(after.mark, mark, "{}", case.title);
        }
    }
}

#[test]
fn an_alias_of_the_servers_own_kind_is_held_at_the_apex() {
    let Some(server) = or_skip(PowerDns::start(ZONES)) else {
        return;
    };
    let reader = Reader::new(access(&server.api_url()));
    let before = reader.observe(&zone()).unwrap();
    let text = "@ 300 ALIAS x.example.net.";
    let mut writer = Writer::new(access(&server.api_url()));
    writer
        .write(&zone(), &before.mark, &to(&before, text))
        .unwrap();
    assert_eq!(reader.observe(&zone()).unwrap().sets, with_base(text));
}

#[test]
fn a_change_by_others_since_it_was_read_refuses_ours() {
    let Some(server) = or_skip(PowerDns::start(ZONES)) else {
        return;
    };
    let reader = Reader::new(access(&server.api_url()));
    let mut writer = Writer::new(access(&server.api_url()));
    let before = reader.observe(&zone()).unwrap();
    writer
        .write(&zone(), &before.mark, &to(&before, "a 300 A 192.0.2.9"))
        .unwrap();
    let ours = to(&before, "b 300 A 192.0.2.9");
    let error = writer.write(&zone(), &before.mark, &ours).unwrap_err();
    assert!(matches!(error, WriteError::Moved { .. }), "{error}");
    assert_eq!(
        reader.observe(&zone()).unwrap().sets,
        with_base("a 300 A 192.0.2.9")
    );
}

#[test]
fn what_it_refuses_is_said_in_its_words_and_changes_nothing() {
    let Some(server) = or_skip(PowerDns::start(ZONES)) else {
        return;
    };
    let reader = Reader::new(access(&server.api_url()));
    let mut writer = Writer::new(access(&server.api_url()));
    let before = reader.observe(&zone()).unwrap();
    let both = "ok 300 A 192.0.2.9\na 300 CNAME b\na 300 A 192.0.2.9";
    let error = writer
        .write(&zone(), &before.mark, &to(&before, both))
        .unwrap_err();
    assert!(matches!(error, WriteError::Refused { .. }), "{error}");
    assert!(error.to_string().contains("onflicts"), "{error}");
    assert_eq!(reader.observe(&zone()).unwrap(), before);
}

#[test]
fn more_than_one_request_can_hold_goes_in_several() {
    let Some(server) = or_skip(PowerDns::start(ZONES)) else {
        return;
    };
    let reader = Reader::new(access(&server.api_url()));
    let mut writer = Writer::new(access(&server.api_url()));
    let limits = writer.limits();
    // Over 2 MB of JSON in all.
    let text: String = (0..22_000)
        .map(|n| {
            format!(
                "host-{n}.of.a.rack 300 A 10.{}.{}.{}\n",
                n >> 16,
                (n >> 8) & 255,
                n & 255
            )
        })
        .collect();
    let before = reader.observe(&zone()).unwrap();
    let changes = to(&before, &text);
    let error = writer.write(&zone(), &before.mark, &changes).unwrap_err();
    assert!(error.to_string().contains("make a request of"), "{error}");
    let mut mark = before.mark;
    for part in changes.chunks(limits.sets.min(limits.octets / 40)) {
        mark = writer.write(&zone(), &mark, part).unwrap();
    }
    let after = reader.observe(&zone()).unwrap();
    assert_eq!(after.mark, mark);
    assert_eq!(after.sets.len(), base().len() + 22_000);
}

#[test]
fn reading_tells_who_is_not_there_from_who_does_not_let_us() {
    let error = Reader::new(access(&nobody())).observe(&zone()).unwrap_err();
    assert!(matches!(error, ReadError::Unreachable { .. }), "{error}");
    for (text, wanted) in [
        (
            answer(500, "", "oops"),
            "pdns does not answer: oops (status 500)",
        ),
        (
            answer(302, "Location: http://127.0.0.1:1/\r\n", ""),
            "it sends us to another address",
        ),
        (answer(200, "", "{}"), "it is not a zone of PowerDNS"),
        (
            answer(200, "", &EMPTY.replace("SOA", "TXT")),
            "cannot be trusted",
        ),
        (
            answer(
                200,
                "",
                &EMPTY.replace("\"example.org.\",\"kind", "\"example.net.\",\"kind"),
            ),
            "it is about example.net.",
        ),
        (EMPTY[..20].to_owned(), "pdns does not answer"),
    ] {
        let url = serve(vec![text]);
        let error = Reader::new(access(&url))
            .observe(&zone())
            .unwrap_err()
            .to_string();
        assert!(error.contains(wanted), "{error}");
    }
    let Some(server) = or_skip(PowerDns::start(ZONES)) else {
        return;
    };
    let stranger = Access::new("pdns", &server.api_url(), "wrong-key").unwrap();
    let error = Reader::new(stranger).observe(&zone()).unwrap_err();
    assert!(matches!(&error, ReadError::Refused { .. }), "{error}");
    assert!(!error.to_string().contains("wrong-key"), "{error}");
    let other = DomainName::absolute("example.net.").unwrap();
    let error = Reader::new(access(&server.api_url()))
        .observe(&other)
        .unwrap_err();
    assert!(matches!(error, ReadError::NoSuchZone { .. }), "{error}");
}

#[test]
fn writing_tells_what_was_done_from_what_may_have_been() {
    let whole = answer(200, "", EMPTY);
    let mark = || {
        Reader::new(access(&serve(vec![whole.clone()])))
            .observe(&zone())
            .unwrap()
            .mark
    };
    let write = |url: &str, mark: &Mark| {
        let changes = changes(&RecordSets::new(), &sets("a 300 A 192.0.2.9"));
        Writer::new(access(url))
            .write(&zone(), mark, &changes)
            .unwrap_err()
    };
    let after = |text: String| write(&serve(vec![whole.clone(), text]), &mark());
    let refused = |error: &WriteError| matches!(error, WriteError::Refused { .. });
    let unknown = |error: &WriteError| matches!(error, WriteError::Unknown { .. });

    let error = after(answer(422, "", "{\"error\":\"no such thing\"}"));
    assert!(
        refused(&error) && error.to_string().contains("no such thing"),
        "{error}"
    );
    assert!(refused(&after(answer(401, "", "Unauthorized"))));
    assert!(refused(&after(answer(413, "", ""))));
    assert!(unknown(&after(answer(500, "", "{\"error\":\"database\"}"))));
    assert!(unknown(&after(String::new())));
    for status in [429, 503] {
        let error = after(answer(status, "Retry-After: 7\r\n", ""));
        let WriteError::Later { after, .. } = error else {
            panic!("{error}")
        };
        assert_eq!(after, Duration::from_secs(7));
    }
    let error = write(&nobody(), &mark());
    assert!(matches!(error, WriteError::Unreachable { .. }), "{error}");
    let copy = answer(200, "", &EMPTY.replace("Native", "Slave"));
    let error = write(&serve(vec![copy]), &mark());
    assert!(
        refused(&error) && error.to_string().contains("copy of another"),
        "{error}"
    );
}
