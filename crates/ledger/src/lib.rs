//! An append-only, hash-chained record over SQLite or PostgreSQL.
//!
//! This crate must never know what the records mean, nor a clock: time is an argument.
