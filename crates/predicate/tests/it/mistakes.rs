//! What is wrong is said at its place, when it is read.

use predicate::{Mistake, Predicate};

use crate::jobs::JOB;

fn mistakes(text: &str) -> Vec<Mistake> {
    match Predicate::parse(text, &JOB) {
        Ok(read) => panic!("{text} reads as {read}"),
        Err(mistakes) => mistakes,
    }
}

/// The text, what stands at the place of the mistake, and what is said.
const TABLE: &[(&str, &str, &str)] = &[
    (
        "",
        "",
        "a predicate says something; write `true` for one that always holds",
    ),
    (
        "clutser == \"a\"",
        "clutser",
        "a job has no field `clutser`; did you mean `cluster`?",
    ),
    (
        "spec.acount == \"a\"",
        "acount",
        "a spec has no field `acount`; did you mean `account`?",
    ),
    (
        "spec.budget == \"a\"",
        "budget",
        "a spec has no field `budget`; it has account, replicas",
    ),
    ("cluster = \"a\"", "=", "`=` is no sign here; write `==`"),
    (
        "optional && true",
        "&&",
        "`&&` is no sign here; write `and`",
    ),
    ("optional || true", "||", "`||` is no sign here; write `or`"),
    ("!optional", "!", "`!` is no sign here; write `not`"),
    (
        "name =~ \"a\"",
        "=~",
        "`=~` is no sign here; write `~` for a glob or `matches`",
    ),
    (
        "name == \"a",
        "\"a",
        "a text without an end; close it with \"",
    ),
    (
        "name == §",
        "§",
        "`§` means nothing here; put texts in quotes",
    ),
    (
        "cluster == old",
        "old",
        "a job has no field `old`; it has approvers, cluster, containers, cpu, labels, memory, name, optional, owner, path, runs, spec, timeout, until",
    ),
    ("(optional", "", "expected `)`, found the end"),
    (
        "optional optional",
        "optional",
        "expected `and`, `or` or the end, found `optional`",
    ),
    ("optional and", "", "expected a field, found the end"),
    (
        "1 < runs < 3",
        "<",
        "two comparisons in one; write `a < b and b < c`",
    ),
    (
        "owner is none",
        "none",
        "expected `missing` or `empty`, found `none`; compare values with `==`",
    ),
    (
        "owner not \"a\"",
        "a text",
        "expected `in`, `matches` or `contains`, found a text",
    ),
    ("any(containers)", ")", "expected `,`, found `)`"),
    (
        "name in []",
        "]",
        "expected a text, number or day, found `]`",
    ),
    (
        "name in [\"a\" \"b\"]",
        "a text",
        "expected `,` or `]`, found a text",
    ),
    (
        "cpu > \"7\"",
        "\"7\"",
        "a text is no quantity; write a quantity, as 27Gi, 500m or 7",
    ),
    (
        "memory < 27GiB",
        "27GiB",
        "`27GiB` is no quantity; write a quantity, as 27Gi, 500m or 7",
    ),
    (
        "timeout > 90",
        "90",
        "`90` is no duration; write a duration, as 2h30m or 14d",
    ),
    (
        "runs > 3m",
        "3m",
        "`3m` is no number; write a number, as 3 or 0.5",
    ),
    (
        "until < 2026-02-30",
        "2026-02-30",
        "`2026-02-30` is no day; write a day, as 2026-01-31 or today",
    ),
    (
        "until < 2026-02-01T00",
        "2026-02-01T00",
        "`2026-02-01T00` is no day; write a day, as 2026-01-31 or today",
    ),
    (
        "until < today + 5h",
        "5h",
        "this is no number of whole days; write one up to 36525d, as 30d or 2w",
    ),
    (
        "cluster == 7",
        "7",
        "`7` is no text; write a text in quotes",
    ),
    (
        "optional == \"yes\"",
        "\"yes\"",
        "a text is no truth; write true or false",
    ),
    (
        "cluster < \"b\"",
        "cluster < \"b\"",
        "a text is not less or more than another; compare it with `==` or `~`",
    ),
    (
        "cpu == runs",
        "cpu == runs",
        "a quantity is compared with a number",
    ),
    (
        "1 == 1",
        "1 == 1",
        "two fixed values are compared; compare a field with a value",
    ),
    (
        "\"a\"",
        "\"a\"",
        "a fixed value is not true or false; compare it with a field",
    ),
    (
        "owner",
        "owner",
        "a text is not true or false; compare it, or ask `is not missing`",
    ),
    (
        "approvers",
        "approvers",
        "a list is not true or false; ask `is not empty` or `any(…, …)`",
    ),
    (
        "approvers == \"a\"",
        "\"a\"",
        "a list is not compared as a whole; ask with `any(…, …)`, `contains` or `count(…)`",
    ),
    (
        "approvers == approvers",
        "approvers == approvers",
        "a list is not compared as a whole; ask with `any(…, …)`, `contains` or `count(…)`",
    ),
    (
        "approvers in [\"a\"]",
        "approvers",
        "a list is not one of several values; ask with `any(…, it in […])`",
    ),
    (
        "approvers ~ \"a\"",
        "approvers",
        "a list does not match a pattern; ask with `any(…, it ~ …)`",
    ),
    (
        "runs matches \"1\"",
        "runs",
        "a number does not match a pattern",
    ),
    (
        "name matches \"(a\"",
        "\"(a\"",
        "this is no regular expression: unclosed group",
    ),
    (
        "name ~ \"[a\"",
        "\"[a\"",
        "this is no glob: unclosed character class; missing ']'",
    ),
    (
        "name in cluster",
        "cluster",
        "a text is no list; write a list as [\"a\", \"b\"]",
    ),
    (
        "name in containers",
        "containers",
        "the elements of the list are items; ask with `any(…, …)`",
    ),
    (
        "runs in approvers",
        "runs",
        "a number is looked for where each is a text",
    ),
    (
        "runs is empty",
        "runs",
        "a number is never empty; ask `is missing`",
    ),
    ("any(owner, true)", "owner", "a text has no elements"),
    (
        "any(\"a\", true)",
        "\"a\"",
        "this is a fixed value; name a field",
    ),
    (
        "any(approvers, name == \"a\")",
        "name",
        "each element is a text, which has no fields; call the element `it`",
    ),
    (
        "any(containers, cluster == \"a\")",
        "cluster",
        "a container has no field `cluster`; it has env, image, memory",
    ),
    (
        "any(labels, name == \"a\")",
        "name",
        "an entry of a map has a key and a value only; write `key` or `value`",
    ),
    (
        "outer.name == \"a\"",
        "outer.name",
        "there is nothing further out; `outer` is for what stands in `any`, `all`, `none` or `count`",
    ),
    (
        "labels.team == \"a\"",
        "team",
        "a map has no field `team`; write [\"team\"] for its entry",
    ),
    (
        "containers.image == \"a\"",
        "image",
        "a list has elements, no fields; ask with `any(…, …)` or `all(…, …)`",
    ),
    (
        "name.first == \"a\"",
        "first",
        "a text has no field `first`",
    ),
    ("name[\"a\"] == \"a\"", "\"a\"", "a text has no entries"),
    (
        "labels[team]",
        "team",
        "expected a text in quotes, found `team`",
    ),
    (
        "today",
        "today",
        "a day is not true or false; compare it, or ask `is not missing`",
    ),
    (
        "runs contains 1",
        "runs",
        "a number is no list; write a list as [\"a\", \"b\"]",
    ),
    (
        "name contains runs",
        "runs",
        "a number is no part of a text",
    ),
];

#[test]
fn each_mistake_is_said_at_its_place_with_what_to_do() {
    for (text, place, said) in TABLE {
        let all = mistakes(text);
        assert_eq!(all.len(), 1, "{text}: {all:?}");
        assert_eq!(all[0].to_string(), *said, "{text}");
        let found = &text[all[0].at.clone()];
        let place = if *place == "a text" { found } else { place };
        assert_eq!(found, place, "{text}");
    }
}

#[test]
fn all_mistakes_about_fields_are_said_at_once() {
    let all = mistakes("clutser == \"a\" and (cpu > \"x\" or nmae ~ \"[\")");
    let places: Vec<usize> = all.iter().map(|mistake| mistake.at.start).collect();
    assert_eq!(places, [0, 26, 33]);
}

#[test]
fn what_is_nested_without_end_is_refused() {
    for (open, close) in [
        ("(", ")"),
        ("not ", ""),
        ("any(containers, ", ")"),
        ("count(", ")"),
    ] {
        let text = format!("{}true{}", open.repeat(10_000), close.repeat(10_000));
        assert!(
            mistakes(&text)[0].message.contains("nested more than"),
            "{open}"
        );
    }
}
