//! Mermaid flowcharts, <https://mermaid.js.org/syntax/flowchart.html>.

use crate::kinds::classify;
use crate::text::{harmless, plain};
use crate::{Diagram, Emphasis, Node, Shape};
use std::fmt::Write as _;

pub(crate) fn render(diagram: &Diagram) -> String {
    let mut out = String::new();
    if !diagram.title.is_empty() {
        // The front matter is YAML; its double-quoted strings have JSON's escapes.
        let title = plain(&diagram.title)
            .replace('\\', "\\\\")
            .replace('"', "\\\"");
        let _ = writeln!(out, "---\ntitle: \"{title}\"\n---");
    }
    out.push_str("flowchart LR\n");
    for (index, cluster) in diagram.clusters.iter().enumerate() {
        let members = || {
            let nodes = diagram.nodes.iter().enumerate();
            nodes.filter(move |(_, node)| diagram.cluster_of(node) == Some(index))
        };
        if members().next().is_none() {
            continue;
        }
        let _ = writeln!(out, "  subgraph c{index}[{}]", quoted(&cluster.name));
        for (number, node) in members() {
            let _ = writeln!(out, "    {}", declaration(number, node));
        }
        out.push_str("  end\n");
    }
    for (number, node) in diagram.nodes.iter().enumerate() {
        if diagram.cluster_of(node).is_none() {
            let _ = writeln!(out, "  {}", declaration(number, node));
        }
    }
    let (kinds, links) = classify(diagram);
    for link in &links {
        let kind = &kinds[link.kind];
        let arrow = if kind.dashed { "-.->" } else { "-->" };
        let label = if kind.label.trim().is_empty() {
            String::new()
        } else {
            format!("|{}|", quoted(kind.label))
        };
        let _ = writeln!(out, "  n{} {arrow}{label} n{}", link.from, link.to);
    }
    for (number, node) in diagram.nodes.iter().enumerate() {
        if let Some(link) = node.link.as_deref().and_then(harmless) {
            let address = link.replace('"', "%22").replace(char::is_whitespace, "%20");
            let _ = writeln!(out, "  click n{number} href \"{address}\"");
        }
    }
    classes(diagram, &mut out);
    out
}

fn declaration(number: usize, node: &Node) -> String {
    let mut label = quoted(&node.label);
    if !node.detail.is_empty() {
        label.truncate(label.len() - 1);
        let detail = quoted(&node.detail);
        let _ = write!(label, "<br>{}", detail.trim_start_matches('"'));
    }
    let (open, close) = match node.shape {
        Shape::Service => ("(", ")"),
        Shape::External => ("[/", "/]"),
        Shape::Group => ("[[", "]]"),
        Shape::Person => ("([", "])"),
        Shape::Place => ("[", "]"),
    };
    format!("n{number}{open}{label}{close}")
}

fn classes(diagram: &Diagram, out: &mut String) {
    for (emphasis, name, style) in [
        (
            Emphasis::Warning,
            "warning",
            "stroke:#8a5a00,stroke-width:3px",
        ),
        (Emphasis::Error, "error", "stroke:#b3261e,stroke-width:3px"),
    ] {
        let marked: Vec<String> = diagram
            .nodes
            .iter()
            .enumerate()
            .filter(|(_, node)| node.emphasis == emphasis)
            .map(|(number, _)| format!("n{number}"))
            .collect();
        if !marked.is_empty() {
            let _ = writeln!(out, "  classDef {name} {style}");
            let _ = writeln!(out, "  class {} {name}", marked.join(","));
        }
    }
}

/// A quoted label. Mermaid has no backslash escapes but reads entities written with `#`, which also
/// keep it from taking markup, Markdown strings (a backtick after the quote) or a `|` for syntax.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for character in plain(text).chars() {
        match character {
            '"' | '#' | '&' | '<' | '>' | '`' | '|' | '[' | ']' | '{' | '}' | '(' | ')' | '\\'
            | ';' => {
                let _ = write!(out, "#{};", u32::from(character));
            }
            other => out.push(other),
        }
    }
    // Mermaid refuses an empty label.
    if out.trim_start_matches('"').trim().is_empty() {
        out.push_str("#160;");
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures;

    #[test]
    fn syntax_in_labels_becomes_entities() {
        assert_eq!(quoted("a\"b[c]|`"), "\"a#34;b#91;c#93;#124;#96;\"");
        assert_eq!(quoted(""), "\"#160;\"");
    }

    #[test]
    fn clusters_are_subgraphs() {
        let mermaid = render(&fixtures::community());
        assert!(mermaid.contains("flowchart LR\n  subgraph c0["));
        assert_eq!(
            mermaid.matches("  subgraph ").count(),
            mermaid.matches("\n  end\n").count()
        );
    }
}
