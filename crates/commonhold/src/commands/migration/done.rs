//! `commonhold migration done`

mod past;

use std::fmt::Write;

use base::SourceMap;
use charter::Charter;
use estate::Item;
use estate::kinds::Migration;
use migration::done::{Answer, HELD_FOR_DAYS, Question, Task, judge};
use serde_json::{Value, json};

use super::ground::Ground;
use crate::Exit;
use crate::cli::{MigrationDoneArguments, Output};
use crate::project::Project;
use crate::render::machine::JSON_VERSION;
use crate::render::table::{Cell, Table};
use crate::surroundings::Outcome;

/// So many things of a task are named.
const NAMED: usize = 3;

pub(super) fn run(
    project: &Project<'_>,
    arguments: &MigrationDoneArguments,
) -> anyhow::Result<Outcome> {
    let mut ground = Ground::read(project)?;
    let (charter, _) = Charter::of(&ground.estate);
    let policy = charter
        .disband
        .as_ref()
        .filter(|_| arguments.name.is_none());
    if arguments.name.is_none() && policy.is_none() {
        ground.notes += "note: charter.yaml does not say which group ends (`disband`), so only the migrations are looked at\n";
    }
    let held_for_days = charter.disband.as_ref();
    let held_for_days = held_for_days.map_or(HELD_FOR_DAYS, |policy| policy.held_for_days);
    let subjects = ground.subjects();
    let things = ground.things(subjects.as_ref());
    let mut chosen: Vec<&Item<Migration>> = Vec::new();
    match policy.map(|policy| policy.migrations.as_slice()) {
        Some(named @ [_, ..]) => {
            for name in named {
                chosen.extend(ground.chosen(Some(&name.name))?);
            }
        }
        _ => chosen = ground.chosen(arguments.name.as_deref())?,
    }
    let standings = ground.standings(&things, &chosen)?;
    let since = past::since(&ground, &chosen, &standings, held_for_days)?;
    let told = migration::check::told(&standings);
    let findings = charter::check_told(&ground.estate, &charter, ground.day, &told);
    let answer = judge(&Question {
        estate: &ground.estate,
        charter: &charter,
        policy,
        standings: &standings,
        since: &since,
        held_for_days,
        findings: &findings,
        today: ground.day,
    });
    let whose = match (policy, &arguments.name) {
        (Some(policy), _) => format!("{} may end", policy.group),
        (None, Some(name)) => format!("{name} is over"),
        (None, None) => "all migrations are over".to_owned(),
    };
    let sources = &ground.estate.sources;
    let data = match arguments.output {
        Output::Text => text(&answer, &whose),
        Output::Markdown => markdown(&answer, &whose),
        Output::Csv => table(&answer, sources).print(Output::Csv, "tasks", project.surroundings),
        Output::Json => machine(&answer, sources),
    };
    let exit = if answer.yes {
        Exit::Well
    } else {
        Exit::Findings
    };
    Ok(Outcome {
        notes: ground.notes.clone(),
        ..Outcome::data(data)
    }
    .exit(exit))
}

/// Yes or no, in a sentence.
fn verdict(answer: &Answer, whose: &str) -> String {
    if answer.yes {
        return format!("Yes: {whose}.");
    }
    let wanting = answer.criteria.iter().filter(|one| !one.holds).count();
    let all = answer.criteria.len();
    format!("No: before {whose}, {wanting} of {all} things that must be so are not.")
}

fn names(task: &Task) -> String {
    let mut names: Vec<&str> = task.things.iter().map(|one| one.name.as_str()).collect();
    let more = names.len().saturating_sub(NAMED);
    names.truncate(NAMED);
    let names = base::visible(&names.join(", "));
    match more {
        0 => names,
        more => format!("{names} and {more} more"),
    }
}

fn text(answer: &Answer, whose: &str) -> String {
    let mut text = verdict(answer, whose) + "\n\n";
    for criterion in &answer.criteria {
        let mark = if criterion.holds { "yes" } else { "no " };
        let _ = writeln!(text, "{mark}  {}", criterion.title);
        for evidence in &criterion.evidence {
            let _ = writeln!(text, "       {}", base::visible(evidence));
        }
    }
    if answer.tasks.is_empty() {
        return text;
    }
    text += "\nWhat would make it yes:\n";
    let who = |task: &Task| task.who.clone().unwrap_or_else(|| "-".to_owned());
    let width = answer
        .tasks
        .iter()
        .map(|task| who(task).chars().count())
        .max();
    let width = width.unwrap_or(0);
    for task in &answer.tasks {
        let _ = write!(
            text,
            "  {:width$}  {}",
            who(task),
            base::visible(&task.what)
        );
        if !task.things.is_empty() {
            let _ = write!(text, ": {}", names(task));
        }
        text.push('\n');
    }
    text
}

fn markdown(answer: &Answer, whose: &str) -> String {
    let mut criteria = Table::new(&["", "what must be so", "evidence"]);
    for criterion in &answer.criteria {
        criteria.row([
            Cell::from(if criterion.holds { "yes" } else { "no" }),
            Cell::from(criterion.title.as_str()),
            Cell::from(criterion.evidence.join("; ")),
        ]);
    }
    let mut text = format!("**{}**\n\n{}", verdict(answer, whose), criteria.markdown());
    if !answer.tasks.is_empty() {
        let mut tasks = Table::new(&["who", "what", "to what"]);
        for task in &answer.tasks {
            tasks.row([
                Cell::from(task.who.as_deref().unwrap_or("")),
                Cell::from(task.what.as_str()),
                Cell::from(names(task)),
            ]);
        }
        let _ = write!(text, "\nWhat would make it yes:\n\n{}", tasks.markdown());
    }
    text
}

/// Each thing of each task in a row.
fn table(answer: &Answer, sources: &SourceMap) -> Table {
    let mut table = Table::new(&["criterion", "who", "what", "thing", "place"]);
    for task in &answer.tasks {
        let mut row = |thing: &str, place: String| {
            table.row([
                Cell::from(task.criterion),
                Cell::from(task.who.as_deref().unwrap_or("")),
                Cell::from(task.what.as_str()),
                Cell::from(thing),
                Cell::from(place),
            ]);
        };
        if task.things.is_empty() {
            row("", String::new());
        }
        for thing in &task.things {
            row(&thing.name, sources.line_of(thing.place));
        }
    }
    table
}

fn machine(answer: &Answer, sources: &SourceMap) -> String {
    let task = |task: &Task| {
        let things = task.things.iter();
        let things =
            things.map(|one| json!({"name": one.name, "place": sources.line_of(one.place)}));
        json!({
            "criterion": task.criterion,
            "who": task.who,
            "what": task.what,
            "things": things.collect::<Vec<Value>>(),
        })
    };
    let report = json!({
        "version": JSON_VERSION,
        "done": answer.yes,
        "criteria": answer.criteria,
        "tasks": answer.tasks.iter().map(task).collect::<Vec<Value>>(),
    });
    format!("{report:#}\n")
}
