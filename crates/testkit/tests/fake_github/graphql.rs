//! The GraphQL interface.

use serde_json::json;
use testkit::fakes::github::{Role, TeamRole};

use crate::client::{acme, ask, assert_clean, query};

#[test]
fn graphql_names_what_does_not_fit_the_schema() {
    let github = acme();
    for (text, wanted) in [
        (
            "{ viewer { logn } }",
            "Field 'logn' doesn't exist on type 'User'",
        ),
        ("{ viewer }", "Field must have selections"),
        (
            "{ viewer { login { x } } }",
            "Selections can't be made on scalars",
        ),
        (
            "{ organization { login } }",
            "missing required arguments: login",
        ),
        (
            "{ organization(login: 1) { login } }",
            "has an invalid value: 1",
        ),
        (
            "{ organization(name: \"a\", login: \"acme\") { login } }",
            "doesn't accept argument",
        ),
        (
            "{ organization(login: \"acme\") { teams { totalCount } } }",
            "You must provide a `first` or `last` value",
        ),
        (
            "{ organization(login: \"acme\") { teams(first: 101) { totalCount } } }",
            "exceeds the `first` limit of 100 records",
        ),
        (
            "{ organization(login: \"acme\") { teams(first: 1, privacy: \"SECRET\") { totalCount } } }",
            "has an invalid value",
        ),
        (
            "query($x: Int) { viewer { login } }",
            "$x is declared by the operation but not used",
        ),
        (
            "query($x: String) { organization(login: $x) { id } }",
            "Type mismatch",
        ),
        (
            "{ viewer { ...F } }",
            "Fragment F was used, but not defined",
        ),
        ("{ viewer { ... on Team { id } } }", "can't be spread"),
        ("mutation { viewer { id } }", "not configured for mutations"),
        ("{ viewer { x: login x: id } }", "conflict"),
        (
            "{ organization(login: \"acme\") { teams(first: 100) { nodes { members(first: 100) \
             { nodes { id } } repositories(first: 100) { nodes { collaborators(first: 100) \
             { totalCount } } } } } } }",
            "exceeds the maximum limit of 500000",
        ),
    ] {
        let before = github.violations().len();
        let answer = query(&github, text, json!({}));
        assert!(answer.get("data").is_none(), "{text}: {answer}");
        let said = answer["errors"].to_string();
        assert!(said.contains(wanted), "{text}: {said}");
        assert!(github.violations().len() > before, "{text}");
    }
}

#[test]
fn graphql_answers_exactly_what_was_selected() {
    let github = acme();
    github.with(|world| world.invite("acme", "dave", Role::Owner));
    let text = "query($org: String!, $n: Int = 1, $after: String) {
        rateLimit { cost nodeCount remaining }
        it: organization(login: $org) {
          __typename databaseId
          membersWithRole(first: 100) { edges { role node { ...who } } }
          pendingMembers(first: 10) { nodes { login } }
          teams(first: $n, after: $after) {
            totalCount pageInfo { hasNextPage endCursor }
            nodes {
              slug parentTeam { slug } childTeams(first: 5) { nodes { slug } }
              own: members(first: 9, membership: IMMEDIATE) { edges { role node { login } } }
              all: members(first: 9) { nodes { login } }
              repositories(first: 9) { edges { permission node { nameWithOwner } } }
            }
          }
        }
      }
      fragment who on User { login id }";
    let answer = query(&github, text, json!({"org": "ACME"}));
    assert_clean(&github);
    let org = &answer["data"]["it"];
    assert_eq!(org["__typename"], "Organization");
    let members = org["membersWithRole"]["edges"].as_array().unwrap();
    assert_eq!(members.len(), 3);
    assert_eq!(members[1]["role"], "MEMBER");
    assert_eq!(members[1]["node"]["login"], "Alice");
    assert_eq!(org["pendingMembers"], json!({"nodes": [{"login": "dave"}]}));
    assert_eq!(org["teams"]["totalCount"], 2);
    assert_eq!(
        org["teams"]["nodes"][0],
        json!({
            "slug": "engineering", "parentTeam": null,
            "childTeams": {"nodes": [{"slug": "k-storage"}]},
            // An owner is a maintainer whatever was said.
            "own": {"edges": [{"role": "MAINTAINER", "node": {"login": "bob"}}]},
            "all": {"nodes": [{"login": "Alice"}, {"login": "bob"}]},
            "repositories": {"edges":
                [{"permission": "TRIAGE", "node": {"nameWithOwner": "Acme/Site"}}]},
        })
    );
    let page = &org["teams"]["pageInfo"];
    assert_eq!(page["hasNextPage"], true);
    let next = json!({"org": "acme", "after": page["endCursor"]});
    let answer = query(&github, text, next);
    let team = &answer["data"]["it"]["teams"]["nodes"][0];
    assert_eq!(team["parentTeam"]["slug"], "engineering");
    assert_eq!(team["repositories"]["edges"][0]["permission"], "TRIAGE");
    assert_eq!(
        answer["data"]["it"]["teams"]["pageInfo"]["hasNextPage"],
        false
    );
    let missing = query(
        &github,
        "{ organization(login: \"nope\") { id } }",
        json!({}),
    );
    assert_eq!(missing["data"], json!({"organization": null}));
    assert_eq!(missing["errors"][0]["type"], "NOT_FOUND");
    assert_clean(&github);
}

#[test]
fn every_field_of_the_schema_answers_what_the_schema_says() {
    let github = acme();
    let protection = json!({
        "required_status_checks": {"strict": true, "contexts": ["test"]},
        "enforce_admins": null, "required_pull_request_reviews": {},
        "restrictions": {"users": ["alice"], "teams": ["engineering"]},
    });
    let path = "/repos/acme/site/branches/main/protection";
    assert_eq!(ask(&github, "PUT", path, protection).status, 200);
    github.with(|world| {
        world.invite("acme", "dave", Role::Member);
        let team = world.team("acme", "engineering").unwrap().id;
        let dave = world.account_id("dave");
        let org = world.org_mut("acme");
        let one = org
            .invitations
            .values_mut()
            .find(|one| one.account == Some(dave));
        one.unwrap().teams.insert(team, TeamRole::Member);
    });
    let text = include_str!("../../vendor/github-every-field.graphql");
    let answer = query(&github, text, json!({"org": "acme"}));
    assert_clean(&github);
    assert!(answer.get("errors").is_none(), "{}", answer["errors"]);
    let rule = &answer["data"]["repository"]["branchProtectionRules"]["nodes"][0];
    assert_eq!(rule["requiredStatusCheckContexts"], json!(["test"]));
    assert_eq!(rule["pushAllowances"]["nodes"].as_array().unwrap().len(), 2);
    let carol = &answer["data"]["repository"]["collaborators"]["edges"][3];
    assert_eq!(
        carol["permissionSources"][0]["source"]["__typename"],
        "Repository"
    );
}
