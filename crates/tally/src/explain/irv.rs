//! How the places of Condorcet-IRV were filled.

use super::words::named;
use crate::Candidate;
use crate::method::{IrvPlace, IrvRound, Outcome};

/// A paragraph for each place that did not go to somebody who beat all others at once.
pub(super) fn stories(outcome: &Outcome, places: &[IrvPlace]) -> Vec<String> {
    let told = places.iter().filter(|place| !place.rounds.is_empty());
    told.map(|place| story(outcome, place)).collect()
}

/// How a place was filled.
pub(super) fn story(outcome: &Outcome, place: &IrvPlace) -> String {
    let number = place
        .winners
        .first()
        .and_then(|one| outcome.place(*one))
        .unwrap_or(0);
    let winners = named(outcome, &place.winners);
    let several = place
        .rounds
        .iter()
        .any(|round| round.fewest.len() > 1 && !round.at_once);
    let last = place.rounds.last();
    let alone = last.is_some_and(|last| last.left.len() == last.fewest.len() + 1);
    let rounds = place.rounds.iter();
    let sentences: Vec<String> = rounds.map(|round| self::round(outcome, round)).collect();
    let ending = match place.winners.as_slice() {
        [_] if place.rounds.is_empty() => {
            format!(
                "Place {number} went to {winners}, who beat each other candidate without a place."
            )
        }
        [_] if several => format!("Whichever was set aside, place {number} went to {winners}."),
        [_] if alone => format!("Then {winners} alone was left, and has place {number}."),
        [_] => format!("Then {winners} beat all who were left, and has place {number}."),
        _ => format!("{winners} share place {number}: each of them could have won it."),
    };
    if sentences.is_empty() {
        return ending;
    }
    format!("For place {number}: {} {ending}", sentences.join(" "))
}

fn round(outcome: &Outcome, round: &IrvRound) -> String {
    let left = named(outcome, &round.left);
    let fewest = named(outcome, &round.fewest);
    let tops = round.fewest.first().and_then(|one: &Candidate| {
        let at = round.left.iter().position(|other| other == one)?;
        round.tops.get(at)
    });
    let tops = tops.map_or(String::new(), |tops| format!(", {tops}"));
    let start = format!("Of {left}, nobody beat all others;");
    if round.fewest.len() == 1 {
        return format!("{start} {fewest} had the fewest top ranks{tops}, and was set aside.");
    }
    if round.fewest.len() == round.left.len() {
        return format!("{start} all had equally many top ranks{tops}.");
    }
    let how = if round.at_once {
        "all were set aside"
    } else {
        "each was set aside by turns"
    };
    format!("{start} {fewest} had equally few top ranks{tops}, and {how}.")
}
