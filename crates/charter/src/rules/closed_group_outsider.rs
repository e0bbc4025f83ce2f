//! Closed is closed.

use base::{Code, Severity};

use crate::rule::rule;
use crate::{Case, NoParameters, Rule};

/// The rule.
pub(crate) static RULE: Rule = rule!(
    NoParameters,
    check,
    Code {
        id: "closed-group-outsider",
        title: "A stranger is in a closed mailing group",
        severity: Severity::Error,
        page: "A closed mailing group is one that access or embargoed news is given to. An address in it that belongs to no person \
               and no mailing group of the estate is access for somebody nobody can name, and that nobody will take away \
               when they leave. Add the address to its person, or remove it from the group.",
    },
    &[(
        "mailing-groups/security.yaml",
        "email: security@example.org\nclosed: true\nmembers: [stranger@example.net]\n"
    )]
);

fn check(case: &mut Case<'_>, _: &NoParameters) {
    for group in case
        .estate
        .tables
        .mailing_groups
        .items()
        .filter(|group| group.value.closed)
    {
        for (role, email) in group.value.addresses() {
            if case.estate.address_book.whose(email).is_none() {
                let message = format!(
                    "{role} {email} of the closed {} is nobody the estate knows",
                    group.subject()
                );
                let finding = case.finding(email.span, message).about(group.subject());
                let alike = case.estate.address_book.differs_in_case(email);
                case.report(finding.help(alike.unwrap_or_else(|| {
                    "add the address to its person, or remove it here".to_owned()
                })));
            }
        }
    }
}
