//! Crossing reduction: the order of the vertices within each layer.

use super::layers::Arc;

/// Sweeps there and back; more rarely change anything on graphs of this size.
const SWEEPS: usize = 8;

/// The vertices of each layer, ordered by barycentre sweeps. Vertices without arcs are left out: they
/// have no best place, and the caller fills the gaps with them.
pub(crate) fn ordered_layers(n: usize, arcs: &[Arc], layer: &[usize]) -> Vec<Vec<usize>> {
    let mut neighbours: Vec<Vec<usize>> = vec![Vec::new(); n];
    for &(a, b) in arcs.iter().filter(|arc| arc.0 != arc.1) {
        neighbours[a].push(b);
        neighbours[b].push(a);
    }
    let depth = layer.iter().max().map_or(0, |deepest| deepest + 1);
    let mut rows: Vec<Vec<usize>> = vec![Vec::new(); depth];
    for v in depth_first(&neighbours) {
        rows[layer[v]].push(v);
    }
    rows.retain(|row| !row.is_empty());

    let mut rank = vec![0.0; n];
    for row in &rows {
        number(row, &mut rank);
    }
    for sweep in 0..SWEEPS {
        let forwards = sweep % 2 == 0;
        for step in 0..rows.len() {
            let index = if forwards {
                step
            } else {
                rows.len() - 1 - step
            };
            let row = &mut rows[index];
            let mut keyed: Vec<(f64, usize)> = row
                .iter()
                .map(|&v| (barycentre(v, forwards, &neighbours[v], layer, &rank), v))
                .collect();
            keyed.sort_by(|a, b| a.0.total_cmp(&b.0));
            *row = keyed.into_iter().map(|(_, v)| v).collect();
            number(row, &mut rank);
        }
    }
    rows
}

/// Neighbouring vertices come out near each other, which gives the sweeps a start with few crossings.
fn depth_first(neighbours: &[Vec<usize>]) -> Vec<usize> {
    let mut seen = vec![false; neighbours.len()];
    let mut found = Vec::new();
    for start in 0..neighbours.len() {
        let mut stack = vec![start];
        while let Some(v) = stack.pop() {
            if seen[v] || neighbours[v].is_empty() {
                continue;
            }
            seen[v] = true;
            found.push(v);
            stack.extend(neighbours[v].iter().rev());
        }
    }
    found
}

fn number(row: &[usize], rank: &mut [f64]) {
    for (index, &v) in row.iter().enumerate() {
        rank[v] = index as f64 - (row.len() - 1) as f64 / 2.0;
    }
}

fn barycentre(
    v: usize,
    forwards: bool,
    neighbours: &[usize],
    layer: &[usize],
    rank: &[f64],
) -> f64 {
    let mut sum = 0.0;
    let mut count = 0.0;
    for &w in neighbours {
        if (layer[w] < layer[v]) == forwards && layer[w] != layer[v] {
            sum += rank[w];
            count += 1.0;
        }
    }
    if count == 0.0 { rank[v] } else { sum / count }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_crossing_arcs_are_untangled() {
        let arcs = [(0, 3), (1, 2), (0, 4), (1, 5)];
        let rows = ordered_layers(6, &arcs, &[0, 0, 1, 1, 1, 1]);
        let first_of_zero = rows[0][0] == 0;
        let halves: Vec<bool> = rows[1].iter().map(|v| [3, 4].contains(v)).collect();
        assert_eq!(halves[0], first_of_zero);
        assert_eq!(halves[0], halves[1]);
        assert_eq!(halves[2], halves[3]);
    }

    #[test]
    fn isolated_vertices_are_left_out() {
        assert_eq!(ordered_layers(3, &[(0, 2)], &[0, 0, 1]), [[0], [2]]);
    }
}
