//! Problems drawn from a seed.

use jiff::civil::{Date, date};
use waves::{Freeze, Hard, Limits, Node, Owner, Problem, Soft};

pub(crate) const START: Date = date(2026, 1, 5);

/// Numbers that are the same for the same seed (`SplitMix64`).
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ 0x5DEE_CE66)
    }

    pub(crate) fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((z ^ (z >> 31)) % bound as u64).expect("small")
    }

    /// A number of tenths up to so many.
    pub(crate) fn tenths(&mut self, most: usize) -> f64 {
        f64::from(u32::try_from(self.below(most) + 1).expect("small")) / 10.0
    }
}

/// How large a problem is.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Size {
    pub(crate) nodes: usize,
    pub(crate) owners: usize,
    pub(crate) hard: usize,
    pub(crate) soft: usize,
    pub(crate) limits: Limits,
    /// The largest effort of a bridge a day, in thousandths.
    pub(crate) per_day: usize,
}

pub(crate) fn problem(seed: u64, size: Size) -> Problem {
    let mut dice = Dice::new(seed);
    let owners = (0..size.owners).map(|place| Owner {
        name: format!("owner {place}"),
        capacity: [0.5, 1.0, 1.5, 2.0][dice.below(4)],
    });
    let owners: Vec<Owner> = owners.collect();
    let nodes = (0..size.nodes).map(|place| Node {
        name: format!("node {place}"),
        effort: dice.tenths(100),
        owner: dice.below(size.owners),
        rent: 0.0,
    });
    let nodes: Vec<Node> = nodes.collect();
    let hard = (0..size.hard).map(|_| {
        let (one, other) = (dice.below(size.nodes), dice.below(size.nodes));
        let (first, then) = (one.min(other), one.max(other));
        // A few lead back, so that there are cycles.
        match dice.below(12) {
            0 => Hard::Before(then, first),
            1 => Hard::Together(one, other),
            _ => Hard::Before(first, then),
        }
    });
    let hard: Vec<Hard> = hard.collect();
    let soft = (0..size.soft).map(|_| Soft {
        one: dice.below(size.nodes),
        other: dice.below(size.nodes),
        per_day: f64::from(u32::try_from(dice.below(size.per_day) + 1).expect("small")) / 1_000.0,
    });
    let soft: Vec<Soft> = soft.collect();
    Problem {
        owners,
        nodes,
        hard,
        soft,
        freezes: Vec::new(),
        off: Vec::new(),
        moved: std::collections::BTreeSet::new(),
        start: START,
        limits: size.limits,
        without: std::collections::BTreeSet::new(),
        after: std::collections::BTreeMap::new(),
    }
}

/// A small problem of up to so many nodes, with limits that are now narrow, now wide.
pub(crate) fn small(seed: u64, most: usize) -> Problem {
    let mut dice = Dice::new(seed ^ 0xABCD);
    let nodes = 2 + dice.below(most - 1);
    let size = Size {
        nodes,
        owners: 1 + dice.below(4),
        hard: dice.below(nodes),
        soft: dice.below(3 * nodes),
        limits: Limits {
            days: u32::try_from([4, 8, 12, 20][dice.below(4)]).expect("small"),
            groups: [1, 2, 3, usize::MAX][dice.below(4)],
        },
        per_day: 500,
    };
    problem(seed, size)
}

/// The same where some have moved already, and where it takes something to wait.
pub(crate) fn begun(mut problem: Problem, seed: u64) -> Problem {
    let mut dice = Dice::new(seed ^ 0xBE60);
    let count = problem.nodes.len();
    problem.moved = (0..dice.below(4)).map(|_| dice.below(count)).collect();
    if dice.below(2) == 0 {
        for node in &mut problem.nodes {
            node.rent = dice.tenths(3) / 10.0;
        }
    }
    problem
}

/// The same with freezes, of all and of single owners.
pub(crate) fn frozen(mut problem: Problem, seed: u64) -> Problem {
    let mut dice = Dice::new(seed ^ 0xF00D);
    for _ in 0..=dice.below(4) {
        let day = |days: usize| {
            let span = jiff::Span::new().days(i64::try_from(days).expect("small"));
            START.checked_add(span).expect("a day")
        };
        let from = dice.below(80);
        let owner = dice.below(problem.owners.len() + 1);
        problem.freezes.push(Freeze {
            from: day(from),
            until: day(from + dice.below(20)),
            owner: (owner < problem.owners.len()).then_some(owner),
        });
    }
    problem
}
