//! Office hours are at a time.

use base::{Code, Severity};
use estate::kinds::OfficeHours;

use crate::rule::rule;
use crate::{Case, NoParameters, Rule};

/// The rule.
pub(crate) static RULE: Rule = rule!(
    NoParameters,
    check,
    Code {
        id: "office-hours",
        title: "Office hours are at no time that a calendar could show",
        severity: Severity::Error,
        page: "Whoever wants to come must find the hour in their calendar. Office hours need a day of the week and a \
               length between a minute and a day; every second week needs a day from which the weeks are counted, \
               one of those on which they are held.\n\n\
               Write `days`, `minutes` and `first`.",
    },
    &[(
        "groups/infra.yaml",
        "office_hours: [{days: [tuesday], start: \"17:00\", time_zone: UTC, every_weeks: 2}]\n"
    )]
);

fn check(case: &mut Case<'_>, _: &NoParameters) {
    for group in case.estate.tables.groups.items() {
        for hours in &group.value.office_hours {
            let Some(fault) = fault(hours) else {
                continue;
            };
            let message = format!("the office hours of {} {fault}", group.subject());
            let finding = case
                .finding(hours.start.span, message)
                .about(group.subject());
            case.report(finding.help("correct `days`, `minutes`, `every_weeks` or `first`"));
        }
    }
}

fn fault(hours: &OfficeHours) -> Option<String> {
    if hours.days.is_empty() {
        return Some("are on no day of the week".to_owned());
    }
    if !(1..=24 * 60).contains(&hours.minutes) {
        return Some(format!("last {} minutes", hours.minutes));
    }
    if !(1..=52).contains(&hours.every_weeks) {
        return Some(format!("are held every {} weeks", hours.every_weeks));
    }
    match hours.first {
        None if hours.every_weeks > 1 => Some(format!(
            "are held every {} weeks, counted from no day",
            hours.every_weeks
        )),
        Some(first) => {
            let day = first.weekday().to_monday_zero_offset();
            let held = hours.days.iter().any(|own| *own as i8 == day);
            (!held).then(|| format!("are counted from {first}, a day on which they are not held"))
        }
        None => None,
    }
}
