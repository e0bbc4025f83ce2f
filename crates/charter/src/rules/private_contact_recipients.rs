//! Private contacts are sealed to those who may need them, all of them and nobody else.

use std::collections::BTreeSet;

use base::{Code, Severity};
use estate::Item;
use estate::kinds::Person;

use crate::age::{Stanza, ssh_tag, stanzas};
use crate::rule::rule;
use crate::{Case, NoParameters, Rule};

/// The rule.
pub(crate) static RULE: Rule = rule!(
    NoParameters,
    check,
    Code {
        id: "private-contact-recipients",
        title: "Private contacts are not encrypted to the team that may read them",
        severity: Severity::Error,
        page: "In an emergency every member of the team named by `private_contacts.readable_by` must be able to open \
               the contacts, and nobody else. The header of an age file tells the number of age keys and the tags of \
               SSH keys it was encrypted to; they must be those under `keys` of the team's members. A passphrase \
               is refused, because nobody knows who was told it. That the age keys are the right ones cannot be seen \
               without them; their number can.\n\n\
               Encrypt again after every change of the team: `commonhold recipients | age -a -R - contacts.txt`.",
    },
    &[]
);

fn check(case: &mut Case<'_>, _: &NoParameters) {
    let sealed: Vec<&Item<Person>> = case
        .estate
        .tables
        .people
        .items()
        .filter(|person| person.value.private_contacts.is_some())
        .collect();
    let Some(policy) = &case.charter.private_contacts else {
        for person in sealed {
            let span = person
                .value
                .private_contacts
                .as_ref()
                .map_or(person.span, |contacts| contacts.armored.span);
            let finding = case
                .finding(
                    base::Span {
                        end: span.start,
                        ..span
                    },
                    "the charter does not say who may read private contacts",
                )
                .withhold();
            case.report(
                finding
                    .about(person.subject())
                    .help("add `private_contacts: {readable_by: TEAM}` to charter.yaml"),
            );
        }
        return;
    };
    let Some(team) = case.estate.find(&policy.readable_by) else {
        return;
    };
    let readers = case.humans(team.value.people());
    let keys: Vec<&str> = readers
        .iter()
        .flat_map(|(person, _)| &person.value.keys)
        .filter(|key| key.can_encrypt())
        .map(|key| key.as_str())
        .collect();
    for person in sealed {
        let Some(contacts) = &person.value.private_contacts else {
            continue;
        };
        let Ok(found) = stanzas(&contacts.armored) else {
            continue;
        };
        if let Some(fault) = fault(&found, &keys) {
            let span = base::Span {
                end: contacts.armored.span.start,
                ..contacts.armored.span
            };
            let message = format!(
                "the private contacts of {} are not encrypted to {}: {fault}",
                person.subject(),
                team.subject()
            );
            let finding = case
                .finding(span, message)
                .withhold()
                .about(person.subject());
            let help = match keys.as_slice() {
                [] => "give its members `keys` first, then encrypt them again",
                _ => "encrypt them again: `commonhold recipients | age -a -R - contacts.txt`",
            };
            case.report(finding.help(help));
        }
    }
}

fn fault(found: &[Stanza], keys: &[&str]) -> Option<String> {
    if found.contains(&Stanza::Passphrase) {
        return Some("they open with a passphrase".to_owned());
    }
    if let Some(other) = found.iter().find_map(|stanza| match stanza {
        Stanza::Other(name) => Some(name),
        _ => None,
    }) {
        return Some(format!(
            "they open with something of the kind {other}, which nobody can check"
        ));
    }
    if keys.is_empty() {
        return Some("none of its members has a key".to_owned());
    }
    let wanted: BTreeSet<String> = keys.iter().filter_map(|key| ssh_tag(key)).collect();
    let given: BTreeSet<String> = found
        .iter()
        .filter_map(|stanza| match stanza {
            Stanza::Ssh(tag) => Some(tag.clone()),
            _ => None,
        })
        .collect();
    let (age_wanted, age_given) = (
        keys.iter().filter(|key| key.starts_with("age1")).count(),
        found
            .iter()
            .filter(|stanza| **stanza == Stanza::X25519)
            .count(),
    );
    if age_wanted != age_given {
        return Some(format!(
            "they open with {}, and its members have {age_wanted}",
            base::counted(age_given, "age key", "age keys")
        ));
    }
    if let Some(missing) = wanted.difference(&given).next() {
        return Some(format!("the SSH key with the tag {missing} is missing"));
    }
    given
        .difference(&wanted)
        .next()
        .map(|extra| format!("the SSH key with the tag {extra} is nobody's there"))
}
