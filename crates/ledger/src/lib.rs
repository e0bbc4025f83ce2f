//! An append-only, hash-chained record over `SQLite` or `PostgreSQL`.
//!
//! ```
//! use ledger::{Against, Ledger};
//! use serde_json::json;
//!
//! # let folder = tempfile::tempdir().unwrap();
//! # let path = folder.path().join("ledger.db");
//! # let url = path.to_str().unwrap();
//! let mut ledger = Ledger::open(url)?;
//! let at = "2026-09-01T10:00:00.123Z";
//! let record = ledger.append(at, "apply.intent", "person:ada", json!({"plan": 7}))?;
//! assert_eq!(record.seq(), 1);
//! assert_eq!(ledger.verify(Against::default())?.head, record.head());
//! # Ok::<(), ledger::LedgerError>(())
//! ```
//!
//! Each [`Record`] holds the digest of the one before, so that an edit, a gap or another order
//! is found by [`Ledger::verify`], which names the first bad record. A cut tail, or a ledger
//! that was rewritten from some record on, is found only by a [`SignedCheckpoint`] that is kept
//! elsewhere. The database itself refuses to update or delete records, so that an accident is
//! stopped and only intent is left to be found.
//!
//! A writer waits for its turn: two at once never fork the chain. A record is on the disk before
//! `append` returns. Readers never wait for a writer.
//!
//! This crate must never know what the records mean, nor a clock or a key: time is an argument,
//! and so are signing and the check of signatures.

mod chain;
mod checkpoint;
mod error;
mod form;
mod ledger;
mod location;
mod record;
mod store;
mod transfer;

pub use chain::{Backwards, Summary};
pub use checkpoint::{Against, Checker, Checkpoint, SignedCheckpoint};
pub use error::LedgerError;
pub use form::MAX_DEPTH;
pub use ledger::{Guard, Ledger, Records};
pub use location::Location;
pub use record::{Entry, Head, MAX_RECORD_BYTES, NotARecord, Record, parse_line};
pub use transfer::verify_lines;
