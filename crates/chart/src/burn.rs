//! What is left, until the day on which nothing is.

use std::fmt::Write as _;

use crate::canvas::{AHEAD, BAND, LARGE, LINE, Legend, Plot, SPAN, WIDTH, area, dot, polyline};
use crate::figure::{About, Chart, Table, Value};
use crate::lines::Band;
use crate::text::{number, width, xml};

/// What is left at the end of a day.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Point {
    /// The day, counted from any day that all points share.
    pub day: i32,
    /// The day as it is written, `2026-01-31`.
    pub label: String,
    /// What is left.
    pub left: Value,
}

/// A day to be marked.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Mark {
    /// The day, counted as in [`Point::day`].
    pub day: i32,
    /// The day as it is written.
    pub label: String,
    /// What is on that day, `lapses` for example.
    pub what: String,
}

/// What a burn-down is drawn from.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Burn {
    /// What was left, day after day, rising in days.
    pub past: Vec<Point>,
    /// What is expected to be left on days to come: the day, how it is written, the band.
    pub ahead: Vec<(i32, String, Band)>,
    /// The days on which it ends: early, likely, late (P10, P50, P90), where they are known.
    pub ends: [Option<Mark>; 3],
    /// Another day that matters, for example the one on which it lapses.
    pub mark: Option<Mark>,
}

/// A line of what is left, what is expected to be left within its band, and the days on which it
/// ends.
pub fn burn_down(about: &About<'_>, burn: &Burn) -> Chart {
    let past = burn.past.iter().map(|point| point.left.drawn());
    let ahead = burn
        .ahead
        .iter()
        .flat_map(|(_, _, band)| [band.low.drawn(), band.middle.drawn(), band.high.drawn()]);
    let plot = Plot::of(about, past.chain(ahead));
    let days = Days::of(burn);
    let x = |day: i32| plot.x(days.share(day));
    let was: Vec<(f64, f64)> = burn
        .past
        .iter()
        .map(|point| (x(point.day), plot.y(point.left.drawn())))
        .collect();
    let joined = |pick: fn(&Band) -> &Value| -> Vec<(f64, f64)> {
        let points = burn.ahead.iter();
        let points = points.map(|(day, _, band)| (x(*day), plot.y(pick(band).drawn())));
        was.last().copied().into_iter().chain(points).collect()
    };
    let mut body = String::new();
    if !burn.ahead.is_empty() {
        body += &area(&joined(|band| &band.high), &joined(|band| &band.low));
        body += &polyline("ch-line ch-ahead", &joined(|band| &band.middle));
    }
    body += &polyline("ch-line", &was);
    for (point, place) in burn.past.iter().zip(&was) {
        body += &dot(
            *place,
            2.0,
            &format!("{}: {}", point.label, point.left.text),
        );
    }
    body += &ends(burn, &plot, &x);
    let mut labels: Vec<(i32, &str)> = burn
        .past
        .iter()
        .map(|point| (point.day, point.label.as_str()))
        .chain(
            burn.ahead
                .iter()
                .map(|(day, label, _)| (*day, label.as_str())),
        )
        .collect();
    labels.dedup_by_key(|(day, _)| *day);
    let labels: Vec<(f64, &str)> = labels
        .into_iter()
        .map(|(day, label)| (x(day), label))
        .collect();
    Chart {
        svg: plot.finish(about, &summary(burn), &labels, &body, &legend(burn)),
        table: table(about, burn),
    }
}

/// From the first day to the last.
struct Days(i32, i32);

impl Days {
    fn of(burn: &Burn) -> Self {
        let marks = burn.ends.iter().flatten().chain(&burn.mark);
        let days = burn.past.iter().map(|point| point.day);
        let days = days
            .chain(burn.ahead.iter().map(|(day, _, _)| *day))
            .chain(marks.map(|mark| mark.day));
        let span = |span: Option<(i32, i32)>, day: i32| {
            Some(span.map_or((day, day), |(first, last)| (first.min(day), last.max(day))))
        };
        let (first, last) = days.fold(None, span).unwrap_or((0, 0));
        Self(first, last)
    }

    fn share(&self, day: i32) -> f64 {
        if self.0 == self.1 {
            return 0.5;
        }
        (f64::from(day) - f64::from(self.0)) / (f64::from(self.1) - f64::from(self.0))
    }
}

/// The day it ends: a line at the likely one, a bar from the early to the late one.
fn ends(burn: &Burn, plot: &Plot, x: &dyn Fn(i32) -> f64) -> String {
    let (top, bottom) = SPAN;
    let zero = number(plot.y(0.0));
    let [early, likely, late] = &burn.ends;
    let mut drawn = String::new();
    if let (Some(early), Some(late)) = (early, late) {
        let _ = writeln!(
            drawn,
            "<line class=\"ch-span\" x1=\"{}\" x2=\"{}\" y1=\"{zero}\" y2=\"{zero}\"><title>ends between {} and {}</title></line>",
            number(x(early.day)),
            number(x(late.day).max(x(early.day) + 2.0)),
            xml(&early.label),
            xml(&late.label)
        );
    }
    let marks = [
        (likely, "ch-end", "ch-bad", top + 16.0),
        (&burn.mark, "ch-mark", "ch-soft", top + 38.0),
    ];
    for (mark, line, class, y) in marks {
        let Some(mark) = mark else { continue };
        let at = x(mark.day);
        let label = format!("{} {}", mark.what, mark.label);
        // The label stands on the side that has room.
        let room = width(&label, LARGE) + 8.0;
        let (anchor, place) = if at + room > WIDTH {
            ("end", (at - 6.0).max(room.min(WIDTH)))
        } else {
            ("start", at + 6.0)
        };
        let _ = writeln!(
            drawn,
            "<line class=\"{line}\" x1=\"{at}\" x2=\"{at}\" y1=\"{top}\" y2=\"{bottom}\"/>\
             <text class=\"{class}\" text-anchor=\"{anchor}\" x=\"{place}\" y=\"{y}\">{label}</text>",
            at = number(at),
            top = number(top),
            bottom = number(bottom),
            place = number(place),
            y = number(y),
            label = xml(&label),
        );
    }
    drawn
}

fn legend(burn: &Burn) -> Legend {
    let mut legend = Legend::default();
    if !burn.past.is_empty() {
        legend.add(LINE, "left");
    }
    if !burn.ahead.is_empty() {
        legend.add(AHEAD, "expected (P50)");
        legend.add(BAND, "P10 to P90");
    }
    if burn.ends[0].is_some() && burn.ends[2].is_some() {
        let mark = "<line class=\"ch-span\" x1=\"0\" x2=\"22\" y1=\"11\" y2=\"11\"/>";
        legend.add(mark, "ends, P10 to P90");
    }
    legend
}

fn summary(burn: &Burn) -> String {
    let mut said = Vec::new();
    if let Some(last) = burn.past.last() {
        said.push(format!("On {} {} is left.", last.label, last.left.text));
    }
    let names = ["early (P10)", "likely (P50)", "late (P90)"];
    let ends: Vec<String> = names
        .iter()
        .zip(&burn.ends)
        .filter_map(|(name, end)| Some(format!("{name} {}", end.as_ref()?.label)))
        .collect();
    if !ends.is_empty() {
        said.push(format!("It ends: {}.", ends.join(", ")));
    }
    if let Some(mark) = &burn.mark {
        said.push(format!("Marked: {} {}.", mark.what, mark.label));
    }
    if said.is_empty() {
        return "There are no figures.".to_owned();
    }
    said.join(" ")
}

fn table(about: &About<'_>, burn: &Burn) -> Table {
    let none = String::new;
    let past = burn.past.iter().map(|point| {
        let left = point.left.text.clone();
        vec![point.label.clone(), left, none(), none(), none()]
    });
    let ahead = burn.ahead.iter().map(|(_, label, band)| {
        let [low, middle, high] = [&band.low, &band.middle, &band.high].map(|v| v.text.clone());
        vec![label.clone(), none(), low, middle, high]
    });
    Table {
        caption: about.title.to_owned(),
        headers: [about.heading, "Left", "P10", "P50", "P90"]
            .map(str::to_owned)
            .to_vec(),
        rows: past.chain(ahead).collect(),
    }
}
