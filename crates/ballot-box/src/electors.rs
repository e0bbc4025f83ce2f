//! Who can vote: those of the opening, and those who were admitted since.

use base::Digest;
use serde::{Deserialize, Serialize};

use crate::canonical_voter;

/// The digest of those who can vote, whatever their order: of their ids in
/// [`canonical_voter`] spelling, sorted, each once, as RFC 8785 JSON.
pub fn electorate<V: AsRef<str>>(voters: impl IntoIterator<Item = V>) -> Digest {
    let voters = voters.into_iter();
    let mut list: Vec<String> = voters
        .map(|voter| canonical_voter(voter.as_ref()))
        .collect();
    list.sort_unstable();
    list.dedup();
    Digest::of(crate::canonical_text(&list).as_bytes())
}

/// A voter who was admitted after the opening, since the officers or a court said so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exception {
    /// The decision that granted it, such as its number or address.
    pub decision: String,
    /// The voter.
    pub voter: String,
}

/// What admitting a voter did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Admission {
    /// They can vote from now on.
    Admitted,
    /// They could already, from the opening or by an earlier decision, which stays.
    Already,
}

/// All who can vote.
#[derive(Debug, Clone, Default)]
pub(crate) struct Electors {
    /// Those of the opening, sorted.
    pub(crate) voters: Vec<String>,
    /// Those admitted since, sorted by voter; none is of the opening.
    pub(crate) granted: Vec<Exception>,
}

impl Electors {
    /// All ids, sorted.
    pub(crate) fn all(&self) -> Vec<&str> {
        let granted = self.granted.iter().map(|exception| &exception.voter);
        let mut all: Vec<&str> = self
            .voters
            .iter()
            .chain(granted)
            .map(String::as_str)
            .collect();
        all.sort_unstable();
        all
    }
}
