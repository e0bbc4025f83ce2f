//! Amounts in one currency.

use base::{Currency, Decimal, Month};
use jiff::civil::date;
use spend::cells::{
    Amounts, Attribution, Category, Commitment, Cube, DayCell, Kind, Name, Pricing,
};
use spend::fx::Rates;

use crate::estates::settings;

const RATES: &str = "  rates:\n\
    \x20 - {date: 2026-01-05, from: CAD, to: USD, rate: 0.73, source: bank}\n\
    \x20 - {date: 2026-01-19, from: CAD, to: USD, rate: 0.75, source: bank}\n\
    \x20 - {date: 2026-02-02, from: CAD, to: USD, rate: 0.71, source: bank}\n\
    \x20 - {date: 2026-01-05, from: USD, to: EUR, rate: 0.8, source: bank, both_ways: true}\n";

fn rates(policy: &str) -> Rates {
    Rates::of(
        settings(&format!("fx:\n  policy: {policy}\n{RATES}"))
            .fx
            .as_ref(),
    )
}

fn currency(code: &str) -> Currency {
    code.parse().expect("a currency")
}

fn of(text: &str) -> Decimal {
    text.parse().expect("a number")
}

fn converted(policy: &str, amount: &str, from: &str, day: (i8, i8)) -> Result<String, String> {
    let day = date(2026, day.0, day.1);
    let amount = rates(policy).convert(of(amount), currency(from), Currency::USD, day);
    amount
        .map(|amount| amount.to_string())
        .map_err(|missing| format!("{missing}; {}", missing.help()))
}

#[test]
fn each_policy_takes_its_rate_from_those_that_are_declared() {
    for (policy, day, amount) in [
        ("day", (1, 5), "73"),
        ("day", (1, 12), "73"),
        ("day", (1, 19), "75"),
        ("month-average", (1, 1), "74"),
        ("month-average", (2, 28), "71"),
        ("month-end", (1, 1), "75"),
        ("fixed", (7, 1), "71"),
    ] {
        let converted = converted(policy, "100", "CAD", day);
        assert_eq!(converted.as_deref(), Ok(amount), "{policy} {day:?}");
    }
}

#[test]
fn a_rate_for_both_ways_divides_and_rounds_once() {
    assert_eq!(converted("day", "8", "EUR", (1, 6)).as_deref(), Ok("10"));
    assert_eq!(
        converted("month-average", "-8", "EUR", (1, 30)).as_deref(),
        Ok("-10")
    );
    let third = "0.000000000000000001";
    assert_eq!(converted("day", third, "EUR", (1, 6)).as_deref(), Ok(third));
}

#[test]
fn a_missing_rate_names_the_pair_and_the_day() {
    for (policy, from, day, message) in [
        (
            "day",
            "CAD",
            (1, 4),
            "there is no rate from CAD to USD for 2026-01-04; declare `{date: 2026-01-04, from: CAD, to: USD, rate: ..., \
             source: ...}` under `rates` of `fx` in spend.yaml; none is declared before it",
        ),
        (
            "day",
            "CAD",
            (1, 13),
            "there is no rate from CAD to USD for 2026-01-13; declare `{date: 2026-01-13, from: CAD, to: USD, rate: ..., \
             source: ...}` under `rates` of `fx` in spend.yaml; the last before it is of 2026-01-05, which is too old",
        ),
        (
            "month-end",
            "CAD",
            (3, 1),
            "there is no rate from CAD to USD for 2026-03-01; declare `{date: 2026-03-01, from: CAD, to: USD, rate: ..., \
             source: ...}` under `rates` of `fx` in spend.yaml; none is declared in 2026-03",
        ),
        (
            "fixed",
            "GBP",
            (3, 1),
            "there is no rate from GBP to USD for 2026-03-01; declare `{date: 2026-03-01, from: GBP, to: USD, rate: ..., \
             source: ...}` under `rates` of `fx` in spend.yaml",
        ),
    ] {
        assert_eq!(converted(policy, "1", from, day), Err(message.to_owned()));
    }
    let by_way_of_another = rates("day").convert(
        Decimal::ONE,
        currency("CAD"),
        currency("EUR"),
        date(2026, 1, 5),
    );
    assert!(by_way_of_another.is_err());
    assert!(
        Rates::of(None)
            .convert(
                Decimal::ONE,
                currency("CAD"),
                Currency::USD,
                date(2026, 1, 5)
            )
            .is_err()
    );
}

fn cube(cells: &[(&str, (i8, i8), &str)]) -> Cube {
    let cell = |(code, day, amount): &(&str, (i8, i8), &str)| DayCell {
        day: date(2026, day.0, day.1),
        billed_in: Month::new(2026, day.0).expect("a month"),
        provider: Name::NONE,
        account: Name::NONE,
        sub_account: Name::NONE,
        credit: Name::NONE,
        whose: Attribution::default(),
        kind: Kind {
            category: Category::Usage,
            correction: false,
            pricing: Pricing::None,
            commitment: Commitment::None,
        },
        currency: currency(code),
        amounts: Amounts {
            billed: of(amount),
            effective: of(amount),
            listed: of(amount),
            contracted: Decimal::ZERO,
        },
        rows: 1,
    };
    Cube {
        days: cells.iter().map(cell).collect(),
        ..Cube::default()
    }
}

#[test]
fn what_is_in_the_currency_already_is_not_touched_by_any_policy() {
    let dollars = "0.123456789012345678";
    let cube = cube(&[
        ("USD", (1, 6), dollars),
        ("CAD", (1, 6), "100"),
        ("EUR", (1, 6), "8"),
    ]);
    for (policy, canadian) in [
        ("day", "73"),
        ("month-average", "74"),
        ("month-end", "75"),
        ("fixed", "71"),
    ] {
        let all = rates(policy).cube(&cube, Currency::USD).unwrap();
        let amounts: Vec<String> = all
            .days
            .iter()
            .map(|cell| cell.gross().to_string())
            .collect();
        assert_eq!(amounts, [dollars, canadian, "10"], "{policy}");
        assert!(all.days.iter().all(|cell| cell.currency == Currency::USD));
    }
    assert_eq!(cube.days[1].gross(), of("100"));
}

#[test]
fn all_missing_rates_are_told_each_pair_once() {
    let cube = cube(&[
        ("GBP", (1, 9), "1"),
        ("GBP", (1, 8), "1"),
        ("GBP", (1, 8), "2"),
        ("CAD", (1, 6), "1"),
        ("CAD", (2, 1), "1"),
    ]);
    let missing = rates("day")
        .cube(&cube, Currency::USD)
        .expect_err("rates are missing");
    let told: Vec<String> = missing.iter().map(ToString::to_string).collect();
    assert_eq!(
        told,
        [
            "there is no rate from CAD to USD for 2026-02-01",
            "there is no rate from GBP to USD for 2026-01-08 and 1 other day",
        ]
    );
}
