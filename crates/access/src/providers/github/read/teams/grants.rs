//! What a team may do, without what it has of its parents.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use super::Team;
use crate::providers::github::read::Found;
use crate::providers::github::{GitHub, names};
use crate::{Key, ReadError, Sort, State};

/// A grant as GraphQL tells it.
#[derive(Deserialize)]
pub(super) struct Grant {
    /// In capitals.
    permission: String,
    node: Repository,
}

#[derive(Deserialize)]
struct Repository {
    name: String,
    owner: Owner,
}

#[derive(Deserialize)]
struct Owner {
    login: String,
}

/// The grants that are a team's own, see [the rule](crate::providers::github).
pub(super) fn own(
    hub: &GitHub,
    wanted: &State,
    teams: &BTreeMap<u64, Team>,
    team: &Team,
    found: &mut Found,
) -> Result<Vec<(Key, &'static str)>, ReadError> {
    let inherited = inherited(teams, team)?;
    let mut own = Vec::new();
    for grant in &team.grants {
        let key = Key::of(Sort::TeamGrant, &team.key, &grant.node.name);
        let Some((rank, permission)) = level(grant) else {
            let what = format!("the {key} has the permission `{}`", grant.permission);
            return Err(ReadError::Untrusted(what));
        };
        let owner = &grant.node.owner.login;
        if !owner.eq_ignore_ascii_case(&hub.organisation) {
            let key = Key::of(
                Sort::TeamGrant,
                &team.key,
                &format!("{owner}/{}", grant.node.name),
            );
            found.leave(key, "the repository is a fork outside the organisation");
            continue;
        }
        let given = inherited.get(&grant.node.name.to_lowercase());
        if given.is_none_or(|given| *given < rank) {
            own.push((key, permission));
            continue;
        }
        let least = wanted
            .value(&key)
            .and_then(|value| value["permission"].as_str());
        let least = least.and_then(|name| Some((names::rank(name)?, names::permission(name)?)));
        match least {
            // It will still have as much of its parents.
            Some((least, name))
                if least <= rank && will_inherit(wanted, teams, &key) >= Some(least) =>
            {
                own.push((key, name));
            }
            // To be given less, or what may go with the parent's grant: it is given once more.
            _ => {}
        }
    }
    Ok(own)
}

/// The most that any team above gives to each repository, by its name in lower case.
fn inherited(
    teams: &BTreeMap<u64, Team>,
    team: &Team,
) -> Result<BTreeMap<String, usize>, ReadError> {
    let mut most: BTreeMap<String, usize> = BTreeMap::new();
    let mut passed = BTreeSet::from([team.id]);
    let mut next = team.parent;
    while let Some(parent) = next.and_then(|id| teams.get(&id)) {
        if !passed.insert(parent.id) {
            let what = format!("the team {} is above itself", parent.name);
            return Err(ReadError::Untrusted(what));
        }
        for grant in &parent.grants {
            let rank = names::rank(&grant.permission).unwrap_or(0);
            let most = most.entry(grant.node.name.to_lowercase()).or_insert(rank);
            *most = rank.max(*most);
        }
        next = parent.parent;
    }
    Ok(most)
}

/// The most that any team above a grant's team shall give to the same repository.
fn will_inherit(wanted: &State, teams: &BTreeMap<u64, Team>, grant: &Key) -> Option<usize> {
    let mut passed = BTreeSet::from([grant.of.clone()]);
    let mut most = None;
    let mut next = will_be_below(wanted, teams, &grant.of);
    while let Some(parent) = next.filter(|parent| passed.insert(parent.clone())) {
        let given = wanted.value(&Key::of(Sort::TeamGrant, &parent, &grant.name));
        let given = given.and_then(|value| names::rank(value["permission"].as_str()?));
        most = most.max(given);
        next = will_be_below(wanted, teams, &parent);
    }
    most
}

/// The team that a team shall be a part of; that it is a part of, if the estate does not say.
fn will_be_below(wanted: &State, teams: &BTreeMap<u64, Team>, team: &str) -> Option<String> {
    if let Some(value) = wanted.value(&Key::new(Sort::Team, team)) {
        return value["parent"].as_str().map(str::to_lowercase);
    }
    let own = teams.values().find(|one| one.key == team)?;
    Some(teams.get(&own.parent?)?.key.clone())
}

fn level(grant: &Grant) -> Option<(usize, &'static str)> {
    let rank = names::rank(&grant.permission)?;
    Some((rank, names::permission(&grant.permission)?))
}
