//! Debian's rules.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Evidence, Layers, Matrix, MethodError, Ratio, Strength, Victory};
use crate::{Candidate, Profile};

/// The constitution of Debian, A.5: options that miss the quorum or their majority against
/// the default option are dropped; then the weakest defeats in the Schwartz set, all at once,
/// until it has none. Candidates without a rank are tied in the last place. The rules elect
/// one option, and place no others; if the default option wins, nobody is elected.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Debian {
    /// Of these rules.
    pub version: DebianVersion,
    /// The option "none of these", by its name on the ballot.
    pub default: String,
    /// How many voters must prefer an option to the default one.
    pub quorum: Quorum,
    /// By option, how many times as many voters must prefer it to the default option as the
    /// reverse. Who is not named needs a simple majority.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub majority: BTreeMap<String, Ratio>,
    /// Who decides if several options are left.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub casting_vote: Option<String>,
}

/// Which of Debian's rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DebianVersion {
    /// Since the general resolution of 2015, by which a majority of 3:1 is reached with
    /// exactly three times as many voters. One of 1:1 still needs more voters than are against.
    #[serde(rename = "debian-2015")]
    Debian2015,
}

/// How many voters must prefer an option to the default one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Quorum {
    /// No quorum.
    None,
    /// At least so many.
    Votes(u64),
    /// At least so many times the square root of a number, which is never rounded: an
    /// election in Debian asks for 3/2 of the root of its developers.
    Root {
        /// How many times.
        times: Ratio,
        /// How many may vote.
        voters: u64,
    },
}

/// An option that was dropped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Drop {
    /// The option.
    pub option: Candidate,
    /// Voters who prefer it to the default option.
    pub votes: u64,
    /// Voters who prefer the default option.
    pub against: u64,
    /// Why.
    pub reason: DropReason,
}

/// Why an option was dropped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum DropReason {
    /// Fewer voters than the quorum prefer it to the default option.
    Quorum,
    /// It does not defeat the default option by its majority.
    Majority(Ratio),
}

/// A step in which the weakest defeats were dropped.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Elimination {
    /// The Schwartz set: who transitively defeats everybody by whom they are transitively
    /// defeated.
    pub schwartz: Vec<Candidate>,
    /// How strong the weakest defeats are.
    pub weakest: Victory,
    /// These, each as winner and loser.
    pub defeats: Vec<(Candidate, Candidate)>,
}

impl Debian {
    /// Simple majorities and no quorum, against the default option of that name.
    pub fn simple(default: &str) -> Self {
        Self {
            version: DebianVersion::Debian2015,
            default: default.to_owned(),
            quorum: Quorum::None,
            majority: BTreeMap::new(),
            casting_vote: None,
        }
    }

    pub(super) fn elect(
        &self,
        profile: &Profile,
        matrix: &Matrix,
    ) -> Result<(Layers, Evidence), MethodError> {
        let Some(default) = profile.candidate(&self.default) else {
            return Err(MethodError::DefaultOption(self.default.clone()));
        };
        let unknown = |name: &&String| profile.candidate(name).is_none();
        if let Some(name) = self.majority.keys().find(unknown) {
            return Err(MethodError::Majority(name.clone()));
        }
        let options = (0..matrix.size()).filter(|one| *one != default);
        let dropped: Vec<Drop> = options
            .filter_map(|option| {
                let majority = self.majority.get(&profile.candidates()[option]);
                let majority = majority.copied().unwrap_or(Ratio::ONE);
                self.judge(matrix, default, option, majority)
            })
            .collect();
        let left: Vec<Candidate> = (0..matrix.size())
            .filter(|one| dropped.iter().all(|drop| drop.option != *one))
            .collect();
        let (winners, eliminations) = eliminate(matrix, &left);
        let evidence = Evidence::Debian {
            default,
            dropped,
            eliminations,
        };
        Ok((vec![winners], evidence))
    }

    fn judge(
        &self,
        matrix: &Matrix,
        default: Candidate,
        option: Candidate,
        majority: Ratio,
    ) -> Option<Drop> {
        let (votes, against) = (matrix.over(option, default), matrix.over(default, option));
        let reason = if !self.quorum.reached(votes) {
            DropReason::Quorum
        } else if !(majority.reached(votes, against) && votes > against) {
            DropReason::Majority(majority)
        } else {
            return None;
        };
        Some(Drop {
            option,
            votes,
            against,
            reason,
        })
    }
}

impl Quorum {
    /// Whether so many votes are enough.
    pub fn reached(self, votes: u64) -> bool {
        match self {
            Quorum::None => true,
            Quorum::Votes(least) => votes >= least,
            Quorum::Root { times, voters } => times.reached_by_root(votes, voters),
        }
    }
}

/// Drops the weakest defeats of the Schwartz set until it has none.
fn eliminate(matrix: &Matrix, left: &[Candidate]) -> (Vec<Candidate>, Vec<Elimination>) {
    let mut defeats: Vec<(Candidate, Candidate, Victory)> = Vec::new();
    for winner in left {
        defeats.extend(left.iter().filter_map(|loser| {
            let victory = matrix.victory(*winner, *loser)?;
            Some((*winner, *loser, victory))
        }));
    }
    let compare = |one, other| Strength::WinningVotesLosing.compare(one, other);
    let mut eliminations = Vec::new();
    loop {
        let schwartz = schwartz_set(matrix.size(), left, &defeats);
        let within = |(winner, loser, _): &&(Candidate, Candidate, Victory)| {
            schwartz.contains(winner) && schwartz.contains(loser)
        };
        let victories = defeats.iter().filter(within).map(|defeat| defeat.2);
        let Some(weakest) = victories.min_by(|one, other| compare(*one, *other)) else {
            return (schwartz, eliminations);
        };
        let is_weakest = |defeat: &(Candidate, Candidate, Victory)| {
            within(&defeat) && compare(defeat.2, weakest) == Ordering::Equal
        };
        let (out, kept): (Vec<_>, Vec<_>) = defeats.iter().partition(|defeat| is_weakest(defeat));
        eliminations.push(Elimination {
            weakest,
            defeats: out.iter().map(|(one, other, _)| (*one, *other)).collect(),
            schwartz,
        });
        defeats = kept;
    }
}

/// Those who transitively defeat everybody by whom they are transitively defeated.
fn schwartz_set(
    size: usize,
    left: &[Candidate],
    defeats: &[(Candidate, Candidate, Victory)],
) -> Vec<Candidate> {
    let mut defeated = vec![false; size * size];
    for (winner, loser, _) in defeats {
        defeated[winner * size + loser] = true;
    }
    for via in left {
        for one in left {
            for other in left {
                defeated[one * size + other] |=
                    defeated[one * size + via] && defeated[via * size + other];
            }
        }
    }
    let defeats = |one: Candidate, other: Candidate| defeated[one * size + other];
    left.iter()
        .copied()
        .filter(|one| {
            let mut others = left.iter();
            others.all(|other| defeats(*one, *other) || !defeats(*other, *one))
        })
        .collect()
}
