//! What to do next: what can move now, and what to free first.

use std::collections::BTreeMap;

use base::Decimal;
use estate::kinds::{Effort, Hold};

use crate::standing::{Asset, Lock, Standing};
use crate::state::{Stage, State};

/// Things of one owner that move in one go, some of which can move now.
#[derive(Debug, Clone)]
pub struct Batch<'s> {
    /// What it is called.
    pub name: &'s str,
    /// Who moves it.
    pub owner: &'s str,
    /// What can move now.
    pub ready: Vec<&'s Asset>,
    /// How many more of it are left and cannot move yet, or move already.
    pub others: usize,
    /// What moving those that can takes, in days of one person.
    pub effort: Decimal,
}

/// A lock to free, and what comes of it.
#[derive(Debug, Clone)]
pub struct Freeing<'s> {
    /// What is freed.
    pub lock: &'s Lock,
    /// What nothing holds back any more, once this and those before it are freed.
    pub frees: Vec<&'s Asset>,
    /// How many are held back still.
    pub left: usize,
}

/// What can move now, by batches of one owner: whole ones before parts, little before much.
pub fn batches<'s>(standing: &'s Standing, effort: &Effort) -> Vec<Batch<'s>> {
    let mut ready: BTreeMap<(&str, &str), Vec<&Asset>> = BTreeMap::new();
    let mut left: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for asset in standing.left() {
        let key = (asset.batch.as_str(), asset.owner_or_none());
        match asset.state.stage() {
            Stage::Ready => ready.entry(key).or_default().push(asset),
            // What may stay is nobody's work.
            Stage::Excepted => {}
            _ => *left.entry(key).or_default() += 1,
        }
    }
    let batch = |(key, ready): ((&'s str, &'s str), Vec<&'s Asset>)| Batch {
        name: key.0,
        owner: key.1,
        others: left.get(&key).copied().unwrap_or(0),
        effort: days(effort, ready.len()),
        ready,
    };
    let mut batches: Vec<Batch<'_>> = ready.into_iter().map(batch).collect();
    batches.sort_by(|one, other| {
        let rank = |batch: &Batch<'_>| (batch.others > 0, batch.effort, batch.ready.len());
        rank(one).cmp(&rank(other))
    });
    batches
}

/// What moving so many things in one go takes, in days of one person.
pub fn days(effort: &Effort, things: usize) -> Decimal {
    let things = Decimal::whole(i64::try_from(things).unwrap_or(i64::MAX));
    let each = effort.each.times(things).map(|rounded| rounded.value);
    let both = each.and_then(|each| effort.batch.plus(each));
    both.unwrap_or(effort.batch)
}

/// What a lock takes that does not say it, in days.
const ORDINARY: f64 = 1.0;

/// The order in which to free what holds things back, so that as much as possible can move for as
/// little as possible.
pub fn freeing(standing: &Standing) -> Vec<Freeing<'_>> {
    let hard = standing.locks.iter().filter(|lock| lock.hold == Hold::Hard);
    let hard: Vec<&Lock> = hard.filter(|lock| !lock.holds.is_empty()).collect();
    let locks: Vec<waves::Lock> = hard
        .iter()
        .map(|lock| waves::Lock {
            effort: lock.effort.map_or(ORDINARY, Decimal::approximate),
            holds: lock.holds.clone(),
        })
        .collect();
    let held = |asset: &Asset| f64::from(matches!(asset.state, State::Blocked(_)));
    let weights: Vec<f64> = standing.assets.iter().map(held).collect();
    let steps = waves::unlock(&locks, &weights).into_iter();
    steps
        .filter_map(|step| {
            let frees = step.frees.iter().filter_map(|&at| standing.assets.get(at));
            Some(Freeing {
                lock: hard.get(step.lock)?,
                frees: frees.collect(),
                left: step.left,
            })
        })
        .collect()
}
