//! What goes round: each of some parts refers to the next, and the last to the first.

use std::collections::{BTreeSet, VecDeque};

use waves::Plan;

use super::course::Cycle;
use super::left::Left;
use super::parts::{PartKind, Parts, Rule, Tie, Why};
use super::words;

/// How many ways round that bridges help with are told.
const TOLD: usize = 12;

/// A reference from one part to another: the other and how.
type Step<'l> = (usize, &'l str);

/// The ways round of a plan: those that move as one first.
pub(super) fn cycles(left: &Left, parts: &Parts, plan: &Plan) -> Vec<Cycle> {
    let id = |part: usize| parts.all[part].id.clone();
    let mut group_of = vec![None; parts.all.len()];
    let mut found = Vec::new();
    for (place, group) in plan.groups.iter().enumerate() {
        for &part in &group.nodes {
            group_of[part] = Some(place);
        }
        if !group.cycle.is_empty() {
            found.push(as_one(left, parts, &group.cycle));
        }
    }
    let next = references(left, parts);
    let mut seen: BTreeSet<usize> = BTreeSet::new();
    let mut told = 0;
    for first in 0..parts.all.len() {
        if seen.contains(&first) || group_of[first].is_none() {
            continue;
        }
        let Some(way) = shortest(first, &next) else {
            continue;
        };
        seen.extend(way.iter().map(|step| step.0));
        let one_group = way.iter().all(|step| group_of[step.0] == group_of[first]);
        if one_group || told == TOLD {
            continue;
        }
        told += 1;
        let steps: Vec<(String, &str)> = way.iter().map(|&(part, how)| (id(part), how)).collect();
        found.push(Cycle {
            parts: way.iter().map(|step| id(step.0)).collect(),
            as_one: false,
            says: format!(
                "{}: whichever moves first, a bridge stands between them",
                words::round(&steps)
            ),
        });
    }
    found
}

/// A cycle that no bridge helps with. Each of its parts moves no later than the next, so it is told
/// from the last to the first, as references go.
fn as_one(left: &Left, parts: &Parts, cycle: &[usize]) -> Cycle {
    let id = |part: usize| parts.all[part].id.clone();
    let mut order = vec![cycle[0]];
    order.extend(cycle[1..].iter().rev());
    let steps = order.iter().enumerate().map(|(place, &then)| {
        let first = order[(place + 1) % order.len()];
        (id(then), how(left, &parts.rules, first, then))
    });
    let steps: Vec<(String, &str)> = steps.collect();
    Cycle {
        parts: order.iter().map(|&part| id(part)).collect(),
        as_one: true,
        says: format!("{}: they move as one", words::round(&steps)),
    }
}

/// How a part hangs on another that moves no later.
fn how<'l>(left: &'l Left, rules: &[Rule], first: usize, then: usize) -> &'l str {
    let fits = |rule: &&Rule| {
        let turned = rule.why == Why::Batch && (rule.first, rule.then) == (then, first);
        (rule.first, rule.then) == (first, then) || turned
    };
    match rules.iter().find(fits).map(|rule| rule.why) {
        Some(Why::Link(at)) => left.links[at].how,
        Some(Why::Lock) => "waits for",
        Some(Why::Batch) | None => "is one batch with",
    }
}

/// From each part that moves to those that it refers to.
fn references<'l>(left: &'l Left, parts: &Parts) -> Vec<Vec<Step<'l>>> {
    let mut next: Vec<Vec<Step<'l>>> = vec![Vec::new(); parts.all.len()];
    let moves = |part: usize| parts.all[part].kind == PartKind::Things;
    for edge in parts
        .edges
        .iter()
        .filter(|edge| moves(edge.one) && moves(edge.other))
    {
        if let Tie::Link(at) = edge.tie {
            next[edge.one].push((edge.other, left.links[at].how));
        }
    }
    next
}

/// The shortest way from a part back to it: each part on it with how it refers to the next.
fn shortest<'l>(first: usize, next: &[Vec<Step<'l>>]) -> Option<Vec<Step<'l>>> {
    let mut from: Vec<Option<Step<'l>>> = vec![None; next.len()];
    let mut waiting = VecDeque::from([first]);
    while let Some(part) = waiting.pop_front() {
        for &(other, how) in &next[part] {
            if other == first {
                let mut way = vec![(part, how)];
                let mut at = part;
                while let Some((before, how)) = from[at].filter(|_| at != first) {
                    way.push((before, how));
                    at = before;
                }
                way.reverse();
                return Some(way);
            }
            if from[other].is_none() {
                from[other] = Some((part, how));
                waiting.push_back(other);
            }
        }
    }
    None
}
