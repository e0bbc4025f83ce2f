//! What predicates can say of jobs, presets and tabs.
//!
//! An item is a view: it borrows from the catalogue, merges presets and defaults when it is asked,
//! and keeps only what would be computed anew for each question.

mod checkout;
mod comment;
mod container;
mod id;
mod job;
mod owner;
mod place;
mod preset;
mod tab;
mod twin;
mod volume;
mod way;
mod words;

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use base::Spanned;

use crate::boards::Boards;
use crate::job::{Job, Kind};
use crate::preset::Preset;
use crate::{Approvers, Catalogue};

pub use job::JobItem;
pub use preset::PresetItem;
pub use tab::TabItem;
pub use way::{Element, Way};
pub use words::{CHECKOUT, CONTAINER, JOB, MOUNT, PRESET, TAB, TWIN, VOLUME};

/// Jobs, presets and tabs, ready to be asked about, with what is known beside their catalogue.
#[derive(Debug)]
pub struct Subjects<'c> {
    catalogue: &'c Catalogue,
    boards: Option<&'c Boards>,
    approvers: Option<&'c Approvers>,
    /// Groups that jobs may belong to.
    groups: BTreeSet<&'c str>,
    /// The ids of the jobs.
    ids: Vec<String>,
    /// The jobs that they are copies of.
    parents: Vec<Option<usize>>,
    /// The tabs that show them.
    shown: Vec<Vec<Shown<'c>>>,
    /// The jobs of each name.
    named: HashMap<&'c str, Vec<usize>>,
    /// The jobs of each repository that say themselves which comments set them off.
    triggers: HashMap<&'c str, Vec<usize>>,
    /// What presets are called.
    titles: Vec<String>,
    /// How many jobs are given each preset.
    given: Vec<usize>,
    /// Labels that ask for presets that do not exist, as written, by job.
    dead_presets: HashMap<usize, Vec<String>>,
    /// Keys of labels that no preset has, by job.
    dead_labels: HashMap<usize, Vec<&'c str>>,
    /// Annotations that no program reads, by job.
    unknown_annotations: HashMap<usize, Vec<&'c str>>,
    /// Jobs that ask for presets which a file that cannot be read may declare.
    unsure: HashSet<usize>,
    /// Whether jobs may be missing that a source declares.
    incomplete: bool,
    /// Whether dashboards may be missing that some file declares.
    boards_incomplete: bool,
    /// Whether it may be unknown who approves.
    approvers_incomplete: bool,
}

/// A tab that shows a job.
#[derive(Debug, Clone, Copy)]
struct Shown<'c> {
    dashboard: &'c Spanned<String>,
    tab: &'c str,
    /// Who is told when it fails.
    alert: Option<&'c Spanned<String>>,
}

impl<'c> Subjects<'c> {
    /// The jobs of a catalogue, with dashboards and owners where they are known.
    pub fn of(
        catalogue: &'c Catalogue,
        boards: Option<&'c Boards>,
        approvers: Option<&'c Approvers>,
    ) -> Self {
        let jobs = &catalogue.jobs;
        let parents = (catalogue.conventions.parents)(jobs);
        let mut named: HashMap<&str, Vec<usize>> = HashMap::with_capacity(jobs.len());
        let mut triggers: HashMap<&str, Vec<usize>> = HashMap::new();
        for (at, job) in jobs.iter().enumerate() {
            named.entry(&job.name.value).or_default().push(at);
            if let Kind::Presubmit(own) = &job.kind
                && own.trigger.is_some()
            {
                triggers.entry(&own.repository.value).or_default().push(at);
            }
        }
        let presets = catalogue.presets.all();
        let mut given = vec![0; presets.len()];
        for at in (0..jobs.len()).flat_map(|job| catalogue.given(job)) {
            given[*at] += 1;
        }
        let keys: HashSet<&str> = presets
            .iter()
            .flat_map(|preset| {
                preset
                    .labels
                    .entries
                    .iter()
                    .map(|(key, _)| key.value.as_str())
            })
            .collect();
        let (mut dead_presets, mut dead_labels) = (HashMap::new(), HashMap::new());
        for dead in catalogue.dead_presets() {
            let said: &mut Vec<String> = dead_presets.entry(dead.job).or_default();
            said.push(format!("{}: {}", dead.key, dead.value));
            if !keys.contains(dead.key.value.as_str()) {
                let said: &mut Vec<&str> = dead_labels.entry(dead.job).or_default();
                said.push(&dead.key.value);
            }
        }
        let mut unknown_annotations: HashMap<usize, Vec<&str>> = HashMap::new();
        for unknown in catalogue.unknown_annotations() {
            let said = unknown_annotations.entry(unknown.job).or_default();
            said.push(&unknown.key.value);
        }
        Self {
            ids: id::of_jobs(jobs, &parents),
            shown: shown(jobs, boards),
            titles: presets.iter().map(|preset| preset.title()).collect(),
            unsure: unsure(catalogue, presets),
            groups: BTreeSet::new(),
            catalogue,
            boards,
            approvers,
            parents,
            named,
            triggers,
            given,
            dead_presets,
            dead_labels,
            unknown_annotations,
            incomplete: false,
            boards_incomplete: false,
            approvers_incomplete: false,
        }
    }

    /// Says which groups there are: a job belongs to one whose name a dashboard of it begins with,
    /// or else a folder above its file has.
    pub fn with_groups(mut self, groups: impl IntoIterator<Item = &'c str>) -> Self {
        self.groups.extend(groups);
        self
    }

    /// Says that jobs may be missing which a source declares.
    pub fn with_incomplete(mut self, incomplete: bool) -> Self {
        self.incomplete = incomplete;
        self
    }

    /// Says that dashboards may be missing which a file declares.
    pub fn with_boards_incomplete(mut self, incomplete: bool) -> Self {
        self.boards_incomplete = incomplete;
        self
    }

    /// Says that owners may be missing which a file names.
    pub fn with_approvers_incomplete(mut self, incomplete: bool) -> Self {
        self.approvers_incomplete = incomplete;
        self
    }

    /// The catalogue they are from.
    pub fn catalogue(&self) -> &'c Catalogue {
        self.catalogue
    }

    /// How many jobs there are.
    pub fn len(&self) -> usize {
        self.catalogue.jobs.len()
    }

    /// Whether there is no job.
    pub fn is_empty(&self) -> bool {
        self.catalogue.jobs.is_empty()
    }

    /// All jobs, in the order of the catalogue.
    pub fn jobs(&self) -> impl Iterator<Item = JobItem<'_>> {
        (0..self.len()).map(|at| self.job(at))
    }

    /// A job by its place in the catalogue.
    ///
    /// # Panics
    /// When the catalogue has no such place, which is a bug of the caller.
    pub fn job(&self, at: usize) -> JobItem<'_> {
        JobItem::new(self, at)
    }

    /// The id of a job, by its place in the catalogue: `periodic/NAME`, or
    /// `presubmit/ORGANISATION/REPOSITORY/NAME` and the like. It stays as it is when the job moves
    /// to another file.
    pub fn id(&self, at: usize) -> Option<&str> {
        self.ids.get(at).map(String::as_str)
    }

    /// All presets, in the order of the catalogue.
    pub fn presets(&self) -> impl Iterator<Item = PresetItem<'_>> {
        (0..self.titles.len()).map(|at| PresetItem::new(self, at))
    }

    /// All tabs: those that dashboards declare, then those that jobs ask for.
    pub fn tabs(&self) -> Vec<TabItem<'_>> {
        tab::all(self)
    }

    /// Whether all that was declared could be read, so that what is not there is gone.
    pub fn is_complete(&self) -> bool {
        let read = self
            .catalogue
            .findings
            .iter()
            .all(|finding| finding.severity < base::Severity::Error);
        read && !self.catalogue.incomplete
            && !self.incomplete
            && !self.boards_incomplete
            && !self.approvers_incomplete
            && self.catalogue.jobs.iter().all(|job| !job.flawed)
    }

    /// Whether somebody who cannot be read may have a say in what a field of a job holds, so that
    /// nothing is held against anybody by it.
    pub fn is_unsure(&self, field: &str) -> bool {
        match field {
            "dashboards" | "tab" | "tabs" | "alert_addresses" => self.boards_incomplete,
            "approvers" | "owners_folder" => self.approvers_incomplete,
            "owner" => self.boards_incomplete,
            _ => false,
        }
    }

    /// Who approves changes of a file, and the nearest folder that says so.
    pub fn approvers_of(&self, path: &str) -> Option<(&'c str, &'c [String])> {
        self.approvers?.nearest(path)
    }

    /// Whether a field of jobs is answered by a source that no estate needs to have: `None` if it
    /// is there, or else the noun of what is lacking.
    pub fn lacks(&self, field: &str) -> Option<&'static str> {
        let owners = matches!(field, "approvers" | "owners_folder") && self.approvers.is_none();
        owners.then_some("owners")
    }
}

/// The tabs that show each job: those it asks for, and those that dashboards declare.
fn shown<'c>(jobs: &'c [Arc<Job>], boards: Option<&'c Boards>) -> Vec<Vec<Shown<'c>>> {
    let mut declared: HashMap<&str, Vec<Shown<'c>>> = HashMap::new();
    for (dashboard, tab) in boards.into_iter().flat_map(Boards::tabs) {
        let shown = declared.entry(&tab.results.value).or_default();
        shown.push(Shown {
            dashboard: &dashboard.name,
            tab: &tab.name.value,
            alert: tab.alert.as_ref(),
        });
    }
    let of = |job: &'c Arc<Job>| {
        let asked = job.placements.iter().map(|placement| Shown {
            dashboard: &placement.dashboard,
            tab: &placement.tab,
            alert: None,
        });
        let declared = declared.get(job.name.value.as_str()).into_iter().flatten();
        asked.chain(declared.copied()).collect()
    };
    jobs.iter().map(of).collect()
}

/// Jobs that ask for presets which are not there, where a file that could not be read may have them.
fn unsure(catalogue: &Catalogue, presets: &[Arc<Preset>]) -> HashSet<usize> {
    if !catalogue.incomplete {
        return HashSet::new();
    }
    let known: HashSet<(&str, &str)> = presets
        .iter()
        .flat_map(|preset| &preset.labels.entries)
        .map(|(key, value)| (key.value.as_str(), value.value.as_str()))
        .collect();
    let asks = |job: &Arc<Job>| {
        job.labels.entries.iter().any(|(key, value)| {
            key.starts_with(catalogue.conventions.preset_prefix)
                && !known.contains(&(key.value.as_str(), value.value.as_str()))
        })
    };
    let jobs = catalogue.jobs.iter().enumerate();
    jobs.filter(|(_, job)| asks(job))
        .map(|(at, _)| at)
        .collect()
}

/// The addresses in a text that has commas between them.
fn addresses(text: &str) -> impl Iterator<Item = &str> {
    text.split(',')
        .map(str::trim)
        .filter(|address| !address.is_empty())
}
