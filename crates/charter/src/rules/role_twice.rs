//! One role a person in one list.

use base::{Code, Severity};

use crate::rule::rule;
use crate::{Case, NoParameters, Rule};

/// The rule.
pub(crate) static RULE: Rule = rule!(
    NoParameters,
    check,
    Code {
        id: "role-twice",
        title: "A person is in a list twice",
        severity: Severity::Error,
        page: "A person who is both admin and member of an organisation, both maintainer and member of a team, or twice in one \
               role, has two answers to what they may do; which one a forge applies depends on the order of calls.",
    },
    &[
        ("people/ada.yaml", "name: Ada\n"),
        ("teams/readers.yaml", "maintainers: [ada]\nmembers: [ada]\n")
    ]
);

fn check(case: &mut Case<'_>, _: &NoParameters) {
    let estate = case.estate;
    let teams = estate
        .tables
        .teams
        .items()
        .map(|team| (team.subject(), team.value.people().collect::<Vec<_>>()));
    let organisations = estate.tables.organisations.items();
    let organisations =
        organisations.map(|org| (org.subject(), org.value.people().collect::<Vec<_>>()));
    for (subject, people) in teams.chain(organisations) {
        let mut first = std::collections::HashMap::new();
        for reference in people {
            let Some(person) = estate.find(reference) else {
                continue;
            };
            if let Some(earlier) = first.insert(person.name.as_str(), reference.span) {
                let finding = case.finding(
                    reference.span,
                    format!("{} is in {subject} twice", person.subject()),
                );
                case.report(
                    finding
                        .related(earlier, "first here")
                        .about(subject.clone())
                        .help("keep the role that is meant"),
                );
            }
        }
    }
}
