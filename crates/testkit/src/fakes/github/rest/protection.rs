//! What protects a branch.

use serde_json::{Map, Value, json};

use super::orgs::view;
use super::{Call, Outcome, Refusal, Reply};
use crate::fakes::github::world::Org;

/// `/repos/{owner}/{repo}/branches/{branch}/protection`.
pub(super) fn serve(call: &mut Call<'_>, method: &str) -> Outcome {
    let id = match method {
        "GET" => call.administered()?,
        _ => call.changeable()?,
    };
    let branch = call.named("branch").to_owned();
    let repo = call.world.repos.get(&id).ok_or_else(Refusal::not_found)?;
    if !repo.branches.contains(&branch) {
        return Err(Refusal::new(404, "Branch not found"));
    }
    let protected = repo.protections.contains_key(&branch);
    if method == "PUT" {
        known_names(call, repo.owner)?;
        let body = Value::Object(std::mem::take(&mut call.body));
        if let Some(repo) = call.world.repos.get_mut(&id) {
            repo.protections.insert(branch.clone(), body);
        }
        return Ok(Reply::One(200, shown(call, id, &branch)));
    }
    if !protected {
        return Err(Refusal::new(404, "Branch not protected"));
    }
    if method == "DELETE" {
        if let Some(repo) = call.world.repos.get_mut(&id) {
            repo.protections.remove(&branch);
        }
        return Ok(Reply::Empty(204));
    }
    Ok(Reply::One(200, shown(call, id, &branch)))
}

/// Only an organisation's repository restricts, and only to who is there.
fn known_names(call: &Call<'_>, owner: u64) -> Result<(), Refusal> {
    let restrictions = call.body.get("restrictions").unwrap_or(&Value::Null);
    if restrictions.is_null() {
        return Ok(());
    }
    let refusal = |text: &str| Refusal {
        errors: vec![json!(text)],
        ..Refusal::new(422, "Validation Failed")
    };
    let Some(org) = call.world.orgs.get(&owner) else {
        let text = "Only organization repositories can have users and team restrictions";
        return Err(refusal(text));
    };
    let names = |key: &str| {
        let all = restrictions[key].as_array().into_iter().flatten();
        all.filter_map(Value::as_str)
    };
    if names("teams").any(|slug| org.team(slug).is_none())
        || names("users").any(|login| call.world.account(login).is_none())
    {
        return Err(refusal("The listed users and teams do not all exist."));
    }
    Ok(())
}

fn shown(call: &Call<'_>, repo: u64, branch: &str) -> Value {
    let Some(repo) = call.world.repos.get(&repo) else {
        return Value::Null;
    };
    let rule = repo.protections.get(branch).unwrap_or(&Value::Null);
    let full_name = call.world.full_name(repo);
    let url = format!(
        "{}/repos/{full_name}/branches/{branch}/protection",
        call.base
    );
    let org = call.world.orgs.get(&repo.owner);
    let on = |name: &str| json!({"enabled": rule[name] == json!(true)});
    let mut shown = Map::new();
    shown.insert("url".to_owned(), json!(url));
    let admins = rule["enforce_admins"] == json!(true);
    let admins = json!({"url": format!("{url}/enforce_admins"), "enabled": admins});
    shown.insert("enforce_admins".to_owned(), admins);
    for name in [
        "required_linear_history",
        "allow_force_pushes",
        "allow_deletions",
        "block_creations",
        "required_conversation_resolution",
        "lock_branch",
        "allow_fork_syncing",
    ] {
        shown.insert(name.to_owned(), on(name));
    }
    let signatures = format!("{url}/required_signatures");
    let signatures = json!({"url": signatures, "enabled": false});
    shown.insert("required_signatures".to_owned(), signatures);
    // What is not asked for is absent.
    if let Some(checks) = rule["required_status_checks"].as_object() {
        let checks = status_checks(checks, &url);
        shown.insert("required_status_checks".to_owned(), checks);
    }
    if let Some(reviews) = rule["required_pull_request_reviews"].as_object() {
        let reviews = review(call, org, reviews, &url);
        shown.insert("required_pull_request_reviews".to_owned(), reviews);
    }
    if rule["restrictions"].is_object() {
        let at = format!("{url}/restrictions");
        let mut who = actors(call, org, &rule["restrictions"]);
        who["url"] = json!(at);
        who["users_url"] = json!(format!("{at}/users"));
        who["teams_url"] = json!(format!("{at}/teams"));
        who["apps_url"] = json!(format!("{at}/apps"));
        shown.insert("restrictions".to_owned(), who);
    }
    Value::Object(shown)
}

/// Contexts and checks are two ways to say the same; both are answered.
fn status_checks(checks: &Map<String, Value>, url: &str) -> Value {
    let listed = |key: &str| checks.get(key).and_then(Value::as_array);
    let contexts = listed("contexts").into_iter().flatten();
    let mut all: Vec<Value> = contexts
        .map(|name| json!({"context": name, "app_id": null}))
        .collect();
    for check in listed("checks").into_iter().flatten() {
        // -1 means any app, as nothing does.
        let app = check["app_id"].as_i64().filter(|app| *app >= 0);
        all.retain(|known| known["context"] != check["context"]);
        all.push(json!({"context": check["context"], "app_id": app}));
    }
    let names: Vec<&Value> = all.iter().map(|check| &check["context"]).collect();
    json!({
        "url": format!("{url}/required_status_checks"),
        "contexts_url": format!("{url}/required_status_checks/contexts"),
        "strict": checks.get("strict").unwrap_or(&json!(false)),
        "contexts": names,
        "checks": all,
    })
}

fn review(call: &Call<'_>, org: Option<&Org>, said: &Map<String, Value>, url: &str) -> Value {
    let or = |name: &str, usual: Value| said.get(name).cloned().unwrap_or(usual);
    let url = format!("{url}/required_pull_request_reviews");
    let mut shown = json!({
        "url": url,
        "dismiss_stale_reviews": or("dismiss_stale_reviews", json!(false)),
        "require_code_owner_reviews": or("require_code_owner_reviews", json!(false)),
        "require_last_push_approval": or("require_last_push_approval", json!(false)),
        "required_approving_review_count": or("required_approving_review_count", json!(1)),
    });
    for name in ["dismissal_restrictions", "bypass_pull_request_allowances"] {
        let named = said.get(name).and_then(Value::as_object);
        if let Some(named) = named.filter(|named| !named.is_empty()) {
            shown[name] = actors(call, org, &Value::Object(named.clone()));
        }
    }
    shown
}

/// Users and teams by name, as things.
fn actors(call: &Call<'_>, org: Option<&Org>, said: &Value) -> Value {
    let names = |key: &str| {
        let all = said[key].as_array().into_iter().flatten();
        all.filter_map(Value::as_str)
    };
    let users = names("users").filter_map(|login| call.world.account(login));
    let users: Vec<Value> = users.map(|account| view(call).user(account.id)).collect();
    let teams = names("teams").filter_map(|slug| Some((org?, org?.team(slug)?)));
    let teams: Vec<Value> = teams
        .map(|(org, team)| view(call).team(org, team))
        .collect();
    let apps: Vec<Value> = names("apps").map(|slug| json!({"slug": slug})).collect();
    json!({"users": users, "teams": teams, "apps": apps})
}
