//! What a daily series comes to in days to come, how far that was off before, and which of its
//! days were not to be expected.
//!
//! Numbers here are estimates, so they are floats; money is not counted here.
//! This crate must never know what is measured, the clock, network or disk.
