//! JSON lines: the same bytes out of either engine, and nothing in where one line is bad.

use std::cell::RefCell;
use std::io::{self, BufReader, Read};

use ledger::{Against, Ledger, LedgerError, MAX_RECORD_BYTES, parse_line, verify_lines};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};

use crate::engine::{AT, Engine, entry};

on_both_engines!(
    an_export_comes_back_byte_for_byte,
    any_body_survives_export_and_import,
    a_bad_line_is_named_and_nothing_imported,
    a_ledger_with_records_takes_no_import,
    a_line_without_end_does_not_fill_the_memory,
);

fn exported(ledger: &mut Ledger) -> String {
    let mut lines = Vec::new();
    ledger.export(&mut lines).unwrap();
    String::from_utf8(lines).unwrap()
}

fn an_export_comes_back_byte_for_byte(engine: &Engine) {
    let lines = exported(&mut engine.filled(1_200));
    assert_eq!(lines.lines().count(), 1_200);
    let copy = Engine::sqlite();
    let mut copy = copy.open();
    let summary = copy.import(lines.as_bytes(), Against::default()).unwrap();
    assert_eq!(summary, copy.verify(Against::default()).unwrap());
    assert_eq!(exported(&mut copy), lines);
    assert_eq!(
        verify_lines(lines.as_bytes(), Against::default()).unwrap(),
        summary
    );
    let next = copy.append_all(&[entry(1_201)]).unwrap();
    assert_eq!(engine.open().append_all(&[entry(1_201)]).unwrap(), next);
}

fn bodies() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (-(1_i64 << 53) + 1..1_i64 << 53).prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 40, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::vec((any::<String>(), inner), 0..6).prop_map(Value::from_iter),
        ]
    })
}

fn any_body_survives_export_and_import(engine: &Engine) {
    let source = RefCell::new(engine.open());
    let mut runner = TestRunner::new(ProptestConfig {
        cases: 128,
        failure_persistence: None,
        ..ProptestConfig::default()
    });
    let appended = runner.run(&bodies(), |body| {
        let mut source = source.borrow_mut();
        let record = source.append(AT, "gate", "person:ada", body).unwrap();
        prop_assert_eq!(parse_line(&record.line()).unwrap(), record.clone());
        prop_assert_eq!(source.get(record.seq()).unwrap(), Some(record));
        Ok(())
    });
    appended.unwrap();
    let mut source = source.into_inner();
    let lines = exported(&mut source);
    let copy = Engine::sqlite();
    let mut copy = copy.open();
    copy.import(lines.as_bytes(), Against::default()).unwrap();
    assert_eq!(exported(&mut copy), lines);
    source.verify(Against::default()).unwrap();
}

fn a_bad_line_is_named_and_nothing_imported(engine: &Engine) {
    let good = exported(&mut Engine::sqlite().filled(6));
    let lines: Vec<&str> = good.lines().collect();
    let with = |at: usize, line: &str| {
        let mut lines = lines.clone();
        lines[at] = line;
        lines.join("\n")
    };
    let without = |at: usize| {
        let mut lines = lines.clone();
        lines.remove(at);
        lines.join("\n")
    };
    let mut swapped = lines.clone();
    swapped.swap(1, 4);
    let mut ledger = engine.open();
    for (text, line, reason) in [
        (with(2, ""), 3, "not a record in JSON"),
        (
            with(2, &lines[2].replace("ada", "eve")),
            3,
            "one of them was changed",
        ),
        (with(2, &format!(" {}", lines[2])), 3, "canonical form"),
        (
            with(2, &lines[2].replace("{\"actor\"", "{\"x\":1,\"actor\"")),
            3,
            "unknown field",
        ),
        (with(2, &lines[2][..50]), 3, "not a record in JSON"),
        (with(2, lines[1]), 3, "after record 2 comes record 2"),
        (good.replace('\n', "\r\n"), 1, "canonical form"),
        (format!("\u{feff}{good}"), 1, "not a record in JSON"),
        (without(0), 1, "at the beginning comes record 2"),
        (without(3), 4, "after record 3 comes record 5"),
        (swapped.join("\n"), 2, "after record 1 comes record 5"),
        (
            good.replacen("a.example", "\\ud800", 1),
            1,
            "not a record in JSON",
        ),
        ("[".repeat(1_000_000), 1, "not a record in JSON"),
    ] {
        let imported = ledger.import(text.as_bytes(), Against::default());
        let Err(LedgerError::BadLine { line: found, what }) = imported else {
            panic!("{reason}: {imported:?}");
        };
        assert_eq!(found, line, "{what}");
        assert!(what.contains(reason), "{what}");
        assert_eq!(ledger.last().unwrap(), None);
    }
    let mut bytes = good.clone().into_bytes();
    bytes[5] = 0xff;
    let imported = ledger.import(bytes.as_slice(), Against::default());
    assert!(matches!(
        imported,
        Err(LedgerError::BadLine { line: 1, .. })
    ));
    // The same ledger takes the good one afterwards.
    ledger.import(good.as_bytes(), Against::default()).unwrap();
    assert_eq!(exported(&mut ledger), good);
}

fn a_ledger_with_records_takes_no_import(engine: &Engine) {
    let mut ledger = engine.filled(4);
    let lines = exported(&mut ledger);
    let error = ledger
        .import(lines.as_bytes(), Against::default())
        .unwrap_err();
    assert!(
        matches!(error, LedgerError::NotEmpty { records: 4 }),
        "{error}"
    );
}

fn a_line_without_end_does_not_fill_the_memory(engine: &Engine) {
    let endless = BufReader::new(io::repeat(b'['));
    let imported = engine.open().import(endless, Against::default());
    let Err(LedgerError::BadLine { line: 1, what }) = imported else {
        panic!("{imported:?}");
    };
    assert_eq!(
        what,
        format!("it is longer than a record's {MAX_RECORD_BYTES} bytes")
    );
    let broken = BufReader::new(Broken);
    let imported = engine.open().import(broken, Against::default());
    assert!(matches!(imported, Err(LedgerError::Stream { .. })));
}

struct Broken;

impl Read for Broken {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        Err(io::Error::other("the disk is gone"))
    }
}

#[test]
fn a_line_reads_as_its_record() {
    let engine = Engine::sqlite();
    let record = engine
        .open()
        .append(AT, "gate", "person:ada", json!({"a": 1}))
        .unwrap();
    assert_eq!(parse_line(&record.line()), Ok(record.clone()));
    // An integer that canonical JSON cannot hold is not taken for its neighbour.
    let line = record.line().replace("\"a\":1", "\"a\":9007199254740993");
    assert!(parse_line(&line).is_err());
}
