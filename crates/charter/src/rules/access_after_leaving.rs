//! Access ends with belonging.

use std::collections::{HashMap, HashSet};

use base::{Code, Diagnostic, Severity, Span};
use estate::kinds::Person;
use estate::{Addressee, Item, KindId};

use crate::rule::rule;
use crate::{Case, NoParameters, Rule};

/// The rule.
pub(crate) static RULE: Rule = rule!(
    NoParameters,
    check,
    Code {
        id: "access-after-leaving",
        title: "Somebody keeps access after leaving",
        severity: Severity::Error,
        page: "Somebody in a team who is not a member of its organisation is either about to be invited back by the \
               next sync or keeps access that nobody thinks they have. Somebody who has left the project must be in no \
               team, organisation or mailing group, on no rota and no staff.\n\n\
               Remove them there; if they came back, add them to the organisation or remove `left`.",
    },
    &[
        ("people/ada.yaml", "name: Ada\n"),
        ("people/bob.yaml", "name: Bob\n"),
        ("organisations/org.yaml", "admins: [bob]\n"),
        (
            "teams/org/readers.yaml",
            "organisation: org\nmembers: [ada]\n"
        ),
    ]
);

fn check(case: &mut Case<'_>, _: &NoParameters) {
    let mut findings = Vec::new();
    outside_their_organisation(case, &mut findings);
    left(case, &mut findings);
    case.findings.extend(findings);
}

fn outside_their_organisation(case: &Case<'_>, findings: &mut Vec<Diagnostic>) {
    let estate = case.estate;
    let mut members: HashMap<&str, HashSet<&str>> = HashMap::new();
    let flawed = |name: &str| estate.tables.is_flawed(KindId::Organisation, name);
    if estate.tables.organisations.is_incomplete() {
        return;
    }
    for organisation in estate
        .tables
        .organisations
        .items()
        .filter(|org| !flawed(&org.name))
    {
        let people = organisation
            .value
            .people()
            .filter_map(|person| estate.find(person));
        members.insert(
            &organisation.name,
            people.map(|person| person.name.as_str()).collect(),
        );
    }
    for team in estate.tables.teams.items() {
        let Some(organisation) = team
            .value
            .organisation
            .as_ref()
            .and_then(|org| estate.find(org))
        else {
            continue;
        };
        let Some(members) = members.get(organisation.name.as_str()) else {
            continue;
        };
        for reference in team.value.people() {
            let Some(person) = estate.find(reference) else {
                continue;
            };
            if !members.contains(person.name.as_str()) && !person.value.has_left(case.today) {
                let message = format!(
                    "{} is in {} and not in {}",
                    person.subject(),
                    team.subject(),
                    organisation.subject()
                );
                let finding = case.finding(reference.span, message).about(team.subject());
                findings.push(
                    finding.help("remove them from the team, or add them to the organisation"),
                );
            }
        }
    }
}

fn left(case: &Case<'_>, findings: &mut Vec<Diagnostic>) {
    let estate = case.estate;
    let gone = |person: &&Item<Person>| person.value.has_left(case.today);
    let mut report = |person: &Item<Person>, span: Span, subject: String| {
        let finding = case.finding(
            span,
            format!("{} has left and is still in {subject}", person.subject()),
        );
        findings.push(
            finding
                .about(subject)
                .help("remove them, or remove `left` if they came back"),
        );
    };
    for team in estate.tables.teams.items() {
        for reference in team.value.people() {
            if let Some(person) = estate.find(reference).filter(gone) {
                report(person, reference.span, team.subject());
            }
        }
    }
    for organisation in estate.tables.organisations.items() {
        for reference in organisation.value.people() {
            if let Some(person) = estate.find(reference).filter(gone) {
                report(person, reference.span, organisation.subject());
            }
        }
    }
    for group in estate.tables.mailing_groups.items() {
        for (_, email) in group.value.addresses() {
            let Some(Addressee::Person(name)) = estate.address_book.whose(email) else {
                continue;
            };
            if let Some(person) = estate.tables.people.get(name).filter(gone) {
                report(person, email.span, group.subject());
            }
        }
    }
    for service in estate.tables.services.items() {
        let rota = service
            .value
            .on_call
            .iter()
            .flat_map(|on_call| &on_call.rota);
        for reference in service.value.staff.iter().chain(rota) {
            if let Some(person) = estate.find(reference).filter(gone) {
                report(person, reference.span, service.subject());
            }
        }
    }
}
