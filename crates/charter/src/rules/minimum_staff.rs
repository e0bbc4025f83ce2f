//! Enough people.

use base::{Code, Severity};
use yaml::record;

use crate::bodies::bodies;
use crate::rule::rule;
use crate::{Case, Rule};

record! {
    /// How many are enough, and for how long fewer may do.
    pub struct Parameters {
        /// The fewest distinct people.
        pub minimum: u32 = 3,
        /// Days from a service's start or a group's formation during which fewer are allowed.
        pub grace_days: u32 = 0,
    }
}

/// The rule.
pub(crate) static RULE: Rule = rule!(
    Parameters,
    check,
    Code {
        id: "minimum-staff",
        title: "A service or group has too few people",
        severity: Severity::Error,
        page: "One person goes on holiday, one leaves, and the last has the password. Every service needs enough \
               staff, and every active group enough leads, that it survives both. Distinct humans count: robots and \
               people who have left do not, and one person in two roles is one person.\n\n\
               Find a further person, let the owning group adopt the service, or retire it.",
    },
    &[
        ("people/ada.yaml", "name: Ada\n"),
        ("groups/infra.yaml", "standing: retired\n"),
        (
            "services/mail.yaml",
            "name: Mail\nsummary: Sends mail.\nkind: off-the-shelf\nowner: infra\nstaff: [ada]\n"
        ),
    ]
);

fn check(case: &mut Case<'_>, with: &Parameters) {
    for body in bodies(case) {
        let count = body.people.len();
        if count >= with.minimum as usize || case.in_grace(body.since, with.grace_days) {
            continue;
        }
        let fewer = match count {
            0 => format!("nobody among its {}", body.called),
            1 => format!("one person among its {}", body.called),
            count => format!("{count} people among its {}", body.called),
        };
        let message = format!("{} has {fewer}; {} are needed", body.subject, with.minimum);
        let missing = with.minimum as usize - count;
        let finding = case.finding(body.span, message).about(body.subject);
        case.report(finding.help(format!(
            "{missing} more {} needed under `{}`",
            if missing == 1 { "is" } else { "are" },
            body.called
        )));
    }
}
