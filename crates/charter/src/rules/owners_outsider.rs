//! Approvers belong.

use std::collections::BTreeMap;

use crate::rule::rule;
use crate::{Case, NoParameters, Rule};
use base::{Code, Severity, Spanned};

/// The rule.
pub(crate) static RULE: Rule = rule!(
    NoParameters,
    check,
    Code {
        id: "owners-outsider",
        title: "An owners file names somebody outside every organisation",
        severity: Severity::Warning,
        page: "Approvals by somebody who is in no organisation of the community are ignored by most bots, so the file \
               promises a reviewer who cannot review, or they count, which is worse. Move them to the file's emeritus \
               list, or restore the membership. Where the estate declares no organisations, nobody is outside.",
    },
    &[]
);

fn check(case: &mut Case<'_>, _: &NoParameters) {
    let Some(members) = case.organisation_members() else {
        return;
    };
    let estate = case.estate;
    let mut findings = Vec::new();
    for tree in &estate.ownership {
        let mut outsiders: BTreeMap<String, (&Spanned<String>, usize)> = BTreeMap::new();
        for login in tree.logins() {
            let person = estate.tables.people.get(login);
            if person.is_some_and(|person| !members.contains(person.name.as_str())) {
                outsiders
                    .entry(login.to_lowercase())
                    .or_insert((login, 0))
                    .1 += 1;
            }
        }
        for (login, count) in outsiders.into_values() {
            let times = if count == 1 {
                String::new()
            } else {
                format!(", {count} times")
            };
            let message = format!(
                "{login} is an owner in {}{times}, and in no organisation",
                tree.repository
            );
            let finding = case
                .finding(login.span, message)
                .about(format!("person/{}", login.to_lowercase()));
            findings
                .push(finding.help("move them to the emeritus list, or restore the membership"));
        }
    }
    case.findings.extend(findings);
}
