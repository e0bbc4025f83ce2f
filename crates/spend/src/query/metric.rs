//! What can be summed.

use std::fmt;
use std::str::FromStr;

use serde::{Serialize, Serializer};

use crate::scan::Cost;

/// A sum of charges.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Metric {
    /// The effective cost of all but credits.
    Gross,
    /// The effective cost of all.
    Net,
    /// What credits take away; positive.
    Drawn,
    /// `BilledCost`.
    Billed,
    /// `EffectiveCost`, which is the net cost by FOCUS's name.
    Effective,
    /// `ListCost`.
    List,
    /// `ContractedCost`.
    Contracted,
    /// How many charges.
    Rows,
}

impl Metric {
    /// All of them, with their words.
    pub const ALL: [(Self, &'static str); 8] = [
        (Self::Gross, "gross"),
        (Self::Net, "net"),
        (Self::Drawn, "drawn"),
        (Self::Billed, "billed"),
        (Self::Effective, "effective"),
        (Self::List, "list"),
        (Self::Contracted, "contracted"),
        (Self::Rows, "rows"),
    ];

    /// Its word.
    pub fn word(self) -> &'static str {
        Self::ALL
            .iter()
            .find(|(metric, _)| *metric == self)
            .map_or("", |(_, word)| word)
    }

    /// The costs that it is made of: the first less the second.
    pub(crate) fn costs(self) -> (Option<Cost>, Option<Cost>) {
        match self {
            Self::Gross => (Some(Cost::Gross), None),
            Self::Net | Self::Effective => (Some(Cost::Effective), None),
            Self::Drawn => (Some(Cost::Gross), Some(Cost::Effective)),
            Self::Billed => (Some(Cost::Billed), None),
            Self::List => (Some(Cost::Listed), None),
            Self::Contracted => (Some(Cost::Contracted), None),
            Self::Rows => (None, None),
        }
    }
}

impl fmt::Display for Metric {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}

impl Serialize for Metric {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.word())
    }
}

/// A text names no sum.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{written}` is no sum of charges; {}", hint(.written))]
pub struct NotAMetric {
    /// What was written.
    pub written: String,
}

fn hint(written: &str) -> String {
    let words = Metric::ALL.iter().map(|(_, word)| *word);
    match base::nearest(written, words.clone()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("there are {}", words.collect::<Vec<_>>().join(", ")),
    }
}

impl FromStr for Metric {
    type Err = NotAMetric;

    fn from_str(text: &str) -> Result<Self, NotAMetric> {
        let found = Self::ALL.iter().find(|(_, word)| *word == text);
        found.map(|(metric, _)| *metric).ok_or_else(|| NotAMetric {
            written: base::visible(text),
        })
    }
}
