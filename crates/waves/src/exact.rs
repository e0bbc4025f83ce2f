//! The cheapest plan, by what has moved.

use crate::model::{Model, whole};

/// How many groups are planned exactly, at most.
pub(crate) const MOST: usize = 20;
/// How many waves are tried, at most: some seconds.
const BUDGET: u64 = 400_000_000;

/// What is known of a plan once all others were looked at.
#[derive(Debug)]
pub(crate) enum Verdict {
    /// These waves are the cheapest, and cheaper.
    Cheaper(Vec<Vec<usize>>),
    /// None is cheaper.
    Cheapest,
    /// There are too many others to look at.
    Unknown,
}

/// Whether there are cheaper waves than those of a known cost.
///
/// A plan is a path from nothing moved to all moved; what a wave costs depends on what has moved
/// only, and so does what comes after. Sets that are reached for more than the known plan costs
/// are left out.
pub(crate) fn cheapest(model: &Model, known: f64) -> Verdict {
    let count = model.groups();
    if count > MOST {
        return Verdict::Unknown;
    }
    let mask = |groups: &[usize]| groups.iter().fold(0_usize, |mask, group| mask | 1 << group);
    let mut search = Search {
        model,
        before: model.before.iter().map(|groups| mask(groups)).collect(),
        cut: cuts(model),
        cost: vec![f64::INFINITY; 1 << count],
        wave: vec![0; 1 << count],
        loads: vec![(0.0, 0); model.owners],
        ready: Vec::with_capacity(count),
        tried: 0,
    };
    search.cost[0] = 0.0;
    let all = (1 << count) - 1;
    for moved in 0..all {
        if search.cost[moved] >= known {
            continue;
        }
        let ready = |group: &usize| moved >> group & 1 == 0 && search.before[*group] & !moved == 0;
        let next: Vec<usize> = (0..count).filter(ready).collect();
        search.ready = next;
        search.grow(moved, 0, 0, 0, 0.0);
        if search.tried > BUDGET {
            return Verdict::Unknown;
        }
    }
    if search.cost[all] >= known {
        return Verdict::Cheapest;
    }
    let (mut waves, mut moved) = (Vec::new(), all);
    while moved != 0 {
        let wave = search.wave[moved];
        waves.push((0..count).filter(|group| wave >> group & 1 == 1).collect());
        moved &= !wave;
    }
    waves.reverse();
    Verdict::Cheaper(waves)
}

/// What the bridges take a day, by the set that has moved.
fn cuts(model: &Model) -> Vec<f64> {
    let mut cuts = vec![model.today(); 1 << model.groups()];
    for moved in 1..cuts.len() {
        let group = moved.trailing_zeros() as usize;
        let rest = moved & (moved - 1);
        let near = model.near[group].iter();
        let growth: f64 = near
            .map(|&(other, weight)| {
                if rest >> other & 1 == 1 {
                    -weight
                } else {
                    weight
                }
            })
            .sum();
        cuts[moved] = cuts[rest] + growth - model.drops[group];
    }
    cuts
}

struct Search<'m> {
    model: &'m Model,
    before: Vec<usize>,
    cut: Vec<f64>,
    /// The least cost by the set that has moved.
    cost: Vec<f64>,
    /// The last wave of that plan.
    wave: Vec<usize>,
    loads: Vec<(f64, usize)>,
    /// The groups that may move next.
    ready: Vec<usize>,
    tried: u64,
}

impl Search<'_> {
    /// Tries a wave and all that have further groups, from a place among those that are ready.
    fn grow(&mut self, moved: usize, wave: usize, size: usize, from: usize, length: f64) {
        if size == self.model.most {
            return;
        }
        for place in from..self.ready.len() {
            let group = self.ready[place];
            if let Some(length) = self.add(group, length) {
                let larger = wave | 1 << group;
                self.tried += 1;
                let then = moved | larger;
                let cost = self.cost[moved] + self.cut[then].max(0.0) * length;
                if cost < self.cost[then] {
                    self.cost[then] = cost;
                    self.wave[then] = larger;
                }
                self.grow(moved, larger, size + 1, place + 1, length);
            }
            self.remove(group);
        }
    }

    /// Adds a group to the loads; how long the wave then is, if it is within the limits.
    fn add(&mut self, group: usize, length: f64) -> Option<f64> {
        let (mut length, mut fits) = (length.max(1.0), true);
        for &(owner, days) in &self.model.loads[group] {
            let load = &mut self.loads[owner];
            load.0 += days;
            load.1 += 1;
            fits &= self.model.fits(load.0, load.1);
            length = length.max(whole(load.0));
        }
        fits.then_some(length)
    }

    fn remove(&mut self, group: usize) {
        for &(owner, days) in &self.model.loads[group] {
            let load = &mut self.loads[owner];
            load.1 -= 1;
            load.0 = if load.1 == 0 { 0.0 } else { load.0 - days };
        }
    }
}
