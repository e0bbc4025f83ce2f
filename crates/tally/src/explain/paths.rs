//! Why one is above another by paths.

use std::cmp::Ordering;
use std::collections::VecDeque;

use super::words::{arrows, named, score};
use crate::Candidate;
use crate::method::{Lock, Outcome, Paths, Ranking, Strength};

/// By Schulze's method; `one` has the better place, or the same.
pub(super) fn schulze(
    outcome: &Outcome,
    (paths, ranking, strength): (&Paths, Ranking, Strength),
    one: Candidate,
    other: Candidate,
) -> Vec<String> {
    let (a, b) = (outcome.name(one), outcome.name(other));
    let there = match path(outcome, paths, strength, one, other) {
        Some(path) => format!("the strongest path from {a} to {b} is {path}"),
        None => format!("no path of victories leads from {a} to {b}"),
    };
    let back = match path(outcome, paths, strength, other, one) {
        Some(path) => format!("the strongest one back is {path}"),
        None => "none leads back".to_owned(),
    };
    if paths.above(one, other) {
        return vec![format!("{a} is above {b} because {there}, and {back}.")];
    }
    let mut sentences = match ranking {
        _ if outcome.layer(one) == outcome.layer(other) => {
            vec![format!("{a} and {b} are tied: neither is above the other.")]
        }
        Ranking::Beaters => {
            vec![format!(
                "{a} has a better place than {b}, though neither is above the other: {} above {a}, \
                 and {} above {b}.",
                stand(outcome, &paths.beaters(one)),
                stand(outcome, &paths.beaters(other)),
            )]
        }
        Ranking::Layers => {
            let above = |x: Candidate, y: Candidate| paths.above(x, y);
            vec![waits(outcome, one, other, above)]
        }
    };
    sentences.push(format!("This is so because {there}, and {back}."));
    sentences
}

/// `nobody is`, `A is`, `A and B are`.
fn stand(outcome: &Outcome, candidates: &[Candidate]) -> String {
    let verb = if candidates.len() > 1 { "are" } else { "is" };
    format!("{} {verb}", named(outcome, candidates))
}

/// `A → C → B, whose weakest step, C over B, was won 113 to 88`.
fn path(
    outcome: &Outcome,
    paths: &Paths,
    strength: Strength,
    from: Candidate,
    to: Candidate,
) -> Option<String> {
    let weakest = paths.weakest(from, to)?;
    let path = paths.path(&outcome.matrix, from, to);
    let (winner, loser, victory) = path.windows(2).find_map(|step| {
        let victory = outcome.matrix.victory(step[0], step[1])?;
        let same = strength.compare(victory, weakest) == Ordering::Equal;
        same.then_some((step[0], step[1], victory))
    })?;
    if path.len() == 2 {
        return Some(format!("the victory itself, {}", score(victory)));
    }
    Some(format!(
        "{}, whose weakest step, {} over {}, was won {}",
        arrows(outcome, &path),
        outcome.name(winner),
        outcome.name(loser),
        score(victory)
    ))
}

/// By ranked pairs; `one` has the better place, or the same.
pub(super) fn ranked_pairs(
    outcome: &Outcome,
    locks: &[Lock],
    one: Candidate,
    other: Candidate,
) -> Vec<String> {
    let (a, b) = (outcome.name(one), outcome.name(other));
    let there = locked_path(outcome, locks, one, other);
    let back = locked_path(outcome, locks, other, one);
    let mut sentences = vec![match (there, back) {
        (Some(there), None) => format!(
            "{a} is above {b} because locked victories lead from {a} to {b}: {}.",
            arrows(outcome, &there)
        ),
        (Some(there), Some(back)) => format!(
            "{a} and {b} are tied: equally strong victories lead both from {a} to {b}, {}, and \
             back, {}.",
            arrows(outcome, &there),
            arrows(outcome, &back)
        ),
        _ if outcome.layer(one) == outcome.layer(other) => {
            format!("{a} and {b} are tied: no locked victories lead from one to the other.")
        }
        _ => {
            let leads = |x, y| locked_path(outcome, locks, x, y).is_some();
            waits(outcome, one, other, |x, y| leads(x, y) && !leads(y, x))
        }
    }];
    let between = |lock: &&Lock| {
        !lock.locked && [(one, other), (other, one)].contains(&(lock.winner, lock.loser))
    };
    if let Some(lock) = locks.iter().find(between) {
        sentences.push(format!(
            "The victory of {} over {}, {}, was not locked: stronger ones contradict it.",
            outcome.name(lock.winner),
            outcome.name(lock.loser),
            score(lock.victory)
        ));
    }
    sentences
}

fn locked_path(
    outcome: &Outcome,
    locks: &[Lock],
    from: Candidate,
    to: Candidate,
) -> Option<Vec<Candidate>> {
    let mut before = vec![None; outcome.candidates.len()];
    let mut queue = VecDeque::from([from]);
    while let Some(at) = queue.pop_front() {
        for lock in locks.iter().filter(|lock| lock.locked && lock.winner == at) {
            if lock.loser != from && before[lock.loser].is_none() {
                before[lock.loser] = Some(at);
                queue.push_back(lock.loser);
            }
        }
    }
    let mut path = vec![to];
    while let Some(previous) = before[path[path.len() - 1]] {
        path.push(previous);
    }
    path.reverse();
    (path.len() > 1).then_some(path)
}

/// Two that neither is above, where one has a better place all the same.
fn waits(
    outcome: &Outcome,
    one: Candidate,
    other: Candidate,
    above: impl Fn(Candidate, Candidate) -> bool,
) -> String {
    let (a, b) = (outcome.name(one), outcome.name(other));
    let layer = outcome.layer(one);
    let blocking: Vec<Candidate> = (0..outcome.candidates.len())
        .filter(|third| outcome.layer(*third) >= layer && above(*third, other))
        .collect();
    format!(
        "{a} has a better place than {b}, though neither is above the other: when {a} had nobody \
         above, {b} still had {}.",
        named(outcome, &blocking)
    )
}
