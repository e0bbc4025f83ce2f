//! Dates keep to capacity, freezes and days before which nothing moves.

use jiff::civil::Date;
use proptest::prelude::*;
use waves::{Plan, Problem};

use crate::bridges::verify;
use crate::problems::{START, frozen, small};

fn days(first: Date, last: Date) -> impl Iterator<Item = Date> {
    std::iter::successors(Some(first), |day| day.tomorrow().ok())
        .take_while(move |day| *day <= last)
}

fn works(problem: &Problem, owner: usize, day: Date) -> bool {
    !problem.freezes.iter().any(|freeze| {
        freeze.owner.is_none_or(|frozen| frozen == owner)
            && freeze.from <= day
            && day <= freeze.until
    })
}

/// Each owner can do what a wave asks of them on its days that are not frozen, and no wave is a
/// day longer than that needs.
fn kept(problem: &Problem, plan: &Plan) {
    let mut before: Option<Date> = None;
    for wave in &plan.waves {
        assert!(wave.first >= problem.start && wave.first <= wave.last);
        assert!(
            before.is_none_or(|before| before < wave.first),
            "waves overlap"
        );
        before = Some(wave.last);
        let nodes: Vec<usize> = wave
            .groups
            .iter()
            .flat_map(|&group| plan.groups[group].nodes.clone())
            .collect();
        for node in &nodes {
            let day = problem.after.get(node);
            assert!(
                day.is_none_or(|day| *day <= wave.first),
                "{node} moves too early"
            );
        }
        let mut needed = false;
        for (owner, who) in problem.owners.iter().enumerate() {
            let own = nodes
                .iter()
                .filter(|&&node| problem.nodes[node].owner == owner);
            let effort: f64 = own.map(|&node| problem.nodes[node].effort).sum();
            let worked = days(wave.first, wave.last).filter(|&day| works(problem, owner, day));
            let worked = u32::try_from(worked.count()).expect("few");
            assert!(
                f64::from(worked) * who.capacity >= effort - 1e-6,
                "too much for {owner}"
            );
            let last = works(problem, owner, wave.last);
            let shorter = f64::from(worked - u32::from(last)) * who.capacity;
            needed |= last && shorter < effort - 1e-9;
        }
        assert!(needed, "the last day of a wave is not needed");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn waves_keep_to_capacity_freezes_order_and_days(
        seed in 0_u64..1_000_000,
        out in proptest::collection::vec(0_usize..12, 0..3),
        late in proptest::collection::vec((0_usize..12, 0_i64..90), 0..4),
    ) {
        let problem = frozen(small(seed, 12), seed);
        let count = problem.nodes.len();
        let mut problem = problem.without(out.into_iter().filter(|&node| node < count));
        for (node, wait) in late {
            if node < count {
                let day = START.checked_add(jiff::Span::new().days(wait)).expect("a day");
                problem = problem.after(day, [node]);
            }
        }
        let plan = problem.plan().expect("a plan");
        verify(&problem, &plan);
        kept(&problem, &plan);
    }
}

#[test]
fn a_wave_without_freezes_takes_as_many_days_as_it_says() {
    for seed in 0..60 {
        let problem = small(seed, 12);
        for wave in problem.plan().expect("a plan").waves {
            let count = u32::try_from(days(wave.first, wave.last).count()).expect("few");
            assert!((f64::from(count) - wave.days).abs() < 1e-9, "seed {seed}");
        }
    }
}
