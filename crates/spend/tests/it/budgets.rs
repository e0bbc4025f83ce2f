//! How budgets stand.

use base::{Currency, Decimal};
use jiff::civil::{Date, date};
use spend::budgets::{Budgets, Crossing, Standing, check, period, period_before};
use spend::cells::Cube;
use spend::outlook::{Expected, Known};
use spend::settings::Settings;

use crate::bills::{Bills, CREDIT, Sort, USAGE, amount, days, draft, estate};

fn budget(period: &str, more: &str) -> String {
    format!("amount: 1000\ncurrency: USD\nowner: infra\nperiod: {period}\n{more}")
}

fn standing(cube: &Cube, text: &str, today: Date) -> Standing {
    let estate = estate(&[("budgets/all.yaml", text)]);
    let budgets = Budgets::of(&Known::of(cube, today, 0), &estate);
    budgets.named("all").expect("the budget").clone()
}

fn a_hundred_days() -> Cube {
    let mut bills = Bills::default();
    let all = days(date(2026, 1, 1), date(2026, 4, 10));
    bills.daily(USAGE, all, "5").daily(CREDIT, all, "-5");
    bills.cube()
}

#[test]
fn a_budget_counts_gross_and_so_is_used_though_credits_cover_everything() {
    let cube = a_hundred_days();
    let day = date(2026, 4, 11);
    let gross = standing(&cube, &budget("year", ""), day);
    assert_eq!(
        (gross.spent, gross.used),
        (amount("500"), Some(amount("50")))
    );
    let net = standing(&cube, &budget("year", "metric: net\n"), day);
    assert_eq!((net.spent, net.used), (Decimal::ZERO, Some(Decimal::ZERO)));
}

#[test]
fn periods_are_of_the_calendar_of_a_grant_or_ones_own() {
    let grant = "giver: G\nprovider: AWS\namount: 10\ncurrency: USD\nstart: 2026-02-15\n\
                 end: 2029-02-14\nowner: infra\n";
    for (text, now, before) in [
        (
            "month",
            "2026-05-01 to 2026-05-31",
            Some("2026-04-01 to 2026-04-30"),
        ),
        (
            "quarter",
            "2026-04-01 to 2026-06-30",
            Some("2026-01-01 to 2026-03-31"),
        ),
        (
            "year",
            "2026-01-01 to 2026-12-31",
            Some("2025-01-01 to 2025-12-31"),
        ),
        (
            "{anniversary: \"07-01\"}",
            "2025-07-01 to 2026-06-30",
            Some("2024-07-01 to 2025-06-30"),
        ),
        (
            "{from: 2025-01-01, until: 2027-12-31}",
            "2025-01-01 to 2027-12-31",
            None,
        ),
        ("{grant: aws}", "2026-02-15 to 2029-02-14", None),
    ] {
        let text = budget(text, "");
        let estate = estate(&[("budgets/all.yaml", &text), ("grants/aws.yaml", grant)]);
        let of = &estate.tables.budgets.get("all").unwrap().value.period;
        let day = date(2026, 5, 31);
        let shown = |days: Option<spend::outlook::Days>| days.map(|days| days.to_string());
        assert_eq!(shown(period(of, &estate, day)).as_deref(), Some(now));
        assert_eq!(shown(period_before(of, &estate, day)).as_deref(), before);
    }
}

#[test]
fn a_threshold_on_what_was_spent_says_since_when() {
    let more = "thresholds:\n  - {at: 50, action: look}\n  - {at: 80, action: stop}\n";
    let standing = standing(&a_hundred_days(), &budget("year", more), date(2026, 4, 11));
    let crossing: Vec<Crossing> = standing.thresholds.iter().map(|one| one.crossing).collect();
    let since = Crossing::Crossed(Some(date(2026, 4, 10)));
    assert_eq!(crossing, [since, Crossing::Below]);
    assert_eq!(standing.thresholds[0].limit, amount("500"));
}

#[test]
fn thresholds_on_a_forecast_work_over_three_years_of_ones_own() {
    // 5 a day for 1096 days are 5,480.
    let more = "thresholds:\n  - {at: 500, basis: p50, action: ask}\n  - {at: 540, basis: p50, action: ask}\n  \
                - {at: 555, basis: p50, action: wait}\n  - {at: 800, basis: p50, action: stop}\n  - {at: 500, basis: p90, action: ask}\n";
    let text = budget("{from: 2026-01-01, until: 2028-12-31}", more);
    let standing = standing(&a_hundred_days(), &text, date(2026, 4, 11));
    let Expected::Range(expected) = standing.expected else {
        panic!("a forecast: {:?}", standing.expected);
    };
    let off = (expected.p50.approximate() - 5480.0).abs();
    assert!(off < 1.0, "{expected:?}");
    let crossing: Vec<Crossing> = standing.thresholds.iter().map(|one| one.crossing).collect();
    let crossed = Crossing::Crossed(None);
    assert_eq!(
        crossing,
        [crossed, crossed, Crossing::Near, Crossing::Below, crossed]
    );
    let Expected::Range(ends) = standing.runs_out else {
        panic!("a range");
    };
    // The other half of it, after the 10th of April.
    assert_eq!(ends.p50, Some(date(2026, 7, 19)));
}

#[test]
fn with_little_history_only_what_needs_a_measured_forecast_is_not_known() {
    let mut bills = Bills::default();
    bills.daily(USAGE, days(date(2026, 1, 1), date(2026, 1, 20)), "5");
    let more =
        "thresholds:\n  - {at: 100, basis: p50, action: a}\n  - {at: 100, basis: p90, action: b}\n";
    let standing = standing(&bills.cube(), &budget("year", more), date(2026, 1, 21));
    assert_eq!(standing.expected, Expected::RunRate(amount("1825")));
    assert_eq!(standing.thresholds[0].crossing, Crossing::Crossed(None));
    assert_eq!(standing.thresholds[1].crossing, Crossing::Unknown);
}

#[test]
fn a_period_that_is_over_is_known_and_forecasts_nothing() {
    let standing = standing(
        &a_hundred_days(),
        &budget("{from: 2026-01-01, until: 2026-03-31}", ""),
        date(2026, 4, 11),
    );
    assert_eq!(standing.expected, Expected::Known(amount("450")));
    assert_eq!(standing.runs_out, Expected::Known(None));
}

#[test]
fn a_period_that_begins_later_expects_all_of_it() {
    let standing = standing(
        &a_hundred_days(),
        &budget("{from: 2026-06-01, until: 2026-06-30}", ""),
        date(2026, 4, 11),
    );
    assert_eq!(standing.spent, Decimal::ZERO);
    let middle = standing.expected.middle().expect("a forecast");
    assert!((middle.approximate() - 150.0).abs() < 1.0, "{middle}");
    assert_eq!(standing.notes, ["It begins on 2026-06-01."]);
}

#[test]
fn what_is_on_days_that_are_not_complete_crosses_nothing() {
    let mut bills = Bills::default();
    bills.daily(USAGE, days(date(2026, 1, 1), date(2026, 4, 10)), "5");
    bills.charge(USAGE, date(2026, 4, 11), Decimal::whole(100_000));
    let text = budget("year", "thresholds: [{at: 80, action: stop}]\n");
    let estate = estate(&[("budgets/all.yaml", &text)]);
    let cube = bills.cube();
    let budgets = Budgets::of(&Known::of(&cube, date(2026, 4, 12), 2), &estate);
    assert_eq!(budgets.now[0].thresholds[0].crossing, Crossing::Below);
    assert_eq!(budgets.now[0].incomplete, amount("100005"));
}

#[test]
fn parts_are_held_against_the_whole() {
    let part = |provider: &str| {
        format!(
            "amount: 400\ncurrency: USD\nowner: infra\nperiod: year\nparent: all\nscope: {{provider: {provider}}}\n"
        )
    };
    let (aws, fastly, whole) = (part("AWS"), part("Fastly"), budget("year", ""));
    let estate = estate(&[
        ("budgets/all.yaml", &whole),
        ("budgets/aws.yaml", &aws),
        ("budgets/fastly.yaml", &fastly),
    ]);
    let mut bills = Bills::default();
    let all = days(date(2026, 1, 1), date(2026, 1, 10));
    for (provider, a_day) in [("AWS", "7"), ("Fastly", "2"), ("Other", "1")] {
        bills.daily(Sort { provider, ..USAGE }, all, a_day);
    }
    let cube = bills.cube();
    let budgets = Budgets::of(&Known::of(&cube, date(2026, 1, 11), 0), &estate);
    let whole = budgets.named("all").unwrap();
    let parts = whole.parts.as_ref().expect("parts");
    assert_eq!(parts.names, ["aws", "fastly"]);
    assert_eq!((parts.amount, parts.spent), (amount("800"), amount("90")));
    assert_eq!(whole.spent, amount("100"));
}

#[test]
fn the_budget_of_everything_is_of_gross_costs_in_one_currency() {
    let yen = budget("year", "").replace("1000", "400000000");
    let yen = yen.replace("USD", "JPY");
    // What is left to pay after credits is held against no gross cost.
    let net = budget("year", "metric: net\n").replace("1000", "2000");
    let estate = estate(&[
        ("budgets/all.yaml", &budget("year", "")),
        ("budgets/yen.yaml", &yen),
        ("budgets/net.yaml", &net),
    ]);
    let cube = a_hundred_days();
    let budgets = Budgets::of(&Known::of(&cube, date(2026, 4, 11), 0), &estate);
    let named = |code: &str| {
        let whole = budgets.of_everything(code.parse().expect("a currency"));
        whole.map(|one| one.name.as_str())
    };
    assert_eq!(
        (named("USD"), named("JPY"), named("EUR")),
        (Some("all"), Some("yen"), None)
    );
}

#[test]
fn a_scope_that_no_charge_is_of_is_said_and_other_currencies_are_not_added() {
    let mut bills = Bills::default();
    let all = days(date(2026, 1, 1), date(2026, 1, 10));
    let euros = Sort {
        currency: "EUR".parse::<Currency>().unwrap(),
        ..USAGE
    };
    bills.daily(USAGE, all, "1").daily(euros, all, "2");
    let cube = bills.cube();
    let day = date(2026, 1, 11);
    let nobody = standing(&cube, &budget("year", "scope: {provider: Amazon}\n"), day);
    let note = "No charge is of provider Amazon: is it what the bills call it?";
    assert_eq!(nobody.notes, [note]);
    let all = standing(&cube, &budget("year", ""), day);
    assert_eq!(all.spent, amount("10"));
    let note = "€20.00 in EUR is not counted: the budget is in USD, and no rate was used.";
    assert_eq!(all.notes, [note]);
}

#[test]
fn a_broken_budget_says_what_to_do() {
    let (estate, _) = draft(&[(
        "budgets/all.yaml",
        "amount: 0\ncurrency: USD\nowner: infra\nperiod: {from: 2026-02-01, until: 2026-01-01}\n\
         scope: {account: \"[\"}\nparent: all\n\
         thresholds:\n  - {at: 80, action: \" \", notify: [infar]}\n  - {at: 80, action: stop}\n",
    )]);
    let findings = check(&estate, &Settings::default());
    let ids: Vec<&str> = findings.iter().map(|one| one.code.id).collect();
    assert_eq!(
        ids,
        [
            "budget-amount",
            "budget-period",
            "budget-scope",
            "budget-threshold",
            "budget-threshold",
            "budget-notify",
            "budget-parent"
        ]
    );
    assert_eq!(findings[5].help.as_deref(), Some("did you mean infra?"));
}
