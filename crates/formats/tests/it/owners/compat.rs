//! Files with mistakes in them as Prow takes them, rule by rule.

use estate::{OwnersTree, Resolution};
use formats::owners::{COMPATIBLE_WITH, compatible};

use super::{Files, read, say};

fn lax(files: &Files<'_>) -> (OwnersTree, Vec<String>) {
    let (mut estate, _) = read(files);
    let tree = estate.ownership.remove(0);
    let (tree, laxities) = compatible(tree, &estate.sources, COMPATIBLE_WITH[0]).expect("Prow");
    let said = laxities.iter();
    let said = said.map(|lax| format!("{} {}", estate.sources.line_of(lax.span), lax.text));
    (tree, said.collect())
}

fn resolve(files: &Files<'_>, path: &str) -> Resolution {
    lax(files).0.resolve(path)
}

const ROOT: (&str, &str) = ("OWNERS", "approvers: [root]\nreviewers: [r]");

/// What it shows, the files, the path asked about, and Prow's answer.
type Case = (
    &'static str,
    &'static Files<'static>,
    &'static str,
    &'static str,
);

const CASES: &[Case] = &[
    (
        "those above an unparsable file approve, and its no_parent_owners is lost",
        &[
            ROOT,
            (
                "a/OWNERS",
                "options: {no_parent_owners: true}\napprovers: [a",
            ),
        ],
        "a/file",
        "approvers=root leaf=root reviewers=r",
    ),
    (
        "without their file, names of aliases become logins",
        &[
            ("OWNERS_ALIASES", "aliases: {one: ada}"),
            ("OWNERS", "approvers: [one]"),
        ],
        "file",
        "approvers=one leaf=one",
    ),
    (
        "a number in an alias is none of Go's strings, and no alias is left",
        &[
            ("OWNERS_ALIASES", "aliases: {one: [ada, 1234]}"),
            ("OWNERS", "approvers: [one]"),
        ],
        "file",
        "approvers=one leaf=one",
    ),
    (
        "of an alias that stands twice the last counts",
        &[
            ("OWNERS_ALIASES", "aliases:\n  one: [ada]\n  one: [bob]\n"),
            ("OWNERS", "approvers: [one]"),
        ],
        "file",
        "approvers=bob leaf=bob",
    ),
    (
        "a filter with a malformed pattern is skipped, the others count",
        &[
            ROOT,
            (
                "a/OWNERS",
                "filters: {'(': {approvers: [a]}, 'b': {approvers: [b]}}",
            ),
        ],
        "a/b",
        "approvers=b,root leaf=b reviewers=r at=a",
    ),
    (
        "of a key that stands twice the last counts",
        &[
            ROOT,
            (
                "a/OWNERS",
                "approvers: [a]\nreviewers: [x]\napprovers: [b]\n",
            ),
        ],
        "a/file",
        "approvers=b,root leaf=b reviewers=r,x at=a",
    ),
    (
        "of a key in two spellings the one in lower case counts",
        &[("OWNERS", "approvers: [b]\nApprovers: [a]\n")],
        "file",
        "approvers=b leaf=b",
    ),
    (
        "lists of another form make Prow look for filters, and options stay",
        &[
            ROOT,
            (
                "a/OWNERS",
                "approvers: a\noptions: {no_parent_owners: true}\nfilters: {'.*': {approvers: [f]}}",
            ),
        ],
        "a/file",
        "approvers=f leaf=f reviewers=r at=a",
    ),
    (
        "lists of another form under a filter lose the file",
        &[
            ROOT,
            (
                "a/OWNERS",
                "filters: {'x': {approvers: [f]}, y: {reviewers: f}}",
            ),
        ],
        "a/x",
        "approvers=root leaf=root reviewers=r",
    ),
    (
        "an option of another form loses the file",
        &[
            ROOT,
            (
                "a/OWNERS",
                "approvers: [a]\noptions: {no_parent_owners: \"true\"}",
            ),
        ],
        "a/file",
        "approvers=root leaf=root reviewers=r",
    ),
    (
        "words that YAML 1.1 takes for booleans are logins true and false",
        &[("OWNERS", "approvers: [yes, off, ~]")],
        "file",
        "approvers=,false,true leaf=,false,true",
    ),
    (
        "of several documents the first counts",
        &[("OWNERS", "approvers: [a]\n---\napprovers: [b]\n")],
        "file",
        "approvers=a leaf=a",
    ),
    (
        "a text instead of a mapping is ignored",
        &[ROOT, ("a/OWNERS", "ada, bob")],
        "a/file",
        "approvers=root leaf=root reviewers=r",
    ),
    (
        "what Prow makes of a tag is not known, so nobody approves",
        &[ROOT, ("a/OWNERS", "approvers: [!odd a]")],
        "a/file",
        "at=a broken=\"a\"",
    ),
];

#[test]
fn each_mistake_is_taken_as_prow_takes_it() {
    for (rule, files, path, expected) in CASES {
        assert_eq!(say(&resolve(files, path)), *expected, "{rule}");
        assert_eq!(lax(files).1.len(), 1, "{rule}: {:?}", lax(files).1);
    }
}

#[test]
fn each_mistake_that_is_passed_over_is_named_with_its_line() {
    let files: &Files<'_> = &[ROOT, ("a/OWNERS", "reviewers: [r]\napprovers: [a\n")];
    let said = &lax(files).1;
    assert!(said[0].starts_with("repo/a/OWNERS:2 "), "{said:?}");
    assert!(said[0].ends_with("; Prow ignores the file, so those above it approve"));
}

#[test]
fn a_sound_repository_is_the_same_to_both() {
    let files: &Files<'_> = &[ROOT, ("a/OWNERS", "filters: {'x$': {approvers: [a]}}")];
    let (estate, _) = read(files);
    let (tree, said) = lax(files);
    assert_eq!(tree.resolve("a/x"), estate.ownership[0].resolve("a/x"));
    assert!(said.is_empty());
}

#[test]
fn no_other_program_is_known() {
    let (mut estate, _) = read(&[ROOT]);
    let tree = estate.ownership.remove(0);
    assert!(compatible(tree, &estate.sources, "other").is_none());
}

#[test]
fn collaborators_alone_approve_and_review_where_that_is_asked_for() {
    let (mut estate, _) = read(&[
        (
            "OWNERS",
            "approvers: [root, gone]\nrequired_reviewers: [gone]\nlabels: [l]",
        ),
        (
            "a/OWNERS",
            "options: {no_parent_owners: true}\napprovers: [gone]\nreviewers: [gone, root]",
        ),
    ]);
    let tree = estate.ownership.remove(0).only(["Root"]);
    // A folder none of whose approvers is left names nobody, so those above count.
    let expected = "approvers=root leaf=root reviewers=root required=gone labels=l";
    assert_eq!(say(&tree.resolve("a/file")), expected);
    let explained = tree.explain("a/file");
    assert!(
        explained
            .grounds
            .iter()
            .all(|ground| ground.who != "gone" || ground.list == "required_reviewers")
    );
}
