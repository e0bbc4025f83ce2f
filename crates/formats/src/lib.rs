//! Adapters: the formats communities already have, read in place.
//!
//! One module a format. A new one is a copy of the nearest and a line in
//! [`ADAPTERS`]. This crate must never know a network, a clock or a disk.

mod adapter;
mod ci;
pub mod codes;
mod groups_yaml;
pub mod octodns;
pub mod owners;
mod peribolos;
pub mod prow_jobs;
mod shards;
mod sigs_yaml;
pub mod testgrid;

pub use adapter::{ADAPTERS, Adapter, load};
pub use ci::Ci;
pub use prow_jobs::PastJobs;
