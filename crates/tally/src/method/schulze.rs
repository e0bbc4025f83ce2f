//! Schulze's method.

use std::cmp::Ordering;
use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

use super::layers::{by_layers, by_score};
use super::{Evidence, Layers, Matrix, Strength, Unranked, Version, Victory};
use crate::Candidate;

/// Schulze's method: one is above another if the strongest path of victories to the other is
/// stronger than the one back. A path is as strong as its weakest step. Markus Schulze,
/// "A new monotonic, clone-independent, reversal symmetric, and Condorcet-consistent
/// single-winner election method", Social Choice and Welfare 36 (2011).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Schulze {
    /// Of these rules.
    pub version: Version,
    /// What no rank means.
    pub pairs: Unranked,
    /// What makes a victory strong.
    pub strength: Strength,
    /// How places follow.
    pub ranking: Ranking,
}

/// How places follow from who is above whom, which may leave two that neither is above.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ranking {
    /// First all that nobody is above, then the same among the rest: CIVS, Belenios.
    Layers,
    /// By how many others are above one: Elekto.
    Beaters,
}

/// The strongest paths between each two.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Paths {
    #[serde(skip)]
    size: usize,
    strength: Strength,
    /// The weakest step of the strongest path, a row for each start.
    weakest: Vec<Option<Victory>>,
}

impl Schulze {
    pub(super) fn rank(self, matrix: &Matrix) -> (Layers, Evidence) {
        let paths = Paths::find(matrix, self.strength);
        let layers = match self.ranking {
            Ranking::Layers => by_layers(matrix.size(), |one, other| paths.above(one, other)),
            Ranking::Beaters => by_score(matrix.size(), |one| paths.beaters(one).len()),
        };
        (layers, Evidence::Schulze { paths })
    }
}

impl Paths {
    fn find(matrix: &Matrix, strength: Strength) -> Self {
        let size = matrix.size();
        let mut weakest: Vec<Option<Victory>> = (0..size * size)
            .map(|at| matrix.victory(at / size, at % size))
            .collect();
        for via in 0..size {
            for from in 0..size {
                for to in 0..size {
                    if from == to || from == via || to == via {
                        continue;
                    }
                    let (first, second) = (weakest[from * size + via], weakest[via * size + to]);
                    let through = match strength.compare_any(first, second) {
                        Ordering::Greater => second,
                        _ => first,
                    };
                    let known = &mut weakest[from * size + to];
                    if strength.compare_any(through, *known) == Ordering::Greater {
                        *known = through;
                    }
                }
            }
        }
        Self {
            size,
            strength,
            weakest,
        }
    }

    /// The weakest step of the strongest path, if there is any path.
    pub fn weakest(&self, from: Candidate, to: Candidate) -> Option<Victory> {
        self.weakest[from * self.size + to]
    }

    /// Whether the strongest path from `one` to `other` is stronger than the one back.
    pub fn above(&self, one: Candidate, other: Candidate) -> bool {
        let (there, back) = (self.weakest(one, other), self.weakest(other, one));
        self.strength.compare_any(there, back) == Ordering::Greater
    }

    /// Who is above the candidate.
    pub fn beaters(&self, candidate: Candidate) -> Vec<Candidate> {
        (0..self.size)
            .filter(|other| self.above(*other, candidate))
            .collect()
    }

    /// The strongest path, its start and end included; of several equally strong ones one
    /// with the fewest steps. Empty if there is none. The matrix is the one the paths are of.
    pub fn path(&self, matrix: &Matrix, from: Candidate, to: Candidate) -> Vec<Candidate> {
        let Some(least) = self.weakest(from, to).filter(|_| from != to) else {
            return Vec::new();
        };
        let mut before = vec![None; self.size];
        let mut queue = VecDeque::from([from]);
        while let Some(at) = queue.pop_front() {
            for (next, before) in before.iter_mut().enumerate() {
                let strong = matrix
                    .victory(at, next)
                    .is_some_and(|step| self.strength.compare(step, least) != Ordering::Less);
                if strong && next != from && before.is_none() {
                    *before = Some(at);
                    queue.push_back(next);
                }
            }
        }
        let mut path = vec![to];
        let mut at = to;
        while let Some(previous) = before[at] {
            path.push(previous);
            at = previous;
        }
        path.reverse();
        path
    }
}
