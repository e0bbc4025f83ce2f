//! At what pace what is left becomes less, and what that comes to.

use std::fmt;

use serde::{Serialize, Serializer};

/// How far back a pace is looked for, in days.
const WINDOWS: [u16; 3] = [91, 182, 364];

/// What was left on days, which are counted from the first one.
#[derive(Debug, Clone, Default)]
pub(super) struct Series {
    /// The days, rising.
    pub(super) days: Vec<f64>,
    /// What was left on each.
    pub(super) left: Vec<f64>,
}

impl Series {
    pub(super) fn len(&self) -> usize {
        self.days.len()
    }

    /// What was left on any day up to the last one, between two days by the line through both.
    pub(super) fn on(&self, day: f64) -> Option<f64> {
        let after = self.days.partition_point(|known| *known < day);
        let (late, most) = (*self.days.get(after)?, *self.left.get(after)?);
        let Some(before) = after.checked_sub(1).filter(|_| late > day) else {
            return (late <= day).then_some(most);
        };
        let (early, least) = (self.days[before], self.left[before]);
        Some(least + (most - least) * (day - early) / (late - early))
    }
}

/// A way to tell a pace, the simpler before the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pace {
    /// What became less in so many days, by their number.
    Mean(u16),
    /// The median of the paces between any two samples of so many days (Theil and Sen), which a
    /// single great move does not carry away.
    Robust(u16),
}

impl Pace {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Mean(WINDOWS[0]),
        Self::Mean(WINDOWS[1]),
        Self::Mean(WINDOWS[2]),
        Self::Robust(WINDOWS[0]),
        Self::Robust(WINDOWS[1]),
        Self::Robust(WINDOWS[2]),
    ];

    /// By how much a series changes a day, as seen from one of its samples; nothing where too few lie
    /// before it.
    pub(super) fn a_day(self, series: &Series, at: usize) -> Option<f64> {
        let (Self::Mean(window) | Self::Robust(window)) = self;
        let (day, left) = (*series.days.get(at)?, *series.left.get(at)?);
        let first = series
            .days
            .partition_point(|known| *known < day - f64::from(window));
        if at < first + 2 {
            return None;
        }
        match self {
            Self::Mean(_) => Some((left - series.left[first]) / (day - series.days[first])),
            Self::Robust(_) => {
                let points: Vec<(f64, f64)> = (first..=at)
                    .map(|at| (series.days[at], series.left[at]))
                    .collect();
                forecast::line(&points).map(|(slope, _)| slope)
            }
        }
    }
}

impl fmt::Display for Pace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Mean(days) => write!(f, "mean of {days} days"),
            Self::Robust(days) => write!(f, "robust line through {days} days"),
        }
    }
}

impl Serialize for Pace {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// What is left so many days later at such a pace; never less than nothing.
pub(super) fn later(left: f64, a_day: f64, days: f64) -> f64 {
    (left + a_day * days).max(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn series(left: &[f64]) -> Series {
        Series {
            days: (0_u16..)
                .take(left.len())
                .map(|at| f64::from(at) * 30.0)
                .collect(),
            left: left.to_vec(),
        }
    }

    #[test]
    fn between_two_samples_lies_the_line_and_after_the_last_nothing_is_known() {
        let series = series(&[100.0, 70.0]);
        assert_eq!(series.on(0.0), Some(100.0));
        assert_eq!(series.on(10.0), Some(90.0));
        assert_eq!(series.on(30.0), Some(70.0));
        assert_eq!(series.on(31.0), None);
        assert_eq!(series.on(-1.0), None);
    }

    #[test]
    fn a_great_move_makes_the_mean_and_not_the_robust_pace() {
        let series = series(&[200.0, 200.0, 200.0, 80.0]);
        let pace = |pace: Pace| pace.a_day(&series, 3).unwrap();
        assert!((pace(Pace::Mean(91)) + 120.0 / 90.0).abs() < 1e-9);
        assert!(pace(Pace::Robust(91)).abs() < pace(Pace::Mean(91)).abs());
    }

    #[test]
    fn two_samples_are_no_pace() {
        let series = series(&[9.0, 8.0, 7.0]);
        assert_eq!(Pace::Mean(364).a_day(&series, 1), None);
        assert!(Pace::Mean(364).a_day(&series, 2).is_some());
    }
}
