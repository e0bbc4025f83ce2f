//! Who may vote, and why.

use base::{Diagnostic, SourceMap};
use elections::Directory;
use elections::definition::Window;
use elections::voters::{
    Contributions, Decision, ExceptionCounts, ExceptionRequest, Ground, LeftOutBecause,
    NotOnTheRoll, OfficerVote, Roll, Standing, decide, roll,
};
use estate::Estate;
use jiff::civil::date;
use proptest::prelude::*;

use crate::support::{ELECTION, at, codes, estate, login, sound};

const CONTRIBUTIONS: &str =
    "login,count\nada,73\nbea,49\n249043822,50\nstranger,900\nrobot,9000\ngone,80\n";

fn lab() -> Estate {
    estate(&[
        (
            "organisations/alpha.yaml",
            "admins: [ada]\nmembers: [bea, number, robot, gone, renamed]\n",
        ),
        (
            "people/ada.yaml",
            "name: Ada\nhandles: {github: Ada, github_id: 1}\n",
        ),
        ("people/bea.yaml", "handles: {github: bea}\n"),
        ("people/number.yaml", "handles: {github: \"249043822\"}\n"),
        (
            "people/robot.yaml",
            "handles: {github: robot}\nrobot: true\n",
        ),
        (
            "people/gone.yaml",
            "handles: {github: gone}\nleft: 2026-01-01\n",
        ),
        (
            "people/renamed.yaml",
            "handles: {github: newname, github_id: 77}\n",
        ),
        ("people/cy.yaml", "handles: {github: cy-login}\n"),
        ("people/di.yaml", "name: Di\n"),
        ("people/em.yaml", "name: Em\n"),
        ("people/fay.yaml", "name: Fay\n"),
        (
            "groups/conduct.yaml",
            "leads:\n- {person: cy, role: chair, since: 2022-01-01, until: 2024-08-01}\n\
             - {person: di, role: chair, since: 2020-01-01, until: 2024-07-31}\n\
             - {person: em, role: chair, since: 2026-08-02}\n\
             - {person: fay, role: chair, emeritus: true}\nmembers: [bea]\n",
        ),
    ])
}

fn contributions(text: &[u8]) -> (Option<Contributions>, Vec<Diagnostic>) {
    let mut sources = SourceMap::default();
    let file = sources.add("contributions.csv", String::from_utf8_lossy(text));
    let (list, findings) = Contributions::read(text, file);
    for finding in &findings {
        sources.locate(finding.span);
    }
    (list, findings)
}

fn roll_of(estate: &Estate) -> Roll {
    let rule = sound(ELECTION).voters.expect("a rule");
    let facts = contributions(CONTRIBUTIONS.as_bytes()).0.expect("a list");
    let (roll, findings) = roll(&rule, estate, &facts, date(2026, 8, 1));
    assert!(findings.is_empty(), "{findings:?}");
    roll.expect("a roll")
}

#[test]
fn the_roll_is_who_meets_the_rule_each_with_the_reason() {
    let estate = lab();
    let roll = roll_of(&estate);
    let said: Vec<String> = roll
        .voters()
        .iter()
        .map(|voter| {
            let why: Vec<String> = voter.why.iter().map(ToString::to_string).collect();
            format!("{}: {}", voter.login, why.join("; "))
        })
        .collect();
    assert_eq!(
        said,
        [
            "249043822: a member of alpha; 50 contributions, and 50 are enough",
            "Ada: a member of alpha; 73 contributions, and 50 are enough",
            "bea: member of conduct",
            "cy-login: chair of conduct from 2022-01-01 until 2024-08-01",
        ]
    );
}

#[test]
fn who_is_left_out_is_told_what_is_lacking() {
    let estate = lab();
    let roll = roll_of(&estate);
    let why = |name: &str| match roll.why(&login(name)) {
        Standing::Voter(_) => "a voter".to_owned(),
        Standing::LeftOut(one) => one.why.to_string(),
        Standing::Unknown => "unknown".to_owned(),
    };
    assert_eq!(why("ROBOT"), "robots do not vote");
    assert_eq!(why("gone"), "left the project on 2026-01-01");
    assert_eq!(
        why("newname"),
        "0 contributions of the 50 it takes; not in conduct from 2024-08-01 until 2026-08-01"
    );
    assert_eq!(
        why("stranger"),
        "not a member of alpha; not in conduct from 2024-08-01 until 2026-08-01"
    );
    assert_eq!(why("ada"), "a voter");
    // A term that ended a day before the window, one that begins a day after, and one without dates.
    for name in ["di", "em", "fay", "nobody"] {
        assert_eq!(why(name), "unknown", "{name}");
    }
}

#[test]
fn a_renamed_account_is_one_voter_and_a_login_that_changed_hands_is_none() {
    let estate = lab();
    let mut roll = roll_of(&estate);
    roll.grant(&login("newname"), &Directory::of(&estate));
    let admits = |name: &str, id| {
        roll.admits(&login(name), id)
            .map(|voter| voter.login.to_string())
    };
    assert_eq!(admits("aDA", None).as_deref(), Ok("Ada"));
    assert_eq!(admits("newer-name", Some(77)).as_deref(), Ok("newname"));
    assert_eq!(admits("newname", Some(78)), Err(NotOnTheRoll::OtherAccount));
    assert_eq!(admits("oldname", Some(79)), Err(NotOnTheRoll::Unknown));
    assert_eq!(admits("bea", Some(5)).as_deref(), Ok("bea"));
}

#[test]
fn an_exception_adds_somebody_once_and_does_not_say_why() {
    let estate = lab();
    let people = Directory::of(&estate);
    let mut roll = roll_of(&estate);
    let before = roll.voters().len();
    for name in ["stranger", "Stranger", "ada"] {
        roll.grant(&login(name), &people);
    }
    assert_eq!(roll.voters().len(), before + 1);
    let Standing::Voter(voter) = roll.why(&login("stranger")) else {
        panic!("not on the roll");
    };
    assert_eq!(voter.why, [Ground::Exception]);
    assert!(
        roll.left_out()
            .iter()
            .all(|one| one.login != login("stranger"))
    );
}

#[test]
fn a_rule_that_names_what_the_estate_does_not_have_gives_no_roll() {
    let estate = estate(&[
        ("organisations/alphas.yaml", "title: Alphas\n"),
        ("groups/conduct.yaml", "title: Conduct\n"),
    ]);
    let rule = sound(ELECTION).voters.unwrap();
    let (roll, findings) = roll(&rule, &estate, &Contributions::default(), date(2026, 8, 1));
    assert!(roll.is_none());
    assert_eq!(codes(&findings), ["reference-unknown"]);
    assert_eq!(findings[0].help.as_deref(), Some("did you mean `alphas`?"));
}

#[test]
fn the_lock_file_holds_the_roll_and_nobody_who_is_not_on_it() {
    let estate = lab();
    let roll = roll_of(&estate);
    let lock = roll.to_lock().unwrap();
    assert_eq!(lock.lines().count(), roll.voters().len());
    assert!(!lock.contains("stranger") && !lock.contains("robot"));
    let read = Roll::from_lock(&lock).unwrap();
    assert_eq!(read.voters(), roll.voters());
    assert_eq!(read.digest().unwrap(), roll.digest().unwrap());
    let twice = format!("{lock}{{\"login\":\"ADA\",\"why\":[]}}\n");
    assert_eq!(
        Roll::from_lock(&twice).unwrap_err().line,
        roll.voters().len() + 1
    );
    assert!(Roll::from_lock("{\"login\":\"a b\",\"why\":[]}").is_err());
    assert!(Roll::from_lock("{\"login\":249043822,\"why\":[]}").is_err());
}

#[test]
fn a_list_of_contributions_is_read_whole_or_not_at_all() {
    let read = |text: &[u8]| contributions(text).0.map(|list| list.iter().count());
    for text in [
        "login,count\nada,73\n".as_bytes(),
        b"\xef\xbb\xbfLogin, Count\r\nada,73\r\n\r\n",
        b"login,count\n\"ada\", 73",
    ] {
        assert_eq!(read(text), Some(1), "{text:?}");
    }
    assert_eq!(read(b"login,count\n"), Some(0));
    for text in [
        "".as_bytes(),
        b"ada,73\n",
        b"login,count\nada\n",
        b"login,count\nada,73,1\n",
        b"login,count\nada,-1\n",
        b"login,count\nada,7.5\n",
        b"login,count\nada,99999999999999999999999\n",
        b"login,count\nada,1e3\n",
        b"login,count\nada,\n",
        b"login,count\n,7\n",
        b"login,count\na b,7\n",
        b"login,count\nada,1\nADA,2\n",
        b"login,count\n\xff,1\n",
        b"login,count\na\0,1\n",
        b"\xff\xfe",
        b"login;count\nada;1\n",
    ] {
        let (list, findings) = contributions(text);
        assert!(
            list.is_none() && codes(&findings) == ["contributions-form"],
            "{text:?}: {findings:?}"
        );
        assert!(findings[0].help.is_some());
    }
}

fn request(votes: &[(&str, bool)], recused: &[&str]) -> ExceptionRequest {
    let vote = |(officer, grant): &(&str, bool)| OfficerVote {
        officer: login(officer),
        grant: *grant,
    };
    ExceptionRequest {
        login: login("cy"),
        received_at: at("2026-08-20T00:00:00Z"),
        votes: votes.iter().map(vote).collect(),
        recused: recused.iter().map(|name| login(name)).collect(),
    }
}

const REQUESTING: fn() -> Window = || Window {
    open: at("2026-08-01T00:00:00Z"),
    close: at("2026-09-29T11:59:59Z"),
};

#[test]
fn exceptions_are_decided_by_a_simple_majority_of_the_officers_who_take_part() {
    let officers = ["olga", "otto", "orla"].map(login);
    for (votes, recused, decision) in [
        (&[][..], &[][..], Decision::Pending),
        (&[("olga", true)], &[], Decision::Pending),
        (&[("olga", true), ("OTTO", true)], &[], Decision::Granted),
        (&[("olga", true), ("olga", true)], &[], Decision::Pending),
        (
            &[("olga", true), ("stranger", true)],
            &[],
            Decision::Pending,
        ),
        (&[("olga", false), ("otto", false)], &[], Decision::Refused),
        (
            &[("olga", true), ("otto", true), ("otto", false)],
            &[],
            Decision::Pending,
        ),
        // Of two who take part, one is not more than half.
        (&[("olga", true)], &["orla"], Decision::Pending),
        (
            &[("olga", true), ("otto", false)],
            &["orla"],
            Decision::Refused,
        ),
        (
            &[("olga", true), ("otto", true)],
            &["orla"],
            Decision::Granted,
        ),
        (
            &[("orla", true), ("otto", true)],
            &["orla"],
            Decision::Pending,
        ),
        (&[("olga", true)], &["orla", "otto"], Decision::Granted),
        (
            &[("olga", true)],
            &["orla", "otto", "olga"],
            Decision::Orphaned,
        ),
    ] {
        let found = decide(&request(votes, recused), &officers, REQUESTING());
        assert_eq!(found, decision, "{votes:?} {recused:?}");
    }
}

#[test]
fn nobody_decides_on_their_own_request_and_late_ones_are_out_of_time() {
    let officers = ["cy", "otto", "orla"].map(login);
    let own = request(&[("cy", true), ("otto", true)], &[]);
    assert_eq!(decide(&own, &officers, REQUESTING()), Decision::Pending);
    let mut late = request(&[("otto", true), ("orla", true)], &[]);
    assert_eq!(decide(&late, &officers, REQUESTING()), Decision::Granted);
    late.received_at = REQUESTING().close;
    assert_eq!(decide(&late, &officers, REQUESTING()), Decision::OutOfTime);
}

#[test]
fn of_exceptions_only_the_counts_are_published() {
    let counts = ExceptionCounts::of([
        Decision::Granted,
        Decision::OutOfTime,
        Decision::Refused,
        Decision::Orphaned,
    ]);
    assert_eq!(
        serde_json::to_string(&counts).unwrap(),
        r#"{"requested":4,"granted":1,"refused":2,"pending":1}"#
    );
}

#[test]
fn reasons_have_stable_names_for_programs() {
    let why = LeftOutBecause::Left {
        on: date(2026, 1, 1),
    };
    assert_eq!(
        serde_json::to_string(&why).unwrap(),
        r#"{"left_out":"left","on":"2026-01-01"}"#
    );
    let ground = Ground::Contributions {
        count: 73,
        needed: 50,
    };
    assert_eq!(
        serde_json::to_string(&ground).unwrap(),
        r#"{"because":"contributions","count":73,"needed":50}"#
    );
}

proptest! {
    #[test]
    fn a_decision_is_granted_exactly_if_more_than_half_are_for_it(
        answers in prop::collection::vec(prop::option::of(any::<bool>()), 1..8),
    ) {
        let officers: Vec<_> = (0..answers.len()).map(|at| login(&format!("o{at}"))).collect();
        let votes = officers.iter().zip(&answers);
        let votes = votes.filter_map(|(officer, grant)| {
            Some(OfficerVote { officer: officer.clone(), grant: (*grant)? })
        });
        let request = ExceptionRequest { votes: votes.collect(), ..request(&[], &[]) };
        let yes = answers.iter().filter(|one| **one == Some(true)).count();
        let no = answers.iter().filter(|one| **one == Some(false)).count();
        let expected = if yes * 2 > answers.len() {
            Decision::Granted
        } else if (answers.len() - no) * 2 > answers.len() {
            Decision::Pending
        } else {
            Decision::Refused
        };
        prop_assert_eq!(decide(&request, &officers, REQUESTING()), expected);
    }

    #[test]
    fn no_bytes_make_the_reader_of_contributions_panic(bytes in prop::collection::vec(any::<u8>(), 0..80)) {
        let _ = contributions(&bytes);
    }
}
