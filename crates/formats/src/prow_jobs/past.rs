//! Files of jobs as they once were: each version of a file on its own.

use std::sync::Arc;

use base::{Severity, SourceMap};
use estate::{MemoryTree, join};
use jobs::{Catalogue, Job, JobFile, Patterns, Settings};

use super::ignore::Ignored;
use super::{CONVENTIONS, FORMAT, IGNORE, detect, is_yaml, parents, read_file};

/// Reads versions of files of jobs. Patterns that stand in many of them are compiled once.
#[derive(Debug, Default)]
pub struct PastJobs {
    patterns: Patterns,
}

/// What one version of a file says, whatever other files said then.
#[derive(Debug)]
pub struct Version {
    /// Its jobs, with the presets of the same file.
    pub catalogue: Catalogue,
    /// Whether jobs may be missing that it declares.
    pub partly: bool,
}

impl PastJobs {
    /// The format of the sources whose past is read.
    pub const FORMAT: &'static str = FORMAT;

    /// Where jobs are, among the sorted paths of a repository that nobody says it of.
    pub fn trees(paths: &[String]) -> Vec<String> {
        detect(paths)
    }

    /// Whether a file, by its path below the tree, may hold jobs.
    pub fn reads(path: &str) -> bool {
        let mut parts = path.split('/');
        is_yaml(path) && !parts.any(|part| part.starts_with(".."))
    }

    /// Whether a file takes others out of the tree.
    pub fn hides(path: &str) -> bool {
        path.rsplit('/').next() == Some(IGNORE)
    }

    /// The paths, below a tree, that files take out of it; those that cannot be read take out none.
    pub fn hidden<'p>(
        hiding: impl IntoIterator<Item = (String, String)>,
        paths: impl IntoIterator<Item = &'p str>,
    ) -> Vec<&'p str> {
        let (mut tree, mut named) = (MemoryTree::default(), Vec::new());
        for (path, text) in hiding {
            let path = join("", &path);
            tree = tree.with(&path, text);
            named.push(path);
        }
        let Ok(ignored) = Ignored::read("", &named, &tree) else {
            return Vec::new();
        };
        let paths = paths.into_iter();
        paths.filter(|path| ignored.holds(path)).collect()
    }

    /// Reads a version of a file; nothing where it cannot be told what it holds.
    pub fn read(&self, path: &str, text: &str) -> Option<Version> {
        let mut sources = SourceMap::default();
        let file = sources.add(path, text);
        let read = read_file(path, text, file, &self.patterns);
        if read.jobs.is_empty() && is_broken(&read) {
            return None;
        }
        let partly = read.incomplete && is_broken(&read);
        let settings = Arc::new(Settings::default());
        let catalogue = Catalogue::merge(&[Arc::new(read)], settings, &CONVENTIONS, true);
        Some(Version { catalogue, partly })
    }

    /// Of each job, the place of the one that it is a release's copy of.
    pub fn parents(all: &[Arc<Job>]) -> Vec<Option<usize>> {
        parents(all)
    }
}

/// Whether something cannot be read; a key that nobody knows any more says nothing about jobs.
fn is_broken(file: &JobFile) -> bool {
    let mut errors = file.findings.iter();
    file.incomplete
        && errors.any(|finding| {
            finding.severity == Severity::Error && finding.code.id != yaml::codes::UNKNOWN_KEY.id
        })
}

#[cfg(test)]
mod tests {
    use super::PastJobs;

    #[test]
    fn what_cannot_be_read_is_not_without_jobs() {
        let past = PastJobs::default();
        let jobs = |text: &str| {
            let version = past.read("a.yaml", text);
            version.map(|version| version.catalogue.jobs.len())
        };
        assert_eq!(jobs("periodics:\n- name: a\n  interval: 1h\n"), Some(1));
        assert_eq!(jobs("# nothing\n"), Some(0));
        assert_eq!(jobs("periodics: [\n"), None);
        assert_eq!(jobs("periodics: 5\n"), None);
        // The main file of an installation that keeps its jobs elsewhere.
        assert_eq!(jobs("plank:\n  allow_cancellations: true\n"), Some(0));
    }

    #[test]
    fn a_file_of_which_part_can_be_read_says_so() {
        let text = "periodics:\n- name: a\n  interval: 1h\npostsubmits: 5\n";
        let version = PastJobs::default().read("a.yaml", text).unwrap();
        assert!(version.partly && version.catalogue.jobs.len() == 1);
    }

    #[test]
    fn files_are_told_by_their_names_and_hidden_by_others() {
        assert!(PastJobs::reads("a/b.yaml") && PastJobs::reads("b.yml"));
        assert!(!PastJobs::reads("a/..data/b.yaml") && !PastJobs::reads("b.json"));
        assert!(PastJobs::hides("a/.prowignore") && !PastJobs::hides("a/x.prowignore"));
        let hiding = [("a/.prowignore".to_owned(), "b.yaml\n".to_owned())];
        let hidden = PastJobs::hidden(hiding, ["a/b.yaml", "b.yaml"]);
        assert_eq!(hidden, ["a/b.yaml"]);
    }
}
