//! Deliveries that are not taken, and what they say then.

use focus::{Cell, Column, Problem, Row};
use spend::store::{Change, Delivery, Mode, NotKept};

use super::{
    Bench, billed_in, change, charge, deliver, delivery, march, refusal, refusals, row, source,
};

fn forced() -> Delivery {
    Delivery {
        mode: Mode::Forced,
        ..delivery()
    }
}

fn may_shrink() -> Delivery {
    Delivery {
        allow_shrink: true,
        ..delivery()
    }
}

#[test]
fn a_bill_with_fewer_days_is_refused_unless_it_may_shrink() {
    let bench = Bench::new();
    bench.whole(&march(31)).unwrap();
    let before = bench.bytes();
    let shorter: Vec<_> = march(31)
        .into_iter()
        .filter(|charge| ![7, 20, 21].contains(&charge.day.day()))
        .collect();
    assert_eq!(
        refusal(bench.whole(&shorter)),
        (
            "spend-shorter",
            "bill.csv: Cloud, account A-1, 2026-03: the bill would shrink: there is no charge on 2026-03-07, 2026-03-20 to 2026-03-21".to_owned()
        )
    );
    assert_eq!(bench.bytes(), before);
    let taken = deliver(&bench.store, may_shrink(), &[("bill.csv", &shorter)]);
    assert_eq!(change(taken), Change::Replaced);
}

#[test]
fn a_bill_with_over_a_tenth_less_cost_is_refused_and_with_a_tenth_less_is_not() {
    let less = |cents| {
        let mut charges = march(30);
        charges[..10]
            .iter_mut()
            .for_each(|charge| charge.cents = cents);
        charges
    };
    let bench = Bench::new();
    bench.whole(&march(30)).unwrap();
    assert_eq!(
        refusal(bench.whole(&less(99))),
        (
            "spend-shorter",
            "bill.csv: Cloud, account A-1, 2026-03: the bill would shrink: its cost before credits goes from 900.00 to 809.90 USD".to_owned()
        )
    );
    assert_eq!(change(bench.whole(&less(100))), Change::Replaced);
}

#[test]
fn a_currency_that_is_gone_is_a_loss() {
    let bench = Bench::new();
    let mut charges = march(30);
    charges.push(charge("2026-03-05", "support", 10));
    charges[90].currency = "EUR";
    bench.whole(&charges).unwrap();
    charges.pop();
    let refused = refusal(bench.whole(&charges));
    assert!(
        refused
            .1
            .ends_with("its cost before credits goes from 0.10 to 0.00 EUR"),
        "{}",
        refused.1
    );
}

#[test]
fn credits_that_come_late_are_no_loss() {
    let bench = Bench::new();
    let mut charges = march(30);
    bench.whole(&charges).unwrap();
    let mut credit = charge("2026-03-30", "", -90_000);
    credit.category = "Credit";
    charges.push(credit);
    assert_eq!(change(bench.whole(&charges)), Change::Replaced);
}

#[test]
fn an_export_with_nothing_of_what_is_kept_is_refused_unless_it_replaces() {
    let bench = Bench::new();
    bench.whole(&march(30)).unwrap();
    let mut other = march(30);
    for charge in &mut other {
        charge.resource = format!("arn:{}", charge.resource);
    }
    assert_eq!(
        refusal(bench.whole(&other)),
        (
            "spend-different-export",
            "bill.csv: Cloud, account A-1, 2026-03: of 90 kept charges that were looked at, 0 are delivered again: this is another part or another export of the bill".to_owned()
        )
    );
    let replaced = deliver(&bench.store, forced(), &[("other.csv", &other)]);
    assert_eq!(change(replaced), Change::Replaced);
    // It replaces, and does not shrink for all that.
    let short = deliver(&bench.store, forced(), &[("other.csv", &other[..60])]);
    assert_eq!(refusal(short).0, "spend-shorter");
}

#[test]
fn a_part_that_is_delivered_as_the_whole_does_not_replace_the_other_part() {
    let charges = march(30);
    let bench = Bench::new();
    bench.whole(&charges[..45]).unwrap();
    assert_eq!(
        refusal(bench.whole(&charges[45..])).0,
        "spend-different-export"
    );
}

#[test]
fn an_export_of_another_form_is_refused_unless_it_replaces() {
    let bench = Bench::new();
    bench.whole(&march(30)).unwrap();
    let charges = march(31);
    let refused = refusal(deliver(&bench.store, delivery(), &[("bill.cur", &charges)]));
    assert_eq!(refused.0, "spend-two-sources");
    let replaced = deliver(&bench.store, forced(), &[("bill.cur", &charges)]);
    assert_eq!(change(replaced), Change::Replaced);
}

#[test]
fn of_a_delivery_with_one_bad_bill_none_is_kept_and_all_bad_ones_are_said() {
    let bench = Bench::new();
    let april = billed_in("2026-04", march(20));
    let may = billed_in("2026-05", march(20));
    let all = [march(20), april.clone(), may.clone()].concat();
    bench.whole(&all).unwrap();
    let worse = [march(31), april[..30].to_vec(), may[..30].to_vec()].concat();
    let said = refusals(bench.whole(&worse));
    let codes: Vec<&str> = said.iter().map(|(code, _)| *code).collect();
    assert_eq!(codes, ["spend-shorter", "spend-shorter"]);
    assert!(
        said[0].1.contains("2026-04") && said[1].1.contains("2026-05"),
        "{said:?}"
    );
    assert_eq!(bench.march().totals.rows, 60);
    assert_eq!(bench.store.current().unwrap().version, 1);
}

#[test]
fn of_a_file_that_ends_in_a_mistake_nothing_is_kept() {
    let bench = Bench::new();
    let mut importing = bench.store.begin(delivery()).unwrap();
    let charges = march(3);
    let read = importing.read(source("bill.csv", "focus"), |sink| {
        sink.charge(&row(&charges[0], 1))
            .map_err(|problem| problem.to_string())?;
        Err::<(), String>("line 2 is no charge".to_owned())
    });
    assert_eq!(read.unwrap_err(), "line 2 is no charge");
    let (code, said) = refusal(importing.commit());
    assert_eq!(code, "spend-unfinished");
    assert_eq!(
        said,
        "bill.csv: the file was not read to its end, so nothing of the delivery is kept"
    );
    assert_eq!((bench.files(), bench.temporary_files()), (0, 0));
}

/// What a sink says to a charge.
fn said(row: &Row<'_>) -> Problem {
    let bench = Bench::new();
    let mut importing = bench
        .store
        .begin(delivery())
        .unwrap_or_else(|error| panic!("{error}"));
    let read = importing.read(source("bill.csv", "focus"), |sink| sink.charge(row));
    read.expect_err("the charge is refused")
}

#[test]
fn a_charge_without_what_it_is_kept_by_is_named_by_line_and_column() {
    let whole = charge("2026-03-01", "vm-1", 100);
    for column in [
        Column::ProviderName,
        Column::BillingAccountId,
        Column::BillingPeriodStart,
        Column::ChargePeriodStart,
        Column::BillingCurrency,
    ] {
        let mut row = row(&whole, 17);
        row.set(column, Cell::Null);
        let problem = said(&row);
        assert_eq!(problem.code.id, "spend-charge-incomplete");
        let name = column.name();
        assert_eq!(
            problem.to_string(),
            format!("bill.csv:17:{name}: the charge has no {name}")
        );
    }
    let mut row = row(&whole, 17);
    row.set_text(Column::BillingCurrency, "usd");
    assert_eq!(
        said(&row).message,
        "`usd`: a currency is written in capitals: USD"
    );
}

#[test]
fn a_cost_that_no_bill_has_is_refused() {
    let whole = charge("2026-03-01", "vm-1", 100);
    let mut row = row(&whole, 2);
    row.set(
        Column::ListCost,
        Cell::Number(base::Decimal::whole(-1_000_000_000_000)),
    );
    let problem = said(&row);
    assert_eq!(problem.code.id, "spend-cost-range");
    assert_eq!(
        problem.message,
        "a charge of -1000000000000 is larger than any bill"
    );
}

#[test]
fn more_bills_than_anybody_has_are_refused() {
    let bench = Bench::new();
    let whole = charge("2026-03-01", "vm-1", 100);
    let mut importing = bench.store.begin(delivery()).unwrap();
    let read = importing.read(source("bill.csv", "focus"), |sink| {
        (1..2000).try_for_each(|number| {
            let mut row = row(&whole, number);
            row.set_text(Column::BillingAccountId, format!("i-{number}"));
            sink.charge(&row)
        })
    });
    let problem = read.unwrap_err();
    assert_eq!(problem.code.id, "spend-many-bills");
    assert_eq!(
        problem.to_string(),
        "bill.csv:1001:BillingAccountId: with i-1001 here there are more than 1000 bills in the delivery"
    );
    assert!(matches!(importing.commit(), Err(NotKept::Refused(_))));
}
