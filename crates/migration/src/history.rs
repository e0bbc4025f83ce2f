//! How far a move was, day after day, and when it is done.
//!
//! ```text
//! versions of files ─► Facts ─► Course: points, and what became of things between them
//!                                 ├─► largest: where to look for the commits that did most
//!                                 ├─► Outlook: when it is done, back-tested
//!                                 ├─► orders: whether what was said to be next was
//!                                 └─► History: all of it, drawn, told and printed
//! ```
//!
//! Things are counted, and never as a share alone: what is left and what is new stand beside what
//! moved and what was retired, which are two things. What could not be read is not gone.

mod course;
mod draw;
mod events;
mod gauge;
mod order;
mod outlook;
mod pace;
mod page;
mod trials;
mod words;

use jiff::civil::Date;
use serde_json::{Map, Value, json};

pub use course::{By, Count, Course, Fact, Flow, Point};
pub use events::{Event, largest, weight};
pub use gauge::Gauge;
pub use order::{Tried, orders};
pub use outlook::{Ahead, Backtest, Ends, Outlook, Said, Step};
pub use pace::Pace;
pub use words::{Word, Words};

/// The history of a move, with what follows from it.
#[derive(Debug)]
pub struct History {
    /// What people call the move.
    pub title: String,
    /// What holds of a thing that has moved.
    pub goal: String,
    /// Which things are meant; all if not said.
    pub scope: Option<String>,
    /// Where its files were, in the repository.
    pub trees: Vec<String>,
    /// The texts that its course names.
    pub words: Words,
    /// How things stood.
    pub course: Course,
    /// What happened on the way, by day.
    pub events: Vec<Event>,
    /// The day by which it should be done.
    pub due: Option<Date>,
    /// What is to be expected; nothing without a point.
    pub outlook: Option<Outlook>,
    /// Whether the order that would have been said was the order that came.
    pub orders: Vec<Tried>,
    /// What a reader must know beside the figures.
    pub notes: Vec<String>,
}

impl History {
    /// The point at which most was left, the first of several.
    pub fn peak(&self) -> Option<&Point> {
        let points = self.course.points.iter();
        points.fold(None, |peak: Option<&Point>, point| match peak {
            Some(peak) if peak.count.left >= point.count.left => Some(peak),
            _ => Some(point),
        })
    }

    /// What became of things from the first point to the last.
    pub fn sum(&self) -> Flow {
        let points = self.course.points.iter();
        points.fold(Flow::default(), |sum, point| sum.and(&point.flow))
    }

    /// All of it for a program, told apart as asked for.
    pub fn json(&self, by: &[By]) -> Value {
        let points = self.course.points.iter().map(|point| {
            let groups: Map<String, Value> = by
                .iter()
                .map(|by| (by.name().to_owned(), self.groups(point, *by)))
                .collect();
            json!({
                "day": point.day,
                "commit": point.commit,
                "total": point.count.total(),
                "moved": point.count.moved,
                "left": point.count.left,
                "born": point.born,
                "unread": point.unread,
                "since": point.flow,
                "by": groups,
            })
        });
        json!({
            "title": self.title,
            "goal": self.goal,
            "scope": self.scope,
            "trees": self.trees,
            "due": self.due,
            "points": points.collect::<Vec<_>>(),
            "sum": self.sum(),
            "events": self.events,
            "outlook": self.outlook,
            "orders": self.orders,
            "notes": self.notes,
        })
    }

    fn groups(&self, point: &Point, by: By) -> Value {
        let mut named: Vec<(&str, Count)> = point
            .by(by)
            .iter()
            .map(|(word, count)| (self.words.text(*word), *count))
            .collect();
        named.sort_unstable_by_key(|(name, _)| *name);
        let entry = |(name, count): (&str, Count)| {
            let value = json!({ "total": count.total(), "moved": count.moved, "left": count.left });
            (name.to_owned(), value)
        };
        Value::Object(named.into_iter().map(entry).collect())
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn history() -> History {
        let mut words = Words::default();
        let mut course = Course::default();
        for (month, clusters) in [(1, "oo"), (2, "oo"), (3, "on")] {
            let facts = clusters.char_indices().map(|(at, cluster)| Fact {
                id: words.of(&format!("job-{at}")),
                parent: None,
                cluster: words.of(if cluster == 'n' { "new" } else { "<old>" }),
                owner: words.of("infra"),
                kind: words.of("periodic"),
                batch: words.of("a.yaml"),
                moved: cluster == 'n',
                free: true,
            });
            let facts = facts.collect();
            course.record(date(2026, month, 1), "commit", facts, 0);
        }
        History {
            title: "To the new cluster".to_owned(),
            goal: "cluster == \"new\"".to_owned(),
            scope: None,
            trees: vec!["jobs".to_owned()],
            outlook: Outlook::of(&course.points),
            orders: orders(&course),
            words,
            course,
            events: Vec::new(),
            due: None,
            notes: vec!["All could be read.".to_owned()],
        }
    }

    #[test]
    fn every_form_tells_the_same_figures() {
        let history = history();
        let said = history.json(&[By::Cluster]);
        assert_eq!(said["points"][2]["by"]["<old>"], Value::Null);
        assert_eq!(said["points"][2]["by"]["cluster"]["<old>"]["left"], 1);
        assert_eq!(
            (
                said["sum"]["moved"].as_u64(),
                said["sum"]["retired"].as_u64()
            ),
            (Some(1), Some(0))
        );
        let text = history.text(&[By::Cluster]);
        assert!(text.contains("On 2026-03-01 1 of 2 are left; most were left on 2026-01-01: 2."));
        assert!(text.contains("1 moved and 0 were retired without moving."));
        let page = history.html(&[By::Cluster, By::Owner]);
        assert!(page.contains("&lt;old&gt;") && !page.contains("<old>"));
        assert!(history.svg().starts_with("<svg") && history.svg().contains(chart::STYLE));
    }

    #[test]
    fn the_peak_is_the_first_day_of_the_most() {
        let history = history();
        assert_eq!(history.peak().unwrap().day, date(2026, 1, 1));
    }
}
