//! Impact, ways and circles, held against the plainest algorithms there are.

use std::collections::BTreeSet;

use estate::{Draft, Estate, KindId, MemoryTree, NodeId, Relation, Strength};
use proptest::prelude::*;

const SIZE: usize = 9;

/// Services that depend on each other; the flag says whether they can do without.
fn estate(edges: &[(usize, usize, bool)]) -> Estate {
    let mut tree = MemoryTree::default().with("commonhold.yaml", "commonhold: 1\nname: T\n");
    for service in 0..SIZE {
        let mut text = format!("name: S{service}\nsummary: S.\nkind: custom\ndepends_on:\n");
        let mut any = false;
        for (_, to, optional) in edges.iter().filter(|edge| edge.0 == service) {
            text += &format!("  - {{service: s{to}, how: calls, optional: {optional}}}\n");
            any = true;
        }
        let text = if any {
            text
        } else {
            text.replace("depends_on:\n", "")
        };
        tree = tree.with(&format!("services/s{service}.yaml"), text);
    }
    let (estate, findings) = Draft::read(&tree).expect("a root file").resolve();
    assert!(findings.is_empty(), "{findings:?}");
    estate
}

fn node(estate: &Estate, service: usize) -> NodeId {
    estate
        .graph
        .node(KindId::Service, &format!("s{service}"))
        .expect("a service")
}

/// Who reaches whom along the edges that count, by repeated joining.
fn closure(
    edges: &[(usize, usize, bool)],
    counts: impl Fn(bool) -> bool,
) -> BTreeSet<(usize, usize)> {
    let mut pairs: BTreeSet<(usize, usize)> = edges
        .iter()
        .filter(|edge| counts(edge.2))
        .map(|edge| (edge.0, edge.1))
        .collect();
    loop {
        let longer: Vec<_> = pairs
            .iter()
            .flat_map(|(a, b)| {
                pairs
                    .iter()
                    .filter(move |(c, _)| b == c)
                    .map(move |(_, d)| (*a, *d))
            })
            .collect();
        let before = pairs.len();
        pairs.extend(longer);
        if pairs.len() == before {
            return pairs;
        }
    }
}

fn edges() -> impl Strategy<Value = Vec<(usize, usize, bool)>> {
    prop::collection::vec((0..SIZE, 0..SIZE, any::<bool>()), 0..24)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_breaks_is_the_closure_and_what_weakens_touches_it(edges in edges(), gone in 0..SIZE) {
        let estate = estate(&edges);
        let impact = estate.impact(node(&estate, gone));
        let hard = closure(&edges, |optional| !optional);
        let breaks = |service: usize| service != gone && hard.contains(&(service, gone));
        for service in 0..SIZE {
            let found = impact.affected.iter().find(|each| each.node == node(&estate, service));
            let touches = edges.iter().any(|edge| edge.0 == service && edge.2 && (edge.1 == gone || breaks(edge.1)));
            let expected = match (breaks(service), touches && service != gone) {
                (true, _) => Some(Strength::Breaks),
                (false, true) => Some(Strength::Weakens),
                (false, false) => None,
            };
            prop_assert_eq!(found.map(|each| each.strength), expected);
        }
    }

    #[test]
    fn every_reason_leads_to_what_goes(edges in edges(), gone in 0..SIZE) {
        let estate = estate(&edges);
        let impact = estate.impact(node(&estate, gone));
        for each in &impact.affected {
            let way: Vec<_> = impact.way(each.node).collect();
            prop_assert_eq!(way.len(), each.steps);
            prop_assert_eq!(way.first().map(|link| link.from), Some(each.node));
            prop_assert_eq!(way.last().map(|link| link.to), Some(node(&estate, gone)));
            prop_assert!(way.windows(2).all(|pair| pair[0].to == pair[1].from));
        }
    }

    #[test]
    fn a_way_is_found_where_there_is_one_and_joins_its_ends(edges in edges(), from in 0..SIZE, to in 0..SIZE) {
        let estate = estate(&edges);
        let reach = closure(&edges, |_| true);
        let way = estate.graph.path(node(&estate, from), node(&estate, to));
        prop_assert_eq!(way.is_some(), from == to || reach.contains(&(from, to)));
        if let Some(way) = way.filter(|way| !way.is_empty()) {
            prop_assert_eq!(way[0].from, node(&estate, from));
            prop_assert_eq!(way[way.len() - 1].to, node(&estate, to));
            prop_assert!(way.windows(2).all(|pair| pair[0].to == pair[1].from));
        }
    }

    #[test]
    fn circles_are_the_services_that_reach_themselves(edges in edges()) {
        let estate = estate(&edges);
        let hard = closure(&edges, |optional| !optional);
        let counts = |link: &estate::Link| matches!(link.relation, Relation::Depends { optional: false, .. });
        let found: BTreeSet<NodeId> = estate.graph.cycles(&counts).into_iter().flatten().collect();
        let expected: BTreeSet<NodeId> = (0..SIZE).filter(|s| hard.contains(&(*s, *s))).map(|s| node(&estate, s)).collect();
        prop_assert_eq!(found, expected);
    }
}
