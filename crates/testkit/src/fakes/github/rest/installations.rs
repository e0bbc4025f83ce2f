//! Apps that are installed, and the repositories they reach.

use super::orgs::view;
use super::{Call, Outcome, Refusal, Reply};
use crate::fakes::github::world::{Installation, Permission, Repo, Role};

/// `/orgs/{org}/installations` and everything below `/user/installations`.
pub(super) fn serve(call: &mut Call<'_>, method: &str, path: &str) -> Outcome {
    match (method, path) {
        (_, "/orgs/{org}/installations") => {
            let org = call.owned()?;
            let all = call.world.installations.values();
            let found: Vec<&Installation> = all.filter(|one| one.org == org).collect();
            Ok(call.counted(&found, "installations", |one| view(call).installation(one)))
        }
        (_, "/user/installations") => {
            let all = call.world.installations.values();
            let found: Vec<&Installation> = all.filter(|one| owns(call, one)).collect();
            Ok(call.counted(&found, "installations", |one| view(call).installation(one)))
        }
        ("GET", _) => repositories(call),
        ("PUT", _) => add(call),
        _ => remove(call),
    }
}

fn owns(call: &Call<'_>, installation: &Installation) -> bool {
    let org = call.world.orgs.get(&installation.org);
    org.is_some_and(|org| org.members.get(&call.actor) == Some(&Role::Owner))
}

fn installation<'a>(call: &'a Call<'_>) -> Result<&'a Installation, Refusal> {
    let found = call
        .world
        .installations
        .get(&call.number("installation_id"));
    let found = found.filter(|one| owns(call, one));
    found.ok_or_else(Refusal::not_found)
}

fn repositories(call: &Call<'_>) -> Outcome {
    let installation = installation(call)?;
    let repos = call.world.repos.values();
    let found: Vec<&Repo> = repos
        .filter(|repo| repo.owner == installation.org)
        .filter(|repo| {
            let chosen = installation.repos.as_ref();
            chosen.is_none_or(|chosen| chosen.contains(&repo.id))
        })
        .collect();
    Ok(call.counted(&found, "repositories", |repo| {
        view(call).repo(repo, Some(Permission::Admin))
    }))
}

fn repository(call: &Call<'_>) -> Result<(u64, u64), Refusal> {
    let installation = installation(call)?;
    let repo = call.world.repos.get(&call.number("repository_id"));
    let repo = repo.filter(|repo| repo.owner == installation.org);
    let repo = repo.ok_or_else(Refusal::not_found)?;
    Ok((installation.id, repo.id))
}

fn add(call: &mut Call<'_>) -> Outcome {
    let (id, repo) = repository(call)?;
    let found = call.world.installations.get_mut(&id);
    if let Some(repos) = found.and_then(|one| one.repos.as_mut()) {
        repos.insert(repo);
    }
    Ok(Reply::Empty(204))
}

/// One that reaches all repositories is not cut down so, and none is left without any.
fn remove(call: &mut Call<'_>) -> Outcome {
    let (id, repo) = repository(call)?;
    let found = call.world.installations.get_mut(&id);
    let repos = found.and_then(|one| one.repos.as_mut());
    let Some(repos) = repos.filter(|repos| repos.len() > 1) else {
        return Err(Refusal::new(422, "The last repository, or all of them"));
    };
    if repos.remove(&repo) {
        Ok(Reply::Empty(204))
    } else {
        Err(Refusal::not_found())
    }
}
