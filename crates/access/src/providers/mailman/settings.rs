//! What may be set of a list, in Mailman's words and in Google's.
//!
//! # Mailman's words
//! The attributes of the resource `lists/ID/config` that can be written. Their values are texts
//! here: `true` and `false`, numbers, spans of time as `1d2h30m`, words, and lists with one entry
//! a line. Two texts that Mailman reads as the same value are the same, as `yes` and `true`.
//!
//! # Google's words
//! A tree that was adopted from Google Groups says `WhoCanJoin` and the like. What Mailman has
//! an exact counterpart of is set; see [`GOOGLE`]. What cannot be otherwise at Mailman needs no
//! setting; see [`ALWAYS`]. Anything else means nothing there: see [`unknown_settings`].

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::attributes::{Form, form, lines, plain, same, shown};

/// A setting of Google Groups, one of its values, and what that is at Mailman.
type Counterpart = (
    &'static str,
    &'static str,
    &'static [(&'static str, &'static str)],
);

/// What Mailman does with a message of somebody, from the mildest; where two settings of Google
/// meet in one of Mailman's, the strictest holds, as at Google: who may not post at all is not
/// moderated.
const ACTIONS: [&str; 3] = ["defer", "hold", "reject"];

/// Settings of Google Groups (Groups Settings API v1) that Mailman has a counterpart of.
///
/// To join, Google asks everybody to be signed in to the address; Mailman's `confirm` is that.
const GOOGLE: [Counterpart; 14] = [
    (
        "WhoCanJoin",
        "ANYONE_CAN_JOIN",
        &[("subscription_policy", "confirm")],
    ),
    (
        "WhoCanJoin",
        "CAN_REQUEST_TO_JOIN",
        &[("subscription_policy", "moderate")],
    ),
    (
        "WhoCanJoin",
        "INVITED_CAN_JOIN",
        &[("subscription_policy", "confirm_then_moderate")],
    ),
    (
        "WhoCanDiscoverGroup",
        "ANYONE_CAN_DISCOVER",
        &[("advertised", "true")],
    ),
    (
        "WhoCanDiscoverGroup",
        "ALL_MEMBERS_CAN_DISCOVER",
        &[("advertised", "false")],
    ),
    (
        "WhoCanViewGroup",
        "ANYONE_CAN_VIEW",
        &[("archive_policy", "public")],
    ),
    (
        "WhoCanViewGroup",
        "ALL_MEMBERS_CAN_VIEW",
        &[("archive_policy", "private")],
    ),
    (
        "WhoCanViewMembership",
        "ALL_MEMBERS_CAN_VIEW",
        &[("member_roster_visibility", "members")],
    ),
    (
        "WhoCanViewMembership",
        "ALL_MANAGERS_CAN_VIEW",
        &[("member_roster_visibility", "moderators")],
    ),
    (
        "WhoCanPostMessage",
        "ANYONE_CAN_POST",
        &[("default_nonmember_action", "defer")],
    ),
    (
        "WhoCanPostMessage",
        "ALL_MEMBERS_CAN_POST",
        &[("default_nonmember_action", "reject")],
    ),
    (
        "MessageModerationLevel",
        "MODERATE_NONE",
        &[("default_member_action", "defer")],
    ),
    (
        "MessageModerationLevel",
        "MODERATE_NON_MEMBERS",
        &[
            ("default_member_action", "defer"),
            ("default_nonmember_action", "hold"),
        ],
    ),
    (
        "MessageModerationLevel",
        "MODERATE_ALL_MESSAGES",
        &[
            ("default_member_action", "hold"),
            ("default_nonmember_action", "hold"),
        ],
    ),
];

/// Settings of Google Groups that say what Mailman does anyway: owners and moderators moderate,
/// and nobody posts in the name of a list.
const ALWAYS: [(&str, &str); 3] = [
    ("MembersCanPostAsTheGroup", "false"),
    ("WhoCanModerateContent", "OWNERS_AND_MANAGERS"),
    ("WhoCanModerateMembers", "OWNERS_AND_MANAGERS"),
];

/// The settings, each a name and a value, that mean nothing to Mailman: neither an attribute of
/// its own, nor one of Google Groups' whose value has a counterpart that is not said beside it.
///
/// They are never written and never read: a list that wants one cannot be brought to it.
pub fn unknown_settings<'s>(settings: impl IntoIterator<Item = (&'s str, &'s str)>) -> Vec<String> {
    let settings: BTreeMap<_, _> = settings.into_iter().collect();
    let unknown = settings.iter().filter(|(name, value)| {
        if form(name).is_some() || ALWAYS.contains(&(**name, **value)) {
            return false;
        }
        let known = counterpart(name, value);
        known.is_none_or(|attributes| {
            let said = |(attribute, _): &(&str, &str)| settings.contains_key(attribute);
            attributes.iter().any(said)
        })
    });
    unknown.map(|(name, _)| (*name).to_owned()).collect()
}

/// The settings of a list as the value of a resource has them.
pub(super) fn texts(value: &Value) -> BTreeMap<String, String> {
    let entries = value.as_object().into_iter().flatten();
    entries
        .map(|(name, value)| (name.clone(), plain(value)))
        .collect()
}

/// What Mailman must be told for these settings: the body of a request.
pub(super) fn told(settings: &BTreeMap<String, String>) -> Map<String, Value> {
    let attributes = attributes(settings);
    let entries = attributes.into_iter().map(|(name, text)| {
        let value = match form(name) {
            Some(Form::Lines) => lines(text).into(),
            _ => text.into(),
        };
        (name.to_owned(), value)
    });
    entries.collect()
}

/// The attributes of Mailman that these settings are about.
pub(super) fn names(settings: &BTreeMap<String, String>) -> Vec<&str> {
    attributes(settings).into_keys().collect()
}

/// What `real` says of the wanted settings, in the words of `wanted` wherever it is the same.
/// What Mailman does not say, or does not know, is left out.
pub(super) fn seen(wanted: &BTreeMap<String, String>, real: &Value) -> Value {
    let mut seen = Map::new();
    for (name, text) in wanted {
        let shown = match form(name) {
            Some(form) => real.get(name).map(|value| shown(form, value, text)),
            None if ALWAYS.contains(&(name, text)) => Some(text.clone()),
            None => in_googles_words(wanted, name, text, real),
        };
        if let Some(shown) = shown {
            seen.insert(name.clone(), shown.into());
        }
    }
    Value::Object(seen)
}

fn counterpart(name: &str, value: &str) -> Option<&'static [(&'static str, &'static str)]> {
    let found = GOOGLE
        .iter()
        .find(|(setting, word, _)| *setting == name && *word == value);
    found.map(|(_, _, attributes)| *attributes)
}

/// Mailman's attributes with the values that these settings want: what is said in Mailman's own
/// words goes before Google's.
fn attributes(settings: &BTreeMap<String, String>) -> BTreeMap<&str, &str> {
    let strict = |action: &str| ACTIONS.iter().position(|known| *known == action);
    let mut wanted = BTreeMap::new();
    for (name, value) in settings {
        for (attribute, value) in counterpart(name, value).into_iter().flatten() {
            let kept: &mut &str = wanted.entry(*attribute).or_insert(*value);
            if strict(value) > strict(kept) {
                *kept = value;
            }
        }
    }
    let own = settings.iter().filter(|(name, _)| form(name).is_some());
    wanted.extend(own.map(|(name, value)| (name.as_str(), value.as_str())));
    wanted
}

/// What is real of a setting of Google: the wanted word where it is as wanted, else another word
/// of that setting that fits, else Mailman's own.
fn in_googles_words(
    wanted: &BTreeMap<String, String>,
    name: &str,
    value: &str,
    real: &Value,
) -> Option<String> {
    let own = counterpart(name, value)?;
    let words = GOOGLE.iter().filter(|(setting, _, _)| *setting == name);
    let words = words.map(|(_, word, attributes)| (*word, *attributes));
    let mut tried = wanted.clone();
    for (word, about) in std::iter::once((value, own)).chain(words) {
        tried.insert(name.to_owned(), word.to_owned());
        let all = attributes(&tried);
        let fits = |(attribute, _): &(&str, &str)| {
            let (Some(form), Some(value)) = (form(attribute), real.get(*attribute)) else {
                return false;
            };
            let target = all.get(attribute).copied().unwrap_or_default();
            same(form, &plain(value), target)
        };
        if about.iter().all(fits) {
            return Some(word.to_owned());
        }
    }
    let said = own.iter().filter_map(|(attribute, _)| {
        let value = real.get(*attribute)?;
        Some(format!("{attribute}: {}", plain(value)))
    });
    let said: Vec<_> = said.collect();
    (!said.is_empty()).then(|| said.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn settings(of: &[(&str, &str)]) -> BTreeMap<String, String> {
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        of.iter().map(owned).collect()
    }

    #[test]
    fn a_value_that_reads_the_same_is_shown_in_the_wanted_words() {
        let real = json!({
            "advertised": true,
            "digest_size_threshold": 30.0,
            "autoresponse_grace_period": "1d3600.0s",
            "acceptable_aliases": ["a@b.example", "c@d.example"],
            "subject_prefix": "[x] ",
        });
        let wanted = settings(&[
            ("advertised", "Yes"),
            ("digest_size_threshold", "30"),
            ("autoresponse_grace_period", "25h"),
            ("acceptable_aliases", "c@d.example\n a@b.example\n"),
            ("subject_prefix", "[x]"),
            ("administrivia", "no"),
        ]);
        assert_eq!(
            seen(&wanted, &real),
            json!({
                "advertised": "Yes",
                "digest_size_threshold": "30",
                "autoresponse_grace_period": "25h",
                "acceptable_aliases": "c@d.example\n a@b.example\n",
                "subject_prefix": "[x] ",
            })
        );
        let other = settings(&[("advertised", "off"), ("autoresponse_grace_period", "26h")]);
        assert_eq!(
            seen(&other, &real),
            json!({"advertised": "true", "autoresponse_grace_period": "1d3600.0s"})
        );
    }

    #[test]
    fn who_may_post_and_what_is_moderated_meet_in_mailmans_actions() {
        for (post, level, member, nonmember) in [
            ("ANYONE_CAN_POST", "MODERATE_NONE", "defer", "defer"),
            ("ANYONE_CAN_POST", "MODERATE_NON_MEMBERS", "defer", "hold"),
            ("ANYONE_CAN_POST", "MODERATE_ALL_MESSAGES", "hold", "hold"),
            ("ALL_MEMBERS_CAN_POST", "MODERATE_NONE", "defer", "reject"),
            (
                "ALL_MEMBERS_CAN_POST",
                "MODERATE_ALL_MESSAGES",
                "hold",
                "reject",
            ),
        ] {
            let wanted = settings(&[
                ("WhoCanPostMessage", post),
                ("MessageModerationLevel", level),
            ]);
            let told = Value::Object(told(&wanted));
            let expected = json!({
                "default_member_action": member,
                "default_nonmember_action": nonmember,
            });
            assert_eq!(told, expected);
            let seen = seen(&wanted, &told);
            assert_eq!(texts(&seen), wanted, "{post} {level}");
        }
    }

    #[test]
    fn what_differs_is_shown_in_googles_words_where_there_are_some() {
        let wanted = settings(&[
            ("WhoCanJoin", "ANYONE_CAN_JOIN"),
            ("WhoCanViewGroup", "ANYONE_CAN_VIEW"),
            ("WhoCanModerateMembers", "OWNERS_AND_MANAGERS"),
            ("ReconcileMembers", "true"),
        ]);
        let real = json!({"subscription_policy": "moderate", "archive_policy": "never"});
        assert_eq!(
            seen(&wanted, &real),
            json!({
                "WhoCanJoin": "CAN_REQUEST_TO_JOIN",
                "WhoCanViewGroup": "archive_policy: never",
                "WhoCanModerateMembers": "OWNERS_AND_MANAGERS",
            })
        );
    }

    #[test]
    fn settings_without_a_counterpart_are_named() {
        let unknown = unknown_settings([
            ("WhoCanJoin", "INVITED_CAN_JOIN"),
            ("WhoCanDiscoverGroup", "ALL_IN_DOMAIN_CAN_DISCOVER"),
            ("WhoCanModerateMembers", "NONE"),
            ("WhoCanModerateContent", "OWNERS_AND_MANAGERS"),
            ("WhoCanViewGroup", "ANYONE_CAN_VIEW"),
            ("archive_policy", "private"),
            ("AllowExternalMembers", "true"),
            ("moderator_password", "x"),
        ]);
        assert_eq!(
            unknown,
            [
                "AllowExternalMembers",
                "WhoCanDiscoverGroup",
                "WhoCanModerateMembers",
                // It is said in Mailman's words too, and those hold.
                "WhoCanViewGroup",
                "moderator_password"
            ]
        );
    }

    #[test]
    fn every_counterpart_is_an_attribute_of_mailman() {
        for (setting, word, attributes) in GOOGLE {
            assert!(!attributes.is_empty(), "{setting} {word}");
            for (attribute, _) in attributes {
                assert!(form(attribute).is_some(), "{attribute}");
            }
        }
    }
}
