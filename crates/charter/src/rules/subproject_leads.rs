//! No part of the work hangs on one person.

use base::{Code, Severity, counted};
use estate::kinds::Standing;
use yaml::record;

use crate::rule::rule;
use crate::{Case, Rule};

record! {
    /// How many are enough.
    pub struct Parameters {
        /// The fewest distinct leads.
        pub minimum: u32 = 2,
    }
}

/// The rule.
pub(crate) static RULE: Rule = rule!(
    Parameters,
    check,
    Code {
        id: "subproject-leads",
        title: "A subproject has too few leads",
        severity: Severity::Warning,
        page: "A subproject with one lead stops when that person does. Judged are subprojects that name leads, and \
               those that name neither leads nor files with owners; where only such files are named, who leads is \
               not known. Robots and people who left do not count.\n\n\
               Find a second lead, or join the subproject to another.",
    },
    &[
        ("people/ada.yaml", "name: Ada\n"),
        (
            "groups/infra.yaml",
            "subprojects: [{name: mail, leads: [ada]}]\n"
        ),
    ]
);

fn check(case: &mut Case<'_>, with: &Parameters) {
    for group in case.estate.tables.groups.items() {
        if group.value.standing != Standing::Active {
            continue;
        }
        for part in &group.value.subprojects {
            let unknown = part.leads.is_empty() && !part.owners.is_empty();
            if unknown || !case.all_known(&part.leads) {
                continue;
            }
            let leads = case.humans(&part.leads).len();
            if leads < with.minimum as usize {
                let message = format!(
                    "{} of {} has {}; {} are needed",
                    part.name,
                    group.subject(),
                    counted(leads, "lead", "leads"),
                    with.minimum
                );
                let finding = case.finding(part.name.span, message).about(group.subject());
                case.report(finding.help("name a further lead, or join it to another subproject"));
            }
        }
    }
}
