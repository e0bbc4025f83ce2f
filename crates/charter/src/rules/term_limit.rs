//! Nobody sits for ever.

use std::collections::BTreeMap;

use base::{Code, Severity, Span};
use estate::Item;
use estate::kinds::{Group, Seats, Standing, TermLimits};
use jiff::civil::Date;
use yaml::record;

use crate::rule::rule;
use crate::{Case, Rule};

record! {
    /// What counts as in a row.
    pub struct Parameters {
        /// Days between two terms that are in a row nevertheless, for an election that came late.
        pub gap_days: u32 = 60,
    }
}

/// The rule.
pub(crate) static RULE: Rule = rule!(
    Parameters,
    check,
    Code {
        id: "term-limit",
        title: "A person holds a seat more often than the group allows",
        severity: Severity::Error,
        page: "A group's `seats.limits` say how many terms one person may hold in a row and ever, so that others get \
               their turn. Each entry under `leads` with a `since` is a term; one without is not counted. Terms no \
               longer than `exempt`, which fill a vacancy, do not count and do not break a row. A person who holds \
               two seats of a group at a time is counted once. Who is nominated, with a `since` to come, is judged \
               before the election.\n\n\
               Let somebody else stand; write `until` where a term is over.",
    },
    &[
        ("people/ada.yaml", "name: Ada\n"),
        (
            "groups/steering.yaml",
            "seats: {term: 2y, limits: {consecutive: 1}}\nleads:\n\
             - {person: ada, role: member, since: 2018-10-01, until: 2020-09-30}\n\
             - {person: ada, role: member, since: 2020-10-01}\n",
        ),
    ]
);

/// A time in a seat.
struct Sitting {
    since: Date,
    /// The first day after it; `None` where it is open.
    over: Option<Date>,
    role: String,
    span: Span,
}

fn check(case: &mut Case<'_>, with: &Parameters) {
    for group in case.estate.tables.groups.items() {
        let limits = group.value.seats.as_ref();
        let limits = limits.and_then(|seats| Some((seats, seats.limits.as_ref()?)));
        let Some((seats, limits)) = limits.filter(|_| group.value.standing == Standing::Active)
        else {
            continue;
        };
        for (person, sittings) in sittings(case, group, seats) {
            let Some(last) = sittings.last() else {
                continue;
            };
            if last.over.is_some_and(|over| over <= case.today) || exempt(last, limits) {
                continue;
            }
            let (row, ever) = tally(&sittings, limits, with.gap_days);
            let over = |count: usize, most: Option<u32>| most.filter(|most| count > *most as usize);
            let (count, most, how) =
                match (over(row, limits.consecutive), over(ever, limits.lifetime)) {
                    (Some(most), _) => (row, most, " in a row"),
                    (None, Some(most)) => (ever, most, ""),
                    (None, None) => continue,
                };
            let terms = base::counted(count, "term", "terms");
            let message = format!(
                "person/{person} comes to {terms}{how} in {}; the most is {most}",
                group.subject()
            );
            let mut finding = case.finding(last.span, message).about(group.subject());
            for earlier in sittings.iter().rev().skip(1) {
                finding = finding.related(earlier.span, format!("since {}", earlier.since));
            }
            case.report(
                finding.help("let somebody else stand, or write `until` where a term is over"),
            );
        }
    }
}

/// The times in a seat of each person, the first first; two seats at a time are one.
fn sittings<'e>(
    case: &Case<'e>,
    group: &'e Item<Group>,
    seats: &Seats,
) -> BTreeMap<&'e str, Vec<Sitting>> {
    let mut people: BTreeMap<&str, Vec<Sitting>> = BTreeMap::new();
    for lead in group.value.seated() {
        let (Some(person), Some(since)) = (case.estate.find(&lead.person), lead.since) else {
            continue;
        };
        people.entry(&person.name).or_default().push(Sitting {
            since,
            over: seats.over(lead).filter(|_| lead.until.is_some()),
            role: lead.role.to_lowercase(),
            span: lead.person.span,
        });
    }
    for own in people.values_mut() {
        own.sort_by_key(|sitting| sitting.since);
        let mut united: Vec<Sitting> = Vec::new();
        for next in own.drain(..) {
            match united.last_mut() {
                // A new term in a role ends the one before, whether or not that was written down.
                Some(last) if last.role == next.role => {
                    last.over = Some(last.over.map_or(next.since, |over| over.min(next.since)));
                    united.push(next);
                }
                Some(last) if last.over.is_none_or(|over| next.since < over) => {
                    last.over = last.over.zip(next.over).map(|(one, other)| one.max(other));
                }
                _ => united.push(next),
            }
        }
        *own = united;
    }
    people
}

/// How many terms the last is in a row, and how many there are ever.
fn tally(sittings: &[Sitting], limits: &TermLimits, gap_days: u32) -> (usize, usize) {
    let (mut row, mut ever) = (0, 0);
    let mut over: Option<Date> = None;
    for sitting in sittings {
        let gap = jiff::Span::new().try_days(gap_days);
        let late = gap.and_then(|gap| over.unwrap_or(sitting.since).checked_add(gap));
        if late.is_ok_and(|late| sitting.since > late) {
            row = 0;
        }
        if !exempt(sitting, limits) {
            row += 1;
            ever += 1;
        }
        over = sitting.over;
    }
    (row, ever)
}

fn exempt(sitting: &Sitting, limits: &TermLimits) -> bool {
    let longest = limits.exempt.and_then(|term| term.after(sitting.since));
    let over = sitting.over;
    over.zip(longest)
        .is_some_and(|(over, longest)| over <= longest)
}
