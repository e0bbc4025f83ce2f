//! Ballots as lists of preferences.

use super::{Preferences, Race, StvError};
use crate::{Candidate, Rank};

/// The papers that count, each a list of candidates, the most preferred first.
pub(super) struct Papers {
    preferences: Vec<Candidate>,
    /// Where the preferences of each paper end.
    ends: Vec<usize>,
    weights: Vec<u64>,
    /// How many voters these papers stand for.
    pub(super) valid: u64,
    /// How many voters cast a paper without a first preference that counts.
    pub(super) blank: u64,
}

impl Papers {
    pub(super) fn of(race: &Race<'_>) -> Result<Self, StvError> {
        let mut standing = vec![true; race.profile.candidates().len()];
        for withdrawn in race.withdrawn {
            let Some(place) = standing.get_mut(*withdrawn) else {
                return Err(StvError::UnknownCandidate(*withdrawn));
            };
            *place = false;
        }
        let mut papers = Self {
            preferences: Vec::new(),
            ends: Vec::new(),
            weights: Vec::new(),
            valid: 0,
            blank: 0,
        };
        let mut ranked = Vec::with_capacity(standing.len());
        for (ranks, weight) in race.profile.ballots() {
            let start = papers.preferences.len();
            ranked.clear();
            ranked.extend(ranks.iter().copied().zip(0..).filter(|(rank, _)| *rank > 0));
            ranked.sort_unstable();
            papers.list(&ranked, &standing, race.preferences);
            let side = if papers.preferences.len() > start {
                papers.ends.push(papers.preferences.len());
                papers.weights.push(weight);
                &mut papers.valid
            } else {
                &mut papers.blank
            };
            *side = side.checked_add(weight).ok_or(StvError::Overflow)?;
        }
        Ok(papers)
    }

    /// Adds the preferences of one paper up to where they stop being clear.
    fn list(&mut self, ranked: &[(Rank, Candidate)], standing: &[bool], rule: Preferences) {
        let mut expected: Rank = 0;
        for group in ranked.chunk_by(|one, other| one.0 == other.0) {
            expected += 1;
            if rule == Preferences::Consecutive && group[0].0 != expected {
                return;
            }
            let mut those = group.iter().filter(|(_, candidate)| standing[*candidate]);
            let (first, second) = (those.next(), those.next());
            match (first, second) {
                (Some((_, candidate)), None) => self.preferences.push(*candidate),
                (None, _) => {}
                (Some(_), Some(_)) => return,
            }
        }
    }

    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// How many voters the paper stands for.
    pub(super) fn weight(&self, paper: usize) -> u64 {
        self.weights[paper]
    }

    pub(super) fn preferences(&self, paper: usize) -> &[Candidate] {
        let start = if paper == 0 { 0 } else { self.ends[paper - 1] };
        &self.preferences[start..self.ends[paper]]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Profile;

    const NONE: [Candidate; 0] = [];

    fn preferences(ranks: &[Rank], rule: Preferences, withdrawn: &[Candidate]) -> Vec<Candidate> {
        let names = (0..ranks.len()).map(|at| format!("c{at}")).collect();
        let mut profile = Profile::new(names).unwrap();
        profile.push(ranks, 1).unwrap();
        let race = Race {
            profile: &profile,
            seats: 1,
            withdrawn,
            preferences: rule,
        };
        let papers = Papers::of(&race).unwrap();
        if papers.len() == 0 {
            assert_eq!(papers.blank, 1);
            return Vec::new();
        }
        papers.preferences(0).to_vec()
    }

    #[test]
    fn preferences_count_until_a_gap_or_two_alike() {
        use Preferences::{Consecutive, InOrder};
        assert_eq!(preferences(&[3, 1, 2], Consecutive, &[]), [1, 2, 0]);
        assert_eq!(preferences(&[4, 1, 2], Consecutive, &[]), [1, 2]);
        assert_eq!(preferences(&[4, 1, 2], InOrder, &[]), [1, 2, 0]);
        assert_eq!(preferences(&[2, 1, 2], Consecutive, &[]), [1]);
        assert_eq!(preferences(&[2, 1, 2], InOrder, &[]), [1]);
        assert_eq!(preferences(&[1, 1, 2], InOrder, &[]), NONE);
        assert_eq!(preferences(&[0, 2, 3], Consecutive, &[]), NONE);
        assert_eq!(preferences(&[0, 0, 0], InOrder, &[]), NONE);
    }

    #[test]
    fn who_withdrew_is_passed_over() {
        use Preferences::Consecutive;
        assert_eq!(preferences(&[3, 1, 2], Consecutive, &[1]), [2, 0]);
        assert_eq!(preferences(&[2, 1, 2], Consecutive, &[0]), [1, 2]);
        assert_eq!(preferences(&[0, 1, 0], Consecutive, &[1]), NONE);
    }
}
