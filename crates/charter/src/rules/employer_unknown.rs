//! Employers that are not known cannot be counted.

use base::{Code, Severity};

use crate::bodies::bodies;
use crate::rule::rule;
use crate::{Case, NoParameters, Rule};

/// The rule.
pub(crate) static RULE: Rule = rule!(
    NoParameters,
    check,
    Code {
        id: "employer-unknown",
        title: "The employer of somebody who answers for something is not known",
        severity: Severity::Warning,
        page: "The share of an employer can only be judged if everybody's employer is known. Give the person an \
               entry under `employers`; `Independent` is an answer too.",
    },
    &[
        ("people/ada.yaml", "name: Ada\n"),
        (
            "services/mail.yaml",
            "name: Mail\nsummary: Sends mail.\nkind: off-the-shelf\nstaff: [ada]\n"
        ),
    ]
);

fn check(case: &mut Case<'_>, _: &NoParameters) {
    let mut reported = std::collections::HashSet::new();
    for body in bodies(case) {
        for (person, span) in body.people {
            if person.value.employer_on(case.today).is_none()
                && reported.insert(person.name.as_str())
            {
                let message = format!("nobody knows who {} works for", person.subject());
                let finding = case.finding(span, message).about(person.subject());
                case.report(
                    finding.help(format!("add `employers` to people/{}.yaml", person.name)),
                );
            }
        }
    }
}
