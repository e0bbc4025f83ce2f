//! Every seat is somebody's.

use base::{Code, Severity, counted};
use estate::Item;
use estate::kinds::{Group, Standing};

use super::election_overdue::{sitting, unfilled};
use crate::rule::rule;
use crate::{Case, NoParameters, Rule};

/// The rule.
pub(crate) static RULE: Rule = rule!(
    NoParameters,
    check,
    Code {
        id: "seats-filled",
        title: "A group has empty seats, or more people than seats",
        severity: Severity::Warning,
        page: "Majorities and quorums are counted of `seats.count`, so every empty seat is a vote against all that \
               needs one, and a person too many is a vote that nobody gave. Roles under `seats.reserved`, for \
               example one for testing, must be somebody's among those who sit. Only seats that are written down \
               are judged.\n\n\
               Fill the seat as the group's charter says, or correct `leads` or `seats`. Seats that an election \
               should have filled are reported by `election-overdue` instead.",
    },
    &[
        ("people/ada.yaml", "name: Ada\n"),
        (
            "groups/steering.yaml",
            "seats: {count: 2}\nleads: [{person: ada, role: member}]\n"
        ),
    ]
);

fn check(case: &mut Case<'_>, _: &NoParameters) {
    for group in case.estate.tables.groups.items() {
        let known = case.all_known(group.value.seated().map(|lead| &lead.person));
        if group.value.standing == Standing::Active && known {
            count(case, group);
            reserved(case, group);
        }
    }
}

fn count(case: &mut Case<'_>, group: &Item<Group>) {
    let seats = group.value.seats.as_ref();
    let Some(count) = seats.and_then(|seats| seats.count.as_ref()) else {
        return;
    };
    let (seats, people) = (count.value as usize, sitting(case, group));
    let empty = seats
        .saturating_sub(people)
        .saturating_sub(unfilled(case, group).len());
    let (message, help) = if people > seats {
        (
            format!(
                "{} in {} of {}",
                counted(people, "person sits", "people sit"),
                counted(seats, "seat", "seats"),
                group.subject()
            ),
            "correct `seats.count`, name the roles that come with a seat under `seats.roles`, or write `until`",
        )
    } else if empty > 0 {
        (
            format!(
                "{empty} of {} of {} {} empty",
                counted(seats, "seat", "seats"),
                group.subject(),
                if empty == 1 { "is" } else { "are" }
            ),
            "fill it as the group's charter says for vacancies",
        )
    } else {
        return;
    };
    let finding = case.finding(count.span, message).about(group.subject());
    case.report(finding.help(help));
}

fn reserved(case: &mut Case<'_>, group: &Item<Group>) {
    for seat in group.value.seats.iter().flat_map(|seats| &seats.reserved) {
        let held = group
            .value
            .leads_on(case.today)
            .filter(|lead| lead.role.eq_ignore_ascii_case(&seat.role));
        let people = case.humans(held.map(|lead| &lead.person)).len();
        if people < seat.count as usize {
            let message = format!(
                "{} for {} in {} {} empty",
                counted(
                    seat.count as usize - people,
                    "seat reserved",
                    "seats reserved"
                ),
                seat.role,
                group.subject(),
                if seat.count as usize - people == 1 {
                    "is"
                } else {
                    "are"
                }
            );
            let finding = case.finding(seat.role.span, message);
            case.report(
                finding
                    .about(group.subject())
                    .help("find somebody for the role, and name them under `leads`"),
            );
        }
    }
}
