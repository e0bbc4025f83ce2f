//! Nothing rests on what nobody owns.

use base::{Code, Severity};
use estate::kinds::Standing;

use crate::rule::rule;
use crate::{Case, NoParameters, Rule};

/// The rule.
pub(crate) static RULE: Rule = rule!(
    NoParameters,
    check,
    Code {
        id: "depends-on-unowned",
        title: "A service depends on what nobody owns",
        severity: Severity::Error,
        page: "However well a service is run, it is no better than what it stands on. Find an owner for the other service, or stop \
               depending on it.",
    },
    &[
        (
            "services/disk.yaml",
            "name: Disk\nsummary: Keeps.\nkind: off-the-shelf\n"
        ),
        (
            "services/mail.yaml",
            "name: Mail\nsummary: Sends.\nkind: off-the-shelf\ndepends_on: [{service: disk, how: writes}]\n"
        ),
    ]
);

fn check(case: &mut Case<'_>, _: &NoParameters) {
    let estate = case.estate;
    for service in estate.tables.services.items() {
        for dependency in service
            .value
            .depends_on
            .iter()
            .filter(|dependency| !dependency.optional)
        {
            let Some(other) = estate.find(&dependency.service) else {
                continue;
            };
            let owner = other.value.owner.as_ref();
            // An owner that does not exist has been reported as a reference that leads nowhere.
            let owned = owner.is_some_and(|owner| {
                estate
                    .find(owner)
                    .is_none_or(|group| group.value.standing == Standing::Active)
            });
            if !owned {
                let message = format!(
                    "{} depends on {}, which nobody owns",
                    service.subject(),
                    other.subject()
                );
                let finding = case
                    .finding(dependency.service.span, message)
                    .about(service.subject());
                case.report(
                    finding
                        .related(other.span, "no active owner")
                        .help("find it an owner, or depend on something else"),
                );
            }
        }
    }
}
