//! Who stands, and who watches.

use std::collections::BTreeSet;

use charter::{Charter, Employers};
use elections::candidacy::{Candidacy, Endorsement, Field, Nomination, Reason, words};
use elections::officers::{self, Known};
use elections::seats::PastTerm;
use elections::voters::Roll;
use elections::{Definition, Directory, Login};
use estate::Estate;
use jiff::civil::date;

use crate::support::{ELECTION, at, codes, estate, login, sound};

const CHARTER: &str =
    "employers:\n- {name: Lab, also: [Lab Inc]}\n- {name: Independent, independent: true}\n";

fn lab() -> Estate {
    let person = |name: &str, company: &str| {
        (
            format!("people/{name}.yaml"),
            format!("employers: [{{company: {company}}}]\n"),
        )
    };
    let mut files = vec![
        ("charter.yaml".to_owned(), CHARTER.to_owned()),
        person("ada", "Lab"),
        person("bea", "Lab Inc"),
        person("cy", "Mill"),
        person("di", "Mine"),
        person("em", "Independent"),
        person("fay", "Independent"),
        person("olga", "Lab"),
        person("otto", "Mill"),
        person("orla", "Mine"),
        ("people/gus.yaml".to_owned(), "name: Gus\n".to_owned()),
        ("people/bot.yaml".to_owned(), "robot: true\n".to_owned()),
    ];
    files.sort();
    let files: Vec<(&str, &str)> = files
        .iter()
        .map(|(path, text)| (path.as_str(), text.as_str()))
        .collect();
    estate(&files)
}

fn employers(estate: &Estate) -> Employers {
    Employers::of(&Charter::of(estate).0)
}

fn endorsed(by: &[&str]) -> Nomination {
    let endorsement = |by: &&str| Endorsement {
        by: login(by),
        received_at: at("2026-07-20T00:00:00Z"),
    };
    Nomination {
        candidate: login("ada"),
        received_at: at("2026-07-02T00:00:00Z"),
        accepted_at: Some(at("2026-07-03T00:00:00Z")),
        endorsements: by.iter().map(endorsement).collect(),
        statement: Some("I stand.".to_owned()),
        terms: Vec::new(),
    }
}

fn judge(definition: &Definition, nomination: &Nomination) -> Candidacy {
    let estate = lab();
    let people = Directory::of(&estate);
    let voters = ["ada", "bea", "cy", "di", "em", "fay", "gus", "olga"].map(login);
    let roll = Roll::listed(&voters, &people);
    let employers = employers(&estate);
    let officers = officers::logins(definition, &estate);
    let field = Field {
        definition,
        roll: &roll,
        people: &people,
        employers: &employers,
        day: date(2026, 8, 1),
        officers: &officers,
        terms_from: date(2026, 10, 15),
    };
    field.judge(nomination)
}

fn reasons(candidacy: &Candidacy) -> Vec<Reason> {
    candidacy
        .refusals
        .iter()
        .map(|refusal| refusal.reason)
        .collect()
}

#[test]
fn three_voters_of_three_employers_endorse_a_candidate_who_is_one_of_them() {
    let definition = sound(ELECTION);
    let candidacy = judge(&definition, &endorsed(&["cy", "di"]));
    assert!(candidacy.stands(), "{candidacy:?}");
    assert_eq!(candidacy.endorsed_by, ["ada", "cy", "di"].map(login));
    assert_eq!(candidacy.employers, 3);
    let text = ELECTION.replace("self_counts: true", "self_counts: false");
    let strict = sound(&text);
    let candidacy = judge(&strict, &endorsed(&["cy", "di", "ada"]));
    assert_eq!(reasons(&candidacy), [Reason::Endorsements]);
    assert_eq!(candidacy.not_counted[0].1.reason, Reason::OwnEndorsement);
}

#[test]
fn endorsements_count_employers_as_the_charter_does() {
    let definition = sound(ELECTION);
    for (by, found) in [
        // Two spellings of one employer.
        (&["bea", "cy"][..], vec![Reason::Employers]),
        // Independents are nobody's, and each stands for one.
        (&["em", "fay"], vec![]),
        // Nobody knows for whom Gus works, so he makes nothing more diverse.
        (&["gus", "cy"], vec![Reason::Employers]),
        (&["cy", "CY"], vec![Reason::Endorsements]),
        (&["cy", "olga"], vec![Reason::Endorsements]),
        (&["cy", "stranger"], vec![Reason::Endorsements]),
    ] {
        assert_eq!(reasons(&judge(&definition, &endorsed(by))), found, "{by:?}");
    }
    let candidacy = judge(&definition, &endorsed(&["cy", "CY", "olga", "stranger"]));
    let refused: Vec<Reason> = candidacy
        .not_counted
        .iter()
        .map(|(_, refusal)| refusal.reason)
        .collect();
    assert_eq!(
        refused,
        [Reason::Duplicate, Reason::Officer, Reason::NotEligible]
    );
}

#[test]
fn all_that_stands_in_the_way_is_said_at_once() {
    let definition = sound(ELECTION);
    let mut nomination = endorsed(&[]);
    nomination.candidate = login("stranger");
    nomination.received_at = at("2026-08-02T11:59:59Z");
    nomination.accepted_at = None;
    nomination.statement = Some("word ".repeat(451));
    let candidacy = judge(&definition, &nomination);
    assert_eq!(
        reasons(&candidacy),
        [
            Reason::Late,
            Reason::NotAccepted,
            Reason::NotEligible,
            Reason::Endorsements,
            Reason::TooLong,
        ]
    );
    assert_eq!(
        candidacy.refusals[4].to_string(),
        "the statement has 451 words, and 450 are the limit (E_TOO_LONG)"
    );
    nomination.received_at = at("2026-06-30T23:59:59.999Z");
    assert_eq!(reasons(&judge(&definition, &nomination))[0], Reason::Early);
}

#[test]
fn an_endorsement_or_acceptance_after_the_close_of_nominations_is_late() {
    let definition = sound(ELECTION);
    let mut nomination = endorsed(&["cy", "di"]);
    let close = definition.nominating().unwrap().close;
    nomination.endorsements[1].received_at = close;
    assert_eq!(
        reasons(&judge(&definition, &nomination)),
        [Reason::Endorsements]
    );
    nomination.accepted_at = Some(close);
    assert_eq!(
        reasons(&judge(&definition, &nomination)),
        [Reason::Late, Reason::Endorsements]
    );
}

#[test]
fn officers_do_not_stand_and_terms_are_limited() {
    let definition = sound(ELECTION);
    let mut nomination = endorsed(&["cy", "di", "em"]);
    nomination.candidate = login("Olga");
    assert_eq!(reasons(&judge(&definition, &nomination)), [Reason::Officer]);
    let mut nomination = endorsed(&["cy", "di"]);
    let term = |year| PastTerm::new(date(year, 10, 15), date(year + 2, 10, 15));
    nomination.terms = vec![term(2024)];
    assert!(judge(&definition, &nomination).stands());
    nomination.terms = vec![term(2022), term(2024)];
    assert_eq!(
        reasons(&judge(&definition, &nomination)),
        [Reason::TermLimit]
    );
}

#[test]
fn words_are_what_people_count() {
    for (text, count) in [
        ("", 0),
        ("## What I do\n\n- this, and that\n", 6),
        ("--- * # >", 0),
        ("a\u{a0}b état 3.5", 4),
    ] {
        assert_eq!(words(text), count, "{text}");
    }
}

fn found(line: &str, served: &[&str], candidates: &[&str]) -> Vec<&'static str> {
    let estate = lab();
    let definition = sound(&crate::support::with("officers", line));
    let served: BTreeSet<Login> = served.iter().map(|name| login(name)).collect();
    let candidates: Vec<Login> = candidates.iter().map(|name| login(name)).collect();
    let employers = employers(&estate);
    let known = Known {
        employers: &employers,
        day: date(2026, 8, 1),
        served: &served,
        candidates: &candidates,
    };
    codes(&officers::check(&definition, &estate, known))
}

#[test]
fn officers_are_three_of_different_employers_old_and_new_and_do_not_stand() {
    const BAD: &str = "election-officers";
    let nothing: [&str; 0] = [];
    let sound = "officers: [olga, otto, orla]";
    assert_eq!(found(sound, &["Olga"], &["ada"]), nothing);
    assert_eq!(found(sound, &[], &[]), [BAD]);
    assert_eq!(found(sound, &["olga", "otto", "orla"], &[]), [BAD]);
    assert_eq!(found(sound, &["olga"], &["OTTO"]), [BAD]);
    assert_eq!(found("officers: [olga, otto]", &["olga"], &[]), [BAD]);
    assert_eq!(found("officers: [olga, otto, bea]", &["olga"], &[]), [BAD]);
    assert_eq!(
        found("officers: [olga, otto, em, fay]", &["olga"], &[]),
        nothing
    );
    assert_eq!(
        found("officers: [olga, otto, gus]", &["olga"], &[]),
        ["election-officer-employer"]
    );
    assert_eq!(
        found("officers: [olga, otto, bot]", &["olga"], &[]),
        [BAD, "election-officer-employer"]
    );
}

#[test]
fn who_served_before_is_known_from_earlier_elections() {
    let estate = lab();
    let earlier = sound(ELECTION);
    let served = officers::served([&earlier], &estate);
    assert!(served.contains(&login("OTTO")) && served.len() == 3);
}
