//! Large deliveries, and stores elsewhere.

use arrow_array::StringArray;
use arrow_array::cast::AsArray as _;
use arrow_array::types::{Int32Type, Int64Type};
use focus::{Cell, Column};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::file::metadata::RowGroupMetaData;
use spend::store::Change;

use super::{Bench, charge, delivery, march, row, source};

#[test]
fn a_large_bill_is_written_in_row_groups_of_which_each_is_sorted() {
    let bench = Bench::new();
    let whole = charge("2026-03-01", "vm", 1);
    let mut importing = bench.store.begin(delivery()).unwrap();
    let read = importing.read(source("bill.csv", "focus"), |sink| {
        (1..=130_000).try_for_each(|number| {
            let mut row = row(&whole, number);
            row.set_text(Column::SubAccountId, format!("project-{:03}", number % 700));
            sink.charge(&row)
        })
    });
    read.unwrap();
    assert_eq!(importing.rows(), 130_000);
    importing.commit().unwrap();
    let bill = bench.march();
    assert_eq!(bill.totals.rows, 130_000);
    let [part] = bill.parts.as_slice() else {
        panic!("one part: {:?}", bill.parts);
    };
    let file = bench.store.open_part(part).unwrap();
    let reader = ParquetRecordBatchReaderBuilder::try_new(file).unwrap();
    let metadata = reader.metadata();
    let rows: Vec<i64> = metadata
        .row_groups()
        .iter()
        .map(RowGroupMetaData::num_rows)
        .collect();
    assert_eq!(rows, [122_880, 7_120]);
}

#[test]
fn a_file_in_which_many_bills_lie_mixed_is_kept_in_one_part_for_each() {
    let bench = Bench::new();
    let whole = charge("2026-03-01", "vm", 1);
    // Two large tags a row fill the columns soon, so that each bill is written several times.
    let tags = "x".repeat(40_000);
    let mut importing = bench.store.begin(delivery()).unwrap();
    let read = importing.read(source("bill.csv", "focus"), |sink| {
        (1..=4_000_u64).try_for_each(|number| {
            let mut row = row(&whole, number);
            row.set_text(Column::BillingAccountId, format!("A-{}", number % 60));
            row.set(
                Column::Tags,
                Cell::Text(format!("{{\"{number}\":\"{tags}\"}}").into()),
            );
            sink.charge(&row)
        })
    });
    read.unwrap();
    let outcome = importing.commit().unwrap();
    assert_eq!(outcome.bills.len(), 60);
    let rows: u64 = outcome.bills.iter().map(|bill| bill.after.rows).sum();
    assert_eq!(rows, 4_000);
    let kept = bench.store.current().unwrap();
    for bill in &kept.partitions {
        let parts: u64 = bill.parts.iter().map(|part| part.rows).sum();
        assert_eq!(parts, bill.totals.rows);
    }
    // What was written bit by bit lies together in the end, sorted.
    assert_eq!(kept.parts().count(), 60);
    for (_, part) in kept.parts() {
        let file = bench.store.open_part(part).unwrap();
        let reader = ParquetRecordBatchReaderBuilder::try_new(file).unwrap();
        assert_eq!(reader.metadata().num_row_groups(), 1);
        let batches = reader.with_batch_size(1000).build().unwrap();
        let batch = batches.map(Result::unwrap).next().unwrap();
        let rows = batch.column_by_name("x_SourceRow").unwrap();
        let rows = rows.as_primitive::<Int64Type>().values();
        let tags = batch.column_by_name("Tags").unwrap();
        let tags = tags.as_dictionary::<Int32Type>();
        let tags = tags.downcast_dict::<StringArray>().unwrap();
        for (row, tag) in rows.iter().zip(tags) {
            assert!(
                tag.unwrap().starts_with(&format!("{{\"{row}\":")),
                "row {row}"
            );
        }
        assert!(
            rows.is_sorted(),
            "charges of one project, service and time keep their order"
        );
    }
}

#[test]
fn a_name_that_no_path_may_have_is_kept() {
    let bench = Bench::new();
    let mut charges = march(3);
    for charge in &mut charges {
        charge.account = "../../etc/päss=wd\n";
    }
    assert_eq!(super::change(bench.whole(&charges)), Change::New);
    let kept = bench.store.current().unwrap();
    assert_eq!(kept.partitions[0].key.account, "../../etc/päss=wd\n");
    assert_eq!(
        kept.partitions[0].key.folder(),
        "cost/provider=Cloud/account=..%2F..%2Fetc%2Fpäss%3Dwd%0A/period=2026-03"
    );
    assert_eq!(super::change(bench.whole(&charges)), Change::Unchanged);
}
