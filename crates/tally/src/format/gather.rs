//! Ballots as they are read, row by row.

use super::fault::{Code, Faults, said};
use super::lines::{Layout, Line};
use super::poll::{Poll, Standing};
use super::{MOST_CANDIDATES, MOST_VOTERS};
use crate::{Profile, RANK_MAX, Rank};

/// The most ranks that are held, of all ballots together: 200 MB.
const MOST_RANKS: usize = 50_000_000;

/// A profile in the making.
pub(super) struct Gathering {
    profile: Option<Profile>,
    width: usize,
    held: usize,
    voters: u64,
    full: bool,
}

impl Gathering {
    /// Ballots of so many candidates, whose names come later.
    pub(super) fn new(candidates: usize) -> Self {
        Self::named((1..=candidates).map(|number| number.to_string()).collect())
    }

    /// Ballots of these candidates; the names differ.
    pub(super) fn named(names: Vec<String>) -> Self {
        Self {
            width: names.len(),
            profile: Profile::new(names).ok(),
            held: 0,
            voters: 0,
            full: false,
        }
    }

    /// Adds a ballot; too many of them are told once.
    pub(super) fn push(
        &mut self,
        line: &Line<'_>,
        ranks: &[Rank],
        weight: u64,
        faults: &mut Faults,
    ) {
        if self.full {
            return;
        }
        self.held += self.width.max(1);
        self.voters = self.voters.saturating_add(weight);
        if self.held > MOST_RANKS {
            self.full = true;
            faults.add(line, 0, Code::TooMany, || {
                format!("this is the {MOST_RANKS}th rank; divide the file")
            });
        } else if self.voters > MOST_VOTERS {
            self.full = true;
            faults.add(line, 0, Code::Weight, || {
                format!("with this ballot there are more than {MOST_VOTERS} voters")
            });
        } else if let Some(profile) = &mut self.profile {
            // The readers give rows of the right length and ranks in range.
            let _ = profile.push(ranks, weight);
        }
    }

    /// How many voters there are so far.
    pub(super) fn voters(&self) -> u64 {
        self.voters
    }

    /// The poll, if all went well.
    pub(super) fn poll(self, layout: Layout) -> Option<Poll> {
        let mut poll = Poll::new(self.profile?);
        poll.layout = layout;
        Some(poll)
    }

    /// The poll with candidates named at last; where two have one name, numbers are added.
    pub(super) fn poll_of(self, standing: Vec<Standing>, layout: Layout) -> Option<Poll> {
        let numbered = self.profile?;
        let mut profile = Profile::new(unique(&standing)).ok()?;
        for (ranks, weight) in numbered.ballots() {
            profile.push(ranks, weight).ok()?;
        }
        let mut poll = Poll::new(profile);
        poll.standing = standing;
        poll.layout = layout;
        Some(poll)
    }
}

fn unique(standing: &[Standing]) -> Vec<String> {
    let mut taken: std::collections::BTreeSet<String> = std::collections::BTreeSet::new();
    let all = standing.iter().enumerate().map(|(at, one)| {
        let mut name = one.name.clone();
        while !taken.insert(name.clone()) {
            name = format!("{name} ({})", at + 1);
        }
        name
    });
    all.collect()
}

/// A number of at most 19 plain digits.
pub(super) fn number(bytes: &[u8]) -> Option<u64> {
    if bytes.is_empty() || bytes.len() > 19 || !bytes.iter().all(u8::is_ascii_digit) {
        return None;
    }
    Some(
        bytes
            .iter()
            .fold(0, |sum, digit| sum * 10 + u64::from(digit - b'0')),
    )
}

/// How many candidates the head of a file announces.
pub(super) fn candidates(
    line: &Line<'_>,
    at: usize,
    bytes: &[u8],
    faults: &mut Faults,
) -> Option<usize> {
    match number(bytes).and_then(|many| usize::try_from(many).ok()) {
        Some(many) if (1..=MOST_CANDIDATES).contains(&many) => Some(many),
        Some(many) if many > MOST_CANDIDATES => {
            faults.add(line, at, Code::TooMany, || too_many_candidates(many));
            None
        }
        _ => {
            faults.add(line, at, Code::Header, || {
                format!("\"{}\" is no number of candidates", said(bytes))
            });
            None
        }
    }
}

pub(super) fn too_many_candidates(many: usize) -> String {
    format!("{many} candidates; no file has more than {MOST_CANDIDATES}")
}

/// How many seats the head of a file announces.
pub(super) fn seats(line: &Line<'_>, at: usize, bytes: &[u8], faults: &mut Faults) -> Option<u32> {
    let seats = number(bytes).and_then(|seats| u32::try_from(seats).ok());
    let seats = seats.filter(|seats| *seats > 0);
    if seats.is_none() {
        faults.add(line, at, Code::Seats, || {
            format!("\"{}\" is no number of seats; write 1 or more", said(bytes))
        });
    }
    seats
}

/// For how many voters a ballot stands: 1 or more.
pub(super) fn weight(line: &Line<'_>, at: usize, bytes: &[u8], faults: &mut Faults) -> Option<u64> {
    let weight = number(bytes).filter(|weight| *weight > 0);
    if weight.is_none() {
        faults.add(line, at, Code::Weight, || {
            format!(
                "\"{}\" is no number of voters; write 1 or more",
                said(bytes)
            )
        });
    }
    weight
}

/// Gives a candidate, by their number from 1, a rank on this ballot.
pub(super) fn prefer(
    (line, at): (&Line<'_>, usize),
    bytes: &[u8],
    rank: Rank,
    ranks: &mut [Rank],
    faults: &mut Faults,
) -> bool {
    let many = ranks.len();
    let place = number(bytes)
        .and_then(|number| usize::try_from(number).ok()?.checked_sub(1))
        .and_then(|candidate| ranks.get_mut(candidate));
    let Some(place) = place else {
        faults.add(line, at, Code::UnknownCandidate, || {
            format!(
                "\"{}\" is no candidate; they have the numbers 1 to {many}",
                said(bytes)
            )
        });
        return false;
    };
    if *place != 0 {
        faults.add(line, at, Code::DupCandidate, || {
            format!("candidate {} stands twice on this ballot", said(bytes))
        });
        return false;
    }
    if rank > RANK_MAX {
        faults.add(line, at, Code::Rank, || {
            format!("the rank {rank} is above {RANK_MAX}")
        });
        return false;
    }
    *place = rank;
    true
}
