//! Routing: which channels each edge runs through.
//!
//! The mesh has two lines per cell and direction: those with even numbers are the channels between
//! cells, those with odd numbers run through the middle of a row or column of cells. Lines run along
//! channels, and through a row of cells only where a cell is empty. A point is a crossing of two mesh
//! lines; every point here was made by [`Mesh::at`] or by stepping inside the mesh, so that it indexes
//! the mesh's tables.

use super::place::{Cell, Grid};
use crate::kinds::Link;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

/// A crossing of two mesh lines.
pub(crate) type Point = usize;

/// The edges with one target and one kind, which share a trunk.
#[derive(Debug, Clone)]
pub(crate) struct Net {
    pub(crate) target: usize,
    /// Indices into the links.
    pub(crate) links: Vec<usize>,
    /// The next point on the way to the target; a tree, so that each source has one way.
    pub(crate) next: BTreeMap<Point, Point>,
}

/// The lattice on which edges are routed.
#[derive(Debug)]
pub(crate) struct Mesh {
    pub(crate) width: usize,
    pub(crate) height: usize,
    /// A node stands here.
    blocked: Vec<bool>,
    /// The region whose inside this is, counted from 1; 0 in the open.
    inside: Vec<usize>,
    /// How many nets run from this point to the right, and from this point downwards.
    rightwards: Vec<u32>,
    downwards: Vec<u32>,
}

// Prices, in pixels of line that one would draw to avoid the thing.
const HALF_COLUMN: u32 = 115;
const HALF_ROW: u32 = 38;
const BEND: u32 = 45;
const JOIN: u32 = 25;
const CROSSING: u32 = 30;
const COMPANION: u32 = 9;
const ODD_ROW_COMPANION: u32 = 40;
/// Leaving a node on its left or entering it on its right, against the reading direction.
const AGAINST: u32 = 150;
/// A second place of entry into the target.
const SECOND_ENTRY: u32 = 240;
/// Each step inside a box that has nothing to do with the edge.
const TRESPASS: u32 = 90;
/// Each step in the open for an edge whose ends lie in one box.
const STRAY: u32 = 30;

/// Steps that the thorough search may take in all; beyond, edges get the simple comb routes.
const BUDGET: usize = 14_000_000;

/// Routes every link that is not a loop. Returns the nets, one tree of points each.
pub(crate) fn route(grid: &Grid, links: &[Link]) -> (Mesh, Vec<Net>) {
    let mut mesh = Mesh::new(grid);
    let mut grouped: BTreeMap<(usize, usize), Vec<usize>> = BTreeMap::new();
    for (index, link) in links.iter().enumerate() {
        if link.from != link.to {
            grouped.entry((link.to, link.kind)).or_default().push(index);
        }
    }
    let mut nets: Vec<Net> = grouped
        .into_iter()
        .map(|((target, _), links)| Net {
            target,
            links,
            next: BTreeMap::new(),
        })
        .collect();
    // The largest trunks are laid while the page is empty, and so come out straightest.
    nets.sort_by_key(|net| Reverse(net.links.len()));
    for net in &mut nets {
        let (col, row) = grid.cells[net.target];
        net.links.sort_by_key(|&index| {
            let (c, r) = grid.cells[links[index].from];
            (c.abs_diff(col) * 3 + r.abs_diff(row), index)
        });
    }

    let effort = links.len() * mesh.blocked.len();
    if effort > BUDGET {
        for net in &mut nets {
            mesh.comb(grid, links, net);
        }
        return (mesh, nets);
    }
    let passes = if effort * 3 > BUDGET { 1 } else { 3 };
    let mut search = Search::new(mesh.blocked.len());
    for _ in 0..passes {
        // Later passes know where everything else runs, and take each net up to lay it anew.
        for net in &mut nets {
            mesh.count(net, false);
            net.next.clear();
            for &index in &net.links.clone() {
                mesh.connect(&mut search, grid, net, links[index].from);
            }
            mesh.count(net, true);
        }
    }
    (mesh, nets)
}

/// The shortest-path search's tables, kept between searches so that they need no new memory. Each
/// point has two states: reached horizontally (even) and vertically (odd).
struct Search {
    cost: Vec<u32>,
    from: Vec<usize>,
    touched: Vec<usize>,
    queue: BinaryHeap<Reverse<(u32, usize)>>,
}

impl Search {
    fn new(points: usize) -> Self {
        Self {
            cost: vec![u32::MAX; points * 2],
            from: vec![usize::MAX; points * 2],
            touched: Vec::new(),
            queue: BinaryHeap::new(),
        }
    }

    fn clear(&mut self) {
        for &state in &self.touched {
            self.cost[state] = u32::MAX;
            self.from[state] = usize::MAX;
        }
        self.touched.clear();
        self.queue.clear();
    }

    fn offer(&mut self, state: usize, cost: u32, from: usize) {
        if cost < self.cost[state] {
            self.cost[state] = cost;
            self.from[state] = from;
            self.touched.push(state);
            self.queue.push(Reverse((cost, state)));
        }
    }
}

impl Mesh {
    fn new(grid: &Grid) -> Self {
        let (width, height) = (2 * grid.cols + 1, 2 * grid.rows + 1);
        let mut mesh = Self {
            width,
            height,
            blocked: vec![false; width * height],
            inside: vec![0; width * height],
            rightwards: vec![0; width * height],
            downwards: vec![0; width * height],
        };
        for &cell in &grid.cells {
            let point = mesh.cell(cell);
            mesh.blocked[point] = true;
        }
        for (index, region) in grid.regions.iter().enumerate() {
            if region.cluster.is_none() {
                continue;
            }
            for y in 2 * region.row + 1..2 * (region.row + region.rows) {
                for x in 2 * region.col + 1..2 * (region.col + region.cols) {
                    let point = mesh.at(x, y);
                    mesh.inside[point] = index + 1;
                }
            }
        }
        mesh
    }

    fn at(&self, x: usize, y: usize) -> Point {
        y * self.width + x
    }

    /// The middle of a cell.
    pub(crate) fn cell(&self, cell: Cell) -> Point {
        self.at(2 * cell.0 + 1, 2 * cell.1 + 1)
    }

    pub(crate) fn x(&self, point: Point) -> usize {
        point % self.width
    }

    pub(crate) fn y(&self, point: Point) -> usize {
        point / self.width
    }

    /// Takes a net into the counts of who runs where, or out of them.
    fn count(&mut self, net: &Net, add: bool) {
        for (&a, &b) in &net.next {
            let first = a.min(b);
            let counter = if a.abs_diff(b) == 1 {
                &mut self.rightwards[first]
            } else {
                &mut self.downwards[first]
            };
            *counter = if add {
                *counter + 1
            } else {
                counter.saturating_sub(1)
            };
        }
    }

    /// Adds the cheapest way from `source` to the net's tree, searching backwards from the tree.
    fn connect(&self, search: &mut Search, grid: &Grid, net: &mut Net, source: usize) {
        let target = self.cell(grid.cells[net.target]);
        let goal = self.cell(grid.cells[source]);
        let homes = [grid.region_of[source] + 1, grid.region_of[net.target] + 1];
        search.clear();
        search.offer(2 * target, 0, usize::MAX);
        for &point in net.next.keys().filter(|&&point| !self.blocked[point]) {
            let along = Self::remaining(net, point) / 4;
            search.offer(2 * point, JOIN + along, usize::MAX);
            search.offer(2 * point + 1, JOIN + along, usize::MAX);
        }
        while let Some(Reverse((cost, state))) = search.queue.pop() {
            if cost > search.cost[state] {
                continue;
            }
            let point = state / 2;
            if point == goal {
                Self::trace(search, net, state);
                return;
            }
            self.expand(
                search,
                (state, cost),
                target,
                goal,
                homes,
                !net.next.is_empty(),
            );
        }
    }

    fn expand(
        &self,
        search: &mut Search,
        (state, cost): (usize, u32),
        target: Point,
        goal: Point,
        homes: [usize; 2],
        entered: bool,
    ) {
        let (point, vertical) = (state / 2, state % 2 == 1);
        let (x, y) = (self.x(point), self.y(point));
        let mut steps: [Option<(Point, bool)>; 4] = [None; 4];
        if x > 0 {
            steps[0] = Some((point - 1, false));
        }
        if x + 1 < self.width {
            steps[1] = Some((point + 1, false));
        }
        // Up and down only in channels: a column's middle is where the boxes stand.
        if x.is_multiple_of(2) {
            if y > 0 {
                steps[2] = Some((point - self.width, true));
            }
            if y + 1 < self.height {
                steps[3] = Some((point + self.width, true));
            }
        }
        for (to, down) in steps.into_iter().flatten() {
            if self.blocked[to] && to != goal {
                continue;
            }
            let mut price = self.price(point, to, down, homes);
            if down != vertical {
                price += BEND;
            }
            if point == target {
                price += if entered { SECOND_ENTRY } else { 0 };
                price += if to > point { AGAINST } else { 0 };
            }
            if to == goal && to > point {
                price += AGAINST;
            }
            search.offer(2 * to + usize::from(down), cost + price, state);
        }
    }

    fn price(&self, from: Point, to: Point, down: bool, homes: [usize; 2]) -> u32 {
        let first = from.min(to);
        let (length, others) = if down {
            (HALF_ROW, self.downwards[first])
        } else {
            (HALF_COLUMN, self.rightwards[first])
        };
        let companion = if down || self.y(first).is_multiple_of(2) {
            COMPANION
        } else {
            ODD_ROW_COMPANION
        };
        let crossed = if down {
            let before = if to > 0 { self.rightwards[to - 1] } else { 0 };
            before.max(self.rightwards[to])
        } else {
            let above = to.checked_sub(self.width);
            let above = above.map_or(0, |above| self.downwards[above]);
            above.max(self.downwards[to])
        };
        let place = self.inside[to];
        let manners = if place == 0 {
            if homes[0] == homes[1] { STRAY } else { 0 }
        } else if homes.contains(&place) {
            0
        } else {
            TRESPASS
        };
        length + others * companion + crossed * CROSSING + manners
    }

    /// How far it is from a point of the tree to the target.
    fn remaining(net: &Net, mut point: Point) -> u32 {
        let mut length = 0;
        while let Some(&next) = net.next.get(&point) {
            length += if point.abs_diff(next) == 1 {
                HALF_COLUMN
            } else {
                HALF_ROW
            };
            point = next;
        }
        length
    }

    fn trace(search: &Search, net: &mut Net, goal: usize) {
        let mut state = goal;
        while search.from[state] != usize::MAX {
            let previous = search.from[state];
            net.next.entry(state / 2).or_insert(previous / 2);
            state = previous;
        }
    }

    /// The route for drawings too large for the search: up or down the channel right of the source,
    /// along the channel above the target, and into the target from the left.
    fn comb(&self, grid: &Grid, links: &[Link], net: &mut Net) {
        let (col, row) = grid.cells[net.target];
        let (entry, level) = (2 * col, 2 * row);
        let target = self.cell((col, row));
        net.next.insert(self.at(entry, level + 1), target);
        net.next
            .insert(self.at(entry, level), self.at(entry, level + 1));
        for &index in &net.links {
            let source = grid.cells[links[index].from];
            let mut point = self.cell(source);
            let exit = point + 1;
            while point != target {
                let (x, y) = (self.x(point), self.y(point));
                let next = if point + 1 == exit {
                    exit
                } else if x == entry && y == level + 1 {
                    target
                } else if y < level {
                    point + self.width
                } else if y > level {
                    point - self.width
                } else if x < entry {
                    point + 1
                } else if x > entry {
                    point - 1
                } else {
                    point + self.width
                };
                if net.next.insert(point, next).is_some() {
                    break;
                }
                point = next;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::place::place;
    use super::*;

    fn links(pairs: &[(usize, usize)]) -> Vec<Link> {
        pairs
            .iter()
            .map(|&(from, to)| Link {
                from,
                to,
                kind: 0,
                count: 1,
            })
            .collect()
    }

    fn arrives(mesh: &Mesh, grid: &Grid, net: &Net, source: usize) -> bool {
        let mut point = mesh.cell(grid.cells[source]);
        for _ in 0..mesh.blocked.len() {
            match net.next.get(&point) {
                Some(&next) => point = next,
                None => break,
            }
        }
        point == mesh.cell(grid.cells[net.target])
    }

    #[test]
    fn every_source_reaches_its_target_and_no_line_runs_through_a_node() {
        let pairs: Vec<(usize, usize)> = (0..40).flat_map(|v| [(v, 0), (v, v * 3 % 41)]).collect();
        let clusters: Vec<Option<usize>> = (0..41).map(|v| Some(v % 5)).collect();
        let grid = place(&clusters, &pairs);
        let links = links(&pairs);
        let (mesh, mut nets) = route(&grid, &links);
        let check = |nets: &[Net]| {
            for net in nets {
                for &index in &net.links {
                    assert!(arrives(&mesh, &grid, net, links[index].from));
                }
                for passed in net.next.values() {
                    let own = mesh.cell(grid.cells[net.target]);
                    assert!(!mesh.blocked[*passed] || *passed == own);
                }
            }
        };
        check(&nets);
        for net in &mut nets {
            net.next.clear();
            mesh.comb(&grid, &links, net);
        }
        check(&nets);
    }

    #[test]
    fn neighbours_are_joined_straight() {
        let grid = place(&[None, None], &[(0, 1)]);
        let (mesh, nets) = route(&grid, &links(&[(0, 1)]));
        let points: Vec<Point> = nets[0].next.keys().copied().collect();
        assert!(grid.rows == 2 || points.iter().all(|&p| mesh.y(p) == 1));
    }
}
