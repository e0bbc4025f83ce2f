//! `commonhold migration ratchet`

use std::fmt::Write;

use anyhow::{Context, bail};
use estate::Tree;
use migration::{List, Standing};
use policy::Baseline;
use serde_json::json;

use super::ground::Ground;
use crate::Exit;
use crate::cli::{MigrationRatchetArguments, Output};
use crate::files;
use crate::project::Project;
use crate::render::machine::JSON_VERSION;
use crate::render::table::{Cell, Table};
use crate::surroundings::Outcome;

pub(super) fn run(
    project: &Project<'_>,
    arguments: &MigrationRatchetArguments,
) -> anyhow::Result<Outcome> {
    let ground = Ground::read(project)?;
    let subjects = ground.subjects();
    let things = ground.things(subjects.as_ref());
    let chosen = ground.chosen(Some(&arguments.name))?;
    let standings = ground.standings(&things, &chosen)?;
    let ([item], [standing]) = (chosen.as_slice(), standings.as_slice()) else {
        bail!("one migration is asked about");
    };
    let list = ground.lists.get(&item.name);
    if arguments.start || arguments.lower {
        if !things.are_complete(item.value.about) {
            bail!(
                "not all {}s could be read, so nobody knows what is left; mend what `commonhold check` says first",
                item.value.about
            );
        }
        if !ground.notes.is_empty() && list.is_none() && arguments.lower {
            bail!("{}", ground.notes.trim_end());
        }
    }
    let said = match (arguments.start, arguments.lower, list) {
        (true, _, Some(list)) => bail!(
            "{} is there already, and nothing makes it longer; --lower shortens it",
            ground.tree.display(&list.path)
        ),
        (true, _, None) => start(&ground, standing)?,
        (_, true, None) => bail!("{} has no list; --start writes it", item.subject()),
        (_, true, Some(list)) => lower(&ground, list, standing)?,
        (false, false, list) => {
            let data = shown(standing, list, arguments.question.output, project);
            let new = standing
                .listed
                .as_ref()
                .map_or(0, |listed| listed.new.len());
            let exit = if new > 0 { Exit::Findings } else { Exit::Well };
            return Ok(Outcome {
                notes: ground.notes.clone(),
                ..Outcome::data(data)
            }
            .exit(exit));
        }
    };
    let mut notes = ground.notes.clone();
    if !item.value.ratchet {
        notes += "note: the migration does not say `ratchet: true`, so `commonhold check` does not look at the list\n";
    }
    Ok(Outcome {
        notes,
        ..Outcome::data(said)
    })
}

fn start(ground: &Ground, standing: &Standing) -> anyhow::Result<String> {
    let path = Baseline::path_of_migration(&standing.migration);
    let there = ground.tree.root().join(&path);
    // A list that cannot be read is there all the same.
    if there.exists() {
        bail!(
            "{} is there already and cannot be read; mend it by hand",
            ground.tree.display(&path)
        );
    }
    let shown = ground.tree.display(&path);
    files::replace(&there, List::begin(standing).as_bytes())
        .with_context(|| format!("{shown} cannot be written"))?;
    let count = standing.left().filter(|asset| asset.is_held_to_the_list());
    let things = base::counted(count.count(), "thing", "things");
    Ok(format!("{shown} lists {things}; commit it\n"))
}

fn lower(ground: &Ground, list: &List, standing: &Standing) -> anyhow::Result<String> {
    let shown = ground.tree.display(&list.path);
    let Some(shrunk) = list.lowered(standing) else {
        return Ok(format!(
            "{shown} is as short as it can be: {} on it\n",
            base::counted(list.baseline.len(), "thing is", "things are")
        ));
    };
    let there = ground.tree.root().join(&list.path);
    files::replace(&there, shrunk.text.as_bytes())
        .with_context(|| format!("{shown} cannot be written"))?;
    let gone = base::counted(shrunk.gone.len(), "thing", "things");
    Ok(format!(
        "{shown}: {gone} taken off, {} left; commit it\n",
        shrunk.left
    ))
}

/// So many are named.
const NAMED: usize = 20;

fn shown(standing: &Standing, list: Option<&List>, form: Output, project: &Project<'_>) -> String {
    let (new, done): (Vec<&str>, Vec<&str>) = match &standing.listed {
        Some(listed) => (
            standing
                .new_ones()
                .into_iter()
                .flatten()
                .map(|asset| asset.id.as_str())
                .collect(),
            listed.done.iter().map(String::as_str).collect(),
        ),
        None => (Vec::new(), Vec::new()),
    };
    match form {
        Output::Json => {
            let listed = list.map(|list| list.baseline.len());
            let report = json!({
                "version": JSON_VERSION,
                "name": standing.migration,
                "listed": listed,
                "left": standing.left().filter(|asset| asset.is_held_to_the_list()).count(),
                "new": new,
                "done": done,
            });
            format!("{report:#}\n")
        }
        Output::Csv | Output::Markdown => {
            let mut table = Table::new(&["id", "is"]);
            let new = new.iter().map(|id| (*id, "new"));
            for (id, is) in new.chain(done.iter().map(|id| (*id, "done"))) {
                table.row([Cell::from(id), Cell::from(is)]);
            }
            table.print(form, "things", project.surroundings)
        }
        Output::Text => text(standing, list, &new, &done),
    }
}

fn text(standing: &Standing, list: Option<&List>, new: &[&str], done: &[&str]) -> String {
    let name = &standing.migration;
    let Some(list) = list else {
        return format!(
            "{name} has no list of what was there. `commonhold migration ratchet {name} --start` writes it.\n"
        );
    };
    let left = standing.left().filter(|asset| asset.is_held_to_the_list());
    let mut text = format!(
        "{} lists {}; {} left today.\n",
        list.path,
        base::counted(list.baseline.len(), "thing", "things"),
        base::counted(left.count(), "thing is", "things are")
    );
    let mut name_all = |head: &str, ids: &[&str]| {
        if ids.is_empty() {
            return;
        }
        let _ = writeln!(text, "\n{head}:");
        for id in ids.iter().take(NAMED) {
            let _ = writeln!(text, "  {}", base::visible(id));
        }
        if ids.len() > NAMED {
            let _ = writeln!(text, "  and {} more", ids.len() - NAMED);
        }
    };
    name_all("New, and not allowed", new);
    name_all(
        "On the list, and left no more (--lower takes them off)",
        done,
    );
    if new.is_empty() && done.is_empty() {
        text += "Nothing is new, and nothing can be taken off.\n";
    }
    text
}
