//! What is wrong with a file of ballots, and where.

use std::fmt;

use serde::Serialize;

/// At most so many faults are told of one file; the rest are counted.
pub const FAULTS_TOLD: usize = 100;

/// A kind of fault; its text, such as `E_RANK`, stays the same for ever.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[non_exhaustive]
pub enum Code {
    /// The file holds nothing.
    #[serde(rename = "E_EMPTY")]
    Empty,
    /// Bytes that are no UTF-8.
    #[serde(rename = "E_UTF8")]
    Utf8,
    /// A NUL byte.
    #[serde(rename = "E_NUL")]
    Nul,
    /// A line is longer than a mebibyte.
    #[serde(rename = "E_TOO_LONG")]
    TooLong,
    /// There are more candidates, or more ballots of so many candidates, than can be held.
    #[serde(rename = "E_TOO_MANY")]
    TooMany,
    /// The head of the file does not say what it must.
    #[serde(rename = "E_HEADER")]
    Header,
    /// A candidate is named twice.
    #[serde(rename = "E_DUP_HEADER")]
    DupHeader,
    /// A candidate has no name, or one that cannot be.
    #[serde(rename = "E_NAME")]
    Name,
    /// There are fewer or more names than candidates.
    #[serde(rename = "E_NAMES")]
    Names,
    /// Right but for its capital letters.
    #[serde(rename = "E_CASE")]
    Case,
    /// No rank that a ballot may give.
    #[serde(rename = "E_RANK")]
    Rank,
    /// Nothing stands where a rank belongs.
    #[serde(rename = "E_EMPTY_CELL")]
    EmptyCell,
    /// Spaces stand around a value.
    #[serde(rename = "E_SPACE")]
    Space,
    /// A quotation mark where none belongs, or one that is never closed.
    #[serde(rename = "E_QUOTE")]
    Quote,
    /// A row has too few values.
    #[serde(rename = "E_SHORT_ROW")]
    ShortRow,
    /// A row has too many values.
    #[serde(rename = "E_LONG_ROW")]
    LongRow,
    /// An empty line among the ballots.
    #[serde(rename = "E_BLANK_LINE")]
    BlankLine,
    /// A candidate who does not stand.
    #[serde(rename = "E_UNKNOWN_CANDIDATE")]
    UnknownCandidate,
    /// A ballot names a candidate twice.
    #[serde(rename = "E_DUP_CANDIDATE")]
    DupCandidate,
    /// No number of voters, or too many in all.
    #[serde(rename = "E_WEIGHT")]
    Weight,
    /// No number of seats.
    #[serde(rename = "E_SEATS")]
    Seats,
    /// A ballot does not end as it must.
    #[serde(rename = "E_UNENDED")]
    Unended,
    /// A line that is none of those that the format knows.
    #[serde(rename = "E_LINE")]
    Line,
    /// A number in the head differs from what the file holds.
    #[serde(rename = "E_COUNT")]
    Count,
    /// The ballots are not of the type that the head says.
    #[serde(rename = "E_TYPE")]
    Type,
}

impl Code {
    /// The code as text.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Empty => "E_EMPTY",
            Self::Utf8 => "E_UTF8",
            Self::Nul => "E_NUL",
            Self::TooLong => "E_TOO_LONG",
            Self::TooMany => "E_TOO_MANY",
            Self::Header => "E_HEADER",
            Self::DupHeader => "E_DUP_HEADER",
            Self::Name => "E_NAME",
            Self::Names => "E_NAMES",
            Self::Case => "E_CASE",
            Self::Rank => "E_RANK",
            Self::EmptyCell => "E_EMPTY_CELL",
            Self::Space => "E_SPACE",
            Self::Quote => "E_QUOTE",
            Self::ShortRow => "E_SHORT_ROW",
            Self::LongRow => "E_LONG_ROW",
            Self::BlankLine => "E_BLANK_LINE",
            Self::UnknownCandidate => "E_UNKNOWN_CANDIDATE",
            Self::DupCandidate => "E_DUP_CANDIDATE",
            Self::Weight => "E_WEIGHT",
            Self::Seats => "E_SEATS",
            Self::Unended => "E_UNENDED",
            Self::Line => "E_LINE",
            Self::Count => "E_COUNT",
            Self::Type => "E_TYPE",
        }
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fault {
    /// The line, counted from 1.
    pub line: u32,
    /// The character in the line, counted from 1.
    pub column: u32,
    /// What kind of fault.
    pub code: Code,
    /// What is wrong and what to do, without a full stop.
    pub message: String,
}

/// All that is wrong with a file; it is not read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
pub struct Refusal {
    /// The file, as the caller named it.
    pub file: String,
    /// The first [`FAULTS_TOLD`] faults, in the order of the lines.
    pub faults: Vec<Fault>,
    /// How many more there are.
    pub more: u64,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, fault) in self.faults.iter().enumerate() {
            let Fault {
                line,
                column,
                code,
                message,
            } = fault;
            let end = if at == 0 { "" } else { "\n" };
            write!(f, "{end}{}:{line}:{column}: {code}: {message}", self.file)?;
        }
        match self.more {
            0 => Ok(()),
            more => write!(f, "\n{}: and {more} more", self.file),
        }
    }
}

/// The faults found so far.
#[derive(Debug, Default)]
pub(super) struct Faults {
    told: Vec<Fault>,
    more: u64,
}

impl Faults {
    /// A fault at a byte of a line; the words are made only if they will be told.
    pub(super) fn add(
        &mut self,
        line: &super::lines::Line<'_>,
        byte: usize,
        code: Code,
        message: impl FnOnce() -> String,
    ) {
        if self.told.len() >= FAULTS_TOLD {
            self.more += 1;
            return;
        }
        self.told.push(Fault {
            line: line.number,
            column: line.column(byte),
            code,
            message: message(),
        });
    }

    /// Adds a fault about the whole file, unless another has already made it so.
    pub(super) fn add_first(
        &mut self,
        line: &super::lines::Line<'_>,
        code: Code,
        message: impl FnOnce() -> String,
    ) {
        if self.told.is_empty() {
            self.add(line, 0, code, message);
        }
    }

    /// The file is what was read, if nothing is wrong.
    pub(super) fn or<T>(mut self, file: &str, read: Option<T>) -> Result<T, Refusal> {
        match read {
            Some(read) if self.told.is_empty() => Ok(read),
            _ => {
                self.told.sort_by_key(|fault| (fault.line, fault.column));
                Err(Refusal {
                    file: file.to_owned(),
                    faults: self.told,
                    more: self.more,
                })
            }
        }
    }
}

/// What somebody wrote, short enough to be said and without what a terminal would obey.
pub(super) fn said(bytes: &[u8]) -> String {
    const SAID: usize = 40;
    let text = String::from_utf8_lossy(&bytes[..bytes.len().min(SAID * 4)]);
    let mut said: String = text
        .chars()
        .take(SAID)
        .map(|one| if one.is_control() { '\u{fffd}' } else { one })
        .collect();
    if text.chars().nth(SAID).is_some() || bytes.len() > SAID * 4 {
        said.push('…');
    }
    said
}
