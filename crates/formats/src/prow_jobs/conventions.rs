//! What Prow, TestGrid, Boskos and the release tools take for granted.

use std::collections::HashMap;
use std::sync::Arc;

use jobs::{Conventions, Job, KindName, Notes};

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
    notes: Notes {
        description: "description",
        alert: "testgrid-alert-email",
        tab: TAB,
        fork: FORK,
    },
    // As Dependabot names them, by each of the separators it may be told to use.
    bot_branches: &[
        "dependabot",
        "dependabot-package-dep",
        "dependabot/package/dep",
        "dependabot_package_dep",
    ],
    parents,
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

const MASTER: &str = "-master";

/// The jobs that copies for releases were made of, as `config-forker` names copies: a presubmit keeps
/// its name and is for the branch of the release; any other has the version, or `beta` and what
/// `config-rotator` makes of that, at the end of its name or wherever `-master` stood.
pub(super) fn parents(all: &[Arc<Job>]) -> Vec<Option<usize>> {
    let key = |job: &Job| {
        (
            job.kind.name(),
            job.repository().map(|name| name.value.clone()),
        )
    };
    let mut origins: HashMap<(KindName, Option<String>, &str), usize> = HashMap::new();
    for (at, job) in all.iter().enumerate() {
        if fork(job).is_some() {
            let (kind, repository) = key(job);
            origins
                .entry((kind, repository, &job.name.value))
                .or_insert(at);
        }
    }
    let parent = |job: &Arc<Job>| {
        if fork(job).is_some() {
            return None;
        }
        let (kind, repository) = key(job);
        let origin = |name: &str| {
            let found = origins.get_key_value(&(kind, repository.clone(), name));
            found.map(|(_, at)| *at)
        };
        if kind == KindName::Presubmit {
            let only = &job.branches()?.only;
            let released =
                matches!(only.as_slice(), [branch] if version_of_branch(branch).is_some());
            return origin(&job.name).filter(|_| released);
        }
        let (stem, suffix, generic) = without_release(&job.name)?;
        let named = origin(&job.name.replace(suffix, MASTER));
        let at = named.or_else(|| origin(stem).filter(|_| !stem.ends_with(MASTER)))?;
        (fork(&all[at])?.generic_suffix == generic).then_some(at)
    };
    all.iter().map(parent).collect()
}

fn version_of_branch(branch: &str) -> Option<&str> {
    let version = branch.strip_prefix("release-")?;
    let (major, minor) = version.split_once('.')?;
    (is_number(major) && is_number(minor)).then_some(version)
}

/// A name without the release at its end, that end, and whether it is a word in place of a version.
fn without_release(name: &str) -> Option<(&str, &str, bool)> {
    let (before, last) = name.rsplit_once('-')?;
    let generic = last == "beta" || last.strip_prefix("stable").is_some_and(is_number);
    let stem = if generic {
        before
    } else {
        let (stem, major) = before.rsplit_once('-')?;
        (is_number(last) && is_number(major)).then_some(stem)?
    };
    Some((stem, &name[stem.len()..], generic))
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}
