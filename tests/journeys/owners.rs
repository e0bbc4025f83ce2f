//! Who may review and approve which files: asked, made, and held against Prow.

use commonhold::Exit;
use serde_json::Value;

use crate::support::{Folder, run_in, shared};

fn estate() -> Folder {
    Folder::new()
        .with(
            "commonhold.yaml",
            "commonhold: 1\nname: Lab\nsources: [{format: owners, path: oven, repository: lab/oven}]\n",
        )
        .with("charter.yaml", "rules: {}\n")
        .with("oven/OWNERS_ALIASES", "aliases:\n  bakers:\n  - Ada\n  - bob\n")
        .with(
            "oven/OWNERS",
            "approvers:\n- bakers\nemeritus_approvers:\n- old\nlabels:\n- lab/oven\n",
        )
        .with(
            "oven/door/OWNERS",
            "filters:\n  '\\.md$':\n    reviewers:\n    - eve\n  '.*':\n    approvers:\n    - carl\n",
        )
        .with(
            "oven/fire/OWNERS",
            "options: {no_parent_owners: true}\napprovers: [carl\n",
        )
}

#[test]
fn an_answer_says_who_and_why() {
    let folder = estate();
    let outcome = run_in(&folder.0, "owners oven/door/README.md");
    assert_eq!(outcome.exit, Exit::Well, "{}", outcome.notes);
    assert_eq!(
        outcome.data,
        "oven/door/README.md in lab/oven
  approve: carl
  approve from above: ada, bob
  review: eve
  labels: lab/oven
  because
    oven/door/OWNERS:4 has eve in reviewers, for the filter `\\.md$`
    oven/door/OWNERS:7 has carl in approvers
    oven/OWNERS:2 has ada in approvers, through the alias bakers (oven/OWNERS_ALIASES:3)
    oven/OWNERS:2 has bob in approvers, through the alias bakers (oven/OWNERS_ALIASES:4)
    oven/OWNERS:6 has lab/oven in labels
    oven/OWNERS:4 has old in emeritus_approvers, who does not count by that
"
    );
    // By the repository's name, by the path in it, and by the path in the estate.
    let data = |path: &str| {
        let data = run_in(&folder.0, &format!("owners {path}")).data;
        data.split_once('\n').expect("lines").1.to_owned()
    };
    assert_eq!(data("Lab/Oven/door/x"), data("door/x"));
    assert_eq!(data("./oven//door/x"), data("door/x"));
}

#[test]
fn below_a_broken_file_nobody_approves_unless_a_bot_is_asked() {
    let folder = estate();
    let outcome = run_in(&folder.0, "owners fire/x");
    assert_eq!(outcome.exit, Exit::Findings);
    assert!(
        outcome
            .data
            .contains("  nobody may approve: oven/fire/OWNERS:2: this bracket is not closed\n"),
        "{}",
        outcome.data
    );
    let compat = run_in(&folder.0, "owners --compat prow fire/x");
    assert_eq!(compat.exit, Exit::Well);
    assert!(
        compat.data.contains("  approve: ada, bob\n"),
        "{}",
        compat.data
    );
    assert!(
        compat.notes.contains(
            "warning: oven/fire/OWNERS:2: this bracket is not closed; Prow ignores the file, so those above it approve\n"
        ),
        "{}",
        compat.notes
    );
    assert_eq!(
        run_in(&folder.0, "owners --compat other x").exit,
        Exit::Usage
    );
}

#[test]
fn many_paths_are_read_from_a_file_and_answered_a_line_each() {
    let folder = estate()
        .with("paths", "a\nfire/x\r\n\n")
        .with("nul", "a\0door/y\nz\0");
    let text = run_in(&folder.0, "owners --paths paths");
    assert_eq!(
        text.data,
        "a: ada, bob\nfire/x: nobody: oven/fire/OWNERS:2: this bracket is not closed\n"
    );
    let json = run_in(&folder.0, "owners --paths nul --output json").data;
    let json: Value = serde_json::from_str(&json).expect("JSON");
    let paths: Vec<&str> = json["paths"]
        .as_array()
        .expect("paths")
        .iter()
        .map(|line| line["path"].as_str().unwrap())
        .collect();
    assert_eq!(paths, ["a", "door/y\nz"]);
    assert_eq!(
        json["paths"][0]["approvers"],
        serde_json::json!(["ada", "bob"])
    );
    assert!(json["paths"][0].get("why").is_none());
    let why = run_in(&folder.0, "owners --paths nul --output json --why").data;
    let why: Value = serde_json::from_str(&why).expect("JSON");
    assert_eq!(
        why["paths"][0]["why"]["grounds"][0]["alias_place"],
        "oven/OWNERS_ALIASES:3"
    );
}

#[test]
fn a_checkout_is_asked_without_an_estate_and_collaborators_may_be_all_that_count() {
    let folder = estate().with("collaborators", "ADA\n");
    std::fs::remove_file(folder.0.join("commonhold.yaml")).expect("a file");
    let outcome = run_in(
        &folder.0,
        "owners --tree oven --collaborators collaborators door/x",
    );
    assert!(
        outcome.data.contains("  approve: ada\n"),
        "{}",
        outcome.data
    );
    assert!(!outcome.data.contains("carl"), "{}", outcome.data);
    assert!(
        outcome.notes.starts_with("error: oven/fire/OWNERS:2:"),
        "{}",
        outcome.notes
    );
    let slashed = run_in(&folder.0, "owners --tree ./oven/ x");
    assert_eq!(slashed.exit, Exit::Well);
    std::fs::create_dir(folder.0.join("empty")).expect("a folder");
    let empty = run_in(&folder.0, "owners --tree empty x");
    assert_eq!(
        (empty.exit, empty.notes.as_str()),
        (
            Exit::Findings,
            "error: there is no OWNERS file below empty\n"
        )
    );
}

#[test]
fn files_are_made_checked_and_never_put_over_somebodys() {
    let folder = estate();
    let make = |arguments: &str| {
        run_in(
            &folder.0,
            &format!("owners generate --format codeowners --out oven {arguments}"),
        )
    };
    let refused = make("");
    assert_eq!(refused.exit, Exit::Findings);
    assert!(
        refused
            .notes
            .contains("the owners of fire/ cannot be told: oven/fire/OWNERS:2: "),
        "{}",
        refused.notes
    );
    let folder = folder.with("oven/fire/OWNERS", "approvers: [carl]\n");
    let make = |arguments: &str| {
        run_in(
            &folder.0,
            &format!("owners generate --format codeowners --out oven {arguments}"),
        )
    };
    let missing = make("--check");
    assert_eq!(missing.exit, Exit::Findings);
    assert!(
        missing
            .notes
            .contains("oven/.github/CODEOWNERS is missing\n"),
        "{}",
        missing.notes
    );
    assert_eq!(make("").exit, Exit::Well);
    assert_eq!(make("--check").exit, Exit::Well);
    let text = std::fs::read_to_string(folder.0.join("oven/.github/CODEOWNERS")).expect("it");
    let lines: Vec<&str> = text.lines().filter(|line| !line.starts_with('#')).collect();
    assert_eq!(
        lines,
        [
            "* @ada @bob",
            "/door/ @ada @bob @carl",
            "/fire/ @ada @bob @carl"
        ]
    );
    let folder = folder.with("oven/.github/CODEOWNERS", "* @me\n");
    let kept = run_in(&folder.0, "owners generate --format codeowners --out oven");
    assert_eq!(kept.exit, Exit::Findings);
    assert!(
        kept.notes
            .contains("was written by somebody and is not replaced"),
        "{}",
        kept.notes
    );
}

#[test]
fn owners_of_services_are_made_and_those_of_no_service_any_more_are_named() {
    let folder = Folder::new()
        .with("commonhold.yaml", "commonhold: 1\nname: Lab\n")
        .with("people/ada.yaml", "name: Ada\n")
        .with("groups/infra.yaml", "leads: [{person: ada, role: chair}]\n")
        .with(
            "services/mail.yaml",
            "name: Mail\nsummary: Sends.\nkind: custom\nowner: infra\nsource: [{repository: lab/oven, path: mail}]\n",
        )
        .with("out/old/OWNERS", "# Made by `commonhold owners generate --format owners` from service/old. Change it there.\n")
        .with("out/own/OWNERS", "approvers: [ada]\n");
    let make =
        |arguments: &str| run_in(&folder.0, &format!("owners generate --out out {arguments}"));
    let owners = make("--format owners --repository lab/oven");
    assert_eq!(owners.exit, Exit::Well, "{}", owners.notes);
    assert_eq!(
        owners.notes,
        "wrote out/mail/OWNERS\nwarning: out/old/OWNERS is nobody's any more; remove it\n"
    );
    assert_eq!(
        make("--format owners --repository lab/oven --check").exit,
        Exit::Findings
    );
    assert_eq!(make("--format owners-aliases").exit, Exit::Well);
    assert_eq!(make("--format owners-aliases --check").exit, Exit::Well);
    let asked = run_in(&folder.0, "owners --tree out mail/x");
    assert!(asked.data.contains("  approve: ada\n"), "{}", asked.data);
}

#[test]
fn the_whole_command_answers_as_prow_does() {
    let Some(data) = shared("owners/k8s.io") else {
        return;
    };
    let expected = std::fs::read_to_string(data.join("expected-prow.jsonl")).expect("answers");
    for compat in ["", "--compat prow "] {
        let outcome = run_in(
            &data,
            &format!("owners --tree tree {compat}--paths paths.txt --output json"),
        );
        assert_eq!(outcome.notes, "");
        let answers: Value = serde_json::from_str(&outcome.data).expect("JSON");
        let answers = answers["paths"].as_array().expect("paths");
        assert_eq!(answers.len(), 11_732);
        for (ours, line) in answers.iter().zip(expected.lines()) {
            let theirs: Value = serde_json::from_str(line).expect("JSON");
            for (our, their) in [
                ("path", "path"),
                ("approvers", "approvers"),
                ("leaf_approvers", "leaf_approvers"),
                ("reviewers", "reviewers"),
                ("labels", "labels"),
                ("approver_folder", "approver_owners"),
            ] {
                assert_eq!(ours[our], theirs[their], "{line}");
            }
        }
    }
}
