//! The shape of a series, small enough to stand beside a number.

use crate::canvas::{dot, polyline};
use crate::figure::{About, Chart, Table, Value};
use crate::stacked::count;

const SIZE: (f64, f64) = (120.0, 28.0);
/// So that the line and its last dot are not cut off.
const EDGE: f64 = 4.0;

/// A line without axes; its last figure is a dot. `periods` names the figures.
pub fn spark(about: &About<'_>, periods: &[String], values: &[Value]) -> Chart {
    let span =
        |(low, high): (f64, f64), value: &Value| (low.min(value.drawn()), high.max(value.drawn()));
    let (low, high) = values.iter().fold((0.0, 0.0), span);
    let whole = if high > low { high - low } else { 1.0 };
    let last = values.len().saturating_sub(1);
    let place = |(at, value): (usize, &Value)| {
        let share = if last == 0 {
            1.0
        } else {
            count(at) / count(last)
        };
        let up = ((value.drawn() - low) / whole).clamp(0.0, 1.0);
        let x = EDGE + share * (SIZE.0 - 2.0 * EDGE);
        (x, SIZE.1 - EDGE - up * (SIZE.1 - 2.0 * EDGE))
    };
    let points: Vec<(f64, f64)> = values.iter().enumerate().map(place).collect();
    let desc = match (values.first(), values.last()) {
        (Some(first), Some(last)) => format!("From {} to {}.", first.text, last.text),
        _ => "There are no figures.".to_owned(),
    };
    let mut svg = crate::figure::open(about, &desc, "ch-spark", SIZE);
    svg += &polyline("ch-line", &points);
    if let (Some(point), Some(value)) = (points.last(), values.last()) {
        svg += &dot(*point, 3.0, &value.text);
    }
    svg.push_str("</svg>\n");
    let name = |at: usize| periods.get(at).cloned().unwrap_or_default();
    let rows = values
        .iter()
        .enumerate()
        .map(|(at, value)| vec![name(at), value.text.clone()]);
    let table = Table {
        caption: about.title.to_owned(),
        headers: vec![about.heading.to_owned(), "Amount".to_owned()],
        rows: rows.collect(),
    };
    Chart { svg, table }
}
