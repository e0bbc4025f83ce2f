//! What to do when it fails is written down.

use base::{Code, Severity};

use crate::rule::rule;
use crate::{Case, NoParameters, Rule};

/// The rule.
pub(crate) static RULE: Rule = rule!(
    NoParameters,
    check,
    Code {
        id: "runbook-present",
        title: "A service that matters has no runbook",
        severity: Severity::Error,
        page: "At three in the morning nobody reads source code. A service that is critical or holds data needs a runbook: \
               how to see what is wrong, how to stop the bleeding, whom to tell. Name it under `administration.runbook`.",
    },
    &[(
        "services/mail.yaml",
        "name: Mail\nsummary: Sends mail.\nkind: off-the-shelf\ndata: {holds: Letters, classification: confidential}\n"
    )]
);

fn check(case: &mut Case<'_>, _: &NoParameters) {
    for service in case
        .estate
        .tables
        .services
        .items()
        .filter(|service| service.value.holds_data_or_is_critical())
    {
        let runbook = service
            .value
            .administration
            .as_ref()
            .and_then(|by| by.runbook.as_ref());
        if runbook.is_none() {
            let finding = case.finding(
                service.span,
                format!("{} has no runbook", service.subject()),
            );
            case.report(
                finding
                    .about(service.subject())
                    .help("add `administration.runbook` with a link to it"),
            );
        }
    }
}
