//! Repositories, and who reaches them why.

use serde_json::{Map, Value, json};

use super::{Got, Thing, found};
use crate::fakes::github::graphql::run::{Connection, Edge, Runner};
use crate::fakes::github::rest::render::{node_id, time};
use crate::fakes::github::world::{Permission, Repo, Role, World, same};

/// Settings that GraphQL calls by another name.
const SETTINGS: [(&str, &str); 17] = [
    ("allowUpdateBranch", "allow_update_branch"),
    ("autoMergeAllowed", "allow_auto_merge"),
    ("deleteBranchOnMerge", "delete_branch_on_merge"),
    ("forkingAllowed", "allow_forking"),
    ("hasDiscussionsEnabled", "has_discussions"),
    ("hasIssuesEnabled", "has_issues"),
    ("hasProjectsEnabled", "has_projects"),
    ("hasWikiEnabled", "has_wiki"),
    ("isTemplate", "is_template"),
    ("mergeCommitAllowed", "allow_merge_commit"),
    ("mergeCommitMessage", "merge_commit_message"),
    ("mergeCommitTitle", "merge_commit_title"),
    ("rebaseMergeAllowed", "allow_rebase_merge"),
    ("squashMergeAllowed", "allow_squash_merge"),
    ("squashMergeCommitMessage", "squash_merge_commit_message"),
    ("squashMergeCommitTitle", "squash_merge_commit_title"),
    ("webCommitSignoffRequired", "web_commit_signoff_required"),
];

pub(super) fn field<'a>(
    runner: &mut Runner<'a, '_>,
    repo: &'a Repo,
    name: &str,
    given: &Map<String, Value>,
) -> Got<'a> {
    let world = runner.world;
    let setting = |name: &str| repo.settings.get(name).cloned().unwrap_or_default();
    if let Some((_, key)) = SETTINGS.iter().find(|(field, _)| *field == name) {
        return Got::Value(setting(key));
    }
    let mine = || world.reach(repo).get(&runner.actor).copied();
    Got::Value(match name {
        "id" => json!(node_id("R", repo.id)),
        "databaseId" => json!(repo.id),
        "name" => json!(repo.name),
        "nameWithOwner" => json!(world.full_name(repo)),
        "description" => setting("description"),
        "homepageUrl" => setting("homepage"),
        "url" => json!(format!("https://github.com/{}", world.full_name(repo))),
        "visibility" => json!(repo.visibility.to_ascii_uppercase()),
        "isPrivate" => json!(repo.visibility != "public"),
        "isArchived" => json!(repo.archived),
        "archivedAt" => json!(repo.archived.then(|| time(world.now))),
        "isFork" => json!(repo.parent.is_some()),
        "isEmpty" => json!(repo.branches.is_empty()),
        "isInOrganization" => json!(world.orgs.contains_key(&repo.owner)),
        "isDisabled" | "isLocked" | "isMirror" => json!(false),
        "createdAt" | "updatedAt" => json!(time(world.now)),
        "pushedAt" => json!((!repo.branches.is_empty()).then(|| time(world.now))),
        "viewerPermission" => json!(mine().map(|one| one.role_name().to_ascii_uppercase())),
        "viewerCanAdminister" => json!(mine() == Some(Permission::Admin)),
        "owner" => {
            let org = world.orgs.get(&repo.owner).map(Thing::Org);
            let account = world.accounts.get(&repo.owner).map(Thing::User);
            return found(org.or(account));
        }
        "parent" => {
            let parent = repo.parent.and_then(|id| world.repos.get(&id));
            return found(parent.map(Thing::Repo));
        }
        "defaultBranchRef" => {
            let branch = setting("default_branch");
            let branch = branch
                .as_str()
                .filter(|branch| repo.branches.contains(*branch));
            return found(branch.map(|branch| Thing::Branch(repo, branch.to_owned())));
        }
        "branchProtectionRules" => {
            let rules = repo.protections.iter().zip(1..);
            let edges = rules.map(|((branch, rule), at)| Edge {
                id: at,
                node: Thing::Rule(repo, branch, rule),
                more: Vec::new(),
            });
            return Got::Connection(Connection {
                edges: edges.collect(),
            });
        }
        // Only who may push sees who else may.
        _ if mine().is_none_or(|mine| mine < Permission::Push) => return Got::Nothing,
        _ => return Got::Connection(collaborators(world, repo, given)),
    })
}

/// `DIRECT` are those who were given the repository by themselves, `OUTSIDE` those of them who
/// are not in the organisation, `ALL` everybody. What is shown is the highest from anywhere.
fn collaborators<'a>(
    world: &'a World,
    repo: &'a Repo,
    given: &Map<String, Value>,
) -> Connection<'a> {
    let all = world.reach(repo);
    let text = |name: &str| given.get(name).and_then(Value::as_str);
    let chosen = match text("affiliation") {
        Some("DIRECT") => repo.collaborators.clone(),
        Some("OUTSIDE") => world.outside(repo),
        _ => all.clone(),
    };
    let found = chosen.keys().filter_map(|id| world.accounts.get(id));
    let found = found.filter(|account| {
        let wanted = text("query").unwrap_or_default().to_ascii_lowercase();
        account.login.to_ascii_lowercase().contains(&wanted)
            && text("login").is_none_or(|login| same(login, &account.login))
    });
    let edges = found.map(|account| {
        let permission = all.get(&account.id).copied().unwrap_or(Permission::Pull);
        let shown = permission.role_name().to_ascii_uppercase();
        Edge {
            id: account.id,
            node: Thing::User(account),
            more: vec![
                ("permission", Got::Value(json!(shown))),
                (
                    "permissionSources",
                    Got::List(sources(world, repo, account.id)),
                ),
            ],
        }
    });
    Connection {
        edges: edges.collect(),
    }
}

/// All that gives somebody something on a repository.
fn sources<'a>(world: &'a World, repo: &'a Repo, account: u64) -> Vec<Thing<'a>> {
    let Some(org) = world.orgs.get(&repo.owner) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    let mut add = |permission, source| {
        found.push(Thing::Source(org, permission, Box::new(source)));
    };
    match org.members.get(&account) {
        Some(Role::Owner) => add(Permission::Admin, Thing::Org(org)),
        Some(Role::Member) => {
            if let Some(base) = org.base_permission() {
                add(base, Thing::Org(org));
            }
        }
        None => {}
    }
    for team in org
        .teams
        .values()
        .filter(|team| team.members.contains_key(&account))
    {
        if let Some(permission) = org.team_grant(team.id, repo.id) {
            add(permission, Thing::Team(org, team));
        }
    }
    if let Some(permission) = repo.collaborators.get(&account) {
        add(*permission, Thing::Repo(repo));
    }
    found
}
