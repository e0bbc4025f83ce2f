//! What is to be told, each thing once.
//!
//! ```text
//! budgets, grants, events, quotas ─► facts: what may be so, and whether it is ─┐
//!                                                                              ▼
//!                     State: what was told ──────────────────────────────────► step ─► State
//!                                                                              │
//!                                                                              ▼
//!                                                            alerts: raised or taken back
//! ```
//!
//! A fact has a name that says of which period it is, so that a threshold is told once in each.
//! Nothing is concluded from days that are not complete: no fact looks at them.

mod facts;
mod state;
mod text;
mod told;

use std::collections::BTreeSet;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

pub use facts::{
    Circumstances, Fact, Holding, QuotaStanding, UNALLOCATED_LIMIT, Unallocated, UnusualCost, facts,
};
pub use state::State;
pub use told::{Channels, Told};

use crate::outlook::between;
use state::Entry;

/// For how many days what was told is remembered after it was last looked at.
const REMEMBERED: i64 = 400;

/// Something to tell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alert {
    /// What it is about; the same whenever it is told or taken back.
    pub id: String,
    /// Whether it is told or taken back.
    pub change: Change,
    /// The day on which it was found.
    pub day: Date,
    /// One line, for the subject of a mail.
    pub subject: String,
    /// The text: what is so, what to do, who does it. Plain, in lines.
    pub body: String,
    /// Who is told; never nobody, but for an estate that names none.
    pub to: Vec<Told>,
}

/// What became of something that is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Change {
    /// It is so.
    Raised,
    /// It was told, and is not so any more: bills were put right, or a forecast changed.
    Withdrawn,
}

/// What is to be told on a day, and what was told from then on.
///
/// A fact is told once, and again only after it was taken back. What is near or not known
/// changes nothing. The state is that after everything was told: what could not be is given
/// back to it by [`State::owe`].
pub fn step(state: &State, facts: &[Fact], today: Date) -> (State, Vec<Alert>) {
    let mut next = state.clone();
    let mut alerts = std::mem::take(&mut next.owed);
    let mut facts: Vec<&Fact> = facts.iter().collect();
    facts.sort_by(|one, other| one.id.cmp(&other.id));
    let mut done = BTreeSet::new();
    for fact in facts {
        if !done.insert(&fact.id) {
            continue;
        }
        let told = next.told.get(&fact.id);
        let stands = told.is_some_and(|entry| entry.withdrawn.is_none());
        match (stands, fact.holds) {
            (false, Holding::Yes) => {
                alerts.push(text::raised(fact, today));
                let entry = Entry {
                    raised: today,
                    withdrawn: None,
                    seen: today,
                };
                next.told.insert(fact.id.clone(), entry);
            }
            (true, Holding::No) => {
                if let Some(entry) = next.told.get_mut(&fact.id) {
                    alerts.push(text::withdrawn(fact, entry.raised, today));
                    entry.withdrawn = Some(today);
                }
            }
            _ => {}
        }
        if let Some(entry) = next.told.get_mut(&fact.id) {
            entry.seen = today;
        }
    }
    next.told
        .retain(|_, entry| between(entry.seen, today) <= REMEMBERED);
    (next, alerts)
}
