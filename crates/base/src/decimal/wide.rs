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
    if up {
        part - Decimal::ONE.units()
    } else {
        part
    }
}

/// The product, its high and its low half.
pub(super) fn product(a: u128, b: u128) -> (u128, u128) {
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

/// Quotient and rest; nothing if the quotient is longer than 128 bits.
///
/// Long division with two digits of 64 bits (Knuth, The Art of Computer Programming 2, 4.3.1 D).
pub(super) fn divided(high: u128, low: u128, divisor: u128) -> Option<(u128, u128)> {
    if high == 0 && divisor != 0 {
        return Some((low / divisor, low % divisor));
    }
    if high >= divisor {
        return None;
    }
    // An estimate from the first digit of a divisor is off by two at most if its first bit is set.
    let shift = divisor.leading_zeros();
    let divisor = divisor << shift;
    let carried = if shift == 0 { 0 } else { low >> (128 - shift) };
    let (high, low) = ((high << shift) | carried, low << shift);
    let (first, rest) = digit(high, low >> 64, divisor);
    let (second, rest) = digit(rest, low & LOW, divisor);
    Some(((first << 64) | second, rest >> shift))
}

const LOW: u128 = u64::MAX as u128;

/// One digit of a quotient, and what is left: of `high` with one more digit behind it.
fn digit(high: u128, next: u128, divisor: u128) -> (u128, u128) {
    let (first, second) = (divisor >> 64, divisor & LOW);
    let mut quotient = high / first;
    let mut rest = high - quotient * first;
    while quotient > LOW || quotient * second > ((rest << 64) | next) {
        quotient -= 1;
        rest += first;
        if rest > LOW {
            break;
        }
    }
    // Both leave 128 bits by the same multiple of 2^128.
    let left = (high << 64 | next).wrapping_sub(quotient.wrapping_mul(divisor));
    (quotient, left)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Numbers of all lengths, with many ones and zeros in a row: where digits carry.
    fn number() -> impl Strategy<Value = u128> {
        let runs = (any::<u128>(), 0_u32..128, any::<bool>());
        prop_oneof![
            runs.prop_map(|(bits, shift, ones)| {
                let number = bits >> shift;
                if ones {
                    number | (u128::MAX << 64 >> shift)
                } else {
                    number
                }
            }),
            (0_u32..128).prop_map(|shift| u128::MAX >> shift),
            (0_u32..128).prop_map(|shift| 1 << shift),
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(20_000))]

        #[test]
        fn a_product_divided_by_a_factor_is_the_other(a in number(), b in number(), more in number()) {
            prop_assume!(b > 0);
            let rest = more % b;
            let (high, low) = product(a, b);
            let (low, carry) = low.overflowing_add(rest);
            let high = high + u128::from(carry);
            prop_assert_eq!(divided(high, low, b), Some((a, rest)));
        }

        #[test]
        fn a_quotient_that_is_too_long_is_none(high in number(), low in number(), divisor in number()) {
            prop_assert_eq!(divided(high, low, divisor).is_none(), high >= divisor);
        }
    }
}
