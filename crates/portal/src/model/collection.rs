//! What there are many of: one definition, from which come its page, its data, its part of the API
//! and of the search.

use std::borrow::Cow;

use super::{Audience, Cell, Section, Source};

/// What a column holds, as a program reads it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnKind {
    /// A string.
    Text,
    /// A whole number.
    Number,
    /// A number as a string, exact.
    Decimal,
    /// An amount as a string, exact, with its currency.
    Money,
    /// A share of one as a string, exact.
    Share,
    /// A day, `2026-11-22`.
    Day,
    /// An instant in UTC, RFC 3339.
    Instant,
    /// Yes or no.
    Truth,
    /// A word, with how good it is.
    State,
    /// A list of strings.
    List,
}

/// How rows are chosen by what is in a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Filter {
    /// Not at all.
    None,
    /// By one of the values that are there.
    Choice,
}

/// A column of a table.
#[derive(Debug, Clone)]
pub struct Column {
    /// Its name in URLs and data: lower case with underscores.
    pub id: Cow<'static, str>,
    /// What stands above it.
    pub head: Cow<'static, str>,
    /// What it holds.
    pub kind: ColumnKind,
    /// What that means, for whoever reads the description of the API.
    pub about: Cow<'static, str>,
    /// How rows are chosen by it.
    pub filter: Filter,
    /// Whether it is in data only and not on the page.
    pub hidden: bool,
}

impl Column {
    /// A column that is known when the program is written.
    pub const fn new(
        id: &'static str,
        head: &'static str,
        kind: ColumnKind,
        about: &'static str,
    ) -> Self {
        Self {
            id: Cow::Borrowed(id),
            head: Cow::Borrowed(head),
            kind,
            about: Cow::Borrowed(about),
            filter: Filter::None,
            hidden: false,
        }
    }

    /// The same, by which rows are chosen.
    pub const fn choice(mut self) -> Self {
        self.filter = Filter::Choice;
        self
    }

    /// The same, in data only.
    pub const fn data_only(mut self) -> Self {
        self.hidden = true;
        self
    }
}

/// What of a collection makes a feed.
#[derive(Debug, Clone, Copy)]
pub struct Feed {
    /// The column that says when.
    pub when: &'static str,
    /// The column that says what happened; the first one's text is the title.
    pub what: &'static str,
}

/// What there are many of.
#[derive(Debug)]
pub struct Collection {
    /// Its name in URLs, plural: `services`.
    pub id: &'static str,
    /// The title of its page.
    pub title: &'static str,
    /// One of them: `service`.
    pub one: &'static str,
    /// What they are, in a sentence that stands above the list.
    pub about: &'static str,
    /// Where it is in the navigation.
    pub section: Section,
    /// Its columns; the first names the row.
    pub columns: &'static [Column],
    /// What makes a feed of it, if anything happens there.
    pub feed: Option<Feed>,
    /// Whether each row has a page of its own, at `/ID/KEY`.
    pub has_pages: bool,
    /// The order it is first shown in: a column, with `-` before it for the other way; as given if empty.
    pub sort: &'static str,
}

impl Collection {
    /// The path of the page of one of them, encoded as links are.
    pub fn path_of(&self, key: &str) -> String {
        super::to(self.id, key)
    }
}

/// A row.
#[derive(Debug, Clone, Default)]
pub struct Row {
    /// What tells it from all others of its collection, for ever; it may have slashes. Empty in tables of which nothing is linked.
    pub key: String,
    /// A cell for each column.
    pub cells: Vec<Cell>,
    /// Where it is said.
    pub source: Option<Source>,
    /// For whom it is.
    pub audience: Audience,
}

/// A collection with its rows.
#[derive(Debug)]
pub struct Listing {
    /// What they are.
    pub of: &'static Collection,
    /// The rows, in the order of their keys unless the order says something.
    pub rows: Vec<Row>,
    /// What stands above the list beside its sentence: charts, notes.
    pub above: Vec<super::Part>,
    /// What is said where there is no row.
    pub none: &'static str,
    /// What is looked up in them.
    pub(crate) lookup: crate::query::Lookup,
}

impl Listing {
    /// Rows of a collection.
    pub fn new(of: &'static Collection, rows: Vec<Row>) -> Self {
        Self {
            of,
            rows,
            above: Vec::new(),
            none: "There are none.",
            lookup: crate::query::Lookup::default(),
        }
    }

    /// The row of this key.
    pub fn row(&self, key: &str) -> Option<&Row> {
        let place = self.lookup.place(&self.rows, key)?;
        self.rows.get(place)
    }
}

/// A table within a page.
#[derive(Debug, Clone)]
pub struct Table {
    /// Its name in URLs and data, one of its own on the page.
    pub id: Cow<'static, str>,
    /// What it is.
    pub caption: String,
    /// Its columns; the first names the row.
    pub columns: Vec<Column>,
    /// Its rows.
    pub rows: Vec<Row>,
    /// What is said instead where there is no row.
    pub none: String,
}
