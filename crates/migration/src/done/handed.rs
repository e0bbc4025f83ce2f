//! Whether nothing names the group any more that ends.

use std::collections::BTreeMap;

use charter::{DisbandPolicy, RULES};
use estate::{KindId, Relation};

use super::{Finding, Question, Task, Thing};

const HANDED: &str = "handed-over";

/// Nothing in the estate or its charter names the group as owner, administrator, step of an
/// escalation, or as what it is a part of.
pub(super) fn over(question: &Question<'_>, policy: &DisbandPolicy, finding: &mut Finding) {
    let group = question.ending().unwrap_or(&policy.group.name).to_owned();
    let mut named: BTreeMap<Relation, BTreeMap<KindId, Vec<Thing>>> = BTreeMap::new();
    let graph = &question.estate.graph;
    let node = graph.node(KindId::Group, &group);
    for link in node.into_iter().flat_map(|node| graph.incoming(node)) {
        let (kind, name) = graph.item(link.from);
        if stays(kind, link.relation) {
            continue;
        }
        let of_kind = named.entry(link.relation).or_default();
        of_kind.entry(kind).or_default().push(Thing {
            name: name.to_owned(),
            place: link.span,
        });
    }
    let mut tasks: Vec<Task> = named
        .into_iter()
        .map(|(relation, kinds)| Task {
            criterion: HANDED,
            who: Some(group.clone()),
            what: what(relation, &counts(&kinds)),
            things: kinds.into_values().flatten().collect(),
        })
        .collect();
    let charter = of_charter(question, &group);
    if !charter.is_empty() {
        tasks.push(Task {
            criterion: HANDED,
            who: Some(group.clone()),
            what: format!(
                "name somebody else in the charter in {}",
                base::counted(charter.len(), "place", "places")
            ),
            things: charter,
        });
    }
    let count: usize = tasks.iter().map(|task| task.things.len()).sum();
    let evidence = vec![match count {
        0 => format!("nothing names {group} any more"),
        1 => format!("{group} is named once"),
        count => format!("{group} is named {count} times"),
    }];
    let title = format!("Nothing depends on {group} any more: processes and teams are handed over");
    finding.criterion(HANDED, title, evidence, tasks);
}

/// How many of each kind: `9 services, 3 teams`.
fn counts(kinds: &BTreeMap<KindId, Vec<Thing>>) -> String {
    let of_kind = |(kind, things): (&KindId, &Vec<Thing>)| {
        let one = kind.name().replace('-', " ");
        let several = kind.folder().replace('-', " ");
        base::counted(things.len(), &one, &several)
    };
    kinds.iter().map(of_kind).collect::<Vec<_>>().join(", ")
}

/// What is to be done with items that name the group in a relation.
fn what(relation: Relation, items: &str) -> String {
    match relation {
        Relation::OwnedBy => format!("hand {items} over to other owners"),
        Relation::PartOf => format!("make {items} part of another group"),
        Relation::EscalatesTo => format!("let the escalation of {items} lead to somebody else"),
        Relation::HasMember | Relation::HasMaintainer => {
            format!("take the group out of {items}")
        }
        Relation::Limits => format!("let {items} limit somebody else, or nobody"),
        _ => format!("let {items} name another group"),
    }
}

/// What may go on naming a group that has ended: its own migrations, and what is history.
fn stays(kind: KindId, relation: Relation) -> bool {
    matches!(kind, KindId::Migration | KindId::Person)
        || matches!(relation, Relation::Honours | Relation::Consults)
}

/// Where the charter names the group.
fn of_charter(question: &Question<'_>, group: &str) -> Vec<Thing> {
    let charter = question.charter;
    let top = [
        ("infrastructure", charter.infrastructure.as_ref()),
        (
            "contributor_experience",
            charter.contributor_experience.as_ref(),
        ),
    ];
    let rules = RULES.iter().filter_map(|rule| {
        let owner = charter.settings(rule)?.owner.as_ref()?;
        Some((format!("rules.{}.owner", rule.code.id), owner))
    });
    let top = top
        .into_iter()
        .filter_map(|(key, named)| Some((key.to_owned(), named?)));
    top.chain(rules)
        .filter(|(_, named)| named.name.eq_ignore_ascii_case(group))
        .map(|(name, named)| Thing {
            name,
            place: named.span,
        })
        .collect()
}
