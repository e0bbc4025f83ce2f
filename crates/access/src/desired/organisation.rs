//! What the estate wants of an organisation.

use std::collections::BTreeMap;

use base::Spanned;
use estate::Item;
use estate::kinds::{BranchRules, Organisation, Permission, Privacy, Repository};
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::{Wanted, first_place, is_of, login, login_of, team_key, team_name};
use crate::{Key, Sort, State};

/// What an organisation shall hold.
pub(crate) fn organisation(wanted: Wanted<'_>, item: &Item<Organisation>) -> State {
    let mut state = State::default();
    let at = wanted.place(item.span);
    settings(item, &at, &mut state);
    members(wanted, item, &mut state);
    for (name, repository) in &item.value.repositories.entries {
        repository_of(wanted, name, repository, &mut state);
    }
    for (app, config) in &item.value.apps.entries {
        for repository in &config.repositories {
            let key = Key::of(Sort::App, app, repository);
            state.want(key, json!({}), &wanted.place(repository.span), None);
        }
    }
    teams(wanted, item, &mut state);
    state
}

/// Names that teams and repositories had before, each with the key of what has it now.
pub(crate) fn renames(
    wanted: Wanted<'_>,
    item: &Item<Organisation>,
) -> [BTreeMap<String, String>; 2] {
    let mut teams = BTreeMap::new();
    for team in wanted.estate.tables.teams.items() {
        if is_of(&team.value, &item.name) {
            let now = team_key(&team.name, &team.value);
            let previously = team.value.previously.iter();
            teams.extend(previously.map(|old| (old.to_lowercase(), now.clone())));
        }
    }
    let repositories = item.value.repositories.entries.iter();
    let repositories = repositories.flat_map(|(name, repository)| {
        let previously = repository.previously.iter();
        previously.map(|old| (old.to_lowercase(), name.to_lowercase()))
    });
    [teams, repositories.collect()]
}

/// The keys that are said, as they are written.
fn said<T: Serialize>(what: &T) -> Map<String, Value> {
    let value = serde_json::to_value(what).unwrap_or_default();
    let mut said = match value {
        Value::Object(said) => said,
        _ => Map::new(),
    };
    said.retain(|_, value| !value.is_null());
    said
}

fn settings(item: &Item<Organisation>, at: &str, state: &mut State) {
    let mut value = said(&item.value.settings);
    let texts = [
        ("name", &item.value.title),
        ("description", &item.value.description),
    ];
    for (key, text) in texts {
        if let Some(text) = text {
            value.insert(key.to_owned(), json!(text));
        }
    }
    if !value.is_empty() {
        state.want(Key::new(Sort::Settings, ""), Value::Object(value), at, None);
    }
}

fn members(wanted: Wanted<'_>, item: &Item<Organisation>, state: &mut State) {
    let lists = [
        ("admin", &item.value.admins),
        ("member", &item.value.members),
    ];
    for (role, people) in lists {
        for person in people {
            if has_left(wanted, &person.name) {
                continue;
            }
            let key = Key::new(Sort::Member, &login(wanted.estate, person));
            let at = wanted.place(person.span);
            state.want(key, json!({ "role": role }), &at, None);
        }
    }
}

/// All access ends with the day on which somebody leaves.
pub(super) fn has_left(wanted: Wanted<'_>, name: &str) -> bool {
    let person = wanted.estate.tables.people.get(name);
    person.is_some_and(|person| person.value.has_left(wanted.day))
}

/// What is only looked at when a repository is made.
const CREATION: [&str; 3] = ["on_create", "fork_from", "default_branch_only"];
/// What stands elsewhere.
const ELSEWHERE: [&str; 3] = ["previously", "collaborators", "branches"];

fn repository_of(
    wanted: Wanted<'_>,
    name: &Spanned<String>,
    repository: &Repository,
    state: &mut State,
) {
    let at = &wanted.place(name.span);
    let mut value = said(repository);
    for key in ELSEWHERE {
        value.remove(key);
    }
    let creation = CREATION
        .iter()
        .filter_map(|key| Some(((*key).to_owned(), value.remove(*key)?)));
    let creation: Map<String, Value> = creation.collect();
    if !creation.is_empty() {
        value.insert("create".to_owned(), Value::Object(creation));
    }
    value.insert("name".to_owned(), json!(name.value));
    let key = Key::new(Sort::Repository, name);
    state.want(key, Value::Object(value), at, None);
    for (login, permission) in &repository.collaborators.entries {
        if has_left(wanted, login) {
            continue;
        }
        let key = Key::of(Sort::Collaborator, name, &login_of(wanted.estate, login));
        let at = &wanted.place(login.span);
        state.want(key, of_permission(*permission), at, None);
    }
    for (branch, rules) in &repository.branches.entries {
        let key = Key::of(Sort::Branch, name, branch);
        state.want(key, of_rules(wanted, rules), at, None);
    }
}

fn of_permission(permission: Permission) -> Value {
    json!({ "permission": permission.word() })
}

fn of_rules(wanted: Wanted<'_>, rules: &BranchRules) -> Value {
    let sorted = |list: &[String]| {
        let mut list: Vec<String> = list.iter().map(|one| one.to_lowercase()).collect();
        list.sort();
        list.dedup();
        list
    };
    let people = rules.push_people.iter();
    let people = people.filter(|login| !has_left(wanted, login));
    let people: Vec<String> = people.map(|login| login_of(wanted.estate, login)).collect();
    let mut checks = rules.required_checks.clone();
    checks.sort();
    checks.dedup();
    json!({
        "required_approvals": rules.required_approvals,
        "dismiss_stale_approvals": rules.dismiss_stale_approvals,
        "required_checks": checks,
        "binds_admins": rules.binds_admins,
        "allow_force_pushes": rules.allow_force_pushes,
        "allow_deletions": rules.allow_deletions,
        // Who has left leaves the branch closed, not open to all.
        "restricts_pushes": !rules.push_teams.is_empty() || !rules.push_people.is_empty(),
        "push_teams": sorted(&rules.push_teams),
        "push_people": sorted(&people),
    })
}

fn teams(wanted: Wanted<'_>, item: &Item<Organisation>, state: &mut State) {
    let estate = wanted.estate;
    let keys_of = |name: &str| {
        let team = estate.tables.teams.get(name);
        team.map(|team| team_key(&team.name, &team.value))
    };
    for team in estate.tables.teams.items() {
        if !is_of(&team.value, &item.name) {
            continue;
        }
        let name = team_name(&team.name, &team.value);
        let owner = team.value.owner.as_ref().map(|owner| owner.name.as_str());
        let at = wanted.place(team.span);
        let parent = team.value.parent.as_ref();
        let value = json!({
            "name": name,
            "description": team.value.description.as_deref().unwrap_or_default(),
            "privacy": match team.value.privacy {
                Privacy::Visible => "closed",
                Privacy::Secret => "secret",
            },
            "parent": parent.and_then(|parent| keys_of(&parent.name)),
        });
        state.want(Key::new(Sort::Team, name), value, &at, owner);
        for member in wanted.matrix.members(&team.name) {
            let at = first_place(&member.why).unwrap_or(&at);
            let key = Key::of(Sort::TeamMember, name, &member.login);
            let role = member.role.word();
            state.want(key, json!({ "role": role }), at, owner);
            // Who is in a team by what they are elsewhere comes to the organisation with it.
            let own = Key::new(Sort::Member, &member.login);
            state.want(own, json!({ "role": "member" }), at, None);
        }
        for grant in &team.value.grants {
            if !grant.lasts_on(wanted.day) {
                continue;
            }
            // What names another organisation, or none, is a finding, and granted nowhere.
            let Some((of, repository)) = grant.repository.split_once('/') else {
                continue;
            };
            if !of.eq_ignore_ascii_case(&item.name) {
                continue;
            }
            let key = Key::of(Sort::TeamGrant, name, repository);
            let at = wanted.place(grant.repository.span);
            state.want(key, of_permission(grant.permission), &at, owner);
        }
    }
}
