//! Who approved, objected to and gave notice of what: signed events, kept under
//! `decisions/` of an estate.
//!
//! ```text
//! decisions/ ──read──► events ──attribute, by the roster of the base commit──► whose they are
//!                        └── with the ledger's receipts ──standing──► what one change has
//! ```
//!
//! One event is one file, `decisions/ITEM/DIGEST.json`, named by the digest of what was
//! signed. A chain of events in one file would conflict, or break, whenever two people
//! approve on two branches; files named by their content merge without a word, the
//! same event on both branches is the same file, and no number has to be reserved.
//! Nothing in Git says in which order events came or when: the ledger does, which
//! notes the digest of each event when it receives it and whose chain shows any
//! later change. An objection that was received and is gone from Git holds its changes all
//! the same: the ledger remembers which they were.
//!
//! An item is called by its first title and the start of the digest of what it first proposed, for
//! the same reason: [`ItemId`].
//!
//! This crate must never know a network, a clock (time is an argument) or a disk.

mod act;
pub mod clock;
mod event;
mod fraction;
pub mod item;
pub mod journal;
mod names;
pub mod page;
mod read;
mod refusal;
mod roster;
pub mod ruling;
pub mod sshsig;
mod standing;
pub mod vote;

pub use act::{Act, Choice, Matter, RaisedRisk};
pub use event::{Content, Event, Statement, parse_event};
pub use fraction::{Fraction, TooFine};
pub use names::{ItemId, PersonName};
pub use read::{FOLDER, read};
pub use refusal::{Reason, Refusal, Refused};
pub use roster::{Attributed, Roster, attribute, attribute_all};
pub use sshsig::NAMESPACE;
pub use standing::{
    Acknowledgement, Answer, Approval, Emergency, LimitOverride, Live, Notice, Objection, Proposal,
    Raise, Receipts, Standing, Unreceived, standing,
};
