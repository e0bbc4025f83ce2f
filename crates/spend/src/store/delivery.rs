//! What is asked of the store with a delivery, and what became of it.

use std::io::{self, Read};

use base::Digest;
use focus::Problem;
use jiff::civil::Date;
use jiff::{Timestamp, tz::TimeZone};
use sha2::{Digest as _, Sha256};

use super::snapshot::{Key, Status, Totals};

/// What a delivery is to the bills that it speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mode {
    /// All of each, in place of what is kept (FOCUS 1.4, Delivery Handling: Overwrite).
    #[default]
    Whole,
    /// More of each, beside what is kept (Append). What is there already is not added again.
    Part,
    /// As [`Mode::Whole`], even where nothing of what is kept comes again.
    Forced,
}

/// How files are to be taken.
#[derive(Debug, Clone)]
pub struct Delivery {
    /// What they are to their bills.
    pub mode: Mode,
    /// Whether a bill may have fewer days, or much less cost, than what is kept of it.
    pub allow_shrink: bool,
    /// The decision by which closed bills may change; without one they may not.
    pub reopen: Option<String>,
    /// So many days after its month ended, and after it last changed, a bill is closed; never if
    /// none.
    pub closed_after_days: Option<u32>,
    /// When it is.
    pub now: Timestamp,
}

impl Delivery {
    /// Whole bills, of which none may shrink and none that is closed may change.
    pub fn new(now: Timestamp) -> Self {
        Self {
            mode: Mode::Whole,
            allow_shrink: false,
            reopen: None,
            closed_after_days: None,
            now,
        }
    }

    /// The day in UTC.
    pub(crate) fn today(&self) -> Date {
        self.now.to_zoned(TimeZone::UTC).date()
    }
}

/// A file of a delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// What it is called in messages and in the list of parts.
    pub file: String,
    /// The digest of its bytes.
    pub digest: Digest,
    /// Whose format it has, by a short stable word: a bill has files of one format only.
    pub format: String,
}

impl Source {
    /// A file that is read from its beginning to its end, for its digest.
    pub fn of(file: &str, format: &str, mut bytes: impl Read) -> io::Result<Self> {
        let mut sum = Sha256::new();
        let mut buffer = vec![0; 1 << 18];
        loop {
            match bytes.read(&mut buffer) {
                Ok(0) => break,
                Ok(read) => sum.update(&buffer[..read]),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(Self {
            file: file.to_owned(),
            digest: Digest::from_bytes(sum.finalize().into()),
            format: format.to_owned(),
        })
    }
}

/// Why nothing of a delivery was kept.
#[derive(Debug, thiserror::Error)]
pub enum NotKept {
    /// It says what cannot be: all of its bills with something wrong, each once.
    #[error("nothing was taken; {}", base::counted(.0.len(), "bill is refused", "bills are refused"))]
    Refused(Vec<Problem>),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] facts::StoreError),
}

/// What became of a delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// The version that is current now; 0 if there is none.
    pub version: u64,
    /// Whether it is a new one. If not, no byte of the store was changed.
    pub is_new: bool,
    /// The bills that the delivery speaks of, in the order of their keys.
    pub bills: Vec<BillOutcome>,
    /// Bills that were closed with it by their age, whether or not it speaks of them.
    pub closed: Vec<Key>,
}

/// What became of one bill.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BillOutcome {
    /// Which.
    pub key: Key,
    /// What was done.
    pub change: Change,
    /// Whether it was closed before and open now.
    pub reopened: bool,
    /// Whether it may still change.
    pub status: Status,
    /// What it came to; nothing if it is new.
    pub before: Totals,
    /// What it comes to.
    pub after: Totals,
}

/// What was done to a bill.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Change {
    /// It was not there.
    New,
    /// Its charges are others than before.
    Replaced,
    /// It has more charges.
    Appended,
    /// It has the charges that it had.
    Unchanged,
}

impl Change {
    /// One word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Replaced => "replaced",
            Self::Appended => "appended",
            Self::Unchanged => "unchanged",
        }
    }
}
