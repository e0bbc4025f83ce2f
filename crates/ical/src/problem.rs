//! What could not be read, where and why.

use std::fmt;

/// The text as a whole is no calendar that can be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotACalendar {
    /// It does not begin with `BEGIN:VCALENDAR`.
    #[error("line {line}: a calendar begins with `BEGIN:VCALENDAR`")]
    NoBeginning {
        /// The line, from 1.
        line: usize,
    },
    /// It ends, or something around it does, before a part of it.
    #[error("line {line}: `{name}` has no end of its own")]
    Unclosed {
        /// The line, from 1, at which the end was missed.
        line: usize,
        /// What is not closed, for example `VEVENT`.
        name: String,
    },
    /// It is longer than is read.
    #[error("the calendar is longer than {most} {what}: split it")]
    TooLarge {
        /// How many are read.
        most: usize,
        /// Of what.
        what: &'static str,
    },
}

/// Why an event could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// A line is not `NAME:value`.
    #[error("the line is not `NAME:value`")]
    Line,
    /// A property that is there once at most is there twice.
    #[error("`{0}` is there twice")]
    Twice(String),
    /// No start.
    #[error("there is no `DTSTART`")]
    NoStart,
    /// Text where a date or time should be.
    #[error("`{0}` is not a date or time such as `20260131` or `20260131T093000Z`")]
    Time(String),
    /// A time of day without a zone means another instant for every reader.
    #[error("`{0}` has no zone: add `TZID` or, for UTC, a `Z` at its end")]
    Floating(String),
    /// The zone is not in the IANA database.
    #[error("`{0}` is not a zone of the IANA database, such as `Europe/Berlin`")]
    Zone(String),
    /// A day where the event has times, or the other way round.
    #[error("`{0}` is a day where `DTSTART` has a time of day, or the other way round")]
    Mixed(String),
    /// Text where a duration should be.
    #[error("`{0}` is not a duration such as `PT1H` or `P1D`")]
    Duration(String),
    /// It ends before it begins, or its end cannot be told.
    #[error("it ends before it begins, or after the year 9999")]
    End,
    /// A part of the rule that is unknown here or cannot be what it says.
    #[error("`{0}` in `RRULE` is not understood")]
    Rule(String),
    /// RFC 5545 leaves undefined what that means.
    #[error("`DTSTART` is not one of the days that `RRULE` describes")]
    OutOfStep,
    /// A property that changes when the event is and is not read here.
    #[error("`{0}` is not understood, and without it the days would be wrong")]
    Property(String),
    /// A number was expected.
    #[error("`{0}` is not a number that `SEQUENCE` can be")]
    Sequence(String),
    /// It moves one occurrence of an event that cannot be read or is not there.
    #[error("it belongs to an event that cannot be read, is there twice or not at all")]
    Companion,
    /// An event with a time of day where a day off is expected.
    #[error("it has a time of day and is not a day off")]
    NotADay,
    /// More occurrences than are counted.
    #[error("it has too many occurrences")]
    TooMany,
}

/// An event, or a line that should be part of one, that was not read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unread {
    /// The line of the text, from 1.
    pub line: usize,
    /// What people call it, as far as the text says so: its summary, else its UID.
    pub name: Option<String>,
    /// Why.
    pub problem: Problem,
}

impl fmt::Display for Unread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.name {
            Some(name) => write!(f, "line {}, \"{name}\": {}", self.line, self.problem),
            None => write!(f, "line {}: {}", self.line, self.problem),
        }
    }
}
