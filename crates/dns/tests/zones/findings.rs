//! What `check` says of the zones of an estate.

use std::collections::BTreeMap;
use std::fs;

use crate::support::{Community, shared};

#[test]
fn zones_in_order_have_no_findings() {
    let community = Community::zone("", "www: {type: A, value: 192.0.2.1}\n");
    assert!(community.findings().is_empty());
}

#[test]
fn a_zone_that_copies_itself_is_said_once_for_each_in_the_circle() {
    let records = "www: {type: A, value: 192.0.2.1}\n";
    let community = Community::of(&[
        ("zones/a.org.yaml", "copy: {of: b.org, as: canary}\n"),
        ("zones/b.org.yaml", "copy: {of: a.org, as: mirror}\n"),
        (
            "zones/c.org.yaml",
            "records: [dns/c.yaml]\ncopy: {of: a.org, as: canary}\n",
        ),
        ("zones/d.org.yaml", "copy: {of: d.org, as: canary}\n"),
        ("dns/c.yaml", records),
    ]);
    for zone in ["a.org", "c.org"] {
        let item = community.estate.tables.zones.get(zone).unwrap();
        let mut sources = base::SourceMap::default();
        let read = dns::desired(item, &community.estate, &community.tree, &mut sources);
        assert!(read.desired.is_none(), "{zone}");
    }
    assert_eq!(
        community.findings(),
        [
            "zones/a.org.yaml:1:12 zone-copy zone a.org is a copy of itself",
            "zones/b.org.yaml:1:12 zone-copy zone b.org is a copy of itself",
            "zones/d.org.yaml:1:12 zone-copy zone d.org is a copy of itself",
        ]
    );
}

#[test]
fn what_is_wrong_in_a_file_is_said_once_though_others_copy_it() {
    let community = Community::of(&[
        ("zones/a.org.yaml", "records: [dns/a.yaml]\n"),
        ("zones/b.org.yaml", "copy: {of: a.org, as: canary}\n"),
        (
            "zones/c.org.yaml",
            "records: [dns/c.yaml]\ncopy: {of: a.org, as: canary}\n",
        ),
        ("dns/a.yaml", "www: {type: A, value: 192.0.2.300}\n"),
        ("dns/c.yaml", "www: {type: A, value: 192.0.2.3}\n"),
    ]);
    assert_eq!(
        community.findings(),
        ["dns/a.yaml:1:23 zone-record invalid IPv4 address \"192.0.2.300\", via: ip-value-rfc"]
    );
}

#[test]
fn a_server_lacks_what_it_is_spoken_to_with() {
    let community = Community::of(&[
        ("dns-servers/a.yaml", "kind: rfc2136\n"),
        (
            "dns-servers/b.yaml",
            "kind: powerdns\naddress: http://192.0.2.1:8081\n",
        ),
        ("dns-servers/c.yaml", "kind: powerdns\napi_key: env/KEY\n"),
        ("dns-servers/d.yaml", "kind: route53\n"),
        ("dns-servers/e.yaml", "kind: zone-files\n"),
        ("dns-servers/f.yaml", "kind: other\n"),
        ("dns-servers/g.yaml", "kind: route53\napi_key: env/KEY\n"),
    ]);
    let lacks = |server: &str, what: &str| {
        format!(
            "dns-servers/{server}.yaml:1:1 dns-server-incomplete DNS server {server} lacks {what}"
        )
    };
    assert_eq!(
        community.findings(),
        [
            lacks("a", "an `address`, as host:port"),
            lacks("b", "an `api_key`"),
            lacks("c", "an `address`, the URL of its interface"),
            lacks("d", "an `api_key`"),
            lacks("e", "an `address`, the path of its folder"),
        ]
    );
}

#[test]
fn a_record_is_too_old_on_the_day_that_nobody_needs_it_any_more() {
    let records = |day: &str| {
        format!("www:\n  type: A\n  value: 192.0.2.1\n  commonhold: {{expires: {day}}}\n")
    };
    for (day, old) in [
        ("2024-06-05", true),
        ("2024-06-06", true),
        ("2024-06-07", false),
    ] {
        let findings = Community::zone("", &records(day)).findings();
        let expected = format!(
            "dns/example.org.yaml:4:25 record-expired www.example.org. A was asked for until {day}"
        );
        let expected = if old { vec![expected] } else { Vec::new() };
        assert_eq!(findings, expected);
    }
}

#[test]
fn the_owner_of_a_record_is_a_group_of_the_estate() {
    let records = "www: {type: A, value: 192.0.2.1, commonhold: {owner: docs}}\n";
    let findings = Community::zone("", records).findings();
    assert_eq!(findings.len(), 1);
    assert!(
        findings[0].starts_with("dns/example.org.yaml:1:54 "),
        "{findings:?}"
    );
}

#[test]
fn a_name_belongs_to_the_nearest_zone() {
    let community = Community::of(&[
        ("zones/example.org.yaml", "records: [dns/a.yaml]\n"),
        ("zones/lab.example.org.yaml", "records: [dns/b.yaml]\n"),
        (
            "dns/a.yaml",
            "lab: {type: NS, values: [a.example.net., b.example.net.]}\nwww.lab: {type: A, value: 192.0.2.1}\n",
        ),
        ("dns/b.yaml", "www: {type: A, value: 192.0.2.1}\n"),
    ]);
    assert_eq!(
        community.findings(),
        ["dns/a.yaml:2:1 zone-cut www.lab.example.org. A belongs to the zone lab.example.org"]
    );
}

#[test]
fn a_zone_without_its_file_is_said_where_it_is_asked_for() {
    let item = "records: [dns/gone.yaml]\nservers: [primary]\n";
    let community = Community::of(&[("zones/example.org.yaml", item)]);
    let findings = community.findings();
    assert_eq!(findings.len(), 1);
    assert!(
        findings[0].starts_with("zones/example.org.yaml:1:11 zone-files "),
        "{findings:?}"
    );
}

/// The fourteen zones as `cat ZONE.yaml ZONE._*.yaml` makes them, held to a set.
fn cooked(set: &str) -> Option<(Community, usize)> {
    let folder = shared("kubernetes/k8s.io/dns/zone-configs")?;
    let mut files: Vec<(String, String)> = Vec::new();
    let mut zones: BTreeMap<String, String> = BTreeMap::new();
    for entry in fs::read_dir(&folder).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        let Some(stem) = name.strip_suffix(".yaml") else {
            continue;
        };
        let mut text = fs::read_to_string(entry.path()).unwrap();
        if stem.starts_with("canary.") {
            // In this copy a link is a file that holds the path it leads to.
            text = fs::read_to_string(folder.join(text.trim())).unwrap();
        }
        let zone = stem.split("._").next().unwrap().to_owned();
        let item =
            format!("records: ['dns/{zone}*.yaml']\nvalidators: [{set}]\nservers: [primary]\n");
        let item = item.replace(
            "*.yaml",
            if stem.contains("._") {
                "._*.yaml"
            } else {
                ".yaml"
            },
        );
        zones.insert(zone, item);
        files.push((format!("dns/{name}"), text));
    }
    let count = zones.len();
    files.extend(
        zones
            .into_iter()
            .map(|(zone, item)| (format!("zones/{zone}.yaml"), item)),
    );
    Some((Community::of(&files), count))
}

#[test]
fn the_real_zones_pass_and_best_practice_finds_what_octodns_finds() {
    for set in ["legacy", "strict", "best-practice"] {
        let Some((community, zones)) = cooked(set) else {
            return;
        };
        let names: Vec<String> = community
            .estate
            .tables
            .zones
            .items()
            .map(|zone| zone.name.clone())
            .collect();
        let sets: usize = names
            .iter()
            .map(|zone| community.desired(zone).unwrap().sets.len())
            .sum();
        assert_eq!((zones, sets), (14, 446));
        let mut by_id: BTreeMap<(String, String), usize> = BTreeMap::new();
        for finding in community.findings() {
            // One canary has no records but delegations, which octoDNS does not mind.
            if finding.contains(" zone-empty ") {
                assert!(finding.contains("canary.k8s-e2e.com"), "{finding}");
                continue;
            }
            let (_, id) = finding.rsplit_once("via: ").unwrap();
            let file = finding
                .split(':')
                .next()
                .unwrap()
                .trim_start_matches("dns/");
            let zone = file.trim_end_matches(".yaml").split("._").next().unwrap();
            *by_id.entry((zone.to_owned(), id.to_owned())).or_default() += 1;
        }
        let found: Vec<String> = by_id
            .iter()
            .map(|((zone, id), count)| format!("{zone} {id} {count}"))
            .collect();
        let expected: &[&str] = if set == "best-practice" {
            &BEST_PRACTICE
        } else {
            &[]
        };
        assert_eq!(found, expected, "{set}");
    }
}

/// What octoDNS 1.22 finds in the same files with the set `best-practice`.
const BEST_PRACTICE: [&str; 14] = [
    "canary.etcd.io mail 1",
    "canary.k8s.io caa-best-practices 1",
    "canary.k8s.io caa-value-best-practice 1",
    "canary.k8s.io mail 1",
    "canary.kubernetes.io caa-best-practices 1",
    "canary.kubernetes.io caa-value-best-practice 1",
    "canary.kubernetes.io mail 1",
    "etcd.io mail 1",
    "k8s.io caa-best-practices 1",
    "k8s.io caa-value-best-practice 1",
    "k8s.io mail 1",
    "kubernetes.io caa-best-practices 1",
    "kubernetes.io caa-value-best-practice 1",
    "kubernetes.io mail 1",
];
