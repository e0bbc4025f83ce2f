//! What was, as a line, and what is expected, as a line in the band of what may be.

use crate::canvas::{AHEAD, BAND, LINE, Legend, Plot, area, dot, polyline};
use crate::figure::{About, Chart, Table, Value};
use crate::stacked::count;

/// What is expected of one period.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Band {
    /// In nine of ten cases it is more (P10).
    pub low: Value,
    /// In half of the cases it is more (P50).
    pub middle: Value,
    /// In one of ten cases it is more (P90).
    pub high: Value,
}

/// A line of what was, period by period, and after it what is expected with its band. `periods`
/// names those of `past` and then those of `ahead`.
pub fn lines(about: &About<'_>, periods: &[String], past: &[Value], ahead: &[Band]) -> Chart {
    let numbers = past.iter().map(Value::drawn);
    let bands = ahead
        .iter()
        .flat_map(|band| [band.low.drawn(), band.middle.drawn(), band.high.drawn()]);
    let plot = Plot::of(about, numbers.chain(bands));
    let all = past.len() + ahead.len();
    let x = |at: usize| match all {
        0 | 1 => plot.x(0.5),
        _ => plot.x(count(at) / count(all - 1)),
    };
    let was: Vec<(f64, f64)> = past
        .iter()
        .enumerate()
        .map(|(at, value)| (x(at), plot.y(value.drawn())))
        .collect();
    let joined = |pick: fn(&Band) -> &Value| -> Vec<(f64, f64)> {
        let points = ahead.iter().enumerate();
        let points = points.map(|(at, band)| (x(past.len() + at), plot.y(pick(band).drawn())));
        was.last().copied().into_iter().chain(points).collect()
    };
    let mut body = String::new();
    if !ahead.is_empty() {
        body += &area(&joined(|band| &band.high), &joined(|band| &band.low));
        body += &polyline("ch-line ch-ahead", &joined(|band| &band.middle));
    }
    body += &polyline("ch-line", &was);
    let name = |at: usize| periods.get(at).map_or("", String::as_str);
    for (at, (value, point)) in past.iter().zip(&was).enumerate() {
        body += &dot(*point, 3.0, &format!("{}: {}", name(at), value.text));
    }
    for (at, band) in ahead.iter().enumerate() {
        let at = past.len() + at;
        let says = format!(
            "{}: {} ({} to {})",
            name(at),
            band.middle.text,
            band.low.text,
            band.high.text
        );
        body += &dot((x(at), plot.y(band.middle.drawn())), 3.0, &says);
    }
    let labels: Vec<(f64, &str)> = (0..all).map(|at| (x(at), name(at))).collect();
    Chart {
        svg: plot.finish(
            about,
            &summary(periods, past, ahead),
            &labels,
            &body,
            &legend(past, ahead),
        ),
        table: table(about, periods, past, ahead),
    }
}

fn legend(past: &[Value], ahead: &[Band]) -> Legend {
    let mut legend = Legend::default();
    if !past.is_empty() {
        legend.add(LINE, "was");
    }
    if !ahead.is_empty() {
        legend.add(AHEAD, "expected (P50)");
        legend.add(BAND, "P10 to P90");
    }
    legend
}

fn summary(periods: &[String], past: &[Value], ahead: &[Band]) -> String {
    let name = |at: usize| periods.get(at).map_or("", String::as_str);
    let mut text = String::new();
    if let Some(last) = past.last() {
        text += &format!("Last known, {}: {}.", name(past.len() - 1), last.text);
    }
    if let Some(last) = ahead.last() {
        text += &format!(
            " Expected, {}: {}, between {} and {}.",
            name(past.len() + ahead.len() - 1),
            last.middle.text,
            last.low.text,
            last.high.text
        );
    }
    if text.is_empty() {
        return "There are no figures.".to_owned();
    }
    text
}

fn table(about: &About<'_>, periods: &[String], past: &[Value], ahead: &[Band]) -> Table {
    let name = |at: usize| periods.get(at).cloned().unwrap_or_default();
    let none = String::new;
    let was = past
        .iter()
        .enumerate()
        .map(|(at, value)| vec![name(at), value.text.clone(), none(), none(), none()]);
    let expected = ahead.iter().enumerate().map(|(at, band)| {
        let [low, middle, high] = [&band.low, &band.middle, &band.high].map(|v| v.text.clone());
        vec![name(past.len() + at), none(), low, middle, high]
    });
    Table {
        caption: about.title.to_owned(),
        headers: [about.heading, "Was", "P10", "P50", "P90"]
            .map(str::to_owned)
            .to_vec(),
        rows: was.chain(expected).collect(),
    }
}
