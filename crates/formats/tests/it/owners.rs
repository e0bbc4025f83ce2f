//! Who may approve what: held against Prow's own answers, and rule by rule.

mod compat;
mod findings;
mod rules;
mod why;

use std::collections::BTreeSet;

use base::{Diagnostic, Severity};
use estate::{Estate, MemoryTree, Resolution};
use proptest::prelude::*;

use crate::support::{DiskTree, Rooted, adapter, shared};

const MANIFEST: &str =
    "commonhold: 1\nname: test\nsources:\n- {format: owners, path: repo, repository: org/repo}\n";

type Files<'f> = [(&'f str, &'f str)];

fn read(files: &Files<'_>) -> (Estate, Vec<Diagnostic>) {
    let tree = MemoryTree::default().with("commonhold.yaml", MANIFEST);
    let add =
        |tree: MemoryTree, (path, text): &(&str, &str)| tree.with(&format!("repo/{path}"), *text);
    formats::load(&files.iter().fold(tree, add)).expect("a root file")
}

fn resolve(files: &Files<'_>, path: &str) -> Resolution {
    read(files).0.ownership[0].resolve(path)
}

/// All that is not empty: `approvers=a,b@folder leaf=a required=c`.
fn say(resolution: &Resolution) -> String {
    let list = |set: &BTreeSet<String>| set.iter().cloned().collect::<Vec<_>>().join(",");
    let mut said = Vec::new();
    for (name, set) in [
        ("approvers", &resolution.approvers),
        ("leaf", &resolution.leaf_approvers),
        ("reviewers", &resolution.reviewers),
        ("required", &resolution.required_reviewers),
        ("labels", &resolution.labels),
    ] {
        if !set.is_empty() {
            said.push(format!("{name}={}", list(set)));
        }
    }
    if !resolution.approver_folder.is_empty() {
        said.push(format!("at={}", resolution.approver_folder));
    }
    said.extend(
        resolution
            .broken_at
            .iter()
            .map(|folder| format!("broken=\"{folder}\"")),
    );
    said.join(" ")
}

/// Places and codes of the findings, in the order of the texts.
fn found(files: &Files<'_>) -> Vec<String> {
    let (estate, findings) = read(files);
    let say = |f: &Diagnostic| {
        format!(
            "{} {} {}",
            estate.sources.locate(f.span),
            f.severity,
            f.code.id
        )
    };
    let mut said: Vec<String> = findings.iter().map(say).collect();
    said.sort();
    said
}

#[test]
fn every_answer_equals_prows() {
    let Some(data) = shared("owners/k8s.io") else {
        return;
    };
    let manifest = MANIFEST.replace("path: repo", "path: tree");
    let tree = Rooted {
        manifest,
        tree: DiskTree::new(&data),
    };
    let (mut estate, findings) = formats::load(&tree).expect("a root file");
    let errors: Vec<_> = findings
        .iter()
        .filter(|finding| finding.severity == Severity::Error)
        .collect();
    assert!(errors.is_empty(), "{errors:#?}");
    let owners = estate.ownership.remove(0);
    assert_eq!(owners.folders.len(), 152);
    let expected =
        std::fs::read_to_string(data.join("expected-prow.jsonl")).expect("recorded answers");
    equals(&owners, &expected);
    let checkout = formats::owners::checkout(&DiskTree::new(data.join("tree")), "org/repo");
    equals(&checkout.expect("a folder").tree, &expected);
    let (lax, laxities) =
        formats::owners::compatible(owners, &estate.sources, "prow").expect("Prow");
    assert_eq!(laxities, []);
    equals(&lax, &expected);
}

/// Every recorded answer is the tree's too.
fn equals(owners: &estate::OwnersTree, expected: &str) {
    let mut paths = 0;
    for line in expected.lines() {
        let answer: serde_json::Value = serde_json::from_str(line).expect("JSON");
        let path = answer["path"].as_str().expect("a path");
        let ours = owners.resolve(path);
        let ours = serde_json::json!({
            "path": path,
            "approver_owners": ours.approver_folder,
            "approvers": ours.approvers,
            "leaf_approvers": ours.leaf_approvers,
            "reviewers": ours.reviewers,
            "labels": ours.labels,
        });
        assert_eq!(ours, answer);
        paths += 1;
    }
    assert_eq!(paths, 11_732);
}

#[test]
fn unreadable_files_are_not_absent() {
    struct Forbidding(MemoryTree);
    impl estate::Tree for Forbidding {
        fn read(&self, path: &str) -> Result<String, estate::Unreadable> {
            if path.starts_with("repo/a/") {
                return Err(estate::Unreadable {
                    path: path.to_owned(),
                    reason: "permission denied".to_owned(),
                    missing: false,
                });
            }
            self.0.read(path)
        }
        fn find(
            &self,
            folder: &str,
            wanted: &dyn Fn(&str) -> bool,
        ) -> Result<Vec<String>, estate::Unreadable> {
            self.0.find(folder, wanted)
        }
        fn is_folder(&self, path: &str) -> bool {
            self.0.is_folder(path)
        }
    }
    let tree = MemoryTree::default().with("commonhold.yaml", MANIFEST);
    let tree = tree
        .with("repo/OWNERS", "approvers: [root]")
        .with("repo/a/OWNERS", "approvers: [a]");
    let (estate, findings) = formats::load(&Forbidding(tree)).expect("a root file");
    let [finding] = &findings[..] else {
        panic!("{findings:?}")
    };
    assert_eq!(estate.sources.locate(finding.span), "commonhold.yaml:4:26");
    assert_eq!(
        say(&estate.ownership[0].resolve("a/file")),
        "at=a broken=\"a\""
    );
}

#[test]
fn logins_become_people_and_aliases_do_not() {
    let files: &Files<'_> = &[
        (
            "OWNERS_ALIASES",
            "aliases: {team: [Ada, org/crew], other: [team, eve]}",
        ),
        (
            "OWNERS",
            "approvers: [TEAM, Bob]\nrequired_reviewers: [org/crew, dan]\nlabels: [label]\nemeritus_approvers: [past]",
        ),
        (
            "a/OWNERS",
            "filters: {x: {reviewers: ['@bob', carl, not a login]}}",
        ),
    ];
    let (estate, _) = read(files);
    let mut people: Vec<&str> = estate
        .tables
        .people
        .items()
        .map(|person| person.name.as_str())
        .collect();
    people.sort_unstable();
    assert_eq!(people, ["ada", "bob", "carl", "dan", "eve"]);
    assert_eq!(estate.ownership[0].repository, "org/repo");
    assert_eq!(estate.ownership[0].root, "repo");
}

#[test]
fn the_topmost_folders_with_owners_are_detected() {
    let cases: [(&[&str], &[&str]); 5] = [
        (
            &[
                "a/A/OWNERS",
                "a/OWNERS",
                "a/b/c/OWNERS",
                "a-b/OWNERS",
                "x/OWNERS_ALIASES",
            ],
            &["a", "a-b"],
        ),
        (&["OWNERS", "a/OWNERS"], &["."]),
        (&["a/b/OWNERS", "a/c/OWNERS"], &["a/b", "a/c"]),
        (&["OWNERSHIP", "a/NOT_OWNERS"], &[]),
        (&["k8s.io/OWNERS", "k8s.io/dns/OWNERS"], &["k8s.io"]),
    ];
    for (paths, expected) in cases {
        let mut paths: Vec<String> = paths.iter().map(|&path| path.to_owned()).collect();
        paths.sort();
        assert_eq!((adapter("owners").detect)(&paths), expected);
    }
}

#[test]
fn a_repository_at_the_root_is_read_too() {
    let manifest = MANIFEST.replace("path: repo, repository: org/repo", "path: .");
    let tree = MemoryTree::default().with("commonhold.yaml", manifest);
    let tree = tree
        .with("OWNERS", "approvers: [root]")
        .with("a/OWNERS", "approvers: [a]");
    let (estate, findings) = formats::load(&tree).expect("a root file");
    assert!(findings.is_empty(), "{findings:?}");
    assert_eq!(estate.ownership[0].root, "");
    assert_eq!(
        say(&estate.ownership[0].resolve("a/b")),
        "approvers=a,root leaf=a at=a"
    );
}

/// Texts that are often OWNERS files, and often not.
fn owners_text() -> impl Strategy<Value = String> {
    let name = "[ab@]|one|two";
    let list =
        prop::collection::vec(name, 0..3).prop_map(|names| format!("[{}]", names.join(", ")));
    let key = "approvers|reviewers|required_reviewers|labels";
    let lists = || prop::collection::vec((key, list.clone()), 0..3);
    let simple = lists().prop_map(|lists| {
        lists
            .iter()
            .map(|(key, list)| format!("{key}: {list}\n"))
            .collect::<Vec<_>>()
            .concat()
    });
    let options = "(options: \\{no_parent_owners: (true|false)\\}\n)?";
    let filter = ("[abx.*^$(]{1,3}", lists()).prop_map(|(pattern, lists)| {
        let lists: Vec<String> = lists
            .iter()
            .map(|(key, list)| format!("{key}: {list}"))
            .collect();
        format!("  '{pattern}': {{{}}}\n", lists.join(", "))
    });
    let filters = prop::collection::vec(filter, 0..3)
        .prop_map(|filters| format!("filters:\n{}", filters.concat()));
    prop_oneof![
        (options, simple).prop_map(|(options, simple)| options + &simple),
        (options, filters).prop_map(|(options, filters)| options + &filters),
        "\\PC{0,20}",
    ]
}

proptest! {
    #[test]
    fn leaf_approvers_approve_and_nothing_panics(
        files in prop::collection::vec(("([ab]/){0,3}", owners_text()), 1..5),
        aliases in prop_oneof![Just("aliases: {one: [a], two: {b, one}}".to_owned()), "\\PC{0,20}"],
        paths in prop::collection::vec("([ab./]){0,8}|\\PC{0,10}", 1..5),
    ) {
        let files: Vec<(String, String)> = files.into_iter().map(|(folder, text)| (folder + "OWNERS", text)).collect();
        let mut files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
        files.push(("OWNERS_ALIASES", &aliases));
        let (estate, _) = read(&files);
        for path in &paths {
            let resolution = estate.ownership[0].resolve(path);
            prop_assert!(resolution.leaf_approvers.is_subset(&resolution.approvers));
            prop_assert_eq!(resolution.approvers.is_empty(), resolution.leaf_approvers.is_empty());
            prop_assert!(resolution.broken_at.is_none() || resolution.approvers.is_empty());
        }
    }
}
