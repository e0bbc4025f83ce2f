//! Owners of the organisation who are to be plain members of teams.

use std::collections::BTreeSet;

use estate::kinds::AccessPart;
use serde_json::json;

use super::members;
use crate::providers::github::GitHub;
use crate::{Key, ReadError, Reading, Sort, State};

/// Takes owners for plain members of the teams in which the estate wants them so.
///
/// GitHub holds owners for maintainers of every team they are in, and makes nothing else of
/// them. Where the estate asks for less of somebody who stays an owner, as it does not say who
/// owns the organisation, each plan would change their role in the team and none would be the
/// last. Of those who are owners no more after this plan, the role is told as it is: it can be
/// changed once they are none, and that comes first.
pub(super) fn settle(hub: &GitHub, wanted: &State, reading: &mut Reading) -> Result<(), ReadError> {
    let member = json!({"role": "member"});
    let owners_change = hub.manages(AccessPart::Members) && !hub.adds_only(AccessPart::Members);
    let is_to_own = |name: &str| {
        let wanted = wanted.value(&Key::new(Sort::Member, name));
        wanted.is_some_and(|wanted| wanted["role"] == "admin")
    };
    let entries = reading.state.entries.iter();
    let more = entries.filter(|(key, entry)| {
        key.sort == Sort::TeamMember
            && entry.value["role"] == "maintainer"
            && wanted.value(key) == Some(&member)
            && (!owners_change || is_to_own(&key.name))
    });
    let more: Vec<Key> = more.map(|(key, _)| key.clone()).collect();
    if more.is_empty() {
        return Ok(());
    }
    let owners = if hub.manages(AccessPart::Members) {
        known_owners(reading)
    } else {
        members::owners(hub)?
    };
    for key in more.into_iter().filter(|key| owners.contains(&key.name)) {
        reading.state.insert(key, member.clone());
    }
    Ok(())
}

/// The owners that were read. Who is only invited to be one is none.
fn known_owners(reading: &Reading) -> BTreeSet<String> {
    let entries = reading.state.entries.iter();
    let owners = entries.filter(|(key, entry)| {
        key.sort == Sort::Member && entry.value["role"] == "admin" && !reading.pending.contains(key)
    });
    owners.map(|(key, _)| key.name.clone()).collect()
}
