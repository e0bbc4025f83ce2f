//! The files beside an election.

use base::SourceMap;
use elections::definition::Window;
use elections::nominations::{ExceptionsFile, NominationsFile};
use elections::seats::PastTerm;
use elections::voters::{Decision, decide};
use jiff::civil::date;

use crate::support::{ELECTION, at, codes, estate, login, sound};

fn nominations(text: &str) -> (Option<NominationsFile>, Vec<&'static str>) {
    let file = SourceMap::default().add("nominations.yaml", text);
    let (read, findings) = NominationsFile::read(text, file);
    (read, codes(&findings))
}

fn file(text: &str) -> NominationsFile {
    let (read, findings) = nominations(text);
    assert!(findings.is_empty(), "{findings:?}");
    read.expect("nominations")
}

#[test]
fn whoever_puts_themselves_forward_has_accepted_by_it() {
    let text = "candidates:\n\
        - {candidate: ada, nominated_by: '@Ada', nominated: 2026-07-02 09:00 UTC}\n\
        - {candidate: bo, nominated_by: ada, nominated: 2026-07-02 09:00 UTC}\n\
        - {candidate: cy, nominated_by: ada, nominated: 2026-07-02, accepted: 2026-07-05, endorsed_by: [bo, {by: di, at: 2026-07-04 00:00 AoE}]}\n";
    let estate = estate(&[]);
    let read = file(text).nominations(&sound(ELECTION), &estate, date(2026, 10, 2), &|_| None);
    let accepted: Vec<_> = read.iter().map(|one| one.accepted_at).collect();
    let noon = |day: u8| at(&format!("2026-07-{day:02}T12:00:00Z"));
    assert_eq!(
        accepted,
        [Some(at("2026-07-02T09:00:00Z")), None, Some(noon(5))]
    );
    let endorsed: Vec<_> = read[2]
        .endorsements
        .iter()
        .map(|one| one.received_at)
        .collect();
    assert_eq!(endorsed, [noon(2), at("2026-07-04T12:00:00Z")]);
}

#[test]
fn terms_are_those_of_the_leads_and_roles_at_one_time_are_one() {
    let estate = estate(&[
        ("people/ada.yaml", "handles: {github: lovelace}\n"),
        (
            "groups/steering.yaml",
            "title: Steering\nkind: committee\nleads:\n\
             - {person: ada, role: chair, since: 2020-01-01, until: 2021-12-31}\n\
             - {person: ada, role: tech-lead, since: 2021-01-01, until: 2022-12-31}\n\
             - {person: ada, role: chair, since: 2025-01-01}\n\
             - {person: ada, role: chair, since: 2010-01-01, emeritus: true}\n",
        ),
    ]);
    let read =
        file("candidates:\n- {candidate: Lovelace, nominated_by: bo, nominated: 2026-07-02}\n");
    let start = date(2026, 10, 2);
    let read = read.nominations(&sound(ELECTION), &estate, start, &|_| None);
    let term = |from, to| PastTerm::new(date(from, 1, 1), to);
    let expected = [term(2020, date(2023, 1, 1)), term(2025, start)];
    assert_eq!(read[0].terms, expected);
}

#[test]
fn what_is_misspelt_or_vague_is_refused_where_it_stands() {
    for (line, code) in [
        (
            "{candidate: ada, nominated_by: bo, nominated: 2026-07-02 10:00}",
            "election-time-zone",
        ),
        (
            "{candidate: a b, nominated_by: bo, nominated: 2026-07-02}",
            "login-form",
        ),
        (
            "{candidate: person/, nominated_by: bo, nominated: 2026-07-02}",
            "login-form",
        ),
        (
            "{candidate: 249043822, nominated_by: bo, nominated: 2026-07-02}",
            "login-not-text",
        ),
    ] {
        let (_, found) = nominations(&format!("candidates:\n- {line}\n"));
        assert_eq!(found, [code], "{line}");
    }
    for line in [
        "{candidate: ada, nominated: 2026-07-02}",
        "{candidate: ada, nominated_by: bo, nominated: 2026-02-30}",
        "{candidate: ada, nominated_by: bo, nominated: 2026-07-02, endorsed_by: [{by: cy}]}",
        "{candidate: [ada], nominated_by: bo, nominated: 2026-07-02}",
    ] {
        let (_, found) = nominations(&format!("candidates:\n- {line}\n"));
        assert!(!found.is_empty(), "{line}");
    }
}

#[test]
fn a_request_is_decided_by_what_was_said_up_to_a_moment() {
    let text = "requests:\n- voter: eve\n  asked: 2026-08-05 09:00 UTC\n  recused: [orla]\n  decided:\n\
        \x20 - {officer: otto, grants: true, at: 2026-08-09 09:00 UTC}\n\
        \x20 - {officer: olga, grants: true, at: 2026-08-07 09:00 UTC}\n\
        \x20 - {officer: otto, grants: false, at: 2026-08-08 09:00 UTC}\n";
    let id = SourceMap::default().add("exceptions.yaml", text);
    let (read, findings) = ExceptionsFile::read(text, id);
    assert!(findings.is_empty(), "{:?}", codes(&findings));
    let (read, estate, definition) = (read.expect("exceptions"), estate(&[]), sound(ELECTION));
    let found = read.check(&definition, &estate);
    assert!(found.is_empty(), "{:?}", codes(&found));
    let officers = ["olga", "otto", "orla"].map(login);
    let window: Window = definition.requesting();
    let decided = |by: &str| {
        let requests = read.requests(&estate, at(by));
        requests
            .first()
            .map(|request| decide(request, &officers, window))
    };
    assert_eq!(decided("2026-08-05T08:59:59Z"), None);
    assert_eq!(decided("2026-08-07T09:00:00Z"), Some(Decision::Pending));
    assert_eq!(decided("2026-08-08T09:00:00Z"), Some(Decision::Refused));
    assert_eq!(decided("2026-08-09T09:00:00Z"), Some(Decision::Granted));
}
