//! People, and the groups they work in.

use std::collections::{BTreeMap, BTreeSet};

use estate::Item;
use estate::kinds::{Group, Person, Standing, TeamRole};
use jiff::civil::Date;
use serde::Serialize;

use super::names::path;
use super::{Files, Shown};

/// A person.
#[derive(Serialize)]
struct PersonFile<'e> {
    name: &'e str,
    full_name: Option<&'e str>,
    github: Option<&'e str>,
    github_id: Option<u32>,
    chat: Option<&'e str>,
    email: Option<&'e str>,
    company: Option<&'e str>,
    time_zone: Option<String>,
    robot: bool,
    groups: Vec<InGroup<'e>>,
    organisations: Vec<InOrganisation<'e>>,
    teams: Vec<InTeam<'e>>,
    mailing_groups: Vec<InMailingGroup<'e>>,
}

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
struct InGroup<'e> {
    group: &'e str,
    role: &'e str,
    since: Option<Date>,
    until: Option<Date>,
}

#[derive(Serialize)]
struct InOrganisation<'e> {
    organisation: &'e str,
    role: &'static str,
}

#[derive(Serialize)]
struct InTeam<'e> {
    team: &'e str,
    role: TeamRole,
    until: Option<Date>,
}

#[derive(Serialize)]
struct InMailingGroup<'e> {
    mailing_group: &'e str,
    role: estate::kinds::MailingRole,
}

/// A group.
#[derive(Serialize)]
struct GroupFile<'e> {
    name: &'e str,
    title: Option<&'e str>,
    kind: Option<&'e str>,
    mission: Option<&'e str>,
    charter: Option<&'e str>,
    parent: Option<&'e str>,
    standing: Standing,
    chat: Option<&'e str>,
    mailing_list: Option<&'e str>,
    people: Vec<Holder<'e>>,
    subprojects: Vec<SubprojectPart<'e>>,
}

#[derive(Serialize, PartialEq, Eq, PartialOrd, Ord)]
struct Holder<'e> {
    person: &'e str,
    role: &'e str,
    since: Option<Date>,
    until: Option<Date>,
}

#[derive(Serialize)]
struct SubprojectPart<'e> {
    name: &'e str,
    summary: Option<&'e str>,
    leads: BTreeSet<&'e str>,
}

pub(super) fn write(shown: &Shown<'_>, files: &mut Files) {
    let mut people = everybody(shown);
    let mut groups = BTreeMap::new();
    for item in shown.estate.tables.groups.items() {
        let group = group(shown, item);
        for holder in &group.people {
            if let Some(person) = people.get_mut(holder.person) {
                person.groups.push(InGroup {
                    group: &item.name,
                    role: holder.role,
                    since: holder.since,
                    until: holder.until,
                });
            }
        }
        groups.insert(item.name.clone(), (path("groups", &item.name), group));
    }
    for item in shown.estate.tables.organisations.items() {
        for one in shown.matrix.organisation(&item.name) {
            if let Some(person) = people.get_mut(one.person.as_str()) {
                person.organisations.push(InOrganisation {
                    organisation: &item.name,
                    role: if one.admin { "admin" } else { "member" },
                });
            }
        }
    }
    for (team, (_, members)) in &shown.teams {
        for one in members {
            if let Some(person) = people.get_mut(one.person.as_str()) {
                let (role, until) = (one.role, one.until);
                person.teams.push(InTeam { team, role, until });
            }
        }
    }
    for item in shown.estate.tables.mailing_groups.items() {
        for one in shown.matrix.mailing(&item.name) {
            let person = one.person.and_then(|name| people.get_mut(name.as_str()));
            if let Some(person) = person {
                person.mailing_groups.push(InMailingGroup {
                    mailing_group: &item.name,
                    role: one.role,
                });
            }
        }
    }
    let people = people.into_iter().map(|(name, mut person)| {
        person.groups.sort();
        person.organisations.sort_by_key(|one| one.organisation);
        person.mailing_groups.sort_by_key(|one| one.mailing_group);
        (name.to_owned(), (path("people", name), person))
    });
    files.put_all("people", &people.collect());
    files.put_all("groups", &groups);
}

/// Everybody who has not left, without what they are in.
fn everybody<'e>(shown: &Shown<'e>) -> BTreeMap<&'e str, PersonFile<'e>> {
    let items = shown.estate.tables.people.items();
    let there = items.filter(|item| !item.value.has_left(shown.day));
    there
        .map(|item| (item.name.as_str(), person(item, shown.day)))
        .collect()
}

fn person(item: &Item<Person>, day: Date) -> PersonFile<'_> {
    let Person { handles, .. } = &item.value;
    let login = handles.github.as_ref();
    PersonFile {
        name: &item.name,
        full_name: item.value.name.as_deref(),
        github: login.map(|login| login.trim_start_matches('@')),
        github_id: handles.github_id,
        chat: handles.chat.as_deref(),
        email: item.value.email.as_ref().map(|email| email.as_str()),
        company: item.value.employer_on(day).map(|company| company.as_str()),
        time_zone: item.value.time_zone.as_ref().map(ToString::to_string),
        robot: item.value.robot,
        groups: Vec::new(),
        organisations: Vec::new(),
        teams: Vec::new(),
        mailing_groups: Vec::new(),
    }
}

fn group<'e>(shown: &Shown<'e>, item: &'e Item<Group>) -> GroupFile<'e> {
    let Item { name, value, .. } = item;
    let holders: BTreeSet<Holder<'e>> = value
        .holders_on(shown.day)
        .filter_map(|holder| {
            Some(Holder {
                person: shown.person(holder.person)?,
                role: holder.role,
                since: holder.since,
                until: holder.until,
            })
        })
        .collect();
    let parent = value.parent.as_ref();
    let parent = parent.and_then(|parent| shown.estate.find(parent));
    let contact = value.contact.as_ref();
    let mut subprojects: Vec<_> = value
        .subprojects
        .iter()
        .map(|part| SubprojectPart {
            name: &part.name,
            summary: part.summary.as_deref(),
            leads: shown.people(&part.leads),
        })
        .collect();
    subprojects.sort_by_key(|part| part.name);
    GroupFile {
        name,
        title: value.title.as_deref(),
        kind: value.kind.as_ref().map(|kind| kind.as_str()),
        mission: value.mission.as_deref(),
        charter: value.charter.as_deref(),
        parent: parent.map(|parent| parent.name.as_str()),
        standing: value.standing,
        chat: contact.and_then(|contact| contact.chat.as_deref()),
        mailing_list: contact.and_then(|contact| contact.mailing_list.as_deref()),
        people: holders.into_iter().collect(),
        subprojects,
    }
}
