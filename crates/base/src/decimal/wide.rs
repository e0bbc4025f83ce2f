//! Products of 256 bits and their quotients, which no primitive holds.

use super::{Decimal, Rounded};

/// `a * b / c`, rounded half to even once; nothing if `c` is zero or the result leaves the range.
pub(super) fn times_over(a: i128, b: i128, c: i128) -> Option<Rounded> {
    let negative = (a < 0) ^ (b < 0) ^ (c < 0);
    let divisor = c.unsigned_abs();
    if divisor == 0 {
        return None;
    }
    let (high, low) = product(a.unsigned_abs(), b.unsigned_abs());
    let (quotient, rest) = divided(high, low, divisor)?;
    let up = match rest.cmp(&(divisor - rest)) {
        std::cmp::Ordering::Less => false,
        std::cmp::Ordering::Greater => true,
        std::cmp::Ordering::Equal => quotient % 2 == 1,
    };
    let units = i128::try_from(quotient.checked_add(u128::from(up))?).ok()?;
    let sign = if negative { -1 } else { 1 };
    Some(Rounded {
        value: Decimal::from_units(sign * units)?,
        residue: sign * residue(rest, divisor, up),
        exact: rest == 0,
    })
}

/// What was lost, as a part of a unit in 10^-18 of it.
fn residue(rest: u128, divisor: u128, up: bool) -> i128 {
    let one = Decimal::ONE.units().unsigned_abs();
    let (high, low) = product(rest, one);
    let part = divided(high, low, divisor).map_or(0, |(part, _)| part);
    let part = i128::try_from(part).unwrap_or(0);
    if up { part - Decimal::ONE.units() } else { part }
}

/// The product, its high and its low half.
fn product(a: u128, b: u128) -> (u128, u128) {
    const LOW: u128 = u64::MAX as u128;
    let (a_high, a_low) = (a >> 64, a & LOW);
    let (b_high, b_low) = (b >> 64, b & LOW);
    let (lows, highs) = (a_low * b_low, a_high * b_high);
    let (one, other) = (a_low * b_high, a_high * b_low);
    let middle = (lows >> 64) + (one & LOW) + (other & LOW);
    (
        highs + (one >> 64) + (other >> 64) + (middle >> 64),
        (middle << 64) | (lows & LOW),
    )
}

/// Quotient and rest by long division, a bit a step; nothing if the quotient is longer than 128 bits.
fn divided(high: u128, low: u128, divisor: u128) -> Option<(u128, u128)> {
    if high == 0 {
        return Some((low / divisor, low % divisor));
    }
    if high >= divisor {
        return None;
    }
    let (mut rest, mut quotient) = (high, 0_u128);
    for bit in (0..128).rev() {
        let carry = rest >> 127 == 1;
        rest = (rest << 1) | ((low >> bit) & 1);
        let fits = carry || rest >= divisor;
        if fits {
            rest = rest.wrapping_sub(divisor);
        }
        quotient = (quotient << 1) | u128::from(fits);
    }
    Some((quotient, rest))
}
