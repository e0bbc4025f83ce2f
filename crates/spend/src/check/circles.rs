//! Pools that come back to themselves.

use std::collections::{BTreeMap, BTreeSet};

use base::{Diagnostic, Month, Span};

use super::Asked;
use crate::codes;
use crate::pools::Driver;
use crate::settings::{POOL, SharedPool};

/// Where each pool that holds in a month passes something on to, and where that is written.
type Steps<'a> = BTreeMap<&'a str, Vec<(String, Span)>>;

pub(super) fn check(asked: &Asked<'_>, findings: &mut Vec<Diagnostic>) {
    let pools = || asked.settings.pools.iter().map(|pool| &pool.value);
    // Between two of these months nothing changes.
    let turns = pools().flat_map(|pool| [pool.from, pool.until.map(|until| until.value)]);
    let first = Month::of(jiff::civil::Date::MIN);
    let turns: BTreeSet<Month> = turns.flatten().chain([first]).collect();
    let mut told: BTreeSet<Vec<String>> = BTreeSet::new();
    for month in turns {
        let holding = pools().filter(|pool| pool.holds_in(month));
        let mut steps: Steps<'_> = BTreeMap::new();
        for pool in holding {
            steps
                .entry(pool.name.as_str())
                .or_insert_with(|| passed_on(asked, pool));
        }
        let mut met: BTreeSet<String> = BTreeSet::new();
        for pool in pools() {
            if met.contains(pool.name.as_str()) {
                continue;
            }
            let Some(way) = way_back(&steps, &pool.name) else {
                continue;
            };
            let names: Vec<String> = way.iter().map(|(name, _)| name.clone()).collect();
            met.extend(names.iter().cloned());
            let mut circle = names;
            circle.sort();
            if told.insert(circle) {
                findings.extend(finding(&pool.name, &way));
            }
        }
    }
}

/// The pools that a pool names, and those that its driver does.
fn passed_on(asked: &Asked<'_>, pool: &SharedPool) -> Vec<(String, Span)> {
    let named = pool.to.iter();
    let weighted = pool.weights.entries.iter();
    let weighted = weighted.filter(|(_, weight)| !weight.value.value.is_zero());
    let written = named.chain(weighted.map(|(text, _)| text));
    let written = written.map(|text| (text.as_str(), text.span));
    let driver = pool.driver.as_ref();
    let by_use = driver.into_iter().flat_map(|name| {
        let owners = asked.drivers.get(name).into_iter().flat_map(Driver::owners);
        owners.map(|owner| (owner, name.span))
    });
    let all = written.chain(by_use);
    all.filter_map(|(owner, span)| Some((owner.strip_prefix(POOL)?.to_owned(), span)))
        .collect()
}

/// The shortest way from a pool back to it: each step with where it is written, the last one's
/// name that of the pool.
fn way_back(steps: &Steps<'_>, start: &str) -> Option<Vec<(String, Span)>> {
    let mut came_from: BTreeMap<String, (String, Span)> = BTreeMap::new();
    let mut level = vec![start.to_owned()];
    while !level.is_empty() {
        let mut next = Vec::new();
        for pool in level {
            for (to, span) in steps.get(pool.as_str()).into_iter().flatten() {
                if came_from.contains_key(to) {
                    continue;
                }
                came_from.insert(to.clone(), (pool.clone(), *span));
                if to == start {
                    return Some(back(&came_from, start));
                }
                next.push(to.clone());
            }
        }
        level = next;
    }
    None
}

fn back(came_from: &BTreeMap<String, (String, Span)>, start: &str) -> Vec<(String, Span)> {
    let mut way = Vec::new();
    let mut at = start.to_owned();
    while let Some((before, span)) = came_from.get(&at) {
        way.push((std::mem::replace(&mut at, before.clone()), *span));
        if at == start {
            break;
        }
    }
    way.reverse();
    way
}

fn finding(start: &str, way: &[(String, Span)]) -> Option<Diagnostic> {
    let (_, first) = way.first()?;
    let names: Vec<&str> = std::iter::once(start)
        .chain(way.iter().map(|(name, _)| name.as_str()))
        .collect();
    let message = match names.as_slice() {
        [one, _] => format!("the pool `{one}` is shared out to itself"),
        _ => format!("a circle of pools: {}", names.join(" → ")),
    };
    let mut finding =
        Diagnostic::new(&codes::CIRCLE, *first, message).help("remove one of the steps");
    for (from, (to, span)) in names.iter().zip(way).skip(1) {
        finding = finding.related(*span, format!("{from} is shared out to {to}"));
    }
    Some(finding)
}
