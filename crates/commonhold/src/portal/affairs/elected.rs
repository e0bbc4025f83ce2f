//! Elections, as far as they are for everybody.

use std::collections::BTreeMap;
use std::sync::Arc;

use elections::elekto;

use super::{Reading, sentence};
use crate::commands::elect::seen::Seer;
pub(crate) use crate::commands::elect::seen::{Election, Posted, Published, Shown, Stands};

/// All elections.
#[derive(Debug, Default)]
pub(crate) struct Elected {
    /// The one that opens last comes first.
    pub(crate) elections: Vec<Arc<Election>>,
    /// Folders that cannot be read as elections, and why.
    pub(crate) refused: Vec<(String, String)>,
    /// What each folder was read from.
    from: BTreeMap<String, String>,
}

impl Elected {
    pub(super) fn read(earlier: &Arc<Self>, reading: &Reading<'_>) -> Arc<Self> {
        let tree = crate::files::DiskTree::new(&reading.place.folder, "");
        let folders = elekto::folders(&tree, "elections").unwrap_or_default();
        if folders.is_empty() {
            return Arc::default();
        }
        let boxes = reading.place.folder.join(".commonhold/elections");
        let boxes = super::version::folder(&boxes);
        let people = people(reading);
        let mut seer = Seer::new(reading.project, reading.place, &reading.checked.estate);
        let mut read = Self::default();
        for folder in folders {
            let files = super::version::folder(&reading.place.folder.join(&folder));
            let from = format!("{files} {boxes} {people}");
            let before = earlier.from.get(&folder).filter(|before| **before == from);
            let known = before.and_then(|_| earlier.of_folder(&folder));
            match known {
                Some(known) => read.elections.push(Arc::clone(known)),
                None => match seer.see(&folder) {
                    Ok(election) => read.elections.push(Arc::new(election)),
                    Err(error) => {
                        read.refused.push((folder, sentence(&error)));
                        continue;
                    }
                },
            }
            read.from.insert(folder, from);
        }
        read.elections.sort_by(|one, other| {
            let key = |election: &Election| (election.opens, election.key.clone());
            key(other).cmp(&key(one))
        });
        Arc::new(read)
    }

    fn of_folder(&self, folder: &str) -> Option<&Arc<Election>> {
        self.elections.iter().find(|one| one.folder == folder)
    }

    /// The election of a key.
    pub(crate) fn election(&self, key: &str) -> Option<&Arc<Election>> {
        self.elections.iter().find(|one| one.key == key)
    }
}

/// What tells that other people may vote: the commit, or the day where there is none.
fn people(reading: &Reading<'_>) -> String {
    let commit = reading.place.repository.as_ref();
    let commit = commit.and_then(|repository| repository.commit("HEAD").ok());
    format!("{} {}", commit.unwrap_or_default(), reading.project.day)
}
