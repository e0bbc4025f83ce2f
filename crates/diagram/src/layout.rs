//! From a graph to coordinates. Each step is a file; this one strings them together and turns cells
//! and lanes into pixels.

mod lanes;
mod layers;
mod order;
mod pack;
mod place;
mod route;

use crate::Diagram;
use crate::kinds::Link;
use lanes::Lanes;
use place::Grid;
use route::{Mesh, Net};

/// A rectangle in pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Rect {
    pub(crate) x: f64,
    pub(crate) y: f64,
    pub(crate) w: f64,
    pub(crate) h: f64,
}

/// The corners of one link's line, from the target's edge back to the source's.
///
/// The target comes first so that the lines of one net are the same, dash for dash, along the trunk
/// they share.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Wire {
    pub(crate) link: usize,
    pub(crate) corners: Vec<(f64, f64)>,
}

/// Everything's place.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Layout {
    pub(crate) width: f64,
    pub(crate) height: f64,
    /// By node.
    pub(crate) nodes: Vec<Rect>,
    /// The clusters that have nodes, by index.
    pub(crate) boxes: Vec<(usize, Rect)>,
    /// The links that are not loops.
    pub(crate) wires: Vec<Wire>,
}

/// A node's height: two lines of text.
pub(crate) const NODE_HEIGHT: f64 = 44.0;
/// The band above a cluster's first row that holds its title.
pub(crate) const TITLE: f64 = 26.0;
/// Between a cluster's border and its nodes.
const PAD: f64 = 14.0;
/// Between a node (or border) and the nearest lane beside it; an arrowhead fits in.
const MARGIN: (f64, f64) = (17.0, 9.0);
/// How far apart the outermost of the lines into one side of a node may be.
const PORTS: f64 = NODE_HEIGHT - 14.0;

/// Lays the diagram out with nodes of the given width.
pub(crate) fn lay_out(diagram: &Diagram, links: &[Link], node_width: f64) -> Layout {
    let clusters: Vec<Option<usize>> = diagram
        .nodes
        .iter()
        .map(|node| diagram.cluster_of(node))
        .collect();
    let mut pairs: Vec<(usize, usize)> = links
        .iter()
        .map(|link| (link.from, link.to))
        .filter(|pair| pair.0 != pair.1)
        .collect();
    pairs.sort_unstable();
    pairs.dedup();
    let grid = place::place(&clusters, &pairs);
    let (mesh, nets) = route::route(&grid, links);
    let lanes = Lanes::assign(&mesh, &nets, PORTS);
    let columns = Axis::columns(&grid, &mesh, &lanes, node_width);
    let rows = Axis::rows(&grid, &mesh, &lanes);

    let nodes: Vec<Rect> = grid
        .cells
        .iter()
        .map(|&(col, row)| Rect {
            x: columns.cells[col],
            y: rows.cells[row],
            w: node_width,
            h: NODE_HEIGHT,
        })
        .collect();
    let wires = wires(
        &grid,
        &mesh,
        &nets,
        &lanes,
        links,
        (&columns, &rows),
        &nodes,
    );
    Layout {
        width: columns.length,
        height: rows.length,
        boxes: boxes(&grid, &columns, &rows, node_width),
        nodes,
        wires,
    }
}

/// Pixel positions along one direction.
struct Axis {
    /// Where each column (or row) of cells begins.
    cells: Vec<f64>,
    /// Where each mesh line runs.
    lines: Vec<f64>,
    length: f64,
}

impl Axis {
    fn columns(grid: &Grid, mesh: &Mesh, lanes: &Lanes, node_width: f64) -> Self {
        let spans = boxed(grid, |region| (region.col, region.cols));
        let reach = lanes.reach(false, mesh.width);
        let used = lanes.used(false, mesh.width);
        Self::measure(grid.cols, node_width, &spans, (PAD, PAD), |line| {
            (reach[line], used[line], MARGIN.0)
        })
    }

    fn rows(grid: &Grid, mesh: &Mesh, lanes: &Lanes) -> Self {
        let spans = boxed(grid, |region| (region.row, region.rows));
        let reach = lanes.reach(true, mesh.height);
        let used = lanes.used(true, mesh.height);
        Self::measure(grid.rows, NODE_HEIGHT, &spans, (TITLE, PAD), |line| {
            (reach[line], used[line], MARGIN.1)
        })
    }

    /// Walks along the channels and cells. A channel is as wide as its lanes need, plus the padding
    /// of the boxes that end before it and begin after it; the lanes lie between those paddings, so
    /// that they run outside the boxes.
    fn measure(
        cells: usize,
        size: f64,
        spans: &[(usize, usize)],
        (before, after): (f64, f64),
        channel: impl Fn(usize) -> (f64, bool, f64),
    ) -> Self {
        let mut axis = Self {
            cells: Vec::with_capacity(cells),
            lines: Vec::with_capacity(2 * cells + 1),
            length: 0.0,
        };
        for index in 0..=cells {
            if spans.iter().any(|span| span.0 + span.1 == index) {
                axis.length += after;
            }
            let (reach, used, margin) = channel(2 * index);
            let outermost = index == 0 || index == cells;
            let half = if used || !outermost {
                reach + margin
            } else {
                0.0
            };
            axis.lines.push(axis.length + half);
            axis.length += 2.0 * half;
            if index < cells {
                if spans.iter().any(|span| span.0 == index) {
                    axis.length += before;
                }
                axis.cells.push(axis.length);
                axis.lines.push(axis.length + size / 2.0);
                axis.length += size;
            }
        }
        axis
    }
}

/// The extents of the regions that are drawn as boxes.
fn boxed(grid: &Grid, extent: impl Fn(&place::Region) -> (usize, usize)) -> Vec<(usize, usize)> {
    let visible = grid
        .regions
        .iter()
        .filter(|region| region.cluster.is_some());
    let mut spans: Vec<(usize, usize)> = visible.map(extent).collect();
    spans.sort_unstable();
    spans.dedup();
    spans
}

fn boxes(grid: &Grid, columns: &Axis, rows: &Axis, node_width: f64) -> Vec<(usize, Rect)> {
    grid.regions
        .iter()
        .filter_map(|region| {
            let cluster = region.cluster?;
            let x = columns.cells[region.col] - PAD;
            let y = rows.cells[region.row] - TITLE;
            let right = columns.cells[region.col + region.cols - 1] + node_width + PAD;
            let bottom = rows.cells[region.row + region.rows - 1] + NODE_HEIGHT + PAD;
            let rect = Rect {
                x,
                y,
                w: right - x,
                h: bottom - y,
            };
            Some((cluster, rect))
        })
        .collect()
}

fn wires(
    grid: &Grid,
    mesh: &Mesh,
    nets: &[Net],
    lanes: &Lanes,
    links: &[Link],
    (columns, rows): (&Axis, &Axis),
    nodes: &[Rect],
) -> Vec<Wire> {
    let mut wires = Vec::new();
    for (number, net) in nets.iter().enumerate() {
        for &link in &net.links {
            let source = links[link].from;
            let mut way = vec![mesh.cell(grid.cells[source])];
            while let Some(&next) = way.last().and_then(|point| net.next.get(point)) {
                way.push(next);
            }
            way.reverse();
            let at = |point: usize| {
                let x = columns.lines[mesh.x(point)];
                let y = rows.lines[mesh.y(point)];
                (
                    x + lanes.offset(number, point, false).unwrap_or(0.0),
                    y + lanes.offset(number, point, true).unwrap_or(0.0),
                )
            };
            let mut corners = Vec::new();
            for (index, &point) in way.iter().enumerate() {
                let before = index.checked_sub(1).map(|before| way[before]);
                let after = way.get(index + 1).copied();
                let corner = match (before, after) {
                    (None, Some(next)) => edge_point(&nodes[net.target], point, next, at(point).1),
                    (Some(last), None) => edge_point(&nodes[source], point, last, at(point).1),
                    (Some(last), Some(next)) => {
                        if (point.abs_diff(last) == 1) == (point.abs_diff(next) == 1) {
                            continue;
                        }
                        at(point)
                    }
                    (None, None) => continue,
                };
                corners.push(corner);
            }
            wires.push(Wire { link, corners });
        }
    }
    wires.sort_by_key(|wire| wire.link);
    wires
}

/// Where a line that leaves a node's cell towards `next` touches the node.
fn edge_point(node: &Rect, cell: usize, next: usize, y: f64) -> (f64, f64) {
    let x = if next > cell { node.x + node.w } else { node.x };
    (x, y)
}
