//! Cycle removal and layering.
//!
//! All indices here are below `n`: callers number their own vertices densely.

/// A directed edge between densely numbered vertices.
pub(crate) type Arc = (usize, usize);

/// A linear order in which few arcs point backwards (Eades, Lin and Smyth's greedy heuristic). For an
/// acyclic graph none does.
pub(crate) fn flow_order(n: usize, arcs: &[(usize, usize, usize)]) -> Vec<usize> {
    let mut out = vec![0i64; n];
    let mut into = vec![0i64; n];
    let mut adjacent: Vec<Vec<(usize, i64, bool)>> = vec![Vec::new(); n];
    for &(from, to, weight) in arcs.iter().filter(|arc| arc.0 != arc.1) {
        let weight = weight as i64;
        out[from] += weight;
        into[to] += weight;
        adjacent[from].push((to, weight, true));
        adjacent[to].push((from, weight, false));
    }
    let mut alive: Vec<usize> = (0..n).collect();
    let mut front = Vec::with_capacity(n);
    let mut back = Vec::new();
    while !alive.is_empty() {
        // A vertex nothing leaves belongs last, one nothing enters first; within a cycle the one with
        // the most surplus of leaving arcs costs the fewest reversals.
        let (mut pick, mut best, mut at_end) = (0, i64::MIN, false);
        for (slot, &v) in alive.iter().enumerate() {
            let (score, end) = if into[v] == 0 {
                (i64::MAX, false)
            } else if out[v] == 0 {
                (i64::MAX - 1, true)
            } else {
                (out[v] - into[v], false)
            };
            if score > best {
                (pick, best, at_end) = (slot, score, end);
            }
            if best == i64::MAX {
                break;
            }
        }
        let v = alive.remove(pick);
        if at_end {
            back.push(v);
        } else {
            front.push(v);
        }
        for &(w, weight, leaving) in &adjacent[v] {
            if leaving {
                into[w] -= weight;
            } else {
                out[w] -= weight;
            }
        }
    }
    front.extend(back.into_iter().rev());
    front
}

/// Longest-path layers, sources first, with every vertex then pulled towards its successors when that
/// shortens more arcs than it lengthens. Arcs that point backwards in `order` count as reversed.
pub(crate) fn layers(n: usize, arcs: &[Arc], order: &[usize]) -> Vec<usize> {
    let mut position = vec![0; n];
    for (index, &v) in order.iter().enumerate() {
        position[v] = index;
    }
    let mut after: Vec<Vec<usize>> = vec![Vec::new(); n];
    let mut before = vec![0usize; n];
    for &(a, b) in arcs.iter().filter(|arc| arc.0 != arc.1) {
        let (from, to) = if position[a] < position[b] {
            (a, b)
        } else {
            (b, a)
        };
        after[from].push(to);
        before[to] += 1;
    }
    let mut layer = vec![0usize; n];
    for &v in order {
        for &w in &after[v] {
            layer[w] = layer[w].max(layer[v] + 1);
        }
    }
    for &v in order.iter().rev() {
        if after[v].len() < before[v].max(1) {
            continue;
        }
        if let Some(nearest) = after[v].iter().map(|&w| layer[w]).min() {
            layer[v] = layer[v].max(nearest.saturating_sub(1));
        }
    }
    layer
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_acyclic_graph_has_no_backward_arc() {
        let arcs = [(3, 1, 1), (1, 0, 1), (3, 0, 1), (2, 0, 1)];
        let order = flow_order(4, &arcs);
        let at = |v| order.iter().position(|&w| w == v);
        assert!(arcs.iter().all(|&(a, b, _)| at(a) < at(b)));
    }

    #[test]
    fn a_cycle_loses_one_arc() {
        let arcs = [(0, 1, 1), (1, 2, 1), (2, 0, 1)];
        let order = flow_order(3, &arcs);
        let at = |v| order.iter().position(|&w| w == v);
        assert_eq!(arcs.iter().filter(|&&(a, b, _)| at(a) > at(b)).count(), 1);
    }

    #[test]
    fn a_source_moves_next_to_its_only_successor() {
        let arcs = [(0, 1), (1, 2), (3, 2)];
        let order = flow_order(4, &arcs.map(|(a, b)| (a, b, 1)));
        assert_eq!(layers(4, &arcs, &order), [0, 1, 2, 1]);
    }

    #[test]
    fn a_self_arc_is_ignored() {
        assert_eq!(layers(1, &[(0, 0)], &flow_order(1, &[(0, 0, 1)])), [0]);
    }
}
