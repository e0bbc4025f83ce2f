//! Migrations by their face: states, what is next, what shows that a move is not over, the end.

#![expect(clippy::unwrap_used, reason = "a test fails where it cannot go on")]

mod check;
mod completeness;
mod done;
mod laws;
mod next;
mod states;
mod support;
