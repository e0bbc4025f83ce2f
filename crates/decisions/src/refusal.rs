//! What does not count, and why.

use std::fmt;

use serde::Serialize;

/// Why an event does not count. The codes are stable; programs may rely on them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub enum Reason {
    /// Not the form of an event: also what is written for a later version.
    #[serde(rename = "E_FORM")]
    Form,
    /// Something that is no event, where only events are.
    #[serde(rename = "E_PLACE")]
    Place,
    /// A digest that is not that of the thing, or leads to nothing.
    #[serde(rename = "E_DIGEST")]
    Digest,
    /// The signature does not stand.
    #[serde(rename = "E_SIGNATURE")]
    Signature,
    /// The signer is nobody who may do this.
    #[serde(rename = "E_NOT_ELIGIBLE")]
    NotEligible,
    /// The signer is an author of the change.
    #[serde(rename = "E_AUTHOR")]
    Author,
    /// A reason is required and none is given.
    #[serde(rename = "E_NO_REASON")]
    NoReason,
    /// Before it was open.
    #[serde(rename = "E_EARLY")]
    Early,
    /// After it was over.
    #[serde(rename = "E_LATE")]
    Late,
    /// Whoever took themselves out of it.
    #[serde(rename = "E_RECUSED")]
    Recused,
    /// It may not be changed any more, or not in this way.
    #[serde(rename = "E_FROZEN")]
    Frozen,
    /// The procedure knows no such act.
    #[serde(rename = "E_PROCEDURE")]
    Procedure,
    /// The same thing a second time.
    #[serde(rename = "E_DUP")]
    Duplicate,
}

impl Reason {
    /// The code, as programs know it.
    pub fn code(self) -> &'static str {
        match self {
            Self::Form => "E_FORM",
            Self::Place => "E_PLACE",
            Self::Digest => "E_DIGEST",
            Self::Signature => "E_SIGNATURE",
            Self::NotEligible => "E_NOT_ELIGIBLE",
            Self::Author => "E_AUTHOR",
            Self::NoReason => "E_NO_REASON",
            Self::Early => "E_EARLY",
            Self::Late => "E_LATE",
            Self::Recused => "E_RECUSED",
            Self::Frozen => "E_FROZEN",
            Self::Procedure => "E_PROCEDURE",
            Self::Duplicate => "E_DUP",
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.code())
    }
}

/// The answer to an event that does not count.
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
        Self {
            reason,
            what: what.into(),
        }
    }

    pub(crate) fn of_file(self, path: &str) -> Refused {
        Refused {
            path: path.to_owned(),
            reason: self.reason,
            what: self.what,
        }
    }
}

/// A file below `decisions/` that does not count.
///
/// It may be an objection that this version cannot read: whoever judges a change must
/// not go on as if it were not there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[error("{path}: {what} ({reason})")]
pub struct Refused {
    /// The file.
    pub path: String,
    /// The code.
    pub reason: Reason,
    /// What is wrong and what to do.
    pub what: String,
}
