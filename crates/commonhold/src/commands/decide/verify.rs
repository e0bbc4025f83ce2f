//! `commonhold decide verify`

use decisions::ItemId;
use decisions::journal::Journal;

use crate::Exit;
use crate::cli::VerifyArguments;
use crate::docket::Docket;
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
    let items: Vec<ItemId> = match &arguments.item {
        Some(word) => vec![docket.item(word)?],
        None => docket.items().into_iter().collect(),
    };
    let mut faults: Vec<String> = docket.refused.iter().map(ToString::to_string).collect();
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
        if let Some(of_ledger) = in_ledger.as_ref().and_then(|all| all.get(item))
            && !journal.is_continued_by(of_ledger)
        {
            faults.push(format!(
                "{}: the ledger holds something else",
                Journal::path(item)
            ));
        }
        let (gone, unreceived) = journal.compare(docket.lying(item));
        for digest in gone {
            let path = format!("{}/{item}/{}.json", decisions::FOLDER, digest.short());
            faults.push(format!("{path}: it was received, and is gone or changed"));
        }
        waiting += unreceived.len();
        match docket.case(item, &head) {
            Ok(Ok(_)) => {}
            Ok(Err(unjudged)) => faults.push(format!("{item}: {}", unjudged.why)),
            Err(error) => faults.push(format!("{item}: {error:#}")),
        }
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
        return Ok(Outcome::data(format!(
            "{items} with {noted} are as they were received{waiting}\n"
        )));
    }
    faults.sort();
    faults.dedup();
    let text: String = faults
        .iter()
        .map(|fault| base::visible(fault) + "\n")
        .collect();
    Ok(Outcome::data(text).exit(Exit::Findings))
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
