//! Lanes: keeping apart the lines that share a channel.
//!
//! A net's tree is cut into straight segments. Segments that overlap on one mesh line get different
//! lanes, ordered so that few of them cross where they turn off. Indices into `segments` come from
//! building that list here and are never removed from it.

use super::route::{Mesh, Net, Point};
use std::collections::BTreeMap;

/// Distance between neighbouring lanes.
pub(crate) const LANE: f64 = 8.0;
/// Farther than any lane lies from its mesh line, so that positions on different mesh lines compare
/// by mesh line first.
const MESH_STEP: f64 = 1.0e6;
/// Lines with more segments are ordered by a single sort; an exchange of each pair would take long.
const MOST_EXCHANGED: usize = 120;

/// A straight piece of a net.
#[derive(Debug, Clone)]
struct Segment {
    horizontal: bool,
    /// The mesh line it runs on, and the first and last mesh line it touches.
    line: usize,
    lo: usize,
    hi: usize,
    /// Distance from the mesh line, in pixels.
    offset: f64,
    /// The segments of the same net that meet it: where, and whether they go on towards lower and
    /// towards higher lines.
    stubs: Vec<Stub>,
}

#[derive(Debug, Clone, Copy)]
struct Stub {
    at: usize,
    segment: usize,
    lower: bool,
    higher: bool,
}

/// Where every net's lines run within their channels.
#[derive(Debug)]
pub(crate) struct Lanes {
    segments: Vec<Segment>,
    /// By net: the horizontal and the vertical segment through a point.
    across: Vec<BTreeMap<Point, usize>>,
    down: Vec<BTreeMap<Point, usize>>,
}

impl Lanes {
    /// Gives every segment its lane. `room` is how far apart the outermost lanes on a row of nodes
    /// may be.
    pub(crate) fn assign(mesh: &Mesh, nets: &[Net], room: f64) -> Self {
        let mut lanes = Self {
            segments: Vec::new(),
            across: Vec::new(),
            down: Vec::new(),
        };
        for net in nets {
            lanes.cut(mesh, net);
        }
        let mut lines: BTreeMap<(bool, usize), Vec<usize>> = BTreeMap::new();
        for (index, segment) in lanes.segments.iter().enumerate() {
            lines
                .entry((segment.horizontal, segment.line))
                .or_default()
                .push(index);
        }
        // Horizontal lanes first as a guess, then vertical ones for good, then horizontal ones again:
        // only the last know exactly how far each line reaches, and so can share lanes most.
        for (horizontal, exact) in [(true, false), (false, false), (true, true)] {
            for (_, line) in lines.iter().filter(|(key, _)| key.0 == horizontal) {
                lanes.order(line, exact, room);
            }
        }
        lanes
    }

    /// The distance from its mesh line of the net's horizontal (or vertical) segment at a point.
    pub(crate) fn offset(&self, net: usize, point: Point, horizontal: bool) -> Option<f64> {
        let side = if horizontal { &self.across } else { &self.down };
        let index = side.get(net)?.get(&point)?;
        self.segments.get(*index).map(|segment| segment.offset)
    }

    /// For every mesh line, how far its outermost lane lies from it.
    pub(crate) fn reach(&self, horizontal: bool, lines: usize) -> Vec<f64> {
        let mut reach = vec![0.0_f64; lines];
        for segment in &self.segments {
            if segment.horizontal == horizontal {
                reach[segment.line] = reach[segment.line].max(segment.offset.abs());
            }
        }
        reach
    }

    /// The mesh lines on which anything runs.
    pub(crate) fn used(&self, horizontal: bool, lines: usize) -> Vec<bool> {
        let mut used = vec![false; lines];
        for segment in &self.segments {
            if segment.horizontal == horizontal {
                used[segment.line] = true;
            }
        }
        used
    }

    fn cut(&mut self, mesh: &Mesh, net: &Net) {
        let mut steps: BTreeMap<(bool, usize), Vec<usize>> = BTreeMap::new();
        for (&a, &b) in &net.next {
            let first = a.min(b);
            let (x, y) = (mesh.x(first), mesh.y(first));
            if a.abs_diff(b) == 1 {
                steps.entry((true, y)).or_default().push(x);
            } else {
                steps.entry((false, x)).or_default().push(y);
            }
        }
        let (mut across, mut down) = (BTreeMap::new(), BTreeMap::new());
        let first_new = self.segments.len();
        for ((horizontal, line), mut starts) in steps {
            starts.sort_unstable();
            starts.dedup();
            let mut runs: Vec<(usize, usize)> = Vec::new();
            for start in starts {
                match runs.last_mut() {
                    Some(run) if run.1 == start => run.1 = start + 1,
                    _ => runs.push((start, start + 1)),
                }
            }
            for (lo, hi) in runs {
                for along in lo..=hi {
                    let (x, y) = if horizontal {
                        (along, line)
                    } else {
                        (line, along)
                    };
                    let map = if horizontal { &mut across } else { &mut down };
                    map.insert(y * mesh.width + x, self.segments.len());
                }
                self.segments.push(Segment {
                    horizontal,
                    line,
                    lo,
                    hi,
                    offset: 0.0,
                    stubs: Vec::new(),
                });
            }
        }
        for index in first_new..self.segments.len() {
            self.meet(mesh, index, &across, &down);
        }
        self.across.push(across);
        self.down.push(down);
    }

    /// Notes which segments meet the given one.
    fn meet(
        &mut self,
        mesh: &Mesh,
        index: usize,
        across: &BTreeMap<Point, usize>,
        down: &BTreeMap<Point, usize>,
    ) {
        let segment = &self.segments[index];
        let mut stubs = Vec::new();
        for at in segment.lo..=segment.hi {
            let other = if segment.horizontal {
                down.get(&(segment.line * mesh.width + at))
            } else {
                across.get(&(at * mesh.width + segment.line))
            };
            if let Some(&other) = other {
                stubs.push(Stub {
                    at,
                    segment: other,
                    lower: self.segments[other].lo < segment.line,
                    higher: self.segments[other].hi > segment.line,
                });
            }
        }
        self.segments[index].stubs = stubs;
    }

    /// Orders the segments of one mesh line and gives them lanes.
    fn order(&mut self, line: &[usize], exact: bool, room: f64) {
        let spans: Vec<Span> = line.iter().map(|&index| self.span(index, exact)).collect();
        let mut order: Vec<usize> = (0..spans.len()).collect();
        order.sort_by(|&a, &b| spans[a].lean.total_cmp(&spans[b].lean).then(a.cmp(&b)));
        if spans.len() <= MOST_EXCHANGED {
            exchange(&spans, &mut order);
        }
        let mut lane = vec![0usize; spans.len()];
        for (done, &b) in order.iter().enumerate() {
            for &a in &order[..done] {
                if spans[a].overlaps(&spans[b]) {
                    lane[b] = lane[b].max(lane[a] + 1);
                }
            }
        }
        let component = components(&spans);
        // Lines that never meet, however indirectly, are each centred on their own.
        let mut widest: BTreeMap<usize, usize> = BTreeMap::new();
        for (index, &name) in component.iter().enumerate() {
            let entry = widest.entry(name).or_default();
            *entry = (*entry).max(lane[index]);
        }
        for (index, &segment) in line.iter().enumerate() {
            let last = widest.get(&component[index]).copied().unwrap_or(0) as f64;
            let on_nodes =
                self.segments[segment].horizontal && self.segments[segment].line % 2 == 1;
            let step = if on_nodes && last > 0.0 {
                LANE.min(room / last)
            } else {
                LANE
            };
            self.segments[segment].offset = (lane[index] as f64 - last / 2.0) * step;
        }
    }

    fn span(&self, index: usize, exact: bool) -> Span {
        let segment = &self.segments[index];
        let place = |stub: &Stub| stub.at as f64 * MESH_STEP + self.segments[stub.segment].offset;
        let end = |at: usize| {
            let stub = segment.stubs.iter().find(|stub| stub.at == at);
            stub.map_or(at as f64 * MESH_STEP, place)
        };
        let turns = |lower: bool| -> Vec<f64> {
            let side = segment
                .stubs
                .iter()
                .filter(|stub| if lower { stub.lower } else { stub.higher });
            side.map(place).collect()
        };
        let (lower, higher) = (turns(true), turns(false));
        let count = (lower.len() + higher.len()).max(1) as f64;
        let (lo, hi) = (end(segment.lo), end(segment.hi));
        // Inexact spans count as touching wherever they share a mesh line at all.
        let slack = if exact { LANE } else { MESH_STEP / 2.0 };
        Span {
            lo,
            hi,
            slack,
            lean: (higher.len() as f64 - lower.len() as f64) / count,
            lower,
            higher,
        }
    }
}

/// A segment as the lane order sees it.
struct Span {
    lo: f64,
    hi: f64,
    slack: f64,
    /// From -1, all its ends turn to lower lines, to 1.
    lean: f64,
    lower: Vec<f64>,
    higher: Vec<f64>,
}

impl Span {
    fn overlaps(&self, other: &Self) -> bool {
        self.lo <= other.hi + self.slack && other.lo <= self.hi + self.slack
    }

    fn contains(&self, place: f64) -> bool {
        self.lo < place && place < self.hi
    }

    /// How many crossings it costs to put `self` on a lower lane than `other`.
    fn crossings_below(&self, other: &Self) -> i32 {
        if !self.overlaps(other) {
            return 0;
        }
        let mine = self.higher.iter().filter(|place| other.contains(**place));
        let theirs = other.lower.iter().filter(|place| self.contains(**place));
        (mine.count() + theirs.count()) as i32
    }
}

/// For each span, the number of the heap of overlapping spans that it belongs to.
fn components(spans: &[Span]) -> Vec<usize> {
    let mut by_start: Vec<usize> = (0..spans.len()).collect();
    by_start.sort_by(|&a, &b| spans[a].lo.total_cmp(&spans[b].lo));
    let mut component = vec![0; spans.len()];
    let (mut current, mut end) = (0, f64::NEG_INFINITY);
    for index in by_start {
        if spans[index].lo > end {
            current += 1;
        }
        end = end.max(spans[index].hi + spans[index].slack);
        component[index] = current;
    }
    component
}

/// Moves each span to its best position among the others until nothing improves.
fn exchange(spans: &[Span], order: &mut [usize]) {
    let count = spans.len();
    let mut price = vec![0; count * count];
    for a in 0..count {
        for b in 0..count {
            price[a * count + b] = spans[a].crossings_below(&spans[b]);
        }
    }
    for _ in 0..4 {
        let mut improved = false;
        for from in 0..count {
            let moving = order[from];
            let (mut best, mut target) = (0, from);
            for step in [-1isize, 1] {
                let mut gain = 0;
                let mut at = from;
                while let Some(next) = at.checked_add_signed(step).filter(|&next| next < count) {
                    let passed = order[next];
                    let (low, high) = if step < 0 {
                        (moving, passed)
                    } else {
                        (passed, moving)
                    };
                    gain += price[low * count + high] - price[high * count + low];
                    at = next;
                    if gain < best {
                        (best, target) = (gain, at);
                    }
                }
            }
            if target < from {
                order[target..=from].rotate_right(1);
                improved = true;
            } else if target > from {
                order[from..=target].rotate_left(1);
                improved = true;
            }
        }
        if !improved {
            break;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(lo: f64, hi: f64, lower: &[f64], higher: &[f64]) -> Span {
        Span {
            lo,
            hi,
            slack: 1.0,
            lean: 0.0,
            lower: lower.to_vec(),
            higher: higher.to_vec(),
        }
    }

    #[test]
    fn nested_brackets_do_not_cross() {
        // Both turn off to higher lines at both ends; the outer one must lie lower.
        let spans = [
            span(10.0, 20.0, &[], &[10.0, 20.0]),
            span(0.0, 30.0, &[], &[0.0, 30.0]),
        ];
        let mut order = vec![0, 1];
        exchange(&spans, &mut order);
        assert_eq!(order, [1, 0]);
    }

    #[test]
    fn apart_means_no_price() {
        let (a, b) = (span(0.0, 5.0, &[], &[5.0]), span(9.0, 20.0, &[9.0], &[]));
        assert_eq!(a.crossings_below(&b), 0);
    }
}
