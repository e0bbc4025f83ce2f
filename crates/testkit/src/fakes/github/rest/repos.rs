//! Repositories: what they are, and how they are made, renamed, archived and forked.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::orgs::view;
use super::{Call, Outcome, Refusal, Reply, archived, repo_name, repo_taken};
use crate::fakes::github::world::seed::repo_settings;
use crate::fakes::github::world::{Repo, Role};

/// Members of a body that are not settings.
const NOT_SETTINGS: [&str; 11] = [
    "name",
    "private",
    "visibility",
    "archived",
    "auto_init",
    "gitignore_template",
    "license_template",
    "team_id",
    "custom_properties",
    "security_and_analysis",
    "has_downloads",
];

/// `/repos/{owner}/{repo}` itself, its forks and its teams.
pub(super) fn serve(call: &mut Call<'_>, method: &str, path: &str) -> Outcome {
    match (method, path) {
        (_, "/forks") => fork(call),
        (_, "/teams") => teams(call),
        ("GET", _) => {
            let repo = call.repo()?;
            Ok(shown(call, 200, repo))
        }
        _ => change(call),
    }
}

/// `/orgs/{org}/repos`.
pub(super) fn serve_org(call: &mut Call<'_>, method: &str) -> Outcome {
    if method == "GET" {
        list(call)
    } else {
        create(call)
    }
}

fn shown(call: &Call<'_>, status: u16, repo: &Repo) -> Reply {
    let permission = call.world.reach(repo).get(&call.actor).copied();
    Reply::One(status, view(call).repo(repo, permission))
}

fn list(call: &Call<'_>) -> Outcome {
    let org = call.org()?;
    let kind = call.asked("type").unwrap_or("all");
    let mut found: Vec<&Repo> = call
        .world
        .repos
        .values()
        .filter(|repo| repo.owner == org.id && call.may_see(repo))
        .filter(|repo| match kind {
            "public" => repo.visibility == "public",
            "private" => repo.visibility != "public",
            "forks" => repo.parent.is_some(),
            "sources" => repo.parent.is_none(),
            _ => true,
        })
        .collect();
    // By creation, and the newest first, unless told otherwise.
    let by_name = call.asked("sort") == Some("full_name");
    if by_name {
        found.sort_by_key(|repo| repo.name.to_ascii_lowercase());
    }
    let usual = if by_name { "asc" } else { "desc" };
    if call.asked("direction").unwrap_or(usual) == "desc" {
        found.reverse();
    }
    let owner = org.members.get(&call.actor) == Some(&Role::Owner);
    Ok(call.page(&found, |repo| {
        let permission = if owner {
            Some(crate::fakes::github::world::Permission::Admin)
        } else {
            call.world.reach(repo).get(&call.actor).copied()
        };
        view(call).repo(repo, permission)
    }))
}

fn refused<T>(field: &str, code: &str, text: &str) -> Result<T, Refusal> {
    Err(Refusal::invalid("Repository", field, code, text))
}

fn visibility(body: &Map<String, Value>) -> Option<String> {
    let named = body.get("visibility").and_then(Value::as_str);
    let private = body.get("private").and_then(Value::as_bool);
    let plain = private.map(|private| if private { "private" } else { "public" });
    named.or(plain).map(str::to_owned)
}

fn settings(body: &Map<String, Value>) -> impl Iterator<Item = (String, Value)> {
    let all = body.iter();
    all.filter(|(name, _)| !NOT_SETTINGS.contains(&name.as_str()))
        // An empty text is no text.
        .map(|(name, value)| match value.as_str() {
            Some("") if name == "description" => (name.clone(), Value::Null),
            _ => (name.clone(), value.clone()),
        })
}

fn create(call: &mut Call<'_>) -> Outcome {
    let org = call.org()?;
    let member = org.members.get(&call.actor);
    let anybody = org.settings.get("members_can_create_repositories") == Some(&Value::Bool(true));
    if member != Some(&Role::Owner) && !(member.is_some() && anybody) {
        let text = "You need admin access to the organization before adding a repository to it.";
        return Err(Refusal::new(403, text));
    }
    let owner = org.id;
    let name = repo_name(call.text("name").unwrap_or_default());
    if name.is_empty() {
        return refused("name", "missing_field", "name is too short");
    }
    if repo_taken(call.world, owner, &name, 0) {
        return refused("name", "custom", "name already exists on this account");
    }
    let team = call.body.get("team_id").and_then(Value::as_u64);
    let mut kept = repo_settings();
    kept.extend(settings(&call.body));
    merge_methods(&kept)?;
    let started = call.body.get("auto_init") == Some(&Value::Bool(true));
    let id = call.world.new_id();
    let repo = Repo {
        id,
        owner,
        name: name.clone(),
        settings: kept,
        visibility: visibility(&call.body).unwrap_or_else(|| "public".to_owned()),
        archived: false,
        branches: started.then(|| "main".to_owned()).into_iter().collect(),
        collaborators: BTreeMap::new(),
        invitations: BTreeMap::new(),
        protections: BTreeMap::new(),
        parent: None,
    };
    forget_redirect(call, owner, &name);
    call.world.repos.insert(id, repo);
    let teams = call.world.orgs.get_mut(&owner).map(|org| &mut org.teams);
    if let Some(team) = teams.and_then(|teams| teams.get_mut(&team?)) {
        team.repos.insert(id, team.default_permission);
    }
    let repo = call.world.repos.get(&id).ok_or_else(Refusal::not_found)?;
    Ok(shown(call, 201, repo))
}

/// A name that is taken again leads to who has it now.
fn forget_redirect(call: &mut Call<'_>, owner: u64, name: &str) {
    let full_name = format!("{}/{name}", call.world.login_of(owner)).to_ascii_lowercase();
    call.world.redirects.remove(&full_name);
}

/// One way to merge is left at least.
fn merge_methods(settings: &Map<String, Value>) -> Result<(), Refusal> {
    let ways = [
        "allow_squash_merge",
        "allow_merge_commit",
        "allow_rebase_merge",
    ];
    if ways
        .iter()
        .any(|way| settings.get(*way) != Some(&Value::Bool(false)))
    {
        return Ok(());
    }
    let text = "Sorry, you need to allow at least one merge strategy.";
    refused("merge_commit_allowed", "custom", text)
}

/// "Update a repository". `archived: false` brings an archived one back; all else is refused
/// while it is archived.
fn change(call: &mut Call<'_>) -> Outcome {
    let id = call.administered()?;
    let repo = call.world.repos.get(&id).ok_or_else(Refusal::not_found)?;
    let archive = call.body.get("archived").and_then(Value::as_bool);
    if repo.archived && archive != Some(false) && !(archive == Some(true) && call.body.len() == 1) {
        return Err(archived());
    }
    let mut new = repo.clone();
    new.settings.extend(settings(&call.body));
    merge_methods(&new.settings)?;
    if let Some(branch) = call.text("default_branch")
        && !repo.branches.contains(branch)
    {
        let text = "The branch was not found. Please push that ref first or create it";
        return refused("default_branch", "invalid", text);
    }
    new.archived = archive.unwrap_or(repo.archived);
    new.visibility = visibility(&call.body).unwrap_or(new.visibility);
    let (owner, before) = (repo.owner, call.world.full_name(repo));
    if let Some(name) = call.text("name").map(repo_name)
        && name != repo.name
    {
        if repo_taken(call.world, owner, &name, id) {
            return refused("name", "custom", "name already exists on this account");
        }
        forget_redirect(call, owner, &name);
        let moved = before.to_ascii_lowercase();
        if !crate::fakes::github::world::same(&new.name, &name) {
            call.world.redirects.insert(moved, id);
        }
        new.name = name;
    }
    call.world.repos.insert(id, new);
    let repo = call.world.repos.get(&id).ok_or_else(Refusal::not_found)?;
    Ok(shown(call, 200, repo))
}

/// "Create a fork": one that is there already is answered again. GitHub forks later; here it is
/// there at once.
fn fork(call: &mut Call<'_>) -> Outcome {
    let source = call.repo()?.clone();
    let owner = match call.text("organization") {
        None => call.actor,
        Some(login) => match call.world.org(login) {
            Some(org) if org.members.contains_key(&call.actor) => org.id,
            _ => return refused("organization", "invalid", "there is no such organization"),
        },
    };
    if source.visibility != "public"
        && source.settings.get("allow_forking") == Some(&Value::Bool(false))
    {
        return Err(Refusal::new(
            403,
            "The repository exists, but forking is disabled.",
        ));
    }
    let mut all = call.world.repos.values();
    let known = all.find(|repo| repo.owner == owner && repo.parent == Some(source.id));
    if let Some(repo) = known {
        return Ok(shown(call, 202, repo));
    }
    let name = repo_name(call.text("name").unwrap_or(&source.name));
    if owner == source.owner || repo_taken(call.world, owner, &name, 0) {
        return refused("name", "custom", "name already exists on this account");
    }
    let only_default = call.body.get("default_branch_only") == Some(&Value::Bool(true));
    let id = call.world.new_id();
    let default = source
        .settings
        .get("default_branch")
        .and_then(Value::as_str);
    let default = default.unwrap_or_default().to_owned();
    let branches: BTreeSet<String> = if only_default {
        BTreeSet::from([default.clone()])
    } else {
        source.branches.clone()
    };
    let mut kept = repo_settings();
    kept.insert("default_branch".to_owned(), Value::String(default));
    // A fork has no issues of its own at first.
    kept.insert("has_issues".to_owned(), Value::Bool(false));
    for name in ["description", "homepage"] {
        let value = source.settings.get(name).cloned().unwrap_or_default();
        kept.insert(name.to_owned(), value);
    }
    let fork = Repo {
        id,
        owner,
        name,
        settings: kept,
        archived: false,
        branches,
        collaborators: BTreeMap::new(),
        invitations: BTreeMap::new(),
        protections: BTreeMap::new(),
        parent: Some(source.id),
        visibility: source.visibility,
    };
    call.world.repos.insert(id, fork);
    let repo = call.world.repos.get(&id).ok_or_else(Refusal::not_found)?;
    Ok(shown(call, 202, repo))
}

/// The teams that reach a repository, also by the teams above them.
fn teams(call: &Call<'_>) -> Outcome {
    let repo = call.repo()?;
    let Some(org) = call.world.orgs.get(&repo.owner) else {
        return Ok(call.page::<u64>(&[], |_| Value::Null));
    };
    let found: Vec<_> = org
        .teams
        .values()
        .filter(|team| super::teams::sees(org, team, call.actor))
        .filter_map(|team| Some((team, org.team_grant(team.id, repo.id)?)))
        .collect();
    Ok(call.page(&found, |(team, permission)| {
        view(call).team_with(org, team, *permission)
    }))
}
