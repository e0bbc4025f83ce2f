//! What the example estate has moved, and what it has left: as the working group's report on 2020 says.

use std::fs;
use std::path::Path;

use commonhold::Exit;
use serde_json::Value;

use crate::support::{Folder, example, root, run_in, write};

fn told(arguments: &str) -> Value {
    let outcome = example(&format!("{arguments} --output json"));
    serde_json::from_str(&outcome.data)
        .unwrap_or_else(|error| panic!("{arguments}: {error}\n{}", outcome.notes))
}

/// The ids of the things of a migration that are in one of these states, sorted.
fn in_states(migration: &str, states: &[&str]) -> Vec<String> {
    let all = told(&format!("migration status {migration} --assets"));
    let assets = all["assets"].as_array().expect("assets").iter();
    let mut ids: Vec<String> = assets
        .filter(|asset| states.contains(&asset["state"].as_str().unwrap()))
        .map(|asset| asset["id"].as_str().unwrap().to_owned())
        .collect();
    ids.sort();
    ids
}

const LEFT: [&str; 5] = ["ready", "todo", "blocked", "in-flight", "excepted"];

#[test]
fn of_1780_jobs_288_have_moved_as_the_report_on_2020_says() {
    let standing = told("migration status ci-jobs");
    let jobs = &standing["migrations"][0];
    assert_eq!(jobs["left"], 1492);
    assert_eq!(jobs["new"], 0);
    assert_eq!(jobs["listed"], 1492);
    let states = jobs["states"].as_object().expect("states");
    assert_eq!(states["moved"], 288);
    let all: i64 = states.values().map(|count| count.as_i64().unwrap()).sum();
    assert_eq!(all, 1780);
    let text = example("migration status ci-jobs").data;
    assert!(text.contains("1492 of 1780 are left."), "{text}");
}

#[test]
fn the_services_that_the_report_names_have_moved_and_the_rest_has_not() {
    let moved = [
        "cert-manager",
        "dns-k8s-io",
        "dns-kubernetes-io",
        "gcsweb",
        "k8s-gcr-io",
        "k8s-io-redirector",
        "node-perf-dash",
        "perfdash",
        "publishing-bot",
        "release-build",
        "slack-infra",
    ];
    assert_eq!(in_states("services", &["moved"]), moved);
    let at_both = [
        "boskos",
        "conformance-results",
        "e2e-projects",
        "gs-k8s-release-dev",
    ];
    assert_eq!(in_states("services", &["in-flight"]), at_both);
    let left = in_states("services", &LEFT);
    assert_eq!(left.len(), 25);
    for of_the_report in [
        "deb-rpm-packages",
        "gs-kubernetes-jenkins",
        "gs-kubernetes-release",
        "gubernator",
        "k8s-testimages",
        "kettle",
        "prow",
        "triage-ui",
    ] {
        assert!(left.iter().any(|id| id == of_the_report), "{of_the_report}");
    }
}

#[test]
fn ten_projects_of_the_vendor_are_left_and_of_one_nobody_knows_why() {
    let left = [
        "gcp-google-containers",
        "gcp-k8s-federated-conformance",
        "gcp-k8s-gubernator",
        "gcp-k8s-prow",
        "gcp-k8s-prow-builds",
        "gcp-k8s-tempelis",
        "gcp-k8s-testimages",
        "gcp-kubebuilder",
        "gcp-kubernetes-jenkins",
        "gcp-kubernetes-site",
    ];
    assert_eq!(in_states("vendor-projects", &LEFT), left);
    let emptied = ["gcp-k8s-mungegithub", "gcp-kubernetes-tools"];
    assert_eq!(in_states("vendor-projects", &["moved"]), emptied);
    let all = told("migration status vendor-projects --assets");
    let site = all["assets"].as_array().unwrap().iter();
    let site = site.clone().find(|one| one["id"] == "gcp-kubernetes-site");
    let because = site.expect("the project")["because"].to_string();
    assert!(because.contains("unknown-contents"), "{because}");
}

#[test]
fn the_credentials_that_hold_most_are_freed_first() {
    let next = told("migration next ci-jobs --count 3");
    let free = next["migrations"][0]["free"]
        .as_array()
        .expect("locks")
        .iter();
    let locks: Vec<&str> = free.map(|one| one["lock"].as_str().unwrap()).collect();
    let expected = [
        "credential: aws-credentials-kops",
        "credential: aws-ssh-key-kops",
        "credential: azure-credentials",
    ];
    assert_eq!(locks, expected);
    for batch in next["migrations"][0]["move"].as_array().expect("batches") {
        assert_ne!(batch["owner"], "", "{batch}");
    }
}

#[test]
fn the_waves_of_services_end_before_they_are_due_and_say_what_goes_round() {
    let plan = told("migration waves services");
    assert_eq!(plan["counts"]["left"], 25);
    let (ends, due) = (
        plan["ends"].as_str().unwrap(),
        plan["due"].as_str().unwrap(),
    );
    assert!(ends < due, "{ends} is not before {due}");
    let text = example("migration waves services").data;
    assert!(text.contains("prow-autobump calls prow-plank"), "{text}");
}

#[test]
fn the_working_group_may_not_end_and_is_told_what_is_lacking() {
    let answer = told("migration done");
    assert_eq!(answer["done"], false);
    let criteria = answer["criteria"].as_array().expect("criteria").iter();
    let unmet: Vec<&str> = criteria
        .filter(|one| one["holds"] == false)
        .map(|one| one["id"].as_str().unwrap())
        .collect();
    assert!(unmet.starts_with(&["goals", "held"]), "{unmet:?}");
    assert!(unmet.contains(&"owned"), "{unmet:?}");
}

/// The example estate in a folder of its own.
fn copy() -> Folder {
    let folder = Folder::new();
    copy_below(&root().join("examples/kubernetes"), &folder.0);
    folder
}

fn copy_below(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder of the example") {
        let entry = entry.expect("an entry");
        let (from, to) = (entry.path(), to.join(entry.file_name()));
        if from.is_dir() {
            copy_below(&from, &to);
        } else {
            fs::copy(&from, &to).expect("a file of the example");
        }
    }
}

const NODE_JOBS: &str = "jobs/sig-node/node-containerd.yaml";
const LIST: &str = "migrations/ci-jobs.baseline";

#[test]
fn a_job_that_is_added_to_the_vendors_cluster_fails_the_check() {
    let estate = copy();
    let path = estate.0.join(NODE_JOBS);
    let text = fs::read_to_string(&path).expect("jobs");
    let added = "- name: ci-node-containerd-new\n  interval: 8h\n  spec: {containers: [{image: alpine, args: [x]}]}\n";
    write(&path, &(text.trim_end().to_owned() + "\n" + added));
    let outcome = run_in(&estate.0, "check --at 2021-01-15 --output json");
    assert_eq!(outcome.exit, Exit::Findings);
    let report: Value = serde_json::from_str(&outcome.data).expect("a report");
    let findings = report["findings"].as_array().unwrap().iter();
    let grown: Vec<&Value> = findings
        .filter(|one| one["id"] == "ratchet-grown")
        .collect();
    let [grown] = grown.as_slice() else {
        panic!("{grown:?}");
    };
    assert_eq!(grown["place"]["path"], NODE_JOBS);
    let line = text.trim_end().lines().count() + 1;
    assert_eq!(grown["place"]["line"], line);
    let message = grown["message"].as_str().unwrap();
    assert!(
        message.contains("periodic/ci-node-containerd-new"),
        "{message}"
    );
}

#[test]
fn a_job_that_leaves_the_vendors_cluster_leaves_the_list() {
    let estate = copy();
    let path = estate.0.join(NODE_JOBS);
    let text = fs::read_to_string(&path).expect("jobs");
    let name = "- name: ci-node-containerd-main-cos-build\n";
    assert!(text.contains(name));
    let moved = text.replace(name, &format!("{name}  cluster: k8s-infra-prow-build\n"));
    write(&path, &moved);
    let before = fs::read_to_string(estate.0.join(LIST)).expect("the list");
    // Of another day nothing is written.
    let told = run_in(&estate.0, "check --at 2021-01-15").data;
    assert!(told.contains("warning[ratchet-slack]"), "{told}");
    assert_eq!(run_in(&estate.0, "check --locked").exit, Exit::Findings);
    let untouched = fs::read_to_string(estate.0.join(LIST)).expect("the list");
    assert!(untouched == before, "the list was written");
    let said = run_in(&estate.0, "check").notes;
    assert_eq!(said, "migrations/ci-jobs.baseline: 1 fewer, 1491 left\n");
    let after = fs::read_to_string(estate.0.join(LIST)).expect("the list");
    let without: Vec<&str> = before
        .lines()
        .filter(|id| *id != "periodic/ci-node-containerd-main-cos-build")
        .collect();
    assert_eq!(without.len() + 1, before.lines().count());
    let kept: Vec<&str> = after.lines().collect();
    assert!(kept == without, "the list has {} lines", kept.len());
    let standing = run_in(&estate.0, "migration status ci-jobs --at 2021-01-15").data;
    assert!(standing.contains("1491 of 1780 are left."), "{standing}");
}
