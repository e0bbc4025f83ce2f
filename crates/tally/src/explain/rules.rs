//! The rules in a few sentences.

use crate::method::{
    Approves, Debian, Evidence, IrvVersion, Method, Outcome, Quorum, Ranking, Strength, Unranked,
};

/// The method, how ballots are read and how places follow.
pub(super) fn of(outcome: &Outcome) -> String {
    let method = &outcome.method;
    let mut sentences = vec![format!("The method is {method}.")];
    if !matches!(outcome.evidence, Evidence::Approval { .. }) {
        sentences.push(unranked(method.pairs()).to_owned());
    }
    sentences.extend(rules(method));
    sentences.join(" ")
}

fn rules(method: &Method) -> Vec<String> {
    match method {
        Method::Schulze(method) => vec![
            "One candidate beats another if more voters prefer them. A path from one candidate \
             to another is a chain of such victories, as strong as its weakest step."
                .to_owned(),
            strength(method.strength).to_owned(),
            "Whoever has the stronger path to the other is above the other.".to_owned(),
            match method.ranking {
                Ranking::Layers => {
                    "First come all whom nobody is above, then the same among the rest."
                }
                Ranking::Beaters => "The fewer others are above a candidate, the better the place.",
            }
            .to_owned(),
        ],
        Method::CondorcetIrv(method) => vec![
            "A place goes to whoever beats each other candidate without a place. If nobody does, \
             the one with the fewest top ranks is set aside until somebody does; they come back \
             for the next place."
                .to_owned(),
            match method.version {
                IrvVersion::Civs2007 => {
                    "Top ranks are counted anew among those who are left; who are tied at the \
                     top of a ballot have one each."
                }
                IrvVersion::Civs2024 => {
                    "Top ranks are counted once among all; who are tied at the top of a ballot \
                     share one. Second ranks decide between equals, and so on."
                }
            }
            .to_owned(),
        ],
        Method::RankedPairs(method) => vec![
            "Victories are locked from the strongest to the weakest, but none that contradicts \
             stronger ones. Whom locked victories lead to is below."
                .to_owned(),
            strength(method.strength).to_owned(),
        ],
        Method::Copeland(_) => {
            vec!["A victory over another candidate is a point, a tie half a point.".to_owned()]
        }
        Method::Minimax(method) => vec![
            "A place goes to whoever has no defeat by the others without a place, or else the \
             weakest worst one."
                .to_owned(),
            strength(method.strength).to_owned(),
        ],
        Method::Debian(method) => debian(method),
        Method::Approval(method) => vec![
            match method.approves {
                Approves::Ranked => "A ballot approves of all whom it ranks.",
                Approves::First => "A ballot approves of those whom it ranks best.",
            }
            .to_owned(),
        ],
    }
}

fn debian(method: &Debian) -> Vec<String> {
    let default = &method.default;
    let quorum = match method.quorum {
        Quorum::None => "There is no quorum.".to_owned(),
        Quorum::Votes(least) => {
            format!("The quorum is {least} voters who prefer an option to {default}.")
        }
        Quorum::Root { times, voters } => format!(
            "The quorum is {times} times the square root of {voters}, in voters who prefer an \
             option to {default}."
        ),
    };
    let dropped =
        format!("An option that misses it, or its majority against {default}, is dropped.");
    vec![quorum, dropped]
}

fn unranked(pairs: Unranked) -> &'static str {
    match pairs {
        Unranked::Skip => "Two candidates are compared by the voters who rank both.",
        Unranked::Last => "Whom a ballot does not rank is last on it.",
    }
}

fn strength(strength: Strength) -> &'static str {
    match strength {
        Strength::WinningVotes => "A victory is the stronger the more voters prefer the winner.",
        Strength::WinningVotesLosing => {
            "A victory is the stronger the more voters prefer the winner, and of equal ones the \
             fewer prefer the loser."
        }
        Strength::Margins => {
            "A victory is the stronger the more voters prefer the winner than prefer the loser."
        }
    }
}
