//! Whole counts of a smallest part, and the arithmetic that keeps them exact.

use std::fmt;

use serde::{Serialize, Serializer};

/// A number of votes to a fixed number of decimal places, 0 to 18; never a float.
///
/// Serialized as text with all its places, `"1234.50000"`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Decimal {
    raw: i128,
    places: u8,
}

impl Decimal {
    pub(super) fn new(raw: i128, places: u8) -> Self {
        Self { raw, places }
    }

    /// How many of the smallest part it is: 123450000 for `1234.50000`.
    pub fn raw(self) -> i128 {
        self.raw
    }

    /// How many digits stand behind the point.
    pub fn places(self) -> u8 {
        self.places
    }

    /// It is nothing.
    pub fn is_zero(self) -> bool {
        self.raw == 0
    }

    /// For people: with a comma between thousands, and all its places.
    pub fn grouped(self) -> String {
        let text = self.to_string();
        let (sign, text) = text
            .strip_prefix('-')
            .map_or(("", text.as_str()), |text| ("-", text));
        let (whole, part) = text.split_once('.').unwrap_or((text, ""));
        let whole = group(whole);
        if part.is_empty() {
            format!("{sign}{whole}")
        } else {
            format!("{sign}{whole}.{part}")
        }
    }

    /// For people: as [`Decimal::grouped`], without the zeros at the end.
    pub fn short(self) -> String {
        let text = self.grouped();
        if text.contains('.') {
            text.trim_end_matches('0').trim_end_matches('.').to_owned()
        } else {
            text
        }
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scale = 10_u128.pow(u32::from(self.places));
        let size = self.raw.unsigned_abs();
        let sign = if self.raw < 0 { "-" } else { "" };
        let text = if self.places == 0 {
            format!("{sign}{size}")
        } else {
            let width = usize::from(self.places);
            format!("{sign}{}.{:0width$}", size / scale, size % scale)
        };
        f.pad(&text)
    }
}

impl Serialize for Decimal {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

/// A whole number with a comma between thousands.
pub(super) fn group(digits: &str) -> String {
    let mut text = String::with_capacity(digits.len() * 4 / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `a × b ÷ c`, rounded up to a whole number; the product may be twice as wide as `u128`.
/// Nothing if `c` is 0 or the result does not fit.
pub(super) fn mul_div_up(a: u128, b: u128, c: u128) -> Option<u128> {
    if c == 0 {
        return None;
    }
    if let Some(product) = a.checked_mul(b) {
        return Some(product.div_ceil(c));
    }
    let (high, low) = widening_mul(a, b);
    if high >= c {
        return None;
    }
    // Long division, a bit at a time: rare enough to be plain.
    let (mut rest, mut quotient) = (high, 0_u128);
    for bit in (0..128).rev() {
        let carry = rest >> 127 == 1;
        rest = rest << 1 | (low >> bit & 1);
        if carry || rest >= c {
            rest = rest.wrapping_sub(c);
            quotient |= 1 << bit;
        }
    }
    if rest == 0 {
        Some(quotient)
    } else {
        quotient.checked_add(1)
    }
}

fn widening_mul(a: u128, b: u128) -> (u128, u128) {
    const HALF: u128 = u64::MAX as u128;
    let (a_high, a_low) = (a >> 64, a & HALF);
    let (b_high, b_low) = (b >> 64, b & HALF);
    let low = a_low * b_low;
    let one = a_high * b_low;
    let two = a_low * b_high;
    let middle = (low >> 64) + (one & HALF) + (two & HALF);
    let high = a_high * b_high + (one >> 64) + (two >> 64) + (middle >> 64);
    (high, low & HALF | middle << 64)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_decimal_is_written_with_all_its_places_or_for_people() {
        let votes = Decimal::new(123_450_000, 5);
        assert_eq!(votes.to_string(), "1234.50000");
        assert_eq!(votes.grouped(), "1,234.50000");
        assert_eq!(votes.short(), "1,234.5");
        assert_eq!(Decimal::new(120_000_000, 5).short(), "1,200");
        assert_eq!(Decimal::new(-5, 5).grouped(), "-0.00005");
        assert_eq!(Decimal::new(1_000_000, 0).grouped(), "1,000,000");
        assert_eq!(Decimal::new(100, 0).short(), "100");
    }

    #[test]
    fn a_product_wider_than_the_number_is_still_divided_exactly() {
        let wide = 10_u128.pow(30);
        assert_eq!(mul_div_up(wide, wide, wide), Some(wide));
        assert_eq!(mul_div_up(wide, wide, wide - 1), Some(wide + 2));
        assert_eq!(mul_div_up(u128::MAX, u128::MAX, u128::MAX), Some(u128::MAX));
        assert_eq!(mul_div_up(u128::MAX, 3, 2), None);
        assert_eq!(mul_div_up(1, 1, 0), None);
        assert_eq!(mul_div_up(7, 1, 2), Some(4));
    }

    proptest! {
        #[test]
        fn what_is_multiplied_and_divided_by_the_same_is_unchanged(
            a in any::<u128>(), c in 1..u128::MAX,
        ) {
            prop_assert_eq!(mul_div_up(a, c, c), Some(a));
        }
    }
}
