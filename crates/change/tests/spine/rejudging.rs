//! Risks of a plan file, judged anew.

use change::Judges;
use change::gate::rejudge;
use change::plan::Plan;
use charter::risk::{Breaks, Risk, RiskSettings};

use crate::community::{plan_of, read, touching};

fn judged(estates: &[&estate::Estate], mut plan: Plan, recent: &[Risk]) -> Plan {
    let mut judges = Judges::new(estates, RiskSettings::default(), recent.to_vec());
    judges.judge(&mut plan.scopes);
    plan
}

fn changes(count: usize) -> Vec<change::Change> {
    (0..count).map(|at| touching(&at.to_string())).collect()
}

#[test]
fn a_lowered_risk_is_refused_and_a_raised_one_is_kept() {
    let (estate, _) = read("rules: {}\n");
    let mut breaking = touching("a");
    breaking.effect.breaks = Breaks::May;
    let plan = judged(&[&estate], plan_of(vec![breaking], Risk::Low), &[]);
    assert_eq!(plan.risk(), Some(Risk::Medium));
    let judges = || Judges::new(&[&estate], RiskSettings::default(), Vec::new());
    assert_eq!(rejudge(plan.clone(), &mut judges()).unwrap(), plan);
    let mut lowered = plan.clone();
    lowered.scopes[0].changes[0].risk = Risk::Low;
    let refused = rejudge(lowered, &mut judges()).unwrap_err();
    assert_eq!((refused.said, refused.is), (Risk::Low, Risk::Medium));
    let mut raised = plan;
    raised.scopes[0].changes[0].risk = Risk::High;
    assert_eq!(
        rejudge(raised, &mut judges()).unwrap().risk(),
        Some(Risk::High)
    );
}

#[test]
fn what_nobody_judges_has_the_highest_risk() {
    let plan = plan_of(changes(1), Risk::Low);
    let mut judges = Judges::new(&[], RiskSettings::default(), Vec::new());
    assert!(rejudge(plan.clone(), &mut judges).is_err());
    assert_eq!(judged(&[], plan, &[]).risk(), Some(Risk::High));
}

#[test]
fn many_small_changes_add_up_with_those_of_the_last_days() {
    let (estate, _) = read("rules: {}\n");
    let risk = |count: usize, recent: &[Risk]| {
        judged(&[&estate], plan_of(changes(count), Risk::Low), recent).risk()
    };
    assert_eq!(risk(4, &[]), Some(Risk::Low));
    assert_eq!(risk(5, &[]), Some(Risk::Medium));
    assert_eq!(risk(2, &[Risk::Low; 2]), Some(Risk::Low));
    assert_eq!(risk(2, &[Risk::Low; 3]), Some(Risk::Medium));
    let twice = judged(&[&estate], plan_of(changes(5), Risk::Low), &[]);
    let again = judged(&[&estate], twice.clone(), &[]);
    assert_eq!(again, twice, "judging twice adds nothing");
}

#[test]
fn changes_of_other_scopes_count_as_recent_ones() {
    let (estate, _) = read("rules: {}\n");
    let mut one = plan_of(changes(3), Risk::Low);
    let mut other = plan_of(changes(2), Risk::Low).scopes.remove(0);
    other.scope.name = "other".to_owned();
    let judges = |recent| Judges::new(&[&estate], RiskSettings::default(), recent);
    assert_eq!(judges(Vec::new()).adding_up(&other), [Risk::Low; 2]);
    let beside = judges(Vec::new()).adding_up(&other);
    judges(beside).rejudge(&mut one.scopes);
    let mut both = plan_of(changes(3), Risk::Low);
    both.scopes.push(other);
    judges(Vec::new()).judge(&mut both.scopes);
    assert_eq!(one.scopes[0], both.scopes[0]);
    assert_eq!(one.risk(), Some(Risk::Medium));
}
