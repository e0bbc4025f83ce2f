//! The series as models should learn from it: without what passed, all at the level of its end.

use crate::history::History;
use crate::robust::{float, median};
use crate::shift::{Shift, shifts};
use crate::watch::{Threshold, Watched, watch};

/// How many days before its end a model learns from.
const MEMORY: usize = 365;
/// How many days on either side of a shift its size is taken from.
const NEAR: usize = 28;
/// A level that rose more than so many times was as good as none.
const LARGEST_RATIO: f64 = 20.0;
/// How many days the size of a day is taken from.
const RECENT: usize = 28;

/// What must be so wild that models are not to learn from it, and after how many days they are.
const WILD: Threshold = Threshold {
    deviations: 4.0,
    absolute: 0.0,
    relative: 0.08,
    lasting: 5,
};

/// What is known of a series on each of its days.
pub(crate) struct Ground<'a> {
    pub(crate) history: History<'a>,
    watched: Watched,
    shifts: Vec<Shift>,
}

/// What models learn from: the days before an origin.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Bed {
    /// Day by day up to the origin; what does not count is no number.
    pub(crate) values: Vec<f64>,
    /// The weekday of the first of them.
    pub(crate) first_weekday: usize,
    /// The size of an ordinary day of late, above 0: what errors are a share of.
    pub(crate) scale: f64,
    /// Below what no day can be: 0 for a series that never was below.
    pub(crate) floor: f64,
}

impl Bed {
    /// The weekday of one of its days, or of one after its end.
    pub(crate) fn weekday(&self, place: usize) -> usize {
        (self.first_weekday + place) % 7
    }

    /// The days that count, with their places.
    pub(crate) fn known(&self) -> impl DoubleEndedIterator<Item = (usize, f64)> {
        let days = self.values.iter().copied().enumerate();
        days.filter(|(_, value)| !value.is_nan())
    }
}

/// How the days before a shift come to the level after it.
enum Lift {
    Times(f64),
    Plus(f64),
}

impl<'a> Ground<'a> {
    pub(crate) fn new(history: History<'a>) -> Self {
        let watched = watch(&history, WILD);
        let shifts = shifts(&watched);
        Self {
            history,
            watched,
            shifts,
        }
    }

    /// The last day on which the level changed, as far as is known before an origin.
    pub(crate) fn shift(&self, origin: usize) -> Option<usize> {
        self.known_shifts(origin).map(|shift| shift.at).max()
    }

    /// What a model may learn from before an origin: nothing of it is known later.
    pub(crate) fn bed(&self, origin: usize) -> Bed {
        let begin = origin.saturating_sub(MEMORY);
        let mut values: Vec<f64> = (begin..origin)
            .map(|day| self.history.usable(day).unwrap_or(f64::NAN))
            .collect();
        let floor = if values.iter().any(|&value| value < 0.0) {
            f64::NEG_INFINITY
        } else {
            0.0
        };
        let today = origin.saturating_sub(1);
        for wild in self.watched.wild.iter().filter(|wild| wild.passing(today)) {
            for day in wild.days.clone() {
                if (begin..origin).contains(&day) {
                    values[day - begin] = f64::NAN;
                }
            }
        }
        let mut from = 0;
        let mut changes: Vec<usize> = self.known_shifts(origin).map(|shift| shift.at).collect();
        changes.sort_unstable();
        for (place, &at) in changes.iter().enumerate() {
            let until = changes.get(place + 1).copied().unwrap_or(origin);
            if let (true, Some(lift)) = (at > begin, self.lift(from, at, until)) {
                for value in &mut values[..at - begin] {
                    match lift {
                        Lift::Times(ratio) => *value *= ratio,
                        Lift::Plus(step) => *value += step,
                    }
                }
            }
            from = at;
        }
        let first_weekday = self.history.weekday(begin);
        let scale = scale(&values);
        Bed {
            values,
            first_weekday,
            scale,
            floor,
        }
    }

    fn known_shifts(&self, origin: usize) -> impl Iterator<Item = &Shift> {
        let today = origin.saturating_sub(1);
        self.shifts.iter().filter(move |shift| shift.holds(today))
    }

    fn lift(&self, from: usize, at: usize, until: usize) -> Option<Lift> {
        let plain = |days: std::ops::Range<usize>| {
            let mut values: Vec<f64> = self.watched.plain[days].iter().copied().flatten().collect();
            median(&mut values)
        };
        let old = plain(from.max(at.saturating_sub(NEAR))..at)?;
        let new = plain(at..until.min(at + NEAR))?;
        let ratio = new / old;
        let proportional = old > 0.0 && new >= 0.0 && ratio <= LARGEST_RATIO;
        Some(if proportional {
            Lift::Times(ratio)
        } else {
            Lift::Plus(new - old)
        })
    }
}

/// The mean size of the last days that count.
fn scale(values: &[f64]) -> f64 {
    let recent = values
        .iter()
        .rev()
        .filter(|value| !value.is_nan())
        .take(RECENT);
    let (count, sum) = recent.fold((0, 0.0), |(count, sum), value| {
        (count + 1, sum + value.abs())
    });
    (sum / float(count.max(1))).max(f64::MIN_POSITIVE)
}
