//! From what is there and what is wanted to changes, and back.

use change::apply::Ending;
use change::{Action, Difference, Domain, Origin, is_reached, survey};
use proptest::collection::btree_map;
use proptest::prelude::*;

use crate::shelf::{Shelf, Things, World, scope};
use crate::workshop::{Workshop, things};

pub(crate) fn some_things() -> impl Strategy<Value = Things> {
    btree_map("[a-h]", 0..3_u8, 0..8)
}

proptest! {
    #[test]
    fn nothing_differs_from_itself(there in some_things(), before in some_things()) {
        let shelf = Shelf::wanting(&World::holding(&there), &there);
        let found = shelf.diff(&scope(), &there, &there, Some(&before));
        prop_assert_eq!(found, Difference::default());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn after_an_apply_there_is_nothing_to_plan(
        there in some_things(),
        wanted in some_things(),
        batch in 1..4_usize,
    ) {
        let workshop = Workshop::new(&there, batch);
        let made = workshop.plan(&wanted, &there);
        let count = made.0.changes().count();
        let report = workshop.apply(&made);
        prop_assert_eq!(&report.ending, &Ending::Applied);
        prop_assert_eq!(report.done, count);
        prop_assert_eq!(&workshop.things(), &wanted);
        prop_assert_eq!(workshop.told(&there), wanted.clone());
        prop_assert!(workshop.plan(&wanted, &there).0.is_empty());
    }
}

proptest! {
    #[test]
    fn a_scope_is_reached_where_a_survey_finds_nothing_to_do(
        there in some_things(),
        declared in some_things(),
        wanted in some_things(),
    ) {
        let world = World::holding(&there);
        let (shelf, base) = (Shelf::wanting(&world, &wanted), Shelf::wanting(&world, &declared));
        let found = survey(&shelf, Some(&base), &scope()).unwrap();
        let reached = is_reached(&shelf, Some(&base), &scope(), &there).unwrap();
        prop_assert_eq!(reached, found.difference.changes.is_empty());
    }
}

#[test]
fn what_the_files_said_before_is_drift_and_what_nobody_declared_stays() {
    let there = things(&[("foreign", 1), ("gone", 1), ("kept", 1), ("moved", 9)]);
    let declared = things(&[("gone", 1), ("kept", 1), ("lost", 1), ("moved", 1)]);
    let wanted = things(&[("kept", 1), ("lost", 1), ("moved", 1), ("new", 1)]);
    let workshop = Workshop::new(&there, 9);
    let found = workshop.plan(&wanted, &declared).0;
    let origins: Vec<(&str, Origin)> = found
        .changes()
        .map(|(_, planned)| (planned.change.resource.as_str(), planned.change.origin))
        .collect();
    assert_eq!(
        origins,
        [
            ("gone", Origin::Commit),
            ("moved", Origin::Drift),
            ("lost", Origin::Drift),
            ("new", Origin::Commit),
        ]
    );
    assert_eq!(found.scopes[0].kept[0].resource, "foreign");
    assert_eq!(found.scopes[0].kept.len(), 1);
}

#[test]
fn what_cannot_be_read_stops_its_scope_and_is_never_empty() {
    let there = things(&[("a", 1)]);
    let world = World::holding(&there);
    let sound = Shelf::wanting(&world, &there);
    let broken = Shelf {
        wanted: None,
        ..sound.clone()
    };
    let stopped = survey(&broken, Some(&sound), &scope()).unwrap_err();
    assert_eq!(stopped.what, "its file cannot be read");
    // What cannot be told of the base was not declared there: nothing is ours to delete.
    let foreign = Shelf::wanting(&world, &things(&[("b", 1)]));
    let found = survey(&foreign, Some(&broken), &scope()).unwrap();
    assert!(
        found
            .difference
            .changes
            .iter()
            .all(|change| change.action == Action::Create)
    );
    world.borrow_mut().unreadable = true;
    let stopped = survey(&sound, Some(&sound), &scope()).unwrap_err();
    assert_eq!(stopped.what, "it does not answer");
}
