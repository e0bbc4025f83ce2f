//! Members of organisations, and those who are invited.

use super::orgs::view;
use super::{Call, Outcome, Refusal, Reply};
use crate::fakes::github::world::snapshot::role_name;
use crate::fakes::github::world::{Invitation, Role, TeamRole};

/// Everything below `/orgs/{org}` that is about people.
pub(super) fn serve(call: &mut Call<'_>, method: &str, path: &str) -> Outcome {
    match (method, path) {
        (_, "/members") => members(call),
        ("GET", "/memberships/{username}") => membership(call),
        ("PUT", "/memberships/{username}") => put_membership(call),
        (_, "/memberships/{username}") => delete_membership(call),
        ("GET", "/invitations") => invitations(call),
        (_, "/invitations") => invite(call),
        (_, "/invitations/{invitation_id}") => withdraw(call),
        (_, "/invitations/{invitation_id}/teams") => invitation_teams(call),
        (_, "/failed_invitations") => failed(call),
        _ => Err(Refusal::not_found()),
    }
}

fn members(call: &Call<'_>) -> Outcome {
    let org = call.org()?;
    let role = call.asked("role").unwrap_or("all");
    let filter = call.asked("filter").unwrap_or("all");
    if filter != "all" && org.members.get(&call.actor) != Some(&Role::Owner) {
        let text = "Only owners can use this filter.";
        return Err(Refusal::invalid("Organization", "filter", "invalid", text));
    }
    let found: Vec<u64> = org
        .members
        .iter()
        .filter(|(_, one)| role == "all" || role == role_name(**one))
        .filter(|(id, _)| {
            let account = call.world.accounts.get(id);
            filter == "all" || account.is_some_and(|account| !account.two_factor)
        })
        .map(|(id, _)| *id)
        .collect();
    Ok(call.page(&found, |id| view(call).user(*id)))
}

fn membership(call: &Call<'_>) -> Outcome {
    let org = call.org()?;
    if !org.members.contains_key(&call.actor) {
        let text = "You must be a member of this organization to see membership information";
        return Err(Refusal::new(403, text));
    }
    let found = view(call).org_membership(org, call.account()?);
    let found = found.ok_or_else(Refusal::not_found)?;
    Ok(Reply::One(200, found))
}

/// "Set organization membership for a user": a member's role changes; anybody else is invited,
/// and stays `pending` until the invitation is accepted. For somebody invited already the role
/// of the invitation changes, and no second one is sent.
fn put_membership(call: &mut Call<'_>) -> Outcome {
    let id = call.owned()?;
    let account = call.account()?;
    let role = match call.text("role") {
        Some("admin") => Role::Owner,
        _ => Role::Member,
    };
    if call.blocked(id, account) {
        let text = "You can't invite a user that the organization has blocked.";
        return Err(Refusal::new(403, text));
    }
    let org = call.org()?;
    let known = org.members.get(&account).copied();
    if known == Some(Role::Owner) && role == Role::Member {
        keep_an_owner(call, id, account)?;
        call.world.withdraw_invitations_of(id, account);
    }
    let pending = call.org()?.invitation_of(account).map(|one| one.id);
    if known.is_none() && pending.is_none() {
        let inviter = call.actor;
        call.world
            .send_invitation(id, Some(account), None, role, inviter);
    } else if let Some(org) = call.world.orgs.get_mut(&id) {
        if let Some(known) = org.members.get_mut(&account) {
            *known = role;
        } else if let Some(one) = pending.and_then(|id| org.invitations.get_mut(&id)) {
            one.role = role;
        }
    }
    membership(call)
}

/// "Remove organization membership for a user": an invitation is cancelled the same way.
fn delete_membership(call: &mut Call<'_>) -> Outcome {
    let id = call.owned()?;
    let account = call.account()?;
    let org = call.org()?;
    if !org.members.contains_key(&account) && org.invitation_of(account).is_none() {
        return Err(Refusal::not_found());
    }
    keep_an_owner(call, id, account)?;
    call.world.remove_member(id, account);
    Ok(Reply::Empty(204))
}

/// An organisation has an owner at all times.
fn keep_an_owner(call: &Call<'_>, org: u64, leaving: u64) -> Result<(), Refusal> {
    let org = call.world.orgs.get(&org);
    let mut owners = org.into_iter().flat_map(|org| &org.members);
    if owners.any(|(account, role)| *role == Role::Owner && *account != leaving) {
        return Ok(());
    }
    let text = "An organization must have at least one owner.";
    Err(Refusal::new(403, text))
}

fn invitations(call: &Call<'_>) -> Outcome {
    call.owned()?;
    let org = call.org()?;
    let wanted = call.asked("role").unwrap_or("all");
    let role = |one: &Invitation| match one.role {
        Role::Owner => "admin",
        Role::Member => "direct_member",
    };
    let source = call.asked("invitation_source").unwrap_or("all");
    let found: Vec<&Invitation> = org
        .invitations
        .values()
        .filter(|one| wanted == "all" || wanted == role(one))
        .filter(|_| source != "scim")
        .collect();
    Ok(call.page(&found, |one| view(call).invitation(org, one)))
}

fn failed(call: &Call<'_>) -> Outcome {
    call.owned()?;
    let org = call.org()?;
    let found: Vec<&Invitation> = org.failed.values().collect();
    Ok(call.page(&found, |one| view(call).invitation(org, one)))
}

/// "Create an organization invitation": by number of the account or by address.
fn invite(call: &mut Call<'_>) -> Outcome {
    let id = call.owned()?;
    let refuse = |field: &str, code: &str, text: &str| {
        Err(Refusal::invalid(
            "OrganizationInvitation",
            field,
            code,
            text,
        ))
    };
    let account = call
        .body
        .get("invitee_id")
        .and_then(serde_json::Value::as_u64);
    let email = call.text("email").map(str::to_owned);
    let org = call.org()?;
    match (account, &email) {
        (None, None) => return refuse("invitee_id", "missing_field", "invitee_id or email"),
        (Some(account), _) if !call.world.accounts.contains_key(&account) => {
            return refuse("invitee_id", "invalid", "Invitee is not a GitHub user");
        }
        (Some(account), _) if org.members.contains_key(&account) => {
            let text = "Invitee is already a part of this organization";
            return refuse("invitee_id", "unprocessable", text);
        }
        (Some(account), _) if org.invitation_of(account).is_some() => {
            let text = "Invitee has already been invited to this organization";
            return refuse("invitee_id", "unprocessable", text);
        }
        (Some(account), _) if call.blocked(id, account) => {
            return refuse("invitee_id", "unprocessable", "Invitee is blocked");
        }
        _ => {}
    }
    let role = match call.text("role") {
        Some("admin") => Role::Owner,
        _ => Role::Member,
    };
    let teams = call
        .body
        .get("team_ids")
        .and_then(serde_json::Value::as_array);
    let teams: Vec<u64> = teams
        .into_iter()
        .flatten()
        .filter_map(serde_json::Value::as_u64)
        .collect();
    if teams.iter().any(|team| !org.teams.contains_key(team)) {
        return refuse("team_ids", "invalid", "there is no such team");
    }
    let inviter = call.actor;
    let sent = call
        .world
        .send_invitation(id, account, email, role, inviter);
    let org = call.world.orgs.get_mut(&id);
    if let Some(one) = org.and_then(|org| org.invitations.get_mut(&sent)) {
        one.teams = teams.into_iter().map(|id| (id, TeamRole::Member)).collect();
    }
    let org = call.org()?;
    let one = org.invitations.get(&sent).ok_or_else(Refusal::not_found)?;
    Ok(Reply::One(201, view(call).invitation(org, one)))
}

/// Withdraws one that waits, or forgets one that failed.
fn withdraw(call: &mut Call<'_>) -> Outcome {
    let id = call.owned()?;
    let number = call.number("invitation_id");
    let org = call
        .world
        .orgs
        .get_mut(&id)
        .ok_or_else(Refusal::not_found)?;
    let waiting = org.invitations.remove(&number);
    let found = waiting.or_else(|| org.failed.remove(&number));
    found
        .map(|_| Reply::Empty(204))
        .ok_or_else(Refusal::not_found)
}

fn invitation_teams(call: &Call<'_>) -> Outcome {
    call.owned()?;
    let org = call.org()?;
    let one = org.invitations.get(&call.number("invitation_id"));
    let one = one.ok_or_else(Refusal::not_found)?;
    let teams: Vec<_> = one
        .teams
        .keys()
        .filter_map(|id| org.teams.get(id))
        .collect();
    Ok(call.page(&teams, |team| view(call).team(org, team)))
}
