//! Where charges are kept: by provider, account and month, in snapshots.
//!
//! A *bill* is what one provider charges to one account for one month. It is kept as Parquet files
//! (`cost/provider=P/account=A/period=YYYY-MM/DIGEST.parquet`, see [`crate::schema`]), which are
//! never changed. Which of them belong together is said by a *snapshot*, and a new snapshot is one
//! entry in a log that nobody may write twice ([`facts::Log`]). So a reader sees a delivery or does
//! not, and what an interrupted one leaves is never counted.
//!
//! ```
//! use focus::Sink as _;
//! use spend::store::{CostStore, Delivery, NotKept, Source};
//!
//! # let folder = tempfile::tempdir().unwrap();
//! # let place = folder.path().to_str().unwrap();
//! # let now = "2026-10-02T06:00:00Z".parse().unwrap();
//! let store = CostStore::open(place, &|_| None)?;
//! let mut importing = store.begin(Delivery::new(now))?;
//! let source = Source::of("focus.csv", "focus", &b"the bytes of the file"[..]).unwrap();
//! importing.read(source, |sink| sink.begin(&[]))?; // focus::import::import(.., sink)
//! let outcome = importing.commit()?;
//! assert!(!outcome.is_new, "a file without charges changes nothing");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod bills;
pub mod codes;
mod columns;
mod commit;
mod content;
mod delivery;
mod importing;
mod judge;
mod likeness;
mod prune;
mod snapshot;

use facts::{Blob, Committed, Kept, Log, Store, StoreError, Version};
use focus::{Place, Problem};
use jiff::{SignedDuration, Timestamp};
use parquet::file::reader::Length as _;
use serde::Serialize;
use serde::de::DeserializeOwned;

pub use content::Content;
pub use delivery::{BillOutcome, Change, Delivery, Mode, NotKept, Outcome, Source};
pub use importing::Importing;
pub use prune::Pruned;
pub use snapshot::{Days, Key, Part, Partition, Snapshot, Status, Sums, Totals};

/// The folder of the charges.
const COST: &str = "cost";
/// The folder of the sums that are derived from them ([`crate::cube`]).
pub const CUBE: &str = "cube";
/// The folder of what is remembered between runs.
const STATE: &str = "state";
/// Temporary files of unknown writers are left alone for so long.
const LEFT_ALONE: SignedDuration = SignedDuration::from_hours(24);

/// Bills in a folder or an object store. Clones are of the same store.
#[derive(Debug, Clone)]
pub struct CostStore {
    files: Store,
    log: Log<Snapshot>,
}

impl CostStore {
    /// Opens the store at a place: a folder, `s3://bucket/prefix` or `gs://bucket/prefix`.
    /// Nothing is written by that. `environment` gives environment variables, see
    /// [`facts::Store::open`].
    pub fn open(
        place: &str,
        environment: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Self, StoreError> {
        Ok(Self::over(Store::open(place, environment)?))
    }

    /// The store over these files.
    pub fn over(files: Store) -> Self {
        Self {
            log: Log::new(files.clone()),
            files,
        }
    }

    /// Its files, for what is derived from charges and kept beside them.
    pub fn files(&self) -> &Store {
        &self.files
    }

    fn log(&self) -> &Log<Snapshot> {
        &self.log
    }

    /// What is kept now; version 0 without any bill where nothing is.
    pub fn current(&self) -> Result<Snapshot, StoreError> {
        Ok(self.log.current()?.map(snapshot).unwrap_or_default())
    }

    /// What was kept at an instant, for what changed since.
    pub fn at(&self, instant: Timestamp) -> Result<Snapshot, StoreError> {
        Ok(self.log.at(instant)?.map(snapshot).unwrap_or_default())
    }

    /// What a version kept.
    ///
    /// # Errors
    /// [`StoreError::Missing`] if there is no such version, or it was pruned.
    pub fn snapshot(&self, version: u64) -> Result<Snapshot, StoreError> {
        self.log.numbered(version).map(snapshot)
    }

    /// All versions, the oldest first, each with whether it was not pruned.
    pub fn versions(&self) -> Result<Vec<(Version, bool)>, StoreError> {
        self.log.held()
    }

    /// Begins a delivery, and removes what interrupted ones left.
    pub fn begin(&self, delivery: Delivery) -> Result<Importing, StoreError> {
        self.files.sweep(delivery.now - LEFT_ALONE)?;
        Ok(Importing::new(self.clone(), delivery))
    }

    /// Closes bills: from now on they change only by a decision. Says which were open.
    ///
    /// # Errors
    /// [`NotKept::Refused`] if one of them is not kept; then none is closed.
    pub fn close(&self, keys: &[Key], now: Timestamp) -> Result<Vec<Key>, NotKept> {
        let before = self.current()?;
        let unknown = keys.iter().filter(|key| before.partition(key).is_none());
        let problems: Vec<Problem> = unknown.map(|key| self.no_such_bill(key)).collect();
        if !problems.is_empty() {
            return Err(NotKept::Refused(problems));
        }
        let mut after = before.clone();
        let mut closed = Vec::new();
        for bill in &mut after.partitions {
            if keys.contains(&bill.key) && bill.status == Status::Open {
                bill.status = Status::Closed;
                closed.push(bill.key.clone());
            }
        }
        if let Some(first) = closed.first() {
            let others = match closed.len() {
                1 => String::new(),
                more => format!(" and {}", base::counted(more - 1, "other", "others")),
            };
            self.commit(&before, &after, now, &format!("close {first}{others}"))?;
        }
        Ok(closed)
    }

    fn no_such_bill(&self, key: &Key) -> Problem {
        Problem {
            code: &codes::UNKNOWN,
            place: Place {
                file: self.files.place().to_owned(),
                ..Place::default()
            },
            message: format!("{key}: no charges are kept of such a bill"),
            help: "`commonhold spend periods` lists the bills that are kept".to_owned(),
        }
    }

    fn commit(
        &self,
        before: &Snapshot,
        after: &Snapshot,
        now: Timestamp,
        what: &str,
    ) -> Result<Committed, StoreError> {
        self.log.commit(before.version, after, now, what)
    }

    /// Opens a file of charges, to be read by any number of threads at once: clones do not
    /// disturb each other. Of an object store only what is asked for is fetched.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] if it does not have the bytes that it had.
    pub fn open_part(&self, part: &Part) -> Result<Blob, StoreError> {
        let blob = self.files.open_file(&part.path)?;
        if blob.len() == part.bytes {
            return Ok(blob);
        }
        Err(StoreError::Damaged {
            place: blob.place().to_owned(),
            why: format!("it has {} bytes, and had {}", blob.len(), part.bytes),
        })
    }

    /// What is remembered between runs under a name, for example which alerts were sent: a log of
    /// its own. Who read version 7 commits after 7, and is told if somebody else did so first.
    pub fn state<M: Serialize + DeserializeOwned>(&self, name: &str) -> Log<M> {
        Log::within(self.files.clone(), &format!("{STATE}/{name}"))
    }
}

fn snapshot(kept: Kept<Snapshot>) -> Snapshot {
    Snapshot {
        version: kept.version.number,
        ..kept.manifest
    }
}
