//! What no plan can be cheaper than.

use crate::model::Model;

/// A lower bound of what bridges and rent of any plan take: bridges between groups the better of
/// two, and what each group takes until it moves.
pub(crate) fn bound(model: &Model) -> f64 {
    around_each(model).max(crate::flow::bound(model)) + until_moved(model)
}

/// A bound of rent and of what bridges to what has moved already take.
///
/// Either is taken until the wave of its group begins. That is no earlier than the longest chain of
/// hard edges to the group takes. And an owner moves one group after the other: in the order in
/// which they are done, a group's wave begins no earlier than the group is done less what one wave
/// holds; done earliest for their weights they are in the order of Smith (1956). Of the two, for
/// each owner the better counts.
fn until_moved(model: &Model) -> f64 {
    let heads = heads(model);
    let mut of_owner = vec![(Vec::new(), 0.0); model.owners];
    let mut of_nobody = 0.0;
    for (group, loads) in model.loads.iter().enumerate() {
        // The weight of a group with several owners is counted for the busiest of them.
        let busiest = loads.iter().max_by(|one, two| one.1.total_cmp(&two.1));
        let chained = model.drops[group] * heads[group];
        match busiest {
            Some(load) => of_owner[load.0].1 += chained,
            None => of_nobody += chained,
        }
        for &(owner, days) in loads {
            let counts = busiest.is_some_and(|load| load.0 == owner);
            let weight = if counts { model.drops[group] } else { 0.0 };
            of_owner[owner].0.push((days, weight));
        }
    }
    let owners = of_owner.into_iter();
    let better = owners.map(|(jobs, chained)| soonest(jobs, model.limit).max(chained));
    of_nobody + better.sum::<f64>()
}

/// How many days at least lie before the wave of each group: the longest chain of hard edges.
fn heads(model: &Model) -> Vec<f64> {
    let mut heads = vec![0.0_f64; model.groups()];
    for group in crate::order::order(model, crate::order::Choice::Depth) {
        let then = heads[group] + model.days[group];
        for &later in &model.behind[group] {
            heads[later] = heads[later].max(then);
        }
    }
    heads
}

/// The least of the sum of weight times the beginning of the wave, for the days and weights of
/// what one owner moves.
fn soonest(mut jobs: Vec<(f64, f64)>, limit: f64) -> f64 {
    jobs.sort_by(|one, two| (two.1 * one.0).total_cmp(&(one.1 * two.0)));
    let (mut done, mut sum) = (0.0, 0.0);
    for (days, weight) in jobs {
        done += days;
        sum += weight * (done - days.max(limit));
    }
    sum.max(0.0)
}

/// A bound by what lies around each group.
///
/// Each group is looked at with the others that it has soft edges with. Two groups that a chain
/// of hard edges keeps apart have a bridge for as long as the chain takes; two that no wave has
/// room for have one for as long as the shorter takes. Of the others, only so many can be in its
/// wave as an owner has days and a wave has groups: the best of them, were they divisible, are
/// let off. Half of the sum is the bound, as each edge was counted at both of its ends.
fn around_each(model: &Model) -> f64 {
    let lead = leads(model);
    let of_group = (0..model.groups()).map(|group| around(model, group, &lead));
    of_group.sum::<f64>() / 2.0
}

/// An edge that could have no bridge: what it takes if it has one, and the days of the other end.
struct Loose<'m> {
    takes: f64,
    loads: &'m [(usize, f64)],
}

fn around(model: &Model, group: usize, lead: &[Vec<Option<f64>>]) -> f64 {
    let (mut kept_apart, mut loose) = (0.0, Vec::new());
    for &(other, weight) in &model.near[group] {
        let chain = lead[group][other].or(lead[other][group]);
        let shorter = model.days[group].min(model.days[other]);
        if let Some(days) = chain {
            kept_apart += weight * days.max(shorter);
        } else if model.wave(&[group, other]).is_none() {
            kept_apart += weight * shorter;
        } else {
            loose.push(Loose {
                takes: weight * shorter,
                loads: &model.loads[other],
            });
        }
    }
    let by_owner = (0..model.owners).map(|owner| crowded(model, group, owner, &loose));
    // An edge to a group of several owners would be counted for each: it is for the first only.
    kept_apart + by_owner.sum::<f64>().max(too_many(model, &loose))
}

/// What must be paid as an owner has no days for all in one wave.
fn crowded(model: &Model, group: usize, owner: usize, loose: &[Loose<'_>]) -> f64 {
    let own = model.loads[group].iter().find(|load| load.0 == owner);
    let mut room = (model.limit - own.map_or(0.0, |load| load.1)).max(0.0);
    let of_owner = loose.iter().filter_map(|edge| {
        let first = edge.loads.first().filter(|load| load.0 == owner)?;
        Some((edge.takes, first.1))
    });
    let mut edges: Vec<(f64, f64)> = of_owner.collect();
    if let [_] = edges[..]
        && own.is_none()
    {
        // Alone of its owner in the wave, a group may take longer than the limit.
        return 0.0;
    }
    edges.sort_by(|one, two| (two.0 * one.1).total_cmp(&(one.0 * two.1)));
    let mut paid = 0.0;
    let longest = edges.iter().map(|edge| edge.1).fold(0.0, f64::max);
    if own.is_none() {
        room = room.max(longest);
    }
    for (takes, days) in edges {
        let share = if days <= room { 1.0 } else { room / days };
        paid += takes * (1.0 - share);
        room = (room - days).max(0.0);
    }
    paid
}

/// What must be paid as a wave has no place for all groups.
fn too_many(model: &Model, loose: &[Loose<'_>]) -> f64 {
    let mut takes: Vec<f64> = loose.iter().map(|edge| edge.takes).collect();
    takes.sort_by(|one, two| two.total_cmp(one));
    takes.iter().skip(model.most - 1).sum()
}

/// For each pair of which the first must move earlier, how many days at least lie between their
/// beginnings: the longest chain from the one to the other.
fn leads(model: &Model) -> Vec<Vec<Option<f64>>> {
    let order = crate::order::order(model, crate::order::Choice::Depth);
    let count = model.groups();
    let mut leads = Vec::with_capacity(count);
    for first in 0..count {
        let mut lead: Vec<Option<f64>> = vec![None; count];
        for &group in &order {
            let so_far = if group == first {
                Some(0.0)
            } else {
                lead[group]
            };
            let Some(so_far) = so_far else { continue };
            let then = so_far + model.days[group];
            for &later in &model.behind[group] {
                lead[later] = Some(lead[later].map_or(then, |known| known.max(then)));
            }
        }
        leads.push(lead);
    }
    leads
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use jiff::civil::date;

    use super::{around_each, bound, until_moved};
    use crate::exact::{Verdict, cheapest};
    use crate::groups::groups;
    use crate::model::Model;
    use crate::problem::{Hard, Limits, Node, Owner, Problem, Soft};

    /// Numbers that are the same for the same seed.
    fn dice(seed: u64) -> impl FnMut(usize) -> usize {
        let mut state = seed + 1;
        move |bound| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            usize::try_from(state >> 33).expect("small") % bound
        }
    }

    fn problem(seed: u64) -> Problem {
        let mut below = dice(seed);
        let float = |number: usize| f64::from(u32::try_from(number).expect("small"));
        let count = 4 + below(9);
        let owners = 1 + below(2);
        Problem {
            owners: (0..owners)
                .map(|_| Owner {
                    name: String::new(),
                    capacity: float(1 + below(2)),
                })
                .collect(),
            nodes: (0..count)
                .map(|_| Node {
                    name: String::new(),
                    effort: float(below(5)) / 2.0,
                    owner: below(owners),
                    rent: float(below(3)) / 4.0,
                })
                .collect(),
            hard: (0..below(6))
                .map(|_| below(count))
                .map(|then| Hard::Before(then / 2, then))
                .filter(|hard| !matches!(hard, Hard::Before(one, other) if one == other))
                .collect(),
            soft: (0..below(40))
                .map(|_| Soft {
                    one: below(count),
                    other: below(count),
                    per_day: float(1 + below(9)),
                })
                .collect(),
            freezes: Vec::new(),
            off: Vec::new(),
            moved: (0..below(3)).map(|_| below(count)).collect(),
            start: date(2026, 1, 1),
            limits: Limits {
                days: u32::try_from(1 + below(3)).expect("small"),
                groups: [1, 2, 9][below(3)],
            },
            without: BTreeSet::new(),
            after: BTreeMap::new(),
        }
    }

    #[test]
    fn no_plan_is_cheaper_than_the_bound() {
        let (mut by_flow, mut near) = (0, 0);
        for seed in 0..600 {
            let problem = problem(seed);
            let (groups, group_of) = groups(&problem);
            let model = Model::of(&problem, &groups, &group_of);
            let Verdict::Cheaper(waves) = cheapest(&model, f64::INFINITY) else {
                panic!("seed {seed} has no plan");
            };
            let (least, bound) = (model.bridging(&waves), bound(&model));
            assert!(bound <= least + 1e-6, "seed {seed}: {bound} > {least}");
            by_flow += usize::from(bound > around_each(&model) + until_moved(&model) + 1e-9);
            near += usize::from(bound > 0.3 * least);
        }
        // Else neither bound would have been put to the test.
        assert!(by_flow > 20 && near > 100, "{by_flow} {near}");
    }
}
