//! Branch protection, from what `PUT .../protection` was told.

use serde_json::{Value, json};

use super::{Got, Thing};
use crate::fakes::github::graphql::run::{Connection, Edge};
use crate::fakes::github::rest::render::node_id;
use crate::fakes::github::world::{Repo, World};

pub(super) fn field<'a>(
    world: &'a World,
    repo: &'a Repo,
    (branch, rule): (&str, &'a Value),
    name: &str,
) -> Got<'a> {
    let reviews = &rule["required_pull_request_reviews"];
    let checks = &rule["required_status_checks"];
    let on = |value: &Value| json!(*value == json!(true));
    let of_reviews = |name: &str| on(&reviews[name]);
    Got::Value(match name {
        "id" => json!(format!("BPR_{}_{branch}", node_id("R", repo.id))),
        "databaseId" => json!(repo.id),
        "pattern" => json!(branch),
        "repository" => return Got::Thing(Thing::Repo(repo)),
        "allowsDeletions" => on(&rule["allow_deletions"]),
        "allowsForcePushes" => on(&rule["allow_force_pushes"]),
        "blocksCreations" => on(&rule["block_creations"]),
        "isAdminEnforced" => on(&rule["enforce_admins"]),
        "lockAllowsFetchAndMerge" => on(&rule["allow_fork_syncing"]),
        "lockBranch" => on(&rule["lock_branch"]),
        "requiresConversationResolution" => on(&rule["required_conversation_resolution"]),
        "requiresLinearHistory" => on(&rule["required_linear_history"]),
        "requiresApprovingReviews" => json!(reviews.is_object()),
        "dismissesStaleReviews" => of_reviews("dismiss_stale_reviews"),
        "requiresCodeOwnerReviews" => of_reviews("require_code_owner_reviews"),
        "requireLastPushApproval" => of_reviews("require_last_push_approval"),
        "requiredApprovingReviewCount" if reviews.is_object() => {
            let count = reviews.get("required_approving_review_count");
            count.cloned().unwrap_or(json!(1))
        }
        "requiredApprovingReviewCount" => Value::Null,
        "restrictsReviewDismissals" => json!(named(&reviews["dismissal_restrictions"])),
        "restrictsPushes" => json!(rule["restrictions"].is_object()),
        "requiresStatusChecks" => json!(checks.is_object()),
        "requiresStrictStatusChecks" => on(&checks["strict"]),
        "requiredStatusCheckContexts" => {
            contexts(checks).into_iter().map(|(name, _)| name).collect()
        }
        "requiredStatusChecks" => {
            let all = contexts(checks).into_iter();
            return Got::List(all.map(|(name, app)| Thing::Check(name, app)).collect());
        }
        "pushAllowances" => return actors(world, repo, &rule["restrictions"], "PA"),
        "reviewDismissalAllowances" => {
            return actors(world, repo, &reviews["dismissal_restrictions"], "RDA");
        }
        // Signatures and deployments are set elsewhere.
        _ => json!(false),
    })
}

fn named(who: &Value) -> bool {
    who.as_object().is_some_and(|who| !who.is_empty())
}

/// What has to succeed, and the app that has to say so.
fn contexts(checks: &Value) -> Vec<(String, Option<i64>)> {
    let listed = |key: &str| checks[key].as_array().into_iter().flatten();
    let mut all: Vec<(String, Option<i64>)> = listed("contexts")
        .filter_map(Value::as_str)
        .map(|name| (name.to_owned(), None))
        .collect();
    for check in listed("checks") {
        let name = check["context"].as_str().unwrap_or_default();
        all.retain(|(known, _)| known != name);
        let app = check["app_id"].as_i64().filter(|app| *app >= 0);
        all.push((name.to_owned(), app));
    }
    all
}

fn actors<'a>(world: &'a World, repo: &'a Repo, who: &'a Value, prefix: &str) -> Got<'a> {
    let names = |key: &str| {
        let all = who[key].as_array().into_iter().flatten();
        all.filter_map(Value::as_str)
    };
    let org = world.orgs.get(&repo.owner);
    let users = names("users").filter_map(|login| world.account(login).map(Thing::User));
    let teams = names("teams").filter_map(|slug| Some(Thing::Team(org?, org?.team(slug)?)));
    let apps = names("apps").map(|slug| Thing::App(0, slug.to_owned()));
    let all = users.chain(teams).chain(apps).zip(1..);
    let edges = all.map(|(actor, at)| Edge {
        id: at,
        node: Thing::Allowance(node_id(prefix, at), Box::new(actor)),
        more: Vec::new(),
    });
    Got::Connection(Connection {
        edges: edges.collect(),
    })
}
