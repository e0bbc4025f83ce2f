//! Every group knows how it decides.

use base::{Code, Severity};
use estate::kinds::Standing;

use crate::rule::rule;
use crate::{Case, NoParameters, Rule};

/// The rule.
pub(crate) static RULE: Rule = rule!(
    NoParameters,
    check,
    Code {
        id: "decision-procedure",
        title: "A group has no procedure by which it decides",
        severity: Severity::Error,
        page: "Where it is not written down how a group decides, it is argued about when it matters most. A group \
               names a procedure of the charter under `decides_by`; one that names none decides by \
               `decisions.procedure`, if the charter has it. Estates whose charter has no `decisions.procedures` \
               are not judged, nor are groups that are closed.\n\n\
               Name a procedure in the group's file, or one for all groups as `decisions.procedure` in the charter.",
    },
    &[
        (
            "charter.yaml",
            "decisions:\n  procedures:\n    routine: {review: {count: 1, by: [owners]}, expires: 30d}\n",
        ),
        ("groups/infra.yaml", "title: Infra\n"),
    ]
);

fn check(case: &mut Case<'_>, _: &NoParameters) {
    let decisions = &case.charter.decisions;
    if decisions.procedures.is_empty() || decisions.procedure.is_some() {
        return;
    }
    for group in case.estate.tables.groups.items() {
        if group.value.standing == Standing::Active && group.value.decides_by.is_none() {
            let message = format!("{} names no procedure by which it decides", group.subject());
            let finding = case.finding(group.span, message).about(group.subject());
            case.report(finding.help(
                "add `decides_by` to the group, or `decisions.procedure` to the charter for all",
            ));
        }
    }
}
