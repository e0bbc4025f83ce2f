//! A change of DNS as a newcomer asks for it: a form filled in as text.
//!
//! The form asks for the kind of change, the domain, the record as it is and as it should
//! be, and the reason. Its headings are known by what they mean, so that every community
//! may word its own. What is asked becomes edits of zone files and the list of those who
//! answer for them, or a refusal that says what to write instead.

mod form;
mod fragment;
mod resolve;
mod snippet;
#[cfg(test)]
mod tests;

use std::fmt;

use estate::records::DomainName;
use serde::Serialize;

pub use form::parse;
pub use resolve::{Candidate, FileChange, Resolved, Reviewer, ZoneText, resolve};

/// What is wrong with a request, and where in its text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// The line, from 1.
    pub line: usize,
    /// The column, from 1.
    pub column: usize,
    /// What is wrong, as a sentence without a full stop.
    pub what: String,
    /// What to do; empty where that is plain.
    pub help: String,
}

impl Problem {
    pub(crate) fn new(line: usize, what: impl Into<String>, help: impl Into<String>) -> Self {
        Self {
            line,
            column: 1,
            what: base::visible(&what.into()),
            help: base::visible(&help.into()),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.line, self.column, self.what)?;
        if !self.help.is_empty() {
            write!(f, "; {}", self.help)?;
        }
        Ok(())
    }
}

/// What kind of change is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Operation {
    /// Records that are not there yet.
    Create,
    /// Records that are to be different.
    Update,
    /// Records that are to be no more.
    Delete,
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Create => "create",
            Self::Update => "update",
            Self::Delete => "delete",
        })
    }
}

/// A filled-in form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// What kind of change.
    pub operation: Operation,
    /// The domain that names in the snippets are relative to.
    pub domain: DomainName,
    /// The line the domain is on, from 1.
    pub domain_line: usize,
    /// The records as they are.
    pub existing: Option<Snippet>,
    /// The records as they should be.
    pub new: Option<Snippet>,
    /// Why.
    pub reason: String,
}

/// Records in the middle of a text, as a zone file would have them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snippet {
    /// Its lines, without the indentation they share.
    pub text: String,
    /// The line of the request that it begins on, from 1.
    pub line: usize,
    /// How many columns were taken off the front of each line.
    pub indent: usize,
}
