//! Sets what may not be done to a branch.
//!
//! REST takes the whole of a rule, and the estate says a part. The rest of what REST takes is read
//! right before and sent along, so that it stays as it is, but for what goes with its whole:
//! without a check that must pass nothing must be up to date, and without restrictions no app may
//! push where others may not. What REST takes elsewhere, such as signatures, is not touched.

use change::WriteFailure;
use http_client::http::Method;
use http_client::segment;
use serde_json::{Value, json};

use super::{Outcome, gone, refused};
use crate::providers::github::GitHub;
use crate::providers::github::people::{Person, RepositoryName, noted};
use crate::providers::github::read::is_pattern;
use crate::{Key, Known, Sort, Step};

/// What is on or off, and stays so.
const SWITCHES: [&str; 5] = [
    "required_linear_history",
    "block_creations",
    "required_conversation_resolution",
    "lock_branch",
    "allow_fork_syncing",
];

pub(super) fn write(hub: &GitHub, step: &Step<'_>, known: &Known) -> Outcome {
    let key = step.key;
    let repository: Option<RepositoryName> = noted(known, &Key::new(Sort::Repository, &key.of));
    let repository = repository.map_or_else(|| key.of.clone(), |noted| noted.name);
    let spelled = step.after.and_then(|value| value["name"].as_str());
    let branch = spelled.map(str::to_owned).or_else(|| known.get(key));
    let branch = branch.unwrap_or_else(|| key.name.clone());
    if is_pattern(&branch) {
        return Err(refused(format!(
            "the {key} is a pattern for the names of many branches: such rules are made by hand"
        )));
    }
    let rest = format!("/branches/{}/protection", segment(&branch));
    let path = hub.repository(&repository, &rest);
    let Some(value) = step.after else {
        return gone(hub.api.change(Method::DELETE, &path, None));
    };
    let current: Value = hub.api.look(&path)?.unwrap_or_default();
    let body = rule(hub, &current, value, known)?;
    hub.api.change(Method::PUT, &path, Some(&body))?;
    known.set(key.clone(), branch);
    Ok(())
}

/// The whole rule: what is wanted, and what else there is.
fn rule(
    hub: &GitHub,
    current: &Value,
    wanted: &Value,
    known: &Known,
) -> Result<Value, WriteFailure> {
    let switch = |name: &str, now: &Value| match wanted.get(name) {
        Some(wanted) => wanted.as_bool().unwrap_or(false),
        None => now.as_bool().unwrap_or(false),
    };
    let mut body = json!({
        "required_status_checks": checks(&current["required_status_checks"], wanted),
        "enforce_admins": switch("binds_admins", &current["enforce_admins"]["enabled"]),
        "required_pull_request_reviews": reviews(current, wanted),
        "restrictions": pushers(hub, &current["restrictions"], wanted, known)?,
        "allow_force_pushes":
            switch("allow_force_pushes", &current["allow_force_pushes"]["enabled"]),
        "allow_deletions": switch("allow_deletions", &current["allow_deletions"]["enabled"]),
    });
    for name in SWITCHES {
        if let Some(on) = current[name]["enabled"].as_bool() {
            body[name] = on.into();
        }
    }
    Ok(body)
}

/// The checks that must pass. One that only a certain app may pass stays so.
fn checks(current: &Value, wanted: &Value) -> Value {
    let wanted = wanted["required_checks"].as_array();
    let wanted = wanted.or(current["contexts"].as_array());
    let Some(wanted) = wanted.filter(|wanted| !wanted.is_empty()) else {
        return Value::Null;
    };
    let bound = |name: &Value| {
        let checks = current["checks"].as_array().into_iter().flatten();
        let mut checks = checks.filter(|check| &check["context"] == name);
        checks.find_map(|check| check["app_id"].as_i64())
    };
    let strict = current["strict"] == true;
    if wanted.iter().all(|name| bound(name).is_none()) {
        return json!({"strict": strict, "contexts": wanted});
    }
    let checks: Vec<Value> = wanted
        .iter()
        .map(|name| match bound(name) {
            Some(app) => json!({"context": name, "app_id": app}),
            None => json!({"context": name}),
        })
        .collect();
    json!({"strict": strict, "contexts": [], "checks": checks})
}

/// Who must approve. Where nobody must, the other rules of a review stay.
fn reviews(current: &Value, wanted: &Value) -> Value {
    let current = &current["required_pull_request_reviews"];
    let count = wanted["required_approvals"].as_u64();
    let now = current["required_approving_review_count"].as_u64();
    let count = count.or(now).unwrap_or(0);
    let stale = wanted["dismiss_stale_approvals"].as_bool();
    let stale = stale.unwrap_or(current["dismiss_stale_reviews"] == true);
    if count == 0 && !stale && current.is_null() {
        return Value::Null;
    }
    let mut reviews = json!({
        "required_approving_review_count": count,
        "dismiss_stale_reviews": stale,
    });
    for name in ["require_code_owner_reviews", "require_last_push_approval"] {
        if let Some(on) = current[name].as_bool() {
            reviews[name] = on.into();
        }
    }
    for name in ["dismissal_restrictions", "bypass_pull_request_allowances"] {
        if current[name].is_object() {
            reviews[name] = json!({
                "users": each(&current[name]["users"], "login"),
                "teams": each(&current[name]["teams"], "slug"),
                "apps": each(&current[name]["apps"], "slug"),
            });
        }
    }
    reviews
}

/// Who may push: everybody, or those who are named, of whom nobody may be left.
fn pushers(
    hub: &GitHub,
    current: &Value,
    wanted: &Value,
    known: &Known,
) -> Result<Value, WriteFailure> {
    let listed = |name: &str| {
        let all = wanted[name].as_array();
        all.map(|all| all.iter().filter_map(Value::as_str))
    };
    let users = match listed("push_people") {
        None => each(&current["users"], "login"),
        Some(people) => people
            .map(|login| login_of(hub, login, known))
            .collect::<Result<_, _>>()?,
    };
    let teams = match listed("push_teams") {
        None => each(&current["teams"], "slug"),
        Some(teams) => teams
            .map(|name| hub.team(name, known).map(|team| team.slug.into()))
            .collect::<Result<_, _>>()?,
    };
    let restricts = wanted["restricts_pushes"].as_bool();
    let named = current.is_object() || !users.is_empty() || !teams.is_empty();
    if !restricts.unwrap_or(named) {
        return Ok(Value::Null);
    }
    let apps = each(&current["apps"], "slug");
    Ok(json!({"users": users, "teams": teams, "apps": apps}))
}

fn login_of(hub: &GitHub, name: &str, known: &Known) -> Result<Value, WriteFailure> {
    let key = Key::new(Sort::Member, name);
    if hub.people.number(&key.name).is_none() && noted::<Person>(known, &key).is_none() {
        return Ok(name.into());
    }
    hub.login(&key, known).map(Value::from)
}

fn each(all: &Value, name: &str) -> Vec<Value> {
    let all = all.as_array().into_iter().flatten();
    all.map(|one| one[name].clone()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_estate_does_not_say_stays() {
        let current = json!({"required_pull_request_reviews": {
            "require_code_owner_reviews": true, "dismiss_stale_reviews": false,
            "required_approving_review_count": 1,
            "dismissal_restrictions": {"users": [{"login": "a"}], "teams": [{"slug": "t"}]}}});
        let wanted = json!({"required_approvals": 2, "dismiss_stale_approvals": true});
        assert_eq!(
            reviews(&current, &wanted),
            json!({"required_approving_review_count": 2, "dismiss_stale_reviews": true,
                "require_code_owner_reviews": true,
                "dismissal_restrictions": {"users": ["a"], "teams": ["t"], "apps": []}})
        );
    }

    #[test]
    fn the_other_rules_of_a_review_outlive_the_last_approval() {
        let wanted = json!({"required_approvals": 0, "dismiss_stale_approvals": false});
        assert_eq!(reviews(&json!({}), &wanted), Value::Null);
        let current = json!({"required_pull_request_reviews": {
            "require_code_owner_reviews": true, "require_last_push_approval": true,
            "dismiss_stale_reviews": true, "required_approving_review_count": 2,
            "dismissal_restrictions": {"users": [{"login": "a"}]}}});
        assert_eq!(
            reviews(&current, &wanted),
            json!({"required_approving_review_count": 0, "dismiss_stale_reviews": false,
                "require_code_owner_reviews": true, "require_last_push_approval": true,
                "dismissal_restrictions": {"users": ["a"], "teams": [], "apps": []}})
        );
    }

    #[test]
    fn a_check_of_an_app_stays_that_apps() {
        let current = json!({"strict": true, "contexts": ["build"],
            "checks": [{"context": "build", "app_id": 7}]});
        let wanted = json!({"required_checks": ["build", "lint"]});
        assert_eq!(
            checks(&current, &wanted),
            json!({"strict": true, "contexts": [],
                "checks": [{"context": "build", "app_id": 7}, {"context": "lint"}]})
        );
        assert_eq!(
            checks(&current, &json!({"required_checks": []})),
            Value::Null
        );
        assert_eq!(
            checks(&current, &json!({})),
            json!({"strict": true, "contexts": [],
                "checks": [{"context": "build", "app_id": 7}]})
        );
    }
}
