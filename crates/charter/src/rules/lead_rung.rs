//! Leads have come up the ladder.

use std::collections::HashSet;

use base::{Code, Severity, Spanned};
use estate::kinds::{RungHeld, Standing};

use super::ladder_rung::Place;
use crate::rule::rule;
use crate::{Case, NoParameters, Rule};

/// The rule.
pub(crate) static RULE: Rule = rule!(
    NoParameters,
    check,
    Code {
        id: "lead-rung",
        title: "A lead does not stand on the rung that the role asks for",
        severity: Severity::Error,
        page: "A rung of the charter's `ladders` may name `roles` in groups that only people on it take up, so that \
               those who lead have done the work, and have mentored others, before. Who is named under `leads` \
               with a day to come in `since` is nominated and judged as well. Roles taken up before the ladder's \
               `from`, or on a day that is not written down where the ladder has a `from`, are not judged.\n\n\
               Let the person take the rung first; the finding says what is missing for it.",
    },
    &[
        (
            "charter.yaml",
            "ladders:\n- name: contributors\n  rungs:\n  - {name: approver, requires: {mentees: 1}, roles: [chair]}\n",
        ),
        ("people/ada.yaml", "name: Ada\n"),
        (
            "groups/infra.yaml",
            "leads: [{person: ada, role: chair, since: 2021-03-01}]\n"
        ),
    ]
);

fn check(case: &mut Case<'_>, _: &NoParameters) {
    let today = case.today;
    for group in case.estate.tables.groups.items() {
        if group.value.standing != Standing::Active {
            continue;
        }
        let current = group
            .value
            .leads
            .iter()
            .filter(|lead| !lead.emeritus && lead.until.is_none_or(|until| until >= today));
        let mut seen = HashSet::new();
        for lead in current {
            let Some(place) = Place::opening(&lead.role, &case.charter.ladders) else {
                continue;
            };
            let known = |day| place.applies_on(day);
            if !lead.since.map_or(place.applies_always(), known) {
                continue;
            }
            let Some(person) = case.estate.find(&lead.person) else {
                continue;
            };
            let day = lead.since.map_or(case.today, |since| since.max(case.today));
            let reached = place.reached(&person.value, Some(&group.name), day);
            if reached || !seen.insert((person.name.as_str(), place.rung().name.as_str())) {
                continue;
            }
            let rung = &place.rung().name;
            let nominated = lead.since.is_some_and(|since| since > case.today);
            let what = if nominated { "nominated as " } else { "" };
            let message = format!(
                "{}, {what}{} of {}, is not on the rung `{rung}`",
                person.subject(),
                lead.role,
                group.subject()
            );
            let taken_up = RungHeld {
                rung: Spanned::new(rung.value.clone(), lead.role.span),
                group: Some(estate::Ref::new(group.name.clone(), lead.role.span)),
                since: day,
                until: None,
                sponsors: Vec::new(),
            };
            let lacks = place.lacks(case, person, &taken_up);
            let help = if lacks.is_empty() {
                format!("nothing is missing for it: add `{rung}` to their `rungs`")
            } else {
                format!("for that they lack {}", lacks.join(", "))
            };
            let finding = case.finding(lead.person.span, message).help(help);
            case.report(finding.about(group.subject()));
        }
    }
}
