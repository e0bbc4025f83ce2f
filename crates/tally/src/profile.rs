//! The ballots of an election.

use serde::{Deserialize, Serialize};

/// A candidate, by their place among the candidates of a [`Profile`].
pub type Candidate = usize;

/// Where a ballot puts a candidate: 1 is best, 0 stands for no opinion. Gaps and equal ranks
/// are allowed.
pub type Rank = u32;

/// The largest rank that a ballot may give.
pub const RANK_MAX: Rank = 1_000_000;

/// Ballots over some candidates; each is a weak order of those it ranks, and stands for
/// as many voters as its weight says.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    candidates: Vec<String>,
    /// One row a ballot, one column a candidate.
    ranks: Vec<Rank>,
    weights: Vec<u64>,
}

/// Why something is no ballot, or no list of candidates.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProfileError {
    /// A candidate stands twice.
    #[error("the candidate \"{0}\" is listed twice")]
    CandidateTwice(String),
    /// A ballot has more or fewer entries than there are candidates.
    #[error("{found} ranks for {expected} candidates")]
    Length {
        /// How many candidates there are.
        expected: usize,
        /// How many ranks are given.
        found: usize,
    },
    /// A rank is too large.
    #[error("the rank {0} is above {RANK_MAX}")]
    Rank(Rank),
}

impl Profile {
    /// No ballots yet.
    pub fn new(candidates: Vec<String>) -> Result<Self, ProfileError> {
        let mut sorted: Vec<&String> = candidates.iter().collect();
        sorted.sort_unstable();
        if let Some(pair) = sorted.windows(2).find(|pair| pair[0] == pair[1]) {
            return Err(ProfileError::CandidateTwice(pair[0].clone()));
        }
        Ok(Self {
            candidates,
            ranks: Vec::new(),
            weights: Vec::new(),
        })
    }

    /// Adds a ballot: one rank a candidate, 0 for no opinion.
    pub fn push(&mut self, ranks: &[Rank], weight: u64) -> Result<(), ProfileError> {
        if ranks.len() != self.candidates.len() {
            return Err(ProfileError::Length {
                expected: self.candidates.len(),
                found: ranks.len(),
            });
        }
        if let Some(rank) = ranks.iter().find(|rank| **rank > RANK_MAX) {
            return Err(ProfileError::Rank(*rank));
        }
        self.ranks.extend_from_slice(ranks);
        self.weights.push(weight);
        Ok(())
    }

    /// The candidates, by their names or ids, in the order of the ranks of each ballot.
    pub fn candidates(&self) -> &[String] {
        &self.candidates
    }

    /// Each ballot's ranks, and how many voters it stands for.
    pub fn ballots(&self) -> impl Iterator<Item = (&[Rank], u64)> {
        // Without candidates a ballot has no ranks, and is counted all the same.
        let width = self.candidates.len();
        self.weights
            .iter()
            .enumerate()
            .map(move |(at, weight)| (&self.ranks[at * width..(at + 1) * width], *weight))
    }

    /// How many voters cast a ballot, blank ones among them.
    pub fn turnout(&self) -> u64 {
        self.weights.iter().sum()
    }
}
