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
///
/// It keeps the ballots in the order given and merges none, so that what was read can be
/// written again. No result may depend on that order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Written", into = "Written")]
pub struct Profile {
    candidates: Vec<String>,
    /// One row a ballot, one column a candidate.
    ranks: Vec<Rank>,
    weights: Vec<u64>,
    turnout: u64,
}

/// A profile as it is written.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    candidates: Vec<String>,
    ballots: Vec<Ballot>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Ballot {
    ranks: Vec<Rank>,
    weight: u64,
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
    /// More voters than can be counted.
    #[error("the ballots stand for more than {} voters", u64::MAX)]
    TooMany,
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
            ..Self::default()
        })
    }

    /// Adds a ballot: one rank a candidate, 0 for no opinion. After an error the profile is
    /// as it was.
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
        self.turnout = self
            .turnout
            .checked_add(weight)
            .ok_or(ProfileError::TooMany)?;
        self.ranks.extend_from_slice(ranks);
        self.weights.push(weight);
        Ok(())
    }

    /// The candidates, by their names or ids, in the order of the ranks of each ballot.
    pub fn candidates(&self) -> &[String] {
        &self.candidates
    }

    /// The candidate of that name.
    pub fn candidate(&self, name: &str) -> Option<Candidate> {
        self.candidates.iter().position(|other| other == name)
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
        self.turnout
    }

    /// How many voters cast a ballot that ranks nobody. It counts for the turnout alone.
    pub fn blank(&self) -> u64 {
        self.ballots()
            .filter(|(ranks, _)| ranks.iter().all(|rank| *rank == 0))
            .map(|(_, weight)| weight)
            .sum()
    }
}

impl TryFrom<Written> for Profile {
    type Error = ProfileError;

    fn try_from(written: Written) -> Result<Self, ProfileError> {
        let mut profile = Self::new(written.candidates)?;
        for ballot in written.ballots {
            profile.push(&ballot.ranks, ballot.weight)?;
        }
        Ok(profile)
    }
}

impl From<Profile> for Written {
    fn from(profile: Profile) -> Self {
        let ballots = profile
            .ballots()
            .map(|(ranks, weight)| Ballot {
                ranks: ranks.to_vec(),
                weight,
            })
            .collect();
        Self {
            ballots,
            candidates: profile.candidates,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn two() -> Profile {
        Profile::new(vec!["ada".to_owned(), "bob".to_owned()]).unwrap()
    }

    #[test]
    fn what_is_no_ballot_changes_nothing() {
        let mut profile = two();
        profile.push(&[1, 0], 2).unwrap();
        let before = profile.clone();
        let length = ProfileError::Length {
            expected: 2,
            found: 1,
        };
        assert_eq!(profile.push(&[1], 1), Err(length));
        let rank = RANK_MAX + 1;
        assert_eq!(profile.push(&[1, rank], 1), Err(ProfileError::Rank(rank)));
        assert_eq!(profile.push(&[1, 2], u64::MAX), Err(ProfileError::TooMany));
        assert_eq!(profile, before);
    }

    #[test]
    fn a_candidate_stands_once() {
        let names = ["ada", "bob", "ada"].map(str::to_owned).to_vec();
        let twice = ProfileError::CandidateTwice("ada".to_owned());
        assert_eq!(Profile::new(names), Err(twice));
    }

    #[test]
    fn blank_ballots_count_for_the_turnout() {
        let mut profile = two();
        profile.push(&[0, 0], 3).unwrap();
        profile.push(&[0, 7], 4).unwrap();
        assert_eq!((profile.turnout(), profile.blank()), (7, 3));
    }

    #[test]
    fn a_profile_reads_as_it_is_written_and_is_checked() {
        let mut profile = two();
        profile.push(&[2, 1], 3).unwrap();
        let written = serde_json::to_string(&profile).unwrap();
        assert_eq!(
            written,
            r#"{"candidates":["ada","bob"],"ballots":[{"ranks":[2,1],"weight":3}]}"#
        );
        assert_eq!(serde_json::from_str::<Profile>(&written).unwrap(), profile);
        let short = written.replace("[2,1]", "[2]");
        assert!(serde_json::from_str::<Profile>(&short).is_err());
    }
}
