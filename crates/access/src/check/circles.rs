//! Items of one kind that lead back to themselves.

use base::{Code, Diagnostic};
use estate::{Estate, KindId, Link, NodeId};

/// Which circles are looked for, and in which words they are told.
pub(super) struct Circles {
    pub(super) kind: KindId,
    pub(super) code: &'static Code,
    /// What one does that leads to itself: `is part of`.
    pub(super) itself: &'static str,
    /// What each step is: `is part of`.
    pub(super) step: &'static str,
}

impl Circles {
    /// Finds circles along the links that count.
    pub(super) fn find(
        &self,
        estate: &Estate,
        counts: &dyn Fn(&Link) -> bool,
        findings: &mut Vec<Diagnostic>,
    ) {
        let graph = &estate.graph;
        let of_kind = |node: NodeId| graph.item(node).0 == self.kind;
        let counts = |link: &Link| of_kind(link.from) && of_kind(link.to) && counts(link);
        let noun = self.kind.name();
        for cycle in graph.cycles(&counts) {
            let Some(&start) = cycle.first() else {
                continue;
            };
            let within = graph.outgoing(start);
            let within = within.filter(|link| counts(link) && cycle.contains(&link.to));
            let ways =
                within.filter_map(|link| Some((link, graph.path_along(link.to, start, &counts)?)));
            let Some((first, back)) = ways.min_by_key(|(_, back)| back.len()) else {
                continue;
            };
            let mut names = vec![graph.item(start).1, graph.item(first.to).1];
            names.extend(back.iter().map(|link| graph.item(link.to).1));
            let message = match names.as_slice() {
                [one, _] => format!("{noun}/{one} {} itself", self.itself),
                _ => format!(
                    "a circle of {}: {}",
                    self.kind.folder().replace('-', " "),
                    names.join(" → ")
                ),
            };
            let mut finding = Diagnostic::new(self.code, first.span, message)
                .about(format!("{noun}/{}", names[0]))
                .help("remove one of the steps");
            for link in back {
                let (from, to) = (graph.item(link.from).1, graph.item(link.to).1);
                finding = finding.related(link.span, format!("{from} {} {to}", self.step));
            }
            findings.push(finding);
        }
    }
}
