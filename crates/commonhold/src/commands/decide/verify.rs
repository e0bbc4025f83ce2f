//! `commonhold decide verify`

use std::collections::BTreeMap;

use anyhow::Context;
use base::Digest;
use change::journal::items::Journals;
use decisions::journal::Journal;
use decisions::{FOLDER, ItemId};
use jiff::Timestamp;

use super::seal;
use crate::Exit;
use crate::cli::VerifyArguments;
use crate::docket::{Case, Docket, text_path};
use crate::governed::Place;
use crate::project::Project;
use crate::surroundings::Outcome;

pub(super) fn run(project: &Project<'_>, arguments: &VerifyArguments) -> anyhow::Result<Outcome> {
    let place = Place::of_any_clone(project)?;
    let mut ledger = if place.bare {
        None
    } else {
        place.existing_ledger_here(project)?
    };
    let in_ledger = ledger
        .as_mut()
        .map(change::journal::items::journals)
        .transpose()?;
    let head = place.git()?.commit("HEAD")?;
    let docket = Docket::read_files(&place)?;
    let all = all_items(&place, &docket, in_ledger.as_ref())?;
    let items = match &arguments.item {
        None => all,
        Some(word) => match docket.item(word) {
            Ok(item) => vec![item],
            // A number stands in a journal: where one is broken, all are looked at.
            Err(_) if all.iter().any(|item| docket.journal(item).is_err()) => all,
            Err(unknown) => return Err(unknown),
        },
    };
    let mut faults: Vec<String> = docket.refused.iter().map(ToString::to_string).collect();
    faults.extend(same_number(&docket));
    let (mut events, mut waiting) = (0, 0);
    for item in &items {
        let journal = match docket.journal(item) {
            Ok(journal) => journal,
            Err(broken) => {
                faults.push(broken.to_string());
                continue;
            }
        };
        events += journal.notes.len();
        history(&place, item, &journal, &mut faults)?;
        let mut received = &journal;
        if let Some(in_ledger) = &in_ledger {
            match in_ledger.get(item) {
                Some(of_ledger) if journal.is_continued_by(of_ledger) => received = of_ledger,
                Some(_) => faults.push(format!(
                    "{}: the ledger holds something else",
                    Journal::path(item)
                )),
                None if journal.notes.is_empty() => {}
                None => faults.push(format!(
                    "{}: the ledger knows nothing of this item",
                    Journal::path(item)
                )),
            }
        }
        let (gone, unreceived) = received.compare(docket.lying(item));
        for digest in gone {
            let path = format!("{FOLDER}/{item}/{}.json", digest.short());
            faults.push(format!("{path}: it was received, and is gone or changed"));
        }
        waiting += unreceived.len();
        match docket.case(item, &head) {
            Ok(Ok(case)) => faults.extend(text_fault(&docket, &case, place.now())),
            Ok(Err(unjudged)) => faults.push(format!("{item}: {}", unjudged.why)),
            Err(error) => faults.push(format!("{item}: {error:#}")),
        }
    }
    let mut shown = in_ledger.is_some();
    if let Some(keeper) = &arguments.keeper {
        let text = docket.read_file(&seal::path()).with_context(|| {
            format!(
                "{} is not there: `commonhold decide tick --key FILE` writes it",
                seal::path()
            )
        })?;
        let keeper = std::fs::read_to_string(project.surroundings.folder.join(keeper))
            .with_context(|| format!("{} cannot be read", keeper.display()))?;
        faults.extend(seal::faults(&text, &keeper, &docket.journals)?);
        shown = true;
    }
    let items = base::counted(items.len(), "item", "items");
    if faults.is_empty() {
        let waiting = match waiting {
            0 => String::new(),
            some => format!(
                "; {} not received yet",
                base::counted(some, "event is", "events are")
            ),
        };
        let noted = base::counted(events, "entry", "entries");
        if shown {
            return Ok(Outcome::data(format!(
                "{items} with {noted} are as they were received{waiting}\n"
            )));
        }
        return Ok(Outcome {
            notes: "note: whoever can push could have written all of it; only the ledger, or --keeper with what its keeper signed, shows that it is what was received\n".to_owned(),
            ..Outcome::data(format!("{items} with {noted} fit together{waiting}\n"))
        });
    }
    faults.sort();
    faults.dedup();
    let text: String = faults
        .iter()
        .map(|fault| base::visible(fault) + "\n")
        .collect();
    Ok(Outcome::data(text).exit(Exit::Findings))
}

/// The items that anything lies of, that the ledger knows, or that any commit had.
fn all_items(
    place: &Place<'_>,
    docket: &Docket<'_>,
    in_ledger: Option<&Journals>,
) -> anyhow::Result<Vec<ItemId>> {
    let mut all = docket.items();
    all.extend(in_ledger.into_iter().flat_map(|all| all.keys().cloned()));
    let once = place.git()?.ever_below(FOLDER, "events.jsonl")?;
    all.extend(
        once.iter()
            .filter_map(|path| path.split('/').nth(1)?.parse().ok()),
    );
    Ok(all.into_iter().collect())
}

/// Items that say they have the same number.
fn same_number(docket: &Docket<'_>) -> Vec<String> {
    let mut numbers: BTreeMap<u32, &ItemId> = BTreeMap::new();
    let mut faults = Vec::new();
    for (item, journal) in &docket.journals {
        let Some(number) = journal.number() else {
            continue;
        };
        if let Some(other) = numbers.insert(number, item) {
            faults.push(format!("{other} and {item} both have the number {number}"));
        }
    }
    faults
}

/// That the text that lies there is the one that stands.
fn text_fault(docket: &Docket<'_>, case: &Case, now: Timestamp) -> Option<String> {
    let standing = case.record(now).text?;
    let there = docket
        .text(&case.item)
        .map(|text| Digest::of(text.as_bytes()));
    let draft = case
        .unreceived
        .iter()
        .any(|(event, _)| event.content().text() == there.as_ref());
    (there != Some(standing) && !draft).then(|| {
        format!(
            "{}: it is not the text that was decided on",
            text_path(&case.item)
        )
    })
}

/// That every commit only added to a journal.
fn history(
    place: &Place<'_>,
    item: &ItemId,
    now: &Journal,
    faults: &mut Vec<String>,
) -> anyhow::Result<()> {
    let path = Journal::path(item);
    for (commit, text) in place.git()?.versions(&path)? {
        let short = commit.get(..12).unwrap_or(&commit);
        let Some(text) = text else {
            faults.push(format!("{path}: commit {short} removed it"));
            continue;
        };
        match Journal::parse(item, &text) {
            Ok(then) if then.is_continued_by(now) => {}
            Ok(then) => {
                let same = then
                    .notes
                    .iter()
                    .zip(&now.notes)
                    .take_while(|(a, b)| a == b)
                    .count();
                faults.push(format!(
                    "{path}:{}: it is not what commit {short} had there",
                    same + 1
                ));
            }
            Err(broken) => faults.push(format!("{broken} (in commit {short})")),
        }
    }
    Ok(())
}
