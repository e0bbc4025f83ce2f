//! What a series comes to.

use std::fmt;

use crate::backtest::{Backtest, learn};
use crate::bed::Ground;
use crate::history::History;
use crate::models::{Model, Path, fit};
use crate::robust::float;
use crate::spread::Spread;

/// Under how many days that count nothing but the run rate is said.
const FEWEST_DAYS: usize = 60;
/// How many days the run rate is of.
const RUN_RATE: usize = 28;
/// The furthest that is looked ahead, in days: ten years.
const FURTHEST: usize = 3660;

/// Why there is no forecast: too little is known to test one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TooShort {
    /// How many days count.
    pub days: usize,
    /// The mean of the last 28 that count; nothing where none does.
    pub run_rate: Option<f64>,
}

impl fmt::Display for TooShort {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} days are too few for a forecast that can be tested: {FEWEST_DAYS} without large gaps are needed",
            self.days
        )
    }
}

impl std::error::Error for TooShort {}

/// A total that lies within it four times out of five, as often as was measured.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    /// One total in ten is below.
    pub p10: f64,
    /// The forecast itself.
    pub p50: f64,
    /// One total in ten is above.
    pub p90: f64,
}

/// What a series comes to, and how far such forecasts of it were off before.
#[derive(Debug, Clone, PartialEq)]
pub struct Forecast {
    /// The model, by which errors were least in the past, or about least and simpler.
    pub model: Model,
    /// The day of the history on which the level last changed, if it did; days before it were
    /// brought to the new level.
    pub shift: Option<usize>,
    /// How far off the same was in the past.
    pub backtest: Backtest,
    /// The longest total, in days, whose errors were measured. Intervals of longer ones are
    /// drawn out from there.
    pub measured_days: usize,
    path: Path,
    spread: Spread,
    /// The size of an ordinary day.
    scale: f64,
    /// The totals of 0, 1, 2... days ahead, up to the horizon.
    totals: Vec<f64>,
}

/// What a series comes to in the days after it, up to so many; at most ten years are looked at.
///
/// # Errors
/// Fewer than 60 days count, or so few of them in a row that no total of 28 days is known.
pub fn forecast(history: &History<'_>, horizon_days: usize) -> Result<Forecast, TooShort> {
    let days = history.usable_days();
    let too_short = || TooShort {
        days,
        run_rate: run_rate(history),
    };
    if days < FEWEST_DAYS {
        return Err(too_short());
    }
    let ground = Ground::new(*history);
    let learnt = learn(&ground).ok_or_else(too_short)?;
    let end = history.days();
    let bed = ground.bed(end);
    let smoothing = match learnt.model {
        Model::Smoothing => fit(&bed, Some(&learnt.smoothing)),
        _ => learnt.smoothing,
    };
    let mut forecast = Forecast {
        model: learnt.model,
        shift: ground.shift(end),
        measured_days: learnt.spread.measured(),
        backtest: learnt.backtest,
        path: learnt.model.path(&bed, &smoothing),
        spread: learnt.spread,
        scale: bed.scale,
        totals: Vec::new(),
    };
    forecast.add_up(horizon_days.min(FURTHEST));
    Ok(forecast)
}

/// The mean of the last 28 days that count.
fn run_rate(history: &History<'_>) -> Option<f64> {
    let days = (0..history.days()).rev();
    let last: Vec<f64> = days
        .filter_map(|day| history.usable(day))
        .take(RUN_RATE)
        .collect();
    (!last.is_empty()).then(|| last.iter().sum::<f64>() / float(last.len()))
}

impl Forecast {
    /// What so many days come to together, from the first one after the history on. More days
    /// than the horizon count as the horizon.
    pub fn total(&self, days: usize) -> Interval {
        let days = days.min(self.totals.len() - 1);
        let half = self.spread.ordinary_days(days) * self.scale;
        let p50 = self.totals[days];
        let least = if self.path.floor < 0.0 {
            f64::NEG_INFINITY
        } else {
            0.0_f64.min(p50)
        };
        Interval {
            p10: (p50 - half).max(least),
            p50,
            p90: p50 + half,
        }
    }

    fn add_up(&mut self, horizon: usize) {
        let mut total = 0.0;
        self.totals.clear();
        self.totals.push(total);
        for value in self.path.days().take(horizon) {
            total += value;
            self.totals.push(total);
        }
    }
}
