//! Approval.

use serde::{Deserialize, Serialize};

use super::layers::by_score;
use super::{Evidence, Layers, Version};
use crate::{Profile, Rank};

/// Approval: each ballot approves of any number of candidates, and most approvals are first
/// (Python's PEP 13).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Approval {
    /// Of these rules.
    pub version: Version,
    /// Whom a ballot approves of.
    pub approves: Approves,
}

/// Whom a ballot approves of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Approves {
    /// All that it ranks.
    Ranked,
    /// Those that it ranks best.
    First,
}

impl Approval {
    pub(super) fn rank(self, profile: &Profile) -> (Layers, Evidence) {
        let size = profile.candidates().len();
        let mut approvals = vec![0; size];
        for (ranks, weight) in profile.ballots() {
            let best = ranks.iter().copied().filter(|rank| *rank > 0).min();
            let approved = |rank: Rank| match self.approves {
                Approves::Ranked => rank > 0,
                Approves::First => Some(rank) == best,
            };
            for (count, rank) in approvals.iter_mut().zip(ranks) {
                *count += weight * u64::from(approved(*rank));
            }
        }
        let layers = by_score(size, |one| std::cmp::Reverse(approvals[one]));
        (layers, Evidence::Approval { approvals })
    }
}
