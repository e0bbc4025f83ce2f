//! All operations once: each is served, and answers what the description says.

use std::collections::BTreeSet;

use testkit::fakes::github::GitHub;

use crate::client::{acme, ask, assert_clean};

/// A walk over all operations: the status that is answered, the method, the path and the body.
const WALK: &str = r#"
200 GET /user
200 GET /user/101
200 GET /users/alice
200 GET /rate_limit
200 GET /orgs/acme
200 PATCH /orgs/acme {"description": "All of it", "name": "Acme"}
200 GET /orgs/acme/members?role=admin
200 GET /orgs/acme/outside_collaborators
200 GET /orgs/acme/memberships/alice
200 PUT /orgs/acme/memberships/alice {"role": "admin"}
201 POST /orgs/acme/invitations {"email": "eve@example.org"}
201 POST /orgs/acme/invitations {"invitee_id": 104, "team_ids": []}
200 GET /orgs/acme/invitations?role=direct_member
200 GET /orgs/acme/invitations/{invitation}/teams
204 DELETE /orgs/acme/invitations/{invitation}
200 GET /orgs/acme/failed_invitations
204 DELETE /orgs/acme/memberships/dave
200 GET /orgs/acme/teams
201 POST /orgs/acme/teams {"name": "new", "privacy": "closed", "repo_names": ["acme/site"]}
200 GET /orgs/acme/teams/new
200 PATCH /orgs/acme/teams/new {"parent_team_slug": "engineering"}
204 DELETE /orgs/acme/teams/new
200 GET /orgs/acme/teams/engineering/members
200 GET /orgs/acme/teams/engineering/invitations
200 GET /orgs/acme/teams/engineering/teams
200 GET /orgs/acme/teams/engineering/repos
200 PUT /orgs/acme/teams/engineering/memberships/alice {"role": "maintainer"}
200 GET /orgs/acme/teams/engineering/memberships/alice
204 DELETE /orgs/acme/teams/engineering/memberships/alice
204 PUT /orgs/acme/teams/engineering/repos/acme/site {"permission": "maintain"}
204 GET /orgs/acme/teams/engineering/repos/acme/site
204 DELETE /orgs/acme/teams/engineering/repos/acme/site
200 GET /orgs/acme/repos?type=sources
201 POST /orgs/acme/repos {"name": "fresh", "auto_init": true}
200 GET /repos/acme/site
200 PATCH /repos/acme/site {"homepage": "https://acme.example"}
200 GET /repos/acme/site/teams
202 POST /repos/acme/site/forks {"organization": "other"}
200 GET /repos/acme/site/collaborators
201 PUT /repos/acme/site/collaborators/dave
204 GET /repos/acme/site/collaborators/carol
204 DELETE /repos/acme/site/collaborators/carol
200 GET /repos/acme/site/invitations
200 PATCH /repos/acme/site/invitations/{repo-invitation} {"permissions": "read"}
204 DELETE /repos/acme/site/invitations/{repo-invitation}
404 GET /repos/acme/site/branches/main/protection
200 PUT /repos/acme/site/branches/main/protection {protection}
200 GET /repos/acme/site/branches/main/protection
204 DELETE /repos/acme/site/branches/main/protection
200 GET /orgs/acme/installations
200 GET /user/installations
200 GET /user/installations/{app}/repositories
204 PUT /user/installations/{app}/repositories/{tools}
204 DELETE /user/installations/{app}/repositories/{tools}
404 DELETE /user/installations/{app}/repositories/1
"#;

const PROTECTION: &str = r#"{
    "required_status_checks": {"strict": true, "contexts": ["test"],
        "checks": [{"context": "lint", "app_id": 7}]},
    "enforce_admins": true,
    "required_pull_request_reviews": {"dismissal_restrictions": {"teams": ["k-storage"]},
        "required_approving_review_count": 2},
    "restrictions": {"users": ["alice"], "teams": ["engineering"], "apps": []}
}"#;

/// The operation of the description that a path is of.
fn operation(method: &str, path: &str) -> Option<(String, String)> {
    let path = path.split('?').next()?;
    let parts: Vec<&str> = path.split('/').collect();
    let fits = |template: &str| {
        let template: Vec<&str> = template.split('/').collect();
        let mut both = template.iter().zip(&parts);
        template.len() == parts.len()
            && both.all(|(one, given)| one.starts_with('{') || one == given)
    };
    let all = GitHub::operations().into_iter();
    all.filter(|(one, template)| one == method && fits(template))
        .min_by_key(|(_, template)| template.matches('{').count())
}

#[test]
fn every_operation_answers_what_the_description_says() {
    let github = acme();
    let (app, tools) = github.with(|world| {
        world.add_org("other");
        let app = world.add_installation("acme", "builder", Some(&["site"]));
        (app, world.repo("acme/tools").unwrap().id)
    });
    let mut walked = BTreeSet::new();
    for line in WALK.lines().filter(|line| !line.is_empty()) {
        let (invitation, to_repo) = github.with(|world| {
            let org = world.org("acme").unwrap().invitations.keys().next();
            let repo = world.repo("acme/site").unwrap().invitations.keys().next();
            let number = |id: Option<&u64>| id.copied().unwrap_or_default().to_string();
            (number(org), number(repo))
        });
        let line = line
            .replace("{protection}", PROTECTION)
            .replace("{invitation}", &invitation)
            .replace("{repo-invitation}", &to_repo)
            .replace("{app}", &app.to_string())
            .replace("{tools}", &tools.to_string());
        let mut words = line.splitn(4, ' ');
        let mut word = || words.next().unwrap_or_default();
        let (status, method, path, body) = (word(), word(), word(), word());
        let body = serde_json::from_str(body).unwrap_or_default();
        let got = ask(&github, method, path, body);
        assert_eq!(
            got.status.to_string(),
            status,
            "{method} {path}: {}",
            got.body
        );
        walked.extend(operation(method, path));
    }
    assert_clean(&github);
    let all: BTreeSet<_> = GitHub::operations().into_iter().collect();
    let missing: Vec<_> = all.difference(&walked).collect();
    assert!(missing.is_empty(), "not walked: {missing:?}");
}
