//! Limits of terms.

use charter::Count;
use elections::seats::TermVerdict::{May, TooManyInARow, TooManyInAll};
use elections::seats::{
    Limits, PastTerm, TermCheck, TermError, TermLength, TermVerdict, may_serve,
};
use jiff::civil::Date;

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

/// `2018-10-01..2020-10-01`, with `/2019-05-01` for whoever left early.
fn term(text: &str) -> PastTerm {
    let (text, left) = text
        .split_once('/')
        .map_or((text, None), |(text, left)| (text, Some(day(left))));
    let (from, to) = text.split_once("..").unwrap();
    PastTerm {
        left,
        ..PastTerm::new(day(from), day(to))
    }
}

fn check(limits: &Limits, past: &str, start: &str, length: &str) -> Result<TermCheck, TermError> {
    let past: Vec<PastTerm> = past.split_whitespace().map(term).collect();
    may_serve(limits, &past, day(start), TermLength::new(length).unwrap())
}

fn limits() -> Limits {
    Limits {
        consecutive: Count::new(2),
        lifetime: Count::new(4),
        exempt_below: TermLength::new("1y"),
        pause: None,
    }
}

const FULL: [&str; 4] = [
    "2010-10-01..2012-10-01",
    "2012-10-01..2014-10-01",
    "2016-10-01..2018-10-01",
    "2018-10-01..2020-10-01",
];

const THIRD_AND_FOURTH: &str = "2016-10-01..2018-10-01 2018-10-01..2020-10-01";
const LEFT_EARLY: &str = "2016-10-01..2018-10-01 2018-10-01..2020-10-01/2019-03-01";
const LAST_THREE: &str = "2012-10-01..2014-10-01 2016-10-01..2018-10-01 2018-10-01..2020-10-01";
const ALL: &str = "2010-10-01..2012-10-01 2012-10-01..2014-10-01 \
                   2016-10-01..2018-10-01 2018-10-01..2020-10-01";

type Limited = (
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    (TermVerdict, u32, u32),
);

const ROWS: &[Limited] = &[
    ("the first", "", "2020-10-01", "2y", (May, 1, 1)),
    (
        "the second in a row",
        FULL[3],
        "2020-10-01",
        "2y",
        (May, 2, 2),
    ),
    (
        "the third in a row",
        THIRD_AND_FOURTH,
        "2020-10-01",
        "2y",
        (TooManyInARow, 3, 3),
    ),
    (
        "told the other way round",
        "2018-10-01..2020-10-01 2016-10-01..2018-10-01",
        "2020-10-01",
        "2y",
        (TooManyInARow, 3, 3),
    ),
    (
        "after a day away",
        THIRD_AND_FOURTH,
        "2020-10-02",
        "2y",
        (May, 1, 3),
    ),
    (
        "the fourth in all",
        LAST_THREE,
        "2024-10-01",
        "2y",
        (May, 1, 4),
    ),
    (
        "the fifth in all",
        ALL,
        "2024-10-01",
        "2y",
        (TooManyInAll, 1, 5),
    ),
    (
        "a short one when four are full",
        ALL,
        "2024-10-01",
        "1y",
        (May, 0, 4),
    ),
    (
        "a year is exempt",
        "2018-10-01..2019-10-01 2019-10-01..2021-10-01",
        "2021-10-01",
        "2y",
        (May, 2, 2),
    ),
    (
        "a year and a day is not",
        "2018-09-30..2019-10-01 2019-10-01..2021-10-01",
        "2021-10-01",
        "2y",
        (TooManyInARow, 3, 3),
    ),
    (
        "a short one between does not interrupt",
        "2016-10-01..2018-10-01 2018-10-01..2019-04-01 2019-04-01..2021-04-01",
        "2021-04-01",
        "2y",
        (TooManyInARow, 3, 3),
    ),
    (
        "leaving early saves no term",
        LEFT_EARLY,
        "2019-03-01",
        "2y",
        (TooManyInARow, 3, 3),
    ),
    (
        "who left early was away since",
        LEFT_EARLY,
        "2020-10-01",
        "2y",
        (May, 1, 3),
    ),
];

#[test]
fn two_terms_in_a_row_and_four_in_all() {
    for (what, past, start, length, expected) in ROWS {
        let check = check(&limits(), past, start, length).unwrap();
        let found = (check.verdict, check.consecutive, check.lifetime);
        assert_eq!(found, *expected, "{what}");
    }
}

#[test]
fn a_pause_has_to_be_long_enough() {
    let limits = Limits {
        pause: TermLength::new("1y"),
        ..limits()
    };
    let past = FULL[2..].join(" ");
    let verdict = |start| check(&limits, &past, start, "2y").unwrap().verdict;
    assert_eq!(verdict("2021-09-30"), TermVerdict::TooManyInARow);
    assert_eq!(verdict("2021-10-01"), TermVerdict::May);
}

#[test]
fn without_limits_anybody_may_serve_for_ever() {
    let check = check(&Limits::default(), &FULL.join(" "), "2020-10-01", "2y").unwrap();
    assert_eq!(
        (check.verdict, check.consecutive, check.lifetime),
        (TermVerdict::May, 3, 5)
    );
    assert_eq!(check.why, "It would be term 3 in a row and 5 in all.");
}

#[test]
fn the_reason_names_the_counts() {
    let why = |past: &[&str], start, length| {
        check(&limits(), &past.join(" "), start, length)
            .unwrap()
            .why
    };
    assert_eq!(
        why(&FULL[2..], "2020-10-01", "2y"),
        "It would be term 3 in a row, and 2 are allowed."
    );
    assert_eq!(
        why(&FULL, "2024-10-01", "2y"),
        "It would be term 5 in all, and 4 are allowed."
    );
    assert_eq!(
        why(&FULL[3..], "2020-10-01", "2y"),
        "It would be term 2 of 2 in a row and 2 of 4 in all."
    );
    assert_eq!(
        why(&FULL, "2024-10-01", "6mo"),
        "The new term is short enough to count for nothing."
    );
}

#[test]
fn terms_that_contradict_each_other_are_not_counted() {
    let message = |past, start| check(&limits(), past, start, "2y").unwrap_err().to_string();
    assert_eq!(
        message("2020-10-01..2020-10-01", "2022-10-01"),
        "a term from 2020-10-01 to 2020-10-01 has no day; its end has to be later than its start"
    );
    assert_eq!(
        message(
            "2018-10-01..2020-10-01 2020-09-30..2021-10-01",
            "2022-10-01"
        ),
        "the terms from 2018-10-01 and from 2020-09-30 overlap; one person holds one seat at a time"
    );
    assert_eq!(
        message("2020-10-01..2022-10-01", "2022-09-30"),
        "the term from 2020-10-01 ends on 2022-10-01, after the new one starts on 2022-09-30"
    );
    assert_eq!(
        message("", "9999-01-01"),
        "a term of 2y from 9999-01-01 ends after the year 9999"
    );
}
