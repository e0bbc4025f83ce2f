//! Each wave's bridges are the edges between what has moved and what has not.

use std::collections::BTreeSet;

use waves::{Hard, Plan, Problem};

use crate::problems::{begun, frozen, small};

/// The wave of each node.
pub(crate) fn wave_of(problem: &Problem, plan: &Plan) -> Vec<Option<usize>> {
    let mut wave_of = vec![None; problem.nodes.len()];
    for (place, wave) in plan.waves.iter().enumerate() {
        for &node in wave
            .groups
            .iter()
            .flat_map(|&group| &plan.groups[group].nodes)
        {
            assert_eq!(wave_of[node], None, "node {node} moves twice");
            wave_of[node] = Some(place);
        }
    }
    wave_of
}

/// Everything that a plan says, computed again from nodes and edges.
pub(crate) fn verify(problem: &Problem, plan: &Plan) {
    let wave_of = wave_of(problem, plan);
    for (node, wave) in wave_of.iter().enumerate() {
        let stays = problem.without.contains(&node) || problem.moved.contains(&node);
        assert_eq!(wave.is_none(), stays, "{node}");
    }
    for hard in &problem.hard {
        let (Hard::Together(one, other) | Hard::Before(one, other)) = *hard;
        let (Some(first), Some(then)) = (wave_of[one], wave_of[other]) else {
            continue;
        };
        let group = |node| {
            plan.groups
                .iter()
                .position(|group| group.nodes.contains(&node))
        };
        match hard {
            _ if group(one) == group(other) => {}
            Hard::Together(..) => panic!("{one} and {other} are not together"),
            Hard::Before(..) => assert!(first < then, "{one} is not before {other}"),
        }
    }
    let set = |edges: &[usize]| edges.iter().copied().collect::<BTreeSet<usize>>();
    let crossing = |waves: usize| -> BTreeSet<usize> {
        let moved = |node: usize| match wave_of[node] {
            Some(wave) => Some(wave < waves),
            None => (!problem.without.contains(&node)).then_some(true),
        };
        let crossing = problem.soft.iter().enumerate().filter(|(_, soft)| {
            let (one, other) = (moved(soft.one), moved(soft.other));
            one.is_some() && other.is_some() && one != other
        });
        crossing.map(|(edge, _)| edge).collect()
    };
    let (mut before, mut bridging, mut rent) = (crossing(0), 0.0, 0.0);
    assert_eq!(set(&plan.today), before);
    for (place, wave) in plan.waves.iter().enumerate() {
        let crossing = crossing(place + 1);
        assert_eq!(set(&wave.bridges), crossing);
        assert_eq!(set(&wave.built), &crossing - &before);
        assert_eq!(set(&wave.dropped), &before - &crossing);
        let per_day: f64 = crossing
            .iter()
            .map(|&edge| problem.soft[edge].per_day)
            .sum();
        assert!((wave.bridging - per_day * wave.days).abs() < 1e-9);
        bridging += per_day * wave.days;
        let waits = |node: &usize| wave_of[*node].is_some_and(|wave| wave > place);
        let waiting = (0..problem.nodes.len()).filter(waits);
        rent += waiting.map(|node| problem.nodes[node].rent).sum::<f64>() * wave.days;
        before = crossing;
    }
    assert!(before.is_empty(), "bridges stand when all has moved");
    assert!((plan.bridging - bridging).abs() < 1e-6);
    assert!((plan.rent - rent).abs() < 1e-6);
    assert!(plan.bound <= plan.bridging + plan.rent + 1e-9);
    assert!((0.0..=1.0).contains(&plan.gap()));
}

#[test]
fn bridges_are_the_edges_that_cross() {
    for seed in 0..150 {
        let problem = begun(frozen(small(seed, 14), seed), seed);
        verify(&problem, &problem.plan().expect("a plan"));
    }
}

#[test]
fn a_group_names_the_cycle_that_holds_it_together() {
    let mut cycles = 0;
    for seed in 0..150 {
        let problem = small(seed, 16);
        let plan = problem.plan().expect("a plan");
        let leads = |from: usize, to: usize| {
            problem.hard.iter().any(|hard| match *hard {
                Hard::Before(one, other) => (one, other) == (from, to),
                Hard::Together(one, other) => {
                    (one, other) == (from, to) || (other, one) == (from, to)
                }
            })
        };
        for group in &plan.groups {
            assert_eq!(
                group.cycle.is_empty(),
                group.nodes.len() == 1,
                "seed {seed}"
            );
            for (place, &node) in group.cycle.iter().enumerate() {
                let next = group.cycle[(place + 1) % group.cycle.len()];
                assert!(leads(node, next), "seed {seed}: {:?}", group.cycle);
            }
            cycles += usize::from(!group.cycle.is_empty());
        }
    }
    assert!(cycles > 30, "only {cycles} cycles");
}
