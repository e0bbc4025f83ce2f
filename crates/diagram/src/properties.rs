//! Properties that hold whatever the input.

use proptest::prelude::*;

use crate::kinds::classify;
use crate::layout::{Rect, lay_out};
use crate::{Cluster, Diagram, Edge, Emphasis, Node, Shape, fixtures};

const NODE_WIDTH: f64 = 150.0;

fn diagrams() -> impl Strategy<Value = Diagram> {
    let text = "[ -~äß→\u{1f600}]{0,40}";
    let node = (
        text,
        text,
        proptest::option::of(0_usize..7),
        0_usize..5,
        0_usize..3,
    );
    let edge = (0_usize..26, 0_usize..26, "[a-c<>&\"]{0,3}", any::<bool>());
    let parts = (
        text,
        0_usize..6,
        prop::collection::vec(node, 0..24),
        prop::collection::vec(edge, 0..60),
    );
    parts.prop_map(|(title, clusters, nodes, edges)| Diagram {
        title,
        clusters: (0..clusters)
            .map(|at| Cluster {
                name: format!("<group \"{at}\">"),
            })
            .collect(),
        nodes: nodes
            .into_iter()
            .enumerate()
            .map(|(at, (label, detail, cluster, shape, emphasis))| Node {
                id: format!("n{at}"),
                label,
                detail,
                cluster,
                shape: [
                    Shape::Service,
                    Shape::External,
                    Shape::Group,
                    Shape::Person,
                    Shape::Place,
                ][shape],
                emphasis: [Emphasis::None, Emphasis::Warning, Emphasis::Error][emphasis],
                link: (at % 3 == 0).then(|| format!("?a=1&b={at}")),
            })
            .collect(),
        edges: edges
            .into_iter()
            .map(|(from, to, label, dashed)| Edge {
                from,
                to,
                label,
                dashed,
            })
            .collect(),
        broken: "optional".to_owned(),
    })
}

fn apart(a: &Rect, b: &Rect) -> bool {
    a.x + a.w <= b.x || b.x + b.w <= a.x || a.y + a.h <= b.y || b.y + b.h <= a.y
}

fn within(inner: &Rect, outer: &Rect) -> bool {
    inner.x >= outer.x
        && inner.y >= outer.y
        && inner.x + inner.w <= outer.x + outer.w
        && inner.y + inner.h <= outer.y + outer.h
}

/// Whether every element is closed by its own name and no bare `&` or `<` stands in text.
fn well_formed(xml: &str) -> Result<(), String> {
    let mut open: Vec<&str> = Vec::new();
    let mut rest = xml;
    while let Some(start) = rest.find('<') {
        let (text, tag) = rest.split_at(start);
        entities(text)?;
        let end = tag.find('>').ok_or("a tag without an end")?;
        let inner = &tag[1..end];
        entities(inner)?;
        rest = &tag[end + 1..];
        if let Some(name) = inner.strip_prefix('/') {
            let last = open.pop();
            if last != Some(name) {
                return Err(format!("</{name}> closes {last:?}"));
            }
        } else if !inner.ends_with('/') {
            open.push(inner.split_whitespace().next().unwrap_or(""));
            if inner.matches('"').count() % 2 != 0 {
                return Err(format!("quotes in <{inner}>"));
            }
        }
    }
    if open.is_empty() {
        Ok(())
    } else {
        Err(format!("left open: {open:?}"))
    }
}

fn entities(text: &str) -> Result<(), String> {
    for (at, _) in text.match_indices('&') {
        let rest = &text[at..];
        if !["&amp;", "&lt;", "&gt;", "&quot;", "&#39;", "&apos;"]
            .iter()
            .any(|entity| rest.starts_with(entity))
        {
            return Err(format!("a bare & in {text:?}"));
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn boxes_do_not_overlap_and_hold_their_own(diagram in diagrams()) {
        let (_, links) = classify(&diagram);
        let layout = lay_out(&diagram, &links, NODE_WIDTH);
        prop_assert_eq!(layout.nodes.len(), diagram.nodes.len());
        for (at, node) in layout.nodes.iter().enumerate() {
            for other in &layout.nodes[at + 1..] {
                prop_assert!(apart(node, other));
            }
        }
        for (at, (_, rect)) in layout.boxes.iter().enumerate() {
            for (_, other) in &layout.boxes[at + 1..] {
                prop_assert!(apart(rect, other));
            }
        }
        for (node, rect) in diagram.nodes.iter().zip(&layout.nodes) {
            let own = diagram.cluster_of(node);
            for (cluster, outer) in &layout.boxes {
                if own == Some(*cluster) {
                    prop_assert!(within(rect, outer));
                } else {
                    prop_assert!(apart(rect, outer));
                }
            }
        }
    }

    #[test]
    fn the_same_diagram_is_the_same_document(diagram in diagrams()) {
        prop_assert_eq!(diagram.svg(), diagram.svg());
        prop_assert_eq!(diagram.dot(), diagram.dot());
        prop_assert_eq!(diagram.mermaid(), diagram.mermaid());
    }

    #[test]
    fn the_document_is_well_formed_whatever_is_written_in_it(diagram in diagrams()) {
        prop_assert_eq!(well_formed(&diagram.svg()), Ok(()));
    }

    #[test]
    fn every_node_is_in_every_form_once(diagram in diagrams()) {
        let dot = diagram.dot();
        for at in 0..diagram.nodes.len() {
            let own = format!("n{at} [");
            prop_assert_eq!(dot.lines().filter(|line| line.trim_start().starts_with(&own)).count(), 1);
        }
    }
}

#[test]
fn the_fixtures_hold_too() {
    for diagram in [
        fixtures::community(),
        fixtures::chain(10),
        fixtures::cycle(6),
        fixtures::scattered(200, 300, 12),
    ] {
        assert_eq!(well_formed(&diagram.svg()), Ok(()));
    }
}
