//! What is expected, and how sure that is.

use base::Decimal;
use serde::Serialize;

/// What is expected, as far as it can be said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Expected<T> {
    /// By a forecast whose errors were measured.
    Range(Range<T>),
    /// If it goes on as in the last days; there is too little history to say how far that is off.
    RunRate(T),
    /// All of it has come already.
    Known(T),
    /// Nothing is known to expect it from.
    Unknown,
}

/// Three values: what is to come is below the first in one of ten cases, below the second in
/// five, below the third in nine. Of days, before for below.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Range<T> {
    /// In one case of ten it is less.
    pub p10: T,
    /// In half of the cases it is less.
    pub p50: T,
    /// In nine cases of ten it is less.
    pub p90: T,
}

impl<T> Range<T> {
    /// The same of each.
    pub fn map<U>(self, mut f: impl FnMut(T) -> U) -> Range<U> {
        Range {
            p10: f(self.p10),
            p50: f(self.p50),
            p90: f(self.p90),
        }
    }
}

impl<T> Expected<T> {
    /// The same of each.
    pub fn map<U>(self, mut f: impl FnMut(T) -> U) -> Expected<U> {
        match self {
            Self::Range(range) => Expected::Range(range.map(f)),
            Self::RunRate(value) => Expected::RunRate(f(value)),
            Self::Known(value) => Expected::Known(f(value)),
            Self::Unknown => Expected::Unknown,
        }
    }

    /// The one in the middle: as likely too low as too high, or at the run rate.
    pub fn middle(self) -> Option<T> {
        match self {
            Self::Range(range) => Some(range.p50),
            Self::RunRate(value) | Self::Known(value) => Some(value),
            Self::Unknown => None,
        }
    }

    /// The one that is not exceeded in nine of ten cases; what is only a run rate has none.
    pub fn high(self) -> Option<T> {
        match self {
            Self::Range(range) => Some(range.p90),
            Self::Known(value) => Some(value),
            Self::RunRate(_) | Self::Unknown => None,
        }
    }

    /// The least that is to be reckoned with: in one case of ten it is less.
    pub fn low(self) -> Option<T> {
        match self {
            Self::Range(range) => Some(range.p10),
            Self::RunRate(value) | Self::Known(value) => Some(value),
            Self::Unknown => None,
        }
    }
}

impl Expected<Decimal> {
    /// With what is known added to it.
    pub fn plus(self, known: Decimal) -> Self {
        self.map(|value| value + known)
    }
}

/// How far a forecast can be trusted.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Trust {
    /// Its errors were measured by doing the same at days of the past.
    Measured {
        /// The model that was least wrong.
        model: String,
        /// How far totals of 28 days were off on average, in per cent.
        error_percent: f64,
        /// How many of these totals were between P10 and P90, in per cent; 80 is honest. Nothing
        /// while too few are known.
        coverage_percent: Option<f64>,
    },
    /// There are too few days to measure how far a forecast is off.
    TooShort {
        /// How many days count.
        days: usize,
        /// How many are needed.
        needed: usize,
    },
}
