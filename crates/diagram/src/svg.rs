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

/// For what a drawing is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Within {
    /// To stand by itself: it has its looks and its heading.
    Nothing,
    /// For a page that has the looks of all drawings, and a heading of its own.
    Page,
}

/// The looks of all drawings, for pages that hold some.
pub(crate) fn style() -> String {
    style::sheet(style::HUE_COUNT)
}

pub(crate) fn render(diagram: &Diagram, within: Within) -> String {
    let headed = within == Within::Nothing && !diagram.title.trim().is_empty();
    let (kinds, links) = classify(diagram);
    let layout = lay_out(diagram, &links, nodes::width(diagram));
    let legend = legend::Legend::of(diagram, &kinds);
    let (heading_width, heading_height) = if headed {
        let wide = width(&diagram.title, HEADING.0 * BOLD);
        (wide.min(900.0), HEADING.1)
    } else {
        (0.0, 0.0)
    };
    let inner = layout.width.max(LEAST_WIDTH).max(heading_width);
    let (legend_body, legend_height) = legend.render(inner);
    let top = BORDER + heading_height;
    let total = (
        inner + 2.0 * BORDER,
        top + layout.height + legend_height + BORDER,
    );

    let mut out = String::new();
    open(
        &mut out,
        diagram,
        &summary(diagram, &layout, links.len()),
        total,
    );
    if within == Within::Nothing {
        let hues = kinds.iter().map(|kind| kind.hue).max().map_or(0, |h| h + 1);
        let _ = write!(
            out,
            "<style>{}</style>\n<rect class=\"dg-page\" width=\"{}\" height=\"{}\"/>\n",
            style::sheet(hues),
            number(total.0.ceil()),
            number(total.1.ceil()),
        );
    }
    if headed {
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

/// The beginning of the document: its size, title and description.
fn open(out: &mut String, diagram: &Diagram, summary: &str, (wide, high): (f64, f64)) {
    // Whatever is in an image is out of reach for who cannot see it, links too.
    let leads_on = diagram.nodes.iter().any(|node| node.link.is_some());
    let _ = write!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"dg\" role=\"{role}\" \
         viewBox=\"0 0 {w} {h}\" width=\"{w}\" height=\"{h}\">\n\
         <title>{title}</title>\n<desc>{desc}</desc>\n",
        role = if leads_on { "group" } else { "img" },
        w = number(wide.ceil()),
        h = number(high.ceil()),
        title = xml(&diagram.title),
        desc = xml(summary),
    );
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
        let svg = render(&fixtures::community(), Within::Nothing);
        assert!(svg.contains("<desc>50 boxes in 8 clusters, joined by"));
        assert!(svg.contains("Marked: 1 error, 1 warning."));
    }

    #[test]
    fn an_empty_diagram_is_a_document() {
        let svg = render(&Diagram::default(), Within::Nothing);
        assert!(svg.starts_with("<svg ") && svg.ends_with("</svg>\n"));
    }

    #[test]
    fn within_a_page_a_drawing_brings_neither_looks_nor_heading() {
        let diagram = fixtures::community();
        let svg = render(&diagram, Within::Page);
        assert!(!svg.contains("<style") && !svg.contains(" style="));
        assert!(!svg.contains("class=\"dg-heading\"") && !svg.contains("class=\"dg-page\""));
        assert!(svg.contains(&format!("<title>{}</title>", xml(&diagram.title))));
        let sheet = style();
        let mut classes: Vec<&str> = svg.split("class=\"").skip(1).collect();
        classes.retain(|rest| rest.starts_with("dg-k"));
        assert!(!classes.is_empty());
        for class in classes {
            let class = class.split(['"', ' ']).next().unwrap_or_default();
            assert!(sheet.contains(&format!(".{class} ")), "{class}");
        }
    }

    #[test]
    fn what_has_links_is_no_image() {
        let mut diagram = fixtures::community();
        for node in &mut diagram.nodes {
            node.link = None;
        }
        assert!(render(&diagram, Within::Page).contains("role=\"img\""));
        diagram.nodes[0].link = Some("/services/dns".to_owned());
        let svg = render(&diagram, Within::Page);
        assert!(svg.contains("role=\"group\"") && svg.contains("<a href=\"/services/dns\">"));
    }
}
