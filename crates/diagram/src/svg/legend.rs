//! The legend: what colours, arrowheads, outlines and signs mean.

use super::{nodes, number, style::HUE_COUNT, wires};
use crate::kinds::Kind;
use crate::layout::Rect;
use crate::text::{fit, width, xml};
use crate::{Diagram, Emphasis, Shape};
use std::collections::BTreeSet;
use std::fmt::Write as _;

const SIZE: f64 = 11.0;
const LINE: f64 = 22.0;
const SAMPLE: f64 = 38.0;
const GAP: f64 = 22.0;
const LONGEST: f64 = 220.0;

/// One sample with its meaning.
struct Entry {
    sample: String,
    text: String,
}

/// The entries that this drawing needs.
pub(super) struct Legend {
    entries: Vec<Entry>,
}

impl Legend {
    pub(super) fn of(diagram: &Diagram, kinds: &[Kind<'_>]) -> Self {
        let mut entries: Vec<Entry> = kinds
            .iter()
            .map(|kind| line(kind, &diagram.broken))
            .collect();
        if diagram.edges.len() > 1 {
            entries.push(Entry {
                sample: String::new(),
                text: "Joined lines lead to the same box.".to_owned(),
            });
        }
        let shapes: BTreeSet<Shape> = diagram.nodes.iter().map(|node| node.shape).collect();
        // If everything is a plain service, the outline tells nothing.
        if shapes.iter().any(|shape| *shape != Shape::Service) {
            entries.extend(shapes.into_iter().map(outline));
        }
        let signs: BTreeSet<Emphasis> = diagram.nodes.iter().map(|node| node.emphasis).collect();
        entries.extend(signs.into_iter().filter_map(sign));
        Self { entries }
    }

    /// The entries in rows no longer than `room`, and the height they take.
    pub(super) fn render(&self, room: f64) -> (String, f64) {
        let mut out = String::new();
        if self.entries.is_empty() {
            return (out, 0.0);
        }
        let (mut x, mut y) = (0.0, 24.0);
        for entry in &self.entries {
            let text = fit(&entry.text, SIZE, room.min(LONGEST + SAMPLE));
            let sample = if entry.sample.is_empty() { 0.0 } else { SAMPLE };
            let length = sample + width(&text, SIZE);
            if x > 0.0 && x + length > room {
                (x, y) = (0.0, y + LINE);
            }
            let _ = writeln!(
                out,
                "<g transform=\"translate({} {})\">{}<text class=\"dg-detail\" x=\"{}\" y=\"4\">{}</text></g>",
                number(x),
                number(y),
                entry.sample,
                number(sample),
                xml(&text)
            );
            x += length + GAP;
        }
        (out, y + LINE / 2.0)
    }
}

fn line(kind: &Kind<'_>, broken: &str) -> Entry {
    let dashed = if kind.dashed { " dg-dashed" } else { "" };
    let label = if kind.label.trim().is_empty() {
        "depends on"
    } else {
        kind.label
    };
    Entry {
        sample: format!(
            "<g class=\"dg-k{}\"><path class=\"dg-wire{dashed}\" d=\"M22 0H0\"/></g>\
             <g transform=\"translate(30 0)\">{}</g>",
            kind.hue % HUE_COUNT,
            wires::head(kind.hue)
        ),
        text: if kind.dashed && !broken.is_empty() {
            format!("{label}, {broken}")
        } else {
            label.to_owned()
        },
    }
}

fn outline(shape: Shape) -> Entry {
    let rect = Rect {
        x: 0.0,
        y: -8.0,
        w: 30.0,
        h: 16.0,
    };
    let mut sample = String::new();
    nodes::outline(&mut sample, shape, &rect);
    nodes::icon(&mut sample, shape, 9.0, 0.0);
    if shape == Shape::External {
        sample = format!("<g class=\"dg-external\">{sample}</g>");
    }
    let text = match shape {
        Shape::Service => "service",
        Shape::External => "held by others",
        Shape::Group => "group",
        Shape::Person => "person",
        Shape::Place => "place",
    };
    Entry {
        sample,
        text: text.to_owned(),
    }
}

fn sign(emphasis: Emphasis) -> Option<Entry> {
    let text = match emphasis {
        Emphasis::None => return None,
        Emphasis::Warning => "warning",
        Emphasis::Error => "error",
    };
    let mut sample = String::new();
    nodes::sign(&mut sample, emphasis, 15.0, 0.0);
    Some(Entry {
        sample,
        text: text.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kinds::classify;

    #[test]
    fn a_drawing_without_anything_to_explain_has_no_legend() {
        let diagram = Diagram::default();
        assert_eq!(
            Legend::of(&diagram, &[]).render(400.0),
            (String::new(), 0.0)
        );
    }

    #[test]
    fn a_broken_line_says_what_it_means() {
        let mut diagram = crate::fixtures::community();
        diagram.broken = "optional".to_owned();
        let (kinds, _) = classify(&diagram);
        let (body, _) = Legend::of(&diagram, &kinds).render(900.0);
        for kind in &kinds {
            let says = format!(">{}, optional</text>", kind.label);
            assert_eq!(body.contains(&says), kind.dashed, "{}", kind.label);
        }
    }

    #[test]
    fn each_kind_has_an_entry() {
        let diagram = crate::fixtures::community();
        let (kinds, _) = classify(&diagram);
        let (body, _) = Legend::of(&diagram, &kinds).render(900.0);
        for kind in &kinds {
            assert!(body.contains(&format!(">{}</text>", kind.label)));
        }
    }
}
