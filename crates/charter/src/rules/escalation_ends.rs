//! Every call reaches a human in the end.

use base::{Code, Severity, Span};
use estate::Item;
use estate::kinds::{EscalationStep, Service, Standing};

use crate::rule::rule;
use crate::{Case, NoParameters, Rule};

/// The rule.
pub(crate) static RULE: Rule = rule!(
    NoParameters,
    check,
    Code {
        id: "escalation-ends",
        title: "An escalation does not end at a human",
        severity: Severity::Error,
        page: "When the person on call does not answer, somebody else must be called, and at the end of that way \
               must be a human. An escalation without steps, in a circle of services, to a group without leads, to a \
               person who has left, or to a service that nobody is called for, ends nowhere.",
    },
    &[
        ("people/ada.yaml", "name: Ada\n"),
        (
            "services/mail.yaml",
            "name: Mail\nsummary: Sends mail.\nkind: off-the-shelf\non_call:\n  rota: [ada]\n  escalation:\n    - service: mail\n",
        ),
    ]
);

/// Nobody waits through more services than these; what goes on has no end.
const LONGEST: usize = 32;

/// Where a step leads.
enum End {
    Human,
    Circle,
    Nobody(String),
}

fn check(case: &mut Case<'_>, _: &NoParameters) {
    for service in case.estate.tables.services.items() {
        let Some(on_call) = &service.value.on_call else {
            continue;
        };
        let Some(last) = on_call.escalation.last() else {
            let span = on_call
                .rota
                .first()
                .map_or(service.span, |first| first.span);
            let finding = case.finding(
                span,
                format!(
                    "nobody is called when the rota of {} does not answer",
                    service.subject()
                ),
            );
            case.report(
                finding
                    .about(service.subject())
                    .help("add `escalation` with a person, a group or a service"),
            );
            continue;
        };
        let mut visited = vec![service.name.clone()];
        let why = match end(case, last, &mut visited) {
            End::Human => continue,
            End::Circle => format!("goes in a circle: {}", visited.join(" → ")),
            End::Nobody(reason) => format!("reaches nobody: {reason}"),
        };
        let message = format!("the escalation of {} {why}", service.subject());
        let finding = case
            .finding(place(last, service), message)
            .about(service.subject());
        case.report(finding.help("let the last step be a person, or a group that has leads"));
    }
}

fn end(case: &Case<'_>, step: &EscalationStep, visited: &mut Vec<String>) -> End {
    if let Some(person) = &step.person {
        if !case.all_known([person]) {
            return End::Human; // a reference that leads nowhere has been reported as such
        }
        return if case.humans([person]).is_empty() {
            End::Nobody(format!("{person} has left or is a robot"))
        } else {
            End::Human
        };
    }
    if let Some(group) = step
        .group
        .as_ref()
        .and_then(|group| case.estate.find(group))
    {
        let leads = case.humans(group.value.leads_on(case.today).map(|lead| &lead.person));
        let reachable = group.value.standing == Standing::Active && !leads.is_empty();
        return if reachable {
            End::Human
        } else {
            End::Nobody(format!("{} has no leads", group.subject()))
        };
    }
    let Some(service) = step
        .service
        .as_ref()
        .and_then(|service| case.estate.find(service))
    else {
        return End::Human; // a reference that leads nowhere has been reported as such
    };
    let circle = visited.contains(&service.name) || visited.len() > LONGEST;
    visited.push(service.name.clone());
    match &service.value.on_call {
        _ if circle => End::Circle,
        None => End::Nobody(format!("nobody is called for {}", service.subject())),
        Some(on_call) => match on_call.escalation.last() {
            Some(next) => end(case, next, visited),
            None if case.humans(&on_call.rota).is_empty() => {
                End::Nobody(format!("the rota of {} is empty", service.subject()))
            }
            None => End::Human,
        },
    }
}

fn place(step: &EscalationStep, service: &Item<Service>) -> Span {
    let person = step.person.as_ref().map(|person| person.span);
    let group = step.group.as_ref().map(|group| group.span);
    let next = step.service.as_ref().map(|next| next.span);
    person.or(group).or(next).unwrap_or(service.span)
}
