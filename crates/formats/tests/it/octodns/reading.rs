//! What zone files say, and where they are wrong.

use base::Severity;
use proptest::prelude::*;
use serde_json::json;

use super::{Given, lines};

#[test]
fn every_type_has_its_octets() {
    let text = include_str!("types.yaml");
    let mut given = Given::one(text);
    let zone = given.zone();
    let expected = include_str!("types.txt");
    assert_eq!(lines(&zone).join("\n"), expected.trim_end());
}

#[test]
fn nothing_is_concluded_from_absence() {
    let files: &[(&str, &str)] = &[("zones/a.yaml", "a: {type: A, value: 192.0.2.1}\n")];
    for records in [
        &["gone.yaml"][..],
        &["zones/b*.yaml"],
        &["zones/a.yaml", "zones/b*"],
        &[],
    ] {
        let reading = Given::of("example.org", records, files).read();
        assert!(reading.zone.is_none(), "{records:?}");
        assert!(!reading.findings.is_empty(), "{records:?}");
    }
    for text in ["{}", "---\n", "# nothing\n", "null\n"] {
        let mut given = Given::one(text);
        let reading = given.read();
        assert!(
            reading.zone.is_some_and(|zone| zone.sets.is_empty()),
            "{text}"
        );
        assert_eq!(given.said(&reading.findings).len(), 1, "{text}");
        assert_eq!(reading.findings[0].severity, Severity::Warning);
    }
}

#[test]
fn several_files_are_one_zone() {
    let files = [
        ("z/b.yaml", "www: {type: AAAA, value: '2001:db8::1'}\n"),
        ("z/a.yaml", "www: {type: A, value: 192.0.2.1}\n"),
        ("z/below/c.yaml", "c: {type: A, value: 192.0.2.1}\n"),
    ];
    for records in [&["z"][..], &["z/*.yaml"], &["z/a.yaml", "z/b.yaml", "z/a*"]] {
        let zone = Given::of("example.org", records, &files).zone();
        let expected = [
            "www.example.org. A 3600 192.0.2.1",
            "www.example.org. AAAA 3600 2001:db8::1",
        ];
        assert_eq!(lines(&zone), expected);
    }
    let files = [files[1], ("z/d.yaml", "WWW: {type: A, value: 192.0.2.2}\n")];
    let mut given = Given::of("example.org", &["z"], &files);
    let reading = given.read();
    assert_eq!(
        given.said(&reading.findings),
        ["z/d.yaml:1:1 zone-record-twice www.example.org. A is declared twice"]
    );
    let first = &reading.findings[0].related[0];
    assert_eq!(given.sources.locate(first.span), "z/a.yaml:1:1");
}

#[test]
fn includes_and_merges_are_resolved_as_octodns_does() {
    let files = [
        (
            "z.yaml",
            "---\na: !include parts/a.yaml\nb:\n  <<: !include parts/a.yaml\n  ttl: 60\nc:\n  ttl: 60\n  <<: !include parts/a.yaml\nd:\n  type: A\n  values: !include parts/values.yaml\n",
        ),
        (
            "parts/a.yaml",
            "type: A\nttl: 300\nvalue: !include value.yaml\n",
        ),
        ("parts/value.yaml", "192.0.2.7\n"),
        ("parts/values.yaml", "- 192.0.2.1\n- 192.0.2.2\n"),
    ];
    let zone = Given::of("example.org", &["z.yaml"], &files).zone();
    assert_eq!(
        lines(&zone),
        [
            "a.example.org. A 300 192.0.2.7",
            "b.example.org. A 60 192.0.2.7",
            "c.example.org. A 300 192.0.2.7",
            "d.example.org. A 3600 192.0.2.1 | 192.0.2.2",
        ]
    );
}

#[test]
fn a_target_without_its_final_dot_is_a_full_name_and_a_warning() {
    let text = "a: {type: CNAME, value: b.example.net}\n";
    let mut given = Given::one(text);
    let reading = given.read();
    assert_eq!(reading.findings[0].severity, Severity::Warning);
    assert_eq!(
        lines(&reading.zone.unwrap()),
        ["a.example.org. CNAME 3600 b.example.net."]
    );
    given.validators(&["best-practice"]);
    assert!(given.read().zone.is_none());
}

#[test]
fn options_and_notes_are_kept() {
    let text = "a:\n  type: A\n  value: 192.0.2.1\n  octodns:\n    commonhold: {owner: group-a, purpose: tests, expires: 2030-01-02, request: '#12'}\n    excluded: [other]\n    healthcheck: {protocol: TCP, port: 80}\n    cloudflare: {proxied: true}\nb:\n  type: A\n  value: 192.0.2.1\n  octodns: {ignored: true}\nc:\n  type: PowerDnsProvider/LUA\n  value: x\nd:\n  type: TXT\n  value: é\n  octodns: {lenient: true}\n";
    let mut given = Given::one(text);
    let reading = given.read();
    let said = given.said(&reading.findings);
    assert_eq!(said.len(), 1, "{said:?}");
    assert_eq!(reading.findings[0].severity, Severity::Warning);
    let left: Vec<&str> = reading
        .left_alone
        .iter()
        .map(|left| left.rtype.as_str())
        .collect();
    assert_eq!(left, ["A", "PowerDnsProvider/LUA"]);
    let zone = reading.zone.unwrap();
    assert_eq!(zone.sets.len(), 2);
    let set = zone.sets.values().next().unwrap();
    assert_eq!(set.notes.owner.as_ref().unwrap().name, "group-a");
    assert_eq!(set.notes.purpose.as_deref(), Some("tests"));
    assert_eq!(set.excluded, ["other"]);
    assert_eq!(set.needs[0].value, "healthcheck");
}

#[test]
fn the_order_is_enforced_where_the_zone_asks_for_it() {
    let mut given = Given::one("b: {type: A, value: 192.0.2.1}\na: {type: A, value: 192.0.2.1}\n");
    given.item.value.reading.enforce_order = true;
    let reading = given.read();
    assert_eq!(
        given.said(&reading.findings),
        ["z.yaml:1:1 zone-order keys out of order: expected `a`, got `b`"]
    );
}

#[test]
fn semicolons_are_read_as_the_zone_says() {
    let zone = Given::one("a: {type: TXT, value: 'v=x\\;y'}\n").zone();
    assert_eq!(lines(&zone), ["a.example.org. TXT 3600 \"v=x;y\""]);
    let mut given = Given::one("a: {type: TXT, value: 'v=x;y'}\n");
    given.item.value.reading.escaped_semicolons = false;
    assert_eq!(lines(&given.zone()), ["a.example.org. TXT 3600 \"v=x;y\""]);
}

/// Files, and the one finding of each.
const WRONG: &[(&str, &str)] = &[
    (
        "www: {type: A, value: 192.0.2.1}\nwww: {type: A, value: 192.0.2.2}\n",
        "z.yaml:2:1 yaml-duplicate-key",
    ),
    (
        "no: {type: A, value: 192.0.2.1}\n",
        "z.yaml:1:1 yaml-ambiguous",
    ),
    (
        "on: {type: A, value: 192.0.2.1}\n",
        "z.yaml:1:1 yaml-ambiguous",
    ),
    (
        "0777: {type: A, value: 192.0.2.1}\n",
        "z.yaml:1:1 yaml-ambiguous",
    ),
    (
        "12:30: {type: A, value: 192.0.2.1}\n",
        "z.yaml:1:1 yaml-ambiguous",
    ),
    (
        "1.10: {type: A, value: 192.0.2.1}\n",
        "z.yaml:1:1 yaml-ambiguous",
    ),
    (
        "~: {type: A, value: 192.0.2.1}\n",
        "z.yaml:1:1 yaml-ambiguous",
    ),
    (
        "1_000: {type: A, value: 192.0.2.1}\n",
        "z.yaml:1:1 yaml-ambiguous",
    ),
    (
        "a:\n  type: AAAA\n  value: 2600:1901:0:26f3::\n",
        "z.yaml:3:27 yaml-syntax",
    ),
    (
        "a:\n  type: AAAA\n  value: 1:2:3:4:5:6:7:8\n",
        "z.yaml:3:10 yaml-ambiguous",
    ),
    (
        "a:\n  type: A\n  value: 192.0.2.1\n  values: [192.0.2.2]\n",
        "z.yaml:4:3 zone-record",
    ),
    (
        "a:\n  type: A\n  vaules: [192.0.2.2]\n  value: 192.0.2.1\n",
        "z.yaml:3:3 yaml-unknown-key",
    ),
    (
        "a:\n  type: A\n  ttl: 2147483648\n  value: 192.0.2.1\n",
        "z.yaml:3:8 zone-record",
    ),
    (
        "a:\n  type: A\n  ttl: soon\n  value: 192.0.2.1\n",
        "z.yaml:3:8 zone-record",
    ),
    (
        "a:\n  type: A\n  values: [192.0.2.1, 192.0.2.1]\n",
        "z.yaml:3:23 zone-record-twice",
    ),
    (
        "a:\n  type: TXT\n  value: 12\n",
        "z.yaml:3:10 yaml-ambiguous",
    ),
    ("a:\n  type: TXT\n  value:\n", "z.yaml:3:8 zone-record"),
    ("a:\n\ttype: TXT\n", "z.yaml:2:1 yaml-tab"),
    (
        "'':\n  type: CNAME\n  value: a.example.net.\n",
        "z.yaml:2:3 zone-record",
    ),
    (
        "'@': {type: A, value: 192.0.2.1}\n",
        "z.yaml:1:1 zone-record",
    ),
    (
        "a.example.net.: {type: A, value: 192.0.2.1}\n",
        "z.yaml:1:1 zone-record",
    ),
    (
        "'a b': {type: A, value: 192.0.2.1}\n",
        "z.yaml:1:1 zone-record",
    ),
    (
        "a..b: {type: A, value: 192.0.2.1}\n",
        "z.yaml:1:1 zone-record",
    ),
    (
        "a: {type: CNAME, values: [b.example.net.]}\n",
        "z.yaml:1:18 zone-record",
    ),
    ("a: {value: 192.0.2.1}\n", "z.yaml:1:5 zone-record"),
    (
        "a: {type: a, value: 192.0.2.1}\n",
        "z.yaml:1:11 zone-record",
    ),
    ("a: {type: A, values: []}\n", "z.yaml:1:22 zone-record"),
    ("a: {type: A}\n", "z.yaml:1:11 zone-record"),
    (
        "a: {type: A, value: 192.0.2.300}\n",
        "z.yaml:1:21 zone-record",
    ),
    (
        "a: {type: TXT, value: 'v=x;y'}\n",
        "z.yaml:1:23 zone-record",
    ),
    ("a: {type: TXT, value: é}\n", "z.yaml:1:23 zone-record"),
    (
        "a: {type: ALIAS, value: b.example.net.}\n",
        "z.yaml:1:5 zone-record",
    ),
    (
        "a: {type: SRV, value: {priority: 1, weight: 1, port: 1, target: b.example.net.}}\n",
        "z.yaml:1:5 zone-record",
    ),
    (
        "a: {type: MX, value: {exchange: b.example.net.}}\n",
        "z.yaml:1:22 zone-record",
    ),
    (
        "a: {type: MX, value: {exchange: b.example.net., preference: 70000}}\n",
        "z.yaml:1:61 zone-record",
    ),
    ("a: 1\n", "z.yaml:1:4 zone-record"),
    ("other.yaml", "z.yaml:1:1 zone-files"),
    ("", "z.yaml:1:1 zone-files"),
    ("a: !include gone.yaml\n", "z.yaml:1:4 zone-files"),
    ("a: !include z.yaml\n", "z.yaml:1:4 zone-files"),
    ("a: !include ../z.yaml\n", "z.yaml:1:4 zone-files"),
];

#[test]
fn what_is_wrong_is_said_once_and_where_it_stands() {
    let label = "a".repeat(64);
    let full = vec!["a".repeat(60); 5].join(".");
    let long = [label, full].map(|name| format!("{name}: {{type: A, value: 192.0.2.1}}\n"));
    let long = long
        .iter()
        .map(|text| (text.as_str(), "z.yaml:1:1 zone-record"));
    for (text, expected) in WRONG.iter().copied().chain(long) {
        let mut given = Given::one(text);
        let reading = given.read();
        let said = given.said(&reading.findings);
        assert!(
            said.len() == 1 && said[0].starts_with(expected),
            "{text}{said:#?}"
        );
        assert!(reading.zone.is_none(), "{text}");
    }
}

proptest! {
    #[test]
    fn no_text_brings_the_reader_down(text in "([a-z*@:#'\" -]|!include |<<: |type: (A|TXT|MX|LOC)|values?: |\\n|\\n  |\\[|\\]|\\{|\\}|[0-9.;é]){0,60}") {
        let mut given = Given::one(&text);
        let reading = given.read();
        prop_assert!(reading.zone.is_some() || !reading.findings.is_empty());
    }

    #[test]
    fn texts_of_any_length_come_back_whole(text in "[ !#-:<-\\[\\]-~]{0,600}") {
        let file = json!({ "a": { "type": "TXT", "value": text } }).to_string();
        let zone = Given::one(&file).zone();
        let set = zone.sets.values().next().unwrap();
        let fields = set.set.data()[0].fields(estate::records::RecordType::TXT).unwrap();
        let octets: Vec<u8> = fields.into_iter().flatten().flat_map(|atom| match atom {
            estate::records::Atom::Text(octets) => octets,
            estate::records::Atom::Word(_) => Vec::new(),
        }).collect();
        prop_assert_eq!(octets, text.into_bytes());
    }
}
