//! `commonhold impact`

use std::fmt::Write;

use estate::{Affected, Estate, Impact, KindId, Link, Strength};
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

/// Longer ways are told by their ends.
const TOLD: usize = 4;

/// The reasons in words: `calls service/b, which runs at account/c`.
pub(crate) fn reasons(estate: &Estate, impact: &Impact<'_>, affected: &Affected<'_>) -> String {
    let step = |link: &Link| format!("{} {}", link.relation.words(), subject(estate, link.to));
    let way: Vec<&Link> = impact.way(affected.node).take(TOLD).collect();
    let told: Vec<String> = way.into_iter().map(step).collect();
    let more = affected.steps.saturating_sub(TOLD);
    let rest = if more > 0 {
        format!(
            ", and so on for {}",
            base::counted(more, "more step", "more steps")
        )
    } else {
        String::new()
    };
    told.join(", which ") + &rest
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
            Cell::from(reasons(estate, impact, affected)),
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
    let orphans = impact.affected.iter().filter(|each| {
        let (kind, _) = estate.graph.item(each.node);
        kind == KindId::Service && estate.answering(each.node).is_empty()
    });
    let orphans: Vec<String> = orphans
        .map(|each| estate.graph.item(each.node).1.to_owned())
        .collect();
    if !orphans.is_empty() {
        text += &format!("\nNobody can be warned for: {}\n", orphans.join(", "));
    }
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
    let reason = |link: &Link| {
        json!({
            "how": link.relation.words(), "item": subject(estate, link.to),
            "says": estate.sources.line_of(link.span), "why": link.why,
        })
    };
    let affected: Vec<Value> = impact
        .affected
        .iter()
        .map(|each| {
            json!({
                "item": subject(estate, each.node), "strength": each.strength, "steps": each.steps,
                "because": reason(each.because), "answers": estate.answering(each.node),
            })
        })
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
