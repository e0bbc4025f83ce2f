//! What may not be done to the branches of a repository.

use std::collections::BTreeSet;

use serde::Deserialize;
use serde_json::Value;

use crate::providers::github::pages::Page;
use crate::providers::github::read::Found;
use crate::providers::github::{GitHub, documents};
use crate::{Key, Known, ReadError, Sort, State};

/// A rule as GraphQL tells it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_excessive_bools, reason = "they are GitHub's")]
pub(super) struct Rule {
    pattern: String,
    requires_approving_reviews: bool,
    required_approving_review_count: Option<u64>,
    dismisses_stale_reviews: bool,
    requires_status_checks: bool,
    required_status_check_contexts: Option<Vec<String>>,
    is_admin_enforced: bool,
    allows_force_pushes: bool,
    allows_deletions: bool,
    restricts_pushes: bool,
    push_allowances: Page<Allowance>,
}

#[derive(Deserialize)]
struct Allowance {
    actor: Option<Actor>,
}

#[derive(Deserialize)]
#[serde(tag = "__typename", rename_all_fields = "camelCase")]
enum Actor {
    User { login: String, database_id: u64 },
    Team { name: String },
    App {},
}

/// Whether a rule is for every branch whose name fits, and not for one.
pub(in super::super::super) fn is_pattern(name: &str) -> bool {
    name.contains(['*', '?', '['])
}

pub(super) fn read(
    hub: &GitHub,
    wanted: &State,
    known: &Known,
    (of, name): (&str, &str),
    page: Page<Rule>,
    found: &mut Found,
) -> Result<(), ReadError> {
    let document = documents::more_rules();
    let rules = page.all(&format!("branch rules of {name}"), |after| {
        let place = "repository/branchProtectionRules";
        hub.page(&document, Some(name), Some(after), place)
    })?;
    for rule in rules {
        let key = Key::of(Sort::Branch, of, &rule.pattern);
        known.set(key.clone(), rule.pattern.clone());
        if is_pattern(&rule.pattern) {
            found.leave(
                key,
                "it is a rule for all branches whose names fit a pattern",
            );
            continue;
        }
        let value = value(hub, wanted, &key, rule)?;
        found.add(key, value)?;
    }
    Ok(())
}

/// A rule in our form: as much of it as is wanted, or all.
fn value(hub: &GitHub, state: &State, key: &Key, rule: Rule) -> Result<Value, ReadError> {
    let wanted = state.value(key).and_then(Value::as_object);
    let approvals = if rule.requires_approving_reviews {
        rule.required_approving_review_count.unwrap_or(0)
    } else {
        0
    };
    let mut checks = if rule.requires_status_checks {
        rule.required_status_check_contexts.unwrap_or_default()
    } else {
        Vec::new()
    };
    checks.sort();
    let (teams, people) = if rule.restricts_pushes {
        pushers(hub, state, &key.of, rule.push_allowances)?
    } else {
        (Vec::new(), Vec::new())
    };
    let as_wanted = |list: Vec<String>, name: &str| match wanted.and_then(|all| all.get(name)) {
        Some(wanted) if same(wanted, &list) => wanted.clone(),
        _ => list.into(),
    };
    let stale = rule.requires_approving_reviews && rule.dismisses_stale_reviews;
    let all: [(&str, Value); 10] = [
        ("name", rule.pattern.into()),
        ("required_approvals", approvals.into()),
        ("dismiss_stale_approvals", stale.into()),
        ("required_checks", checks.into()),
        ("binds_admins", rule.is_admin_enforced.into()),
        ("allow_force_pushes", rule.allows_force_pushes.into()),
        ("allow_deletions", rule.allows_deletions.into()),
        ("restricts_pushes", rule.restricts_pushes.into()),
        ("push_teams", as_wanted(teams, "push_teams")),
        ("push_people", as_wanted(people, "push_people")),
    ];
    let kept = all.into_iter().filter(|(key, _)| match wanted {
        Some(wanted) => wanted.contains_key(*key),
        None => *key != "name",
    });
    Ok(kept.map(|(key, value)| (key.to_owned(), value)).collect())
}

/// Whether a list has these names, in whatever order and case.
fn same(wanted: &Value, names: &[String]) -> bool {
    let wanted = wanted.as_array().into_iter().flatten();
    let wanted: Option<BTreeSet<String>> = wanted
        .map(|name| name.as_str().map(str::to_lowercase))
        .collect();
    wanted.is_some_and(|wanted| wanted.iter().eq(names.iter()))
}

/// The teams and the people who may push, by their names in keys, sorted.
fn pushers(
    hub: &GitHub,
    wanted: &State,
    of: &str,
    page: Page<Allowance>,
) -> Result<(Vec<String>, Vec<String>), ReadError> {
    let (mut teams, mut people) = (BTreeSet::new(), BTreeSet::new());
    let what = format!("those who may push to {of}");
    let too_many = |_: &str| {
        let what = format!("more than a hundred may push to a branch of {of}");
        Err(ReadError::Untrusted(what))
    };
    for allowance in page.all(&what, too_many)? {
        match allowance.actor {
            Some(Actor::User { login, database_id }) => {
                people.insert(hub.people.name(&login, Some(database_id)));
            }
            Some(Actor::Team { name }) => {
                let name = name.to_lowercase();
                let is_wanted = wanted.entries.contains_key(&Key::new(Sort::Team, &name));
                let new = hub.renames.teams.get(&name).filter(|_| !is_wanted);
                teams.insert(new.map_or(name, |new| new.to_lowercase()));
            }
            Some(Actor::App {}) | None => {}
        }
    }
    Ok((teams.into_iter().collect(), people.into_iter().collect()))
}
