//! Bills that are delivered whole.

use arrow_array::cast::AsArray as _;
use arrow_array::types::TimestampMicrosecondType;
use base::{Currency, Decimal};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use proptest::prelude::*;
use spend::store::{Change, CostStore, Status};

use super::{Bench, billed_in, change, charge, day, deliver, delivery, key, march, noon, only};

#[test]
fn a_new_store_has_version_0_without_bills() {
    let bench = Bench::new();
    let snapshot = bench.store.current().unwrap();
    assert_eq!((snapshot.version, snapshot.partitions.len()), (0, 0));
    assert_eq!(bench.store.versions().unwrap(), []);
}

#[test]
fn a_bill_is_kept_with_its_sums_days_and_parts() {
    let bench = Bench::new();
    let mut charges = march(3);
    charges[0].category = "Credit";
    charges[0].cents = -5000;
    charges[1].currency = "EUR";
    let outcome = bench.whole(&charges).unwrap();
    assert!(outcome.is_new);
    assert_eq!(outcome.version, 1);
    let bill = bench.march();
    assert_eq!(bill.totals, outcome.bills[0].after);
    assert_eq!(
        (bill.status, bill.changed),
        (Status::Open, day("2026-04-02"))
    );
    assert_eq!(bill.totals.rows, 9);
    assert_eq!(bill.totals.days.to_string(), "2026-03-01 to 2026-03-03");
    let dollars = bill.totals.sums[&Currency::USD];
    assert_eq!(dollars.billed, Decimal::whole(20));
    assert_eq!(dollars.gross, Decimal::whole(70));
    let euros = bill.totals.sums[&"EUR".parse().unwrap()];
    assert_eq!(euros.listed, Decimal::whole(10));
    let [part] = bill.parts.as_slice() else {
        panic!("one part: {:?}", bill.parts);
    };
    assert_eq!(
        (part.rows, part.file.as_str(), part.format.as_str()),
        (9, "bill.csv", "focus")
    );
    let folder = "cost/provider=Cloud/account=A-1/period=2026-03/";
    assert!(part.path.starts_with(folder), "{}", part.path);
    assert_eq!(part.content, bill.totals.content);
}

#[test]
fn charges_lie_sorted_in_the_columns_of_focus() {
    let bench = Bench::new();
    let mut charges = march(2);
    charges[1].sub_account = "";
    charges[2].sub_account = "apps";
    charges[3].service = "Backup";
    bench.whole(&charges).unwrap();
    let bill = bench.march();
    let file = bench.store.open_part(&bill.parts[0]).unwrap();
    let mut reader = ParquetRecordBatchReaderBuilder::try_new(file)
        .unwrap()
        .build()
        .unwrap();
    let batch = reader.next().unwrap().unwrap();
    let texts = |name: &str| -> Vec<Option<String>> {
        let column = batch
            .column_by_name(name)
            .unwrap()
            .as_dictionary::<arrow_array::types::Int32Type>();
        let values = column.downcast_dict::<arrow_array::StringArray>().unwrap();
        values
            .into_iter()
            .map(|text| text.map(str::to_owned))
            .collect()
    };
    let accounts = texts("SubAccountId");
    let accounts: Vec<&str> = accounts
        .iter()
        .map(|text| text.as_deref().unwrap_or("-"))
        .collect();
    assert_eq!(accounts, ["-", "apps", "build", "build", "build", "build"]);
    let services = texts("ServiceName");
    assert_eq!(services[2].as_deref(), Some("Backup"));
    let times = batch
        .column_by_name("ChargePeriodStart")
        .unwrap()
        .as_primitive::<TimestampMicrosecondType>();
    assert!(times.values()[3] < times.values()[4], "the time is last");
    assert_eq!(
        texts("x_Source")[0].as_deref(),
        Some(bill.parts[0].source.short().as_str())
    );
    let rows = batch
        .column_by_name("x_SourceRow")
        .unwrap()
        .as_primitive::<arrow_array::types::Int64Type>();
    assert_eq!(rows.values().to_vec(), [2, 3, 4, 1, 5, 6]);
    assert_eq!(texts("x_Note"), vec![None; 6]);
}

#[test]
fn the_same_bill_again_changes_no_byte() {
    let bench = Bench::new();
    bench.whole(&march(31)).unwrap();
    let before = bench.bytes();
    let again = bench.whole(&march(31)).unwrap();
    assert!(!again.is_new);
    assert_eq!(
        (again.version, again.bills[0].change),
        (1, Change::Unchanged)
    );
    // Nor does it in another order, another file and at another time.
    let mut turned = march(31);
    turned.reverse();
    let later = spend::store::Delivery::new(noon("2026-05-20"));
    let (one, other) = turned.split_at(20);
    let again = deliver(&bench.store, later, &[("x.csv", one), ("y.csv", other)]);
    assert_eq!(change(again), Change::Unchanged);
    assert_eq!(bench.bytes(), before);
    assert_eq!(
        bench.temporary_files(),
        1,
        "the lock of this writer, and no more"
    );
}

#[test]
fn a_fuller_month_takes_the_place_of_what_was_kept() {
    let bench = Bench::new();
    bench.whole(&march(10)).unwrap();
    let bill = only(bench.whole(&march(20)));
    assert_eq!(
        (bill.change, bill.before.rows, bill.after.rows),
        (Change::Replaced, 30, 60)
    );
    assert_eq!(bench.march().totals.rows, 60);
    assert_eq!(
        bench
            .store
            .snapshot(1)
            .unwrap()
            .partition(&key("2026-03"))
            .unwrap()
            .totals
            .rows,
        30
    );
    assert_eq!(bench.store.at(noon("2026-04-01")).unwrap().version, 0);
    assert_eq!(bench.store.at(noon("2026-04-03")).unwrap().version, 2);
}

#[test]
fn a_bill_whose_charges_are_for_the_whole_month_may_grow() {
    let bench = Bench::new();
    let total = |cents| {
        vec![
            charge("2026-03-01", "vm-1", cents),
            charge("2026-03-01", "vm-2", cents),
        ]
    };
    bench.whole(&total(100)).unwrap();
    assert_eq!(change(bench.whole(&total(250))), Change::Replaced);
}

#[test]
fn bills_of_which_a_delivery_says_nothing_stay() {
    let bench = Bench::new();
    bench.whole(&march(3)).unwrap();
    let april = billed_in("2026-04", march(3));
    let outcome = bench.whole(&april).unwrap();
    assert_eq!(outcome.bills[0].change, Change::New);
    let kept = bench.store.current().unwrap();
    let periods: Vec<String> = kept
        .partitions
        .iter()
        .map(|bill| bill.key.period.to_string())
        .collect();
    assert_eq!(periods, ["2026-03", "2026-04"]);
    assert_eq!(kept.parts().count(), 2);
}

#[test]
fn two_who_deliver_different_bills_at_once_both_succeed() {
    let bench = Bench::new();
    let others = CostStore::open(bench.store.files().place(), &|_| None).unwrap();
    let mut other_bill = march(3);
    for charge in &mut other_bill {
        charge.account = "B-2";
    }
    std::thread::scope(|scope| {
        let one = scope.spawn(|| bench.whole(&march(3)));
        let other = scope.spawn(|| deliver(&others, delivery(), &[("b.csv", &other_bill)]));
        one.join().unwrap().unwrap();
        other.join().unwrap().unwrap();
    });
    assert_eq!(bench.store.current().unwrap().partitions.len(), 2);
}

#[test]
fn a_part_that_was_cut_off_is_damaged() {
    let bench = Bench::new();
    bench.whole(&march(3)).unwrap();
    let part = bench.march().parts.remove(0);
    bench.store.files().put(&part.path, b"PAR1").unwrap();
    let error = bench.store.open_part(&part).unwrap_err();
    let place = bench.store.files().place_of(&part.path);
    assert_eq!(
        error.to_string(),
        format!("{place} is damaged: it has 4 bytes, and had {}", part.bytes)
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn content_and_sums_depend_neither_on_order_nor_on_cuts(
        cents in proptest::collection::vec(-9999_i64..9999, 2..40),
        cut in 0_usize..40,
        turn in 0_usize..40,
    ) {
        let mut charges: Vec<_> = cents
            .iter()
            .enumerate()
            .map(|(at, cents)| charge("2026-03-04", &format!("vm-{at}"), *cents))
            .collect();
        let bench = Bench::new();
        bench.whole(&charges).unwrap();
        let turn = turn % charges.len();
        charges.rotate_left(turn);
        let (one, other) = charges.split_at(cut % charges.len());
        let parts = Bench::new();
        let outcome = deliver(&parts.store, delivery(), &[("a", one), ("b", other)]).unwrap();
        prop_assert_eq!(outcome.bills.len(), 1);
        prop_assert_eq!(parts.march().totals, bench.march().totals);
        let (whole, cut) = (bench.store.current().unwrap(), parts.store.current().unwrap());
        prop_assert_eq!(whole.content(), cut.content());
    }
}
