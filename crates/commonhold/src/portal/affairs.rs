//! What lies in decisions, ledger, plans and ballot boxes, read once a state and kept as plain data.
//!
//! Whatever of it is not there, or cannot be read, is empty and says why in a sentence; a state
//! of the estate is shown all the same. What has not changed since the state before is kept.

mod about;
mod committed;
mod decided;
mod elected;
mod planned;
mod recorded;
mod version;

use std::path::PathBuf;
use std::sync::Arc;

use jiff::Timestamp;
use ledger::Ledger;

use crate::git::recent::Committed;
use crate::governed::Place;
use crate::project::{Checked, Project};

pub(crate) use about::{commit, mood};
pub(crate) use decided::{Decided, Item, is_among};
pub(crate) use elected::{Elected, Election, Posted, Published, Shown, Stands};
pub(crate) use planned::{PlanSeen, Planned, Stage, Wanted};
pub(crate) use recorded::{Recorded, Run, Said, holds_address};
pub(crate) use version::version;

/// How many commits are remembered.
const COMMITS: usize = 50;

/// All of it.
#[derive(Debug, Default)]
pub(crate) struct Affairs {
    /// Items that are texts.
    pub(crate) decided: Arc<Decided>,
    /// What was written into the ledger.
    pub(crate) recorded: Arc<Recorded>,
    /// Changes to real systems, to come and done.
    pub(crate) planned: Arc<Planned>,
    /// Elections.
    pub(crate) elected: Arc<Elected>,
    /// What was committed last, the newest first.
    pub(crate) commits: Vec<Committed>,
    /// When it was read.
    pub(crate) at: Timestamp,
}

impl Affairs {
    /// Reads all of it, after an earlier reading of which what has not changed is kept. Plans are
    /// looked for in further folders too.
    pub(crate) fn read_after(
        earlier: &Self,
        project: &Project<'_>,
        checked: &Checked,
        plans: &[PathBuf],
    ) -> Self {
        let at = project
            .instant
            .unwrap_or_else(|| (project.surroundings.clock)());
        let place = match Place::of(project) {
            Ok(place) => place,
            Err(error) => return Self::nothing(&format!("{error:#}"), at),
        };
        let opened = place.existing_ledger(&checked.estate);
        let (mut ledger, why) = match opened {
            Ok(Some(ledger)) => (Some(ledger), None),
            Ok(None) => (None, Some(NO_LEDGER.to_owned())),
            Err(error) => (None, Some(format!("{error:#}"))),
        };
        let recorded = Recorded::read(&earlier.recorded, ledger.as_mut(), why, &checked.estate, at);
        let recorded = Arc::new(recorded);
        let reading = Reading {
            project,
            place: &place,
            checked,
            recorded: &recorded,
            at,
        };
        let decided = Decided::read(&earlier.decided, &reading, ledger.as_mut());
        let planned = Planned::read(&earlier.planned, &reading, ledger.as_mut(), plans);
        let elected = Elected::read(&earlier.elected, &reading);
        let mut recorded = recorded;
        // Pages ask it for single records.
        if let (Some(ledger), Some(recorded)) = (ledger, Arc::get_mut(&mut recorded)) {
            recorded.keep(ledger);
        }
        Self {
            decided,
            planned,
            elected,
            commits: committed::recent(&place, at, COMMITS),
            recorded,
            at,
        }
    }

    /// An estate of which nothing beside its files can be read.
    fn nothing(why: &str, at: Timestamp) -> Self {
        Self {
            decided: Arc::new(Decided::nothing(why.to_owned())),
            recorded: Arc::new(Recorded::nothing(Some(why.to_owned()))),
            planned: Arc::new(Planned::nothing(why.to_owned())),
            elected: Arc::default(),
            commits: Vec::new(),
            at,
        }
    }

    /// When something will be another by itself: a deadline of an item, a phase of an election, a
    /// change that has waited long enough.
    pub(crate) fn due(&self) -> Option<Timestamp> {
        let items = self.decided.items.iter().filter_map(Item::next);
        let plans = self.planned.plans.iter().filter_map(PlanSeen::until);
        let elections = self.elected.elections.iter();
        let elections = elections.flat_map(|one| one.turns.iter().copied());
        let all = items.chain(plans).chain(elections);
        all.filter(|at| *at > self.at).min()
    }
}

const NO_LEDGER: &str =
    "There is no ledger yet. Whoever keeps it makes one, once, with “commonhold ledger init”.";

/// What a part is read from.
#[derive(Clone, Copy)]
struct Reading<'r> {
    project: &'r Project<'r>,
    place: &'r Place<'r>,
    checked: &'r Checked,
    recorded: &'r Arc<Recorded>,
    at: Timestamp,
}

impl Reading<'_> {
    /// The commit whose people and charter are trusted now.
    fn trusted(&self, ledger: Option<&mut Ledger>) -> anyhow::Result<String> {
        self.place.trusted_now(ledger)
    }
}

/// A sentence for people out of a chain of causes.
fn sentence(error: &anyhow::Error) -> String {
    let mut text = format!("{error:#}");
    if let Some(first) = text.chars().next() {
        text.replace_range(..first.len_utf8(), &first.to_uppercase().to_string());
    }
    text + "."
}
