//! What is left of grants and when it ends.

use base::{Currency, Decimal};
use estate::Estate;
use jiff::civil::{Date, date};
use proptest::prelude::*;
use spend::cells::{Category, Cube};
use spend::grants::{Grants, Standing, State, Why};
use spend::outlook::{Expected, Known, after};
use spend::renewal::{NoRequest, Request};

use crate::bills::{Bills, CREDIT, Sort, USAGE, amount, days, estate};

const GRANT: &str = "giver: Amazon\nprovider: aws\namount: 178000\ncurrency: USD\n\
                     start: 2023-07-01\nend: 2024-06-30\nowner: infra\n";

fn one(grant: &str) -> Estate {
    estate(&[("grants/aws.yaml", grant)])
}

fn standing(cube: &Cube, estate: &Estate, today: Date) -> Standing {
    let grants = Grants::of(&Known::of(cube, today, 0), estate);
    grants.named("aws").expect("the grant").clone()
}

/// 94,000 dollars are left at the end of an August in which 84,000 were drawn.
fn august() -> Cube {
    let mut bills = Bills::default();
    let all = days(date(2023, 8, 1), date(2023, 8, 31));
    for count in 0..all.count() {
        let day = after(all.from, count);
        let cost = amount("84000").share(Decimal::ONE, Decimal::whole(31));
        let cost = cost.expect("a share").value;
        bills.charge(USAGE, day, cost).charge(CREDIT, day, -cost);
    }
    bills.cube()
}

#[test]
fn what_is_left_of_94_thousand_at_84_thousand_a_month_ends_in_five_weeks() {
    let standing = standing(&august(), &one(GRANT), date(2023, 9, 1));
    assert_eq!(format!("{:.2}", standing.left), "94000.00");
    // 94 / 84 of 31 days are 34.7: by the end of the 35th day, the 5th of October.
    let used_up = Expected::RunRate(Some(date(2023, 10, 5)));
    assert_eq!(standing.used_up, used_up);
    assert_eq!(standing.ends, Expected::RunRate(date(2023, 10, 5)));
    assert_eq!(standing.unused, Expected::RunRate(Decimal::ZERO));
    assert_eq!(standing.ask_from, Some(date(2023, 7, 7)));
}

#[test]
fn credits_that_cover_everything_leave_gross_net_and_drawn_as_three_numbers() {
    let mut bills = Bills::default();
    let all = days(date(2023, 8, 1), date(2023, 8, 10));
    bills.daily(USAGE, all, "0.1").daily(CREDIT, all, "-0.1");
    let standing = standing(&bills.cube(), &one(GRANT), date(2023, 8, 11));
    assert_eq!(standing.costs.gross, Decimal::ONE);
    assert_eq!(standing.costs.net, Decimal::ZERO);
    assert_eq!(standing.costs.drawn, Decimal::ONE);
    assert_eq!(standing.left, amount("177999"));
}

#[test]
fn credits_of_days_that_are_not_complete_are_taken_from_the_balance_too() {
    let mut bills = Bills::default();
    let all = days(date(2023, 8, 1), date(2023, 8, 10));
    bills.daily(USAGE, all, "1").daily(CREDIT, all, "-1");
    let cube = bills.cube();
    let known = Known::of(&cube, date(2023, 8, 11), 5);
    let grants = Grants::of(&known, &one(GRANT));
    assert_eq!(grants.standings[0].drawn, Decimal::whole(10));
}

#[test]
fn a_grant_without_an_end_is_looked_at_for_ten_years() {
    let grant = GRANT.replace("2024-06-30", "9999-12-31");
    let standing = standing(&august(), &one(&grant), date(2023, 9, 1));
    assert_eq!(standing.used_up, Expected::RunRate(Some(date(2023, 10, 5))));
    assert!(standing.ahead.len() <= 121, "{}", standing.ahead.len());
}

#[test]
fn what_lapses_on_the_last_day_is_foreseen_and_then_known() {
    let grant = "giver: G\nprovider: AWS\namount: 1000\ncurrency: USD\nstart: 2026-01-01\n\
                 end: 2026-12-31\nowner: infra\n";
    let estate = one(grant);
    let mut bills = Bills::default();
    let all = days(date(2026, 1, 1), date(2026, 2, 9));
    bills.daily(USAGE, all, "1").daily(CREDIT, all, "-1");
    let before = standing(&bills.cube(), &estate, date(2026, 2, 10));
    assert_eq!(before.unused, Expected::RunRate(Decimal::whole(635)));
    assert_eq!(before.used_up, Expected::RunRate(None));
    assert_eq!(before.ends, Expected::RunRate(date(2026, 12, 31)));
    let last = before.ahead.last().expect("a balance");
    assert_eq!((last.day, last.left), (date(2026, 12, 31), before.unused));
    let rest = days(date(2026, 2, 10), date(2027, 1, 5));
    bills.daily(USAGE, rest, "1");
    let all = days(date(2026, 2, 10), date(2026, 12, 31));
    bills.daily(CREDIT, all, "-1");
    let over = standing(&bills.cube(), &estate, date(2027, 1, 6));
    assert_eq!(over.state, State::Over);
    assert_eq!(over.unused, Expected::Known(Decimal::whole(635)));
}

#[test]
fn with_history_the_end_is_a_range_and_early_is_before_late() {
    let mut bills = Bills::default();
    let first = date(2023, 7, 1);
    for count in 0..120 {
        let day = after(first, count);
        let cost = Decimal::whole(1000 + (count * 7919 % 97));
        bills.charge(USAGE, day, cost).charge(CREDIT, day, -cost);
    }
    let standing = standing(&bills.cube(), &one(GRANT), after(first, 120));
    let Expected::Range(used_up) = standing.used_up else {
        panic!("a range: {:?}", standing.used_up);
    };
    let (early, likely, late) = (used_up.p10, used_up.p50, used_up.p90);
    assert!(early <= likely && likely <= late, "{used_up:?}");
    // About 52,000 are left, at about 1,048 a day: 50 days after the 28th of October.
    let off = spend::outlook::between(date(2023, 12, 16), likely.expect("a day"));
    assert!(off.abs() <= 3, "{likely:?}");
}

#[test]
fn a_grant_without_credits_on_the_bills_is_taken_to_pay_all() {
    let mut bills = Bills::default();
    bills.daily(USAGE, days(date(2023, 7, 1), date(2023, 8, 9)), "1000");
    let standing = standing(&bills.cube(), &one(GRANT), date(2023, 8, 10));
    assert_eq!(standing.left, amount("178000"));
    let used_up = Expected::RunRate(Some(date(2024, 2, 3)));
    assert_eq!(standing.used_up, used_up);
    assert!(standing.notes[0].starts_with("Nothing was drawn from it yet."));
}

#[test]
fn credits_that_come_once_a_month_are_taken_as_a_share_of_what_is_spent() {
    let mut bills = Bills::default();
    bills.daily(USAGE, days(date(2023, 7, 1), date(2023, 9, 10)), "1000");
    // Half of each month, on its last day; that of September is still to come.
    bills.charge(CREDIT, date(2023, 7, 31), Decimal::whole(-15_500));
    bills.charge(CREDIT, date(2023, 8, 31), Decimal::whole(-15_500));
    let standing = standing(&bills.cube(), &one(GRANT), date(2023, 9, 11));
    assert_eq!(standing.left, amount("147000"));
    // 147,000 at 500 a day are 294 days from the first of September on.
    let Expected::Range(used_up) = standing.used_up else {
        panic!("a range: {:?}", standing.used_up);
    };
    assert_eq!(used_up.p50, Some(date(2024, 6, 20)));
    assert!(standing.notes[0].contains("50.0%"), "{:?}", standing.notes);
}

#[test]
fn the_grant_that_ends_first_is_drawn_first_and_the_next_takes_over() {
    let old = "giver: G\nprovider: AWS\namount: 15\ncurrency: USD\nstart: 2026-01-01\n\
               end: 2026-06-30\nowner: infra\n";
    let new = "giver: G\nprovider: AWS\namount: 1000\ncurrency: USD\nstart: 2026-01-01\n\
               end: 2026-12-31\nowner: infra\n";
    let estate = estate(&[("grants/new.yaml", new), ("grants/aws.yaml", old)]);
    let mut bills = Bills::default();
    let all = days(date(2026, 1, 1), date(2026, 1, 20));
    bills.daily(USAGE, all, "1").daily(CREDIT, all, "-1");
    let cube = bills.cube();
    let grants = Grants::of(&Known::of(&cube, date(2026, 1, 21), 0), &estate);
    let (old, new) = (grants.named("aws").unwrap(), grants.named("new").unwrap());
    assert_eq!((old.left, old.state), (Decimal::ZERO, State::UsedUp));
    assert_eq!(old.used_up, Expected::Known(Some(date(2026, 1, 15))));
    assert_eq!(old.followed_by.as_deref(), Some("new"));
    assert_eq!(new.left, Decimal::whole(995));
}

#[test]
fn what_is_taken_back_is_given_back_to_the_grant() {
    let mut bills = Bills::default();
    let all = days(date(2023, 8, 1), date(2023, 8, 10));
    bills.daily(USAGE, all, "1").daily(CREDIT, all, "-1");
    bills.charge(CREDIT, date(2023, 8, 10), Decimal::whole(4));
    let standing = standing(&bills.cube(), &one(GRANT), date(2023, 8, 11));
    assert_eq!(standing.drawn, Decimal::whole(6));
}

#[test]
fn an_opening_balance_stands_for_all_that_was_drawn_before_it() {
    let grant = format!("{GRANT}opening_balance: {{date: 2023-08-06, amount: 100}}\n");
    let mut bills = Bills::default();
    let all = days(date(2023, 8, 1), date(2023, 8, 10));
    bills.daily(USAGE, all, "1").daily(CREDIT, all, "-1");
    let cube = bills.cube();
    let grants = Grants::of(&Known::of(&cube, date(2023, 8, 11), 0), &one(&grant));
    assert_eq!(grants.standings[0].left, Decimal::whole(95));
    assert_eq!(grants.unmatched, []);
}

#[test]
fn credits_that_no_grant_explains_are_listed_with_the_reason() {
    let grant = format!("{GRANT}credits: ^AWS Promotional\naccounts: [\"4*\"]\n");
    let mut bills = Bills::default();
    let day = date(2023, 8, 1);
    let one_dollar = Decimal::whole(-1);
    let in_time = |sort| (sort, day);
    for (sort, day) in [
        in_time(CREDIT),
        (CREDIT, date(2025, 1, 1)),
        in_time(Sort {
            credit: "Refund of a test",
            ..CREDIT
        }),
        in_time(Sort {
            account: "7",
            ..CREDIT
        }),
        in_time(Sort {
            provider: "Fastly",
            ..CREDIT
        }),
        in_time(Sort {
            currency: "EUR".parse::<Currency>().unwrap(),
            ..CREDIT
        }),
    ] {
        bills.charge(sort, day, one_dollar);
    }
    let cube = bills.cube();
    let grants = Grants::of(&Known::of(&cube, date(2025, 1, 2), 0), &one(&grant));
    assert_eq!(grants.standings[0].drawn, Decimal::ONE);
    let mut why: Vec<Why> = grants.unmatched.iter().map(|one| one.why).collect();
    why.sort();
    let all = [
        Why::NoGrant,
        Why::OtherCredits,
        Why::OtherCredits,
        Why::OtherCurrency,
        Why::OtherDays,
    ];
    assert_eq!(why, all);
}

#[test]
fn the_request_says_what_was_paid_for_how_much_is_asked_and_what_happens_without() {
    let grant =
        format!("{GRANT}renewal: {{contact: credits@amazon.example, purpose: Tests at scale.}}\n");
    let estate = one(&grant);
    let cube = august();
    let known = Known::of(&cube, date(2023, 9, 1), 0);
    let grants = Grants::of(&known, &estate);
    let request = Request::of(&known, &estate, &grants, "aws")
        .unwrap()
        .to_string();
    for part in [
        "To: Amazon, credits@amazon.example",
        "Tests at scale.",
        "Of these $84,000.00 are used, and $94,000.00 are left.",
        "They end on 2023-10-05 at the rate of the last days.",
        "the year from 2023-10-06 costs $989,032.",
        "| Compute | $84,000.00 | 100.0% |",
        "| 2023-08 | $84,000.00 | $84,000.00 | $0.00 |",
        "about $81,290 a month have to be paid by somebody else",
    ] {
        assert!(request.contains(part), "{part} is not in\n{request}");
    }
    let missing = Request::of(&known, &estate, &grants, "aw").unwrap_err();
    assert_eq!(missing, NoRequest::NoGrant("aw".into(), Some("aws".into())));
    let text = missing.to_string();
    assert_eq!(text, "there is no grant aw: did you mean aws?");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever grants there are: each credit is drawn from one of them, or from none that is
    /// known, and nothing of it is lost.
    #[test]
    fn credits_are_drawn_from_grants_or_listed_and_none_is_lost(
        credits in prop::collection::vec((0i64..400, -5000i64..1000, 0usize..3), 1..60),
        grants in prop::collection::vec((0i64..300, 1i64..300, 1i64..20_000, 0usize..4), 0..5),
        seed in any::<u64>(),
    ) {
        let first = date(2026, 1, 1);
        let names = ["one", "two", "three"];
        let mut files = Vec::new();
        for (place, (from, length, given, name)) in grants.iter().enumerate() {
            let credits = names.get(*name).map_or(String::new(), |name| format!("credits: {name}\n"));
            let (start, end) = (after(first, *from), after(first, from + length));
            files.push((format!("grants/g{place}.yaml"), format!(
                "giver: G\nprovider: AWS\namount: {given}\ncurrency: USD\nstart: {start}\nend: {end}\nowner: infra\n{credits}"
            )));
        }
        let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
        let estate = estate(&files);
        let cents = |number: i64| Decimal::whole(number).over(Decimal::whole(100)).unwrap().value;
        let mut bills = Bills::default();
        for (day, amount, name) in &credits {
            let sort = Sort { credit: names[*name], ..CREDIT };
            bills.charge(sort, after(first, *day), cents(*amount));
        }
        let cube = bills.cube();
        let known = Known::of(&cube, date(2027, 6, 1), 0);
        let held = Grants::of(&known, &estate);
        let drawn: Decimal = held.standings.iter().map(|one| one.drawn).sum();
        let rest: Decimal = held.unmatched.iter().map(|one| one.drawn).sum();
        let all: Decimal = credits.iter().map(|(_, amount, _)| -cents(*amount)).sum();
        prop_assert_eq!(drawn + rest, all);
        for one in &held.standings {
            prop_assert_eq!(one.left, one.amount - one.drawn);
        }
        // In which order the charges of a day stand changes nothing.
        let mut shuffled = cube.clone();
        let order = |cell: &spend::cells::DayCell| (cell.day, cell.amounts.effective.units() ^ i128::from(seed));
        shuffled.days.sort_by_key(order);
        prop_assert_eq!(Grants::of(&Known::of(&shuffled, date(2027, 6, 1), 0), &estate), held);
    }
}

#[test]
fn only_credits_are_drawn() {
    let mut bills = Bills::default();
    let day = date(2023, 8, 1);
    for category in [
        Category::Usage,
        Category::Adjustment,
        Category::Tax,
        Category::Purchase,
    ] {
        bills.charge(Sort { category, ..USAGE }, day, Decimal::whole(-5));
    }
    let standing = standing(&bills.cube(), &one(GRANT), date(2023, 8, 2));
    assert_eq!(
        (standing.drawn, standing.costs.gross),
        (Decimal::ZERO, Decimal::whole(-20))
    );
}

#[test]
fn a_grant_that_another_follows_is_not_asked_for_again_whatever_its_credits_are_called() {
    let grant = |start: &str, end: &str, credits: &str| {
        format!(
            "giver: G\nprovider: AWS\namount: 1000\ncurrency: USD\nstart: {start}\nend: {end}\nowner: infra\ncredits: {credits}\n"
        )
    };
    let old = grant("2026-01-01", "2026-03-31", "First");
    let new = grant("2026-03-01", "2027-02-28", "Second");
    let estate = estate(&[("grants/aws.yaml", &old), ("grants/new.yaml", &new)]);
    let mut bills = Bills::default();
    let credit = |credit| Sort { credit, ..CREDIT };
    bills.daily(USAGE, days(date(2026, 1, 1), date(2026, 3, 10)), "10");
    bills.daily(
        credit("First"),
        days(date(2026, 1, 1), date(2026, 3, 5)),
        "-10",
    );
    let today = date(2026, 3, 11);
    // It is so before the first credit of the new one, and after it.
    for _ in 0..2 {
        let old = standing(&bills.cube(), &estate, today);
        assert_eq!(old.followed_by.as_deref(), Some("new"));
        assert_eq!(old.ask_from, None);
        bills.daily(
            credit("Second"),
            days(date(2026, 3, 6), date(2026, 3, 10)),
            "-10",
        );
    }
}
