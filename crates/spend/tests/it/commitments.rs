//! What commitments cover, use and save.

use base::Decimal;
use jiff::civil::date;
use spend::cells::{Category, Commitment, Pricing};
use spend::commitments::commitments;

use crate::bills::{Bills, CREDIT, Sort, USAGE, days};

fn priced(bills: &mut Bills, commitment: Commitment, costs: [i64; 3]) {
    let [listed, contracted, effective] = costs.map(Decimal::whole);
    bills
        .charge(USAGE, date(2026, 5, 1), effective)
        .but(|cell| {
            cell.amounts.listed = listed;
            cell.amounts.contracted = contracted;
            cell.kind.commitment = commitment;
            cell.kind.pricing = match commitment {
                Commitment::None => Pricing::Standard,
                Commitment::Used | Commitment::Unused => Pricing::Committed,
            };
        });
}

#[test]
fn coverage_use_and_savings_are_of_charges_for_use() {
    let mut bills = Bills::default();
    priced(&mut bills, Commitment::None, [100, 90, 90]);
    priced(&mut bills, Commitment::Used, [300, 270, 150]);
    priced(&mut bills, Commitment::Unused, [50, 50, 50]);
    let purchase = Sort {
        category: Category::Purchase,
        ..USAGE
    };
    bills.charge(purchase, date(2026, 5, 1), Decimal::whole(1000));
    bills.charge(CREDIT, date(2026, 5, 1), Decimal::whole(-500));
    let cube = bills.cube();
    let [one] = &commitments(&cube, days(date(2026, 5, 1), date(2026, 5, 31)))[..] else {
        panic!("one provider");
    };
    assert_eq!(one.coverage, Some("0.75".parse().unwrap()));
    assert_eq!(one.use_share, Some("0.75".parse().unwrap()));
    assert_eq!(one.unused, Decimal::whole(50));
    assert_eq!(one.negotiated, Decimal::whole(40));
    // 270 less 150 by what was used, less 50 for what was not.
    assert_eq!(one.saved, Decimal::whole(70));
    assert_eq!(one.savings(), Decimal::whole(110));
}

#[test]
fn savings_below_nothing_are_shown() {
    let mut bills = Bills::default();
    priced(&mut bills, Commitment::Used, [100, 110, 90]);
    priced(&mut bills, Commitment::Unused, [0, 0, 400]);
    let cube = bills.cube();
    let all = commitments(&cube, days(date(2026, 5, 1), date(2026, 5, 31)));
    assert_eq!(all[0].negotiated, Decimal::whole(-10));
    assert_eq!(all[0].saved, Decimal::whole(-380));
}

#[test]
fn costs_without_prices_are_no_saving() {
    let mut bills = Bills::default();
    priced(&mut bills, Commitment::None, [100, 0, 90]);
    priced(&mut bills, Commitment::None, [0, 0, 0]);
    let cube = bills.cube();
    let all = commitments(&cube, days(date(2026, 5, 1), date(2026, 5, 31)));
    assert_eq!(all[0].without_prices, Decimal::whole(90));
    assert_eq!((all[0].savings(), all[0].coverage), (Decimal::ZERO, None));
    assert!(!all[0].any());
}

#[test]
fn other_days_do_not_count() {
    let mut bills = Bills::default();
    priced(&mut bills, Commitment::Used, [100, 90, 50]);
    let cube = bills.cube();
    assert_eq!(
        commitments(&cube, days(date(2026, 6, 1), date(2026, 6, 30))),
        []
    );
}
