//! Teams: what they are, who is in them, and what they reach.

mod write;

use super::orgs::view;
use super::{Call, Outcome, Refusal, Reply};
use crate::fakes::github::world::snapshot::team_role_name;
use crate::fakes::github::world::{Invitation, Org, Permission, Privacy, Role, Team, TeamRole};

/// Everything below `/orgs/{org}/teams`.
pub(super) fn serve(call: &mut Call<'_>, method: &str, path: &str) -> Outcome {
    match (method, path) {
        ("GET", "") => list(call),
        (_, "") => write::create(call),
        ("GET", "/{team_slug}") => get(call),
        ("PATCH", "/{team_slug}") => write::change(call),
        (_, "/{team_slug}") => write::delete(call),
        (_, "/{team_slug}/members") => members(call),
        (_, "/{team_slug}/invitations") => invitations(call),
        (_, "/{team_slug}/teams") => children(call),
        ("GET", "/{team_slug}/memberships/{username}") => membership(call),
        ("PUT", "/{team_slug}/memberships/{username}") => put_membership(call),
        (_, "/{team_slug}/memberships/{username}") => delete_membership(call),
        (_, "/{team_slug}/repos") => repos(call),
        ("GET", _) => get_repo(call),
        ("PUT", _) => put_repo(call),
        _ => delete_repo(call),
    }
}

/// Whether somebody sees a team: a secret one is seen by owners and its members only.
pub(in crate::fakes::github) fn sees(org: &Org, team: &Team, account: u64) -> bool {
    match org.members.get(&account) {
        None => false,
        Some(Role::Owner) => true,
        Some(Role::Member) => {
            team.privacy == Privacy::Closed || team.members.contains_key(&account)
        }
    }
}

/// The organisation and the team of the path, if the caller sees it.
fn team<'a>(call: &'a Call<'_>) -> Result<(&'a Org, &'a Team), Refusal> {
    let org = call.org()?;
    let team = org.team(call.named("team_slug"));
    let team = team.filter(|team| sees(org, team, call.actor));
    Ok((org, team.ok_or_else(Refusal::not_found)?))
}

/// The numbers of the organisation and the team, which the caller may change: as an owner, or
/// as its maintainer.
fn kept(call: &Call<'_>) -> Result<(u64, u64), Refusal> {
    let (org, team) = team(call)?;
    let maintains = org.own_team_role(team.id, call.actor) == Some(TeamRole::Maintainer);
    if !maintains && org.members.get(&call.actor) != Some(&Role::Owner) {
        let text = "You must be an organization owner or team maintainer.";
        return Err(Refusal::new(403, text));
    }
    Ok((org.id, team.id))
}

fn list(call: &Call<'_>) -> Outcome {
    let org = call.org()?;
    if !org.members.contains_key(&call.actor) {
        let text = "You must be a member of this organization.";
        return Err(Refusal::new(403, text));
    }
    let ours = call.asked("team_type") != Some("enterprise");
    let seen = |team: &&Team| ours && sees(org, team, call.actor);
    let found: Vec<&Team> = org.teams.values().filter(seen).collect();
    Ok(call.page(&found, |team| view(call).team(org, team)))
}

fn get(call: &Call<'_>) -> Outcome {
    let (org, team) = team(call)?;
    Ok(Reply::One(200, view(call).team(org, team)))
}

fn children(call: &Call<'_>) -> Outcome {
    let (org, team) = team(call)?;
    let found: Vec<&Team> = org.children(team.id).collect();
    Ok(call.page(&found, |team| view(call).team(org, team)))
}

/// "Team members will include the members of child teams."
fn members(call: &Call<'_>) -> Outcome {
    let (org, team) = team(call)?;
    let role = call.asked("role").unwrap_or("all");
    let found = org.team_members(team.id);
    let found = found.into_iter();
    let found: Vec<u64> = found
        .filter(|(_, one)| role == "all" || role == team_role_name(*one))
        .map(|(id, _)| id)
        .collect();
    Ok(call.page(&found, |id| view(call).user(*id)))
}

fn invitations(call: &Call<'_>) -> Outcome {
    let (org, team) = team(call)?;
    let all = org.invitations.values();
    let found: Vec<&Invitation> = all.filter(|one| one.teams.contains_key(&team.id)).collect();
    Ok(call.page(&found, |one| view(call).invitation(org, one)))
}

/// "Team members will include the members of child teams"; somebody invited is `pending`.
fn membership(call: &Call<'_>) -> Outcome {
    let (org, team) = team(call)?;
    let account = call.account()?;
    let active = org.team_members(team.id).get(&account).copied();
    let pending = || {
        let one = org.invitation_of(account)?;
        one.teams.get(&team.id).copied()
    };
    let found = active.map(|role| ("active", role));
    let found = found.or_else(|| pending().map(|role| ("pending", role)));
    let (state, role) = found.ok_or_else(Refusal::not_found)?;
    let login = call.world.login_of(account);
    let (base, org, team) = (call.base, org.id, team.id);
    Ok(Reply::One(
        200,
        serde_json::json!({
            "url": format!("{base}/organizations/{org}/team/{team}/memberships/{login}"),
            "role": team_role_name(role),
            "state": state,
        }),
    ))
}

/// "Add or update team membership for a user": a member of the organisation is in at once;
/// anybody else is invited to it, and is `pending` until then.
fn put_membership(call: &mut Call<'_>) -> Outcome {
    let ids = kept(call)?;
    if call.world.org(call.named("username")).is_some() {
        let text = "Cannot add an organization as a member.";
        return Err(Refusal::invalid("TeamMember", "user", "org", text));
    }
    let account = call.account()?;
    if call.blocked(ids.0, account) {
        let text = "You can't invite a user that the organization has blocked.";
        return Err(Refusal::new(403, text));
    }
    let role = match call.text("role") {
        Some("maintainer") => TeamRole::Maintainer,
        _ => TeamRole::Member,
    };
    let org = call.org()?;
    if !org.members.contains_key(&account) && org.members.get(&call.actor) != Some(&Role::Owner) {
        return Err(Refusal::not_owner());
    }
    let actor = call.actor;
    call.world.join_team(ids, account, role, actor);
    membership(call)
}

/// Takes somebody out of the team itself; the organisation and other teams keep them.
fn delete_membership(call: &mut Call<'_>) -> Outcome {
    let (org, team) = kept(call)?;
    let account = call.account()?;
    let org = call
        .world
        .orgs
        .get_mut(&org)
        .ok_or_else(Refusal::not_found)?;
    let mut gone = false;
    if let Some(team) = org.teams.get_mut(&team) {
        gone = team.members.remove(&account).is_some();
    }
    for one in org.invitations.values_mut() {
        if one.account == Some(account) {
            gone |= one.teams.remove(&team).is_some();
        }
    }
    if gone {
        Ok(Reply::Empty(204))
    } else {
        Err(Refusal::not_found())
    }
}

/// What the team reaches, also by the teams above it.
fn repos(call: &Call<'_>) -> Outcome {
    let (org, team) = team(call)?;
    let grants = org.team_grants(team.id);
    let found: Vec<_> = grants
        .iter()
        .filter_map(|(id, permission)| Some((call.world.repos.get(id)?, *permission)))
        .collect();
    Ok(call.page(&found, |(repo, permission)| {
        view(call).repo(repo, Some(*permission))
    }))
}

/// "Check team permissions for a repository": 204, or the repository if the client asks for
/// `application/vnd.github.v3.repository+json`.
fn get_repo(call: &Call<'_>) -> Outcome {
    let (org, team) = team(call)?;
    let repo = call.repo()?;
    let grants = org.team_grants(team.id);
    let permission = *grants.get(&repo.id).ok_or_else(Refusal::not_found)?;
    if call.accept.contains("repository+json") {
        let found = view(call).repo(repo, Some(permission));
        return Ok(Reply::One(200, found));
    }
    Ok(Reply::Empty(204))
}

/// "Add or update team repository permissions": `permission` is one of the five names, and the
/// team's own when it is not said.
fn put_repo(call: &mut Call<'_>) -> Outcome {
    let (org_id, team_id) = kept(call)?;
    let repo = call.repo()?;
    if repo.owner != org_id {
        let text = "The repository is not owned by the organization.";
        return Err(Refusal::invalid(
            "TeamMember",
            "repository",
            "not_owned",
            text,
        ));
    }
    let repo = call.changeable()?;
    let team = team(call)?.1;
    let permission = match call.text("permission") {
        None => team.default_permission,
        Some(name) => write_name(name)?,
    };
    let org = call.world.orgs.get_mut(&org_id);
    if let Some(team) = org.and_then(|org| org.teams.get_mut(&team_id)) {
        team.repos.insert(repo, permission);
    }
    Ok(Reply::Empty(204))
}

/// The permission of this name; `read` and `write` are not taken.
pub(super) fn write_name(name: &str) -> Result<Permission, Refusal> {
    let found = Permission::named(name).filter(|one| one.name() == name);
    found.ok_or_else(|| {
        let text = "permission must be pull, triage, push, maintain or admin";
        Refusal::invalid("Permission", "permission", "invalid", text)
    })
}

/// Takes from a team what it has itself; what it inherits stays.
fn delete_repo(call: &mut Call<'_>) -> Outcome {
    let (org, team) = kept(call)?;
    let repo = call.changeable()?;
    let org = call.world.orgs.get_mut(&org);
    if let Some(team) = org.and_then(|org| org.teams.get_mut(&team)) {
        team.repos.remove(&repo);
    }
    Ok(Reply::Empty(204))
}
