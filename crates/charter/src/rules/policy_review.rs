//! Policies have an owner who looks at them.

use std::collections::HashMap;

use base::{Code, Severity, Span};
use estate::kinds::Standing;

use crate::rule::rule;
use crate::{Case, NoParameters, Rule};

/// The rule.
pub(crate) static RULE: Rule = rule!(
    NoParameters,
    check,
    Code {
        id: "policy-review",
        title: "A policy has not been looked at in time, or its owner is not one group at work",
        severity: Severity::Warning,
        page: "A policy that nobody answers for binds everybody and can be changed by nobody. A group lists the \
               policies it answers for under `policies`, each with the day by which it looks at it again. This \
               finds those whose day is over, those of a group that is closed, and those that two groups claim.\n\n\
               Look at the policy, change or keep it, and write the next day; pass on what a closed group left.",
    },
    &[(
        "groups/infra.yaml",
        "policies: [{title: Naming, url: https://example.org/naming, review: 2020-12-31}]\n"
    )]
);

fn check(case: &mut Case<'_>, _: &NoParameters) {
    let mut owners: HashMap<&str, (String, Span)> = HashMap::new();
    for group in case.estate.tables.groups.items() {
        let subject = group.subject();
        for policy in &group.value.policies {
            let title = &policy.title;
            let url = policy.url.trim_end_matches('/');
            if let Some((other, span)) = owners.get(url) {
                let message =
                    format!("{subject} and {other} both answer for the policy \"{title}\"");
                let finding = case.finding(title.span, message).related(*span, "and here");
                case.report(
                    finding
                        .about(subject.clone())
                        .help("leave it with one of them"),
                );
                continue;
            }
            owners.insert(url, (subject.clone(), title.span));
            let (span, message, help) = if group.value.standing != Standing::Active {
                (
                    title.span,
                    format!("nobody answers for the policy \"{title}\": {subject} is closed"),
                    "pass it on to a group that is at work, or withdraw the policy",
                )
            } else if policy.review.value < case.today {
                (
                    policy.review.span,
                    format!(
                        "{subject} should have looked at the policy \"{title}\" by {}",
                        policy.review
                    ),
                    "change or keep it, and write the next day under `review`",
                )
            } else {
                continue;
            };
            let finding = case.finding(span, message).about(subject.clone());
            case.report(finding.help(help));
        }
    }
}
