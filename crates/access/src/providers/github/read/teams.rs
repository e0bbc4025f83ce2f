//! Teams, who is in them, and what they may do.

mod grants;
mod pending;

use std::collections::{BTreeMap, BTreeSet};

use estate::kinds::{AccessPart, LeftAlone};
use serde::Deserialize;
use serde_json::json;

use super::{Account, Found, wanted_containers};
use crate::abreast::abreast;
use crate::providers::github::AT_ONCE;
use crate::providers::github::pages::Page;
use crate::providers::github::people::{Person, TeamName, note};
use crate::providers::github::{GitHub, documents};
use crate::{Key, Known, ReadError, Sort, State};
use grants::Grant;
use pending::Invited;

/// A team as GraphQL tells it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Node {
    database_id: u64,
    name: String,
    slug: String,
    description: Option<String>,
    privacy: String,
    parent_team: Option<Parent>,
    members: Option<Page<Member>>,
    invitations: Option<Page<Invited>>,
    repositories: Option<Page<Grant>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Parent {
    database_id: u64,
}

#[derive(Deserialize)]
struct Member {
    role: String,
    node: Account,
}

/// A team with everything in it.
struct Team {
    /// Its name in keys.
    key: String,
    /// Its name as it is spelled now.
    name: String,
    description: String,
    /// In capitals: `VISIBLE` or `SECRET`.
    privacy: String,
    id: u64,
    slug: String,
    parent: Option<u64>,
    /// Whether the estate declares it, so that what is in it counts.
    wanted: bool,
    members: Vec<Member>,
    invited: Vec<Invited>,
    grants: Vec<Grant>,
}

#[derive(Deserialize)]
struct Listed {
    id: u64,
}

pub(super) fn read(hub: &GitHub, wanted: &State, known: &Known) -> Result<Found, ReadError> {
    let people = hub.manages(AccessPart::TeamMembers);
    let grants = hub.manages(AccessPart::TeamGrants);
    let nodes: Vec<Node> = hub.connection(&documents::teams(people, grants), "teams", "teams")?;
    let mut found = Found::default();
    let teams = complete(hub, wanted, nodes)?;
    let teams: BTreeMap<u64, Team> = teams.into_iter().map(|team| (team.id, team)).collect();
    let foreign = of_enterprise(hub)?;
    for team in teams.values() {
        list(hub, known, &teams, team, &foreign, &mut found)?;
    }
    let wanted_teams = || teams.values().filter(|team| team.wanted);
    for team in wanted_teams() {
        for Member { role, node } in &team.members {
            let name = hub.people.name(&node.login, Some(node.database_id));
            let key = Key::of(Sort::TeamMember, &team.key, &name);
            let person = Person {
                login: node.login.clone(),
                number: Some(node.database_id),
                ..Person::default()
            };
            note(known, &key, &person);
            found.add(key, json!({"role": role.to_lowercase()}))?;
        }
        for (key, permission) in grants::own(hub, wanted, &teams, team, &mut found)? {
            found.add(key, json!({"permission": permission}))?;
        }
    }
    pending::add(hub, wanted, known, wanted_teams(), &mut found)?;
    Ok(found)
}

/// Puts a team itself where it belongs.
fn list(
    hub: &GitHub,
    known: &Known,
    teams: &BTreeMap<u64, Team>,
    team: &Team,
    foreign: &BTreeSet<u64>,
    found: &mut Found,
) -> Result<(), ReadError> {
    let key = Key::new(Sort::Team, &team.key);
    let name = TeamName {
        slug: team.slug.clone(),
        id: team.id,
    };
    note(known, &key, &name);
    if !hub.manages(AccessPart::Teams) {
        return Ok(());
    }
    let secret = team.privacy == "SECRET";
    if foreign.contains(&team.id) {
        found.leave(key, "it is a team of the enterprise");
        return Ok(());
    }
    if secret && !team.wanted && hub.leaves(LeftAlone::SecretTeams) {
        found.leave(key, "it is a secret team");
        return Ok(());
    }
    let parent = team.parent.map(|id| teams.get(&id));
    if parent.is_some_and(|parent| parent.is_none()) {
        let what = format!("the parent of the {key} is no team of it");
        return Err(ReadError::Untrusted(what));
    }
    let parent = parent.flatten().map(|parent| parent.key.as_str());
    let value = json!({
        "name": team.name,
        "description": team.description,
        "privacy": if secret { "secret" } else { "closed" },
        "parent": parent,
    });
    found.add(key, value)
}

/// The names in keys by the number of a team: its own, or the new one where it had that before.
fn keys(hub: &GitHub, wanted: &State, nodes: &[Node]) -> BTreeMap<u64, String> {
    let own: BTreeMap<String, u64> = nodes
        .iter()
        .map(|node| (node.name.to_lowercase(), node.database_id))
        .collect();
    // Each has one, even where two have the same: that is found when they are listed.
    let mut keys: BTreeMap<u64, String> = nodes
        .iter()
        .map(|node| (node.database_id, node.name.to_lowercase()))
        .collect();
    for (old, new) in renamed(&hub.renames.teams, &own, wanted, Sort::Team) {
        keys.insert(own[old], new);
    }
    keys
}

/// The names that are there and stand for a new one, with that. Each new name has one old name
/// at most: the first in their order.
pub(super) fn renamed<'r, T>(
    renames: &'r BTreeMap<String, String>,
    there: &BTreeMap<String, T>,
    wanted: &State,
    sort: Sort,
) -> Vec<(&'r str, String)> {
    let mut taken = BTreeSet::new();
    let each = renames.iter().filter_map(|(old, new)| {
        let new = new.to_lowercase();
        let stands = there.contains_key(old)
            && !there.contains_key(&new)
            // Another is to have this name, or has it and keeps it.
            && !wanted.entries.contains_key(&Key::new(sort, old));
        (stands && taken.insert(new.clone())).then_some((old.as_str(), new))
    });
    each.collect()
}

/// Reads what did not fit on the pages of teams: of those that are wanted, and of their parents,
/// whose grants they inherit.
fn complete(hub: &GitHub, wanted: &State, nodes: Vec<Node>) -> Result<Vec<Team>, ReadError> {
    let mut keys = keys(hub, wanted, &nodes);
    let declared = wanted_containers(wanted, Sort::Team);
    let parents: BTreeMap<u64, Option<u64>> = nodes
        .iter()
        .map(|node| {
            (
                node.database_id,
                node.parent_team.as_ref().map(|parent| parent.database_id),
            )
        })
        .collect();
    if parents.len() != nodes.len() {
        return Err(ReadError::Untrusted("it lists a team twice".to_owned()));
    }
    let is_wanted = |id: u64| declared.contains(keys[&id].as_str());
    let mut needed: BTreeSet<u64> = BTreeSet::new();
    for id in parents.keys().copied().filter(|id| is_wanted(*id)) {
        let mut next = Some(id);
        while let Some(id) = next.filter(|id| needed.insert(*id)) {
            next = parents.get(&id).copied().flatten();
        }
    }
    let wanted_ids: BTreeSet<u64> = parents
        .keys()
        .copied()
        .filter(|id| is_wanted(*id))
        .collect();
    let mut teams = Vec::new();
    let mut open = Vec::new();
    for node in nodes {
        let mut team = Team {
            key: keys.remove(&node.database_id).unwrap_or_default(),
            name: node.name,
            description: node.description.unwrap_or_default(),
            privacy: node.privacy,
            id: node.database_id,
            slug: node.slug,
            parent: parents[&node.database_id],
            wanted: wanted_ids.contains(&node.database_id),
            members: Vec::new(),
            invited: Vec::new(),
            grants: Vec::new(),
        };
        if !needed.contains(&team.id) {
            teams.push(team);
            continue;
        }
        let rest = Contents {
            members: node.members,
            invited: node.invitations,
            grants: node.repositories,
        };
        if rest.fits() {
            rest.fill(hub, &mut team)?;
            teams.push(team);
        } else {
            open.push((team, rest));
        }
    }
    // What is in one of these takes further pages, so they are read side by side.
    teams.extend(abreast(AT_ONCE, open, |(mut team, rest)| {
        rest.fill(hub, &mut team)?;
        Ok::<_, ReadError>(team)
    })?);
    Ok(teams)
}

/// The first pages of what is in a team.
struct Contents {
    members: Option<Page<Member>>,
    invited: Option<Page<Invited>>,
    grants: Option<Page<Grant>>,
}

impl Contents {
    fn fits(&self) -> bool {
        let more = [
            self.members.as_ref().is_some_and(Page::has_more),
            self.invited.as_ref().is_some_and(Page::has_more),
            self.grants.as_ref().is_some_and(Page::has_more),
        ];
        more == [false; 3]
    }

    fn fill(self, hub: &GitHub, team: &mut Team) -> Result<(), ReadError> {
        let name = team.name.clone();
        let slug = Some(team.slug.as_str());
        let what = |of: &str| format!("{of} of the team {name}");
        let hidden = |of: &str| {
            let what = what(of);
            ReadError::Refused(format!(
                "GitHub does not show the {what}: the token's account has to be an owner"
            ))
        };
        if hub.manages(AccessPart::TeamMembers) {
            let of = "members";
            let document = documents::more_members();
            let page = self.members.ok_or_else(|| hidden(of))?;
            team.members = page.all(&what(of), |after| {
                hub.page(&document, slug, Some(after), "team/members")
            })?;
            let of = "invited people";
            let document = documents::more_invitations();
            let page = self.invited.ok_or_else(|| hidden(of))?;
            team.invited = page.all(&what(of), |after| {
                hub.page(&document, slug, Some(after), "team/invitations")
            })?;
        }
        if hub.manages(AccessPart::TeamGrants) {
            let of = "repositories";
            let document = documents::more_grants();
            let page = self.grants.ok_or_else(|| hidden(of))?;
            team.grants = page.all(&what(of), |after| {
                hub.page(&document, slug, Some(after), "team/repositories")
            })?;
        }
        Ok(())
    }
}

/// The numbers of the teams that an enterprise keeps, if those are left alone: GraphQL does not
/// tell them apart.
fn of_enterprise(hub: &GitHub) -> Result<BTreeSet<u64>, ReadError> {
    if !hub.leaves(LeftAlone::EnterpriseTeams) {
        return Ok(BTreeSet::new());
    }
    let teams: Vec<Listed> = hub.api.list(&hub.below("/teams?team_type=enterprise"))?;
    Ok(teams.into_iter().map(|team| team.id).collect())
}
