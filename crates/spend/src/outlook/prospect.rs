//! What a series comes to in days to come.

use base::Decimal;
use forecast::{Forecast, History, Interval, TooShort};
use jiff::civil::Date;

use crate::outlook::days::{self, Days};
use crate::outlook::expected::{Expected, Range, Trust};
use crate::outlook::series::Series;

/// How many days a run rate is of, if so many are known.
pub const RUN_RATE_DAYS: i64 = 28;
/// How many days are looked ahead at most, ten years: money that lasts longer is not looked after
/// by the day.
const FURTHEST: i64 = 3660;
/// How many days must be known for a forecast whose errors can be measured.
pub const FORECAST_DAYS: usize = 60;

/// What a series comes to: by a forecast, or at the run rate where too little is known.
///
/// Sums of what is known are exact; what is added to them here is an estimate.
#[derive(Debug, Clone)]
pub struct Prospect {
    ahead: Option<Ahead>,
}

#[derive(Debug, Clone)]
struct Ahead {
    /// The first day that is not known.
    from: Date,
    /// The days that the run rate is of, and what they came to.
    window: Days,
    spent: Decimal,
    forecast: Result<Forecast, TooShort>,
}

/// What is spent by the end of each day from a day on, never less than the day before.
#[derive(Debug, Clone)]
pub(crate) struct Path {
    pub(crate) from: Date,
    pub(crate) totals: Vec<Decimal>,
}

impl Prospect {
    /// Looks at a series up to a day.
    pub fn of(series: &Series, until: Date) -> Self {
        let Some((known, window)) = series.days.zip(series.last(RUN_RATE_DAYS)) else {
            return Self { ahead: None };
        };
        let from = days::after(known.until, 1);
        let values = series.approximate();
        let monday = known.from.weekday().to_monday_zero_offset();
        let history = History {
            values: &values,
            first_weekday: u8::try_from(monday).unwrap_or_default(),
            left_out: &[],
        };
        let horizon = Days { from, until }.count();
        let horizon = usize::try_from(horizon).unwrap_or_default();
        let ahead = Ahead {
            from,
            window,
            spent: series.sum(window),
            forecast: forecast::forecast(&history, horizon),
        };
        Self { ahead: Some(ahead) }
    }

    /// How far it can be trusted; nothing where nothing is known.
    pub fn trust(&self) -> Option<Trust> {
        let ahead = self.ahead.as_ref()?;
        Some(match &ahead.forecast {
            Ok(forecast) => Trust::Measured {
                model: forecast.model.name().to_owned(),
                error_percent: forecast.backtest.error * 100.0,
                coverage_percent: forecast.backtest.coverage.map(|share| share * 100.0),
            },
            Err(short) => Trust::TooShort {
                days: short.days,
                needed: FORECAST_DAYS,
            },
        })
    }

    /// The first day that is not known.
    pub fn from(&self) -> Option<Date> {
        self.ahead.as_ref().map(|ahead| ahead.from)
    }

    /// What the last days came to, at most 28, and which they are.
    pub fn window(&self) -> Option<(Days, Decimal)> {
        self.ahead.as_ref().map(|ahead| (ahead.window, ahead.spent))
    }

    /// What so many days come to at the run rate.
    pub fn at_run_rate(&self, count: i64) -> Option<Decimal> {
        let ahead = self.ahead.as_ref()?;
        ahead.at_run_rate(count)
    }

    /// What these days come to, all of them to come.
    pub fn total(&self, days: Days) -> Expected<Decimal> {
        let Some(ahead) = &self.ahead else {
            return Expected::Unknown;
        };
        match &ahead.forecast {
            Ok(forecast) => ahead
                .interval(forecast, days)
                .map_or(Expected::Unknown, Expected::Range),
            Err(_) => ahead
                .at_run_rate(days.count())
                .map_or(Expected::Unknown, Expected::RunRate),
        }
    }

    /// The first day, of those from a day to another, by whose end an amount more is spent since
    /// the first of them. Early means that much is spent.
    pub fn reached(&self, days: Days, amount: Decimal) -> Expected<Option<Date>> {
        let Some(ahead) = &self.ahead else {
            return Expected::Unknown;
        };
        let day = |count: i64| days::after(days.from, count - 1);
        let Ok(forecast) = &ahead.forecast else {
            let reached = ahead.days_at_run_rate(amount).map(day);
            return Expected::RunRate(reached.filter(|day| *day <= days.until));
        };
        let first = |of: fn(Range<Decimal>) -> Decimal| {
            let counts = 1..=days.count().min(FURTHEST);
            let spent = |count: &i64| {
                let days = Days {
                    until: day(*count),
                    ..days
                };
                ahead
                    .interval(forecast, days)
                    .is_some_and(|sum| of(sum) >= amount)
            };
            counts.into_iter().find(spent).map(day)
        };
        Expected::Range(Range {
            p10: first(|sum| sum.p90),
            p50: first(|sum| sum.p50),
            p90: first(|sum| sum.p10),
        })
    }

    /// How it may go on up to a day: little, as expected, much.
    pub(crate) fn paths(&self, until: Date) -> Expected<Path> {
        let Some(ahead) = &self.ahead else {
            return Expected::Unknown;
        };
        let days = Days {
            from: ahead.from,
            until: until.min(days::after(ahead.from, FURTHEST - 1)),
        };
        let path = |of: &dyn Fn(i64) -> Option<Decimal>| {
            let mut most = Decimal::ZERO;
            let totals = (1..=days.count()).map(|count| {
                most = most.max(of(count).unwrap_or(most));
                most
            });
            Path {
                from: ahead.from,
                totals: totals.collect(),
            }
        };
        let Ok(forecast) = &ahead.forecast else {
            return Expected::RunRate(path(&|count| ahead.at_run_rate(count)));
        };
        let total = |count: i64| {
            let until = days::after(ahead.from, count - 1);
            ahead.interval(forecast, Days { until, ..days })
        };
        Expected::Range(Range {
            p10: path(&|count| total(count).map(|sum| sum.p10)),
            p50: path(&|count| total(count).map(|sum| sum.p50)),
            p90: path(&|count| total(count).map(|sum| sum.p90)),
        })
    }
}

impl Ahead {
    fn at_run_rate(&self, count: i64) -> Option<Decimal> {
        let (count, window) = (Decimal::whole(count), Decimal::whole(self.window.count()));
        self.spent.share(count, window).map(|sum| sum.value)
    }

    /// After how many days an amount is spent at the run rate.
    fn days_at_run_rate(&self, amount: Decimal) -> Option<i64> {
        if amount <= Decimal::ZERO {
            return Some(0);
        }
        if self.spent <= Decimal::ZERO {
            return None;
        }
        let days = Decimal::whole(self.window.count());
        let days = days.share(amount, self.spent)?.value.units();
        let whole = Decimal::ONE.units();
        i64::try_from(days.div_euclid(whole) + i128::from(days.rem_euclid(whole) > 0)).ok()
    }

    /// What these days come to. Days that do not follow at once on what is known differ from the
    /// forecast as much as as many days would that do.
    fn interval(&self, forecast: &Forecast, days: Days) -> Option<Range<Decimal>> {
        let ahead = |day: Date| days::between(self.from, day) + 1;
        let before = usize::try_from(ahead(days.from) - 1).unwrap_or_default();
        let until = usize::try_from(ahead(days.until)).unwrap_or_default();
        let sum = if before == 0 {
            forecast.total(until)
        } else {
            let p50 = forecast.total(until).p50 - forecast.total(before).p50;
            let near = forecast.total(until.saturating_sub(before));
            let half = near.p90 - near.p50;
            // A series that never is below zero does not become it here.
            let least = if near.p10 >= 0.0 {
                0.0_f64.min(p50)
            } else {
                f64::NEG_INFINITY
            };
            Interval {
                p10: (p50 - half).max(least),
                p50,
                p90: p50 + half,
            }
        };
        Some(Range {
            p10: Decimal::estimated(sum.p10)?,
            p50: Decimal::estimated(sum.p50)?,
            p90: Decimal::estimated(sum.p90)?,
        })
    }
}
