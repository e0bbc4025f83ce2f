//! The path of least resistance: in what order things that hang together are moved, and what must
//! stand between them meanwhile.
//!
//! ```text
//! Problem ─► groups: cycles of hard edges move as one
//!    │          │
//!    │          ▼
//!    │       waves: exact for few groups, else searched ─► bound: no plan is cheaper
//!    │          │
//!    └──────────┴─► calendar: dates by capacity and freezes ─► Plan
//! ```
//!
//! A wave is a set of groups that move side by side. A hard edge puts one group into an earlier
//! wave than another. While one end of a soft edge has moved, or is moving, and the other has not,
//! a bridge stands between them and takes its effort each working day. A plan costs the effort of
//! all nodes and of all bridges; how long a wave may be, and so how much moves at once, is the
//! limit that people set, as everything in one wave would need no bridge and stake all.
//!
//! Nothing here is drawn at random, so the same problem gives the same plan.
//!
//! Efforts are estimates, so they are floats. This crate must never know what is moved, the clock,
//! network or disk.

mod bound;
mod calendar;
mod exact;
mod flow;
mod groups;
mod model;
mod order;
mod plan;
mod problem;
mod search;
mod state;
mod unlock;

pub use groups::Group;
pub use plan::{Plan, Wave};
pub use problem::{Flaw, Freeze, Hard, Limits, Node, Owner, Problem, Soft};
pub use unlock::{Freed, Lock, unlock};
