//! Nobody is listed for nothing.

use base::{Code, Severity};

use crate::rule::rule;
use crate::{Case, NoParameters, Rule};

/// The rule.
pub(crate) static RULE: Rule = rule!(
    NoParameters,
    check,
    Code {
        id: "person-idle",
        title: "Nothing names a person",
        severity: Severity::Note,
        page: "The person has a file and no role, team, group or address that anything uses. They may have ended a role, or a \
               reference to them is missing. If they left, set `left`; if they never came, remove the file.",
    },
    &[("people/ada.yaml", "name: Ada\n")]
);

fn check(case: &mut Case<'_>, _: &NoParameters) {
    let estate = case.estate;
    let approving: std::collections::HashSet<String> = estate
        .ownership
        .iter()
        .flat_map(estate::OwnersTree::logins)
        .map(|login| login.to_lowercase())
        .collect();
    for person in estate
        .tables
        .people
        .items()
        .filter(|person| person.value.left.is_none())
    {
        let named = estate
            .node_of(person)
            .is_some_and(|node| estate.graph.incoming(node).next().is_some());
        let approves = || {
            person
                .value
                .handles
                .github
                .iter()
                .any(|login| approving.contains(&login.to_lowercase()))
        };
        if !named && !approves() && !approving.contains(&person.name) {
            let finding = case.finding(person.span, format!("nothing names {}", person.subject()));
            case.report(
                finding
                    .about(person.subject())
                    .help("give them a role, set `left`, or remove the file"),
            );
        }
    }
}
