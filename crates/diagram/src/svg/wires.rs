//! Lines and arrowheads.

use super::{number, style::HUE_COUNT};
use crate::Diagram;
use crate::kinds::{Kind, Link};
use crate::layout::{Layout, Rect};
use crate::text::xml;
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// How far a corner is rounded. Crossing lines meet at a right angle and joining ones in a curve,
/// which tells the two apart.
const ROUNDING: f64 = 8.0;
/// An arrowhead's length.
pub(super) const HEAD: f64 = 9.0;

pub(super) fn render(
    out: &mut String,
    diagram: &Diagram,
    kinds: &[Kind<'_>],
    links: &[Link],
    layout: &Layout,
) {
    let mut heads = BTreeSet::new();
    for wire in &layout.wires {
        let link = &links[wire.link];
        let kind = &kinds[link.kind];
        open(out, diagram, kind, link);
        let d = path(&wire.corners);
        let dashed = if kind.dashed { " dg-dashed" } else { "" };
        let _ = writeln!(
            out,
            "<path class=\"dg-glow\" d=\"{d}\"/><path class=\"dg-wire{dashed}\" d=\"{d}\"/></g>"
        );
        if let [tip, next, ..] = wire.corners.as_slice() {
            let leftwards = next.0 > tip.0;
            heads.insert((number(tip.0), number(tip.1), leftwards, kind.hue));
        }
    }
    for link in links.iter().filter(|link| link.from == link.to) {
        open(out, diagram, &kinds[link.kind], link);
        looped(out, &kinds[link.kind], &layout.nodes[link.from]);
        out.push_str("</g>\n");
    }
    for (x, y, leftwards, hue) in heads {
        let turn = if leftwards { " scale(-1 1)" } else { "" };
        let _ = writeln!(
            out,
            "<g transform=\"translate({x} {y}){turn}\">{}</g>",
            head(hue)
        );
    }
}

fn open(out: &mut String, diagram: &Diagram, kind: &Kind<'_>, link: &Link) {
    let name = |node: usize| diagram.nodes.get(node).map_or("", |node| &node.label);
    let verb = if kind.label.trim().is_empty() {
        "→"
    } else {
        kind.label
    };
    let mut words = format!("{} {verb} {}", name(link.from), name(link.to));
    if link.count > 1 {
        let _ = write!(words, " (×{})", link.count);
    }
    let _ = write!(
        out,
        "<g class=\"dg-k{}\"><title>{}</title>",
        kind.hue % HUE_COUNT,
        xml(&words)
    );
}

/// A line through the corners with rounded turns, leaving room for the arrowhead at its start.
pub(super) fn path(corners: &[(f64, f64)]) -> String {
    let mut d = String::new();
    for (index, &(x, y)) in corners.iter().enumerate() {
        let before = index.checked_sub(1).and_then(|before| corners.get(before));
        let after = corners.get(index + 1);
        match (before, after) {
            (None, Some(&next)) => {
                let (x, y) = towards((x, y), next, HEAD - 1.0);
                let _ = write!(d, "M{} {}", number(x), number(y));
            }
            (Some(&last), Some(&next)) => {
                let share = |other| (distance((x, y), other) / 2.0).min(ROUNDING);
                let radius = share(last).min(share(next));
                let (start, end) = (towards((x, y), last, radius), towards((x, y), next, radius));
                let _ = write!(
                    d,
                    "L{} {}Q{} {} {} {}",
                    number(start.0),
                    number(start.1),
                    number(x),
                    number(y),
                    number(end.0),
                    number(end.1)
                );
            }
            (Some(_), None) => {
                let _ = write!(d, "L{} {}", number(x), number(y));
            }
            (None, None) => {}
        }
    }
    d
}

fn distance(a: (f64, f64), b: (f64, f64)) -> f64 {
    // All pieces are horizontal or vertical.
    (a.0 - b.0).abs() + (a.1 - b.1).abs()
}

fn towards(from: (f64, f64), to: (f64, f64), length: f64) -> (f64, f64) {
    let whole = distance(from, to);
    if whole <= f64::EPSILON {
        return from;
    }
    let share = (length / whole).min(1.0);
    (
        from.0 + (to.0 - from.0) * share,
        from.1 + (to.1 - from.1) * share,
    )
}

/// A small loop on the node's upper edge.
fn looped(out: &mut String, kind: &Kind<'_>, node: &Rect) {
    let (x, y) = (node.x + node.w - 38.0, node.y);
    let dashed = if kind.dashed { " dg-dashed" } else { "" };
    let _ = write!(
        out,
        "<path class=\"dg-wire{dashed}\" d=\"M{} {}v-4q0 -5 5 -5h8q5 0 5 5v4\"/>\
         <path class=\"dg-head\" d=\"M{} {}l-3.5 -7h7z\"/>",
        number(x),
        number(y),
        number(x + 18.0),
        number(y)
    );
}

/// An arrowhead whose tip is at the origin and which points to the right. The form tells labels
/// apart for those who do not tell their colours apart.
pub(super) fn head(hue: usize) -> String {
    let class = format!("dg-k{}", hue % HUE_COUNT);
    // Shifted by one each time the colours start again, so that no two of 32 labels look the same.
    match (hue + hue / HUE_COUNT) % 4 {
        0 => format!("<path class=\"dg-head {class}\" d=\"M0 0L-{HEAD} -4.5V4.5z\"/>"),
        1 => format!(
            "<path class=\"dg-open {class}\" d=\"M-{HEAD} -4.5L-1 0L-{HEAD} 4.5M-{HEAD} 0H-1\"/>"
        ),
        2 => format!("<path class=\"dg-head {class}\" d=\"M0 0L-5 -4.5L-10 0L-5 4.5z\"/>"),
        _ => format!("<circle class=\"dg-head {class}\" cx=\"-4.5\" cy=\"0\" r=\"4.2\"/>"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn corners_are_rounded() {
        let d = path(&[(0.0, 0.0), (-30.0, 0.0), (-30.0, 40.0)]);
        assert_eq!(d, "M-8 0L-22 0Q-30 0 -30 8L-30 40");
    }

    #[test]
    fn nothing_is_no_path() {
        assert_eq!(path(&[]), "");
        assert_eq!(path(&[(1.0, 1.0)]), "");
    }
}
