//! What teams and people may do to each repository, and in systems that are no forge.

use std::collections::{BTreeMap, BTreeSet};

use estate::Item;
use estate::kinds::{Permission, Team};
use jiff::civil::Date;
use serde::Serialize;

use super::index::ROOT;
use super::names::{path, path_in};
use super::{Files, Shown};

/// A repository.
#[derive(Default, Serialize)]
struct RepositoryFile<'e> {
    #[serde(rename = "repository")]
    name: String,
    teams: Vec<TeamGrant<'e>>,
    collaborators: Vec<Collaborator<'e>>,
    /// By name, the most that any of the ways above gives.
    people: BTreeMap<&'e str, Permission>,
}

#[derive(Serialize)]
struct TeamGrant<'e> {
    team: &'e str,
    permission: Permission,
    until: Option<Date>,
}

#[derive(Serialize)]
struct Collaborator<'e> {
    github: &'e str,
    person: Option<&'e str>,
    permission: Permission,
}

/// A role in a system that is no forge.
#[derive(Serialize)]
struct Role<'e> {
    team: &'e str,
    system: Option<&'e str>,
    #[serde(rename = "role")]
    called: Option<&'e str>,
    group: Option<&'e str>,
    mailing_group: Option<&'e str>,
    on: Option<&'e str>,
    until: Option<Date>,
}

pub(super) fn write(shown: &Shown<'_>, files: &mut Files) {
    let parts = parts(shown);
    let mut repositories: BTreeMap<String, RepositoryFile<'_>> = BTreeMap::new();
    for (name, (item, _)) in &shown.teams {
        let people = with_parts(shown, &parts, name);
        let lasting = item
            .value
            .grants
            .iter()
            .filter(|grant| grant.lasts_on(shown.day));
        for grant in lasting.filter(|grant| shown.shows_repository(&grant.repository)) {
            let file = of(&mut repositories, &grant.repository);
            file.teams.push(TeamGrant {
                team: name,
                permission: grant.permission,
                until: grant.until.as_ref().map(|until| until.value),
            });
            for person in &people {
                raise(file, person, grant.permission);
            }
        }
    }
    collaborators(shown, &mut repositories);
    for file in repositories.values_mut() {
        file.teams
            .sort_by_key(|one| (one.team, one.permission, one.until));
        file.collaborators.sort_by_key(|one| one.github);
    }
    for (name, file) in &repositories {
        files.put(repository_path(name), file);
    }
    let list: BTreeMap<_, _> = repositories.iter().collect();
    files.put(
        format!("{ROOT}/permissions.json"),
        &BTreeMap::from([("repositories", list)]),
    );
    let roles = BTreeMap::from([("roles", roles(shown))]);
    files.put(path("permissions", "roles"), &roles);
}

/// Every team with those that are parts of it.
fn parts<'e>(shown: &Shown<'e>) -> BTreeMap<&'e str, Vec<&'e str>> {
    let mut parts: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (name, (item, _)) in &shown.teams {
        let parent = item.value.parent.as_ref().and_then(|one| shown.team(one));
        if let Some(parent) = parent {
            parts.entry(parent).or_default().push(name);
        }
    }
    parts
}

/// Everybody in a team and in its parts: what it may do, they may do too.
fn with_parts<'e>(
    shown: &Shown<'e>,
    parts: &BTreeMap<&'e str, Vec<&'e str>>,
    team: &'e str,
) -> BTreeSet<&'e str> {
    let (mut seen, mut left) = (BTreeSet::from([team]), vec![team]);
    let mut people = BTreeSet::new();
    while let Some(team) = left.pop() {
        let members = shown.teams.get(team).map(|(_, members)| members);
        for one in members.into_iter().flatten() {
            let item = shown.estate.tables.people.get(&one.person);
            people.extend(item.map(|item| item.name.as_str()));
        }
        let below = parts.get(team).into_iter().flatten();
        left.extend(below.filter(|part| seen.insert(part)));
    }
    people
}

fn collaborators<'e>(shown: &Shown<'e>, repositories: &mut BTreeMap<String, RepositoryFile<'e>>) {
    for organisation in shown.estate.tables.organisations.items() {
        for (name, declared) in &organisation.value.repositories.entries {
            let repository = format!("{}/{}", organisation.name, name.value);
            if !shown.shows_repository(&repository) {
                continue;
            }
            for (login, permission) in &declared.collaborators.entries {
                let known = shown.estate.tables.people.get(login);
                if known.is_some_and(|item| item.value.has_left(shown.day)) {
                    continue;
                }
                let person = known.map(|item| item.name.as_str());
                let file = of(repositories, &repository);
                file.collaborators.push(Collaborator {
                    github: login.trim_start_matches('@'),
                    person,
                    permission: *permission,
                });
                if let Some(person) = person {
                    raise(file, person, *permission);
                }
            }
        }
    }
}

/// The file of a repository, whose name has no case.
fn of<'f, 'e>(
    repositories: &'f mut BTreeMap<String, RepositoryFile<'e>>,
    repository: &str,
) -> &'f mut RepositoryFile<'e> {
    let file = repositories.entry(repository.to_lowercase()).or_default();
    if file.name.is_empty() {
        repository.clone_into(&mut file.name);
    }
    file
}

fn raise<'e>(file: &mut RepositoryFile<'e>, person: &'e str, permission: Permission) {
    let most = file.people.entry(person).or_insert(permission);
    *most = permission.max(*most);
}

fn repository_path(repository: &str) -> String {
    match repository.split_once('/') {
        Some((organisation, name)) => path_in("permissions/repositories", organisation, name),
        None => path("permissions/repositories", repository),
    }
}

fn roles<'e>(shown: &Shown<'e>) -> Vec<Role<'e>> {
    let mut roles = Vec::new();
    for (item, _) in shown.teams.values() {
        let lasting = item
            .value
            .roles
            .iter()
            .filter(|role| role.lasts_on(shown.day));
        for role in lasting {
            roles.push(given(shown, item, role));
        }
    }
    roles.sort_by_key(|one| {
        (
            one.team, one.system, one.called, one.group, one.on, one.until,
        )
    });
    roles
}

fn given<'e>(
    shown: &Shown<'e>,
    team: &'e Item<Team>,
    role: &'e estate::kinds::RoleGrant,
) -> Role<'e> {
    let list = role.mailing_group.as_ref();
    let list = list.and_then(|list| shown.estate.find(list));
    Role {
        team: &team.name,
        system: role.system.as_ref().map(|system| system.as_str()),
        called: role.role.as_ref().map(|role| role.as_str()),
        group: role.group.as_ref().map(|group| group.as_str()),
        mailing_group: list.map(|list| list.name.as_str()),
        on: role.on.as_ref().map(|on| on.as_str()),
        until: role.until.as_ref().map(|until| until.value),
    }
}
