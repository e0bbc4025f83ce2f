//! What an interruption leaves, and how old versions are deleted.

use std::sync::Arc;

use facts::{Brittle, Death, StoreError};
use jiff::{SignedDuration, Timestamp};
use spend::store::{CostStore, NotKept, Snapshot};

use super::{Bench, billed_in, deliver, delivery, key, march};

/// Bills of three months.
fn three(last: i8) -> Vec<super::Charge> {
    let months = ["2026-03", "2026-04", "2026-05"];
    let bill = |month| billed_in(month, march(last));
    months.into_iter().flat_map(bill).collect()
}

/// Reads all parts of a snapshot, and counts their rows.
fn rows(store: &CostStore, snapshot: &Snapshot) -> Result<u64, StoreError> {
    snapshot.parts().try_fold(0, |rows, (_, part)| {
        let file = store.open_part(part)?;
        let reader = parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder::try_new(file);
        let metadata = Arc::clone(reader.expect("a whole file").metadata());
        Ok(rows + u64::try_from(metadata.file_metadata().num_rows()).expect("rows"))
    })
}

#[test]
fn a_delivery_that_dies_at_any_write_leaves_the_old_bills_or_the_new_ones() {
    let mut died = 0;
    for death in [Death::Before, Death::After] {
        for writes in 0.. {
            let bench = Bench::new();
            bench.whole(&three(20)).unwrap();
            let old = bench.store.current().unwrap();
            let brittle = Arc::new(Brittle::new(bench.store.files().clone(), writes, death));
            let dying = CostStore::over(facts::Store::over(brittle.clone()));
            let done = deliver(&dying, delivery(), &[("new.csv", &three(31))]);
            let found = bench.store.current().unwrap();
            if !brittle.is_dead() {
                assert_eq!(
                    writes, 5,
                    "three parts, a manifest and a version are written"
                );
                assert_eq!(done.unwrap().version, 2);
                break;
            }
            died += 1;
            assert!(matches!(done, Err(NotKept::Store(_))));
            let is_new = (writes, death) == (4, Death::After);
            assert_eq!(found.version, if is_new { 2 } else { 1 });
            let expected = if is_new { 3 * 93 } else { 3 * 60 };
            assert_eq!(rows(&bench.store, &found).unwrap(), expected);
            assert!(is_new || found == old);
            // The next delivery gets there, and what was left is pruned.
            let again = deliver(&bench.store, delivery(), &[("new.csv", &three(31))]).unwrap();
            assert_eq!(again.is_new, !is_new);
            let current = bench.store.current().unwrap();
            assert_eq!(rows(&bench.store, &current).unwrap(), 3 * 93);
            let later = Timestamp::now() + SignedDuration::from_hours(48);
            bench.store.prune(later, later).unwrap();
            assert_eq!(bench.files(), 3);
            assert_eq!(
                bench.temporary_files(),
                1,
                "the lock of this writer, and no more"
            );
        }
    }
    assert_eq!(died, 10);
}

#[test]
fn pruning_deletes_what_only_old_versions_need() {
    let bench = Bench::new();
    for last in [5, 10, 15] {
        bench.whole(&march(last)).unwrap();
    }
    assert_eq!(bench.files(), 3);
    let now = Timestamp::now();
    let later = now + SignedDuration::from_hours(48);
    // All versions say that they were made on 2026-04-02.
    let before = super::noon("2026-04-01");
    let nothing = bench.store.prune(before, later).unwrap();
    assert_eq!(
        (nothing.first_kept, nothing.files, nothing.manifests),
        (1, 0, 0)
    );
    let young = bench.store.prune(later, now).unwrap();
    assert_eq!((young.first_kept, young.files, young.young), (3, 0, 2));
    let pruned = bench.store.prune(later, later).unwrap();
    assert_eq!(
        (
            pruned.first_kept,
            pruned.files,
            pruned.manifests,
            pruned.young
        ),
        (3, 2, 2, 0)
    );
    assert!(pruned.bytes > 1000);
    let held: Vec<bool> = bench
        .store
        .versions()
        .unwrap()
        .into_iter()
        .map(|(_, held)| held)
        .collect();
    assert_eq!(held, [false, false, true]);
    assert!(matches!(
        bench.store.snapshot(2),
        Err(StoreError::Missing { .. })
    ));
    let current = bench.store.current().unwrap();
    assert_eq!(rows(&bench.store, &current).unwrap(), 45);
    assert_eq!(bench.store.prune(later, later).unwrap().files, 0);
    bench.whole(&march(16)).unwrap();
    assert_eq!(bench.store.current().unwrap().version, 4);
}

#[test]
fn pruning_that_dies_at_any_write_leaves_all_kept_versions_whole() {
    let later = Timestamp::now() + SignedDuration::from_hours(48);
    for death in [Death::Before, Death::After] {
        for writes in 0..4 {
            let bench = Bench::new();
            for last in [5, 10, 15] {
                bench.whole(&march(last)).unwrap();
            }
            let brittle = Arc::new(Brittle::new(bench.store.files().clone(), writes, death));
            let dying = CostStore::over(facts::Store::over(brittle.clone()));
            assert!(dying.prune(later, later).is_err());
            for (version, held) in bench.store.versions().unwrap() {
                if held {
                    let snapshot = bench.store.snapshot(version.number).unwrap();
                    rows(&bench.store, &snapshot).unwrap();
                }
            }
            bench.store.prune(later, later).unwrap();
            assert_eq!(bench.files(), 1);
        }
    }
}

#[test]
fn a_state_is_remembered_by_who_was_first() {
    let bench = Bench::new();
    let alerts = bench.store.state::<Vec<String>>("alerts");
    assert_eq!(alerts.current().unwrap(), None);
    let now = super::noon("2026-04-02");
    alerts
        .commit(0, &vec!["sent".to_owned()], now, "1 alert sent")
        .unwrap();
    let second = alerts.commit(0, &vec!["also sent".to_owned()], now, "1 alert sent");
    assert!(matches!(second, Err(StoreError::Conflict { .. })));
    bench.whole(&march(3)).unwrap();
    let bills = bench.store.current().unwrap();
    assert_eq!(bills.version, 1);
    assert!(bills.partition(&key("2026-03")).is_some());
}
