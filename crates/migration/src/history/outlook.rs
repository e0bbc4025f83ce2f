//! When it is done, from the pace that was seen, and how far such forecasts were off before.

use jiff::civil::Date;
use jiff::{Span, Unit};
use serde::Serialize;

use super::course::Point;
use super::pace::{Pace, Series};
use super::trials::{FEWEST, Trials, float};

/// How many forecasts of the past are shown.
const SHOWN: usize = 8;
/// How many steps of the future are drawn, and how far at most, in days.
const STEPS: u16 = 12;
const DRAWN: u16 = 1096;
/// A month, in days.
const MONTH: f64 = 365.25 / 12.0;

/// What is to be expected.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "state", rename_all = "kebab-case")]
pub enum Outlook {
    /// Nothing is left.
    Done {
        /// Since when.
        since: Date,
        /// How far off forecasts were on the way there.
        backtest: Option<Backtest>,
    },
    /// Too little is known to say how far off a forecast would be.
    TooShort {
        /// How many samples there are.
        samples: usize,
        /// By how much what is left changed a month, on average.
        a_month: Option<f64>,
    },
    /// Something is left.
    Ahead(Ahead),
}

/// A forecast.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Ahead {
    /// From which day.
    pub from: Date,
    /// What is left then.
    pub left: usize,
    /// How the pace is told.
    pub pace: Pace,
    /// By how much what is left changes a month.
    pub a_month: f64,
    /// When nothing is left.
    pub done: Ends,
    /// What is left until then.
    pub steps: Vec<Step>,
    /// How far off the same was in the past.
    pub backtest: Backtest,
}

/// When nothing is left; no day where that is never at such a pace.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Ends {
    /// In one of ten cases earlier.
    pub p10: Option<Date>,
    /// As expected.
    pub p50: Option<Date>,
    /// In one of ten cases later.
    pub p90: Option<Date>,
}

/// What is left on a day to come.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Step {
    /// The day.
    pub day: Date,
    /// In nine of ten cases more.
    pub p10: f64,
    /// As expected.
    pub p50: f64,
    /// In one of ten cases more.
    pub p90: f64,
}

/// How far off forecasts of the past were. Each was made with what was known by then, and nothing
/// else.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Backtest {
    /// How many days later what was left was compared.
    pub days: u16,
    /// From how many samples.
    pub origins: usize,
    /// How far off it was on average, in things.
    pub off: f64,
    /// The same as a share of what was left.
    pub off_share: f64,
    /// How far off it would have been to say that nothing changes, as a share.
    pub no_change_share: f64,
    /// How often what was left lay between P10 and P90.
    pub held: f64,
    /// Some of them, with the day on which nothing was left.
    pub shown: Vec<Said>,
    /// Of all whose end is known, how often it came between P10 and P90; nothing if none is known.
    pub ends_held: Option<f64>,
}

/// What was said on a day of the past.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Said {
    /// The day.
    pub on: Date,
    /// What was left then.
    pub left: usize,
    /// When it would be done.
    pub done: Ends,
    /// When it was, if it is.
    pub came: Option<Date>,
}

impl Outlook {
    /// What is to be expected after the last point; nothing of no points.
    pub fn of(points: &[Point]) -> Option<Self> {
        let (first, last) = (points.first()?, points.last()?);
        let series = Series {
            days: points
                .iter()
                .map(|point| days_between(first.day, point.day))
                .collect(),
            left: points.iter().map(|point| float(point.count.left)).collect(),
        };
        let trials = Trials::of(&series);
        let backtest = backtest(points, &series, &trials);
        if last.count.left == 0 {
            let open = points.iter().rposition(|point| point.count.left > 0);
            let since = points[open.map_or(0, |open| open + 1)].day;
            return Some(Self::Done { since, backtest });
        }
        let at = points.len() - 1;
        let learnt = trials.learnt(series.days[at]);
        let ahead = learnt.zip(backtest).and_then(|(learnt, backtest)| {
            let (left, a_day) = (series.left[at], learnt.pace.a_day(&series, at)?);
            let ends = learnt.ends(left, a_day);
            let until = ends[2].or(ends[1]).unwrap_or(DRAWN).clamp(91, DRAWN);
            let steps = (1..=STEPS).map(|step| {
                let days = until * step / STEPS;
                let [p10, p50, p90] = learnt.after(left, a_day, f64::from(days));
                Step {
                    day: after(last.day, days),
                    p10,
                    p50,
                    p90,
                }
            });
            Some(Ahead {
                from: last.day,
                left: last.count.left,
                pace: learnt.pace,
                a_month: a_day * MONTH,
                done: Ends::of(last.day, ends),
                steps: steps.collect(),
                backtest,
            })
        });
        Some(ahead.map_or_else(
            || Self::TooShort {
                samples: points.len(),
                a_month: mean(&series).map(|a_day| a_day * MONTH),
            },
            Self::Ahead,
        ))
    }

    /// How far off forecasts were, where that could be measured.
    pub fn backtest(&self) -> Option<&Backtest> {
        match self {
            Self::Done { backtest, .. } => backtest.as_ref(),
            Self::TooShort { .. } => None,
            Self::Ahead(ahead) => Some(&ahead.backtest),
        }
    }
}

impl Ends {
    fn of(day: Date, ends: [Option<u16>; 3]) -> Self {
        let [p10, p50, p90] = ends.map(|days| days.map(|days| after(day, days)));
        Self { p10, p50, p90 }
    }

    /// Whether a day lies between the early and the late one.
    fn hold(&self, came: Date) -> bool {
        self.p10.is_some_and(|early| early <= came) && self.p90.is_none_or(|late| came <= late)
    }
}

fn mean(series: &Series) -> Option<f64> {
    let (days, left) = (series.days.last()?, series.left.last()?);
    (*days > 0.0).then(|| (left - series.left[0]) / days)
}

fn backtest(points: &[Point], series: &Series, trials: &Trials<'_>) -> Option<Backtest> {
    let judged = trials.learnt(f64::INFINITY)?.judged;
    let (mut compared, mut off, mut share, mut still, mut held) = (0, 0.0, 0.0, 0.0, 0);
    let mut said = Vec::new();
    for (at, point) in points.iter().enumerate() {
        let (day, left) = (series.days[at], series.left[at]);
        let Some(learnt) = trials.learnt(day).filter(|_| left > 0.0) else {
            continue;
        };
        let Some(a_day) = learnt.pace.a_day(series, at) else {
            continue;
        };
        let ended = points[at..].iter().find(|later| later.count.left == 0);
        said.push(Said {
            on: point.day,
            left: point.count.left,
            done: Ends::of(point.day, learnt.ends(left, a_day)),
            came: ended.map(|point| point.day),
        });
        let Some(came) = series.on(day + judged) else {
            continue;
        };
        let [low, middle, high] = learnt.after(left, a_day, judged);
        compared += 1;
        off += (came - middle).abs();
        share += (came - middle).abs() / left;
        still += (came - left).abs() / left;
        held += usize::from(low <= came && came <= high);
    }
    if compared < FEWEST {
        return None;
    }
    let ended: Vec<bool> = said
        .iter()
        .filter_map(|said| Some(said.done.hold(said.came?)))
        .collect();
    let of = |sum: f64| sum / float(compared);
    Some(Backtest {
        days: (1..=u16::MAX).find(|days| f64::from(*days) >= judged)?,
        origins: compared,
        off: of(off),
        off_share: of(share),
        no_change_share: of(still),
        held: of(float(held)),
        shown: spread_out(&said, SHOWN),
        ends_held: (!ended.is_empty())
            .then(|| float(ended.iter().filter(|held| **held).count()) / float(ended.len())),
    })
}

/// So many of a list, as far apart as can be, the first and the last among them.
fn spread_out<T: Copy>(all: &[T], most: usize) -> Vec<T> {
    if all.len() <= most {
        return all.to_vec();
    }
    (0..most)
        .map(|at| all[at * (all.len() - 1) / (most - 1)])
        .collect()
}

fn days_between(from: Date, until: Date) -> f64 {
    let days = from
        .until((Unit::Day, until))
        .map_or(0, |span| span.get_days());
    f64::from(days)
}

/// A day so many days later; the last there is where the calendar ends.
fn after(day: Date, days: u16) -> Date {
    day.saturating_add(Span::new().days(i64::from(days)))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::super::course::Course;
    use super::*;

    /// Points a month apart with so many left.
    fn points(left: impl IntoIterator<Item = usize>) -> Vec<Point> {
        let mut course = Course::default();
        for (at, left) in (0_i32..).zip(left) {
            let day = date(2020, 1, 1).saturating_add(Span::new().months(at));
            course.record(day, "commit", Vec::new(), 0);
            course.points.last_mut().unwrap().count.left = left;
        }
        course.points
    }

    #[test]
    fn what_falls_evenly_is_done_when_the_line_says() {
        let Some(Outlook::Ahead(ahead)) = Outlook::of(&points((0..48).map(|at| 600 - at * 10)))
        else {
            panic!("enough samples");
        };
        assert_eq!((ahead.left, ahead.from), (130, date(2023, 12, 1)));
        assert!((ahead.a_month + 10.0).abs() < 0.3, "{}", ahead.a_month);
        let done = ahead.done.p50.unwrap();
        assert!(
            done > date(2024, 12, 1) && done < date(2025, 2, 1),
            "{done}"
        );
        assert!(ahead.done.p10 <= ahead.done.p50 && ahead.done.p50 <= ahead.done.p90);
        assert!(
            ahead.backtest.off < 3.0 && ahead.backtest.off_share < ahead.backtest.no_change_share
        );
    }

    #[test]
    fn what_grows_is_never_done_at_this_pace() {
        let Some(Outlook::Ahead(ahead)) = Outlook::of(&points((0..48).map(|at| 100 + at * 5)))
        else {
            panic!("enough samples");
        };
        assert_eq!(ahead.done.p50, None);
        assert!(ahead.a_month > 0.0);
    }

    #[test]
    fn few_samples_are_no_forecast() {
        let outlook = Outlook::of(&points([9, 8, 7, 6])).unwrap();
        assert!(matches!(outlook, Outlook::TooShort { samples: 4, .. }));
        assert_eq!(Outlook::of(&[]), None);
    }

    #[test]
    fn what_is_done_says_since_when_and_how_good_the_forecasts_were() {
        let left = (0..60_usize).map(|at| 500_usize.saturating_sub(at * 10));
        let Some(Outlook::Done { since, backtest }) = Outlook::of(&points(left)) else {
            panic!("nothing is left");
        };
        assert_eq!(since, date(2024, 3, 1));
        let backtest = backtest.unwrap();
        assert!(backtest.shown.iter().all(|said| said.came == Some(since)));
        assert!(backtest.shown.len() <= SHOWN);
        let last = backtest.shown.last().unwrap();
        assert!(
            last.done
                .p50
                .is_some_and(|day| (since - day).get_days().abs() < 40)
        );
    }
}
