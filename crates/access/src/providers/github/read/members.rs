//! Who is in an organisation, and who is invited.

use std::collections::{BTreeMap, BTreeSet};

use estate::kinds::LeftAlone;
use serde::Deserialize;
use serde_json::json;

use super::{Account, Found};
use crate::providers::github::people::{Person, note};
use crate::providers::github::{GitHub, documents, names};
use crate::{Key, Known, ReadError, Sort, State};

#[derive(Deserialize)]
struct Member {
    role: String,
    node: Account,
}

/// An invitation as REST tells it, one that waits or one that failed.
#[derive(Deserialize)]
struct Invitation {
    id: u64,
    login: Option<String>,
    email: Option<String>,
    role: String,
    created_at: String,
    failed_at: Option<String>,
    failed_reason: Option<String>,
}

pub(super) fn read(hub: &GitHub, wanted: &State, known: &Known) -> Result<Found, ReadError> {
    let mut found = Found::default();
    for Member { role, node } in members(hub)? {
        let key = Key::new(
            Sort::Member,
            &hub.people.name(&node.login, Some(node.database_id)),
        );
        let person = Person {
            login: node.login,
            number: Some(node.database_id),
            ..Person::default()
        };
        note(known, &key, &person);
        found.add(key, json!({"role": role.to_lowercase()}))?;
    }
    pending(hub, wanted, known, &mut found)?;
    failed(hub, wanted, known, &mut found)?;
    Ok(found)
}

fn members(hub: &GitHub) -> Result<Vec<Member>, ReadError> {
    hub.connection(&documents::members(), "membersWithRole", "members")
}

/// The names in keys of those who own the organisation.
pub(super) fn owners(hub: &GitHub) -> Result<BTreeSet<String>, ReadError> {
    let name = |node: &Account| hub.people.name(&node.login, Some(node.database_id));
    let owners = members(hub)?.into_iter();
    let owners = owners.filter(|one| one.role == "ADMIN");
    Ok(owners.map(|one| name(&one.node)).collect())
}

/// Those who have not answered.
fn pending(
    hub: &GitHub,
    wanted: &State,
    known: &Known,
    found: &mut Found,
) -> Result<(), ReadError> {
    let invitations: Vec<Invitation> = hub.api.list(&hub.below("/invitations"))?;
    let numbers = numbers(hub, &invitations)?;
    for invitation in invitations {
        let number = invitation.login.as_ref();
        let number = number.and_then(|login| numbers.get(&login.to_lowercase()).copied());
        let Some((key, person)) = invitee(hub, &invitation, number) else {
            continue;
        };
        if found.state.entries.contains_key(&key) {
            // Between the two questions they have answered.
            continue;
        }
        let since = names::day(&invitation.created_at);
        let waits = format!("was invited on {since} and has not answered");
        let role = match invitation.role.as_str() {
            "admin" => "admin",
            "direct_member" => "member",
            other => {
                let what = other.replace('_', " ");
                found.leave(key, format!("was invited on {since} as {what}"));
                continue;
            }
        };
        if !wanted.entries.contains_key(&key) && hub.leaves(LeftAlone::Invitees) {
            found.leave(key, waits);
            continue;
        }
        note(known, &key, &person);
        found.notes.push(format!("{} {waits}", key.name));
        found.pending.insert(key.clone());
        found.add(key, json!({"role": role}))?;
    }
    Ok(())
}

/// Invitations that failed, of those who are wanted and neither in nor invited: they are in the
/// way of another.
fn failed(hub: &GitHub, wanted: &State, known: &Known, found: &mut Found) -> Result<(), ReadError> {
    let missing = |key: &Key| key.sort == Sort::Member && !found.state.entries.contains_key(key);
    if !wanted.entries.keys().any(missing) {
        return Ok(());
    }
    let invitations: Vec<Invitation> = hub.api.list(&hub.below("/failed_invitations"))?;
    let mut lapsed: BTreeMap<Key, Person> = BTreeMap::new();
    for invitation in invitations {
        let Some((key, person)) = invitee(hub, &invitation, None) else {
            continue;
        };
        if !wanted.entries.contains_key(&key) || found.state.entries.contains_key(&key) {
            continue;
        }
        let when = invitation.failed_at.as_deref();
        let when = names::day(when.unwrap_or(&invitation.created_at));
        let why = invitation.failed_reason.as_deref();
        let why = why.map_or(String::new(), |why| {
            format!(": {}", why.trim_end_matches('.'))
        });
        found.notes.push(format!(
            "the invitation of {} failed on {when}{why}",
            key.name
        ));
        let person = lapsed.entry(key).or_insert(Person {
            invitation: None,
            ..person
        });
        person.lapsed.push(invitation.id);
    }
    for (key, person) in lapsed {
        note(known, &key, &person);
    }
    Ok(())
}

/// The numbers of those who are invited: REST does not tell them. Only where any number counts.
fn numbers(hub: &GitHub, invitations: &[Invitation]) -> Result<BTreeMap<String, u64>, ReadError> {
    let named = invitations.iter().any(|one| one.login.is_some());
    if !named || !hub.people.are_numbered() {
        return Ok(BTreeMap::new());
    }
    let invited: Vec<Account> =
        hub.connection(&documents::invited(), "pendingMembers", "invited people")?;
    let each = invited.into_iter();
    let each = each.map(|account| (account.login.to_lowercase(), account.database_id));
    Ok(each.collect())
}

/// Who is invited: an account, or only an address.
fn invitee(hub: &GitHub, invitation: &Invitation, number: Option<u64>) -> Option<(Key, Person)> {
    let name = match (&invitation.login, &invitation.email) {
        (Some(login), _) => hub.people.name(login, number),
        (None, Some(email)) => email.clone(),
        (None, None) => return None,
    };
    let person = Person {
        login: invitation.login.clone().unwrap_or_default(),
        number,
        invitation: Some(invitation.id),
        lapsed: Vec::new(),
    };
    Some((Key::new(Sort::Member, &name), person))
}
