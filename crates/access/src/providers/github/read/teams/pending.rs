//! Those who will be in a team once they answer their invitation.

use estate::kinds::LeftAlone;
use http_client::segment;
use serde::Deserialize;
use serde_json::json;

use super::Team;
use crate::abreast::abreast;
use crate::providers::github::AT_ONCE;
use crate::providers::github::people::{Person, note};
use crate::providers::github::read::{Account, Found};
use crate::providers::github::{GitHub, names};
use crate::{Key, Known, ReadError, Sort, State};

/// So many pending memberships are asked for one by one: their roles are told in no list.
/// There are more only when an organisation was just founded.
const ASKED_FOR: usize = 30;

/// An invitation as GraphQL tells it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Invited {
    created_at: String,
    /// None if an address was invited.
    invitee: Option<Account>,
}

/// A membership as REST tells it.
#[derive(Deserialize)]
struct Membership {
    role: String,
}

struct Pending<'t> {
    key: Key,
    slug: &'t str,
    login: &'t str,
    /// The role that the estate wants; none if it does not want the membership.
    wanted: Option<String>,
}

/// Adds memberships that wait for an answer.
///
/// The role of each that the estate wants is asked for. Where that would be too many questions,
/// it is asked for those that are to be maintainers, and is taken to be as wanted for others:
/// it is what the invitation was made with, and is read again once they answer.
pub(super) fn add<'t>(
    hub: &GitHub,
    wanted: &State,
    known: &Known,
    teams: impl Iterator<Item = &'t Team>,
    found: &mut Found,
) -> Result<(), ReadError> {
    let mut pending = Vec::new();
    for team in teams {
        for invited in &team.invited {
            pending.extend(one(hub, wanted, known, team, invited, found));
        }
    }
    let wanted = pending.iter().filter(|one| one.wanted.is_some()).count();
    let few = wanted <= ASKED_FOR;
    let asked = |one: &Pending<'_>| match &one.wanted {
        None => false,
        Some(role) => few || role == "maintainer",
    };
    let roles = abreast(AT_ONCE, &pending, |one| {
        if !asked(one) {
            let role = one.wanted.clone();
            return Ok::<_, ReadError>(Some(role.unwrap_or_else(|| "member".to_owned())));
        }
        let (slug, login) = (segment(one.slug), segment(one.login));
        let path = hub.below(&format!("/teams/{slug}/memberships/{login}"));
        let membership: Option<Membership> = hub.api.find(&path)?;
        Ok(membership.map(|membership| membership.role))
    })?;
    let not_asked = pending
        .iter()
        .filter(|one| one.wanted.is_some() && !asked(one));
    let not_asked = not_asked.count();
    if not_asked > 0 {
        found.notes.push(format!(
            "{not_asked} invited people will be members of teams; whether as maintainers was not \
             asked for so many"
        ));
    }
    for (one, role) in pending.into_iter().zip(roles) {
        // None: answered or withdrawn since the list was made.
        if let Some(role) = role {
            found.add(one.key, json!({"role": role}))?;
        }
    }
    Ok(())
}

fn one<'t>(
    hub: &GitHub,
    wanted: &State,
    known: &Known,
    team: &'t Team,
    invited: &'t Invited,
    found: &mut Found,
) -> Option<Pending<'t>> {
    let Some(account) = &invited.invitee else {
        // The invitation of an address is seen among those to the organisation.
        return None;
    };
    let name = hub.people.name(&account.login, Some(account.database_id));
    let key = Key::of(Sort::TeamMember, &team.key, &name);
    if found.state.entries.contains_key(&key) {
        return None;
    }
    let role = wanted.value(&key).and_then(|value| value["role"].as_str());
    let role = role.map(str::to_owned);
    if role.is_none() && hub.leaves(LeftAlone::Invitees) {
        let since = names::day(&invited.created_at);
        found.leave(key, format!("was invited on {since} and has not answered"));
        return None;
    }
    let person = Person {
        login: account.login.clone(),
        number: Some(account.database_id),
        ..Person::default()
    };
    note(known, &key, &person);
    Some(Pending {
        key,
        slug: &team.slug,
        login: &account.login,
        wanted: role,
    })
}
