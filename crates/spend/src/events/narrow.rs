//! The deepest place that explains an event.

use std::collections::BTreeMap;
use std::iter::Sum;
use std::ops::Add;

use base::Decimal;
use forecast::Direction;

use super::candidates::Candidate;
use super::ground::Ground;
use super::ordinary::Ordinary;
use super::place::{DIMENSIONS, Key};
use crate::cells::Name;

/// A narrower place explains an event if it has so much of it: over and under.
const EXPLAINS: (i64, i64) = (4, 5);
/// Unless the rest has this share of the event too, and changed by this share as much as all of it
/// did: then it is about all of it.
const REST: f64 = 0.1;
const LIKEWISE: f64 = 0.5;

/// What something came to and was expected to come to.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Came {
    pub(super) actual: Decimal,
    pub(super) expected: Decimal,
}

impl Came {
    pub(super) fn more(&self) -> Decimal {
        self.actual - self.expected
    }

    /// Whether a part of it has so much of it that it is about that part.
    pub(super) fn is_about(&self, part: &Self, direction: Direction, share: (i64, i64)) -> bool {
        if !is_share(part.more(), self.more(), direction, share) {
            return false;
        }
        let rest = (self.more() - part.more()).approximate() / self.more().approximate();
        let size = (self.expected - part.expected).approximate() / self.expected.approximate();
        let likewise = size > 0.0 && rest / size >= LIKEWISE;
        !(likewise && rest >= REST)
    }
}

impl Add for Came {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            actual: self.actual + other.actual,
            expected: self.expected + other.expected,
        }
    }
}

impl Sum for Came {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        all.fold(Self::default(), Add::add)
    }
}

/// What a leaf came to.
#[derive(Debug, Clone, Copy)]
pub(super) struct Part {
    pub(super) leaf: usize,
    pub(super) came: Came,
}

/// All leaves of a place, with what they came to on some days and were expected to.
pub(super) fn parts(ground: &Ground<'_>, key: &Key, ordinary: &Ordinary) -> Vec<Part> {
    let part = |leaf: usize| {
        let came = ground.within(leaf, &ordinary.asked).iter();
        let before = ground.within(leaf, &ordinary.reach).iter().copied();
        Part {
            leaf,
            came: Came {
                actual: came.map(|charge| charge.1).sum(),
                expected: ordinary.expected(before),
            },
        }
    };
    ground.leaves_of(key).map(part).collect()
}

/// Whether a part is a share of a whole, both in the direction of an event.
pub(super) fn is_share(
    part: Decimal,
    whole: Decimal,
    direction: Direction,
    share: (i64, i64),
) -> bool {
    let sized = |amount: Decimal| match direction {
        Direction::Up => amount,
        Direction::Down => Decimal::ZERO - amount,
    };
    let least = sized(whole).share(Decimal::whole(share.0), Decimal::whole(share.1));
    let least = least.map(|rounded| rounded.value);
    least.is_some_and(|least| least > Decimal::ZERO && sized(part) >= least)
}

/// The deepest place that explains what was seen by the day it was found; no later day counts, so
/// that it stays the same as days are added.
pub(super) fn narrow(ground: &Ground<'_>, seen: &Candidate) -> Key {
    let ordinary = ground.ordinary(seen.first..seen.found + 1, &seen.days, &seen.earlier);
    let mut left = parts(ground, &seen.key, &ordinary);
    let whole: Came = left.iter().map(|part| part.came).sum();
    let mut key = seen.key;
    for dimension in 0..DIMENSIONS {
        if key.0[dimension].is_some() {
            continue;
        }
        let mut sums: BTreeMap<Name, Came> = BTreeMap::new();
        for part in &left {
            let sum = sums.entry(ground.name(part.leaf, dimension)).or_default();
            *sum = *sum + part.came;
        }
        let largest = sums.into_iter().max_by(|(one, least), (other, most)| {
            let (least, most) = (least.more(), most.more());
            let by_size = match seen.direction {
                Direction::Up => least.cmp(&most),
                Direction::Down => most.cmp(&least),
            };
            by_size.then_with(|| ground.text(*other).cmp(ground.text(*one)))
        });
        if let Some((name, came)) = largest
            && whole.is_about(&came, seen.direction, EXPLAINS)
        {
            key.0[dimension] = Some(name);
            left.retain(|part| ground.name(part.leaf, dimension) == name);
        }
    }
    key
}
