//! From the bytes of a file to a number, without any float between.

use std::fmt;

use super::{Decimal, Rounded};

/// Why a text is no number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotADecimal {
    /// Nothing is written.
    Empty,
    /// It begins with `+`, or its exponent does.
    Plus,
    /// It has something between its digits that separates thousands.
    Separator(char),
    /// It is `NaN` or infinite.
    NotFinite,
    /// It is 10^20 or more.
    TooLarge,
    /// It has something else in it, at this byte.
    Form(usize),
}

impl fmt::Display for NotADecimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("there is no number"),
            Self::Plus => f.write_str("a number and its exponent have no plus sign"),
            Self::Separator(sign) => write!(f, "a number has no `{sign}` between its digits"),
            Self::NotFinite => f.write_str("this is no finite number"),
            Self::TooLarge => f.write_str("the number has more than 20 digits before the point"),
            Self::Form(at) => write!(f, "this is no number from its character {} on", at + 1),
        }
    }
}

impl std::error::Error for NotADecimal {}

/// No more digits than these count: the rest is beyond the last that is kept.
const DIGITS: u32 = 38;

pub(super) fn parse(text: &[u8]) -> Result<Rounded, NotADecimal> {
    let (negative, rest) = match text {
        [] => return Err(NotADecimal::Empty),
        [b'-', rest @ ..] => (true, rest),
        [b'+', ..] => return Err(NotADecimal::Plus),
        rest => (false, rest),
    };
    let start = text.len() - rest.len();
    let mut number = Digits::default();
    let mut at = 0;
    let mut point = false;
    let mut any = false;
    while let Some(&byte) = rest.get(at) {
        match byte {
            b'0'..=b'9' => {
                any = true;
                number.push(byte - b'0', point);
            }
            b'.' if !point => point = true,
            _ => break,
        }
        at += 1;
    }
    if !any {
        return Err(oddity(rest, 0, start));
    }
    let exponent = match rest.get(at) {
        None => 0,
        Some(b'e' | b'E') => exponent(rest, at + 1, start)?,
        Some(_) => return Err(oddity(rest, at, start)),
    };
    number.rounded(negative, exponent)
}

/// The digits that count, how many stand behind the point, and what was left out.
#[derive(Default)]
struct Digits {
    value: u128,
    count: u32,
    /// The power of ten by which the value is to be taken.
    power: i64,
    lost: bool,
}

impl Digits {
    fn push(&mut self, digit: u8, behind: bool) {
        if self.count < DIGITS {
            self.value = self.value * 10 + u128::from(digit);
            self.count += u32::from(self.value != 0);
            self.power -= i64::from(behind);
        } else {
            self.lost |= digit != 0;
            self.power += i64::from(!behind);
        }
    }

    fn rounded(self, negative: bool, exponent: i64) -> Result<Rounded, NotADecimal> {
        let shift = self.power + exponent + i64::from(Decimal::SCALE);
        let (units, residue, exact) = if self.value == 0 {
            (0, 0, !self.lost)
        } else if shift >= 0 {
            let factor = u32::try_from(shift)
                .ok()
                .and_then(|shift| 10_u128.checked_pow(shift));
            let units = factor.and_then(|factor| self.value.checked_mul(factor));
            (units.ok_or(NotADecimal::TooLarge)?, 0, !self.lost)
        } else {
            self.cut(u32::try_from(-shift).unwrap_or(u32::MAX))
        };
        let units = i128::try_from(units).map_err(|_| NotADecimal::TooLarge)?;
        let sign = if negative { -1 } else { 1 };
        Ok(Rounded {
            value: Decimal::from_units(sign * units).ok_or(NotADecimal::TooLarge)?,
            residue: sign * residue,
            exact,
        })
    }

    /// Takes the last digits away, half to even.
    fn cut(&self, digits: u32) -> (u128, i128, bool) {
        let Some(unit) = 10_u128.checked_pow(digits) else {
            return (0, 0, false);
        };
        let (whole, rest) = (self.value / unit, self.value % unit);
        let half = unit / 2;
        let up = rest > half || (rest == half && (self.lost || whole % 2 == 1));
        let left = i128::try_from(rest).unwrap_or(0) - if up { signed(unit) } else { 0 };
        let residue = if digits <= Decimal::SCALE {
            left * 10_i128.pow(Decimal::SCALE - digits)
        } else {
            left / signed(10_u128.pow(digits - Decimal::SCALE))
        };
        (whole + u128::from(up), residue, rest == 0 && !self.lost)
    }
}

/// Powers of ten up to 10^38 fit.
fn signed(number: u128) -> i128 {
    i128::try_from(number).unwrap_or(i128::MAX)
}

fn exponent(rest: &[u8], from: usize, start: usize) -> Result<i64, NotADecimal> {
    let (negative, from) = match rest.get(from) {
        Some(b'-') => (true, from + 1),
        Some(b'+') => return Err(NotADecimal::Plus),
        _ => (false, from),
    };
    let digits = rest.get(from..).unwrap_or_default();
    if digits.is_empty() {
        return Err(NotADecimal::Form(start + from));
    }
    let mut number: i64 = 0;
    for (at, byte) in digits.iter().enumerate() {
        if !byte.is_ascii_digit() {
            return Err(oddity(rest, from + at, start));
        }
        // Larger exponents are all alike: nothing, or too large.
        number = (number * 10 + i64::from(byte - b'0')).min(1_000_000);
    }
    Ok(if negative { -number } else { number })
}

/// What is wrong at a place that is neither digit nor point.
fn oddity(rest: &[u8], at: usize, start: usize) -> NotADecimal {
    let word = rest.get(at..).unwrap_or_default().to_ascii_lowercase();
    if at == 0 && (word == b"nan" || word == b"inf" || word == b"infinity") {
        return NotADecimal::NotFinite;
    }
    let digit_follows = rest.get(at + 1).is_some_and(u8::is_ascii_digit);
    match rest.get(at) {
        Some(&sign @ (b',' | b'\'' | b'_' | b' ')) if at > 0 && digit_follows => {
            NotADecimal::Separator(char::from(sign))
        }
        _ => NotADecimal::Form(start + at),
    }
}
