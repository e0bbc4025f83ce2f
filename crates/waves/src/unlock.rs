//! What holds many things back, and which of it to free first.

use std::collections::BTreeSet;

/// Something that holds others back until it is freed: a credential, a registry, a name.
#[derive(Debug, Clone, PartialEq)]
pub struct Lock {
    /// What it takes to free it, at least 0; what is no number counts as nothing.
    pub effort: f64,
    /// What it holds back: places in the weights.
    pub holds: Vec<usize>,
}

/// A lock in the order in which they are freed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Freed {
    /// Its place among the locks.
    pub lock: usize,
    /// What nothing holds back any more once it is freed, and something did before.
    pub frees: Vec<usize>,
    /// How many are held back still.
    pub left: usize,
}

/// How many locks are put in order exactly, at most.
const EXACT: usize = 16;

/// The order in which to free locks, so that as much as possible is held back for as little as
/// possible: the sum over all things of weight times effort until nothing holds them back is the
/// least for up to 16 locks, and small for more.
///
/// `weights` says how much each thing counts; what no lock holds has no say.
pub fn unlock(locks: &[Lock], weights: &[f64]) -> Vec<Freed> {
    let things = Things::of(locks, weights);
    let order = if locks.len() <= EXACT {
        things.exact()
    } else {
        things.settled(things.greedy())
    };
    let mut left = things
        .needs
        .iter()
        .filter(|needs| !needs.is_empty())
        .count();
    let mut freed = BTreeSet::new();
    let mut steps = Vec::with_capacity(order.len());
    for lock in order {
        freed.insert(lock);
        let needs = things.needs.iter().enumerate();
        let now = needs.filter(|(_, needs)| needs.contains(&lock) && needs.is_subset(&freed));
        let frees: Vec<usize> = now.map(|(thing, _)| thing).collect();
        left -= frees.len();
        steps.push(Freed { lock, frees, left });
    }
    steps
}

struct Things {
    efforts: Vec<f64>,
    weights: Vec<f64>,
    /// The locks that hold each thing.
    needs: Vec<BTreeSet<usize>>,
}

fn amount(number: f64) -> f64 {
    if number.is_finite() {
        number.max(0.0)
    } else {
        0.0
    }
}

impl Things {
    fn of(locks: &[Lock], weights: &[f64]) -> Self {
        let mut needs = vec![BTreeSet::new(); weights.len()];
        for (place, lock) in locks.iter().enumerate() {
            for &thing in &lock.holds {
                if let Some(needs) = needs.get_mut(thing) {
                    needs.insert(place);
                }
            }
        }
        Self {
            efforts: locks.iter().map(|lock| amount(lock.effort)).collect(),
            weights: weights.iter().map(|&weight| amount(weight)).collect(),
            needs,
        }
    }

    /// The cheapest order, by the set that has been freed.
    fn exact(&self) -> Vec<usize> {
        let count = self.efforts.len();
        let mut free = vec![0.0; 1 << count];
        let mut all = 0.0;
        for (needs, weight) in self.needs.iter().zip(&self.weights) {
            let mask = needs.iter().fold(0_usize, |mask, lock| mask | 1 << lock);
            free[mask] += weight;
            all += weight;
        }
        // The weight of what needs a part of each set only.
        for lock in 0..count {
            for set in 0..free.len() {
                if set >> lock & 1 == 1 {
                    free[set] += free[set & !(1 << lock)];
                }
            }
        }
        let mut cost = vec![f64::INFINITY; 1 << count];
        let mut last = vec![0; 1 << count];
        cost[0] = 0.0;
        for set in 0..cost.len() {
            for lock in (0..count).filter(|lock| set >> lock & 1 == 0) {
                let then = set | 1 << lock;
                let dearer = cost[set] + (all - free[set]) * self.efforts[lock];
                if dearer < cost[then] {
                    (cost[then], last[then]) = (dearer, lock);
                }
            }
        }
        let (mut order, mut set) = (Vec::with_capacity(count), cost.len() - 1);
        while set != 0 {
            order.push(last[set]);
            set &= !(1 << last[set]);
        }
        order.reverse();
        order
    }

    /// Always next the locks of that thing with which the most weight comes free for its effort.
    fn greedy(&self) -> Vec<usize> {
        let count = self.efforts.len();
        let mut order: Vec<usize> = Vec::with_capacity(count);
        let mut freed = BTreeSet::new();
        while order.len() < count {
            let open = self.needs.iter().filter(|needs| !needs.is_subset(&freed));
            let mut sets: Vec<BTreeSet<usize>> = open
                .map(|needs| needs.difference(&freed).copied().collect())
                .collect();
            sets.sort();
            sets.dedup();
            let mut best: Option<(f64, &BTreeSet<usize>)> = None;
            for set in &sets {
                let yields = self.yields(set, &freed);
                if best.is_none_or(|best| yields > best.0) {
                    best = Some((yields, set));
                }
            }
            let next: Vec<usize> = match best {
                Some((_, set)) => set.iter().copied().collect(),
                // What holds nothing comes last.
                None => (0..count).filter(|lock| !freed.contains(lock)).collect(),
            };
            freed.extend(&next);
            order.extend(next);
        }
        order
    }

    /// The weight that comes free with some locks, for their effort.
    fn yields(&self, set: &BTreeSet<usize>, freed: &BTreeSet<usize>) -> f64 {
        let frees = |needs: &BTreeSet<usize>| {
            !needs.is_subset(freed)
                && needs
                    .iter()
                    .all(|lock| set.contains(lock) || freed.contains(lock))
        };
        let things = self.needs.iter().zip(&self.weights);
        let weight: f64 = things
            .filter(|thing| frees(thing.0))
            .map(|thing| thing.1)
            .sum();
        let effort: f64 = set.iter().map(|&lock| self.efforts[lock]).sum();
        weight / effort.max(f64::MIN_POSITIVE)
    }

    /// The order with locks moved as long as that makes it cheaper.
    fn settled(&self, mut order: Vec<usize>) -> Vec<usize> {
        let mut cost = self.cost(&order);
        let mut cheaper = true;
        while cheaper {
            cheaper = false;
            for from in 0..order.len() {
                for to in from.saturating_sub(8)..(from + 9).min(order.len()) {
                    let mut other = order.clone();
                    let lock = other.remove(from);
                    other.insert(to, lock);
                    let moved = self.cost(&other);
                    if moved < cost - 1e-9 * cost.abs() {
                        (order, cost, cheaper) = (other, moved, true);
                    }
                }
            }
        }
        order
    }

    fn cost(&self, order: &[usize]) -> f64 {
        let mut until = vec![0.0; order.len()];
        let mut total = 0.0;
        for &lock in order {
            total += self.efforts[lock];
            until[lock] = total;
        }
        let things = self.needs.iter().zip(&self.weights);
        things
            .map(|(needs, weight)| {
                weight * needs.iter().map(|&lock| until[lock]).fold(0.0, f64::max)
            })
            .sum()
    }
}
