//! What is really there, in one form, and how it differs from what is declared.
//!
//! ```text
//! a domain's observation ─┐
//! aws::Part::collect ─────┴► Export ──► one file a system      compare ──► Difference
//!                              ▲                                  ▲
//!                   the export before it ─────────────────────────┤
//!                   Against: what is declared, thing by thing ────┘
//! ```
//!
//! What is exported of a system is all of it or nothing: a collector that was refused, cut short
//! or kept waiting has [`Failed`], and nothing is concluded from what it did see.
//!
//! This crate must never know the clock, which it is given, nor any community's name.

pub mod aws;
mod check;
pub mod codes;
mod compare;
mod export;
mod failed;
mod ignore;
mod normal;
mod secret;

pub use check::check;
pub use compare::{
    Against, Class, Coverage, Difference, Evidence, Field, Known, Seen, Since, Thing, compare,
    fields,
};
pub use export::{Export, NotAnExport, path_of};
pub use failed::{Failed, Why};
pub use ignore::Ignores;
pub use normal::normal;
