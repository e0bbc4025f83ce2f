//! Condorcet-IRV, as CIVS has it.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::shares::Shares;
use super::{Evidence, Layers, Matrix, Unranked};
use crate::{Candidate, Profile};

/// Condorcet-IRV: for each place, the one who beats all others that have no place yet. If
/// there is none, the one with the fewest top ranks is set aside, until there is; who was set
/// aside comes back for the next place.
///
/// Where several have equally few, CIVS draws a lot, or takes whom the ballot names first.
/// Here each of them is set aside in turn and every way is followed: all who could have won
/// the place share it. Only where that would be hundreds of rounds for one place, those tied
/// are set aside at once, and the rounds say so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CondorcetIrv {
    /// Of these rules; the two give different results.
    pub version: IrvVersion,
    /// What no rank means.
    pub pairs: Unranked,
}

/// Who has the fewest top ranks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum IrvVersion {
    /// Top ranks are counted anew among those who are left; who are tied at the top of a
    /// ballot have a whole one each. If all who are left have equally many, they share the
    /// place. CIVS from 2007 to 2024.
    #[serde(rename = "civs-2007")]
    Civs2007,
    /// Top ranks are counted once, among all; who are tied have equal parts of one. If these
    /// are equal, second ranks decide, and so on. CIVS since February 2024.
    #[serde(rename = "civs-2024")]
    Civs2024,
}

/// How a place was filled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct IrvPlace {
    /// Who has it.
    pub winners: Vec<Candidate>,
    /// The rounds in which nobody beat all others. Where several were set aside by turns, the
    /// rounds of all ways are here, each with those who were left in it.
    pub rounds: Vec<IrvRound>,
}

/// A round in which nobody beat all others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct IrvRound {
    /// Who was left.
    pub left: Vec<Candidate>,
    /// The top ranks of each of those; `civs-2007` alone, whose count is made each round.
    pub tops: Vec<u64>,
    /// Who had the fewest: set aside, by turns if they are several.
    pub fewest: Vec<Candidate>,
    /// There were too many ways to follow them all: those tied were set aside at once.
    pub at_once: bool,
}

/// Rounds counted for one place beyond those of a single way, before those tied are set aside
/// at once.
const ROUNDS: usize = 256;

/// The count of one profile.
struct Count<'a> {
    method: CondorcetIrv,
    profile: &'a Profile,
    matrix: &'a Matrix,
    /// For each candidate, what they have of each rank.
    ranks: Vec<Vec<Shares>>,
}

impl CondorcetIrv {
    pub(super) fn rank(self, profile: &Profile, matrix: &Matrix) -> (Layers, Evidence) {
        let ranks = match self.version {
            IrvVersion::Civs2007 => Vec::new(),
            IrvVersion::Civs2024 => shares(profile, self.pairs),
        };
        let count = Count {
            method: self,
            profile,
            matrix,
            ranks,
        };
        let mut left: Vec<Candidate> = (0..matrix.size()).collect();
        let mut places = Vec::new();
        while !left.is_empty() {
            let place = count.place(&left);
            left.retain(|one| !place.winners.contains(one));
            places.push(place);
        }
        let layers = places.iter().map(|place| place.winners.clone()).collect();
        (layers, Evidence::CondorcetIrv { places })
    }
}

impl Count<'_> {
    /// All who can win among these.
    fn place(&self, among: &[Candidate]) -> IrvPlace {
        let all_ways = self.follow(among, false);
        // How many ways there are does not depend on the order of the ballot, so that this
        // does not favour anybody.
        all_ways
            .or_else(|| self.follow(among, true))
            .unwrap_or_else(|| IrvPlace {
                winners: among.to_vec(),
                rounds: Vec::new(),
            })
    }

    /// Follows every way, or the one on which those tied are set aside at once. Nothing, if
    /// there are too many.
    fn follow(&self, among: &[Candidate], at_once: bool) -> Option<IrvPlace> {
        let mut winners = BTreeSet::new();
        let mut rounds = Vec::new();
        let mut seen = BTreeSet::new();
        let mut ways = vec![among.to_vec()];
        while let Some(left) = ways.pop() {
            if !seen.insert(left.clone()) {
                continue;
            }
            if let Some(winner) = self.matrix.condorcet_winner_of(&left) {
                winners.insert(winner);
                continue;
            }
            if rounds.len() == self.most_rounds() {
                return None;
            }
            let (tops, fewest) = self.fewest(&left);
            let all = fewest.len() == left.len();
            if all && (at_once || self.method.version == IrvVersion::Civs2007) {
                winners.extend(left.iter().copied());
            } else if at_once {
                ways.push(without(&left, &fewest));
            } else {
                ways.extend(fewest.iter().rev().map(|one| without(&left, &[*one])));
            }
            rounds.push(IrvRound {
                at_once: at_once && fewest.len() > 1,
                left,
                tops,
                fewest,
            });
        }
        Some(IrvPlace {
            winners: winners.into_iter().collect(),
            rounds,
        })
    }

    /// One way has fewer rounds than there are candidates.
    fn most_rounds(&self) -> usize {
        ROUNDS + self.matrix.size()
    }

    fn fewest(&self, left: &[Candidate]) -> (Vec<u64>, Vec<Candidate>) {
        if self.method.version == IrvVersion::Civs2024 {
            return (Vec::new(), self.least_ranked(left));
        }
        let tops = self.tops(left);
        let least = tops.iter().min().copied();
        let fewest = left.iter().zip(&tops);
        let fewest = fewest.filter(|(_, tops)| Some(**tops) == least);
        let fewest = fewest.map(|(one, _)| *one).collect();
        (tops, fewest)
    }

    fn tops(&self, left: &[Candidate]) -> Vec<u64> {
        let mut tops = vec![0; left.len()];
        for (ranks, weight) in self.profile.ballots() {
            if ranks.iter().all(|rank| *rank == 0) {
                continue;
            }
            let rank = |one: &Candidate| self.method.pairs.read(ranks[*one]);
            let Some(best) = left.iter().map(rank).filter(|rank| *rank > 0).min() else {
                continue;
            };
            for (count, one) in tops.iter_mut().zip(left) {
                *count += weight * u64::from(rank(one) == best);
            }
        }
        tops
    }

    fn least_ranked(&self, left: &[Candidate]) -> Vec<Candidate> {
        let compare = |one: Candidate, other: Candidate| {
            let pairs = self.ranks[one].iter().zip(&self.ranks[other]);
            let mut pairs = pairs.map(|(one, other)| one.compare(other));
            pairs.find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
        };
        let mut fewest: Vec<Candidate> = Vec::new();
        for one in left {
            match fewest.first().map(|least| compare(*one, *least)) {
                Some(Ordering::Greater) => continue,
                Some(Ordering::Less) => fewest.clear(),
                Some(Ordering::Equal) | None => {}
            }
            fewest.push(*one);
        }
        fewest
    }
}

fn without(left: &[Candidate], out: &[Candidate]) -> Vec<Candidate> {
    let kept = left.iter().filter(|one| !out.contains(one));
    kept.copied().collect()
}

/// What each candidate has of the first rank, the second and so on. The ranks that a ballot
/// uses are numbered without gaps.
fn shares(profile: &Profile, unranked: Unranked) -> Vec<Vec<Shares>> {
    let size = profile.candidates().len();
    let mut shares = vec![vec![Shares::default(); size]; size];
    let mut order: Vec<Candidate> = Vec::with_capacity(size);
    for (ranks, weight) in profile.ballots() {
        if ranks.iter().all(|rank| *rank == 0) {
            continue;
        }
        let rank = |one: Candidate| unranked.read(ranks[one]);
        order.clear();
        order.extend((0..size).filter(|one| rank(*one) > 0));
        order.sort_unstable_by_key(|one| rank(*one));
        let tied = order.chunk_by(|one, other| rank(*one) == rank(*other));
        for (at, tied) in tied.enumerate() {
            for one in tied {
                shares[*one][at].add(tied.len(), weight);
            }
        }
    }
    shares
}
