//! Data do not stay for ever by accident.

use base::{Code, Severity};
use estate::kinds::Classification;

use crate::rule::rule;
use crate::{Case, NoParameters, Rule};

/// The rule.
pub(crate) static RULE: Rule = rule!(
    NoParameters,
    check,
    Code {
        id: "retention-present",
        title: "Nobody decided how long data are kept",
        severity: Severity::Warning,
        page: "Data that are not public and are kept without a decision grow into a liability, and often break a law. Write under \
               `data.retention` how long they are kept and why.",
    },
    &[(
        "services/mail.yaml",
        "name: Mail\nsummary: Sends mail.\nkind: off-the-shelf\ndata: {holds: Letters, classification: confidential}\n"
    )]
);

fn check(case: &mut Case<'_>, _: &NoParameters) {
    for service in case.estate.tables.services.items() {
        let Some(data) = &service.value.data else {
            continue;
        };
        if data.classification != Classification::Public && data.retention.is_none() {
            let message = format!(
                "nobody decided how long the {} data of {} are kept",
                data.classification,
                service.subject()
            );
            let finding = case.finding(data.holds.span, message);
            case.report(
                finding
                    .about(service.subject())
                    .help("add `data.retention`"),
            );
        }
    }
}
