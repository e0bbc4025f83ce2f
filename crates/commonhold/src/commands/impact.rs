//! `commonhold impact`

use std::fmt::Write;

use estate::{Affected, Estate, Impact, Strength};
use serde_json::{Value, json};

use crate::cli::{ImpactArguments, Output};
use crate::project::{Project, one_item};
use crate::render::machine::JSON_VERSION;
use crate::render::table::{Cell, Table};
use crate::surroundings::Outcome;

pub(crate) fn run(project: &Project<'_>, arguments: &ImpactArguments) -> anyhow::Result<Outcome> {
    let (estate, notes) = project.ask()?;
    let item = one_item(&estate, &arguments.item)?;
    let Some(node) = estate.graph.node(item.kind, item.name) else {
        return Ok(Outcome::data(String::new()));
    };
    let impact = estate.impact(node);
    let data = match arguments.question.output {
        Output::Json => json_of(&estate, &item.subject(), &impact),
        Output::Text => text(&estate, &item.subject(), &impact, project),
        other => table(&estate, &impact).print(other, "affected", project.surroundings),
    };
    Ok(Outcome {
        notes,
        ..Outcome::data(data)
    })
}

fn subject(estate: &Estate, node: estate::NodeId) -> String {
    let (kind, name) = estate.graph.item(node);
    format!("{}/{name}", kind.name())
}

/// The reasons in words: `calls service/b, which runs at account/c`.
fn reasons(estate: &Estate, affected: &Affected<'_>) -> String {
    let steps = affected
        .way
        .iter()
        .map(|link| format!("{} {}", link.relation.words(), subject(estate, link.to)));
    steps.collect::<Vec<_>>().join(", which ")
}

fn word(strength: Strength) -> &'static str {
    match strength {
        Strength::Breaks => "stops",
        Strength::Weakens => "is weakened",
        Strength::Nothing => "does not notice",
    }
}

fn table(estate: &Estate, impact: &Impact<'_>) -> Table {
    let mut table = Table::new(&["item", "what happens", "because it", "answers"]);
    for affected in &impact.affected {
        table.row([
            Cell::from(subject(estate, affected.node)),
            Cell::from(word(affected.strength)),
            Cell::from(reasons(estate, affected)),
            Cell::from(estate.answering(affected.node)),
        ]);
    }
    table
}

fn text(estate: &Estate, gone: &str, impact: &Impact<'_>, project: &Project<'_>) -> String {
    let count = |strength| {
        impact
            .affected
            .iter()
            .filter(|affected| affected.strength == strength)
            .count()
    };
    let (stops, weakened) = (count(Strength::Breaks), count(Strength::Weakens));
    if stops + weakened == 0 {
        return format!("If {gone} goes, nothing that the estate knows notices.\n");
    }
    let mut text = format!("If {gone} goes: {stops} stop, {weakened} are weakened.\n\n");
    text += &table(estate, impact).print(Output::Text, "affected", project.surroundings);
    if !impact.warn.is_empty() {
        text.push_str("\nGroups to warn:\n");
        for (group, items) in &impact.warn {
            let items: Vec<String> = items
                .iter()
                .map(|node| estate.graph.item(*node).1.to_owned())
                .collect();
            let contact = estate
                .tables
                .groups
                .get(group)
                .and_then(|group| group.value.contact.as_ref());
            let list = contact
                .and_then(|contact| contact.mailing_list.as_deref())
                .map_or(String::new(), |list| format!(" ({list})"));
            let _ = writeln!(text, "  {group}{list}: {}", items.join(", "));
        }
    }
    text
}

fn json_of(estate: &Estate, gone: &str, impact: &Impact<'_>) -> String {
    let way = |affected: &Affected<'_>| -> Vec<Value> {
        let steps = affected.way.iter();
        steps
            .map(|link| {
                json!({
                    "from": subject(estate, link.from), "how": link.relation.words(), "to": subject(estate, link.to),
                    "says": estate.sources.line_of(link.span), "because": link.why,
                })
            })
            .collect()
    };
    let affected: Vec<Value> = impact
        .affected
        .iter()
        .map(|each| json!({"item": subject(estate, each.node), "strength": each.strength, "way": way(each), "answers": estate.answering(each.node)}))
        .collect();
    let warn = impact.warn.iter().map(|(group, items)| {
        (
            group.clone(),
            json!(
                items
                    .iter()
                    .map(|node| subject(estate, *node))
                    .collect::<Vec<_>>()
            ),
        )
    });
    let warn: serde_json::Map<String, Value> = warn.collect();
    format!(
        "{:#}\n",
        json!({"version": JSON_VERSION, "gone": gone, "affected": affected, "warn": warn})
    )
}
