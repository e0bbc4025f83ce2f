//! Who decides has said for whom else they work.

use std::collections::HashSet;

use base::{Code, Severity};
use estate::kinds::{Group, Person, Standing};
use estate::{Item, KindId, Ref};
use yaml::record;

use super::escalation_orphan::named;
use crate::rule::rule;
use crate::{Case, Rule};

record! {
    /// Who has to declare, and how often.
    pub struct Parameters {
        /// The groups whose leads declare their interests.
        pub groups: Vec<Ref<Group>>,
        /// Days after which a declaration is made anew.
        pub maximum_age_days: u32 = 365,
    }
}

/// The rule.
pub(crate) static RULE: Rule = rule!(
    Parameters,
    check,
    Code {
        id: "interests-declared",
        title: "Somebody who decides has not declared their interests",
        severity: Severity::Error,
        page: "People who decide for the community may have interests of their own in the outcome. That is no fault; \
               keeping it to oneself is. The leads of the groups named in `groups` write under `interests` of their \
               file what they have, or, with `declared` alone, that they have none, and look at it again after \
               `maximum_age_days`. Nobody has to declare where no group is named. What is declared about an item \
               that is not in the estate is found whoever declared it.\n\n\
               Let the person write the declaration and the day into their file.",
    },
    &[
        (
            "charter.yaml",
            "rules: {interests-declared: {with: {groups: [steering]}}}\n"
        ),
        ("people/ada.yaml", "name: Ada\n"),
        (
            "groups/steering.yaml",
            "leads: [{person: ada, role: member}]\n"
        ),
    ]
);

fn check(case: &mut Case<'_>, with: &Parameters) {
    for person in case.estate.tables.people.items() {
        unknown_items(case, person);
    }
    let mut seen = HashSet::new();
    for reference in &with.groups {
        let Some(group) = named(case, reference) else {
            continue;
        };
        if group.value.standing != Standing::Active {
            continue;
        }
        for (person, span) in case.humans(group.value.leads_on(case.today).map(|lead| &lead.person))
        {
            if !seen.insert(person.name.as_str()) {
                continue;
            }
            let declared = person.value.interests.as_ref().map(|own| &own.declared);
            let (span, message) = match declared {
                None => (
                    span,
                    format!(
                        "{}, who leads {}, has not declared any interests or their absence",
                        person.subject(),
                        group.subject()
                    ),
                ),
                Some(day) if day.value > case.today => (
                    day.span,
                    format!(
                        "{} cannot have declared interests on {day}, which is to come",
                        person.subject()
                    ),
                ),
                Some(day) if !case.in_grace(Some(day.value), with.maximum_age_days) => (
                    day.span,
                    format!(
                        "{} last declared their interests on {day}",
                        person.subject()
                    ),
                ),
                Some(_) => continue,
            };
            let finding = case.finding(span, message).about(person.subject());
            case.report(finding.help(format!(
                "write `interests` with the day under `declared`, every {} days",
                with.maximum_age_days
            )));
        }
    }
}

/// What reads like an item and is none. Anything else is an organisation in words.
fn unknown_items(case: &mut Case<'_>, person: &Item<Person>) {
    for interest in person.value.interests.iter().flat_map(|own| &own.list) {
        let about = &interest.about;
        let item = about
            .split_once('/')
            .and_then(|(kind, name)| Some((KindId::named(kind)?, name)));
        if let Some((kind, name)) =
            item.filter(|(kind, name)| !case.estate.tables.knows(*kind, name))
        {
            let message = format!(
                "{} declares an interest in {about}, which is not there",
                person.subject()
            );
            let items = case.estate.tables.of_kind(kind);
            let help = match base::nearest(name, items.iter().map(|item| item.name)) {
                Some(near) => format!("did you mean {}/{near}?", kind.name()),
                None => "correct the name, or write the organisation in words".to_owned(),
            };
            let finding = case.finding(about.span, message).about(person.subject());
            case.report(finding.help(help));
        }
    }
}
