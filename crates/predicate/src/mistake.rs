//! What is wrong with a predicate as it was written.

use std::fmt;
use std::ops::Range;

/// One mistake in the text of a predicate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// What is wrong, in one sentence without a full stop.
    pub message: String,
    /// Where: bytes of the text, between characters; empty at its end where something is lacking.
    pub at: Range<usize>,
    /// What to do.
    pub help: Option<String>,
}

impl Mistake {
    pub(crate) fn new(at: &Range<usize>, message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            at: at.clone(),
            help: None,
        }
    }

    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    pub(crate) fn help_if(mut self, help: Option<String>) -> Self {
        self.help = self.help.or(help);
        self
    }
}

impl fmt::Display for Mistake {
    /// The sentence, and what to do after a semicolon.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        match &self.help {
            Some(help) => write!(f, "; {help}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Mistake {}
