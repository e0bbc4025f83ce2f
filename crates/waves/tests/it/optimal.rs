//! Small problems are planned as cheaply as can be.

use crate::brute::Brute;
use waves::Limits;

use crate::problems::{Size, begun, problem, small};

fn close(one: f64, other: f64) -> bool {
    (one - other).abs() <= 1e-7 * (1.0 + other.abs())
}

#[test]
fn two_hundred_graphs_of_up_to_sixteen_nodes_are_planned_at_the_least_cost() {
    let mut sixteen = 0;
    for seed in 0..200 {
        let problem = begun(small(seed, 16), seed);
        let brute = Brute::of(&problem);
        let plan = problem.plan().expect("a plan");
        assert_eq!(plan.groups.len(), brute.groups.len(), "seed {seed}");
        let least = brute.least();
        assert!(
            close(plan.bridging + plan.rent, least),
            "seed {seed}: {} is not {least}",
            plan.bridging + plan.rent
        );
        assert!(plan.gap() == 0.0, "seed {seed}: {}", plan.gap());
        sixteen += usize::from(plan.groups.len() >= 14);
    }
    assert!(sixteen >= 10, "only {sixteen} are large");
}

#[test]
fn what_the_plans_are_compared_with_is_the_least_of_all_plans_there_are() {
    for seed in 0..120 {
        let brute = Brute::of(&begun(small(seed, 5), seed));
        let (least, written) = (brute.least(), brute.least_of_all(0, 0.0));
        assert!(close(least, written), "seed {seed}: {least} {written}");
    }
}

#[test]
fn twenty_groups_are_planned_exactly() {
    let mut exact = 0;
    for seed in 0..8 {
        let size = Size {
            nodes: 20,
            owners: 4,
            hard: 8,
            soft: 40,
            limits: Limits {
                days: 20,
                groups: [1, 3, 5, usize::MAX][usize::try_from(seed % 4).expect("small")],
            },
            per_day: 200,
        };
        let problem = problem(seed, size);
        let clock = std::time::Instant::now();
        let plan = problem.plan().expect("a plan");
        eprintln!(
            "seed {seed}: {} groups, gap {:.1} %, {:.2?}",
            plan.groups.len(),
            100.0 * plan.gap(),
            clock.elapsed()
        );
        exact += usize::from(plan.gap() == 0.0);
    }
    assert_eq!(exact, 8);
}
