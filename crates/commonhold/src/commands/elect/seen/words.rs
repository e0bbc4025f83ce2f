//! What an election says of itself, in words.

use elections::definition::{Counting, Transferable};
use elections::voters::{VoterRule, Way};

/// How ballots become an order.
pub(super) fn method(counting: &Counting) -> String {
    match counting {
        Counting::Order(method) => method.to_string(),
        Counting::Transferable(Transferable::Scottish { .. }) => {
            "Single transferable vote, by the rules of Scottish local elections (v1)".to_owned()
        }
        Counting::Transferable(Transferable::Meek { places, omega, .. }) => {
            format!(
                "Single transferable vote by Meek's rule (v1, places: {places}, omega: {omega})"
            )
        }
    }
}

/// Who may vote, a way a line.
pub(super) fn rule(rule: &VoterRule) -> Vec<String> {
    let mut lines: Vec<String> = rule.any.iter().map(|one| way(&one.value)).collect();
    if let Some(day) = rule.snapshot {
        lines.push(format!("The facts are those of {day}."));
    }
    lines
}

fn way(way: &Way) -> String {
    let mut parts = Vec::new();
    let mut one_of = |what: &str, names: Vec<&str>| {
        if !names.is_empty() {
            parts.push(format!("{what} {}", names.join(" or ")));
        }
    };
    let organisations = way.organisations.iter().map(|one| one.name.as_str());
    one_of("a member of", organisations.collect());
    one_of(
        "in the team",
        way.teams.iter().map(|one| one.name.as_str()).collect(),
    );
    let groups: Vec<&str> = way.groups.iter().map(|one| one.name.as_str()).collect();
    if !groups.is_empty() {
        let mut text = format!("a lead or member of {}", groups.join(" or "));
        if let Some(from) = &way.from {
            text += &format!(" from {}", from.value);
        }
        if let Some(until) = &way.until {
            text += &format!(" until {}", until.value);
        }
        parts.push(text);
    }
    if let Some(count) = &way.contributions {
        parts.push(format!(
            "the author of at least {} contributions",
            count.value.get()
        ));
    }
    let people: Vec<&str> = way.people.iter().map(|one| one.name.as_str()).collect();
    if !people.is_empty() {
        parts.push(format!("one of {}", people.join(", ")));
    }
    format!("Whoever is {}", parts.join(", and is "))
}
