//! The crate's face: calendars in and out, and what people write about meetings.

#![expect(clippy::unwrap_used, reason = "what tests share is a test too")]

mod laws;
mod reading;
mod recurring;
mod words;
mod writing;

/// The Python of the environment that has the peers, else the system's.
pub(crate) fn python() -> String {
    std::env::var("COMMONHOLD_OCTODNS").map_or_else(
        |_| "python3".to_owned(),
        |environment| format!("{environment}/bin/python"),
    )
}
