//! Whether what was to be moved next did move next, and whether what seemed to end did end.

use std::collections::{HashMap, HashSet};

use jiff::civil::Date;
use serde::Serialize;

use super::course::{Course, Fact, Stood};
use super::trials::float;
use super::words::Word;

/// With fewer moves than these, an order says nothing.
const FEWEST: usize = 20;

/// From one day of the past: the order that would have been said, and what came.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Tried {
    /// The day.
    pub on: Date,
    /// What was left then.
    pub left: usize,
    /// Of that, what has moved since.
    pub moved: usize,
    /// Of that, what went without moving.
    pub gone: usize,
    /// Of all pairs that moved one after the other, how many did so in the order that was said:
    /// first what nothing holds, of that first the smallest batch. Pairs that the order does not tell
    /// apart count half.
    pub concordance: f64,
    /// How many would have been named as ending by themselves: copies for a release, and what stands
    /// where half of what stood there a year before is gone.
    pub named: usize,
    /// Of those, how many went without moving, as a share; nothing if none was named.
    pub precision: Option<f64>,
}

/// How many origins back a year is.
const A_YEAR: usize = 2;
/// With fewer things than these, a batch does not show how its things end.
const SHOWS: usize = 3;

/// Tries the order on days half a year apart.
pub fn orders(course: &Course) -> Vec<Tried> {
    let origins = course.origins();
    let tried = origins.iter().enumerate().map(|(place, (at, left))| {
        let before = place.checked_sub(A_YEAR).map(|place| &origins[place]);
        let fleeting = before.map_or_else(HashSet::new, |(then, left)| {
            fleeting(course, *then, *at, left)
        });
        from(course, *at, left, &fleeting)
    });
    tried.filter(|tried| tried.moved >= FEWEST).collect()
}

/// The batches of which half went without moving from one point to another.
fn fleeting(course: &Course, then: usize, now: usize, left: &[Fact]) -> HashSet<Word> {
    let mut batches: HashMap<Word, (usize, usize)> = HashMap::new();
    for fact in left {
        let (all, gone) = batches.entry(fact.batch).or_default();
        *all += 1;
        let came = course.left_off(fact.id, then);
        *gone += usize::from(came.is_some_and(|(at, stood)| at <= now && stood == Stood::Gone));
    }
    let half = |(all, gone): &(usize, usize)| *all >= SHOWS && gone * 2 >= *all;
    let fleeting = batches.into_iter().filter(|(_, counts)| half(counts));
    fleeting.map(|(batch, _)| batch).collect()
}

fn from(course: &Course, at: usize, left: &[Fact], fleeting: &HashSet<Word>) -> Tried {
    let mut sizes: HashMap<Word, usize> = HashMap::new();
    for fact in left {
        *sizes.entry(fact.batch).or_default() += 1;
    }
    let (mut moves, mut gone, mut named, mut right) = (Vec::new(), 0, 0, 0);
    for fact in left {
        let came = course.left_off(fact.id, at);
        let ended = came.is_some_and(|(_, stood)| stood == Stood::Gone);
        gone += usize::from(ended);
        if fact.parent.is_some() || fleeting.contains(&fact.batch) {
            named += 1;
            right += usize::from(ended);
        }
        if let Some((when, Stood::Moved)) = came {
            let size = sizes.get(&fact.batch).copied().unwrap_or_default();
            moves.push(((!fact.free, size), when));
        }
    }
    Tried {
        on: course.points[at].day,
        left: left.len(),
        moved: moves.len(),
        gone,
        concordance: concordance(&moves),
        named,
        precision: (named > 0).then(|| float(right) / float(named)),
    }
}

/// Of all pairs that came one after the other, the share that was said in that order; a half where
/// no pair did.
fn concordance(moves: &[((bool, usize), usize)]) -> f64 {
    // Many share both what was said and when they came, so pairs of such kinds are counted.
    let mut kinds: HashMap<((bool, usize), usize), usize> = HashMap::new();
    for kind in moves {
        *kinds.entry(*kind).or_default() += 1;
    }
    let kinds: Vec<_> = kinds.into_iter().collect();
    let (mut pairs, mut right) = (0.0, 0.0);
    for ((said, came), count) in &kinds {
        for ((other_said, other_came), other_count) in &kinds {
            if came < other_came {
                let both = float(*count) * float(*other_count);
                pairs += both;
                right += match said.cmp(other_said) {
                    std::cmp::Ordering::Less => both,
                    std::cmp::Ordering::Equal => both / 2.0,
                    std::cmp::Ordering::Greater => 0.0,
                };
            }
        }
    }
    if pairs > 0.0 { right / pairs } else { 0.5 }
}

#[cfg(test)]
mod tests {
    use super::concordance;

    #[test]
    fn the_same_order_is_one_the_opposite_nothing_and_none_a_half() {
        let near = |moves: &[((bool, usize), usize)], share: f64| {
            assert!((concordance(moves) - share).abs() < 1e-12, "{moves:?}");
        };
        near(&[((false, 1), 1), ((false, 9), 2), ((true, 1), 3)], 1.0);
        near(&[((true, 9), 1), ((false, 2), 2), ((false, 1), 3)], 0.0);
        near(&[((false, 1), 1), ((false, 1), 2)], 0.5);
        near(&[((false, 1), 1), ((true, 1), 1)], 0.5);
        near(&[], 0.5);
    }
}
