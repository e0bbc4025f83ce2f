//! A result, and what it follows from.

use serde::Serialize;

use super::{Drop, Elimination, IrvPlace, Layers, Lock, Matrix, Method, Paths, Victory};
use crate::Candidate;

/// A result with all that is needed to see why it is so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Outcome {
    /// The method, with its parameters and version.
    pub method: Method,
    /// Their names; all else speaks of them by their place in this list.
    pub candidates: Vec<String>,
    /// How many voters cast a ballot.
    pub turnout: u64,
    /// How many of these ranked nobody.
    pub blank: u64,
    /// The candidates in places, the best first; who share a place are tied, and no tie is
    /// broken here. Debian's rules place the winner alone, or those whom a casting vote
    /// decides between; every other method places everybody.
    pub layers: Layers,
    /// The one who beats each of the others, if there is one. Who wins by another rule is
    /// not called so.
    pub condorcet_winner: Option<Candidate>,
    /// How many voters prefer each to each other one.
    pub matrix: Matrix,
    /// What the method did.
    pub evidence: Evidence,
}

/// What a method did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Evidence {
    /// The strongest paths.
    Schulze {
        /// Between each two.
        paths: Paths,
    },
    /// How each place was filled.
    CondorcetIrv {
        /// In order.
        places: Vec<IrvPlace>,
    },
    /// Each victory, the strongest first.
    RankedPairs {
        /// And whether it counts.
        locks: Vec<Lock>,
    },
    /// Half points: two for a victory, one for a tie.
    Copeland {
        /// Of each candidate.
        half_points: Vec<u64>,
    },
    /// The worst defeats.
    Minimax {
        /// Of each candidate, by those who had no place before them; none if they beat or
        /// tied with all those.
        worst: Vec<Option<WorstDefeat>>,
    },
    /// What was dropped.
    Debian {
        /// The default option.
        default: Candidate,
        /// The options that were dropped, in the order of the ballot.
        dropped: Vec<Drop>,
        /// The defeats that were dropped, step by step, until the Schwartz set had none.
        eliminations: Vec<Elimination>,
    },
    /// Approvals.
    Approval {
        /// Of each candidate.
        approvals: Vec<u64>,
    },
}

/// A defeat that no other of the same candidate is stronger than.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct WorstDefeat {
    /// Who won.
    pub by: Candidate,
    /// By how many votes.
    pub victory: Victory,
}

impl Outcome {
    /// The name of a candidate.
    ///
    /// # Panics
    /// Where there is no such candidate.
    pub fn name(&self, candidate: Candidate) -> &str {
        &self.candidates[candidate]
    }

    /// The candidate of that name.
    pub fn candidate(&self, name: &str) -> Option<Candidate> {
        self.candidates.iter().position(|other| other == name)
    }

    /// Which layer the candidate is in, from 0, if the method placed them.
    pub fn layer(&self, candidate: Candidate) -> Option<usize> {
        self.layers
            .iter()
            .position(|layer| layer.contains(&candidate))
    }

    /// The first of the places that the candidate's layer has, from 1: two who are tied
    /// before a third have place 1, and the third has place 3.
    pub fn place(&self, candidate: Candidate) -> Option<usize> {
        let layer = self.layer(candidate)?;
        let before = self.layers[..layer].iter().map(Vec::len);
        Some(before.sum::<usize>() + 1)
    }

    /// The names in places, the best first.
    pub fn named_layers(&self) -> Vec<Vec<&str>> {
        self.layers
            .iter()
            .map(|layer| layer.iter().map(|one| self.name(*one)).collect())
            .collect()
    }

    /// Every candidate, in the order of the places; the tied and the unplaced in the order
    /// of the ballot.
    pub fn order(&self) -> Vec<Candidate> {
        let mut order = self.layers.concat();
        let unplaced = (0..self.candidates.len()).filter(|one| self.layer(*one).is_none());
        order.extend(unplaced.collect::<Vec<_>>());
        order
    }
}
