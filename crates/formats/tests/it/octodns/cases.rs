//! Records of every type, each with what octoDNS 1.22 says of it.
//!
//! A line of `cases.tsv` is a name, a record, and octoDNS's verdict with its sets `legacy` and
//! `strict`: `ok`, the ids of its validators, or `refused` where it breaks down or names none.
//! Where we differ on purpose, a word says why: `docs/reference/octodns.md` explains each.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use base::Severity;
use estate::records::RecordType;
use formats::octodns::validate;

use super::Given;

const CASES: &str = include_str!("cases.tsv");

struct Case {
    name: &'static str,
    record: &'static str,
    legacy: &'static str,
    strict: &'static str,
    differs: Option<&'static str>,
}

fn cases() -> impl Iterator<Item = Case> {
    CASES.lines().map(|line| {
        let mut columns = line.split('\t');
        let mut column = || columns.next().expect("four columns");
        Case {
            name: column(),
            record: column(),
            legacy: column(),
            strict: column(),
            differs: columns.next(),
        }
    })
}

/// `ok`, the ids of the validators whose errors there are, or `refused`.
fn verdict(case: &Case, set: &str) -> String {
    let name = serde_json::to_string(case.name.trim_matches('\'')).expect("a text");
    let mut given = Given::one(&format!("{name}: {}\n", case.record));
    given.validators(&[set]);
    let reading = given.read();
    let mut findings = reading.findings;
    if let Some(zone) = &reading.zone {
        findings.extend(validate(zone, &given.item.value, &[]));
    }
    findings.retain(|finding| finding.severity == Severity::Error);
    let ids: BTreeSet<&str> = findings
        .iter()
        .filter_map(|finding| Some(finding.message.rsplit_once("via: ")?.1))
        .collect();
    match (findings.is_empty(), ids.is_empty()) {
        (true, _) => "ok".to_owned(),
        (false, true) => "refused".to_owned(),
        (false, false) => ids.into_iter().collect::<Vec<_>>().join(","),
    }
}

/// Whether we say the same: with `legacy` by the same validators, with `strict`, which in
/// octoDNS takes the place of `legacy` and here adds to it, to the same end.
fn agrees(case: &Case) -> (bool, String) {
    let (legacy, strict) = (verdict(case, "legacy"), verdict(case, "strict"));
    let ids = legacy == case.legacy || (case.legacy == "refused" && legacy != "ok");
    let end = (strict == "ok") == (case.strict == "ok");
    (ids && end, format!("{legacy} | {strict}"))
}

#[test]
fn records_are_judged_as_octodns_judges_them_but_where_we_say_why() {
    let (mut differences, mut reasons) = (String::new(), BTreeMap::new());
    let mut types = BTreeSet::new();
    let mut count = 0;
    for case in cases() {
        count += 1;
        let (agrees, ours) = agrees(&case);
        if agrees != case.differs.is_none() {
            let (name, record) = (case.name, case.record);
            let theirs = format!("{} | {}", case.legacy, case.strict);
            let _ = writeln!(differences, "{name} {record}: octoDNS {theirs}, we {ours}");
        }
        if let Some(why) = case.differs {
            *reasons.entry(why).or_insert(0) += 1;
        }
        let kind = case
            .record
            .split(['{', ',', '}'])
            .find_map(|part| part.trim().strip_prefix("type: "));
        types.extend(kind);
    }
    assert!(differences.is_empty(), "{differences}");
    let known = types.iter().filter(|kind| {
        kind.parse::<RecordType>()
            .is_ok_and(|rtype| rtype.to_string() == **kind)
    });
    assert_eq!((count, known.count()), (402, 22));
    let expected = [
        ("class", 1),
        ("ech", 2),
        ("legacy", 13),
        ("octets", 13),
        ("old-ds", 1),
        ("pool", 1),
        ("rfc9460", 12),
        ("scope", 1),
    ];
    assert_eq!(reasons, BTreeMap::from(expected));
}
