//! Each rule that Prow holds jobs to, broken once: found once, where it is broken, and nothing else.

use base::Severity;
use estate::MemoryTree;

use super::read;

const MANIFEST: &str = "commonhold: 1\nname: x\nsources:\n  - {format: prow-jobs, path: main.yaml}\n  \
                        - {format: prow-jobs, path: jobs}\n";

const MAIN: &str = r#"
pod_namespace: runs
plank:
  job_queue_capacities: {slow: 2}
  default_decoration_config_entries:
  - config: {timeout: 2h, gcs_credentials_secret: uploads}
  - cluster: two
    config: {gcs_credentials_secret: ""}
presets:
- env: [{name: PROXY, value: local}]
"#;

const JOBS: &str = r#"
presets:
- labels: {preset-cache: "yes"}
  env: [{name: CACHE, value: warm}]
  volumes: [{name: cache, secret: {secretName: cache-key}}]
  volumeMounts: [{name: cache, mountPath: /cache}]
  tolerations: [{key: cached, operator: Exists}]
presubmits:
  example/app:
  - name: app-test
    cluster: two
    decorate: true
    always_run: true
    branches: [main, release-1]
    labels: {preset-cache: "yes", team: apps}
    annotations: {example.com/about: tests}
    job_queue_name: slow
    spec:
      containers:
      - image: registry.example/builder:v1
        command: [make]
        args: [test]
        env:
        - {name: LEVEL, value: "2"}
        volumeMounts:
        - {name: scratch, mountPath: /scratch}
      volumes:
      - {name: scratch, emptyDir: {}}
  - name: app-lint
    decorate: true
    run_if_changed: \.go$
    trigger: (?m)^/lint$
    rerun_command: /lint
    skip_branches: [^old-]
    spec:
      containers:
      - {name: lint, image: registry.example/lint:v1, command: [lint]}
      - {name: spell, image: registry.example/spell:v1, args: [all]}
  - name: app-test
    always_run: true
    branches: [release-2]
    context: app-test-old
    spec:
      containers:
      - image: registry.example/builder:v1
postsubmits:
  example/app:
  - name: app-publish
    branches: [main]
    skip_if_only_changed: ^docs/
    spec:
      containers:
      - image: registry.example/builder:v1
periodics:
- name: app-nightly
  cron: 5 3 * * 1-5
  max_concurrency: 1
  rerun_auth_config: {github_users: [ada]}
  spec:
    containers:
    - image: registry.example/builder:v1
- name: app-hourly
  interval: 1h0m0s
  spec:
    containers:
    - image: registry.example/builder:v1
"#;

/// What is replaced by what, and what that gives: codes, each with the text it points at.
type Case = (&'static str, &'static str, &'static [&'static str]);

const CASES: &[Case] = &[
    (
        "name: app-nightly",
        "name: app nightly",
        &["job-name app nightly"],
    ),
    (
        "max_concurrency: 1",
        "max_concurrency: -1",
        &["yaml-bad-value -1"],
    ),
    // Agents.
    (
        "max_concurrency: 1",
        "agent: jenkins",
        &["job-agent jenkins"],
    ),
    (
        "max_concurrency: 1",
        "agent: tekton-pipeline",
        &["job-agent tekton-pipeline"; 2],
    ),
    ("max_concurrency: 1", "agent: somebody-else", &[]),
    (
        "max_concurrency: 1",
        "pipeline_run_spec: {}",
        &["job-agent app-nightly"],
    ),
    (
        "max_concurrency: 1\n  rerun_auth_config: {github_users: [ada]}\n  spec:\n    containers:\n    - image: registry.example/builder:v1\n- name: app-hourly",
        "max_concurrency: 1\n- name: app-hourly",
        &["job-agent app-nightly"],
    ),
    (
        "max_concurrency: 1",
        "namespace: elsewhere",
        &["job-agent elsewhere"],
    ),
    ("max_concurrency: 1", "namespace: runs", &[]),
    ("max_concurrency: 1", "error_on_eviction: true", &[]),
    // Containers.
    (
        "      containers:\n      - {name: lint, image: registry.example/lint:v1, command: [lint]}\n      - {name: spell, image: registry.example/spell:v1, args: [all]}",
        "      containers: []",
        &["job-containers app-lint"],
    ),
    (
        "    decorate: true\n    run_if",
        "    run_if",
        &["job-containers app-lint"],
    ),
    ("{name: spell, ", "{name: lint, ", &["job-containers lint"]),
    (
        "{name: spell, ",
        "{",
        &["job-containers registry.example/spell:v1"],
    ),
    (
        "{name: spell, ",
        "{name: sidecar, ",
        &["job-containers sidecar"],
    ),
    (
        "      volumes:\n      - {name: scratch",
        "      initContainers: [{name: first, image: i}]\n      volumes:\n      - {name: scratch",
        &["job-containers first"],
    ),
    (
        "      volumes:\n      - {name: scratch",
        "      initContainers: [{name: first, image: i, restartPolicy: Always}]\n      volumes:\n      - {name: scratch",
        &[],
    ),
    // Variables.
    (
        "- {name: LEVEL, value: \"2\"}",
        "- {name: LEVEL}\n        - {name: LEVEL}",
        &["job-variable LEVEL"],
    ),
    (
        "name: LEVEL",
        "name: PULL_NUMBER",
        &["job-variable PULL_NUMBER"],
    ),
    ("name: LEVEL", "name: JOB_NAME", &["job-variable JOB_NAME"]),
    ("name: LEVEL", "name: CACHE", &["job-preset-clash app-test"]),
    ("name: LEVEL", "name: PROXY", &["job-preset-clash app-test"]),
    // Volumes and mounts.
    (
        "- {name: scratch, emptyDir: {}}",
        "- {name: scratch}\n      - {name: scratch}",
        &["job-volume scratch"],
    ),
    (
        "- {name: scratch, emptyDir: {}}",
        "- {name: scratch}\n      - {name: logs}",
        &["job-volume logs"],
    ),
    (
        "- {name: scratch, emptyDir: {}}",
        "- {name: scratsh}",
        &["job-volume scratch"],
    ),
    (
        "- {name: scratch, emptyDir: {}}",
        "- {name: scratch}\n      - {name: cache}",
        &["job-preset-clash app-test"],
    ),
    (
        "{name: scratch, mountPath: /scratch}",
        "{name: tools, mountPath: /scratch}",
        &["job-volume tools"],
    ),
    (
        "{name: scratch, mountPath: /scratch}",
        "{name: scratch, mountPath: /logs}",
        &["job-volume /logs"],
    ),
    (
        "{name: scratch, mountPath: /scratch}",
        "{name: cache, mountPath: /scratch}",
        &["job-preset-clash app-test"],
    ),
    (
        "      volumes:\n      - {name: scratch",
        "      tolerations: [{key: cached, operator: Exists}]\n      volumes:\n      - {name: scratch",
        &["job-preset-clash app-test"],
    ),
    // Labels and annotations.
    ("team: apps", "Team/: apps", &["job-label Team/"]),
    ("team: apps", "team: -apps", &["job-label -apps"]),
    (
        "team: apps",
        "created-by-prow: apps",
        &["job-label created-by-prow"],
    ),
    (
        "example.com/about",
        "example.com/about/it",
        &["job-annotation example.com/about/it"],
    ),
    (
        "job_queue_name: slow",
        "job_queue_name: sloow",
        &["job-queue sloow"],
    ),
    // Decoration.
    ("command: [lint]", "stdin: true", &["job-command lint"]),
    ("command: [lint]", "command: [\"\"]", &["job-command lint"]),
    // What sets a job off.
    (
        "run_if_changed: \\.go$",
        "always_run: true\n    run_if_changed: go",
        &["job-trigger go"],
    ),
    (
        "run_if_changed: \\.go$",
        "run_if_changed: a\n    skip_if_only_changed: b",
        &["job-trigger b"],
    ),
    (
        "skip_if_only_changed: ^docs/",
        "skip_if_only_changed: docs\n    always_run: true",
        &["job-trigger docs"],
    ),
    ("skip_if_only_changed: ^docs/", "always_run: true", &[]),
    (
        "    rerun_command: /lint\n",
        "",
        &["job-trigger (?m)^/lint$"],
    ),
    ("    trigger: (?m)^/lint$\n", "", &["job-trigger /lint"]),
    (
        "rerun_command: /lint",
        "rerun_command: /test lint",
        &["job-trigger /test lint"],
    ),
    (
        "run_if_changed: \\.go$",
        "run_if_changed: a(",
        &["job-pattern a("],
    ),
    (
        "skip_branches: [^old-]",
        "skip_branches: [fine, 'a**b[']",
        &["job-pattern 'a**b['"],
    ),
    (
        "trigger: (?m)^/lint$",
        "trigger: (?!x)",
        &["job-pattern (?!x)"],
    ),
    // Schedules.
    ("  interval: 1h0m0s\n", "", &["job-schedule app-hourly"]),
    (
        "interval: 1h0m0s",
        "interval: 1h\n  cron: '@daily'",
        &["job-schedule 1h"],
    ),
    (
        "interval: 1h0m0s",
        "minimum_interval: 1h\n  interval: 2h",
        &["job-schedule 1h"],
    ),
    ("interval: 1h0m0s", "interval: 1d", &["yaml-bad-value 1d"]),
    (
        "cron: 5 3 * * 1-5",
        "cron: 5 3 * * 1-7",
        &["job-schedule 5 3 * * 1-7"],
    ),
    ("cron: 5 3 * * 1-5", "cron: '@every 3h'", &[]),
    (
        "github_users: [ada]",
        "github_users: [ada], allow_anyone: true",
        &["job-rerun {github_users: [ada], allow_anyone: true}"],
    ),
    // Jobs that hide each other.
    (
        "name: app-hourly",
        "name: app-nightly",
        &["job-twice app-nightly"],
    ),
    (
        "branches: [release-2]",
        "branches: [main]",
        &["job-twice app-test"],
    ),
    (
        "branches: [release-2]",
        "skip_branches: [release]",
        &["job-twice app-test"],
    ),
    (
        "branches: [release-2]",
        "skip_branches: [release, main]",
        &[],
    ),
    (
        "context: app-test-old",
        "context: app-lint",
        &["job-context app-lint"],
    ),
    // Presets.
    (
        "presets:\n- labels",
        "presets:\n- labels: {preset-cache: \"yes\"}\n- labels",
        &["preset-twice preset-cache"],
    ),
    (
        "name: CACHE",
        "name: BUILD_ID",
        &["preset-reserved BUILD_ID"],
    ),
    (
        "mountPath: /cache}",
        "mountPath: /tools}",
        &["preset-reserved /tools"],
    ),
    // What only a strict reader sees.
    (
        "max_concurrency: 1",
        "max_concurency: 1",
        &["yaml-unknown-key max_concurency"],
    ),
    (
        "image: registry.example/lint:v1",
        "imagePullPolicies: Always",
        &["yaml-unknown-key imagePullPolicies"],
    ),
    (
        "emptyDir: {}",
        "emptydirs: {}",
        &["yaml-unknown-key emptydirs"],
    ),
    (
        "max_concurrency: 1",
        "labels: {a: b}\n  labels: {a: c}",
        &["yaml-duplicate-key labels"],
    ),
    (
        "max_concurrency: 1",
        "Name: twin",
        &["yaml-duplicate-key Name"],
    ),
    ("periodics:", "periodic:", &["yaml-unknown-key periodic"]),
    (
        "containers:\n      - image: registry.example/builder:v1\nperiodics",
        "containers: one\nperiodics",
        &["yaml-type one"],
    ),
];

/// Findings above a note, each as its code and the text it points at, in the order of the file.
fn found(jobs: &str) -> Vec<String> {
    let tree = MemoryTree::default()
        .with("main.yaml", MAIN)
        .with("jobs/app.yaml", jobs);
    let read = read(MANIFEST, &tree);
    let catalogue = read.jobs.catalogue();
    let all = read.jobs.findings.iter().chain(&catalogue.findings);
    let counting = all.filter(|finding| finding.severity > Severity::Note);
    counting
        .map(|finding| {
            let file = read.sources.file(finding.span.file);
            let text = &file.text[finding.span.start as usize..finding.span.end as usize];
            format!("{} {text}", finding.code.id)
        })
        .collect()
}

#[test]
fn sound_jobs_pass() {
    assert_eq!(found(JOBS), Vec::<String>::new());
}

#[test]
fn each_mistake_is_found_once_where_it_is() {
    let mut wrong = Vec::new();
    for (old, new, expected) in CASES {
        assert!(JOBS.contains(old), "{old}");
        let said = found(&JOBS.replacen(old, new, 1));
        if said != *expected {
            wrong.push(format!(
                "{new}\n    expected {expected:?}\n    found    {said:?}"
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn an_effective_job_is_what_runs() {
    let tree = MemoryTree::default()
        .with("main.yaml", MAIN)
        .with("jobs/app.yaml", JOBS);
    let read = read(MANIFEST, &tree);
    let catalogue = read.jobs.catalogue();
    let effective = |at| catalogue.effective(at).expect("a job");
    let first = effective(0);
    let workload = first.workload.expect("a workload");
    let names: Vec<&str> = workload.containers[0]
        .env
        .iter()
        .map(|variable| variable.name.value.as_str())
        .collect();
    assert_eq!(names, ["LEVEL", "PROXY", "CACHE"]);
    let volumes: Vec<&str> = workload
        .volumes
        .iter()
        .map(|volume| volume.name.value.as_str())
        .collect();
    assert_eq!(volumes, ["scratch", "cache"]);
    assert_eq!(workload.tolerations.len(), 1);
    assert_eq!((first.cluster.as_str(), first.decorated), ("two", true));
    // What the cluster's default takes away is no secret any more.
    let timeout = first.decoration.timeout.expect("a timeout");
    assert_eq!(timeout.value, jobs::Duration::minutes(120));
    let secrets: Vec<&str> = first
        .decoration
        .secrets
        .iter()
        .map(|(_, secret)| secret.value.as_str())
        .collect();
    assert_eq!(secrets, [""]);
    assert_eq!(effective(1).decoration.secrets[0].1.value, "uploads");
    assert_eq!(effective(1).cluster, "default");
    assert!(!effective(2).decorated);
    assert!(catalogue.effective(99).is_none());
}

#[test]
fn changes_set_off_the_jobs_for_their_branch_and_paths() {
    let tree = MemoryTree::default()
        .with("main.yaml", MAIN)
        .with("jobs/app.yaml", JOBS);
    let read = read(MANIFEST, &tree);
    let catalogue = read.jobs.catalogue();
    let runs = |branch: &str, paths: &[&str]| {
        let set_off = catalogue.jobs.iter().filter(|job| match &job.kind {
            jobs::Kind::Presubmit(job) => job.runs_for(branch, paths),
            jobs::Kind::Postsubmit(job) => job.runs_for(branch, paths),
            jobs::Kind::Periodic(_) => false,
        });
        set_off
            .map(|job| job.name.value.clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        runs("main", &["a.go"]),
        ["app-test", "app-lint", "app-publish"]
    );
    assert_eq!(runs("main", &["docs/a.md"]), ["app-test"]);
    assert_eq!(runs("release-2", &["docs/a.md"]), ["app-test"]);
    assert_eq!(runs("old-main", &["a.go"]), ["app-test", "app-publish"]);
    assert_eq!(runs("next", &["a.go"]), ["app-lint"]);
}

#[test]
fn faults_that_prow_keeps_silent_about_are_found() {
    let jobs = JOBS
        .replace(
            "preset-cache: \"yes\", team",
            "preset-cache: \"no\", preset-cash: \"yes\", team",
        )
        .replace("example.com/about", "testgrid-dashboard")
        .replace("app-hourly", &"a".repeat(64));
    let tree = MemoryTree::default()
        .with("main.yaml", MAIN)
        .with("jobs/app.yaml", jobs);
    let read = read(MANIFEST, &tree);
    let catalogue = read.jobs.catalogue();
    let dead = catalogue.dead_presets();
    let dead: Vec<_> = dead
        .iter()
        .map(|label| (label.key.value.as_str(), label.value.value.as_str()))
        .collect();
    assert_eq!(dead, [("preset-cache", "no"), ("preset-cash", "yes")]);
    assert_eq!(catalogue.unused_presets(), [1]);
    assert_eq!(catalogue.long_names(), [5]);
    let unknown = catalogue.unknown_annotations();
    assert_eq!(unknown.len(), 1);
    assert_eq!(unknown[0].near, Some("testgrid-dashboards"));
}
