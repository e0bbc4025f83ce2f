//! Packing: the shape of each group's rectangle and where it lies on the page.
//!
//! Groups stand in vertical bands, ordered so that most dependencies run from left to right. How many
//! bands, which group in which band, and how wide each group is are chosen together, by trying
//! exchanges and keeping those that shorten the lines or improve the page's proportions.

use super::layers::flow_order;
use super::place::{Cell, Grid, Group, PITCH, Pull, Region, fill, strain};
use std::collections::BTreeMap;

/// The page's width divided by its height that reads well on screen and paper alike.
const ASPECT: f64 = 1.5;
/// More bands than this are not tried: beyond, only the page's proportions matter.
const MOST_BANDS: usize = 14;
/// Evaluations of a single edge that one packing may cost.
const BUDGET: usize = 12_000_000;

/// One way of filling a group's rectangle.
struct Form {
    cols: usize,
    rows: usize,
    cells: Vec<Cell>,
}

/// A candidate packing.
#[derive(Clone)]
struct Plan {
    bands: Vec<Vec<usize>>,
    /// By group: index into its forms.
    form: Vec<usize>,
}

struct Packing<'a> {
    forms: Vec<Vec<Form>>,
    /// By node: its group and its index among the members.
    home: Vec<(usize, usize)>,
    pulls: &'a [Pull],
}

/// Packs all groups.
pub(crate) fn pack(groups: &[Group], group_of: &[usize], pulls: &[Pull]) -> Grid {
    let mut home = vec![(0, 0); group_of.len()];
    for (index, group) in groups.iter().enumerate() {
        for (offset, &node) in group.members.iter().enumerate() {
            home[node] = (index, offset);
        }
    }
    let mut arcs: Vec<Vec<(usize, usize)>> = vec![Vec::new(); groups.len()];
    let mut between: BTreeMap<(usize, usize), usize> = BTreeMap::new();
    for pull in pulls {
        let ((a, from), (b, to)) = (home[pull.from], home[pull.to]);
        if a == b {
            arcs[a].push((from, to));
        } else {
            *between.entry((a, b)).or_default() += 1;
        }
    }
    let forms = groups
        .iter()
        .zip(&arcs)
        .map(|(group, arcs)| forms(group.members.len(), arcs))
        .collect();
    let weighted: Vec<(usize, usize, usize)> =
        between.into_iter().map(|((a, b), w)| (a, b, w)).collect();
    let order = flow_order(groups.len(), &weighted);
    let packing = Packing { forms, home, pulls };
    let plan = packing.best(&order);
    packing.grid(groups, group_of, &plan)
}

/// The shapes worth trying: about as wide as a page is, and a little narrower and wider.
fn forms(members: usize, arcs: &[(usize, usize)]) -> Vec<Form> {
    let ideal = f64::sqrt(members as f64 * ASPECT * PITCH.1 / PITCH.0).round() as usize;
    // Large groups are costly to fill, and for them one column more or less is no difference.
    let reach = if members > 400 { 0 } else { 2 };
    (ideal.saturating_sub(reach).max(1)..=(ideal + reach).clamp(1, members.max(1)))
        .map(|cols| {
            let (rows, cells) = fill(members, arcs, cols);
            Form { cols, rows, cells }
        })
        .collect()
}

impl Packing<'_> {
    fn best(&self, order: &[usize]) -> Plan {
        let groups = order.len();
        let most = groups.clamp(1, MOST_BANDS);
        // A sweep tries every pair of groups and every form, each against every edge.
        let sweep = (groups * (groups + 5) * (self.pulls.len() + groups)).max(1);
        let sweeps = (BUDGET / (sweep * most)).min(6);
        let mut best: Option<(f64, Plan)> = None;
        for bands in 1..=most {
            let mut plan = self.start(order, bands);
            let mut cost = self.cost(&plan);
            for _ in 0..sweeps {
                let before = cost;
                cost = self.improve(&mut plan, cost);
                if cost >= before {
                    break;
                }
            }
            if best.as_ref().is_none_or(|(least, _)| cost < *least) {
                best = Some((cost, plan));
            }
        }
        best.map_or_else(|| self.start(order, 1), |(_, plan)| plan)
    }

    /// Cuts the flow order into bands of about equal height.
    fn start(&self, order: &[usize], bands: usize) -> Plan {
        let form: Vec<usize> = self.forms.iter().map(|forms| forms.len() / 2).collect();
        let height = |group: usize| {
            self.forms[group]
                .get(form[group])
                .map_or(1, |form| form.rows + 1)
        };
        let total: usize = order.iter().map(|&group| height(group)).sum();
        let mut cut = vec![Vec::new(); bands];
        let mut passed = 0;
        for &group in order {
            // The middle of the group decides, so that no band is cut short by a tall one.
            let middle = 2 * passed + height(group);
            let band = (middle * bands / (2 * total).max(1)).min(bands - 1);
            cut[band].push(group);
            passed += height(group);
        }
        cut.retain(|band| !band.is_empty());
        Plan { bands: cut, form }
    }

    /// One sweep over all exchanges of two groups, moves of one group and changes of form.
    fn improve(&self, plan: &mut Plan, mut cost: f64) -> f64 {
        let mut keep = |plan: &mut Plan, candidate: Plan| {
            let new = self.cost(&candidate);
            if new + 1e-6 < cost {
                cost = new;
                *plan = candidate;
            }
        };
        for group in 0..self.forms.len() {
            for form in 0..self.forms[group].len() {
                let mut candidate = plan.clone();
                candidate.form[group] = form;
                keep(plan, candidate);
            }
            for other in 0..self.forms.len() {
                if group < other {
                    keep(plan, exchanged(plan, group, other));
                }
                if group != other {
                    keep(plan, moved(plan, group, other));
                }
            }
        }
        cost
    }

    /// Where each group's rectangle begins, and the page's columns and rows. Within a band, a group
    /// goes to the highest place where it fits, so that two narrow groups can stand side by side.
    fn origins(&self, plan: &Plan) -> (Vec<Cell>, usize, usize) {
        let mut origins = vec![(0, 0); self.forms.len()];
        let (mut left, mut height) = (0, 0);
        for band in &plan.bands {
            let form = |group: usize| &self.forms[group][plan.form[group]];
            let width = band
                .iter()
                .map(|&group| form(group).cols)
                .max()
                .unwrap_or(0);
            let mut skyline = vec![0usize; width];
            for &group in band {
                let (cols, rows) = (form(group).cols, form(group).rows);
                let place = (0..=width - cols)
                    .map(|offset| {
                        let top = skyline[offset..offset + cols].iter().max();
                        (top.copied().unwrap_or(0), offset)
                    })
                    .min();
                let (top, offset) = place.unwrap_or_default();
                skyline[offset..offset + cols].fill(top + rows);
                origins[group] = (left + offset, top);
            }
            height = skyline.into_iter().fold(height, usize::max);
            left += width;
        }
        (origins, left, height)
    }

    fn cost(&self, plan: &Plan) -> f64 {
        let (origins, cols, rows) = self.origins(plan);
        let cell = |node: usize| {
            let (group, member) = self.home[node];
            let inside = self.forms[group][plan.form[group]].cells[member];
            (origins[group].0 + inside.0, origins[group].1 + inside.1)
        };
        let lines: f64 = self
            .pulls
            .iter()
            .map(|pull| pull.weight * strain(cell(pull.from), cell(pull.to)))
            .sum();
        // Every row at which some box begins makes room for a title right across the page.
        let mut starts: Vec<usize> = origins.iter().map(|origin| origin.1).collect();
        starts.sort_unstable();
        starts.dedup();
        let width = cols as f64 * PITCH.0 + plan.bands.len() as f64 * 30.0;
        let height = rows as f64 * PITCH.1 + starts.len() as f64 * 50.0;
        let aspect = width / height.max(1.0);
        let off = (aspect / ASPECT).max(ASPECT / aspect) - 1.0;
        let area = f64::sqrt(width * height) * 6.0;
        (lines + area) * (1.0 + 1.2 * off * off)
    }

    fn grid(&self, groups: &[Group], group_of: &[usize], plan: &Plan) -> Grid {
        let (origins, cols, rows) = self.origins(plan);
        let mut cells = vec![(0, 0); group_of.len()];
        let mut regions = Vec::with_capacity(groups.len());
        for (index, group) in groups.iter().enumerate() {
            let form = &self.forms[index][plan.form[index]];
            let (col, row) = origins[index];
            for (&node, inside) in group.members.iter().zip(&form.cells) {
                cells[node] = (col + inside.0, row + inside.1);
            }
            regions.push(Region {
                cluster: group.cluster,
                col,
                row,
                cols: form.cols,
                rows: form.rows,
            });
        }
        Grid {
            cols,
            rows,
            cells,
            regions,
            region_of: group_of.to_vec(),
        }
    }
}

fn exchanged(plan: &Plan, a: usize, b: usize) -> Plan {
    let mut plan = plan.clone();
    for group in plan.bands.iter_mut().flatten() {
        if *group == a {
            *group = b;
        } else if *group == b {
            *group = a;
        }
    }
    plan
}

/// Takes `group` out and puts it right before `other`.
fn moved(plan: &Plan, group: usize, other: usize) -> Plan {
    let mut plan = plan.clone();
    for band in &mut plan.bands {
        band.retain(|&member| member != group);
    }
    for band in &mut plan.bands {
        if let Some(at) = band.iter().position(|&member| member == other) {
            band.insert(at, group);
        }
    }
    plan.bands.retain(|band| !band.is_empty());
    plan
}

#[cfg(test)]
mod tests {
    use super::super::place::place;

    #[test]
    fn regions_do_not_overlap() {
        let clusters: Vec<Option<usize>> = (0..60).map(|v| Some(v * v % 9)).collect();
        let pairs: Vec<(usize, usize)> = (1..60).map(|v| (v, v / 3)).collect();
        let grid = place(&clusters, &pairs);
        for (index, a) in grid.regions.iter().enumerate() {
            for b in &grid.regions[index + 1..] {
                let apart = a.col + a.cols <= b.col
                    || b.col + b.cols <= a.col
                    || a.row + a.rows <= b.row
                    || b.row + b.rows <= a.row;
                assert!(apart, "{a:?} overlaps {b:?}");
            }
        }
    }

    #[test]
    fn nothing_packs_into_nothing() {
        let grid = place(&[], &[]);
        assert_eq!((grid.cols, grid.rows), (0, 0));
    }
}
