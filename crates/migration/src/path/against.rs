//! What is otherwise than in another plan.

use std::collections::BTreeSet;

use jiff::civil::Date;
use serde::Serialize;
use waves::Plan;

use super::course::Course;
use super::parts::{Rule, Why};

/// What is otherwise than in the plan without `--without` and `--after`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Against {
    /// What was asked, in words.
    pub asked: Vec<String>,
    /// What stays where it is.
    pub held: Vec<Held>,
    /// When the other plan ends.
    pub ended: Option<Date>,
    /// How many days later this one ends; fewer than none if it ends earlier.
    pub days_later: Option<i32>,
    /// How many waves more; fewer than none if there are fewer.
    pub more_waves: i64,
    /// What it costs more, in days of one person; less than nothing if it is cheaper.
    pub dearer: f64,
    /// What its bridges take more.
    pub more_bridging: f64,
    /// Bridges that the other plan does not have: places in [`Course::bridges`].
    pub new_bridges: Vec<usize>,
    /// Bridges that only the other plan has.
    pub spared_bridges: Vec<usize>,
    /// What moves in another wave: the part, its wave then and its wave now.
    pub elsewhere: Vec<(String, usize, usize)>,
}

/// A part that stays where it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Held {
    /// The part.
    pub part: String,
    /// Why, where nobody asked for it.
    pub because: Option<String>,
}

/// What else stays where some parts do, each with the rule for which.
pub(super) fn follows(rules: &[Rule], without: &BTreeSet<usize>) -> Vec<(usize, usize)> {
    let mut held = without.clone();
    let mut found = Vec::new();
    loop {
        let next = rules.iter().enumerate().find_map(|(place, rule)| {
            let both = [(rule.first, rule.then), (rule.then, rule.first)];
            let ways = if rule.why == Why::Batch { 2 } else { 1 };
            let mut ways = both.into_iter().take(ways);
            let way = ways.find(|(one, other)| held.contains(one) && !held.contains(other))?;
            Some((way.1, place))
        });
        let Some((part, place)) = next else {
            return found;
        };
        held.insert(part);
        found.push((part, place));
    }
}

/// The bridges that a plan ever has.
fn bridges(course: &Course) -> BTreeSet<usize> {
    let of_waves = course
        .waves
        .iter()
        .flat_map(|wave| wave.bridges.iter().map(|standing| standing.bridge));
    of_waves.chain(course.lasting.iter().copied()).collect()
}

impl Against {
    /// What is otherwise in `course` than in `other`.
    pub(super) fn of(course: &Course, other: &Course, asked: Vec<String>, held: Vec<Held>) -> Self {
        let (now, then) = (bridges(course), bridges(other));
        let days_later = course.ends.zip(other.ends).and_then(|(now, then)| {
            let span = then.until(now).ok()?;
            Some(span.get_days())
        });
        let count = |course: &Course| i64::try_from(course.waves.len()).unwrap_or(i64::MAX);
        let elsewhere = course.parts.iter().zip(&other.parts);
        let elsewhere = elsewhere.filter_map(|(now, then)| {
            let (before, after) = then.wave.zip(now.wave)?;
            (before != after).then(|| (now.id.clone(), before, after))
        });
        Self {
            asked,
            held,
            ended: other.ends,
            days_later,
            more_waves: count(course) - count(other),
            dearer: super::tell::tidy(course.cost - other.cost),
            more_bridging: super::tell::tidy(course.bridging - other.bridging),
            new_bridges: now.difference(&then).copied().collect(),
            spared_bridges: then.difference(&now).copied().collect(),
            elsewhere: elsewhere.collect(),
        }
    }
}

/// The wave of each node, from 1.
pub(super) fn wave_of(nodes: usize, plan: &Plan) -> Vec<Option<usize>> {
    let mut wave_of = vec![None; nodes];
    for (place, wave) in plan.waves.iter().enumerate() {
        for &group in &wave.groups {
            for &node in &plan.groups[group].nodes {
                wave_of[node] = Some(place + 1);
            }
        }
    }
    wave_of
}
