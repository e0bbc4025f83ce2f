//! Two candidates compared.

use super::words::{points, score};
use super::{debian, direct, irv, paths};
use crate::Candidate;
use crate::method::{Evidence, IrvPlace, Method, Minimax, Outcome};

/// Why one is above the other, whichever is, and how the pair was counted.
pub(super) fn sentences(outcome: &Outcome, one: Candidate, other: Candidate) -> Vec<String> {
    if one == other {
        return vec![format!("{} is the same candidate.", outcome.name(one))];
    }
    // The unplaced come after all places.
    let place = |one| outcome.layer(one).unwrap_or(usize::MAX);
    let (one, other) = if place(one) <= place(other) {
        (one, other)
    } else {
        (other, one)
    };
    let mut sentences = reason(outcome, one, other);
    sentences.push(direct(outcome, one, other));
    sentences
}

/// Of two of whom the first has the better place, or the same.
fn reason(outcome: &Outcome, one: Candidate, other: Candidate) -> Vec<String> {
    let (a, b) = (outcome.name(one), outcome.name(other));
    let verdict = if tied(outcome, one, other) {
        format!("{a} and {b} are tied")
    } else {
        format!("{a} is above {b}")
    };
    match (&outcome.evidence, &outcome.method) {
        (Evidence::Schulze { paths }, Method::Schulze(method)) => {
            let rules = (paths, method.ranking, method.strength);
            paths::schulze(outcome, rules, one, other)
        }
        (Evidence::RankedPairs { locks }, _) => paths::ranked_pairs(outcome, locks, one, other),
        (Evidence::CondorcetIrv { places }, _) => {
            condorcet_irv(outcome, places, &verdict, one, other)
        }
        (Evidence::Minimax { .. }, Method::Minimax(method)) => {
            vec![minimax(outcome, *method, &verdict, one, other)]
        }
        (Evidence::Copeland { half_points }, _) => {
            let of = |one: Candidate| points(half_points[one]);
            vec![format!(
                "{verdict}: {a} has {}, {b} has {}.",
                of(one),
                of(other)
            )]
        }
        (Evidence::Approval { approvals }, _) => vec![format!(
            "{verdict}: {} approve of {a}, {} of {b}.",
            approvals[one], approvals[other]
        )],
        (
            Evidence::Debian {
                default, dropped, ..
            },
            _,
        ) => {
            let of_pair = dropped
                .iter()
                .filter(|drop| [one, other].contains(&drop.option));
            let of_pair = of_pair.map(|drop| debian::dropped(outcome, *default, *drop));
            std::iter::once(last(outcome, one, other))
                .chain(of_pair)
                .collect()
        }
        (Evidence::Schulze { .. } | Evidence::Minimax { .. }, _) => vec![format!("{verdict}.")],
    }
}

fn tied(outcome: &Outcome, one: Candidate, other: Candidate) -> bool {
    outcome.layer(one) == outcome.layer(other)
}

fn condorcet_irv(
    outcome: &Outcome,
    places: &[IrvPlace],
    verdict: &str,
    one: Candidate,
    other: Candidate,
) -> Vec<String> {
    let number = outcome.place(one).unwrap_or(0);
    let verdict = if tied(outcome, one, other) {
        format!("{verdict}: both could have won place {number}.")
    } else {
        format!(
            "{verdict} because place {number} went to {}, and {} was without a place then.",
            outcome.name(one),
            outcome.name(other)
        )
    };
    let place = places.iter().find(|place| place.winners.contains(&one));
    let story = place.map(|place| irv::story(outcome, place));
    std::iter::once(verdict).chain(story).collect()
}

fn minimax(
    outcome: &Outcome,
    method: Minimax,
    verdict: &str,
    one: Candidate,
    other: Candidate,
) -> String {
    let left: Vec<Candidate> = (0..outcome.candidates.len())
        .filter(|third| outcome.layer(*third) >= outcome.layer(one))
        .collect();
    let worst = |one: Candidate| {
        let name = outcome.name(one);
        match method.worst(&outcome.matrix, one, &left) {
            Some(defeat) => format!(
                "the worst defeat of {name} was by {}, {}",
                outcome.name(defeat.by),
                score(defeat.victory)
            ),
            None => format!("{name} had no defeat"),
        }
    };
    format!(
        "{verdict}: among those without a place yet, {}, and {}.",
        worst(one),
        worst(other)
    )
}

fn last(outcome: &Outcome, one: Candidate, other: Candidate) -> String {
    let (a, b) = (outcome.name(one), outcome.name(other));
    match (outcome.layer(one), outcome.layer(other)) {
        (None, _) => format!("Neither {a} nor {b} wins, and the rules place nobody else."),
        (_, None) => format!("{a} is left at the end, and {b} is not."),
        _ => format!("{a} and {b} are both left at the end."),
    }
}
