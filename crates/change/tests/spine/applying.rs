//! Applying, whatever the system does.

use change::apply::Ending;
use change::journal::Fate;
use proptest::prelude::*;

use crate::planning::some_things;
use crate::shelf::{Things, Trouble};
use crate::workshop::{Workshop, things};

fn letters(all: &str, value: u8) -> Things {
    all.chars()
        .map(|letter| (letter.to_string(), value))
        .collect()
}

#[test]
fn a_stale_resource_stops_the_scope_and_nothing_is_written() {
    let there = letters("abc", 1);
    let workshop = Workshop::new(&there, 1);
    let made = workshop.plan(&letters("abcd", 2), &there);
    for (thing, value, text) in [
        ("b", Some(7), "b is another now"),
        ("b", None, "b is not there"),
    ] {
        {
            let mut world = workshop.world.borrow_mut();
            match value {
                Some(value) => world.things.insert(thing.to_owned(), value),
                None => world.things.remove(thing),
            };
            world.serial += 1;
        }
        let now = workshop.things();
        let moved = vec![text.to_owned()];
        assert_eq!(workshop.apply(&made).ending, Ending::Stale { moved });
        assert_eq!(workshop.things(), now);
        assert_eq!(workshop.last(), 0);
    }
}

#[test]
fn what_others_do_elsewhere_in_the_scope_does_not_matter() {
    let there = letters("abc", 1);
    let workshop = Workshop::new(&there, 1);
    let wanted = letters("abc", 2);
    let made = workshop.plan(&wanted, &there);
    workshop.world.borrow_mut().things.insert("x".to_owned(), 1);
    workshop.world.borrow_mut().serial += 1;
    workshop.trouble(1, Trouble::Meanwhile("y".to_owned(), 1));
    assert_eq!(workshop.apply(&made).ending, Ending::Applied);
    let mut expected = wanted;
    expected.extend(letters("xy", 1));
    assert_eq!(workshop.things(), expected);
}

#[test]
fn a_shut_gate_or_one_that_says_nothing_lets_nothing_be_written() {
    let there = letters("ab", 1);
    let mut workshop = Workshop::new(&there, 1);
    let made = workshop.plan(&letters("ab", 2), &there);
    workshop.open = false;
    assert_eq!(workshop.apply(&made).ending, Ending::NotPassed);
    assert_eq!(workshop.things(), there);
    assert_eq!(workshop.last(), 0);
}

#[test]
fn a_gate_that_forgets_a_change_has_not_let_it_pass() {
    let there = letters("ab", 1);
    let workshop = Workshop::new(&there, 1);
    let made = workshop.plan(&letters("ab", 2), &there);
    for kept in 0..2 {
        let report = workshop.apply_with(&made, &mut |anew| {
            let mut said = crate::workshop::judgements(anew, true);
            said.truncate(kept);
            said
        });
        assert_eq!(report.ending, Ending::NotPassed);
    }
    assert_eq!(workshop.things(), there);
}

#[test]
fn a_refusal_undoes_what_was_done_whichever_batch_it_is() {
    let there = letters("abcdef", 1);
    for refused in 0..3 {
        let workshop = Workshop::new(&there, 2);
        let made = workshop.plan(&letters("cdefgh", 2), &there);
        workshop.trouble(refused, Trouble::Refused);
        let report = workshop.apply(&made);
        let why = "not this one".to_owned();
        let expected = match refused {
            0 => Ending::Stopped { why },
            _ => Ending::RolledBack { why },
        };
        assert_eq!(report.ending, expected);
        assert_eq!(report.done, 0);
        assert_eq!(workshop.things(), there);
        assert_eq!(workshop.told(&there), there);
    }
}

#[test]
fn a_refusal_also_undoes_what_a_run_before_did() {
    let there = letters("abcd", 1);
    let workshop = Workshop::new(&there, 1);
    let mut wanted = letters("abcd", 2);
    let made = workshop.plan(&wanted, &there);
    // Somebody else did a part of it; that is theirs.
    workshop.world.borrow_mut().things.insert("d".to_owned(), 2);
    workshop.world.borrow_mut().serial += 1;
    workshop.trouble(2, Trouble::Unreachable);
    let report = workshop.apply(&made);
    let why = "nobody there".to_owned();
    assert_eq!(report.ending, Ending::Interrupted { why, left: 1 });
    workshop.trouble(0, Trouble::Refused);
    let why = "not this one".to_owned();
    assert_eq!(workshop.apply(&made).ending, Ending::RolledBack { why });
    wanted = letters("abc", 1);
    wanted.insert("d".to_owned(), 2);
    assert_eq!(workshop.things(), wanted);
}

#[test]
fn somebody_else_at_the_same_thing_undoes_ours_and_not_theirs() {
    let there = letters("abc", 1);
    let workshop = Workshop::new(&there, 1);
    let made = workshop.plan(&letters("abc", 2), &there);
    workshop.trouble(2, Trouble::Meanwhile("c".to_owned(), 9));
    let why = "somebody changed c meanwhile".to_owned();
    assert_eq!(workshop.apply(&made).ending, Ending::RolledBack { why });
    assert_eq!(workshop.things(), things(&[("a", 1), ("b", 1), ("c", 9)]));
}

#[test]
fn who_asks_to_wait_is_waited_for_and_not_for_ever() {
    let there = letters("ab", 1);
    let workshop = Workshop::new(&there, 1);
    let made = workshop.plan(&letters("ab", 2), &there);
    workshop.trouble(1, Trouble::Later(7));
    assert_eq!(workshop.apply(&made).ending, Ending::Applied);
    assert_eq!(workshop.world.borrow().waited.as_secs(), 7);
    let made = workshop.plan(&letters("ab", 3), &there);
    (0..5).for_each(|call| workshop.trouble(call, Trouble::Later(7)));
    let why = "the system asks to wait 7 seconds, 5 times".to_owned();
    assert_eq!(
        workshop.apply(&made).ending,
        Ending::Interrupted { why, left: 2 }
    );
    workshop.trouble(0, Trouble::Later(86_400));
    let why = "the system asks to wait 86400 seconds".to_owned();
    assert_eq!(
        workshop.apply(&made).ending,
        Ending::Interrupted { why, left: 2 }
    );
    assert_eq!(workshop.apply(&made).ending, Ending::Applied);
}

#[test]
fn what_is_not_known_is_found_out_and_done_once() {
    let there = letters("abc", 1);
    let workshop = Workshop::new(&there, 1);
    let made = workshop.plan(&letters("abc", 2), &there);
    workshop.trouble(0, Trouble::UnknownAfter);
    workshop.trouble(1, Trouble::UnknownBefore);
    assert_eq!(workshop.apply(&made).ending, Ending::Applied);
    assert!(
        workshop
            .world
            .borrow()
            .writes
            .values()
            .all(|count| *count == 1)
    );
    let fates: Vec<_> = workshop
        .batches()
        .into_iter()
        .flat_map(|(_, _, fates)| fates)
        .collect();
    assert_eq!(fates, [Fate::Done, Fate::NotDone, Fate::Done, Fate::Done]);
}

#[test]
fn what_cannot_be_found_out_stays_open_for_the_next_run() {
    let there = letters("abc", 1);
    let workshop = Workshop::new(&there, 1);
    let wanted = letters("abc", 2);
    let made = workshop.plan(&wanted, &there);
    workshop.trouble(1, Trouble::Dark);
    let why = "no answer".to_owned();
    assert_eq!(
        workshop.apply(&made).ending,
        Ending::Interrupted { why, left: 2 }
    );
    assert!(matches!(
        workshop.apply(&made).ending,
        Ending::Stopped { .. }
    ));
    workshop.world.borrow_mut().unreadable = false;
    let report = workshop.apply(&made);
    assert_eq!(report.ending, Ending::Applied);
    assert_eq!((report.already, report.done), (2, 1));
    assert_eq!(report.settled.len(), 1);
    assert_eq!(workshop.told(&there), wanted);
}

#[test]
fn an_applied_plan_does_nothing_when_it_is_applied_again() {
    let there = letters("abc", 1);
    let workshop = Workshop::new(&there, 2);
    let made = workshop.plan(&letters("bcd", 2), &there);
    workshop.apply(&made);
    let calls = workshop.world.borrow().calls;
    let report = workshop.apply(&made);
    assert_eq!(report.ending, Ending::Applied);
    assert_eq!((report.done, report.already), (0, 4));
    assert_eq!(workshop.world.borrow().calls, calls);
}

#[test]
fn a_batch_of_more_than_a_record_holds_is_announced_in_several() {
    let wanted: Things = (0..40)
        .map(|at| (format!("{at}").repeat(256 << 10), 1))
        .collect();
    let workshop = Workshop::new(&Things::new(), 40);
    let made = workshop.plan(&wanted, &Things::new());
    assert_eq!(workshop.apply(&made).ending, Ending::Applied);
    assert_eq!(workshop.world.borrow().calls, 1);
    assert!(workshop.batches().len() > 1);
    assert!(workshop.told(&Things::new()) == wanted);
}

fn trouble() -> impl Strategy<Value = Trouble> {
    prop_oneof![
        Just(Trouble::Refused),
        Just(Trouble::Later(7)),
        Just(Trouble::Unreachable),
        Just(Trouble::UnknownBefore),
        Just(Trouble::UnknownAfter),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn whatever_the_system_does_the_ledger_is_true_and_a_quiet_rerun_converges(
        there in some_things(),
        wanted in some_things(),
        batch in 1..4_usize,
        troubles in proptest::collection::btree_map(0..12_usize, trouble(), 0..6),
    ) {
        let workshop = Workshop::new(&there, batch);
        let made = workshop.plan(&wanted, &there);
        workshop.world.borrow_mut().troubles = troubles;
        for _ in 0..3 {
            let report = workshop.apply(&made);
            prop_assert_eq!(workshop.told(&there), workshop.things());
            match report.ending {
                Ending::Applied => prop_assert_eq!(&workshop.things(), &wanted),
                Ending::RolledBack { .. } => prop_assert_eq!(&workshop.things(), &there),
                Ending::Stopped { .. } | Ending::Interrupted { .. } => {}
                other => prop_assert!(false, "{other:?}"),
            }
        }
        workshop.world.borrow_mut().troubles.clear();
        prop_assert_eq!(workshop.apply(&made).ending, Ending::Applied);
        prop_assert_eq!(workshop.things(), wanted.clone());
        prop_assert_eq!(workshop.told(&there), wanted);
    }
}
