//! Placement: which cell of the grid each node gets.
//!
//! [`pack`](super::pack) decides where each group's rectangle lies; inside the rectangles, nodes are
//! exchanged here until the lines between them are short and run forwards.

use super::layers::{flow_order, layers};
use super::order::ordered_layers;
use super::pack;

/// A column and a row.
pub(crate) type Cell = (usize, usize);

/// The nodes that must stay together.
#[derive(Debug)]
pub(crate) struct Group {
    /// The cluster they belong to; the nodes without one form a group that gets no box.
    pub(crate) cluster: Option<usize>,
    pub(crate) members: Vec<usize>,
}

/// A group's rectangle of cells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Region {
    pub(crate) cluster: Option<usize>,
    pub(crate) col: usize,
    pub(crate) row: usize,
    pub(crate) cols: usize,
    pub(crate) rows: usize,
}

/// Where everything sits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Grid {
    pub(crate) cols: usize,
    pub(crate) rows: usize,
    /// By node.
    pub(crate) cells: Vec<Cell>,
    pub(crate) regions: Vec<Region>,
    /// By node: the region it lies in.
    pub(crate) region_of: Vec<usize>,
}

/// A connection between two nodes and how much its length matters.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pull {
    pub(crate) from: usize,
    pub(crate) to: usize,
    pub(crate) weight: f64,
}

/// One cell's width and height on the page with an ordinary channel beside it, in pixels.
pub(crate) const PITCH: (f64, f64) = (235.0, 78.0);

/// How bad a line between two cells is: its length, plus what makes a line hard to follow, which is
/// running backwards and having to leave its row or go round the box.
pub(crate) fn strain(from: Cell, to: Cell) -> f64 {
    let across = to.0 as f64 - from.0 as f64;
    let down = (to.1 as f64 - from.1 as f64).abs();
    let turn = if down > 0.0 { 40.0 } else { 0.0 };
    let run = if across >= 1.0 {
        // A line that skips a column in its own row has to go round what stands there.
        let detour = if across > 1.0 && down == 0.0 {
            40.0
        } else {
            0.0
        };
        PITCH.0 * (across - 1.0) + detour
    } else if across == 0.0 {
        190.0
    } else {
        240.0 - PITCH.0 * across
    };
    run + PITCH.1 * down + turn
}

/// Places nodes, given each node's cluster and the connected pairs.
pub(crate) fn place(clusters: &[Option<usize>], pairs: &[(usize, usize)]) -> Grid {
    let groups = gather(clusters);
    let mut group_of = vec![0; clusters.len()];
    for (index, group) in groups.iter().enumerate() {
        for &node in &group.members {
            group_of[node] = index;
        }
    }
    let pulls = weigh(clusters.len(), pairs);
    let mut grid = pack::pack(&groups, &group_of, &pulls);
    settle(&mut grid, &groups, &pulls);
    grid
}

fn gather(clusters: &[Option<usize>]) -> Vec<Group> {
    let mut by_cluster: std::collections::BTreeMap<(bool, Option<usize>), Vec<usize>> =
        std::collections::BTreeMap::new();
    for (node, cluster) in clusters.iter().enumerate() {
        by_cluster
            .entry((cluster.is_none(), *cluster))
            .or_default()
            .push(node);
    }
    by_cluster
        .into_iter()
        .map(|((_, cluster), members)| Group { cluster, members })
        .collect()
}

/// A hub's many lines share one trunk, so each of them matters less than a line of its own would.
fn weigh(nodes: usize, pairs: &[(usize, usize)]) -> Vec<Pull> {
    let mut into = vec![0.0; nodes];
    for &(_, to) in pairs {
        into[to] += 1.0;
    }
    pairs
        .iter()
        .map(|&(from, to)| Pull {
            from,
            to,
            weight: 1.0 / f64::sqrt(into[to]),
        })
        .collect()
}

/// Puts a group's members into a rectangle of `cols` columns: layers left to right, folded like lines
/// of text when there are more layers than columns, and the unconnected in whatever cells are left.
/// Returns the number of rows and each member's cell, in the order of `members`.
pub(crate) fn fill(members: usize, arcs: &[(usize, usize)], cols: usize) -> (usize, Vec<Cell>) {
    let cols = cols.max(1);
    let rows = members.div_ceil(cols).max(1);
    let weighted: Vec<(usize, usize, usize)> = arcs.iter().map(|&(a, b)| (a, b, 1)).collect();
    let layer = layers(members, arcs, &flow_order(members, &weighted));
    let ordered = ordered_layers(members, arcs, &layer);

    let folds = ordered.len().div_ceil(cols).max(1);
    let mut taken = vec![None; cols * rows];
    let mut cells = vec![None; members];
    for (index, row) in ordered.iter().enumerate() {
        for (offset, &v) in row.iter().enumerate() {
            let wanted = (index % cols, (index / cols) * rows / folds + offset);
            if let Some(slot) = nearest_free(&taken, cols, wanted) {
                taken[slot] = Some(v);
                cells[v] = Some((slot % cols, slot / cols));
            }
        }
    }
    let mut free = (0..cols * rows).filter(|&slot| taken[slot].is_none());
    let cells = cells
        .into_iter()
        .map(|cell| {
            // There are at least as many slots as members, so that a free one always remains.
            cell.unwrap_or_else(|| {
                let slot = free.next().unwrap_or_default();
                (slot % cols, slot / cols)
            })
        })
        .collect();
    (rows, cells)
}

fn nearest_free(taken: &[Option<usize>], cols: usize, wanted: Cell) -> Option<usize> {
    let distance =
        |slot: usize| (slot % cols).abs_diff(wanted.0) * 3 + (slot / cols).abs_diff(wanted.1);
    (0..taken.len())
        .filter(|&slot| taken[slot].is_none())
        .min_by_key(|&slot| (distance(slot), slot))
}

/// Exchanges cells within regions by threshold accepting: like simulated annealing, but a worsening
/// below the falling threshold is always taken, which needs no `exp`.
fn settle(grid: &mut Grid, groups: &[Group], pulls: &[Pull]) {
    let nodes = grid.cells.len();
    let mut attached: Vec<Vec<usize>> = vec![Vec::new(); nodes];
    for (index, pull) in pulls.iter().enumerate() {
        attached[pull.from].push(index);
        attached[pull.to].push(index);
    }
    let mut occupant = vec![None; grid.cols * grid.rows];
    for (node, &(col, row)) in grid.cells.iter().enumerate() {
        occupant[row * grid.cols + col] = Some(node);
    }
    let movable: Vec<usize> = groups
        .iter()
        .flat_map(|group| &group.members)
        .copied()
        .filter(|&node| !attached[node].is_empty())
        .collect();
    if movable.is_empty() {
        return;
    }
    let rounds = (1_500 * nodes).min(150_000);
    let mut random = Sequence::new();
    for round in 0..rounds {
        let threshold = 120.0 * (1.0 - round as f64 / (rounds as f64 * 0.8)).max(0.0);
        let a = movable[random.below(movable.len())];
        let region = &grid.regions[grid.region_of[a]];
        let target = (
            region.col + random.below(region.cols),
            region.row + random.below(region.rows),
        );
        let slot = target.1 * grid.cols + target.0;
        let b = occupant[slot];
        if b == Some(a) {
            continue;
        }
        let touched = |node: usize| attached[node].iter().map(|&index| &pulls[index]);
        let cost = |cells: &[Cell]| -> f64 {
            touched(a)
                .chain(b.into_iter().flat_map(touched))
                .map(|pull| pull.weight * strain(cells[pull.from], cells[pull.to]))
                .sum()
        };
        let before = cost(&grid.cells);
        let old = grid.cells[a];
        grid.cells[a] = target;
        if let Some(b) = b {
            grid.cells[b] = old;
        }
        if cost(&grid.cells) - before <= threshold {
            occupant[slot] = Some(a);
            occupant[old.1 * grid.cols + old.0] = b;
        } else {
            grid.cells[a] = old;
            if let Some(b) = b {
                grid.cells[b] = target;
            }
        }
    }
}

/// A fixed pseudo-random sequence (xorshift64*), the same on every machine.
struct Sequence(u64);

impl Sequence {
    fn new() -> Self {
        Self(0x9E37_79B9_7F4A_7C15)
    }

    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let high = self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33;
        (high % bound.max(1) as u64) as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forwards_beats_backwards() {
        assert!(strain((0, 0), (1, 0)) < strain((1, 0), (0, 0)));
    }

    #[test]
    fn a_chain_folds_like_text() {
        let arcs: Vec<(usize, usize)> = (0..5).map(|v| (v, v + 1)).collect();
        let (rows, cells) = fill(6, &arcs, 3);
        assert_eq!(rows, 2);
        assert_eq!(cells, [(0, 0), (1, 0), (2, 0), (0, 1), (1, 1), (2, 1)]);
    }

    #[test]
    fn every_node_has_a_cell_of_its_own() {
        let clusters: Vec<Option<usize>> = (0..30).map(|v| (v % 4 > 0).then_some(v % 4)).collect();
        let pairs: Vec<(usize, usize)> = (0..29).map(|v| (v, (v * 7 + 1) % 30)).collect();
        let grid = place(&clusters, &pairs);
        let mut cells = grid.cells.clone();
        cells.sort_unstable();
        cells.dedup();
        assert_eq!(cells.len(), 30);
    }
}
