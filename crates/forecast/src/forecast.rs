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

/// A change that is known to come.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Step {
    /// From which day on, counted ahead: 1 is the first day after the history.
    pub from: usize,
    /// By how much each day is then higher; less than 0 where it is lower.
    pub per_day: f64,
}

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

/// The day on which totals reach an amount, counted ahead; nothing where that is not within the
/// horizon, and 0 for an amount that is reached already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reached {
    /// Early, where much is spent: one chance in ten that it is before.
    pub p10: Option<usize>,
    /// By the forecast itself.
    pub p50: Option<usize>,
    /// Late, where little is spent: one chance in ten that it is after.
    pub p90: Option<usize>,
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
    steps: Vec<Step>,
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
        steps: Vec::new(),
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
    /// The same, with changes that are known to come. Intervals stay as wide as they were: what
    /// is known adds no doubt.
    pub fn with_planned(mut self, steps: &[Step]) -> Self {
        self.steps.extend_from_slice(steps);
        self.add_up(self.horizon());
        self
    }

    /// How many days ahead it looks.
    pub fn horizon(&self) -> usize {
        self.totals.len() - 1
    }

    /// What a day comes to, counted ahead: 1 is the first day after the history; 0 is nothing.
    /// Days beyond the horizon are as the last one in it.
    pub fn daily(&self, day: usize) -> f64 {
        let day = day.min(self.horizon());
        match day.checked_sub(1) {
            Some(before) => self.totals[day] - self.totals[before],
            None => 0.0,
        }
    }

    /// What so many days come to together, from the first one after the history on. More days
    /// than the horizon count as the horizon.
    pub fn total(&self, days: usize) -> Interval {
        let days = days.min(self.horizon());
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

    /// On which day totals reach an amount.
    pub fn day_reached(&self, amount: f64) -> Reached {
        let first = |of: fn(&Interval) -> f64| {
            (0..=self.horizon()).find(|&days| of(&self.total(days)) >= amount)
        };
        Reached {
            p10: first(|total| total.p90),
            p50: first(|total| total.p50),
            p90: first(|total| total.p10),
        }
    }

    fn add_up(&mut self, horizon: usize) {
        let mut total = 0.0;
        self.totals.clear();
        self.totals.push(total);
        for (ahead, value) in (1..=horizon).zip(self.path.days()) {
            let begun = self.steps.iter().filter(|step| step.from <= ahead);
            let planned: f64 = begun.map(|step| step.per_day).sum();
            total += (value + planned).max(self.path.floor);
            self.totals.push(total);
        }
    }
}
