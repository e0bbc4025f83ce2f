//! Fractions, exactly.

use std::cmp::Ordering;
use std::fmt;

use serde::{Serialize, Serializer};

/// A fraction of whole numbers, never negative, in lowest terms.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Fraction {
    above: u128,
    below: u128,
}

/// The numbers are too large to be compared exactly.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the weights of so many employers cannot be added up exactly")]
pub struct TooFine;

impl Fraction {
    /// Nothing.
    pub const ZERO: Self = Self { above: 0, below: 1 };
    /// One.
    pub const ONE: Self = Self { above: 1, below: 1 };

    /// One number of another; none of nothing.
    pub fn new(above: u128, below: u128) -> Option<Self> {
        if below == 0 {
            return None;
        }
        let common = common_divisor(above, below);
        Some(Self {
            above: above / common,
            below: below / common,
        })
    }

    /// A whole number.
    pub fn whole(number: usize) -> Self {
        Self {
            above: number as u128,
            below: 1,
        }
    }

    /// The sum.
    pub fn plus(self, other: Self) -> Result<Self, TooFine> {
        let common = common_divisor(self.below, other.below);
        let (mine, theirs) = (other.below / common, self.below / common);
        let above = product(self.above, mine)?
            .checked_add(product(other.above, theirs)?)
            .ok_or(TooFine)?;
        Self::new(above, product(self.below, mine)?).ok_or(TooFine)
    }

    /// The product.
    pub fn times(self, other: Self) -> Result<Self, TooFine> {
        let above = product(self.above, other.above)?;
        Self::new(above, product(self.below, other.below)?).ok_or(TooFine)
    }

    /// How it compares.
    pub fn compare(self, other: Self) -> Result<Ordering, TooFine> {
        let mine = product(self.above, other.below)?;
        Ok(mine.cmp(&product(other.above, self.below)?))
    }

    /// Whether it is nothing.
    pub fn is_zero(self) -> bool {
        self.above == 0
    }
}

fn product(one: u128, other: u128) -> Result<u128, TooFine> {
    one.checked_mul(other).ok_or(TooFine)
}

fn common_divisor(mut one: u128, mut other: u128) -> u128 {
    while other != 0 {
        (one, other) = (other, one % other);
    }
    one.max(1)
}

impl fmt::Display for Fraction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.above / self.below, self.above % self.below) {
            (whole, 0) => write!(f, "{whole}"),
            (0, rest) => write!(f, "{rest}/{}", self.below),
            (whole, rest) => write!(f, "{whole} {rest}/{}", self.below),
        }
    }
}

impl Serialize for Fraction {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{}/{}", self.above, self.below))
    }
}
