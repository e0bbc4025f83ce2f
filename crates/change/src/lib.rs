//! The spine: plan, gate and apply, for any domain.
//!
//! This crate must never know any domain, nor a clock: time is an argument.
