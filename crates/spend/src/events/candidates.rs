//! Days that were not to be expected, place by place.

use std::ops::Range;

use forecast::{Direction, History, Sensitivity};

use super::Thresholds;
use super::ground::{Ground, Watched};
use super::place::Key;

/// Days of how many before it are what an event is held against to be large.
const RECENT: usize = 28;
/// How many threads look at places; more are idle on the machines that this runs on.
const THREADS: usize = 2;
/// What lasts longer is not posted once a month.
const POSTED_DAYS: usize = 2;
/// Days around the same day of a month before, whose middle it is compared with.
const AROUND: usize = 10;

/// Days that were not to be expected in a place.
#[derive(Debug, Clone)]
pub(super) struct Candidate {
    /// Where it was seen.
    pub(super) key: Key,
    pub(super) first: usize,
    pub(super) last: usize,
    pub(super) found: usize,
    pub(super) direction: Direction,
    pub(super) open: bool,
    pub(super) level_since: Option<usize>,
    /// The days that are known of the place.
    pub(super) days: Range<usize>,
    /// The days of events in the same place before.
    pub(super) earlier: Vec<Range<usize>>,
}

/// What a day of everything comes to, as known on each day.
struct Whole {
    days: Range<usize>,
    /// The sums of all days before each.
    sums: Vec<f64>,
}

impl Whole {
    fn of(ground: &Ground<'_>, everything: &Watched) -> Self {
        let mut sums = vec![0.0];
        let mut sum = 0.0;
        for value in ground.series(everything) {
            sum += value;
            sums.push(sum);
        }
        Self {
            days: everything.days.clone(),
            sums,
        }
    }

    /// The mean of the days before one.
    #[allow(clippy::cast_precision_loss)] // Days.
    fn before(&self, day: usize) -> f64 {
        let until = day.clamp(self.days.start, self.days.end) - self.days.start;
        let from = until.saturating_sub(RECENT);
        (self.sums[until] - self.sums[from]) / (until - from).max(1) as f64
    }

    /// The least of all these.
    fn least(&self) -> f64 {
        let first = self.days.start + RECENT;
        let means = (first..=self.days.end).map(|day| self.before(day));
        means.fold(f64::INFINITY, f64::min)
    }
}

/// All days in all places that are watched.
pub(super) fn of(ground: &Ground<'_>, thresholds: &Thresholds) -> Vec<Candidate> {
    let watched = ground.watched();
    let Some(everything) = watched.first() else {
        return Vec::new();
    };
    let whole = Whole::of(ground, everything);
    let least = (thresholds.of_all * whole.least()).max(thresholds.absolute);
    let of_place = |watched: &Watched| {
        let values = ground.series(watched);
        let largest = values
            .iter()
            .fold(0.0_f64, |most, value| most.max(value.abs()));
        // Twice as much is the furthest that a day can be from what was expected.
        if 2.0 * largest < least {
            return Vec::new();
        }
        in_place(ground, watched, &values, &whole, thresholds)
    };
    // The larger places come first, so that halves by turns take about as long.
    let by_turns = |turn: usize| -> Vec<Vec<Candidate>> {
        watched
            .iter()
            .skip(turn)
            .step_by(THREADS)
            .map(of_place)
            .collect()
    };
    std::thread::scope(|scope| {
        let other = scope.spawn(|| by_turns(1));
        let mut candidates = by_turns(0).concat();
        let other = other
            .join()
            .unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        candidates.extend(other.into_iter().flatten());
        candidates
    })
}

fn in_place(
    ground: &Ground<'_>,
    watched: &Watched,
    values: &[f64],
    whole: &Whole,
    thresholds: &Thresholds,
) -> Vec<Candidate> {
    let start = watched.days.start;
    let history = History {
        values,
        first_weekday: u8::try_from(ground.weekday(start)).unwrap_or_default(),
        left_out: &[],
    };
    let sensitivity = Sensitivity {
        deviations: thresholds.deviations,
        absolute: thresholds.absolute,
        relative: thresholds.relative,
        lasting_days: thresholds.lasting_days,
    };
    let mut earlier: Vec<Range<usize>> = Vec::new();
    let mut candidates = Vec::new();
    for event in forecast::events(&history, &sensitivity) {
        let large = event.peak >= thresholds.of_all * whole.before(start + event.first);
        if large && !posted_monthly(ground, start, values, &event) {
            candidates.push(Candidate {
                key: watched.key,
                first: start + event.first,
                last: start + event.last,
                found: start + event.found,
                direction: event.direction,
                open: event.open,
                level_since: event.level_since.map(|day| start + day),
                days: watched.days.clone(),
                earlier: earlier.clone(),
            });
        }
        earlier.push(start + event.first..start + event.last + 1);
    }
    candidates
}

/// Whether about the same was seen on the same day of the two months before, as far as they are
/// known: what is charged once a month is on one of its days.
fn posted_monthly(
    ground: &Ground<'_>,
    start: usize,
    values: &[f64],
    event: &forecast::Event,
) -> bool {
    if event.last + 1 - event.first > POSTED_DAYS {
        return false;
    }
    let day = ground.date(start + event.first);
    let sign = match event.direction {
        Direction::Up => 1.0,
        Direction::Down => -1.0,
    };
    let mut seen = 0;
    for months in 1..=2_i64 {
        let Ok(same) = day.checked_sub(jiff::Span::new().months(months)) else {
            break;
        };
        let back = crate::outlook::between(same, day);
        let Some(at) = usize::try_from(back)
            .ok()
            .and_then(|back| event.first.checked_sub(back))
        else {
            break;
        };
        if sign * above_its_days(values, at) < event.peak / 2.0 {
            return false;
        }
        seen += 1;
    }
    seen > 0
}

/// By how much a day, or the one after it, was further from the middle of the days around it.
fn above_its_days(values: &[f64], at: usize) -> f64 {
    let around = at.saturating_sub(AROUND)..values.len().min(at + AROUND + 1);
    let mut near = values[around].to_vec();
    near.sort_unstable_by(f64::total_cmp);
    let middle = near[near.len() / 2];
    values[at] - middle
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_held_against_the_middle_of_the_days_around_it() {
        let mut values = vec![3.0; 40];
        values[20] = 10.0;
        assert!((above_its_days(&values, 20) - 7.0).abs() < 1e-12);
        assert!(above_its_days(&values, 0).abs() < 1e-12);
    }
}
