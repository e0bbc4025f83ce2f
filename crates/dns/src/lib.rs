//! DNS: zones as they are declared, against the name servers that serve them.
//!
//! This crate must never know another domain, nor a clock: time is an argument.

pub mod providers;
