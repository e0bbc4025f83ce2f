//! What is changed, and what is refused.

use std::collections::BTreeMap;
use std::time::Duration;

use access::providers::github::{GitHub, Renames};
use access::{ReadError, State, Step, System as _};
use change::WriteFailure;
use http_client::Hidden;
use proptest::prelude::*;
use serde_json::{Value, json};
use testkit::fakes::faults::{Fault, Misfortune};
use testkit::fakes::github::{Permission, Role};
use testkit::fakes::serving::Request;

use crate::github::lab::*;

fn refusal(outcome: Result<(), WriteFailure>) -> String {
    match outcome {
        Err(WriteFailure::Refused(what)) => what,
        other => panic!("it was not refused: {other:?}"),
    }
}

#[test]
fn an_organisation_is_made_from_nothing_and_is_then_as_wanted() {
    let lab = Lab::new();
    lab.fake.with(|world| {
        world.add_repo(ORG, "old");
        world.add_installation(ORG, "ci-bot", Some(&["old"]));
    });
    let mut all = furnished();
    all.insert(app("ci-bot", "old"), json!({}));
    all.insert(
        settings(),
        json!({"name": "Acme", "description": "", "company": "A Co",
        "email": "a@example.org", "location": "", "billing_email": "b@example.org",
        "has_organization_projects": false, "has_repository_projects": false,
        "default_repository_permission": "none", "members_can_create_repositories": false}),
    );
    all.insert(member("carol"), role("member"));
    all.insert(member("dave"), role("admin"));
    all.insert(team_member("core", "carol"), role("member"));
    all.insert(
        repository("app"),
        json!({"name": "app", "description": "It", "homepage": "https://a.example",
        "visibility": "private", "has_issues": false, "has_projects": false, "has_wiki": false,
        "allow_squash_merge": true, "allow_merge_commit": false, "allow_rebase_merge": false,
        "squash_merge_commit_title": "PR_TITLE", "squash_merge_commit_message": "BLANK",
        "default_branch": "main", "archived": false,
        "create": {"on_create": {"auto_init": true, "license_template": "apache-2.0"}}}),
    );
    // Who is not in the organisation is invited to a repository, and this is a member.
    all.entries.remove(&collaborator("app", "carol"));
    all.insert(collaborator("app", "bob"), may("maintain"));
    all.insert(collaborator("app", "erin"), may("read"));
    all.insert(
        branch("app", "main"),
        json!({"required_approvals": 2, "dismiss_stale_approvals": true,
        "required_checks": ["build", "lint"], "binds_admins": true, "allow_force_pushes": false,
        "allow_deletions": false, "restricts_pushes": true, "push_teams": ["core"],
        "push_people": ["alice"]}),
    );
    lab.bring(&all);
    // And from there back to very little.
    let mut less = all.clone();
    less.entries
        .retain(|key, _| !key.to_string().contains("core") && key != &member("bob"));
    less.entries.remove(&app("ci-bot", "app"));
    less.entries.remove(&collaborator("app", "bob"));
    less.insert(
        branch("app", "main"),
        json!({"required_approvals": 0, "dismiss_stale_approvals": false,
        "required_checks": [], "binds_admins": false, "allow_force_pushes": true,
        "allow_deletions": true, "restricts_pushes": false, "push_teams": [],
        "push_people": []}),
    );
    lab.bring(&less);
    less.entries.remove(&branch("app", "main"));
    lab.bring(&less);
}

#[test]
fn whoever_makes_a_team_is_not_in_it() {
    let lab = Lab::new();
    lab.create(&team("new"), team_value("New", "It", None))
        .unwrap();
    let members = lab
        .fake
        .with(|world| world.team(ORG, "new").unwrap().members.len());
    assert_eq!(members, 0);
    // Made twice is made once.
    lab.create(&team("new"), team_value("New", "It", None))
        .unwrap();
    let other = lab.create(&team("new"), team_value("New", "Another", None));
    assert!(refusal(other).contains("GitHub refuses"));
}

#[test]
fn a_team_is_renamed_and_moved_with_everything_in_it() {
    let mut lab = Lab::furnished();
    lab.renames
        .teams
        .insert("core/docs".to_owned(), "writers".to_owned());
    let mut all = furnished();
    all.entries
        .retain(|key, _| !key.to_string().contains("core/docs"));
    all.insert(team("writers"), team_value("Writers", "They write", None));
    all.insert(team_member("writers", "bob"), role("member"));
    all.insert(grant("writers", "site"), may("triage"));
    let id = lab
        .fake
        .with(|world| world.team(ORG, "core-docs").unwrap().id);
    lab.bring(&all);
    let team = lab
        .fake
        .with(|world| world.team(ORG, "writers").unwrap().clone());
    assert_eq!((team.id, team.parent, team.members.len()), (id, None, 1));
}

#[test]
fn a_repository_is_renamed_and_keeps_what_it_is() {
    let mut lab = Lab::furnished();
    lab.renames
        .repositories
        .insert("site".to_owned(), "pages".to_owned());
    let mut all = furnished();
    all.entries.remove(&repository("site"));
    all.entries.remove(&grant("core/docs", "site"));
    all.insert(repository("pages"), json!({"name": "pages"}));
    all.insert(collaborator("pages", "bob"), may("read"));
    let id = lab.fake.with(|world| world.repo("acme/site").unwrap().id);
    let hub = lab.hub();
    let reading = hub.read(&all).unwrap();
    for (key, before, after) in [
        (
            repository("pages"),
            Some(json!({"name": "Site"})),
            json!({"name": "pages"}),
        ),
        (collaborator("pages", "bob"), None, may("read")),
    ] {
        let step = Step {
            key: &key,
            before: before.as_ref(),
            after: Some(&after),
        };
        hub.write(&step, &reading.known).unwrap();
    }
    let pages = lab
        .fake
        .with(|world| world.repo("acme/pages").unwrap().clone());
    assert_eq!((pages.id, pages.collaborators.len()), (id, 1));
}

#[test]
fn no_repository_is_deleted() {
    let lab = Lab::furnished();
    let what = refusal(lab.delete(&repository("old")));
    assert!(what.contains("never deleted here; archive it"), "{what}");
}

#[test]
fn a_repository_is_archived_and_shown_only_if_that_is_allowed() {
    let mut lab = Lab::furnished();
    lab.fake
        .with(|world| world.repo_mut("acme/old").visibility = "private".to_owned());
    let key = repository("old");
    let change = |lab: &Lab, before: Value, after: Value| lab.step(&key, Some(before), Some(after));
    let archive = (
        json!({"archived": false, "description": ""}),
        json!({"archived": true, "description": "Done"}),
    );
    let publish = (
        json!({"visibility": "private"}),
        json!({"visibility": "public"}),
    );
    let what = refusal(change(&lab, archive.0.clone(), archive.1.clone()));
    assert!(what.contains("add `archive`"), "{what}");
    let what = refusal(change(&lab, publish.0.clone(), publish.1.clone()));
    assert!(what.contains("add `publish`"), "{what}");
    lab.declared = "allows: [archive, publish]\n".to_owned();
    change(&lab, publish.0, publish.1).unwrap();
    // With another change: GitHub takes none of what is archived.
    change(&lab, archive.0.clone(), archive.1.clone()).unwrap();
    change(&lab, archive.1, archive.0).unwrap();
    let old = lab
        .fake
        .with(|world| world.repo("acme/old").unwrap().clone());
    assert_eq!((old.archived, old.visibility.as_str()), (false, "public"));
}

#[test]
fn a_fork_is_made_and_set_up() {
    let lab = Lab::new();
    lab.fake.with(|world| {
        world.add_org("upstream").members.insert(10, Role::Owner);
        world.add_repo("upstream", "tool");
    });
    let key = repository("our-tool");
    let value = json!({"name": "our-tool", "description": "Ours", "has_issues": true,
        "create": {"fork_from": "upstream/tool", "default_branch_only": true}});
    lab.create(&key, value.clone()).unwrap();
    let mut plain = value.clone();
    plain.as_object_mut().unwrap().remove("create");
    assert_eq!(lab.seen(&key, value), Some(plain));
    let again = json!({"name": "second", "create": {"fork_from": "upstream/tool"}});
    let what = refusal(lab.create(&repository("second"), again));
    assert!(what.contains("called `our-tool`"), "{what}");
}

#[test]
fn a_repository_made_meanwhile_is_only_set_up() {
    let lab = Lab::furnished();
    let value = json!({"name": "APP", "description": "It", "has_wiki": false});
    lab.create(&repository("app"), value.clone()).unwrap();
    assert_eq!(lab.seen(&repository("app"), value.clone()), Some(value));
}

#[test]
fn a_rule_keeps_what_the_estate_does_not_say() {
    let lab = Lab::furnished();
    lab.fake.with(|world| {
        let rule = json!({"required_status_checks": {"strict": true, "contexts": ["old"]},
            "enforce_admins": false, "restrictions": null,
            "required_pull_request_reviews": {"require_code_owner_reviews": true,
                "required_approving_review_count": 1},
            "required_linear_history": true});
        world
            .repo_mut("acme/app")
            .protections
            .insert("main".to_owned(), rule);
    });
    let key = branch("app", "main");
    let wanted = json!({"required_approvals": 2, "required_checks": ["new"]});
    let before = json!({"required_approvals": 1, "required_checks": ["old"]});
    assert_eq!(lab.seen(&key, wanted.clone()), Some(before.clone()));
    lab.step(&key, Some(before), Some(wanted.clone())).unwrap();
    assert_eq!(lab.seen(&key, wanted.clone()), Some(wanted));
    let rule = lab
        .fake
        .with(|world| world.repo("acme/app").unwrap().protections["main"].clone());
    assert_eq!(rule["required_linear_history"], true);
    assert_eq!(rule["required_status_checks"]["strict"], true);
    assert_eq!(
        rule["required_pull_request_reviews"]["require_code_owner_reviews"],
        true
    );
}

#[test]
fn a_branch_whose_only_pusher_has_left_is_closed_and_not_open_to_all() {
    let lab = Lab::furnished();
    let key = branch("app", "main");
    let rule = |restricts: bool, people: &[&str]| {
        json!({"required_approvals": 0, "dismiss_stale_approvals": false, "required_checks": [],
            "binds_admins": true, "allow_force_pushes": false, "allow_deletions": false,
            "restricts_pushes": restricts, "push_teams": [], "push_people": people})
    };
    let one = rule(true, &["alice"]);
    lab.create(&key, one.clone()).unwrap();
    let none = rule(true, &[]);
    assert_eq!(lab.seen(&key, none.clone()), Some(one.clone()));
    lab.step(&key, Some(one), Some(none.clone())).unwrap();
    let told = || {
        lab.fake
            .with(|world| world.repo("acme/app").unwrap().protections["main"].clone())
    };
    let nobody = json!({"users": [], "teams": [], "apps": []});
    assert_eq!(told()["restrictions"], nobody);
    assert_eq!(lab.seen(&key, none.clone()), Some(none.clone()));
    let open = rule(false, &[]);
    assert_eq!(lab.seen(&key, open.clone()), Some(none.clone()));
    lab.step(&key, Some(none), Some(open.clone())).unwrap();
    assert_eq!(told()["restrictions"], Value::Null);
    assert_eq!(lab.seen(&key, open.clone()), Some(open));
}

#[test]
fn what_cannot_be_is_refused_with_what_github_says() {
    let lab = Lab::furnished();
    let what = refusal(lab.create(&grant("core", "nowhere"), may("read")));
    assert!(what.contains("GitHub"), "{what}");
    let what = refusal(lab.create(&team_member("nobody", "bob"), role("member")));
    assert!(what.contains("there is no team `nobody`"), "{what}");
    let what = refusal(lab.create(&app("unheard-of", "app"), json!({})));
    assert!(what.contains("is not installed"), "{what}");
    let what = refusal(lab.create(&branch("app", "nope"), json!({"required_approvals": 1})));
    assert!(what.contains("Branch not found"), "{what}");
    let what = refusal(lab.create(
        &branch("app", "release-*"),
        json!({"required_approvals": 1}),
    ));
    assert!(what.contains("by hand"), "{what}");
    let what = refusal(lab.create(&team("a"), team_value("a", "", Some("nobody"))));
    assert!(what.contains("there is no team `nobody`"), "{what}");
}

#[test]
fn what_is_gone_already_is_gone() {
    let lab = Lab::furnished();
    for key in [
        team("nobody"),
        team_member("nobody", "bob"),
        team_member("core", "carol"),
        grant("core", "old"),
        grant("nobody", "old"),
        member("carol"),
        collaborator("app", "dave"),
        branch("app", "main"),
        app("unheard-of", "app"),
    ] {
        assert_eq!(lab.delete(&key), Ok(()), "{key}");
    }
}

#[test]
fn a_team_that_is_taken_its_grant_keeps_the_others() {
    let lab = Lab::furnished();
    lab.fake
        .with(|world| world.grant(ORG, "core", "old", Permission::Admin));
    lab.delete(&grant("core", "old")).unwrap();
    let state = lab.read(&furnished()).state;
    assert_eq!(state.entries, furnished().entries);
}

/// Whether a failure is the one that a misfortune makes.
type IsRight = fn(&WriteFailure) -> bool;

#[test]
fn a_limit_is_for_later_and_a_broken_answer_is_not_known() {
    use Misfortune as M;
    let second = Duration::from_secs(1);
    let half = Duration::from_secs(30);
    let cases: [(M, IsRight); 6] = [
        (M::RateLimit { retry_after: half }, |f| {
            matches!(f, WriteFailure::Later(_))
        }),
        (
            M::SecondaryLimit {
                retry_after: second,
            },
            |f| matches!(f, WriteFailure::Later(d) if d.as_secs() == 1),
        ),
        (M::Status(502), |f| matches!(f, WriteFailure::Unknown(_))),
        (M::Status(403), |f| matches!(f, WriteFailure::Refused(_))),
        (M::TimeoutBefore, |f| matches!(f, WriteFailure::Unknown(_))),
        (M::TimeoutAfter, |f| matches!(f, WriteFailure::Unknown(_))),
    ];
    for (misfortune, is_right) in cases {
        let lab = Lab::furnished();
        let changes = |r: &Request| r.method == "PUT";
        lab.fake.faults().add(Fault::on(changes, 1, misfortune));
        let failure = lab.create(&grant("core", "old"), may("read")).unwrap_err();
        assert!(is_right(&failure), "{misfortune:?}: {failure:?}");
    }
    // Half of a step that takes two requests.
    let lab = Lab::new();
    let deletes = |r: &Request| r.method == "DELETE";
    lab.fake.faults().add(Fault::on(
        deletes,
        1,
        M::SecondaryLimit {
            retry_after: second,
        },
    ));
    let failure = lab
        .create(&team("new"), team_value("New", "", None))
        .unwrap_err();
    assert!(matches!(failure, WriteFailure::Unknown(_)), "{failure:?}");
}

#[test]
fn nobody_who_listens_is_told_from_nobody_who_answers() {
    let lab = Lab::new();
    let known = lab.read(&State::default()).known;
    // A port that was free a moment ago.
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", free.local_addr().unwrap());
    drop(free);
    let mut system = lab.system();
    if let Some(written) = &mut system.address {
        written.value = address;
    }
    let token = Hidden("t".to_owned());
    let hub = GitHub::new(
        ORG,
        &system,
        token,
        BTreeMap::new(),
        Renames::default(),
        |_| {},
    );
    let hub = hub.unwrap();
    let (key, value) = (grant("core", "app"), may("write"));
    let step = Step {
        key: &key,
        before: None,
        after: Some(&value),
    };
    let outcome = hub.write(&step, &known);
    assert!(
        matches!(outcome, Err(WriteFailure::Unreachable(_))),
        "{outcome:?}"
    );
    let error = hub.read(&State::default()).unwrap_err();
    assert!(matches!(error, ReadError::Unreachable(_)), "{error}");
}

/// A small organisation of anything, that can be.
fn any_state() -> impl Strategy<Value = State> {
    let people = ["alice", "bob", "carol", "dave", "erin"];
    let roles = proptest::collection::vec(0..3_usize, people.len());
    let teams = proptest::collection::vec(any::<(bool, bool, u8, u8)>(), 4);
    (roles, teams).prop_map(move |(roles, teams)| {
        let mut state = wanted([
            (member("commonhold-bot"), role("admin")),
            (member("boss"), role("admin")),
        ]);
        let inside: Vec<&str> = people
            .iter()
            .zip(&roles)
            .filter(|(_, role)| **role > 0)
            .map(|(login, _)| *login)
            .collect();
        for (login, is) in people.iter().zip(&roles).filter(|(_, role)| **role > 0) {
            let is = if *is == 2 { "admin" } else { "member" };
            state.insert(member(login), role(is));
        }
        let names = ["one", "two", "three", "four"];
        let mut parents: Vec<&str> = Vec::new();
        for (name, (there, nested, members, may_do)) in names.into_iter().zip(teams) {
            if !there {
                continue;
            }
            let parent = parents
                .last()
                .copied()
                .filter(|_| nested && parents.len() == 1);
            let about = if members % 2 == 0 { "" } else { "About it" };
            state.insert(team(name), team_value(name, about, parent));
            for (n, login) in inside.iter().enumerate() {
                let owner = state.value(&member(login)) == Some(&role("admin"));
                if members & (1 << n) != 0 {
                    let is = if owner || n == 0 {
                        "maintainer"
                    } else {
                        "member"
                    };
                    state.insert(team_member(name, login), role(is));
                }
            }
            if may_do % 3 > 0 && parent.is_none() {
                let level = ["read", "triage", "write", "maintain", "admin"];
                state.insert(grant(name, "app"), may(level[usize::from(may_do) % 5]));
            }
            parents.push(name);
        }
        state
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn from_anything_to_anything_takes_one_go(first in any_state(), second in any_state()) {
        let lab = Lab::new();
        lab.fake.with(|world| {
            world.add_repo(ORG, "app");
        });
        lab.bring(&first);
        lab.bring(&second);
    }
}
