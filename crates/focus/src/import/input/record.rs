//! A record of a file, and readers of its cells.

use std::borrow::Cow;

use base::{Code, Decimal};
use jiff::Timestamp;
use jiff::civil::Date;

use super::header::{ColumnIndex, Header};
use super::notes::Notes;
use super::{instant, number};
use crate::import::DateOrder;
use crate::{Problem, codes};

/// Where a cell stands in the text of its record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::import) struct Span {
    pub(in crate::import) start: u32,
    pub(in crate::import) end: u32,
}

impl Span {
    /// Of a cell that is null, or that the record does not have.
    pub(in crate::import) const NULL: Self = Self {
        start: u32::MAX,
        end: u32::MAX,
    };
}

/// What stands in a cell of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field<'r> {
    /// Nothing: JSON's and Parquet's null, or no such cell in this record.
    Null,
    /// The text of the file; of a number, as it is written; of a list, JSON.
    Text(&'r str),
}

/// One record of a file.
#[derive(Clone, Copy)]
pub struct Record<'r> {
    pub(in crate::import) text: &'r str,
    pub(in crate::import) spans: &'r [Span],
    pub(in crate::import) number: u64,
    pub(in crate::import) header: &'r Header,
    pub(in crate::import) notes: &'r Notes,
}

/// The last instant of a column, and its text.
#[derive(Default)]
pub(in crate::import) struct Last {
    text: String,
    written: Option<instant::Written>,
}

/// How a text that stands for null is written.
const NULLS: [&str; 3] = ["NULL", "null", "(null)"];

/// No honest cost reaches this.
const TOO_MUCH: i64 = 1_000_000_000_000;

impl<'r> Record<'r> {
    /// The line on which it begins, or its number in a file without lines, from 1.
    pub fn number(&self) -> u64 {
        self.number
    }

    /// The same record, said to begin on another line: of a part of it.
    pub(in crate::import) fn at(self, line: u64) -> Self {
        Self {
            number: line,
            ..self
        }
    }

    /// What stands in a cell.
    pub fn get(&self, index: ColumnIndex) -> Field<'r> {
        match self.spans.get(index.place()) {
            None | Some(&Span::NULL) => Field::Null,
            Some(span) => self
                .text
                .get(span.start as usize..span.end as usize)
                .map_or(Field::Null, Field::Text),
        }
    }

    /// The text of a cell; null and an empty one are nothing.
    pub fn text(&self, index: ColumnIndex) -> Option<&'r str> {
        match self.get(index) {
            Field::Null | Field::Text("") => None,
            Field::Text(text) => Some(text),
        }
    }

    /// The text of a cell that may be `NULL`, `null` or `(null)` for null, which is noted.
    pub fn nullable(&self, index: ColumnIndex) -> Option<&'r str> {
        match self.get(index) {
            Field::Null => None,
            Field::Text("") => {
                if !self.header.empty_is_null {
                    self.mend("null");
                }
                None
            }
            Field::Text(text) if NULLS.contains(&text) => {
                self.mend("null");
                None
            }
            Field::Text(text) => Some(text),
        }
    }

    /// The number in a cell.
    ///
    /// # Errors
    /// Says what is wrong with it. More than 18 digits after the point are rounded and noted.
    pub fn decimal(&self, index: ColumnIndex) -> Result<Option<Decimal>, Problem> {
        let text = self.nullable(index);
        text.map(|text| self.decimal_in(index, text)).transpose()
    }

    /// The number that a part of a cell is, where a cell holds several things.
    ///
    /// # Errors
    /// Says what is wrong with it.
    pub(in crate::import) fn decimal_in(
        &self,
        index: ColumnIndex,
        text: &str,
    ) -> Result<Decimal, Problem> {
        let written = number::parse(text, self.header.numbers).map_err(|error| {
            self.problem(
                Some(index),
                &codes::BILL_NUMBER,
                format!("`{}` is no number: {error}", short(text)),
                "write it like -1234.5 or 1.3E-9",
            )
        })?;
        if let Some(word) = written.mended {
            self.mend(word);
        }
        if self.header.floats.get(index.place()) == Some(&true) {
            self.mend("double");
        }
        self.notes.round(written.number);
        Ok(written.number.value)
    }

    /// The amount of money in a cell, which is less than 10^12 of any currency.
    ///
    /// # Errors
    /// Says what is wrong with it.
    pub fn money(&self, index: ColumnIndex) -> Result<Option<Decimal>, Problem> {
        let amount = self.decimal(index)?;
        if let Some(amount) = amount
            && is_too_much(amount)
        {
            return Err(self.problem(
                Some(index),
                &codes::BILL_NUMBER,
                format!("a cost of {amount} is no honest one: it must be less than 10^12"),
                "look whether the column holds costs in millionths or in another currency",
            ));
        }
        Ok(amount)
    }

    /// The instant in a cell, by the order of days and months that the import was told.
    ///
    /// # Errors
    /// Says what is wrong with it.
    pub fn instant(&self, index: ColumnIndex) -> Result<Option<Timestamp>, Problem> {
        self.instant_by(index, self.header.dates)
    }

    /// The same where the vendor says which of days and months come first.
    ///
    /// # Errors
    /// Says what is wrong with it.
    pub fn instant_by(
        &self,
        index: ColumnIndex,
        order: Option<DateOrder>,
    ) -> Result<Option<Timestamp>, Problem> {
        let Some(text) = self.nullable(index) else {
            return Ok(None);
        };
        let written =
            instant::parse(text, order).map_err(|error| self.no_instant(index, text, error))?;
        Ok(Some(self.noted(written)))
    }

    /// Notes what was put right about an instant.
    fn noted(&self, written: instant::Written) -> Timestamp {
        if let Some(word) = written.mended {
            self.mend(word);
        }
        written.instant
    }

    /// The instant in a cell, for which the last of its column is looked at first: rows that
    /// follow one another often share it.
    ///
    /// # Errors
    /// Says what is wrong with it.
    pub(in crate::import) fn instant_after(
        &self,
        index: ColumnIndex,
        last: &mut Last,
    ) -> Result<Option<Timestamp>, Problem> {
        let Some(text) = self.nullable(index) else {
            return Ok(None);
        };
        if let Some(written) = last.written
            && last.text == text
        {
            return Ok(Some(self.noted(written)));
        }
        let written = instant::parse(text, self.header.dates)
            .map_err(|error| self.no_instant(index, text, error))?;
        text.clone_into(&mut last.text);
        last.written = Some(written);
        Ok(Some(self.noted(written)))
    }

    /// The day in a cell, also of an instant as it is written, whatever its zone; that it has no
    /// time is not noted.
    ///
    /// # Errors
    /// Says what is wrong with it.
    pub fn day_by(
        &self,
        index: ColumnIndex,
        order: Option<DateOrder>,
    ) -> Result<Option<Date>, Problem> {
        let Some(text) = self.nullable(index) else {
            return Ok(None);
        };
        instant::day(text, order)
            .map(Some)
            .map_err(|error| self.no_instant(index, text, error))
    }

    fn no_instant(&self, index: ColumnIndex, text: &str, error: instant::NotAnInstant) -> Problem {
        let help = if let instant::NotAnInstant::Ambiguous(..) = error {
            "say whether months or days come first, or write it like 2025-07-05T00:00:00Z"
        } else {
            "write it like 2025-07-05T00:00:00Z"
        };
        self.problem(
            Some(index),
            &codes::BILL_INSTANT,
            format!("`{}` is no instant: {error}", short(text)),
            help,
        )
    }

    /// Notes something that was put right, as a short stable word.
    pub fn mend(&self, word: &'static str) {
        self.notes.mend(word);
    }

    /// What was put right in it so far, as sorted words with spaces between.
    pub(in crate::import) fn mended(&self) -> Cow<'r, str> {
        self.notes.text()
    }

    /// Something that is wrong with a cell of the record, or with the record.
    pub fn problem(
        &self,
        index: Option<ColumnIndex>,
        code: &'static Code,
        message: impl Into<String>,
        help: impl Into<String>,
    ) -> Problem {
        let name = index.and_then(|index| self.header.names.get(index.place()));
        Problem {
            code,
            place: self
                .header
                .place(Some(self.number), name.map(String::as_str)),
            message: message.into(),
            help: help.into(),
        }
    }
}

/// Whether an amount is more than any honest cost.
pub(crate) fn is_too_much(amount: Decimal) -> bool {
    amount.abs() >= Decimal::whole(TOO_MUCH)
}

/// The beginning of a text, for a message on one line.
pub(crate) fn short(text: &str) -> String {
    const MOST: usize = 60;
    if text.chars().count() <= MOST {
        return base::visible(text);
    }
    let beginning: String = text.chars().take(MOST).collect();
    format!("{}…", base::visible(&beginning))
}
