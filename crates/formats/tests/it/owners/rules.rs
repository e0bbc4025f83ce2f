//! The rules of Prow, case by case, on files that are sound and on files that are not.

use super::{Files, resolve, say};

/// What it shows, the files, the path asked about, and the answer.
type Case = (
    &'static str,
    &'static Files<'static>,
    &'static str,
    &'static str,
);

#[test]
fn each_rule_of_prow_holds() {
    for (rule, files, path, expected) in [INHERITANCE, FILTERS, ALIASES].concat() {
        assert_eq!(say(&resolve(files, path)), expected, "{rule}");
    }
}

#[test]
fn below_what_cannot_be_read_nobody_approves() {
    for (rule, files, path, expected) in BROKEN {
        assert_eq!(say(&resolve(files, path)), *expected, "{rule}");
    }
}

const INHERITANCE: &[Case] = &[
    (
        "owners of all folders above are united, the nearest are the leaf",
        &[
            ("OWNERS", "approvers: [root]"),
            ("a/b/OWNERS", "approvers: [b]\nreviewers: [r]"),
        ],
        "a/b/c/file",
        "approvers=b,root leaf=b reviewers=r at=a/b",
    ),
    (
        "a folder beside the way does not count, nor does a prefix of a name",
        &[
            ("OWNERS", "approvers: [root]"),
            ("a/OWNERS", "approvers: [a]"),
        ],
        "ab/file",
        "approvers=root leaf=root",
    ),
    (
        "a folder may be asked about like a file in it",
        &[
            ("OWNERS", "approvers: [root]"),
            ("a/OWNERS", "approvers: [a]"),
        ],
        "./a/",
        "approvers=a,root leaf=a at=a",
    ),
    (
        "the repository itself may be asked about",
        &[
            ("OWNERS", "approvers: [root]"),
            ("a/OWNERS", "approvers: [a]"),
        ],
        "",
        "approvers=root leaf=root",
    ),
    (
        "nobody owns what is outside",
        &[("OWNERS", "approvers: [root]")],
        "a/../../b",
        "",
    ),
    (
        "logins have no case and no @; labels keep theirs",
        &[("OWNERS", "approvers: [\"@Ada\", ada]\nlabels: [sig/Big]")],
        "file",
        "approvers=ada leaf=ada labels=sig/Big",
    ),
    (
        "no_parent_owners stops the lists that have entries, and only those",
        &[
            (
                "OWNERS",
                "approvers: [root]\nreviewers: [r]\nlabels: [l]\nrequired_reviewers: [q]",
            ),
            (
                "a/OWNERS",
                "options: {no_parent_owners: true}\napprovers: [a]",
            ),
        ],
        "a/file",
        "approvers=a leaf=a reviewers=r required=q labels=l at=a",
    ),
    (
        "no_parent_owners stops at entries from below too",
        &[
            ("OWNERS", "approvers: [root]"),
            ("a/OWNERS", "options: {no_parent_owners: yes}"),
            ("a/b/OWNERS", "approvers: [b]"),
        ],
        "a/b/file",
        "approvers=b leaf=b at=a/b",
    ),
    (
        "no_parent_owners of a folder with nothing else inherits everything",
        &[
            ("OWNERS", "approvers: [root]"),
            ("a/OWNERS", "options: {no_parent_owners: true}"),
        ],
        "a/file",
        "approvers=root leaf=root",
    ),
    (
        "an empty file says nothing",
        &[
            ("OWNERS", "approvers: [root]"),
            ("a/OWNERS", "# nobody yet\n"),
            ("a/b/OWNERS", ""),
        ],
        "a/b/file",
        "approvers=root leaf=root",
    ),
    (
        "null is an empty list, and keys have no case",
        &[(
            "OWNERS",
            "Approvers: [root]\nlabels:\noptions:\nfilters: ~\n",
        )],
        "file",
        "approvers=root leaf=root",
    ),
];

const FILTERS: &[Case] = &[
    (
        "filters have no effect beside a list",
        &[("OWNERS", "labels: [l]\nfilters: {\".*\": {approvers: [a]}}")],
        "file",
        "labels=l",
    ),
    (
        "filters beside empty lists have effect",
        &[(
            "OWNERS",
            "approvers: []\nfilters: {\".*\": {approvers: [a]}}",
        )],
        "file",
        "approvers=a leaf=a",
    ),
    (
        "all filters that match are united, unanchored, relative to their folder",
        &[(
            "a/OWNERS",
            "filters:\n  '^b/': {approvers: [starts]}\n  'c\\.go$': {approvers: [ends], labels: [go]}\n  '^a/': {approvers: [never]}\n",
        )],
        "a/b/c.go",
        "approvers=ends,starts leaf=ends,starts labels=go at=a",
    ),
    (
        "a filter that does not match leaves the leaf to a folder above",
        &[
            ("OWNERS", "approvers: [root]"),
            ("a/OWNERS", "filters: {'x$': {approvers: [a]}}"),
        ],
        "a/y",
        "approvers=root leaf=root",
    ),
    (
        "no_parent_owners with a filter that does not match inherits",
        &[
            ("OWNERS", "approvers: [root]"),
            (
                "a/OWNERS",
                "options: {no_parent_owners: true}\nfilters: {'x$': {approvers: [a]}}",
            ),
        ],
        "a/y",
        "approvers=root leaf=root",
    ),
    (
        "the pattern of everything matches line breaks, and a folder is . to itself",
        &[(
            "a/OWNERS",
            "filters: {'.*': {approvers: [all]}, '^\\.$': {approvers: [itself]}}",
        )],
        "a",
        "approvers=all,itself leaf=all,itself at=a",
    ),
    (
        "a malformed pattern breaks its file: whom it was meant for, nobody knows",
        &[(
            "OWNERS",
            "filters: {'(': {approvers: [a]}, 'b': {approvers: [b]}}",
        )],
        "b",
        "broken=\"\"",
    ),
];

const ALIASES: &[Case] = &[
    (
        "aliases have no case and stand beside logins",
        &[
            ("OWNERS_ALIASES", "aliases: {SIG-Big: [Ada, '@bob']}"),
            (
                "OWNERS",
                "approvers: [sig-big, eve]\nrequired_reviewers: ['@SIG-BIG']",
            ),
        ],
        "file",
        "approvers=ada,bob,eve leaf=ada,bob,eve required=ada,bob",
    ),
    (
        "an alias in an alias is a login, and labels are no aliases",
        &[
            ("OWNERS_ALIASES", "aliases: {one: [ada], two: [one, eve]}"),
            ("OWNERS", "approvers: [two]\nlabels: [one]"),
        ],
        "file",
        "approvers=eve,one leaf=eve,one labels=one",
    ),
    (
        "the keys of a mapping are an alias's members, and null is nobody",
        &[
            ("OWNERS_ALIASES", "aliases: {pair: {ada, bob}, none: }"),
            ("OWNERS", "approvers: [root]"),
            (
                "a/OWNERS",
                "options: {no_parent_owners: true}\napprovers: [none]\nreviewers: [pair]",
            ),
        ],
        "a/file",
        "approvers=root leaf=root reviewers=ada,bob",
    ),
    (
        "aliases below the root are not read",
        &[
            ("a/OWNERS_ALIASES", "aliases: {one: [ada]}"),
            ("a/OWNERS", "approvers: [one]"),
        ],
        "a/file",
        "approvers=one leaf=one at=a",
    ),
    (
        "emeritus owners own nothing",
        &[(
            "OWNERS",
            "approvers: [a]\nemeritus_approvers: [b]\nemeritus_reviewers: {any: [thing]}",
        )],
        "file",
        "approvers=a leaf=a",
    ),
    (
        "an empty name is an entry",
        &[
            ("OWNERS", "approvers: [root]"),
            (
                "a/OWNERS",
                "options: {no_parent_owners: true}\napprovers: ['']",
            ),
        ],
        "a/file",
        "approvers= leaf= at=a",
    ),
];

const ROOT: (&str, &str) = (
    "OWNERS",
    "approvers: [root]\nreviewers: [r]\nrequired_reviewers: [q]\nlabels: [l]",
);

const BROKEN: &[Case] = &[
    (
        "the owners above a broken file do not stand in for it",
        &[ROOT, ("a/OWNERS", "approvers: [a")],
        "a/b/file",
        "at=a broken=\"a\"",
    ),
    (
        "the rest of the repository is as it was",
        &[ROOT, ("a/OWNERS", "approvers: [a")],
        "b",
        "approvers=root leaf=root reviewers=r required=q labels=l",
    ),
    (
        "owners below a broken file do not know who else must agree",
        &[
            ("OWNERS", "{"),
            (
                "a/OWNERS",
                "options: {no_parent_owners: true}\napprovers: [a]\nlabels: [l]",
            ),
        ],
        "a/file",
        "labels=l broken=\"\"",
    ),
    (
        "owners that take nothing from a broken file stay",
        &[
            ("OWNERS", "{"),
            (
                "a/OWNERS",
                "options: {no_parent_owners: true}\napprovers: [a]\nrequired_reviewers: [q]",
            ),
        ],
        "a/file",
        "approvers=a leaf=a required=q at=a",
    ),
    (
        "the nearest broken file is the one named",
        &[
            ("OWNERS", "{"),
            ("a/OWNERS", "["),
            ("a/b/OWNERS", "approvers: [b]"),
        ],
        "a/b/file",
        "at=a broken=\"a\"",
    ),
    (
        "without its aliases a repository has no approvers",
        &[ROOT, ("OWNERS_ALIASES", "aliases: {one: ada}")],
        "file",
        "broken=\"\"",
    ),
];
