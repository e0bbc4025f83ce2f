//! Policies about jobs.

use base::Severity;
use estate::MemoryTree;
use jiff::civil::date;

use crate::support::{bakery, job, judge, judge_on, policy};

const OVEN: &str =
    "- {id: oven, title: it runs in the oven, must: 'cluster != \"oven\"', ratchet: true}\n";
const LIST: &str = "policies/p.oven.baseline";

/// An estate whose jobs may only leave the oven.
fn emptying(jobs: &[(&str, &str)], listed: &str) -> MemoryTree {
    let jobs: String = jobs
        .iter()
        .map(|(name, cluster)| job(name, cluster))
        .collect();
    bakery()
        .with("policies/p.yaml", policy("job", OVEN))
        .with("jobs/a.yaml", format!("periodics:\n{jobs}"))
        .with(LIST, listed)
}

#[test]
fn a_broken_rule_is_told_at_its_place_with_what_decides() {
    let rules = "- id: memory\n  title: no memory limit\n  must: all(containers, memory_limit is not missing)\n  severity: warning\n  help: set one\n";
    let jobs = "periodics:\n- name: a\n  interval: 1h\n  decorate: true\n  spec:\n    containers:\n    - {name: x, image: i, command: [b], resources: {limits: {memory: 1Gi}}}\n    - {name: y, image: j, command: [b]}\n";
    let tree = bakery()
        .with("policies/p.yaml", policy("job", rules))
        .with("jobs/a.yaml", jobs);
    let judged = judge(&tree);
    assert_eq!(
        judged.said(),
        ["p/memory jobs/a.yaml:8:24: a: no memory limit (`containers[2].memory_limit` is missing)"]
    );
    let finding = &judged.report.findings[0];
    assert_eq!(finding.code.id, "policy-broken");
    assert_eq!(finding.severity, Severity::Warning);
    assert_eq!(finding.owner.as_deref(), Some("bakers"));
    assert_eq!(finding.help.as_deref(), Some("set one"));
    assert_eq!(finding.subject.as_deref(), Some("job/a"));
}

#[test]
fn what_a_preset_adds_is_told_where_the_preset_stands() {
    let rules = "- {id: socket, title: it mounts the socket, must: 'none(volumes, host_path == \"/run/x.sock\")'}\n";
    let jobs = "presets:\n- labels: {preset-x: \"true\"}\n  volumes:\n  - {name: x, hostPath: {path: /run/x.sock}}\nperiodics:\n- name: a\n  labels: {preset-x: \"true\"}\n  interval: 1h\n  spec:\n    containers:\n    - {image: i, command: [b]}\n";
    let tree = bakery()
        .with("policies/p.yaml", policy("job", rules))
        .with("jobs/a.yaml", jobs);
    let said = judge(&tree).said();
    assert_eq!(
        said,
        [
            "p/socket jobs/a.yaml:4:32: a: it mounts the socket (`volumes[1].host_path` is \"/run/x.sock\")"
        ]
    );
}

#[test]
fn a_place_can_be_asked_for() {
    let rules = "- {id: env, title: a switch is off, must: 'all(containers, env[\"ON\"] == \"yes\")', at: containers.image}\n";
    let jobs = "periodics:\n- name: a\n  interval: 1h\n  spec:\n    containers:\n    - {command: [b], image: i}\n";
    let tree = bakery()
        .with("policies/p.yaml", policy("job", rules))
        .with("jobs/a.yaml", jobs);
    assert!(judge(&tree).said()[0].starts_with("p/env jobs/a.yaml:6:29: "));
}

#[test]
fn a_job_that_was_read_in_part_breaks_nothing() {
    let rules = "- {id: image, title: no image, must: 'image is not missing'}\n";
    let jobs = "periodics:\n- name: a\n  interval: 1h\n  cluster: [x]\n  spec:\n    containers:\n    - {command: [b]}\n";
    let tree = bakery()
        .with("policies/p.yaml", policy("job", rules))
        .with("jobs/a.yaml", jobs);
    let judged = judge(&tree);
    assert!(!judged.files.is_empty());
    assert_eq!(judged.said(), [""; 0]);
}

#[test]
fn what_is_new_fails_by_its_name() {
    let tree = emptying(
        &[("a", "oven"), ("b", "stove"), ("c", "oven")],
        "periodic/a\n",
    );
    let judged = judge(&tree);
    assert_eq!(judged.ids(), ["ratchet-grown"]);
    assert_eq!(judged.report.findings[0].subject.as_deref(), Some("job/c"));
    assert!(
        judged.said()[0].starts_with("ratchet-grown jobs/a.yaml:16:12: c: it runs in the oven;")
    );
    assert!(judged.report.shrunk.is_empty());
}

#[test]
fn what_is_mended_falls_off_the_list() {
    let tree = emptying(
        &[("a", "oven"), ("b", "stove")],
        "# since June\nperiodic/a\nperiodic/b\nperiodic/gone\n",
    );
    let judged = judge(&tree);
    assert_eq!(judged.said(), [""; 0]);
    let [shrunk] = judged.report.shrunk.as_slice() else {
        panic!("{:?}", judged.report.shrunk)
    };
    assert_eq!(shrunk.text, "# since June\nperiodic/a\n");
    assert_eq!(shrunk.gone, ["periodic/b", "periodic/gone"]);
    assert_eq!((shrunk.left, shrunk.path.as_str()), (1, LIST));
    assert_eq!(
        judged.sources.locate(shrunk.finding().span),
        format!("{LIST}:3:1")
    );
}

#[test]
fn a_list_never_becomes_less_because_something_cannot_be_read() {
    let listed = "periodic/a\nperiodic/b\n";
    let sound = emptying(&[("a", "stove")], listed);
    assert_eq!(judge(&sound).report.shrunk.len(), 1);
    let broken = [
        // A file of jobs that is no YAML.
        sound.clone().with("jobs/b.yaml", "periodics: [\n"),
        // A job of which a part is wrong.
        sound.clone().with(
            "jobs/b.yaml",
            format!("periodics:\n{}  cron: {{}}\n", job("b", "oven")),
        ),
        // A job without a name, which nobody can find again.
        sound.clone().with(
            "jobs/b.yaml",
            "periodics:\n- interval: 1h\n  cluster: oven\n",
        ),
        // A preset that cannot be read.
        sound
            .clone()
            .with("jobs/b.yaml", "presets:\n- labels: [x]\n"),
        // No jobs at all any more.
        emptying(&[], listed),
    ];
    for tree in broken {
        let judged = judge(&tree);
        assert!(!judged.files.is_empty());
        assert!(
            judged.report.shrunk.is_empty(),
            "{:?}",
            judged.report.shrunk
        );
    }
}

#[test]
fn a_ratchet_without_a_list_is_told_once() {
    let tree = bakery().with("policies/p.yaml", policy("job", OVEN)).with(
        "jobs/a.yaml",
        format!("periodics:\n{}{}", job("a", "oven"), job("b", "oven")),
    );
    assert_eq!(judge(&tree).ids(), ["ratchet-baseline"]);
    let moved = tree.with("jobs/a.yaml", format!("periodics:\n{}", job("a", "stove")));
    assert_eq!(judge(&moved).said(), [""; 0]);
}

fn forks(master: &str, copies: &str) -> String {
    let annotated = "  annotations: {fork-per-release: \"true\"}\n";
    format!(
        "periodics:\n{}{annotated}{}{}",
        job("ci-master", master),
        job("ci-1-30", copies),
        job("ci-1-31", copies)
    )
}

#[test]
fn the_copies_of_a_release_follow_what_they_are_copies_of() {
    let tree = |jobs: String, listed: &str| emptying(&[], listed).with("jobs/a.yaml", jobs);
    let listed = judge(&tree(forks("oven", "oven"), "periodic/ci-master\n"));
    assert_eq!(listed.said(), [""; 0]);
    // The job itself has moved; copies of old releases are still let be.
    let moved = judge(&tree(forks("stove", "oven"), "periodic/ci-master\n"));
    assert_eq!(moved.said(), [""; 0]);
    assert!(moved.report.shrunk.is_empty());
    let all = judge(&tree(forks("stove", "stove"), "periodic/ci-master\n"));
    assert_eq!(all.report.shrunk[0].gone, ["periodic/ci-master"]);
    let unlisted = judge(&tree(forks("oven", "oven"), ""));
    assert_eq!(unlisted.ids(), ["ratchet-grown"; 3]);
}

#[test]
fn a_copy_is_not_new_because_its_origin_cannot_be_read() {
    let copy = format!("periodics:\n{}", job("ci-1-30", "oven"));
    let tree = emptying(&[], "periodic/ci-master\n")
        .with("jobs/a.yaml", copy)
        .with("jobs/b.yaml", "periodics: [\n");
    let judged = judge(&tree);
    assert_eq!(judged.said(), [""; 0]);
    assert!(judged.report.shrunk.is_empty());
}

#[test]
fn an_exception_holds_to_its_last_day() {
    let rules = "- id: oven\n  title: it runs in the oven\n  must: cluster != \"oven\"\n  exceptions:\n  - {where: 'name == \"a\"', reason: r, decision: d, until: 2026-03-31}\n";
    let tree = bakery()
        .with("policies/p.yaml", policy("job", rules))
        .with("jobs/a.yaml", format!("periodics:\n{}", job("a", "oven")));
    assert_eq!(judge_on(&tree, date(2026, 3, 31)).said(), [""; 0]);
    let after = judge_on(&tree, date(2026, 4, 1));
    assert_eq!(after.ids(), ["policy-exception-expired", "p/oven"]);
    let mended = tree.with("jobs/a.yaml", format!("periodics:\n{}", job("a", "stove")));
    assert_eq!(
        judge_on(&mended, date(2026, 3, 31)).ids(),
        ["policy-exception-unused"]
    );
}

#[test]
fn rules_about_owners_wait_for_owners_that_cannot_be_read() {
    let rules = "- {id: few, title: too few approve, must: count(approvers) >= 2}\n";
    let tree = bakery()
        .with(
            "commonhold.yaml",
            "commonhold: 1\nname: x\nsources:\n- {format: prow-jobs, path: jobs}\n- {format: owners, path: jobs, repository: o/r}\n",
        )
        .with("policies/p.yaml", policy("job", rules))
        .with("jobs/a.yaml", format!("periodics:\n{}", job("a", "oven")));
    let few = tree.clone().with("jobs/OWNERS", "approvers: [ada]\n");
    assert_eq!(judge(&few).ids(), ["p/few"]);
    let enough = tree.clone().with("jobs/OWNERS", "approvers: [ada, bob]\n");
    assert_eq!(judge(&enough).said(), [""; 0]);
    let broken = tree.with("jobs/OWNERS", "approvers: [\n");
    assert_eq!(judge(&broken).said(), [""; 0]);
}
