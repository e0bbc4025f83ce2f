use estate::records::{DomainName, RecordData, RecordKey, RecordSet, RecordType};
use proptest::prelude::*;

use super::{MasterFile, Soa, parse, print};

fn origin() -> DomainName {
    DomainName::absolute("example.org.").unwrap()
}

/// All of it, one set a line.
fn read(text: &str) -> String {
    let (file, problems) = parse(text, &origin());
    assert_eq!(problems, [], "{text}");
    let mut lines: Vec<String> = Vec::new();
    lines.extend(
        file.soa
            .iter()
            .map(|soa| format!("SOA {} {}", soa.ttl, soa.data.text(RecordType::SOA))),
    );
    for (key, set) in &file.sets {
        let data: Vec<_> = set.data().iter().map(|data| data.text(key.rtype)).collect();
        lines.push(format!("{key} {} {}", set.ttl, data.join(" | ")));
    }
    lines.join("\n")
}

fn problem(text: &str) -> String {
    let (_, problems) = parse(text, &origin());
    let texts: Vec<_> = problems.iter().map(ToString::to_string).collect();
    texts.join("\n")
}

#[test]
fn names_owners_times_and_classes_are_read_as_rfc_1035_says() {
    for (text, wanted) in [
        ("www 60 IN A 192.0.2.1", "www.example.org. A 60 192.0.2.1"),
        ("www IN 1h A 192.0.2.1", "www.example.org. A 3600 192.0.2.1"),
        ("www 1h30m a 192.0.2.1", "www.example.org. A 5400 192.0.2.1"),
        (
            "$TTL 1W\n@ MX 10 mail",
            "example.org. MX 604800 10 mail.example.org.",
        ),
        (
            "$TTL 5\n$ORIGIN sub\nwww CNAME x",
            "www.sub.example.org. CNAME 5 x.sub.example.org.",
        ),
        (
            "a 5 A 192.0.2.1\n  A 192.0.2.2",
            "a.example.org. A 5 192.0.2.1 | 192.0.2.2",
        ),
        (
            "a 5 A 192.0.2.1\n\t9 AAAA ::1",
            "a.example.org. A 5 192.0.2.1\na.example.org. AAAA 9 ::1",
        ),
        (
            "a 5 IN TYPE300 \\# 2 ABCD",
            "a.example.org. TYPE300 5 \\# 2 abcd",
        ),
        (
            "a 5 TXT ( \"one;\" ; first\n \"two\" )",
            "a.example.org. TXT 5 \"one;two\"",
        ),
        ("a\\.b 5 A 192.0.2.1", "a\\.b.example.org. A 5 192.0.2.1"),
        ("60 60 A 192.0.2.1", "60.example.org. A 60 192.0.2.1"),
        ("a 5 A 192.0.2.1\r\n", "a.example.org. A 5 192.0.2.1"),
        ("\u{feff}; a comment\n\n   ; another\n", ""),
        (
            "a 5 SVCB 1 . alpn=\"h2,h3\" port=53",
            "a.example.org. SVCB 5 1 . alpn=h2,h3 port=53",
        ),
    ] {
        assert_eq!(read(text), wanted, "{text}");
    }
}

#[test]
fn an_soa_spans_lines_and_lends_its_minimum() {
    let text = "@ IN SOA ns1 hostmaster (\n 2024010199 ; serial\n 2h 30M ; retry\n 1w 5m )\nwww A 192.0.2.1\n";
    assert_eq!(
        read(text),
        "SOA 300 ns1.example.org. hostmaster.example.org. 2024010199 7200 1800 604800 300\nwww.example.org. A 300 192.0.2.1"
    );
}

#[test]
fn what_cannot_be_read_says_where_and_why() {
    for (text, wanted) in [
        (
            "a 5 A 192.0.2.1\nb 5 A 192.0.2",
            "2:7: `192.0.2` is not an IPv4 address",
        ),
        (
            "a A 192.0.2.1",
            "1:5: this record has no time to live; write one, or `$TTL` above it",
        ),
        (" 5 A 192.0.2.1", "1:2: this record has no owner"),
        ("a 5 IN", "1:1: this record has no type"),
        ("a 5 CH TXT x", "1:5: the class `CH` is not held here"),
        (
            "a 5 HINFO x y",
            "1:5: `HINFO` is not a type of record that is known here",
        ),
        (
            "a.example.com. 5 A 192.0.2.1",
            "1:1: a.example.com. is not in the zone example.org.",
        ),
        (
            "a 5 TXT \"open\nb 5 A 192.0.2.1",
            "1:9: a quote is opened and not closed on its line",
        ),
        ("a 5 TXT ( x\ny", "1:9: this parenthesis is not closed"),
        ("a 5 TXT x )", "1:11: nothing was opened"),
        ("ä 5 TXT ( ( x", "1:11: a parenthesis stands inside another"),
        ("$INCLUDE other.zone", "1:1: `$INCLUDE` is not followed"),
        (
            "$GENERATE 1-9 a A 192.0.2.$",
            "1:1: `$GENERATE` is BIND's own",
        ),
        ("$TTL soon", "1:6: `soon` is not a time"),
        (
            "$ttl 2147483648",
            "1:6: a time to live of 2147483648 seconds is longer",
        ),
        ("$ORIGIN a b", "1:1: `$ORIGIN` takes one word after it"),
        ("$X 1", "1:1: `$X` is not a directive"),
        (
            "a 5 SOA a b 1 2 3 4 5",
            "1:9: the SOA of example.org. cannot stand at a.example.org.",
        ),
        ("a 5 DNAME", "1:1: the data of DNAME lack something"),
        (
            "a..b 5 A 192.0.2.1\n 5 AAAA ::1",
            "1:1: `a..b.example.org.` has an empty label\n2:2: this record has no owner",
        ),
    ] {
        let found = problem(text);
        let agree = found.lines().count() == wanted.lines().count()
            && found
                .lines()
                .zip(wanted.lines())
                .all(|(found, wanted)| found.starts_with(wanted));
        assert!(agree, "{text}: {found}");
    }
}

#[test]
fn what_signers_made_is_named_and_not_kept() {
    let (file, problems) = parse("a 5 NSEC b A RRSIG\n@ 5 DNSKEY 256 3 8 AQ==", &origin());
    assert_eq!((problems.len(), file.sets.len()), (0, 0));
    let named: Vec<_> = file
        .made_by_servers
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(named, ["a.example.org. NSEC", "example.org. DNSKEY"]);
}

#[test]
fn a_serial_grows_and_never_becomes_nothing() {
    let soa = |serial: u32| {
        let text = format!("a. b. {serial} 1 2 3 4");
        let data = RecordData::parse(RecordType::SOA, &text, &origin()).unwrap();
        Soa { ttl: 5, data }
    };
    for (old, new) in [(1, 2), (2_024_010_199, 2_024_010_200), (u32::MAX, 1)] {
        assert_eq!(soa(old).serial(), old);
        assert_eq!(soa(old).next(), soa(new));
    }
}

fn label() -> impl Strategy<Value = Vec<u8>> {
    let plain = "[a-z0-9*_-]{1,8}".prop_map(String::into_bytes);
    prop_oneof![4 => plain, 1 => prop::collection::vec(any::<u8>(), 1..6)]
}

fn name() -> impl Strategy<Value = DomainName> {
    prop::collection::vec(label(), 0..4).prop_map(|labels| {
        let mut wire = Vec::new();
        for label in labels {
            wire.push(u8::try_from(label.len()).unwrap());
            wire.extend(label);
        }
        wire.extend(origin().wire());
        DomainName::from_wire(&wire).unwrap().0
    })
}

fn data() -> impl Strategy<Value = (RecordType, Vec<u8>)> {
    let text = prop::collection::vec(any::<u8>(), 0..300).prop_map(|text| {
        let pieces = text.chunks(255).flat_map(|piece| {
            let length = u8::try_from(piece.len()).unwrap();
            std::iter::once(length).chain(piece.iter().copied())
        });
        (
            RecordType::TXT,
            pieces.chain(text.is_empty().then_some(0)).collect(),
        )
    });
    prop_oneof![
        any::<[u8; 4]>().prop_map(|octets| (RecordType::A, octets.to_vec())),
        any::<[u8; 16]>().prop_map(|octets| (RecordType::AAAA, octets.to_vec())),
        text,
        name().prop_map(|name| (RecordType::NS, name.wire())),
        (any::<u16>(), name()).prop_map(|(preference, name)| {
            let octets = [&preference.to_be_bytes()[..], &name.wire()].concat();
            (RecordType::MX, octets)
        }),
        prop::collection::vec(any::<u8>(), 0..40).prop_map(|octets| (RecordType(300), octets)),
        prop::collection::vec(any::<u8>(), 0..40).prop_map(|value| {
            (
                RecordType::CAA,
                [&[0, 5][..], b"issue", &value[..]].concat(),
            )
        }),
        prop::collection::vec(any::<u8>(), 1..9).prop_map(|value| {
            let length = u8::try_from(value.len()).unwrap();
            (
                RecordType::SVCB,
                [&[0, 1, 0, 0x90, 0, 0, length][..], &value[..]].concat(),
            )
        }),
    ]
}

proptest! {
    #[test]
    fn what_is_printed_is_read_again(
        records in prop::collection::vec((name(), data(), 0..=RecordSet::LONGEST_TTL), 0..12),
        serial in any::<u32>(),
    ) {
        let soa = RecordData::parse(RecordType::SOA, "ns hostmaster 1 2 3 4 5", &origin()).unwrap();
        let mut file = MasterFile {
            soa: Some(Soa { ttl: 60, data: soa }.with_serial(serial)),
            ..MasterFile::default()
        };
        for (name, (rtype, octets), ttl) in records {
            let data = RecordData::from_wire(rtype, &octets).unwrap();
            file.sets.insert(RecordKey::new(name, rtype), RecordSet::new(ttl, vec![data]));
        }
        let text = print(&file, &origin());
        let (again, problems) = parse(&text, &origin());
        prop_assert_eq!(problems, vec![], "{}", text);
        prop_assert_eq!(again, file, "{}", text);
    }

    #[test]
    fn any_text_is_read_or_refused(text in "([a-z@$;()\"\\\\ \\t\\n]|A|TXT|SOA|5|ä|192\\.0\\.2\\.1){0,60}") {
        let (file, _) = parse(&text, &origin());
        let (again, problems) = parse(&print(&file, &origin()), &origin());
        prop_assert_eq!(problems, vec![]);
        prop_assert_eq!((again.soa, again.sets), (file.soa, file.sets));
    }
}
