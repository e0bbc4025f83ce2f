//! Amounts in parts that add up to them.

use super::{Decimal, wide};

/// What amounts are divided by: weights, of which only the proportions count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Portions {
    weights: Vec<u128>,
    total: u128,
}

impl Portions {
    /// Of weights. Nothing if there is none above zero, one is below, or their sum leaves the
    /// range of a [`Decimal`].
    pub fn of(weights: &[Decimal]) -> Option<Self> {
        let mut total = Decimal::ZERO;
        for weight in weights {
            if weight.is_negative() {
                return None;
            }
            total = total.plus(*weight)?;
        }
        if total.is_zero() {
            return None;
        }
        let units = |number: Decimal| number.units().unsigned_abs();
        // The smaller the numbers, the shorter the products.
        let common = weights.iter().copied().map(units).fold(0, common_divisor);
        Some(Self {
            weights: weights
                .iter()
                .map(|weight| units(*weight) / common)
                .collect(),
            total: units(total) / common,
        })
    }

    /// The parts of an amount, one a weight, which add up to it exactly.
    ///
    /// By largest remainders: each part is cut off behind the 18th digit, and the units that are
    /// left go one each to those that lost most, the first of equals before the rest. What has no
    /// weight gets nothing. The parts of an amount below zero are those of the same amount above
    /// zero, below zero: what two amounts cancel, their parts cancel.
    pub fn split(&self, amount: Decimal) -> Vec<Decimal> {
        let whole = amount.units().unsigned_abs();
        let mut left = whole;
        let mut parts = Vec::with_capacity(self.weights.len());
        let mut lost = Vec::with_capacity(self.weights.len());
        for (at, weight) in self.weights.iter().enumerate() {
            let (high, low) = wide::product(whole, *weight);
            // A part is no larger than the whole.
            let (part, rest) = wide::divided(high, low, self.total).unwrap_or((0, 0));
            left -= part;
            parts.push(part);
            lost.push((rest, at));
        }
        if left > 0 {
            lost.sort_unstable_by_key(|(rest, at)| (std::cmp::Reverse(*rest), *at));
            // Fewer are left than parts have lost something.
            for ((_, at), _) in lost.into_iter().zip(0..left) {
                parts[at] += 1;
            }
        }
        let signed = |part: u128| {
            let part = i128::try_from(part).unwrap_or(0);
            Decimal(if amount.is_negative() { -part } else { part })
        };
        parts.into_iter().map(signed).collect()
    }
}

/// The greatest number that divides both; the other one for zero.
fn common_divisor(mut a: u128, mut b: u128) -> u128 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn of(text: &str) -> Decimal {
        text.parse().unwrap_or_else(|why| panic!("{text}: {why}"))
    }

    fn split(amount: &str, weights: &[&str]) -> Vec<String> {
        let weights: Vec<Decimal> = weights.iter().copied().map(of).collect();
        let portions = Portions::of(&weights).expect("weights");
        let parts = portions.split(of(amount));
        parts.iter().map(Decimal::to_string).collect()
    }

    #[test]
    fn units_that_are_left_go_to_those_that_lost_most() {
        assert_eq!(
            split("100", &["1", "1", "1"]),
            [
                "33.333333333333333334",
                "33.333333333333333333",
                "33.333333333333333333"
            ]
        );
        // 2/3 of a unit is lost by the second and 1/3 by the first.
        assert_eq!(
            split("0.000000000000000001", &["1", "2"]),
            ["0", "0.000000000000000001"]
        );
        assert_eq!(split("10", &["0.7", "0", "0.3"]), ["7", "0", "3"]);
        assert_eq!(split("-0.05", &["9", "1"]), ["-0.045", "-0.005"]);
    }

    #[test]
    fn nothing_is_no_weight_and_less_than_nothing_neither() {
        for weights in [&[][..], &["0", "0"], &["1", "-1"], &["2", "-1"]] {
            let weights: Vec<Decimal> = weights.iter().copied().map(of).collect();
            assert_eq!(Portions::of(&weights), None, "{weights:?}");
        }
        assert_eq!(Portions::of(&[Decimal::MAX, Decimal::ONE]), None);
    }

    fn any() -> impl Strategy<Value = Decimal> {
        let units = prop_oneof![
            -1_000_i128..1_000,
            -10_i128.pow(24)..10_i128.pow(24),
            -Decimal::MAX.units()..=Decimal::MAX.units(),
        ];
        units.prop_map(|units| Decimal::from_units(units).expect("in range"))
    }

    fn weight() -> impl Strategy<Value = Decimal> {
        prop_oneof![
            Just(Decimal::ZERO),
            Just(Decimal::ONE),
            any().prop_map(|number| {
                Decimal::from_units(number.abs().units() / 100).expect("in range")
            })
        ]
    }

    proptest! {
        #[test]
        fn parts_add_up_and_are_within_a_unit_of_their_share(
            amount in any(),
            weights in proptest::collection::vec(weight(), 1..9),
        ) {
            let Some(portions) = Portions::of(&weights) else {
                prop_assert!(weights.iter().all(|weight| weight.is_zero()));
                return Ok(());
            };
            let parts = portions.split(amount);
            let mut sum = 0_i128;
            for part in &parts {
                sum += part.units();
            }
            prop_assert_eq!(sum, amount.units());
            let total: Decimal = weights.iter().copied().sum();
            for (part, weight) in parts.iter().zip(&weights) {
                let share = amount.share(*weight, total).expect("no larger than the amount");
                prop_assert!((part.units() - share.value.units()).abs() <= 1);
                prop_assert!(!weight.is_zero() || part.is_zero());
            }
            let opposite: Vec<Decimal> = portions.split(-amount).into_iter().map(|part| -part).collect();
            prop_assert_eq!(parts, opposite);
        }
    }
}
