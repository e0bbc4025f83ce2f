//! Plans that can be checked by eye.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::{Weekday, date};
use waves::{Flaw, Freeze, Hard, Limits, Node, Owner, Problem, Soft};

use crate::problems::START;

/// Nodes of one owner with a day each: a row in which each has a bridge to the next.
fn row(count: usize, limits: Limits) -> Problem {
    Problem {
        owners: vec![Owner {
            name: "ops".to_owned(),
            capacity: 1.0,
        }],
        nodes: (0..count)
            .map(|place| Node {
                name: format!("service {place}"),
                effort: 1.0,
                owner: 0,
                rent: 0.0,
            })
            .collect(),
        hard: Vec::new(),
        soft: (1..count)
            .map(|place| Soft {
                one: place - 1,
                other: place,
                per_day: 0.5,
            })
            .collect(),
        freezes: Vec::new(),
        off: Vec::new(),
        moved: std::collections::BTreeSet::new(),
        start: START,
        limits,
        without: BTreeSet::new(),
        after: BTreeMap::new(),
    }
}

fn limits(days: u32, groups: usize) -> Limits {
    Limits { days, groups }
}

#[test]
fn a_row_is_moved_from_one_end_to_the_other() {
    let plan = row(6, limits(20, 1)).plan().expect("a plan");
    let order: Vec<usize> = plan.waves.iter().map(|wave| wave.groups[0]).collect();
    assert!(
        order.is_sorted() || order.iter().rev().is_sorted(),
        "{order:?}"
    );
    assert_eq!(plan.waves.len(), 6);
    assert!((plan.bridging - 2.5).abs() < 1e-9);
    assert!((plan.cost() - 8.5).abs() < 1e-9);
    assert!(plan.gap() == 0.0);
}

#[test]
fn what_fits_into_one_wave_needs_no_bridge() {
    let plan = row(6, limits(6, 10)).plan().expect("a plan");
    assert_eq!(plan.waves.len(), 1);
    assert!(plan.bridging == 0.0 && plan.waves[0].bridges.is_empty());
    assert_eq!(plan.ends(), Some(date(2026, 1, 10)));
}

#[test]
fn a_cycle_moves_as_one_and_is_named() {
    let mut problem = row(4, limits(20, 1));
    problem.hard = vec![Hard::Before(0, 2), Hard::Before(2, 3), Hard::Before(3, 0)];
    let plan = problem.plan().expect("a plan");
    assert_eq!(plan.groups[0].nodes, [0, 2, 3]);
    assert_eq!(plan.groups[0].cycle, [0, 2, 3]);
    assert_eq!(plan.groups[1].nodes, [1]);
}

#[test]
fn a_freeze_is_waited_for() {
    let mut problem = row(2, limits(20, 1));
    problem.hard = vec![Hard::Before(0, 1)];
    problem.freezes = vec![Freeze {
        from: date(2026, 1, 6),
        until: date(2026, 1, 12),
        owner: Some(0),
    }];
    let plan = problem.plan().expect("a plan");
    let firsts: Vec<_> = plan.waves.iter().map(|wave| wave.first).collect();
    assert_eq!(firsts, [date(2026, 1, 5), date(2026, 1, 13)]);
}

#[test]
fn nobody_works_on_a_day_that_is_off() {
    // A Monday, so that seven days of work end on the Tuesday after the next weekend.
    let mut problem = row(7, limits(20, 10));
    problem.off = vec![Weekday::Saturday, Weekday::Sunday];
    let plan = problem.plan().expect("a plan");
    assert_eq!(plan.waves.len(), 1);
    assert_eq!(plan.ends(), Some(date(2026, 1, 13)));
    problem.off = vec![
        Weekday::Monday,
        Weekday::Tuesday,
        Weekday::Wednesday,
        Weekday::Thursday,
        Weekday::Friday,
        Weekday::Saturday,
        Weekday::Sunday,
    ];
    assert_eq!(problem.plan(), Err(vec![Flaw::Endless]));
}

#[test]
fn what_hangs_on_what_has_moved_goes_first() {
    // The last of a row has moved: its neighbour has a bridge to it until it moves itself.
    let mut problem = row(4, limits(1, 1));
    problem.moved.insert(3);
    let plan = problem.plan().expect("a plan");
    assert_eq!(plan.today, [2]);
    let order: Vec<_> = plan.waves.iter().map(|wave| wave.groups[0]).collect();
    assert_eq!(order, [2, 1, 0]);
    assert_eq!(plan.waves[0].dropped, [2]);
    assert_eq!(plan.waves[0].built, [1]);
    assert!(plan.gap() == 0.0);
}

#[test]
fn what_must_wait_lets_others_pass() {
    let problem = row(3, limits(20, 1)).after(date(2026, 2, 1), [0]);
    let plan = problem.plan().expect("a plan");
    assert_eq!(plan.waves[2].groups, [0]);
    assert_eq!(plan.waves[2].first, date(2026, 2, 1));
    assert_eq!(plan.waves[1].last, date(2026, 1, 6));
}

#[test]
fn without_a_node_its_edges_are_gone() {
    let problem = row(3, limits(20, 1)).without([1]);
    let plan = problem.plan().expect("a plan");
    assert_eq!(plan.waves.len(), 2);
    assert!(plan.bridging == 0.0);
}

#[test]
fn nothing_to_move_is_a_plan() {
    let plan = row(1, limits(1, 1)).without([0]).plan().expect("a plan");
    assert!(plan.waves.is_empty() && plan.ends().is_none() && plan.gap() == 0.0);
}

#[test]
fn what_takes_no_effort_takes_a_day_to_move() {
    let mut problem = row(1, limits(1, 1));
    problem.nodes[0].effort = 0.0;
    let plan = problem.plan().expect("a plan");
    assert_eq!((plan.waves[0].first, plan.waves[0].last), (START, START));
}

#[test]
fn every_flaw_is_named() {
    let mut problem = row(3, limits(0, 1));
    problem.owners[0].capacity = 0.0;
    problem.nodes[0].effort = -1.0;
    problem.nodes[1].owner = 9;
    problem.hard = vec![Hard::Before(0, 7)];
    problem.soft[0].other = 8;
    problem.soft[1].per_day = f64::NAN;
    problem.freezes = vec![Freeze {
        from: date(2026, 2, 2),
        until: date(2026, 2, 1),
        owner: None,
    }];
    let flaws = problem.plan().expect_err("flaws");
    let expected = [
        Flaw::Capacity(0),
        Flaw::Effort(0),
        Flaw::NoOwner(1),
        Flaw::HardEnd(0),
        Flaw::SoftEnd(0),
        Flaw::Weight(1),
        Flaw::Freeze(0),
        Flaw::Limits,
    ];
    assert_eq!(flaws, expected);
    for flaw in flaws {
        assert!(!flaw.to_string().is_empty());
    }
}

#[test]
fn a_freeze_without_end_is_a_flaw() {
    let mut problem = row(1, limits(1, 1));
    problem.freezes = vec![Freeze {
        from: date(2000, 1, 1),
        until: date(9999, 1, 1),
        owner: None,
    }];
    assert_eq!(problem.plan(), Err(vec![Flaw::Endless]));
}
