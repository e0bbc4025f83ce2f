//! Route 53, as moto stands in for it.

use std::time::Duration;

use dns::providers::route53::{ADDRESS, Access, Reader, Writer};
use dns::providers::{Observed, ReadError, ReadZone as _, SetChange, WriteError, WriteZone as _};
use estate::records::{DomainName, RecordSets, RecordType};
use jiff::Timestamp;
use testkit::servers::moto::Moto;
use testkit::servers::or_skip;

use crate::answers::{answer, nobody, serve};
use crate::cases::{CASES, ZONE, changes, sets, zone};

const ZONES: &str = "<R><HostedZones><HostedZone><Id>/hostedzone/Z1</Id><Name>example.org.</Name><Config><PrivateZone>false</PrivateZone></Config></HostedZone></HostedZones></R>";
const RECORDS: &str = "<R><ResourceRecordSets><ResourceRecordSet><Name>example.org.</Name><Type>SOA</Type><TTL>60</TTL><ResourceRecords><ResourceRecord><Value>a. b. 1 2 3 4 5</Value></ResourceRecord></ResourceRecords></ResourceRecordSet></ResourceRecordSets><IsTruncated>false</IsTruncated></R>";
/// Types of the cases that Route 53 does not have.
const ABSENT: [RecordType; 6] = [
    RecordType::LOC,
    RecordType::DNAME,
    RecordType::OPENPGPKEY,
    RecordType::URI,
    RecordType(300),
    RecordType(65399),
];

fn access(url: &str) -> Access {
    Access::new("aws", url, Moto::KEY, Timestamp::now).expect("an address and a key")
}

/// What the zone holds besides what it came with.
fn to(before: &Observed, own: &RecordSets, text: &str) -> (Vec<SetChange>, RecordSets) {
    let mut wanted = own.clone();
    for (key, set) in sets(text) {
        wanted.insert(key, set);
    }
    (changes(&before.sets, &wanted), wanted)
}

#[test]
fn every_case_is_written_and_read_back_or_refused() {
    let Some(server) = or_skip(Moto::start()) else {
        return;
    };
    for case in CASES {
        server.forget();
        server.create_zone(ZONE);
        let reader = Reader::new(access(&server.url()));
        let mut writer = Writer::new(access(&server.url()));
        let own = reader.observe(&zone()).unwrap().sets;
        for step in case.steps.iter().chain([&""]) {
            let before = reader.observe(&zone()).unwrap();
            let (changes, wanted) = to(&before, &own, step);
            let written = writer.write(&zone(), &before.mark, &changes);
            let after = reader.observe(&zone()).unwrap();
            if changes
                .iter()
                .any(|change| ABSENT.contains(&change.key.rtype))
            {
                let error = written.expect_err(case.title);
                assert!(
                    error.to_string().contains("does not take this type"),
                    "{error}"
                );
                assert_eq!(after, before);
            } else {
                let mark = written.unwrap_or_else(|error| panic!("{}: {error}", case.title));
                assert_eq!(after.sets, wanted, "{}", case.title);
                assert_eq!(after.mark, mark, "{}", case.title);
            }
        }
    }
}

#[test]
fn a_zone_of_several_pages_is_read_whole_and_written_in_batches() {
    let Some(server) = or_skip(Moto::start()) else {
        return;
    };
    server.create_zone(ZONE);
    let reader = Reader::new(access(&server.url()));
    let mut writer = Writer::new(access(&server.url()));
    let before = reader.observe(&zone()).unwrap();
    let text: String = (0..700)
        .map(|n| format!("host-{n} 300 A 192.0.2.{}\n", n % 250))
        .collect();
    let (changes, wanted) = to(&before, &before.sets, &text);
    let mut mark = before.mark;
    for part in changes.chunks(100) {
        mark = writer.write(&zone(), &mark, part).unwrap();
    }
    let after = reader.observe(&zone()).unwrap();
    assert_eq!((after.sets, after.mark), (wanted, mark));
}

#[test]
fn a_change_by_others_since_it_was_read_refuses_ours() {
    let Some(server) = or_skip(Moto::start()) else {
        return;
    };
    server.create_zone(ZONE);
    let reader = Reader::new(access(&server.url()));
    let before = reader.observe(&zone()).unwrap();
    let (theirs, _) = to(&before, &before.sets, "b 300 A 192.0.2.9");
    Writer::new(access(&server.url()))
        .write(&zone(), &before.mark, &theirs)
        .unwrap();
    let now = reader.observe(&zone()).unwrap();
    let (ours, _) = to(&before, &before.sets, "a 300 A 192.0.2.9");
    let error = Writer::new(access(&server.url()))
        .write(&zone(), &before.mark, &ours)
        .unwrap_err();
    assert!(matches!(error, WriteError::Moved { .. }), "{error}");
    assert_eq!(reader.observe(&zone()).unwrap(), now);
}

#[test]
fn what_cannot_be_said_here_is_named_and_left_alone() {
    let Some(server) = or_skip(Moto::start()) else {
        return;
    };
    let id = server.create_zone(ZONE);
    server.change_zone(&id, "<Change><Action>CREATE</Action><ResourceRecordSet><Name>w.example.org.</Name><Type>A</Type><SetIdentifier>one</SetIdentifier><Weight>1</Weight><TTL>60</TTL><ResourceRecords><ResourceRecord><Value>192.0.2.1</Value></ResourceRecord></ResourceRecords></ResourceRecordSet></Change><Change><Action>CREATE</Action><ResourceRecordSet><Name>l.example.org.</Name><Type>A</Type><AliasTarget><HostedZoneId>Z2</HostedZoneId><DNSName>x.example.net.</DNSName><EvaluateTargetHealth>false</EvaluateTargetHealth></AliasTarget></ResourceRecordSet></Change>");
    let reader = Reader::new(access(&server.url()));
    let before = reader.observe(&zone()).unwrap();
    let named: Vec<_> = before
        .beyond
        .iter()
        .map(|other| format!("{} {}: {}", other.name, other.rtype, other.what))
        .collect();
    assert_eq!(
        named,
        [
            "l.example.org. A: an alias of the service's own",
            "w.example.org. A: one of several sets among which the service chooses"
        ]
    );
    assert!(before.sets.keys().all(|key| key.rtype == RecordType::NS));
    let (changes, _) = to(&before, &before.sets, "l 300 A 192.0.2.9");
    let error = Writer::new(access(&server.url()))
        .write(&zone(), &before.mark, &changes)
        .unwrap_err();
    assert!(error.to_string().contains("here is an alias"), "{error}");
    assert_eq!(reader.observe(&zone()).unwrap(), before);
}

#[test]
fn reading_tells_its_troubles_apart() {
    let read = |answers: Vec<String>| Reader::new(access(&serve(answers))).observe(&zone());
    let error = Reader::new(access(&nobody())).observe(&zone()).unwrap_err();
    assert!(matches!(error, ReadError::Unreachable { .. }), "{error}");
    let denied = "<ErrorResponse><Error><Code>AccessDenied</Code><Message>not yours</Message></Error></ErrorResponse>";
    let error = read(vec![answer(403, "", denied)]).unwrap_err();
    assert!(matches!(&error, ReadError::Refused { .. }), "{error}");
    assert_eq!(error.to_string(), "aws refuses: not yours (AccessDenied)");
    let error = read(vec![answer(200, "", "<R><HostedZones/></R>")]).unwrap_err();
    assert!(matches!(error, ReadError::NoSuchZone { .. }), "{error}");
    for records in [
        "",
        "<R/>",
        &RECORDS.replace("SOA", "TXT"),
        &RECORDS.replace(">false<", ">true<"),
    ] {
        let error = read(vec![answer(200, "", ZONES), answer(200, "", records)]).unwrap_err();
        assert!(
            matches!(error, ReadError::Untrusted { .. }),
            "{records}: {error}"
        );
    }
    let error = Access::new("aws", ADDRESS, "no colon", Timestamp::now).unwrap_err();
    assert!(!error.to_string().contains("no colon"), "{error}");
    // Asked too often, it is asked again.
    let busy = "<ErrorResponse><Error><Code>Throttling</Code><Message>Rate exceeded</Message></Error></ErrorResponse>";
    let answers = vec![
        answer(400, "", busy),
        answer(200, "", ZONES),
        answer(200, "", RECORDS),
    ];
    assert_eq!(read(answers).unwrap().sets, RecordSets::new());
}

#[test]
fn writing_tells_what_was_done_from_what_may_have_been() {
    let found = || vec![answer(200, "", ZONES), answer(200, "", RECORDS)];
    let mark = Reader::new(access(&serve(found())))
        .observe(&zone())
        .unwrap()
        .mark;
    let write = |text: String| {
        let mut answers = found();
        answers.push(text);
        let changes = changes(&RecordSets::new(), &sets("a 300 A 192.0.2.9"));
        Writer::new(access(&serve(answers)))
            .write(&zone(), &mark, &changes)
            .unwrap_err()
    };
    let batch = |message: &str| {
        answer(
            400,
            "",
            &format!(
                "<InvalidChangeBatch><Messages><Message>{message}</Message></Messages></InvalidChangeBatch>"
            ),
        )
    };
    let error = write(batch(
        "Tried to create resource record set [name='a.example.org.', type='A'] but it already exists",
    ));
    assert!(matches!(error, WriteError::Moved { .. }), "{error}");
    let error = write(batch("not permitted at apex"));
    assert!(matches!(&error, WriteError::Refused { .. }), "{error}");
    assert!(
        error.to_string().contains("not permitted at apex"),
        "{error}"
    );
    let busy = "<ErrorResponse><Error><Code>PriorRequestNotComplete</Code><Message>wait</Message></Error></ErrorResponse>";
    let WriteError::Later { after, .. } = write(answer(400, "Retry-After: 3\r\n", busy)) else {
        panic!("no wait")
    };
    assert_eq!(after, Duration::from_secs(3));
    assert!(matches!(
        write(answer(500, "", "")),
        WriteError::Unknown { .. }
    ));
    assert!(matches!(write(String::new()), WriteError::Unknown { .. }));
    let error = Writer::new(access(&nobody()))
        .write(&zone(), &mark, &[])
        .unwrap_err();
    assert!(matches!(error, WriteError::Unreachable { .. }), "{error}");
}

#[test]
fn a_zone_that_is_not_there_is_not_taken_for_an_empty_one() {
    let Some(server) = or_skip(Moto::start()) else {
        return;
    };
    server.create_zone(ZONE);
    let other = DomainName::absolute("example.net.").unwrap();
    let error = Reader::new(access(&server.url()))
        .observe(&other)
        .unwrap_err();
    assert!(matches!(error, ReadError::NoSuchZone { .. }), "{error}");
}
