//! `commonhold decide verify`

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::Context;
use base::Digest;
use change::journal::items::Journals;
use decisions::journal::{Journal, Noted};
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
    let mut ledger = place.existing_ledger_here(project)?;
    let in_ledger = ledger.as_mut().map(change::journal::items::journals);
    let docket = Docket::read_files(&place)?;
    let mut check = Check {
        head: place.git()?.commit("HEAD")?,
        faults: docket.refused.iter().map(ToString::to_string).collect(),
        in_ledger: in_ledger.transpose()?,
        docket: &docket,
        noted: 0,
        waiting: 0,
    };
    let all = all_items(&place, &docket, check.in_ledger.as_ref())?;
    let items = match &arguments.item {
        None => all,
        Some(word) => match docket.item(word) {
            Ok(item) => vec![item],
            // A number stands in a journal: where one is broken, all are looked at.
            Err(_) if all.iter().any(|item| docket.journal(item).is_err()) => all,
            Err(unknown) => return Err(unknown),
        },
    };
    check.faults.extend(same_number(&docket));
    check.faults.extend(never_received(&place, &docket)?);
    for item in &items {
        check.item(item)?;
    }
    if let Some(keeper) = &arguments.keeper {
        check.seal(&project.surroundings.folder.join(keeper))?;
    }
    let shown = check.in_ledger.is_some() || arguments.keeper.is_some();
    Ok(check.outcome(items.len(), shown))
}

/// What is looked at, and what was found.
struct Check<'d> {
    docket: &'d Docket<'d>,
    in_ledger: Option<Journals>,
    head: String,
    faults: Vec<String>,
    noted: usize,
    waiting: usize,
}

impl Check<'_> {
    fn item(&mut self, item: &ItemId) -> anyhow::Result<()> {
        let journal = match self.docket.journal(item) {
            Ok(journal) => journal,
            Err(broken) => {
                self.faults.push(broken.to_string());
                return Ok(());
            }
        };
        let place = self.docket.place;
        self.noted += journal.notes.len();
        history(place, item, &journal, &mut self.faults)?;
        let path = Journal::path(item);
        let mut received = &journal;
        match self.in_ledger.as_ref().map(|all| all.get(item)) {
            Some(Some(of_ledger)) if journal.is_continued_by(of_ledger) => received = of_ledger,
            Some(Some(_)) => self
                .faults
                .push(format!("{path}: the ledger holds something else")),
            Some(None) if !journal.notes.is_empty() => {
                let fault = format!("{path}: the ledger knows nothing of this item");
                self.faults.push(fault);
            }
            Some(None) | None => {}
        }
        let (gone, unreceived) = received.compare(self.docket.lying(item));
        for digest in gone {
            let path = format!("{FOLDER}/{item}/{}.json", digest.short());
            self.faults
                .push(format!("{path}: it was received, and is gone or changed"));
        }
        self.waiting += unreceived.len();
        match self.docket.case(item, &self.head) {
            Ok(Ok(case)) => self
                .faults
                .extend(text_fault(self.docket, &case, place.now())),
            Ok(Err(unjudged)) => self.faults.push(format!("{item}: {}", unjudged.why)),
            Err(error) => self.faults.push(format!("{item}: {error:#}")),
        }
        Ok(())
    }

    /// Holds the journals against what their keeper signed.
    fn seal(&mut self, keeper: &Path) -> anyhow::Result<()> {
        let path = seal::path();
        let text = self.docket.read_file(&path);
        let text = text.with_context(|| {
            format!("{path} is not there: `commonhold decide tick --key FILE` writes it")
        })?;
        let key = std::fs::read_to_string(keeper)
            .with_context(|| format!("{} cannot be read", keeper.display()))?;
        self.faults
            .extend(seal::faults(&text, &key, &self.docket.journals)?);
        Ok(())
    }

    fn outcome(mut self, items: usize, shown: bool) -> Outcome {
        if !self.faults.is_empty() {
            self.faults.sort();
            self.faults.dedup();
            let lines = self.faults.iter().map(|fault| base::visible(fault) + "\n");
            return Outcome::data(lines.collect::<String>()).exit(Exit::Findings);
        }
        let items = base::counted(items, "item", "items");
        let noted = base::counted(self.noted, "entry", "entries");
        let waiting = match self.waiting {
            0 => String::new(),
            some => format!(
                "; {} not received yet",
                base::counted(some, "event is", "events are")
            ),
        };
        if shown {
            return Outcome::data(format!(
                "{items} with {noted} are as they were received{waiting}\n"
            ));
        }
        Outcome {
            notes: "note: whoever can push could have written all of it; only the ledger, or --keeper with what its keeper signed, shows that it is what was received\n".to_owned(),
            ..Outcome::data(format!("{items} with {noted} fit together{waiting}\n"))
        }
    }
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

/// Events that a commit had, and that are gone before anybody received them.
fn never_received(place: &Place<'_>, docket: &Docket<'_>) -> anyhow::Result<Vec<String>> {
    let notes = docket.journals.values().flat_map(|journal| &journal.notes);
    let received: BTreeSet<String> = notes
        .filter_map(|note| match &note.what {
            Noted::Event(digest) => Some(digest.short()),
            _ => None,
        })
        .collect();
    let mut gone = Vec::new();
    for path in place.git()?.ever_below(FOLDER, "*.json")? {
        let [_, item, name] = path.split('/').collect::<Vec<_>>()[..] else {
            continue;
        };
        let (Ok(item), Some(short)) = (item.parse::<ItemId>(), name.strip_suffix(".json")) else {
            continue;
        };
        let there = docket
            .lying(&item)
            .iter()
            .any(|event| event.digest().short() == short);
        let of_text = docket.journals.contains_key(&item);
        if of_text && short != "record" && !there && !received.contains(short) {
            gone.push(format!(
                "{path}: a commit had it, and it is gone before it was received"
            ));
        }
    }
    Ok(gone)
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
