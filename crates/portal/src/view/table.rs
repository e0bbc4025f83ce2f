//! Tables. On a phone each row is a card of its own, with the head of the column beside each value.

use std::borrow::Cow;

use maud::{Markup, html};

use super::scene::{Scene, shown};
use super::value;
use crate::model::{Cell, Collection, Column, Row, Value};

/// More columns than this do not fit on paper beside one another.
const MANY: usize = 5;

/// What is made into a table.
pub(super) struct Grid<'a> {
    /// What it is, for whoever jumps from table to table.
    pub(super) caption: &'a str,
    /// Whether that is said already to whoever sees the page.
    pub(super) caption_unseen: bool,
    /// All columns of the rows.
    pub(super) columns: &'a [Column],
    /// Whether anything stands in a column; one in which nothing does is in data only.
    pub(super) filled: &'a dyn Fn(usize) -> bool,
    /// The rows.
    pub(super) rows: &'a [&'a Row],
    /// The collection whose pages the rows lead to.
    pub(super) of: Option<&'a Collection>,
}

/// A table; `head` makes what stands above a column.
pub(super) fn table(
    scene: &Scene<'_>,
    grid: &Grid<'_>,
    head: &dyn Fn(&Column) -> Markup,
) -> Markup {
    let columns: Vec<(usize, &Column)> = grid
        .columns
        .iter()
        .enumerate()
        .filter(|(at, column)| !column.hidden && (*at == 0 || (grid.filled)(*at)))
        .collect();
    // The page of each says where it is declared, and many columns need the room.
    let told_there = columns.len() > MANY && grid.of.is_some_and(|of| of.has_pages);
    let sourced = !told_there && grid.rows.iter().any(|row| row.source.is_some());
    html! {
        div.wide.stack.many[columns.len() > MANY] tabindex="0" role="region" aria-label=(shown(grid.caption)) {
            table {
                caption class=[grid.caption_unseen.then_some("vh")] { (shown(grid.caption)) }
                thead {
                    tr {
                        @for (_, column) in &columns { (head(column)) }
                        @if sourced { th scope="col" { "Source" } }
                    }
                }
                tbody {
                    @for row in grid.rows { (line(scene, grid, &columns, row, sourced)) }
                }
            }
        }
    }
}

/// Whether anything stands in a column of rows. What is kept back is something.
pub(super) fn filled<'r>(
    scene: &Scene<'_>,
    rows: impl Iterator<Item = &'r Row>,
    at: usize,
) -> bool {
    let reader = scene.frame.reader;
    let mut cells = rows.filter_map(|row| row.cells.get(at));
    cells.any(|cell| reader.cell(cell).value != Value::None)
}

/// What a column means, where that is more than its head.
pub(super) fn meaning(column: &Column) -> Option<Cow<'_, str>> {
    let says_more = !column.about.is_empty() && column.about != column.head;
    says_more.then(|| shown(&column.about))
}

/// What stands above a column by which nothing is sorted.
pub(super) fn plain_head(column: &Column) -> Markup {
    html! {
        th scope="col" class=[value::class(column.kind)] title=[meaning(column)] { (shown(&column.head)) }
    }
}

fn line(
    scene: &Scene<'_>,
    grid: &Grid<'_>,
    columns: &[(usize, &Column)],
    row: &Row,
    sourced: bool,
) -> Markup {
    let reader = scene.frame.reader;
    html! {
        tr {
            @for (order, (at, column)) in columns.iter().enumerate() {
                @let cell = row.cells.get(*at).map(|cell| reader.cell(cell));
                @if order == 0 {
                    th scope="row" { (name(scene, grid, row, cell)) }
                } @else {
                    @let empty = cell.is_none_or(|cell| cell.value == Value::None);
                    td class=(classes(column, empty)) data-label=(shown(&column.head)) {
                        span { @if let Some(cell) = cell { (value::cell(scene, cell)) } }
                    }
                }
            }
            @if sourced {
                @match &row.source {
                    Some(source) => td data-label="Source" { (scene.source(source, true)) },
                    None => td class="none" {},
                }
            }
        }
    }
}

fn classes(column: &Column, empty: bool) -> &'static str {
    match (value::class(column.kind), empty) {
        (_, true) => "none",
        (Some(class), _) => class,
        (None, _) => "t",
    }
}

/// The cell that names the row leads to the row's page, unless it leads elsewhere.
fn name(scene: &Scene<'_>, grid: &Grid<'_>, row: &Row, cell: Option<&Cell>) -> Markup {
    let Some(cell) = cell else {
        return html! {};
    };
    let page = grid
        .of
        .filter(|of| of.has_pages)
        .map(|of| of.path_of(&row.key));
    match page {
        Some(page) if cell.to.is_none() && !matches!(cell.value, Value::Links(_)) => {
            let linked = Cell {
                to: Some(page),
                ..cell.clone()
            };
            value::cell(scene, &linked)
        }
        _ => value::cell(scene, cell),
    }
}
