//! Zones as their files have them, and the changes that take a server there. No server is
//! asked: a state that one would have is handed in.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stderr,
    reason = "tests fail by panicking, and say what they skip"
)]

mod copies;
mod effects;
mod fates;
mod findings;
mod history;
mod laws;
mod support;
