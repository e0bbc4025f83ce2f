//! Exponential smoothing with additive weekdays and a damped trend: ETS(A,Ad,A) of Hyndman et
//! al., *Forecasting with Exponential Smoothing* (2008), by least squares of the errors one day
//! ahead.

use super::Path;
use super::simplex::descend;
use crate::bed::Bed;
use crate::robust::{centred, float, weekday_effects};

/// How many days the first level, trend and weekdays are taken from.
const BEGINNING: usize = 28;
/// Ranges of the parameters: of α, β and γ, and of φ, as is usual (Hyndman et al., §2.7).
const LEAST: f64 = 1e-4;
const DAMPING: (f64, f64) = (0.8, 0.98);
/// How many times the errors are summed for a fit from nowhere, and for one from a fit before.
const FIRST_VALUES: usize = 120;
const NEXT_VALUES: usize = 50;

/// How fast exponential smoothing follows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Smoothing {
    /// α: the share of each error that the level follows, 0 to 1.
    pub level: f64,
    /// β: the share that the trend follows, 0 to α.
    pub trend: f64,
    /// γ: the share that the effect of the weekday follows, 0 to 1 - α.
    pub season: f64,
    /// φ: what is left of the trend a day later, 0.8 to 0.98.
    pub damping: f64,
}

impl Smoothing {
    /// Where a search begins.
    pub(crate) const START: Self = Self {
        level: 0.2,
        trend: 0.01,
        season: 0.05,
        damping: 0.95,
    };

    fn point(self) -> [f64; 4] {
        [self.level, self.trend, self.season, self.damping]
    }

    fn at(point: &[f64; 4]) -> Self {
        let level = point[0].clamp(LEAST, 1.0 - LEAST);
        Self {
            level,
            trend: point[1].clamp(0.0, level),
            season: point[2].clamp(0.0, 1.0 - level),
            damping: point[3].clamp(DAMPING.0, DAMPING.1),
        }
    }
}

/// What is known after some days.
#[derive(Debug, Clone, Copy)]
struct State {
    level: f64,
    trend: f64,
    effects: [f64; 7],
}

impl State {
    /// A first guess from the first days.
    fn first(bed: &Bed) -> Self {
        let known: Vec<(usize, f64)> = bed.known().take(BEGINNING).collect();
        let effects = centred(weekday_effects(&known, |place| bed.weekday(place)));
        let plain = |&(place, value): &(usize, f64)| value - effects[bed.weekday(place)];
        let (early, late) = known.split_at(known.len() / 2);
        let mean =
            |days: &[(usize, f64)]| days.iter().map(plain).sum::<f64>() / float(days.len().max(1));
        let trend = (mean(late) - mean(early)) / float((BEGINNING / 2).max(1));
        let level = mean(&known) - trend * float(BEGINNING / 2);
        Self {
            level,
            trend,
            effects,
        }
    }

    /// Goes through all days, and gives the sum of the squared errors one day ahead.
    fn follow(&mut self, bed: &Bed, by: &Smoothing) -> f64 {
        let mut squares = 0.0;
        let mut weekday = bed.first_weekday;
        for &value in &bed.values {
            let damped = by.damping * self.trend;
            let before = self.level + damped;
            let error = value - before - self.effects[weekday];
            if error.is_nan() {
                self.level = before;
                self.trend = damped;
            } else {
                self.level = before + by.level * error;
                self.trend = damped + by.trend * error;
                self.effects[weekday] += by.season * error;
                squares += error * error;
            }
            weekday = if weekday == 6 { 0 } else { weekday + 1 };
        }
        squares
    }
}

/// How fast to follow a series, from where a search may begin.
pub(crate) fn fit(bed: &Bed, before: Option<&Smoothing>) -> Smoothing {
    let first = State::first(bed);
    let squares = |point: &[f64; 4]| {
        let smoothing = Smoothing::at(point);
        let outside: f64 = point
            .iter()
            .zip(smoothing.point())
            .map(|(asked, taken)| (asked - taken).abs())
            .sum();
        let mut state = first;
        state.follow(bed, &smoothing) * (1.0 + outside)
    };
    let (start, values) = match before {
        Some(before) => (before.point(), NEXT_VALUES),
        None => (Smoothing::START.point(), FIRST_VALUES),
    };
    let sizes = [0.15, 0.02, 0.05, -0.05];
    Smoothing::at(&descend(squares, start, sizes, values))
}

/// How the series goes on.
pub(super) fn path(bed: &Bed, smoothing: &Smoothing) -> Path {
    let mut state = State::first(bed);
    state.follow(bed, smoothing);
    Path {
        slope: state.trend * smoothing.damping,
        damping: smoothing.damping,
        ..Path::flat(bed, state.level, state.effects)
    }
}

/// What exponential smoothing alone makes of a series.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Smoothed {
    /// How fast it follows.
    pub smoothing: Smoothing,
    /// The mean squared error one day ahead.
    pub mean_square: f64,
    /// What the days to come add up to.
    pub total: f64,
}

/// Smooths a series as it is, spikes, shifts and all, and adds up so many days to come. A forecast
/// does more than that; this is for comparing it with others'.
pub fn smooth(values: &[f64], days: usize) -> Smoothed {
    let bed = Bed {
        values: values.to_vec(),
        first_weekday: 0,
        scale: 1.0,
        floor: f64::NEG_INFINITY,
    };
    let smoothing = fit(&bed, None);
    let squares = State::first(&bed).follow(&bed, &smoothing);
    Smoothed {
        smoothing,
        mean_square: squares / float(values.len().max(1)),
        total: path(&bed, &smoothing).days().take(days).sum(),
    }
}
