//! Plans for many groups: good ones, made better step by step.

use std::collections::BTreeSet;

use crate::model::Model;
use crate::order::{Choice, cut, order};
use crate::state::State;

/// By how much a step must be cheaper to be one.
const LEAST: f64 = 1e-9;
/// How often a plan is annealed, and with how many moves a group.
const RUNS: usize = 1;
const MOVES: usize = 10_000;
/// The heat at first, in the bridges of a group, and the share of it that is left at last.
const HOT: f64 = 3.0;
const COLD: f64 = 0.006;
/// How many waves apart groups change places; every second wave is an empty one.
const REACH: usize = 4;

/// Waves that are as cheap as is found in reasonable time.
pub(crate) fn search(model: &Model) -> Vec<Vec<usize>> {
    let mut best: Option<(f64, Vec<Vec<usize>>)> = None;
    for choice in Choice::ALL {
        let waves = settle(model, cut(model, &order(model, choice)));
        let cost = model.bridging(&waves);
        if best.as_ref().is_none_or(|best| cost < best.0 - LEAST) {
            best = Some((cost, waves));
        }
    }
    let Some((mut cost, mut waves)) = best else {
        return Vec::new();
    };
    if model.groups() < 2 {
        return waves;
    }
    let mut dice = Dice(0x9E37_79B9_7F4A_7C15);
    for _ in 0..RUNS {
        if cost <= LEAST {
            break;
        }
        let annealed = settle(model, anneal(model, &waves, &mut dice));
        let annealed_cost = model.bridging(&annealed);
        if annealed_cost < cost - LEAST {
            (cost, waves) = (annealed_cost, annealed);
        }
    }
    waves
}

/// The same with each group in the earliest wave that makes nothing dearer or longer.
pub(crate) fn early(model: &Model, waves: &[Vec<usize>]) -> Vec<Vec<usize>> {
    let mut state = State::of(model, waves);
    let mut scratch = Vec::new();
    for wave in waves {
        for &group in wave {
            let at = state.at[group];
            // Every second wave is an empty one, which stays so.
            let first = state.room(group).0 | 1;
            let free = (first..at).step_by(2).find(|&to| {
                let dearer = state.dearer(group, to, &mut scratch);
                dearer.is_some_and(|dearer| dearer <= 0.0) && !state.stretches(group, to)
            });
            if let Some(to) = free {
                state.apply(group, to);
            }
        }
    }
    state.waves()
}

/// Moves groups at random, dearer moves too but ever fewer and smaller ones (Kirkpatrick, Gelatt
/// and Vecchi 1983); the cheapest plan on the way.
fn anneal(model: &Model, waves: &[Vec<usize>], dice: &mut Dice) -> Vec<Vec<usize>> {
    let mut state = State::of(model, waves);
    let mut scratch = Vec::new();
    let mut cost = state.cost();
    let (mut best, mut best_cost) = (state.clone(), cost);
    let steps = MOVES * model.groups();
    let mut heat = HOT * cost / float(model.groups());
    let cooling = COLD.powf(1.0 / float(steps));
    for _ in 0..steps {
        heat *= cooling;
        let group = dice.below(model.groups());
        let (first, last) = state.room(group);
        let to = first + dice.below(last.saturating_sub(first));
        if to == state.at[group] || to >= last {
            continue;
        }
        let Some(dearer) = state.dearer(group, to, &mut scratch) else {
            continue;
        };
        if dearer > 0.0 && dice.share() >= (-dearer / heat).exp() {
            continue;
        }
        state.apply(group, to);
        cost += dearer;
        if cost < best_cost - LEAST {
            (best_cost, best) = (cost, state.clone());
        }
    }
    best.waves()
}

#[allow(clippy::cast_precision_loss)] // Counts of groups and steps are small.
fn float(count: usize) -> f64 {
    count as f64
}

/// Moves groups, one or two at a time, until no such move makes the plan cheaper.
fn settle(model: &Model, mut waves: Vec<Vec<usize>>) -> Vec<Vec<usize>> {
    let mut cost = model.bridging(&waves);
    loop {
        let mut state = State::of(model, &waves);
        one_by_one(model, &mut state);
        exchange(&mut state, model);
        let moved = state.waves();
        let order: Vec<usize> = moved.iter().flat_map(|wave| inner(model, wave)).collect();
        let cut = cut(model, &order);
        let (moved_cost, cut_cost) = (model.bridging(&moved), model.bridging(&cut));
        let (next, next_cost) = if cut_cost < moved_cost - LEAST {
            (cut, cut_cost)
        } else {
            (moved, moved_cost)
        };
        if next_cost >= cost - LEAST {
            return waves;
        }
        (waves, cost) = (next, next_cost);
    }
}

/// A wave in an order by how much hangs on each.
fn inner(model: &Model, wave: &[usize]) -> Vec<usize> {
    let mut wave = wave.to_vec();
    let weight = |group: usize| model.near[group].iter().map(|edge| edge.1).sum::<f64>();
    wave.sort_by(|&one, &two| weight(one).total_cmp(&weight(two)).then(one.cmp(&two)));
    wave
}

fn one_by_one(model: &Model, state: &mut State<'_>) {
    let mut scratch = Vec::new();
    let mut waiting: BTreeSet<usize> = (0..model.groups()).collect();
    while let Some(group) = waiting.pop_first() {
        let Some(best) = state.best(group, &mut scratch) else {
            continue;
        };
        if best.dearer < -LEAST {
            state.apply(best.group, best.to);
            waiting.extend(model.near[group].iter().map(|edge| edge.0));
            waiting.extend(&model.before[group]);
            waiting.extend(&model.behind[group]);
        }
    }
}

/// Lets groups of one owner in waves near each other change places.
fn exchange(state: &mut State<'_>, model: &Model) {
    let mut of_owner = vec![Vec::new(); model.owners];
    for group in 0..model.groups() {
        for &(owner, _) in &model.loads[group] {
            of_owner[owner].push(group);
        }
    }
    for groups in of_owner {
        for (place, &one) in groups.iter().enumerate() {
            for &two in &groups[place + 1..] {
                let (from, to) = (state.at[one], state.at[two]);
                if from != to && from.abs_diff(to) <= REACH {
                    change_places(state, one, two);
                }
            }
        }
    }
}

fn change_places(state: &mut State<'_>, one: usize, two: usize) {
    let (from, to) = (state.at[one], state.at[two]);
    let (first, second) = (state.room(one), state.room(two));
    let within = |room: (usize, usize), wave: usize| room.0 <= wave && wave < room.1;
    if !within(first, to) || !within(second, from) {
        return;
    }
    let before = state.cost();
    // Both leave before either comes, so that neither is in the other's way.
    let waits = state.rest();
    state.apply(one, waits);
    if state.takes(two, from) {
        state.apply(two, from);
        if state.takes(one, to) {
            state.apply(one, to);
            if state.cost() < before - LEAST {
                return;
            }
            state.apply(one, waits);
        }
        state.apply(two, to);
    }
    state.apply(one, from);
}

/// Numbers that look drawn at random and are always the same (xorshift, Marsaglia 2003).
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        let bound = bound.max(1) as u64;
        usize::try_from(self.0 % bound).unwrap_or(0)
    }

    /// A number from 0 up to but not 1.
    #[allow(clippy::cast_precision_loss)] // 53 bits are what a float holds.
    fn share(&mut self) -> f64 {
        self.below(usize::MAX);
        (self.0 >> 11) as f64 / (1_u64 << 53) as f64
    }
}
