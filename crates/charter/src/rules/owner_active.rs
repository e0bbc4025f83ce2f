//! Owners are at work.

use base::{Code, Severity};
use estate::kinds::Standing;

use crate::rule::rule;
use crate::{Case, NoParameters, Rule};

/// The rule.
pub(crate) static RULE: Rule = rule!(
    NoParameters,
    check,
    Code {
        id: "owner-active",
        title: "The owner of a service is a retired group",
        severity: Severity::Error,
        page: "A group that has been closed answers for nothing. Before it retires, each of its services needs \
               another owner.",
    },
    &[
        ("groups/old.yaml", "title: Old\nstanding: retired\n"),
        (
            "services/mail.yaml",
            "name: Mail\nsummary: Sends mail.\nkind: off-the-shelf\nowner: old\n"
        ),
    ]
);

fn check(case: &mut Case<'_>, _: &NoParameters) {
    for service in case.estate.tables.services.items() {
        let Some(owner) = &service.value.owner else {
            continue;
        };
        let Some(group) = case.estate.find(owner) else {
            continue;
        };
        if group.value.standing == Standing::Retired {
            let message = format!(
                "{} is owned by {}, which is retired",
                service.subject(),
                group.subject()
            );
            let finding = case.finding(owner.span, message).about(service.subject());
            case.report(
                finding
                    .related(group.span, "retired here")
                    .help("name a group that works"),
            );
        }
    }
}
