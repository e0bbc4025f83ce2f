//! Versions of what belongs together.

use std::sync::Arc;

use facts::{Brittle, Committed, Death, Log, Store, StoreError};
use jiff::{SignedDuration, Timestamp};

type Manifest = Vec<String>;

fn store(folder: &tempfile::TempDir) -> Store {
    let place = folder.path().to_str().expect("a path that is text");
    Store::open(place, &|_| None).expect("a folder is a place")
}

fn names(of: &str) -> Manifest {
    of.split(' ').map(str::to_owned).collect()
}

fn at(hour: i64) -> Timestamp {
    Timestamp::from_second(hour * 3600).expect("an hour of 1970")
}

#[test]
fn a_version_is_found_by_number_and_by_time() {
    let folder = tempfile::tempdir().unwrap();
    let log: Log<Manifest> = Log::new(store(&folder));
    assert_eq!(log.current().unwrap(), None);
    assert_eq!(log.at(at(9)).unwrap(), None);
    for (hour, parts) in [(1, "a"), (3, "a b"), (5, "b")] {
        let after = log.history().unwrap().len() as u64;
        log.commit(after, &names(parts), at(hour), parts).unwrap();
    }
    assert_eq!(log.current().unwrap().unwrap().manifest, names("b"));
    assert_eq!(log.numbered(2).unwrap().manifest, names("a b"));
    assert_eq!(log.at(at(4)).unwrap().unwrap().version.number, 2);
    assert_eq!(log.at(at(0)).unwrap(), None);
    assert!(matches!(log.numbered(4), Err(StoreError::Missing { .. })));
}

#[test]
fn what_is_current_already_makes_no_version() {
    let folder = tempfile::tempdir().unwrap();
    let log: Log<Manifest> = Log::new(store(&folder));
    log.commit(0, &names("a"), at(1), "first").unwrap();
    let again = log.commit(1, &names("a"), at(2), "again").unwrap();
    assert!(matches!(again, Committed::Unchanged(version) if version.number == 1));
    assert_eq!(log.history().unwrap().len(), 1);
}

#[test]
fn of_many_who_add_at_once_none_is_lost() {
    let folder = tempfile::tempdir().unwrap();
    let add = |name: &str| {
        let log: Log<Manifest> = Log::new(store(&folder));
        loop {
            let current = log.current().unwrap();
            let after = current.as_ref().map_or(0, |kept| kept.version.number);
            let mut parts = current.map(|kept| kept.manifest).unwrap_or_default();
            parts.push(name.to_owned());
            match log.commit(after, &parts, at(1), name) {
                Ok(_) => return,
                Err(StoreError::Conflict { .. }) => {}
                Err(error) => panic!("{error}"),
            }
        }
    };
    std::thread::scope(|scope| {
        for name in ["a", "b", "c", "d", "e", "f"] {
            scope.spawn(move || add(name));
        }
    });
    let log: Log<Manifest> = Log::new(store(&folder));
    let mut parts = log.current().unwrap().unwrap().manifest;
    parts.sort();
    assert_eq!(parts, names("a b c d e f"));
    assert_eq!(log.history().unwrap().len(), 6);
}

#[test]
fn a_writer_that_dies_leaves_the_old_version_or_the_new_one() {
    for death in [Death::Before, Death::After] {
        for writes in 0..3 {
            let folder = tempfile::tempdir().unwrap();
            let real = store(&folder);
            let log: Log<Manifest> = Log::new(real.clone());
            log.commit(0, &names("old"), at(1), "old").unwrap();
            let brittle = Arc::new(Brittle::new(real, writes, death));
            let dying: Log<Manifest> = Log::new(Store::over(brittle.clone()));
            let done = dying.commit(1, &names("new"), at(2), "new");
            assert_eq!(done.is_err(), brittle.is_dead());
            let current = log.current().unwrap().unwrap();
            let written = !brittle.is_dead() || (writes, death) == (1, Death::After);
            let expected = if written { (2, "new") } else { (1, "old") };
            assert_eq!(
                (current.version.number, current.version.what.as_str()),
                expected
            );
            assert_eq!(current.manifest, names(expected.1));
            // Who tries again gets there.
            log.commit(current.version.number, &names("new"), at(3), "new")
                .unwrap();
            assert_eq!(log.current().unwrap().unwrap().manifest, names("new"));
        }
    }
}

#[test]
fn old_manifests_are_forgotten_and_the_newest_never_is() {
    let folder = tempfile::tempdir().unwrap();
    let log: Log<Manifest> = Log::new(store(&folder));
    for (number, parts) in [(1, "a"), (2, "b"), (3, "a")] {
        log.commit(number - 1, &names(parts), at(1), parts).unwrap();
    }
    let soon = Timestamp::now() + SignedDuration::from_hours(1);
    let earlier = Timestamp::now() - SignedDuration::from_hours(1);
    assert_eq!(log.forget(99, earlier).unwrap(), 0, "they are new");
    assert_eq!(log.forget(99, soon).unwrap(), 1);
    let held: Vec<bool> = log
        .held()
        .unwrap()
        .into_iter()
        .map(|(_, held)| held)
        .collect();
    assert_eq!(held, [true, false, true]);
    assert!(matches!(log.numbered(2), Err(StoreError::Missing { .. })));
    assert_eq!(log.current().unwrap().unwrap().manifest, names("a"));
}

#[test]
fn logs_in_folders_of_a_store_know_nothing_of_each_other() {
    let folder = tempfile::tempdir().unwrap();
    let log: Log<Manifest> = Log::new(store(&folder));
    let state: Log<u64> = Log::within(store(&folder), "state/alerts");
    log.commit(0, &names("a"), at(1), "").unwrap();
    assert_eq!(state.current().unwrap(), None);
    state.commit(0, &7, at(1), "seven").unwrap();
    assert_eq!(log.current().unwrap().unwrap().version.number, 1);
    assert_eq!(state.current().unwrap().unwrap().manifest, 7);
    assert!(
        folder
            .path()
            .join("state/alerts/log/00000001.json")
            .exists()
    );
}

#[test]
fn a_manifest_that_was_changed_is_damaged() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(&folder);
    let log: Log<Manifest> = Log::new(store.clone());
    log.commit(0, &names("a"), at(1), "").unwrap();
    let path = store.list("manifests").unwrap().remove(0).path;
    store.put(&path, b"[\"b\"]").unwrap();
    let error = log.current().unwrap_err();
    let expected = format!(
        "{} is damaged: its digest is not the one in the log",
        store.place_of(&path)
    );
    assert_eq!(error.to_string(), expected);
}
