//! What holds and what does not.

use crate::jobs::{Job, TODAY, job, parse};

const HOLD: &[&str] = &[
    "true",
    "cluster == \"old\"",
    "cluster == 'old'",
    "\"old\" == cluster",
    "cluster != \"new\"",
    "cluster == \"old\" and not (path ~ \"trusted/**\")",
    "path ~ \"image-pushing/**\"",
    "path ~ \"image-pushing/*/jobs.yaml\"",
    "path !~ \"image-pushing/*.yaml\"",
    "path ~ \"**/*.{yaml,yml}\"",
    "name matches \"-main$\"",
    "name matches \"^push-\\w+-(main|master)$\"",
    "name not matches \"^image\"",
    "name contains \"image\"",
    "name not contains \"test\"",
    "name in [\"a\", \"push-image-main\"]",
    "name not in [\"a\", \"b\"]",
    "runs in [1, 12.0]",
    "runs == 12",
    "runs > 11.999999999999999999",
    "cpu > 7",
    "cpu == 7.5",
    "cpu <= 7500m",
    "memory <= 27Gi",
    "memory < 29G and memory > 28G",
    "memory == 28991029248",
    "memory > cpu",
    "timeout == 150m",
    "timeout > 2h29m59s",
    "timeout < 1d",
    "until > 2026-06-30",
    "until <= 2026-07-01",
    "until > today",
    "until < today + 30d",
    "until == today + 16d",
    "today - 1w < until",
    "owner is missing",
    "not (owner is not missing)",
    "owner is empty",
    "owner != \"x\"",
    "owner not in [\"x\"]",
    "owner !~ \"*\"",
    "cluster is not missing",
    "not optional",
    "optional == false",
    "any(containers, image matches \":latest$\")",
    "not all(containers, image matches \":latest$\")",
    "none(containers, image ~ \"other/**\")",
    "any(containers, memory is missing)",
    "any(containers, image == outer.spec.account)",
    "any(containers, any(env, key == \"HOME\" and value ~ \"/*\"))",
    "any(containers, env[\"HOME\"] == \"/root\")",
    "any(containers, any(env, outer.outer.cluster == \"old\"))",
    "count(containers, memory is not missing) == 1",
    "count(containers) == 2",
    "count(containers) < runs",
    "count(approvers) < 3",
    "count(approvers, it != \"ann\") == 1",
    "any(approvers, it ~ \"a*\")",
    "\"ann\" in approvers",
    "approvers contains \"bob\"",
    "approvers not contains \"eve\"",
    "owner not in approvers",
    "any(approvers, it in [\"bob\", \"eve\"])",
    "labels[\"preset-cache\"]",
    "labels[\"preset-cache\"] == \"true\"",
    "labels[\"team \\\"x\\\"\"] == \"y\"",
    "not labels[\"preset-x\"]",
    "labels[\"preset-x\"] is missing",
    "\"preset-cache\" in labels",
    "labels contains \"preset-cache\"",
    "any(labels, key ~ \"preset-*\" and value == \"true\")",
    "labels is not empty",
    "count(labels) == 2",
    "spec.account == \"registry/tool:v1\"",
    "spec.replicas is missing",
    "it.cluster == \"old\"",
    "spec is not missing",
    "false or cluster == \"old\" and runs == 12",
    "(false or cluster == \"old\") and runs == 12",
    "not false and true",
];

const DO_NOT: &[&str] = &[
    "false",
    "cluster == \"Old\"",
    "cluster != \"old\"",
    "owner == \"x\"",
    "owner == cluster",
    "owner in [\"x\", \"old\"]",
    "path ~ \"image-pushing\"",
    "path ~ \"image-pushing/*\"",
    "cpu > 7500m",
    "memory > 27Gi",
    "timeout > 2h30m",
    "until < today",
    "optional",
    "spec.replicas > 0",
    "spec.replicas <= 0",
    "all(containers, memory is not missing)",
    "none(approvers, it == \"ann\")",
    "labels[\"preset-x\"]",
    "owner in approvers",
    "true and false or false",
    "not true or false",
];

#[test]
fn these_hold() {
    let job = job();
    for text in HOLD {
        assert!(parse(text).holds(&job, TODAY), "{text}");
    }
}

#[test]
fn these_do_not_hold() {
    let job = job();
    for text in DO_NOT {
        assert!(!parse(text).holds(&job, TODAY), "{text}");
    }
}

#[test]
fn of_an_item_without_anything_nothing_is_said_but_what_is_missing() {
    let empty = Job::default();
    for (text, holds) in [
        ("cpu > 7 or cpu <= 7", false),
        ("cpu != 7 and not (cpu == 7)", true),
        ("owner == owner", false),
        ("any(approvers, true)", false),
        ("all(approvers, false)", true),
        ("none(approvers, true)", true),
        ("count(approvers) == 0", true),
        ("approvers is missing and approvers is empty", true),
        ("containers is missing", false),
        ("containers is empty", true),
        ("optional or not optional", true),
    ] {
        assert_eq!(parse(text).holds(&empty, TODAY), holds, "{text}");
    }
}

#[test]
fn what_is_printed_reads_as_the_same() {
    for text in HOLD.iter().chain(DO_NOT) {
        let read = parse(text);
        let printed = read.to_string();
        assert_eq!(parse(&printed), read, "{printed}");
        if !text.contains('\'') && !text.contains("\\w") {
            // These are written as they are printed but for brackets that say nothing.
            let bare = |text: &str| text.replace(['(', ')'], "");
            assert_eq!(bare(&printed), bare(text));
        }
    }
}

#[test]
fn brackets_are_printed_where_they_matter() {
    for (written, printed) in [
        ("(true and false) or true", "true and false or true"),
        ("true and (false or true)", "true and (false or true)"),
        ("not (true and false)", "not (true and false)"),
        ("not (optional)", "not optional"),
        ("(true or false) or true", "true or false or true"),
    ] {
        let read = parse(written).to_string();
        assert_eq!(parse(&read).to_string(), read);
        if written.starts_with("(true or") {
            assert_eq!(read, "(true or false) or true");
        } else {
            assert_eq!(read, printed);
        }
    }
}

#[test]
fn it_is_known_what_a_predicate_looks_at() {
    let read = parse("any(containers, image == outer.spec.account) and count(labels) < runs");
    let fields: Vec<&str> = read.fields().into_iter().collect();
    assert_eq!(fields, ["containers", "labels", "runs", "spec"]);
    assert!(!read.depends_on_day());
    assert!(parse("true or any(containers, outer.until < today)").depends_on_day());
}
