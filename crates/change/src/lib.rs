//! The spine: plan, gate and apply, for any domain.
//!
//! ```text
//! Domain::desired ─┐
//! Domain::observe ─┴► diff ──► survey ──► Plan ──► gate ──► apply ──► ledger
//! ```
//!
//! This crate must never know any domain, nor a clock: time is an argument, or
//! comes from the [`Clock`] it is given.

pub mod apply;
mod change;
mod domain;
mod domains;
pub mod gate;
pub mod journal;
pub mod limits;
pub mod plan;
mod revert;
mod survey;

pub use change::{Action, Change, Origin, Scope};
pub use domain::{
    Clock, Difference, Domain, Hand, ItemWriter, Kept, Observation, ScopeLimits, Sighting, Stopped,
    WriteFailure, Writer, Writers,
};
pub use domains::{AnyDomain, AnyState, Domains};
pub use limits::{Exceeded, exceeded};
pub use revert::{NoRevert, revert};
pub use survey::{Judges, Survey, is_reached, survey};
