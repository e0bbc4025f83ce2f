//! What a community says of its things in predicates: which of them break it, what is let be for
//! now, and what may only become less.
//!
//! ```text
//! Estate, jobs::Subjects ──► Things ──┐
//!                                     ├──► check ──► findings, baselines that became smaller
//! kinds::Policy ──► Rules ────────────┘
//! ```
//!
//! [`Things`] are all that predicates are said of, each a [`Subject`] with an id that stays. A
//! [`Rule`] is read once, with what is wrong with it told at its place. A [`Baseline`] lists what
//! may stay as it is; it is only ever written smaller, and never from what could not be read.
//!
//! This crate must never know any community's or tool's name, network, clock or disk.

pub mod approval;
mod baseline;
mod check;
pub mod codes;
mod excuse;
pub mod fix;
mod ratchet;
mod reader;
mod rule;
mod say;
mod subject;
mod things;

pub use approval::{Approvals, Listed, approvals};
pub use baseline::{Baseline, Compared};
pub use check::{Report, Shrunk, check};
pub use excuse::Excuses;
pub use fix::Fixes;
pub use ratchet::{Ratchet, Turned};
pub use reader::Reader;
pub use rule::{Rule, Rules, ids};
pub use subject::Subject;
pub use things::{ACCOUNT, MAILING_GROUP, SERVICE, Things, vocabulary};
