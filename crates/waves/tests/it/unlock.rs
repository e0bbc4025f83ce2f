//! What holds many things back is freed first.

use waves::{Lock, unlock};

use crate::problems::Dice;

fn lock(effort: f64, holds: &[usize]) -> Lock {
    Lock {
        effort,
        holds: holds.to_vec(),
    }
}

#[test]
fn the_lock_that_frees_the_most_for_its_effort_is_first() {
    let locks = [
        lock(10.0, &[0]),
        lock(1.0, &[1, 2, 3]),
        lock(1.0, &[3, 4]),
        lock(1.0, &[]),
    ];
    let freed = unlock(&locks, &[1.0; 5]);
    let order: Vec<usize> = freed.iter().map(|step| step.lock).collect();
    assert_eq!(order, [1, 2, 0, 3]);
    assert_eq!(freed[0].frees, [1, 2]);
    assert_eq!((&freed[1].frees[..], freed[1].left), (&[3, 4][..], 1));
    assert_eq!(freed[3].left, 0);
}

/// The sum over all things of weight times effort until it is free.
fn cost(locks: &[Lock], weights: &[f64], order: &[usize]) -> f64 {
    let mut total = 0.0;
    let mut until = vec![0.0; weights.len()];
    for &place in order {
        total += locks[place].effort;
        for &thing in &locks[place].holds {
            until[thing] = total;
        }
    }
    weights
        .iter()
        .zip(until)
        .map(|(weight, until)| weight * until)
        .sum()
}

fn permutations(count: usize) -> Vec<Vec<usize>> {
    if count == 0 {
        return vec![Vec::new()];
    }
    let mut all = Vec::new();
    for shorter in permutations(count - 1) {
        for place in 0..count {
            let mut order = shorter.clone();
            order.insert(place, count - 1);
            all.push(order);
        }
    }
    all
}

fn drawn(dice: &mut Dice, count: usize, things: usize) -> Vec<Lock> {
    let mut locks = Vec::new();
    for _ in 0..count {
        let holds: Vec<usize> = (0..=dice.below(6)).map(|_| dice.below(things)).collect();
        locks.push(lock(dice.tenths(90), &holds));
    }
    locks
}

#[test]
fn six_locks_are_freed_in_the_best_of_all_orders() {
    let orders = permutations(6);
    for seed in 0..40 {
        let mut dice = Dice::new(seed);
        let locks = drawn(&mut dice, 6, 12);
        let weights: Vec<f64> = (0..12).map(|_| dice.tenths(50)).collect();
        let order: Vec<usize> = unlock(&locks, &weights)
            .iter()
            .map(|step| step.lock)
            .collect();
        let costs = orders.iter().map(|order| cost(&locks, &weights, order));
        let least = costs.fold(f64::INFINITY, f64::min);
        let found = cost(&locks, &weights, &order);
        assert!((found - least).abs() < 1e-6, "seed {seed}: {found} {least}");
    }
}

#[test]
fn many_locks_are_all_freed_and_better_than_as_they_come() {
    for seed in 0..10 {
        let mut dice = Dice::new(seed);
        let locks = drawn(&mut dice, 60, 300);
        let weights = vec![1.0; 300];
        let freed = unlock(&locks, &weights);
        let mut order: Vec<usize> = freed.iter().map(|step| step.lock).collect();
        let as_they_come: Vec<usize> = (0..60).collect();
        assert!(cost(&locks, &weights, &order) < 0.8 * cost(&locks, &weights, &as_they_come));
        order.sort_unstable();
        assert_eq!(order, as_they_come);
        assert_eq!(freed.last().map(|step| step.left), Some(0));
    }
}
