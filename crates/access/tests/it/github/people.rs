//! Who is who, and who is invited how often.

use access::{Sort, State, Step, System as _};
use change::WriteFailure;
use serde_json::json;
use std::time::Duration;
use testkit::fakes::faults::{Fault, Misfortune};
use testkit::fakes::github::{Permission, Role, TeamRole};

use crate::github::lab::*;

const WEEK: Duration = Duration::from_secs(7 * 24 * 3600);

fn invitations(lab: &Lab) -> usize {
    lab.fake
        .with(|world| world.org(ORG).unwrap().invitations.len())
}

fn refusal(outcome: Result<(), WriteFailure>) -> String {
    match outcome {
        Err(WriteFailure::Refused(what)) => what,
        other => panic!("it was not refused: {other:?}"),
    }
}

#[test]
fn an_invitation_counts_as_what_it_offers() {
    let lab = Lab::new();
    lab.fake.with(|world| {
        world.invite(ORG, "carol", Role::Owner);
        world.invite(ORG, "dave", Role::Member);
    });
    let reading = lab.read(&wanted([(member("carol"), role("member"))]));
    assert_eq!(reading.state.value(&member("carol")), Some(&role("admin")));
    assert_eq!(reading.state.value(&member("dave")), Some(&role("member")));
    // What they are offered they do not have yet.
    let pending: Vec<_> = reading.pending.iter().cloned().collect();
    assert_eq!(pending, [member("carol"), member("dave")]);
    assert!(
        reading
            .notes
            .contains(&"carol was invited on 2026-01-05 and has not answered".to_owned()),
        "{:?}",
        reading.notes
    );
}

#[test]
fn undeclared_invitees_are_left_alone_where_the_system_says_so() {
    let mut lab = Lab::furnished();
    lab.declared = "leaves_alone: [invitees]\n".to_owned();
    lab.fake.with(|world| {
        world.invite(ORG, "carol", Role::Member);
        world.invite(ORG, "dave", Role::Member);
    });
    let reading = lab.read(&wanted([(member("carol"), role("member"))]));
    assert!(reading.state.value(&member("carol")).is_some());
    assert!(reading.state.value(&member("dave")).is_none());
    assert!(reading.state.left_alone.contains_key(&member("dave")));
}

#[test]
fn nobody_is_invited_twice() {
    for ids in [vec![], vec![(13, "carol".to_owned())]] {
        let mut lab = Lab::new();
        lab.ids = ids.into_iter().collect();
        let (key, value) = (member("carol"), role("member"));
        let hub = lab.hub();
        // From before there was an invitation: what a second writer knows.
        let old = hub.read(&State::default()).unwrap().known;
        let step = Step {
            key: &key,
            before: None,
            after: Some(&value),
        };
        let send = |request: &testkit::fakes::serving::Request| request.method != "GET";
        lab.fake
            .faults()
            .add(Fault::on(send, 1, Misfortune::TimeoutAfter));
        let outcome = hub.write(&step, &old);
        assert!(
            matches!(outcome, Err(WriteFailure::Unknown(_))),
            "{outcome:?}"
        );
        assert_eq!(lab.seen(&key, value.clone()), Some(value.clone()));
        assert_eq!(hub.write(&step, &old), Ok(()));
        assert_eq!(hub.write(&step, &old), Ok(()));
        assert_eq!(invitations(&lab), 1);
        let sent = lab.fake.requests();
        let sent = sent
            .iter()
            .filter(|r| r.method == "POST" && r.path.ends_with("/invitations"));
        assert!(sent.count() <= 1);
    }
}

#[test]
fn an_invitation_that_failed_counts_as_nothing_and_is_cleared_away() {
    let lab = Lab::new();
    lab.fake.with(|world| {
        world.invite(ORG, "carol", Role::Member);
        world.advance(WEEK);
    });
    let wanted = wanted([(member("carol"), role("member"))]);
    let reading = lab.read(&wanted);
    assert!(reading.state.value(&member("carol")).is_none());
    let note = "the invitation of carol failed on 2026-01-12: Invitation expired";
    assert!(
        reading.notes.iter().any(|one| one.starts_with(note)),
        "{:?}",
        reading.notes
    );
    lab.create(&member("carol"), role("member")).unwrap();
    assert_eq!(invitations(&lab), 1);
    let failed = lab.fake.with(|world| world.org(ORG).unwrap().failed.len());
    assert_eq!(failed, 0);
}

#[test]
fn an_invitation_is_withdrawn_and_changed() {
    let lab = Lab::new();
    lab.fake
        .with(|world| world.invite(ORG, "carol", Role::Member));
    lab.step(&member("carol"), Some(role("member")), Some(role("admin")))
        .unwrap();
    assert_eq!(
        lab.seen(&member("carol"), role("admin")),
        Some(role("admin"))
    );
    lab.delete(&member("carol")).unwrap();
    assert_eq!(invitations(&lab), 0);
}

#[test]
fn an_invited_address_is_seen_and_withdrawn() {
    let lab = Lab::new();
    lab.fake.with(|world| {
        let id = world.invite(ORG, "carol", Role::Member);
        let invitations = &mut world.org_mut(ORG).invitations;
        let one = invitations.get_mut(&id).unwrap();
        (one.account, one.email) = (None, Some("Carol@Example.org".to_owned()));
    });
    let key = member("carol@example.org");
    assert_eq!(lab.seen(&key, role("member")), Some(role("member")));
    lab.delete(&key).unwrap();
    assert_eq!(invitations(&lab), 0);
}

#[test]
fn an_account_is_known_by_its_number_under_any_login() {
    let mut lab = Lab::furnished();
    lab.ids = [(11, "alice".to_owned())].into();
    lab.fake
        .with(|world| world.rename_account("Alice", "alicia"));
    let reading = lab.read(&furnished());
    assert_eq!(reading.state.entries, furnished().entries);
    // What is done to it goes to the login as it is now.
    lab.step(
        &team_member("core", "alice"),
        Some(role("maintainer")),
        Some(role("member")),
    )
    .unwrap();
    lab.delete(&member("alice")).unwrap();
    let left = lab
        .fake
        .with(|world| world.org(ORG).unwrap().members.contains_key(&11));
    assert!(!left);
}

#[test]
fn who_took_over_a_login_is_a_stranger_and_gets_nothing() {
    let mut lab = Lab::furnished();
    lab.ids = [(99, "bob".to_owned()), (98, "dave".to_owned())].into();
    let state = lab.read(&furnished()).state;
    assert_eq!(state.value(&member("bob#12")), Some(&role("member")));
    assert!(state.value(&member("bob")).is_none());
    assert!(state.value(&team_member("core", "bob#12")).is_some());
    for (key, value) in [
        (member("dave"), role("member")),
        (team_member("core", "dave"), role("member")),
        (collaborator("app", "dave"), may("read")),
    ] {
        let what = refusal(lab.create(&key, value));
        assert!(
            what.contains("`dave` is number 14 and not 98"),
            "{key}: {what}"
        );
    }
    assert_eq!(invitations(&lab), 0);
    lab.delete(&member("bob#12")).unwrap();
    let left = lab
        .fake
        .with(|world| world.org(ORG).unwrap().members.contains_key(&12));
    assert!(!left);
}

#[test]
fn an_invited_stranger_is_one_too() {
    let mut lab = Lab::new();
    lab.ids = [(98, "dave".to_owned())].into();
    lab.fake
        .with(|world| world.invite(ORG, "dave", Role::Member));
    let state = lab.read(&State::default()).state;
    assert_eq!(state.value(&member("dave#14")), Some(&role("member")));
    lab.delete(&member("dave#14")).unwrap();
    assert_eq!(invitations(&lab), 0);
}

#[test]
fn an_account_that_is_gone_is_said_and_stops_nobody_else() {
    for ids in [vec![], vec![(77, "ghost".to_owned())]] {
        let mut lab = Lab::furnished();
        lab.ids = ids.into_iter().collect();
        for (key, value) in [
            (member("ghost"), role("member")),
            (team_member("core", "ghost"), role("member")),
            (collaborator("app", "ghost"), may("read")),
        ] {
            let what = refusal(lab.create(&key, value));
            assert_eq!(
                what, "GitHub has no account `ghost`: it was renamed or deleted",
                "{key}"
            );
            assert_eq!(lab.delete(&key), Ok(()));
        }
    }
}

#[test]
fn somebody_blocked_is_refused() {
    let lab = Lab::new();
    lab.fake.with(|world| world.block(ORG, "carol"));
    let what = refusal(lab.create(&member("carol"), role("member")));
    assert!(what.contains("blocked"), "{what}");
}

#[test]
fn somebody_who_will_be_in_a_team_counts_as_being_in_it() {
    let lab = Lab::furnished();
    lab.create(&member("carol"), role("member")).unwrap();
    lab.create(&team_member("core", "carol"), role("maintainer"))
        .unwrap();
    let seen = lab.seen(&team_member("core", "carol"), role("maintainer"));
    assert_eq!(seen, Some(role("maintainer")));
    // Another role is another role, answered or not.
    let seen = lab.seen(&team_member("core", "carol"), role("member"));
    assert_eq!(seen, Some(role("maintainer")));
    assert_eq!(invitations(&lab), 1);
    lab.fake.with(|world| world.accept_invitation(ORG, "carol"));
    let seen = lab.seen(&team_member("core", "carol"), role("maintainer"));
    assert_eq!(seen, Some(role("maintainer")));
}

#[test]
fn many_pending_members_of_teams_are_not_asked_for_one_by_one() {
    let lab = Lab::new();
    let mut all = State::default();
    lab.fake.with(|world| {
        world.add_team(ORG, "core");
        for n in 0..60_u64 {
            world.add_account(&format!("p{n}"), 1000 + n);
        }
    });
    for n in 0..60 {
        let what = if n < 5 { "maintainer" } else { "member" };
        all.insert(member(&format!("p{n}")), role("member"));
        all.insert(team_member("core", &format!("p{n}")), role(what));
    }
    all.insert(team("core"), team_value("core", "", None));
    all.insert(member("alice"), role("member"));
    all.insert(member("bob"), role("member"));
    all.insert(member("boss"), role("admin"));
    all.insert(member("commonhold-bot"), role("admin"));
    lab.bring(&all);
    lab.fake.forget_requests();
    let reading = lab.read(&all);
    assert!(
        reading
            .notes
            .iter()
            .any(|note| note.contains("55 invited people"))
    );
    assert!(lab.fake.requests().len() < 20);
}

#[test]
fn a_collaborator_is_invited_once_and_changed_in_the_invitation() {
    let lab = Lab::furnished();
    let key = collaborator("app", "erin");
    lab.create(&key, may("read")).unwrap();
    lab.create(&key, may("read")).unwrap();
    assert_eq!(lab.seen(&key, may("read")), Some(may("read")));
    lab.step(&key, Some(may("read")), Some(may("maintain")))
        .unwrap();
    assert_eq!(lab.seen(&key, may("maintain")), Some(may("maintain")));
    let count = || {
        lab.fake
            .with(|world| world.repo("acme/app").unwrap().invitations.len())
    };
    assert_eq!(count(), 1);
    // Nobody answered for a week: it counts as nothing, and is cleared away before the next.
    lab.fake.with(|world| world.advance(WEEK));
    assert_eq!(lab.seen(&key, may("maintain")), None);
    lab.create(&key, may("maintain")).unwrap();
    assert_eq!(
        (count(), lab.seen(&key, may("admin"))),
        (1, Some(may("maintain")))
    );
    // It is withdrawn by its number, which a reading of the repository tells.
    let declared = wanted([(repository("app"), json!({"name": "app"}))]);
    let reading = lab.read(&declared);
    let step = Step {
        key: &key,
        before: reading.state.value(&key),
        after: None,
    };
    lab.hub().write(&step, &reading.known).unwrap();
    assert_eq!(count(), 0);
    assert_eq!(lab.seen(&key, may("admin")), None);
}

#[test]
fn owners_who_have_a_little_directly_have_that_little() {
    let lab = Lab::furnished();
    lab.fake.with(|world| {
        world.add_collaborator("acme/app", "Boss", Permission::Pull);
        world.add_team_member(ORG, "core", "Boss", TeamRole::Member);
    });
    let key = collaborator("app", "boss");
    assert_eq!(lab.seen(&key, may("read")), Some(may("read")));
    // A team's member is no collaborator.
    assert_eq!(lab.seen(&collaborator("app", "bob"), may("write")), None);
}

/// The members of [`Lab::furnished`], and one of them an owner in a team.
fn owner_in_a_team(own: TeamRole) -> Lab {
    let lab = Lab::furnished();
    lab.fake
        .with(|world| world.add_team_member(ORG, "core", "Boss", own));
    lab
}

#[test]
fn an_owner_whom_the_estate_does_not_know_as_one_is_in_a_team_as_wanted() {
    for own in [TeamRole::Member, TeamRole::Maintainer] {
        let mut lab = owner_in_a_team(own);
        lab.declared = "manages: [teams, team-members]\nrequire_self: false\n".to_owned();
        let managed = [Sort::Team, Sort::TeamMember];
        let mut wanted = furnished();
        wanted.entries.retain(|key, _| managed.contains(&key.sort));
        wanted.insert(team_member("core", "boss"), role("member"));
        let there = lab.read(&wanted).state;
        assert_eq!(there.entries, wanted.entries);
        // Who is no owner has the role that they have.
        wanted.insert(team_member("core", "alice"), role("member"));
        let alice = lab.read(&wanted).state;
        let alice = alice.value(&team_member("core", "alice")).cloned();
        assert_eq!(alice, Some(role("maintainer")));
    }
}

#[test]
fn an_owner_who_is_demoted_is_a_plain_member_of_teams_in_the_same_go() {
    for own in [TeamRole::Member, TeamRole::Maintainer] {
        let lab = owner_in_a_team(own);
        let mut wanted = furnished();
        wanted.insert(member("boss"), role("member"));
        wanted.insert(team_member("core", "boss"), role("member"));
        lab.bring(&wanted);
    }
}

#[test]
fn an_owner_who_stays_one_while_the_tree_is_adopted_is_in_a_team_as_wanted() {
    let mut lab = owner_in_a_team(TeamRole::Maintainer);
    lab.declared = "additive: [members]\n".to_owned();
    let mut wanted = furnished();
    wanted.insert(member("boss"), role("member"));
    wanted.insert(team_member("core", "boss"), role("member"));
    let there = lab.read(&wanted).state;
    let key = team_member("core", "boss");
    assert_eq!(there.value(&key), Some(&role("member")));
    assert_eq!(there.value(&member("boss")), Some(&role("admin")));
}

#[test]
fn who_is_only_invited_as_an_owner_is_no_owner() {
    let lab = Lab::furnished();
    lab.fake
        .with(|world| world.invite(ORG, "carol", Role::Owner));
    lab.create(&team_member("core", "carol"), role("maintainer"))
        .unwrap();
    let seen = lab.seen(&team_member("core", "carol"), role("member"));
    assert_eq!(seen, Some(role("maintainer")));
}
