//! Safety limits: how much one plan may change.

use serde::{Deserialize, Serialize};

use crate::{Action, Change, ScopeLimits};

/// A limit that a plan is over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exceeded {
    /// What is done too often.
    pub action: Action,
    /// How often.
    pub count: usize,
    /// Of how many resources.
    pub of: usize,
    /// How often it may be done without a decision.
    pub allowed: usize,
    /// The limit in per cent.
    pub percent: u32,
    /// Which list of the scope, as words that end a sentence: `members of the team docs`. All of
    /// its resources if not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub list: Option<String>,
}

impl Exceeded {
    /// As a sentence without a full stop.
    pub fn text(&self) -> String {
        let Self {
            count,
            of,
            allowed,
            percent,
            list,
            ..
        } = self;
        let word = self.action.word();
        match list {
            // Of a list, to be let do less is to be taken from it in part.
            Some(list) => {
                format!(
                    "{count} of {of} {list} would be taken away; {allowed} may be ({percent} %)"
                )
            }
            None => {
                format!(
                    "{count} of {of} resources would be {word}d; {allowed} may be ({percent} %)"
                )
            }
        }
    }
}

/// The limits that changes to a scope are over. `existing` resources are there now; what the
/// same plan has `done` already counts as if it was still to do. Creating is never limited.
pub fn exceeded(
    limits: ScopeLimits,
    existing: usize,
    pending: &[&Change],
    done: &[Change],
) -> Vec<Exceeded> {
    let existing = before(existing, done.iter().map(|change| change.action));
    if existing < limits.exempt_below {
        return Vec::new();
    }
    let (mut deletes, mut updates) = (0, 0);
    for change in pending.iter().copied().chain(done) {
        match change.action {
            Action::Delete => deletes += 1,
            Action::Update => updates += 1,
            Action::Create => {}
        }
    }
    let over = |action: Action, count: usize, percent: u32| {
        let allowed = share(existing, percent);
        (count > allowed).then_some(Exceeded {
            action,
            count,
            of: existing,
            allowed,
            percent,
            list: None,
        })
    };
    let deletes = over(Action::Delete, deletes, limits.deletes_percent);
    let updates = over(Action::Update, updates, limits.updates_percent);
    deletes.into_iter().chain(updates).collect()
}

/// How many there were before something was done.
pub fn before(existing: usize, done: impl Iterator<Item = Action>) -> usize {
    done.fold(existing, |existing, done| match done {
        Action::Delete => existing.saturating_add(1),
        Action::Create => existing.saturating_sub(1),
        Action::Update => existing,
    })
}

/// So many per cent of a number, rounded down.
pub fn share(of: usize, percent: u32) -> usize {
    let share = of as u128 * u128::from(percent) / 100;
    usize::try_from(share).unwrap_or(usize::MAX)
}
