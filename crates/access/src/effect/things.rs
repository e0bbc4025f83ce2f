//! What the coming, going or another set-up of a thing does.

use std::collections::BTreeSet;

use charter::risk::{Breaks, Effect, Rollback};
use serde_json::Value;

use super::Around;
use crate::{Key, Sort};

/// A thing comes, goes or is set up otherwise.
pub(super) fn judge(
    around: &Around<'_>,
    key: &Key,
    before: Option<&Value>,
    after: Option<&Value>,
    effect: Effect,
) -> Effect {
    match (key.sort, before, after) {
        (Sort::Team, before, Some(after)) => team(around, key, before, after, effect),
        (Sort::Team, Some(_), None) => {
            let count = around.current.within(Sort::TeamGrant, &key.name).count();
            let what = base::counted(count, "repository", "repositories");
            effect
                .breaking(
                    Breaks::May,
                    format!("what it may do with {what} goes with it"),
                )
                .undone(Rollback::Hard, "who was in it has to be put there again")
        }
        (Sort::MailingGroup, Some(_), None) => effect
            .breaking(Breaks::Likely, "mail to its address comes back")
            .undone(Rollback::Impossible, "its archive goes with it"),
        (Sort::Person, Some(_), None) => effect.undone(
            Rollback::Hard,
            "passwords and what else the directory keeps of them goes too",
        ),
        (Sort::DirectoryGroup, Some(_), None) => effect.breaking(
            Breaks::May,
            "whatever asks the directory for it lets nobody in",
        ),
        (Sort::Branch, Some(_), None) => governing(effect),
        (Sort::Branch, before, Some(after)) => branch(around, before, after, effect),
        (Sort::Repository, before, Some(after)) => repository(before, after, effect),
        (Sort::Settings, Some(before), Some(after)) => settings(before, after, effect),
        (Sort::MailingSettings, before, Some(after)) => {
            let mut effect = effect;
            effect.grows_access = true;
            let was = before.unwrap_or(&Value::Null);
            let opens = after
                .as_object()
                .into_iter()
                .flatten()
                .any(|(name, value)| {
                    let anyone = value
                        .as_str()
                        .is_some_and(|value| value.starts_with("ANYONE"));
                    anyone && was[name.as_str()] != *value
                });
            if opens {
                effect = governing(effect).undone(Rollback::Hard, "what anyone saw, they saw");
            }
            let names = changed(was, after);
            effect.breaking(
                Breaks::May,
                format!("who may join, post or read changes: {names}"),
            )
        }
        (Sort::Person, Some(before), Some(after)) if before["mail"] != after["mail"] => {
            // Whoever reads the mail sets the password.
            let mut effect = governing(effect);
            effect.grows_access = true;
            effect.gives_to = around.people(key);
            effect
        }
        (_, Some(_), Some(_)) => {
            if before.map(|value| &value["name"]) == after.map(|value| &value["name"]) {
                return effect;
            }
            effect.breaking(Breaks::May, "whatever names it has to be changed")
        }
        _ => effect,
    }
}

fn governing(mut effect: Effect) -> Effect {
    effect.governs = true;
    effect
}

/// A team comes below another, or moves there: what those above may do, all in it may do too.
fn team(
    around: &Around<'_>,
    key: &Key,
    before: Option<&Value>,
    after: &Value,
    mut effect: Effect,
) -> Effect {
    let was = before.and_then(|before| before["parent"].as_str());
    let is = after["parent"].as_str();
    if let Some(is) = is.filter(|is| was != Some(*is)) {
        effect.grows_access = true;
        effect.gives_to = around.people(key);
        effect.governs = around.administers(is);
    }
    let lost = was.is_some() && was != is;
    if lost {
        effect = effect.breaking(Breaks::May, "it may do no more what the team above it may");
    }
    let Some(before) = before else { return effect };
    if before["privacy"] == "secret" && after["privacy"] != "secret" {
        effect = effect.undone(Rollback::Hard, "who is in it is shown, and was secret");
    }
    if before["name"] != after["name"] {
        effect = effect.breaking(Breaks::May, "whatever names it has to be changed");
    }
    effect
}

fn branch(
    around: &Around<'_>,
    before: Option<&Value>,
    after: &Value,
    mut effect: Effect,
) -> Effect {
    let listed = |value: Option<&Value>, key: &str| -> BTreeSet<String> {
        let list = value.and_then(|value| value[key].as_array());
        let names = list.into_iter().flatten().filter_map(Value::as_str);
        names.map(str::to_lowercase).collect()
    };
    let gained = |key: &str| {
        let was = listed(before, key);
        let is = listed(Some(after), key);
        is.into_iter()
            .filter(|one| !was.contains(one))
            .collect::<Vec<_>>()
    };
    for login in gained("push_people") {
        effect.gives_to.extend(around.named(&login));
    }
    for team in gained("push_teams") {
        effect.gives_to.extend(around.people_of_team(&team));
    }
    let named = !gained("push_people").is_empty() || !gained("push_teams").is_empty();
    effect.grows_access = named;
    match before {
        Some(before) if is_weaker(before, after) => governing(effect),
        // Who may push where others may not decides what comes in.
        None if named => {
            governing(effect).breaking(Breaks::May, "others may not push there any more")
        }
        None => effect.breaking(
            Breaks::May,
            "what could be pushed or merged there may not be",
        ),
        _ => effect,
    }
}

fn is_weaker(before: &Value, after: &Value) -> bool {
    let count = |value: &Value| value["required_approvals"].as_u64().unwrap_or_default();
    let is = |value: &Value, key: &str| value[key].as_bool().unwrap_or_default();
    let lost = |key: &str| is(before, key) && !is(after, key);
    let gained = |key: &str| !is(before, key) && is(after, key);
    let same = |key: &str| before[key] == after[key];
    count(after) < count(before)
        || lost("binds_admins")
        || lost("dismiss_stale_approvals")
        || lost("restricts_pushes")
        || gained("allow_force_pushes")
        || gained("allow_deletions")
        || !same("push_teams")
        || !same("push_people")
        || !same("required_checks")
}

fn repository(before: Option<&Value>, after: &Value, mut effect: Effect) -> Effect {
    let Some(before) = before else { return effect };
    let differs = |key: &str| before[key] != after[key];
    if differs("visibility") {
        effect = match after["visibility"].as_str() {
            Some("private") => effect
                .breaking(
                    Breaks::Likely,
                    "nobody sees it any more but those it is granted to",
                )
                .undone(Rollback::Hard, "copies that others made of it are cut off"),
            _ => effect.undone(
                Rollback::Impossible,
                "what was shown cannot be hidden again",
            ),
        };
    }
    if differs("archived") {
        effect = if after["archived"] == true {
            effect.breaking(Breaks::Likely, "nobody can push to it any more")
        } else {
            effect.grows_access = true;
            effect
        };
    }
    if differs("name") {
        effect = effect.breaking(
            Breaks::May,
            "clones, links and jobs that name it follow a redirect",
        );
    }
    if differs("default_branch") {
        effect = effect.breaking(
            Breaks::May,
            "what builds or merges to its default branch changes",
        );
    }
    effect
}

fn settings(before: &Value, after: &Value, mut effect: Effect) -> Effect {
    const PERMISSION: &str = "default_repository_permission";
    const CREATE: &str = "members_can_create_repositories";
    if before[PERMISSION] != after[PERMISSION] {
        effect = governing(effect).breaking(
            Breaks::May,
            "what every member may do to every repository changes",
        );
        effect.grows_access = true;
    }
    if before[CREATE] != after[CREATE] && after[CREATE] == true {
        effect.grows_access = true;
    }
    if before["billing_email"] != after["billing_email"] {
        effect = effect.breaking(Breaks::May, "bills go elsewhere");
    }
    effect
}

/// The keys that differ.
fn changed(before: &Value, after: &Value) -> String {
    let keys = after.as_object().into_iter().flatten();
    let keys = keys.filter(|(key, value)| before[key.as_str()] != **value);
    keys.map(|(key, _)| key.as_str())
        .collect::<Vec<_>>()
        .join(", ")
}
