//! Who writes to a group hears from it.

use base::{Code, Severity, Span};
use estate::kinds::{Channel, Contact, Group, Promise, Standing};
use estate::{Item, Period, PeriodUnit};

use crate::rule::rule;
use crate::{Case, NoParameters, Rule};

/// The rule.
pub(crate) static RULE: Rule = rule!(
    NoParameters,
    check,
    Code {
        id: "promise-kept",
        title: "A group does not respond as it has promised",
        severity: Severity::Warning,
        page: "A promise of a first response is worth what is measured of it. Under `promises` a group says per \
               channel how soon somebody answers; `measured` says within which time nine of ten had an answer. \
               This finds promises that were not kept, those measured in a unit that cannot be compared (elapsed \
               time and business time cannot), and those for a channel that the group's `contact` does not name.\n\n\
               Find more people for the channel, promise what can be kept, or close the channel.",
    },
    &[(
        "groups/infra.yaml",
        "promises: [{channel: issues, first_response: 2bd, measured: {p90: 5bd, on: 2020-12-31}}]\n"
    )]
);

fn check(case: &mut Case<'_>, _: &NoParameters) {
    for group in case.estate.tables.groups.items() {
        if group.value.standing != Standing::Active {
            continue;
        }
        for promise in &group.value.promises {
            if let Some((span, message, help)) = fault(group, promise) {
                let finding = case.finding(span, message).about(group.subject());
                case.report(finding.help(help));
            }
        }
    }
}

fn fault(group: &Item<Group>, promise: &Promise) -> Option<(Span, String, &'static str)> {
    let (subject, channel) = (group.subject(), &promise.channel);
    if !has(group.value.contact.as_ref(), channel.value) {
        let message = format!("{subject} promises to answer on {channel}, and has none");
        return Some((channel.span, message, "name the channel under `contact`"));
    }
    let p90 = &promise.measured.as_ref()?.p90;
    let promised = promise.first_response;
    match (hours(p90.value), hours(promised)) {
        ((one, _), (other, _)) if one != other => {
            let message =
                format!("{p90} cannot be compared with the {promised} that {subject} promises");
            let help =
                "measure elapsed time (`h`, `d`) or business time (`bh`, `bd`, `wh`) as promised";
            Some((p90.span, message, help))
        }
        ((_, took), (_, promised_hours)) if took > promised_hours => {
            let message = format!(
                "{subject} promises an answer on {channel} within {promised}; nine of ten took {p90}"
            );
            let help = "find more people for it, or promise what can be kept";
            Some((p90.span, message, help))
        }
        _ => None,
    }
}

/// Whether only business time counts, and how many hours of it, 24 a business day.
fn hours(period: Period) -> (bool, u64) {
    let amount = u64::from(period.amount);
    match period.unit {
        PeriodUnit::Hours => (false, amount),
        PeriodUnit::Days => (false, amount * 24),
        PeriodUnit::BusinessHours => (true, amount),
        PeriodUnit::BusinessDays => (true, amount * 24),
        // Eight of them are a business day.
        PeriodUnit::WorkingHours => (true, amount * 3),
    }
}

/// Whether a group can be written to there; everybody has issues and pull requests.
fn has(contact: Option<&Contact>, channel: Channel) -> bool {
    match channel {
        Channel::Chat => contact.is_some_and(|contact| contact.chat.is_some()),
        Channel::MailingList => contact.is_some_and(|contact| contact.mailing_list.is_some()),
        Channel::PrivateMailingList => {
            contact.is_some_and(|contact| contact.private_mailing_list.is_some())
        }
        Channel::Issues | Channel::PullRequests => true,
    }
}
