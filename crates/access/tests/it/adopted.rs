//! A real community's tree, adopted as it is, against stand-ins made from the vendors' descriptions:
//! the whole of it planned, applied and planned again.

#![expect(clippy::unwrap_used, reason = "a test fails where it cannot go on")]

mod faults;
mod peers;
pub(crate) mod spine;
mod tree;
mod whole;
