//! The crate's face: plans, the gate, apply, revert, and what the ledger says of them, on a
//! domain that is a map in memory and on a real ledger.

#![expect(clippy::unwrap_used, reason = "what tests share is a test too")]

mod apart;
mod applying;
mod community;
mod crashing;
mod gate;
mod limits;
mod plan_file;
mod planning;
mod recent;
mod rejudging;
mod reverting;
mod shelf;
mod signing;
mod workshop;
