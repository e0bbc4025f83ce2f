//! One charge on its way from a vendor's file to where charges are kept.

use std::borrow::Cow;

use base::Decimal;
use jiff::Timestamp;

use crate::{Column, Problem};

/// What stands in one column of one charge.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Cell<'a> {
    /// Nothing: FOCUS's null, never an empty text.
    #[default]
    Null,
    /// A text; of a column of JSON, the JSON.
    Text(Cow<'a, str>),
    /// A number.
    Number(Decimal),
    /// An instant.
    Instant(Timestamp),
}

impl Cell<'_> {
    /// The text, if it is one.
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The number, if it is one.
    pub fn number(&self) -> Option<Decimal> {
        match self {
            Self::Number(number) => Some(*number),
            _ => None,
        }
    }

    /// The instant, if it is one.
    pub fn instant(&self) -> Option<Timestamp> {
        match self {
            Self::Instant(instant) => Some(*instant),
            _ => None,
        }
    }
}

/// A charge in FOCUS's columns, where it came from, and what its file says beyond FOCUS.
#[derive(Debug, Clone)]
pub struct Row<'a> {
    cells: [Cell<'a>; Column::COUNT],
    /// The columns of the file that FOCUS has no place for, in the order of [`Sink::begin`]'s
    /// names; what is missing at the end is null.
    pub extra: Vec<Cow<'a, str>>,
    /// Which row of the file it is: the line on which it begins in a text, else the number of
    /// the row, from 1.
    pub number: u64,
    /// What was put right on the way in, as short stable words with spaces between.
    pub mended: Cow<'a, str>,
}

impl Default for Row<'_> {
    fn default() -> Self {
        Self {
            cells: [const { Cell::Null }; Column::COUNT],
            extra: Vec::new(),
            number: 0,
            mended: Cow::Borrowed(""),
        }
    }
}

impl<'a> Row<'a> {
    /// What stands in a column.
    pub fn get(&self, column: Column) -> &Cell<'a> {
        &self.cells[column as usize]
    }

    /// Puts something into a column.
    pub fn set(&mut self, column: Column, cell: Cell<'a>) {
        self.cells[column as usize] = cell;
    }

    /// Puts a text into a column; an empty one is null.
    pub fn set_text(&mut self, column: Column, text: impl Into<Cow<'a, str>>) {
        let text = text.into();
        self.set(
            column,
            if text.is_empty() {
                Cell::Null
            } else {
                Cell::Text(text)
            },
        );
    }
}

/// Where charges go.
pub trait Sink {
    /// A file begins; these are the names of its columns beyond FOCUS's, each with `x_` before it.
    fn begin(&mut self, extra: &[String]) -> Result<(), Problem>;

    /// Takes a charge. What it refuses ends the file.
    fn charge(&mut self, row: &Row<'_>) -> Result<(), Problem>;
}
