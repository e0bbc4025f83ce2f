//! OWNERS and `OWNERS_ALIASES` that are made read back as they were meant.

use std::fs;
use std::path::Path;

use estate::{Estate, MemoryTree};

use super::{TODAY, read};
use crate::owners::{MARK, custom_part, owners_aliases, owners_files};

fn estate() -> Estate {
    let (estate, findings) = read(&[
        ("people/ada.yaml", "name: Ada\n"),
        ("people/yes.yaml", "name: 'Yes'\n"),
        ("people/bob.yaml", "name: Bob\n"),
        (
            "groups/infra.yaml",
            "leads: [{person: bob, role: chair}, {person: ada, role: chair}, {person: ada, role: tech-lead}]\n",
        ),
        (
            "groups/steering.yaml",
            "kind: committee\nleads: [{person: 'yes', role: member}, {person: bob, role: member, until: 2025-12-31}]\n",
        ),
        ("groups/idle.yaml", "title: Idle\n"),
        ("groups/old.yaml", "standing: retired\n"),
        (
            "services/mail.yaml",
            "name: Mail\nsummary: Sends.\nkind: custom\nowner: infra\nsource: [{repository: org/repo, path: mail/}]\n",
        ),
        (
            "services/list.yaml",
            "name: List\nsummary: Lists.\nkind: custom\nowner: idle\nstaff: [ada]\nsource: [{repository: org/repo, path: mail}]\n",
        ),
        (
            "services/web.yaml",
            "name: Web\nsummary: Shows.\nkind: custom\nstaff: [ada]\nsource: [{repository: org/repo}]\n",
        ),
    ]);
    let errors = findings
        .iter()
        .filter(|f| f.severity == base::Severity::Error);
    assert_eq!(errors.count(), 0, "{findings:?}");
    estate
}

#[test]
fn aliases_are_the_leads_of_groups_on_the_day() {
    let made = owners_aliases(&estate(), None, TODAY);
    let (mark, rest) = made.files[0].text.split_once('\n').expect("lines");
    assert!(mark.contains(MARK));
    assert_eq!(
        rest,
        "aliases:\n  infra-leads:\n    - ada\n    - bob\n  steering:\n    - \"yes\"\n"
    );
    assert_eq!(made.notes, ["group/idle has no leads, and so no alias"]);
}

#[test]
fn the_custom_part_is_kept_as_it_is_and_making_again_changes_nothing() {
    let there = "aliases:\n  x: [y]\n## BEGIN CUSTOM CONTENT\n  own:\n  # why\n  - ada\n## END CUSTOM CONTENT\n";
    let custom = custom_part(there).expect("a custom part");
    assert_eq!(custom, "  own:\n  # why\n  - ada\n");
    let made = owners_aliases(&estate(), Some(custom), TODAY);
    let text = &made.files[0].text;
    assert!(text.ends_with(there.split_once("y]\n").expect("the part").1));
    let again = owners_aliases(&estate(), custom_part(text), TODAY);
    assert_eq!(again.files[0].text, *text);
    assert_eq!(custom_part("aliases: {}\n"), None);
    assert_eq!(custom_part("## BEGIN CUSTOM CONTENT\nnever ends"), None);
}

#[test]
fn folders_are_owned_by_the_groups_of_their_services_and_resolve_so() {
    let estate = estate();
    let owners = owners_files(&estate, "org/repo", TODAY).expect("claims");
    let aliases = owners_aliases(&estate, None, TODAY);
    assert_eq!(
        owners.notes,
        ["group/idle owns mail/ and has no leads, so nobody approves there in its name"]
    );
    let mut tree = MemoryTree::default();
    for file in owners.files.iter().chain(&aliases.files) {
        tree = tree.with(&file.path, file.text.as_str());
    }
    let read = formats::owners::checkout(&tree, "org/repo").expect("a folder");
    let errors = read
        .findings
        .iter()
        .filter(|f| f.severity == base::Severity::Error);
    assert_eq!(errors.count(), 0, "{:?}", read.findings);
    let approvers = |path| {
        read.tree
            .resolve(path)
            .leaf_approvers
            .into_iter()
            .collect::<Vec<_>>()
    };
    assert_eq!(approvers("mail/x"), ["ada", "bob"]);
    assert_eq!(approvers("x"), ["ada"]);
    assert_eq!(read.tree.folders.len(), 2);
}

#[test]
fn the_aliases_of_a_real_community_are_those_it_made_itself() {
    let data =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/kubernetes/community");
    let Ok(sigs) = fs::read_to_string(data.join("sigs.yaml")) else {
        eprintln!("skipped: the data of a community are not beside the repository");
        return;
    };
    let expected = fs::read_to_string(data.join("OWNERS_ALIASES")).expect("its aliases");
    let tree = MemoryTree::default()
        .with(
            "commonhold.yaml",
            "commonhold: 1\nname: test\nsources: [{format: sigs.yaml, path: sigs.yaml}]\n",
        )
        .with("sigs.yaml", sigs);
    let (estate, _) = formats::load(&tree).expect("a root file");
    let made = owners_aliases(&estate, custom_part(&expected), TODAY);
    let (_, text) = made.files[0].text.split_once('\n').expect("lines");
    assert_eq!(text, expected);
}
