//! What Prow, TestGrid, Boskos and the release tools take for granted.

use jobs::{Conventions, Job};

/// What Prow takes for granted (`pkg/config`, `pkg/pod-utils` of prow at 2026-08).
pub static CONVENTIONS: Conventions = Conventions {
    agent: "kubernetes",
    agents: &["kubernetes", "jenkins", "tekton-pipeline"],
    pipeline_agent: "tekton-pipeline",
    cluster: "default",
    command: "/test",
    trigger: r"(?m)^/test( | .* )NAME,?($|\s.*)",
    variables: &[
        "CI",
        "JOB_NAME",
        "JOB_SPEC",
        "JOB_TYPE",
        "PROW_JOB_ID",
        "BUILD_ID",
        "BUILD_NUMBER",
    ],
    change_variables: &[
        "REPO_OWNER",
        "REPO_NAME",
        "SRC_BASE",
        "SRC_HOST",
        "PULL_BASE_REF",
        "PULL_BASE_SHA",
        "PULL_REFS",
    ],
    proposal_variables: &[
        "PULL_NUMBER",
        "PULL_PULL_SHA",
        "PULL_HEAD_REF",
        "PULL_TITLE",
    ],
    containers: &["clonerefs", "initupload", "place-entrypoint", "sidecar"],
    volumes: &["logs", "code", "tools", "gcs-credentials", "s3-credentials"],
    mounts: &["logs", "code", "tools"],
    mount_paths: &["/logs", "/home/prow/go", "/tools"],
    labels: &["prow.k8s.io/type", "created-by-prow", "prow.k8s.io/id"],
    preset_prefix: "preset-",
    annotations: &[
        "description",
        DASHBOARDS,
        TAB,
        "testgrid-alert-email",
        "testgrid-alert-stale-results-hours",
        "testgrid-base-options",
        "testgrid-broken-column-threshold",
        "testgrid-create-test-group",
        "testgrid-days-of-results",
        "testgrid-disable-prowjob-analysis",
        "testgrid-in-cell-metric",
        "testgrid-num-columns-recent",
        "testgrid-num-failures-to-alert",
        FORK,
        FORK_REPLACEMENTS,
        FORK_DELETIONS,
        FORK_INTERVAL,
        FORK_CRON,
        FORK_SUFFIX,
    ],
    pool_arguments: &[
        "--boskos-resource-type=",
        "--boskos-resource-type ",
        "--boskos-aws-resource-type=",
        "--boskos-aws-resource-type ",
        "--boskos-project-type=",
    ],
    pool_variables: &["BOSKOS_RESOURCE_TYPE", "BOSKOS_PROJECT_TYPE"],
};

/// The dashboards that show a job, with commas between them.
pub(super) const DASHBOARDS: &str = "testgrid-dashboards";
/// What a job is called there.
pub(super) const TAB: &str = "testgrid-tab-name";
const FORK: &str = "fork-per-release";
const FORK_REPLACEMENTS: &str = "fork-per-release-replacements";
const FORK_DELETIONS: &str = "fork-per-release-deletions";
const FORK_INTERVAL: &str = "fork-per-release-periodic-interval";
const FORK_CRON: &str = "fork-per-release-cron";
const FORK_SUFFIX: &str = "fork-per-release-generic-suffix";

/// How copies of a job are made for each branch of a release (`releng/config-forker` of test-infra).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fork {
    /// Texts to replace in the copy, each with what takes its place.
    pub replacements: Vec<(String, String)>,
    /// Annotations and labels that a copy does not have.
    pub deletions: Vec<String>,
    /// How often copies run, the newest branch first.
    pub intervals: Vec<String>,
    /// When copies run, the newest branch first.
    pub crons: Vec<String>,
    /// Whether copies are called `beta`, `stable1`, ... in place of the version.
    pub generic_suffix: bool,
}

/// How a job is copied for each branch of a release; `None` if it is not.
pub fn fork(job: &Job) -> Option<Fork> {
    let text = |key: &str| job.annotation(key).map_or("", |value| value.value.as_str());
    let list = |key: &str, between: &str| {
        let words = text(key).split(between).map(str::trim);
        words
            .filter(|word| !word.is_empty())
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    if text(FORK) != "true" {
        return None;
    }
    let pair = |replacement: &String| {
        let (old, new) = replacement.split_once("->")?;
        Some((old.trim().to_owned(), new.trim().to_owned()))
    };
    Some(Fork {
        replacements: list(FORK_REPLACEMENTS, ", ")
            .iter()
            .filter_map(pair)
            .collect(),
        deletions: list(FORK_DELETIONS, ", "),
        intervals: list(FORK_INTERVAL, " "),
        crons: list(FORK_CRON, ", "),
        generic_suffix: text(FORK_SUFFIX) == "true",
    })
}
