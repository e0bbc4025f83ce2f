//! The settings of a group by their names.

use serde_json::{Map, Value};

/// Every setting that can be changed (Groups Settings API, version 1). The name, the address and the
/// description are the group's own.
const NAMES: [&str; 57] = [
    "allowExternalMembers",
    "allowGoogleCommunication",
    "allowWebPosting",
    "archiveOnly",
    "customFooterText",
    "customReplyTo",
    "defaultMessageDenyNotificationText",
    "default_sender",
    "enableCollaborativeInbox",
    "favoriteRepliesOnTop",
    "includeCustomFooter",
    "includeInGlobalAddressList",
    "isArchived",
    "maxMessageBytes",
    "membersCanPostAsTheGroup",
    "messageDisplayFont",
    "messageModerationLevel",
    "primaryLanguage",
    "replyTo",
    "sendMessageDenyNotification",
    "showInGroupDirectory",
    "spamModerationLevel",
    "whoCanAdd",
    "whoCanAddReferences",
    "whoCanApproveMembers",
    "whoCanApproveMessages",
    "whoCanAssignTopics",
    "whoCanAssistContent",
    "whoCanBanUsers",
    "whoCanContactOwner",
    "whoCanDeleteAnyPost",
    "whoCanDeleteTopics",
    "whoCanDiscoverGroup",
    "whoCanEnterFreeFormTags",
    "whoCanHideAbuse",
    "whoCanInvite",
    "whoCanJoin",
    "whoCanLeaveGroup",
    "whoCanLockTopics",
    "whoCanMakeTopicsSticky",
    "whoCanMarkDuplicate",
    "whoCanMarkFavoriteReplyOnAnyTopic",
    "whoCanMarkFavoriteReplyOnOwnTopic",
    "whoCanMarkNoResponseNeeded",
    "whoCanModerateContent",
    "whoCanModerateMembers",
    "whoCanModifyMembers",
    "whoCanModifyTagsAndCategories",
    "whoCanMoveTopicsIn",
    "whoCanMoveTopicsOut",
    "whoCanPostAnnouncements",
    "whoCanPostMessage",
    "whoCanTakeTopics",
    "whoCanUnassignTopic",
    "whoCanUnmarkFavoriteReplyOnAnyTopic",
    "whoCanViewGroup",
    "whoCanViewMembership",
];
/// The one that is a number.
const NUMBER: &str = "maxMessageBytes";

/// How Google calls a setting, which people write with a capital or without; none if it has no
/// such setting.
pub(super) fn name(written: &str) -> Option<&'static str> {
    let mut rest = written.chars();
    let first = rest.next()?;
    let small = first.to_ascii_lowercase();
    let name = NAMES.iter().find(|name| {
        name.strip_prefix(small)
            .is_some_and(|name| name == rest.as_str())
    });
    name.copied()
}

/// The settings, by their names, that Google Groups does not have. They are never written and
/// never read: a group that wants one cannot be brought to it.
pub fn unknown_settings<'s>(settings: impl IntoIterator<Item = &'s str>) -> Vec<String> {
    let unknown = settings
        .into_iter()
        .filter(|written| name(written).is_none());
    unknown.map(str::to_owned).collect()
}

/// The settings that are wanted, each with the value that it really has.
pub(super) fn values(wanted: &Value, real: &Map<String, Value>) -> Map<String, Value> {
    let wanted = wanted.as_object().into_iter().flatten();
    wanted
        .filter_map(|(written, _)| {
            let value = match real.get(name(written)?) {
                Some(Value::String(text)) => text.clone(),
                // Those that are empty are left out.
                None | Some(Value::Null) => String::new(),
                Some(other) => other.to_string(),
            };
            Some((written.clone(), Value::String(value)))
        })
        .collect()
}

/// The body of a request that makes the changes; which cannot be made, if any.
pub(super) fn changes(before: Option<&Value>, after: &Value) -> Result<Map<String, Value>, String> {
    let mut body = Map::new();
    for (written, value) in after.as_object().into_iter().flatten() {
        if before.and_then(|before| before.get(written)) == Some(value) {
            continue;
        }
        let Some(name) = name(written) else {
            return Err(format!("Google Groups has no setting `{written}`"));
        };
        let value = match value.as_str() {
            Some(text) if name == NUMBER => match text.parse::<u64>() {
                Ok(number) => number.into(),
                Err(_) => return Err(format!("`{written}` is a number, and `{text}` is none")),
            },
            Some(text) => text.into(),
            None => return Err(format!("the setting `{written}` must be a text")),
        };
        body.insert(name.to_owned(), value);
    }
    Ok(body)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_setting_is_known_with_a_capital_or_without() {
        assert_eq!(name("WhoCanJoin"), Some("whoCanJoin"));
        assert_eq!(name("whoCanJoin"), Some("whoCanJoin"));
        assert_eq!(name("Default_sender"), Some("default_sender"));
        for written in ["WhoCanjoin", "Name", "email", "ReconcileMembers", "", "é"] {
            assert_eq!(name(written), None, "{written}");
        }
    }

    #[test]
    fn exactly_what_is_wanted_is_told_with_what_is_real() {
        let real = json!({"whoCanJoin": "A", "maxMessageBytes": 7, "replyTo": "B"});
        let wanted =
            json!({"WhoCanJoin": "", "maxMessageBytes": "", "CustomReplyTo": "", "Odd": ""});
        let told = values(&wanted, real.as_object().unwrap());
        let expected = json!({"WhoCanJoin": "A", "maxMessageBytes": "7", "CustomReplyTo": ""});
        assert_eq!(Value::Object(told), expected);
    }

    #[test]
    fn only_what_differs_is_changed() {
        let before = json!({"WhoCanJoin": "A", "replyTo": "B"});
        let after = json!({"WhoCanJoin": "A", "replyTo": "C", "MaxMessageBytes": "5"});
        let body = changes(Some(&before), &after).unwrap();
        assert_eq!(
            Value::Object(body),
            json!({"replyTo": "C", "maxMessageBytes": 5})
        );
        for after in [
            json!({"Odd": "A"}),
            json!({"maxMessageBytes": "A"}),
            json!({"replyTo": true}),
        ] {
            assert!(changes(None, &after).is_err(), "{after}");
        }
    }
}
