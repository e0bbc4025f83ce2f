//! The problem between groups, as the planners see it.

use std::collections::BTreeMap;

use crate::groups::Group;
use crate::problem::{Hard, Problem};

/// What is cut off before rounding days up, as sums of efforts are floats.
const NOISE: f64 = 1e-9;

/// Groups by place, owners by place, and limits.
#[derive(Debug)]
pub(crate) struct Model {
    /// Per group: the owners that it needs and for how many working days, none of them 0.
    pub(crate) loads: Vec<Vec<(usize, f64)>>,
    /// Per group: how many working days it takes at least.
    pub(crate) days: Vec<f64>,
    /// Per group: those in earlier waves.
    pub(crate) before: Vec<Vec<usize>>,
    /// Per group: those in later waves.
    pub(crate) behind: Vec<Vec<usize>>,
    /// Per group: the others with which it has soft edges, and their weight together.
    pub(crate) near: Vec<Vec<(usize, f64)>>,
    /// Per group: what it takes a day until it moves, for rent and for bridges to what has moved
    /// already.
    pub(crate) drops: Vec<f64>,
    pub(crate) owners: usize,
    /// How many days a wave may take an owner.
    pub(crate) limit: f64,
    /// How many groups a wave may have.
    pub(crate) most: usize,
}

impl Model {
    pub(crate) fn of(problem: &Problem, groups: &[Group], group_of: &[Option<usize>]) -> Self {
        let mut before = vec![Vec::new(); groups.len()];
        let mut behind = vec![Vec::new(); groups.len()];
        let both = |one: usize, other: usize| {
            let pair = group_of[one].zip(group_of[other]);
            pair.filter(|(one, other)| one != other)
        };
        for hard in &problem.hard {
            if let Hard::Before(first, then) = *hard
                && let Some((first, then)) = both(first, then)
            {
                before[then].push(first);
                behind[first].push(then);
            }
        }
        for edges in before.iter_mut().chain(&mut behind) {
            edges.sort_unstable();
            edges.dedup();
        }
        let mut near: Vec<BTreeMap<usize, f64>> = vec![BTreeMap::new(); groups.len()];
        let rent = |group: &Group| {
            group
                .nodes
                .iter()
                .map(|&node| problem.nodes[node].rent)
                .sum()
        };
        let mut drops: Vec<f64> = groups.iter().map(rent).collect();
        for soft in &problem.soft {
            for (end, there) in [(soft.one, soft.other), (soft.other, soft.one)] {
                if let Some(group) = group_of[end].filter(|_| problem.has_moved(there)) {
                    drops[group] += soft.per_day;
                }
            }
            if let Some((one, other)) = both(soft.one, soft.other)
                && soft.per_day > 0.0
            {
                *near[one].entry(other).or_default() += soft.per_day;
                *near[other].entry(one).or_default() += soft.per_day;
            }
        }
        let loads: Vec<Vec<(usize, f64)>> = groups.iter().map(|of| loads(problem, of)).collect();
        let longest =
            |load: &Vec<(usize, f64)>| load.iter().map(|load| whole(load.1)).fold(1.0, f64::max);
        Self {
            days: loads.iter().map(longest).collect(),
            loads,
            before,
            behind,
            near: near
                .into_iter()
                .map(|of| of.into_iter().collect())
                .collect(),
            drops,
            owners: problem.owners.len(),
            limit: f64::from(problem.limits.days),
            most: problem.limits.groups,
        }
    }

    pub(crate) fn groups(&self) -> usize {
        self.loads.len()
    }

    /// Whether an owner can have so many groups with so many days in a wave.
    pub(crate) fn fits(&self, load: f64, groups: usize) -> bool {
        groups <= 1 || load <= self.limit + NOISE
    }

    /// How long a wave is and whether it is within the limits, by what it takes each owner.
    pub(crate) fn wave(&self, groups: &[usize]) -> Option<f64> {
        let mut loads = vec![(0.0, 0); self.owners];
        for &(owner, days) in groups.iter().flat_map(|&group| &self.loads[group]) {
            loads[owner].0 += days;
            loads[owner].1 += 1;
        }
        let fits = loads.iter().all(|&(load, count)| self.fits(load, count));
        (fits && groups.len() <= self.most).then(|| {
            let least = if groups.is_empty() { 0.0 } else { 1.0 };
            loads.iter().map(|load| whole(load.0)).fold(least, f64::max)
        })
    }

    /// What rent and the bridges that stand before the first wave take a day.
    pub(crate) fn today(&self) -> f64 {
        self.drops.iter().sum()
    }

    /// What the bridges of waves take, and the rent of what waits.
    pub(crate) fn bridging(&self, waves: &[Vec<usize>]) -> f64 {
        let mut moved = vec![false; self.groups()];
        let (mut cut, mut total) = (self.today(), 0.0);
        for wave in waves {
            for &group in wave {
                cut += self.growth(group, &moved);
                moved[group] = true;
            }
            total += cut.max(0.0) * self.wave(wave).unwrap_or(0.0);
        }
        total
    }

    /// What bridges and rent take a day more when a group is moved after others.
    pub(crate) fn growth(&self, group: usize, moved: &[bool]) -> f64 {
        let near = self.near[group].iter();
        near.map(|&(other, weight)| if moved[other] { -weight } else { weight })
            .sum::<f64>()
            - self.drops[group]
    }
}

/// Days rounded up.
pub(crate) fn whole(days: f64) -> f64 {
    (days - NOISE).ceil().max(0.0)
}

fn loads(problem: &Problem, group: &Group) -> Vec<(usize, f64)> {
    let mut loads: BTreeMap<usize, f64> = BTreeMap::new();
    for node in group.nodes.iter().map(|&node| &problem.nodes[node]) {
        let capacity = problem.owners[node.owner].capacity;
        *loads.entry(node.owner).or_default() += node.effort / capacity;
    }
    loads.into_iter().filter(|load| load.1 > 0.0).collect()
}
