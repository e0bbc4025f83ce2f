//! Horizontal bars, the largest first.

use std::fmt::Write as _;

use crate::canvas::{LARGE, WIDTH};
use crate::figure::{About, Chart, Table, Value, open};
use crate::text::{fit, number, width, xml};

/// How high an item is: its name above its bar.
const ROW: f64 = 44.0;

/// One of what is ranked.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Item {
    /// What it is called.
    pub name: String,
    /// Its figure.
    pub value: Value,
    /// Whether it is the one to look at first.
    pub marked: bool,
}

/// Horizontal bars in the order given, each with its name and figure written above it. Those below
/// nothing grow to the left. A bar as long as the drawing is the whole, where one is given, and the
/// largest of them otherwise.
pub fn ranking(about: &About<'_>, items: &[Item], whole: Option<f64>) -> Chart {
    let span = |(low, high): (f64, f64), item: &Item| {
        let value = item.value.drawn();
        (low.min(value), high.max(value))
    };
    let whole = whole.map_or(0.0, |whole| Value::new(whole, "").drawn());
    let (low, high) = items.iter().fold((0.0, whole.max(0.0)), span);
    let whole = if high > low { high - low } else { 1.0 };
    let x = |value: f64| ((value - low) / whole).clamp(0.0, 1.0) * WIDTH;
    let rows = crate::stacked::count(items.len().max(1));
    let desc = match items.first() {
        Some(first) => format!("First: {}, {}.", first.name, first.value.text),
        None => "There are no figures.".to_owned(),
    };
    let mut svg = open(about, &desc, "ch", (WIDTH, rows * ROW));
    let mut top = 0.0;
    for item in items {
        let value = item.value.drawn();
        let (from, to) = (x(value.min(0.0)), x(value.max(0.0)));
        let figure = fit(&item.value.text, LARGE, WIDTH / 2.0);
        let room = WIDTH - width(&figure, LARGE) - LARGE;
        let _ = writeln!(
            svg,
            "<g><title>{name}: {text}</title><text{class} x=\"0\" y=\"{base}\">{short} \
             <tspan class=\"ch-soft\" dx=\"8\">{figure}</tspan></text>\
             <rect class=\"{hue}\" x=\"{left}\" y=\"{bar}\" width=\"{wide}\" height=\"14\" rx=\"2\"/></g>",
            name = xml(&item.name),
            text = xml(&item.value.text),
            class = if item.marked { " class=\"ch-bad\"" } else { "" },
            base = number(top + 17.0),
            short = xml(&fit(&item.name, LARGE, room)),
            figure = xml(&figure),
            hue = if item.marked { "ch-s6" } else { "ch-s0" },
            left = number(from),
            bar = number(top + 23.0),
            wide = number((to - from).max(1.0)),
        );
        top += ROW;
    }
    svg.push_str("</svg>\n");
    let rows = items
        .iter()
        .map(|item| vec![item.name.clone(), item.value.text.clone()]);
    let table = Table {
        caption: about.title.to_owned(),
        headers: vec![about.heading.to_owned(), "Amount".to_owned()],
        rows: rows.collect(),
    };
    Chart { svg, table }
}
