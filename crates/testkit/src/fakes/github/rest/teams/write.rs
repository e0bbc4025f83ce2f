//! Making, changing and deleting teams.

use serde_json::Value;

use super::{kept, view};
use crate::fakes::github::rest::{Call, Outcome, Refusal, Reply};
use crate::fakes::github::world::{Org, Permission, Privacy, Role, Team, TeamRole, slug};

fn refused<T>(field: &str, code: &str, text: &str) -> Result<T, Refusal> {
    Err(Refusal::invalid("Team", field, code, text))
}

/// "Create a team": who makes it becomes its maintainer.
pub(super) fn create(call: &mut Call<'_>) -> Outcome {
    let org = call.org()?;
    if !org.members.contains_key(&call.actor) {
        return Err(Refusal::not_owner());
    }
    let name = call.text("name").unwrap_or_default().to_owned();
    let free = free_slug(org, &name, 0)?;
    let parent = parent(call, org, None)?;
    let usual = if parent.is_some() { "closed" } else { "secret" };
    let privacy = privacy(call.text("privacy").unwrap_or(usual));
    nesting(org, 0, parent, privacy)?;
    let mut members = maintainers(call, org)?;
    members.insert(call.actor, TeamRole::Maintainer);
    let permission = call.text("permission").and_then(Permission::named);
    let permission = permission.unwrap_or(Permission::Pull);
    let mut repos = std::collections::BTreeMap::new();
    for full_name in texts(call.body.get("repo_names")) {
        match call
            .world
            .repo(&full_name)
            .filter(|repo| repo.owner == org.id)
        {
            Some(repo) => repos.insert(repo.id, permission),
            None => return refused("repo_names", "invalid", "there is no such repository"),
        };
    }
    let description = call.text("description").map(str::to_owned);
    let org = org.id;
    let id = call.world.new_id();
    let team = Team {
        id,
        name,
        slug: free,
        description: description.filter(|text| !text.is_empty()),
        privacy,
        notifies: call.text("notification_setting") != Some("notifications_disabled"),
        parent,
        members,
        repos,
        default_permission: permission,
    };
    if let Some(org) = call.world.orgs.get_mut(&org) {
        org.teams.insert(id, team);
    }
    shown(call, 201, id)
}

fn shown(call: &Call<'_>, status: u16, id: u64) -> Outcome {
    let org = call.org()?;
    let team = org.teams.get(&id).ok_or_else(Refusal::not_found)?;
    Ok(Reply::One(status, view(call).team(org, team)))
}

/// The slug of a name, if no other team has it.
fn free_slug(org: &Org, name: &str, except: u64) -> Result<String, Refusal> {
    let slug = slug(name);
    if slug.is_empty() {
        return refused("name", "invalid", "Name can't be blank");
    }
    match org.team(&slug) {
        Some(other) if other.id != except => {
            refused("name", "already_exists", "Name must be unique for this org")
        }
        _ => Ok(slug),
    }
}

/// The parent that the body asks for, or the present one where it says nothing of it.
fn parent(call: &Call<'_>, org: &Org, present: Option<u64>) -> Result<Option<u64>, Refusal> {
    let by_id = call.body.get("parent_team_id");
    let Some(given) = by_id.or_else(|| call.body.get("parent_team_slug")) else {
        return Ok(present);
    };
    let found = match given {
        Value::Null => return Ok(None),
        Value::String(slug) => org.team(slug),
        number => org.teams.get(&number.as_u64().unwrap_or_default()),
    };
    match found {
        Some(team) => Ok(Some(team.id)),
        None => refused("parent_team_id", "invalid", "there is no such team"),
    }
}

fn privacy(name: &str) -> Privacy {
    if name == "secret" {
        Privacy::Secret
    } else {
        Privacy::Closed
    }
}

/// Secret teams are neither parents nor children, and no team is below itself.
fn nesting(org: &Org, team: u64, parent: Option<u64>, privacy: Privacy) -> Result<(), Refusal> {
    let secret = privacy == Privacy::Secret;
    if secret && (parent.is_some() || org.children(team).next().is_some()) {
        return refused("privacy", "invalid", "A nested team cannot be secret");
    }
    let Some(parent) = parent else { return Ok(()) };
    if parent == team || org.descendants(team).contains(&parent) {
        return refused("parent_team_id", "invalid", "A team cannot be below itself");
    }
    match org.teams.get(&parent) {
        Some(above) if above.privacy == Privacy::Secret => refused(
            "parent_team_id",
            "invalid",
            "The parent team cannot be secret",
        ),
        _ => Ok(()),
    }
}

fn texts(value: Option<&Value>) -> Vec<String> {
    let all = value.and_then(Value::as_array).into_iter().flatten();
    all.filter_map(Value::as_str).map(str::to_owned).collect()
}

fn maintainers(
    call: &Call<'_>,
    org: &Org,
) -> Result<std::collections::BTreeMap<u64, TeamRole>, Refusal> {
    let logins = texts(call.body.get("maintainers"));
    let ids = logins.iter().map(|login| {
        let account = call.world.account(login);
        let member = account.filter(|account| org.members.contains_key(&account.id));
        match member {
            Some(account) => Ok((account.id, TeamRole::Maintainer)),
            None => refused("maintainers", "invalid", "not a member of the organization"),
        }
    });
    ids.collect()
}

/// "Update a team": a new name is a new slug.
pub(super) fn change(call: &mut Call<'_>) -> Outcome {
    let (org_id, id) = kept(call)?;
    let org = call.org()?;
    let team = org.teams.get(&id).ok_or_else(Refusal::not_found)?;
    let mut new = team.clone();
    if let Some(name) = call.text("name") {
        new.slug = free_slug(org, name, id)?;
        name.clone_into(&mut new.name);
    }
    if let Some(text) = call.text("description") {
        new.description = Some(text.to_owned()).filter(|text| !text.is_empty());
    }
    new.parent = parent(call, org, team.parent)?;
    if let Some(name) = call.text("privacy") {
        new.privacy = privacy(name);
    }
    if let Some(setting) = call.text("notification_setting") {
        new.notifies = setting != "notifications_disabled";
    }
    if let Some(permission) = call.text("permission").and_then(Permission::named) {
        new.default_permission = permission;
    }
    nesting(org, id, new.parent, new.privacy)?;
    if let Some(org) = call.world.orgs.get_mut(&org_id) {
        org.teams.insert(id, new);
    }
    shown(call, 200, id)
}

/// "If you are an organization owner, deleting a parent team will delete all of its child
/// teams as well." Others cannot delete a team that has children.
pub(super) fn delete(call: &mut Call<'_>) -> Outcome {
    let (org, id) = kept(call)?;
    let actor = call.actor;
    let org = call
        .world
        .orgs
        .get_mut(&org)
        .ok_or_else(Refusal::not_found)?;
    let mut gone = org.descendants(id);
    if !gone.is_empty() && org.members.get(&actor) != Some(&Role::Owner) {
        return Err(Refusal::not_owner());
    }
    gone.push(id);
    org.teams.retain(|team, _| !gone.contains(team));
    for invitation in org.invitations.values_mut() {
        invitation.teams.retain(|team, _| !gone.contains(team));
    }
    Ok(Reply::Empty(204))
}
