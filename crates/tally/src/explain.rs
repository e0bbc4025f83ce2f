//! A result in words that a candidate understands.

mod debian;
mod irv;
mod pair;
mod paths;
mod rules;
mod words;

use serde::Serialize;

use crate::Candidate;
use crate::method::{Evidence, Outcome, Unranked};
use words::{list, voters};

/// A result in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Explanation {
    /// What was counted, by which rules, and what followed.
    pub paragraphs: Vec<String>,
    /// The places, a line each, the best first.
    pub places: Vec<String>,
    /// Why each place is above the next, a line each.
    pub reasons: Vec<String>,
    /// How many voters prefer whom to whom.
    pub table: Table,
}

/// The comparisons of all pairs, in the order of the result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Table {
    /// The names of rows and columns.
    pub names: Vec<String>,
    /// In each row, how many voters prefer its candidate to that of each column. Nobody is
    /// compared with themselves.
    pub rows: Vec<Vec<Option<u64>>>,
}

/// Explains a result.
pub fn explain(outcome: &Outcome) -> Explanation {
    let mut paragraphs = vec![turnout(outcome), rules::of(outcome)];
    paragraphs.extend(condorcet(outcome));
    paragraphs.extend(story(outcome));
    Explanation {
        paragraphs,
        places: places(outcome),
        reasons: reasons(outcome),
        table: table(outcome),
    }
}

/// Why one candidate is above, below or tied with another, a sentence each.
///
/// # Panics
/// Where there is no such candidate.
pub fn compare(outcome: &Outcome, one: Candidate, other: Candidate) -> Vec<String> {
    pair::sentences(outcome, one, other)
}

/// The comparisons of all pairs.
pub fn table(outcome: &Outcome) -> Table {
    let order = outcome.order();
    let row = |one: Candidate| {
        let cell = |other: &Candidate| (one != *other).then(|| outcome.matrix.over(one, *other));
        order.iter().map(cell).collect()
    };
    Table {
        names: order
            .iter()
            .map(|one| outcome.name(*one).to_owned())
            .collect(),
        rows: order.iter().map(|one| row(*one)).collect(),
    }
}

fn turnout(outcome: &Outcome) -> String {
    let cast = voters(outcome.turnout);
    match outcome.blank {
        0 => format!("{cast} cast a ballot."),
        1 => format!(
            "{cast} cast a ballot. One of these ranks nobody, and counts for the turnout alone."
        ),
        blank => format!(
            "{cast} cast a ballot. {blank} of these rank nobody, and count for the turnout alone."
        ),
    }
}

fn condorcet(outcome: &Outcome) -> Option<String> {
    if outcome.candidates.len() < 2 {
        return None;
    }
    Some(match outcome.condorcet_winner {
        Some(winner) => format!(
            "{} beats each of the others in a direct comparison: the Condorcet winner.",
            outcome.name(winner)
        ),
        None => {
            "Nobody beats each of the others in a direct comparison: there is no Condorcet winner."
                .to_owned()
        }
    })
}

fn story(outcome: &Outcome) -> Vec<String> {
    match &outcome.evidence {
        Evidence::CondorcetIrv { places } => irv::stories(outcome, places),
        Evidence::Debian { .. } => debian::story(outcome),
        _ => Vec::new(),
    }
}

fn places(outcome: &Outcome) -> Vec<String> {
    let line = |layer: &Vec<Candidate>| {
        let place = layer
            .first()
            .and_then(|one| outcome.place(*one))
            .unwrap_or(0);
        let names: Vec<&str> = layer.iter().map(|one| outcome.name(*one)).collect();
        match names.as_slice() {
            [name] => format!("{place}. {name}"),
            names => format!("{place}. {}, tied", list(names)),
        }
    };
    outcome.layers.iter().map(line).collect()
}

/// For each two neighbours, the first sentence of the comparison.
fn reasons(outcome: &Outcome) -> Vec<String> {
    let order: Vec<Candidate> = outcome.layers.concat();
    let first = |pair: &[Candidate]| {
        pair::sentences(outcome, pair[0], pair[1])
            .into_iter()
            .next()
    };
    order.windows(2).filter_map(first).collect()
}

/// How the pair was counted: `113 voters prefer A to B, and 88 prefer B to A`.
fn direct(outcome: &Outcome, one: Candidate, other: Candidate) -> String {
    let (a, b) = (outcome.name(one), outcome.name(other));
    let (votes, against) = (
        outcome.matrix.over(one, other),
        outcome.matrix.over(other, one),
    );
    let who = match outcome.method.pairs() {
        Unranked::Skip => "Of those who rank both",
        Unranked::Last => "With the unranked as last",
    };
    format!(
        "{who}, {} {a} to {b}, and {against} {b} to {a}.",
        match votes {
            1 => "1 voter prefers".to_owned(),
            votes => format!("{votes} voters prefer"),
        }
    )
}
