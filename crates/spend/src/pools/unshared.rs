//! What stays in a pool, and why.

use std::fmt;

use base::{Currency, Month};
use serde::{Serialize, Serializer};

use crate::cells::Amounts;

/// What stays in a pool in a month, because nobody can be said to bear it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Unshared {
    /// The pool, as the owner that it stays with: `pool/NAME`.
    pub pool: String,
    /// The month in which it was incurred.
    pub month: Month,
    /// The currency of its amounts.
    pub currency: Currency,
    /// How much, credits and all; what other pools passed on is in it.
    pub amounts: Amounts,
    /// Why.
    pub reason: Reason,
}

/// Why a pool is not shared out in a month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// `spend.yaml` has no pool of that name.
    Unknown,
    /// None of the pool's definitions is for that month.
    NotThen,
    /// It is shared by a driver that `spend.yaml` does not have.
    NoDriver(String),
    /// The driver says nothing of the month, or that nobody used anything.
    NoQuantities(String),
    /// None of those who bear it has costs of their own.
    NoCosts,
    /// All weights are zero, or there are none.
    NoWeights,
    /// It comes back to itself, by these pools in their order.
    Circle(Vec<String>),
    /// The sum of the weights leaves the range of a decimal, 10^20.
    OutOfRange,
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown => f.write_str("no pool of that name is declared"),
            Self::NotThen => f.write_str("the pool is declared for other months"),
            Self::NoDriver(name) => write!(f, "no driver is called `{name}`"),
            Self::NoQuantities(name) => {
                write!(f, "the driver `{name}` has no quantities of the month")
            }
            Self::NoCosts => f.write_str("none of those who bear it has costs of their own"),
            Self::NoWeights => f.write_str("nobody has a weight above zero"),
            Self::Circle(pools) => write!(f, "it comes back to itself: {}", pools.join(" → ")),
            Self::OutOfRange => f.write_str("the sum of the weights is 10^20 or more"),
        }
    }
}

impl Serialize for Reason {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
