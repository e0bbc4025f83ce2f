//! A system that takes every change by itself.

use change::apply::Ending;
use proptest::prelude::*;

use crate::planning::some_things;
use crate::shelf::{Things, Trouble};
use crate::workshop::{Made, Workshop, things};

fn workshop(there: &Things, batch: usize) -> Workshop {
    let mut workshop = Workshop::new(there, batch);
    workshop.apart = true;
    workshop
}

/// Five things to make, in one wave.
fn five() -> (Workshop, Made, Things) {
    let wanted = things(&[("a", 1), ("b", 2), ("c", 3), ("d", 4), ("e", 5)]);
    let workshop = workshop(&Things::new(), 5);
    let made = workshop.plan(&wanted, &Things::new());
    (workshop, made, wanted)
}

#[test]
fn what_is_refused_stops_only_itself_and_nothing_is_undone() {
    let (workshop, made, mut wanted) = five();
    workshop.trouble(1, Trouble::Refused);
    let report = workshop.apply(&made);
    let failed = vec!["b: not this one".to_owned()];
    assert_eq!(report.ending, Ending::Partly { failed, left: 1 });
    assert_eq!(report.done, 4);
    let again = workshop.apply(&made);
    assert_eq!((again.ending, again.done), (Ending::Applied, 1));
    assert_eq!(workshop.things(), wanted);
    wanted.remove("b");
    assert!(
        workshop
            .world
            .borrow()
            .writes
            .values()
            .all(|count| *count == 1)
    );
}

#[test]
fn what_must_wait_is_sent_again_and_the_rest_is_not() {
    let (workshop, made, wanted) = five();
    workshop.trouble(0, Trouble::Later(7));
    workshop.trouble(3, Trouble::Unreachable);
    assert_eq!(workshop.apply(&made).ending, Ending::Applied);
    assert_eq!(workshop.things(), wanted);
    assert!(
        workshop
            .world
            .borrow()
            .writes
            .values()
            .all(|count| *count == 1)
    );
}

#[test]
fn a_system_that_asks_to_wait_is_obeyed_for_hours_and_not_for_ever() {
    let wanted = things(&[("a", 1)]);
    for (seconds, ending) in [(60, Ending::Applied), (7000, Ending::Applied)] {
        let workshop = workshop(&Things::new(), 1);
        let made = workshop.plan(&wanted, &Things::new());
        (0..7000 / seconds).for_each(|call| {
            workshop.trouble(usize::try_from(call).unwrap(), Trouble::Later(seconds));
        });
        assert_eq!(workshop.apply(&made).ending, ending);
        assert_eq!(workshop.things(), wanted);
    }
    let workshop = workshop(&Things::new(), 1);
    let made = workshop.plan(&wanted, &Things::new());
    (0..200).for_each(|call| workshop.trouble(call, Trouble::Later(60)));
    let why = "the system asks to wait 60 seconds; go on after that".to_owned();
    assert_eq!(
        workshop.apply(&made).ending,
        Ending::Interrupted { why, left: 1 }
    );
}

#[test]
fn what_was_done_without_an_answer_is_found_and_not_done_again() {
    let (workshop, made, wanted) = five();
    workshop.trouble(0, Trouble::UnknownAfter);
    workshop.trouble(2, Trouble::UnknownBefore);
    assert_eq!(workshop.apply(&made).ending, Ending::Applied);
    assert_eq!(workshop.things(), wanted);
    assert!(
        workshop
            .world
            .borrow()
            .writes
            .values()
            .all(|count| *count == 1)
    );
}

#[test]
fn a_system_that_nobody_reaches_is_not_asked_for_every_wave() {
    let wanted = things(&[("a", 1), ("b", 2), ("c", 3)]);
    let workshop = workshop(&Things::new(), 1);
    let made = workshop.plan(&wanted, &Things::new());
    for call in 0..5 {
        workshop.trouble(call, Trouble::Unreachable);
    }
    let report = workshop.apply(&made);
    let why = "nobody there, 5 times".to_owned();
    assert_eq!(report.ending, Ending::Interrupted { why, left: 3 });
    assert_eq!(workshop.apply(&made).ending, Ending::Applied);
    assert_eq!(workshop.things(), wanted);
}

#[test]
fn one_change_that_never_comes_through_lets_the_others_through() {
    let (mut workshop, made, mut wanted) = five();
    workshop.batch = 1;
    for call in 1..6 {
        workshop.trouble(call, Trouble::UnknownBefore);
    }
    let report = workshop.apply(&made);
    let failed = vec!["b: no answer, 5 times".to_owned()];
    assert_eq!(report.ending, Ending::Partly { failed, left: 1 });
    wanted.remove("b");
    assert_eq!(workshop.things(), wanted);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(6))]

    #[test]
    fn after_a_death_at_any_step_the_next_run_finishes_and_does_nothing_twice(
        there in some_things(),
        wanted in some_things(),
        batch in 1..4_usize,
    ) {
        let rehearsal = workshop(&there, batch);
        let made = rehearsal.plan(&wanted, &there);
        rehearsal.apply(&made);
        let steps = rehearsal.world.borrow().steps;
        for dies_at in 1..=steps {
            let workshop = workshop(&there, batch);
            let made = workshop.plan(&wanted, &there);
            workshop.world.borrow_mut().dies_at = Some(dies_at);
            if workshop.run(&made).is_some() {
                continue;
            }
            let report = workshop.apply(&made);
            prop_assert_eq!(&report.ending, &Ending::Applied, "at step {}", dies_at);
            prop_assert_eq!(&workshop.things(), &wanted);
            prop_assert_eq!(workshop.told(&there), wanted.clone());
            let world = workshop.world.borrow();
            prop_assert!(world.writes.values().all(|count| *count == 1), "{:?}", world.writes);
        }
    }
}
