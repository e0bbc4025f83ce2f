//! The rules for CI jobs that this repository ships: each fault told once at its line, what can be
//! mended without people, and lists that need a second agreement.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::support::{Folder, root, run_in, shared, text, write};

const SOUND: &str = "tests/estates/jobs";
const PACK: &str = "examples/policies/kubernetes";
const PERIODICS: &str = "config/jobs/kubernetes/sig-testing/periodics.yaml";
const UNIT: &str = "config/jobs/kubernetes/sig-testing/unit.yaml";
/// A day on which all exceptions of the rules hold.
const DAY: &str = "2026-08-22";

/// What is found: the id, the file, the line.
type Found = (String, String, u64);

/// The files of a folder of the repository, by their paths in it.
fn files(folder: &str) -> Vec<(String, String)> {
    fn walk(root: &Path, folder: &Path, found: &mut Vec<(String, String)>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(root, &path, found);
            } else {
                let name = path.strip_prefix(root).unwrap().to_str().unwrap();
                found.push((name.to_owned(), fs::read_to_string(&path).unwrap()));
            }
        }
    }
    let folder = root().join(folder);
    let mut found = Vec::new();
    walk(&folder, &folder, &mut found);
    found.sort();
    found
}

/// The small tree without a fault, with the rules.
fn sound() -> BTreeMap<String, String> {
    let tree = files(SOUND).into_iter();
    let tree = tree.filter(|(path, _)| path != "planted.txt");
    let pack = files(PACK).into_iter();
    let pack = pack.map(|(path, text)| (format!("policies/{path}"), text));
    tree.chain(pack).collect()
}

fn written(tree: &BTreeMap<String, String>) -> Folder {
    tree.iter().fold(Folder::new(), |folder, (path, text)| {
        folder.with(path, text)
    })
}

fn json(folder: &Folder, more: &str) -> Value {
    let outcome = run_in(&folder.0, &format!("check --at {DAY} --output json {more}"));
    serde_json::from_str(&outcome.data)
        .unwrap_or_else(|error| panic!("{error}: {}\n{}", outcome.data, outcome.notes))
}

/// What is wrong with a tree, warnings too.
fn found(folder: &Folder) -> Vec<Found> {
    let report = json(folder, "");
    let mut found: Vec<Found> = report["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(place)
        .collect();
    found.sort();
    found
}

fn place(finding: &Value) -> Found {
    (
        finding["id"].as_str().unwrap().to_owned(),
        finding["place"]["path"].as_str().unwrap().to_owned(),
        finding["place"]["line"].as_u64().unwrap(),
    )
}

/// A fault of the table.
#[derive(Debug, Default)]
struct Fault<'t> {
    ids: Vec<&'t str>,
    file: &'t str,
    old: String,
    new: String,
    /// Which of the lines in which a text stands; 0 for the nearest.
    nth: usize,
    at: Option<&'t str>,
}

fn table(text: &str) -> Vec<Fault<'_>> {
    let mut faults: Vec<Fault<'_>> = Vec::new();
    for line in text.lines() {
        if let Some(head) = line.strip_prefix("== ") {
            let (ids, file) = head.rsplit_once(' ').unwrap();
            faults.push(Fault {
                ids: ids.split(' ').collect(),
                file,
                ..Fault::default()
            });
            continue;
        }
        let Some(fault) = faults.last_mut() else {
            continue;
        };
        match line.split_at_checked(1) {
            Some(("-", old)) => fault.old += &format!("{old}\n"),
            Some(("+", new)) => fault.new += &format!("{new}\n"),
            Some(("@", at)) => {
                let (nth, at) = at.split_once(' ').unwrap();
                fault.nth = nth.parse().unwrap_or(0);
                fault.at = Some(at);
            }
            _ => assert_eq!(line, "", "what is this line of the table?"),
        }
    }
    faults
}

impl Fault<'_> {
    /// Plants it; says where it is to be found.
    fn plant(&self, tree: &mut BTreeMap<String, String>) -> (String, u64) {
        let text = tree.entry(self.file.to_owned()).or_default();
        let start = if self.old.is_empty() {
            text.len()
        } else {
            let lines = format!("\n{text}");
            let place = lines.find(&format!("\n{}", self.old));
            place.unwrap_or_else(|| panic!("{}: {} is not there", self.file, self.old))
        };
        text.replace_range(start..start + self.old.len(), &self.new);
        let here = line_of(text, start);
        let Some(at) = self.at else {
            return (self.file.to_owned(), here);
        };
        let other = at
            .split_once(": ")
            .filter(|(file, _)| tree.contains_key(*file));
        let (file, at) = other.unwrap_or((self.file, at));
        let lines = tree[file].lines().zip(1..);
        let lines: Vec<u64> = lines
            .filter(|(line, _)| line.contains(at))
            .map(|(_, n)| n)
            .collect();
        let from = if file == self.file { here } else { 1 };
        let nearest = lines.iter().copied().min_by_key(|line| line.abs_diff(from));
        let line = if self.nth > 0 {
            lines.get(self.nth - 1).copied()
        } else {
            nearest
        };
        (
            file.to_owned(),
            line.unwrap_or_else(|| panic!("{file}: no line has {at}")),
        )
    }
}

fn line_of(text: &str, at: usize) -> u64 {
    text[..at].matches('\n').count() as u64 + 1
}

#[test]
fn the_small_tree_has_no_fault() {
    assert_eq!(found(&written(&sound())), []);
}

#[test]
fn each_planted_fault_is_told_once_at_its_line_and_nothing_else() {
    let table_text = text("tests/estates/jobs/planted.txt");
    let faults = table(&table_text);
    assert!(faults.len() >= 90, "{}", faults.len());
    let mut wrong = String::new();
    for fault in &faults {
        let mut tree = sound();
        let (file, line) = fault.plant(&mut tree);
        let mut expected: Vec<Found> = fault
            .ids
            .iter()
            .map(|id| ((*id).to_owned(), file.clone(), line))
            .collect();
        expected.sort();
        let told = found(&written(&tree));
        if told != expected {
            let _ = writeln!(
                wrong,
                "{:?}: expected {expected:?}, told {told:?}",
                fault.ids
            );
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

#[test]
fn every_rule_and_every_finding_about_jobs_has_a_planted_fault() {
    let table_text = text("tests/estates/jobs/planted.txt");
    let planted: BTreeSet<String> = table(&table_text)
        .iter()
        .flat_map(|fault| fault.ids.iter().map(|id| (*id).to_owned()))
        .collect();
    let mut rules: BTreeSet<String> = jobs::codes::ALL
        .iter()
        .map(|code| code.id.to_owned())
        .collect();
    for (path, text) in files(PACK) {
        let ids = text
            .lines()
            .filter_map(|line| line.strip_prefix("  - id: "));
        let policy = path.trim_end_matches(".yaml").to_owned();
        let until = text.find("\napprovals:").unwrap_or(text.len());
        let ids = ids.filter(|id| text.find(&format!("- id: {id}")).unwrap() < until);
        rules.extend(ids.map(|id| format!("{policy}/{id}")));
    }
    // No OWNERS at all would be a fault of every job of the tree.
    rules.remove("job-ownership/owners");
    assert_eq!(&rules - &planted, BTreeSet::new());
}

#[test]
fn a_file_that_is_none_is_told_and_nothing_panics() {
    let broken = [
        ("a tab", "periodics:\n\t- name: a\n"),
        ("no end", "periodics: [{name: \"a\n"),
        ("a NUL", "periodics:\n- name: \"a\0b\"\n"),
        ("no mapping", "- a\n- b\n"),
        ("a wrong type", "periodics: 7\n"),
        ("a key twice", "periodics: []\nperiodics: []\n"),
        ("a key that nobody knows", "periodicals: []\n"),
        ("an alias to nothing", "periodics: *all\n"),
        ("a control character", "periodics:\n- name: \u{1}\n"),
        ("only a bracket", "{"),
    ];
    for (what, text) in broken {
        let mut tree = sound();
        tree.insert("config/jobs/broken.yaml".to_owned(), text.to_owned());
        let folder = written(&tree);
        let outcome = run_in(&folder.0, &format!("check --at {DAY}"));
        assert_eq!(outcome.exit, commonhold::Exit::Findings, "{what}");
        assert!(
            outcome.data.contains("config/jobs/broken.yaml"),
            "{what}: {}",
            outcome.data
        );
        // Nothing of the others is held against them for it.
        let errors: Vec<Found> = found(&folder)
            .into_iter()
            .filter(|(_, file, _)| file != "config/jobs/broken.yaml")
            .collect();
        assert_eq!(errors, [], "{what}");
        // And nothing is written into it.
        let fixed = run_in(&folder.0, &format!("check --fix --at {DAY}"));
        assert!(
            fixed.notes.contains("nothing can be mended"),
            "{what}: {}",
            fixed.notes
        );
    }
}

/// The tree with faults that a fix mends, one for each kind of fix.
fn mendable() -> BTreeMap<String, String> {
    let mut tree = sound();
    let mut change = |path: &str, old: &str, new: &str| {
        let text = tree.get_mut(path).unwrap();
        assert!(text.contains(old), "{old}");
        *text = text.replacen(old, new, 1);
    };
    change(
        UNIT,
        "          limits:\n            cpu: 2\n            memory: 4Gi\n",
        "",
    );
    change(
        UNIT,
        "imagePullPolicy: Always",
        "imagePullPolicy: IfNotPresent # why not",
    );
    change(
        UNIT,
        "    path_alias: k8s.io/kubernetes\n    max",
        "    # said elsewhere\n    max",
    );
    change(
        PERIODICS,
        "    prow.k8s.io/refs.org: kubernetes\n",
        "    prow.k8s.io/refs.org: kubernetes\n    preset-gone: \"true\" # long ago\n",
    );
    change(
        PERIODICS,
        "    testgrid-alert-email: testing",
        "    test-grid-alert-email: testing",
    );
    tree
}

#[test]
fn what_can_be_mended_in_one_way_is_and_everything_else_stays() {
    let tree = mendable();
    let folder = written(&tree);
    let ids: BTreeSet<String> = found(&folder).into_iter().map(|(id, ..)| id).collect();
    let expected = [
        "job-ownership/alerts",
        "job-resources/latest-is-pulled",
        "job-resources/resources-set",
        "jobs/dead-presets",
        "jobs/path-alias",
        "jobs/unknown-annotations",
    ];
    assert_eq!(ids, expected.map(str::to_owned).into());

    let shown = run_in(&folder.0, &format!("check --fix --dry-run --at {DAY}"));
    assert_eq!(shown.exit, commonhold::Exit::Findings);
    let lines: Vec<&str> = shown
        .data
        .lines()
        .filter(|line| line.starts_with(['-', '+']))
        .collect();
    assert_eq!(
        lines,
        [
            "--- a/config/jobs/kubernetes/sig-testing/periodics.yaml",
            "+++ b/config/jobs/kubernetes/sig-testing/periodics.yaml",
            "-    preset-gone: \"true\" # long ago",
            "-    test-grid-alert-email: testing@example.org",
            "+    testgrid-alert-email: testing@example.org",
            "--- a/config/jobs/kubernetes/sig-testing/unit.yaml",
            "+++ b/config/jobs/kubernetes/sig-testing/unit.yaml",
            "+          limits:",
            "+            cpu: 2",
            "+            memory: 4Gi",
            "+    path_alias: k8s.io/kubernetes",
            "-        imagePullPolicy: IfNotPresent # why not",
            "+        imagePullPolicy: Always # why not",
        ]
    );
    let now = |path: &str| fs::read_to_string(folder.0.join(path)).unwrap();
    assert_eq!(now(UNIT), tree[UNIT], "a dry run writes nothing");

    let fixed = run_in(&folder.0, &format!("check --fix --at {DAY}"));
    assert_eq!(
        fixed.exit,
        commonhold::Exit::Well,
        "{}{}",
        fixed.data,
        fixed.notes
    );
    assert!(
        fixed.notes.contains("jobs/dead-presets: ci-cleanup"),
        "{}",
        fixed.notes
    );
    assert_eq!(found(&folder), []);
    let once = (now(UNIT), now(PERIODICS));
    let again = run_in(&folder.0, &format!("check --fix --at {DAY}"));
    assert_eq!(again.notes, "nothing can be mended without people\n");
    assert_eq!((now(UNIT), now(PERIODICS)), once, "twice is as once");
}

#[test]
fn only_what_is_asked_for_is_mended() {
    let folder = written(&mendable());
    let shown = run_in(
        &folder.0,
        &format!("check --fix --dry-run --rule jobs/path-alias --at {DAY}"),
    );
    let mut lines = shown
        .data
        .lines()
        .filter(|line| line.starts_with(['-', '+']));
    assert_eq!(
        lines.next_back(),
        Some("+    path_alias: k8s.io/kubernetes")
    );
    assert!(!shown.data.contains("preset-gone"), "{}", shown.data);
}

#[test]
fn a_file_with_another_error_is_left_to_people() {
    let mut tree = mendable();
    let text = tree.get_mut(PERIODICS).unwrap();
    *text = text.replacen("  interval: 3h", "  interval: never", 1);
    let folder = written(&tree);
    let fixed = run_in(&folder.0, &format!("check --fix --at {DAY}"));
    let told =
        format!("{PERIODICS}: not written; it has 1 other error, which people have to mend first");
    assert!(fixed.notes.contains(&told), "{}", fixed.notes);
    let now = fs::read_to_string(folder.0.join(PERIODICS)).unwrap();
    assert_eq!(now, tree[PERIODICS]);
}

#[test]
fn what_a_fix_would_break_is_taken_back_whole() {
    let mut tree = mendable();
    let text = tree.get_mut(PERIODICS).unwrap();
    // Under its right name, the annotation would be held against the rule for addresses.
    *text = text.replacen(
        "test-grid-alert-email: testing@example.org",
        "test-grid-alert-email: nobody",
        1,
    );
    let folder = written(&tree);
    let fixed = run_in(&folder.0, &format!("check --fix --at {DAY}"));
    let told = format!("{PERIODICS}: not written; then there would be a new error");
    assert!(fixed.notes.contains(&told), "{}", fixed.notes);
    let now = fs::read_to_string(folder.0.join(PERIODICS)).unwrap();
    assert_eq!(now, tree[PERIODICS], "all of a file or nothing");
    let unit = fs::read_to_string(folder.0.join(UNIT)).unwrap();
    assert_ne!(unit, tree[UNIT], "the other file is mended");
}

#[test]
fn a_job_that_always_runs_needs_the_owners_of_the_list() {
    let mut tree = sound();
    let text = tree.get_mut(UNIT).unwrap();
    *text = text.replacen(
        "    run_if_changed: ^test/slow/\n",
        "    always_run: true\n",
        1,
    );
    let folder = written(&tree);
    let ids: Vec<String> = found(&folder).into_iter().map(|(id, ..)| id).collect();
    assert_eq!(ids, ["approval-differs", "approval-differs"]);
    let fixed = run_in(&folder.0, &format!("check --fix --at {DAY}"));
    assert_eq!(fixed.exit, commonhold::Exit::Well, "{}", fixed.data);
    let list = fs::read_to_string(folder.0.join("approvals/always-run.yaml")).unwrap();
    assert!(
        list.ends_with("\npull-slow:\n  optional: true\npull-unit:\n  - {}\n  - optional: true\n"),
        "{list}"
    );
    let list = fs::read_to_string(folder.0.join("approvals/run-if-changed.yaml")).unwrap();
    assert!(list.ends_with("\n\n{}\n"), "{list}");

    // Who approves both, is asked once.
    let owners = tree["config/jobs/OWNERS"].clone();
    write(&folder.0.join("approvals/OWNERS"), &owners);
    let ids: Vec<String> = found(&folder).into_iter().map(|(id, ..)| id).collect();
    assert_eq!(ids, ["approval-unguarded"]);
}

#[test]
fn a_file_that_is_no_list_is_never_written_over() {
    let mut tree = sound();
    tree.insert(
        "approvals/always-run.yaml".to_owned(),
        "mine: true\n".to_owned(),
    );
    let folder = written(&tree);
    let fixed = run_in(&folder.0, &format!("check --fix --at {DAY}"));
    assert!(
        fixed.data.contains("is not the list of `jobs/always-run`"),
        "{}",
        fixed.data
    );
    let now = fs::read_to_string(folder.0.join("approvals/always-run.yaml")).unwrap();
    assert_eq!(now, "mine: true\n");
}

/// The jobs of Kubernetes as they stood in August 2026, with the rules; the approved lists are
/// written first.
fn corpus() -> Option<Folder> {
    let config = shared("kubernetes/test-infra/config")?
        .canonicalize()
        .unwrap();
    let sigs = shared("kubernetes/community/sigs.yaml")?
        .canonicalize()
        .unwrap();
    let folder = Folder::new();
    let up = "../".repeat(folder.0.canonicalize().unwrap().components().count() - 1);
    let at = |path: &Path| format!("{up}{}", path.to_str().unwrap().trim_start_matches('/'));
    let config = at(&config);
    let manifest = format!(
        "commonhold: 1\nname: Jobs of Kubernetes\nsources:\n- {{format: sigs.yaml, path: {}}}\n\
         - {{format: prow-jobs, path: {config}/prow/config.yaml}}\n- {{format: prow-jobs, path: {config}/jobs}}\n\
         - {{format: testgrid, path: {config}/testgrids}}\n\
         - {{format: owners, path: {config}, repository: kubernetes/test-infra}}\n\
         - {{format: owners, path: approvals, repository: kubernetes/approvals}}\n",
        at(&sigs)
    );
    let folder = folder
        .with("commonhold.yaml", &manifest)
        .with(
            "charter.yaml",
            "rules:\n  minimum-staff: {severity: off}\n  employer-share: {severity: off}\n",
        )
        .with("groups/wg-k8s-infra.yaml", "title: Infrastructure\n")
        .with(
            "groups/committee-product-security.yaml",
            "title: Security\n",
        )
        .with(
            "approvals/OWNERS",
            "options: {no_parent_owners: true}\napprovers: [ada, ben, cy]\n",
        );
    let pack = files(PACK).into_iter();
    Some(pack.fold(folder, |folder, (path, text)| {
        folder.with(&format!("policies/{path}"), &text)
    }))
}

#[test]
fn kubernetes_breaks_no_rule_and_its_silent_faults_are_counted() {
    let Some(folder) = corpus() else { return };
    let dry = run_in(&folder.0, &format!("check --fix --dry-run --at {DAY}"));
    let changed = |mark: char, what: &str| {
        let lines = dry.data.lines().filter(|line| line.starts_with(mark));
        lines.filter(|line| line.contains(what)).count()
    };
    assert_eq!(changed('-', "preset-pull-kubernetes-e2e"), 144);
    assert_eq!(changed('-', "test-grid-alert-email"), 1);
    assert_eq!(changed('+', "testgrid-alert-email"), 1);
    let files = dry
        .data
        .lines()
        .filter(|line| line.starts_with("--- "))
        .count();
    let lines = dry
        .data
        .lines()
        .filter(|line| line.starts_with('-'))
        .count();
    assert_eq!(lines - files, 145, "nothing else goes");
    // Those that always run, and those that run for some paths, are listed.
    let lists = run_in(
        &folder.0,
        &format!("check --fix --rule approval-differs --at {DAY}"),
    );
    assert!(
        lists.notes.contains("approvals/always-run.yaml: written"),
        "{}",
        lists.notes
    );
    let list = fs::read_to_string(folder.0.join("approvals/always-run.yaml")).unwrap();
    let entries = list.lines().filter(|line| line.starts_with("pull-"));
    assert_eq!(entries.count(), 14);

    let report = json(&folder, "");
    assert_eq!(report["counts"]["errors"], 0);
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for finding in report["findings"].as_array().unwrap() {
        if finding["kind"] == "policy-broken" {
            *counts.entry(finding["id"].as_str().unwrap()).or_default() += 1;
        }
    }
    assert_eq!(
        counts,
        BTreeMap::from([
            ("job-ownership/alerts", 4970),
            ("job-ownership/approvers", 1169),
            ("job-ownership/described", 4508),
            ("job-ownership/group", 842),
            ("job-ownership/owners", 30),
            ("job-release/fast-builds", 7),
            ("jobs/dead-presets", 144),
            ("jobs/name-fits-label", 320),
            ("jobs/no-deprecated-scenario", 262),
            ("jobs/unknown-annotations", 11),
        ])
    );
}

#[test]
fn the_rules_that_name_no_community_can_be_copied() {
    let mut tree = sound();
    tree.retain(|path, _| !path.starts_with("policies/") && !path.starts_with("approvals/"));
    tree.insert(
        "policies/ci-jobs.yaml".to_owned(),
        text("examples/policies/ci-jobs.yaml"),
    );
    tree.insert(
        "policies/ci-jobs.dead-presets.baseline".to_owned(),
        "# none\n".to_owned(),
    );
    tree.insert(
        "groups/infrastructure.yaml".to_owned(),
        "title: Infrastructure\n".to_owned(),
    );
    tree.insert(
        "approvals/OWNERS".to_owned(),
        "options: {no_parent_owners: true}\napprovers: [dee]\n".to_owned(),
    );
    let folder = written(&tree);
    run_in(
        &folder.0,
        &format!("check --fix --rule approval-differs --at {DAY}"),
    );
    let ids: BTreeSet<String> = found(&folder).into_iter().map(|(id, ..)| id).collect();
    // The image builder hands its work on and says nothing of resources.
    assert_eq!(ids, BTreeSet::from(["ci-jobs/resources-set".to_owned()]));
}
