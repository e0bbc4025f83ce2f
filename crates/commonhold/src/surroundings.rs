//! What a run is given and what it says; between the two, it touches nothing but the estate's files.

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use jiff::Timestamp;
use jiff::civil::Date;

use crate::Exit;

/// All that the outside world decides.
#[derive(Debug, Clone)]
pub struct Surroundings {
    /// The command line, the program's name first.
    pub arguments: Vec<OsString>,
    /// The current folder.
    pub folder: PathBuf,
    /// The day it is.
    pub today: Date,
    /// Tells the time.
    pub clock: fn() -> Timestamp,
    /// Tells the value of an environment variable.
    pub environment: fn(&str) -> Option<String>,
    /// How long to wait before a name server that is behind is asked again.
    pub patience: Duration,
    /// Shows how long work goes on, if anybody looks.
    pub progress: fn(&str),
    /// Whether a person looks at the output.
    pub terminal: bool,
    /// Whether colour is unwelcome (no-color.org).
    pub no_color: bool,
    /// The terminal's width in columns, if known.
    pub columns: Option<usize>,
}

/// All that a run says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// For standard output.
    pub data: String,
    /// For standard error.
    pub notes: String,
    /// How it ended.
    pub exit: Exit,
}

impl Outcome {
    /// Data, and all is well.
    pub fn data(data: impl Into<String>) -> Self {
        Self {
            data: data.into(),
            notes: String::new(),
            exit: Exit::Well,
        }
    }

    /// Ends in another way.
    pub fn exit(self, exit: Exit) -> Self {
        Self { exit, ..self }
    }

    /// The command line was wrong in a way that only the estate could show.
    pub fn usage(message: &str) -> Self {
        Self {
            data: String::new(),
            notes: format!("error: {message}\n"),
            exit: Exit::Usage,
        }
    }
}
