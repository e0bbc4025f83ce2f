//! What is written is read, and what others do is seen.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;

#[test]
fn what_is_written_is_read_and_a_second_time_nothing_is_to_do() {
    let Some(server) = server() else { return };
    let mailman = domain(&server, "round.example");
    let mut wanted = State::default();
    let all = [
        "owner Ada.Lovelace@Example.ORG",
        "owner ada+lists@example.org",
        "manager o'brien*x@example.org",
        "manager a/b%c@example.org",
        "member Grace.Hopper+navy@gmail.com",
        "member x_y=z&w#1@example.org",
        "member UPPER@EXAMPLE.COM",
    ];
    declare(
        &mut wanted,
        "dev@round.example",
        "Über \"Dev\" <&> 開発",
        &all,
    );
    declare(&mut wanted, "sig-x.leads_2@round.example", "", &all[..1]);
    declare(&mut wanted, "Empty@round.example", "Nobody", &[]);
    let described = json!({"name": "Over lines", "description": "First line,\n  second.\n"});
    wanted.insert(group("lines@round.example"), described);
    let own = json!({
        "subscription_policy": "confirm_then_moderate", "advertised": "no",
        "archive_policy": "never", "max_message_size": "100", "subject_prefix": "[dev] ",
        "autoresponse_grace_period": "2h",
        "accept_these_nonmembers": "ci@example.org\n^.*@bots\\.example$\n",
    });
    wanted.insert(settings("dev@round.example"), own);
    let googles = json!({
        "WhoCanJoin": "INVITED_CAN_JOIN", "WhoCanDiscoverGroup": "ANYONE_CAN_DISCOVER",
        "WhoCanViewMembership": "ALL_MEMBERS_CAN_VIEW", "WhoCanViewGroup": "ANYONE_CAN_VIEW",
        "WhoCanPostMessage": "ANYONE_CAN_POST", "MessageModerationLevel": "MODERATE_NON_MEMBERS",
        "WhoCanModerateContent": "OWNERS_AND_MANAGERS",
    });
    wanted.insert(settings("empty@round.example"), googles);
    let advertised = json!({"advertised": "true"});
    wanted.insert(settings("lines@round.example"), advertised);

    assert_eq!(bring(&mailman, &wanted), wanted.entries.len());
    let read = mailman.read(&wanted).unwrap().state;
    assert_eq!(values(&read), values(&wanted));
    assert_eq!(bring(&mailman, &wanted), 0);

    // Other roles, another spelling, fewer people and lists, other settings.
    let mut other = State::default();
    let fewer = [
        "member Ada.Lovelace@Example.ORG",
        "owner a/b%c@example.org",
        "manager gracehopper@gmail.com",
        "manager o'brien*x@example.org",
    ];
    declare(&mut other, "dev@round.example", "Dev", &fewer);
    other.insert(
        settings("dev@round.example"),
        json!({"subscription_policy": "open"}),
    );
    assert!(bring(&mailman, &other) > 0);
    let read = mailman.read(&other).unwrap().state;
    assert_eq!(values(&read), values(&other));

    assert!(bring(&mailman, &State::default()) > 0);
    assert!(
        mailman
            .read(&State::default())
            .unwrap()
            .state
            .entries
            .is_empty()
    );
}

#[test]
fn what_somebody_else_does_is_seen_and_set_right() {
    let Some(server) = server() else { return };
    let mailman = domain(&server, "drift.example");
    let list = "dev@drift.example";
    let mut wanted = State::default();
    declare(
        &mut wanted,
        list,
        "Dev",
        &["owner ada@x.example", "member bob+y@x.example"],
    );
    wanted.insert(
        settings(list),
        json!({"archive_policy": "private", "WhoCanJoin": "INVITED_CAN_JOIN"}),
    );
    bring(&mailman, &wanted);

    let config = "/lists/dev.drift.example/config";
    let changed =
        json!({"display_name": "Mine", "archive_policy": "public", "subscription_policy": "open"});
    by_hand(&server, "PATCH", config, &changed);
    subscribe_by_hand(
        &server,
        "dev.drift.example",
        "Eve@Evil.example",
        "moderator",
    );
    // Of an address that wrote to the list, Mailman keeps a note: that is no membership.
    subscribe_by_hand(
        &server,
        "dev.drift.example",
        "junk@spam.example",
        "nonmember",
    );
    let gone = "/lists/dev.drift.example/member/bob%2By@x.example";
    by_hand(&server, "DELETE", gone, &Value::Null);
    by_hand(
        &server,
        "POST",
        "/lists",
        &json!({"fqdn_listname": "own@drift.example"}),
    );

    let read = mailman.read(&wanted).unwrap().state;
    let mut expected = State::default();
    declare(
        &mut expected,
        list,
        "Mine",
        &["owner ada@x.example", "manager eve@evil.example"],
    );
    let open = json!({"archive_policy": "public", "WhoCanJoin": "subscription_policy: open"});
    expected.insert(settings(list), open);
    let undeclared = json!({"name": "Own", "description": ""});
    expected.insert(group("own@drift.example"), undeclared.clone());
    assert_eq!(values(&read), values(&expected));

    wanted.insert(group("own@drift.example"), undeclared);
    assert_eq!(bring(&mailman, &wanted), 4);
    assert_eq!(
        values(&mailman.read(&wanted).unwrap().state),
        values(&wanted)
    );
    let path = "/members/find?list_id=dev.drift.example&role=nonmember";
    let kept = by_hand(&server, "GET", path, &Value::Null);
    assert_eq!(kept["total_size"], 1);
}

#[test]
fn every_page_is_read() {
    let Some(server) = server() else { return };
    let mailman = domain(&server, "pages.example");
    for number in 0..45 {
        let name = format!("l{number}@pages.example");
        by_hand(&server, "POST", "/lists", &json!({"fqdn_listname": name}));
    }
    let mut wanted = State::default();
    for number in 0..12 {
        let list = format!("l{number}@pages.example");
        let value = json!({"name": format!("L{number}"), "description": ""});
        wanted.insert(group(&list), value);
        for person in 0..=(number % 4) {
            let id = format!("l{number}.pages.example");
            let role = ["member", "owner", "moderator"][(number + person) % 3];
            subscribe_by_hand(&server, &id, &format!("p{person}@x.example"), role);
        }
    }
    let whole = mailman.read(&wanted).unwrap().state;
    let of = |sort| whole.entries.keys().filter(|key| key.sort == sort).count();
    assert_eq!((of(Sort::MailingGroup), of(Sort::MailingMember)), (45, 30));
    for entries in [1, 7, 15, 45] {
        let paged = at(&server, "pages.example").with_pages_of(entries);
        assert_eq!(
            values(&paged.read(&wanted).unwrap().state),
            values(&whole),
            "{entries}"
        );
    }
    // One list wanted: those of others are not asked for.
    wanted
        .entries
        .retain(|key, _| *key == group("l3@pages.example"));
    let one = at(&server, "pages.example")
        .with_pages_of(2)
        .read(&wanted)
        .unwrap()
        .state;
    let members = one
        .entries
        .keys()
        .filter(|key| key.sort == Sort::MailingMember);
    assert!(members.clone().all(|key| key.of == "l3@pages.example"));
    assert_eq!((members.count(), one.entries.len()), (4, 45 + 4));
}

#[test]
fn the_highest_of_several_roles_is_read_and_the_others_go_with_a_change() {
    let Some(server) = server() else { return };
    let mailman = domain(&server, "roles.example");
    let list = "dev@roles.example";
    let mut wanted = State::default();
    declare(
        &mut wanted,
        list,
        "Dev",
        &["owner Ada@x.example", "member b.o.b@gmail.com"],
    );
    bring(&mailman, &wanted);
    for (address, role) in [
        ("ada@x.example", "member"),
        ("ada@x.example", "moderator"),
        ("bob@gmail.com", "owner"),
    ] {
        subscribe_by_hand(&server, "dev.roles.example", address, role);
    }
    let key = member(list, "bob@gmail.com");
    let read = mailman.read(&wanted).unwrap().state;
    assert_eq!(
        read.value(&key),
        Some(&json!({"address": "b.o.b@gmail.com", "role": "owner"}))
    );
    assert_eq!(
        bring(&mailman, &wanted),
        1,
        "only one has a role that is not wanted"
    );

    declare(&mut wanted, list, "Dev", &["member Ada@x.example"]);
    assert_eq!(bring(&mailman, &wanted), 1);
    let all = by_hand(
        &server,
        "GET",
        "/members/find?list_id=dev.roles.example",
        &Value::Null,
    );
    let roles: BTreeSet<_> = all["entries"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| {
            format!(
                "{} {}",
                entry["role"].as_str().unwrap(),
                entry["email"].as_str().unwrap()
            )
        })
        .collect();
    let expected = ["member ada@x.example", "member b.o.b@gmail.com"];
    assert_eq!(roles, expected.map(str::to_owned).into());
}

#[test]
fn what_is_there_or_gone_already_is_done() {
    let Some(server) = server() else { return };
    let mailman = at(&server, "again.example");
    let list = group("dev@again.example");
    let settings = settings("dev@again.example");
    let person = member("dev@again.example", "Ada+1@x.example");
    let value = json!({"address": "Ada+1@x.example", "role": "manager"});
    // The domain is made with its first list.
    for _ in 0..2 {
        write(
            &mailman,
            &list,
            Some(&json!({"name": "Dev", "description": null})),
        )
        .unwrap();
        let strict = json!({"unsubscription_policy": "moderate"});
        write(&mailman, &settings, Some(&strict)).unwrap();
        write(&mailman, &person, Some(&value)).unwrap();
    }
    let member = json!({"address": "ada+1@x.example", "role": "member"});
    write(&mailman, &person, Some(&member)).unwrap();
    // Gone at once, though members of this list must ask to leave.
    for _ in 0..2 {
        let before = Some(&member);
        let step = Step {
            key: &person,
            before,
            after: None,
        };
        mailman.write(&step, &Known::default()).unwrap();
    }
    let mut wanted = State::default();
    wanted.insert(list.clone(), json!({"name": null, "description": null}));
    assert_eq!(
        values(&mailman.read(&wanted).unwrap().state),
        values(&wanted)
    );
    for _ in 0..2 {
        write(&mailman, &list, None).unwrap();
    }
    write(&mailman, &settings, None).unwrap();
    assert!(mailman.read(&wanted).unwrap().state.entries.is_empty());
}

#[test]
fn no_two_changes_are_asked_for_at_once() {
    let mailman = at_root("x.example", "http://127.0.0.1:1/3.1", "p");
    assert_eq!(mailman.at_once(), 1);
}

/// Who may be in a list in the property test.
const PEOPLE: [&str; 7] = [
    "ada@x.example",
    "Bob+Tag@X.example",
    "c.d.e@gmail.com",
    "f*@x.example",
    "fa@x.example",
    "g_h@x.example",
    "gxh@x.example",
];

fn rosters() -> impl Strategy<Value = Vec<Vec<Option<usize>>>> {
    let one = prop::collection::vec(prop::option::of(0..3_usize), PEOPLE.len());
    prop::collection::vec(one, 2)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 6, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_rosters_are_brought_to_any_others(rosters in rosters()) {
        let Some(server) = server() else { return Ok(()) };
        // Made once, and brought on from what the case before left.
        let _ = server.ask("POST", "/domains", &json!({"mail_host": "any.example"}).to_string());
        let mailman = at(&server, "any.example");
        let mut wanted = State::default();
        for (number, roster) in rosters.iter().enumerate() {
            let members = roster.iter().zip(PEOPLE).filter_map(|(role, address)| {
                Some(format!("{} {address}", ["owner", "manager", "member"][(*role)?]))
            });
            let members: Vec<_> = members.collect();
            let members: Vec<_> = members.iter().map(String::as_str).collect();
            declare(&mut wanted, &format!("l{number}@any.example"), "Any", &members);
        }
        bring(&mailman, &wanted);
        prop_assert_eq!(values(&mailman.read(&wanted).unwrap().state), values(&wanted));
        prop_assert_eq!(bring(&mailman, &wanted), 0);
    }
}
