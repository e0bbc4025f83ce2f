//! octoDNS zone files, by the reader's face.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use base::{Diagnostic, Severity, SourceMap, Span, Spanned};
use estate::kinds::{Foreign, Zone, ZoneLimits, ZoneReading};
use estate::{Item, MemoryTree};
use formats::octodns::{DeclaredZone, Reading, read_zone, validate};
use proptest::prelude::*;
use serde_json::{Value, json};

/// A zone of some files, and where their findings are.
struct Given {
    item: Item<Zone>,
    tree: MemoryTree,
    sources: SourceMap,
}

impl Given {
    fn of(name: &str, records: &[&str], files: &[(&str, &str)]) -> Self {
        let mut sources = SourceMap::default();
        let span = Span::start_of(sources.add("zones/it.yaml", ""));
        let records = records.iter();
        let value = Zone {
            owner: None,
            service: None,
            records: records
                .map(|path| Spanned::new((*path).to_owned(), span))
                .collect(),
            copy: None,
            servers: Vec::new(),
            default_ttl: 3600,
            foreign: Foreign::Remove,
            absent: Vec::new(),
            limits: ZoneLimits::default(),
            validators: Vec::new(),
            without_validators: Vec::new(),
            reading: ZoneReading::default(),
        };
        let tree = files
            .iter()
            .fold(MemoryTree::default(), |tree, (path, text)| {
                tree.with(path, *text)
            });
        let item = Item {
            name: name.to_owned(),
            span,
            value,
        };
        Self {
            item,
            tree,
            sources,
        }
    }

    fn one(text: &str) -> Self {
        Self::of("example.org", &["z.yaml"], &[("z.yaml", text)])
    }

    fn read(&mut self) -> Reading {
        read_zone(&self.item, &self.tree, &mut self.sources)
    }

    fn zone(&mut self) -> DeclaredZone {
        let reading = self.read();
        let findings = self.said(&reading.findings);
        reading.zone.unwrap_or_else(|| panic!("{findings:?}"))
    }

    fn said(&self, findings: &[Diagnostic]) -> Vec<String> {
        let say = |finding: &Diagnostic| {
            let place = self.sources.locate(finding.span);
            format!("{place} {} {}", finding.code.id, finding.message)
        };
        findings.iter().map(say).collect()
    }

    fn validators(&mut self, sets: &[&str]) {
        let span = self.item.span;
        let named = sets.iter().map(|set| Spanned::new((*set).to_owned(), span));
        self.item.value.validators = named.collect();
    }
}

/// The data of a zone as lines.
fn lines(zone: &DeclaredZone) -> Vec<String> {
    let line = |(key, set): (&estate::records::RecordKey, &formats::octodns::DeclaredSet)| {
        let data: Vec<String> = set
            .set
            .data()
            .iter()
            .map(|data| data.text(key.rtype))
            .collect();
        format!("{key} {} {}", set.set.ttl, data.join(" | "))
    };
    zone.sets.iter().map(line).collect()
}

fn shared(path: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../../shared/data")
        .join(path);
    if path.is_dir() {
        return Some(path);
    }
    eprintln!("skipped: there is no {}", path.display());
    None
}

#[test]
fn every_type_has_its_octets() {
    let text = include_str!("octodns/types.yaml");
    let mut given = Given::one(text);
    let zone = given.zone();
    let expected = include_str!("octodns/types.txt");
    assert_eq!(lines(&zone).join("\n"), expected.trim_end());
}

#[test]
fn what_is_wrong_is_said_once_and_where_it_stands() {
    let long = "a".repeat(64);
    let label = format!("{long}: {{type: A, value: 192.0.2.1}}\n");
    let full = format!(
        "{}: {{type: A, value: 192.0.2.1}}\n",
        vec!["a".repeat(60); 5].join(".")
    );
    for (text, expected) in [
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
        (&label, "z.yaml:1:1 zone-record"),
        (&full, "z.yaml:1:1 zone-record"),
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
    ] {
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

#[test]
fn zones_are_held_to_the_sets_they_name() {
    let text = "'': {type: MX, value: {exchange: mx.example.org., preference: 1}}\nmx: {type: CNAME, value: a.example.org.}\na: {type: CNAME, value: mx.example.org.}\nd: {type: DNAME, value: example.net.}\nx.d: {type: A, value: 192.0.2.1}\n";
    for (sets, expected) in [
        (&[][..], &[][..]),
        (
            &["strict"],
            &["no-cname-loop", "dname-coexistence", "mx-target-not-cname"],
        ),
        (
            &["best-practice"],
            &[
                "cname-target-not-cname",
                "cname-target-not-cname",
                "mail",
                "mail",
                "mail",
            ],
        ),
        (&["no-cname-lop"], &[""]),
    ] {
        let mut given = Given::one(text);
        given.validators(sets);
        let zone = given.zone();
        let findings = validate(&zone, &given.item.value, &[]);
        let ids: Vec<&str> = findings
            .iter()
            .map(|finding| {
                finding
                    .message
                    .rsplit_once("via: ")
                    .map_or("", |(_, id)| id)
            })
            .collect();
        assert_eq!(ids, expected, "{sets:?} {:?}", given.said(&findings));
    }
}

#[test]
fn a_zone_below_has_its_records_to_itself() {
    let mut given = Given::one(
        "b: {type: NS, values: [x.example.net., y.example.net.]}\na.b: {type: A, value: 192.0.2.1}\n",
    );
    let zone = given.zone();
    let below = [estate::records::DomainName::absolute("b.example.org.").unwrap()];
    let findings = validate(&zone, &given.item.value, &below);
    assert_eq!(
        given.said(&findings),
        ["z.yaml:2:1 zone-cut a.b.example.org. A belongs to the zone b.example.org"]
    );
}

/// The fourteen zones as `cat ZONE.yaml ZONE._*.yaml` makes them, links followed.
fn cooked() -> Option<Vec<(String, Vec<(String, String)>)>> {
    let folder = shared("kubernetes/k8s.io/dns/zone-configs")?;
    let mut names: Vec<String> = fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.ends_with(".yaml"))
        .collect();
    names.sort();
    let text = |name: &str| fs::read_to_string(folder.join(name)).unwrap();
    let mut zones: BTreeMap<String, Vec<(String, String)>> = BTreeMap::new();
    for name in &names {
        let body = text(name);
        let zone = name.split("._").next().unwrap().trim_end_matches(".yaml");
        // In this copy a link is a file that holds the path it leads to.
        let body = if names.contains(&body) {
            text(&body)
        } else {
            body
        };
        zones
            .entry(zone.to_owned())
            .or_default()
            .push((name.clone(), body));
    }
    Some(zones.into_iter().collect())
}

#[test]
fn the_real_zones_are_read_and_pass() {
    let Some(zones) = cooked() else { return };
    let (mut sets, mut strict, mut best) = (0, Vec::new(), Vec::new());
    assert_eq!(zones.len(), 14);
    for (name, files) in zones {
        let paths: Vec<&str> = files.iter().map(|(path, _)| path.as_str()).collect();
        let texts: Vec<(&str, &str)> = files
            .iter()
            .map(|(p, t)| (p.as_str(), t.as_str()))
            .collect();
        let mut given = Given::of(&name, &paths, &texts);
        let zone = given.zone();
        sets += zone.sets.len();
        given.validators(&["strict"]);
        strict.extend(validate(&zone, &given.item.value, &[]));
        given.validators(&["best-practice"]);
        best.extend(validate(&zone, &given.item.value, &[]));
    }
    assert_eq!((sets, strict.len(), best.len()), (446, 0, 14), "{best:#?}");
}

/// A state of a zone as octoDNS's plans have it: by name and type, the TTL and the data.
type State = BTreeMap<(String, String), (u32, Vec<String>)>;

fn state(zone: &DeclaredZone) -> State {
    let entry = |(key, set): (&estate::records::RecordKey, &formats::octodns::DeclaredSet)| {
        let name = key.name.below(&zone.name).unwrap().to_owned();
        let data = set.set.data().iter().map(|data| data.text(key.rtype));
        ((name, key.rtype.to_string()), (set.set.ttl, data.collect()))
    };
    zone.sets.iter().map(entry).collect()
}

/// The data that a plan says, by way of the reader: JSON is YAML.
fn planned(zone: &str, change: &Value, side: &str) -> Option<(u32, Vec<String>)> {
    let mut record = change.get(side)?.clone();
    record["type"] = change["record_type"].clone();
    let name = change["name"].as_str().unwrap();
    let file = json!({ name: record }).to_string();
    let mut given = Given::of(zone, &["z.yaml"], &[("z.yaml", &file)]);
    state(&given.zone()).into_values().next()
}

#[test]
fn the_recorded_history_is_planned_as_octodns_planned_it() {
    let Some(folder) = shared("dns/k8s-history") else {
        return;
    };
    let plans: Value =
        serde_json::from_str(&fs::read_to_string(folder.join("octodns-plans.json")).unwrap())
            .unwrap();
    let mut before: BTreeMap<String, State> = BTreeMap::new();
    let (mut steps, mut changes, mut invalid, mut faults) = (0, 0, 0, String::new());
    for step in plans.as_array().unwrap() {
        steps += 1;
        for (zone, plan) in step["zones"].as_object().unwrap() {
            let path = format!("{zone}yaml");
            let place = format!("{} {zone}", step["step"].as_str().unwrap());
            let text = fs::read_to_string(folder.join(step["step"].as_str().unwrap()).join(&path))
                .unwrap();
            let name = zone.trim_end_matches('.');
            let mut given = Given::of(name, &[&path], &[(&path, &text)]);
            let reading = given.read();
            let said = given.said(&reading.findings);
            if let Some(message) = plan.get("message").and_then(Value::as_str) {
                invalid += 1;
                let line = message
                    .split("line ")
                    .nth(1)
                    .unwrap()
                    .split(',')
                    .next()
                    .unwrap();
                let expected = format!("{path}:{line}:");
                if reading.zone.is_some() || !said.iter().any(|said| said.starts_with(&expected)) {
                    let _ = writeln!(faults, "{place}: {said:?} not {message}");
                }
                continue;
            }
            let Some(read) = reading.zone else {
                let _ = writeln!(faults, "{place}: {said:?}");
                continue;
            };
            let now = state(&read);
            let old = before.insert(zone.clone(), now.clone()).unwrap_or_default();
            let mut expected: State = old.clone();
            for change in plan["plan"]["changes"].as_array().into_iter().flatten() {
                changes += 1;
                let key = (
                    change["name"].as_str().unwrap().to_owned(),
                    change["record_type"].as_str().unwrap().to_owned(),
                );
                if planned(name, change, "existing").as_ref() != old.get(&key) {
                    let _ = writeln!(faults, "{place}: {key:?} was {:?}", old.get(&key));
                }
                match planned(name, change, "new") {
                    Some(new) => drop(expected.insert(key, new)),
                    None => drop(expected.remove(&key)),
                }
            }
            if expected != now {
                let _ = writeln!(faults, "{place}: other changes than octoDNS's");
            }
        }
    }
    assert!(faults.is_empty(), "{faults}");
    assert_eq!((steps, invalid), (120, 6));
    assert!(changes > 500, "{changes}");
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
