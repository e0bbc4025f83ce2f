//! Days that were not to be expected.

use crate::history::History;
use crate::watch::{Threshold, watch};

/// How unexpected days must be to be told of. All of it must hold.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sensitivity {
    /// By how many standard deviations of the days before; of days in a row together.
    pub deviations: f64,
    /// By how much a day, in units of the series.
    pub absolute: f64,
    /// By which share of what was expected: 0.2 is 20 %.
    pub relative: f64,
    /// After how many days at a new level that is the level, and no event any more.
    pub lasting_days: usize,
}

impl Default for Sensitivity {
    /// 5 deviations and a fifth more or less than expected, for up to 14 days.
    fn default() -> Self {
        Self {
            deviations: 5.0,
            absolute: 0.0,
            relative: 0.2,
            lasting_days: 14,
        }
    }
}

/// Whether there was more or less than expected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Direction {
    /// More.
    Up,
    /// Less.
    Down,
}

/// Days in a row that were not to be expected, with at most one ordinary day between them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Event {
    /// The first day.
    pub first: usize,
    /// The last day known to be of it.
    pub last: usize,
    /// The day by which it was found. Later days do not change that, nor the first day.
    pub found: usize,
    /// Whether there was more or less.
    pub direction: Direction,
    /// What the days that count were expected to come to, together.
    pub expected: f64,
    /// What they came to.
    pub actual: f64,
    /// How far the furthest of its days was from what was expected; positive.
    pub peak: f64,
    /// The day on which it was taken for the new level, if it was. What follows is expected.
    pub level_since: Option<usize>,
    /// Whether it may still go on: no two calm days have followed it yet.
    pub open: bool,
}

/// The days of a series that were not to be expected from the days before them, as events.
///
/// A day is compared with up to 56 ordinary days before it: their middle, the effect of its
/// weekday, and their noise. Days of an event are not what later days are compared with, until
/// they have lasted long enough to be the level. The first 28 days are never events.
pub fn events(history: &History<'_>, sensitivity: &Sensitivity) -> Vec<Event> {
    let threshold = Threshold {
        deviations: sensitivity.deviations,
        absolute: sensitivity.absolute,
        relative: sensitivity.relative,
        lasting: sensitivity.lasting_days.max(2),
    };
    let watched = watch(history, threshold);
    let event = |wild: &crate::watch::Wild| {
        let (mut actual, mut expected, mut peak) = (0.0, 0.0, 0.0_f64);
        for day in wild.days.clone() {
            if let Some((came, usual)) = history.usable(day).zip(watched.expected[day]) {
                actual += came;
                expected += usual;
                peak = peak.max((came - usual).abs());
            }
        }
        let after = (wild.days.end..history.days()).filter(|&day| history.usable(day).is_some());
        Event {
            first: wild.days.start,
            last: wild.days.end - 1,
            found: wild.found,
            direction: if wild.up {
                Direction::Up
            } else {
                Direction::Down
            },
            expected,
            actual,
            peak,
            level_since: wild.level_since.filter(|_| wild.returned.is_none()),
            open: wild.level_since.is_none() && after.take(2).count() < 2,
        }
    };
    watched.wild.iter().map(event).collect()
}
