//! Who may do what: declared once, brought to every system that holds it, and gone when
//! somebody leaves.
//!
//! ```text
//! estate ─► desired ─┐
//! system ─► read ────┴► diff ─► changes ─► (gate) ─► write
//! ```
//!
//! Every system holds [`Key`]s with values: a member, a team, a grant, a setting. So there is
//! one state, one diff and one judgement for all of them, and a provider only reads and writes.
//! Who is in what on a day is resolved once, by [`model::Matrix`].
//!
//! This crate must never know another domain, nor a clock: the day and the time are given.

mod abreast;
mod check;
pub mod codes;
mod desired;
mod diff;
mod domain;
mod effect;
pub mod export;
pub mod joining;
pub mod leaving;
mod level;
mod limits;
pub mod model;
pub mod owners;
pub mod providers;
mod resource;
mod scope;
mod state;
mod write;

pub use check::check;
pub use domain::{Access, DOMAIN, Hands};
pub use providers::{Known, ReadError, Reading, Step, System};
pub use resource::{Key, Sort};
pub use scope::Outside;
pub use state::{Entry, State};
