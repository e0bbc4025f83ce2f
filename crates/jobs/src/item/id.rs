//! What jobs are called here: names that stay when files move.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use crate::job::Job;

/// The id of each job. Of several that would share one, the first that is no copy and is for
/// branches in general keeps it; the others say their branches, or are counted.
pub(super) fn of_jobs(jobs: &[Arc<Job>], parents: &[Option<usize>]) -> Vec<String> {
    let mut ids: Vec<String> = jobs.iter().map(|job| plain(job)).collect();
    let mut places: HashMap<&str, Vec<usize>> = HashMap::with_capacity(jobs.len());
    for (at, id) in ids.iter().enumerate() {
        places.entry(id).or_default().push(at);
    }
    let shared: Vec<Vec<usize>> = places
        .into_values()
        .filter(|places| places.len() > 1)
        .collect();
    for mut places in shared {
        let special = |at: usize| {
            let copy = parents.get(at).is_some_and(Option::is_some);
            let only = jobs[at]
                .branches()
                .is_some_and(|branches| !branches.only.is_empty());
            (copy, only, at)
        };
        places.sort_by_key(|at| special(*at));
        let mut taken: HashSet<String> = HashSet::new();
        for (nth, at) in places.into_iter().enumerate() {
            let said = said_branches(&jobs[at]);
            let tells = taken.insert(said.clone()) && !said.is_empty();
            if nth > 0 {
                ids[at] += &if tells {
                    format!("@{said}")
                } else {
                    format!("#{}", nth + 1)
                };
            }
        }
    }
    ids
}

fn plain(job: &Job) -> String {
    let kind = job.kind.name();
    match job.repository() {
        Some(repository) => format!("{kind}/{repository}/{}", job.name),
        None => format!("{kind}/{}", job.name),
    }
}

/// The branches that a job is for, as written, those that are skipped with a `-`.
fn said_branches(job: &Job) -> String {
    let Some(branches) = job.branches() else {
        return String::new();
    };
    let only = branches.only.iter().map(|branch| branch.value.clone());
    let skip = branches.skip.iter().map(|branch| format!("-{branch}"));
    only.chain(skip).collect::<Vec<_>>().join(",")
}
