//! Those who were given a repository by themselves, and those who are invited to it.

use super::orgs::view;
use super::teams::write_name;
use super::{Call, Outcome, Refusal, Reply};
use crate::fakes::github::world::{Permission, RepoInvitation};

/// Collaborators and invitations of `/repos/{owner}/{repo}`.
pub(super) fn serve(call: &mut Call<'_>, method: &str, path: &str) -> Outcome {
    match (method, path) {
        (_, "/collaborators") => list(call),
        ("GET", "/collaborators/{username}") => get(call),
        ("PUT", "/collaborators/{username}") => put(call),
        (_, "/collaborators/{username}") => delete(call),
        (_, "/invitations") => invitations(call),
        ("PATCH", "/invitations/{invitation_id}") => change_invitation(call),
        _ => withdraw(call),
    }
}

/// "List repository collaborators": `direct` are those who were given it by themselves, members
/// of the organisation or not; `outside` those of them who are not; `all` is everybody.
fn list(call: &Call<'_>) -> Outcome {
    let id = call.administered()?;
    let repo = call.world.repos.get(&id).ok_or_else(Refusal::not_found)?;
    let all = call.world.reach(repo);
    let chosen = match call.asked("affiliation").unwrap_or("all") {
        "outside" => call.world.outside(repo),
        "direct" => repo.collaborators.clone(),
        _ => all.clone(),
    };
    let least = call.asked("permission").and_then(Permission::named);
    // Whatever the filter, what is shown is the highest that somebody has from anywhere.
    let found: Vec<(u64, Permission)> = chosen
        .into_iter()
        .map(|(account, own)| (account, all.get(&account).copied().unwrap_or(own)))
        .filter(|(_, permission)| least.is_none_or(|least| *permission == least))
        .collect();
    Ok(call.page(&found, |(account, permission)| {
        view(call).collaborator(*account, *permission)
    }))
}

fn get(call: &Call<'_>) -> Outcome {
    let repo = call.repo()?;
    let account = call.account()?;
    if call.world.reach(repo).contains_key(&account) {
        Ok(Reply::Empty(204))
    } else {
        Err(Refusal::not_found())
    }
}

/// "Add a repository collaborator": 204 for who is a collaborator or a member of the
/// organisation already; anybody else is invited, 201. A second request for somebody invited
/// changes the invitation.
fn put(call: &mut Call<'_>) -> Outcome {
    let id = call.changeable()?;
    let account = call.account()?;
    let permission = write_name(call.text("permission").unwrap_or("push"))?;
    let repo = call.repo()?;
    let (owner, known) = (repo.owner, repo.collaborators.contains_key(&account));
    if account == owner {
        let text = "Repository owner cannot be a collaborator";
        return Err(Refusal::invalid("Repository", "user", "custom", text));
    }
    if call.blocked(owner, account) {
        return Err(Refusal::new(
            403,
            "The user is blocked by the organization.",
        ));
    }
    let org = call.world.orgs.get(&owner);
    let member = org.is_some_and(|org| org.members.contains_key(&account));
    if known || member {
        if let Some(repo) = call.world.repos.get_mut(&id) {
            repo.collaborators.insert(account, permission);
        }
        return Ok(Reply::Empty(204));
    }
    let invited = RepoInvitation {
        id: call.world.new_id(),
        account,
        inviter: call.actor,
        permission,
        created: call.world.now,
        expired: false,
    };
    let sent = call.world.invite_to_repo(id, invited);
    let repo = call.repo()?;
    let one = repo.invitations.get(&sent).ok_or_else(Refusal::not_found)?;
    Ok(Reply::One(201, view(call).repo_invitation(repo, one)))
}

/// "Remove a repository collaborator": what somebody has from teams or the organisation stays,
/// and so does an invitation.
fn delete(call: &mut Call<'_>) -> Outcome {
    let id = call.changeable()?;
    let account = call.account()?;
    if let Some(repo) = call.world.repos.get_mut(&id) {
        repo.collaborators.remove(&account);
        // "Cancels any outstanding invitations sent by the collaborator."
        repo.invitations.retain(|_, one| one.inviter != account);
    }
    Ok(Reply::Empty(204))
}

fn invitations(call: &Call<'_>) -> Outcome {
    let id = call.administered()?;
    let repo = call.world.repos.get(&id).ok_or_else(Refusal::not_found)?;
    let found: Vec<&RepoInvitation> = repo.invitations.values().collect();
    Ok(call.page(&found, |one| view(call).repo_invitation(repo, one)))
}

fn change_invitation(call: &mut Call<'_>) -> Outcome {
    let id = call.changeable()?;
    let number = call.number("invitation_id");
    let permission = call.text("permissions").and_then(Permission::named);
    let repo = call
        .world
        .repos
        .get_mut(&id)
        .ok_or_else(Refusal::not_found)?;
    let one = repo.invitations.get_mut(&number);
    let one = one.ok_or_else(Refusal::not_found)?;
    one.permission = permission.unwrap_or(one.permission);
    let repo = call.repo()?;
    let one = repo
        .invitations
        .get(&number)
        .ok_or_else(Refusal::not_found)?;
    Ok(Reply::One(200, view(call).repo_invitation(repo, one)))
}

fn withdraw(call: &mut Call<'_>) -> Outcome {
    let id = call.changeable()?;
    let number = call.number("invitation_id");
    let repo = call
        .world
        .repos
        .get_mut(&id)
        .ok_or_else(Refusal::not_found)?;
    let gone = repo.invitations.remove(&number);
    gone.map(|_| Reply::Empty(204))
        .ok_or_else(Refusal::not_found)
}

/// `/orgs/{org}/outside_collaborators`.
pub(super) fn outside(call: &Call<'_>) -> Outcome {
    call.owned()?;
    let org = call.org()?;
    let repos = call
        .world
        .repos
        .values()
        .filter(|repo| repo.owner == org.id);
    let mut found: Vec<u64> = repos
        .flat_map(|repo| call.world.outside(repo).into_keys())
        .filter(|id| {
            let account = call.world.accounts.get(id);
            let all = call.asked("filter").unwrap_or("all") == "all";
            all || account.is_some_and(|account| !account.two_factor)
        })
        .collect();
    found.sort_unstable();
    found.dedup();
    Ok(call.page(&found, |id| view(call).user(*id)))
}
