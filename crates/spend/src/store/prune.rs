//! How old versions make room.

use std::collections::BTreeSet;

use facts::StoreError;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::{COST, CUBE, CostStore, STATE};

/// Files that are younger may be of a delivery that is kept in a moment.
const YOUNG: SignedDuration = SignedDuration::from_hours(24);

/// What was deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Pruned {
    /// The first version that is still there with all that it names.
    pub first_kept: u64,
    /// How many manifests of versions were deleted, those of what is remembered among them.
    pub manifests: u64,
    /// How many files of charges that no kept version names.
    pub files: u64,
    /// How many bytes these had.
    pub bytes: u64,
    /// How many more are no longer needed, but younger than a day.
    pub young: u64,
}

impl CostStore {
    /// Deletes what only versions need that were no longer current at an instant: their manifests,
    /// and files of charges; and derived sums that were written before it; and what was remembered
    /// between runs before the last one. The log itself stays, and
    /// so does whatever is less than a day old: it may be of a delivery that is on its way.
    pub fn prune(&self, older_than: Timestamp, now: Timestamp) -> Result<Pruned, StoreError> {
        let young = now - YOUNG;
        let versions = self.log().held()?;
        let current_then = versions
            .iter()
            .rev()
            .find(|(version, _)| version.at <= older_than);
        let first_kept = current_then.map_or(1, |(version, _)| version.number);
        let mut wanted = BTreeSet::new();
        for (version, held) in versions {
            // The newest is read even if it seems to be gone: without it nothing may be deleted.
            if version.number < first_kept || !held {
                continue;
            }
            let kept = self.log().kept(version)?;
            let parts = kept
                .manifest
                .partitions
                .into_iter()
                .flat_map(|bill| bill.parts);
            wanted.extend(parts.map(|part| part.path));
        }
        let current = self.current()?;
        wanted.extend(current.parts().map(|(_, part)| part.path.clone()));
        let mut pruned = Pruned {
            first_kept,
            // Before the files: what an interruption leaves is nobody's, and pruned next time.
            manifests: self.log().forget(first_kept, young)?,
            ..Pruned::default()
        };
        for file in self.files().list(COST)? {
            if wanted.contains(&file.path) {
                continue;
            }
            if file.modified >= young {
                pruned.young += 1;
                continue;
            }
            self.files().delete(&file.path)?;
            pruned.files += 1;
            pruned.bytes += file.bytes;
        }
        for name in self.states()? {
            // Of what is remembered between runs only the newest is ever read.
            let log = self.state::<Value>(&name);
            pruned.manifests += log.forget(u64::MAX, young)?;
        }
        for file in self.files().list(CUBE)? {
            if file.modified < older_than.min(young) {
                self.files().delete(&file.path)?;
            }
        }
        Ok(pruned)
    }

    /// The names of what is remembered between runs, sorted.
    fn states(&self) -> Result<BTreeSet<String>, StoreError> {
        let entries = self.files().list(STATE)?;
        let name = |path: &str| Some(path.split('/').nth(1)?.to_owned());
        Ok(entries
            .iter()
            .filter_map(|entry| name(&entry.path))
            .collect())
    }
}
