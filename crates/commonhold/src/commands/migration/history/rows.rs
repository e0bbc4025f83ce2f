//! The curve as rows for a program.

use migration::history::{By, Count, History, Point, Words};

use crate::cli::Output;
use crate::project::Project;
use crate::render::table::{Cell, Table};

/// A line a day; with groups, a line a day and group.
pub(super) fn csv(project: &Project<'_>, history: &History, by: Option<By>) -> String {
    let points = &history.course.points;
    let mut table = match by {
        None => Table::new(&[
            "day",
            "commit",
            "total",
            "moved",
            "left",
            "added_left",
            "copied_left",
            "now_moved",
            "retired",
            "expired",
            "moved_back",
            "added_moved",
            "retired_moved",
            "unread",
        ]),
        Some(by) => Table::new(&["day", by.name(), "total", "moved", "left"]),
    };
    for point in points {
        let day = || Cell::from(point.day.to_string());
        let Some(by) = by else {
            let flow = &point.flow;
            let figures = [
                point.count.total(),
                point.count.moved,
                point.count.left,
                flow.added_left,
                flow.copied_left,
                flow.moved,
                flow.retired,
                flow.expired,
                flow.moved_back,
                flow.added_moved,
                flow.retired_moved,
                point.unread,
            ];
            let named = [day(), Cell::from(point.commit.as_str())];
            table.row(named.into_iter().chain(figures.map(Cell::from)));
            continue;
        };
        for (name, count) in groups(&history.words, point, by) {
            table.row([
                day(),
                Cell::from(name),
                Cell::from(count.total()),
                Cell::from(count.moved),
                Cell::from(count.left),
            ]);
        }
    }
    table.print(Output::Csv, "points", project.surroundings)
}

/// The groups of a day by their names.
fn groups<'w>(words: &'w Words, point: &Point, by: By) -> Vec<(&'w str, Count)> {
    let named = point.by(by).iter();
    let mut named: Vec<_> = named
        .map(|(word, count)| (words.text(*word), *count))
        .collect();
    named.sort_unstable_by_key(|(name, _)| *name);
    named
}
