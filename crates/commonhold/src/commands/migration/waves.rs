//! `commonhold migration waves`

pub(crate) mod drawing;

use anyhow::bail;
use estate::kinds::{About, Migration};
use estate::{Estate, Item};
use jobs::{References, Subjects};
use migration::Standing;
use migration::path::{Ask, Course, Left, Path, WhatIf};
use serde_json::{Value, json};

use super::ground::Ground;
use crate::cli::{MigrationWavesArguments, MigrationWavesOutput};
use crate::project::Project;
use crate::render::machine::JSON_VERSION;
use crate::surroundings::Outcome;

pub(crate) fn run(
    project: &Project<'_>,
    arguments: &MigrationWavesArguments,
) -> anyhow::Result<Outcome> {
    let (left, mut notes) = left(project, arguments.name.as_deref())?;
    let ask = Ask {
        start: arguments.start.unwrap_or(project.day),
        days: u32::from(arguments.days),
        groups: arguments.groups.map(usize::from),
    };
    let what_if = WhatIf {
        without: arguments.without.clone(),
        after: arguments.after.clone(),
    };
    let path = Path::of(left, &ask);
    let course = path.course(&what_if)?;
    for note in &course.notes {
        notes += &format!("warning: {}\n", base::visible(note));
    }
    Ok(Outcome {
        notes,
        ..Outcome::data(printed(&course, arguments.output))
    })
}

fn printed(course: &Course, output: MigrationWavesOutput) -> String {
    match output {
        MigrationWavesOutput::Text => course.text(),
        MigrationWavesOutput::Markdown => course.markdown(),
        MigrationWavesOutput::Json => {
            let mut value = json!(course);
            value["version"] = Value::from(JSON_VERSION);
            format!("{value:#}\n")
        }
        MigrationWavesOutput::Svg => drawing::of(course).svg(),
        MigrationWavesOutput::Dot => drawing::of(course).dot(),
        MigrationWavesOutput::Mermaid => drawing::of(course).mermaid(),
    }
}

/// What is left of what was asked about, and what may be missing in it.
fn left(project: &Project<'_>, name: Option<&str>) -> anyhow::Result<(Left, String)> {
    let ground = Ground::read(project)?;
    if name.is_none() && ground.estate.tables.migrations.is_empty() {
        return Ok((Left::of_services(&ground.estate), ground.notes));
    }
    let chosen = ground.chosen(name)?;
    let [item] = chosen[..] else {
        let names: Vec<&str> = chosen.iter().map(|item| item.name.as_str()).collect();
        bail!(
            "there are several migrations; say which: {}",
            names.join(", ")
        );
    };
    let about = item.value.about;
    let subjects = ground.subjects();
    let things = ground.things(subjects.as_ref());
    let standings = ground.standings(&things, &chosen)?;
    let [standing] = &standings[..] else {
        bail!("{} stands in no state", item.name);
    };
    let mut notes = ground.notes.clone();
    if !things.are_complete(about) {
        notes += "warning: some files could not be read as they should be, and more may be left; see `commonhold check`\n";
    }
    Ok((
        of_migration(standing, item, &ground.estate, subjects.as_ref()),
        notes,
    ))
}

/// What is left of a migration, with what jobs use in common where it moves jobs.
pub(crate) fn of_migration(
    standing: &Standing,
    item: &Item<Migration>,
    estate: &Estate,
    subjects: Option<&Subjects<'_>>,
) -> Left {
    let left = Left::of_migration(standing, &item.value, estate);
    match subjects {
        Some(subjects) if item.value.about == About::Job => {
            let used = References::of(subjects.catalogue(), None, None);
            let id = |job: usize| subjects.id(job).unwrap_or("").to_owned();
            left.with_jobs(subjects.catalogue(), &used, &id)
        }
        _ => left,
    }
}
