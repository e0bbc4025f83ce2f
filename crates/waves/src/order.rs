//! Plans to begin the search with: orders of groups, cut into waves.

use crate::model::{Model, whole};

/// How the next group of an order is chosen among those that may come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Choice {
    /// That which adds the least bridges a day.
    Growth,
    /// That which adds the least for its weight: the most of whose edges are bridged already.
    Share,
    /// That which has the most hard edges waiting behind it, then the least bridges.
    Depth,
}

impl Choice {
    pub(crate) const ALL: [Self; 3] = [Self::Growth, Self::Share, Self::Depth];
}

/// The groups in an order that keeps to the hard edges.
///
/// As in the heuristic of Eades, Lin and Smyth (1993), what is next is what resists the least.
pub(crate) fn order(model: &Model, choice: Choice) -> Vec<usize> {
    let count = model.groups();
    let depth = depths(model);
    let mut waiting: Vec<usize> = model.before.iter().map(Vec::len).collect();
    let mut growth: Vec<f64> = model
        .near
        .iter()
        .map(|near| near.iter().map(|edge| edge.1).sum())
        .collect();
    let weight = growth.clone();
    for (growth, drops) in growth.iter_mut().zip(&model.drops) {
        *growth -= drops;
    }
    let mut moved = vec![false; count];
    let mut order = Vec::with_capacity(count);
    for _ in 0..count {
        let rank = |group: usize| match choice {
            Choice::Growth => (growth[group], 0.0),
            Choice::Share => (
                growth[group] / weight[group].max(f64::MIN_POSITIVE),
                growth[group],
            ),
            Choice::Depth => (-depth[group], growth[group]),
        };
        let ready = (0..count).filter(|&group| !moved[group] && waiting[group] == 0);
        let least = ready.min_by(|&one, &two| {
            let (one, two) = (rank(one), rank(two));
            one.0.total_cmp(&two.0).then(one.1.total_cmp(&two.1))
        });
        let Some(group) = least else { break };
        moved[group] = true;
        order.push(group);
        for &later in &model.behind[group] {
            waiting[later] -= 1;
        }
        for &(other, weight) in &model.near[group] {
            growth[other] -= 2.0 * weight;
        }
    }
    order
}

/// The longest chain of hard edges behind each group, in days.
fn depths(model: &Model) -> Vec<f64> {
    let mut depth = vec![0.0_f64; model.groups()];
    let mut waiting: Vec<usize> = model.behind.iter().map(Vec::len).collect();
    let mut ready: Vec<usize> = (0..model.groups())
        .filter(|&group| waiting[group] == 0)
        .collect();
    while let Some(group) = ready.pop() {
        for &earlier in &model.before[group] {
            depth[earlier] = depth[earlier].max(depth[group] + model.days[group]);
            waiting[earlier] -= 1;
            if waiting[earlier] == 0 {
                ready.push(earlier);
            }
        }
    }
    depth
}

/// The cheapest way to cut an order into waves.
pub(crate) fn cut(model: &Model, order: &[usize]) -> Vec<Vec<usize>> {
    let count = order.len();
    let mut place = vec![0; count];
    let mut bridges = vec![0.0; count + 1];
    bridges[0] = model.today();
    let mut moved = vec![false; count];
    for (at, &group) in order.iter().enumerate() {
        place[group] = at;
        bridges[at + 1] = bridges[at] + model.growth(group, &moved);
        moved[group] = true;
    }
    let mut cost = vec![f64::INFINITY; count + 1];
    let mut from = vec![0; count + 1];
    cost[0] = 0.0;
    for end in 1..=count {
        let mut loads = vec![(0.0, 0); model.owners];
        let mut length = 1.0_f64;
        for start in (0..end).rev() {
            let group = order[start];
            let mut fits = end - start <= model.most;
            for &(owner, days) in &model.loads[group] {
                let load: &mut (f64, usize) = &mut loads[owner];
                load.0 += days;
                load.1 += 1;
                fits &= model.fits(load.0, load.1);
                length = length.max(whole(load.0));
            }
            let ordered = model.behind[group].iter().all(|&later| place[later] >= end);
            if !fits || !ordered {
                break;
            }
            let total = cost[start] + bridges[end].max(0.0) * length;
            if total < cost[end] {
                (cost[end], from[end]) = (total, start);
            }
        }
    }
    let (mut waves, mut end) = (Vec::new(), count);
    while end > 0 {
        waves.push(order[from[end]..end].to_vec());
        end = from[end];
    }
    waves.reverse();
    waves
}
