//! What is not taken, and why; and what can fail.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::blind::{BlindError, Fault};

/// Why an act is refused. The codes are stable; programs may rely on them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Reason {
    /// Before the poll opens; or, for what is shown only afterwards, before it is closed.
    #[serde(rename = "E_EARLY")]
    Early,
    /// At or after the close.
    #[serde(rename = "E_LATE")]
    Late,
    /// By somebody who is no voter of this poll, or to make one of them without a decision.
    #[serde(rename = "E_NOT_ELIGIBLE")]
    NotEligible,
    /// For somebody who does not stand.
    #[serde(rename = "E_UNKNOWN_CANDIDATE")]
    UnknownCandidate,
    /// The same candidate twice on a ballot.
    #[serde(rename = "E_TWICE")]
    Twice,
    /// A rank that is none.
    #[serde(rename = "E_RANK")]
    Rank,
    /// Too few or too many ranks.
    #[serde(rename = "E_SHORT")]
    Short,
    /// A second ballot, or token, of one voter.
    #[serde(rename = "E_DUP")]
    Duplicate,
    /// No ballot that could be taken back.
    #[serde(rename = "E_NO_BALLOT")]
    NoBallot,
    /// A token or a receipt secret that is not of this poll.
    #[serde(rename = "E_TOKEN")]
    Token,
    /// A ballot that its voter did not sign.
    #[serde(rename = "E_SIGNATURE")]
    Signature,
    /// An act of another privacy mode than the poll's.
    #[serde(rename = "E_MODE")]
    Mode,
}

impl Reason {
    /// The code, as programs know it.
    pub fn code(self) -> &'static str {
        match self {
            Self::Early => "E_EARLY",
            Self::Late => "E_LATE",
            Self::NotEligible => "E_NOT_ELIGIBLE",
            Self::UnknownCandidate => "E_UNKNOWN_CANDIDATE",
            Self::Twice => "E_TWICE",
            Self::Rank => "E_RANK",
            Self::Short => "E_SHORT",
            Self::Duplicate => "E_DUP",
            Self::NoBallot => "E_NO_BALLOT",
            Self::Token => "E_TOKEN",
            Self::Signature => "E_SIGNATURE",
            Self::Mode => "E_MODE",
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.code())
    }
}

/// The answer to an act that is not taken. Nothing of the ballot was stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[error("{what} ({reason})")]
pub struct Refusal {
    /// The code.
    pub reason: Reason,
    /// What is wrong and what to do, for the one who did it.
    pub what: String,
}

impl Refusal {
    /// With a code and its explanation.
    pub fn new(reason: Reason, what: impl Into<String>) -> Self {
        let what = what.into();
        Self { reason, what }
    }
}

/// What can go wrong with a ballot box; one variant for each thing that a caller does about it.
#[derive(Debug, thiserror::Error)]
pub enum BoxError {
    /// The act is not taken; the one who did it can read why.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The officers' input is no poll. Nothing was made.
    #[error("this cannot be a poll: {what}")]
    Poll {
        /// What is wrong with it.
        what: String,
    },
    /// There is no box at this place.
    #[error("there is no ballot box at {at}: open the poll first")]
    NoBox {
        /// The place.
        at: String,
    },
    /// The box holds another poll, or the same one with other voters.
    #[error("the ballot box at {at} holds another poll: {what}")]
    OtherPoll {
        /// The place.
        at: String,
        /// What is different.
        what: &'static str,
    },
    /// Another version of this program made the box.
    #[error(
        "the ballot box has schema {found}, this program knows {known}: use the version that made it"
    )]
    OtherSchema {
        /// The version of the box.
        found: i64,
        /// The version that we know.
        known: i64,
    },
    /// Somebody else holds the box. Try again; nothing was stored.
    #[error("the ballot box at {at} is held by somebody else; try again")]
    Busy {
        /// The place.
        at: String,
    },
    /// The box cannot be read or written: a full disk, a missing right. The act may have been
    /// stored or not: do it again, which does no harm.
    #[error("the ballot box at {at} failed: {why}")]
    Failed {
        /// The place.
        at: String,
        /// What the database or the system said.
        why: String,
    },
    /// The box is not what was written.
    #[error("the ballot box is damaged: {what}")]
    Damaged {
        /// What is wrong with it.
        what: String,
    },
    /// The board of a blind poll is not what was written.
    #[error("the board is bad: {}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Board(Vec<Fault>),
    /// A key or a blinded message that is none.
    #[error(transparent)]
    Blind(#[from] BlindError),
}
