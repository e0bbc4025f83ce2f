//! Zones that hold the records of another under their own name.

use std::collections::BTreeMap;
use std::fs;

use dns::ZoneState;
use estate::records::{DomainName, RecordKey, RecordSet, RecordType};

use crate::support::{Community, shared};

const ORIGINAL: &str = "'':\n- {type: MX, value: {preference: 1, exchange: mail.example.org.}}\n\
- {type: NS, values: [ns1.example.org., ns.example.net.]}\n\
lab: {type: NS, values: [ns1.example.org., ns.example.net.]}\n\
old: {type: A, value: 192.0.2.9, octodns: {ignored: true}}\n\
www: {type: CNAME, value: redirect.example.org., ttl: 60}\n\
x: {type: CNAME, value: example.com.}\n";

fn with_copy(copy: &str, files: &[(&str, &str)]) -> Community {
    let original = "records: [dns/example.org.yaml]\nservers: [primary]\n";
    let mut all = vec![
        ("zones/example.org.yaml", original),
        ("zones/canary.example.net.yaml", copy),
        ("dns/example.org.yaml", ORIGINAL),
    ];
    all.extend(files);
    Community::of(&all)
}

fn lines(state: &ZoneState) -> Vec<String> {
    let line = |(key, set): (&RecordKey, &RecordSet)| {
        let data = set.data().iter().map(|data| data.text(key.rtype));
        format!("{key} {} {}", set.ttl, data.collect::<Vec<_>>().join(" | "))
    };
    state.sets.iter().map(line).collect()
}

#[test]
fn a_canary_has_all_but_delegations_as_they_are() {
    let copy = "copy: {of: example.org, as: canary}\nservers: [primary]\n";
    let state = with_copy(copy, &[]).desired("canary.example.net").unwrap();
    assert_eq!(
        lines(&state),
        [
            "canary.example.net. MX 3600 1 mail.example.org.",
            "www.canary.example.net. CNAME 60 redirect.example.org.",
            "x.canary.example.net. CNAME 3600 example.com.",
        ]
    );
    let left: Vec<String> = state.left_alone.iter().map(ToString::to_string).collect();
    assert_eq!(left, ["old.canary.example.net. A"]);
    let www = state
        .declared
        .iter()
        .find(|(key, _)| key.rtype == RecordType::CNAME);
    assert_eq!(www.unwrap().1.place, "dns/example.org.yaml:6");
}

#[test]
fn a_mirror_points_into_itself_where_the_original_does() {
    let copy = "copy: {of: example.org, as: mirror}\nservers: [primary]\n";
    let state = with_copy(copy, &[]).desired("canary.example.net").unwrap();
    assert_eq!(
        lines(&state),
        [
            "canary.example.net. NS 3600 ns.example.net. | ns1.canary.example.net.",
            "canary.example.net. MX 3600 1 mail.canary.example.net.",
            "lab.canary.example.net. NS 3600 ns.example.net. | ns1.canary.example.net.",
            "www.canary.example.net. CNAME 60 redirect.canary.example.net.",
            "x.canary.example.net. CNAME 3600 example.com.",
        ]
    );
}

#[test]
fn the_records_of_a_copys_own_files_come_first() {
    let copy = "records: [dns/own.yaml]\ncopy: {of: example.org, as: canary}\nservers: [primary]\n";
    let own = "www: {type: CNAME, value: test.example.org., ttl: 30}\n";
    let state = with_copy(copy, &[("dns/own.yaml", own)]);
    let state = state.desired("canary.example.net").unwrap();
    let lines = lines(&state);
    let www = "www.canary.example.net. CNAME 30 test.example.org.";
    assert!(
        lines.contains(&www.to_owned()) && lines.len() == 3,
        "{lines:?}"
    );
}

#[test]
fn a_copys_own_files_say_what_is_left_alone_and_what_is_not() {
    let copy = "records: [dns/own.yaml]\ncopy: {of: example.org, as: canary}\nservers: [primary]\n";
    let own = "old: {type: A, value: 192.0.2.1}\nx: {type: CNAME, value: b.example.com., octodns: {ignored: true}}\n";
    let state = with_copy(copy, &[("dns/own.yaml", own)]);
    let state = state.desired("canary.example.net").unwrap();
    let left: Vec<String> = state.left_alone.iter().map(ToString::to_string).collect();
    assert_eq!(left, ["x.canary.example.net. CNAME"]);
    let lines = lines(&state);
    assert!(lines.contains(&"old.canary.example.net. A 3600 192.0.2.1".to_owned()));
    assert!(
        !lines.iter().any(|line| line.starts_with("x.")),
        "{lines:?}"
    );
}

#[test]
fn a_name_that_is_too_long_in_the_copy_is_an_error() {
    let long = vec!["a".repeat(60); 4].join(".");
    let records = format!("{long}: {{type: A, value: 192.0.2.1}}\n");
    let community = Community::of(&[
        ("zones/a.org.yaml", "records: [dns/a.yaml]\n"),
        (
            "zones/canary-of-it.example.org.yaml",
            "copy: {of: a.org, as: canary}\n",
        ),
        ("dns/a.yaml", &records),
    ]);
    let findings = community.findings();
    assert_eq!(findings.len(), 1, "{findings:?}");
    let place = "zones/canary-of-it.example.org.yaml:1:12 zone-record ";
    assert!(findings[0].starts_with(place), "{findings:?}");
}

#[test]
fn a_copy_of_a_zone_that_cannot_be_read_is_not_empty() {
    let files = [
        ("zones/a.org.yaml", "records: [dns/a.yaml]\n"),
        (
            "zones/b.org.yaml",
            "copy: {of: a.org, as: canary}\nservers: [primary]\n",
        ),
        ("dns/a.yaml", "www: {type: A, value: 192.0.2.300}\n"),
    ];
    let stopped = Community::of(&files).desired("b.org").unwrap_err();
    assert!(stopped.what.starts_with("dns/a.yaml:1:23: "), "{stopped}");
}

/// The zones that have a canary, and the parts of their files by name.
fn real_files() -> Option<BTreeMap<String, String>> {
    let folder = shared("kubernetes/k8s.io/dns/zone-configs")?;
    let files = fs::read_dir(folder).unwrap().map(|entry| {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        (name, fs::read_to_string(entry.path()).unwrap())
    });
    Some(files.filter(|(name, _)| name.ends_with(".yaml")).collect())
}

/// The project's way: the canary's file is a link to the first part of the zone's.
fn by_link(files: &BTreeMap<String, String>, canary: &str) -> ZoneState {
    let target = &files[&format!("{canary}.yaml")];
    let item = "records: [dns/it.yaml]\nservers: [primary]\n";
    let community = Community::of(&[
        (format!("zones/{canary}.yaml"), item.to_owned()),
        ("dns/it.yaml".to_owned(), files[target.trim()].clone()),
    ]);
    community.desired(canary).unwrap()
}

/// Ours: all parts are the zone, and the canary is its projection.
fn by_copy(files: &BTreeMap<String, String>, zone: &str, canary: &str) -> ZoneState {
    let mut all = vec![
        (
            format!("zones/{zone}.yaml"),
            format!("records: ['dns/{zone}._*.yaml']\n"),
        ),
        (
            format!("zones/{canary}.yaml"),
            format!("copy: {{of: {zone}, as: canary}}\nservers: [primary]\n"),
        ),
    ];
    let parts = files
        .iter()
        .filter(|(name, _)| name.starts_with(&format!("{zone}._")));
    all.extend(parts.map(|(name, text)| (format!("dns/{name}"), text.clone())));
    Community::of(&all).desired(canary).unwrap()
}

#[test]
fn the_canaries_of_the_real_zones_are_what_cat_and_links_make_but_for_delegations() {
    let Some(files) = real_files() else { return };
    let (mut canaries, mut sets) = (0, 0);
    for canary in files.keys().filter_map(|name| name.strip_suffix(".yaml")) {
        let Some(zone) = canary.strip_prefix("canary.") else {
            continue;
        };
        let mut linked = by_link(&files, canary).sets;
        let delegates = |key: &RecordKey| key.rtype == RecordType::NS;
        linked.retain(|key, _| !delegates(key));
        let copied = by_copy(&files, zone, canary).sets;
        assert!(!copied.keys().any(delegates), "{canary}");
        assert_eq!(linked, copied, "{canary}");
        canaries += 1;
        sets += copied.len();
    }
    assert_eq!(canaries, 7);
    assert!(sets > 200, "{sets}");
    let name = DomainName::absolute("canary.k8s.io.").unwrap();
    let copied = by_copy(&files, "k8s.io", "canary.k8s.io");
    assert!(copied.sets.keys().all(|key| key.name.is_in(&name)));
}
