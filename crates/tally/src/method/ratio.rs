//! Exact fractions, as rules write them.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A fraction above or equal to zero: `3/2`, `2`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Written", into = "String")]
pub struct Ratio {
    numerator: u32,
    denominator: u32,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Written {
    Whole(u32),
    Text(String),
}

/// What was to be a fraction, and is not.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is no fraction; write a whole number, or one as 3/2")]
pub struct NotARatio(String);

impl Ratio {
    /// One.
    pub const ONE: Self = Self {
        numerator: 1,
        denominator: 1,
    };

    /// A fraction, unless one divides by zero.
    pub fn new(numerator: u32, denominator: u32) -> Option<Self> {
        (denominator > 0).then_some(Self {
            numerator,
            denominator,
        })
    }

    /// Whether `value` is at least this many times `base`.
    pub fn reached(self, value: u64, base: u64) -> bool {
        u128::from(value) * u128::from(self.denominator)
            >= u128::from(base) * u128::from(self.numerator)
    }

    /// Whether `value` is at least this many times the square root of `square`; both sides
    /// are squared, and nothing is rounded.
    pub fn reached_by_root(self, value: u64, square: u64) -> bool {
        let value = u128::from(value) * u128::from(self.denominator);
        let numerator = u128::from(self.numerator);
        // The right side always fits, so that a left one that does not is larger.
        let needed = numerator * numerator * u128::from(square);
        value
            .checked_mul(value)
            .is_none_or(|reached| reached >= needed)
    }
}

impl fmt::Display for Ratio {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.denominator == 1 {
            return write!(to, "{}", self.numerator);
        }
        write!(to, "{}/{}", self.numerator, self.denominator)
    }
}

impl FromStr for Ratio {
    type Err = NotARatio;

    fn from_str(text: &str) -> Result<Self, NotARatio> {
        let number = |text: &str| {
            let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
            digits.then(|| text.parse().ok()).flatten()
        };
        let (above, below) = text.split_once('/').unwrap_or((text, "1"));
        match (number(above), number(below)) {
            (Some(above), Some(below)) => Self::new(above, below),
            _ => None,
        }
        .ok_or_else(|| NotARatio(text.to_owned()))
    }
}

impl TryFrom<Written> for Ratio {
    type Error = NotARatio;

    fn try_from(written: Written) -> Result<Self, NotARatio> {
        match written {
            Written::Whole(numerator) => Ok(Self {
                numerator,
                denominator: 1,
            }),
            Written::Text(text) => text.parse(),
        }
    }
}

impl From<Ratio> for String {
    fn from(ratio: Ratio) -> Self {
        ratio.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fractions_read_as_they_are_written() {
        for text in ["3/2", "2", "0", "7/3"] {
            assert_eq!(text.parse::<Ratio>().unwrap().to_string(), text);
        }
        for text in ["", "/", "1/0", "-1", "+1", "1.5", "1/2/3", "99999999999"] {
            assert!(text.parse::<Ratio>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_root_is_reached_exactly() {
        let ratio = Ratio::new(3, 2).unwrap();
        // 3/2 of the root of 400 is 30.
        assert!(ratio.reached_by_root(30, 400));
        assert!(!ratio.reached_by_root(29, 400));
        // 44.65 for the 886 developers of 2010.
        assert!(!ratio.reached_by_root(44, 886));
        assert!(ratio.reached_by_root(45, 886));
        assert!(ratio.reached_by_root(u64::MAX, u64::MAX));
    }
}
