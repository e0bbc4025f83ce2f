//! The connections of organisations and teams.

use serde_json::{Map, Value, json};

use super::{Got, Thing};
use crate::fakes::github::graphql::run::{Connection, Edge, Runner};
use crate::fakes::github::rest::sees;
use crate::fakes::github::world::snapshot::team_role_name;
use crate::fakes::github::world::{Account, Org, Privacy, Repo, Role, Team, World};

fn edge(id: u64, node: Thing<'_>) -> Edge<'_> {
    Edge {
        id,
        node,
        more: Vec::new(),
    }
}

fn account(world: &World, id: u64) -> Option<&Account> {
    world.accounts.get(&id)
}

/// A text that was asked to be searched for, in lower case.
fn searched(given: &Map<String, Value>) -> Option<String> {
    let text = given.get("query").and_then(Value::as_str)?;
    Some(text.to_ascii_lowercase()).filter(|text| !text.is_empty())
}

fn has(text: &str, searched: Option<&String>) -> bool {
    searched.is_none_or(|wanted| text.to_ascii_lowercase().contains(wanted))
}

fn flag(given: &Map<String, Value>, name: &str) -> Option<bool> {
    given.get(name).and_then(Value::as_bool)
}

/// Members, the invited, teams and repositories of an organisation.
pub(super) fn of_org<'a>(
    runner: &Runner<'a, '_>,
    org: &'a Org,
    name: &str,
    given: &Map<String, Value>,
) -> Connection<'a> {
    let world = runner.world;
    let inside = org.members.contains_key(&runner.actor);
    let owner = org.members.get(&runner.actor) == Some(&Role::Owner);
    let edges = match name {
        "membersWithRole" => {
            let all = org.members.iter().filter(|_| inside);
            all.filter_map(|(id, role)| {
                let account = account(world, *id)?;
                let role = match role {
                    Role::Owner => "ADMIN",
                    Role::Member => "MEMBER",
                };
                let second = owner.then_some(account.two_factor);
                Some(Edge {
                    more: vec![
                        ("role", Got::Value(json!(role))),
                        ("hasTwoFactorEnabled", Got::Value(json!(second))),
                    ],
                    ..edge(*id, Thing::User(account))
                })
            })
            .collect()
        }
        "pendingMembers" => {
            let all = org.invitations.values().filter(|_| owner);
            let invited = all.filter_map(|one| account(world, one.account?));
            let mut edges: Vec<_> = invited.map(|one| edge(one.id, Thing::User(one))).collect();
            edges.sort_by_key(|edge| edge.id);
            edges
        }
        "teams" => teams(runner, org, given),
        _ => repositories(runner, org, given),
    };
    Connection { edges }
}

fn teams<'a>(runner: &Runner<'a, '_>, org: &'a Org, given: &Map<String, Value>) -> Vec<Edge<'a>> {
    let searched = searched(given);
    let privacy = given.get("privacy").and_then(Value::as_str);
    let roots = flag(given, "rootTeamsOnly") == Some(true);
    let mut found: Vec<&Team> = org
        .teams
        .values()
        .filter(|team| sees(org, team, runner.actor))
        .filter(|team| has(&team.name, searched.as_ref()))
        .filter(|team| !roots || team.parent.is_none())
        .filter(|team| {
            let secret = team.privacy == Privacy::Secret;
            privacy.is_none_or(|privacy| (privacy == "SECRET") == secret)
        })
        .collect();
    by_name(&mut found, given);
    let edges = found.into_iter();
    edges
        .map(|team| edge(team.id, Thing::Team(org, team)))
        .collect()
}

fn repositories<'a>(
    runner: &Runner<'a, '_>,
    org: &'a Org,
    given: &Map<String, Value>,
) -> Vec<Edge<'a>> {
    let world = runner.world;
    let privacy = given.get("privacy").and_then(Value::as_str);
    let named = given.get("visibility").and_then(Value::as_str);
    let wanted = |known: Option<bool>, is: bool| known.is_none_or(|known| known == is);
    let seen =
        |repo: &&Repo| repo.visibility == "public" || world.reach(repo).contains_key(&runner.actor);
    let found = world.repos.values().filter(|repo| {
        let private = repo.visibility != "public";
        repo.owner == org.id
            && wanted(flag(given, "isArchived"), repo.archived)
            && wanted(flag(given, "isFork"), repo.parent.is_some())
            && wanted(privacy.map(|name| name == "PRIVATE"), private)
            && named.is_none_or(|name| name.eq_ignore_ascii_case(&repo.visibility))
    });
    let mut found: Vec<&Repo> = found.filter(seen).collect();
    if given
        .get("orderBy")
        .is_some_and(|order| order["field"] == json!("NAME"))
    {
        found.sort_by_key(|repo| repo.name.to_ascii_lowercase());
    }
    reversed(&mut found, given);
    let edges = found.into_iter();
    edges.map(|repo| edge(repo.id, Thing::Repo(repo))).collect()
}

/// Turns the order round if so asked.
fn reversed<T>(all: &mut [T], given: &Map<String, Value>) {
    let order = given.get("orderBy");
    if order.is_some_and(|order| order["direction"] == json!("DESC")) {
        all.reverse();
    }
}

/// Members, the invited, teams around it and repositories of a team.
pub(super) fn of_team<'a>(
    runner: &Runner<'a, '_>,
    (org, team): (&'a Org, &'a Team),
    name: &str,
    given: &Map<String, Value>,
) -> Connection<'a> {
    let world = runner.world;
    let other = |id: &u64| {
        org.teams
            .get(id)
            .map(|one| edge(one.id, Thing::Team(org, one)))
    };
    let edges = match name {
        "members" => members(world, org, team, given),
        "invitations" => {
            let all = org.invitations.values();
            let ours = all.filter(|one| one.teams.contains_key(&team.id));
            ours.map(|one| edge(one.id, Thing::Invitation(org, one)))
                .collect()
        }
        "childTeams" if flag(given, "immediateOnly") == Some(false) => {
            org.descendants(team.id).iter().filter_map(other).collect()
        }
        "childTeams" => {
            let mut found: Vec<&Team> = org.children(team.id).collect();
            by_name(&mut found, given);
            let edges = found.into_iter();
            edges
                .map(|one| edge(one.id, Thing::Team(org, one)))
                .collect()
        }
        "ancestors" => org.ancestors(team.id).iter().filter_map(other).collect(),
        _ => {
            let searched = searched(given);
            let grants = org.team_grants(team.id);
            let found = grants.iter().filter_map(|(id, permission)| {
                let repo = world.repos.get(id)?;
                let shown = permission.role_name().to_ascii_uppercase();
                has(&repo.name, searched.as_ref()).then(|| Edge {
                    more: vec![("permission", Got::Value(json!(shown)))],
                    ..edge(repo.id, Thing::Repo(repo))
                })
            });
            found.collect()
        }
    };
    Connection { edges }
}

/// Teams by name if so asked, and else as they were made.
fn by_name(all: &mut [&Team], given: &Map<String, Value>) {
    if given
        .get("orderBy")
        .is_some_and(|order| order["field"] == json!("NAME"))
    {
        all.sort_by_key(|team| team.name.to_ascii_lowercase());
    }
    reversed(all, given);
}

/// `IMMEDIATE` are the team's own, `CHILD_TEAM` those of the teams below it, `ALL` both.
fn members<'a>(
    world: &'a World,
    org: &'a Org,
    team: &'a Team,
    given: &Map<String, Value>,
) -> Vec<Edge<'a>> {
    let membership = given.get("membership").and_then(Value::as_str);
    let wanted = given.get("role").and_then(Value::as_str);
    let searched = searched(given);
    let all = org.team_members(team.id).into_iter();
    all.filter(|(id, _)| match membership {
        Some("IMMEDIATE") => team.members.contains_key(id),
        Some("CHILD_TEAM") => !team.members.contains_key(id),
        _ => true,
    })
    .map(|(id, role)| (id, team_role_name(role).to_ascii_uppercase()))
    .filter(|(_, role)| wanted.is_none_or(|wanted| wanted == role))
    .filter_map(|(id, role)| {
        let account = account(world, id)?;
        has(&account.login, searched.as_ref()).then(|| Edge {
            more: vec![("role", Got::Value(json!(role)))],
            ..edge(id, Thing::User(account))
        })
    })
    .collect()
}
