//! An explanation names what decides, and nothing else.

use crate::jobs::{TODAY, job, parse};

fn why(text: &str) -> String {
    parse(text).why(&job(), TODAY).to_string()
}

#[test]
fn the_parts_that_decide_are_named_with_their_values() {
    assert_eq!(
        why("cluster == \"old\" and cpu > 7 and (optional or owner is missing)"),
        "`cluster == \"old\"` holds: `cluster` is \"old\"\n\
         `cpu > 7` holds: `cpu` is 7.5\n\
         `owner is missing` holds: `owner` is missing"
    );
    assert_eq!(
        why("cluster == \"old\" and memory > 27Gi"),
        "`memory > 27Gi` does not hold: `memory` is 27Gi"
    );
    assert_eq!(
        why("not (timeout > 2h or until < today)"),
        "`timeout > 2h` holds: `timeout` is 2h30m"
    );
    assert_eq!(
        why("until < today + 1d"),
        "`until < today + 1d` does not hold: `until` is 2026-07-01, `today + 1d` is 2026-06-16"
    );
    assert_eq!(
        why("\"eve\" in approvers"),
        "`\"eve\" in approvers` does not hold: `approvers` is [\"ann\", \"bob\"]"
    );
}

#[test]
fn of_a_list_the_elements_that_decide_are_named() {
    assert_eq!(
        why("none(containers, image matches \"latest$\")"),
        "`none(containers, image matches \"latest$\")` does not hold: `containers` is [an item, an item]\n\
         \u{20} element 2:\n\
         \u{20}   `image matches \"latest$\"` holds: `image` is \"registry/tool:latest\""
    );
}
