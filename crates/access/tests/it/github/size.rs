//! A world as large as the largest real one: how many calls a reading takes.

use std::time::{Duration, Instant};

use access::{State, System as _};
use serde_json::json;
use testkit::fakes::github::{Permission, Role, TeamRole};

use crate::github::lab::*;

/// Members, teams and repositories of eight organisations: 2,666 memberships and 766 teams.
const ORGS: [(u64, u64, u64); 8] = [
    (1276, 420, 90),
    (1144, 200, 160),
    (94, 75, 40),
    (58, 30, 20),
    (51, 30, 15),
    (23, 11, 5),
    (10, 0, 10),
    (10, 0, 60),
];

/// Fills an organisation, and says what is wanted of it: just that.
fn fill(lab: &Lab, org: &str, (members, teams, repositories): (u64, u64, u64)) -> State {
    let mut all = State::default();
    lab.fake.with(|world| {
        world.add_org(org);
        for n in 1..members {
            let login = format!("person-{n}");
            if world.account(&login).is_none() {
                world.add_account(&login, 1000 + n);
            }
            world.add_member(org, &login, Role::Member);
            all.insert(member(&login), role("member"));
        }
        all.insert(member("commonhold-bot"), role("admin"));
        for n in 0..repositories {
            world.add_repo(org, &format!("repo-{n}"));
        }
        for n in 0..teams {
            let name = format!("team-{n}");
            if n % 14 == 13 {
                world.add_team_below(org, &format!("team-{}", n - 1), &name);
            } else {
                world.add_team(org, &name);
            }
            let parent = (n % 14 == 13).then(|| format!("team-{}", n - 1));
            all.insert(team(&name), team_value(&name, "", parent.as_deref()));
            let people = if n == 7 { 150 } else { 1 + n % 9 };
            for m in 0..people {
                let login = format!("person-{}", 1 + (n * 7 + m) % (members - 1));
                world.add_team_member(org, &name, &login, TeamRole::Member);
                all.insert(team_member(&name, &login), role("member"));
            }
            if n % 14 != 13 {
                let repository = format!("repo-{}", n % repositories);
                world.grant(org, &name, &repository, Permission::Admin);
                all.insert(grant(&name, &repository), may("admin"));
            }
        }
    });
    all.insert(
        settings(),
        json!({"name": "", "description": "", "billing_email": "billing@example.org",
            "default_repository_permission": "read", "has_organization_projects": true,
            "has_repository_projects": true, "members_can_create_repositories": true}),
    );
    all
}

#[test]
fn eight_organisations_of_the_real_size_take_few_calls() {
    let lab = Lab::new();
    let wanted: Vec<(String, State)> = ORGS
        .iter()
        .enumerate()
        .map(|(n, size)| {
            let org = format!("org-{n}");
            let state = fill(&lab, &org, *size);
            (org, state)
        })
        .collect();
    lab.fake.set_latency(Duration::from_millis(20));
    lab.fake.forget_requests();
    let begin = Instant::now();
    for (org, wanted) in &wanted {
        let mut state = lab.hub_of(org).read(wanted).unwrap().state;
        // Repositories that nobody declares are seen too.
        state
            .entries
            .retain(|key, _| key.sort != access::Sort::Repository);
        assert_eq!(&state.entries, &wanted.entries, "{org}");
    }
    let (calls, took) = (lab.fake.requests().len(), begin.elapsed());
    let (rest, points) = lab.fake.spent();
    eprintln!(
        "eight organisations: {calls} calls, {rest} of REST, {points} points of GraphQL, {took:?} \
         one after the other at 20 ms"
    );
    assert!(calls <= 150, "{calls}");
}
