//! Peribolos, as one file and in the shards of kubernetes/org.

use std::collections::{BTreeMap, BTreeSet};

use estate::MemoryTree;
use estate::kinds::{Permission, Privacy};
use proptest::prelude::*;

use crate::support::{Case, adapter, codes, lines, load, rooted, shared, tree};

const SOURCE: &str = "{format: peribolos, path: config}";

const ORG: &str = "\
name: The Lab
description: Bakes.
billing_email: bills@example.org
default_repository_permission: read
has_organization_projects: true
admins:
- ada
members:
- Ben
- cem
teams:
  ovens:
    description: Minds the ovens.
    privacy: closed
    maintainers:
    - ada
    members:
    - ben
    previously:
    - stoves
    repos:
      kiln: admin
    teams:
      hot/ovens:
        privacy: closed
        members:
        - cem
        repos:
          kiln: write
repos:
  kiln:
    visibility: public
    collaborators:
      dee: triage
";

const SHARD: &str = "\
teams:
  bakers:
    privacy: secret
    members:
    - Ben
    repos:
      flour: read
";

const RESTRICTIONS: &str = "\
restrictions:
- path: 'lab/org.yaml'
  allowedRepos:
  - '^kiln$'
- path: 'lab/sig-*/teams.yaml'
  allowedRepos:
  - '^flour$'
- path: '**/*'
";

fn of(org: &str, shard: &str, restrictions: &str) -> MemoryTree {
    let files = [
        ("config/lab/org.yaml", org),
        ("config/lab/sig-bread/teams.yaml", shard),
        ("config/restrictions.yaml", restrictions),
    ];
    tree(SOURCE, &files)
}

#[test]
fn shards_become_organisations_teams_and_people() {
    let (estate, findings) = load(&of(ORG, SHARD, RESTRICTIONS));
    assert_eq!(lines(&findings, &estate.sources), Vec::<String>::new());
    let org = &estate.tables.organisations.get("lab").unwrap().value;
    assert_eq!(org.title.as_deref(), Some("The Lab"));
    assert_eq!(org.people().count(), 3);
    let teams: Vec<&str> = estate
        .tables
        .teams
        .items()
        .map(|team| team.name.as_str())
        .collect();
    assert_eq!(teams, ["lab/hot/ovens", "lab/ovens", "lab/bakers"]);
    let nested = estate.tables.teams.get("lab/hot/ovens").unwrap();
    assert_eq!(nested.value.parent.as_ref().unwrap().name, "lab/ovens");
    assert_eq!(
        estate.sources.line_of(nested.span),
        "config/lab/org.yaml:24"
    );
    let ovens = &estate.tables.teams.get("lab/ovens").unwrap().value;
    assert_eq!(
        (ovens.privacy, ovens.previously.as_slice()),
        (Privacy::Visible, &["stoves".to_owned()][..])
    );
    let grant = ovens.grants.first().unwrap();
    assert_eq!(
        (grant.repository.as_str(), grant.permission),
        ("lab/kiln", Permission::Admin)
    );
    assert_eq!(
        estate.tables.teams.get("lab/bakers").unwrap().value.privacy,
        Privacy::Secret
    );
    assert_eq!(estate.tables.people.len(), 4, "ada, ben, cem, dee");
}

#[test]
fn a_single_file_in_the_form_of_prow_says_the_same() {
    let indented = |text: &str| {
        text.lines()
            .fold(String::new(), |text, line| text + "    " + line + "\n")
    };
    let text = format!("orgs:\n  lab:\n{}", indented(ORG));
    let source = "{format: peribolos, path: config.yaml}";
    let (estate, findings) = load(&tree(source, &[("config.yaml", &text)]));
    assert_eq!(lines(&findings, &estate.sources), Vec::<String>::new());
    assert_eq!(estate.tables.teams.len(), 2);
    let span = estate.tables.organisations.get("lab").unwrap().span;
    assert_eq!(estate.sources.line_of(span), "config.yaml:2");
}

/// What is replaced in the organisation's own file by what, and the codes it should give.
const ORG_CASES: &[Case] = &[
    (
        "    - stoves",
        "    - Bakers",
        "former is current",
        &["peribolos-former-name!"],
    ),
    (
        "    - stoves",
        "    - stoves\n    - stoves",
        "former twice",
        &["peribolos-former-name!"],
    ),
    (
        "    visibility: public",
        "    visibility: public\n    private: false",
        "both",
        &["peribolos-repo-visibility!"],
    ),
    (
        "hot/ovens",
        "Bakers",
        "one name twice",
        &["peribolos-team-twice!"],
    ),
    (
        "kiln: admin",
        "flour: admin",
        "may not grant",
        &["peribolos-restricted!"],
    ),
    (
        "kiln: write",
        "flour: write",
        "nested may not grant",
        &["peribolos-restricted"],
    ),
    (
        "kiln: admin",
        "kiln: push",
        "permission",
        &["yaml-bad-value!"],
    ),
    (
        "privacy: closed",
        "privacy: open",
        "privacy",
        &["yaml-bad-value!"],
    ),
    (
        "members:\n- Ben",
        "mebers:\n- Ben",
        "key",
        &["yaml-unknown-key!"],
    ),
];

/// The same for a shard.
const SHARD_CASES: &[Case] = &[
    (
        "bakers:",
        "OVENS:",
        "in two files",
        &["peribolos-team-twice!"],
    ),
    (
        "flour:",
        "kiln:",
        "may not grant",
        &["peribolos-restricted!"],
    ),
    (
        "teams:",
        "members: [eva]\nteams:",
        "dropped by the merge",
        &["yaml-unknown-key!"],
    ),
];

#[test]
fn each_mistake_has_its_own_finding() {
    for (from, to, what, expected) in ORG_CASES {
        assert!(ORG.contains(from), "{what}: the case changes nothing");
        let (estate, findings) = load(&of(&ORG.replacen(from, to, 1), SHARD, RESTRICTIONS));
        assert_eq!(
            codes(&findings),
            *expected,
            "{what}: {:#?}",
            lines(&findings, &estate.sources)
        );
    }
    for (from, to, what, expected) in SHARD_CASES {
        let (estate, findings) = load(&of(ORG, &SHARD.replacen(from, to, 1), RESTRICTIONS));
        assert_eq!(
            codes(&findings),
            *expected,
            "{what}: {:#?}",
            lines(&findings, &estate.sources)
        );
    }
}

#[test]
fn a_team_declared_twice_is_reported_with_both_places() {
    let (estate, findings) = load(&of(ORG, &SHARD.replace("bakers", "ovens"), RESTRICTIONS));
    let finding = findings.first().unwrap();
    assert_eq!(
        estate.sources.line_of(finding.span),
        "config/lab/sig-bread/teams.yaml:2"
    );
    let first = finding.related.first().unwrap().span;
    assert_eq!(estate.sources.line_of(first), "config/lab/org.yaml:12");
}

#[test]
fn the_first_rule_that_matches_decides() {
    let deny = "restrictions:\n- path: '**/*'\n";
    let cases: &[(&str, &str, &[&str])] = &[
        (RESTRICTIONS, "all is allowed", &[]),
        ("restrictions: []\n", "no rule allows everything", &[]),
        (
            "restrictions:\n- path: '*'\n",
            "one star stays in one folder",
            &[],
        ),
        (
            "restrictions:\n- path: '**/teams.yaml'\n",
            "nothing allowed",
            &["peribolos-restricted!"],
        ),
        (
            deny,
            "deny all",
            &[
                "peribolos-restricted",
                "peribolos-restricted!",
                "peribolos-restricted!",
            ],
        ),
        (
            "restrictions:\n- path: 'lab/**'\n  allowedRepos: ['']\n- path: '**/*'\n",
            "first",
            &[],
        ),
        (
            "restrictions:\n- path: '**/*'\n  allowedRepos: ['(']\n",
            "regex",
            &["peribolos-restriction-pattern!"],
        ),
        (
            "restrictions:\n- path: 'a[b'\n- path: '**/*'\n",
            "glob",
            &["peribolos-restriction-pattern!"],
        ),
        (
            "restrictions:\n- path: '**/*'\n  allowRepos: ['.']\n",
            "key",
            &["yaml-unknown-key!"],
        ),
    ];
    for (restrictions, what, expected) in cases {
        let (estate, findings) = load(&of(ORG, SHARD, restrictions));
        assert_eq!(
            codes(&findings),
            *expected,
            "{what}: {:#?}",
            lines(&findings, &estate.sources)
        );
    }
}

#[test]
fn files_that_the_merge_passes_by_are_named_and_not_read() {
    for path in [
        "config/lab/teams.yaml",
        "config/lab/sig-bread/deep/teams.yaml",
        "config/other/sig-bread/teams.yaml",
    ] {
        let tree = of(ORG, SHARD, RESTRICTIONS).with(path, SHARD.replace("bakers", "ghosts"));
        let (estate, findings) = load(&tree);
        assert_eq!(codes(&findings), ["peribolos-ignored-file"], "{path}");
        assert!(estate.tables.teams.get("lab/ghosts").is_none(), "{path}");
    }
}

#[test]
fn a_team_belongs_to_the_group_its_folder_is_called_after() {
    let group = ("groups/sig-bread.yaml", "title: Bread\n");
    for (files, owner) in [(&[group][..], Some("sig-bread")), (&[], None)] {
        let files = files
            .iter()
            .fold(of(ORG, SHARD, RESTRICTIONS), |tree, (path, text)| {
                tree.with(path, *text)
            });
        let (estate, _) = load(&files);
        let team = estate.tables.teams.get("lab/bakers").unwrap();
        assert_eq!(
            team.value.owner.as_ref().map(|owner| owner.name.as_str()),
            owner
        );
    }
}

#[test]
fn a_source_that_holds_nothing_is_an_error() {
    type Given = (
        &'static str,
        &'static [(&'static str, &'static str)],
        &'static [&'static str],
    );
    let cases: &[Given] = &[
        ("config", &[], &["file-unreadable!"]),
        ("config", &[("config/README.md", "")], &["source-empty!"]),
        (
            "config",
            &[("config/org.yaml", ORG)],
            &["peribolos-ignored-file", "source-empty!"],
        ),
        (
            "config.yaml",
            &[("config.yaml", "orgs: {}\n")],
            &["source-empty!"],
        ),
        ("config.yaml", &[("config.yaml", "")], &["yaml-documents!"]),
        (
            "config",
            &[("config/lab/org.yaml", "")],
            &["yaml-documents!"],
        ),
    ];
    for (path, files, expected) in cases {
        let source = format!("{{format: peribolos, path: {path}}}");
        let (_, findings) = load(&tree(&source, files));
        assert_eq!(codes(&findings), *expected, "{path} {files:?}");
    }
}

#[test]
fn a_broken_file_does_not_make_every_reference_to_it_a_mistake() {
    let service = "name: Oven\nsummary: Bakes.\nkind: custom\nstaff: [cem, dee]\nadministration: [{by: team, team: lab/bakers}]\n";
    for (org, shard) in [("teams: {{\n", SHARD), (ORG, "teams: {{\n")] {
        let tree = of(org, shard, RESTRICTIONS).with("services/oven.yaml", service);
        let (estate, findings) = load(&tree);
        let follow_on = codes(&findings)
            .into_iter()
            .filter(|code| code.contains("reference"))
            .count();
        assert_eq!(follow_on, 0, "{:#?}", lines(&findings, &estate.sources));
        assert!(
            codes(&findings)
                .iter()
                .any(|code| code.starts_with("yaml-"))
        );
    }
}

#[test]
fn sources_are_found_one_folder_above_the_organisations() {
    let detect = |paths: &[&str]| {
        let paths: Vec<String> = paths.iter().map(|path| (*path).to_owned()).collect();
        (adapter("peribolos").detect)(&paths)
    };
    assert_eq!(
        detect(&["org/config/a/org.yaml", "org/config/b/org.yaml"]),
        ["org/config"]
    );
    assert_eq!(detect(&["a/org.yaml"]), ["."]);
    assert_eq!(detect(&["org.yaml", "x/teams.yaml"]), Vec::<String>::new());
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(text in "\\PC*", at in 0..ORG.len(), junk in "[\\[\\]{}:,'\"\\n #&*!|>a-z-]{0,12}") {
        load(&of(&text, &text, &text));
        let (head, tail) = ORG.split_at(at);
        let broken = format!("{head}{junk}{tail}");
        load(&of(&broken, &broken, RESTRICTIONS));
        load(&tree("{format: peribolos, path: config.yaml}", &[("config.yaml", &broken)]));
    }
}

#[test]
fn the_real_files_are_read_whole() {
    let Some(root) = shared("kubernetes/org") else {
        return;
    };
    let (estate, findings) = load(&rooted(root, SOURCE));
    let found: Vec<String> = lines(&findings, &estate.sources)
        .into_iter()
        .filter(|line| !line.contains("file-unclaimed"))
        .collect();
    let expected = |line: &&String| line.starts_with("warning peribolos-restricted ");
    assert_eq!(found.iter().filter(expected).count(), 16, "{found:#?}");
    assert_eq!(found.len(), 16, "{found:#?}");
    let tables = &estate.tables;
    assert_eq!(tables.organisations.len(), 8);
    assert_eq!(tables.people.len(), 1509);
    let organisations = tables
        .organisations
        .items()
        .map(|org| org.value.people().count());
    assert_eq!(organisations.sum::<usize>(), 2666);
    let teams = || tables.teams.items().map(|team| &team.value);
    assert_eq!(
        (
            teams().count(),
            teams().filter(|team| team.parent.is_some()).count()
        ),
        (766, 56)
    );
    assert_eq!(
        teams().map(|team| team.people().count()).sum::<usize>(),
        3615
    );
    let people: BTreeSet<String> = teams()
        .flat_map(estate::kinds::Team::people)
        .chain(
            tables
                .organisations
                .items()
                .flat_map(|org| org.value.people()),
        )
        .map(|person| person.name.to_lowercase())
        .collect();
    assert_eq!(people.len(), 1509);
    let mut grants = BTreeMap::new();
    for grant in teams().flat_map(|team| &team.grants) {
        *grants.entry(grant.permission).or_insert(0) += 1;
    }
    let expected = [
        (Permission::Read, 7),
        (Permission::Triage, 20),
        (Permission::Write, 254),
        (Permission::Maintain, 13),
        (Permission::Admin, 337),
    ];
    assert_eq!(grants, BTreeMap::from(expected));
    assert_eq!(teams().map(|team| team.previously.len()).sum::<usize>(), 44);
}
