//! Every service has an owner.

use base::{Code, Severity};

use crate::rule::rule;
use crate::{Case, NoParameters, Rule};

/// The rule.
pub(crate) static RULE: Rule = rule!(
    NoParameters,
    check,
    Code {
        id: "owner-present",
        title: "Nobody owns a service",
        severity: Severity::Error,
        page: "A service that no group answers for is found out when it fails, or when its bill is due. Name the \
               group under `owner`; if none wants it, the service is a candidate for retirement.",
    },
    &[(
        "services/mail.yaml",
        "name: Mail\nsummary: Sends mail.\nkind: off-the-shelf\n"
    )]
);

fn check(case: &mut Case<'_>, _: &NoParameters) {
    for service in case
        .estate
        .tables
        .services
        .items()
        .filter(|service| service.value.owner.is_none())
    {
        let finding = case.finding(service.span, format!("nobody owns {}", service.subject()));
        case.report(
            finding
                .about(service.subject())
                .help("add `owner:` with the group that answers for it"),
        );
    }
}
