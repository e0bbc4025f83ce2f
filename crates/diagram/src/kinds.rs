//! Edge kinds: what the legend explains and what edges must share before they may share a trunk.

use crate::Diagram;
use std::collections::BTreeMap;

/// One way of drawing an edge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Kind<'a> {
    /// The verb.
    pub(crate) label: &'a str,
    /// Broken line.
    pub(crate) dashed: bool,
    /// Which colour and arrowhead: the same for one label, dashed or not.
    pub(crate) hue: usize,
}

/// One distinct edge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Link {
    pub(crate) from: usize,
    pub(crate) to: usize,
    /// Index into the kinds.
    pub(crate) kind: usize,
    /// How often the input repeats it.
    pub(crate) count: usize,
}

/// How often each pair of nodes is joined in one way.
type Pairs = BTreeMap<(usize, usize), usize>;

/// The distinct edges and their kinds, the most frequent label first so that it gets the calmest
/// colour.
pub(crate) fn classify(diagram: &Diagram) -> (Vec<Kind<'_>>, Vec<Link>) {
    let mut labels: BTreeMap<&str, usize> = BTreeMap::new();
    for edge in diagram.valid_edges() {
        *labels.entry(&edge.label).or_default() += 1;
    }
    let mut ranked: Vec<(&str, usize)> = labels.into_iter().collect();
    ranked.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
    let hues: BTreeMap<&str, usize> = ranked
        .iter()
        .enumerate()
        .map(|(hue, (label, _))| (*label, hue))
        .collect();

    let mut counts: BTreeMap<(usize, bool, &str), Pairs> = BTreeMap::new();
    for edge in diagram.valid_edges() {
        let hue = hues.get(edge.label.as_str()).copied().unwrap_or_default();
        *counts
            .entry((hue, edge.dashed, &edge.label))
            .or_default()
            .entry((edge.from, edge.to))
            .or_default() += 1;
    }
    let mut kinds = Vec::new();
    let mut links = Vec::new();
    for ((hue, dashed, label), pairs) in counts {
        let kind = kinds.len();
        kinds.push(Kind { label, dashed, hue });
        links.extend(pairs.into_iter().map(|((from, to), count)| Link {
            from,
            to,
            kind,
            count,
        }));
    }
    (kinds, links)
}
