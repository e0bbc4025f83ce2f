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
}

impl Exceeded {
    /// As a sentence without a full stop.
    pub fn text(&self) -> String {
        let Self {
            count,
            of,
            allowed,
            percent,
            ..
        } = self;
        let word = self.action.word();
        format!("{count} of {of} resources would be {word}d; {allowed} may be ({percent} %)")
    }
}

/// The limits that changes to a scope of `existing` resources are over. Creating is never limited.
pub fn exceeded(limits: ScopeLimits, existing: usize, changes: &[Change]) -> Vec<Exceeded> {
    over(limits, existing, changes.iter().map(|change| change.action))
}

/// The same of what the changes do.
pub(crate) fn over(
    limits: ScopeLimits,
    existing: usize,
    actions: impl Iterator<Item = Action>,
) -> Vec<Exceeded> {
    if existing < limits.exempt_below {
        return Vec::new();
    }
    let (mut deletes, mut updates) = (0, 0);
    for action in actions {
        match action {
            Action::Delete => deletes += 1,
            Action::Update => updates += 1,
            Action::Create => {}
        }
    }
    let over = |action: Action, count: usize, percent: u32| {
        let share = existing as u128 * u128::from(percent) / 100;
        let allowed = usize::try_from(share).unwrap_or(usize::MAX);
        (count > allowed).then_some(Exceeded {
            action,
            count,
            of: existing,
            allowed,
            percent,
        })
    };
    let deletes = over(Action::Delete, deletes, limits.deletes_percent);
    let updates = over(Action::Update, updates, limits.updates_percent);
    deletes.into_iter().chain(updates).collect()
}
