//! The reasons of an answer are the answer's, and say where they stand.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::{Files, owners_text, read};

/// `list who entry@line [through line] [filter]` of every ground.
fn grounds(files: &Files<'_>, path: &str) -> Vec<String> {
    let (estate, _) = read(files);
    let explained = estate.ownership[0].explain(path);
    let line = |span| estate.sources.line_of(span);
    let say = |ground: &estate::Ground<'_>| {
        let mut said = format!(
            "{} {} {}@{}",
            ground.list,
            ground.who,
            ground.entry,
            line(ground.entry.span)
        );
        if let Some(member) = ground.member {
            said += &format!(" through {}", line(member.span));
        }
        if let Some(filter) = ground.filter {
            said += &format!(" filter {filter}");
        }
        said
    };
    explained.grounds.iter().map(say).collect()
}

#[test]
fn a_ground_names_the_line_the_alias_and_the_filter() {
    let files: &Files<'_> = &[
        ("OWNERS_ALIASES", "aliases:\n  team:\n  - Ada\n"),
        (
            "OWNERS",
            "filters:\n  '\\.go$':\n    approvers:\n    - TEAM\n  '.*':\n    labels: [l]\n",
        ),
    ];
    assert_eq!(
        grounds(files, "a.go"),
        [
            "approvers ada TEAM@repo/OWNERS:4 through repo/OWNERS_ALIASES:3 filter \\.go$",
            "labels l l@repo/OWNERS:6",
        ]
    );
    assert_eq!(grounds(files, "a.rs"), ["labels l l@repo/OWNERS:6"]);
}

#[test]
fn a_stop_names_the_lists_it_ends_and_those_in_honour_are_named() {
    let (estate, _) = read(&[
        (
            "OWNERS",
            "approvers: [root]\nreviewers: [r]\nemeritus_approvers: [old]",
        ),
        (
            "a/OWNERS",
            "options: {no_parent_owners: true}\napprovers: [a]",
        ),
        ("a/b/OWNERS", "options: {no_parent_owners: true}"),
    ]);
    let explained = estate.ownership[0].explain("a/b/file");
    let stops: Vec<_> = explained
        .stops
        .iter()
        .map(|stop| (stop.folder, stop.ends.clone()))
        .collect();
    assert_eq!(stops, [("a/b", vec![]), ("a", vec!["approvers"])]);
    let (list, who) = explained.emeriti[0];
    assert_eq!((list, who.as_str()), ("emeritus_approvers", "old"));
}

#[test]
fn a_fault_is_where_the_first_mistake_is_even_if_that_is_the_aliases() {
    for (files, place) in [
        (
            &[
                ("OWNERS", "approvers: [root]"),
                ("a/OWNERS", "labels: [l]\napprovers: ada"),
            ],
            "repo/a/OWNERS:2",
        ),
        (
            &[
                ("OWNERS", "approvers: [root]"),
                ("OWNERS_ALIASES", "aliases:\n  one: ada"),
            ],
            "repo/OWNERS_ALIASES:2",
        ),
    ] {
        let (estate, _) = read(files);
        let explained = estate.ownership[0].explain("a/file");
        let fault = explained.fault.expect("a fault");
        assert_eq!(estate.sources.line_of(fault.span), place);
        assert!(explained.resolution.approvers.is_empty());
        assert!(!fault.reason.is_empty());
    }
}

proptest! {
    #[test]
    fn the_grounds_are_those_of_the_answer(
        files in prop::collection::vec(("([ab]/){0,3}", owners_text()), 1..5),
        paths in prop::collection::vec("([ab./]){0,8}", 1..5),
        only in prop::option::of(prop::collection::vec("[ab]", 0..2)),
    ) {
        let files: Vec<(String, String)> = files.into_iter().map(|(folder, text)| (folder + "OWNERS", text)).collect();
        let mut files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
        files.push(("OWNERS_ALIASES", "aliases: {one: [a], two: {b, one}}"));
        let (mut estate, _) = read(&files);
        let mut tree = estate.ownership.remove(0);
        if let Some(only) = &only {
            tree = tree.only(only.iter().map(String::as_str));
        }
        for path in &paths {
            let explained = tree.explain(path);
            let resolution = tree.resolve(path);
            for (list, expected) in [
                ("approvers", &resolution.approvers),
                ("reviewers", &resolution.reviewers),
                ("required_reviewers", &resolution.required_reviewers),
                ("labels", &resolution.labels),
            ] {
                let who: BTreeSet<String> = explained.grounds.iter()
                    .filter(|ground| ground.list == list)
                    .map(|ground| ground.who.clone())
                    .collect();
                prop_assert_eq!(&who, expected);
            }
            prop_assert_eq!(explained.fault.is_some(), resolution.broken_at.is_some());
        }
    }
}
