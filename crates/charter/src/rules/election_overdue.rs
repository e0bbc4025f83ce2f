//! Elections are held when terms end.

use base::{Code, Severity};
use estate::Item;
use estate::kinds::{Group, Lead, Selection, Standing};
use jiff::civil::Date;
use yaml::record;

use crate::rule::rule;
use crate::{Case, Rule};

record! {
    /// For how long an election may be late.
    pub struct Parameters {
        /// Days after the end of a term during which nothing is said.
        pub grace_days: u32 = 0,
    }
}

/// The rule.
pub(crate) static RULE: Rule = rule!(
    Parameters,
    check,
    Code {
        id: "election-overdue",
        title: "A term is over and nobody has been elected",
        severity: Severity::Error,
        page: "Who was elected for a time speaks for the voters during that time. Where `seats.selection` is \
               `election` and `seats.term` is given, this finds people who hold a seat longer than their term, and, \
               where `seats.count` is given too, seats whose terms ran to their end and to which nobody came. \
               Entries under `leads` without `since` are not judged; a newer entry of the same person is a new \
               term.\n\n\
               Hold the election, and write its result under `leads`: `until` for who goes, a new entry with its \
               `since` for who comes or stays.",
    },
    &[
        ("people/ada.yaml", "name: Ada\n"),
        (
            "groups/steering.yaml",
            "seats: {selection: election, term: 2y}\nleads: [{person: ada, role: member, since: 2018-10-01}]\n",
        ),
    ]
);

fn check(case: &mut Case<'_>, with: &Parameters) {
    for group in case.estate.tables.groups.items() {
        let term = group.value.seats.as_ref().and_then(|seats| seats.term);
        let Some(term) = term.filter(|_| is_elected(&group.value)) else {
            continue;
        };
        let mut found = Vec::new();
        for lead in group
            .value
            .seated()
            .filter(|lead| !is_followed(&group.value, lead))
        {
            let Some(end) = lead.since.and_then(|since| term.after(since)) else {
                continue;
            };
            let sits = lead.until.is_none_or(|until| until >= case.today);
            if sits && end <= case.today && !case.in_grace(Some(end), with.grace_days) {
                let last = end.yesterday().unwrap_or(end);
                let message = format!(
                    "the term of {}, {} of {}, ended on {last}",
                    lead.person,
                    lead.role,
                    group.subject()
                );
                found.push((lead.person.span, message));
            }
        }
        for lead in unfilled(case, group) {
            let end = lead.until.and_then(|until| until.tomorrow().ok());
            if !case.in_grace(end, with.grace_days) {
                let message = format!(
                    "nobody has taken the seat that {} held in {}",
                    lead.person,
                    group.subject()
                );
                found.push((lead.person.span, message));
            }
        }
        for (span, message) in found {
            let finding = case.finding(span, message).about(group.subject());
            case.report(finding.help("hold the election, and write its result under `leads`"));
        }
    }
}

fn is_elected(group: &Group) -> bool {
    group.standing == Standing::Active
        && group
            .seats
            .as_ref()
            .is_some_and(|seats| seats.selection == Selection::Election)
}

/// Whether the same person has a later term.
fn is_followed(group: &Group, lead: &Lead) -> bool {
    group
        .seated()
        .any(|other| other.person.same(&lead.person) && other.since > lead.since)
}

/// The people in seats of a group on a day, each once, without robots and those who left.
pub(crate) fn sitting(case: &Case<'_>, group: &Item<Group>) -> usize {
    let in_office = |lead: &&Lead| {
        lead.since.is_none_or(|since| since <= case.today)
            && lead.until.is_none_or(|until| until >= case.today)
    };
    let people = group.value.seated().filter(in_office);
    case.humans(people.map(|lead| &lead.person)).len()
}

/// Of an elected group with a number of seats, the terms that ran to their end and were
/// followed by nobody's: those that ended last, as many as seats are empty and wait for nobody.
pub(crate) fn unfilled<'e>(case: &Case<'e>, group: &'e Item<Group>) -> Vec<&'e Lead> {
    let seats = group
        .value
        .seats
        .as_ref()
        .filter(|_| is_elected(&group.value));
    let counted = seats.and_then(|seats| Some((seats.count.as_ref()?.value, seats.term?)));
    let Some((count, term)) = counted else {
        return Vec::new();
    };
    let full = |lead: &&Lead| {
        let over = lead.until.and_then(|until| until.tomorrow().ok());
        let end = lead.since.and_then(|since| term.after(since));
        over.zip(end)
            .is_some_and(|(over, end)| over <= case.today && over >= end)
    };
    let gone = group.value.seated().filter(full);
    let mut gone: Vec<&Lead> = gone
        .filter(|lead| !is_followed(&group.value, lead))
        .collect();
    gone.sort_by_key(|lead| std::cmp::Reverse(lead.until.unwrap_or(Date::MIN)));
    let coming = group.value.seated();
    let coming = coming.filter(|lead| lead.since.is_some_and(|since| since > case.today));
    let taken = sitting(case, group) + coming.count();
    gone.truncate((count as usize).saturating_sub(taken));
    gone
}
