//! Organisations, teams and mailing groups: who is in each.

use std::collections::{BTreeMap, BTreeSet};

use estate::Item;
use estate::kinds::{MailingRole, Permission, Team, TeamRole};
use jiff::civil::Date;
use serde::Serialize;

use super::names::{path, path_in};
use super::{Files, Shown};
use crate::model::Membership;

/// A team.
#[derive(Serialize)]
struct TeamFile<'e> {
    name: &'e str,
    title: Option<&'e str>,
    description: Option<&'e str>,
    organisation: Option<&'e str>,
    owner: Option<&'e str>,
    parent: Option<&'e str>,
    people: Vec<Seat>,
    repositories: Vec<Granted<'e>>,
}

#[derive(Serialize)]
struct Seat {
    person: String,
    github: String,
    role: TeamRole,
    until: Option<Date>,
}

#[derive(Serialize)]
struct Granted<'e> {
    repository: &'e str,
    permission: Permission,
    until: Option<Date>,
}

/// An organisation.
#[derive(Serialize)]
struct OrganisationFile<'e> {
    name: &'e str,
    title: Option<&'e str>,
    description: Option<&'e str>,
    admins: Vec<InOrganisation>,
    members: Vec<InOrganisation>,
    teams: BTreeSet<&'e str>,
    repositories: BTreeSet<&'e str>,
}

#[derive(Serialize)]
struct InOrganisation {
    person: String,
    github: String,
}

/// A mailing group.
#[derive(Serialize)]
struct MailingFile<'e> {
    name: &'e str,
    email: &'e str,
    title: Option<&'e str>,
    description: Option<&'e str>,
    owner: Option<&'e str>,
    addresses: Vec<Address>,
}

#[derive(Serialize)]
struct Address {
    #[serde(rename = "address")]
    spelled: String,
    person: Option<String>,
    mailing_group: Option<String>,
    role: MailingRole,
    until: Option<Date>,
}

pub(super) fn write(shown: &Shown<'_>, files: &mut Files) {
    let teams = shown.teams.values().map(|(item, members)| {
        let document = team(shown, item, members);
        let path = team_path(&item.name, document.organisation);
        (item.name.clone(), (path, document))
    });
    files.put_all("teams", &teams.collect());
    let mut organisations = BTreeMap::new();
    for item in shown.estate.tables.organisations.items() {
        let document = organisation(shown, item);
        let path = path("organisations", &item.name);
        organisations.insert(item.name.clone(), (path, document));
    }
    files.put_all("organisations", &organisations);
    let mut lists = BTreeMap::new();
    for item in shown.estate.tables.mailing_groups.items() {
        let path = path("mailing-groups", &item.name);
        lists.insert(item.name.clone(), (path, mailing_group(shown, item)));
    }
    files.put_all("mailing-groups", &lists);
}

/// Where the file of a team is: in the folder of its organisation, whose name is not repeated.
fn team_path(name: &str, organisation: Option<&str>) -> String {
    let Some(organisation) = organisation else {
        return path("teams", name);
    };
    let lower = name.to_lowercase();
    let short = lower
        .strip_prefix(&organisation.to_lowercase())
        .and_then(|rest| rest.strip_prefix('/'))
        .filter(|rest| !rest.is_empty());
    path_in("teams", organisation, short.unwrap_or(name))
}

fn team<'e>(shown: &Shown<'e>, item: &'e Item<Team>, members: &[Membership]) -> TeamFile<'e> {
    let Item { name, value, .. } = item;
    let organisation = value.organisation.as_ref();
    let organisation = organisation.and_then(|one| shown.estate.find(one));
    let owner = value.owner.as_ref();
    let owner = owner.and_then(|owner| shown.estate.find(owner));
    let mut people: Vec<_> = members
        .iter()
        .map(|one| Seat {
            person: one.person.clone(),
            github: one.login.clone(),
            role: one.role,
            until: one.until,
        })
        .collect();
    people.sort_by(|a, b| a.person.cmp(&b.person));
    let lasting = value
        .grants
        .iter()
        .filter(|grant| grant.lasts_on(shown.day));
    let mut repositories: Vec<_> = lasting
        .filter(|grant| shown.shows_repository(&grant.repository))
        .map(|grant| Granted {
            repository: &grant.repository,
            permission: grant.permission,
            until: grant.until.as_ref().map(|until| until.value),
        })
        .collect();
    repositories.sort_by_key(|one| (one.repository, one.permission, one.until));
    TeamFile {
        name,
        title: value.title.as_deref(),
        description: value.description.as_deref(),
        organisation: organisation.map(|item| item.name.as_str()),
        owner: owner.map(|item| item.name.as_str()),
        parent: value.parent.as_ref().and_then(|parent| shown.team(parent)),
        people,
        repositories,
    }
}

fn organisation<'e>(
    shown: &Shown<'e>,
    item: &'e Item<estate::kinds::Organisation>,
) -> OrganisationFile<'e> {
    let (mut admins, mut members) = (Vec::new(), Vec::new());
    for one in shown.matrix.organisation(&item.name) {
        let list = if one.admin { &mut admins } else { &mut members };
        list.push(InOrganisation {
            person: one.person,
            github: one.login,
        });
    }
    admins.sort_by(|a, b| a.person.cmp(&b.person));
    members.sort_by(|a, b| a.person.cmp(&b.person));
    let teams = shown.teams.iter().filter(|(_, (team, _))| {
        let of = team.value.organisation.as_ref();
        let of = of.and_then(|one| shown.estate.find(one));
        of.is_some_and(|of| of.name == item.name)
    });
    let declared = item.value.repositories.entries.iter();
    let declared = declared.map(|(name, _)| name.as_str());
    let open = declared.filter(|name| shown.shows_repository(&format!("{}/{name}", item.name)));
    OrganisationFile {
        name: &item.name,
        title: item.value.title.as_deref(),
        description: item.value.description.as_deref(),
        admins,
        members,
        teams: teams.map(|(name, _)| *name).collect(),
        repositories: open.collect(),
    }
}

fn mailing_group<'e>(
    shown: &Shown<'e>,
    item: &'e Item<estate::kinds::MailingGroup>,
) -> MailingFile<'e> {
    let owner = item.value.owner.as_ref();
    let owner = owner.and_then(|owner| shown.estate.find(owner));
    let entries = shown.matrix.mailing(&item.name).into_iter();
    let mut addresses: Vec<_> = entries
        .map(|one| Address {
            spelled: one.address,
            person: one.person,
            mailing_group: one.mailing_group,
            role: one.role,
            until: one.until,
        })
        .collect();
    addresses.sort_by(|a, b| a.spelled.cmp(&b.spelled));
    MailingFile {
        name: &item.name,
        email: item.value.email.as_str(),
        title: item.value.title.as_deref(),
        description: item.value.description.as_deref(),
        owner: owner.map(|item| item.name.as_str()),
        addresses,
    }
}
