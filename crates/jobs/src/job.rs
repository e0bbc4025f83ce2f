//! A job: what sets it off, where it runs, what it runs.

use std::fmt;
use std::sync::Arc;

use base::{Span, Spanned};
use regex::Regex;
use serde::Serialize;
use yaml::Map;

use crate::{Branches, Cron, Duration, Workload};

/// A job of a CI system.
#[derive(Debug, Clone)]
pub struct Job {
    /// What it is called.
    pub name: Spanned<String>,
    /// Where it stands.
    pub span: Span,
    /// The path of the file it stands in, in the tree it was read from.
    pub path: Arc<str>,
    /// Whether part of it could not be read, which has been reported: what it lacks is not held
    /// against it.
    pub flawed: bool,
    /// What sets it off.
    pub kind: Kind,
    /// Which program starts it; what the conventions say if not said.
    pub agent: Option<Spanned<String>>,
    /// The cluster it asks for.
    pub cluster: Option<Spanned<String>>,
    /// The namespace it asks for.
    pub namespace: Option<Spanned<String>>,
    /// Labels, by which it is given presets.
    pub labels: Map<Spanned<String>>,
    /// Notes for other programs.
    pub annotations: Map<Spanned<String>>,
    /// What it runs, before presets.
    pub workload: Option<Workload>,
    /// Whether it says what it runs in another way, for another agent; the place.
    pub pipeline: Option<Span>,
    /// How often it may run at once; 0 is any number.
    pub max_concurrency: u32,
    /// The queue whose limit it shares.
    pub queue: Option<Spanned<String>>,
    /// Whether its result is an error where its machine is lost.
    pub error_on_eviction: Option<Spanned<bool>>,
    /// How it is prepared and what becomes of its results.
    pub decoration: Decoration,
    /// Repositories that are checked out beside its own.
    pub extra_refs: Vec<Checkout>,
    /// How its own repository is checked out.
    pub clone: CloneOptions,
    /// Who may run it again.
    pub rerun: Rerun,
    /// Whether only some may see it.
    pub hidden: bool,
    /// Where it reports in chat, if it does.
    pub channel: Option<Spanned<String>>,
    /// Dashboards that show its results, and as what.
    pub placements: Vec<Placement>,
}

/// What sets a job off.
#[derive(Debug, Clone)]
pub enum Kind {
    /// A change that is proposed to a repository.
    Presubmit(Presubmit),
    /// A change that a repository took.
    Postsubmit(Postsubmit),
    /// The clock.
    Periodic(Periodic),
}

/// The three ways to set off a job, for counting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum KindName {
    /// A change that is proposed.
    Presubmit,
    /// A change that was taken.
    Postsubmit,
    /// The clock.
    Periodic,
}

impl KindName {
    /// In a word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Presubmit => "presubmit",
            Self::Postsubmit => "postsubmit",
            Self::Periodic => "periodic",
        }
    }
}

impl fmt::Display for KindName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// A job that judges a change before it is taken.
#[derive(Debug, Clone)]
pub struct Presubmit {
    /// The repository, as `organisation/name`.
    pub repository: Spanned<String>,
    /// Which changes set it off, without anybody asking.
    pub run: Run,
    /// Whether it runs at every change; false if not said.
    pub always_run: Option<Spanned<bool>>,
    /// Whether a change may be taken though it fails.
    pub optional: bool,
    /// The comment that sets it off and the one that is suggested, where not the usual ones.
    pub trigger: Option<Trigger>,
    /// Whether it runs once more before the change is taken.
    pub before_merge: bool,
    /// Branches it is for.
    pub branches: Branches,
    /// What its result is called at the change; its name if not said.
    pub context: Option<Spanned<String>>,
    /// Whether it says nothing at the change.
    pub skip_report: bool,
}

/// A job that runs after a change was taken.
#[derive(Debug, Clone)]
pub struct Postsubmit {
    /// The repository, as `organisation/name`.
    pub repository: Spanned<String>,
    /// Which changes set it off.
    pub run: Run,
    /// Whether it runs at every change; true if not said and no paths are.
    pub always_run: Option<Spanned<bool>>,
    /// Branches it is for.
    pub branches: Branches,
    /// What its result is called at the change; its name if not said.
    pub context: Option<Spanned<String>>,
    /// Whether it says nothing at the change.
    pub skip_report: bool,
}

/// A job that the clock sets off.
#[derive(Debug, Clone)]
pub struct Periodic {
    /// When.
    pub schedule: Option<Schedule>,
    /// Words under which it is found.
    pub tags: Vec<String>,
    /// What becomes of it when it fails.
    pub retry: Option<Retry>,
}

/// When a job recurs.
#[derive(Debug, Clone)]
pub enum Schedule {
    /// At times of the calendar; the text as written.
    Cron(Spanned<String>, Cron),
    /// So long after it was last begun.
    Interval(Spanned<Duration>),
    /// So long after it last ended.
    MinimumInterval(Spanned<Duration>),
}

/// What becomes of a job that failed.
#[derive(Debug, Clone)]
pub struct Retry {
    /// Whether it is run as often as it may, whatever the results.
    pub run_all: bool,
    /// How often.
    pub attempts: u32,
    /// How long after.
    pub interval: Option<Spanned<Duration>>,
}

/// Which paths of a change set a job off.
#[derive(Debug, Clone, Default)]
pub enum Run {
    /// Paths do not matter.
    #[default]
    Any,
    /// Any path that matches.
    IfChanged(PathPattern),
    /// Any path that does not match.
    UnlessOnlyChanged(PathPattern),
}

/// A pattern over paths.
#[derive(Debug, Clone)]
pub struct PathPattern {
    /// As written.
    pub text: Spanned<String>,
    /// Compiled; `None` if it cannot be, which has been reported.
    pub regex: Option<Regex>,
}

/// The comments that set a job off.
#[derive(Debug, Clone)]
pub struct Trigger {
    /// The pattern that a comment must match.
    pub pattern: Spanned<String>,
    /// Compiled; `None` if it cannot be, which has been reported.
    pub regex: Option<Regex>,
    /// The comment that is suggested.
    pub command: Spanned<String>,
}

/// How a job is prepared and what becomes of its results.
#[derive(Debug, Clone, Default)]
pub struct Decoration {
    /// Whether it is prepared at all; what the installation says if not said.
    pub enabled: Option<bool>,
    /// How.
    pub settings: DecorationSettings,
    /// Where `settings` stand, if they do.
    pub span: Option<Span>,
}

/// Settings that a job, or the installation for many jobs, gives.
#[derive(Debug, Clone, Default)]
pub struct DecorationSettings {
    /// How long it may take.
    pub timeout: Option<Spanned<Duration>>,
    /// How long it has to end in order after that.
    pub grace_period: Option<Spanned<Duration>>,
    /// How long its images may take to be fetched.
    pub pending_timeout: Option<Spanned<Duration>>,
    /// How long it may run.
    pub running_timeout: Option<Spanned<Duration>>,
    /// How long it may wait for a machine.
    pub unscheduled_timeout: Option<Spanned<Duration>>,
    /// The identity it runs under where the job names none.
    pub service_account: Option<Spanned<String>>,
    /// Secrets that its preparation or its uploads need, by what they are for: an empty name takes
    /// away what a wider setting gave.
    pub secrets: Vec<(&'static str, Spanned<String>)>,
}

impl DecorationSettings {
    /// These settings, and those of a wider scope where these say nothing.
    pub fn over(&self, wider: &Self) -> Self {
        let mut secrets = self.secrets.clone();
        let said: Vec<&str> = self.secrets.iter().map(|(purpose, _)| *purpose).collect();
        let others = wider.secrets.iter();
        secrets.extend(
            others
                .filter(|(purpose, _)| !said.contains(purpose))
                .cloned(),
        );
        Self {
            timeout: self.timeout.or(wider.timeout),
            grace_period: self.grace_period.or(wider.grace_period),
            pending_timeout: self.pending_timeout.or(wider.pending_timeout),
            running_timeout: self.running_timeout.or(wider.running_timeout),
            unscheduled_timeout: self.unscheduled_timeout.or(wider.unscheduled_timeout),
            service_account: self
                .service_account
                .clone()
                .or_else(|| wider.service_account.clone()),
            secrets,
        }
    }
}

/// A repository that is checked out for a job.
#[derive(Debug, Clone)]
pub struct Checkout {
    /// Whose it is.
    pub organisation: Spanned<String>,
    /// Its name.
    pub repository: Spanned<String>,
    /// The branch; the default one if not said.
    pub base: Option<Spanned<String>>,
    /// Whether the job starts in it.
    pub work_dir: bool,
    /// Whether it is only a help: then the job is not said to be about it.
    pub auxiliary: bool,
    /// How.
    pub clone: CloneOptions,
}

/// How a repository is checked out.
#[derive(Debug, Clone, Default)]
pub struct CloneOptions {
    /// Under which path of imports.
    pub path_alias: Option<Spanned<String>>,
    /// From where.
    pub uri: Option<Spanned<String>>,
    /// Whether repositories within it are left out.
    pub skip_submodules: bool,
    /// How many commits; 0 is all.
    pub depth: u32,
    /// Whether only the branch is fetched.
    pub skip_fetch_head: bool,
}

/// Who may run a job again.
#[derive(Debug, Clone, Default)]
pub struct Rerun {
    /// Where it is said.
    pub span: Option<Span>,
    /// Anybody.
    pub anyone: bool,
    /// People, by login.
    pub users: Vec<Spanned<String>>,
    /// Teams, as `organisation/team`.
    pub teams: Vec<Spanned<String>>,
    /// Teams by number, which nobody can check.
    pub team_ids: Vec<Spanned<u32>>,
    /// Everybody in an organisation.
    pub organisations: Vec<Spanned<String>>,
}

/// A dashboard that shows a job.
#[derive(Debug, Clone)]
pub struct Placement {
    /// The dashboard.
    pub dashboard: Spanned<String>,
    /// What the job is called there.
    pub tab: String,
}

impl Kind {
    /// Which of the three it is.
    pub fn name(&self) -> KindName {
        match self {
            Self::Presubmit(_) => KindName::Presubmit,
            Self::Postsubmit(_) => KindName::Postsubmit,
            Self::Periodic(_) => KindName::Periodic,
        }
    }
}

impl Job {
    /// The repository whose changes set it off.
    pub fn repository(&self) -> Option<&Spanned<String>> {
        match &self.kind {
            Kind::Presubmit(job) => Some(&job.repository),
            Kind::Postsubmit(job) => Some(&job.repository),
            Kind::Periodic(_) => None,
        }
    }

    /// The repository that settings for many jobs are chosen by: its own, or the first that is
    /// checked out for a job that the clock sets off.
    pub fn about(&self) -> Option<String> {
        let own = self.repository().map(|repository| repository.value.clone());
        own.or_else(|| {
            let first = self.extra_refs.first()?;
            Some(format!("{}/{}", first.organisation, first.repository))
        })
    }

    /// Branches whose changes set it off; `None` for a job that the clock sets off.
    pub fn branches(&self) -> Option<&Branches> {
        match &self.kind {
            Kind::Presubmit(job) => Some(&job.branches),
            Kind::Postsubmit(job) => Some(&job.branches),
            Kind::Periodic(_) => None,
        }
    }

    /// What its result is called at a change.
    pub fn context(&self) -> Option<&Spanned<String>> {
        match &self.kind {
            Kind::Presubmit(job) => Some(job.context.as_ref().unwrap_or(&self.name)),
            Kind::Postsubmit(job) => Some(job.context.as_ref().unwrap_or(&self.name)),
            Kind::Periodic(_) => None,
        }
    }

    /// Whether a change must pass it to be taken; `None` for a job that runs otherwise.
    pub fn is_required(&self) -> Option<bool> {
        match &self.kind {
            Kind::Presubmit(job) => Some(job.is_required()),
            Kind::Postsubmit(_) | Kind::Periodic(_) => None,
        }
    }

    /// Whether some change sets it off without anybody asking.
    pub fn is_automatic(&self) -> bool {
        match &self.kind {
            Kind::Presubmit(job) => job.is_automatic(),
            Kind::Postsubmit(_) => true,
            Kind::Periodic(_) => false,
        }
    }

    /// A note for another program; empty ones count as none.
    pub fn annotation(&self, key: &str) -> Option<&Spanned<String>> {
        self.annotations.get(key).filter(|value| !value.is_empty())
    }

    /// As a finding names it: `job/NAME`.
    pub fn subject(&self) -> String {
        format!("job/{}", self.name)
    }
}

impl Run {
    /// Whether changed paths set the job off; `None` where paths do not matter.
    pub fn decides(&self, paths: &[&str]) -> Option<bool> {
        let (pattern, wanted) = match self {
            Self::Any => return None,
            Self::IfChanged(pattern) => (pattern, true),
            Self::UnlessOnlyChanged(pattern) => (pattern, false),
        };
        let regex = pattern.regex.as_ref()?;
        Some(paths.iter().any(|path| regex.is_match(path) == wanted))
    }
}

impl Presubmit {
    /// Whether a change to these paths on a branch sets it off without anybody asking.
    pub fn runs_for(&self, branch: &str, paths: &[&str]) -> bool {
        let always = self.always_run.is_some_and(|always| always.value);
        self.branches.include(branch) && (always || self.run.decides(paths) == Some(true))
    }

    /// Whether some change sets it off without anybody asking.
    pub fn is_automatic(&self) -> bool {
        self.always_run.is_some_and(|always| always.value) || !matches!(self.run, Run::Any)
    }

    /// Whether a change must pass it to be taken.
    pub fn is_required(&self) -> bool {
        !self.optional && !self.skip_report
    }
}

impl Postsubmit {
    /// Whether a change to these paths on a branch sets it off.
    pub fn runs_for(&self, branch: &str, paths: &[&str]) -> bool {
        let otherwise = self.always_run.is_none_or(|always| always.value);
        self.branches.include(branch) && self.run.decides(paths).unwrap_or(otherwise)
    }
}
