//! What is found, where, and what is not.

use super::{TODAY, adopted};
use crate::owners::check;

fn found(files: &super::Files<'_>) -> Vec<String> {
    let estate = adopted(files);
    let findings = check(&estate, TODAY);
    let say = |f: &base::Diagnostic| {
        let place = estate.sources.locate(f.span);
        format!("{place} {} {}", f.code.id, f.message)
    };
    findings.iter().map(say).collect()
}

#[test]
fn who_left_is_named_once_a_repository_and_from_that_day() {
    let files = |left: &'static str| {
        [
            ("people/ada.yaml", left),
            ("repo/OWNERS_ALIASES", "aliases: {team: [bob, Ada]}"),
            ("repo/OWNERS", "approvers: [team, bob]"),
            ("repo/a/OWNERS", "reviewers: [ada]"),
        ]
    };
    assert_eq!(
        found(&files("name: Ada\nleft: 2026-01-01\n")),
        [
            "repo/a/OWNERS:1:13 owners-left person/ada left on 2026-01-01 and is still named 2 times as an owner in org/repo"
        ]
    );
    assert!(found(&files("name: Ada\nleft: 2026-01-02\n")).is_empty());
}

#[test]
fn an_emeritus_in_office_is_found_by_way_of_aliases_too() {
    assert_eq!(
        found(&[
            ("repo/OWNERS_ALIASES", "aliases: {team: [bob, Ada]}"),
            (
                "repo/OWNERS",
                "approvers: [team]\nreviewers: [eve]\nemeritus_approvers: [ada, eve]\nemeritus_reviewers: [eve]",
            ),
            (
                "repo/a/OWNERS",
                "approvers: [eve]\nemeritus_approvers: [ada]"
            ),
        ]),
        [
            "repo/OWNERS:3:22 owners-emeritus ada is emeritus and still stands in `approvers` by the alias `team`",
            "repo/OWNERS:4:22 owners-emeritus eve is emeritus and still stands in `reviewers`",
        ]
    );
}
