//! Leads are there.

use base::{Code, Severity};
use estate::kinds::Standing;

use crate::rule::rule;
use crate::{Case, NoParameters, Rule};

/// The rule.
pub(crate) static RULE: Rule = rule!(
    NoParameters,
    check,
    Code {
        id: "lead-standing",
        title: "A lead of a group is not in good standing",
        severity: Severity::Error,
        page: "Leads act for their group: they approve, answer escalations and hold access. Somebody who has left, \
               is no member of any of the community's organisations, is a robot, or is at the same time listed as \
               emeritus of that group cannot. Where the estate declares no organisations, membership is not asked.\n\n\
               Let the group name a successor, set `until` on the role, or restore the membership.",
    },
    &[
        ("people/ada.yaml", "name: Ada\nleft: 2020-03-31\n"),
        (
            "groups/infra.yaml",
            "title: Infra\nleads: [{person: ada, role: chair}]\n"
        ),
    ]
);

fn check(case: &mut Case<'_>, _: &NoParameters) {
    let members = case.organisation_members();
    for group in case
        .estate
        .tables
        .groups
        .items()
        .filter(|group| group.value.standing == Standing::Active)
    {
        let mut seen = std::collections::HashSet::new();
        for lead in group.value.leads_on(case.today) {
            let Some(person) = case.estate.find(&lead.person) else {
                continue;
            };
            if !seen.insert(person.name.as_str()) {
                continue;
            }
            let emeritus = group
                .value
                .leads
                .iter()
                .any(|other| other.emeritus && other.person.same(&lead.person));
            let fault = match &members {
                _ if person.value.has_left(case.today) => "has left the project",
                _ if person.value.robot => "is a robot",
                _ if emeritus => "is listed as emeritus of the same group",
                Some(members) if !members.contains(person.name.as_str()) => {
                    "is a member of no organisation"
                }
                _ => continue,
            };
            let message = format!(
                "{}, {} of {}, {fault}",
                person.subject(),
                lead.role,
                group.subject()
            );
            let finding = case
                .finding(lead.person.span, message)
                .label(person.title())
                .about(group.subject());
            case.report(finding.help("name a successor, end the role, or restore the membership"));
        }
    }
}
