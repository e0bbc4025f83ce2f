//! What is still to come: forecasts of the sums, and the day on which money ends.
//!
//! ```text
//! Cube ─► Known: up to which day charges are complete
//!           │
//!           ▼
//! Scope ─► Series: exact sums by day ─► Prospect: a forecast, or the run rate under 60 days
//! ```

mod days;
mod expected;
mod known;
mod money;
mod patterns;
mod prospect;
mod scope;
mod series;
pub mod words;

use std::collections::BTreeMap;

use base::{Currency, Decimal};
use serde::Serialize;

pub use days::{Days, after, between};
pub use document::Money;
pub use expected::{Expected, Range, Trust};
pub use known::{Covering, Known, Late};
pub use money::{Costs, percent};
pub use patterns::{Patterns, pattern};
pub(crate) use prospect::Path;
pub use prospect::{FORECAST_DAYS, Prospect, RUN_RATE_DAYS};
pub(crate) use scope::same_provider;
pub use scope::{Matcher, Measure, Scope};
pub use series::Series;

/// How many days a year is here.
const YEAR: i64 = 365;

/// What a scope cost of late, and what it comes to.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Outlook {
    /// The currency.
    pub currency: Currency,
    /// The days that are known.
    pub known: Days,
    /// The last days, at most 28, and less where fewer are known.
    pub window: Days,
    /// What they came to.
    pub spent: Decimal,
    /// What a year comes to if each day is as those: `spent` × 365 / days, rounded once.
    pub run_rate: Decimal,
    /// What the next 28 days come to.
    pub next: Expected<Decimal>,
    /// What the next 365 days come to.
    pub next_year: Expected<Decimal>,
    /// How far that can be trusted.
    pub trust: Trust,
    /// What was counted on days that are not complete; not in any sum here.
    pub incomplete: Decimal,
    /// What the same cost in other currencies on the days that are known.
    pub others: BTreeMap<Currency, Decimal>,
    /// The providers whose charges end early.
    pub late: Vec<Late>,
}

impl Outlook {
    /// Looks at what a scope cost; nothing if no day of it is known.
    pub fn of(
        known: &Known<'_>,
        scope: &Scope,
        measure: Measure,
        currency: Currency,
    ) -> Option<Self> {
        let series = Series::of(known, scope, measure, currency);
        let days = series.days?;
        let prospect = Prospect::of(&series, after(days.until, YEAR));
        let (window, spent) = prospect.window()?;
        let next = |count: i64| {
            let days = Days {
                from: after(days.until, 1),
                until: after(days.until, count),
            };
            prospect.total(days)
        };
        Some(Self {
            currency,
            known: days,
            window,
            spent,
            run_rate: prospect.at_run_rate(YEAR)?,
            next: next(RUN_RATE_DAYS),
            next_year: next(YEAR),
            trust: prospect.trust()?,
            incomplete: series.incomplete,
            others: series.others,
            late: series.late,
        })
    }
}
