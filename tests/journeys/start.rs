//! Starting an estate, from nothing and from what is there.

use commonhold::Exit;

use crate::support::{Folder, run_in};

const SIGS: &str = "\
sigs:
  - dir: sig-tea
    name: Tea
    mission_statement: Tea.
    charter_link: charter.md
    label: tea
    leadership:
      chairs:
        - {github: ada, name: Ada, company: Aurora, email: ada@example.org}
    contact: {slack: tea}
    subprojects:
      - name: pots
        owners: [\"https://github.com/tea/pots/blob/main/OWNERS\"]
";

#[test]
fn an_empty_folder_becomes_a_sound_estate() {
    let folder = Folder::new();
    let outcome = run_in(&folder.0, "init --name Tea");
    assert_eq!(outcome.exit, Exit::Well, "{}", outcome.notes);
    let check = run_in(&folder.0, "check");
    assert_eq!(check.exit, Exit::Well);
    assert_eq!(check.data, "Tea: no findings in 2 files\n");
}

#[test]
fn what_is_there_is_never_overwritten() {
    let folder = Folder::new()
        .with("commonhold.yaml", "mine\n")
        .with("charter.yaml", "mine\n");
    let outcome = run_in(&folder.0, "init");
    assert_eq!((outcome.exit, outcome.data.as_str()), (Exit::Findings, ""));
    let folder = Folder::new().with("charter.yaml", "rules: {}\n");
    assert_eq!(run_in(&folder.0, "init").exit, Exit::Well);
    assert_eq!(
        std::fs::read_to_string(folder.0.join("charter.yaml")).unwrap(),
        "rules: {}\n"
    );
}

#[test]
fn known_formats_are_adopted_and_the_rest_is_named() {
    let folder = Folder::new()
        .with("community/sigs.yaml", SIGS)
        .with("org/config/tea/org.yaml", "admins: [ada]\nmembers: []\n")
        .with("infra/groups/config.yaml", "groups-path: .\n")
        .with("infra/groups/groups.yaml", "groups:\n  - email-id: tea@example.org\n    name: tea\n    description: Tea\n    members: [ada@example.org]\n")
        .with("infra/OWNERS", "approvers: [ada]\n")
        .with("infra/odd.yaml", "what: is this\n")
        .with(".github/workflows/ci.yaml", "on: push\n");
    let outcome = run_in(&folder.0, "init");
    assert_eq!(outcome.exit, Exit::Well, "{}", outcome.notes);
    for adopted in [
        "community/sigs.yaml as sigs.yaml",
        "org/config as peribolos",
        "infra/groups as groups.yaml",
        "infra as owners",
    ] {
        assert!(
            outcome.data.contains(&format!("adopted {adopted}")),
            "{}",
            outcome.data
        );
    }
    let stats = run_in(&folder.0, "stats --output csv").data;
    for count in [
        "groups,1",
        "organisations,1",
        "mailing groups,1",
        "people,1",
        "owners files,1",
    ] {
        assert!(stats.lines().any(|line| line == count), "{count}: {stats}");
    }
    let check = run_in(&folder.0, "check --output json").data;
    assert!(!check.contains("workflows"), "{check}");
}

#[test]
fn a_source_that_is_gone_is_an_error_and_not_empty() {
    let folder = Folder::new().with(
        "commonhold.yaml",
        "commonhold: 1\nname: T\nsources:\n  - format: sigs.yaml\n    path: ../gone/sigs.yaml\n",
    );
    let outcome = run_in(&folder.0, "check");
    assert_eq!(outcome.exit, Exit::Findings);
    assert!(
        outcome.data.contains("error[file-unreadable]"),
        "{}",
        outcome.data
    );
    assert!(
        outcome.data.contains("commonhold.yaml:5:11"),
        "{}",
        outcome.data
    );
}
