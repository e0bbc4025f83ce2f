//! What is told of things that are not as declared, or not as they were.

use std::collections::BTreeMap;

use audit::{
    Against, Class, Coverage, Difference, Evidence, Export, Ignores, Seen, Since, Thing, compare,
    fields,
};
use jiff::civil::date;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::account::estate;

/// A ledger that knows of one thing.
struct Record(&'static str, Option<Value>);

impl Evidence for Record {
    fn made(&self, _: &str, thing: &str, now: Option<&Value>) -> Option<String> {
        (thing == self.0 && now == self.1.as_ref()).then(|| "record 7".to_owned())
    }
}

const NOTHING: Record = Record("", None);

fn export(things: &[(&str, Value)]) -> Export {
    let things = things
        .iter()
        .map(|(name, value)| ((*name).to_owned(), value.clone()));
    Export::new("aws/main/s3", things)
}

fn seen(there: &[(&str, Value)], against: &[(&str, Against)]) -> Seen {
    let thing = |against: &Against| Thing::new(against.clone(), vec!["infra".to_owned()]);
    Seen {
        export: export(there),
        things: against
            .iter()
            .map(|(name, against)| ((*name).to_owned(), thing(against)))
            .collect(),
    }
}

fn unmanaged() -> Against {
    Against::Unmanaged("nobody declares it".to_owned())
}

fn compared(seen: &Seen, last: Option<&Export>, evidence: &Record) -> (Vec<Difference>, Coverage) {
    let estate = estate(&[]);
    compare(
        seen,
        last,
        evidence,
        &Ignores::of(&estate.manifest, date(2026, 1, 1)),
    )
}

fn told(differences: &[Difference]) -> Vec<(&str, Class, Option<Since>)> {
    differences
        .iter()
        .map(|one| (one.thing.as_str(), one.class, one.since))
        .collect()
}

#[test]
fn each_difference_is_told_once_and_as_what_it_is() {
    let last = export(&[
        ("gone", json!(1)),
        ("kept", json!(1)),
        ("lost", json!(1)),
        ("moved", json!({"a": 1, "b": 2})),
    ]);
    let seen = seen(
        &[
            ("kept", json!(1)),
            ("moved", json!({"a": 1, "b": 3})),
            ("new", json!(1)),
        ],
        &[
            ("kept", Against::Declared),
            ("lost", Against::Missing),
            (
                "moved",
                Against::Changed(fields(&json!({"b": 2}), &json!({"b": 3}))),
            ),
            ("new", unmanaged()),
        ],
    );
    let (differences, coverage) = compared(&seen, Some(&last), &NOTHING);
    assert_eq!(
        told(&differences),
        [
            ("gone", Class::Unmanaged, Some(Since::Gone)),
            ("lost", Class::Missing, Some(Since::Gone)),
            ("moved", Class::Changed, Some(Since::Changed)),
            ("new", Class::Unmanaged, Some(Since::Appeared)),
        ]
    );
    assert_eq!(
        coverage,
        Coverage {
            managed: 2,
            total: 3
        }
    );
    assert_eq!(differences[2].otherwise, differences[2].moved);
    assert_eq!(differences[2].moved[0].name, "b");
    // Without an audit before it, nothing is said to have come or gone.
    let (differences, _) = compared(&seen, None, &NOTHING);
    assert!(differences.iter().all(|one| one.since.is_none()));
    assert_eq!(differences.len(), 3);
}

#[test]
fn what_the_ledger_did_is_expected_and_what_it_did_not_is_not() {
    let last = export(&[("a", json!(1)), ("b", json!(1)), ("c", json!(1))]);
    let seen = seen(
        &[("a", json!(2)), ("b", json!(3))],
        &[("a", Against::Declared), ("b", Against::Declared)],
    );
    for (record, class) in [
        (Record("a", Some(json!(2))), Class::Expected),
        (Record("a", Some(json!(9))), Class::Settled),
    ] {
        let (differences, _) = compared(&seen, Some(&last), &record);
        assert_eq!(differences[0].class, class);
        assert_eq!(differences[1].class, Class::Settled);
        assert!(!differences[0].is_open());
    }
    let (differences, _) = compared(&seen, Some(&last), &Record("c", None));
    assert_eq!(
        told(&differences)[2],
        ("c", Class::Expected, Some(Since::Gone))
    );
    // A record explains nothing that is otherwise than declared.
    let seen = self::seen(&[("a", json!(2))], &[("a", Against::Changed(Vec::new()))]);
    let (differences, _) = compared(&seen, Some(&last), &Record("a", Some(json!(2))));
    assert_eq!(differences[0].class, Class::Changed);
}

#[test]
fn what_the_estate_does_not_say_is_held_against_the_last_audit() {
    let last = export(&[("a", json!({"policy": 1})), ("b", json!(1))]);
    let there = [
        ("a", json!({"policy": 2})),
        ("b", json!(1)),
        ("c", json!(1)),
    ];
    let seen = seen(
        &there,
        &[
            ("a", Against::Named),
            ("b", Against::Named),
            ("c", Against::Named),
        ],
    );
    let (differences, coverage) = compared(&seen, Some(&last), &NOTHING);
    assert_eq!(
        told(&differences),
        [
            ("a", Class::Changed, Some(Since::Changed)),
            ("c", Class::Settled, Some(Since::Appeared)),
        ]
    );
    assert!(differences[0].is_open() && !differences[1].is_open());
    assert_eq!(differences[0].moved[0].name, "policy");
    assert_eq!(coverage.managed, 3);
}

#[test]
fn a_plan_that_would_make_it_right_explains_it() {
    let mut seen = seen(&[], &[("a", Against::Missing)]);
    seen.things.get_mut("a").unwrap().planned_by = Some("plan 1".to_owned());
    let (differences, _) = compared(&seen, None, &NOTHING);
    assert_eq!(differences[0].class, Class::Expected);
    assert_eq!(differences[0].expected_by.as_deref(), Some("plan 1"));
}

#[test]
fn parts_come_and_go_with_the_whole_but_change_by_themselves() {
    let whole = [
        ("zone/a", json!({})),
        ("zone/a/x", json!(1)),
        ("zone/a/y", json!(1)),
    ];
    let against = [
        ("zone/a", unmanaged()),
        ("zone/a/x", Against::Part("zone/a".to_owned())),
        ("zone/a/y", Against::Part("zone/a".to_owned())),
    ];
    let seen = seen(&whole, &against);
    let (differences, coverage) = compared(&seen, Some(&export(&[])), &NOTHING);
    assert_eq!(
        told(&differences),
        [("zone/a", Class::Unmanaged, Some(Since::Appeared))]
    );
    assert_eq!(
        coverage,
        Coverage {
            managed: 0,
            total: 1
        }
    );
    let before = export(&[
        ("zone/a", json!({})),
        ("zone/a/x", json!(2)),
        ("zone/a/z", json!(1)),
    ]);
    let (differences, _) = compared(&seen, Some(&before), &NOTHING);
    assert_eq!(
        told(&differences),
        [
            ("zone/a", Class::Unmanaged, None),
            ("zone/a/x", Class::Unmanaged, Some(Since::Changed)),
            ("zone/a/y", Class::Unmanaged, Some(Since::Appeared)),
            ("zone/a/z", Class::Unmanaged, Some(Since::Gone)),
        ]
    );
    // A zone that is declared by its name, and was there by its name and id.
    let lost = self::seen(&[], &[("zone", Against::Missing)]);
    let (differences, _) = compared(&lost, Some(&export(&whole)), &NOTHING);
    assert_eq!(
        told(&differences),
        [("zone", Class::Missing, Some(Since::Gone))]
    );
}

#[test]
fn what_is_known_is_told_and_not_open_until_its_day() {
    let root = "commonhold: 1\nname: Example\naudit_ignore:\n- {thing: bucket/*, system: aws/*, owner: infra, reason: older than us, until: 2026-06-30}\n";
    let estate = estate(&[("commonhold.yaml", root)]);
    let seen = seen(
        &[("bucket/a", json!(1)), ("user/b", json!(1))],
        &[("bucket/a", unmanaged()), ("user/b", unmanaged())],
    );
    let open = |day| {
        let ignores = Ignores::of(&estate.manifest, day);
        let (differences, _) = compare(&seen, None, &NOTHING, &ignores);
        differences
            .iter()
            .map(Difference::is_open)
            .collect::<Vec<_>>()
    };
    assert_eq!(open(date(2026, 6, 30)), [false, true]);
    assert_eq!(open(date(2026, 7, 1)), [true, true]);
}

#[test]
fn fields_have_the_names_of_those_they_are_in() {
    let from = json!({"a": {"b": 1, "c": {"d": 1}}, "e": 1, "same": [1]});
    let to = json!({"a": {"b": 2, "c": 5}, "f": {"g": 1}, "same": [1]});
    let found = fields(&from, &to);
    let names: Vec<&str> = found.iter().map(|field| field.name.as_str()).collect();
    assert_eq!(names, ["a.b", "a.c", "e", "f.g"]);
    assert_eq!(
        (found[2].from.clone(), found[2].to.clone()),
        (Some(json!(1)), None)
    );
    assert!(fields(&json!(1), &json!(1)).is_empty());
    assert_eq!(fields(&json!(1), &json!({"a": 1})).len(), 1);
}

fn things() -> impl Strategy<Value = BTreeMap<String, Value>> {
    prop::collection::btree_map("[ab](/[ab])?", (0..3).prop_map(|n| json!(n)), 0..5)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_same_twice_is_no_difference(things in things()) {
        let export = Export::new("s", things.clone());
        let against = things.keys().map(|name| (name.clone(), Thing::new(Against::Declared, Vec::new())));
        let seen = Seen { things: against.collect(), export: export.clone() };
        let (differences, coverage) = compared(&seen, Some(&export), &NOTHING);
        prop_assert!(differences.is_empty());
        prop_assert_eq!((coverage.managed, coverage.total), (things.len(), things.len()));
    }

    #[test]
    fn no_thing_is_told_twice_and_none_that_changed_is_left_out(before in things(), now in things()) {
        let last = Export::new("s", before.clone());
        let against = now.keys().map(|name| (name.clone(), Thing::new(Against::Beside, Vec::new())));
        let seen = Seen { things: against.collect(), export: Export::new("s", now.clone()) };
        let (differences, _) = compared(&seen, Some(&last), &NOTHING);
        let mut told: Vec<&str> = differences.iter().map(|one| one.thing.as_str()).collect();
        let all = told.len();
        told.dedup();
        prop_assert_eq!(told.len(), all);
        for (name, value) in &now {
            let changed = before.get(name).is_some_and(|was| was != value);
            prop_assert_eq!(changed && !told.contains(&name.as_str()), false);
        }
    }
}
