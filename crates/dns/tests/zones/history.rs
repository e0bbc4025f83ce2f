//! 120 real steps of real zones, each with the plan that octoDNS 1.22 made of it.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use base::{Severity, SourceMap};
use change::{Action, Difference, Domain};
use dns::ZoneState;
use serde_json::Value;

use crate::support::{Community, said, scope, shared};

/// Updates that octoDNS plans and we do not: to it a target with and without its final dot
/// are two values, to every name server they are one. The step that forgot the dot is
/// followed by the one that added it.
const ONLY_A_DOT: [(&str, &str); 8] = [
    ("009-2019-02-12-fb96c66ced", "kind.sigs.canary.k8s.io."),
    ("009-2019-02-12-fb96c66ced", "kind.sigs.k8s.io."),
    (
        "018-2019-06-11-02b6f02ce1",
        "cloud-provider-vsphere.sigs.canary.k8s.io.",
    ),
    (
        "018-2019-06-11-02b6f02ce1",
        "cloud-provider-vsphere.sigs.k8s.io.",
    ),
    (
        "030-2019-12-06-d057057c4d",
        "image-builder.sigs.canary.k8s.io.",
    ),
    ("030-2019-12-06-d057057c4d", "image-builder.sigs.k8s.io."),
    (
        "093-2021-12-10-0e363c42dc",
        "cluster-api-ibmcloud.sigs.canary.k8s.io.",
    ),
    (
        "093-2021-12-10-0e363c42dc",
        "cluster-api-ibmcloud.sigs.k8s.io.",
    ),
];

/// A change as both sides can be asked for it: what is done, to what, and the TTL and
/// values before and after.
type Step = (Action, String, Option<Side>, Option<Side>);
type Side = (u64, Vec<String>);

/// One plan of octoDNS's, and what ours is compared with.
struct Recorded<'p> {
    step: &'p str,
    /// The zone, with its final dot.
    zone: &'p str,
    plan: &'p Value,
}

impl Recorded<'_> {
    fn community(&self, folder: &Path) -> Community {
        let path = folder.join(self.step).join(format!("{}yaml", self.zone));
        let item = format!(
            "records: [dns/{}yaml]\nforeign: remove\nservers: [primary]\n",
            self.zone
        );
        Community::of(&[
            (format!("zones/{}yaml", self.zone), item),
            (
                format!("dns/{}yaml", self.zone),
                fs::read_to_string(path).unwrap(),
            ),
        ])
    }

    /// What octoDNS planned, without what only adds a dot.
    fn planned(&self) -> Vec<Step> {
        let changes = self.plan["plan"]["changes"].as_array();
        let mut steps: Vec<Step> = changes
            .into_iter()
            .flatten()
            .map(|change| octodns_step(change, self.zone))
            .filter(|(_, _, before, after)| before != after)
            .collect();
        steps.sort();
        steps
    }

    /// The names at which octoDNS planned to add no more than a dot.
    fn dots(&self) -> Vec<(String, String)> {
        let changes = self.plan["plan"]["changes"].as_array();
        let steps = changes
            .into_iter()
            .flatten()
            .map(|change| octodns_step(change, self.zone));
        steps
            .filter(|(_, _, before, after)| before == after)
            .map(|(_, resource, _, _)| {
                let name = resource.split(' ').next().unwrap();
                (self.step.to_owned(), name.to_owned())
            })
            .collect()
    }

    /// The line at which octoDNS refused the file, where it did.
    fn refused_at(&self) -> Option<&str> {
        let message = self.plan.get("message")?.as_str()?;
        message.split("line ").nth(1)?.split(',').next()
    }
}

fn octodns_step(change: &Value, zone: &str) -> Step {
    let action = match change["type"].as_str() {
        Some("create") => Action::Create,
        Some("update") => Action::Update,
        Some("delete") => Action::Delete,
        other => panic!("{other:?}"),
    };
    let rtype = change["record_type"].as_str().unwrap();
    let name = match change["name"].as_str().unwrap() {
        "" => zone.to_owned(),
        name => format!("{name}.{zone}"),
    };
    let side = |key| change.get(key).map(|side| octodns_side(side, rtype));
    (
        action,
        format!("{name} {rtype}"),
        side("existing"),
        side("new"),
    )
}

fn octodns_side(side: &Value, rtype: &str) -> Side {
    let values = match &side["values"] {
        Value::Array(values) => values.clone(),
        _ => vec![side["value"].clone()],
    };
    let mut values: Vec<String> = values
        .iter()
        .map(|value| octodns_value(value, rtype))
        .collect();
    values.sort();
    (side["ttl"].as_u64().unwrap(), values)
}

/// A value of octoDNS's as zone files have it.
fn octodns_value(value: &Value, rtype: &str) -> String {
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    let dotted = |value: &Value| format!("{}.", text(value).trim_end_matches('.'));
    match rtype {
        "A" | "AAAA" => text(value),
        "CNAME" | "NS" => dotted(value),
        "TXT" => format!("\"{}\"", text(value).replace("\\;", ";")),
        "MX" => format!("{} {}", value["preference"], dotted(&value["exchange"])),
        "CAA" => format!(
            "{} {} \"{}\"",
            value["flags"],
            text(&value["tag"]),
            text(&value["value"])
        ),
        other => panic!("the history has no {other}"),
    }
}

fn our_steps(difference: &Difference) -> Vec<Step> {
    let side = |value: &Value| {
        let values = value["values"].as_array().unwrap().iter();
        let mut values: Vec<String> = values
            .map(|value| value.as_str().unwrap().to_owned())
            .collect();
        values.sort();
        (value["ttl"].as_u64().unwrap(), values)
    };
    let changes = difference.changes.iter();
    let mut steps: Vec<Step> = changes
        .map(|change| {
            (
                change.action,
                change.resource.clone(),
                change.before.as_ref().map(side),
                change.after.as_ref().map(side),
            )
        })
        .collect();
    steps.sort();
    steps
}

/// The errors in the files of a zone, as `path:line:column code message`.
fn errors(community: &Community, zone: &str) -> Vec<String> {
    let item = community.estate.tables.zones.get(zone).unwrap();
    let mut sources = SourceMap::default();
    let mut read = dns::desired(item, &community.estate, &community.tree, &mut sources);
    read.findings
        .retain(|finding| finding.severity == Severity::Error);
    said(&read.findings, &sources)
}

/// What is planned and refused along the history, and where that is not as octoDNS has it.
#[derive(Default)]
struct Replay {
    states: BTreeMap<String, ZoneState>,
    changes: usize,
    refused: usize,
    dots: Vec<(String, String)>,
    faults: String,
}

impl Replay {
    fn take(&mut self, recorded: &Recorded<'_>, folder: &Path) {
        let place = format!("{} {}", recorded.step, recorded.zone);
        let zone = recorded.zone.trim_end_matches('.');
        let community = recorded.community(folder);
        if let Some(line) = recorded.refused_at() {
            self.refused += 1;
            let found = errors(&community, zone);
            let expected = format!("dns/{}yaml:{line}:", recorded.zone);
            let stopped = community.desired(zone).is_err();
            if !stopped || found.len() != 1 || !found[0].starts_with(&expected) {
                let _ = writeln!(self.faults, "{place}: {found:?}, not line {line}");
            }
            return;
        }
        let desired = match community.desired(zone) {
            Ok(desired) => desired,
            Err(stopped) => {
                let _ = writeln!(self.faults, "{place}: {stopped}");
                return;
            }
        };
        let empty = || ZoneState::real(desired.zone.clone(), BTreeMap::default());
        let current = self.states.remove(zone).unwrap_or_else(empty);
        let difference = community
            .domain()
            .diff(&scope(zone), &current, &desired, Some(&current));
        let (ours, theirs) = (our_steps(&difference), recorded.planned());
        if ours != theirs {
            let _ = writeln!(
                self.faults,
                "{place}:\n ours {ours:#?}\n octoDNS {theirs:#?}"
            );
        }
        self.changes += ours.len();
        self.dots.extend(recorded.dots());
        self.states.insert(zone.to_owned(), desired);
    }
}

#[test]
fn every_real_step_is_planned_as_octodns_planned_it() {
    let Some(folder) = shared("dns/k8s-history") else {
        return;
    };
    let plans = fs::read_to_string(folder.join("octodns-plans.json")).unwrap();
    let plans: Vec<Value> = serde_json::from_str(&plans).unwrap();
    let mut replay = Replay::default();
    for step in &plans {
        for (zone, plan) in step["zones"].as_object().unwrap() {
            let step = step["step"].as_str().unwrap();
            replay.take(&Recorded { step, zone, plan }, &folder);
        }
    }
    assert!(replay.faults.is_empty(), "{}", replay.faults);
    let dots: Vec<(&str, &str)> = replay
        .dots
        .iter()
        .map(|(step, name)| (step.as_str(), name.as_str()))
        .collect();
    assert_eq!(dots, ONLY_A_DOT);
    assert_eq!((plans.len(), replay.refused, replay.changes), (120, 6, 566));
}
