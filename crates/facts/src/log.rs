//! Versions of what belongs together.

use std::collections::BTreeSet;
use std::marker::PhantomData;

use base::Digest;
use jiff::Timestamp;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::{Store, StoreError};

/// One version: what was current from its time on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Version {
    /// Its number, from 1, without gaps.
    pub number: u64,
    /// When it was made, as its maker said.
    pub at: Timestamp,
    /// What was done.
    pub what: String,
    /// The manifest of what is kept since.
    pub manifest: Digest,
}

/// A version with its manifest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept<M> {
    /// The version.
    pub version: Version,
    /// What it names.
    pub manifest: M,
}

/// What became of a commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Committed {
    /// There is a new version.
    Done(Version),
    /// The manifest is the current one already, and nothing was written.
    Unchanged(Version),
}

/// Versions of a manifest in a store: `log/00000001.json` names a file of `manifests/`, by the
/// digest of its canonical JSON.
///
/// Files of the log stay for ever, so that no number is given twice; manifests that are no longer
/// wanted may be deleted ([`Log::forget`]).
///
/// A log is also how a state is kept that several may change: who read version 7 commits after 7,
/// and of two who do, one is told of a [`StoreError::Conflict`].
#[derive(Debug)]
pub struct Log<M> {
    store: Store,
    /// The folder that the log and its manifests are in, with a slash behind it; nothing for the
    /// store itself.
    folder: String,
    manifest: PhantomData<fn() -> M>,
}

const LOG: &str = "log";
const MANIFESTS: &str = "manifests";

// By hand, as a log of what cannot be cloned can.
impl<M> Clone for Log<M> {
    fn clone(&self) -> Self {
        Self {
            store: self.store.clone(),
            folder: self.folder.clone(),
            manifest: PhantomData,
        }
    }
}

impl<M: Serialize + DeserializeOwned> Log<M> {
    /// The log of a store.
    pub fn new(store: Store) -> Self {
        Self {
            store,
            folder: String::new(),
            manifest: PhantomData,
        }
    }

    /// A log of its own in a folder of a store.
    pub fn within(store: Store, folder: &str) -> Self {
        Self {
            folder: format!("{folder}/"),
            ..Self::new(store)
        }
    }

    /// The newest version; none in a new store.
    pub fn current(&self) -> Result<Option<Kept<M>>, StoreError> {
        let number = self.numbers()?.pop();
        number
            .map(|number| self.kept(self.version(number)?))
            .transpose()
    }

    /// The version that was current then; none if there was none yet.
    pub fn at(&self, instant: Timestamp) -> Result<Option<Kept<M>>, StoreError> {
        for number in self.numbers()?.into_iter().rev() {
            let version = self.version(number)?;
            if version.at <= instant {
                return self.kept(version).map(Some);
            }
        }
        Ok(None)
    }

    /// All versions, the oldest first.
    pub fn history(&self) -> Result<Vec<Version>, StoreError> {
        let numbers = self.numbers()?;
        numbers
            .into_iter()
            .map(|number| self.version(number))
            .collect()
    }

    /// The version of a number, with what it names.
    pub fn numbered(&self, number: u64) -> Result<Kept<M>, StoreError> {
        self.kept(self.version(number)?)
    }

    /// What a version names.
    pub fn kept(&self, version: Version) -> Result<Kept<M>, StoreError> {
        let path = self.manifest_path(&version.manifest);
        let bytes = self.store.read(&path)?;
        if Digest::of(&bytes) != version.manifest {
            return Err(self.damaged(&path, "its digest is not the one in the log".to_owned()));
        }
        let manifest = serde_json::from_slice(&bytes)
            .map_err(|error| self.damaged(&path, error.to_string()))?;
        Ok(Kept { version, manifest })
    }

    /// Makes a version after the one with this number, 0 for the first.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] if that is no longer the newest: somebody else was first.
    pub fn commit(
        &self,
        after: u64,
        manifest: &M,
        at: Timestamp,
        what: &str,
    ) -> Result<Committed, StoreError> {
        let text = base::canonical(manifest)
            .map_err(|error| self.damaged(&self.in_folder(MANIFESTS), error.to_string()))?;
        let digest = Digest::of(text.as_bytes());
        if after > 0 {
            let version = self.version(after)?;
            if version.manifest == digest {
                return Ok(Committed::Unchanged(version));
            }
        }
        // Even if it is there: so that it is new, and nobody prunes it meanwhile.
        self.store
            .put(&self.manifest_path(&digest), text.as_bytes())?;
        let version = Version {
            number: after + 1,
            at,
            what: what.to_owned(),
            manifest: digest,
        };
        let path = self.log_path(version.number);
        let text =
            base::canonical(&version).map_err(|error| self.damaged(&path, error.to_string()))?;
        let created = self.store.create(&path, text.as_bytes())?;
        // A request whose answer was lost is sent again, and then finds what it made itself.
        if created || self.store.get(&path)?.is_some_and(|found| found == text) {
            return Ok(Committed::Done(version));
        }
        Err(StoreError::Conflict {
            place: self.store.place_of(&path),
        })
    }

    /// All versions, the oldest first, each with whether its manifest is still there.
    pub fn held(&self) -> Result<Vec<(Version, bool)>, StoreError> {
        let entries = self.store.list(&self.in_folder(MANIFESTS))?;
        let there: BTreeSet<String> = entries.into_iter().map(|entry| entry.path).collect();
        let versions = self.history()?.into_iter();
        Ok(versions
            .map(|version| {
                let held = there.contains(&self.manifest_path(&version.manifest));
                (version, held)
            })
            .collect())
    }

    /// Deletes the manifests that only versions before that number name, if they were written
    /// before an instant, and says how many. The newest version stays, whatever the number.
    pub fn forget(&self, before: u64, written: Timestamp) -> Result<u64, StoreError> {
        let versions = self.history()?;
        let newest = versions.last().map_or(0, |version| version.number);
        let wanted: BTreeSet<String> = versions
            .iter()
            .filter(|version| version.number >= before.min(newest))
            .map(|version| self.manifest_path(&version.manifest))
            .collect();
        let mut forgotten = 0;
        for entry in self.store.list(&self.in_folder(MANIFESTS))? {
            if entry.modified < written && !wanted.contains(&entry.path) {
                self.store.delete(&entry.path)?;
                forgotten += 1;
            }
        }
        Ok(forgotten)
    }

    fn numbers(&self) -> Result<Vec<u64>, StoreError> {
        let folder = self.in_folder(LOG);
        let number = |path: &str| {
            let name = path.strip_prefix(&folder)?.strip_prefix('/')?;
            name.strip_suffix(".json")?.parse().ok()
        };
        let entries = self.store.list(&folder)?;
        let mut numbers: Vec<u64> = entries
            .iter()
            .filter_map(|entry| number(&entry.path))
            .collect();
        numbers.sort_unstable();
        Ok(numbers)
    }

    fn version(&self, number: u64) -> Result<Version, StoreError> {
        let path = self.log_path(number);
        let bytes = self.store.read(&path)?;
        let version: Version = serde_json::from_slice(&bytes)
            .map_err(|error| self.damaged(&path, error.to_string()))?;
        if version.number == number {
            return Ok(version);
        }
        Err(self.damaged(
            &path,
            format!("it says that it is version {}", version.number),
        ))
    }

    fn damaged(&self, path: &str, why: String) -> StoreError {
        StoreError::Damaged {
            place: self.store.place_of(path),
            why,
        }
    }

    fn in_folder(&self, name: &str) -> String {
        format!("{}{name}", self.folder)
    }

    fn log_path(&self, number: u64) -> String {
        format!("{}{LOG}/{number:08}.json", self.folder)
    }

    fn manifest_path(&self, digest: &Digest) -> String {
        format!("{}{MANIFESTS}/{}.json", self.folder, digest.hex())
    }
}
