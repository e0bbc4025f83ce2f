//! Days on which the level changed and stayed changed.

use crate::robust::{deviation, float, median};
use crate::watch::Watched;

/// How many days are looked at for a change.
const WINDOW: usize = 70;
/// How many days there must be on either side of it.
const SIDE: usize = 10;
/// How many days on either side the levels are taken from, at most.
const NEAR: usize = 28;
/// Changes of less than this share of the level are not looked for: the models follow them.
const LEAST: f64 = 0.05;
/// How many standard errors a change must be.
const ERRORS: f64 = 5.0;
/// A step must leave at most this share of what a straight line leaves unexplained: growth is
/// no change of level.
const BETTER_THAN_A_LINE: f64 = 0.85;
/// Values further off than so many deviations count as so far off.
const CLIP: f64 = 2.5;

/// A change of the level.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Shift {
    /// The first day of the new level.
    pub(crate) at: usize,
    /// The day on which that could be known.
    pub(crate) known: usize,
    /// The day on which it could be known that the old level was back.
    pub(crate) undone: Option<usize>,
}

impl Shift {
    /// Whether it holds, as far as is known on a day.
    pub(crate) fn holds(&self, today: usize) -> bool {
        self.known <= today && self.undone.is_none_or(|undone| undone > today)
    }
}

/// All changes of level, each as it could be known on its day.
pub(crate) fn shifts(watched: &Watched) -> Vec<Shift> {
    let mut shifts: Vec<Shift> = Vec::new();
    let mut wild = watched.wild.iter().peekable();
    for day in 0..watched.plain.len() {
        while let Some(event) =
            wild.next_if(|event| event.level_since.is_none_or(|known| known <= day))
        {
            if let Some(known) = event.level_since {
                shifts.push(Shift {
                    at: event.days.start,
                    known,
                    undone: event.returned,
                });
            }
        }
        if !day.is_multiple_of(7) {
            continue;
        }
        let last = shifts.iter().rev().find(|shift| shift.holds(day));
        let begin = last
            .map_or(0, |shift| shift.at)
            .max(day.saturating_sub(WINDOW));
        if let Some(at) = step(watched, begin, day) {
            shifts.push(Shift {
                at,
                known: day,
                undone: None,
            });
        }
    }
    shifts
}

/// Where the level of ordinary days changed, from a day on and up to another, by the largest
/// sum of clipped distances from the middle.
fn step(watched: &Watched, begin: usize, day: usize) -> Option<usize> {
    let calm = ordinary(watched, begin, day);
    if calm.len() < 3 * SIDE {
        return None;
    }
    let mut values: Vec<f64> = calm.iter().map(|&(_, value)| value).collect();
    let middle = median(&mut values)?;
    let spread = deviation(&mut values, middle);
    let mut sum = 0.0_f64;
    let mut largest = (0.0_f64, 0);
    for (place, &(_, value)) in calm.iter().enumerate() {
        if place >= SIDE && place + SIDE <= calm.len() && sum.abs() > largest.0 {
            largest = (sum.abs(), place);
        }
        sum += (value - middle).clamp(-CLIP * spread, CLIP * spread);
    }
    let place = largest.1;
    if place == 0 {
        return None;
    }
    let (before, after) = calm.split_at(place);
    let (before, after) = (
        &before[before.len().saturating_sub(NEAR)..],
        &after[..after.len().min(NEAR)],
    );
    let (old, old_spread) = level(before)?;
    let (new, new_spread) = level(after)?;
    let noise = old_spread.max(new_spread);
    let error = 1.25 * noise * (1.0 / float(before.len()) + 1.0 / float(after.len())).sqrt();
    let change = (new - old).abs();
    let clear =
        change > 0.0 && change >= ERRORS * error && change >= LEAST * old.abs().max(new.abs());
    if !clear {
        return None;
    }
    let near = &calm[place - before.len()..place + after.len()];
    let left = |value: f64, day: usize| {
        if day < calm[place].0 {
            value - old
        } else {
            value - new
        }
    };
    let by_step: f64 = near
        .iter()
        .map(|&(day, value)| left(value, day).abs())
        .sum();
    (by_step <= BETTER_THAN_A_LINE * line_leaves(near)).then_some(calm[place].0)
}

/// The days that are no part of an event that passed, without the effects of weekdays.
fn ordinary(watched: &Watched, begin: usize, today: usize) -> Vec<(usize, f64)> {
    let passing = |day: &usize| {
        watched
            .wild
            .iter()
            .any(|event| event.passing(today) && event.days.contains(day))
    };
    let known = (begin..=today).filter_map(|day| watched.plain[day].map(|value| (day, value)));
    known.filter(|(day, _)| !passing(day)).collect()
}

fn level(days: &[(usize, f64)]) -> Option<(f64, f64)> {
    let mut values: Vec<f64> = days.iter().map(|&(_, value)| value).collect();
    let middle = median(&mut values)?;
    Some((middle, deviation(&mut values, middle)))
}

/// How much a straight line leaves unexplained, in sum.
fn line_leaves(days: &[(usize, f64)]) -> f64 {
    let count = float(days.len());
    let (mean_day, mean) = days.iter().fold((0.0, 0.0), |(x, y), &(day, value)| {
        (x + float(day) / count, y + value / count)
    });
    let (mut square, mut product) = (0.0, 0.0);
    for &(day, value) in days {
        let x = float(day) - mean_day;
        square += x * x;
        product += x * (value - mean);
    }
    let slope = if square > 0.0 { product / square } else { 0.0 };
    days.iter()
        .map(|&(day, value)| (value - mean - slope * (float(day) - mean_day)).abs())
        .sum()
}
