//! Who answers for a job: by the folders above its file.

use std::collections::BTreeMap;

use crate::Catalogue;

/// Who approves changes to the files of a tree, by folder. The caller reads it; names for several
/// people may have been resolved or not.
#[derive(Debug, Clone, Default)]
pub struct Approvers {
    folders: BTreeMap<String, Vec<String>>,
}

/// A job that too few people answer for.
#[derive(Debug, Clone, Copy)]
pub struct UnderOwned<'c> {
    /// The job's place in the catalogue.
    pub job: usize,
    /// The folder that says who approves; `None` where no folder above the job's file does.
    pub folder: Option<&'c str>,
    /// How many approve.
    pub approvers: usize,
}

impl Approvers {
    /// The approvers that folders name. Folders that name nobody say nothing.
    pub fn of(folders: impl IntoIterator<Item = (String, Vec<String>)>) -> Self {
        let named = folders.into_iter().map(|(folder, mut people)| {
            people.sort_unstable();
            people.dedup();
            (folder, people)
        });
        Self {
            folders: named.filter(|(_, people)| !people.is_empty()).collect(),
        }
    }

    /// The nearest folder at or above a file that names anybody, and whom.
    pub fn nearest(&self, path: &str) -> Option<(&str, &[String])> {
        let folders = std::iter::successors(parent(path), |folder| parent(folder));
        let mut named = folders.filter_map(|folder| self.folders.get_key_value(folder));
        let (folder, people) = named.next()?;
        Some((folder, people))
    }

    /// The jobs that fewer than so many approve changes to, in order.
    pub fn under_owned<'c>(&'c self, catalogue: &Catalogue, least: usize) -> Vec<UnderOwned<'c>> {
        let mut found = Vec::new();
        for (at, job) in catalogue.jobs.iter().enumerate() {
            let nearest = self.nearest(&job.path);
            let approvers = nearest.map_or(0, |(_, people)| people.len());
            if approvers < least {
                found.push(UnderOwned {
                    job: at,
                    folder: nearest.map(|(folder, _)| folder),
                    approvers,
                });
            }
        }
        found
    }
}

/// The folder of a path; the root is empty and has none.
fn parent(path: &str) -> Option<&str> {
    let above = || path.rsplit_once('/').map_or("", |(above, _)| above);
    (!path.is_empty()).then(above)
}

#[cfg(test)]
mod tests {
    use super::Approvers;

    #[test]
    fn a_folder_that_names_nobody_is_passed_by() {
        let people = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        let approvers = Approvers::of([
            (String::new(), people(&["root"])),
            ("a".to_owned(), people(&["x", "y", "x"])),
            ("a/b".to_owned(), people(&[])),
        ]);
        assert_eq!(
            approvers.nearest("a/b/c.yaml").map(|(folder, _)| folder),
            Some("a")
        );
        assert_eq!(
            approvers.nearest("a/c.yaml").map(|(_, who)| who.len()),
            Some(2)
        );
        assert_eq!(
            approvers.nearest("z.yaml").map(|(folder, _)| folder),
            Some("")
        );
        assert!(Approvers::default().nearest("z.yaml").is_none());
    }
}
