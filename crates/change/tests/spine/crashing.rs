//! A process that dies at any step, and the run after it.

use change::apply::Ending;
use proptest::prelude::*;

use crate::planning::some_things;
use crate::shelf::Trouble;
use crate::workshop::{Made, Workshop};

/// How many steps an undisturbed run takes.
fn steps(workshop: &Workshop, made: &Made) -> usize {
    let before = workshop.world.borrow().steps;
    workshop.apply(made);
    workshop.world.borrow().steps - before
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(6))]

    #[test]
    fn after_a_death_at_any_step_the_next_run_finishes_and_does_nothing_twice(
        there in some_things(),
        wanted in some_things(),
        batch in 1..4_usize,
    ) {
        let rehearsal = Workshop::new(&there, batch);
        let made = rehearsal.plan(&wanted, &there);
        for dies_at in 1..=steps(&rehearsal, &made) {
            let workshop = Workshop::new(&there, batch);
            let made = workshop.plan(&wanted, &there);
            let now = workshop.world.borrow().steps;
            workshop.world.borrow_mut().dies_at = Some(now + dies_at);
            prop_assert!(workshop.run(&made).is_none(), "step {dies_at} was not reached");
            let report = workshop.apply(&made);
            prop_assert_eq!(&report.ending, &Ending::Applied, "at step {}", dies_at);
            prop_assert_eq!(report.done + report.already, made.0.changes().count());
            prop_assert_eq!(&workshop.things(), &wanted);
            prop_assert_eq!(workshop.told(&there), wanted.clone());
            let world = workshop.world.borrow();
            prop_assert!(world.writes.values().all(|count| *count == 1), "{:?}", world.writes);
        }
    }

    #[test]
    fn a_death_while_it_is_undone_leaves_nothing_half_done_either(
        there in some_things(),
        wanted in some_things(),
        refused in 0..4_usize,
    ) {
        let rehearsal = Workshop::new(&there, 1);
        let made = rehearsal.plan(&wanted, &there);
        rehearsal.trouble(refused, Trouble::Refused);
        for dies_at in 1..=steps(&rehearsal, &made) {
            let workshop = Workshop::new(&there, 1);
            let made = workshop.plan(&wanted, &there);
            workshop.trouble(refused, Trouble::Refused);
            let now = workshop.world.borrow().steps;
            workshop.world.borrow_mut().dies_at = Some(now + dies_at);
            prop_assert!(workshop.run(&made).is_none());
            // The system still refuses that thing, at whichever call it comes.
            let report = workshop.apply(&made);
            let (things, told) = (workshop.things(), workshop.told(&there));
            prop_assert_eq!(&told, &things);
            match report.ending {
                Ending::Applied => prop_assert_eq!(things, wanted.clone()),
                Ending::RolledBack { .. } | Ending::Stopped { .. } => {
                    prop_assert_eq!(things, there.clone());
                }
                other => prop_assert!(false, "{other:?}"),
            }
        }
    }
}

#[test]
fn the_run_after_a_death_that_is_refused_undoes_what_the_dead_one_did() {
    let there = crate::workshop::things(&[("a", 1), ("b", 1), ("c", 1)]);
    let wanted = crate::workshop::things(&[("a", 2), ("b", 2), ("c", 2)]);
    let rehearsal = Workshop::new(&there, 1);
    let made = rehearsal.plan(&wanted, &there);
    for dies_at in 1..=steps(&rehearsal, &made) {
        let workshop = Workshop::new(&there, 1);
        let made = workshop.plan(&wanted, &there);
        let now = workshop.world.borrow().steps;
        workshop.world.borrow_mut().dies_at = Some(now + dies_at);
        assert!(workshop.run(&made).is_none());
        workshop.trouble(0, Trouble::Refused);
        let ending = workshop.apply(&made).ending;
        let things = workshop.things();
        assert_eq!(workshop.told(&there), things);
        match ending {
            // Nothing was left to be refused.
            Ending::Applied => assert_eq!(things, wanted),
            Ending::RolledBack { .. } | Ending::Stopped { .. } => assert_eq!(things, there),
            other => panic!("{other:?}"),
        }
    }
}
