//! Sums of `1/2`, `1/3` and so on, exactly: where several share a rank, each has a part of it.

use std::cmp::Ordering;

/// How often each part occurs: whole ones first, then halves, thirds and so on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Shares(Vec<u64>);

impl Shares {
    /// Adds `weight` times one part of `parts`, which is at least 1.
    pub(super) fn add(&mut self, parts: usize, weight: u64) {
        if self.0.len() < parts {
            self.0.resize(parts, 0);
        }
        self.0[parts - 1] += weight;
    }

    /// Compares the sums, by a common denominator that has no limit.
    pub(super) fn compare(&self, other: &Self) -> Ordering {
        if self == other {
            return Ordering::Equal;
        }
        let parts: Vec<u64> = (1..=self.0.len().max(other.0.len()))
            .filter(|parts| self.of(*parts) != other.of(*parts))
            .map(|parts| parts as u64)
            .collect();
        self.over_common(&parts).compare(&other.over_common(&parts))
    }

    fn of(&self, parts: usize) -> u64 {
        self.0.get(parts - 1).copied().unwrap_or(0)
    }

    /// The sum of these parts, times the product of them all.
    fn over_common(&self, parts: &[u64]) -> Large {
        let mut sum = Large::default();
        let mut product = Large(vec![1]);
        // a/p + b/q + … over p·q·…: each new part multiplies what is there, and adds the
        // product of those before it.
        for part in parts {
            sum.multiply(*part);
            let mut term = product.clone();
            term.multiply(self.of(usize::try_from(*part).unwrap_or(usize::MAX)));
            sum.add(&term);
            product.multiply(*part);
        }
        sum
    }
}

/// A whole number of any size, its least digit first, without zeros at the end.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Large(Vec<u64>);

impl Large {
    fn multiply(&mut self, by: u64) {
        let mut carry = 0_u128;
        for digit in &mut self.0 {
            let product = u128::from(*digit) * u128::from(by) + carry;
            *digit = low(product);
            carry = product >> 64;
        }
        self.0.push(low(carry));
        self.trim();
    }

    fn add(&mut self, other: &Self) {
        let length = self.0.len().max(other.0.len());
        self.0.resize(length + 1, 0);
        let mut carry = 0_u128;
        for (at, digit) in self.0.iter_mut().enumerate() {
            let more = other.0.get(at).copied().unwrap_or(0);
            let sum = u128::from(*digit) + u128::from(more) + carry;
            *digit = low(sum);
            carry = sum >> 64;
        }
        self.trim();
    }

    fn trim(&mut self) {
        while self.0.last() == Some(&0) {
            self.0.pop();
        }
    }

    fn compare(&self, other: &Self) -> Ordering {
        let length = self.0.len().cmp(&other.0.len());
        length.then_with(|| self.0.iter().rev().cmp(other.0.iter().rev()))
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "the low half is what is asked for"
)]
fn low(number: u128) -> u64 {
    number as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shares(of: &[u64]) -> Shares {
        Shares(of.to_vec())
    }

    #[test]
    fn sums_of_parts_compare_as_fractions_do() {
        // 1 against 1/2 + 1/3 + 1/6.
        let one = shares(&[1]);
        assert_eq!(one.compare(&shares(&[0, 1, 1, 0, 0, 1])), Ordering::Equal);
        assert_eq!(
            one.compare(&shares(&[0, 1, 1, 0, 0, 0, 1])),
            Ordering::Greater
        );
        assert_eq!(one.compare(&shares(&[0, 1, 1, 0, 1])), Ordering::Less);
        assert_eq!(
            shares(&[0, 2]).compare(&shares(&[0, 0, 3])),
            Ordering::Equal
        );
    }

    #[test]
    fn many_parts_and_many_voters_do_not_overflow() {
        let many = shares(&[u64::MAX / 300; 300]);
        let mut more = many.clone();
        more.add(300, 1);
        assert_eq!(many.compare(&more), Ordering::Less);
        let (mut one, mut other) = (shares(&[0; 200]), shares(&[0; 200]));
        for parts in 101..=200 {
            one.add(parts, u64::MAX / 200);
            other.add(parts - 100, u64::MAX / 300);
        }
        assert_eq!(one.compare(&other), Ordering::Less);
    }
}
