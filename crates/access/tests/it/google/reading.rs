//! What is read.

use access::ReadError;

use super::*;

#[test]
fn a_read_of_221_groups_asks_at_most_450_times_and_finds_nothing_to_do() {
    let fake = Google::start(DOMAIN);
    let wanted = community(&fake, 221);
    let reading = google(&fake).read(&wanted).unwrap();
    assert_eq!(diff(&reading.state, &wanted), []);
    let asked = fake.requests().len();
    assert!(asked <= 450, "{asked}");
    assert_eq!(fake.violations(), [""; 0]);
}

#[test]
fn groups_and_members_of_every_page_are_found() {
    let fake = Google::start(DOMAIN);
    for index in 0..1_001 {
        fake.add_group(&address(&format!("g{index}")), "", "");
    }
    for index in 0..2_501 {
        fake.add_member(&address("g7"), &format!("p{index}@x.example"), "MEMBER");
    }
    let mut wanted = State::default();
    want_group(&mut wanted, "g7");
    let state = google(&fake).read(&wanted).unwrap().state;
    let count = |sort| state.entries.keys().filter(|key| key.sort == sort).count();
    assert_eq!(count(Sort::MailingGroup), 1_001);
    assert_eq!(count(Sort::MailingMember), 2_501);
    assert_eq!(fake.violations(), [""; 0]);
}

#[test]
fn an_undeclared_group_is_seen_wherever_it_sorts() {
    let fake = Google::start(DOMAIN);
    let wanted = community(&fake, 221);
    for index in 0..80 {
        let email = address(&format!("zz{index}"));
        fake.add_group(&email, "Left over", "");
        fake.add_member(&email, "p@x.example", "OWNER");
    }
    fake.add_group(&address("0"), "First", "");
    let google = google(&fake);
    let reading = google.read(&wanted).unwrap();
    let changes = diff(&reading.state, &wanted);
    assert_eq!(changes.len(), 81);
    for (key, _, after) in &changes {
        assert!(key.sort == Sort::MailingGroup && after.is_none(), "{key}");
    }
    assert_eq!(apply(&google, &wanted), []);
    assert_eq!(fake.groups().len(), 221);
    assert_eq!(fake.violations(), [""; 0]);
}

#[test]
fn what_nobody_wants_of_a_group_is_not_asked_for() {
    let fake = Google::start(DOMAIN);
    let mut wanted = community(&fake, 3);
    wanted.entries.remove(&settings("g0000"));
    wanted
        .entries
        .retain(|key, _| key.name != address("g0001") && key.of != address("g0001"));
    google(&fake).read(&wanted).unwrap();
    let asked = fake.requests().len();
    assert_eq!(
        asked, 5,
        "a token, the groups, members twice, settings once"
    );
}

#[test]
fn an_address_is_spelled_as_wanted_where_it_is_the_same_mailbox() {
    let fake = Google::start(DOMAIN);
    let wanted = one_group();
    fake.add_group(&address("a"), "Group a", "For a test.");
    fake.add_member(&address("a"), "B.O.B@gmail.com", "MANAGER");
    fake.add_member(&address("a"), "who@else.example", "MEMBER");
    let state = google(&fake).read(&wanted).unwrap().state;
    for (mail, expected) in [
        (
            "bob@gmail.com",
            json!({"address": "b.ob@gmail.com", "role": "manager"}),
        ),
        (
            "who@else.example",
            json!({"address": "who@else.example", "role": "member"}),
        ),
    ] {
        assert_eq!(state.value(&member("a", mail)), Some(&expected));
    }
}

#[test]
fn the_larger_role_of_a_mailbox_with_two_addresses_is_told() {
    let fake = Google::start(DOMAIN);
    let google = google(&fake);
    let wanted = one_group();
    fake.add_group(&address("a"), "Group a", "For a test.");
    for (mail, role) in [("bob+z@gmail.com", "OWNER"), ("bob@gmail.com", "MANAGER")] {
        fake.add_member(&address("a"), mail, role);
    }
    let state = google.read(&wanted).unwrap().state;
    let told = state.value(&member("a", "bob@gmail.com")).unwrap();
    assert_eq!(told["role"], "owner");
    assert_eq!(apply(&google, &wanted), []);
    assert_eq!(apply(&google, &wanted), []);
    let state = google.read(&wanted).unwrap().state;
    assert_eq!(diff(&state, &wanted), []);
}

#[test]
fn everybody_of_the_domain_is_left_alone() {
    let fake = Google::start(DOMAIN);
    let google = google(&fake);
    let wanted = one_group();
    assert_eq!(apply(&google, &wanted), []);
    fake.add_everybody(&address("a"));
    let state = google.read(&wanted).unwrap().state;
    assert_eq!(state.left_alone.len(), 1);
    assert_eq!(diff(&state, &wanted), []);
    assert_eq!(fake.violations(), [""; 0]);
}

#[test]
fn a_domain_that_google_does_not_know_is_no_empty_one() {
    let fake = Google::start("other.example");
    let error = google(&fake).read(&State::default()).unwrap_err();
    assert!(matches!(error, ReadError::Absent(_)), "{error}");
}
