//! Jobs, presets and tabs as predicates see them.

use std::collections::BTreeSet;

use base::Span;
use estate::MemoryTree;
use jiff::civil::date;
use jobs::item::{self, Subjects};
use jobs::{Approvers, Catalogue};
use predicate::{Item, Predicate, Type, Value, Vocabulary};

use super::{Read, census, read};

const MANIFEST: &str = "commonhold: 1\nname: x\nsources:\n  - {format: prow-jobs, path: jobs}\n  - {format: testgrid, path: boards}\n";

const JOBS: &str = r#"
presets:
- labels: {preset-key: "true"}
  env: [{name: KEY, value: given}]
  volumes: [{name: key, secret: {secretName: the-key}}]
  volumeMounts: [{name: key, mountPath: /key}]
periodics:
- name: ci-bread
  cron: "0 */6 * * *"
  decorate: true
  decoration_config: {timeout: 2h}
  labels: {preset-key: "true", preset-lost: "1", team: bakers}
  annotations: {description: Bakes., testgrid-dashboards: bakers-all, testgrid-alert-email: "a@x, b@x", odd: "1", fork-per-release: "true"}
  extra_refs: [{org: o, repo: r, base_ref: main}]
  spec:
    serviceAccountName: baker
    containers:
    - image: flour
      command: [bake]
      args: [--boskos-resource-type=oven]
      env: [{name: MODE, value: soon}]
      resources: {requests: {cpu: 500m, memory: 1Gi}, limits: {memory: 2Gi}}
      securityContext: {privileged: true}
- name: ci-bread-1-30
  interval: 2h
  spec: {containers: [{image: flour, command: [bake]}]}
presubmits:
  o/r:
  - name: pull-bread
    always_run: true
    cluster: oven
    branches: [main]
    max_concurrency: 5
    spec: {containers: [{image: flour, command: [bake]}]}
  - name: pull-bread
    branches: [release-1.30]
    spec: {containers: [{image: flour, command: [bake]}]}
"#;
const BOARDS: &str = "dashboards:\n- name: bakers-all\n- name: shop\n  dashboard_tab:\n  - {name: loaf, test_group_name: ci-bread, alert_options: {alert_mail_to_addresses: c@x}}\n";

fn small() -> Read {
    let tree = MemoryTree::default()
        .with("jobs/bakery/a.yaml", JOBS)
        .with("boards/b.yaml", BOARDS);
    read(MANIFEST, &tree)
}

/// Asks each job of a name whether all of several things hold.
fn holds(subjects: &Subjects<'_>, name: &str, all: &[&str]) {
    for text in all {
        let predicate = Predicate::parse(text, &item::JOB).expect(text);
        let job = subjects
            .jobs()
            .find(|job| job.job().name.value == name)
            .expect(name);
        let why = predicate.why(&job, date(2026, 1, 1));
        assert!(why.holds, "{text}:\n{why}");
    }
}

#[test]
fn a_job_is_seen_as_it_runs() {
    let read = small();
    let catalogue = read.jobs.catalogue();
    assert!(catalogue.findings.is_empty(), "{:?}", catalogue.findings);
    let boards = read.boards.boards(Some(&catalogue));
    let approvers = Approvers::of([("jobs".to_owned(), vec!["ada".to_owned(), "bob".to_owned()])]);
    let subjects =
        Subjects::of(&catalogue, Some(&boards), Some(&approvers)).with_groups(["bakers", "bakery"]);
    let all = [
        "id == \"periodic/ci-bread\" and kind == \"periodic\" and name_length == 8",
        "path == \"jobs/bakery/a.yaml\" and folder == \"jobs/bakery\" and repository is missing",
        "about == \"o/r\" and cluster == \"default\" and agent == \"kubernetes\" and decorated",
        "timeout == 2h and cron == \"0 */6 * * *\" and longest_gap == 6h and interval is missing",
        "labels[\"team\"] == \"bakers\" and annotations[\"odd\"] and description == \"Bakes.\"",
        "dashboards contains \"bakers-all\" and dashboards contains \"shop\" and tab == \"ci-bread\" and \"loaf\" in tabs",
        "alert_email == \"a@x, b@x\" and count(alert_addresses) == 3 and \"c@x\" in alert_addresses",
        "image == \"flour\" and count(containers) == 1 and service_account == \"baker\"",
        "all(containers, cpu_request == 500m and cpu_limit is missing and memory_request < memory_limit)",
        "all(containers, limits[\"memory\"] == 2Gi and privileged and \"bake\" in command)",
        "all(containers, env[\"KEY\"] == \"given\" and env[\"MODE\"] == \"soon\" and count(env) == 2)",
        "any(containers, any(mounts, path == \"/key\" and not read_only))",
        "any(volumes, secret == \"the-key\") and \"the-key\" in secrets and count(secrets) == 1",
        "presets contains \"preset-key: true\" and dead_presets contains \"preset-lost: 1\"",
        "count(dead_presets) == 1 and \"preset-lost\" in dead_labels and \"odd\" in unknown_annotations",
        "any(extra_refs, organisation == \"o\" and branch == \"main\" and not auxiliary)",
        "\"bob\" in approvers and owners_folder == \"jobs\" and owner == \"bakers\"",
        "\"oven\" in pools and count(pools) == 1 and fork and parent is missing and twins is empty",
        "always_run is missing and branches is empty and not rerun_anyone",
    ];
    holds(&subjects, "ci-bread", &all);
    holds(
        &subjects,
        "ci-bread-1-30",
        &[
            "parent == \"periodic/ci-bread\" and not fork and interval == 2h",
            "owner == \"bakery\"",
        ],
    );
    holds(
        &subjects,
        "pull-bread",
        &[
            "always_run and not optional and required and organisation == \"o\" and cluster == \"oven\"",
            "rerun_command == \"/test pull-bread\" and trigger contains \"pull-bread\" and context == name",
            "any(twins, max_concurrency == 0 and repository == \"o/r\" and id ~ \"presubmit/o/r/*@release-1.30\")",
        ],
    );
}

#[test]
fn ids_tell_jobs_of_one_name_apart_wherever_they_stand() {
    let ids = |files: [(&str, &str); 2]| {
        let tree = files
            .iter()
            .fold(MemoryTree::default(), |tree, (path, text)| {
                tree.with(path, *text)
            });
        let manifest = "commonhold: 1\nname: x\nsources:\n  - {format: prow-jobs, path: jobs}\n";
        let catalogue = read(manifest, &tree).jobs.catalogue();
        let subjects = Subjects::of(&catalogue, None, None);
        subjects
            .jobs()
            .map(|job| job.id().to_owned())
            .collect::<BTreeSet<_>>()
    };
    let job = |branches: &str| {
        format!(
            "presubmits:\n  o/r:\n  - {{name: a, {branches}spec: {{containers: [{{image: i}}]}}}}\n"
        )
    };
    let (one, two) = (job("branches: [release-1.30], "), job(""));
    let expected = BTreeSet::from([
        "presubmit/o/r/a".to_owned(),
        "presubmit/o/r/a@release-1.30".to_owned(),
    ]);
    assert_eq!(
        ids([("jobs/a.yaml", &one), ("jobs/b.yaml", &two)]),
        expected
    );
    assert_eq!(
        ids([("jobs/a.yaml", &two), ("jobs/b.yaml", &one)]),
        expected
    );
    let twice = ids([("jobs/a.yaml", &two), ("jobs/b.yaml", &two)]);
    assert_eq!(
        twice,
        BTreeSet::from(["presubmit/o/r/a".to_owned(), "presubmit/o/r/a#2".to_owned()])
    );
}

#[test]
fn fields_stand_where_they_are_written() {
    let read = small();
    let catalogue = read.jobs.catalogue();
    let subjects = Subjects::of(&catalogue, None, None);
    let mut all = subjects.jobs();
    let job = all
        .find(|job| job.job().name.value == "ci-bread")
        .expect("the job");
    let text = |span: Span| {
        let text = &read.sources.file(span.file).text;
        text[span.start as usize..span.end as usize]
            .trim_matches('"')
            .to_owned()
    };
    for (field, expected) in [
        ("cron", "0 */6 * * *"),
        ("timeout", "2h"),
        ("labels[\"team\"]", "bakers"),
        ("containers[1].memory_limit", "2Gi"),
        ("containers[1].cpu_limit", "flour"),
        ("containers[1].env[\"KEY\"]", "given"),
        ("containers[1].env[\"MODE\"]", "soon"),
        ("containers[1].mounts[1].path", "/key"),
        ("volumes[1].secret", "the-key"),
        ("secrets", "the-key"),
        ("pools", "--boskos-resource-type=oven"),
        ("dead_presets[1]", "preset-lost"),
        ("unknown_annotations[1]", "odd"),
        ("extra_refs[1].branch", "main"),
        ("description", "Bakes."),
    ] {
        assert_eq!(
            job.place(field).map(text).as_deref(),
            Some(expected),
            "{field}"
        );
    }
    assert_eq!(job.place("cluster"), None);
    assert_eq!(job.place("no[such.thing"), None);
}

#[test]
fn tabs_are_those_declared_and_those_asked_for() {
    let read = small();
    let catalogue = read.jobs.catalogue();
    let boards = read.boards.boards(Some(&catalogue));
    let subjects = Subjects::of(&catalogue, Some(&boards), None);
    let tabs = subjects.tabs();
    let ids: Vec<&str> = tabs.iter().map(item::TabItem::id).collect();
    assert_eq!(ids, ["shop#loaf", "bakers-all#ci-bread"]);
    let said = |text: &str| Predicate::parse(text, &item::TAB).expect(text);
    let both = said("count(alert_addresses) >= 2 and jobs == 1 and description == \"Bakes.\"");
    assert!(tabs.iter().all(|tab| both.holds(tab, date(2026, 1, 1))));
    assert!(said("declared and \"c@x\" in alert_addresses").holds(&tabs[0], date(2026, 1, 1)));
    let preset = subjects.presets().next().expect("a preset");
    let used = Predicate::parse(
        "jobs == 1 and \"the-key\" in secrets and env[\"KEY\"]",
        &item::PRESET,
    );
    assert!(used.expect("a predicate").holds(&preset, date(2026, 1, 1)));
}

/// That a value is of the type that its field promises, all the way down.
fn fits(value: &Value<'_>, promised: &Type, field: &str) {
    match (value, promised) {
        (Value::Missing, _)
        | (Value::Truth(_), Type::Truth)
        | (Value::Number(_), Type::Number)
        | (Value::Quantity(_), Type::Quantity)
        | (Value::Duration(_), Type::Duration)
        | (Value::Date(_), Type::Date)
        | (Value::Text(_), Type::Text) => {}
        (Value::List(list), Type::List(of)) => {
            list.elements().find(&mut |value| {
                fits(&value, of, field);
                false
            });
        }
        (Value::Map(map), Type::Map(of)) => {
            map.find(&mut |_, value| {
                fits(&value, of, field);
                false
            });
        }
        (Value::Item(item), Type::Item(of)) => keeps(*item, *of),
        (value, promised) => panic!("{field} promises {promised} and holds {value}"),
    }
}

fn keeps(item: &dyn Item, vocabulary: &'static dyn Vocabulary) {
    for field in vocabulary.fields() {
        fits(&item.get(field.name), &field.holds, field.name);
    }
}

#[test]
fn every_field_holds_what_it_promises() {
    let check = |catalogue: &Catalogue, boards: &jobs::boards::Boards| {
        let subjects = Subjects::of(catalogue, Some(boards), None);
        for job in subjects.jobs() {
            keeps(&job, &item::JOB);
            for field in item::JOB.fields {
                let _ = job.place(field.name);
            }
        }
        subjects
            .presets()
            .for_each(|preset| keeps(&preset, &item::PRESET));
        subjects
            .tabs()
            .iter()
            .for_each(|tab| keeps(tab, &item::TAB));
    };
    let read = small();
    let catalogue = read.jobs.catalogue();
    check(&catalogue, &read.boards.boards(Some(&catalogue)));
    if let Some((catalogue, read)) = census::catalogue() {
        check(catalogue, &read.boards.boards(Some(catalogue)));
    }
}

#[test]
fn kubernetes_jobs_have_ids_of_their_own_and_copies_have_parents() {
    let Some((catalogue, _)) = census::catalogue() else {
        return;
    };
    let subjects = Subjects::of(catalogue, None, None);
    let ids: BTreeSet<&str> = subjects
        .jobs()
        .map(|job| subjects.id(job.at()).expect("an id"))
        .collect();
    assert_eq!(ids.len(), 6079);
    let said = |text: &str| {
        let predicate = Predicate::parse(text, &item::JOB).expect(text);
        subjects
            .jobs()
            .filter(|job| predicate.holds(job, date(2026, 8, 1)))
            .count()
    };
    assert_eq!(said("fork"), 111);
    assert_eq!(
        said("dead_presets is not empty"),
        catalogue
            .dead_presets()
            .iter()
            .map(|dead| dead.job)
            .collect::<BTreeSet<_>>()
            .len()
    );
    assert_eq!(said("name_length > 63"), 320);
    let released = "path ~ \"**/release-branch-jobs/**\"";
    assert_eq!(said(released), 356);
    // The jobs that these were copied from are gone, or are copied no more.
    let orphaned = format!("{released} and parent is missing");
    assert_eq!(said(&orphaned), 20);
    // One group keeps its copies in files of its own.
    let elsewhere = format!("parent is not missing and not ({released})");
    assert_eq!(said(&elsewhere), 2);
    assert_eq!(
        said(&format!(
            "{elsewhere} and path ~ \"**/release-1.*-windows.yaml\""
        )),
        2
    );
}
