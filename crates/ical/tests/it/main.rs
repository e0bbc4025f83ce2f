//! The crate's face: calendars in and out, and what people write about meetings.

#![expect(clippy::unwrap_used, reason = "what tests share is a test too")]

mod laws;
mod reading;
mod recurring;
mod words;
mod writing;
