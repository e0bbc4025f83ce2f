//! How many jobs there are, of what kind, and where they run.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::job::{Kind, Run, Schedule};
use crate::{Branches, Catalogue, KindName};

/// Jobs by kind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct ByKind {
    /// Jobs for proposed changes.
    pub presubmits: usize,
    /// Jobs for changes that were taken.
    pub postsubmits: usize,
    /// Jobs of the clock.
    pub periodics: usize,
}

/// What a catalogue holds, counted. Entries are counted, so that two of one name are two; distinct
/// names are a count of their own.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Census {
    /// All jobs.
    pub jobs: ByKind,
    /// Repositories that have any.
    pub repositories: ByKind,
    /// Jobs by the cluster they run on.
    pub clusters: BTreeMap<String, ByKind>,
    /// Distinct names.
    pub names: usize,
    /// Presets.
    pub presets: usize,
    /// Distinct patterns over branches (a list is one), paths and comments.
    pub patterns: usize,
    /// Distinct schedules by the calendar.
    pub crons: usize,
    /// Distinct images.
    pub images: usize,
    /// Files that hold a job.
    pub files: usize,
}

impl ByKind {
    /// All together.
    pub fn total(&self) -> usize {
        self.presubmits + self.postsubmits + self.periodics
    }

    fn count(&mut self, kind: KindName) {
        match kind {
            KindName::Presubmit => self.presubmits += 1,
            KindName::Postsubmit => self.postsubmits += 1,
            KindName::Periodic => self.periodics += 1,
        }
    }
}

impl Census {
    /// Counts.
    pub fn of(catalogue: &Catalogue) -> Self {
        let mut census = Self {
            presets: catalogue.presets.all().len(),
            ..Self::default()
        };
        let mut repositories: BTreeSet<(KindName, &str)> = BTreeSet::new();
        let (mut names, mut files) = (BTreeSet::new(), BTreeSet::new());
        let (mut patterns, mut crons) = (BTreeSet::new(), BTreeSet::new());
        let mut images: BTreeSet<&str> = BTreeSet::new();
        for job in &catalogue.jobs {
            let kind = job.kind.name();
            census.jobs.count(kind);
            let cluster = catalogue.cluster_of(job).to_owned();
            census.clusters.entry(cluster).or_default().count(kind);
            repositories.extend(job.repository().map(|name| (kind, name.value.as_str())));
            names.insert(job.name.value.as_str());
            files.insert(job.path.as_ref());
            let containers = job
                .workload
                .iter()
                .flat_map(|workload| &workload.containers);
            let named = containers.filter_map(|container| container.image.as_ref());
            images.extend(named.map(|image| image.value.as_str()));
            collect_patterns(&job.kind, &mut patterns);
            if let Kind::Periodic(periodic) = &job.kind
                && let Some(Schedule::Cron(text, _)) = &periodic.schedule
            {
                crons.insert(text.value.as_str());
            }
        }
        for (kind, _) in repositories {
            census.repositories.count(kind);
        }
        census.names = names.len();
        census.files = files.len();
        census.patterns = patterns.len();
        census.crons = crons.len();
        census.images = images.len();
        census
    }
}

fn collect_patterns(kind: &Kind, patterns: &mut BTreeSet<String>) {
    let (run, branches) = match kind {
        Kind::Presubmit(job) => {
            patterns.extend(
                job.trigger
                    .iter()
                    .map(|trigger| trigger.pattern.value.clone()),
            );
            (&job.run, &job.branches)
        }
        Kind::Postsubmit(job) => (&job.run, &job.branches),
        Kind::Periodic(_) => return,
    };
    if let Run::IfChanged(pattern) | Run::UnlessOnlyChanged(pattern) = run {
        patterns.insert(pattern.text.value.clone());
    }
    let Branches { only, skip, .. } = branches;
    for list in [only, skip].into_iter().filter(|list| !list.is_empty()) {
        let texts: Vec<&str> = list.iter().map(|entry| entry.value.as_str()).collect();
        patterns.insert(texts.join("|"));
    }
}
