//! The SVG document. What is drawn is decided in [`crate::layout`]; here it gets its looks.

mod legend;
mod nodes;
mod style;
mod wires;

use crate::kinds::classify;
use crate::layout::{Layout, Rect, TITLE, lay_out};
use crate::text::{fit, width, xml};
use crate::{Diagram, Emphasis};
use std::fmt::Write as _;

/// Around the whole drawing.
const BORDER: f64 = 20.0;
/// The drawing's heading, and the room it takes.
const HEADING: (f64, f64) = (19.0, 34.0);
const CLUSTER_TITLE: f64 = 12.5;
/// Bold glyphs are wider than the estimate, which is for regular ones.
const BOLD: f64 = 1.07;
/// Even a drawing of one node has a readable legend.
const LEAST_WIDTH: f64 = 420.0;

pub(crate) fn render(diagram: &Diagram) -> String {
    let (kinds, links) = classify(diagram);
    let layout = lay_out(diagram, &links, nodes::width(diagram));
    let legend = legend::Legend::of(diagram, &kinds);
    let heading_width = width(&diagram.title, HEADING.0 * BOLD).min(900.0);
    let inner = layout.width.max(LEAST_WIDTH).max(heading_width);
    let (legend_body, legend_height) = legend.render(inner);
    let top = BORDER
        + if diagram.title.trim().is_empty() {
            0.0
        } else {
            HEADING.1
        };
    let total = (
        inner + 2.0 * BORDER,
        top + layout.height + legend_height + BORDER,
    );

    let mut out = String::new();
    let _ = write!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"dg\" role=\"img\" \
         viewBox=\"0 0 {w} {h}\" width=\"{w}\" height=\"{h}\">\n\
         <title>{title}</title>\n<desc>{desc}</desc>\n<style>{css}</style>\n\
         <rect class=\"dg-page\" width=\"{w}\" height=\"{h}\"/>\n",
        w = number(total.0.ceil()),
        h = number(total.1.ceil()),
        title = xml(&diagram.title),
        desc = xml(&summary(diagram, &layout, links.len())),
        css = style::sheet(kinds.iter().map(|kind| kind.hue).max().map_or(0, |h| h + 1)),
    );
    if !diagram.title.trim().is_empty() {
        let _ = writeln!(
            out,
            "<text class=\"dg-heading\" x=\"{}\" y=\"{}\">{}</text>",
            number(BORDER),
            number(BORDER + HEADING.0 - 2.0),
            xml(&fit(&diagram.title, HEADING.0 * BOLD, inner))
        );
    }
    let _ = writeln!(
        out,
        "<g transform=\"translate({} {})\">",
        number(BORDER + (inner - layout.width) / 2.0),
        number(top)
    );
    for (cluster, rect) in &layout.boxes {
        let name = diagram.clusters.get(*cluster).map_or("", |c| &c.name);
        cluster_box(&mut out, name, rect);
    }
    wires::render(&mut out, diagram, &kinds, &links, &layout);
    for (node, rect) in diagram.nodes.iter().zip(&layout.nodes) {
        nodes::render(&mut out, node, rect);
    }
    out.push_str("</g>\n");
    let _ = writeln!(
        out,
        "<g transform=\"translate({} {})\">\n{legend_body}</g>",
        number(BORDER),
        number(top + layout.height)
    );
    out.push_str("</svg>\n");
    out
}

/// What a reader who cannot see the drawing should know first.
fn summary(diagram: &Diagram, layout: &Layout, links: usize) -> String {
    let marked = |emphasis| {
        let nodes = diagram.nodes.iter();
        nodes.filter(|node| node.emphasis == emphasis).count()
    };
    let count = |number: usize, one: &str, many: &str| {
        format!("{number} {}", if number == 1 { one } else { many })
    };
    let mut text = format!(
        "{} in {}, joined by {}.",
        count(diagram.nodes.len(), "box", "boxes"),
        count(layout.boxes.len(), "cluster", "clusters"),
        count(links, "arrow", "arrows")
    );
    let (warnings, errors) = (marked(Emphasis::Warning), marked(Emphasis::Error));
    if warnings + errors > 0 {
        let _ = write!(
            text,
            " Marked: {}, {}.",
            count(errors, "error", "errors"),
            count(warnings, "warning", "warnings")
        );
    }
    text
}

fn cluster_box(out: &mut String, name: &str, rect: &Rect) {
    // No wider than one column of nodes: lines may pass beyond it.
    let room = nodes::title_room(rect.w);
    let _ = writeln!(
        out,
        "<g><title>{}</title><rect class=\"dg-box\" {} rx=\"10\"/>\
         <text class=\"dg-owner\" x=\"{}\" y=\"{}\">{}</text></g>",
        xml(name),
        frame(rect),
        number(rect.x + 14.0),
        number(rect.y + TITLE - 9.0),
        xml(&fit(name, CLUSTER_TITLE * BOLD, room))
    );
}

/// A rectangle's attributes.
fn frame(rect: &Rect) -> String {
    format!(
        "x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"",
        number(rect.x),
        number(rect.y),
        number(rect.w),
        number(rect.h)
    )
}

/// A coordinate with at most one decimal, which is finer than anyone sees.
fn number(value: f64) -> String {
    let tenths = (value * 10.0).round();
    if tenths % 10.0 == 0.0 {
        // Adding zero turns a negative zero into a plain one.
        format!("{:.0}", tenths / 10.0 + 0.0)
    } else {
        format!("{:.1}", tenths / 10.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures;

    #[test]
    fn numbers_are_short() {
        assert_eq!(number(12.0), "12");
        assert_eq!(number(-0.01), "0");
        assert_eq!(number(3.24), "3.2");
    }

    #[test]
    fn the_description_counts() {
        let svg = render(&fixtures::community());
        assert!(svg.contains("<desc>50 boxes in 8 clusters, joined by"));
        assert!(svg.contains("Marked: 1 error, 1 warning."));
    }

    #[test]
    fn an_empty_diagram_is_a_document() {
        let svg = render(&Diagram::default());
        assert!(svg.starts_with("<svg ") && svg.ends_with("</svg>\n"));
    }
}
