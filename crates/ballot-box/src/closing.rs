//! What stays of a poll when it is closed.

use base::Digest;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tally::{Profile, Rank};

use crate::{BoxError, Poll, Privacy, Publication};

/// The form of a closing that this version writes.
pub(crate) const FORM: &str = "commonhold-closing/1";

/// The record of a closed poll. It is the same whenever the closing was done and however
/// often; publish it where nobody can change it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Closing {
    /// `commonhold-closing/1`.
    pub form: String,
    /// The name of the poll.
    pub id: String,
    /// The poll's [fingerprint](Poll::fingerprint).
    pub poll: Digest,
    /// When it closed, however late that was noticed.
    pub effect_at: Timestamp,
    /// How many could vote, those admitted after the opening included.
    pub voters: u64,
    /// The digest of those who could vote at the opening: see [`electorate`](crate::electorate).
    pub electorate: Digest,
    /// How many were admitted after the opening.
    pub admitted: u64,
    /// How many took a token, in a blind poll.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub takers: Option<u64>,
    /// How many entries the board has, in a blind poll.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entries: Option<u64>,
    /// How many cast a ballot, those who took it back included.
    pub took_part: u64,
    /// How many ballots count.
    pub ballots: u64,
    /// A digest that changes with every ballot, every voter and every exception, and of a
    /// blind poll with every entry of the board and every taker of a token. It tells nothing
    /// about a sealed ballot, whose random key is in it.
    pub head: Digest,
}

/// What stands at the close, before it is made a record.
pub(crate) struct Standing {
    pub(crate) voters: u64,
    pub(crate) electorate: Digest,
    pub(crate) admitted: u64,
    pub(crate) takers: Option<u64>,
    pub(crate) entries: Option<u64>,
    /// One a voter who took part; `None` was taken back.
    pub(crate) ballots: Vec<Option<Vec<Rank>>>,
    pub(crate) head: Digest,
}

impl Standing {
    pub(crate) fn closing(&self, poll: &Poll) -> Closing {
        Closing {
            form: FORM.to_owned(),
            id: poll.id.clone(),
            poll: poll.fingerprint(),
            effect_at: poll.closes_at,
            voters: self.voters,
            electorate: self.electorate,
            admitted: self.admitted,
            takers: self.takers,
            entries: self.entries,
            took_part: count(self.ballots.len()),
            ballots: count(self.ballots.iter().flatten().count()),
            head: self.head,
        }
    }
}

/// The ballots for the tally, in an order that only they determine.
pub(crate) fn profile(poll: &Poll, ballots: &[Option<Vec<Rank>>]) -> Result<Profile, BoxError> {
    let bad = |error: tally::ProfileError| BoxError::Damaged {
        what: error.to_string(),
    };
    let mut sorted: Vec<&Vec<Rank>> = ballots.iter().flatten().collect();
    sorted.sort_unstable();
    let mut profile = Profile::new(poll.candidates.clone()).map_err(bad)?;
    for ballot in sorted {
        profile.push(ballot, 1).map_err(bad)?;
    }
    Ok(profile)
}

/// What everybody may see of a closed poll.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Published {
    /// The poll.
    pub poll: Poll,
    /// Its record.
    pub closing: Closing,
    /// Who voted how, by voter: of an open poll only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub roll: Option<Vec<RollEntry>>,
    /// Every ballot that counts, sorted: where the poll publishes them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ballots: Option<Vec<Vec<Rank>>>,
    /// How many voters prefer the candidate of the row to that of the column, of those who
    /// ranked both: where the poll publishes no more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pairwise: Option<Vec<Vec<u64>>>,
}

/// One voter's ballot in a roll call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RollEntry {
    /// The voter.
    pub voter: String,
    /// The ranks, one a candidate; `None` was taken back.
    pub ballot: Option<Vec<Rank>>,
}

impl Published {
    pub(crate) fn new(
        poll: &Poll,
        closing: Closing,
        roll: Option<Vec<RollEntry>>,
        profile: &Profile,
    ) -> Self {
        let full = poll.publication == Publication::Full && poll.privacy != Privacy::Open;
        let pairwise = poll.publication == Publication::Pairwise;
        let ballots = || profile.ballots().map(|(ranks, _)| ranks.to_vec()).collect();
        Self {
            closing,
            roll,
            ballots: full.then(ballots),
            pairwise: pairwise.then(|| preferences(poll.candidates.len(), profile)),
            poll: poll.clone(),
        }
    }
}

fn preferences(candidates: usize, profile: &Profile) -> Vec<Vec<u64>> {
    let mut matrix = vec![vec![0; candidates]; candidates];
    for (ranks, weight) in profile.ballots() {
        for (row, rank) in matrix.iter_mut().zip(ranks) {
            for (cell, other) in row.iter_mut().zip(ranks) {
                if *rank != 0 && rank < other {
                    *cell += weight;
                }
            }
        }
    }
    matrix
}

pub(crate) fn count(items: usize) -> u64 {
    u64::try_from(items).unwrap_or(u64::MAX)
}
