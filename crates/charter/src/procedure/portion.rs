//! Numbers of people, said as a share or as a number.

use serde::{Deserialize, Serialize, Serializer};
use yaml::{Decoding, FromYaml, Node, Shape, choice};

use crate::Share;

choice! {
    /// On which side of a threshold exactly the threshold is.
    pub enum Comparison {
        /// Exactly the share is not enough.
        Above = ">",
        /// Exactly the share is enough.
        AtLeast = ">=",
    }
}

impl<'de> Deserialize<'de> for Comparison {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let word = String::deserialize(deserializer)?;
        let known = Self::ALL.iter().copied().find(|known| known.word() == word);
        known.ok_or_else(|| serde::de::Error::custom("`>` or `>=`"))
    }
}

/// A share of some people, or a number of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Portion {
    /// Of whom, the rule says.
    Share(Share),
    /// So many, whoever there is.
    Number(u32),
}

impl Portion {
    /// How many of so many that is at least: a share of them is rounded up.
    pub fn of(self, whole: usize) -> usize {
        match self {
            Self::Number(number) => number as usize,
            Self::Share(share) => {
                let exact = whole as u128 * u128::from(share.numerator);
                usize::try_from(exact.div_ceil(u128::from(share.denominator))).unwrap_or(usize::MAX)
            }
        }
    }
}

impl std::fmt::Display for Portion {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Share(share) => share.fmt(f),
            Self::Number(number) => number.fmt(f),
        }
    }
}

impl Serialize for Portion {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl FromYaml for Portion {
    fn from_yaml(node: &Node, cx: &mut Decoding) -> Option<Self> {
        if node.text().is_some_and(|text| text.contains('/')) {
            return Share::from_yaml(node, cx).map(Self::Share);
        }
        let number = u32::from_yaml(node, cx)?;
        if number == 0 {
            return cx.bad_value(
                node.span,
                "0 is nobody",
                "write 1 or more, or remove the key",
            );
        }
        Some(Self::Number(number))
    }

    fn shape() -> Shape {
        Shape::Form {
            name: "a share such as 2/3, or a number",
            pattern: "^([0-9]+/)?[1-9][0-9]*$",
        }
    }
}
