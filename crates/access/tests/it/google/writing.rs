//! What is changed.

use proptest::prelude::*;

use super::*;

#[test]
fn an_account_that_vanished_stops_only_itself() {
    let fake = Google::start(DOMAIN);
    let google = google(&fake);
    let wanted = one_group();
    fake.vanish("b.ob@gmail.com");
    let failures = apply(&google, &wanted);
    assert!(is_refused(&failures, "b.ob@gmail.com"), "{failures:?}");
    assert_eq!(failures[0].0, member("a", "bob@gmail.com"));
    assert_eq!(fake.groups()[&address("a")].members.len(), 2);
    // One that vanishes after the group was read is no obstacle to its removal.
    let reading = google.read(&wanted).unwrap();
    fake.vanish("c@x.example");
    let gone = (member("a", "c@x.example"), Some(json!({})), None);
    assert_eq!(write(&google, &gone, &reading.known), Ok(()));
    assert_eq!(fake.violations(), [""; 0]);
}

#[test]
fn a_change_of_role_is_one_request() {
    let fake = Google::start(DOMAIN);
    let google = google(&fake);
    let mut wanted = one_group();
    assert_eq!(apply(&google, &wanted), []);
    fake.forget_requests();
    want_member(&mut wanted, "a", "c@x.example", "owner");
    assert_eq!(apply(&google, &wanted), []);
    let changes = changes_of(&fake);
    assert!(
        matches!(&changes[..], [one] if one.starts_with("PATCH ")),
        "{changes:?}"
    );
    assert_eq!(fake.groups()[&address("a")].members["c@x.example"], "OWNER");
    assert_eq!(fake.violations(), [""; 0]);
}

#[test]
fn who_is_in_a_group_with_another_role_gets_the_wanted_one() {
    let fake = Google::start(DOMAIN);
    let google = google(&fake);
    fake.add_group(&address("a"), "A", "");
    fake.add_member(&address("a"), "bob@gmail.com", "OWNER");
    let after = json!({"address": "B.ob@gmail.com", "role": "manager"});
    let add = (member("a", "bob@gmail.com"), None, Some(after));
    assert_eq!(write(&google, &add, &Known::default()), Ok(()));
    let role = || fake.groups()[&address("a")].members["bob@gmail.com"].clone();
    assert_eq!(role(), "MANAGER");
    fake.forget_requests();
    assert_eq!(write(&google, &add, &Known::default()), Ok(()));
    let changes = changes_of(&fake);
    assert!(
        matches!(&changes[..], [one] if one.starts_with("POST ")),
        "{changes:?}"
    );
    assert_eq!(fake.violations(), [""; 0]);
}

#[test]
fn settings_are_told_as_wanted_and_only_those_that_differ_are_changed() {
    let fake = Google::start(DOMAIN);
    let google = google(&fake);
    let mut wanted = one_group();
    assert_eq!(apply(&google, &wanted), []);
    fake.set(&address("a"), "replyTo", "REPLY_TO_OWNER");
    let value = json!({
        "WhoCanJoin": "INVITED_CAN_JOIN", "ReplyTo": "REPLY_TO_LIST",
        "CustomFooterText": "", "MaxMessageBytes": "1",
    });
    wanted.insert(settings("a"), value);
    let told = google.read(&wanted).unwrap().state;
    let expected = json!({
        "WhoCanJoin": "INVITED_CAN_JOIN", "ReplyTo": "REPLY_TO_OWNER",
        "CustomFooterText": "", "MaxMessageBytes": "26214400",
    });
    assert_eq!(told.value(&settings("a")), Some(&expected));
    fake.forget_requests();
    assert_eq!(apply(&google, &wanted), []);
    let requests = fake.requests();
    let patches = requests.iter().filter(|seen| seen.method == "PATCH");
    let bodies: Vec<&str> = patches.map(|seen| seen.body.as_str()).collect();
    assert_eq!(
        bodies,
        [r#"{"replyTo":"REPLY_TO_LIST","maxMessageBytes":1}"#]
    );
    assert_eq!(fake.violations(), [""; 0]);
}

#[test]
fn a_setting_that_google_does_not_have_is_refused_without_asking() {
    let fake = Google::start(DOMAIN);
    let google = google(&fake);
    let mut wanted = one_group();
    assert_eq!(apply(&google, &wanted), []);
    wanted.insert(settings("a"), json!({"WhoCanJump": "ANYONE"}));
    fake.forget_requests();
    let failures = apply(&google, &wanted);
    assert!(is_refused(&failures, "`WhoCanJump`"), "{failures:?}");
    assert_eq!(changes_of(&fake), [""; 0]);
    assert_eq!(fake.violations(), [""; 0]);
}

#[test]
fn an_address_of_another_group_is_refused_and_the_other_is_left_alone() {
    let fake = Google::start(DOMAIN);
    fake.add_group(&address("whole"), "Group whole", "For a test.");
    fake.add_alias(&address("whole"), &address("a"));
    let google = google(&fake);
    let mut wanted = one_group();
    want_group(&mut wanted, "whole");
    let before = fake.groups();
    let failures = apply(&google, &wanted);
    assert_eq!(
        failures.len(),
        wanted.entries.len() - 1,
        "all but the other group"
    );
    assert!(is_refused(&failures[..1], "in use"), "{failures:?}");
    for gone in [group("a"), member("a", "c@x.example")] {
        let delete = (gone, Some(json!({})), None);
        assert_eq!(write(&google, &delete, &Known::default()), Ok(()));
    }
    assert_eq!(fake.groups(), before);
    assert_eq!(fake.violations(), [""; 0]);
}

#[test]
fn a_group_can_be_in_a_group_and_cannot_own_one() {
    let fake = Google::start(DOMAIN);
    let google = google(&fake);
    let mut wanted = one_group();
    want_group(&mut wanted, "b");
    want_member(&mut wanted, "a", &address("b"), "owner");
    let failures = apply(&google, &wanted);
    assert!(is_refused(&failures, "cannot own"), "{failures:?}");
    want_member(&mut wanted, "a", &address("b"), "manager");
    assert_eq!(apply(&google, &wanted), []);
    want_member(&mut wanted, "b", &address("a"), "member");
    let failures = apply(&google, &wanted);
    assert!(is_refused(&failures, "Cyclic"), "{failures:?}");
    assert_eq!(fake.violations(), [""; 0]);
}

/// Any state of up to four groups, groups in groups included.
fn any_state() -> impl Strategy<Value = State> {
    let roles = prop::sample::select(vec!["owner", "manager", "member"]);
    let mails = prop::sample::select(vec![
        "ada@lab.example",
        "b.ob@gmail.com",
        "bob+x@gmail.com",
        "Cy@X.example",
        "d+e@x.example",
        "f@googlemail.com",
    ]);
    let texts = prop::sample::select(vec!["", "One", "Two \u{e9}\u{1F600} \"quoted\""]);
    let joins = prop::sample::select(vec!["INVITED_CAN_JOIN", "ANYONE_CAN_JOIN"]);
    let members = prop::collection::vec((mails, roles), 0..5);
    let one = (
        texts.clone(),
        texts,
        prop::option::of(joins),
        members,
        any::<bool>(),
    );
    prop::collection::vec(prop::option::of(one), 4).prop_map(|groups| {
        let mut wanted = State::default();
        let mut outer: Option<String> = None;
        for (index, made) in groups.into_iter().enumerate() {
            let Some((name, about, join, members, nested)) = made else {
                continue;
            };
            let local = format!("g{index}");
            let value = json!({"name": name, "description": about});
            wanted.insert(group(&local), value);
            if let Some(join) = join {
                wanted.insert(settings(&local), json!({"WhoCanJoin": join}));
            }
            for (mail, role) in members {
                want_member(&mut wanted, &local, mail, role);
            }
            if let Some(outer) = outer.filter(|_| nested) {
                want_member(&mut wanted, &outer, &address(&local), "member");
            }
            outer = Some(local);
        }
        wanted
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn any_state_is_reached_from_any_other_and_read_as_it_is_wanted(
        states in prop::collection::vec(any_state(), 1..4),
        lag in 0..3_u32,
    ) {
        let fake = Google::start(DOMAIN);
        fake.set_lag(lag);
        let google = google(&fake);
        for wanted in &states {
            prop_assert_eq!(apply(&google, wanted), vec![]);
            let state = google.read(wanted).unwrap().state;
            prop_assert_eq!(&state.entries, &wanted.entries);
            fake.forget_requests();
            prop_assert_eq!(apply(&google, wanted), vec![]);
            prop_assert_eq!(changes_of(&fake), Vec::<String>::new());
        }
        prop_assert_eq!(fake.violations(), Vec::<String>::new());
    }
}
