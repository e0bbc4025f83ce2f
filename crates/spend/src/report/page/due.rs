//! What is to be done.

use base::Decimal;
use document::{Cell, Column, Section};

use super::named;
use crate::outlook::between;
use crate::report::model::Report;

pub(super) fn due(report: &Report) -> Section {
    let mut section = Section::new("due", "What to do");
    let columns = vec![
        Column::text("Why"),
        Column::text("Who"),
        Column::of("By", "due", ""),
        Column::of("Days left", "days left", ""),
    ];
    let caption = "What is to be done, what is due first before the rest";
    let mut table = named(caption, "What", columns);
    for action in &report.act.actions {
        let left = Decimal::whole(between(report.day, action.due));
        let cells = vec![
            Cell::name(&action.what),
            Cell::text(&action.why),
            Cell::text(&action.owner),
            Cell::Day(action.due),
            Cell::Number(left, String::new()),
        ];
        table.marked_row(cells, action.due <= report.day && action.cause.presses());
    }
    section.table(table, "Nothing is to be done.");
    section
}
