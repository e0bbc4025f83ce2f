//! What `focus` promises those who use it: bills of files that vendors write, of files that are
//! wrong, and that nothing of a number is lost on the way.

// Why a test is skipped.
#![allow(clippy::print_stderr)]

mod bounds;
mod collect;
mod focus;
mod hostile;
mod json;
mod packed;
mod round_trip;
mod sums;
mod vendors;
