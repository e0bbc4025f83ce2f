//! What must move together.

use std::collections::VecDeque;

use crate::problem::{Hard, Problem};

/// Nodes that move as one.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    /// Its nodes, in their order.
    pub nodes: Vec<usize>,
    /// What they take together.
    pub effort: f64,
    /// Why they move together: a shortest cycle of hard edges through the first of them, each
    /// before or together with the next and the last with the first; nothing for a single node.
    pub cycle: Vec<usize>,
}

/// The groups by their first nodes, and the group of each node; a node that is left out is in none.
pub(crate) fn groups(problem: &Problem) -> (Vec<Group>, Vec<Option<usize>>) {
    let next = edges(problem);
    let component = components(&next);
    let mut group_of = vec![None; problem.nodes.len()];
    let mut place_of = vec![None; problem.nodes.len()];
    let mut groups: Vec<Group> = Vec::new();
    for node in (0..problem.nodes.len()).filter(|&node| problem.moves(node)) {
        let place = *place_of[component[node]].get_or_insert_with(|| {
            groups.push(Group {
                nodes: Vec::new(),
                effort: 0.0,
                cycle: Vec::new(),
            });
            groups.len() - 1
        });
        groups[place].nodes.push(node);
        groups[place].effort += problem.nodes[node].effort;
        group_of[node] = Some(place);
    }
    for (place, group) in groups.iter_mut().enumerate() {
        if let [first, _, ..] = group.nodes[..] {
            group.cycle = cycle(first, &next, |node| group_of[node] == Some(place));
        }
    }
    (groups, group_of)
}

/// From each node to those that move no earlier.
fn edges(problem: &Problem) -> Vec<Vec<usize>> {
    let mut next = vec![Vec::new(); problem.nodes.len()];
    for hard in &problem.hard {
        let (Hard::Together(one, other) | Hard::Before(one, other)) = *hard;
        if problem.moves(one) && problem.moves(other) && one != other {
            next[one].push(other);
            if matches!(hard, Hard::Together(..)) {
                next[other].push(one);
            }
        }
    }
    for nodes in &mut next {
        nodes.sort_unstable();
        nodes.dedup();
    }
    next
}

/// The strongly connected component of each node (Tarjan 1972), without recursion.
fn components(next: &[Vec<usize>]) -> Vec<usize> {
    const UNSEEN: usize = usize::MAX;
    let count = next.len();
    let (mut index, mut low) = (vec![UNSEEN; count], vec![0; count]);
    let (mut open, mut component) = (vec![false; count], vec![UNSEEN; count]);
    let (mut stack, mut seen, mut closed) = (Vec::new(), 0, 0);
    for root in 0..count {
        let mut calls: Vec<(usize, usize)> = vec![(root, 0)];
        if index[root] != UNSEEN {
            continue;
        }
        while let Some((node, edge)) = calls.pop() {
            if edge == 0 {
                (index[node], low[node]) = (seen, seen);
                seen += 1;
                stack.push(node);
                open[node] = true;
            } else {
                low[node] = low[node].min(low[next[node][edge - 1]]);
            }
            let mut further = None;
            for (place, &other) in next[node].iter().enumerate().skip(edge) {
                if index[other] == UNSEEN {
                    further = Some((place, other));
                    break;
                }
                if open[other] {
                    low[node] = low[node].min(index[other]);
                }
            }
            if let Some((place, other)) = further {
                calls.push((node, place + 1));
                calls.push((other, 0));
                continue;
            }
            if low[node] == index[node] {
                while let Some(member) = stack.pop() {
                    open[member] = false;
                    component[member] = closed;
                    if member == node {
                        break;
                    }
                }
                closed += 1;
            }
        }
    }
    component
}

/// A shortest cycle through a node within a component.
fn cycle(first: usize, next: &[Vec<usize>], inside: impl Fn(usize) -> bool) -> Vec<usize> {
    let mut from = vec![None; next.len()];
    let mut waiting = VecDeque::from([first]);
    while let Some(node) = waiting.pop_front() {
        for &other in next[node].iter().filter(|&&other| inside(other)) {
            if other == first {
                let mut cycle = vec![node];
                while let Some(before) = from[cycle[cycle.len() - 1]] {
                    cycle.push(before);
                }
                cycle.reverse();
                return cycle;
            }
            if from[other].is_none() {
                from[other] = Some(node);
                waiting.push_back(other);
            }
        }
    }
    Vec::new()
}
