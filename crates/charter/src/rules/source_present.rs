//! What we wrote, we can change.

use base::{Code, Severity};
use estate::kinds::Build;

use crate::rule::rule;
use crate::{Case, NoParameters, Rule};

/// The rule.
pub(crate) static RULE: Rule = rule!(
    NoParameters,
    check,
    Code {
        id: "source-present",
        title: "The source of a custom service is not known",
        severity: Severity::Error,
        page: "The project wrote it, and nobody can say where: it cannot be mended, audited or moved. Name the repository under \
               `source`.",
    },
    &[(
        "services/bot.yaml",
        "name: Bot\nsummary: Answers.\nkind: custom\n"
    )]
);

fn check(case: &mut Case<'_>, _: &NoParameters) {
    for service in case.estate.tables.services.items() {
        if service.value.kind == Build::Custom && service.value.source.is_empty() {
            let finding = case.finding(
                service.span,
                format!("nobody knows where the source of {} is", service.subject()),
            );
            case.report(
                finding
                    .about(service.subject())
                    .help("add `source` with its repository"),
            );
        }
    }
}
