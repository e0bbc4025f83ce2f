//! What was spent of late and what is to come.

use base::{Currency, Decimal};
use jiff::civil::date;
use spend::outlook::{Expected, Known, Measure, Money, Outlook, Scope, Series, Trust, after};

use crate::bills::{Bills, Sort, USAGE, amount, days};

/// The report of an infrastructure group: $109k in 28 days, most of it at one provider.
fn seed() -> Bills {
    let mut bills = Bills::default();
    let all = days(date(2026, 6, 1), date(2026, 11, 1));
    // 28 days of these come to $109,000: 80,660, 27,577 and 763.
    for (provider, a_day) in [
        ("Google Cloud", "2880.714285714285714286"),
        ("AWS", "984.892857142857142857"),
        ("Fastly", "27.25"),
    ] {
        bills.daily(Sort { provider, ..USAGE }, all, a_day);
    }
    bills
}

#[test]
fn the_last_28_days_make_a_rate_for_a_year_and_a_share_of_what_may_be_spent() {
    let cube = seed().cube();
    let known = Known::of(&cube, date(2026, 11, 4), 2);
    let everything = Scope::everything();
    let outlook = Outlook::of(&known, &everything, Measure::Gross, Currency::USD).unwrap();
    assert_eq!(outlook.window.to_string(), "2026-10-05 to 2026-11-01");
    let rounded = |amount: Decimal| format!("{:.2}", Money::new(amount, Currency::USD));
    assert_eq!(rounded(outlook.spent), "$109,000.00");
    assert_eq!(rounded(outlook.run_rate), "$1,420,892.86");
    let share = spend::outlook::percent(outlook.run_rate, amount("3000000")).unwrap();
    assert_eq!(format!("{share:.1}"), "47.4");
    let shares = ["Google Cloud", "AWS", "Fastly"].map(|provider| {
        let scope = Scope::provider(provider);
        let one = Outlook::of(&known, &scope, Measure::Gross, Currency::USD).unwrap();
        let share = spend::outlook::percent(one.spent, outlook.spent).unwrap();
        format!("{share:.1}")
    });
    assert_eq!(shares, ["74.0", "25.3", "0.7"]);
}

#[test]
fn days_that_are_not_complete_are_in_no_sum() {
    let mut bills = seed();
    bills.daily(USAGE, days(date(2026, 11, 2), date(2026, 11, 4)), "1000000");
    let (before, after) = (seed().cube(), bills.cube());
    let today = date(2026, 11, 4);
    let outlook = |cube| {
        let known = Known::of(cube, today, 2);
        Outlook::of(&known, &Scope::everything(), Measure::Gross, Currency::USD).unwrap()
    };
    let (before, after) = (outlook(&before), outlook(&after));
    assert_eq!(after.incomplete, amount("3000000"));
    assert_eq!((before.spent, before.next), (after.spent, after.next));
    let cube = bills.cube();
    let known = Known::of(&cube, today, 2);
    let everything = Scope::everything();
    let series = Series::of(&known, &everything, Measure::Gross, Currency::USD);
    let late = days(date(2026, 11, 2), date(2026, 12, 31));
    assert_eq!(
        (series.sum(late), series.each(late).count()),
        (Decimal::ZERO, 0)
    );
}

#[test]
fn under_60_days_there_is_a_rate_and_no_forecast() {
    let mut bills = Bills::default();
    bills.daily(USAGE, days(date(2026, 1, 1), date(2026, 2, 9)), "10");
    let cube = bills.cube();
    let known = Known::of(&cube, date(2026, 2, 12), 2);
    let outlook = Outlook::of(&known, &Scope::everything(), Measure::Gross, Currency::USD).unwrap();
    assert_eq!(outlook.next, Expected::RunRate(amount("280")));
    let needed = Trust::TooShort {
        days: 40,
        needed: 60,
    };
    assert_eq!(outlook.trust, needed);
}

#[test]
fn a_provider_whose_bills_are_late_is_named_and_ends_what_is_known() {
    let mut bills = seed();
    let late = Sort {
        provider: "Late Cloud",
        ..USAGE
    };
    bills.daily(late, days(date(2026, 6, 1), date(2026, 10, 20)), "1");
    let cube = bills.cube();
    let known = Known::of(&cube, date(2026, 11, 4), 2);
    let outlook = Outlook::of(&known, &Scope::everything(), Measure::Gross, Currency::USD).unwrap();
    assert_eq!(outlook.known.until, date(2026, 10, 20));
    let late: Vec<&str> = outlook
        .late
        .iter()
        .map(|one| one.provider.as_str())
        .collect();
    assert_eq!(late, ["Late Cloud"]);
}

#[test]
fn a_weekly_pattern_is_seen_and_the_next_28_days_are_four_of_its_weeks() {
    let mut bills = Bills::default();
    let first = date(2026, 3, 2);
    for count in 0..140 {
        let day = after(first, count);
        let weekend = day.weekday().to_monday_zero_offset() >= 5;
        bills.charge(USAGE, day, Decimal::whole(if weekend { 20 } else { 100 }));
    }
    let cube = bills.cube();
    let known = Known::of(&cube, after(first, 140), 0);
    let outlook = Outlook::of(&known, &Scope::everything(), Measure::Gross, Currency::USD).unwrap();
    let Expected::Range(next) = outlook.next else {
        panic!("a forecast: {:?}", outlook.next);
    };
    let weeks = 4.0 * 540.0;
    assert!(
        (next.p50.approximate() - weeks).abs() < 0.01 * weeks,
        "{next:?}"
    );
    assert!(next.p10 <= next.p50 && next.p50 <= next.p90);
}

#[test]
fn a_charge_of_a_day_to_come_does_not_hide_that_bills_are_late() {
    let mut bills = Bills::default();
    bills.daily(USAGE, days(date(2026, 6, 1), date(2026, 10, 25)), "10");
    // A year of support that begins next month is on the bill already.
    bills.charge(USAGE, date(2026, 12, 1), amount("500"));
    let cube = bills.cube();
    let known = Known::of(&cube, date(2026, 11, 4), 2);
    let outlook = Outlook::of(&known, &Scope::everything(), Measure::Gross, Currency::USD).unwrap();
    assert_eq!(outlook.known.until, date(2026, 10, 25));
    assert_eq!(
        (outlook.spent, outlook.late.len()),
        (amount("280"), 1),
        "no day without bills counts as one without costs"
    );
}

#[test]
fn a_provider_that_charged_once_does_not_end_what_is_known_of_the_others() {
    let mut bills = seed();
    let gift = Sort {
        provider: "A giver",
        ..USAGE
    };
    bills.charge(gift, date(2026, 10, 6), amount("900"));
    let cube = bills.cube();
    let known = Known::of(&cube, date(2026, 11, 4), 2);
    let outlook = Outlook::of(&known, &Scope::everything(), Measure::Gross, Currency::USD).unwrap();
    assert_eq!(outlook.known.until, date(2026, 11, 1));
}
