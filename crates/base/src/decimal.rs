//! Exact decimal numbers, for money and for what is measured and paid for.

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Neg, Sub, SubAssign};
use std::str::FromStr;

use serde::{Serialize, Serializer};

mod parse;
mod portions;
mod wide;

pub use parse::NotADecimal;
pub use portions::Portions;

/// A number with 18 digits after the point and up to 20 before it, exactly: what
/// `DECIMAL(38,18)` holds in Parquet and SQL.
///
/// Sums and differences are exact. They stop the program where they leave the range, as an
/// unnoticed overflow of money would be worse; [`Decimal::plus`] asks first. Where all numbers
/// come from one file, some 10^18 of the largest that a bill has are needed to get there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Decimal(i128);

/// A number that was brought to 18 digits after the point, half to even.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rounded {
    /// The number.
    pub value: Decimal,
    /// What was written or computed less the number, in units of 10^-36, cut off there.
    pub residue: i128,
    /// Whether nothing was lost.
    pub exact: bool,
}

impl Decimal {
    /// How many digits are kept after the point.
    pub const SCALE: u32 = 18;
    /// Nothing.
    pub const ZERO: Self = Self(0);
    /// One.
    pub const ONE: Self = Self(10_i128.pow(Self::SCALE));
    /// The largest; its negative is the smallest.
    pub const MAX: Self = Self(10_i128.pow(38) - 1);

    /// A number of units of 10^-18, if it is in the range.
    pub const fn from_units(units: i128) -> Option<Self> {
        if units.unsigned_abs() > Self::MAX.0.unsigned_abs() {
            return None;
        }
        Some(Self(units))
    }

    /// How many units of 10^-18 it is.
    pub const fn units(self) -> i128 {
        self.0
    }

    /// A whole number.
    pub fn whole(number: i64) -> Self {
        Self(i128::from(number) * Self::ONE.0)
    }

    /// Reads `-12.5`, `12`, `.5` and `1.3E-9`, as FOCUS writes numbers (§2.10 Numeric Format):
    /// no plus sign, no separators, no units, no spaces.
    ///
    /// # Errors
    /// Says what is wrong with the text. More than 18 digits after the point are no error: they
    /// are rounded, and the answer says by how much.
    pub fn parse(text: &[u8]) -> Result<Rounded, NotADecimal> {
        parse::parse(text)
    }

    /// The sum, if it is in the range.
    pub fn plus(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).and_then(Self::from_units)
    }

    /// The product, rounded half to even; nothing if it leaves the range.
    pub fn times(self, other: Self) -> Option<Rounded> {
        wide::times_over(self.0, other.0, Self::ONE.0)
    }

    /// What it is times a fraction, `over / under`, rounded once; nothing if `under` is zero or
    /// the result leaves the range.
    pub fn share(self, over: Self, under: Self) -> Option<Rounded> {
        wide::times_over(self.0, over.0, under.0)
    }

    /// The quotient, rounded half to even; nothing if `under` is zero or it leaves the range.
    pub fn over(self, under: Self) -> Option<Rounded> {
        wide::times_over(self.0, Self::ONE.0, under.0)
    }

    /// With so many digits after the point, half to even.
    pub fn rounded(self, digits: u32) -> Self {
        let unit = 10_i128.pow(Self::SCALE.saturating_sub(digits));
        let (whole, rest) = (self.0.div_euclid(unit), self.0.rem_euclid(unit));
        let up = match (rest * 2).cmp(&unit) {
            std::cmp::Ordering::Less => 0,
            std::cmp::Ordering::Greater => 1,
            std::cmp::Ordering::Equal => whole.rem_euclid(2),
        };
        Self((whole + up) * unit)
    }

    /// Whether it is nothing.
    pub fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// Whether it is below nothing.
    pub fn is_negative(self) -> bool {
        self.0 < 0
    }

    /// Without its sign.
    pub fn abs(self) -> Self {
        Self(self.0.abs())
    }

    /// About the same, for statistics and drawings; never to be counted with as money.
    #[allow(clippy::cast_precision_loss)]
    pub fn approximate(self) -> f64 {
        self.0 as f64 / 1e18
    }

    /// The number nearest to an estimate; nothing for what is no number or out of range.
    #[allow(clippy::cast_possible_truncation)]
    pub fn estimated(number: f64) -> Option<Self> {
        let units = (number * 1e18).round();
        if !units.is_finite() || units.abs() >= 1e38 {
            return None;
        }
        Self::from_units(units as i128)
    }
}

impl fmt::Display for Decimal {
    /// All digits that count: `12`, `-0.5`, and with a precision so many, half to even: `{:.2}`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = f.precision().map(|digits| digits.min(Self::SCALE as usize));
        let number = digits.map_or(*self, |digits| {
            self.rounded(u32::try_from(digits).unwrap_or(Self::SCALE))
        });
        let units = number.0.unsigned_abs();
        let one = Self::ONE.0.unsigned_abs();
        let fraction = format!("{:018}", units % one);
        let fraction = match digits {
            Some(digits) => &fraction[..digits],
            None => fraction.trim_end_matches('0'),
        };
        let whole = units / one;
        let text = if fraction.is_empty() {
            whole.to_string()
        } else {
            format!("{whole}.{fraction}")
        };
        f.pad_integral(number.0 >= 0, "", &text)
    }
}

impl FromStr for Decimal {
    type Err = NotADecimal;

    fn from_str(text: &str) -> Result<Self, NotADecimal> {
        Self::parse(text.as_bytes()).map(|parsed| parsed.value)
    }
}

impl Serialize for Decimal {
    /// As text: JSON's numbers are read as floats.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl Add for Decimal {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        self.plus(other)
            .expect("sums of money stay below 10^20 of a currency")
    }
}

impl AddAssign for Decimal {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl Sub for Decimal {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        self + -other
    }
}

impl SubAssign for Decimal {
    fn sub_assign(&mut self, other: Self) {
        *self = *self - other;
    }
}

impl Neg for Decimal {
    type Output = Self;

    fn neg(self) -> Self {
        Self(-self.0)
    }
}

impl Sum for Decimal {
    fn sum<I: Iterator<Item = Self>>(numbers: I) -> Self {
        numbers.fold(Self::ZERO, Add::add)
    }
}

#[cfg(test)]
mod tests;
