//! Settings of mailing groups at Google, against those that the vendor documents.

use std::path::Path;

use base::{Diagnostic, Spanned};
use estate::kinds::{AccessSystemKind, MailingGroup};
use estate::{Estate, Item, Kind};

use super::mailing::{domains, is_held};
use crate::codes;
use crate::providers::mailman;

/// Settings with a list of values, by what they decide (Groups Settings API, `groups`). Those that
/// the vendor calls merged or deprecated are among them: they are still taken.
const VALUES: [(&[&str], &[&str]); 15] = [
    (
        &[
            "allowExternalMembers",
            "allowGoogleCommunication",
            "allowWebPosting",
            "archiveOnly",
            "customRolesEnabledForSettingsToBeMerged",
            "enableCollaborativeInbox",
            "favoriteRepliesOnTop",
            "includeCustomFooter",
            "includeInGlobalAddressList",
            "isArchived",
            "membersCanPostAsTheGroup",
            "sendMessageDenyNotification",
            "showInGroupDirectory",
            // Not Google's: whether members that nobody declared are removed.
            "reconcileMembers",
        ],
        &["true", "false"],
    ),
    (
        &[
            "whoCanApproveMessages",
            "whoCanBanUsers",
            "whoCanDeleteAnyPost",
            "whoCanDeleteTopics",
            "whoCanHideAbuse",
            "whoCanLockTopics",
            "whoCanMakeTopicsSticky",
            "whoCanModerateContent",
            "whoCanModerateMembers",
            "whoCanModifyMembers",
            "whoCanMoveTopicsIn",
            "whoCanMoveTopicsOut",
            "whoCanPostAnnouncements",
        ],
        &["ALL_MEMBERS", "OWNERS_AND_MANAGERS", "OWNERS_ONLY", "NONE"],
    ),
    (
        &[
            "whoCanAssignTopics",
            "whoCanAssistContent",
            "whoCanEnterFreeFormTags",
            "whoCanMarkDuplicate",
            "whoCanMarkFavoriteReplyOnAnyTopic",
            "whoCanMarkFavoriteReplyOnOwnTopic",
            "whoCanMarkNoResponseNeeded",
            "whoCanModifyTagsAndCategories",
            "whoCanTakeTopics",
            "whoCanUnassignTopic",
            "whoCanUnmarkFavoriteReplyOnAnyTopic",
        ],
        &[
            "ALL_MEMBERS",
            "OWNERS_AND_MANAGERS",
            "MANAGERS_ONLY",
            "OWNERS_ONLY",
            "NONE",
        ],
    ),
    (&["default_sender"], &["DEFAULT_SELF", "GROUP"]),
    (
        &["messageModerationLevel"],
        &[
            "MODERATE_ALL_MESSAGES",
            "MODERATE_NON_MEMBERS",
            "MODERATE_NEW_MEMBERS",
            "MODERATE_NONE",
        ],
    ),
    (
        &["replyTo"],
        &[
            "REPLY_TO_CUSTOM",
            "REPLY_TO_SENDER",
            "REPLY_TO_LIST",
            "REPLY_TO_OWNER",
            "REPLY_TO_IGNORE",
            "REPLY_TO_MANAGERS",
        ],
    ),
    (
        &["spamModerationLevel"],
        &["ALLOW", "MODERATE", "SILENTLY_MODERATE", "REJECT"],
    ),
    (
        &["whoCanAdd", "whoCanInvite", "whoCanApproveMembers"],
        // Each with its own last word: see `values`.
        &[
            "ALL_MEMBERS_CAN_",
            "ALL_MANAGERS_CAN_",
            "ALL_OWNERS_CAN_",
            "NONE_CAN_",
        ],
    ),
    (
        &["whoCanContactOwner"],
        &[
            "ANYONE_CAN_CONTACT",
            "ALL_IN_DOMAIN_CAN_CONTACT",
            "ALL_MEMBERS_CAN_CONTACT",
            "ALL_MANAGERS_CAN_CONTACT",
            "ALL_OWNERS_CAN_CONTACT",
        ],
    ),
    (
        &["whoCanDiscoverGroup"],
        &[
            "ANYONE_CAN_DISCOVER",
            "ALL_IN_DOMAIN_CAN_DISCOVER",
            "ALL_MEMBERS_CAN_DISCOVER",
        ],
    ),
    (
        &["whoCanJoin"],
        &[
            "ANYONE_CAN_JOIN",
            "ALL_IN_DOMAIN_CAN_JOIN",
            "INVITED_CAN_JOIN",
            "CAN_REQUEST_TO_JOIN",
        ],
    ),
    (
        &["whoCanLeaveGroup"],
        &[
            "ALL_MANAGERS_CAN_LEAVE",
            "ALL_MEMBERS_CAN_LEAVE",
            "NONE_CAN_LEAVE",
        ],
    ),
    (
        &["whoCanPostMessage"],
        &[
            "NONE_CAN_POST",
            "ALL_MANAGERS_CAN_POST",
            "ALL_MEMBERS_CAN_POST",
            "ALL_OWNERS_CAN_POST",
            "ALL_IN_DOMAIN_CAN_POST",
            "ANYONE_CAN_POST",
        ],
    ),
    (
        &["whoCanViewGroup"],
        &[
            "ANYONE_CAN_VIEW",
            "ALL_IN_DOMAIN_CAN_VIEW",
            "ALL_MEMBERS_CAN_VIEW",
            "ALL_MANAGERS_CAN_VIEW",
        ],
    ),
    (
        &["whoCanViewMembership"],
        &[
            "ALL_IN_DOMAIN_CAN_VIEW",
            "ALL_MEMBERS_CAN_VIEW",
            "ALL_MANAGERS_CAN_VIEW",
        ],
    ),
];

/// Settings that are free text.
const TEXTS: [&str; 6] = [
    "customFooterText",
    "customReplyTo",
    "defaultMessageDenyNotificationText",
    "messageDisplayFont",
    "primaryLanguage",
    "whoCanAddReferences",
];

pub(super) fn check(estate: &Estate, findings: &mut Vec<Diagnostic>) {
    let held = domains(estate, Some(AccessSystemKind::GoogleGroups));
    let lists = estate.tables.mailing_groups.items();
    for list in lists.filter(|list| is_held(list, &held)) {
        for (name, value) in &list.value.settings.entries {
            findings.extend(wrong(list, name, value, estate));
        }
    }
    let held = domains(estate, Some(AccessSystemKind::Mailman));
    let lists = estate.tables.mailing_groups.items();
    // Files of another system's format say that system's settings of every list.
    let own = lists.filter(|list| is_held(list, &held) && !is_adopted(list, estate));
    for list in own {
        let entries = &list.value.settings.entries;
        let texts = entries
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()));
        let unknown = mailman::unknown_settings(texts);
        for (name, value) in entries
            .iter()
            .filter(|(name, _)| unknown.contains(&name.value))
        {
            let message = format!("Mailman has no setting `{name}`, or cannot have it `{value}`");
            let finding =
                Diagnostic::new(&codes::SETTING, name.span, message).about(list.subject());
            findings
                .push(finding.help("write one of Mailman's own attributes of lists, or remove it"));
        }
    }
}

fn wrong(
    list: &Item<MailingGroup>,
    name: &Spanned<String>,
    value: &Spanned<String>,
    estate: &Estate,
) -> Option<Diagnostic> {
    let key = with_small_start(name);
    let about = |finding: Diagnostic| finding.about(list.subject());
    let Some(allowed) = values(&key) else {
        if TEXTS.contains(&key.as_str()) || is_adopted(list, estate) {
            return None;
        }
        let message = format!("Google Groups has no setting `{name}`");
        let finding = Diagnostic::new(&codes::SETTING, name.span, message);
        let known = VALUES
            .iter()
            .flat_map(|(names, _)| names.iter())
            .chain(&TEXTS)
            .copied();
        let help = match base::nearest(&key, known) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "remove it: the documentation of the Groups Settings API lists them".to_owned(),
        };
        return Some(about(finding.help(help)));
    };
    if allowed.iter().any(|one| one == value.as_str()) {
        return None;
    }
    let message = format!("`{value}` is no value of the setting `{name}`");
    let finding = Diagnostic::new(&codes::SETTING, value.span, message);
    let help = match base::nearest(value, allowed.iter().map(String::as_str)) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("one of: {}", allowed.join(", ")),
    };
    Some(about(finding.help(help)))
}

/// What a setting may be; none if it is not one with a list of values.
fn values(key: &str) -> Option<Vec<String>> {
    let (_, values) = VALUES.iter().find(|(names, _)| names.contains(&key))?;
    let verb = match key {
        "whoCanAdd" => "ADD",
        "whoCanInvite" => "INVITE",
        "whoCanApproveMembers" => "APPROVE",
        _ => "",
    };
    Some(
        values
            .iter()
            .map(|value| format!("{value}{verb}"))
            .collect(),
    )
}

/// Files begin the names of settings with a capital, the interface does not.
fn with_small_start(name: &str) -> String {
    let mut chars = name.chars();
    let first = chars.next().into_iter().flat_map(char::to_lowercase);
    first.chain(chars).collect()
}

/// Whether a list stands in a file of another format, whose own findings name unknown settings.
fn is_adopted(list: &Item<MailingGroup>, estate: &Estate) -> bool {
    let path = Path::new(&estate.sources.file(list.span.file).path);
    let folder = path.parent().and_then(Path::file_name);
    folder.is_none_or(|folder| folder != MailingGroup::FOLDER)
}
