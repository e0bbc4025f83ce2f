//! Ballots to a result, by a method that is named with all its parameters.
//!
//! ```text
//! files ──format──► Profile ──method or stv──► Outcome ──explain──► words
//!                      └──────sensitivity──► what another method would have said
//! ```
//!
//! Counting is exact: whole numbers and fractions of them, never floating point, so that
//! the same ballots give the same result on every machine and for ever. A method whose
//! rules change gets a new version; an election records which one it was held under.
//!
//! This crate must never know an estate, a person, a clock, a network or a disk.

pub mod explain;
pub mod format;
pub mod method;
mod profile;
pub mod sensitivity;
pub mod stv;

pub use profile::{Candidate, Profile, ProfileError, RANK_MAX, Rank};
