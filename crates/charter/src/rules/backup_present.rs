//! Data come back.

use base::{Code, Severity};

use crate::rule::rule;
use crate::{Case, NoParameters, Rule};

/// The rule.
pub(crate) static RULE: Rule = rule!(
    NoParameters,
    check,
    Code {
        id: "backup-present",
        title: "A service holds data without a backup",
        severity: Severity::Error,
        page: "Data without a copy are lost by the first mistake. If they can be made again from something else, say so by \
               naming that as the backup: `backup: {to: rebuilt from the Git repository}`.",
    },
    &[(
        "services/mail.yaml",
        "name: Mail\nsummary: Sends mail.\nkind: off-the-shelf\ndata: {holds: Letters, classification: confidential}\n"
    )]
);

fn check(case: &mut Case<'_>, _: &NoParameters) {
    for service in case.estate.tables.services.items() {
        let without = service
            .value
            .data
            .as_ref()
            .filter(|data| data.backup.is_none());
        if let Some(data) = without {
            let message = format!("the data of {} have no backup", service.subject());
            let finding = case
                .finding(data.holds.span, message)
                .about(service.subject());
            case.report(finding.help("add `data.backup`, with where the copy is"));
        }
    }
}
