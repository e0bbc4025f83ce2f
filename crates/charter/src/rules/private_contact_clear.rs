//! Private contacts are sealed.

use base::{Code, Severity};

use crate::rule::rule;
use crate::{Case, NoParameters, Rule};

/// The rule.
pub(crate) static RULE: Rule = rule!(
    NoParameters,
    check,
    Code {
        id: "private-contact-clear",
        title: "Private contacts stand in clear",
        severity: Severity::Error,
        page: "A phone number in Git is public for ever, in every clone. Private contacts are an armored `age` file, encrypted to the \
               keys of the team that the charter names under `private_contacts.readable_by`:\n\n\
               `commonhold recipients | age -a -R - contacts.txt`\n\n\
               What stood in clear has been published: tell the person, and treat the number as known.",
    },
    &[
        (
            "people/ada.yaml",
            "name: Ada\nprivate_contacts: \"+1 555 0100\"\n"
        ),
        ("groups/a.yaml", "members: [ada]\n")
    ]
);

fn check(case: &mut Case<'_>, _: &NoParameters) {
    for person in case.estate.tables.people.items() {
        let Some(contacts) = &person.value.private_contacts else {
            continue;
        };
        let fault = match contacts.in_clear {
            Some(_) => "are not an age file".to_owned(),
            None => match crate::age::stanzas(&contacts.armored) {
                Ok(_) => continue,
                Err(why) => format!("are not an age file: {why}"),
            },
        };
        let message = format!("the private contacts of {} {fault}", person.subject());
        let finding = case.finding(contacts.armored.span, message).withhold();
        case.report(
            finding
                .about(person.subject())
                .help("encrypt them: `commonhold recipients | age -a -R - contacts.txt`"),
        );
    }
}
