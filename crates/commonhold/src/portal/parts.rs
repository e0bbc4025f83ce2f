//! The small pieces that pages are put together from.

use std::borrow::Cow;

use portal::model::{
    Audience, Card, Cell, Column, ColumnKind, Fact, Mood, Part, Private, Row, Source, Table,
};

/// Something said of a thing.
pub(super) fn fact(id: &'static str, label: &str, value: Cell) -> Fact {
    Fact {
        id,
        label: label.to_owned(),
        value,
        source: None,
    }
}

/// A large figure that everybody may see.
pub(super) fn card(
    label: &str,
    figure: impl std::fmt::Display,
    note: impl Into<String>,
    mood: Mood,
    to: Option<&str>,
) -> Card {
    Card {
        label: label.to_owned(),
        figure: figure.to_string(),
        note: note.into(),
        mood,
        to: to.map(str::to_owned),
        audience: Audience::Everybody,
    }
}

/// A column of a table within a page.
pub(super) fn column(id: &'static str, head: &'static str, kind: ColumnKind) -> Column {
    Column::new(id, head, kind, head)
}

/// A table within a page.
pub(super) fn table(
    id: &'static str,
    caption: impl Into<String>,
    columns: Vec<Column>,
    rows: Vec<Row>,
    none: impl Into<String>,
) -> Part {
    Part::Table(Table {
        id: Cow::Borrowed(id),
        caption: caption.into(),
        columns,
        rows,
        none: none.into(),
    })
}

/// A row of a table within a page, to which nothing links.
pub(super) fn row(cells: Vec<Cell>, source: Option<Source>) -> Row {
    Row {
        cells,
        source,
        ..Row::default()
    }
}

/// Who may see who is in something.
pub(super) fn members_of(secret: bool) -> Audience {
    if secret {
        Audience::Private(Private::Memberships)
    } else {
        Audience::Everybody
    }
}

/// `1 team`, `12,345 teams`.
pub(super) fn counted(count: usize, one: &str, several: &str) -> String {
    portal::model::counted(count, one, several)
}
