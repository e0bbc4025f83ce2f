//! What is seen of a service that refuses, is cut off or falls silent: nothing.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use audit::Why;
use audit::aws::Patience;
use jiff::Timestamp;
use testkit::servers::moto::Moto;
use testkit::servers::or_skip;
use testkit::servers::spoiler::{Spoil, Spoiler};

use crate::account::{iam, outside, see, see_with};

const DENIED: &str = "<Error><Code>AccessDenied</Code><Message>not yours</Message></Error>";
const BUSY: &str = "<Error><Code>SlowDown</Code><Message>Please reduce your rate</Message></Error>";

/// An account with something of everything, and what spoils its answers.
fn spoilt() -> Option<(Moto, Spoiler)> {
    let moto = or_skip(Moto::start())?;
    moto.create_bucket("site");
    moto.create_bucket("stray");
    moto.create_zone("stray.example");
    iam(&moto, "CreateUser", &[("UserName", "robot")]);
    let spoiler = Spoiler::before(&moto.url());
    Some((moto, spoiler))
}

/// Every question of every collector, by a part of its first line.
const QUESTIONS: [(&str, &str); 12] = [
    ("s3", "GET /?max-buckets"),
    ("s3", "location"),
    ("s3", "encryption"),
    ("s3", "lifecycle"),
    ("s3", "policy"),
    ("s3", "publicAccessBlock"),
    ("s3", "tagging"),
    ("s3", "versioning"),
    ("iam", "GetAccountAuthorizationDetails"),
    ("iam", "ListAccessKeys"),
    ("iam", "GetAccountSummary"),
    ("route53", "rrset"),
];

#[test]
fn whatever_is_refused_or_cut_short_fails_the_whole_service() {
    let Some((_moto, spoiler)) = spoilt() else {
        return;
    };
    for (service, question) in QUESTIONS.into_iter().chain([("route53", "hostedzone?")]) {
        spoiler.pass_all();
        see(&spoiler.url(), service).unwrap();
        spoiler.spoil(question, Spoil::Answer(403, DENIED.to_owned()));
        let failed = see(&spoiler.url(), service).unwrap_err();
        assert_eq!(failed.why, Why::Refused, "{question}: {failed}");
        assert!(failed.to_string().contains("not yours"), "{failed}");
        for body in ["", "<html><body>busy</body></html>", "<R/>", "\u{0}"] {
            spoiler.pass_all();
            spoiler.spoil(question, Spoil::Answer(200, body.to_owned()));
            let failed = see(&spoiler.url(), service).unwrap_err();
            assert_eq!(failed.why, Why::Untrusted, "{question} {body:?}: {failed}");
        }
        for (status, body) in [(404, ""), (301, ""), (400, "<Error/>")] {
            spoiler.pass_all();
            spoiler.spoil(question, Spoil::Answer(status, body.to_owned()));
            assert!(see(&spoiler.url(), service).is_err(), "{question} {status}");
        }
    }
}

#[test]
fn a_page_that_is_cut_off_fails_the_whole_service() {
    let Some((_moto, spoiler)) = spoilt() else {
        return;
    };
    // What is not set is told by an error, of which nothing is read but its code.
    let lists = [
        "GET /?max",
        "location",
        "versioning",
        "GetAccount",
        "ListAccessKeys",
        "hostedzone?",
        "rrset",
    ];
    for question in lists {
        spoiler.pass_all();
        spoiler.spoil(question, Spoil::Cut);
        let service = match question {
            "GetAccount" | "ListAccessKeys" => "iam",
            "hostedzone?" | "rrset" => "route53",
            _ => "s3",
        };
        let failed = see(&spoiler.url(), service).unwrap_err();
        assert_eq!(failed.why, Why::Untrusted, "{question}: {failed}");
    }
}

#[test]
fn a_list_that_is_shorter_than_it_says_is_not_believed() {
    let Some((moto, spoiler)) = spoilt() else {
        return;
    };
    let truncated = |from: &str, to: &str| Spoil::Replace(from.to_owned(), to.to_owned());
    for (service, question, spoil) in [
        (
            "iam",
            "GetAccountAuth",
            truncated("<IsTruncated>false", "<IsTruncated>true"),
        ),
        (
            "iam",
            "GetAccountAuth",
            truncated("<IsTruncated>false</IsTruncated>", ""),
        ),
        (
            "iam",
            "GetAccountSummary",
            truncated("<key>Users</key><value>1", "<key>Users</key><value>2"),
        ),
        (
            "route53",
            "hostedzone?",
            truncated("<IsTruncated>false", "<IsTruncated>true"),
        ),
        (
            "route53",
            "rrset",
            truncated("<IsTruncated>false</IsTruncated>", ""),
        ),
        ("route53", "rrset", truncated("SOA", "TXT")),
        (
            "route53",
            "hostedzone?",
            truncated("<ResourceRecordSetCount>2", "<ResourceRecordSetCount>3"),
        ),
        (
            "s3",
            "max-buckets",
            truncated(
                "</Buckets>",
                "</Buckets><ContinuationToken>x</ContinuationToken>",
            ),
        ),
    ] {
        spoiler.pass_all();
        spoiler.spoil(question, spoil.clone());
        let failed = see(&spoiler.url(), service).unwrap_err();
        assert!(
            matches!(failed.why, Why::Untrusted | Why::Refused),
            "{spoil:?}: {failed}"
        );
    }
    drop(moto);
}

#[test]
fn a_busy_service_is_asked_again_and_not_for_ever() {
    let Some((_moto, spoiler)) = spoilt() else {
        return;
    };
    let whole = see(&spoiler.url(), "s3").unwrap().export;
    spoiler.asked();
    spoiler.spoil("tagging", Spoil::Answer(503, BUSY.to_owned()));
    let failed = see(&spoiler.url(), "s3").unwrap_err();
    assert_eq!(failed.why, Why::Unanswered);
    assert!(
        failed.to_string().ends_with("it was asked 3 times"),
        "{failed}"
    );
    let tagging = spoiler.asked();
    let asked = tagging
        .iter()
        .filter(|line| line.contains("tagging"))
        .count();
    assert!((3..=6).contains(&asked), "{tagging:#?}");
    // An answer that was lost is asked for again.
    spoiler.pass_all();
    spoiler.spoil_after("no such", 0, Spoil::Silence);
    assert_eq!(see(&spoiler.url(), "s3").unwrap().export, whole);
}

#[test]
fn silence_is_no_answer() {
    let Some((_moto, spoiler)) = spoilt() else {
        return;
    };
    spoiler.spoil("ListAccessKeys", Spoil::Silence);
    let mut outside = outside();
    outside.patience = Patience {
        answer: Duration::from_millis(300),
        tries: 2,
        ..outside.patience
    };
    let failed = see_with(&spoiler.url(), "iam", outside).unwrap_err();
    assert_eq!(failed.why, Why::Unanswered);
    assert!(
        failed
            .to_string()
            .contains("keys of robot: there is no answer"),
        "{failed}"
    );
}

#[test]
fn patience_ends() {
    /// Seconds that have gone: each look at the clock takes ten.
    static GONE: AtomicI64 = AtomicI64::new(0);
    let Some((_moto, spoiler)) = spoilt() else {
        return;
    };
    let mut outside = outside();
    outside.clock = || {
        let gone = GONE.fetch_add(10, Ordering::Relaxed);
        Timestamp::from_second(1_800_000_000 + gone).unwrap()
    };
    outside.patience.whole = Duration::from_secs(100);
    let failed = see_with(&spoiler.url(), "s3", outside).unwrap_err();
    assert_eq!(failed.why, Why::Unanswered);
    assert!(
        failed.to_string().contains("within 100 seconds"),
        "{failed}"
    );
}

#[test]
fn a_key_that_is_not_there_is_told_before_anything_is_asked() {
    for (key, says) in [(None, "KEY is not set"), (Some("one"), "KEYID:SECRET")] {
        let secrets = move |_: &str| key.map(str::to_owned);
        let outside = audit::aws::Outside {
            secrets: &secrets,
            ..outside()
        };
        let failed = see_with("http://127.0.0.1:1", "s3", outside).unwrap_err();
        assert_eq!(failed.why, Why::Setup);
        assert!(failed.to_string().contains(says), "{failed}");
    }
}
