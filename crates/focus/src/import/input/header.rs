//! The columns of a file, and how problems name them.

use std::collections::HashMap;
use std::io;

use base::Code;

use super::compression::Compression;
use crate::codes;
use crate::import::{DateOrder, Numbers};
use crate::{Place, Problem};

/// A column of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ColumnIndex(pub(in crate::import) u32);

impl ColumnIndex {
    /// Its place among the columns, from 0.
    pub fn place(self) -> usize {
        self.0 as usize
    }
}

/// No file has more columns than this.
const COLUMNS: usize = 10_000;

/// What holds for all records of a file.
pub(in crate::import) struct Header {
    pub(in crate::import) file: String,
    pub(in crate::import) names: Vec<String>,
    /// Which columns hold binary floats, for which the shortest text is read.
    pub(in crate::import) floats: Vec<bool>,
    /// Names of columns whose objects are kept as JSON.
    pub(in crate::import) whole: Vec<String>,
    /// Whether an empty text is how the container writes null.
    pub(in crate::import) empty_is_null: bool,
    pub(in crate::import) dates: Option<DateOrder>,
    pub(in crate::import) numbers: Numbers,
    pub(in crate::import) compression: Compression,
    places: HashMap<String, u32>,
}

impl Header {
    pub(in crate::import) fn new(file: &str, compression: Compression) -> Self {
        Self {
            file: file.to_owned(),
            names: Vec::new(),
            floats: Vec::new(),
            whole: Vec::new(),
            empty_is_null: false,
            dates: None,
            numbers: Numbers::Plain,
            compression,
            places: HashMap::new(),
        }
    }

    /// For the same file, read once more: its columns are to be found again.
    pub(in crate::import) fn again(&self) -> Self {
        Self {
            whole: self.whole.clone(),
            dates: self.dates,
            numbers: self.numbers,
            ..Self::new(&self.file, self.compression)
        }
    }

    pub(in crate::import) fn find(&self, name: &str) -> Option<ColumnIndex> {
        self.places.get(name).copied().map(ColumnIndex)
    }

    /// Takes a column; nothing if there is one of the name, or there are too many.
    pub(in crate::import) fn add(&mut self, name: &str) -> Option<ColumnIndex> {
        if self.names.len() >= COLUMNS || self.places.contains_key(name) {
            return None;
        }
        let place = u32::try_from(self.names.len()).ok()?;
        self.places.insert(name.to_owned(), place);
        self.names.push(name.to_owned());
        self.floats.push(false);
        Some(ColumnIndex(place))
    }

    /// Takes the columns of a file that names them once.
    pub(in crate::import) fn add_all<'n>(
        &mut self,
        names: impl Iterator<Item = &'n str>,
        line: Option<u64>,
    ) -> Result<(), Problem> {
        for (place, name) in names.enumerate() {
            let problem = |message: String, help: &str| Problem {
                code: &codes::BILL_COLUMN,
                place: self.place(line, Some(name).filter(|name| !name.is_empty())),
                message,
                help: help.to_owned(),
            };
            if name.is_empty() {
                return Err(problem(
                    format!("column {} has no name", place + 1),
                    "name it, or remove it",
                ));
            }
            if place >= COLUMNS {
                return Err(problem(
                    format!("there are more than {COLUMNS} columns"),
                    "remove those that are not needed",
                ));
            }
            if self.find(name).is_some() {
                return Err(problem(
                    format!("two columns are called `{}`", base::visible(name)),
                    "rename or remove one of them",
                ));
            }
            self.add(name);
        }
        Ok(())
    }

    pub(in crate::import) fn place(&self, line: Option<u64>, column: Option<&str>) -> Place {
        Place {
            file: self.file.clone(),
            line,
            column: column.map(str::to_owned),
        }
    }

    pub(in crate::import) fn problem(
        &self,
        code: &'static Code,
        line: Option<u64>,
        message: impl Into<String>,
        help: impl Into<String>,
    ) -> Problem {
        Problem {
            code,
            place: self.place(line, None),
            message: message.into(),
            help: help.into(),
        }
    }

    /// What a failure to read means: the disk's, or the packed data's own.
    pub(in crate::import) fn failure(&self, line: Option<u64>, error: &io::Error) -> Problem {
        let Some(packed) = self.compression.name() else {
            return self.problem(
                &codes::BILL_UNREADABLE,
                line,
                format!("the file cannot be read: {error}"),
                "try again when the disk or the store answers",
            );
        };
        if error.raw_os_error().is_some() {
            return self.problem(
                &codes::BILL_UNREADABLE,
                line,
                format!("the file cannot be read: {error}"),
                "try again when the disk or the store answers",
            );
        }
        if error.kind() == io::ErrorKind::UnexpectedEof {
            return self.problem(
                &codes::BILL_TRUNCATED,
                line,
                format!("the file ends in the middle of its {packed} data"),
                "fetch it again: the end of it is missing",
            );
        }
        self.problem(
            &codes::BILL_COMPRESSION,
            line,
            format!("the file's {packed} data are damaged: {error}"),
            "fetch it again",
        )
    }
}
