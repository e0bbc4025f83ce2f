//! The jobs and dashboards of Kubernetes in August 2026, counted, and their faults.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use base::{Severity, SourceMap};
use estate::Tree;
use formats::prow_jobs;
use jobs::{Approvers, Catalogue, Census, References, Target};

use super::{Read, read};
use crate::support::{DiskTree, shared};

const MANIFEST: &str = "commonhold: 1\nname: x\nsources:\n  - {format: prow-jobs, path: prow/config.yaml}\n  \
                        - {format: prow-jobs, path: jobs}\n  - {format: testgrid, path: testgrids}\n";

fn tree() -> Option<DiskTree> {
    shared("kubernetes/test-infra/config").map(DiskTree::new)
}

struct Loaded {
    read: Read,
    catalogue: Catalogue,
}

/// Read once for all tests: without optimisation it takes its time.
fn kubernetes() -> Option<(DiskTree, &'static Loaded)> {
    static LOADED: OnceLock<Option<Loaded>> = OnceLock::new();
    let load = || {
        let read = read(MANIFEST, &tree()?);
        let catalogue = read.jobs.catalogue();
        Some(Loaded { read, catalogue })
    };
    Some((tree()?, LOADED.get_or_init(load).as_ref()?))
}

/// The jobs, and what they were read from.
pub(super) fn catalogue() -> Option<(&'static Catalogue, &'static Read)> {
    let (_, loaded) = kubernetes()?;
    Some((&loaded.catalogue, &loaded.read))
}

/// Whoever a folder's file names, aliases as they stand.
fn approvers(tree: &DiskTree) -> Approvers {
    let paths = tree
        .find("jobs", &|name| name == "OWNERS")
        .expect("the folder");
    let folders = paths.iter().zip(tree.read_all(&paths)).map(|(path, text)| {
        let text = text.expect("a text");
        let file = SourceMap::default().add("OWNERS", "");
        let (documents, _) = yaml::parse(&text, file, yaml::Dialect::Go);
        let list = documents
            .first()
            .and_then(|document| document.get("approvers"));
        let people = match list.map(|list| &list.value) {
            Some(yaml::Value::Sequence(items)) => items
                .iter()
                .filter_map(|item| item.text().map(str::to_owned))
                .collect(),
            _ => Vec::new(),
        };
        (path.trim_end_matches("/OWNERS").to_owned(), people)
    });
    Approvers::of(folders)
}

fn errors(catalogue: &Catalogue, read: &Read) -> Vec<String> {
    let all = catalogue.findings.iter().chain(&read.jobs.findings);
    let errors = all.filter(|finding| finding.severity == Severity::Error);
    let said = errors.map(|error| {
        format!(
            "{} {} {}",
            read.sources.locate(error.span),
            error.code.id,
            error.message
        )
    });
    said.collect()
}

#[test]
fn the_census_is_that_of_prows_own_loader() {
    let Some((_, Loaded { catalogue, .. })) = kubernetes() else {
        return;
    };
    let census = Census::of(catalogue);
    let by_kind = |kind: jobs::ByKind| (kind.presubmits, kind.postsubmits, kind.periodics);
    assert_eq!(by_kind(census.jobs), (2261, 253, 3565));
    assert_eq!(census.jobs.total(), 6079);
    assert_eq!(by_kind(census.repositories), (159, 136, 0));
    let clusters: Vec<_> = census
        .clusters
        .iter()
        .map(|(name, kind)| (name.as_str(), by_kind(*kind)))
        .collect();
    assert_eq!(
        clusters,
        [
            ("eks-prow-build-cluster", (1402, 18, 510)),
            ("k8s-infra-aks-prow-build", (0, 0, 3)),
            ("k8s-infra-kops-prow-build", (79, 0, 1481)),
            ("k8s-infra-ppc64le-prow-build", (3, 2, 37)),
            ("k8s-infra-prow-build", (776, 10, 1443)),
            ("k8s-infra-prow-build-trusted", (0, 223, 76)),
            ("k8s-infra-s390x-prow-build", (1, 0, 15)),
        ]
    );
    assert_eq!((census.names, census.presets), (5840, 70));
    assert_eq!(
        (census.patterns, census.crons, census.images),
        (405, 2221, 103)
    );
    let forks = catalogue.jobs.iter().filter_map(|job| prow_jobs::fork(job));
    let forks: Vec<_> = forks.collect();
    assert_eq!(forks.len(), 111);
    let crons = forks.iter().flat_map(|fork| &fork.crons);
    for cron in crons {
        assert!(jobs::Cron::parse(cron).is_ok(), "{cron}");
    }
}

#[test]
fn prow_loads_it_so_nothing_is_an_error() {
    let Some((_, Loaded { read, catalogue })) = kubernetes() else {
        return;
    };
    let errors = errors(catalogue, read);
    assert!(errors.is_empty(), "{}", errors.join("\n"));
    assert!(!read.jobs.incomplete);
}

#[test]
fn its_silent_faults_are_found() {
    let Some((tree, Loaded { catalogue, .. })) = kubernetes() else {
        return;
    };
    let mut dead: BTreeMap<&str, usize> = BTreeMap::new();
    for label in catalogue.dead_presets() {
        *dead.entry(label.key.value.as_str()).or_default() += 1;
    }
    let dead: Vec<_> = dead.into_iter().collect();
    assert_eq!(
        dead,
        [
            ("preset-pull-kubernetes-e2e", 73),
            ("preset-pull-kubernetes-e2e-gce", 71)
        ]
    );
    assert_eq!(catalogue.long_names().len(), 320);
    let mut unknown: BTreeMap<(&str, Option<&str>), usize> = BTreeMap::new();
    for annotation in catalogue.unknown_annotations() {
        *unknown
            .entry((annotation.key.value.as_str(), annotation.near))
            .or_default() += 1;
    }
    let unknown: Vec<_> = unknown.into_iter().collect();
    assert_eq!(
        unknown,
        [
            (("test-grid-alert-email", Some("testgrid-alert-email")), 1),
            (("testgrid-description", None), 10),
        ]
    );
    let approvers = approvers(&tree);
    let few = approvers.under_owned(catalogue, 3);
    let (fall, few): (Vec<_>, Vec<_>) = few.into_iter().partition(|few| few.folder.is_none());
    assert_eq!((few.len(), fall.len()), (1169, 30));
}

#[test]
fn its_dashboards_fit_its_jobs() {
    let Some((_, Loaded { read, catalogue })) = kubernetes() else {
        return;
    };
    let boards = read.boards.boards(Some(catalogue));
    let said: Vec<String> = boards
        .findings
        .iter()
        .map(|finding| format!("{} {}", read.sources.locate(finding.span), finding.message))
        .collect();
    assert!(said.is_empty(), "{}", said.join("\n"));
    assert_eq!(boards.dashboards().count(), 462);
    assert_eq!(boards.tabs().count(), 2486);
    assert_eq!(boards.results().count(), 2335);
    assert_eq!(boards.groups().count(), 42);
    let asked = catalogue
        .jobs
        .iter()
        .filter(|job| job.placements.is_empty());
    assert_eq!(asked.count(), 425);
}

#[test]
fn references_lead_both_ways() {
    let Some((tree, Loaded { read, catalogue })) = kubernetes() else {
        return;
    };
    let approvers = approvers(&tree);
    let boards = read.boards.boards(Some(catalogue));
    let references = References::of(catalogue, Some(&boards), Some(&approvers));
    let jobs = |target: Target| references.jobs(&target).len();
    assert_eq!(
        jobs(Target::Cluster("k8s-infra-aks-prow-build".to_owned())),
        3
    );
    // Every job is given the two presets without labels; the credential comes through a preset alone.
    assert_eq!(jobs(Target::Preset("every job".to_owned())), 6079);
    let labelled = catalogue.jobs.iter().filter(|job| {
        job.labels
            .get("preset-k8s-ssh")
            .is_some_and(|label| label.value == "true")
    });
    assert_eq!(
        jobs(Target::Secret("ssh-key-secret".to_owned())),
        labelled.count()
    );
    assert_eq!(jobs(Target::Pool("aws-account".to_owned())), 1);
    assert!(jobs(Target::Pool("gpu-project".to_owned())) >= 8);
    for (target, mentions) in references.all().step_by(97) {
        for mention in mentions {
            assert!(
                references
                    .of_job(mention.job)
                    .iter()
                    .any(|(other, _)| *other == target)
            );
        }
    }
}

#[test]
fn every_effective_job_has_what_its_presets_add() {
    let Some((_, Loaded { catalogue, .. })) = kubernetes() else {
        return;
    };
    for at in 0..catalogue.jobs.len() {
        let effective = catalogue.effective(at).expect("a job");
        let workload = effective.workload.expect("a workload");
        assert!(workload.containers.iter().all(|container| {
            container.variable("GOPROXY").is_some() && container.variable("GOTOOLCHAIN").is_some()
        }));
        assert!(effective.decorated && effective.decoration.timeout.is_some());
    }
}
