//! `commonhold decide render`: the record of each item beside its events.

use std::collections::BTreeMap;

use decisions::item::Record;
use decisions::{FOLDER, ItemId};
use serde_json::json;

use anyhow::Context;

use crate::Exit;
use crate::cli::RenderArguments;
use crate::docket::{Case, Docket, superseded};
use crate::files;
use crate::governed::Place;
use crate::project::Project;
use crate::render::machine::JSON_VERSION;
use crate::surroundings::Outcome;

pub(super) fn run(project: &Project<'_>, arguments: &RenderArguments) -> anyhow::Result<Outcome> {
    let place = Place::of(project)?;
    let mut ledger = place.existing_ledger_here(project)?;
    let trusted = place.trusted_now(ledger.as_mut())?;
    let docket = Docket::read(&place, ledger.as_mut())?;
    let wanted = arguments
        .item
        .as_ref()
        .map(|word| docket.item(word))
        .transpose()?;
    let now = project.instant.unwrap_or_else(|| place.now());
    let (mut files, notes) = files_of(&docket, &trusted, now)?;
    if let Some(item) = wanted {
        files.retain(|path, _| path.starts_with(&format!("{FOLDER}/{item}/")));
    }
    if arguments.check {
        let differs = |(path, text): &(&String, &String)| {
            std::fs::read_to_string(place.folder.join(path))
                .ok()
                .as_ref()
                != Some(*text)
        };
        let other: Vec<&String> = files.iter().filter(differs).map(|(path, _)| path).collect();
        let exit = if other.is_empty() {
            Exit::Well
        } else {
            Exit::Findings
        };
        let said: String = other
            .iter()
            .map(|path| format!("{path}: not as `commonhold decide render` writes it\n"))
            .collect();
        return Ok(Outcome {
            notes,
            ..Outcome::data(said)
        }
        .exit(exit));
    }
    let said = put(&place, &files)?;
    Ok(Outcome {
        notes,
        ..Outcome::data(said)
    })
}

/// The records and journals of all items, by their paths; and what is wrong with some.
pub(super) fn files_of(
    docket: &Docket<'_>,
    trusted: &str,
    now: jiff::Timestamp,
) -> anyhow::Result<(BTreeMap<String, String>, String)> {
    let (stand, unjudged) = docket.stand(trusted, now)?;
    let superseded = superseded(&stand);
    let mut files = BTreeMap::new();
    // Also of what nobody can judge: what was received was received.
    for (item, journal) in &docket.journals {
        files.insert(decisions::journal::Journal::path(item), journal.text(item)?);
    }
    for (case, record) in stand.iter().filter(|(_, record)| record.proposed.is_some()) {
        let item = &case.item;
        let page = case.page(record, superseded.get(item));
        files.insert(format!("{FOLDER}/{item}/README.md"), page.markdown());
        let data = data(case, record, superseded.get(item));
        files.insert(
            format!("{FOLDER}/{item}/record.json"),
            format!("{data:#}\n"),
        );
    }
    let wrong = unjudged
        .iter()
        .map(|one| format!("warning: {}: {}\n", one.item, base::visible(&one.why)));
    Ok((files, wrong.collect()))
}

/// The record for programs: with the rules and the people, so that anybody can judge it anew.
fn data(case: &Case, record: &Record, superseded_by: Option<&ItemId>) -> serde_json::Value {
    json!({
        "version": JSON_VERSION,
        "item": case.item,
        "number": case.number,
        "superseded_by": superseded_by,
        "charter": case.charter,
        "rules": case.basis.rules,
        "record": record,
    })
}

/// Writes those that are not so already.
pub(super) fn put(place: &Place<'_>, files: &BTreeMap<String, String>) -> anyhow::Result<String> {
    let mut said = String::new();
    for (path, text) in files {
        let full = place.folder.join(path);
        if std::fs::read_to_string(&full).ok().as_ref() == Some(text) {
            continue;
        }
        files::replace(&full, text).with_context(|| format!("{path} cannot be written"))?;
        said += &format!("wrote {path}\n");
    }
    Ok(said)
}
