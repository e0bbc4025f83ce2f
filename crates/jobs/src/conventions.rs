//! What a CI system takes for granted. The adapter of its files gives it.

use std::sync::Arc;

use crate::{Job, KindName};

/// Names that a CI system keeps for itself, what it takes where a job says nothing, and how jobs
/// say what other programs do with them.
#[derive(Debug)]
pub struct Conventions {
    /// The agent of a job that names none: the one that runs a workload.
    pub agent: &'static str,
    /// The agents whose jobs can be judged.
    pub agents: &'static [&'static str],
    /// The agent whose jobs have a pipeline in place of a workload.
    pub pipeline_agent: &'static str,
    /// The cluster of a job that names none.
    pub cluster: &'static str,
    /// The comment that sets off a job, in front of its name.
    pub command: &'static str,
    /// The pattern of comments that set off a job; `NAME` stands for its name.
    pub trigger: &'static str,
    /// Variables that every job is given.
    pub variables: &'static [&'static str],
    /// Variables that jobs for a change, proposed or taken, are given besides.
    pub change_variables: &'static [&'static str],
    /// Variables that jobs for a proposed change are given besides.
    pub proposal_variables: &'static [&'static str],
    /// Containers that are put beside those of a job.
    pub containers: &'static [&'static str],
    /// Volumes that are put beside those of a job.
    pub volumes: &'static [&'static str],
    /// Volumes that are mounted into a job's containers.
    pub mounts: &'static [&'static str],
    /// Where they are mounted.
    pub mount_paths: &'static [&'static str],
    /// Labels that every job is given.
    pub labels: &'static [&'static str],
    /// How labels that ask for a preset begin.
    pub preset_prefix: &'static str,
    /// Annotations without a domain that some program reads.
    pub annotations: &'static [&'static str],
    /// Arguments that ask a pool for a resource, up to its type: `--resource-type=`.
    pub pool_arguments: &'static [&'static str],
    /// Variables whose value is the type of a resource that a pool is asked for.
    pub pool_variables: &'static [&'static str],
    /// The annotations by which a job says what other programs do with it.
    pub notes: Notes,
    /// Names as programs give them to branches of what they propose.
    pub bot_branches: &'static [&'static str],
    /// Of each job, the place of the one that it is a release's copy of.
    pub parents: fn(&[Arc<Job>]) -> Vec<Option<usize>>,
}

/// The keys of annotations that mean something here.
#[derive(Debug)]
pub struct Notes {
    /// What the job is for.
    pub description: &'static str,
    /// Who is told when it fails: addresses, with commas between them.
    pub alert: &'static str,
    /// What it is called on dashboards.
    pub tab: &'static str,
    /// Whether it is copied for each release: `true`.
    pub fork: &'static str,
}

impl Conventions {
    /// Whether jobs of a kind are given a variable, which they must not set themselves.
    pub fn is_reserved(&self, variable: &str, kind: KindName) -> bool {
        let change = kind != KindName::Periodic && self.change_variables.contains(&variable);
        let proposal = kind == KindName::Presubmit && self.proposal_variables.contains(&variable);
        self.variables.contains(&variable) || change || proposal
    }

    /// The comment that sets off a job where it does not say another.
    pub fn command_for(&self, name: &str) -> String {
        format!("{} {name}", self.command)
    }

    /// What a comment that sets off a job names: all behind the command.
    pub fn named_by<'c>(&self, comment: &'c str) -> Option<&'c str> {
        let named = comment.trim().strip_prefix(self.command)?;
        named
            .starts_with(char::is_whitespace)
            .then(|| named.trim_start())
    }

    /// The pattern of comments that set off a job where it does not say another.
    pub fn trigger_for(&self, name: &str) -> String {
        self.trigger.replace("NAME", name)
    }
}
