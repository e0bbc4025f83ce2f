//! What cannot wait for the usual ways.

use std::collections::BTreeSet;

use charter::requirement::Requirement;
use jiff::Timestamp;

use super::{Blocker, Hearing, Ruling, Verdict, eligible, is_author};
use crate::clock;
use crate::item::Clock;
use crate::names::PersonName;
use crate::standing::{Emergency, Live, Standing};

/// What came of declarations that a change cannot wait.
pub(super) enum Declared {
    /// There are none.
    Not,
    /// They let it pass.
    Passes(Ruling),
    /// They do not, and why.
    Short(Blocker),
}

/// Whether enough people say that it cannot wait, each for so long as the charter lets
/// it stand. An author may be one of them, but somebody else has to agree.
pub(super) fn declared(required: &Requirement, has: &Standing, hearing: &Hearing<'_>) -> Declared {
    let short = |text: String| Declared::Short(Blocker::new("emergency-short", text));
    if has.emergencies.is_empty() {
        return Declared::Not;
    }
    let Some(rule) = hearing.charter.decisions.emergency() else {
        return short("what the charter says of emergencies cannot be read".to_owned());
    };
    let clock = Clock::of(&hearing.charter.decisions);
    let ends = |since, period| clock.deadline(since, period).ok();
    let stands = |one: &&Live<Emergency>| {
        let end = ends(one.received_at, rule.expires);
        end.is_some_and(|end| clock::in_time(hearing.now, end))
    };
    let live: Vec<&Live<Emergency>> = has.emergencies.iter().filter(stands).collect();
    let Some(first) = live.first() else {
        let expires = rule.expires;
        return short(format!(
            "the emergency was declared more than {expires} ago, so it has run out"
        ));
    };
    let counts = |person: &&PersonName| {
        let mut people = eligible(required);
        people.any(|one| one.person == person.as_str())
    };
    let people: BTreeSet<&PersonName> = live.iter().map(|one| &one.by).filter(counts).collect();
    let names: Vec<String> = people.iter().map(ToString::to_string).collect();
    let names = names.join(" and ");
    // An author whom nobody knows may be one of those who declared it.
    let approvers = rule.approvers.get() as usize + hearing.strangers.len();
    let employers = rule.employers.map_or(1, charter::Count::get) as usize;
    let are = hearing.employers(people.iter().map(|person| person.as_str()));
    let others = people
        .iter()
        .filter(|person| !is_author(person.as_str(), has, hearing));
    if people.len() < approvers || are < employers || others.count() == 0 {
        let needed = base::counted(approvers, "person", "people");
        let of = base::counted(employers, "employer", "employers");
        return short(format!(
            "of those whose word counts here, {} said that it cannot wait; {needed} of {of} must, and one of them no author",
            if names.is_empty() { "nobody" } else { &names }
        ));
    }
    let due = ends(first.received_at, rule.review);
    let reason = &first.what.reason;
    let by = match due {
        Some(due) => format!("{names} say that it cannot wait: {reason}; a review is due by {due}"),
        None => format!("{names} say that it cannot wait: {reason}"),
    };
    Declared::Passes(Ruling {
        verdict: Verdict::Passed { by: vec![by] },
        // A review that never falls due would be none.
        review_due: due.or(Some(Timestamp::MAX)),
    })
}
