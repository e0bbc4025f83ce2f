//! CODEOWNERS says of every path what the OWNERS files say of it.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use estate::{MemoryTree, OwnersTree};
use proptest::prelude::*;

use super::{ADOPTS, TODAY, adopted, read};
use crate::owners::{Made, Refusal, Teams, codeowners_of_claims, codeowners_of_tree};

/// The owners of a path as GitHub's documentation has it: of the patterns that match, the
/// last one's. Only the patterns that its examples show: `*`, `/folder/`, `*.ext`, `folder/`.
fn owners_of(codeowners: &str, path: &str) -> BTreeSet<String> {
    let mut owners = BTreeSet::new();
    for line in codeowners.lines() {
        if line.starts_with('#') || line.trim().is_empty() {
            continue;
        }
        let line = line.replace("\\ ", "\u{0}");
        let mut words = line.split(' ');
        let pattern = words.next().expect("a pattern").replace('\u{0}', " ");
        let below = |folder: &str| {
            path.strip_prefix(folder)
                .is_some_and(|rest| rest.starts_with('/'))
        };
        let matches = match pattern.as_str() {
            "*" => true,
            anchored if anchored.starts_with('/') && anchored.ends_with('/') => {
                below(anchored.trim_matches('/'))
            }
            odd => panic!("the pattern {odd} is none that we write"),
        };
        if matches {
            owners = words
                .map(|owner| owner.trim_start_matches('@').to_owned())
                .collect();
        }
    }
    owners
}

fn made(tree: &OwnersTree, sources: &base::SourceMap) -> Made {
    codeowners_of_tree(tree, sources, &Teams::default()).expect("nothing is broken")
}

fn checkout(folder: &Path) -> MemoryTree {
    fn walk(root: &Path, folder: &Path, tree: &mut MemoryTree) {
        for entry in fs::read_dir(folder).expect("a folder").flatten() {
            let path = entry.path();
            if path.is_dir() {
                walk(root, &path, tree);
            } else {
                let below = path.strip_prefix(root).expect("below").to_string_lossy();
                let text = fs::read_to_string(&path).expect("a text");
                *tree = std::mem::take(tree).with(&below, text);
            }
        }
    }
    let mut tree = MemoryTree::default();
    walk(folder, folder, &mut tree);
    tree
}

#[test]
fn every_path_of_a_real_repository_has_the_same_approvers() {
    let owners = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/owners");
    let folders = fs::read_dir(&owners).into_iter().flatten().flatten();
    let mut folders = folders.map(|entry| entry.path());
    let Some(data) = folders.find(|folder| folder.join("paths.txt").exists()) else {
        eprintln!("skipped: owners is not beside the repository");
        return;
    };
    let read = formats::owners::checkout(&checkout(&data.join("tree")), "org/repo").expect("it");
    let made = made(&read.tree, &read.sources);
    let paths = fs::read_to_string(data.join("paths.txt")).expect("paths");
    let mut count = 0;
    for path in paths.lines() {
        let expected = read.tree.resolve(path).approvers;
        assert_eq!(owners_of(&made.files[0].text, path), expected, "{path}");
        count += 1;
    }
    assert_eq!(count, 11_732);
    assert_eq!(made.notes, Vec::<String>::new());
}

#[test]
fn a_folder_with_the_owners_of_the_one_above_has_no_line() {
    let estate = adopted(&[
        ("repo/OWNERS", "approvers: [ada, bob]"),
        ("repo/a/OWNERS", "reviewers: [eve]"),
        ("repo/a b/OWNERS", "approvers: [Carl]"),
    ]);
    let made = made(&estate.ownership[0], &estate.sources);
    assert_eq!(made.files[0].path, ".github/CODEOWNERS");
    assert_eq!(
        made.files[0].text,
        "# Made by `commonhold owners generate --format codeowners` from the OWNERS files. \
         Change it there.\n* @ada @bob\n/a\\ b/ @ada @bob @carl\n"
    );
}

#[test]
fn what_cannot_be_said_is_named_and_what_nobody_knows_is_refused() {
    let estate = adopted(&[
        (
            "repo/OWNERS",
            "filters: {'\\.go$': {approvers: [ada]}, '.*': {approvers: [bob, not a login]}}",
        ),
        ("repo/a/OWNERS", "required_reviewers: [eve]"),
        ("repo/a[b]/OWNERS", "approvers: [eve]"),
    ]);
    let made = made(&estate.ownership[0], &estate.sources);
    for (at, part) in [
        "`not a login` of `` is left out",
        "repo/OWNERS:1: the owners under the filter `\\.go$` are left out",
        "that eve must review a/ is left out",
        "the owners of `a[b]` are left out",
    ]
    .into_iter()
    .enumerate()
    {
        assert!(
            made.notes.iter().any(|note| note.starts_with(part)),
            "{at}: {:?}",
            made.notes
        );
        assert!(made.files[0].text.contains(&format!("# - {part}")));
    }
    let estate = adopted(&[("repo/OWNERS", "approvers: [ada]"), ("repo/a/OWNERS", "{")]);
    let refused = codeowners_of_tree(&estate.ownership[0], &estate.sources, &Teams::default());
    let refused = refused.expect_err("nobody knows who owns a/");
    assert!(matches!(&refused, Refusal::Broken { folder, .. } if folder == "a"));
    assert!(
        refused
            .to_string()
            .starts_with("the owners of a/ cannot be told: repo/a/OWNERS:1: "),
        "{refused}"
    );
}

#[test]
fn a_team_stands_for_exactly_its_people_if_it_may_write() {
    let people = "title: Oven.Crew\norganisation: org\nmaintainers: [ada]\nmembers: [bob]\n";
    let grant = "grants: [{repository: org/repo, permission: write}]\n";
    let with = |team: &str| {
        let (estate, _) = read(&[
            ADOPTS,
            ("people/ada.yaml", "name: Ada\n"),
            ("people/bob.yaml", "name: Bob\n"),
            ("organisations/org.yaml", "admins: [ada]\nmembers: [bob]\n"),
            ("teams/oven.yaml", team),
            ("repo/OWNERS", "approvers: [bob, Ada]\n"),
            ("repo/a/OWNERS", "approvers: [eve]\n"),
        ]);
        let teams = Teams::declared(&estate, "org/repo");
        let made = codeowners_of_tree(&estate.ownership[0], &estate.sources, &teams);
        let text = made.expect("nothing is broken").files.remove(0).text;
        text.lines().skip(1).collect::<Vec<_>>().join("\n")
    };
    let logins = "* @ada @bob\n/a/ @ada @bob @eve";
    assert_eq!(
        with(&format!("{people}{grant}")),
        "* @org/oven-crew\n/a/ @ada @bob @eve"
    );
    assert_eq!(with(people), logins, "it may not write");
    assert_eq!(with(&format!("{people}{grant}privacy: secret\n")), logins);
    assert_eq!(
        with(&format!("organisation: org\nmembers: [ada]\n{grant}")),
        logins
    );
}

#[test]
fn services_and_subprojects_claim_folders() {
    let (estate, _) = read(&[
        ("people/ada.yaml", "name: Ada\nhandles: {github: AdaL}\n"),
        ("people/bob.yaml", "name: Bob\n"),
        ("people/gone.yaml", "name: Gone\nleft: 2025-01-01\n"),
        (
            "groups/infra.yaml",
            "leads: [{person: ada, role: chair}, {person: gone, role: chair}]\nsubprojects:\n- {name: dns, owners: ['https://github.com/org/repo/blob/main/dns/OWNERS'], leads: [bob]}\n",
        ),
        (
            "services/mail.yaml",
            "name: Mail\nsummary: Sends.\nkind: custom\nowner: infra\nsource: [{repository: org/repo, path: mail}]\n",
        ),
        (
            "services/web.yaml",
            "name: Web\nsummary: Shows.\nkind: custom\nowner: infra\nsource: [{repository: org/other}]\n",
        ),
    ]);
    let made = codeowners_of_claims(&estate, "Org/Repo", &Teams::default(), TODAY);
    let text = made.expect("claims").files.remove(0).text;
    let lines: Vec<&str> = text.lines().skip(1).collect();
    assert_eq!(lines, ["/dns/ @bob", "/mail/ @adal"]);
    let nothing = codeowners_of_claims(&estate, "org/third", &Teams::default(), TODAY);
    assert_eq!(nothing, Err(Refusal::Nothing("org/third".to_owned())));
}

proptest! {
    #[test]
    fn trees_without_patterns_keep_their_approvers(
        folders in prop::collection::btree_map("([ab]{1,2}(/[ab]{1,2}){0,2})?", (any::<bool>(), "[a-e](, [a-e]){0,2}"), 1..6),
        paths in prop::collection::vec("([ab]{1,2}/){0,4}file", 1..8),
    ) {
        let files: Vec<(String, String)> = folders.into_iter().map(|(folder, (alone, people))| {
            let path = estate::join("repo", &format!("{folder}/OWNERS"));
            (path, format!("options: {{no_parent_owners: {alone}}}\napprovers: [{people}]\n"))
        }).collect();
        let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
        let estate = adopted(&files);
        let tree = &estate.ownership[0];
        let made = made(tree, &estate.sources);
        for path in &paths {
            prop_assert_eq!(owners_of(&made.files[0].text, path), tree.resolve(path).approvers, "{}", path);
        }
    }
}
