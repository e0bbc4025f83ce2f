//! Plan files, and what is done to them.

use base::{Digest, canonical};
use change::Action;
use change::plan::{NotAPlan, Plan};
use proptest::prelude::*;
use serde_json::Value;

use crate::planning::some_things;
use crate::workshop::{Workshop, things};

fn small() -> Plan {
    let there = things(&[("a", 1), ("b", 1)]);
    let workshop = Workshop::new(&there, 1);
    workshop.plan(&things(&[("b", 2), ("c", 1)]), &there).0
}

/// The file of a plan after something was done to it by somebody who knows how digests are made.
fn forged(change: impl FnOnce(&mut Value)) -> String {
    let mut plan = serde_json::to_value(small()).unwrap();
    change(&mut plan);
    let text = canonical(&plan).unwrap();
    let digest = Digest::of(text.as_bytes());
    format!("{{\"digest\":\"{digest}\",\"plan\":{text}}}\n")
}

#[test]
fn any_byte_that_was_changed_is_seen() {
    let (text, digest) = small().to_text().unwrap();
    assert_eq!(Plan::parse(&text).unwrap(), (small(), digest));
    for at in 0..text.len() {
        for other in [b'0', b'1', b'a', b' ', b'"', b'}'] {
            let mut bytes = text.clone().into_bytes();
            if bytes[at] != other {
                bytes[at] = other;
                let changed = String::from_utf8(bytes).unwrap();
                assert!(Plan::parse(&changed).is_err(), "byte {at}: {changed}");
            }
        }
        let cut = [&text[..at], &text[at + 1..]].concat();
        assert!(Plan::parse(&cut).is_err(), "without byte {at}");
        assert!(Plan::parse(&text[..at]).is_err(), "only {at} bytes");
    }
    assert!(Plan::parse(&format!("{text}\n")).is_err());
    let windows = text.replace('\n', "\r\n");
    assert!(Plan::parse(&windows).is_err());
}

proptest! {
    #[test]
    fn the_same_input_gives_the_same_bytes(there in some_things(), wanted in some_things()) {
        let workshop = Workshop::new(&there, 1);
        let (plan, digest) = workshop.plan(&wanted, &there);
        let text = plan.to_text().unwrap().0;
        prop_assert_eq!(workshop.plan(&wanted, &there).0.to_text().unwrap(), (text.clone(), digest));
        let (read, same) = Plan::parse(&text).unwrap();
        prop_assert_eq!(same, digest);
        prop_assert_eq!(read.to_text().unwrap().0, text);
    }
}

/// What somebody does to the JSON of a plan.
type Forgery = fn(&mut Value);

#[test]
fn a_plan_that_contradicts_itself_is_refused_though_its_digest_is_right() {
    let contradictions: [(&str, Forgery); 5] = [
        (
            "a in shelf tools at here: its action is not what before and after say",
            |plan| {
                plan["scopes"][0]["changes"][0]["change"]["action"] = "update".into();
            },
        ),
        (
            "a in shelf tools at here: its digest is of another change",
            |plan| {
                plan["scopes"][0]["changes"][0]["change"]["before"] = 9.into();
            },
        ),
        (
            "a in shelf tools at there: its digest is of another change",
            |plan| {
                plan["scopes"][0]["scope"]["at"] = "there".into();
            },
        ),
        ("b in shelf tools at here: it is changed twice", |plan| {
            let changes = plan["scopes"][0]["changes"].as_array_mut().unwrap();
            changes.push(changes[1].clone());
        }),
        ("shelf tools at here is planned twice", |plan| {
            let scopes = plan["scopes"].as_array_mut().unwrap();
            scopes.push(scopes[0].clone());
        }),
    ];
    for (what, contradiction) in contradictions {
        let found = Plan::parse(&forged(contradiction)).unwrap_err();
        assert_eq!(found, NotAPlan::Contradiction(what.to_owned()));
    }
}

#[test]
fn a_plan_of_another_format_or_with_unknown_parts_is_refused() {
    let newer = forged(|plan| {
        plan["format"] = 2.into();
        plan["wishes"] = Value::Null;
    });
    assert_eq!(Plan::parse(&newer).unwrap_err(), NotAPlan::Newer(2));
    let same_parts = forged(|plan| plan["format"] = 7.into());
    assert_eq!(Plan::parse(&same_parts).unwrap_err(), NotAPlan::Newer(7));
    let unknown = forged(|plan| plan["wishes"] = Value::Null);
    assert!(matches!(
        Plan::parse(&unknown).unwrap_err(),
        NotAPlan::Form(_)
    ));
    for text in ["", "{}", "{\"digest\":\"", "not json"] {
        assert!(
            matches!(Plan::parse(text).unwrap_err(), NotAPlan::Form(_)),
            "{text}"
        );
    }
}

#[test]
fn removals_come_first() {
    let actions: Vec<Action> = small()
        .changes()
        .map(|(_, planned)| planned.change.action)
        .collect();
    assert_eq!(actions, [Action::Delete, Action::Update, Action::Create]);
}
