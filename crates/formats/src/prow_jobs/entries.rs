//! The files as Prow knows them (`pkg/config/jobs.go`, `pkg/apis/prowjobs/v1/types.go` of prow).

use base::Spanned;
use jobs::{Duration, Opaque, PresetEntry, Workload};
use yaml::{Map, record};

record! {
    /// A file of jobs.
    #[derive(Default)]
    pub struct FileEntry {
        /// What labels add to jobs.
        pub presets: Vec<Spanned<PresetEntry>>,
        /// By repository.
        pub presubmits: Map<Vec<Spanned<PresubmitEntry>>>,
        /// By repository.
        pub postsubmits: Map<Vec<Spanned<PostsubmitEntry>>>,
        /// Jobs of the clock.
        pub periodics: Vec<Spanned<PeriodicEntry>>,
        /// Whether jobs that do not say are decorated; Prow minds it in the main file only.
        pub decorate_all_jobs: Option<bool>,
        /// A place for anchors; nothing reads it.
        pub prow_ignored: Option<Opaque>,
    }
}

/// Declares a record that has the keys of every job and its own.
macro_rules! job {
    ($(#[doc = $doc:literal])+ pub struct $Name:ident { $($own:tt)* }) => {
        record! {
            $(#[doc = $doc])+
            pub struct $Name {
                /// Letters, digits, `-`, `.`, `_`.
                pub name: Spanned<String>,
                /// Of the job and of what it runs.
                pub labels: Map<Spanned<String>>,
                /// 0 is any number.
                pub max_concurrency: u32 = 0,
                /// Who starts it.
                pub agent: Option<Spanned<String>>,
                /// Where it runs.
                pub cluster: Option<Spanned<String>>,
                /// Where in the cluster.
                pub namespace: Option<Spanned<String>>,
                /// Whether the loss of its machine is an error.
                pub error_on_eviction: Option<Spanned<bool>>,
                /// What it runs.
                pub spec: Option<Workload>,
                /// What it runs, for Tekton.
                pub pipeline_run_spec: Option<Opaque>,
                /// The same, with a version.
                pub tekton_pipeline_run_spec: Option<Opaque>,
                /// For other programs.
                pub annotations: Map<Spanned<String>>,
                /// Where it reports.
                pub reporter_config: Option<ReporterEntry>,
                /// Who may run it again.
                pub rerun_auth_config: Option<Spanned<RerunEntry>>,
                /// Whether only some may see it.
                pub hidden: bool = false,
                /// Whose it is.
                pub prowjob_defaults: Option<DefaultsEntry>,
                /// Whose limit it shares.
                pub job_queue_name: Option<Spanned<String>>,
                /// Whether it is decorated.
                pub decorate: Option<bool>,
                /// Under which path of imports its repository is checked out.
                pub path_alias: Option<Spanned<String>>,
                /// From where.
                pub clone_uri: Option<Spanned<String>>,
                /// Whether repositories within are left out.
                pub skip_submodules: bool = false,
                /// How many commits.
                pub clone_depth: u32 = 0,
                /// Whether only the branch is fetched.
                pub skip_fetch_head: bool = false,
                /// Further repositories.
                pub extra_refs: Vec<RefEntry>,
                /// How it is decorated.
                pub decoration_config: Option<Spanned<DecorationEntry>>,
                $($own)*
            }
        }
    };
}

job! {
    /// A job for a proposed change.
    pub struct PresubmitEntry {
        /// Whether it runs at every change.
        pub always_run: Option<Spanned<bool>>,
        /// Whether it may fail.
        pub optional: bool = false,
        /// The comment that sets it off.
        pub trigger: Option<Spanned<String>>,
        /// The comment that is suggested.
        pub rerun_command: Option<Spanned<String>>,
        /// Whether it runs once more before the merge.
        pub run_before_merge: bool = false,
        /// Branches it is for.
        pub branches: Vec<Spanned<String>>,
        /// Branches it is not for.
        pub skip_branches: Vec<Spanned<String>>,
        /// Paths that set it off.
        pub run_if_changed: Option<Spanned<String>>,
        /// Paths that do not.
        pub skip_if_only_changed: Option<Spanned<String>>,
        /// What its result is called.
        pub context: Option<Spanned<String>>,
        /// Whether it says nothing.
        pub skip_report: bool = false,
        /// For Jenkins.
        pub jenkins_spec: Option<Opaque>,
    }
}

job! {
    /// A job for a change that was merged.
    pub struct PostsubmitEntry {
        /// Whether it runs at every change; not said is true.
        pub always_run: Option<Spanned<bool>>,
        /// Branches it is for.
        pub branches: Vec<Spanned<String>>,
        /// Branches it is not for.
        pub skip_branches: Vec<Spanned<String>>,
        /// Paths that set it off.
        pub run_if_changed: Option<Spanned<String>>,
        /// Paths that do not.
        pub skip_if_only_changed: Option<Spanned<String>>,
        /// What its result is called.
        pub context: Option<Spanned<String>>,
        /// Whether it says nothing.
        pub skip_report: bool = false,
        /// For Jenkins.
        pub jenkins_spec: Option<Opaque>,
    }
}

job! {
    /// A job of the clock.
    pub struct PeriodicEntry {
        /// So long after it began.
        pub interval: Option<Spanned<Duration>>,
        /// So long after it ended.
        pub minimum_interval: Option<Spanned<Duration>>,
        /// At times of the calendar.
        pub cron: Option<Spanned<String>>,
        /// Words under which it is found.
        pub tags: Vec<String>,
        /// What becomes of it when it fails.
        pub retry: Option<RetryEntry>,
    }
}

record! {
    /// What becomes of a job that failed.
    pub struct RetryEntry {
        /// Whether success ends it not.
        pub run_all: bool = false,
        /// How often.
        pub attempts: u32 = 0,
        /// How long after.
        pub interval: Option<Spanned<Duration>>,
    }
}

record! {
    /// Where a job reports.
    pub struct ReporterEntry {
        /// In chat.
        pub slack: Option<SlackEntry>,
    }
}

record! {
    /// How a job reports in chat.
    pub struct SlackEntry {
        /// Of which company.
        pub host: Option<String>,
        /// Where.
        pub channel: Option<Spanned<String>>,
        /// Which results.
        pub job_states_to_report: Vec<String>,
        /// In which words.
        pub report_template: Option<String>,
        /// Whether at all.
        pub report: Option<bool>,
    }
}

record! {
    /// Who may run a job again.
    pub struct RerunEntry {
        /// Anybody.
        pub allow_anyone: bool = false,
        /// Teams by number.
        pub github_team_ids: Vec<Spanned<u32>>,
        /// Teams by name.
        pub github_team_slugs: Vec<TeamEntry>,
        /// People by login.
        pub github_users: Vec<Spanned<String>>,
        /// Everybody in an organisation.
        pub github_orgs: Vec<Spanned<String>>,
    }
}

record! {
    /// A team of an organisation.
    pub struct TeamEntry {
        /// The team.
        pub slug: Spanned<String>,
        /// The organisation.
        pub org: Spanned<String>,
    }
}

record! {
    /// Whose a job is.
    pub struct DefaultsEntry {
        /// Where its results are stored.
        pub resultstore_config: Option<ResultStoreEntry>,
        /// Whose it is.
        pub tenant_id: Option<String>,
    }
}

record! {
    /// Where results are stored.
    pub struct ResultStoreEntry {
        /// The project.
        pub project_id: Option<String>,
    }
}

record! {
    /// A repository that is checked out.
    pub struct RefEntry {
        /// Whose.
        pub org: Spanned<String>,
        /// Its name.
        pub repo: Spanned<String>,
        /// Its page.
        pub repo_link: Option<String>,
        /// The branch.
        pub base_ref: Option<Spanned<String>>,
        /// The commit.
        pub base_sha: Option<String>,
        /// The commit's page.
        pub base_link: Option<String>,
        /// Changes on top; Prow sets them itself.
        pub pulls: Option<Opaque>,
        /// Under which path of imports.
        pub path_alias: Option<Spanned<String>>,
        /// Whether the job starts in it.
        pub workdir: bool = false,
        /// Whether it is only a help.
        pub auxiliary: bool = false,
        /// From where.
        pub clone_uri: Option<Spanned<String>>,
        /// Whether repositories within are left out.
        pub skip_submodules: bool = false,
        /// How many commits.
        pub clone_depth: u32 = 0,
        /// Whether only the branch is fetched.
        pub skip_fetch_head: bool = false,
        /// Whether contents are fetched when they are needed.
        pub blobless_fetch: Option<bool>,
        /// Which paths alone.
        pub sparse_checkout_files: Vec<String>,
    }
}

record! {
    /// How a job is decorated.
    pub struct DecorationEntry {
        /// How long it may take.
        pub timeout: Option<Spanned<Duration>>,
        /// How long it has to end.
        pub grace_period: Option<Spanned<Duration>>,
        /// The programs beside it.
        pub utility_images: Option<Opaque>,
        /// What those ask for.
        pub resources: Option<Opaque>,
        /// Where results go.
        pub gcs_configuration: Option<Opaque>,
        /// With which secret.
        pub gcs_credentials_secret: Option<Spanned<String>>,
        /// With which secret.
        pub s3_credentials_secret: Option<Spanned<String>>,
        /// As whom.
        pub default_service_account_name: Option<Spanned<String>>,
        /// With which secrets repositories are fetched.
        pub ssh_key_secrets: Vec<Spanned<String>>,
        /// From which hosts.
        pub ssh_host_fingerprints: Vec<String>,
        /// Whether contents are fetched when they are needed.
        pub blobless_fetch: Option<bool>,
        /// Which paths alone.
        pub sparse_checkout_files: Vec<String>,
        /// Whether nothing is fetched.
        pub skip_cloning: Option<bool>,
        /// With which secret repositories are fetched.
        pub cookiefile_secret: Option<Spanned<String>>,
        /// With which secret repositories are fetched.
        pub oauth_token_secret: Option<SecretKeyEntry>,
        /// Where GitHub answers.
        pub github_api_endpoints: Vec<String>,
        /// As which application.
        pub github_app_id: Option<String>,
        /// With which secret.
        pub github_app_private_key_secret: Option<SecretKeyEntry>,
        /// Whether secrets are taken out of logs.
        pub censor_secrets: Option<bool>,
        /// How.
        pub censoring_options: Option<Opaque>,
        /// Whether uploads go on when the job is stopped.
        pub upload_ignores_interrupts: Option<bool>,
        /// Whether memory asked for is all that may be used.
        pub set_limit_equals_memory_request: Option<bool>,
        /// How much memory is asked for where nothing is.
        pub default_memory_request: Option<jobs::Quantity>,
        /// Where it may run.
        pub scheduling_options: Option<Opaque>,
        /// How long images may take.
        pub pod_pending_timeout: Option<Spanned<Duration>>,
        /// How long it may run.
        pub pod_running_timeout: Option<Spanned<Duration>>,
        /// How long it may wait for a machine.
        pub pod_unscheduled_timeout: Option<Spanned<Duration>>,
        /// As which user.
        pub run_as_user: Option<Opaque>,
        /// As which group.
        pub run_as_group: Option<Opaque>,
        /// Whose files are.
        pub fs_group: Option<Opaque>,
    }
}

record! {
    /// A value of a secret.
    pub struct SecretKeyEntry {
        /// The secret.
        pub name: Option<Spanned<String>>,
        /// The value.
        pub key: Option<String>,
    }
}
