//! Lists and counts in sentences.

use crate::Candidate;
use crate::method::{Outcome, Victory};

/// `A`, `A and B`, `A, B and C`.
pub(super) fn list(names: &[&str]) -> String {
    match names {
        [] => "nobody".to_owned(),
        [one] => (*one).to_owned(),
        [rest @ .., last] => format!("{} and {last}", rest.join(", ")),
    }
}

/// The names of candidates in a sentence.
pub(super) fn named(outcome: &Outcome, candidates: &[Candidate]) -> String {
    let names: Vec<&str> = candidates.iter().map(|one| outcome.name(*one)).collect();
    list(&names)
}

/// `1 voter`, `2 voters`.
pub(super) fn voters(count: u64) -> String {
    match count {
        0 => "No voter".to_owned(),
        1 => "1 voter".to_owned(),
        count => format!("{count} voters"),
    }
}

/// `113 to 88`.
pub(super) fn score(victory: Victory) -> String {
    format!("{} to {}", victory.votes, victory.against)
}

/// `A → B → C`.
pub(super) fn arrows(outcome: &Outcome, path: &[Candidate]) -> String {
    let names: Vec<&str> = path.iter().map(|one| outcome.name(*one)).collect();
    names.join(" → ")
}

/// Half points as points: `1 point`, `3½ points`.
pub(super) fn points(half_points: u64) -> String {
    match (half_points / 2, half_points % 2) {
        (1, 0) => "1 point".to_owned(),
        (whole, 0) => format!("{whole} points"),
        (0, _) => "half a point".to_owned(),
        (whole, _) => format!("{whole}½ points"),
    }
}
