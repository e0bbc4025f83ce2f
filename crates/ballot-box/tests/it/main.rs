//! The face of the ballot box, against real files of `SQLite`.

#![expect(clippy::unwrap_used, reason = "what tests share is a test too")]

mod blind;
mod electors;
mod model;
mod processes;
mod roll_call;
mod sealed;
mod setting;
mod tampering;
