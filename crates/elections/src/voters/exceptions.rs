//! Exceptions: people whom the rule does not see, and the officers do.
//!
//! A request and its reason are confidential. What is published is how many there were and
//! how they went.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::Login;
use crate::definition::{Timing, Window};

/// Somebody asks to be on the roll.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExceptionRequest {
    /// Who.
    pub login: Login,
    /// When it was received.
    pub received_at: Timestamp,
    /// What an officer said of it, in the order received; the last of an officer counts.
    pub votes: Vec<OfficerVote>,
    /// The officers who take no part, for example because they work with the person.
    pub recused: BTreeSet<Login>,
}

/// What an officer says of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfficerVote {
    /// Which officer.
    pub officer: Login,
    /// Whether the exception should be granted.
    pub grant: bool,
}

/// What became of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Decision {
    /// More than half of the officers who take part are for it.
    Granted,
    /// More than half can no longer be for it.
    Refused,
    /// Both are still possible.
    Pending,
    /// It was not received in the time for requests.
    OutOfTime,
    /// No officer is left who takes part.
    Orphaned,
}

/// What the officers have decided on a request: by a simple majority of those who take part,
/// not of those who have answered. With two of them one for it is not a majority.
pub fn decide(request: &ExceptionRequest, officers: &[Login], requesting: Window) -> Decision {
    if requesting.timing(request.received_at) != Timing::Open {
        return Decision::OutOfTime;
    }
    // Nobody decides on their own request.
    let takes_part =
        |officer: &&Login| !request.recused.contains(*officer) && **officer != request.login;
    let taking_part: BTreeSet<&Login> = officers.iter().filter(takes_part).collect();
    if taking_part.is_empty() {
        return Decision::Orphaned;
    }
    let counted = request.votes.iter();
    let counted = counted.filter(|vote| taking_part.contains(&vote.officer));
    let last: BTreeMap<&Login, bool> = counted.map(|vote| (&vote.officer, vote.grant)).collect();
    let granting = last.values().filter(|grant| **grant).count();
    let against = last.len() - granting;
    let possible = taking_part.len() - against;
    if 2 * granting > taking_part.len() {
        Decision::Granted
    } else if 2 * possible <= taking_part.len() {
        Decision::Refused
    } else {
        Decision::Pending
    }
}

/// All that is published of exceptions.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExceptionCounts {
    /// How many people asked.
    pub requested: u32,
    /// How many are on the roll by it.
    pub granted: u32,
    /// How many are not: refused, or asked out of time.
    pub refused: u32,
    /// How many wait for the officers.
    pub pending: u32,
}

impl ExceptionCounts {
    /// Of all decisions.
    pub fn of(decisions: impl IntoIterator<Item = Decision>) -> Self {
        let mut counts = Self::default();
        for decision in decisions {
            counts.requested += 1;
            match decision {
                Decision::Granted => counts.granted += 1,
                Decision::Refused | Decision::OutOfTime => counts.refused += 1,
                Decision::Pending | Decision::Orphaned => counts.pending += 1,
            }
        }
        counts
    }
}
