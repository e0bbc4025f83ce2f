//! Waves on days.

use jiff::civil::Date;

use crate::groups::Group;
use crate::model::{Model, whole};
use crate::problem::{Flaw, Problem};

/// A wave with its first and last day.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Dated {
    pub(crate) groups: Vec<usize>,
    pub(crate) first: Date,
    pub(crate) last: Date,
}

/// How far ahead is looked: a century.
const FURTHEST: i32 = 36_525;

/// The waves with their days, one after the other. One that must wait for a day lets those pass
/// that need not and do not hang on it.
pub(crate) fn dates(
    problem: &Problem,
    model: &Model,
    groups: &[Group],
    waves: Vec<Vec<usize>>,
) -> Result<Vec<Dated>, Flaw> {
    let not_before = |wave: &[usize]| {
        let nodes = wave.iter().flat_map(|&group| &groups[group].nodes);
        let days = nodes.filter_map(|node| problem.after.get(node));
        days.max().copied().unwrap_or(problem.start)
    };
    let mut waiting: Vec<(Date, Vec<usize>)> = waves
        .into_iter()
        .map(|wave| (not_before(&wave), wave))
        .collect();
    let mut moved = vec![false; groups.len()];
    let (mut today, mut dated) = (problem.start, Vec::with_capacity(waiting.len()));
    while !waiting.is_empty() {
        let free = |wave: &[usize]| {
            let mut before = wave.iter().flat_map(|&group| &model.before[group]);
            before.all(|&group| moved[group])
        };
        let may = waiting.iter().enumerate().filter(|(_, wave)| free(&wave.1));
        let next = may.min_by_key(|(place, wave)| (wave.0.max(today), *place));
        let Some((place, _)) = next else { break };
        let (not_before, groups) = waiting.remove(place);
        let (first, last) = days(problem, model, &groups, not_before.max(today))?;
        for &group in &groups {
            moved[group] = true;
        }
        today = last.tomorrow().map_err(|_| Flaw::Endless)?;
        dated.push(Dated {
            groups,
            first,
            last,
        });
    }
    Ok(dated)
}

/// The first and last day of a wave that begins no earlier than a day.
fn days(
    problem: &Problem,
    model: &Model,
    groups: &[usize],
    from: Date,
) -> Result<(Date, Date), Flaw> {
    let mut left = vec![0.0; problem.owners.len()];
    for &(owner, days) in groups.iter().flat_map(|&group| &model.loads[group]) {
        left[owner] += days;
    }
    let mut owners: Vec<(usize, f64)> = left
        .into_iter()
        .enumerate()
        .map(|(owner, days)| (owner, whole(days)))
        .filter(|(_, days)| *days > 0.0)
        .collect();
    let end = from
        .checked_add(jiff::Span::new().days(FURTHEST))
        .map_err(|_| Flaw::Endless)?;
    let (mut day, mut first) = (from, None);
    while day <= end {
        let off = problem.off.contains(&day.weekday());
        let frozen = |owner: Option<usize>| {
            off || problem.freezes.iter().any(|freeze| {
                let whose = freeze.owner.is_none() || freeze.owner == owner;
                whose && freeze.from <= day && day <= freeze.until
            })
        };
        // What takes no effort still takes a day on which something may move.
        let mut moves = owners.is_empty() && !frozen(None);
        for (owner, left) in &mut owners {
            if *left > 0.0 && !frozen(Some(*owner)) {
                *left -= 1.0;
                moves = true;
            }
        }
        if moves {
            first = first.or(Some(day));
        }
        if moves && owners.iter().all(|owner| owner.1 <= 0.0) {
            return Ok((first.unwrap_or(day), day));
        }
        day = day.tomorrow().map_err(|_| Flaw::Endless)?;
    }
    Err(Flaw::Endless)
}
