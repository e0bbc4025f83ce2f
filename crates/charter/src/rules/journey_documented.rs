//! What users must be able to do is written down.

use base::{Code, Severity};

use crate::rule::rule;
use crate::{Case, NoParameters, Rule};

/// The rule.
pub(crate) static RULE: Rule = rule!(
    NoParameters,
    check,
    Code {
        id: "journey-documented",
        title: "A critical journey has no document",
        severity: Severity::Warning,
        page: "A journey that matters enough to be listed matters enough to be described: the steps, how it is watched, what \
               counts as broken. Name the document.",
    },
    &[(
        "services/mail.yaml",
        "name: Mail\nsummary: Sends mail.\nkind: off-the-shelf\njourneys: [{name: A letter arrives}]\n"
    )]
);

fn check(case: &mut Case<'_>, _: &NoParameters) {
    for service in case.estate.tables.services.items() {
        for journey in service
            .value
            .journeys
            .iter()
            .filter(|journey| journey.document.is_none())
        {
            let finding = case.finding(
                journey.name.span,
                format!(
                    "the journey \"{}\" of {} has no document",
                    journey.name,
                    service.subject()
                ),
            );
            case.report(
                finding
                    .about(service.subject())
                    .help("add `document` to the journey"),
            );
        }
    }
}
