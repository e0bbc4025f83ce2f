//! The cheapest plan by looking at all of them, written apart from the crate: from nodes and
//! edges as they are given, without its groups, order of search or shortcuts.

use waves::{Hard, Problem};

/// What is kept of a problem: sets of nodes as bits.
pub(crate) struct Brute {
    /// The nodes of each group.
    pub(crate) groups: Vec<Vec<usize>>,
    /// Which groups must have moved before each.
    needs: Vec<usize>,
    /// What the bridges take a day, by the set of groups that has moved.
    cut: Vec<f64>,
    /// How long a wave is, by its groups; nothing if it is beyond the limits.
    length: Vec<Option<f64>>,
}

impl Brute {
    pub(crate) fn of(problem: &Problem) -> Self {
        let count = problem.nodes.len();
        // Whether a node moves no earlier than another, by all paths (Floyd and Warshall).
        let mut reach = vec![vec![false; count]; count];
        for hard in &problem.hard {
            let (Hard::Together(one, other) | Hard::Before(one, other)) = *hard;
            if problem.moved.contains(&one) || problem.moved.contains(&other) {
                continue;
            }
            match *hard {
                Hard::Before(one, other) => reach[one][other] = true,
                Hard::Together(one, other) => {
                    (reach[one][other], reach[other][one]) = (true, true);
                }
            }
        }
        for through in 0..count {
            for one in 0..count {
                for other in 0..count {
                    reach[one][other] |= reach[one][through] && reach[through][other];
                }
            }
        }
        let leads = |one: usize, other: usize| reach[one][other];
        let mut groups: Vec<Vec<usize>> = Vec::new();
        for node in (0..count).filter(|node| !problem.moved.contains(node)) {
            let same = |group: &&mut Vec<usize>| leads(group[0], node) && leads(node, group[0]);
            match groups.iter_mut().find(same) {
                Some(group) => group.push(node),
                None => groups.push(vec![node]),
            }
        }
        let needs = (0..groups.len()).map(|then| {
            let earlier =
                |first: &usize| *first != then && leads(groups[*first][0], groups[then][0]);
            (0..groups.len())
                .filter(earlier)
                .fold(0, |set, first| set | 1 << first)
        });
        let sets = 1 << groups.len();
        Self {
            needs: needs.collect(),
            cut: (0..sets).map(|set| cut(problem, &groups, set)).collect(),
            length: (0..sets).map(|set| length(problem, &groups, set)).collect(),
            groups,
        }
    }

    /// The least that bridges take.
    pub(crate) fn least(&self) -> f64 {
        let all = (1 << self.groups.len()) - 1;
        let mut rest = vec![f64::INFINITY; all + 1];
        rest[all] = 0.0;
        for moved in (0..all).rev() {
            let ready = (0..self.groups.len())
                .filter(|group| moved >> group & 1 == 0 && self.needs[*group] & !moved == 0)
                .fold(0, |set, group| set | 1 << group);
            let mut wave: usize = ready;
            while wave != 0 {
                if let Some(length) = self.length[wave] {
                    let then = moved | wave;
                    rest[moved] = rest[moved].min(self.cut[then] * length + rest[then]);
                }
                wave = (wave - 1) & ready;
            }
        }
        rest[0]
    }

    /// The same by writing down every plan there is, one after the other.
    pub(crate) fn least_of_all(&self, moved: usize, so_far: f64) -> f64 {
        let all = (1 << self.groups.len()) - 1;
        if moved == all {
            return so_far;
        }
        let mut least = f64::INFINITY;
        for wave in 1..=all {
            let members = (0..self.groups.len()).filter(|group| wave >> group & 1 == 1);
            let sound = wave & moved == 0 && members.clone().all(|g| self.needs[g] & !moved == 0);
            if let Some(length) = self.length[wave].filter(|_| sound) {
                let then = moved | wave;
                let cost = so_far + self.cut[then] * length;
                least = least.min(self.least_of_all(then, cost));
            }
        }
        least
    }
}

fn cut(problem: &Problem, groups: &[Vec<usize>], set: usize) -> f64 {
    let moved = |node: usize| {
        if problem.moved.contains(&node) {
            return true;
        }
        let group = groups.iter().position(|group| group.contains(&node));
        set >> group.expect("a group") & 1 == 1
    };
    let crossing = problem
        .soft
        .iter()
        .filter(|soft| moved(soft.one) != moved(soft.other));
    let waiting = (0..problem.nodes.len()).filter(|&node| !moved(node));
    let rent: f64 = waiting.map(|node| problem.nodes[node].rent).sum();
    crossing.map(|soft| soft.per_day).sum::<f64>() + rent
}

fn length(problem: &Problem, groups: &[Vec<usize>], set: usize) -> Option<f64> {
    let members: Vec<&Vec<usize>> = (0..groups.len())
        .filter(|group| set >> group & 1 == 1)
        .map(|group| &groups[group])
        .collect();
    if members.len() > problem.limits.groups {
        return None;
    }
    let mut longest = 1.0_f64;
    for (owner, who) in problem.owners.iter().enumerate() {
        let own = |node: &&usize| {
            let node = &problem.nodes[**node];
            node.owner == owner && node.effort > 0.0
        };
        let involved = members
            .iter()
            .filter(|group| group.iter().any(|node| own(&node)));
        let nodes = members.iter().flat_map(|group| group.iter().filter(own));
        let days = nodes.map(|&node| problem.nodes[node].effort).sum::<f64>() / who.capacity;
        if involved.count() > 1 && days > f64::from(problem.limits.days) + 1e-9 {
            return None;
        }
        longest = longest.max((days - 1e-9).ceil());
    }
    Some(longest)
}
