//! What was dropped by Debian's rules.

use super::words::{named, score};
use crate::Candidate;
use crate::method::{Drop, DropReason, Elimination, Evidence, Method, Outcome};

/// The options and defeats that were dropped, and who is left.
pub(super) fn story(outcome: &Outcome) -> Vec<String> {
    let Evidence::Debian {
        default,
        dropped,
        eliminations,
    } = &outcome.evidence
    else {
        return Vec::new();
    };
    let mut story: Vec<String> = dropped
        .iter()
        .map(|drop| self::dropped(outcome, *default, *drop))
        .collect();
    story.extend(eliminations.iter().map(|step| elimination(outcome, step)));
    story.push(ending(outcome, *default));
    story
}

/// Why an option was dropped.
pub(super) fn dropped(outcome: &Outcome, default: Candidate, drop: Drop) -> String {
    let (option, default) = (outcome.name(drop.option), outcome.name(default));
    let why = match drop.reason {
        DropReason::Quorum => "fewer than the quorum".to_owned(),
        DropReason::Majority(ratio) if drop.votes <= drop.against => {
            format!("no majority, and it needs one of {ratio} to 1")
        }
        DropReason::Majority(ratio) => format!("and it needs a majority of {ratio} to 1"),
    };
    format!(
        "{option} was dropped: preferred to {default} {} to {}, {why}.",
        drop.votes, drop.against
    )
}

fn elimination(outcome: &Outcome, step: &Elimination) -> String {
    let defeats: Vec<String> = step
        .defeats
        .iter()
        .map(|(winner, loser)| format!("{} over {}", outcome.name(*winner), outcome.name(*loser)))
        .collect();
    format!(
        "{} defeat each other in circles; the weakest of these victories, {} ({}), no longer \
         counted.",
        named(outcome, &step.schwartz),
        score(step.weakest),
        defeats.join(", ")
    )
}

fn ending(outcome: &Outcome, default: Candidate) -> String {
    match outcome.layers.first().map(Vec::as_slice) {
        Some([winner]) if *winner == default => format!(
            "{} wins: nobody is elected, and the procedure starts again.",
            outcome.name(*winner)
        ),
        Some([winner]) => format!("{} wins.", outcome.name(*winner)),
        left => {
            let who = match &outcome.method {
                Method::Debian(method) => method.casting_vote.as_deref(),
                _ => None,
            };
            format!(
                "{} are left, and no defeats between them. The casting vote{} decides.",
                named(outcome, left.unwrap_or_default()),
                who.map_or(String::new(), |who| format!(" of {who}"))
            )
        }
    }
}
