//! Migrations: what state each thing is in, what is next, and when it is done.
//!
//! ```text
//! Migration ─► Terms: its predicates, read
//!                │
//! Things ────────┴─► Standing: each thing with its state and evidence, and what holds it
//!                      ├─► next: batches that can move, the lock that frees most
//!                      ├─► path: waves and bridges
//!                      ├─► completeness: what shows that a move is not over
//!                      └─► done: whether the group that moves may end
//!
//! versions of files ─► history: the curve, what happened, and when it is done
//! ```
//!
//! A state is a function of what the estate says on a day. Nobody types one.
//!
//! This crate must never know network, clock, disk, or any community's name.

pub mod check;
pub mod codes;
pub mod completeness;
pub mod done;
pub mod history;
mod judge;
mod list;
pub mod next;
pub mod path;
mod standing;
mod state;
mod terms;
mod wildcard;

pub use judge::Lists;
pub use list::List;
pub use standing::{Asset, Counts, Evidence, Listed, Lock, Standing};
pub use state::{Excepted, Lack, NotAStage, Stage, State};
pub use terms::Terms;
