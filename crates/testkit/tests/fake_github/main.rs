//! That the made-up GitHub is as strict as the real one, and does what is documented of it.

mod client;
mod graphql;
mod walk;

use std::collections::BTreeSet;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use testkit::fakes::faults::{Fault, Misfortune};
use testkit::fakes::github::{GitHub, Permission, Role};

use client::{acme, ask, assert_clean, assert_one_violation, get, query, send};

#[test]
fn a_misspelled_member_of_a_body_is_a_violation_though_github_passes_it_over() {
    let github = acme();
    let got = ask(&github, "PATCH", "/orgs/acme", json!({"descripton": "x"}));
    assert_eq!(got.status, 200);
    assert_one_violation(
        &github,
        "PATCH /orgs/acme: body/descripton: is not described",
    );
}

#[test]
fn a_value_of_the_wrong_type_is_refused_and_changes_nothing() {
    let github = acme();
    let before = github.snapshot();
    let got = ask(&github, "PATCH", "/orgs/acme", json!({"description": 1}));
    assert_eq!(got.status, 422);
    let wrong = json!({"role": "owner"});
    let got = ask(&github, "PUT", "/orgs/acme/memberships/dave", wrong);
    assert_eq!(got.status, 422);
    assert_eq!(github.violations().len(), 2);
    assert_eq!(github.snapshot(), before);
}

#[test]
fn unknown_paths_methods_and_parameters_are_violations() {
    let github = acme();
    assert_eq!(get(&github, "/orgs/acme/member").status, 404);
    let got = ask(&github, "POST", "/orgs/acme/members", Value::Null);
    assert_eq!(got.status, 404);
    assert_eq!(get(&github, "/orgs/acme/members?rol=admin").status, 200);
    assert_eq!(get(&github, "/orgs/acme/members?role=owner").status, 422);
    assert_eq!(get(&github, "/orgs/acme/members?per_page=200").status, 200);
    let kinds = [
        "no such path",
        "no such method",
        "rol: is",
        "owner",
        "per_page",
    ];
    let violations = github.violations();
    assert_eq!(violations.len(), kinds.len(), "{violations:?}");
    for (violation, kind) in violations.iter().zip(kinds) {
        assert!(violation.contains(kind), "{violation}");
    }
}

#[test]
fn who_does_not_say_who_he_is_gets_nothing() {
    let github = acme();
    let got = send(&github, "GET", "/orgs/acme", "", "").unwrap();
    assert_eq!(got.status, 401);
    assert_one_violation(&github, "authorization: is missing");
    let wrong = "authorization: Bearer nobody\r\n";
    let got = send(&github, "GET", "/orgs/acme", wrong, "").unwrap();
    assert_eq!(
        (got.status, &got.body["message"]),
        (401, &json!("Bad credentials"))
    );
}

#[test]
fn lists_come_in_pages_with_links_to_the_others() {
    let github = acme();
    github.with(|world| {
        for id in 1_000..1_250 {
            world.add_account(&format!("person-{id}"), id);
            world.add_member("acme", &format!("person-{id}"), Role::Member);
        }
    });
    let mut path = "/orgs/acme/members?per_page=100".to_owned();
    let mut seen = BTreeSet::new();
    let mut sizes = Vec::new();
    loop {
        let got = get(&github, &path);
        let page = got.body.as_array().unwrap();
        sizes.push(page.len());
        seen.extend(page.iter().map(|one| one["login"].to_string()));
        let link = got.header("link").unwrap_or_default().to_owned();
        let next = link.split(", ").find(|one| one.contains("rel=\"next\""));
        let Some(next) = next else { break };
        let url = next.trim_start_matches('<').split('>').next().unwrap();
        path = url.trim_start_matches(&github.url()).to_owned();
    }
    assert_eq!((sizes, seen.len()), (vec![100, 100, 53], 253));
    assert_eq!(
        get(&github, "/orgs/acme/members")
            .body
            .as_array()
            .unwrap()
            .len(),
        30
    );
    assert_clean(&github);
}

#[test]
fn who_is_not_a_member_is_invited_once_and_joins_by_saying_yes() {
    let github = acme();
    let put = |role: &str| {
        let body = json!({"role": role});
        ask(&github, "PUT", "/orgs/acme/memberships/dave", body)
    };
    assert_eq!(put("member").body["state"], "pending");
    assert_eq!(put("admin").body["role"], "admin");
    let list = get(&github, "/orgs/acme/invitations").body;
    assert_eq!(list.as_array().unwrap().len(), 1);
    let again = json!({"invitee_id": 104});
    let got = ask(&github, "POST", "/orgs/acme/invitations", again);
    assert_eq!(got.status, 422);
    let got = ask(
        &github,
        "PUT",
        "/orgs/acme/teams/k-storage/memberships/dave",
        json!({"role": "member"}),
    );
    assert_eq!(got.body["state"], "pending");
    let id = list[0]["id"].as_u64().unwrap();
    let teams = get(&github, &format!("/orgs/acme/invitations/{id}/teams")).body;
    assert_eq!(teams[0]["slug"], "k-storage");
    github.with(|world| world.accept_invitation("acme", "dave"));
    let got = get(&github, "/orgs/acme/teams/k-storage/memberships/dave").body;
    assert_eq!(
        (&got["state"], &got["role"]),
        (&json!("active"), &json!("maintainer"))
    );
    assert_clean(&github);
}

#[test]
fn an_invitation_of_seven_days_has_failed() {
    let github = acme();
    github.with(|world| world.invite("acme", "dave", Role::Member));
    github.with(|world| world.advance(Duration::from_secs(7 * 24 * 3_600)));
    assert_eq!(get(&github, "/orgs/acme/invitations").body, json!([]));
    let failed = get(&github, "/orgs/acme/failed_invitations").body;
    assert_eq!(failed[0]["login"], "dave");
    let got = ask(&github, "PUT", "/orgs/acme/memberships/dave", json!({}));
    assert_eq!(got.body["state"], "pending");
    assert_clean(&github);
}

#[test]
fn who_leaves_the_organisation_leaves_its_teams_and_repositories() {
    let github = acme();
    github.with(|world| world.add_collaborator("acme/tools", "alice", Permission::Admin));
    let got = ask(
        &github,
        "DELETE",
        "/orgs/acme/memberships/alice",
        Value::Null,
    );
    assert_eq!(got.status, 204);
    let left = github.snapshot().0;
    assert!(!left.keys().any(|path| path.contains("Alice")), "{left:?}");
    let got = ask(
        &github,
        "DELETE",
        "/orgs/acme/memberships/alice",
        Value::Null,
    );
    assert_eq!(got.status, 404);
    assert_clean(&github);
}

#[test]
fn teams_are_named_nested_and_deleted_as_documented() {
    let github = acme();
    let new = |body: Value| ask(&github, "POST", "/orgs/acme/teams", body);
    let got = new(json!({"name": "k/Net.Work", "privacy": "closed"}));
    assert_eq!((got.status, &got.body["slug"]), (201, &json!("k-net-work")));
    assert_eq!(new(json!({"name": "K.net work"})).status, 422);
    assert_eq!(new(json!({"name": "quiet"})).body["privacy"], "secret");
    let quiet = github.with(|world| world.team("acme", "quiet").unwrap().id);
    let below = new(json!({"name": "below", "parent_team_id": quiet}));
    assert_eq!(below.status, 422, "{}", below.body);
    let hide = json!({"privacy": "secret"});
    let got = ask(&github, "PATCH", "/orgs/acme/teams/engineering", hide);
    assert_eq!(got.status, 422);
    let rename = json!({"name": "Builders"});
    let got = ask(&github, "PATCH", "/orgs/acme/teams/engineering", rename);
    assert_eq!(got.body["slug"], "builders");
    assert_eq!(get(&github, "/orgs/acme/teams/engineering").status, 404);
    // The maker is its maintainer.
    let bot = get(&github, "/orgs/acme/teams/quiet/members?role=maintainer").body;
    assert_eq!(bot[0]["login"], GitHub::BOT);
    let got = ask(&github, "DELETE", "/orgs/acme/teams/builders", Value::Null);
    assert_eq!(got.status, 204);
    assert_eq!(get(&github, "/orgs/acme/teams/k-storage").status, 404);
    assert_clean(&github);
}

#[test]
fn children_inherit_what_their_parents_may_do() {
    let github = acme();
    let repos = get(&github, "/orgs/acme/teams/k-storage/repos").body;
    assert_eq!(repos[0]["role_name"], "triage");
    let got = get(&github, "/orgs/acme/teams/k-storage/repos/acme/SITE");
    assert_eq!(got.status, 204);
    let teams = get(&github, "/repos/acme/site/teams").body;
    assert_eq!(teams.as_array().unwrap().len(), 2);
    let path = "/orgs/acme/teams/k-storage/repos/acme/site";
    let got = ask(&github, "PUT", path, json!({"permission": "write"}));
    assert_eq!(got.status, 422);
    let got = ask(&github, "PUT", path, json!({"permission": "push"}));
    assert_eq!(got.status, 204);
    let repos = get(&github, "/orgs/acme/teams/k-storage/repos").body;
    assert_eq!(repos[0]["permissions"]["push"], true);
    assert_clean(&github);
}

#[test]
fn collaborators_are_given_directly_or_invited() {
    let github = acme();
    let logins = |affiliation: &str| -> Vec<String> {
        let path = format!("/repos/acme/site/collaborators?affiliation={affiliation}");
        let body = get(&github, &path).body;
        let all = body.as_array().unwrap().iter();
        all.map(|one| {
            format!(
                "{} {}",
                one["login"].as_str().unwrap(),
                one["role_name"].as_str().unwrap()
            )
        })
        .collect()
    };
    let everybody = [
        "commonhold-bot admin",
        "Alice triage",
        "bob admin",
        "carol write",
    ];
    assert_eq!(logins("all"), everybody);
    assert_eq!(logins("direct"), ["carol write"]);
    let put = |login: &str| {
        let path = format!("/repos/acme/site/collaborators/{login}");
        ask(&github, "PUT", &path, json!({"permission": "maintain"}))
    };
    assert_eq!(put("alice").status, 204);
    let invited = put("dave");
    assert_eq!(
        (invited.status, &invited.body["permissions"]),
        (201, &json!("maintain"))
    );
    assert_eq!(put("dave").body["id"], invited.body["id"]);
    assert_eq!(put("nobody").status, 404);
    assert_eq!(logins("outside"), ["carol write"]);
    assert_eq!(logins("direct"), ["Alice maintain", "carol write"]);
    github.with(|world| world.accept_repo_invitation("acme/site", "dave"));
    assert_eq!(logins("outside"), ["carol write", "dave maintain"]);
    assert_clean(&github);
}

#[test]
fn repositories_are_renamed_archived_and_found_under_their_old_names() {
    let github = acme();
    let patch = |path: &str, body: Value| ask(&github, "PATCH", path, body);
    let got = patch("/repos/acme/site", json!({"name": "www"}));
    assert_eq!(got.body["full_name"], "Acme/www");
    let moved = get(&github, "/repos/acme/site");
    assert_eq!(moved.status, 301);
    assert!(
        moved
            .header("location")
            .unwrap()
            .ends_with("/repos/Acme/www")
    );
    let branch = patch("/repos/acme/www", json!({"default_branch": "trunk"}));
    assert_eq!(branch.status, 422);
    assert_eq!(
        patch("/repos/acme/www", json!({"archived": true})).status,
        200
    );
    assert_eq!(
        patch("/repos/acme/www", json!({"has_wiki": false})).status,
        403
    );
    let put = json!({"permission": "pull"});
    let got = ask(&github, "PUT", "/repos/acme/www/collaborators/alice", put);
    assert_eq!(got.status, 403);
    assert_eq!(
        patch("/repos/acme/www", json!({"archived": false})).status,
        200
    );
    let taken = ask(&github, "POST", "/orgs/acme/repos", json!({"name": "WWW"}));
    assert_eq!(taken.status, 422);
    assert_clean(&github);
}

#[test]
fn what_was_not_changed_is_not_sent_again_and_does_not_count() {
    let github = acme();
    let first = get(&github, "/orgs/acme/teams");
    let tag = first.header("etag").unwrap();
    let spent = github.spent().0;
    let headers = format!(
        "authorization: token {}\r\nif-none-match: {tag}\r\n",
        github.token()
    );
    let again = send(&github, "GET", "/orgs/acme/teams", &headers, "").unwrap();
    assert_eq!((again.status, again.bytes), (304, 0));
    assert_eq!(github.spent().0, spent);
    github.with(|world| {
        world.add_team("acme", "new");
    });
    let again = send(&github, "GET", "/orgs/acme/teams", &headers, "").unwrap();
    assert_eq!(again.status, 200);
    assert_clean(&github);
}

#[test]
fn who_asks_too_much_is_told_when_to_come_again() {
    let github = acme();
    github.set_rest_limit(2, Duration::from_secs(60));
    assert_eq!(
        get(&github, "/user").header("x-ratelimit-remaining"),
        Some("1")
    );
    get(&github, "/user");
    let refused = get(&github, "/user");
    assert_eq!(refused.status, 403);
    assert_eq!(refused.header("x-ratelimit-remaining"), Some("0"));
    let reset: i64 = refused
        .header("x-ratelimit-reset")
        .unwrap()
        .parse()
        .unwrap();
    assert!(reset > jiff::Timestamp::now().as_second());
    assert_eq!(get(&github, "/rate_limit").body["rate"]["remaining"], 0);
    // The other budget is its own.
    let answer = query(&github, "{ viewer { login } }", json!({}));
    assert_eq!(answer["data"]["viewer"]["login"], GitHub::BOT);
    github.set_graphql_limit(0, Duration::from_secs(60));
    let answer = query(&github, "{ viewer { login } }", json!({}));
    assert_eq!(answer["errors"][0]["type"], "RATE_LIMITED");
}

#[test]
fn planned_faults_happen_when_they_were_planned() {
    let github = acme();
    let path = "/orgs/acme/memberships/dave";
    let put = || {
        let headers = format!(
            "authorization: Bearer {}\r\ncontent-type: application/json\r\n",
            github.token()
        );
        send(&github, "PUT", path, &headers, "{\"role\":\"member\"}")
    };
    let before = github.snapshot();
    github
        .faults()
        .add(Fault::at("PUT", path, Misfortune::TimeoutBefore));
    assert!(put().is_none());
    assert_eq!(github.snapshot(), before);
    github
        .faults()
        .add(Fault::at("PUT", path, Misfortune::TimeoutAfter));
    assert!(put().is_none());
    let differences = before.differences(&github.snapshot());
    assert!(differences.len() == 1 && differences[0].starts_with("Acme/invitations/dave"));
    github.faults().add(Fault::nth(1, Misfortune::Status(502)));
    assert_eq!(put().unwrap().status, 502);
    let retry_after = Duration::from_secs(7);
    github
        .faults()
        .add(Fault::nth(1, Misfortune::SecondaryLimit { retry_after }));
    assert_eq!(put().unwrap().header("retry-after"), Some("7"));
    github
        .faults()
        .add(Fault::nth(1, Misfortune::RateLimit { retry_after }));
    assert_eq!(put().unwrap().header("x-ratelimit-remaining"), Some("0"));
    github
        .faults()
        .add(Fault::nth(1, Misfortune::TruncatedBody));
    let half = put().unwrap();
    assert!(half.bytes < half.length.unwrap() && half.body.is_null());
    assert_eq!(github.faults().left(), 0);
    let statuses: Vec<_> = github.requests().iter().map(|seen| seen.status).collect();
    let wanted = [None, None, Some(502), Some(403), Some(403), Some(200)];
    assert_eq!(statuses, wanted);
    assert_clean(&github);
}

#[test]
fn a_page_may_point_at_itself() {
    let github = acme();
    let fault = || Fault::nth(1, Misfortune::RepeatedPageToken);
    github.faults().add(fault());
    let got = get(&github, "/orgs/acme/members?per_page=1&page=2");
    assert!(
        got.header("link")
            .unwrap()
            .contains("&page=2>; rel=\"next\"")
    );
    let text = "query($after: String) { organization(login: \"acme\") { teams(first: 1, \
                after: $after) { pageInfo { endCursor hasNextPage } nodes { slug } } } }";
    github.faults().add(fault());
    let first = query(&github, text, json!({}));
    let cursor = &first["data"]["organization"]["teams"]["pageInfo"]["endCursor"];
    let again = query(&github, text, json!({"after": cursor}));
    let slug = |answer: &Value| answer["data"]["organization"]["teams"]["nodes"].clone();
    assert_eq!(slug(&first), slug(&again));
    assert_clean(&github);
}

#[test]
fn latency_does_not_add_up_for_those_who_ask_side_by_side() {
    let github = acme();
    github.set_latency(Duration::from_millis(200));
    let started = Instant::now();
    thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| assert_eq!(get(&github, "/orgs/acme").status, 200));
        }
    });
    let took = started.elapsed();
    assert!(took >= Duration::from_millis(200), "{took:?}");
    assert!(took < Duration::from_secs(1), "{took:?}");
}

#[test]
fn accounts_are_known_by_number_when_their_logins_change() {
    let github = acme();
    github.with(|world| world.rename_account("alice", "alicia"));
    assert_eq!(get(&github, "/user/101").body["login"], "alicia");
    assert_eq!(get(&github, "/users/alice").status, 404);
    github.with(|world| world.delete_account("alicia"));
    assert_eq!(get(&github, "/user/101").status, 404);
    let put = json!({"role": "member"});
    let got = ask(&github, "PUT", "/orgs/acme/memberships/alicia", put);
    assert_eq!(got.status, 404);
    github.with(|world| world.block("acme", "dave"));
    let got = ask(&github, "PUT", "/orgs/acme/memberships/dave", json!({}));
    assert_eq!(got.status, 403);
    assert_clean(&github);
}

#[test]
fn the_last_owner_stays_and_what_a_former_owner_sent_is_withdrawn() {
    let github = acme();
    github.with(|world| {
        let bob = world.account_id("bob");
        let id = world.invite("acme", "dave", Role::Member);
        let org = world.org_mut("acme");
        org.invitations.get_mut(&id).unwrap().inviter = bob;
    });
    let demote = json!({"role": "member"});
    let got = ask(&github, "PUT", "/orgs/acme/memberships/bob", demote.clone());
    assert_eq!(got.status, 200);
    assert_eq!(get(&github, "/orgs/acme/invitations").body, json!([]));
    let own = format!("/orgs/acme/memberships/{}", GitHub::BOT);
    assert_eq!(ask(&github, "PUT", &own, demote).status, 403);
    assert_clean(&github);
}
