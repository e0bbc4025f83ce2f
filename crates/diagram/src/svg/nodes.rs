//! Nodes: a box with one or two lines of text, an icon for what it is, a sign when it needs attention.

use super::{BOLD, frame, number};
use crate::layout::Rect;
use crate::text::{self, fit, harmless, xml};
use crate::{Diagram, Emphasis, Node, Shape};
use std::fmt::Write as _;

const LABEL: f64 = 13.0;
const DETAIL: f64 = 11.0;
const INSET: f64 = 12.0;
const ICON: f64 = 19.0;
const SIGN: f64 = 17.0;
/// Boxes are all of one width, so that columns are tidy; within these limits.
const WIDTHS: (f64, f64) = (116.0, 196.0);

/// The width with which the longest label just fits, within limits.
pub(super) fn width(diagram: &Diagram) -> f64 {
    let needed = diagram.nodes.iter().map(|node| {
        let label = text::width(&node.label, LABEL * BOLD);
        let detail = text::width(&node.detail, DETAIL);
        label.max(detail) + reserved(node)
    });
    needed.fold(WIDTHS.0, f64::max).min(WIDTHS.1).ceil()
}

/// How much of a node's width its text cannot use.
fn reserved(node: &Node) -> f64 {
    let icon = if node.shape == Shape::Service {
        0.0
    } else {
        ICON
    };
    let sign = if node.emphasis == Emphasis::None {
        0.0
    } else {
        SIGN
    };
    2.0 * INSET + icon + sign
}

/// How wide a cluster's title may be in a box of the given width.
pub(super) fn title_room(box_width: f64) -> f64 {
    // The padding on both sides; a box is at least one node wide.
    (box_width - 28.0).min(WIDTHS.1)
}

pub(super) fn render(out: &mut String, node: &Node, rect: &Rect) {
    let link = node.link.as_deref().and_then(harmless);
    if let Some(link) = link {
        let _ = write!(out, "<a href=\"{}\">", xml(link));
    }
    let mut classes = vec!["dg-n"];
    classes.extend(shape_class(node.shape));
    classes.extend(match node.emphasis {
        Emphasis::None => None,
        Emphasis::Warning => Some("dg-warning"),
        Emphasis::Error => Some("dg-error"),
    });
    let _ = write!(
        out,
        "<g class=\"{}\"><title>{}</title>",
        classes.join(" "),
        xml(&tooltip(node))
    );
    outline(out, node.shape, rect);
    let mut left = rect.x + INSET;
    if node.shape != Shape::Service {
        icon(out, node.shape, left, rect.y + rect.h / 2.0);
        left += ICON;
    }
    let room = rect.w - reserved(node);
    let middle = rect.y + rect.h / 2.0;
    let two_lines = !node.detail.trim().is_empty();
    let _ = write!(
        out,
        "<text class=\"dg-label\" x=\"{}\" y=\"{}\">{}</text>",
        number(left),
        number(if two_lines {
            middle - 2.5
        } else {
            middle + 4.5
        }),
        xml(&fit(&node.label, LABEL * BOLD, room))
    );
    if two_lines {
        let _ = write!(
            out,
            "<text class=\"dg-detail\" x=\"{}\" y=\"{}\">{}</text>",
            number(left),
            number(middle + 13.0),
            xml(&fit(&node.detail, DETAIL, room))
        );
    }
    sign(out, node.emphasis, rect.x + rect.w - SIGN, middle);
    out.push_str("</g>");
    out.push_str(if link.is_some() { "</a>\n" } else { "\n" });
}

fn shape_class(shape: Shape) -> Option<&'static str> {
    (shape == Shape::External).then_some("dg-external")
}

/// The whole text, which the box may have shortened.
fn tooltip(node: &Node) -> String {
    let mut text = node.label.clone();
    if !node.id.is_empty() && node.id != node.label {
        let _ = write!(text, " ({})", node.id);
    }
    if !node.detail.is_empty() {
        let _ = write!(text, ": {}", node.detail);
    }
    text.push_str(match node.shape {
        Shape::Service => "",
        Shape::External => " – external",
        Shape::Group => " – group",
        Shape::Person => " – person",
        Shape::Place => " – place",
    });
    text.push_str(match node.emphasis {
        Emphasis::None => "",
        Emphasis::Warning => " – warning",
        Emphasis::Error => " – error",
    });
    text
}

/// The box. All shapes have straight upright sides, so that lines may meet them anywhere.
pub(super) fn outline(out: &mut String, shape: Shape, rect: &Rect) {
    let radius = match shape {
        Shape::Service => 6,
        Shape::Group | Shape::Person => 12,
        Shape::External | Shape::Place => 0,
    };
    let _ = write!(
        out,
        "<rect class=\"dg-node\" {} rx=\"{radius}\"/>",
        frame(rect)
    );
    if shape == Shape::Group {
        let inner = Rect {
            x: rect.x + 3.0,
            y: rect.y + 3.0,
            w: rect.w - 6.0,
            h: rect.h - 6.0,
        };
        let _ = write!(out, "<rect class=\"dg-inner\" {} rx=\"9\"/>", frame(&inner));
    }
}

/// A small picture, 14 by 14, its left end at `x` and its middle at `y`.
pub(super) fn icon(out: &mut String, shape: Shape, x: f64, y: f64) {
    let path = match shape {
        Shape::Service => return,
        // A cloud, one head, two heads, a map pin.
        Shape::External => "M3.5 11.5h7a2.7 2.7 0 0 0 .3-5.4 3.9 3.9 0 0 0-7.4-.6 3 3 0 0 0 .1 6z",
        Shape::Person => "M7 7a2.6 2.6 0 1 0 0-5.2 2.6 2.6 0 0 0 0 5.2zM2 13a5 5 0 0 1 10 0",
        Shape::Group => {
            "M5 7a2.3 2.3 0 1 0 0-4.6 2.3 2.3 0 0 0 0 4.6zM1 12.6a4 4 0 0 1 8 0M9.2 2.7a2.2 2.2 0 0 1 0 4.2M10.2 8.7a4 4 0 0 1 3 3.9"
        }
        Shape::Place => {
            "M7 13.4C4.2 10.2 2.8 7.9 2.8 5.6a4.2 4.2 0 0 1 8.4 0c0 2.3-1.4 4.6-4.2 7.8zM7 7.1a1.5 1.5 0 1 0 0-3 1.5 1.5 0 0 0 0 3z"
        }
    };
    let _ = write!(
        out,
        "<path class=\"dg-icon\" transform=\"translate({} {})\" d=\"{path}\"/>",
        number(x - 1.0),
        number(y - 7.0)
    );
}

/// The sign that tells emphasis without colour: a triangle or a disc, centred at a point.
pub(super) fn sign(out: &mut String, emphasis: Emphasis, x: f64, y: f64) {
    let (class, shape, mark) = match emphasis {
        Emphasis::None => return,
        Emphasis::Warning => (
            "dg-sign-warning",
            "M0 -7.5L8 6.5H-8z",
            "M0 -2.6V1.4M0 4.2v.1",
        ),
        Emphasis::Error => (
            "dg-sign-error",
            "M-7.5 0a7.5 7.5 0 1 0 15 0a7.5 7.5 0 1 0 -15 0z",
            "M-2.6 -2.6L2.6 2.6M2.6 -2.6L-2.6 2.6",
        ),
    };
    let _ = write!(
        out,
        "<g transform=\"translate({} {})\"><path class=\"{class}\" d=\"{shape}\"/>\
         <path class=\"dg-mark\" d=\"{mark}\"/></g>",
        number(x),
        number(y)
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_label_is_shortened_in_the_box_and_whole_in_the_tooltip() {
        let node = Node {
            id: "x".to_owned(),
            label: "A <very> long label indeed ".repeat(20),
            ..Node::default()
        };
        let mut out = String::new();
        let rect = Rect {
            x: 0.0,
            y: 0.0,
            w: 150.0,
            h: 44.0,
        };
        render(&mut out, &node, &rect);
        assert!(out.contains('\u{2026}'));
        assert_eq!(out.matches("&lt;very&gt;").count(), 21);
    }

    #[test]
    fn only_harmless_links_become_links() {
        let rect = Rect {
            x: 0.0,
            y: 0.0,
            w: 150.0,
            h: 44.0,
        };
        for (link, expected) in [("a.html?x=1&y", true), ("javascript:alert(1)", false)] {
            let node = Node {
                link: Some(link.to_owned()),
                ..Node::default()
            };
            let mut out = String::new();
            render(&mut out, &node, &rect);
            assert_eq!(out.contains("<a href"), expected);
            assert!(!out.contains("x=1&y"));
        }
    }
}
