//! Bars of parts that make a whole, period by period.

use std::fmt::Write as _;

use crate::canvas::{Legend, Plot};
use crate::figure::{About, Chart, Table, Value};
use crate::style::HUES;
use crate::text::{id, number, xml};

/// The figures of one part, period by period.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Series {
    /// What it is called.
    pub name: String,
    /// One a period; what is missing at the end is nothing.
    pub values: Vec<Value>,
}

/// Stacked bars by month or day. Parts below nothing are stacked downwards, so that neither hides
/// the other. With more parts than there are colours, the caller puts the rest together: beyond
/// the eighth, parts share the last colour.
pub fn stacked(about: &About<'_>, periods: &[String], series: &[Series]) -> Chart {
    let value = |part: &Series, at: usize| part.values.get(at).map_or(0.0, Value::drawn);
    let ends = (0..periods.len()).flat_map(|at| {
        let (mut up, mut down) = (0.0, 0.0);
        for part in series {
            let value = value(part, at);
            *(if value < 0.0 { &mut down } else { &mut up }) += value;
        }
        [up, down]
    });
    let plot = Plot::of(about, ends);
    let mut body = patterns(about, series.len());
    let slot = plot.breadth() / count(periods.len());
    let middle = |at: usize| plot.x((count(at) + 0.5) / count(periods.len()));
    if periods.is_empty() {
        body.clear();
    }
    for (at, period) in periods.iter().enumerate() {
        let (mut up, mut down) = (0.0, 0.0);
        for (hue, part) in series.iter().enumerate() {
            let value = value(part, at);
            if value == 0.0 {
                continue;
            }
            let from = if value < 0.0 { &mut down } else { &mut up };
            let (start, end) = (plot.y(*from), plot.y(*from + value));
            *from += value;
            bar(
                &mut body,
                &Bar {
                    fill: fill(about, hue),
                    x: (middle(at) - slot * 0.4, slot * 0.8),
                    y: (start.min(end), (start - end).abs()),
                    says: format!("{period}, {}: {}", part.name, part.values[at].text),
                },
            );
        }
    }
    let mut legend = Legend::default();
    for (hue, part) in series.iter().enumerate().filter(|_| !periods.is_empty()) {
        let mark = format!(
            "<rect {} x=\"0\" y=\"4\" width=\"22\" height=\"14\"/>",
            fill(about, hue)
        );
        legend.add(&mark, &part.name);
    }
    let labels: Vec<(f64, &str)> = periods
        .iter()
        .enumerate()
        .map(|(at, period)| (middle(at), period.as_str()))
        .collect();
    Chart {
        svg: plot.finish(about, &summary(periods, series), &labels, &body, &legend),
        table: table(about, periods, series),
    }
}

struct Bar {
    fill: String,
    x: (f64, f64),
    y: (f64, f64),
    says: String,
}

fn bar(body: &mut String, bar: &Bar) {
    let _ = writeln!(
        body,
        "<rect {} x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"><title>{}</title></rect>",
        bar.fill,
        number(bar.x.0),
        number(bar.y.0),
        number(bar.x.1),
        // What is there is seen, however small.
        number(bar.y.1.max(0.5)),
        xml(&bar.says)
    );
}

/// Every second part is hatched, each in its own direction.
pub(crate) fn patterns(about: &About<'_>, parts: usize) -> String {
    const LINES: [&str; 4] = ["M0 0L8 8", "M8 0L0 8", "M4 0V8", "M0 4H8"];
    let mut defs = String::from("<defs>\n");
    for hue in (1..parts.min(HUES)).step_by(2) {
        let _ = writeln!(
            defs,
            "<pattern id=\"{}-p{hue}\" width=\"8\" height=\"8\" patternUnits=\"userSpaceOnUse\">\
             <rect class=\"ch-s{hue}\" width=\"8\" height=\"8\"/><path class=\"ch-hatch\" d=\"{}\"/></pattern>",
            id(about.id),
            LINES[hue / 2 % LINES.len()]
        );
    }
    defs.push_str("</defs>\n");
    defs
}

pub(crate) fn fill(about: &About<'_>, hue: usize) -> String {
    let hue = hue.min(HUES - 1);
    match hue % 2 {
        0 => format!("class=\"ch-s{hue}\""),
        _ => format!("fill=\"url(#{}-p{hue})\"", id(about.id)),
    }
}

fn summary(periods: &[String], series: &[Series]) -> String {
    match (periods.first(), periods.last()) {
        (Some(first), Some(last)) => {
            let names: Vec<&str> = series.iter().map(|part| part.name.as_str()).collect();
            format!("From {first} to {last}: {}.", names.join(", "))
        }
        _ => "There are no figures.".to_owned(),
    }
}

fn table(about: &About<'_>, periods: &[String], series: &[Series]) -> Table {
    let names = series.iter().map(|part| part.name.clone());
    let row = |(at, period): (usize, &String)| {
        let value = |part: &Series| {
            part.values
                .get(at)
                .map_or_else(String::new, |value| value.text.clone())
        };
        let values = series.iter().map(value);
        std::iter::once(period.clone()).chain(values).collect()
    };
    Table {
        caption: about.title.to_owned(),
        headers: std::iter::once(about.heading.to_owned())
            .chain(names)
            .collect(),
        rows: periods.iter().enumerate().map(row).collect(),
    }
}

/// A small count as a number to divide places by; none counts as one.
#[allow(clippy::cast_precision_loss)] // Nobody draws 2^52 periods.
pub(crate) fn count(number: usize) -> f64 {
    number as f64
}
