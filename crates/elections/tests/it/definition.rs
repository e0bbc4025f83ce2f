//! The file of an election.

use elections::definition::{Clocks, Grace, NotATime, Phase, Timing, ZonedTime};
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;

use crate::support::{ELECTION, at, codes, errors, read, sound, with};

#[test]
fn a_whole_election_is_read_without_a_finding() {
    let (definition, findings, _) = read(ELECTION);
    assert_eq!(codes(&findings), Vec::<&str>::new());
    let definition = definition.unwrap();
    assert_eq!(definition.close.value.at(), at("2026-10-02T11:59:59Z"));
    assert_eq!(definition.cap.as_ref().unwrap().value.most(), 2);
    assert_eq!(definition.key.value.flat(), "steering---2026");
}

/// A key, the line that replaces it, and what is found.
const BAD: &[(&str, &str, &str)] = &[
    ("open", "open: 2026-08-14 00:00:01", "election-time-zone"),
    ("open", "open: 2026-08-14 00:00:01 PT", "election-time-zone"),
    (
        "open",
        "open: 2026-08-14 00:00:01 EST",
        "election-time-zone",
    ),
    (
        "open",
        "open: 2026-08-14 00:00:01 Berlin",
        "election-time-zone",
    ),
    (
        "open",
        "open: 2026-08-14 00:00:01 aoe",
        "election-time-zone",
    ),
    ("open", "open: 2026-08-14 24:00 AoE", "yaml-bad-value"),
    ("open", "open: 2026-02-30 00:00 AoE", "yaml-bad-value"),
    ("open", "open: 2026-08-14 AoE", "yaml-bad-value"),
    ("open", "open: tomorrow", "yaml-bad-value"),
    ("open", "open: 2026-08-14 00:00:60 UTC", "yaml-bad-value"),
    ("close", "close: 2026-08-01 23:59:59 AoE", "election-window"),
    ("close", "close: 2026-08-14 00:00:01 UTC", "election-window"),
    ("close", "close: 2026-08-28 00:00:00 UTC", "election-short"),
    (
        "nominations",
        "nominations: {open: 2026-07-01 00:00 UTC, close: 2026-08-14 00:00:02 UTC}",
        "election-window",
    ),
    (
        "nominations",
        "nominations: {open: 2026-07-20 00:00 UTC, close: 2026-08-01 00:00 UTC}",
        "election-short",
    ),
    (
        "exceptions_close",
        "exceptions_close: 2026-10-01 23:59:59 AoE",
        "election-exceptions",
    ),
    (
        "exceptions_close",
        "exceptions_close: 2026-08-01 23:59:59 AoE",
        "election-exceptions",
    ),
    (
        "exceptions_due",
        "exceptions_due: 2026-09-01 23:59:59 AoE",
        "yaml-unknown-key",
    ),
    ("publish", "publish: full", "election-published-ballots"),
    ("privacy", "privacy: open", "election-contradiction"),
    ("privacy", "privacy: blind", "election-contradiction"),
    ("privacy", "privacy: secret", "yaml-bad-value"),
    ("tie", "tie: lottery", "election-incomplete"),
    ("seats", "seats: 0", "yaml-bad-value"),
    ("seats", "seats: 2", "election-contradiction"),
    ("terms", "terms: []", "election-incomplete"),
    ("cap", "cap: {fraction: 1/3, of: 7}", "yaml-bad-value"),
    ("officers", "officers: [olga, otto, Olga]", "login-twice"),
    ("officers", "officers: [249043822]", "yaml-type"),
    ("officers", "officers: []", "election-contradiction"),
    ("voters", "voters: {any: [{}]}", "yaml-syntax"),
    ("key", "key: ../2026", "yaml-bad-value"),
    ("key", "key: steering---2026", "yaml-bad-value"),
    ("grace", "grace: 25h", "yaml-bad-value"),
    ("grace", "grace: soon", "yaml-bad-value"),
    ("method", "method: {name: schulz}", "yaml-bad-value"),
    (
        "method",
        "method: {name: schulze, version: v1}",
        "yaml-bad-value",
    ),
    ("method", "method: schulze", "yaml-type"),
    (
        "method",
        "method: {name: copeland, version: v1, pairs: skip, strength: margins}",
        "yaml-bad-value",
    ),
    (
        "candidacy",
        "candidacy: {endorsements: 2, employers: 3}",
        "election-contradiction",
    ),
    (
        "commitments",
        "commitments: {olga: nothing}",
        "yaml-bad-value",
    ),
];

#[test]
fn bad_elections_are_told_what_is_wrong() {
    for (key, line, code) in BAD {
        let (_, findings, sources) = read(&with(key, line));
        assert!(codes(&findings).contains(code), "{line}: {findings:?}");
        for finding in &findings {
            sources.locate(finding.span);
            assert!(finding.help.is_some(), "{line}: {}", finding.message);
        }
    }
}

#[test]
fn a_way_to_vote_without_a_condition_is_refused() {
    let text = ELECTION.replace(
        "  - {organisations: [alpha], contributions: 50}\n",
        "  - {}\n",
    );
    assert_eq!(codes(&read(&text).1), ["voter-rule"]);
    let text = ELECTION.replace("groups: [conduct], ", "");
    assert_eq!(codes(&read(&text).1), ["voter-rule", "voter-rule"]);
    let text = ELECTION.replace("until: 2026-08-01", "until: 2024-07-31");
    assert_eq!(codes(&read(&text).1), ["voter-rule"]);
}

#[test]
fn commitments_are_of_officers_and_no_two_alike() {
    let digest = |letter: &str| format!("sha256:{}", letter.repeat(64));
    let lottery = |commitments: &str| {
        let text = with("tie", "tie: lottery");
        codes(&read(&format!("{text}commitments: {commitments}\n")).1)
    };
    let (a, b) = (digest("a"), digest("b"));
    assert!(lottery(&format!("{{olga: '{a}', '@Otto': '{b}'}}")).is_empty());
    assert_eq!(
        lottery(&format!("{{ada: '{a}'}}")),
        ["election-contradiction"]
    );
    assert_eq!(
        lottery(&format!("{{olga: '{a}', otto: '{a}'}}")),
        ["election-contradiction"; 2]
    );
    let coin = format!("{ELECTION}commitments: {{olga: '{a}'}}\n");
    assert_eq!(codes(&read(&coin).1), ["election-contradiction"]);
}

#[test]
fn every_method_is_said_in_full() {
    for method in [
        "{name: schulze, version: v1, pairs: last, strength: margins, ranking: beaters}",
        "{name: condorcet-irv, version: civs-2007, pairs: skip}",
        "{name: ranked-pairs, version: v1, pairs: skip, strength: winning-votes-losing}",
        "{name: minimax, version: v1, pairs: skip, strength: margins}",
        "{name: approval, version: v1, approves: ranked}",
        "{name: scottish, version: v1, preferences: in-order}",
        "{name: meek, version: v1, preferences: consecutive, places: 9, omega: 6}",
    ] {
        let definition = sound(&with("method", &format!("method: {method}")));
        let json = serde_json::to_value(&definition.method.value).unwrap();
        for (key, value) in json.as_object().unwrap() {
            let value = value.as_str().map_or(value.to_string(), str::to_owned);
            assert!(method.contains(&format!("{key}: {value}")), "{json}");
        }
    }
}

#[test]
fn the_window_is_half_open_and_phases_follow_from_the_time_alone() {
    let definition = sound(&with("grace", "grace: 2m"));
    let ms = SignedDuration::from_millis(1);
    let phase = |at: Timestamp| definition.phase(at, None);
    let voting = definition.voting();
    assert_eq!(voting.close, at("2026-10-02T12:01:59Z"));
    let nominating = definition.nominating().unwrap();
    for (edge, before, from) in [
        (nominating.open, Phase::Upcoming, Phase::Nominations),
        (nominating.close, Phase::Nominations, Phase::Campaign),
        (voting.open, Phase::Campaign, Phase::Voting),
        (voting.close, Phase::Voting, Phase::Closed),
    ] {
        assert_eq!((phase(edge - ms), phase(edge)), (before, from), "{edge}");
    }
    assert_eq!(voting.timing(voting.open - ms), Timing::Early);
    assert_eq!(voting.timing(voting.open), Timing::Open);
    assert_eq!(voting.timing(voting.close - ms), Timing::Open);
    assert_eq!(voting.timing(voting.close), Timing::Late);
    let certified = Some(voting.close + ms);
    assert_eq!(definition.phase(voting.close, certified), Phase::Closed);
    assert_eq!(
        definition.phase(voting.close + ms, certified),
        Phase::Certified
    );
    let early = Some(voting.open);
    assert_eq!(definition.phase(voting.close - ms, early), Phase::Voting);
}

#[test]
fn exceptions_are_requested_to_their_deadline_or_the_opening() {
    let definition = sound(ELECTION);
    let requesting = definition.requesting();
    assert_eq!(requesting.timing(at("2026-06-30T23:59:59Z")), Timing::Early);
    assert_eq!(requesting.timing(at("2026-09-29T11:59:58Z")), Timing::Open);
    assert_eq!(requesting.timing(at("2026-09-29T11:59:59Z")), Timing::Late);
    let text = ELECTION.replace("exceptions_close: 2026-09-28 23:59:59 AoE\n", "");
    assert_eq!(sound(&text).requesting().close, at("2026-08-14T00:00:01Z"));
}

#[test]
fn the_digest_changes_with_every_value_and_with_nothing_else() {
    let digest = |text: &str| sound(text).digest().unwrap();
    let whole = digest(ELECTION);
    assert_eq!(whole, digest(&format!("# a comment\n{ELECTION}")));
    assert_eq!(whole, digest(&with("grace", "grace: 0s")));
    assert_eq!(whole, digest(&with("open", "open: 2026-08-14T00:00:01Z")));
    for (key, line) in [
        ("grace", "grace: 1s"),
        ("open", "open: 2026-08-14 00:00:02 UTC"),
        ("seats", "seats: 3\ntitle: An election"),
        ("tie", "tie: casting-vote"),
        ("officers", "officers: [olga, otto, omar]"),
        ("cap", "cap: {fraction: 1/3, relation: \"<\", of: 7}"),
        (
            "method",
            "method: {name: schulze, version: v1, pairs: skip, strength: margins, ranking: layers}",
        ),
    ] {
        assert_ne!(whole, digest(&with(key, line)), "{line}");
    }
}

#[test]
fn the_canonical_text_is_an_election_file_of_the_same_election() {
    let lottery = with("tie", "tie: lottery");
    let digest = "0".repeat(64);
    let lottery = format!(
        "{lottery}commitments: {{olga: 'sha256:{digest}'}}\nreserved: [{{role: chair, seats: 1}}]\n\
         title: \"\\u263a: no\"\nbody_seats: 7\nno_opinion: false\n"
    );
    for text in [ELECTION, &lottery] {
        let definition = sound(text);
        let canonical = definition.canonical().unwrap();
        assert_eq!(sound(&canonical).canonical().unwrap(), canonical);
    }
}

#[test]
fn a_time_that_the_clocks_skip_or_repeat_is_resolved_and_said() {
    for (line, code, resolved) in [
        (
            "close: 2027-03-28 02:30 Europe/Berlin",
            Clocks::Skipped,
            "2027-03-28T01:30:00Z",
        ),
        (
            "close: 2026-10-25 02:30 Europe/Berlin",
            Clocks::Twice,
            "2026-10-25T00:30:00Z",
        ),
        (
            "close: 2026-10-25 03:00 Europe/Berlin",
            Clocks::Once,
            "2026-10-25T02:00:00Z",
        ),
        (
            "close: 2026-10-04 02:15 Australia/Lord_Howe",
            Clocks::Skipped,
            "2026-10-03T15:45:00Z",
        ),
    ] {
        let (definition, findings, _) = read(&with("close", line));
        let close = definition.unwrap().close.value;
        assert_eq!((close.clocks(), close.at()), (code, at(resolved)), "{line}");
        let shifted = codes(&findings).contains(&"election-time-shifted");
        assert_eq!(shifted, code != Clocks::Once, "{line}");
        assert_eq!(errors(&findings).count(), 0);
    }
}

#[test]
fn a_day_ends_last_anywhere_on_earth() {
    let time = ZonedTime::new("2026-10-01 23:59:59 AoE").unwrap();
    assert_eq!(time, ZonedTime::new("2026-10-01T23:59:59AoE").unwrap());
    assert_eq!(
        time.at(),
        ZonedTime::new("2026-10-02 11:59:59 UTC").unwrap().at()
    );
    assert_eq!(
        ZonedTime::new("2026-10-01 23:59:59 "),
        Err(NotATime::NoZone)
    );
}

proptest! {
    #[test]
    fn a_time_reads_as_it_prints(
        second in -62_000_000_000_i64..253_000_000_000,
        zone in prop::sample::select(vec!["AoE", "UTC", "Europe/Berlin", "America/St_Johns"]),
    ) {
        let shown = Timestamp::from_second(second).unwrap();
        let shown = ZonedTime::utc(shown).shown();
        let text = format!("{} {} {zone}", shown.date(), shown.time());
        if let Ok(time) = ZonedTime::new(&text) {
            prop_assert_eq!(time.to_string(), text.as_str());
            prop_assert_eq!(&ZonedTime::new(&time.to_string()).unwrap(), &time);
        }
    }

    #[test]
    fn a_grace_reads_as_it_prints(seconds in 0_u32..=86_400) {
        let grace = Grace::new(&format!("{seconds}s")).unwrap();
        prop_assert_eq!(Grace::new(&grace.to_string()), Some(grace));
    }

    #[test]
    fn no_text_makes_the_reader_panic(text in "\\PC*", line in "[a-z_]{1,12}: [ -~é]{0,30}") {
        let _ = ZonedTime::new(&text);
        let _ = Grace::new(&text);
        let _ = read(&text);
        let _ = read(&format!("{ELECTION}{line}\n"));
    }
}
