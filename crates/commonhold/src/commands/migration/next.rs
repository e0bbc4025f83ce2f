//! `commonhold migration next`

use std::fmt::Write;

use base::{Decimal, SourceMap};
use migration::Standing;
use migration::next::{Batch, Freeing, batches, freeing};
use serde_json::{Value, json};

use super::ground::Ground;
use crate::cli::{MigrationNextArguments, Output};
use crate::project::Project;
use crate::render::machine::JSON_VERSION;
use crate::render::table::{Cell, Table};
use crate::surroundings::Outcome;

/// So many things of a batch are named.
const NAMED: usize = 8;

/// What there is to do for one migration.
struct Todo<'s> {
    standing: &'s Standing,
    guidance: Option<&'s str>,
    batches: Vec<Batch<'s>>,
    freeing: Vec<Freeing<'s>>,
}

pub(super) fn run(
    project: &Project<'_>,
    arguments: &MigrationNextArguments,
) -> anyhow::Result<Outcome> {
    let ground = Ground::read(project)?;
    if let Some(owner) = &arguments.owner {
        crate::project::group(&ground.estate, owner)?;
    }
    let subjects = ground.subjects();
    let things = ground.things(subjects.as_ref());
    let chosen = ground.chosen(arguments.name.as_deref())?;
    let standings = ground.standings(&things, &chosen)?;
    let count = usize::from(arguments.count);
    let todos = standings.iter().zip(&chosen).map(|(standing, item)| {
        let asked = arguments.owner.as_deref();
        let mut batches = batches(standing, &item.value.effort);
        batches.retain(|batch| asked.is_none_or(|owner| batch.owner.eq_ignore_ascii_case(owner)));
        batches.truncate(count);
        let mut freeing = freeing(standing);
        // What somebody else frees is not theirs to do, unless nobody was named for it.
        freeing.retain(|step| {
            let theirs = |owner: &str| {
                let owns = step.lock.owner.as_deref();
                owns.is_none_or(|group| group.eq_ignore_ascii_case(owner))
            };
            asked.is_none_or(theirs)
        });
        freeing.truncate(count);
        Todo {
            standing,
            guidance: item.value.guidance.as_deref(),
            batches,
            freeing,
        }
    });
    let todos: Vec<Todo<'_>> = todos.collect();
    let sources = &ground.estate.sources;
    let form = arguments.question.output;
    let data = match form {
        Output::Text => todos
            .iter()
            .map(|todo| text(todo, sources))
            .collect::<Vec<_>>()
            .join("\n"),
        Output::Json => machine(&todos, sources),
        Output::Csv | Output::Markdown => {
            table(&todos, sources).print(form, "steps", project.surroundings)
        }
    };
    Ok(Outcome {
        notes: ground.notes.clone(),
        ..Outcome::data(data)
    })
}

fn days(effort: Decimal) -> String {
    let days = effort.rounded(1);
    if days == Decimal::ONE {
        "about 1 day".to_owned()
    } else {
        format!("about {days} days")
    }
}

fn text(todo: &Todo<'_>, sources: &SourceMap) -> String {
    let standing = todo.standing;
    let mut text = format!(
        "{}: {}\n",
        standing.migration,
        base::visible(&standing.title)
    );
    let _ = writeln!(text, "{}", super::status::left_and_new(standing));
    if standing.counts().left() == 0 {
        return text;
    }
    text += "\nWhat can move now:\n";
    if todo.batches.is_empty() {
        text += "  nothing\n";
    }
    for (at, batch) in todo.batches.iter().enumerate() {
        let things = base::counted(batch.ready.len(), "thing", "things");
        let _ = writeln!(
            text,
            "  {}. {} ({}): {things}, {}",
            at + 1,
            base::visible(batch.name),
            batch.owner,
            days(batch.effort)
        );
        for asset in batch.ready.iter().take(NAMED) {
            if batch.name == asset.id {
                let _ = writeln!(text, "       {}", sources.line_of(asset.place));
            } else {
                let _ = writeln!(
                    text,
                    "       {}  {}",
                    asset.id,
                    sources.line_of(asset.place)
                );
            }
        }
        if batch.ready.len() > NAMED {
            let more = batch.ready.len() - NAMED;
            let _ = writeln!(text, "       and {more} more; --output json lists all");
        }
        if batch.others > 0 {
            let _ = writeln!(text, "       {} more of it cannot move yet", batch.others);
        }
    }
    if let Some(guidance) = todo.guidance.filter(|_| !todo.batches.is_empty()) {
        text += "\nHow:\n";
        for line in guidance.trim().lines() {
            let _ = writeln!(text, "  {}", base::visible(line));
        }
    }
    if !todo.freeing.is_empty() {
        text += "\nWhat to free, in this order:\n";
    }
    for (at, step) in todo.freeing.iter().enumerate() {
        let lock = step.lock;
        let by = lock.owner.as_deref().unwrap_or("nobody is named for it");
        let effort = lock.effort.map(days).map(|days| format!(", {days}"));
        let _ = writeln!(
            text,
            "  {}. {} ({by}{}): holds {}, {}",
            at + 1,
            base::visible(&lock.name),
            effort.unwrap_or_default(),
            lock.holds.len(),
            match step.frees.len() {
                0 => "which wait for others too".to_owned(),
                frees => format!("frees {frees}"),
            }
        );
        for line in lock.about.iter().flat_map(|about| about.trim().lines()) {
            let _ = writeln!(text, "       {}", base::visible(line));
        }
    }
    text
}

/// A row for each thing that can move, and for each lock.
fn table(todos: &[Todo<'_>], sources: &SourceMap) -> Table {
    let mut table = Table::new(&[
        "migration",
        "step",
        "what",
        "owner",
        "batch",
        "days",
        "frees",
        "place",
    ]);
    for todo in todos {
        let migration = todo.standing.migration.as_str();
        for batch in &todo.batches {
            for asset in &batch.ready {
                table.row([
                    Cell::from(migration),
                    Cell::from("move"),
                    Cell::from(asset.id.as_str()),
                    Cell::from(batch.owner),
                    Cell::from(batch.name),
                    Cell::from(batch.effort.to_string()),
                    Cell::from(""),
                    Cell::from(sources.line_of(asset.place)),
                ]);
            }
        }
        for step in &todo.freeing {
            table.row([
                Cell::from(migration),
                Cell::from("free"),
                Cell::from(step.lock.name.as_str()),
                Cell::from(step.lock.owner.clone()),
                Cell::from(""),
                Cell::from(step.lock.effort.map(|effort| effort.to_string())),
                Cell::from(step.frees.len()),
                Cell::from(sources.line_of(step.lock.span)),
            ]);
        }
    }
    table
}

fn machine(todos: &[Todo<'_>], sources: &SourceMap) -> String {
    let batch = |batch: &Batch<'_>| {
        let things = batch.ready.iter();
        let things = things.map(|one| json!({"id": one.id, "place": sources.line_of(one.place)}));
        json!({
            "batch": batch.name,
            "owner": batch.owner,
            "days": batch.effort.to_string(),
            "others": batch.others,
            "things": things.collect::<Vec<Value>>(),
        })
    };
    let step = |step: &Freeing<'_>| {
        let frees = step.frees.iter().map(|asset| asset.id.as_str());
        json!({
            "lock": step.lock.name,
            "owner": step.lock.owner,
            "days": step.lock.effort.map(|effort| effort.to_string()),
            "about": step.lock.about,
            "holds": step.lock.holds.len(),
            "frees": frees.collect::<Vec<_>>(),
            "left": step.left,
        })
    };
    let todo = |todo: &Todo<'_>| {
        json!({
            "name": todo.standing.migration,
            "left": todo.standing.counts().left(),
            "guidance": todo.guidance,
            "move": todo.batches.iter().map(batch).collect::<Vec<Value>>(),
            "free": todo.freeing.iter().map(step).collect::<Vec<Value>>(),
        })
    };
    let todos: Vec<Value> = todos.iter().map(todo).collect();
    format!(
        "{:#}\n",
        json!({"version": JSON_VERSION, "migrations": todos})
    )
}
