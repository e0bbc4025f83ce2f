//! From a vendor's file to charges.
//!
//! [`Input`] makes a table of named columns of any file. [`import`] finds out whose format it
//! is, and gives each charge to a [`Sink`]. Nothing of a file counts before [`import`] has
//! answered with a [`Summary`]: what a sink has taken of a file with a problem is to be thrown
//! away.

mod aws;
mod azure;
mod categories;
mod charges;
mod columns;
mod csv;
mod detect;
mod digitalocean;
mod fastly;
mod focus;
mod gcp;
mod in_kind;
mod input;
mod json;
mod listed;
mod oci;
mod parquet;
mod period;
mod tags;

use std::collections::BTreeMap;

pub use self::charges::Charges;
pub use self::detect::{Format, detect};
pub use self::in_kind::{Contribution, InKind};
pub use self::input::{ColumnIndex, Container, Field, Input, Record};
use crate::{Column, Problem, Sink, codes};

/// Which comes first where a date is written with slashes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DateOrder {
    /// The month: `5/1/25` is the first of May.
    MonthFirst,
    /// The day: `5/1/25` is the fifth of January.
    DayFirst,
}

/// How numbers are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Numbers {
    /// As FOCUS asks: digits, a point, a minus sign, an exponent.
    #[default]
    Plain,
    /// Also as a spreadsheet shows them: `$1,234.50`, `($1,234.50)`.
    Spreadsheet,
}

/// What whoever imports a file knows about it.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Which comes first where a date may be read in two ways.
    pub dates: Option<DateOrder>,
    /// How numbers are written.
    pub numbers: Numbers,
    /// What the file leaves out: what stands in these columns wherever the file has nothing for
    /// them. Written as a file would write it.
    pub given: Vec<(Column, String)>,
}

impl Options {
    /// What is given for a column.
    pub fn given(&self, column: Column) -> Option<&str> {
        let found = self.given.iter().find(|(given, _)| *given == column);
        found.map(|(_, text)| text.as_str())
    }
}

/// What was read of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    /// Whose format it is.
    pub format: Format,
    /// How many records were read.
    pub read: u64,
    /// How many charges they were; a record may be several, or none.
    pub given: u64,
    /// How many records had something put right, by the word for it.
    pub mended: BTreeMap<&'static str, u64>,
    /// How many numbers had more than 18 digits after the point.
    pub rounded: u64,
    /// What was written less what was kept of them, summed, in units of 10^-36.
    pub residue: i128,
    /// What is not right though nothing depends on it, at most [`PROBLEMS`] things: the first.
    pub doubts: Vec<Problem>,
}

/// So many problems are collected before reading stops.
pub const PROBLEMS: usize = 20;

/// What makes charges of the records of one format.
trait Importer {
    /// The names of the columns beyond FOCUS's that its charges have, each with `x_` before it.
    fn extra(&self) -> &[String] {
        &[]
    }

    /// What the file calls the column that a FOCUS column is made of, for problems with it.
    fn written_as(&self, _column: Column) -> Option<&str> {
        None
    }

    /// Makes charges of a record, and gives each to [`Charges::give`].
    fn record(&mut self, record: &Record<'_>, charges: &mut Charges<'_>) -> Result<(), Problem>;
}

/// Reads a file and gives its charges to a sink. Without a format, it is found out by the names
/// of the columns.
///
/// # Errors
/// Says what is wrong, at most [`PROBLEMS`] things, one of a record. A file with a problem is
/// not taken: what the sink has of it is to be thrown away.
pub fn import(
    mut input: Input,
    format: Option<Format>,
    options: &Options,
    sink: &mut dyn Sink,
) -> Result<Summary, Vec<Problem>> {
    input.read_as(options.dates, options.numbers);
    let format = match format {
        Some(format) => format,
        None => detect(&mut input).map_err(|problem| vec![problem])?,
    };
    let mut importer = detect::open(format, &mut input, options)?;
    let mut charges = Charges::begin(&input, importer.extra(), options, sink)?;
    let mut problems = Vec::new();
    let mut read = 0;
    while problems.len() < PROBLEMS && !charges.ended() {
        let done = match input.next_record() {
            Ok(None) => break,
            Ok(Some(record)) => {
                read += 1;
                importer.record(&record, &mut charges)
            }
            Err(problem) => Err(problem),
        };
        if let Err(mut problem) = done {
            name_as_written(&mut problem, importer.as_ref());
            problems.push(problem);
            charges.refuse();
        }
    }
    if problems.is_empty() && charges.given() == 0 {
        let help = "look whether the export has run; there is nothing to import";
        problems.push(input.problem(&codes::BILL_EMPTY, None, "the file has no charges", help));
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    let (rounded, residue) = input.rounded();
    Ok(Summary {
        format,
        read,
        given: charges.given(),
        mended: input.mended(),
        rounded,
        residue,
        doubts: charges.doubts(),
    })
}

/// Calls a column as the file does.
fn name_as_written(problem: &mut Problem, importer: &dyn Importer) {
    let Some(name) = &mut problem.place.column else {
        return;
    };
    let column = Column::named(name);
    if let Some(written) = column.and_then(|column| importer.written_as(column)) {
        written.clone_into(name);
    }
}
