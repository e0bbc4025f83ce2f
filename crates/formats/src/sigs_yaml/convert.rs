//! Entries to groups of the estate.

use base::{Diagnostic, Spanned};
use estate::kinds::{Contact, Group, Lead, Meeting, Person, Standing, Subproject};
use estate::{Draft, Email, Item, Ref, Sighting, join};

use super::entries::{
    ContactEntry, GroupEntry, MeetingEntry, PersonEntry, SubprojectEntry, filled,
};
use super::{Directory, Sort, about};
use crate::codes;

pub(super) fn group(sort: Sort, group: &GroupEntry, directory: &Directory<'_>, draft: &mut Draft) {
    let named = |named: &Spanned<String>| Some(Ref::new(directory.find(named)?, named.span));
    let value = Group {
        title: Some(group.name.value.clone()),
        kind: Some(Spanned::new(sort.prefix().to_owned(), group.dir.span)),
        mission: filled(group.mission_statement.as_ref()).map(|text| text.trim().to_owned()),
        charter: filled(group.charter_link.as_ref()).map(|link| charter(&group.dir, link)),
        parent: None,
        stakeholders: group.stakeholder_sigs.iter().filter_map(named).collect(),
        standing: Standing::Active,
        formed: None,
        leads: leads(group, draft),
        members: Vec::new(),
        contact: group
            .contact
            .as_ref()
            .map(|entry| contact(entry, group, draft)),
        subprojects: group
            .subprojects
            .iter()
            .map(|part| subproject(part, group, draft))
            .collect(),
        meetings: group.meetings.iter().map(meeting).collect(),
        ..Group::default()
    };
    let item = Item {
        name: group.dir.value.clone(),
        span: group.dir.span,
        value,
    };
    draft.tables.groups.add(item, &mut draft.findings);
}

/// Links are relative to the group's folder, as they stand in its README.
fn charter(dir: &str, link: &str) -> String {
    if link.contains("://") {
        link.to_owned()
    } else {
        join(dir, link)
    }
}

fn leads(group: &GroupEntry, draft: &mut Draft) -> Vec<Lead> {
    let leadership = &group.leadership;
    let roles = [
        (&leadership.chairs, "chair"),
        (&leadership.tech_leads, "tech-lead"),
        (&leadership.emeritus_leads, "emeritus"),
    ];
    let mut leads = Vec::new();
    for (people, role) in roles {
        for entry in people {
            let Some(person) = sight(entry, draft) else {
                continue;
            };
            let role = Spanned::new(role.to_owned(), person.span);
            let emeritus = role.value == "emeritus";
            leads.push(Lead {
                person,
                role,
                since: None,
                until: None,
                emeritus,
            });
        }
    }
    leads
}

/// Takes note of a person; `None` without a login, which has been reported
/// where the person must have one.
pub(super) fn sight(entry: &PersonEntry, draft: &mut Draft) -> Option<Ref<Person>> {
    let login = filled(entry.github.as_ref())?;
    let person = Ref::new(login.trim(), login.span);
    if person.name.contains(char::is_whitespace) {
        return None;
    }
    let sighting = Sighting {
        name: filled(entry.name.as_ref()).cloned(),
        company: filled(entry.company.as_ref()).cloned(),
        email: filled(entry.email.as_ref()).and_then(|text| address(text, draft)),
        ..Sighting::of(&person)
    };
    draft.sightings.push(sighting);
    Some(person)
}

fn address(text: &Spanned<String>, draft: &mut Draft) -> Option<Spanned<Email>> {
    let email = Email::new(text.trim()).map(|email| Spanned::new(email, text.span));
    if email.is_none() {
        let message = format!("\"{text}\" is not an e-mail address");
        let finding = Diagnostic::new(&estate::codes::UNUSABLE_EMAIL, text.span, message);
        draft
            .findings
            .push(finding.help("write one address, like name@example.org"));
    }
    email
}

fn contact(entry: &ContactEntry, group: &GroupEntry, draft: &mut Draft) -> Contact {
    let private = filled(entry.private_mailing_list.as_ref());
    let private_mailing_list = private.and_then(|list| {
        let email = list_address(list.trim());
        if email.is_none() {
            let message =
                format!("\"{list}\" is neither an address nor the page of a Google group");
            let finding = Diagnostic::new(&codes::SIGS_PRIVATE_LIST, list.span, message);
            draft
                .findings
                .push(about(finding.help("write the list's address"), group));
        }
        email.map(|email| Spanned::new(email, list.span))
    });
    Contact {
        chat: entry.slack.clone(),
        mailing_list: entry.mailing_list.clone(),
        private_mailing_list,
        liaison: entry
            .liaison
            .as_ref()
            .and_then(|liaison| named(liaison, "the liaison", group, draft)),
    }
}

/// The address of a list that is written as such or as its page at Google Groups.
fn list_address(written: &str) -> Option<Email> {
    let Some(page) = written.strip_prefix("https://groups.google.com/") else {
        return Email::new(written);
    };
    let (domain, rest) = match page.strip_prefix("a/") {
        Some(rest) => rest.split_once('/')?,
        None => ("googlegroups.com", page),
    };
    let list = rest
        .strip_prefix("g/")
        .or_else(|| rest.strip_prefix("forum/#!forum/"))?;
    let list = list.split(['/', '?', '#']).next()?;
    Email::new(&format!("{list}@{domain}"))
}

fn subproject(entry: &SubprojectEntry, group: &GroupEntry, draft: &mut Draft) -> Subproject {
    let what = format!("a lead of the subproject `{}`", entry.name);
    let leads = entry
        .leads
        .iter()
        .filter_map(|lead| named(lead, &what, group, draft))
        .collect();
    Subproject {
        name: entry.name.clone(),
        summary: entry.description.clone(),
        owners: entry.owners.clone(),
        leads,
        meetings: entry.meetings.iter().map(meeting).collect(),
    }
}

/// Takes note of a person who need not be there, but needs a login if so. The
/// generator lets these pass; the estate cannot, as nothing could lead to them.
fn named(
    entry: &Spanned<PersonEntry>,
    what: &str,
    group: &GroupEntry,
    draft: &mut Draft,
) -> Option<Ref<Person>> {
    let person = sight(entry, draft);
    if person.is_none() && filled(entry.github.as_ref().or(entry.name.as_ref())).is_some() {
        let message = format!("{what} has no login");
        let finding = Diagnostic::new(&codes::SIGS_LEAD_LOGIN, entry.span, message);
        draft
            .findings
            .push(about(finding.help("add `github`"), group));
    }
    person
}

fn meeting(entry: &Spanned<MeetingEntry>) -> Meeting {
    // What is not said is missing in the meeting as a whole.
    let text = |text: &Option<Spanned<String>>| {
        let nothing = || Spanned::new(String::new(), entry.span);
        text.clone().unwrap_or_else(nothing)
    };
    let link = |url: &Option<String>| url.clone().filter(|url| !url.is_empty());
    Meeting {
        description: text(&entry.description),
        day: text(&entry.day),
        time: text(&entry.time),
        time_zone: text(&entry.tz),
        frequency: text(&entry.frequency),
        url: link(&entry.url),
        notes: link(&entry.archive_url),
        recordings: link(&entry.recordings_url),
    }
}

#[cfg(test)]
mod tests {
    use super::{Email, charter, list_address};

    #[test]
    fn a_list_is_known_by_its_address_or_its_page() {
        for (written, address) in [
            ("leads@example.org", Some("leads@example.org")),
            (
                "https://groups.google.com/a/example.org/g/leads",
                Some("leads@example.org"),
            ),
            (
                "https://groups.google.com/a/example.org/g/leads?pli=1",
                Some("leads@example.org"),
            ),
            (
                "https://groups.google.com/g/lab",
                Some("lab@googlegroups.com"),
            ),
            (
                "https://groups.google.com/forum/#!forum/lab",
                Some("lab@googlegroups.com"),
            ),
            ("https://groups.google.com/a/example.org", None),
            ("https://example.org/leads", None),
            ("the usual list", None),
        ] {
            let found = list_address(written);
            assert_eq!(found.as_ref().map(Email::as_str), address, "{written}");
        }
    }

    #[test]
    fn a_charter_is_relative_to_the_folder_of_its_group() {
        assert_eq!(charter("sig-x", "charter.md"), "sig-x/charter.md");
        assert_eq!(
            charter("sig-x", "https://example.org/c"),
            "https://example.org/c"
        );
    }
}
