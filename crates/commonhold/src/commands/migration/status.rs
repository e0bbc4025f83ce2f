//! `commonhold migration status`

use std::collections::BTreeMap;
use std::fmt::Write;

use base::SourceMap;
use migration::{Asset, Counts, Stage, Standing};
use serde_json::{Map, Value, json};

use super::ground::Ground;
use crate::cli::{MigrationStatusArguments, Output};
use crate::project::Project;
use crate::render::machine::JSON_VERSION;
use crate::render::table::{Cell, Table};
use crate::surroundings::Outcome;

/// What stands for the owner of what nobody owns.
const NOBODY: &str = "-";

pub(super) fn run(
    project: &Project<'_>,
    arguments: &MigrationStatusArguments,
) -> anyhow::Result<Outcome> {
    let ground = Ground::read(project)?;
    let subjects = ground.subjects();
    let things = ground.things(subjects.as_ref());
    let chosen = ground.chosen(arguments.name.as_deref())?;
    let standings = ground.standings(&things, &chosen)?;
    let form = arguments.question.output;
    let data = if arguments.assets {
        let table = assets(&standings, arguments, &ground.estate.sources);
        table.print(form, "assets", project.surroundings)
    } else {
        match form {
            Output::Text => text(&standings, project),
            Output::Markdown => markdown(&standings),
            Output::Csv => flat(&standings).print(form, "counts", project.surroundings),
            Output::Json => machine(&standings),
        }
    };
    Ok(Outcome {
        notes: ground.notes.clone(),
        ..Outcome::data(data)
    })
}

/// The things that are asked for, one a row.
fn assets(
    standings: &[Standing],
    arguments: &MigrationStatusArguments,
    sources: &SourceMap,
) -> Table {
    let wanted = |asset: &&Asset| {
        let stage = asset.state.stage();
        let owner = asset.owner.as_deref().unwrap_or(NOBODY);
        (arguments.state.is_empty() || arguments.state.contains(&stage))
            && arguments
                .owner
                .as_ref()
                .is_none_or(|wanted| wanted.eq_ignore_ascii_case(owner))
    };
    let mut table = Table::new(&[
        "migration",
        "id",
        "kind",
        "owner",
        "state",
        "because",
        "place",
    ]);
    for standing in standings {
        for asset in standing.assets.iter().filter(wanted) {
            table.row([
                Cell::from(standing.migration.as_str()),
                Cell::from(asset.id.as_str()),
                Cell::from(asset.kind.as_str()),
                Cell::from(asset.owner.as_deref().unwrap_or(NOBODY)),
                Cell::from(asset.state.stage().word()),
                Cell::from(standing.because(asset)),
                Cell::from(match asset.state.stage() {
                    Stage::Retired => String::new(),
                    _ => sources.line_of(asset.place),
                }),
            ]);
        }
    }
    table
}

/// What is left and what is new, in a sentence or two.
pub(crate) fn left_and_new(standing: &Standing) -> String {
    let counts = standing.counts();
    let (left, all) = (counts.left(), counts.all());
    let name = &standing.migration;
    let mut text = match (left, all) {
        (_, 0) => "There is nothing that moves.".to_owned(),
        (0, all) => format!("Nothing of {all} is left."),
        (left, all) => format!("{left} of {all} are left."),
    };
    match &standing.listed {
        Some(listed) if listed.new.is_empty() => {
            let _ = write!(
                text,
                " Nothing is new: all that is left is among the {} listed.",
                listed.count
            );
        }
        Some(listed) => {
            let new = listed.new.len();
            let _ = write!(
                text,
                " {new} {} new since the list was written.",
                if new == 1 { "is" } else { "are" }
            );
        }
        None if left > 0 => {
            let _ = write!(
                text,
                " Nobody knows what is new: no list was written of what was there (`commonhold migration ratchet {name} --start`)."
            );
        }
        None => {}
    }
    if let Some(due) = standing.due {
        let late = left > 0 && due < standing.today;
        let _ = write!(
            text,
            " It {} due on {due}.",
            if late { "was" } else { "is" }
        );
    }
    text
}

fn text(standings: &[Standing], project: &Project<'_>) -> String {
    let columns = project.surroundings;
    let mut text = String::new();
    if let [_, _, ..] = standings {
        text += &overview(standings).print(Output::Text, "migrations", columns);
        text.push('\n');
    }
    for (at, standing) in standings.iter().enumerate() {
        if at > 0 {
            text.push('\n');
        }
        let _ = writeln!(
            text,
            "{}: {}",
            standing.migration,
            base::visible(&standing.title)
        );
        let _ = writeln!(text, "{}", left_and_new(standing));
        if standings.len() > 1 {
            continue;
        }
        for (head, table) in tables(standing) {
            let _ = write!(
                text,
                "\n{head}\n{}",
                table.print(Output::Text, "counts", columns)
            );
        }
        let _ = write!(
            text,
            "\n`commonhold migration next {}` says what to do first.\n",
            standing.migration
        );
    }
    text
}

fn markdown(standings: &[Standing]) -> String {
    let mut text = String::from("# Migrations\n\n");
    text += &overview(standings).markdown();
    for standing in standings {
        let title = base::visible(&standing.title);
        let _ = write!(text, "\n## {title}\n\n{}\n", left_and_new(standing));
        for (head, table) in tables(standing) {
            let _ = write!(text, "\n{head}:\n\n{}", table.markdown());
        }
    }
    text
}

/// Every migration in a row.
fn overview(standings: &[Standing]) -> Table {
    let mut headings = vec!["migration", "left", "new"];
    headings.extend(Stage::ALL.map(Stage::said));
    headings.push("due");
    let mut table = Table::new(&headings);
    for standing in standings {
        let counts = standing.counts();
        let mut row = vec![
            Cell::from(standing.migration.as_str()),
            Cell::from(counts.left()),
            Cell::from(new(standing).map_or("?".to_owned(), |new| new.to_string())),
        ];
        row.extend(Stage::ALL.map(|stage| Cell::from(counts.of(stage))));
        row.push(Cell::from(standing.due.map(|due| due.to_string())));
        table.row(row);
    }
    table
}

/// What came since the list was written; nothing if there is no list.
fn new(standing: &Standing) -> Option<usize> {
    standing.listed.as_ref().map(|listed| listed.new.len())
}

/// By state; by kind and owner where that says more; and what holds most back.
fn tables(standing: &Standing) -> Vec<(&'static str, Table)> {
    let mut tables = vec![("By state", by_state(standing))];
    for (head, column, counts) in groups(standing) {
        if counts.len() > 1 {
            tables.push((head, by(column, &counts)));
        }
    }
    let locks = locks(standing);
    if !locks.is_empty() {
        tables.push(("What holds most back", locks));
    }
    tables
}

type Groups<'s> = [(&'static str, &'static str, BTreeMap<&'s str, Counts>); 2];

fn groups(standing: &Standing) -> Groups<'_> {
    [
        ("By kind", "kind", standing.counts_by(|asset| &asset.kind)),
        (
            "By owner",
            "owner",
            standing.counts_by(|asset| asset.owner_or_none()),
        ),
    ]
}

fn by_state(standing: &Standing) -> Table {
    let counts = standing.counts();
    let mut table = Table::new(&["state", "count", "which means"]);
    for stage in Stage::ALL {
        table.row([
            Cell::from(stage.said()),
            Cell::from(counts.of(stage)),
            Cell::from(means(stage)),
        ]);
    }
    table
}

/// What it means to be in a state.
pub(crate) fn means(stage: Stage) -> &'static str {
    match stage {
        Stage::Ready => "nothing holds it back: it can be moved now",
        Stage::Todo => "something is missing before it can be moved",
        Stage::Blocked => "something must be freed first",
        Stage::InFlight => "it is being moved",
        Stage::Excepted => "it may stay for now",
        Stage::Moved => "the goal holds for it",
        Stage::Retired => "it was listed, and is no more",
    }
}

fn by(column: &'static str, counts: &BTreeMap<&str, Counts>) -> Table {
    let mut headings = vec![column, "left"];
    headings.extend(Stage::ALL.map(Stage::said));
    let mut table = Table::new(&headings);
    let mut rows: Vec<_> = counts.iter().collect();
    rows.sort_by_key(|(name, counts)| (std::cmp::Reverse(counts.left()), **name));
    for (name, counts) in rows {
        // Who owned what is no more is not known: that is no finding about anybody.
        if name.is_empty() && counts.left() == 0 && counts.of(Stage::Moved) == 0 {
            continue;
        }
        let name = if name.is_empty() { NOBODY } else { name };
        let mut row = vec![Cell::from(name), Cell::from(counts.left())];
        row.extend(Stage::ALL.map(|stage| Cell::from(counts.of(stage))));
        table.row(row);
    }
    table
}

/// So many locks are shown.
const SHOWN: usize = 5;

fn locks(standing: &Standing) -> Table {
    let mut table = Table::new(&["lock", "holds", "freed by"]);
    let mut locks: Vec<_> = standing.locks.iter().collect();
    locks.sort_by_key(|lock| std::cmp::Reverse(lock.holds.len()));
    for lock in locks.into_iter().take(SHOWN) {
        table.row([
            Cell::from(lock.name.as_str()),
            Cell::from(lock.holds.len()),
            Cell::from(lock.owner.as_deref().unwrap_or(NOBODY)),
        ]);
    }
    table
}

/// Every count in a row of its own, for a spreadsheet.
fn flat(standings: &[Standing]) -> Table {
    let mut table = Table::new(&["migration", "by", "name", "state", "count"]);
    for standing in standings {
        let mut rows = |by: &'static str, name: &str, counts: &Counts| {
            for stage in Stage::ALL {
                table.row([
                    Cell::from(standing.migration.as_str()),
                    Cell::from(by),
                    Cell::from(name),
                    Cell::from(stage.word()),
                    Cell::from(counts.of(stage)),
                ]);
            }
        };
        rows("all", "", &standing.counts());
        for (_, by, counts) in groups(standing) {
            for (name, counts) in &counts {
                rows(by, name, counts);
            }
        }
    }
    table
}

fn machine(standings: &[Standing]) -> String {
    let migrations: Vec<Value> = standings.iter().map(one).collect();
    format!(
        "{:#}\n",
        json!({ "version": JSON_VERSION, "migrations": migrations })
    )
}

fn one(standing: &Standing) -> Value {
    let [(_, _, kinds), (_, _, owners)] = groups(standing);
    let of = |groups: &BTreeMap<&str, Counts>| {
        let groups = groups.iter();
        let of = groups.map(|(name, counts)| ((*name).to_owned(), states(counts)));
        Value::Object(of.collect())
    };
    let locks = standing.locks.iter().map(|lock| {
        json!({
            "name": lock.name,
            "blocker": lock.blocker,
            "hold": lock.hold,
            "owner": lock.owner,
            "holds": lock.holds.len(),
        })
    });
    json!({
        "name": standing.migration,
        "title": standing.title,
        "about": standing.about,
        "owner": standing.owner,
        "started": standing.started,
        "due": standing.due,
        "day": standing.today,
        "left": standing.counts().left(),
        "new": new(standing),
        "listed": standing.listed.as_ref().map(|listed| listed.count),
        "states": states(&standing.counts()),
        "by_kind": of(&kinds),
        "by_owner": of(&owners),
        "locks": locks.collect::<Vec<Value>>(),
    })
}

/// Counts by state, for a program.
pub(super) fn states(counts: &Counts) -> Value {
    let states = Stage::ALL.iter();
    let states = states.map(|stage| (stage.word().replace('-', "_"), json!(counts.of(*stage))));
    Value::Object(states.collect::<Map<_, _>>())
}
