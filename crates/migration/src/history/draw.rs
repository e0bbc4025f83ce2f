//! The curve and the forecast as drawings.

use chart::{About, Band, Burn, Chart, Curve, Mark, Series, Value, burn_down, curve};
use jiff::civil::{Date, date};

use super::{Ahead, History, Point};
use crate::history::trials::float;

/// Days are counted from here.
const ZERO: Date = date(1970, 1, 1);

fn day(date: Date) -> i32 {
    (date - ZERO).get_days()
}

fn whole(count: usize) -> Value {
    Value::new(float(count), count.to_string())
}

/// What is left, what moved and what came where it should be, one on the other; below zero what was
/// retired without moving since the sample before.
pub(super) fn course(history: &History) -> Chart {
    let points = &history.course.points;
    let part = |name: &str, of: &dyn Fn(&Point) -> usize| Series {
        name: name.to_owned(),
        values: points.iter().map(|point| whole(of(point))).collect(),
    };
    let drawn = Curve {
        days: points
            .iter()
            .map(|point| (day(point.day), point.day.to_string()))
            .collect(),
        above: vec![
            part("left", &|point| point.count.left),
            part("moved", &|point| point.count.moved - point.born),
            part("came where it should be", &|point| point.born),
        ],
        // All that was ever retired would dwarf what is left: names change often.
        below: vec![part("retired since the sample before", &|point| {
            point.flow.retired
        })],
        marks: history
            .events
            .iter()
            .map(|event| Mark {
                day: day(event.day),
                label: event.day.to_string(),
                what: event.what.clone(),
            })
            .collect(),
    };
    let about = About {
        id: "course",
        title: &format!(
            "{}: what is left, what moved, what was retired",
            history.title
        ),
        desc: "",
        heading: "Day",
        axis: &|number| format!("{number}"),
    };
    curve(&about, &drawn)
}

/// What is left and is expected to be left, to the day on which nothing is.
pub(super) fn outlook(history: &History, ahead: &Ahead) -> Chart {
    /// So many points before the last show where the pace comes from.
    const BEFORE: usize = 24;
    let points = &history.course.points;
    let last = &points[points.len().saturating_sub(BEFORE)..];
    let rounded = |number: f64| Value::new(number, format!("{number:.0}"));
    let end = |end: Option<Date>, what: &str| {
        end.filter(|end| ahead.steps.last().is_some_and(|step| *end <= step.day))
            .map(|end| Mark {
                day: day(end),
                label: end.to_string(),
                what: what.to_owned(),
            })
    };
    let drawn = Burn {
        past: last
            .iter()
            .map(|point| chart::Point {
                day: day(point.day),
                label: point.day.to_string(),
                left: whole(point.count.left),
            })
            .collect(),
        ahead: ahead
            .steps
            .iter()
            .map(|step| {
                let band = Band {
                    low: rounded(step.p10),
                    middle: rounded(step.p50),
                    high: rounded(step.p90),
                };
                (day(step.day), step.day.to_string(), band)
            })
            .collect(),
        ends: [
            end(ahead.done.p10, "early"),
            end(ahead.done.p50, "done"),
            end(ahead.done.p90, "late"),
        ],
        mark: end(history.due, "due"),
    };
    let about = About {
        id: "outlook",
        title: &format!("{}: what will be left", history.title),
        desc: "",
        heading: "Day",
        axis: &|number| format!("{number}"),
    };
    burn_down(&about, &drawn)
}
