//! Who approved, objected to and gave notice of what: signed events, kept under
//! `decisions/` of an estate.
//!
//! This crate must never know a network, a clock (time is an argument) or a disk.
