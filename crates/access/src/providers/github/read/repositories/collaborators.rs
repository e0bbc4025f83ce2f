//! Who may do what to a repository without a team, and who is invited to.

use estate::kinds::LeftAlone;
use serde::Deserialize;
use serde_json::json;

use crate::providers::github::pages::Page;
use crate::providers::github::people::{Person, note};
use crate::providers::github::read::{Account, Found};
use crate::providers::github::{GitHub, documents, names};
use crate::{Key, Known, ReadError, Sort, State};

/// Somebody as GraphQL tells it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Edge {
    /// The most they may do for any reason, in capitals.
    permission: String,
    /// Each reason.
    permission_sources: Option<Vec<Source>>,
    node: Account,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Source {
    role_name: Option<String>,
    permission: String,
    #[serde(rename = "source")]
    granter: Granter,
}

#[derive(Deserialize)]
struct Granter {
    #[serde(rename = "__typename")]
    kind: String,
}

/// An invitation as REST tells it.
#[derive(Deserialize)]
pub(in super::super::super) struct Invitation {
    pub(in super::super::super) id: u64,
    pub(in super::super::super) invitee: Option<Invitee>,
    pub(in super::super::super) permissions: String,
    created_at: String,
    #[serde(default)]
    pub(in super::super::super) expired: bool,
}

#[derive(Deserialize)]
pub(in super::super::super) struct Invitee {
    pub(in super::super::super) login: String,
    pub(in super::super::super) id: u64,
}

pub(super) fn read(
    hub: &GitHub,
    wanted: &State,
    known: &Known,
    (of, name): (&str, &str),
    page: Page<Edge>,
    found: &mut Found,
) -> Result<(), ReadError> {
    let document = documents::more_collaborators();
    let people = page.all(&format!("collaborators of {name}"), |after| {
        hub.page(
            &document,
            Some(name),
            Some(after),
            "repository/collaborators",
        )
    })?;
    for edge in people {
        let account = &edge.node;
        let login = hub.people.name(&account.login, Some(account.database_id));
        let key = Key::of(Sort::Collaborator, of, &login);
        let permission = direct(&edge)
            .map_err(|one| ReadError::Untrusted(format!("the {key} has the permission `{one}`")))?;
        let Some(permission) = permission else {
            continue;
        };
        let person = Person {
            login: account.login.clone(),
            number: Some(account.database_id),
            ..Person::default()
        };
        note(known, &key, &person);
        found.add(key, json!({"permission": permission}))?;
    }
    let invitations: Vec<Invitation> = hub.api.list(&hub.repository(name, "/invitations"))?;
    for invitation in &invitations {
        invited(hub, wanted, known, of, invitation, found)?;
    }
    Ok(())
}

/// What somebody may do by being a collaborator, and not by a team or as an owner; nothing if
/// they are none.
///
/// # Errors
/// The permission that is not one.
fn direct(edge: &Edge) -> Result<Option<&'static str>, &str> {
    let sources = edge.permission_sources.as_deref().unwrap_or_default();
    let highest = edge.permission.as_str();
    if sources.is_empty() {
        return names::permission(highest).map(Some).ok_or(highest);
    }
    let own = sources
        .iter()
        .find(|source| source.granter.kind == "Repository");
    let Some(own) = own else {
        return Ok(None);
    };
    // The permission knows only three levels; the role knows five, and those an organisation made.
    let role = own.role_name.as_deref().and_then(names::permission);
    let permission = role.or_else(|| names::permission(&own.permission));
    permission.map(Some).ok_or(&own.permission)
}

fn invited(
    hub: &GitHub,
    wanted: &State,
    known: &Known,
    of: &str,
    invitation: &Invitation,
    found: &mut Found,
) -> Result<(), ReadError> {
    let Some(invitee) = &invitation.invitee else {
        return Ok(());
    };
    let login = hub.people.name(&invitee.login, Some(invitee.id));
    let key = Key::of(Sort::Collaborator, of, &login);
    if found.state.entries.contains_key(&key) {
        return Ok(());
    }
    let mut person = Person {
        login: invitee.login.clone(),
        number: Some(invitee.id),
        ..Person::default()
    };
    if invitation.expired {
        person.lapsed.push(invitation.id);
        note(known, &key, &person);
        return Ok(());
    }
    person.invitation = Some(invitation.id);
    let since = names::day(&invitation.created_at);
    let waits = format!("was invited on {since} and has not answered");
    if !wanted.entries.contains_key(&key) && hub.leaves(LeftAlone::Invitees) {
        found.leave(key, waits);
        return Ok(());
    }
    let permission = names::permission(&invitation.permissions).ok_or_else(|| {
        let what = &invitation.permissions;
        ReadError::Untrusted(format!("the {key} is invited with the permission `{what}`"))
    })?;
    found
        .notes
        .push(format!("{login} {waits}, to the repository {of}"));
    note(known, &key, &person);
    found.add(key, json!({"permission": permission}))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edge(sources: &serde_json::Value) -> Edge {
        let edge = json!({"permission": "ADMIN", "permissionSources": sources,
            "node": {"login": "a", "databaseId": 1}});
        serde_json::from_value(edge).unwrap()
    }

    #[test]
    fn only_what_is_given_directly_counts() {
        let by_team = json!({"roleName": null, "permission": "ADMIN",
            "source": {"__typename": "Team"}});
        let direct_role = json!({"roleName": "triage", "permission": "READ",
            "source": {"__typename": "Repository"}});
        assert_eq!(direct(&edge(&json!([by_team]))), Ok(None));
        assert_eq!(
            direct(&edge(&json!([by_team, direct_role]))),
            Ok(Some("triage"))
        );
        assert_eq!(direct(&edge(&json!(null))), Ok(Some("admin")));
    }
}
