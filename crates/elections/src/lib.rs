//! Elections: who may vote, who stands, and who sits.
//!
//! ```text
//! files ──definition, elekto──► Election ──voters──► who may vote, and why
//!                                  └── with an order of the candidates ──seats──► who sits
//! ```
//!
//! This crate must never know a network, a clock (time is an argument) or a disk, and no
//! ballot of anybody: those are kept by `ballot_box` and counted by `tally`.

pub mod definition;
pub mod elekto;
pub mod seats;
pub mod voters;
