//! Undoing what the ledger says was done.

use change::apply::Ending;
use change::journal::FINISHED;
use change::plan::{Observed, Planned, ScopePlan};
use change::{Domain, NoRevert, Origin, revert};
use charter::risk::Risk;
use proptest::prelude::*;

use crate::planning::some_things;
use crate::shelf::{Things, Trouble, scope};
use crate::workshop::{Made, Workshop, things};

/// The plan that undoes a record.
fn undoing(workshop: &Workshop, seq: u64) -> Result<Made, NoRevert> {
    let (scope, changes) = revert(&mut workshop.ledger(), seq)?;
    let shelf = workshop.shelf(&Things::new());
    let observation = shelf.observe(&scope).unwrap();
    let plan = |mut change: change::Change| {
        shelf.judge(&scope, &observation.state, [&mut change]);
        Planned {
            digest: change.digest(&scope).unwrap(),
            change,
            risk: Risk::Low,
            reasons: Vec::new(),
            accumulates: true,
        }
    };
    Ok(Workshop::of(ScopePlan {
        changes: changes.into_iter().map(plan).collect(),
        observed: Observed {
            mark: observation.mark,
            digest: shelf.digest(&observation.state),
            resources: observation.state.len(),
        },
        scope,
        kept: Vec::new(),
        exceeded: Vec::new(),
    }))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn what_is_undone_is_as_it_was_and_nothing_else_changes(
        there in some_things(),
        wanted in some_things(),
        others in proptest::collection::btree_map("[p-z]", 0..3_u8, 0..4),
    ) {
        let workshop = Workshop::new(&there, 2);
        let made = workshop.plan(&wanted, &there);
        prop_assert_eq!(workshop.apply(&made).ending, Ending::Applied);
        if made.0.is_empty() {
            // Nobody let anything pass, so there is nothing to write down, nor to undo.
            prop_assert!(workshop.ledger().last().unwrap().is_none());
            return Ok(());
        }
        let record = workshop.last();
        workshop.world.borrow_mut().things.extend(others.clone());
        workshop.world.borrow_mut().serial += 1;
        let undo = undoing(&workshop, record).unwrap();
        prop_assert!(undo.0.changes().all(|(_, one)| one.change.origin == Origin::Revert));
        let planned: Vec<_> = undo.0.changes().map(|(_, one)| &one.change).collect();
        prop_assert!(planned.is_sorted_by_key(|one| (one.action, &one.resource)));
        prop_assert_eq!(workshop.apply(&undo).ending, Ending::Applied);
        let mut expected = there;
        expected.extend(others);
        prop_assert_eq!(workshop.things(), expected);
    }
}

#[test]
fn what_came_after_on_the_same_thing_is_not_overwritten() {
    let there = things(&[("a", 1)]);
    let workshop = Workshop::new(&there, 1);
    let wanted = things(&[("a", 2), ("b", 2)]);
    workshop.apply(&workshop.plan(&wanted, &there));
    let record = workshop.last();
    workshop.apply(&workshop.plan(&things(&[("a", 3), ("b", 2)]), &wanted));
    let undo = undoing(&workshop, record).unwrap();
    let moved = vec!["a is another now".to_owned()];
    assert_eq!(workshop.apply(&undo).ending, Ending::Stale { moved });
}

#[test]
fn one_batch_can_be_undone_alone() {
    let workshop = Workshop::new(&Things::new(), 1);
    let wanted = things(&[("a", 1), ("b", 1)]);
    workshop.apply(&workshop.plan(&wanted, &Things::new()));
    let first = workshop.batches()[0].0;
    workshop.apply(&undoing(&workshop, first).unwrap());
    assert_eq!(workshop.things(), things(&[("b", 1)]));
}

#[test]
fn what_was_not_done_cannot_be_undone() {
    let there = things(&[("a", 1), ("b", 1)]);
    let workshop = Workshop::new(&there, 1);
    workshop.trouble(1, Trouble::Refused);
    workshop.apply(&workshop.plan(&things(&[("a", 2), ("b", 2)]), &there));
    let ledger = &mut workshop.ledger();
    let last = workshop.last();
    assert_eq!(ledger.get(last).unwrap().unwrap().kind(), FINISHED);
    assert!(matches!(
        revert(ledger, last),
        Err(NoRevert::NothingDone(_))
    ));
    assert!(matches!(
        revert(ledger, last + 1),
        Err(NoRevert::NoRecord(_))
    ));
    assert!(matches!(
        revert(ledger, 2),
        Err(NoRevert::OtherKind { seq: 2, .. })
    ));
    let refused = workshop.batches()[1].0;
    assert!(matches!(
        revert(ledger, refused),
        Err(NoRevert::NothingDone(_))
    ));
    let (of, changes) = revert(ledger, workshop.batches()[0].0).unwrap();
    assert_eq!((of, changes.len()), (scope(), 1));
}
