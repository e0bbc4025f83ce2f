//! A file of jobs as Prow has it to jobs as the estate has them.

use std::sync::Arc;

use base::{Diagnostic, FileId, Severity, Span, Spanned};
use jobs::job::{
    Checkout, CloneOptions, Decoration, DecorationSettings, Job, Kind, Periodic, Placement,
    Postsubmit, Presubmit, Rerun, Retry,
};
use jobs::{Build, JobFile, Patterns, check};

use super::conventions::{CONVENTIONS, DASHBOARDS, TAB};
use super::entries::{
    DecorationEntry, FileEntry, PeriodicEntry, PostsubmitEntry, PresubmitEntry, RefEntry,
    RerunEntry,
};

/// Takes out of an entry what every job has. The entry's own fields stay.
macro_rules! job_of {
    ($entry:ident, $kind:expr, $flawed:expr, $span:expr, $path:expr) => {
        Job {
            placements: placements(&$entry.name, &$entry.annotations),
            name: $entry.name,
            span: $span,
            path: Arc::clone($path),
            flawed: $flawed,
            kind: $kind,
            agent: $entry.agent,
            cluster: $entry.cluster,
            namespace: $entry.namespace,
            labels: $entry.labels,
            annotations: $entry.annotations,
            workload: $entry.spec,
            pipeline: ($entry.pipeline_run_spec.as_ref())
                .or($entry.tekton_pipeline_run_spec.as_ref())
                .map(|pipeline| pipeline.node().span),
            max_concurrency: $entry.max_concurrency,
            queue: $entry.job_queue_name,
            error_on_eviction: $entry.error_on_eviction,
            decoration: decoration($entry.decorate, $entry.decoration_config),
            extra_refs: $entry.extra_refs.into_iter().map(checkout).collect(),
            clone: CloneOptions {
                path_alias: $entry.path_alias,
                uri: $entry.clone_uri,
                skip_submodules: $entry.skip_submodules,
                depth: $entry.clone_depth,
                skip_fetch_head: $entry.skip_fetch_head,
            },
            rerun: $entry.rerun_auth_config.map(rerun).unwrap_or_default(),
            hidden: $entry.hidden,
            channel: $entry
                .reporter_config
                .and_then(|config| config.slack?.channel),
        }
    };
}

/// The jobs and presets of a file, with what is wrong with them.
pub(super) fn file(
    path: &str,
    file: FileId,
    entry: FileEntry,
    mut findings: Vec<Diagnostic>,
    patterns: &Patterns,
) -> JobFile {
    let path: Arc<str> = Arc::from(path);
    let errors = findings
        .iter()
        .filter(|finding| finding.severity == Severity::Error);
    let mut mistakes: Vec<u32> = errors.map(|error| error.span.start).collect();
    mistakes.sort_unstable();
    let mut reader = Reader {
        path: &path,
        patterns,
        mistakes: &mistakes,
        findings: &mut findings,
        jobs: Vec::new(),
    };
    for (repository, entries) in entry.presubmits.entries {
        for one in entries {
            reader.presubmit(&repository, one);
        }
    }
    for (repository, entries) in entry.postsubmits.entries {
        for one in entries {
            reader.postsubmit(&repository, one);
        }
    }
    for one in entry.periodics {
        reader.periodic(one);
    }
    let jobs = reader.jobs;
    let elsewhere = |at: &u32| {
        !jobs
            .iter()
            .any(|job| job.span.start <= *at && *at < job.span.end)
    };
    let incomplete = mistakes.iter().any(elsewhere);
    JobFile {
        incomplete,
        path,
        file,
        jobs,
        presets: entry.presets.into_iter().map(Arc::new).collect(),
        findings,
    }
}

struct Reader<'r> {
    path: &'r Arc<str>,
    patterns: &'r Patterns,
    /// Where what could not be read stands, sorted.
    mistakes: &'r [u32],
    findings: &'r mut Vec<Diagnostic>,
    jobs: Vec<Arc<Job>>,
}

impl Reader<'_> {
    /// Whether something in a part of the file could not be read.
    fn is_flawed(&self, span: Span) -> bool {
        let next = self.mistakes.partition_point(|at| *at < span.start);
        self.mistakes.get(next).is_some_and(|at| *at < span.end)
    }

    fn build<'b>(&'b mut self, name: &'b Spanned<String>, flawed: bool) -> Build<'b> {
        Build {
            name,
            flawed,
            patterns: self.patterns,
            conventions: &CONVENTIONS,
            findings: self.findings,
        }
    }

    fn add(&mut self, job: Job) {
        check::itself(&job, &CONVENTIONS, self.findings);
        self.jobs.push(Arc::new(job));
    }

    fn presubmit(&mut self, repository: &Spanned<String>, entry: Spanned<PresubmitEntry>) {
        let (span, entry) = (entry.span, entry.value);
        let flawed = self.is_flawed(span);
        let mut build = self.build(&entry.name, flawed);
        let kind = Kind::Presubmit(Presubmit {
            repository: repository.clone(),
            run: build.run(
                entry.run_if_changed,
                entry.skip_if_only_changed,
                entry.always_run,
            ),
            always_run: entry.always_run,
            optional: entry.optional,
            trigger: build.trigger(entry.trigger, entry.rerun_command),
            before_merge: entry.run_before_merge,
            branches: build.branches(entry.branches, entry.skip_branches),
            context: entry.context.filter(|context| !context.is_empty()),
            skip_report: entry.skip_report,
        });
        let job = job_of!(entry, kind, flawed, span, self.path);
        self.add(job);
    }

    fn postsubmit(&mut self, repository: &Spanned<String>, entry: Spanned<PostsubmitEntry>) {
        let (span, entry) = (entry.span, entry.value);
        let flawed = self.is_flawed(span);
        let mut build = self.build(&entry.name, flawed);
        let kind = Kind::Postsubmit(Postsubmit {
            repository: repository.clone(),
            run: build.run(
                entry.run_if_changed,
                entry.skip_if_only_changed,
                entry.always_run,
            ),
            always_run: entry.always_run,
            branches: build.branches(entry.branches, entry.skip_branches),
            context: entry.context.filter(|context| !context.is_empty()),
            skip_report: entry.skip_report,
        });
        let job = job_of!(entry, kind, flawed, span, self.path);
        self.add(job);
    }

    fn periodic(&mut self, entry: Spanned<PeriodicEntry>) {
        let (span, entry) = (entry.span, entry.value);
        let flawed = self.is_flawed(span);
        let mut build = self.build(&entry.name, flawed);
        let kind = Kind::Periodic(Periodic {
            schedule: build.schedule(entry.cron, entry.interval, entry.minimum_interval),
            tags: entry.tags,
            retry: entry.retry.map(|retry| Retry {
                run_all: retry.run_all,
                attempts: retry.attempts,
                interval: retry.interval,
            }),
        });
        let job = job_of!(entry, kind, flawed, span, self.path);
        self.add(job);
    }
}

/// The dashboards that the annotations of a job put it on.
fn placements(name: &Spanned<String>, annotations: &yaml::Map<Spanned<String>>) -> Vec<Placement> {
    let Some(dashboards) = annotations.get(DASHBOARDS) else {
        return Vec::new();
    };
    let tab = annotations.get(TAB).map(|tab| tab.value.as_str());
    let tab = tab.filter(|tab| !tab.is_empty()).unwrap_or(name);
    let named = dashboards
        .split(',')
        .map(str::trim)
        .filter(|dashboard| !dashboard.is_empty());
    named
        .map(|dashboard| Placement {
            dashboard: Spanned::new(dashboard.to_owned(), part(dashboards, dashboard)),
            tab: tab.to_owned(),
        })
        .collect()
}

/// Where a part of a value stands, if the value stands in the file as it is read.
fn part(whole: &Spanned<String>, part: &str) -> Span {
    let span = whole.span;
    let written = (span.end - span.start) as usize;
    let quote = match written
        .checked_sub(whole.len())
        .filter(|_| whole.is_ascii())
    {
        Some(0) => 0,
        Some(2) => 1,
        _ => return span,
    };
    // `part` is a slice of `whole`.
    let at = part.as_ptr() as usize - whole.value.as_ptr() as usize;
    let start = span.start as usize + quote + at;
    Span::new(span.file, start, start + part.len())
}

fn decoration(enabled: Option<bool>, config: Option<Spanned<DecorationEntry>>) -> Decoration {
    Decoration {
        enabled,
        span: config.as_ref().map(|config| config.span),
        settings: config
            .map(|config| settings(config.value))
            .unwrap_or_default(),
    }
}

/// What of decoration says how long a job may take and what it reaches.
pub(super) fn settings(entry: DecorationEntry) -> DecorationSettings {
    let named = [
        ("gcs", entry.gcs_credentials_secret),
        ("s3", entry.s3_credentials_secret),
        ("cookies", entry.cookiefile_secret),
        (
            "oauth",
            entry.oauth_token_secret.and_then(|secret| secret.name),
        ),
        (
            "github-app",
            entry
                .github_app_private_key_secret
                .and_then(|secret| secret.name),
        ),
    ];
    let named = named
        .into_iter()
        .filter_map(|(purpose, secret)| Some((purpose, secret?)));
    let keys = entry
        .ssh_key_secrets
        .into_iter()
        .map(|secret| ("ssh", secret));
    DecorationSettings {
        timeout: entry.timeout,
        grace_period: entry.grace_period,
        pending_timeout: entry.pod_pending_timeout,
        running_timeout: entry.pod_running_timeout,
        unscheduled_timeout: entry.pod_unscheduled_timeout,
        service_account: entry.default_service_account_name,
        secrets: named.chain(keys).collect(),
    }
}

fn checkout(entry: RefEntry) -> Checkout {
    Checkout {
        organisation: entry.org,
        repository: entry.repo,
        base: entry.base_ref,
        work_dir: entry.workdir,
        auxiliary: entry.auxiliary,
        clone: CloneOptions {
            path_alias: entry.path_alias,
            uri: entry.clone_uri,
            skip_submodules: entry.skip_submodules,
            depth: entry.clone_depth,
            skip_fetch_head: entry.skip_fetch_head,
        },
    }
}

fn rerun(entry: Spanned<RerunEntry>) -> Rerun {
    let (span, entry) = (entry.span, entry.value);
    let team = |team: super::entries::TeamEntry| {
        Spanned::new(format!("{}/{}", team.org, team.slug), team.slug.span)
    };
    Rerun {
        span: Some(span),
        anyone: entry.allow_anyone,
        users: entry.github_users,
        teams: entry.github_team_slugs.into_iter().map(team).collect(),
        team_ids: entry.github_team_ids,
        organisations: entry.github_orgs,
    }
}
