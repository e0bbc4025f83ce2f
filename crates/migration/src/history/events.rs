//! What happened on the way.

use estate::kinds::MigrationEvent;
use jiff::civil::Date;
use serde::Serialize;

use super::course::{Flow, Point};

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Event {
    /// When.
    pub day: Date,
    /// What.
    pub what: String,
    /// The commit, where it was found in the history and nobody wrote it down.
    pub commit: Option<String>,
    /// What became of things in that commit.
    pub flow: Option<Flow>,
}

impl Event {
    /// What somebody wrote down.
    pub fn told(event: &MigrationEvent) -> Self {
        Self {
            day: event.day.value,
            what: event.what.clone(),
            commit: None,
            flow: None,
        }
    }

    /// What a commit did, in its own words and figures.
    pub fn found(day: Date, subject: &str, commit: &str, flow: Flow) -> Self {
        Self {
            day,
            what: format!("{subject} ({})", figures(&flow)),
            commit: Some(commit.to_owned()),
            flow: Some(flow),
        }
    }
}

/// The figures of what became of things, those that are nothing left out.
fn figures(flow: &Flow) -> String {
    let said = [
        (flow.moved, "moved"),
        (flow.retired, "retired"),
        (flow.added_left, "new to be moved"),
        (flow.added_moved, "new where they should be"),
        (flow.moved_back, "moved back"),
    ];
    let said: Vec<String> = said
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| format!("{count} {what}"))
        .collect();
    if said.is_empty() {
        return "nothing moved".to_owned();
    }
    said.join(", ")
}

/// The places of the points before which most was moved, or what is left changed most, in their
/// order.
pub fn largest(points: &[Point], most: usize) -> Vec<usize> {
    let mut places: Vec<usize> = (1..points.len())
        .filter(|at| weight(&points[*at].flow) > 0)
        .collect();
    places.sort_by_key(|at| std::cmp::Reverse((weight(&points[*at].flow), *at)));
    places.truncate(most);
    places.sort_unstable();
    places
}

/// How much a flow is for a move. Things that only have new names came as often as they went, and
/// weigh nothing.
pub fn weight(flow: &Flow) -> usize {
    flow.moved + flow.moved_back + flow.added_left.abs_diff(flow.retired)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn new_names_weigh_nothing() {
        let flow = |moved, retired, added_left| Flow {
            added_left,
            moved,
            retired,
            ..Flow::default()
        };
        assert_eq!(weight(&flow(0, 280, 280)), 0);
        assert_eq!(weight(&flow(3, 280, 281)), 4);
        assert_eq!(weight(&flow(0, 9, 2)), 7);
    }

    #[test]
    fn figures_that_are_nothing_are_not_told() {
        let flow = Flow {
            moved: 3,
            added_moved: 1,
            ..Flow::default()
        };
        assert_eq!(figures(&flow), "3 moved, 1 new where they should be");
        assert_eq!(figures(&Flow::default()), "nothing moved");
    }
}
