//! Calendars: what recurs and when, read and written as iCalendar (RFC 5545).
//!
//! ```text
//! text ──read──► Event (start, length, Rule, exceptions) ──occurrences──► instants
//! words ("biweekly", "PT") ──gathering──► Rule, Zone ──► Event ──write──► text
//! ```
//!
//! What is not understood is named and never left out in silence: an event of which one line
//! cannot be read is no event at all, but an [`Unread`] with its line and the reason.
//! Zones are those of the IANA database, by name; what a file says of a zone of its own is
//! not read.
//!
//! This crate must never know a network, a clock (days and instants are arguments), a disk,
//! or any community.

mod days_off;
mod event;
mod line;
mod moment;
mod occurrences;
mod problem;
mod read;
mod rule;
pub mod words;
mod write;
mod zones;

pub use days_off::{DayOff, DaysOff, days_off};
pub use event::{Event, Length, Status};
pub use moment::{Moment, Zone};
pub use occurrences::{MOST_OCCURRENCES, Occurrence, TooMany, days, occurrences};
pub use problem::{NotACalendar, Problem, Unread};
pub use read::{MOST_EVENTS, MOST_OCTETS, Reading, read};
pub use rule::{ByDay, End, Frequency, Rule};
pub use write::{Calendar, write};
