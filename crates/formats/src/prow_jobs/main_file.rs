//! The main file: what holds for all jobs, among much that is about other parts of Prow.

use base::{Diagnostic, FileId, Spanned};
use jobs::{DecorationDefault, JobFile, Opaque, Patterns, PresetEntry, Settings};
use yaml::{Decoding, FromYaml, Map, Profile, record};

use super::convert;
use super::entries::{DecorationEntry, FileEntry, PeriodicEntry, PostsubmitEntry, PresubmitEntry};

record! {
    /// The main file (`Config` in `pkg/config/config.go` of prow). What says nothing about jobs is known
    /// and not looked into.
    pub struct MainEntry {
        /// What labels add to jobs.
        pub presets: Vec<Spanned<PresetEntry>>,
        /// By repository.
        pub presubmits: Map<Vec<Spanned<PresubmitEntry>>>,
        /// By repository.
        pub postsubmits: Map<Vec<Spanned<PostsubmitEntry>>>,
        /// Jobs of the clock.
        pub periodics: Vec<Spanned<PeriodicEntry>>,
        /// Whether jobs that do not say are decorated.
        pub decorate_all_jobs: Option<bool>,
        /// A place for anchors.
        pub prow_ignored: Option<Opaque>,
        /// Who starts jobs, and how.
        pub plank: Option<Opaque>,
        /// Where jobs run.
        pub pod_namespace: Option<String>,
        /// Where jobs are recorded.
        pub prowjob_namespace: Option<String>,
        /// Known.
        pub config_version_sha: Option<Opaque>,
        /// Known.
        pub tide: Option<Opaque>,
        /// Known.
        pub pipeline: Option<Opaque>,
        /// Known.
        pub sinker: Option<Opaque>,
        /// Known.
        pub deck: Option<Opaque>,
        /// Known.
        pub branch_protection as "branch-protection": Option<Opaque>,
        /// Known.
        pub gerrit: Option<Opaque>,
        /// Known.
        pub github_reporter: Option<Opaque>,
        /// Known.
        pub horologium: Option<Opaque>,
        /// Known.
        pub slack_reporter_configs: Option<Opaque>,
        /// Known.
        pub in_repo_config: Option<Opaque>,
        /// Known.
        pub gangway: Option<Opaque>,
        /// Known.
        pub moonraker: Option<Opaque>,
        /// Known.
        pub scheduler: Option<Opaque>,
        /// Known.
        pub jenkins_operators: Option<Opaque>,
        /// Known.
        pub log_level: Option<Opaque>,
        /// Known.
        pub push_gateway: Option<Opaque>,
        /// Known.
        pub owners_dir_denylist: Option<Opaque>,
        /// Known.
        pub pubsub_subscriptions: Option<Opaque>,
        /// Known.
        pub pubsub_triggers: Option<Opaque>,
        /// Known.
        pub github: Option<Opaque>,
        /// Known.
        pub status_error_link: Option<Opaque>,
        /// Known.
        pub default_job_timeout: Option<Opaque>,
        /// Known.
        pub managed_webhooks: Option<Opaque>,
        /// Known.
        pub prowjob_default_entries: Option<Opaque>,
        /// Known.
        pub disabled_clusters: Option<Opaque>,
    }
}

record! {
    /// Decoration of the jobs of a repository or a cluster.
    pub struct DefaultDecorationEntry {
        /// `organisation/name`, `organisation` or `*`.
        pub repo: Option<String>,
        /// Its name, or `*`.
        pub cluster: Option<String>,
        /// How they are decorated.
        pub config: Option<DecorationEntry>,
    }
}

/// The namespace that jobs run in where the main file does not say.
const NAMESPACE: &str = "default";

/// Reads the main file.
pub(super) fn read(
    path: &str,
    text: &str,
    file: FileId,
    patterns: &Patterns,
) -> (JobFile, Settings) {
    let (entry, mut findings) = super::decode::<MainEntry>(text, file);
    let Some(entry) = entry else {
        let entry = FileEntry::default();
        return (
            convert::file(path, file, entry, findings, patterns),
            Settings::default(),
        );
    };
    let plank = entry.plank.as_ref();
    let queues = key::<Map<u32>>(plank, "job_queue_capacities", &mut findings).unwrap_or_default();
    let namespace = entry
        .pod_namespace
        .filter(|namespace| !namespace.is_empty());
    let settings = Settings {
        queues: Some(
            queues
                .entries
                .into_iter()
                .map(|(name, _)| name.value)
                .collect(),
        ),
        namespace: Some(namespace.unwrap_or_else(|| NAMESPACE.to_owned())),
        decorate_all: entry.decorate_all_jobs.unwrap_or(false),
        decoration: decoration(plank, &mut findings),
    };
    let jobs = FileEntry {
        presets: entry.presets,
        presubmits: entry.presubmits,
        postsubmits: entry.postsubmits,
        periodics: entry.periodics,
        decorate_all_jobs: entry.decorate_all_jobs,
        prow_ignored: entry.prow_ignored,
    };
    (
        convert::file(path, file, jobs, findings, patterns),
        settings,
    )
}

/// Decoration by repository and cluster, in the order in which it is merged.
fn decoration(plank: Option<&Opaque>, findings: &mut Vec<Diagnostic>) -> Vec<DecorationDefault> {
    // Keys of the older form are repositories; `*` is every one.
    let older = key::<Map<DecorationEntry>>(plank, "default_decoration_configs", findings);
    let older = older
        .unwrap_or_default()
        .entries
        .into_iter()
        .map(|(repository, config)| DecorationDefault {
            repository: Some(repository.value),
            cluster: None,
            settings: convert::settings(config),
        });
    let mut decoration: Vec<DecorationDefault> = older.collect();
    // The most general comes first, so that a narrower one wins.
    decoration.sort_by_key(|default| {
        let repository = default.repository.clone().unwrap_or_default();
        (repository != "*", repository.contains('/'), repository)
    });
    let entries: Option<Vec<DefaultDecorationEntry>> =
        key(plank, "default_decoration_config_entries", findings);
    decoration.extend(
        entries
            .unwrap_or_default()
            .into_iter()
            .map(|default| DecorationDefault {
                repository: default.repo,
                cluster: default.cluster,
                settings: default.config.map(convert::settings).unwrap_or_default(),
            }),
    );
    decoration
}

/// One key of a part that is not read as a whole.
fn key<T: FromYaml>(part: Option<&Opaque>, key: &str, found: &mut Vec<Diagnostic>) -> Option<T> {
    let node = part?.node().get(key)?;
    let (value, findings) = Decoding::read::<T>(node, Profile::GO_JSON_STRICT);
    found.extend(findings);
    value
}
