//! Results as a whole: real elections, questions, and what is refused.

use elections::seats::{Fate, Question, SeatsToFill, seat};
use jiff::civil::date;

use super::{ROW, Row, START, candidates, cap, holds, members, row, shown, terms};

#[test]
fn the_first_election_of_kubernetes_comes_out_as_published() {
    // Seven members of the first hour stayed, three of them with Google; one third of 13.
    let seating = Row {
        cap: "<= 1/3 of 13",
        terms: "2y 2y 2y 1y 1y 1y",
        staying: "philips:coreos burns:microsoft grant:google coleman:redhat beda:heptio novotny:google hockin:google",
        order: "carr:redhat noorali:microsoft wittrock:google rubin:google stclair:heptio \
                hoole:huawei crickenberger:samsung miles:coreos dumars:microsoft nova:microsoft",
        ..ROW
    };
    let seating = seating.seat().unwrap();
    assert_eq!(
        shown(&seating),
        "carr 2y, noorali 2y, wittrock 2y, rubin google5>4, stclair 1y, hoole 1y, crickenberger 1y, \
         miles -, dumars -, nova -, next miles"
    );
    let out = &seating.places[3];
    assert_eq!(
        out.why,
        "Excluded by maximal representation: google would hold 5 seats, and the cap is 4 of 13 (<= 1/3)."
    );
    assert!(seating.is_settled() && seating.questions.is_empty());
    let Fate::Seated(seat) = &seating.places[4].fate else {
        panic!("{:?}", seating.places[4]);
    };
    assert_eq!(seat.term.unwrap().until, date(2027, 10, 1));
}

#[test]
fn had_one_elected_in_2025_worked_with_two_who_stayed_the_fifth_would_sit() {
    let real = row(
        "<= 1/3 of 7",
        "2y 2y 2y 2y",
        "elder:g ojea:g grunert:r",
        "szulik:d zhang:m xu:dc cosgrove:mi saggu:s vlatko:c",
    );
    let counterfactual = Row {
        order: "szulik:d zhang:g xu:dc cosgrove:mi saggu:s vlatko:c",
        ..real
    };
    holds(&[
        (
            "as it was",
            real,
            "szulik 2y, zhang 2y, xu 2y, cosgrove 2y, saggu -, vlatko -, next saggu",
        ),
        (
            "as it might have been",
            counterfactual,
            "szulik 2y, zhang g3>2, xu 2y, cosgrove 2y, saggu 2y, vlatko -, next vlatko",
        ),
    ]);
}

#[test]
fn people_of_an_employer_may_choose_first_who_steps_aside() {
    let mut cap = cap("<= 1/3 of 7").unwrap();
    cap.choose_window = estate::Period::new("7d");
    let (candidates, order) = candidates("a:x b:x c:y");
    let open = SeatsToFill {
        body: 7,
        terms: &terms("2y 2y"),
        start: START,
        cap: Some(&cap),
        reserved: &[],
        continuing: &members("m:x"),
        candidates: &candidates,
        lot: &[],
    };
    let seating = seat(&open, &order).unwrap();
    let [choice] = seating.choices.as_slice() else {
        panic!("{:?}", seating.choices);
    };
    assert_eq!(
        (choice.people.join(" "), choice.aside),
        ("m a b".to_owned(), 1)
    );
    assert_eq!(
        choice.why,
        "3 of x would sit and 2 may: within 7d they may choose who steps aside, or those placed lowest are left out."
    );
}

#[test]
fn an_unknown_employer_is_a_question_with_whom_it_matters_for() {
    let seating = row("2", "2y 2y 2y", "m:x", "a:x b:? c:y").seat().unwrap();
    let [
        Question::EmployerUnknown {
            id,
            matters_for,
            why,
        },
    ] = seating.questions.as_slice()
    else {
        panic!("{:?}", seating.questions);
    };
    assert_eq!(
        (id.as_str(), matters_for.as_slice()),
        ("b", &["x".to_owned()][..])
    );
    assert_eq!(
        why,
        "Nobody has written down for whom b works; it matters if it is x."
    );
}

#[test]
fn members_who_stay_and_are_too_many_already_are_a_question() {
    let seating = row("1", "2y", "m:x n:x", "a:x b").seat().unwrap();
    assert_eq!(shown(&seating), "a x3>1, b 2y");
    assert!(
        matches!(&seating.questions[..], [Question::AlreadyTooMany { employer, seats: 2, .. }] if employer == "x")
    );
}

#[test]
fn a_member_whose_term_ends_on_the_first_day_stays_no_longer() {
    let mut leaving = members("m:x n:x");
    leaving[0].until = Some(START);
    let (candidates, order) = candidates("m:x a:x");
    let cap = cap("2");
    let open = SeatsToFill {
        body: 3,
        terms: &terms("2y 2y"),
        start: START,
        cap: cap.as_ref(),
        reserved: &[],
        continuing: &leaving,
        candidates: &candidates,
        lot: &[],
    };
    assert_eq!(
        shown(&seat(&open, &order).unwrap()),
        "m 2y, a x3>2, vacant 2y"
    );
}

#[test]
fn what_contradicts_itself_seats_nobody() {
    let reserving = |reserved, terms| Row {
        reserved,
        ..row("", terms, "", "a")
    };
    let in_lot = Row {
        lot: "a a",
        ..row("", "2y", "", "a")
    };
    for (row, message) in [
        (
            row("<= 1/3 of 3", "2y 2y", "m n", "a"),
            "2 seats are open and 2 members stay, but the body has 3 seats",
        ),
        (row("", "2y", "", "a a"), "a is twice among the candidates"),
        (row("", "2y", "m m", "a"), "m is twice among the members"),
        (in_lot, "a is twice in the lot"),
        (
            reserving("test:2", "2y"),
            "2 seats are reserved, but 1 are open",
        ),
    ] {
        assert_eq!(row.seat().unwrap_err().to_string(), message);
    }
    let (candidates, _) = candidates("a");
    let terms = terms("2y");
    let cap = cap("<= 1/3 of 7");
    let open = SeatsToFill {
        body: 7,
        terms: &terms,
        start: START,
        cap: cap.as_ref(),
        reserved: &[],
        continuing: &[],
        candidates: &candidates,
        lot: &[],
    };
    let seat_of = |open: SeatsToFill<'_>, order: &[&str]| {
        let order: Vec<Vec<String>> = order.iter().map(|id| vec![(*id).to_owned()]).collect();
        seat(&open, &order).unwrap_err().to_string()
    };
    assert_eq!(
        seat_of(open, &["b"]),
        "the order names b, who is not among the candidates"
    );
    assert_eq!(seat_of(open, &["a", "a"]), "a is twice in the order");
    assert_eq!(
        seat_of(SeatsToFill { body: 5, ..open }, &["a"]),
        "the cap is written for 7 seats, but the body has 5"
    );
    let late = SeatsToFill {
        start: date(9999, 1, 1),
        ..open
    };
    assert_eq!(
        seat_of(late, &["a"]),
        "a term of 2y from 9999-01-01 ends after the year 9999"
    );
}
