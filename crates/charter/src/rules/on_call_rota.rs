//! Enough people to call.

use base::{Code, Severity};
use estate::kinds::Criticality;
use yaml::record;

use crate::rule::rule;
use crate::{Case, Rule};

record! {
    /// How many take turns.
    pub struct Parameters {
        /// The fewest distinct people in a rota.
        pub minimum: u32 = 3,
    }
}

/// The rule.
pub(crate) static RULE: Rule = rule!(
    Parameters,
    check,
    Code {
        id: "on-call-rota",
        title: "A critical service has no rota, or a rota has too few people",
        severity: Severity::Error,
        page: "Being on call must not be a life sentence: with fewer than three people somebody is on call every \
               other week, and nobody when one of them is ill. A service called critical needs a rota; any rota \
               needs enough distinct people who are still there. If nobody will take turns, the service is not \
               critical, and saying so is honest.",
    },
    &[
        ("people/ada.yaml", "name: Ada\n"),
        (
            "services/mail.yaml",
            "name: Mail\nsummary: Sends mail.\nkind: off-the-shelf\non_call:\n  rota: [ada]\n",
        ),
    ]
);

fn check(case: &mut Case<'_>, with: &Parameters) {
    for service in case.estate.tables.services.items() {
        let Some(on_call) = &service.value.on_call else {
            if service.value.criticality == Criticality::Critical {
                let finding = case.finding(
                    service.span,
                    format!(
                        "{} is critical and nobody is called when it fails",
                        service.subject()
                    ),
                );
                case.report(
                    finding
                        .about(service.subject())
                        .help("add `on_call` with a rota and an escalation"),
                );
            }
            continue;
        };
        if !case.all_known(&on_call.rota) {
            continue;
        }
        let people = case.humans(&on_call.rota).len();
        if people < with.minimum as usize {
            let span = on_call
                .rota
                .first()
                .map_or(service.span, |first| first.span);
            let message = format!(
                "the rota of {} has {}, fewer than {}",
                service.subject(),
                base::counted(people, "person", "people"),
                with.minimum
            );
            let finding = case.finding(span, message).about(service.subject());
            case.report(
                finding
                    .help("find people to take turns, or share the rota of a neighbouring service"),
            );
        }
    }
}
