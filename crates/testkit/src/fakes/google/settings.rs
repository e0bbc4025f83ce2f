//! How groups are set up, as the Groups Settings API has it.

use serde_json::{Map, Value, json};

use super::discovery::{Call, Document};
use super::world::{Group, Outcome, Refusal, World};

/// What a new group has, where it is not the first of the documented values or `false`.
const NEW: [(&str, &str); 10] = [
    ("allowWebPosting", "true"),
    ("includeInGlobalAddressList", "true"),
    ("messageModerationLevel", "MODERATE_NONE"),
    ("replyTo", "REPLY_TO_IGNORE"),
    ("spamModerationLevel", "MODERATE"),
    ("whoCanJoin", "CAN_REQUEST_TO_JOIN"),
    ("whoCanPostMessage", "ANYONE_CAN_POST"),
    ("whoCanViewGroup", "ALL_MEMBERS_CAN_VIEW"),
    ("whoCanViewMembership", "ALL_MEMBERS_CAN_VIEW"),
    ("whoCanDiscoverGroup", "ALL_IN_DOMAIN_CAN_DISCOVER"),
];
/// Requests to change these are taken and ignored.
const READ_ONLY: [&str; 5] = [
    "kind",
    "email",
    "customRolesEnabledForSettingsToBeMerged",
    "whoCanAddReferences",
    "messageDisplayFont",
];

/// The published description.
pub(super) fn document() -> Document {
    Document::read(include_str!(
        "../../../vendor/google-groupssettings.v1.json"
    ))
}

/// How a new group is set up.
pub(super) fn of_a_new_group() -> Map<String, Value> {
    let document = document();
    let fields = document.fields("Groups");
    fields
        .filter_map(|(name, spec)| {
            let own = NEW
                .iter()
                .find(|(key, _)| key == name)
                .map(|(_, value)| *value);
            let first = spec["enum"]
                .as_array()
                .and_then(|values| values[0].as_str());
            Some((name.clone(), own.or(first)?.into()))
        })
        .chain([
            ("maxMessageBytes".to_owned(), json!(25 * 1024 * 1024)),
            ("messageDisplayFont".to_owned(), "DEFAULT_FONT".into()),
            ("primaryLanguage".to_owned(), "en_US".into()),
            ("whoCanAddReferences".to_owned(), "NONE".into()),
        ])
        .collect()
}

/// Does what the Groups Settings are asked for.
pub(super) fn answer(world: &mut World, call: &Call<'_>) -> Outcome {
    let key = call.path.get("groupUniqueId").map_or("", String::as_str);
    // Unlike the Directory, it knows groups by their address alone.
    if !key.contains('@') {
        return Err(Refusal::new(400, "invalid", "Invalid Value"));
    }
    let group = world.settled(key)?;
    if call.method.name != "groups.get" {
        change(group, &call.body)?;
    }
    Ok(Some(value(group)))
}

fn value(group: &Group) -> Value {
    let mut all = group.settings.clone();
    all.insert("kind".to_owned(), "groupsSettings#groups".into());
    all.insert("email".to_owned(), group.email.as_str().into());
    all.insert("name".to_owned(), group.name.as_str().into());
    all.insert("description".to_owned(), group.description.as_str().into());
    Value::Object(all)
}

fn change(group: &mut Group, body: &Map<String, Value>) -> Result<(), Refusal> {
    let wrong = |what: &str| Refusal::new(400, "invalid", what);
    let mut after = group.settings.clone();
    for (name, value) in body {
        if !READ_ONLY.contains(&name.as_str()) {
            after.insert(name.clone(), value.clone());
        }
    }
    let said = |name: &str| body.get(name).and_then(Value::as_str);
    match (
        group.settings["archiveOnly"] == "true",
        after["archiveOnly"] == "true",
    ) {
        (_, true) => {
            after.insert("whoCanPostMessage".to_owned(), "NONE_CAN_POST".into());
        }
        (true, false) => {
            after.insert(
                "whoCanPostMessage".to_owned(),
                "ALL_MANAGERS_CAN_POST".into(),
            );
        }
        (false, false) if said("whoCanPostMessage") == Some("NONE_CAN_POST") => {
            return Err(wrong("NONE_CAN_POST is for archived groups alone"));
        }
        _ => {}
    }
    let custom = after
        .get("customReplyTo")
        .and_then(Value::as_str)
        .unwrap_or_default();
    if after["replyTo"] == "REPLY_TO_CUSTOM" && custom.is_empty() {
        return Err(wrong("customReplyTo must have a value"));
    }
    // These two are the group's own.
    for (name, own) in [
        ("name", &mut group.name),
        ("description", &mut group.description),
    ] {
        if let Some(Value::String(text)) = after.remove(name) {
            *own = text;
        }
    }
    group.settings = after;
    Ok(())
}
