//! A file of owners has one group.

use base::{Code, Severity};

use crate::rule::rule;
use crate::{Case, NoParameters, Rule};

/// The rule.
pub(crate) static RULE: Rule = rule!(
    NoParameters,
    check,
    Code {
        id: "subproject-twice",
        title: "Two groups claim the same subproject",
        severity: Severity::Warning,
        page: "The same owners file stands under subprojects of two groups, so both answer for it, or each thinks the other does. \
               Decide which; the other may be a stakeholder.",
    },
    &[
        (
            "groups/a.yaml",
            "title: A\nsubprojects: [{name: x, owners: [\"https://example.org/o/r/OWNERS\"]}]\n"
        ),
        (
            "groups/b.yaml",
            "title: B\nsubprojects: [{name: x, owners: [\"https://example.org/o/r/OWNERS\"]}]\n"
        ),
    ]
);

fn check(case: &mut Case<'_>, _: &NoParameters) {
    let mut first = std::collections::HashMap::new();
    for group in case.estate.tables.groups.items() {
        for owners in group
            .value
            .subprojects
            .iter()
            .flat_map(|subproject| &subproject.owners)
        {
            let (claimant, span) = *first
                .entry(owners.value.as_str())
                .or_insert((group.name.as_str(), owners.span));
            if claimant != group.name {
                let message = format!(
                    "{} claims what group/{claimant} claims too",
                    group.subject()
                );
                let finding = case.finding(owners.span, message).about(group.subject());
                case.report(
                    finding
                        .related(span, "claimed here")
                        .help("decide which group answers for it"),
                );
            }
        }
    }
}
