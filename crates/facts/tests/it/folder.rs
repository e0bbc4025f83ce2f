//! A store in a folder.

use std::io::Write as _;
use std::process::Command;

use facts::{Store, StoreError};
use jiff::{SignedDuration, Timestamp};

use crate::laws;

fn store(folder: &tempfile::TempDir) -> Store {
    let place = folder.path().to_str().expect("a path that is text");
    Store::open(place, &|_| None).expect("a folder is a place")
}

fn partial_files(folder: &tempfile::TempDir) -> usize {
    std::fs::read_dir(folder.path().join(".partial")).map_or(0, Iterator::count)
}

#[test]
fn a_folder_keeps_the_laws_of_stores() {
    let folder = tempfile::tempdir().unwrap();
    laws::hold(&store(&folder)).unwrap();
    assert_eq!(
        partial_files(&folder),
        0,
        "the store is closed, and so is its lock"
    );
}

#[test]
fn who_only_reads_makes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("none");
    let store = Store::open(place.to_str().unwrap(), &|_| None).unwrap();
    assert_eq!(store.list("cost").unwrap(), []);
    assert_eq!(store.get("log/00000001.json").unwrap(), None);
    store.sweep(Timestamp::now()).unwrap();
    assert!(!place.exists());
}

#[test]
fn files_of_a_writer_that_was_killed_are_swept_and_those_of_one_at_work_are_not() {
    let folder = tempfile::tempdir().unwrap();
    let long_ago = Timestamp::now() - SignedDuration::from_hours(1000);
    let at_work = store(&folder);
    let mut file = at_work.scratch().unwrap();
    file.write_all(b"half").unwrap();
    // What a killed process leaves: its files, and its lock without anybody who holds it.
    let partial = folder.path().join(".partial");
    for name in ["dead.lock", "dead-1", "dead-2"] {
        assert!(
            Command::new("touch")
                .arg(partial.join(name))
                .status()
                .unwrap()
                .success()
        );
    }
    assert_eq!(partial_files(&folder), 5);
    let other = store(&folder);
    other.sweep(long_ago).unwrap();
    assert_eq!(partial_files(&folder), 2);
    assert!(file.path().exists());
    // Of what is nobody's, the age decides.
    assert!(
        Command::new("touch")
            .arg(partial.join("nobodys"))
            .status()
            .unwrap()
            .success()
    );
    other.sweep(long_ago).unwrap();
    assert_eq!(partial_files(&folder), 3);
    other
        .sweep(Timestamp::now() + SignedDuration::from_hours(1))
        .unwrap();
    assert_eq!(partial_files(&folder), 2);
    assert_eq!(
        other.list("cost").unwrap(),
        [],
        "temporary files are never listed"
    );
}

#[test]
fn a_folder_that_cannot_be_written_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(&folder);
    store.put("a", b"").unwrap();
    let error = store.put("a/b", b"").unwrap_err();
    let place = format!("{}/a/b", folder.path().display());
    assert_eq!(error.to_string(), format!("{place} cannot be written"));
    assert!(matches!(error, StoreError::Failed { .. }));
    assert_eq!(store.get("a/b").unwrap(), None);
}

#[test]
fn a_place_that_is_none_is_refused_with_what_is_one() {
    let error = Store::open("https://example.org/bills", &|_| None).unwrap_err();
    assert_eq!(
        error.to_string(),
        "https://example.org/bills cannot hold a store: a store is a folder, `s3://bucket/prefix` or `gs://bucket/prefix`"
    );
}
