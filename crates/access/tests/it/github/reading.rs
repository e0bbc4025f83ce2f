//! What is read, and what is not taken for less.

use access::{Key, ReadError, State, System as _};
use serde_json::json;
use testkit::fakes::faults::{Fault, Misfortune};
use testkit::fakes::github::{Permission, Privacy, Role, TeamRole};
use testkit::fakes::serving::Request;

use crate::github::lab::*;

#[test]
fn everything_is_read_as_it_is() {
    let lab = Lab::furnished();
    let reading = lab.read(&furnished());
    assert_eq!(reading.state.entries, furnished().entries);
    assert!(reading.state.left_alone.is_empty() && reading.notes.is_empty());
    assert_eq!(reading.account.as_deref(), Some("commonhold-bot"));
}

#[test]
fn reading_again_gives_the_same_and_costs_less() {
    let lab = Lab::furnished();
    let hub = lab.hub();
    let first = hub.read(&furnished()).unwrap();
    lab.fake.forget_requests();
    let second = hub.read(&furnished()).unwrap();
    assert_eq!(first.state, second.state);
    let statuses: Vec<_> = lab
        .fake
        .requests()
        .iter()
        .filter_map(|r| r.status)
        .collect();
    assert!(statuses.contains(&304), "{statuses:?}");
}

#[test]
fn only_what_is_managed_and_wanted_is_asked_for() {
    let mut lab = Lab::furnished();
    lab.declared = "manages: [members]\nrequire_self: false\n".to_owned();
    let reading = lab.read(&wanted([(member("boss"), role("admin"))]));
    assert_eq!(reading.state.entries.len(), 4);
    assert_eq!(reading.account, None);
    let asked: Vec<_> = lab.fake.requests().into_iter().map(|r| r.path).collect();
    assert_eq!(asked, ["/graphql", "/orgs/acme/invitations"]);
}

#[test]
fn an_organisation_that_is_not_there_is_absent() {
    let lab = Lab::new();
    let error = lab.hub_of("acne").read(&State::default()).unwrap_err();
    assert!(matches!(error, ReadError::Absent(_)), "{error}");
    assert!(error.to_string().contains("acne"), "{error}");
}

#[test]
fn what_nobody_declares_is_seen_without_what_is_in_it() {
    let lab = Lab::furnished();
    let state = lab.read(&State::default()).state;
    assert_eq!(
        state.value(&repository("site")),
        Some(&json!({"name": "Site"}))
    );
    assert!(state.value(&team("core")).is_some());
    assert!(state.value(&team_member("core", "bob")).is_none());
    assert!(state.value(&settings()).is_none());
}

#[test]
fn an_empty_text_is_as_good_as_none() {
    let lab = Lab::new();
    let wanted = wanted([
        (member("commonhold-bot"), role("admin")),
        (member("boss"), role("admin")),
        (member("alice"), role("member")),
        (member("bob"), role("member")),
        (
            settings(),
            json!({"name": "", "description": "", "company": "", "email": "", "location": ""}),
        ),
        (team("new"), team_value("New", "", None)),
        (
            repository("new"),
            json!({"name": "new", "description": "", "homepage": ""}),
        ),
    ]);
    lab.bring(&wanted);
}

#[test]
fn the_case_of_a_repository_changes_nothing() {
    let lab = Lab::furnished();
    let value = json!({"name": "APP"});
    assert_eq!(lab.seen(&repository("APP"), value.clone()), Some(value));
    let right = may("write");
    assert_eq!(lab.seen(&grant("Core", "App"), right.clone()), Some(right));
}

#[test]
fn a_team_and_a_repository_are_found_by_previous_names() {
    let mut lab = Lab::furnished();
    lab.renames
        .teams
        .insert("core".to_owned(), "heart".to_owned());
    lab.renames
        .repositories
        .insert("site".to_owned(), "pages".to_owned());
    let wanted = wanted([
        (team("heart"), team_value("Heart", "Keeps it running", None)),
        (
            team("core/docs"),
            team_value("core/docs", "", Some("heart")),
        ),
        (team_member("heart", "alice"), role("maintainer")),
        (repository("pages"), json!({"name": "pages"})),
    ]);
    let state = lab.read(&wanted).state;
    assert_eq!(state.value(&team("heart")).unwrap()["name"], "Core");
    assert_eq!(state.value(&team("core/docs")).unwrap()["parent"], "heart");
    assert_eq!(
        state.value(&team_member("heart", "alice")),
        Some(&role("maintainer"))
    );
    assert_eq!(
        state.value(&repository("pages")),
        Some(&json!({"name": "Site"}))
    );
    assert!(state.value(&team("core")).is_none() && state.value(&repository("site")).is_none());
}

#[test]
fn where_old_and_new_are_both_there_each_is_itself() {
    let mut lab = Lab::furnished();
    lab.fake.with(|world| {
        world.add_team(ORG, "Heart");
    });
    lab.renames
        .teams
        .insert("core".to_owned(), "heart".to_owned());
    let state = lab
        .read(&wanted([(team("heart"), team_value("Heart", "", None))]))
        .state;
    assert_eq!(state.value(&team("heart")).unwrap()["name"], "Heart");
    assert_eq!(state.value(&team("core")).unwrap()["name"], "Core");
}

#[test]
fn secret_teams_are_left_alone_where_the_system_says_so() {
    let mut lab = Lab::new();
    lab.fake.with(|world| {
        world.add_team(ORG, "shadow").privacy = Privacy::Secret;
        world.add_team(ORG, "known").privacy = Privacy::Secret;
    });
    let own = json!({"name": "known", "description": "", "privacy": "secret", "parent": null});
    let wanted = wanted([(team("known"), own.clone())]);
    assert!(lab.read(&wanted).state.value(&team("shadow")).is_some());
    lab.declared = "leaves_alone: [secret-teams, enterprise-teams]\n".to_owned();
    let state = lab.read(&wanted).state;
    assert_eq!(state.value(&team("known")), Some(&own));
    assert!(state.value(&team("shadow")).is_none());
    assert!(state.left_alone.contains_key(&team("shadow")));
}

#[test]
fn what_a_parent_gives_is_not_the_childs_own() {
    let lab = Lab::furnished();
    lab.fake.with(|world| {
        world.add_team_below(ORG, "core-docs", "leaf");
        world.grant(ORG, "leaf", "old", Permission::Admin);
        world.grant(ORG, "core", "old", Permission::Pull);
    });
    let mut wanted = furnished();
    wanted.insert(team("leaf"), team_value("leaf", "", Some("core/docs")));
    let state = lab.read(&wanted).state;
    // From two steps above, and more than what comes from there.
    assert!(state.value(&grant("leaf", "app")).is_none());
    assert!(state.value(&grant("core/docs", "app")).is_none());
    assert_eq!(state.value(&grant("leaf", "old")), Some(&may("admin")));
    // Wanted in so many words, and had of a parent that goes on to give as much, or not.
    wanted.insert(grant("leaf", "app"), may("read"));
    let state = lab.read(&wanted).state;
    assert_eq!(state.value(&grant("leaf", "app")), Some(&may("read")));
    wanted.entries.remove(&grant("core", "app"));
    assert!(
        lab.read(&wanted)
            .state
            .value(&grant("leaf", "app"))
            .is_none()
    );
    wanted.insert(grant("core", "app"), may("write"));
    wanted.insert(grant("leaf", "app"), may("admin"));
    assert!(
        lab.read(&wanted)
            .state
            .value(&grant("leaf", "app"))
            .is_none()
    );
}

#[test]
fn lists_longer_than_a_page_are_read_to_the_end() {
    let lab = Lab::new();
    let mut all = State::default();
    lab.fake.with(|world| {
        for n in 0..1001_u64 {
            let login = format!("person-{n}");
            world.add_account(&login, 1000 + n);
            world.add_member(ORG, &login, Role::Member);
        }
        for n in 0..301 {
            world.add_team(ORG, &format!("team {n:03}"));
            all.insert(team(&format!("team {n:03}")), json!({}));
        }
        for n in 0..1001 {
            world.add_team_member(ORG, "team-007", &format!("person-{n}"), TeamRole::Member);
        }
        for n in 0..101 {
            world.add_repo(ORG, &format!("repo-{n}"));
            world.grant(ORG, "team-300", &format!("repo-{n}"), Permission::Maintain);
        }
    });
    let entries = lab.read(&all).state.entries;
    let count = |of: &str| {
        entries
            .keys()
            .filter(|key| key.to_string().starts_with(of))
            .count()
    };
    // With the three who are in it from the beginning, and the account that reads.
    assert_eq!(count("member "), 1001 + 4);
    assert_eq!(count("team team 007 > member "), 1001);
    assert_eq!(count("team team 300 > repository "), 101);
    assert_eq!(count("repository "), 101);
    assert_eq!(
        entries
            .keys()
            .filter(|key| key.sort == access::Sort::Team)
            .count(),
        301
    );
}

#[test]
fn an_app_for_all_repositories_is_said_and_reaches_what_is_wanted() {
    let lab = Lab::furnished();
    lab.fake
        .with(|world| world.add_installation(ORG, "scanner", None));
    let reading = lab.read(&wanted([(app("scanner", "site"), json!({}))]));
    assert_eq!(
        reading.state.value(&app("scanner", "site")),
        Some(&json!({}))
    );
    assert!(
        reading
            .notes
            .iter()
            .any(|note| note.contains("scanner reaches all"))
    );
    assert!(reading.state.value(&app("ci-bot", "app")).is_none());
}

#[test]
fn pages_without_end_are_no_list() {
    let mut lab = Lab::new();
    lab.declared = "manages: [members]\nrequire_self: false\n".to_owned();
    lab.fake.with(|world| {
        for n in 0..250_u64 {
            world.add_account(&format!("p{n}"), 1000 + n);
            world.add_member(ORG, &format!("p{n}"), Role::Member);
            world.add_account(&format!("i{n}"), 2000 + n);
            world.invite(ORG, &format!("i{n}"), Role::Member);
        }
    });
    for path in ["/graphql", "/orgs/acme/invitations"] {
        for times in [1, usize::MAX] {
            let on = move |request: &Request| request.path == path;
            let fault = Fault::on(on, 1, Misfortune::RepeatedPageToken).times(times);
            lab.fake.faults().clear();
            lab.fake.faults().add(fault);
            let error = lab.hub().read(&State::default()).unwrap_err();
            assert!(matches!(error, ReadError::Untrusted(_)), "{path}: {error}");
        }
    }
}

#[test]
fn a_name_that_reads_like_another_resource_is_left_alone_and_taken_for_nothing_else() {
    let lab = Lab::furnished();
    lab.fake.with(|world| {
        world.add_team(ORG, "Writers");
        world.add_team(ORG, "writers > member bob");
        world.add_repo(ORG, "app > collaborator carol");
        world.add_repo(ORG, "site > branch main");
    });
    let wanted = wanted([(team("writers"), team_value("Writers", "", None))]);
    let state = lab.read(&wanted).state;
    let lead_back = |key: &Key| Key::parse(&key.to_string()).as_ref() == Some(key);
    assert!(state.entries.keys().all(lead_back));
    assert!(state.value(&team("writers")).is_some());
    let shown: Vec<String> = state.left_alone.keys().map(Key::to_string).collect();
    assert_eq!(
        shown,
        [
            r"repository app \u{3E} collaborator carol",
            r"repository site \u{3E} branch main",
            r"team writers \u{3E} member bob",
        ]
    );
    assert!(shown.iter().all(|text| Key::parse(text).is_none()));
    let why = "its name cannot be written in a plan";
    assert!(state.left_alone.values().all(|one| one == why));
}

#[test]
fn two_teams_of_one_name_are_no_answer() {
    let lab = Lab::new();
    lab.fake.with(|world| {
        world.add_team(ORG, "Core");
        let other = world.add_team(ORG, "other");
        other.name = "CORE".to_owned();
    });
    let error = lab.hub().read(&State::default()).unwrap_err();
    assert!(matches!(error, ReadError::Untrusted(_)), "{error}");
    assert!(error.to_string().contains("team core twice"), "{error}");
}
