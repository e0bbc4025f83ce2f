//! A lower bound by how long things must lie apart, whatever the order.
//!
//! Each owner moves things one after the other, so most pairs of groups move far from each other
//! in time. A path of soft edges between the two of a pair is cut all that time. Give each pair a
//! share of the edges along such paths so that no edge is given away more than once (a concurrent
//! flow, as Leighton and Rao 1999): then the bridges take at least the shares times the times.
//!
//! With masses m and waves that hold at most a mass of r a day, pairs weighted with the product of
//! their masses lie apart for at least `R / r`, where R is the least of Σ Δ·A·(M − A) over all
//! ways to go from 0 to M in steps Δ to A, none larger than h, what the longest wave holds. Against
//! the integral, M³/6, the sum lacks at most h·M²/8 + h²·M/12 + h³.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::model::Model;

/// How often masses are changed, and how many times paths are then looked for anew.
const TURNS: usize = 6;
const ROUNDS: usize = 8;
/// How often for the best masses.
const FINAL: usize = 100;
/// How much less masses are changed each time.
const CALMER: f64 = 0.85;
/// How much dearer an edge gets that has much to carry.
const STEEP: f64 = 6.0;

/// Masses of groups and how much of them a day of a wave holds at most.
#[derive(Clone)]
struct Masses {
    of: Vec<f64>,
    rate: f64,
}

/// A lower bound of what the bridges of any plan take.
pub(crate) fn bound(model: &Model) -> f64 {
    let graph = Graph::of(model);
    if graph.weight.is_empty() {
        return 0.0;
    }
    let longest = model.days.iter().copied().fold(model.limit, f64::max);
    let mut best: Option<(f64, Masses, Vec<f64>)> = None;
    for mut masses in choices(model) {
        let most = masses.of.clone();
        let mut length: Vec<f64> = graph.weight.iter().map(|weight| weight.recip()).collect();
        let mut power = 1.0;
        for _ in 0..TURNS {
            let flow = graph.flow(&masses.of, &mut length, ROUNDS);
            let now = graph.bound(&masses, longest, &flow.crowding);
            if best.as_ref().is_none_or(|best| now > best.0) {
                best = Some((now, masses.clone(), length.clone()));
            }
            lighten(&mut masses.of, &most, &flow.far, power);
            power *= CALMER;
        }
    }
    best.map_or(0.0, |(found, masses, mut length)| {
        let flow = graph.flow(&masses.of, &mut length, FINAL);
        let now = graph.bound(&masses, longest, &flow.crowding);
        found.max(now)
    })
}

/// Takes mass from groups that are far from the others along edges that have much to carry, and
/// gives it back to those that are near.
fn lighten(masses: &mut [f64], most: &[f64], far: &[f64], power: f64) {
    let whole: f64 = masses.iter().sum();
    let mean = masses
        .iter()
        .zip(far)
        .map(|(mass, far)| mass * far)
        .sum::<f64>()
        / whole;
    for ((mass, most), far) in masses.iter_mut().zip(most).zip(far) {
        if *far > 0.0 && mean > 0.0 {
            *mass = (*mass * (mean / far).powf(power)).min(*most);
        }
    }
}

/// What edges carry when each pair is sent the product of its masses.
struct Flow {
    /// How many times over the fullest edge of each part is given away.
    crowding: Vec<f64>,
    /// How far each group is from all others, weighted with their masses.
    far: Vec<f64>,
}

/// Masses worth trying: the days of all owners, of the busier half and of the busiest quarter; and
/// the days of groups, where so few may move at once that owners wait for each other.
fn choices(model: &Model) -> Vec<Masses> {
    let mut busy = vec![0.0; model.owners];
    for &(owner, days) in model.loads.iter().flatten() {
        busy[owner] += days;
    }
    let mut owners: Vec<usize> = (0..model.owners).collect();
    owners.sort_by(|&one, &two| busy[two].total_cmp(&busy[one]));
    let mut choices = Vec::new();
    for share in [1, 2, 4] {
        let chosen = &owners[..owners.len().div_ceil(share)];
        let of = |group: usize| {
            let loads = model.loads[group].iter();
            loads
                .filter(|load| chosen.contains(&load.0))
                .map(|load| load.1)
                .sum()
        };
        choices.push(Masses {
            of: (0..model.groups()).map(of).collect(),
            rate: float(chosen.len()),
        });
    }
    if model.most < model.owners {
        choices.push(Masses {
            of: model.days.clone(),
            rate: float(model.most),
        });
    }
    choices
}

#[allow(clippy::cast_precision_loss)] // Counts of groups and owners are small.
fn float(count: usize) -> f64 {
    count as f64
}

/// Soft edges between groups, each with a number.
struct Graph {
    /// Per group: the other end, the number and the weight of each edge.
    near: Vec<Vec<(usize, usize, f64)>>,
    weight: Vec<f64>,
    /// The first group of the part that hangs together with each.
    part: Vec<usize>,
    /// The part of each edge.
    part_of_edge: Vec<usize>,
}

impl Graph {
    fn of(model: &Model) -> Self {
        let count = model.groups();
        let (mut near, mut weight) = (vec![Vec::new(); count], Vec::new());
        for (one, edges) in model.near.iter().enumerate() {
            for &(other, per_day) in edges.iter().filter(|edge| edge.0 > one) {
                near[one].push((other, weight.len(), per_day));
                near[other].push((one, weight.len(), per_day));
                weight.push(per_day);
            }
        }
        let mut graph = Self {
            part: vec![usize::MAX; count],
            part_of_edge: vec![0; weight.len()],
            near,
            weight,
        };
        for first in 0..count {
            let mut stack = vec![first];
            while let Some(group) = stack.pop() {
                if graph.part[group] == usize::MAX {
                    graph.part[group] = first;
                    stack.extend(graph.near[group].iter().map(|edge| edge.0));
                }
            }
        }
        for (group, edges) in graph.near.iter().enumerate() {
            for edge in edges {
                graph.part_of_edge[edge.1] = graph.part[group];
            }
        }
        graph
    }

    /// Sends the product of masses between each pair, beginning with some lengths of edges, which
    /// become those of the flow.
    fn flow(&self, masses: &[f64], length: &mut Vec<f64>, rounds: usize) -> Flow {
        let mut flow = vec![0.0; self.weight.len()];
        let mut crowding = vec![f64::INFINITY; self.part.len()];
        let mut far = Vec::new();
        for round in 0..rounds {
            let mut routed = vec![0.0; self.weight.len()];
            far = vec![0.0; self.part.len()];
            for source in (0..self.part.len()).filter(|&source| masses[source] > 0.0) {
                self.route(source, masses, length, &mut routed, &mut far);
            }
            let step = 2.0 / (float(round) + 2.0);
            for (flow, routed) in flow.iter_mut().zip(routed) {
                *flow += step * (routed - *flow);
            }
            for (least, now) in crowding.iter_mut().zip(self.crowding(&flow)) {
                *least = least.min(now);
            }
            *length = self.lengths(&flow);
        }
        Flow { crowding, far }
    }

    /// The bound of some masses, the sum of what each part gives.
    fn bound(&self, masses: &Masses, longest: f64, crowding: &[f64]) -> f64 {
        let mut mass = vec![0.0; self.part.len()];
        for (group, part) in self.part.iter().enumerate() {
            mass[*part] += masses.of[group];
        }
        let step = masses.rate * longest;
        let parts = mass.into_iter().zip(crowding).filter(|part| *part.1 > 0.0);
        parts
            .map(|(mass, crowding)| apart(mass, step) / masses.rate / crowding)
            .sum()
    }

    /// How many times over the fullest edge of each part is given away.
    fn crowding(&self, flow: &[f64]) -> Vec<f64> {
        let mut crowding = vec![0.0_f64; self.part.len()];
        for (edge, &flow) in flow.iter().enumerate() {
            let part = &mut crowding[self.part_of_edge[edge]];
            *part = part.max(flow / self.weight[edge]);
        }
        crowding
    }

    /// How far it is along each edge: further the more it has to carry.
    fn lengths(&self, flow: &[f64]) -> Vec<f64> {
        let crowding = self.crowding(flow);
        let length = |edge: usize| {
            let fullest = crowding[self.part_of_edge[edge]].max(f64::MIN_POSITIVE);
            let own = flow[edge] / self.weight[edge] / fullest;
            (STEEP * own).exp() / self.weight[edge]
        };
        (0..self.weight.len()).map(length).collect()
    }

    /// Sends from a group to all after it what their masses ask for, along shortest paths.
    fn route(
        &self,
        source: usize,
        masses: &[f64],
        length: &[f64],
        routed: &mut [f64],
        sum: &mut [f64],
    ) {
        let count = self.part.len();
        let mut far = vec![f64::INFINITY; count];
        let mut from = vec![None; count];
        let mut done: Vec<usize> = Vec::new();
        let mut closed = vec![false; count];
        // Lengths are positive, and such floats are in the order of their bits.
        let mut heap = BinaryHeap::from([(Reverse(0_u64), source)]);
        far[source] = 0.0;
        while let Some((_, group)) = heap.pop() {
            if std::mem::replace(&mut closed[group], true) {
                continue;
            }
            done.push(group);
            for &(other, edge, _) in &self.near[group] {
                let along = far[group] + length[edge];
                if along < far[other] {
                    far[other] = along;
                    from[other] = Some((group, edge));
                    heap.push((Reverse(along.to_bits()), other));
                }
            }
        }
        let mut sent = vec![0.0; count];
        for &group in done.iter().rev() {
            sum[group] += masses[source] * far[group];
            if group > source {
                sent[group] += masses[source] * masses[group];
            }
            if let Some((before, edge)) = from[group] {
                routed[edge] += sent[group];
                sent[before] += sent[group];
            }
        }
    }
}

/// The least of Σ Δ·A·(M − A), as at the head of this file.
fn apart(mass: f64, step: f64) -> f64 {
    let lacking = step * mass * mass / 8.0 + step * step * mass / 12.0 + step.powi(3);
    (mass.powi(3) / 6.0 - lacking).max(0.0)
}

#[cfg(test)]
mod tests {
    use super::apart;

    #[test]
    fn no_way_from_nothing_to_all_is_shorter_than_is_said() {
        for (mass, step) in [(100.0, 5.0), (100.0, 20.0), (60.0, 7.0), (30.0, 10.0)] {
            for small in [0.5, 1.0, step / 2.0, step] {
                for turn in [0.0, 0.25, 0.5, 0.75, 1.0] {
                    let (mut at, mut sum) = (0.0_f64, 0.0);
                    while at < mass {
                        let stride: f64 = if at < turn * mass { small } else { step };
                        let next = (at + stride).min(mass);
                        sum += (next - at) * next * (mass - next);
                        at = next;
                    }
                    assert!(sum >= apart(mass, step), "{mass} {step} {small} {turn}");
                }
            }
        }
    }
}
