//! Invites people, changes what they are, and lets them go.

use http_client::http::Method;
use http_client::segment;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Outcome, gone, seen_login, text, unless_so};
use crate::providers::github::GitHub;
use crate::providers::github::answers::Trouble;
use crate::providers::github::people::{Person, note, noted};
use crate::{Key, Known, Step};

/// A membership as REST tells it; one that is pending counts.
#[derive(Deserialize)]
struct Membership {
    role: String,
}

pub(super) fn write(hub: &GitHub, step: &Step<'_>, known: &Known) -> Outcome {
    match step.after {
        Some(value) => {
            let role = text(step.key, value, "role")?;
            let login = hub.login(step.key, known)?;
            let outcome = match step.before {
                None => invite(hub, step.key, &login, role, known),
                Some(_) => set(hub, &login, role),
            };
            outcome?;
            keep(hub, step.key, &login, known);
            Ok(())
        }
        None => remove(hub, step.key, known),
    }
}

fn membership(login: &str, hub: &GitHub) -> String {
    hub.below(&format!("/memberships/{}", segment(login)))
}

/// Invites somebody, but for somebody who is in or invited already.
fn invite(hub: &GitHub, key: &Key, login: &str, role: &str, known: &Known) -> Outcome {
    let path = membership(login, hub);
    let current = || hub.api.look::<Membership>(&path);
    match current()? {
        Some(current) if current.role == role => return Ok(()),
        Some(_) => return set(hub, login, role),
        None => {}
    }
    let lapsed = noted::<Person>(known, key).map_or_else(Vec::new, |person| person.lapsed);
    for id in lapsed {
        gone(hub.api.change(
            Method::DELETE,
            &hub.below(&format!("/invitations/{id}")),
            None,
        ))?;
    }
    // By its number no account can be confused with another.
    let Some(number) = hub.people.number(&key.name) else {
        return set(hub, login, role);
    };
    let offered = match role {
        "admin" => "admin",
        _ => "direct_member",
    };
    let body = json!({"invitee_id": number, "role": offered});
    let result = hub
        .api
        .change(Method::POST, &hub.below("/invitations"), Some(&body));
    if let Err(Trouble::Missing(said)) = result {
        return Err(hub.not_found(login, said));
    }
    unless_so(result, || {
        Ok(current()?.is_some_and(|current| current.role == role))
    })
}

/// Sets the role, of a member or in an invitation; invites who is neither.
fn set(hub: &GitHub, login: &str, role: &str) -> Outcome {
    let path = membership(login, hub);
    let result = hub
        .api
        .change(Method::PUT, &path, Some(&json!({"role": role})));
    if let Err(Trouble::Missing(said)) = result {
        return Err(hub.not_found(login, said));
    }
    unless_so(result, || {
        let current: Option<Membership> = hub.api.look(&path)?;
        Ok(current.is_some_and(|current| current.role == role))
    })
}

/// Takes note of who it is, for the steps that follow.
fn keep(hub: &GitHub, key: &Key, login: &str, known: &Known) {
    let mut person: Person = noted(known, key).unwrap_or_default();
    login.clone_into(&mut person.login);
    person.number = person.number.or_else(|| hub.people.number(&key.name));
    person.lapsed.clear();
    note(known, key, &person);
}

/// Removes a member or withdraws an invitation.
fn remove(hub: &GitHub, key: &Key, known: &Known) -> Outcome {
    let person: Option<Person> = noted(known, key);
    let invitation = person.as_ref().and_then(|person| person.invitation);
    let Some(id) = invitation else {
        return leave(hub, &seen_login(key, known));
    };
    let path = hub.below(&format!("/invitations/{id}"));
    let result: Result<Value, Trouble> = hub.api.change(Method::DELETE, &path, None);
    match result {
        // It was answered or has lapsed meanwhile; who accepted it is a member now.
        Err(Trouble::Missing(_)) => match person.map(|person| person.login) {
            Some(login) if !login.is_empty() => leave(hub, &login),
            _ => Ok(()),
        },
        other => Ok(other.map(|_| ())?),
    }
}

fn leave(hub: &GitHub, login: &str) -> Outcome {
    gone(
        hub.api
            .change(Method::DELETE, &membership(login, hub), None),
    )
}
