//! Areas over time, one on top of the other, with what came upwards and what went downwards, and the
//! days on which something happened.

use std::fmt::Write as _;

use crate::burn::Mark;
use crate::canvas::{LARGE, Legend, Plot, SPAN};
use crate::figure::{About, Chart, Table, Value};
use crate::stacked::{Series, fill, patterns};
use crate::text::{number, width, xml};

/// What a curve is drawn from.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Curve {
    /// The days, rising, counted from any day that the marks share, and how each is written.
    pub days: Vec<(i32, String)>,
    /// What there is, from the bottom up.
    pub above: Vec<Series>,
    /// What there is no more, from zero down; its numbers are positive.
    pub below: Vec<Series>,
    /// Days on which something happened, in their order; those before the first day or after the
    /// last are told and not drawn.
    pub marks: Vec<Mark>,
}

/// Areas by day with numbered marks. Every second area is hatched, and the marks' numbers are told
/// below the drawing.
pub fn curve(about: &About<'_>, curve: &Curve) -> Chart {
    let ends = (0..curve.days.len()).flat_map(|at| [sum(&curve.above, at), -sum(&curve.below, at)]);
    let plot = Plot::of(about, ends);
    let parts = curve.above.len() + curve.below.len();
    let mut body = String::new();
    if !curve.days.is_empty() {
        body += &patterns(about, parts);
        let x = |day: i32| plot.x(curve.share(day));
        areas(&mut body, about, curve, &plot, &x);
        marks(&mut body, curve, &x);
    }
    let labels: Vec<(f64, &str)> = curve
        .days
        .iter()
        .map(|(day, label)| (plot.x(curve.share(*day)), label.as_str()))
        .collect();
    Chart {
        svg: plot.finish(
            about,
            &summary(curve),
            &labels,
            &body,
            &legend(about, curve),
        ),
        table: table(about, curve),
    }
}

fn value(part: &Series, at: usize) -> f64 {
    part.values.get(at).map_or(0.0, Value::drawn).max(0.0)
}

fn sum(parts: &[Series], at: usize) -> f64 {
    parts.iter().map(|part| value(part, at)).sum()
}

impl Curve {
    fn share(&self, day: i32) -> f64 {
        match (self.days.first(), self.days.last()) {
            (Some((first, _)), Some((last, _))) if first < last => {
                (f64::from(day) - f64::from(*first)) / (f64::from(*last) - f64::from(*first))
            }
            _ => 0.5,
        }
    }

    /// The marks that are drawn, with their numbers.
    fn drawn(&self) -> impl Iterator<Item = (usize, &Mark)> {
        let days = self.days.first().zip(self.days.last());
        let inside = move |mark: &Mark| {
            days.is_some_and(|(first, last)| first.0 <= mark.day && mark.day <= last.0)
        };
        let numbered = self.marks.iter().enumerate();
        numbered
            .filter(move |(_, mark)| inside(mark))
            .map(|(at, mark)| (at + 1, mark))
    }
}

fn areas(body: &mut String, about: &About<'_>, curve: &Curve, plot: &Plot, x: &dyn Fn(i32) -> f64) {
    let mut hue = 0;
    for (parts, sign) in [(&curve.above, 1.0), (&curve.below, -1.0)] {
        let mut from = vec![0.0; curve.days.len()];
        for part in parts {
            let until: Vec<f64> = (0..from.len())
                .map(|at| from[at] + sign * value(part, at))
                .collect();
            let edge = |levels: &[f64]| -> Vec<String> {
                let places = curve.days.iter().zip(levels);
                let place = |((day, _), level): (&(i32, String), &f64)| {
                    format!("{},{}", number(x(*day)), number(plot.y(*level)))
                };
                places.map(place).collect()
            };
            let mut around = edge(&until);
            let mut back = edge(&from);
            back.reverse();
            around.append(&mut back);
            let last = part.values.last().map_or("", |value| value.text.as_str());
            let _ = writeln!(
                body,
                "<polygon {} points=\"{}\"><title>{}: {}</title></polygon>",
                fill(about, hue),
                around.join(" "),
                xml(&part.name),
                xml(last)
            );
            from = until;
            hue += 1;
        }
    }
}

/// A line a mark with its number; numbers that would touch stand in rows.
fn marks(body: &mut String, curve: &Curve, x: &dyn Fn(i32) -> f64) {
    const ROWS: usize = 4;
    let (top, bottom) = SPAN;
    let mut ends = [f64::NEG_INFINITY; ROWS];
    for (at, mark) in curve.drawn() {
        let place = x(mark.day);
        let label = at.to_string();
        let room = width(&label, LARGE) + 6.0;
        let free = ends.iter().position(|end| *end <= place - room / 2.0);
        let row = free.unwrap_or(ROWS - 1);
        ends[row] = place + room / 2.0;
        let y = top + 14.0 + 17.0 * small(row);
        let _ = writeln!(
            body,
            "<line class=\"ch-mark\" x1=\"{x}\" x2=\"{x}\" y1=\"{top}\" y2=\"{bottom}\"><title>{says}</title></line>\
             <text text-anchor=\"middle\" x=\"{x}\" y=\"{y}\">{label}</text>",
            x = number(place),
            top = number(top),
            bottom = number(bottom),
            y = number(y),
            says = xml(&format!("{}: {}", mark.label, mark.what)),
        );
    }
}

/// A row as a number to multiply by.
fn small(row: usize) -> f64 {
    u8::try_from(row).map_or(0.0, f64::from)
}

fn legend(about: &About<'_>, curve: &Curve) -> Legend {
    let mut legend = Legend::default();
    if curve.days.is_empty() {
        return legend;
    }
    for (hue, part) in curve.above.iter().chain(&curve.below).enumerate() {
        let mark = format!(
            "<rect {} x=\"0\" y=\"4\" width=\"22\" height=\"14\"/>",
            fill(about, hue)
        );
        legend.add(&mark, &part.name);
    }
    for (at, mark) in curve.drawn() {
        let sign =
            format!("<text text-anchor=\"middle\" dy=\".35em\" x=\"11\" y=\"11\">{at}</text>");
        legend.row(&sign, &format!("{}: {}", mark.label, mark.what));
    }
    legend
}

fn summary(curve: &Curve) -> String {
    let (Some((_, first)), Some((_, last))) = (curve.days.first(), curve.days.last()) else {
        return "There are no figures.".to_owned();
    };
    let says = |part: &Series| {
        let text = |value: Option<&Value>| value.map_or("", |value| value.text.as_str()).to_owned();
        let (begins, ends) = (text(part.values.first()), text(part.values.last()));
        format!("{}: {begins}, at the end {ends}", part.name)
    };
    let parts: Vec<String> = curve.above.iter().chain(&curve.below).map(says).collect();
    let mut text = format!("From {first} to {last}. {}.", parts.join("; "));
    for (at, mark) in curve.drawn() {
        text += &format!(" {at}: {}, {}.", mark.label, mark.what);
    }
    text
}

fn table(about: &About<'_>, curve: &Curve) -> Table {
    let parts: Vec<&Series> = curve.above.iter().chain(&curve.below).collect();
    let mut headers = vec![about.heading.to_owned()];
    headers.extend(parts.iter().map(|part| part.name.clone()));
    if !curve.marks.is_empty() {
        headers.push("What happened".to_owned());
    }
    let mut told = curve.marks.iter().peekable();
    let rows = curve.days.iter().enumerate().map(|(at, (day, label))| {
        let cell = |part: &&Series| {
            let value = part.values.get(at);
            value.map_or_else(String::new, |value| value.text.clone())
        };
        let mut row = vec![label.clone()];
        row.extend(parts.iter().map(cell));
        if !curve.marks.is_empty() {
            let is_last = at + 1 == curve.days.len();
            let mut happened = Vec::new();
            while let Some(mark) = told.next_if(|mark| is_last || mark.day <= *day) {
                happened.push(format!("{}: {}", mark.label, mark.what));
            }
            row.push(happened.join("; "));
        }
        row
    });
    Table {
        caption: about.title.to_owned(),
        headers,
        rows: rows.collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(name: &str, values: &[u8]) -> Series {
        let values = values.iter();
        Series {
            name: name.to_owned(),
            values: values
                .map(|value| Value::new(f64::from(*value), value.to_string()))
                .collect(),
        }
    }

    fn drawn(curve_of: &Curve) -> Chart {
        let about = About {
            id: "c",
            title: "What is left",
            desc: "",
            heading: "Day",
            axis: &|number| format!("{number}"),
        };
        curve(&about, curve_of)
    }

    fn example() -> Curve {
        let mark = |day: i32, what: &str| Mark {
            day,
            label: format!("2026-01-{day:02}"),
            what: what.to_owned(),
        };
        Curve {
            days: vec![(1, "2026-01-01".to_owned()), (11, "2026-01-11".to_owned())],
            above: vec![part("left", &[9, 4]), part("moved", &[0, 3])],
            below: vec![part("retired", &[0, 2])],
            marks: vec![mark(2, "<began>"), mark(3, "second"), mark(30, "later")],
        }
    }

    #[test]
    fn what_came_is_above_zero_and_what_went_below() {
        let chart = drawn(&example());
        let polygons: Vec<&str> = chart
            .svg
            .lines()
            .filter(|line| line.starts_with("<polygon"))
            .collect();
        assert_eq!(polygons.len(), 3);
        let lowest = |polygon: &str| {
            let points = polygon.split("points=\"").nth(1).unwrap_or_default();
            let points = points.split('"').next().unwrap_or_default();
            let ys = points
                .split(' ')
                .filter_map(|point| point.split(',').nth(1));
            ys.filter_map(|y| y.parse::<f64>().ok()).fold(0.0, f64::max)
        };
        assert!(lowest(polygons[2]) > lowest(polygons[0]));
        assert!(polygons[1].contains("url(#ch-c-p1)") && chart.svg.contains("<pattern"));
    }

    #[test]
    fn marks_are_numbered_told_and_never_markup() {
        let chart = drawn(&example());
        assert!(chart.svg.contains("&lt;began&gt;") && !chart.svg.contains("<began>"));
        assert_eq!(chart.svg.matches("class=\"ch-mark\"").count(), 2);
        assert_eq!(chart.table.headers.last().unwrap(), "What happened");
        // What came after the last day is told with it.
        let told: Vec<&str> = chart.table.rows.iter().map(|row| row[4].as_str()).collect();
        assert_eq!(told[0], "");
        assert!(told[1].contains("second") && told[1].contains("later"));
    }

    #[test]
    fn without_days_there_is_nothing_to_draw() {
        let chart = drawn(&Curve::default());
        assert!(chart.svg.contains("There are no figures.") && !chart.svg.contains("polygon"));
        assert!(chart.table.rows.is_empty());
    }
}
