//! Jobs that hide each other: of one name, or with one result, for the same change.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use base::Diagnostic;

use crate::codes;
use crate::job::{Job, Kind, KindName};

/// Reports jobs that share a name, or what their result is called, where both may run.
pub(crate) fn check(jobs: &[Arc<Job>], findings: &mut Vec<Diagnostic>) {
    let mut by_repository: BTreeMap<(KindName, &str), Vec<&Job>> = BTreeMap::new();
    let mut periodics: HashMap<&str, &Job> = HashMap::new();
    for job in jobs {
        match job.repository() {
            Some(repository) => by_repository
                .entry((job.kind.name(), repository.value.as_str()))
                .or_default()
                .push(job),
            None => {
                if let Some(first) = periodics.get(job.name.value.as_str()) {
                    findings.push(twice(job, first));
                } else {
                    periodics.insert(&job.name.value, job);
                }
            }
        }
    }
    for jobs in by_repository.values() {
        names(jobs, findings);
        contexts(jobs, findings);
    }
}

fn twice(job: &Job, first: &Job) -> Diagnostic {
    let message = match job.kind {
        Kind::Periodic(_) => format!("a second periodic job is called {}", job.name),
        _ => format!(
            "a second job called {} may run for the same branch",
            job.name
        ),
    };
    Diagnostic::new(&codes::JOB_TWICE, job.name.span, message)
        .related(first.name.span, "the first")
        .help("give it another name, or other branches")
        .about(job.subject())
}

fn names(jobs: &[&Job], findings: &mut Vec<Diagnostic>) {
    let mut seen: HashMap<&str, Vec<&Job>> = HashMap::new();
    for job in jobs {
        let earlier = seen.entry(job.name.value.as_str()).or_default();
        if let Some(first) = earlier.iter().find(|first| meet(first, job)) {
            findings.push(twice(job, first));
        }
        earlier.push(job);
    }
}

fn contexts(jobs: &[&Job], findings: &mut Vec<Diagnostic>) {
    let mut seen: HashMap<&str, Vec<&Job>> = HashMap::new();
    for job in jobs {
        let Some(context) = job.context() else {
            continue;
        };
        let earlier = seen.entry(context.value.as_str()).or_default();
        let other = |first: &&&Job| first.name != job.name && meet(first, job);
        if let Some(first) = earlier.iter().find(other) {
            let message = format!("{} and {} both report as `{context}`", first.name, job.name);
            let finding = Diagnostic::new(&codes::JOB_CONTEXT, context.span, message);
            findings.push(
                finding
                    .related(
                        first.context().map_or(first.span, |context| context.span),
                        "the first",
                    )
                    .help("give one of them another `context`")
                    .about(job.subject()),
            );
        }
        earlier.push(job);
    }
}

fn meet(a: &Job, b: &Job) -> bool {
    match (a.branches(), b.branches()) {
        (Some(a), Some(b)) => a.intersect(b),
        _ => true,
    }
}
