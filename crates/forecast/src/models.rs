//! The ways to go on from a series.

mod lines;
mod simplex;
mod smoothing;

use std::fmt;

use crate::bed::Bed;
use crate::robust::{float, weekday_effects};

pub(crate) use smoothing::fit;
pub use smoothing::{Smoothed, Smoothing, smooth};

/// How many days the run rate is of.
const RUN_RATE: usize = 28;
/// How many days its weekdays are taken from.
const WEEKDAYS: usize = 56;

/// A way to go on from a series, the simpler before the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Model {
    /// The mean of the last 28 days, with the effects of weekdays.
    RunRate,
    /// What was a week ago.
    SeasonalNaive,
    /// A straight line by least squares, with the effects of weekdays.
    Trend,
    /// A straight line by the median of all slopes (Theil and Sen), with those of weekdays.
    RobustTrend,
    /// Level, damped trend and weekdays, each smoothed exponentially (Holt and Winters).
    Smoothing,
}

impl Model {
    /// All of them, the simpler before the others.
    pub const ALL: [Self; 5] = [
        Self::RunRate,
        Self::SeasonalNaive,
        Self::Trend,
        Self::RobustTrend,
        Self::Smoothing,
    ];

    /// What it is called in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::RunRate => "run rate of 28 days",
            Self::SeasonalNaive => "the week before",
            Self::Trend => "least squares",
            Self::RobustTrend => "robust line",
            Self::Smoothing => "exponential smoothing",
        }
    }

    /// How it goes on from what it learns.
    pub(crate) fn path(self, bed: &Bed, smoothing: &Smoothing) -> Path {
        match self {
            Self::RunRate => run_rate(bed),
            Self::SeasonalNaive => week_before(bed),
            Self::Trend => lines::least_squares(bed),
            Self::RobustTrend => lines::theil_sen(bed),
            Self::Smoothing => smoothing::path(bed, smoothing),
        }
    }
}

impl fmt::Display for Model {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// How a series goes on after its end.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Path {
    /// The level on the last day known, without the effect of its weekday.
    pub(crate) level: f64,
    /// By how much it rises on the first day after.
    pub(crate) slope: f64,
    /// By which factor the rise of each day is less than that of the day before; 1 for a line.
    pub(crate) damping: f64,
    /// What each weekday is above the level.
    pub(crate) effects: [f64; 7],
    /// The weekday of the first day after.
    pub(crate) next_weekday: usize,
    /// Below what no day can be.
    pub(crate) floor: f64,
}

impl Path {
    fn flat(bed: &Bed, level: f64, effects: [f64; 7]) -> Self {
        Self {
            level,
            slope: 0.0,
            damping: 1.0,
            effects,
            next_weekday: bed.weekday(bed.values.len()),
            floor: bed.floor,
        }
    }

    /// Its days, from the first one after the end on.
    pub(crate) fn days(self) -> impl Iterator<Item = f64> {
        let (mut level, mut slope, mut weekday) = (self.level, self.slope, self.next_weekday);
        std::iter::repeat_with(move || {
            level += slope;
            slope *= self.damping;
            let value = level + self.effects[weekday];
            weekday = (weekday + 1) % 7;
            value.max(self.floor)
        })
    }
}

fn run_rate(bed: &Bed) -> Path {
    let mut recent: Vec<(usize, f64)> = bed.known().rev().take(WEEKDAYS).collect();
    recent.reverse();
    let effects = weekday_effects(&recent, |place| bed.weekday(place));
    let last = &recent[recent.len().saturating_sub(RUN_RATE)..];
    let plain = last
        .iter()
        .map(|&(place, value)| value - effects[bed.weekday(place)]);
    let level = plain.sum::<f64>() / float(last.len().max(1));
    Path::flat(bed, level, effects)
}

fn week_before(bed: &Bed) -> Path {
    let mut last = [None; 7];
    for (place, value) in bed.known().rev() {
        let weekday = &mut last[bed.weekday(place)];
        if weekday.is_none() {
            *weekday = Some(value);
            if last.iter().all(Option::is_some) {
                break;
            }
        }
    }
    let known = last.iter().flatten();
    let (count, sum) = known.fold((0, 0.0), |(count, sum), value| (count + 1, sum + value));
    let level = sum / float(count.max(1));
    let effects = last.map(|value| value.map_or(0.0, |value| value - level));
    Path::flat(bed, level, effects)
}
