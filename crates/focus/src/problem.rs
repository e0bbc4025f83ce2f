//! What is wrong with a file of charges.

use std::fmt;

use base::Code;

/// Where in a file something is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Place {
    /// The file, as it was named.
    pub file: String,
    /// The line, or the row of a file that has no lines, from 1.
    pub line: Option<u64>,
    /// The column's name in the file.
    pub column: Option<String>,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&base::visible(&self.file))?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        match &self.column {
            Some(column) => write!(f, ":{}", base::visible(column)),
            None => Ok(()),
        }
    }
}

/// Something that a file of charges has wrong, so that it is not taken.
#[derive(Debug, Clone)]
pub struct Problem {
    /// The kind of problem, with its page.
    pub code: &'static Code,
    /// Where it is.
    pub place: Place,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.message)
    }
}

impl std::error::Error for Problem {}

impl PartialEq for Problem {
    fn eq(&self, other: &Self) -> bool {
        (self.code.id, &self.place, &self.message, &self.help)
            == (other.code.id, &other.place, &other.message, &other.help)
    }
}

impl Eq for Problem {}
