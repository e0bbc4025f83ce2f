//! How many voters prefer each candidate to each other one.

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

use crate::{Candidate, Profile, Rank};

/// What a ballot says of the candidates that it leaves without a rank.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Unranked {
    /// Nothing: a pair counts only where both are ranked.
    Skip,
    /// That they are tied in the last place, below all that it ranks.
    Last,
}

impl Unranked {
    /// The rank as it is compared: 0 still is no opinion, the last place is above all ranks.
    pub(crate) fn read(self, rank: Rank) -> Rank {
        match self {
            Unranked::Last if rank == 0 => Rank::MAX,
            _ => rank,
        }
    }
}

/// What makes a victory of one candidate over another the stronger one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Strength {
    /// More votes for the winner.
    WinningVotes,
    /// More votes for the winner; where these are equal, fewer for the loser.
    WinningVotesLosing,
    /// The larger difference.
    Margins,
}

impl Strength {
    /// Compares two victories: `Greater` is the stronger.
    pub fn compare(self, one: Victory, other: Victory) -> Ordering {
        match self {
            Self::WinningVotes => one.votes.cmp(&other.votes),
            Self::WinningVotesLosing => one
                .votes
                .cmp(&other.votes)
                .then(other.against.cmp(&one.against)),
            Self::Margins => one.margin().cmp(&other.margin()),
        }
    }

    /// The same, where nothing is weaker than any victory.
    pub(crate) fn compare_any(self, one: Option<Victory>, other: Option<Victory>) -> Ordering {
        match (one, other) {
            (Some(one), Some(other)) => self.compare(one, other),
            (one, other) => one.is_some().cmp(&other.is_some()),
        }
    }
}

/// A victory of one candidate over another: more votes than there are against.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Victory {
    /// Voters who prefer the winner.
    pub votes: u64,
    /// Voters who prefer the loser.
    pub against: u64,
}

impl Victory {
    /// How many more.
    pub fn margin(self) -> u64 {
        self.votes - self.against
    }
}

/// For each ordered pair of candidates, how many voters prefer the first to the second.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Matrix {
    size: usize,
    over: Vec<u64>,
}

/// Ballots are counted in bytes, as many lanes at once as a processor has, and the bytes are
/// emptied into the matrix before one can overflow.
struct Block {
    stride: usize,
    counts: Vec<u8>,
    rows: u8,
}

/// In a block, the last place. Larger ranks are counted one by one.
const LAST: u8 = u8::MAX;
const LANES: usize = 16;

impl Matrix {
    /// Counts the ballots.
    pub fn count(profile: &Profile, unranked: Unranked) -> Self {
        let size = profile.candidates().len();
        let mut matrix = Self {
            size,
            over: vec![0; size * size],
        };
        let mut block = Block::new(size);
        let mut row = vec![0; block.stride];
        for (ranks, weight) in profile.ballots() {
            if ranks.iter().all(|rank| *rank == 0) {
                continue;
            }
            if weight == 1 && narrow(ranks, unranked, &mut row) {
                block.add(&row);
                if block.rows == u8::MAX {
                    matrix.take(&mut block);
                }
            } else {
                matrix.add(ranks, weight, unranked);
            }
        }
        matrix.take(&mut block);
        matrix
    }

    fn add(&mut self, ranks: &[Rank], weight: u64, unranked: Unranked) {
        let ranks: Vec<Rank> = ranks.iter().map(|rank| unranked.read(*rank)).collect();
        for (counts, own) in self.over.chunks_exact_mut(self.size).zip(&ranks) {
            if *own == 0 {
                continue;
            }
            for (count, other) in counts.iter_mut().zip(&ranks) {
                *count += weight * u64::from(own < other);
            }
        }
    }

    fn take(&mut self, block: &mut Block) {
        if self.size == 0 {
            return;
        }
        let rows = self.over.chunks_exact_mut(self.size);
        for (into, from) in rows.zip(block.counts.chunks_exact_mut(block.stride)) {
            for (into, from) in into.iter_mut().zip(from) {
                *into += u64::from(std::mem::take(from));
            }
        }
        block.rows = 0;
    }

    /// How many candidates there are.
    pub fn size(&self) -> usize {
        self.size
    }

    /// How many voters prefer `one` to `other`.
    pub fn over(&self, one: Candidate, other: Candidate) -> u64 {
        self.over[one * self.size + other]
    }

    /// The victory of `one` over `other`, unless it is a tie or a defeat.
    pub fn victory(&self, one: Candidate, other: Candidate) -> Option<Victory> {
        let (votes, against) = (self.over(one, other), self.over(other, one));
        (votes > against).then_some(Victory { votes, against })
    }

    /// Whether more voters prefer `one` to `other` than the reverse.
    pub fn beats(&self, one: Candidate, other: Candidate) -> bool {
        self.victory(one, other).is_some()
    }

    /// The one candidate who beats each of the others, if there is one.
    pub fn condorcet_winner(&self) -> Option<Candidate> {
        let all: Vec<Candidate> = (0..self.size).collect();
        self.condorcet_winner_of(&all)
    }

    /// The one of these who beats each other one of these.
    pub(crate) fn condorcet_winner_of(&self, active: &[Candidate]) -> Option<Candidate> {
        active.iter().copied().find(|one| {
            let others = active.iter().filter(|other| *other != one);
            others.into_iter().all(|other| self.beats(*one, *other))
        })
    }
}

/// The ranks as bytes, if they fit.
fn narrow(ranks: &[Rank], unranked: Unranked, row: &mut [u8]) -> bool {
    if ranks.iter().fold(0, |most, rank| most.max(*rank)) >= Rank::from(LAST) {
        return false;
    }
    let none = match unranked {
        Unranked::Skip => 0,
        Unranked::Last => LAST,
    };
    for (byte, rank) in row.iter_mut().zip(ranks) {
        let rank = rank.to_le_bytes()[0];
        *byte = if rank == 0 { none } else { rank };
    }
    true
}

impl Block {
    fn new(size: usize) -> Self {
        // The lanes beyond the last candidate stay 0, and count for nobody.
        let stride = size.next_multiple_of(LANES).max(LANES);
        Self {
            stride,
            counts: vec![0; size * stride],
            rows: 0,
        }
    }

    fn add(&mut self, row: &[u8]) {
        for (counts, own) in self.counts.chunks_exact_mut(self.stride).zip(row) {
            if *own == 0 {
                continue;
            }
            let lanes = counts.as_chunks_mut::<LANES>().0;
            for (counts, others) in lanes.iter_mut().zip(row.as_chunks::<LANES>().0) {
                for (count, other) in counts.iter_mut().zip(others) {
                    *count += u8::from(own < other);
                }
            }
        }
        self.rows += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn profile(ballots: &[(&[Rank], u64)]) -> Profile {
        let names = (0..ballots[0].0.len()).map(|name| name.to_string());
        let mut profile = Profile::new(names.collect()).unwrap();
        for (ranks, weight) in ballots {
            profile.push(ranks, *weight).unwrap();
        }
        profile
    }

    #[test]
    fn who_is_not_ranked_is_skipped_or_last() {
        let profile = profile(&[(&[1, 0, 2], 1), (&[0, 3, 0], 1), (&[0, 0, 0], 5)]);
        let skip = Matrix::count(&profile, Unranked::Skip);
        assert_eq!(skip.over, [0, 0, 1, 0, 0, 0, 0, 0, 0]);
        let last = Matrix::count(&profile, Unranked::Last);
        assert_eq!(last.over, [0, 1, 1, 1, 0, 1, 0, 1, 0]);
    }

    #[test]
    fn bytes_and_one_by_one_count_the_same() {
        let row = |row: u32| {
            let mut rank = row;
            std::array::from_fn(|_| {
                rank = (rank * 31 + row / 7 + 5) % 23;
                rank
            })
        };
        let rows: Vec<[Rank; 20]> = (0..700).map(row).collect();
        for unranked in [Unranked::Skip, Unranked::Last] {
            let small: Vec<(&[Rank], u64)> = rows.iter().map(|row| (&row[..], 1)).collect();
            let wide: Vec<[Rank; 20]> = rows.iter().map(|row| row.map(|rank| rank * 300)).collect();
            let wide: Vec<(&[Rank], u64)> = wide.iter().map(|row| (&row[..], 1)).collect();
            let one = Matrix::count(&profile(&small), unranked);
            assert_eq!(one, Matrix::count(&profile(&wide), unranked));
            assert!(one.over.iter().any(|count| *count > 255));
        }
    }

    #[test]
    fn no_candidates_have_no_pairs() {
        let mut profile = Profile::new(Vec::new()).unwrap();
        profile.push(&[], 3).unwrap();
        assert_eq!(Matrix::count(&profile, Unranked::Last).size(), 0);
    }
}
