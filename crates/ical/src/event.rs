//! What happens, when first, how long, and when again.

use crate::moment::Moment;
use crate::rule::Rule;

/// How long something lasts. Days are those of the wall's clock, seconds are elapsed time.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Length {
    /// Days; for something that lasts whole days at least 1.
    pub days: u32,
    /// Seconds besides; 0 for something that lasts whole days.
    pub seconds: u32,
}

impl Length {
    /// One whole day.
    pub const DAY: Self = Self {
        days: 1,
        seconds: 0,
    };
}

/// Whether it is settled.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Status {
    /// It is, or nothing is said.
    #[default]
    Confirmed,
    /// It may be otherwise.
    Tentative,
}

/// Something that happens once or recurs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// What it is called by programs; empty where a file that was read says nothing.
    pub uid: String,
    /// How often it has been changed.
    pub sequence: u32,
    /// What it is called by people.
    pub summary: String,
    /// More about it; may be empty.
    pub description: String,
    /// Where more is to be found, for example where it is held; may be empty.
    pub url: String,
    /// Whether it is settled.
    pub status: Status,
    /// When it begins first; with a rule it is one of the days that the rule describes.
    pub start: Moment,
    /// How long it lasts each time.
    pub length: Length,
    /// When it recurs.
    pub rule: Option<Rule>,
    /// When it does not after all: occurrences by their beginnings, of the kind of `start`.
    pub except: Vec<Moment>,
}
