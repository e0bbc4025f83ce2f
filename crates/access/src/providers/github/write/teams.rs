//! Makes, changes and deletes teams, who is in them, and what they may do.

use change::WriteFailure;
use http_client::http::Method;
use http_client::segment;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{Outcome, after, changed, gone, refused, seen_login, text, unless_so};
use crate::providers::github::answers::Trouble;
use crate::providers::github::people::{TeamName, note};
use crate::providers::github::{Account, GitHub, names};
use crate::{Key, Known, Step};

/// A team as REST tells it.
#[derive(Deserialize)]
struct Told {
    id: u64,
    slug: String,
    name: String,
    description: Option<String>,
    privacy: Option<String>,
    parent: Option<Parent>,
}

#[derive(Deserialize)]
struct Parent {
    id: u64,
}

#[derive(Deserialize)]
struct Membership {
    role: String,
}

pub(super) fn write(hub: &GitHub, step: &Step<'_>, known: &Known) -> Outcome {
    match (step.before, step.after) {
        (_, None) => {
            let Some(team) = hub.find_team(&step.key.name, known)? else {
                return Ok(());
            };
            gone(hub.api.change(Method::DELETE, &path(hub, &team, ""), None))
        }
        (None, Some(value)) => create(hub, step.key, value, known),
        (Some(before), Some(value)) => {
            let team = hub.team(&step.key.name, known)?;
            let body = body(hub, changed(Some(before), value), known)?;
            let body = Value::Object(body);
            let told = hub
                .api
                .change(Method::PATCH, &path(hub, &team, ""), Some(&body));
            take_note(step.key, &told?, known);
            Ok(())
        }
    }
}

fn path(hub: &GitHub, team: &TeamName, rest: &str) -> String {
    hub.below(&format!("/teams/{}{rest}", segment(&team.slug)))
}

/// What REST takes: the parent by its number.
fn body(
    hub: &GitHub,
    mut values: Map<String, Value>,
    known: &Known,
) -> Result<Map<String, Value>, WriteFailure> {
    if let Some(parent) = values.remove("parent") {
        let id = match parent.as_str() {
            Some(name) => Value::from(hub.team(name, known)?.id),
            None => Value::Null,
        };
        values.insert("parent_team_id".to_owned(), id);
    }
    Ok(values)
}

/// Makes a team without anybody in it.
fn create(hub: &GitHub, key: &Key, value: &Value, known: &Known) -> Outcome {
    let mut body = body(hub, changed(None, value), known)?;
    if body.get("parent_team_id").is_some_and(Value::is_null) {
        // Only a change may say that there is none.
        body.remove("parent_team_id");
    }
    // Who it is that makes it has to be known before: afterwards they are in it.
    let account = own_account(hub)?;
    let body = Value::Object(body);
    let told = match hub
        .api
        .change(Method::POST, &hub.below("/teams"), Some(&body))
    {
        Ok(told) => told,
        Err(rejection @ Trouble::Rejected(_)) => {
            return is_there(hub, key, &body, known, rejection);
        }
        Err(trouble) => return Err(trouble.into()),
    };
    let Some(team) = take_note(key, &told, known) else {
        let what = "the team was made, but GitHub does not say under which number";
        return Err(WriteFailure::Unknown(what.to_owned()));
    };
    let Some(account) = account else {
        return Ok(());
    };
    // Whoever makes a team becomes its maintainer. Whether they are to be in it is another step.
    let membership = format!("/memberships/{}", segment(&account));
    let path = path(hub, &team, &membership);
    after(
        "the team was made",
        gone(hub.api.change(Method::DELETE, &path, None)),
    )
}

/// The account that makes teams; a program's token has none, and makes them without it.
fn own_account(hub: &GitHub) -> Result<Option<String>, WriteFailure> {
    if let Some(account) = hub.account.get() {
        return Ok(Some(account.clone()));
    }
    match hub.api.look::<Account>("/user") {
        Ok(account) => {
            let login = account.map(|account| account.login);
            Ok(login.map(|login| hub.account.get_or_init(|| login).clone()))
        }
        Err(WriteFailure::Refused(_)) => Ok(None),
        Err(failure) => Err(failure),
    }
}

fn take_note(key: &Key, told: &Value, known: &Known) -> Option<TeamName> {
    let told: Told = serde_json::from_value(told.clone()).ok()?;
    let team = TeamName {
        slug: told.slug,
        id: told.id,
    };
    note(known, key, &team);
    Some(team)
}

/// What a rejected team comes to: done, if there is just such a one.
fn is_there(hub: &GitHub, key: &Key, body: &Value, known: &Known, rejection: Trouble) -> Outcome {
    let slug = names::slug(&key.name);
    let found: Option<Told> = hub
        .api
        .look(&hub.below(&format!("/teams/{slug}")))
        .unwrap_or(None);
    let Some(found) = found else {
        return Err(rejection.into());
    };
    let same = body["name"].as_str() == Some(&found.name)
        && body["description"].as_str().unwrap_or_default()
            == found.description.as_deref().unwrap_or_default()
        && body["privacy"].as_str() == found.privacy.as_deref()
        && body["parent_team_id"].as_u64() == found.parent.as_ref().map(|parent| parent.id);
    if !same {
        return Err(rejection.into());
    }
    let team = TeamName {
        slug: found.slug,
        id: found.id,
    };
    note(known, key, &team);
    Ok(())
}

/// Adds somebody to a team, changes their role, or removes them.
pub(super) fn write_member(hub: &GitHub, step: &Step<'_>, known: &Known) -> Outcome {
    let Some(value) = step.after else {
        let Some(team) = hub.find_team(&step.key.of, known)? else {
            return Ok(());
        };
        let login = seen_login(step.key, known);
        let rest = format!("/memberships/{}", segment(&login));
        return gone(
            hub.api
                .change(Method::DELETE, &path(hub, &team, &rest), None),
        );
    };
    let team = hub.team(&step.key.of, known)?;
    let role = text(step.key, value, "role")?;
    let login = hub.login(step.key, known)?;
    let path = path(hub, &team, &format!("/memberships/{}", segment(&login)));
    let result = hub
        .api
        .change(Method::PUT, &path, Some(&json!({"role": role})));
    if let Err(Trouble::Missing(said)) = result {
        return Err(hub.not_found(&login, said));
    }
    unless_so(result, || {
        let current: Option<Membership> = hub.api.look(&path)?;
        Ok(current.is_some_and(|current| current.role == role))
    })
}

/// Grants a team something on a repository, changes how much, or takes it away.
pub(super) fn write_grant(hub: &GitHub, step: &Step<'_>, known: &Known) -> Outcome {
    let rest = hub.repository(&step.key.name, "");
    match step.after {
        None => {
            let Some(team) = hub.find_team(&step.key.of, known)? else {
                return Ok(());
            };
            gone(
                hub.api
                    .change(Method::DELETE, &path(hub, &team, &rest), None),
            )
        }
        Some(value) => {
            let team = hub.team(&step.key.of, known)?;
            let permission = text(step.key, value, "permission")?;
            let Some(permission) = names::rest(permission) else {
                return Err(refused(format!(
                    "GitHub knows no permission `{permission}`"
                )));
            };
            let body = json!({"permission": permission});
            hub.api
                .change(Method::PUT, &path(hub, &team, &rest), Some(&body))?;
            Ok(())
        }
    }
}
