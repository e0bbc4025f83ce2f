//! Ranked pairs, the method of Tideman.

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

use super::layers::by_layers;
use super::{Evidence, Layers, Matrix, Strength, Unranked, Version, Victory};
use crate::Candidate;

/// Ranked pairs: victories are locked from the strongest to the weakest, each unless those
/// locked before contradict it. Victories that are equally strong are judged together, by
/// the stronger ones alone, so that the order of the ballot decides nothing; where they then
/// contradict each other, those concerned are tied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RankedPairs {
    /// Of these rules.
    pub version: Version,
    /// What no rank means.
    pub pairs: Unranked,
    /// What makes a victory strong.
    pub strength: Strength,
}

/// What became of a victory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Lock {
    /// Who won.
    pub winner: Candidate,
    /// Who lost.
    pub loser: Candidate,
    /// By how many votes.
    pub victory: Victory,
    /// It counts: no stronger ones lead from the loser to the winner.
    pub locked: bool,
}

/// Who leads to whom by what is locked.
struct Reach {
    size: usize,
    leads: Vec<bool>,
}

impl RankedPairs {
    pub(super) fn rank(self, matrix: &Matrix) -> (Layers, Evidence) {
        let size = matrix.size();
        let mut locks = Vec::new();
        for winner in 0..size {
            locks.extend((0..size).filter_map(|loser| {
                let victory = matrix.victory(winner, loser)?;
                Some(Lock {
                    winner,
                    loser,
                    victory,
                    locked: false,
                })
            }));
        }
        locks.sort_by(|one, other| self.strength.compare(other.victory, one.victory));
        let mut reach = Reach {
            size,
            leads: vec![false; size * size],
        };
        let equal = |one: &Lock, other: &Lock| {
            self.strength.compare(one.victory, other.victory) == Ordering::Equal
        };
        for together in locks.chunk_by_mut(equal) {
            for lock in &mut *together {
                lock.locked = !reach.leads(lock.loser, lock.winner);
            }
            for lock in together.iter().filter(|lock| lock.locked) {
                reach.add(lock.winner, lock.loser);
            }
        }
        let above = |one, other| reach.leads(one, other) && !reach.leads(other, one);
        let layers = by_layers(size, above);
        (layers, Evidence::RankedPairs { locks })
    }
}

impl Reach {
    fn leads(&self, from: Candidate, to: Candidate) -> bool {
        self.leads[from * self.size + to]
    }

    /// Adds a step and all that follows from it.
    fn add(&mut self, from: Candidate, to: Candidate) {
        if self.leads(from, to) {
            return;
        }
        let all = 0..self.size;
        let into: Vec<Candidate> = all
            .clone()
            .filter(|one| *one == from || self.leads(*one, from))
            .collect();
        let out: Vec<Candidate> = all
            .filter(|one| *one == to || self.leads(to, *one))
            .collect();
        for one in into {
            for other in &out {
                self.leads[one * self.size + other] = true;
            }
        }
    }
}
