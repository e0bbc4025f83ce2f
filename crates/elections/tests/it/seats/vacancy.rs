//! Seats that fall vacant.

use charter::Count;
use elections::seats::{Filling, NextStep, Question, SeatError, Vacancy, VacancyRule, fill};
use jiff::civil::{Date, date};

use super::{candidates, cap, members};

const UNTIL: Date = date(2027, 10, 1);

struct Row {
    successors: Option<u32>,
    filled: u32,
    from: Date,
    role: Option<&'static str>,
    cap: &'static str,
    members: &'static str,
    order: &'static str,
    lot: &'static str,
}

const ROW: Row = Row {
    successors: Some(1),
    filled: 0,
    from: date(2026, 3, 1),
    role: None,
    cap: "<= 1/3 of 7",
    members: "",
    order: "",
    lot: "",
};

impl Row {
    fn fill(&self) -> Result<Filling, SeatError> {
        let (candidates, order) = candidates(self.order);
        let lot: Vec<String> = self.lot.split_whitespace().map(str::to_owned).collect();
        let cap = cap(self.cap);
        let vacancy = Vacancy {
            rule: &VacancyRule {
                successors: self.successors.and_then(Count::new),
            },
            filled: self.filled,
            from: self.from,
            until: UNTIL,
            reserved_for: self.role,
            cap: cap.as_ref(),
            members: &members(self.members),
            candidates: &candidates,
            lot: &lot,
        };
        fill(&vacancy, &order)
    }

    fn next(&self) -> String {
        match self.fill().unwrap().next {
            NextStep::Offer { to, until } => {
                assert_eq!(until, UNTIL, "the remainder");
                to
            }
            NextStep::Tie { between } => between.join("="),
            NextStep::SpecialElection { until } => {
                assert_eq!(until, UNTIL, "the remainder");
                "special".to_owned()
            }
            NextStep::TermOver => "over".to_owned(),
        }
    }
}

const SIX: &str = "a:x b:y m:x n:z o p";

const ROWS: &[(&str, Row, &str)] = &[
    (
        "the next in the order",
        Row {
            members: SIX,
            order: "a:x b:y c:w d",
            ..ROW
        },
        "c",
    ),
    (
        "who declines is passed over",
        Row {
            members: SIX,
            order: "a:x b:y c:w! d",
            ..ROW
        },
        "d",
    ),
    (
        "who does not fit is passed over",
        Row {
            members: SIX,
            order: "a:x b:y c:x d",
            ..ROW
        },
        "d",
    ),
    (
        "who was left out then fits now",
        Row {
            members: "a:x b:y n:z o p q",
            order: "a:x b:y c:x d",
            ..ROW
        },
        "c",
    ),
    (
        "an employer of now, not of then",
        Row {
            members: SIX,
            order: "a:x b:y c:q d:x",
            ..ROW
        },
        "c",
    ),
    (
        "nobody is left",
        Row {
            members: SIX,
            order: "a:x b:y c:x",
            ..ROW
        },
        "special",
    ),
    (
        "nobody accepts",
        Row {
            members: SIX,
            order: "a:x b:y c! d!",
            ..ROW
        },
        "special",
    ),
    (
        "one was filled already",
        Row {
            members: SIX,
            order: "c d",
            filled: 1,
            ..ROW
        },
        "special",
    ),
    (
        "any number may be filled",
        Row {
            members: SIX,
            order: "c d",
            filled: 3,
            successors: None,
            ..ROW
        },
        "c",
    ),
    (
        "two are tied",
        Row {
            members: SIX,
            order: "a:x c=d e",
            ..ROW
        },
        "c=d",
    ),
    (
        "one of the tied fits",
        Row {
            members: SIX,
            order: "a:x c:x=d e",
            ..ROW
        },
        "d",
    ),
    (
        "a lot was drawn",
        Row {
            members: SIX,
            order: "a:x c=d e",
            lot: "d c",
            ..ROW
        },
        "d",
    ),
    (
        "the seat is for a role",
        Row {
            members: SIX,
            order: "c d@test",
            role: Some("test"),
            ..ROW
        },
        "d",
    ),
    (
        "nobody holds the role",
        Row {
            members: SIX,
            order: "c d",
            role: Some("test"),
            ..ROW
        },
        "special",
    ),
    (
        "nothing is left to serve",
        Row {
            members: SIX,
            order: "c",
            from: UNTIL,
            ..ROW
        },
        "over",
    ),
    (
        "a day is left to serve",
        Row {
            members: SIX,
            order: "c",
            from: date(2027, 9, 30),
            ..ROW
        },
        "c",
    ),
];

#[test]
fn the_next_preferred_who_accepts_and_fits_now_is_asked() {
    for (what, row, expected) in ROWS {
        assert_eq!(row.next(), *expected, "{what}");
    }
}

#[test]
fn everybody_passed_over_is_told_why() {
    let row = Row {
        members: "a:x m:x",
        order: "a:x b! c:x d",
        ..ROW
    };
    let filling = row.fill().unwrap();
    let passed: Vec<String> = filling
        .passed_over
        .iter()
        .map(|one| format!("{}: {}", one.candidate, one.why))
        .collect();
    assert_eq!(
        passed,
        [
            "a: Is a member.",
            "b: Does not take a seat.",
            "c: Excluded by maximal representation: x would hold 3 seats, and the cap is 2 of 7 (<= 1/3).",
        ]
    );
    assert_eq!(
        filling.why,
        "d is the next preferred of the last election who accepts and fits, and serves until 2027-10-01."
    );
}

#[test]
fn an_offer_to_somebody_of_an_unknown_employer_is_a_question() {
    let filling = Row {
        members: "a:x m:x",
        order: "c:?",
        ..ROW
    }
    .fill()
    .unwrap();
    assert!(
        matches!(&filling.questions[..], [Question::EmployerUnknown { id, matters_for, .. }] if id == "c" && matters_for == &["x"])
    );
}

#[test]
fn a_member_whose_term_is_over_takes_no_room() {
    let row = Row {
        members: "a:x m:x",
        order: "c:x",
        from: date(2027, 9, 30),
        ..ROW
    };
    assert_eq!(row.next(), "special");
}
