//! All jobs of an installation, with their presets and what is wrong with them.

use std::collections::BTreeSet;
use std::sync::Arc;

use base::{Diagnostic, FileId, Severity};

use crate::job::{DecorationSettings, Job};
use crate::preset::{self, Preset, Presets};
use crate::{Conventions, Workload, check, twins};

/// What one file of jobs says. It depends on no other file, so that a file that did not change need
/// not be read again.
#[derive(Debug)]
pub struct JobFile {
    /// Its path in the tree it was read from.
    pub path: Arc<str>,
    /// Its text.
    pub file: FileId,
    /// Its jobs, in their order.
    pub jobs: Vec<Arc<Job>>,
    /// Its presets, in their order.
    pub presets: Vec<Arc<Preset>>,
    /// Whether something other than one of its jobs could not be read, so that presets and jobs may
    /// be missing.
    pub incomplete: bool,
    /// What is wrong with it, whatever other files say.
    pub findings: Vec<Diagnostic>,
}

impl JobFile {
    /// Whether all that it declares could be read.
    pub fn is_whole(&self) -> bool {
        self.findings
            .iter()
            .all(|finding| finding.severity < Severity::Error)
    }
}

/// What an installation says for all of its jobs.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// The queues that jobs may share; `None` if nobody knows them.
    pub queues: Option<BTreeSet<String>>,
    /// The namespace that jobs run in; `None` if nobody knows it.
    pub namespace: Option<String>,
    /// Whether jobs that do not say are decorated.
    pub decorate_all: bool,
    /// Decoration by repository and cluster; later ones win over earlier ones.
    pub decoration: Vec<DecorationDefault>,
}

/// Decoration for the jobs of a repository or a cluster.
#[derive(Debug, Clone, Default)]
pub struct DecorationDefault {
    /// The repository or its organisation; every one if not said, or `*`.
    pub repository: Option<String>,
    /// The cluster; every one if not said, or `*`.
    pub cluster: Option<String>,
    /// What is set for them.
    pub settings: DecorationSettings,
}

impl DecorationDefault {
    fn is_for(&self, repository: Option<&str>, cluster: &str) -> bool {
        let open = |text: &&str| !text.is_empty() && *text != "*";
        let wanted = self.cluster.as_deref().filter(open);
        if wanted.is_some_and(|wanted| wanted != cluster) {
            return false;
        }
        self.repository
            .as_deref()
            .filter(open)
            .is_none_or(|wanted| {
                repository.is_some_and(|repository| {
                    let bare = repository
                        .trim_start_matches("https://")
                        .trim_start_matches("http://");
                    wanted == bare || bare.split('/').next() == Some(wanted)
                })
            })
    }
}

/// All jobs of an installation.
#[derive(Debug)]
pub struct Catalogue {
    /// What the CI system takes for granted.
    pub conventions: &'static Conventions,
    /// What the installation says for all jobs.
    pub settings: Arc<Settings>,
    /// The jobs, file by file.
    pub jobs: Vec<Arc<Job>>,
    /// The presets, file by file.
    pub presets: Presets,
    /// Whether jobs or presets may be missing that some file declares: then it is held against nobody
    /// that they are not there.
    pub incomplete: bool,
    /// What is wrong, in the order of the files.
    pub findings: Vec<Diagnostic>,
    given: Vec<Vec<usize>>,
}

/// A job as it runs: with presets, defaults and all.
#[derive(Debug, Clone)]
pub struct Effective {
    /// What it runs.
    pub workload: Option<Workload>,
    /// The cluster it runs on.
    pub cluster: String,
    /// Whether it is decorated.
    pub decorated: bool,
    /// How.
    pub decoration: DecorationSettings,
}

impl Catalogue {
    /// Puts files together and judges what follows from several of them. `incomplete` says that there
    /// are files which could not be read at all.
    pub fn merge(
        files: &[Arc<JobFile>],
        settings: Arc<Settings>,
        conventions: &'static Conventions,
        incomplete: bool,
    ) -> Self {
        let mut findings: Vec<Diagnostic> = files
            .iter()
            .flat_map(|file| file.findings.iter().cloned())
            .collect();
        let presets = files
            .iter()
            .flat_map(|file| file.presets.iter().cloned())
            .collect();
        let presets = Presets::of(presets, &mut findings);
        check::presets(presets.all(), conventions, &mut findings);
        let jobs: Vec<Arc<Job>> = files
            .iter()
            .flat_map(|file| file.jobs.iter().cloned())
            .collect();
        let given = jobs
            .iter()
            .map(|job| presets.matching(&job.labels))
            .collect();
        let mut catalogue = Self {
            conventions,
            settings,
            jobs,
            presets,
            incomplete: incomplete || files.iter().any(|file| file.incomplete),
            findings: Vec::new(),
            given,
        };
        for at in 0..catalogue.jobs.len() {
            check::in_place(&catalogue, at, &mut findings);
        }
        twins::check(&catalogue.jobs, &mut findings);
        findings.sort_by_key(|finding| (finding.span.file, finding.span.start));
        catalogue.findings = findings;
        catalogue
    }

    /// The presets that a job is given, by its place in [`Self::jobs`], in the order in which they
    /// are merged.
    pub fn presets_of(&self, job: usize) -> Vec<&Preset> {
        let given = self.given(job).iter();
        given.map(|at| self.presets.all()[*at].as_ref()).collect()
    }

    /// The places of the presets that a job is given.
    pub(crate) fn given(&self, job: usize) -> &[usize] {
        self.given.get(job).map_or(&[], Vec::as_slice)
    }

    /// The cluster that a job runs on.
    pub fn cluster_of<'j>(&self, job: &'j Job) -> &'j str {
        let asked = job.cluster.as_ref().map(|cluster| cluster.value.as_str());
        asked
            .filter(|cluster| !cluster.is_empty())
            .unwrap_or(self.conventions.cluster)
    }

    /// Whether a job is decorated.
    pub fn is_decorated(&self, job: &Job) -> bool {
        job.decoration.enabled.unwrap_or(self.settings.decorate_all)
    }

    /// How a job is decorated: what it says, over what is set for its repository and its cluster.
    pub fn decoration_of(&self, job: &Job) -> DecorationSettings {
        let (about, cluster) = (job.about(), self.cluster_of(job));
        let matching = self.settings.decoration.iter();
        let matching = matching.filter(|default| default.is_for(about.as_deref(), cluster));
        let wider = matching.fold(DecorationSettings::default(), |wider, default| {
            default.settings.over(&wider)
        });
        job.decoration.settings.over(&wider)
    }

    /// A job as it runs, by its place in [`Self::jobs`]; `None` past the end.
    pub fn effective(&self, job: usize) -> Option<Effective> {
        let presets = self.presets_of(job);
        let job = self.jobs.get(job)?;
        let decorated = self.is_decorated(job);
        Some(Effective {
            workload: job
                .workload
                .as_ref()
                .map(|own| preset::merged(own, &presets)),
            cluster: self.cluster_of(job).to_owned(),
            decorated,
            decoration: if decorated {
                self.decoration_of(job)
            } else {
                DecorationSettings::default()
            },
        })
    }
}
