//! How much of a scope one plan may change.

use change::apply::Ending;
use change::{Action, Change, Exceeded, ScopeLimits};

use crate::shelf::{Things, change};
use crate::workshop::Workshop;

fn limits(percent: u32, exempt_below: usize) -> ScopeLimits {
    ScopeLimits {
        updates_percent: percent,
        deletes_percent: percent,
        exempt_below,
    }
}

fn numbered(count: u8) -> Things {
    (0..count).map(|at| (format!("t{at:03}"), 1)).collect()
}

fn over(limits: ScopeLimits, existing: usize, changes: &[Change]) -> Vec<Exceeded> {
    let changes: Vec<&Change> = changes.iter().collect();
    change::exceeded(limits, existing, &changes, &[])
}

#[test]
fn so_many_may_go_as_the_limit_says_and_not_one_more() {
    for (percent, existing, most) in [
        (0, 10, 0),
        (30, 10, 3),
        (30, 11, 3),
        (30, 19, 5),
        (100, 12, 12),
    ] {
        let gone = |count: usize| -> Vec<_> {
            let all = (0..count).map(|at| change(&at.to_string(), Some(1), None));
            all.collect()
        };
        assert!(over(limits(percent, 10), existing, &gone(most)).is_empty());
        let found = over(limits(percent, 10), existing, &gone(most + 1));
        assert_eq!(found.len(), 1);
        let found = (
            found[0].action,
            found[0].count,
            found[0].of,
            found[0].allowed,
        );
        assert_eq!(found, (Action::Delete, most + 1, existing, most));
    }
    let text = over(limits(0, 10), 10, &[change("a", Some(1), Some(2))])[0].text();
    assert_eq!(text, "1 of 10 resources would be updated; 0 may be (0 %)");
}

#[test]
fn a_small_scope_has_no_limit_and_creating_has_none_anywhere() {
    let all: Vec<_> = (0..9)
        .map(|at| change(&at.to_string(), Some(1), None))
        .collect();
    assert!(over(limits(0, 10), 9, &all).is_empty());
    assert_eq!(over(limits(0, 10), 10, &all).len(), 1);
    let new: Vec<_> = (0..99)
        .map(|at| change(&at.to_string(), None, Some(1)))
        .collect();
    assert!(over(limits(0, 10), 10, &new).is_empty());
}

#[test]
fn a_run_after_a_death_is_held_to_the_limit_of_the_whole_plan() {
    let there = numbered(10);
    let wanted: Things = there.clone().into_iter().skip(3).collect();
    let mut workshop = Workshop::new(&there, 1);
    workshop.limits = limits(30, 10);
    let made = workshop.plan(&wanted, &there);
    assert!(made.0.scopes[0].exceeded.is_empty());
    workshop.trouble(2, crate::shelf::Trouble::Unreachable);
    assert!(matches!(
        workshop.apply(&made).ending,
        Ending::Interrupted { .. }
    ));
    let mut asked = 0;
    let report = workshop.apply_with(&made, &mut |anew| {
        asked += 1;
        assert!(anew.exceeded.is_empty(), "{:?}", anew.exceeded);
        assert_eq!(anew.changes.len(), 1);
        crate::workshop::judgements(anew, true)
    });
    assert_eq!((report.ending, asked), (Ending::Applied, 1));
}

#[test]
fn what_a_plan_file_says_of_limits_and_effects_is_not_believed() {
    let there = numbered(10);
    let mut workshop = Workshop::new(&there, 1);
    let wanted: Things = there.clone().into_iter().skip(4).collect();
    let (mut plan, _) = workshop.plan(&wanted, &there);
    workshop.limits = limits(30, 10);
    plan.scopes[0].changes[0]
        .change
        .effect
        .dependents
        .push("made up".to_owned());
    let made = Workshop::of(plan.scopes.remove(0));
    let mut asked = 0;
    workshop.apply_with(&made, &mut |anew| {
        asked += 1;
        assert_eq!(anew.exceeded.len(), 1);
        assert_eq!(anew.changes[0].change.effect, crate::shelf::effect());
        Vec::new()
    });
    assert_eq!(asked, 1);
}
