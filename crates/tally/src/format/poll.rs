//! What a file of ballots says.

use super::lines::Layout;
use crate::{Candidate, Profile, ProfileError, Rank};

/// Who stands, for how many seats, and the ballots.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Poll {
    /// What is elected, and where.
    pub title: Option<String>,
    /// How many are to be elected.
    pub seats: Option<u32>,
    /// The ballots. Where a format numbers its candidates, and two have one name, the later
    /// is told apart by their number: `Ann Lee (4)`.
    pub profile: Profile,
    /// The candidates as the file names them, in the order of the profile.
    pub standing: Vec<Standing>,
    /// Those who no longer stand, in ascending order.
    pub withdrawn: Vec<Candidate>,
    /// What a Debian tally sheet says beside each ballot, a name or a hash; else empty.
    pub labels: Vec<String>,
    /// How lines are marked.
    pub layout: Layout,
}

/// A candidate as a file names them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// Their name, or in Elekto's files their id.
    pub name: String,
    /// Their party, if the file says.
    pub party: Option<String>,
}

/// What a format cannot hold.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unsayable {
    /// The number of seats is missing.
    #[error(
        "the format says how many are to be elected, and the poll does not; give the number of seats"
    )]
    Seats,
    /// A name has characters that the format cannot hold.
    #[error("the format cannot hold the name \"{0}\"")]
    Name(String),
    /// A ballot puts two candidates equal.
    #[error("ballot {0} gives two candidates the same rank, which the format cannot hold")]
    Equal(usize),
    /// A ballot skips ranks.
    #[error("ballot {0} skips more ranks than the format can hold; close the gaps first")]
    Gap(usize),
    /// A ballot ranks nobody.
    #[error("ballot {0} ranks nobody, which the format cannot hold")]
    Blank(usize),
    /// A ballot gives a rank that is too large.
    #[error("ballot {0} gives the rank {1}; the format ends at {2}")]
    Rank(usize, Rank, Rank),
    /// A ballot stands for no voter, or for more than can be written one by one.
    #[error("ballot {0} stands for {1} voters, which the format cannot hold")]
    Weight(usize, u64),
    /// There are no candidates.
    #[error("nobody stands; the format needs a candidate")]
    Nobody,
    /// The parts of the poll are not of one size, or withdrawn candidates do not stand.
    #[error("the poll does not hold together: {0}")]
    Torn(&'static str),
}

impl Poll {
    /// A poll of nothing but ballots.
    pub fn new(profile: Profile) -> Self {
        let standing = profile.candidates().iter().map(|name| Standing {
            name: name.clone(),
            party: None,
        });
        Self {
            title: None,
            seats: None,
            standing: standing.collect(),
            withdrawn: Vec::new(),
            labels: Vec::new(),
            layout: Layout::default(),
            profile,
        }
    }

    /// The same with the ranks of each ballot made 1, 2, 3 without gaps, for formats that
    /// hold only an order.
    pub fn without_gaps(mut self) -> Self {
        if let Ok(closed) = closed(&self.profile) {
            self.profile = closed;
        }
        self
    }

    pub(super) fn sound(&self) -> Result<(), Unsayable> {
        let candidates = self.profile.candidates().len();
        if candidates == 0 {
            return Err(Unsayable::Nobody);
        }
        if self.standing.len() != candidates {
            return Err(Unsayable::Torn("not every candidate has a name"));
        }
        if self
            .withdrawn
            .iter()
            .any(|candidate| *candidate >= candidates)
        {
            return Err(Unsayable::Torn("a withdrawn candidate does not stand"));
        }
        if !self.labels.is_empty() && self.labels.len() != self.profile.ballots().count() {
            return Err(Unsayable::Torn("not every ballot has a label"));
        }
        Ok(())
    }

    /// The number of seats, for a format that must say it.
    pub(super) fn needs_seats(&self) -> Result<u32, Unsayable> {
        self.seats.ok_or(Unsayable::Seats)
    }

    /// The title, if it says something that stands on one line.
    pub(super) fn needs_title(&self) -> Result<Option<&str>, Unsayable> {
        match &self.title {
            Some(title) => plain(title, &[]).map(Some),
            None => Ok(None),
        }
    }
}

/// The name if it stands on one line, without space around it and without these characters.
pub(super) fn plain<'n>(name: &'n str, without: &[char]) -> Result<&'n str, Unsayable> {
    if is_plain(name) && !name.contains(without) {
        Ok(name)
    } else {
        Err(Unsayable::Name(name.to_owned()))
    }
}

pub(super) fn is_plain(name: &str) -> bool {
    !name.is_empty() && name.trim() == name && !name.contains(|one: char| one.is_control())
}

/// The candidates of each rank, the best rank first.
pub(super) fn groups(ranks: &[Rank]) -> Vec<(Rank, Vec<Candidate>)> {
    let mut ranked: Vec<(Rank, Candidate)> = ranks.iter().copied().zip(0..).collect();
    ranked.retain(|(rank, _)| *rank > 0);
    ranked.sort_unstable();
    ranked
        .chunk_by(|one, other| one.0 == other.0)
        .map(|group| (group[0].0, group.iter().map(|one| one.1).collect()))
        .collect()
}

fn closed(profile: &Profile) -> Result<Profile, ProfileError> {
    let mut closed = Profile::new(profile.candidates().to_vec())?;
    let mut ranks = Vec::new();
    for (ballot, weight) in profile.ballots() {
        ranks.clear();
        ranks.resize(ballot.len(), 0);
        for (rank, (_, group)) in (1..).zip(groups(ballot)) {
            for candidate in group {
                ranks[candidate] = rank;
            }
        }
        closed.push(&ranks, weight)?;
    }
    Ok(closed)
}

/// The candidates of a ballot in order, for a format that knows neither gaps nor equals.
pub(super) fn order(ballot: usize, ranks: &[Rank]) -> Result<Vec<Candidate>, Unsayable> {
    let mut order = Vec::new();
    for (expected, (rank, group)) in (1..).zip(groups(ranks)) {
        match group[..] {
            _ if rank != expected => return Err(Unsayable::Gap(ballot)),
            [one] => order.push(one),
            _ => return Err(Unsayable::Equal(ballot)),
        }
    }
    Ok(order)
}
