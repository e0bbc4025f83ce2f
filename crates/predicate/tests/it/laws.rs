//! Laws of logic and of print, on predicates and jobs drawn at random.

use base::Decimal;
use predicate::Predicate;
use proptest::prelude::*;
use proptest::sample::select;

use crate::jobs::{JOB, Job, TODAY, job, parse};

/// What is said of a job, without `and`, `or` and `not`.
fn leaf() -> impl Strategy<Value = String> {
    let text = select(vec![
        "\"old\"",
        "\"\"",
        "'a\"b'",
        "\"a\\\\b\"",
        "\"é\n\"",
        "\"ann\"",
    ]);
    let field = select(vec![
        "name",
        "cluster",
        "owner",
        "spec.account",
        "labels[\"preset-cache\"]",
    ]);
    let sign = select(vec!["==", "!=", "<", "<=", ">", ">="]);
    let number = select(vec![
        "runs",
        "12",
        "count(approvers)",
        "spec.replicas",
        "-3",
        "1e2",
        "count(containers, memory > 500m)",
    ]);
    let compared = (
        select(vec!["cpu", "memory"]),
        sign.clone(),
        select(vec!["7", "27Gi", "7500m"]),
    );
    let dated = (
        sign.clone(),
        select(vec!["today", "today - 2w", "2026-07-01", "today + 16d"]),
    );
    prop_oneof![
        (
            field.clone(),
            select(vec!["==", "!=", "contains", "not contains"]),
            text.clone()
        )
            .prop_map(|(field, sign, text)| format!("{field} {sign} {text}")),
        (field.clone(), text.clone(), text)
            .prop_map(|(field, one, two)| format!("{field} not in [{one},{two}]")),
        (number, sign.clone()).prop_map(|(number, sign)| format!("runs {sign} {number}")),
        compared.prop_map(|(field, sign, value)| format!("{field} {sign} {value}")),
        dated.prop_map(|(sign, day)| format!("until {sign} {day}")),
        (sign, select(vec!["2h30m", "90s", "150m"]))
            .prop_map(|(sign, span)| format!("{span} {sign} timeout")),
        field
            .clone()
            .prop_map(|field| format!("{field} is not missing")),
        (
            field,
            select(vec![
                "~ \"**\"",
                "!~ '*d'",
                "matches \"^o.\\w\"",
                "not matches 'x|y'"
            ])
        )
            .prop_map(|(field, pattern)| format!("{field} {pattern}")),
        Just("optional".to_owned()),
        Just("labels[\"team \\\"x\\\"\"]".to_owned()),
        Just("owner in approvers".to_owned()),
        Just("true".to_owned()),
    ]
}

fn said() -> impl Strategy<Value = String> {
    leaf().prop_recursive(4, 24, 3, |inner| {
        let quantifier = select(vec!["any", "all", "none"]);
        prop_oneof![
            proptest::collection::vec(inner.clone(), 2..4)
                .prop_map(|parts| format!("({})", parts.join(" and "))),
            proptest::collection::vec(inner.clone(), 2..4)
                .prop_map(|parts| format!("({})", parts.join(" or "))),
            inner.clone().prop_map(|part| format!("not ({part})")),
            (
                quantifier.clone(),
                select(vec![
                    "image ~ '**:v1'",
                    "memory is missing",
                    "outer.optional"
                ])
            )
                .prop_map(|(quantifier, body)| format!("{quantifier}(containers, {body})")),
            (
                quantifier,
                select(vec![
                    "it == \"ann\"",
                    "it == outer.owner",
                    "count(outer.labels) < 2"
                ])
            )
                .prop_map(|(quantifier, body)| format!("{quantifier}(approvers, {body})")),
        ]
    })
}

fn drawn() -> impl Strategy<Value = Job> {
    let text = || proptest::option::of(select(vec!["old", "", "ann", "a\"b", "xyz"]));
    (
        (text(), text(), text()),
        proptest::option::of(any::<bool>()),
        proptest::option::of(-5_i64..15),
        proptest::option::of(proptest::collection::vec(
            select(vec!["ann", "old", "bob"]),
            0..3,
        )),
        any::<[bool; 6]>(),
    )
        .prop_map(
            |((name, cluster, owner), optional, runs, approvers, kept)| {
                let own = |text: Option<&str>| text.map(str::to_owned);
                let full = job();
                Job {
                    name: own(name),
                    cluster: own(cluster),
                    owner: own(owner),
                    optional,
                    runs: runs.map(Decimal::whole),
                    approvers: approvers
                        .map(|names| names.into_iter().map(str::to_owned).collect()),
                    cpu: full.cpu.filter(|_| kept[0]),
                    memory: full.memory.filter(|_| kept[1]),
                    timeout: full.timeout.filter(|_| kept[2]),
                    until: full.until.filter(|_| kept[3]),
                    containers: if kept[4] { full.containers } else { Vec::new() },
                    spec: full.spec.filter(|_| kept[5]),
                    ..full
                }
            },
        )
}

proptest! {
    #[test]
    fn what_is_printed_reads_as_the_same(text in said()) {
        let read = parse(&text);
        let printed = read.to_string();
        let again = parse(&printed);
        prop_assert_eq!(again.to_string(), printed);
        prop_assert_eq!(again, read);
    }

    #[test]
    fn not_not_is_nothing_and_not_goes_through_and_and_or(
        one in said(), two in said(), job in drawn()
    ) {
        let holds = |text: String| parse(&text).holds(&job, TODAY);
        prop_assert_eq!(holds(format!("not not ({one})")), holds(one.clone()));
        prop_assert_ne!(holds(format!("not ({one})")), holds(one.clone()));
        prop_assert_eq!(
            holds(format!("not (({one}) and ({two}))")),
            holds(format!("not ({one}) or not ({two})"))
        );
        prop_assert_eq!(
            holds(format!("not (({one}) or ({two}))")),
            holds(format!("not ({one}) and not ({two})"))
        );
    }

    #[test]
    fn quantifiers_are_each_others_opposites(body in select(vec![
        "image ~ '**:v1'", "memory > 500m", "true", "env is empty", "outer.cpu > 7"
    ]), job in drawn()) {
        let holds = |text: String| parse(&text).holds(&job, TODAY);
        let any = holds(format!("any(containers, {body})"));
        prop_assert_eq!(any, !holds(format!("none(containers, {body})")));
        prop_assert_eq!(any, !holds(format!("all(containers, not ({body}))")));
        prop_assert_eq!(any, holds(format!("count(containers, {body}) > 0")));
    }

    #[test]
    fn an_explanation_agrees_and_its_reasons_alone_decide(text in said(), job in drawn()) {
        let read = parse(&text);
        let why = read.why(&job, TODAY);
        prop_assert_eq!(why.holds, read.holds(&job, TODAY));
        prop_assert!(!why.reasons.is_empty());
        for reason in &why.reasons {
            prop_assert_eq!(reason.holds, parse(&reason.said).holds(&job, TODAY));
        }
    }

    #[test]
    fn any_text_is_read_or_its_mistakes_have_a_place(text in "[a-z\"'()\\[\\]<>=!~., 0-9é\\\\-]{0,40}") {
        if let Err(mistakes) = Predicate::parse(&text, &JOB) {
            prop_assert!(!mistakes.is_empty());
            for mistake in mistakes {
                prop_assert!(text.get(mistake.at).is_some());
            }
        }
    }
}
