//! What a vendor holds is on its way to us.

use base::{Code, Severity};
use estate::kinds::Holder;

use crate::rule::rule;
use crate::{Case, NoParameters, Rule};

/// The rule.
pub(crate) static RULE: Rule = rule!(
    NoParameters,
    check,
    Code {
        id: "vendor-without-migration",
        title: "A vendor holds a service, and nothing moves it",
        severity: Severity::Warning,
        page: "A service in an account that a vendor holds can be ended by that vendor, and is run by people whom the community \
               cannot name. Declare a `migration` away from that account, or an exception with the decision to stay.",
    },
    &[
        (
            "accounts/theirs.yaml",
            "provider: cloud\nid: theirs\nholder: vendor\nvendor: Aurora\n"
        ),
        (
            "services/mail.yaml",
            "name: Mail\nsummary: Sends.\nkind: off-the-shelf\nruns_at: [{account: theirs}]\n"
        ),
    ]
);

fn check(case: &mut Case<'_>, _: &NoParameters) {
    let estate = case.estate;
    for service in estate.tables.services.items() {
        for place in &service.value.runs_at {
            let Some(account) = estate.find(&place.account) else {
                continue;
            };
            let moves = service
                .value
                .migration
                .as_ref()
                .is_some_and(|migration| migration.from.same(&place.account));
            if account.value.holder == Holder::Vendor && !moves {
                let vendor = account.value.vendor.as_deref().unwrap_or("a vendor");
                let message = format!(
                    "{} runs at {}, held by {vendor}, and nothing moves it",
                    service.subject(),
                    account.subject()
                );
                let finding = case
                    .finding(place.account.span, message)
                    .about(service.subject());
                case.report(finding.help(format!(
                    "add `migration: {{from: {}, to: ...}}`, or have staying decided",
                    account.name
                )));
            }
        }
    }
}
