//! The files with which a large project really describes itself, adopted as they stand.
//!
//! The figures are those of docs/reference/real-data.md. They were counted apart
//! from this program as well, with PyYAML.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::support::{commonhold, shared};

fn json(arguments: &str) -> Value {
    let outcome = commonhold(&format!(
        "-C tests/estates/kubernetes {arguments} --output json"
    ));
    serde_json::from_str(&outcome.data).unwrap_or_else(|error| panic!("{error}: {}", outcome.notes))
}

fn counts() -> BTreeMap<String, u64> {
    let stats = json("stats");
    let rows = stats["counts"].as_array().expect("rows");
    rows.iter()
        .map(|row| {
            (
                row["what"].as_str().unwrap().to_owned(),
                row["count"].as_u64().unwrap(),
            )
        })
        .collect()
}

#[test]
fn everything_is_there_and_nothing_twice() {
    if shared("kubernetes").is_none() {
        return;
    }
    let counts = counts();
    for (what, count) in [
        ("people", 1618),
        ("groups", 35),
        ("leads", 166),
        ("subprojects", 236),
        ("organisations", 8),
        ("organisation memberships", 2666),
        ("teams", 766),
        ("team memberships", 3615),
        ("team grants", 631),
        ("mailing groups", 221),
        ("mailing group memberships", 1353),
        ("mailing group addresses", 549),
        ("owners files", 409),
    ] {
        assert_eq!(counts[what], count, "{what}");
    }
}

#[test]
fn the_findings_are_the_real_ones_and_no_others() {
    if shared("kubernetes").is_none() {
        return;
    }
    let report = json("check --severity note --at 2026-08-22");
    let findings = report["findings"].as_array().expect("findings");
    let mut by_id: BTreeMap<&str, usize> = BTreeMap::new();
    for finding in findings {
        *by_id.entry(finding["id"].as_str().unwrap()).or_default() += 1;
    }
    let expected = BTreeMap::from([
        ("address-unmatched", 426),
        ("employer-share", 21),
        ("groups-setting", 9),
        ("lead-standing", 1),
        ("meeting-unclear", 3),
        ("meeting-week", 56),
        ("meeting-zone", 5),
        ("minimum-staff", 2),
        ("owners-alias-unused", 55),
        ("owners-emeritus", 1),
        ("owners-alias-elsewhere", 20),
        ("owners-outsider", 101),
        ("peribolos-restricted", 16),
        ("subproject-leads", 5),
        ("subproject-twice", 5),
        ("team-empty", 5),
    ]);
    assert_eq!(by_id, expected);
}

#[test]
fn seventeen_groups_are_led_too_much_by_one_employer_and_two_by_too_few() {
    if shared("kubernetes").is_none() {
        return;
    }
    let about = |rule: &str| -> BTreeSet<String> {
        let report = json(&format!("check --rule {rule}"));
        let findings = report["findings"].as_array().expect("findings");
        findings
            .iter()
            .map(|finding| finding["about"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(about("employer-share").len(), 17);
    let few = BTreeSet::from([
        "group/sig-multicluster".to_owned(),
        "group/wg-data-protection".to_owned(),
    ]);
    assert_eq!(about("minimum-staff"), few);
}

#[test]
fn a_path_an_address_and_a_repository_have_owners() {
    if shared("kubernetes").is_none() {
        return;
    }
    let owners = |asked: &str| {
        json(&format!("who owns {asked}"))["answers"]
            .as_array()
            .expect("answers")
            .len()
    };
    assert!(owners("kubernetes/k8s.io/dns/zone-configs/k8s.io._0_base.yaml") > 0);
    assert!(owners("security@kubernetes.io") > 0);
    assert!(owners("kubernetes/test-infra") > 0);
    assert!(owners("sig-testing") > 0);
}
