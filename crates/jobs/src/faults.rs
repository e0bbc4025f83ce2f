//! What no system complains about, and nobody meant.

use std::collections::{BTreeSet, HashSet};

use base::Spanned;

use crate::{Catalogue, LONGEST_LABEL};

/// A label that asks for a preset which does not exist: the job runs without it, in silence.
#[derive(Debug, Clone, Copy)]
pub struct DeadPreset<'c> {
    /// The job's place in the catalogue.
    pub job: usize,
    /// The label's key.
    pub key: &'c Spanned<String>,
    /// The label's value.
    pub value: &'c Spanned<String>,
}

/// An annotation that no program reads.
#[derive(Debug, Clone)]
pub struct UnknownAnnotation<'c> {
    /// The job's place in the catalogue.
    pub job: usize,
    /// The annotation's key.
    pub key: &'c Spanned<String>,
    /// The known key that was probably meant.
    pub near: Option<&'static str>,
}

impl Catalogue {
    /// Labels that ask for presets that do not exist, job by job; none where presets may be missing
    /// that a file declares.
    pub fn dead_presets(&self) -> Vec<DeadPreset<'_>> {
        if self.incomplete {
            return Vec::new();
        }
        let prefix = self.conventions.preset_prefix;
        let pairs = self
            .presets
            .all()
            .iter()
            .flat_map(|preset| &preset.labels.entries);
        let known: HashSet<(&str, &str)> = pairs
            .map(|(key, value)| (key.value.as_str(), value.value.as_str()))
            .collect();
        let labels = self.jobs.iter().enumerate().flat_map(|(job, one)| {
            let entries = one.labels.entries.iter();
            entries.map(move |(key, value)| DeadPreset { job, key, value })
        });
        labels
            .filter(|label| label.key.starts_with(prefix))
            .filter(|label| {
                !known.contains(&(label.key.value.as_str(), label.value.value.as_str()))
            })
            .collect()
    }

    /// The presets that no job is given, by their places.
    pub fn unused_presets(&self) -> Vec<usize> {
        let used: BTreeSet<usize> = (0..self.jobs.len())
            .flat_map(|job| self.given(job))
            .copied()
            .collect();
        (0..self.presets.all().len())
            .filter(|at| !used.contains(at))
            .collect()
    }

    /// The jobs whose names have more characters than the value of a label may, by their places.
    pub fn long_names(&self) -> Vec<usize> {
        let jobs = self.jobs.iter().enumerate();
        let long = jobs.filter(|(_, job)| job.name.chars().count() > LONGEST_LABEL);
        long.map(|(at, _)| at).collect()
    }

    /// Annotations that no program reads, job by job. One with a domain before a `/` is somebody
    /// else's affair.
    pub fn unknown_annotations(&self) -> Vec<UnknownAnnotation<'_>> {
        let known = self.conventions.annotations;
        let keys = self.jobs.iter().enumerate().flat_map(|(job, one)| {
            one.annotations
                .entries
                .iter()
                .map(move |(key, _)| (job, key))
        });
        let unknown = keys.filter(|(_, key)| !key.contains('/') && !known.contains(&key.as_str()));
        unknown
            .map(|(job, key)| UnknownAnnotation {
                job,
                key,
                near: base::nearest(key, known.iter().copied()),
            })
            .collect()
    }
}
