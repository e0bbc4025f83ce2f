//! Makes repositories and sets them up. None is ever deleted.

use change::WriteFailure;
use estate::kinds::Allowance;
use http_client::http::Method;
use http_client::segment;
use serde_json::{Map, Value, json};

use super::{Outcome, after, changed, refused};
use crate::providers::github::GitHub;
use crate::providers::github::answers::Trouble;
use crate::providers::github::people::{RepositoryName, note, noted};
use crate::{Key, Known, Step};

/// What cannot be said when a repository is made, only afterwards.
const AFTERWARDS: [&str; 2] = ["default_branch", "archived"];

pub(super) fn write(hub: &GitHub, step: &Step<'_>, known: &Known) -> Outcome {
    match (step.before, step.after) {
        (_, None) => Err(refused(format!(
            "the {}: repositories are never deleted here; archive it",
            step.key
        ))),
        (None, Some(value)) => match value["create"]["fork_from"].as_str() {
            Some(source) => fork(hub, step.key, source, value, known),
            None => create(hub, step.key, value, known),
        },
        (Some(before), Some(value)) => update(hub, step.key, before, value, known),
    }
}

fn name_of<'v>(key: &'v Key, value: &'v Value) -> &'v str {
    value["name"].as_str().unwrap_or(&key.name)
}

/// Makes one, and then says what can only be said of one that is there.
fn create(hub: &GitHub, key: &Key, value: &Value, known: &Known) -> Outcome {
    allowed(hub, key, &changed(None, value), None)?;
    let mut body = changed(None, value);
    body.insert("name".to_owned(), name_of(key, value).into());
    for name in AFTERWARDS {
        body.remove(name);
    }
    let hints = value["create"]["on_create"]
        .as_object()
        .into_iter()
        .flatten();
    body.extend(hints.map(|(name, hint)| (name.clone(), hint.clone())));
    let result = hub.api.change(
        Method::POST,
        &hub.below("/repos"),
        Some(&Value::Object(body)),
    );
    let told = match result {
        Ok(told) => told,
        Err(rejection @ Trouble::Rejected(_)) => {
            // If it is there, it only has to be set up.
            let path = hub.repository(name_of(key, value), "");
            return match hub.api.look::<Value>(&path) {
                Ok(Some(told)) => set_up(hub, key, &told, value, known),
                Ok(None) | Err(_) => Err(rejection.into()),
            };
        }
        Err(trouble) => return Err(trouble.into()),
    };
    after(
        "the repository was made",
        set_up(hub, key, &told, value, known),
    )
}

/// Makes a copy that knows where it is from.
fn fork(hub: &GitHub, key: &Key, source: &str, value: &Value, known: &Known) -> Outcome {
    allowed(hub, key, &changed(None, value), None)?;
    let Some((owner, repository)) = source.split_once('/') else {
        return Err(refused(format!(
            "the {key} is to be made from `{source}`, which is not `organisation/name`"
        )));
    };
    let name = name_of(key, value);
    let mut body = json!({"organization": hub.organisation, "name": name});
    if let Some(only) = value["create"]["default_branch_only"].as_bool() {
        body["default_branch_only"] = only.into();
    }
    let (owner, repository) = (segment(owner), segment(repository));
    let path = format!("/repos/{owner}/{repository}/forks");
    let told = hub.api.change(Method::POST, &path, Some(&body))?;
    let made = told["name"].as_str().unwrap_or_default();
    if !made.eq_ignore_ascii_case(name) {
        // GitHub answers with the copy that there is, if there is one.
        return Err(refused(format!(
            "the organisation has a fork of `{source}` already: it is called `{made}`"
        )));
    }
    after(
        "the repository was made",
        set_up(hub, key, &told, value, known),
    )
}

/// Brings one that GitHub has just told of to what it shall be.
fn set_up(hub: &GitHub, key: &Key, told: &Value, value: &Value, known: &Known) -> Outcome {
    let name = told["name"].as_str().unwrap_or(&key.name).to_owned();
    if let Some(id) = told["id"].as_u64() {
        note(known, key, &RepositoryName { name, id });
    }
    let wanted = value.as_object().into_iter().flatten();
    let real: Map<String, Value> = wanted
        .filter_map(|(name, wanted)| match told.get(name)? {
            Value::Null if wanted == "" => Some((name.clone(), "".into())),
            Value::String(told) if name == "name" && same_name(told, wanted) => {
                Some((name.clone(), wanted.clone()))
            }
            told => Some((name.clone(), told.clone())),
        })
        .collect();
    update(hub, key, &Value::Object(real), value, known)
}

fn same_name(told: &str, wanted: &Value) -> bool {
    wanted
        .as_str()
        .is_some_and(|wanted| wanted.eq_ignore_ascii_case(told))
}

fn update(hub: &GitHub, key: &Key, before: &Value, value: &Value, known: &Known) -> Outcome {
    let mut body = changed(Some(before), value);
    allowed(hub, key, &body, Some(before))?;
    let archived = body.remove("archived");
    // What is archived takes no other change, so that comes last, and its end first.
    let (first, last) = match archived {
        Some(Value::Bool(false)) => (archived, None),
        other => (None, other),
    };
    let mut is_begun = false;
    let parts = [
        first.map(|archived| json!({"archived": archived})),
        (!body.is_empty()).then_some(Value::Object(body)),
        last.map(|archived| json!({"archived": archived})),
    ];
    for part in parts.into_iter().flatten() {
        let outcome = patch(hub, key, &part, known);
        if is_begun {
            after("a part of it was changed", outcome)?;
        } else {
            outcome?;
        }
        is_begun = true;
    }
    Ok(())
}

fn patch(hub: &GitHub, key: &Key, body: &Value, known: &Known) -> Outcome {
    let noted: Option<RepositoryName> = noted(known, key);
    let name = noted.map_or_else(|| key.name.clone(), |noted| noted.name);
    let told = hub
        .api
        .change(Method::PATCH, &hub.repository(&name, ""), Some(body))?;
    if let (Some(name), Some(id)) = (told["name"].as_str(), told["id"].as_u64()) {
        let name = name.to_owned();
        note(known, key, &RepositoryName { name, id });
    }
    Ok(())
}

/// Steps that the estate has to allow.
fn allowed(
    hub: &GitHub,
    key: &Key,
    changes: &Map<String, Value>,
    before: Option<&Value>,
) -> Result<(), WriteFailure> {
    let archives = changes.get("archived") == Some(&Value::Bool(true));
    if archives && !hub.allows(Allowance::Archive) {
        return Err(refused(format!(
            "the {key} would be archived, which the system does not allow: add `archive` to its \
             `allows`, or take `archived: true` away"
        )));
    }
    let was_hidden = before.is_some_and(|before| before["visibility"] != "public");
    let publishes = was_hidden && changes.get("visibility").is_some_and(|now| now == "public");
    if publishes && !hub.allows(Allowance::Publish) {
        return Err(refused(format!(
            "the {key} would be shown to everybody, which the system does not allow: add \
             `publish` to its `allows`, or take `visibility: public` away"
        )));
    }
    Ok(())
}
