use std::error::Error;
use std::io;

use base::Digest;

/// What can go wrong with a ledger; one variant for each thing that a caller does about it.
///
/// No text of it holds a password: places are written without.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    /// The URL is not one of a ledger. Nothing was tried.
    #[error("this is not the place of a ledger: {what}")]
    Location {
        /// What is wrong with it, and what to write.
        what: String,
    },
    /// The database cannot be reached, or went away. A record that was being appended may be
    /// there or not: open the ledger again and look at its last one.
    #[error("the ledger at {at} cannot be reached: {why}")]
    Unreachable {
        /// The place, without its password.
        at: String,
        /// What the database or the system said.
        why: String,
    },
    /// The database was reached and failed: a full disk, a missing right. Nothing was written.
    #[error("the ledger at {at} refused: {why}")]
    Refused {
        /// The place, without its password.
        at: String,
        /// What the database said.
        why: String,
    },
    /// Somebody else holds it. Try again later.
    #[error("{what} is held by somebody else; try again when they are done")]
    Busy {
        /// What is held: a lock's name, or the ledger itself.
        what: String,
    },
    /// There is no ledger at this place, and a reader does not make one.
    #[error("there is no ledger at {at}")]
    NoLedger {
        /// The place, without its password.
        at: String,
    },
    /// A newer version of this program made the ledger.
    #[error("the ledger has schema {found}, this program knows up to {known}: use a newer one")]
    NewerSchema {
        /// The version of the ledger.
        found: i64,
        /// The newest version that we know.
        known: i64,
    },
    /// The ledger was opened for reading only.
    #[error("the ledger is open for reading only")]
    ReadOnly,
    /// What was to be appended cannot be a record. Nothing was written.
    #[error("this cannot be a record: {what}")]
    Invalid {
        /// What is wrong with it.
        what: String,
    },
    /// A record is larger than [`MAX_RECORD_BYTES`](crate::MAX_RECORD_BYTES). Nothing was written.
    #[error("a record of {bytes} bytes is too large: a record has at most {limit} bytes")]
    TooLarge {
        /// The size that it would have, in bytes of its canonical line.
        bytes: usize,
        /// The largest size.
        limit: usize,
    },
    /// The ledger is not what was written. This is the first bad record.
    #[error("record {seq} of the ledger is bad: {what}")]
    Corrupt {
        /// Its number; that of the missing one where records are missing.
        seq: u64,
        /// What is wrong with it.
        what: String,
    },
    /// A checkpoint from outside cannot be trusted; this says nothing about the ledger.
    #[error("the checkpoint of record {seq} cannot be trusted: {what}")]
    BadCheckpoint {
        /// The record that the checkpoint is about.
        seq: u64,
        /// What is wrong with it.
        what: String,
    },
    /// Records are imported into an empty ledger only.
    #[error("the ledger has records up to {records}: import into an empty one")]
    NotEmpty {
        /// The number of the last record.
        records: u64,
    },
    /// A line of an export is bad. Nothing was imported.
    #[error("line {line}: {what}")]
    BadLine {
        /// The number of the line, from 1.
        line: u64,
        /// What is wrong with it.
        what: String,
    },
    /// Several records start with these digits.
    #[error("the digests of several records start with `{prefix}`: give more digits")]
    Ambiguous {
        /// The digits that were given.
        prefix: String,
    },
    /// The checkpoint could not be signed. Nothing was written.
    #[error("the checkpoint of {head} cannot be signed")]
    Signing {
        /// The digest that was to be signed.
        head: Digest,
        /// What the signer said.
        source: Box<dyn Error + Send + Sync>,
    },
    /// The export could not be written, or read.
    #[error("{doing}")]
    Stream {
        /// "an export cannot be written" or the like.
        doing: &'static str,
        /// What the system said.
        source: io::Error,
    },
}
