//! Forecasting from days of the past, and looking how far that was off.

use super::pace::{Pace, Series, later};

/// After how many days forecasts are compared with what came.
const HORIZONS: [f64; 5] = [28.0, 91.0, 182.0, 364.0, 728.0];
/// By which of them paces are judged, the first that was tried often enough.
const JUDGED: [usize; 3] = [2, 1, 0];
/// How many forecasts must have been compared.
pub(super) const FEWEST: usize = 8;
/// A simpler pace is taken if its errors are at most so many times those of the best.
const SIMPLER: f64 = 1.03;
/// The furthest that an end is looked for, in days: twenty years.
const FURTHEST: u16 = 7305;

/// All forecasts that could have been compared.
pub(super) struct Trials<'s> {
    series: &'s Series,
    /// By pace and horizon: from which sample, and how far off it was, as a share of what was left
    /// there.
    errors: Vec<[Vec<(usize, f64)>; HORIZONS.len()]>,
}

/// What was known of paces by a day.
pub(super) struct Learnt {
    /// The pace that was least off.
    pub(super) pace: Pace,
    /// By how many days' forecasts it was chosen.
    pub(super) judged: f64,
    /// How far off it is after some days, as a share of what is left: low and high.
    spread: Vec<(f64, f64, f64)>,
}

impl<'s> Trials<'s> {
    pub(super) fn of(series: &'s Series) -> Self {
        let errors = Pace::ALL.map(|pace| {
            let mut errors: [Vec<(usize, f64)>; HORIZONS.len()] = Default::default();
            for at in 0..series.len() {
                let left = series.left[at];
                let Some(a_day) = pace.a_day(series, at).filter(|_| left > 0.0) else {
                    continue;
                };
                for (errors, days) in errors.iter_mut().zip(HORIZONS) {
                    if let Some(came) = series.on(series.days[at] + days) {
                        errors.push((at, (came - later(left, a_day, days)) / left));
                    }
                }
            }
            errors
        });
        Self {
            series,
            errors: errors.into(),
        }
    }

    /// The errors of a pace that were known as a day began.
    fn known(&self, pace: usize, horizon: usize, by: f64) -> Vec<f64> {
        let errors = self.errors[pace][horizon].iter();
        let known = errors.filter(|(at, _)| self.series.days[*at] + HORIZONS[horizon] <= by);
        known.map(|(_, error)| *error).collect()
    }

    /// What there was to learn by a day; nothing while too few forecasts could be compared.
    pub(super) fn learnt(&self, by: f64) -> Option<Learnt> {
        let enough = |horizon: &usize| self.known(0, *horizon, by).len() >= FEWEST;
        let judged = JUDGED.into_iter().find(enough)?;
        let mean: Vec<f64> = (0..Pace::ALL.len())
            .map(|pace| {
                let errors = self.known(pace, judged, by);
                let sum: f64 = errors.iter().map(|error| error.abs()).sum();
                sum / float(errors.len())
            })
            .collect();
        let best = mean.iter().copied().fold(f64::INFINITY, f64::min);
        let pace = mean.iter().position(|error| *error <= best * SIMPLER)?;
        let mut spread = vec![(0.0, 0.0, 0.0)];
        for (horizon, days) in HORIZONS.into_iter().enumerate() {
            let errors = self.known(pace, horizon, by);
            if errors.len() < FEWEST {
                break;
            }
            let (low, high) = tenths(errors);
            spread.push((days, low.min(0.0), high.max(0.0)));
        }
        Some(Learnt {
            pace: Pace::ALL[pace],
            judged: HORIZONS[judged],
            spread,
        })
    }
}

impl Learnt {
    /// What is left so many days later: in nine of ten cases more, as expected, in one of ten more.
    pub(super) fn after(&self, left: f64, a_day: f64, days: f64) -> [f64; 3] {
        let (low, high) = self.spread(days);
        let middle = later(left, a_day, days);
        [
            (middle + low * left).max(0.0),
            middle,
            (middle + high * left).max(0.0),
        ]
    }

    /// After how many days nothing is left: early, expected, late; nothing where that is never.
    pub(super) fn ends(&self, left: f64, a_day: f64) -> [Option<u16>; 3] {
        let mut ends = [None; 3];
        for days in 1..=FURTHEST {
            let after = self.after(left, a_day, f64::from(days));
            for (end, left) in ends.iter_mut().zip(after) {
                if end.is_none() && left < 0.5 {
                    *end = Some(days);
                }
            }
        }
        ends
    }

    /// Between measured horizons by the line through both; beyond the last, as it grew up to there.
    fn spread(&self, days: f64) -> (f64, f64) {
        let after = self.spread.partition_point(|(known, _, _)| *known < days);
        match (
            self.spread.get(after.wrapping_sub(1)),
            self.spread.get(after),
        ) {
            (Some(before), Some(next)) => {
                let way = (days - before.0) / (next.0 - before.0);
                let between = |one: f64, other: f64| one + (other - one) * way;
                (between(before.1, next.1), between(before.2, next.2))
            }
            (Some(last), None) if last.0 > 0.0 => (last.1 * days / last.0, last.2 * days / last.0),
            _ => (0.0, 0.0),
        }
    }
}

/// Below which a tenth lies, and above which another.
fn tenths(mut errors: Vec<f64>) -> (f64, f64) {
    errors.sort_by(f64::total_cmp);
    // Of n errors, one more would lie below the k-th in k of n + 1 cases.
    let place = ((errors.len() + 1) / 10).max(1);
    match (
        errors.get(place - 1),
        errors.get(errors.len().wrapping_sub(place)),
    ) {
        (Some(low), Some(high)) => (*low, *high),
        _ => (0.0, 0.0),
    }
}

/// A count, as a number to compute with.
#[allow(clippy::cast_precision_loss)] // Samples: far below 2^52.
pub(super) fn float(count: usize) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn falling(samples: u16) -> Series {
        let at = 0..samples;
        Series {
            days: at.clone().map(|at| f64::from(at) * 30.0).collect(),
            left: at.map(|at| 1000.0 - f64::from(at) * 10.0).collect(),
        }
    }

    #[test]
    fn of_a_straight_line_the_simplest_pace_is_never_off() {
        let series = falling(40);
        let learnt = Trials::of(&series).learnt(f64::INFINITY).expect("enough");
        assert_eq!(learnt.pace, Pace::Mean(91));
        assert!((learnt.judged - 182.0).abs() < 1e-9);
        let [low, middle, high] = learnt.after(600.0, -1.0 / 3.0, 300.0);
        assert!((high - low) < 1e-6 && (middle - 500.0).abs() < 1e-6);
        let [early, expected, late] = learnt.ends(600.0, -1.0 / 3.0);
        assert_eq!((early, late), (expected, expected));
        assert!(
            expected.is_some_and(|days| (1795..=1800).contains(&days)),
            "{expected:?}"
        );
    }

    #[test]
    fn what_grows_never_ends() {
        let series = falling(40);
        let learnt = Trials::of(&series).learnt(f64::INFINITY).expect("enough");
        assert_eq!(learnt.ends(600.0, 0.1), [None; 3]);
    }

    #[test]
    fn nothing_is_learnt_from_days_to_come() {
        let mut series = falling(40);
        let learnt = |series: &Series| {
            let learnt = Trials::of(series).learnt(600.0).expect("enough");
            learnt.after(800.0, -0.3, 200.0).map(f64::to_bits)
        };
        let before = learnt(&series);
        for left in &mut series.left[21..] {
            *left *= 3.0;
        }
        assert_eq!(learnt(&series), before);
    }

    #[test]
    fn tenths_leave_one_in_ten_outside_on_either_side() {
        let errors: Vec<f64> = (1..=99).map(f64::from).collect();
        assert_eq!(tenths(errors), (10.0, 90.0));
        assert_eq!(tenths(vec![3.0, 1.0, 2.0]), (1.0, 3.0));
    }
}
