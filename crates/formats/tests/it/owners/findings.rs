//! What is found in files that Prow reads as something, or ignores.

use super::{Files, found, read, resolve, say};

#[test]
fn what_readers_could_disagree_about_is_broken() {
    for text in [
        "approvers: ada",
        "approvers: [[ada]]",
        "approvers: [ada, ]\nreviewers: [~]",
        "approvers: [yes]",
        "approvers: [0777]",
        "approvers: [1e3]",
        "approvers: [ada]\napprovers: [bob]",
        "approvers: [ada]\nApprovers: [bob]",
        "<<: {approvers: [ada]}\nlabels: [l]",
        "approvers: [ada]\n---\napprovers: [bob]",
        "---\n---\napprovers: [bob]",
        "- ada",
        "ada",
        "options: {no_parent_owners: \"true\"}",
        "options: {no_parent_owners: true, No_Parent_Owners: false}",
        "filters: [ada]",
        "filters: {'x': [ada]}",
        "filters: {no: {approvers: [ada]}}",
        "options:\n\tno_parent_owners: true\napprovers: [ada]",
        "approvers: [ada]\nlabels: !!binary x",
    ] {
        let broken = say(&resolve(&[("OWNERS", text)], "file"));
        assert_eq!(broken, "broken=\"\"", "{text}");
    }
    for text in [
        "aliases: [a]",
        "aliases: {a: 1}",
        "aliases: {a: [1]}",
        "aliases: {a: [~]}",
        "aliases: {a: text}",
        "aliases: {a: true}",
        "aliases: {a: [x], A: [y]}",
        "aliases: {a: [x], '@a': [y]}",
        "aliases: {a: {b: [}",
        "- a",
    ] {
        let broken = say(&resolve(
            &[("OWNERS_ALIASES", text), ("OWNERS", "approvers: [a]")],
            "file",
        ));
        assert_eq!(broken, "broken=\"\"", "{text}");
    }
}

#[test]
fn what_prow_passes_over_in_silence_is_found() {
    for (files, expected) in SILENCE {
        assert_eq!(found(files), *expected, "{files:?}");
    }
}

/// The files, and the places and codes of what is found in them.
const SILENCE: &[(&Files<'static>, &[&str])] = &[
    (
        &[("OWNERS", "approvers: [ada]\nemeritus_approvers: [x y]\n")],
        &[],
    ),
    (
        &[("OWNERS", "aprovers: [ada]\n")],
        &["repo/OWNERS:1:1 warning yaml-unknown-key"],
    ),
    (
        &[(
            "OWNERS",
            "options: {no_parents: true}\nfilters: {x: {approver: [a]}}\n",
        )],
        &[
            "repo/OWNERS:1:11 warning yaml-unknown-key",
            "repo/OWNERS:2:15 warning yaml-unknown-key",
        ],
    ),
    (
        &[("OWNERS", "labels: [x]\nfilters: {'(': []}\n")],
        &["repo/OWNERS:2:1 warning owners-filters-ignored"],
    ),
    (
        &[("OWNERS", "filters:\n  '(': {approvers: [a]}\n")],
        &["repo/OWNERS:2:3 error owners-pattern"],
    ),
    (
        &[(
            "OWNERS",
            "options:\n  auto_approve_unowned_subfolders: true\n",
        )],
        &["repo/OWNERS:2:3 warning owners-auto-approve"],
    ),
    (
        &[(
            "OWNERS",
            "approvers: [Ada Lovelace, ada@example.org, org/team]\nrequired_reviewers: [org/team]\n",
        )],
        &[
            "repo/OWNERS:1:13 warning owners-nobody",
            "repo/OWNERS:1:27 warning owners-nobody",
            "repo/OWNERS:1:44 warning owners-nobody",
        ],
    ),
    (
        &[("OWNERS", "approvers: ['robot[bot]', managed_corp, 12345]\n")],
        &[],
    ),
    (
        &[(
            "OWNERS",
            "approvers: [ada, bob, '@Ada']\nlabels: [a, A, a]\nreviewers: [ada]\n",
        )],
        &[
            "repo/OWNERS:1:23 note owners-duplicate",
            "repo/OWNERS:2:16 note owners-duplicate",
        ],
    ),
    (
        &[
            (
                "OWNERS_ALIASES",
                "aliases:\n  one: [ada, b c, ADA]\n  two: [One]\n",
            ),
            ("OWNERS", "reviewers: [Two]\n"),
        ],
        &[
            "repo/OWNERS_ALIASES:2:14 warning owners-nobody",
            "repo/OWNERS_ALIASES:2:19 note owners-duplicate",
            "repo/OWNERS_ALIASES:2:3 note owners-alias-unused",
            "repo/OWNERS_ALIASES:3:9 warning owners-alias-nested",
        ],
    ),
    (
        &[
            ("OWNERS", "labels: [x]"),
            ("a/OWNERS_ALIASES", "aliases: {}"),
            ("a/OWNERS", "labels: [x]"),
        ],
        &["repo/a/OWNERS_ALIASES:1:1 warning owners-aliases-place"],
    ),
    (
        &[
            ("OWNERS_ALIASES", "aliases: {one: [ada]}"),
            ("OWNERS", "labels: [x]"),
            ("a/OWNERS", "["),
        ],
        &["repo/a/OWNERS:1:2 error yaml-syntax"],
    ),
    (
        &[("OWNERS_ALIASES", "alias: {one: [ada]}"), ("OWNERS", "")],
        &["repo/OWNERS_ALIASES:1:1 warning yaml-unknown-key"],
    ),
    (
        &[("README.md", "")],
        &["commonhold.yaml:4:26 error source-empty"],
    ),
    (
        &[("OWNERS_ALIASES", "aliases: {}")],
        &["commonhold.yaml:4:26 error source-empty"],
    ),
    (&[], &["commonhold.yaml:4:26 error file-unreadable"]),
];

#[test]
fn a_finding_says_what_to_do() {
    let files: &Files<'_> = &[
        ("OWNERS_ALIASES", "aliases: {sig.big-leads: [ada]}"),
        ("OWNERS", "approvers: [sig.big-lead]\n"),
        ("a/OWNERS", "approvers: ada\n"),
    ];
    let (_, findings) = read(files);
    let said = |code: &str| {
        let finding = findings
            .iter()
            .find(|finding| finding.code.id == code)
            .expect(code);
        let related = finding.related.iter().map(|label| label.text.clone());
        finding
            .help
            .clone()
            .into_iter()
            .chain(related)
            .collect::<Vec<_>>()
            .join("; ")
    };
    assert_eq!(
        said("owners-nobody"),
        "did you mean the alias `sig.big-leads`?"
    );
    assert_eq!(
        said("yaml-type"),
        "put it in brackets: [ada]; until it can be read, nobody is taken for an approver below a/"
    );
}
