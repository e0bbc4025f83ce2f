//! What somebody who owns the database does to it is found, and the first bad record named.

use std::cell::RefCell;

use ledger::{Against, Backwards, Entry, Ledger, LedgerError};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use serde_json::json;

use crate::engine::{Engine, entry};

on_both_engines!(
    any_edit_is_found_at_its_record,
    a_dropped_record_is_found_where_it_was,
    swapped_records_are_found_at_the_first,
    a_record_that_was_written_anew_is_found_at_the_next,
    a_body_in_another_form_is_found,
    an_impossible_number_is_found,
    time_that_goes_backwards_is_told_and_no_fault,
    reading_a_changed_record_is_an_error,
    nothing_is_appended_after_a_bad_record,
);

const RECORDS: u32 = 10_000;

fn fault(ledger: &mut Ledger) -> (u64, String) {
    match ledger.verify(Against::default()) {
        Err(LedgerError::Corrupt { seq, what }) => (seq, what),
        other => panic!("{other:?}"),
    }
}

/// Of one in ten thousand, whichever field it is.
fn any_edit_is_found_at_its_record(engine: &Engine) {
    let ledger = RefCell::new(engine.filled(RECORDS));
    engine.tamper("CREATE TABLE kept AS SELECT * FROM ledger_records");
    let fields = prop_oneof![
        Just(("prev", "'sha256:' || substr(digest, 8)")),
        Just(("at", "'2027' || substr(at, 5)")),
        Just(("kind", "kind || 's'")),
        Just(("actor", "'person:eve'")),
        Just(("body", "replace(body, 'a.example', 'b.example')")),
        Just(("body", "''")),
        Just(("digest", "'sha256:' || substr(prev, 8, 63) || 'x'")),
        Just(("digest", "'sha256:' || substr(digest, 9) || 'a'")),
    ];
    let mut runner = TestRunner::new(ProptestConfig {
        cases: 8,
        failure_persistence: None,
        ..ProptestConfig::default()
    });
    let checked = runner.run(&(1..=RECORDS, fields), |(seq, (field, value))| {
        let change = format!("UPDATE ledger_records SET {field} = {value} WHERE seq = {seq}");
        engine.sql(&change).unwrap();
        prop_assert_eq!(fault(&mut ledger.borrow_mut()).0, u64::from(seq));
        let back = format!("(SELECT {field} FROM kept WHERE kept.seq = ledger_records.seq)");
        let undo = format!("UPDATE ledger_records SET {field} = {back} WHERE seq = {seq}");
        engine.sql(&undo).unwrap();
        Ok(())
    });
    checked.unwrap();
    let summary = ledger.into_inner().verify(Against::default()).unwrap();
    assert_eq!(summary.records, u64::from(RECORDS));
}

fn a_dropped_record_is_found_where_it_was(engine: &Engine) {
    let mut ledger = engine.filled(RECORDS);
    engine.tamper("DELETE FROM ledger_records WHERE seq = 5000");
    let (seq, what) = fault(&mut ledger);
    assert_eq!(seq, 5000);
    assert_eq!(what, "it is missing: after record 4999 comes record 5001");
    // Closing the gap does not hide it.
    engine.tamper("UPDATE ledger_records SET seq = 5000 WHERE seq = 5001");
    assert_eq!(fault(&mut ledger).0, 5000);
    engine.tamper("DELETE FROM ledger_records WHERE seq = 1");
    let (seq, what) = fault(&mut ledger);
    assert_eq!(seq, 1);
    assert_eq!(what, "it is missing: at the beginning comes record 2");
}

fn swapped_records_are_found_at_the_first(engine: &Engine) {
    let mut ledger = engine.filled(RECORDS);
    engine.tamper(
        "UPDATE ledger_records SET seq = 1000000 WHERE seq = 70; \
         UPDATE ledger_records SET seq = 70 WHERE seq = 9000; \
         UPDATE ledger_records SET seq = 9000 WHERE seq = 1000000",
    );
    assert_eq!(fault(&mut ledger).0, 70);
}

/// A record whose digest was made right again: the chain breaks after it.
fn a_record_that_was_written_anew_is_found_at_the_next(engine: &Engine) {
    let mut ledger = engine.filled(20);
    let forger = Engine::sqlite();
    let mut entries: Vec<Entry> = (1..=20).map(entry).collect();
    "person:eve".clone_into(&mut entries[9].actor);
    let forged = forger.open().append_all(&entries).unwrap().remove(9);
    engine.tamper(&format!(
        "UPDATE ledger_records SET actor = 'person:eve', digest = '{}' WHERE seq = 10",
        forged.digest()
    ));
    let (seq, what) = fault(&mut ledger);
    assert_eq!(seq, 11);
    assert!(what.contains(&forged.digest().to_string()), "{what}");
}

fn a_body_in_another_form_is_found(engine: &Engine) {
    let mut ledger = engine.filled(3);
    engine.tamper("UPDATE ledger_records SET body = ' ' || body WHERE seq = 2");
    let (seq, what) = fault(&mut ledger);
    assert_eq!(
        (seq, what.as_str()),
        (2, "its body is not in canonical form (RFC 8785)")
    );
}

fn an_impossible_number_is_found(engine: &Engine) {
    let mut ledger = engine.filled(3);
    engine.tamper("UPDATE ledger_records SET seq = -3 WHERE seq = 3");
    let (seq, what) = fault(&mut ledger);
    assert_eq!(seq, 1);
    assert_eq!(what, "it is missing: at the beginning comes record -3");
}

fn time_that_goes_backwards_is_told_and_no_fault(engine: &Engine) {
    let mut ledger = engine.open();
    let entries = [5, 6, 4, 3, 9].map(entry);
    ledger.append_all(&entries).unwrap();
    let summary = ledger.verify(Against::default()).unwrap();
    let expected = Backwards {
        first: 3,
        records: 2,
    };
    assert_eq!((summary.records, summary.backwards), (5, Some(expected)));
}

fn reading_a_changed_record_is_an_error(engine: &Engine) {
    let mut ledger = engine.filled(5);
    engine.tamper("UPDATE ledger_records SET actor = 'person:eve' WHERE seq = 3");
    let read: Vec<_> = ledger.records(0).collect();
    assert_eq!(read.len(), 3);
    assert!(matches!(read[2], Err(LedgerError::Corrupt { seq: 3, .. })));
    assert!(matches!(
        ledger.get(3),
        Err(LedgerError::Corrupt { seq: 3, .. })
    ));
    let exported = ledger.export(Vec::new());
    assert!(matches!(exported, Err(LedgerError::Corrupt { seq: 3, .. })));
}

fn nothing_is_appended_after_a_bad_record(engine: &Engine) {
    let mut ledger = engine.filled(5);
    engine.tamper("UPDATE ledger_records SET actor = 'person:eve' WHERE seq = 5");
    let appended = ledger.append("2026-09-01T10:00:00.123Z", "gate", "ada", json!(1));
    assert!(matches!(appended, Err(LedgerError::Corrupt { seq: 5, .. })));
}
