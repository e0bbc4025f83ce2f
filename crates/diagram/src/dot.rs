//! Graphviz's language, <https://graphviz.org/doc/info/lang.html>.

use crate::kinds::classify;
use crate::text::{harmless, plain};
use crate::{Diagram, Emphasis, Node, Shape};
use std::fmt::Write as _;

pub(crate) fn render(diagram: &Diagram) -> String {
    let mut out = String::new();
    let _ = writeln!(out, "digraph {} {{", quoted(&diagram.title));
    out.push_str(concat!(
        "  rankdir=LR;\n",
        "  graph [fontname=\"Helvetica\", labelloc=t, newrank=true];\n",
        "  node [fontname=\"Helvetica\", fontsize=11, shape=box, style=\"rounded\"];\n",
        "  edge [fontname=\"Helvetica\", fontsize=9];\n",
    ));
    let _ = writeln!(out, "  label={};", quoted(&diagram.title));
    for (index, cluster) in diagram.clusters.iter().enumerate() {
        let members = || {
            let nodes = diagram.nodes.iter().enumerate();
            nodes.filter(move |(_, node)| diagram.cluster_of(node) == Some(index))
        };
        if members().next().is_none() {
            continue;
        }
        let _ = writeln!(out, "  subgraph cluster_{index} {{");
        let _ = writeln!(out, "    label={};", quoted(&cluster.name));
        out.push_str("    style=\"rounded\";\n");
        for (number, node) in members() {
            let _ = writeln!(out, "    n{number} [{}];", attributes(node));
        }
        out.push_str("  }\n");
    }
    for (number, node) in diagram.nodes.iter().enumerate() {
        if diagram.cluster_of(node).is_none() {
            let _ = writeln!(out, "  n{number} [{}];", attributes(node));
        }
    }
    let (kinds, links) = classify(diagram);
    for link in &links {
        let kind = &kinds[link.kind];
        let mut attributes = Vec::new();
        if !kind.label.is_empty() {
            attributes.push(format!("label={}", quoted(kind.label)));
        }
        if kind.dashed {
            attributes.push("style=dashed".to_owned());
        }
        let _ = writeln!(
            out,
            "  n{} -> n{} [{}];",
            link.from,
            link.to,
            attributes.join(", ")
        );
    }
    out.push_str("}\n");
    out
}

fn attributes(node: &Node) -> String {
    let mut label = node.label.clone();
    if !node.detail.is_empty() {
        label.push('\n');
        label.push_str(&node.detail);
    }
    let mut out = format!("label={}", quoted_lines(&label));
    let _ = write!(out, ", tooltip={}", quoted(&node.id));
    out.push_str(match node.shape {
        Shape::Service => "",
        Shape::External => ", style=\"dashed\"",
        Shape::Group => ", peripheries=2",
        Shape::Person => ", shape=ellipse",
        Shape::Place => ", shape=folder, style=\"\"",
    });
    out.push_str(match node.emphasis {
        Emphasis::None => "",
        Emphasis::Warning => ", color=\"#8a5a00\", fontcolor=\"#8a5a00\", penwidth=2",
        Emphasis::Error => ", color=\"#b3261e\", fontcolor=\"#b3261e\", penwidth=2",
    });
    if let Some(link) = node.link.as_deref().and_then(harmless) {
        let _ = write!(out, ", URL={}", quoted(link));
    }
    out
}

/// A double-quoted string of one line.
fn quoted(text: &str) -> String {
    quoted_lines(&plain(text))
}

/// A double-quoted string that keeps line breaks. A backslash is doubled because Graphviz reads
/// escapes such as `\N` in labels.
fn quoted_lines(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            // Graphviz decodes HTML entities even in plain strings.
            '&' => out.push_str("&amp;"),
            other if other.is_control() => out.push(' '),
            other => out.push(other),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures;

    #[test]
    fn quotes_and_backslashes_are_escaped() {
        assert_eq!(quoted("a\"b\\N\n<c>[d]"), r#""a\"b\\N <c>[d]""#);
    }

    #[test]
    fn clusters_are_subgraphs_and_every_node_and_edge_is_there() {
        let diagram = fixtures::community();
        let dot = render(&diagram);
        assert!(dot.contains("subgraph cluster_0 {"));
        assert_eq!(dot.matches(" -> ").count(), classify(&diagram).1.len());
        assert_eq!(dot.matches("tooltip=").count(), diagram.nodes.len());
    }
}
