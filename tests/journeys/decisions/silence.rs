//! A policy by lazy consensus, from the draft to the day it is in force.

use std::path::Path;
use std::time::Duration;

use testkit::servers::exim::Exim;
use testkit::servers::{or_skip, wait_until};

use super::assembly::Assembly;

/// A community whose mail goes by this server; what comes back comes to `bounces`.
pub(super) fn mails_by(server: &Exim) -> Assembly {
    let one = Assembly::new();
    let url = format!(
        "smtp://127.0.0.1:{}?from=decisions@example.org&bounces=bounces@example.org",
        server.port()
    );
    one.set("COMMONHOLD_SMTP", &url);
    one
}

/// The subjects of the mails in a mailbox, once there are so many.
#[track_caller]
pub(super) fn subjects(server: &Exim, mailbox: &str, count: usize) -> Vec<String> {
    let _ = wait_until(Duration::from_secs(30), || {
        server.mails(mailbox).len() >= count
    });
    let mails = server.mails(mailbox);
    assert_eq!(mails.len(), count, "{mails:#?}");
    let mut dated: Vec<(String, String)> = mails
        .iter()
        .map(|mail| {
            let subject = header(mail, "Subject");
            (header(mail, "Message-ID"), subject)
        })
        .collect();
    dated.dedup_by(|one, other| one.0 == other.0);
    assert_eq!(dated.len(), count, "nothing was told twice");
    let mut subjects: Vec<String> = dated.into_iter().map(|(_, subject)| subject).collect();
    subjects.sort();
    subjects
}

/// A header of a mail, unfolded.
pub(super) fn header(mail: &str, name: &str) -> String {
    let (head, _) = mail.split_once("\n\n").expect("a mail");
    let head = head.replace("\n ", " ").replace("\n\t", " ");
    let mut lines = head.lines();
    let found = lines.find_map(|line| {
        let (found, value) = line.split_once(':')?;
        found.eq_ignore_ascii_case(name).then(|| value.trim())
    });
    found.unwrap_or_default().to_owned()
}

#[test]
fn a_policy_by_silence_goes_from_the_draft_to_the_day_it_is_in_force() {
    let Some(server) = or_skip(Exim::start(&["dev", "infra", "bounces"])) else {
        return;
    };
    let it = mails_by(&server);
    let item = it.proposes("ada", "policy", "Keeping logs");
    assert!(item.starts_with("keeping-logs-"), "{item}");
    it.commit("Propose how long logs are kept");
    it.runs(&format!("decide status {item}"))
        .ends(5, "not received yet: propose by person/ada");

    // It is received, both lists are told, and its time begins.
    it.ticks_at("2026-03-02T10:05:00Z")
        .ends(0, "told dev@example.org");
    it.commit("Decisions");
    let status = it.status(&item);
    assert_eq!(status["number"], 1, "{status:#}");
    assert_eq!(status["state"], "open");
    assert_eq!(status["record"]["opened"], "2026-03-02T10:05:00Z");
    assert_eq!(status["record"]["closes"], "2026-03-05T10:05:00Z");
    let first = subjects(&server, "dev", 1);
    assert_eq!(first, ["[policy 1] Keeping logs is proposed"]);
    assert_eq!(subjects(&server, "infra", 1), first);
    assert!(
        server.mails("dev")[0].contains("As it is."),
        "the text is in the mail"
    );

    // An objection holds it, is answered and withdrawn.
    it.at("2026-03-03T09:00:00Z");
    it.by("bob", "object 1 --reason 'a year is too long'");
    it.runs("decide status 1")
        .ends(5, "not received yet: object by person/bob");
    it.ticks_at("2026-03-03T09:10:00Z");
    it.runs("decide status 1")
        .ends(5, "bob objects: a year is too long");
    assert_eq!(it.state("1").0, "blocked");
    let objection = it.event(&item, "object");
    it.at("2026-03-03T12:00:00Z");
    it.by(
        "ada",
        &format!("answer 1 {objection} --text 'the law asks for it'"),
    );
    it.at("2026-03-03T15:00:00Z");
    it.by("bob", &format!("withdraw 1 {objection}"));
    it.ticks();
    it.commit("Decisions");
    assert_eq!(it.state("1").0, "open");

    // Half way, on the last day and at the end the lists are told once, however often it ticks.
    for time in ["2026-03-04T00:00:00Z", "2026-03-04T00:15:00Z"] {
        it.ticks_at(time);
    }
    for time in ["2026-03-04T20:00:00Z", "2026-03-04T20:15:00Z"] {
        it.ticks_at(time);
    }
    assert_eq!(it.state("1").0, "last_call");
    assert_eq!(
        subjects(&server, "dev", 3),
        [
            "[policy 1] Keeping logs closes at 2026-03-05T10:05:00Z",
            "[policy 1] Keeping logs is open until 2026-03-05T10:05:00Z",
            "[policy 1] Keeping logs is proposed",
        ]
    );
    let thread = header(&server.mails("dev")[0], "References");
    assert!(!thread.is_empty(), "all are one thread");
    assert!(
        server
            .mails("dev")
            .iter()
            .all(|mail| header(mail, "References") == thread)
    );

    // Nobody was there when its time was over: it counts from then all the same.
    it.ticks_at("2026-03-05T20:00:00Z");
    let status = it.runs("decide status 1").ends(0, "affirming");
    assert!(
        status.out.contains("since 2026-03-05T10:05:00Z"),
        "{}",
        status.out
    );
    for time in ["2026-03-09T08:00:00Z", "2026-03-09T08:15:00Z"] {
        it.ticks_at(time);
    }
    it.runs("decide status 1").ends(0, "in force");
    assert_eq!(
        it.state("1"),
        ("in_force".to_owned(), "2026-03-06T10:05:00Z".to_owned())
    );
    assert_eq!(
        subjects(&server, "dev", 5),
        [
            "[policy 1] Keeping logs closes at 2026-03-05T10:05:00Z",
            "[policy 1] Keeping logs is accepted, and can still be stopped",
            "[policy 1] Keeping logs is in force",
            "[policy 1] Keeping logs is open until 2026-03-05T10:05:00Z",
            "[policy 1] Keeping logs is proposed",
        ]
    );
    it.commit("Decisions");
    assert_record(&it, &item);
}

/// What is beside the events is what anybody makes of them, and nothing was lost.
fn assert_record(it: &Assembly, item: &str) {
    let page = it.text(&format!("decisions/{item}/README.md"));
    assert!(page.starts_with("---\nstatus: in-force\n"), "{page}");
    for line in [
        "# 1. Keeping logs",
        "a year is too long",
        "the law asks for it",
        "withdrawn, 2026-03-03T15:00:00Z",
        "| 2026-03-05T10:05:00Z | affirming |",
    ] {
        assert!(page.contains(line), "{line}:\n{page}");
    }
    it.runs("decide render --check").ends(0, "");
    it.runs("decide verify")
        .ends(0, "1 item with 6 entries are as they were received");
    it.runs("ledger verify").ends(0, "the ledger is whole");
    let explained = it.runs("decide explain 1");
    assert!(
        explained.out.contains("2026-03-03T09:10:00Z  blocked"),
        "{}",
        explained.out
    );
    let then = it.runs("--at 2026-03-03T09:30:00Z decide explain 1");
    assert_eq!(then.exit, 5);
    assert!(
        then.out.contains("\n  blocked since 2026-03-03T09:10:00Z"),
        "{}",
        then.out
    );
    assert!(!then.out.contains("in force"), "{}", then.out);
    assert!(Path::new(&it.estate()).join(".commonhold").is_dir());
}

#[test]
fn an_answered_objection_ends_when_its_author_keeps_silent() {
    let it = Assembly::new();
    it.drops_notice();
    let item = it.proposes("ada", "policy", "Who may restart what");
    it.ticks();
    it.at("2026-03-03T10:00:00Z");
    it.by("bob", "object 1 --reason 'not at night'");
    it.ticks();
    let objection = it.event(&item, "object");
    it.at("2026-03-04T10:00:00Z");
    let answer = format!("answer 1 {objection} --text 'never mind'");
    it.by("gus", &answer).ends(0, "E_NOT_ELIGIBLE");
    it.by(
        "ada",
        &format!("answer 1 {objection} --text 'never at night'"),
    );
    it.ticks();
    assert_eq!(it.state("1").0, "blocked");
    // Ten days later nobody looks; it took effect when they were over.
    it.ticks_at("2026-03-20T00:00:00Z");
    let explained = it.runs("decide explain 1").ends(0, "in force");
    assert!(
        explained.out.contains("2026-03-14T10:00:00Z"),
        "{}",
        explained.out
    );
    let ignored = it.ignored("1");
    let ignored: Vec<(&str, &str, &str)> = ignored
        .iter()
        .map(|(by, act, reason)| (by.as_str(), act.as_str(), reason.as_str()))
        .collect();
    assert_eq!(ignored, [("gus", "answer", "E_NOT_ELIGIBLE")]);
}

#[test]
fn whoever_may_not_hold_it_advises() {
    let it = Assembly::new();
    it.drops_notice();
    it.proposes("ada", "policy", "Advice");
    it.ticks();
    it.by("gus", "object 1 --reason 'I would not'");
    it.ticks();
    it.runs("decide status 1")
        .ends(5, "gus: I would not (advises)");
    assert_eq!(it.state("1").0, "open");
}
