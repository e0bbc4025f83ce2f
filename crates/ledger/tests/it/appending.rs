//! Writing, reading, and both at once.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use ledger::{Against, Entry, Head, Ledger, LedgerError, MAX_RECORD_BYTES};
use serde_json::{Value, json};

use crate::engine::{AT, Engine, entry};

on_both_engines!(
    what_is_appended_is_read_again,
    several_records_are_appended_together_or_not_at_all,
    records_are_found_by_number_kind_and_digest,
    what_cannot_be_a_record_is_refused_with_its_reason,
    a_record_beyond_the_limit_is_refused_and_one_at_it_is_kept,
    two_writers_never_fork_the_chain,
    a_reader_sees_a_whole_chain_while_one_writes,
    the_database_refuses_to_change_records,
    a_reader_makes_no_ledger_and_writes_nothing,
    a_newer_schema_is_refused,
    many_may_make_the_ledger_at_once,
);

fn what_is_appended_is_read_again(engine: &Engine) {
    let mut ledger = engine.open();
    assert_eq!(ledger.head().unwrap(), Head::genesis());
    assert_eq!(ledger.last().unwrap(), None);
    let body = json!({"b": [1.5, null, "é\u{0}\u{1f600}"], "a": {"": -0.0}, "n": 1e300});
    let first = ledger
        .append(AT, "apply.intent", "person:ada", body)
        .unwrap();
    let second = ledger
        .append(AT, "gate", "person:bob", Value::Null)
        .unwrap();
    assert_eq!((first.seq(), second.seq()), (1, 2));
    assert_eq!(first.prev(), Head::genesis().digest);
    assert_eq!(second.prev(), first.digest());
    drop(ledger);
    let mut ledger = engine.open();
    let read: Vec<_> = ledger.records(0).map(Result::unwrap).collect();
    assert_eq!(read, [first.clone(), second.clone()]);
    assert_eq!(read[0].body()["b"][2], "é\u{0}\u{1f600}");
    assert_eq!(
        (read[1].at(), read[1].kind(), read[1].actor()),
        (AT, "gate", "person:bob")
    );
    assert_eq!(ledger.head().unwrap(), second.head());
}

fn several_records_are_appended_together_or_not_at_all(engine: &Engine) {
    let mut ledger = engine.filled(3);
    let head = ledger.head().unwrap();
    let bad = Entry::new(AT, "Not A Kind", "person:ada", Value::Null);
    let refused = ledger.append_all(&[entry(4), bad]).unwrap_err();
    assert!(matches!(refused, LedgerError::Invalid { .. }), "{refused}");
    assert_eq!(ledger.head().unwrap(), head);
    assert_eq!(ledger.append_all::<Value>(&[]).unwrap(), []);
    let records = ledger.append_all(&[entry(4), entry(5)]).unwrap();
    assert_eq!(records[0].prev(), head.digest);
    assert_eq!(ledger.head().unwrap(), records[1].head());
}

fn records_are_found_by_number_kind_and_digest(engine: &Engine) {
    const NONE: [u64; 0] = [];
    let mut ledger = engine.filled(1_500);
    let numbers = |ledger: &mut Ledger, from, kind| -> Vec<u64> {
        let records = ledger.records_of(from, kind);
        records.map(|record| record.unwrap().seq()).collect()
    };
    assert_eq!(numbers(&mut ledger, 0, "").len(), 1_500);
    assert_eq!(numbers(&mut ledger, 1_499, ""), [1_499, 1_500]);
    assert_eq!(numbers(&mut ledger, 1_501, ""), NONE);
    assert_eq!(numbers(&mut ledger, u64::MAX, ""), NONE);
    assert_eq!(numbers(&mut ledger, 1, "apply").len(), 1_000);
    assert_eq!(numbers(&mut ledger, 1, "apply.result").len(), 500);
    assert_eq!(numbers(&mut ledger, 1, "app"), NONE);
    assert_eq!(numbers(&mut ledger, 1, "appl_"), NONE);
    assert_eq!(ledger.last_of("gate").unwrap().unwrap().seq(), 1_499);
    assert_eq!(ledger.last_of("none").unwrap(), None);

    let record = ledger.get(700).unwrap().unwrap();
    let hex = record.digest().hex();
    for digits in [
        &hex[..20],
        &hex,
        &record.digest().to_string(),
        &hex[..20].to_uppercase(),
    ] {
        assert_eq!(
            ledger.find(digits).unwrap(),
            Some(record.clone()),
            "{digits}"
        );
    }
    for digits in ["", "abc", "%%%%", "' OR 1=1", "sha256:"] {
        assert_eq!(ledger.find(digits).unwrap(), None, "{digits}");
    }
    assert_eq!(ledger.get(0).unwrap(), None);
    assert_eq!(ledger.get(1_501).unwrap(), None);
    assert_eq!(ledger.get(u64::MAX).unwrap(), None);
}

fn what_cannot_be_a_record_is_refused_with_its_reason(engine: &Engine) {
    let mut ledger = engine.open();
    let mut deep = json!(1);
    for _ in 0..=ledger::MAX_DEPTH {
        deep = json!([deep]);
    }
    for (entry, reason) in [
        (
            Entry::new("2026-09-01", "gate", "ada", json!(1)),
            "its time",
        ),
        (Entry::new(AT, "Gate", "ada", json!(1)), "its kind"),
        (Entry::new(AT, "gate", "", json!(1)), "its actor"),
        (Entry::new(AT, "gate", "ada\nbob", json!(1)), "its actor"),
        (
            Entry::new(AT, "ledger.checkpoint", "ada", json!(1)),
            "by the ledger itself",
        ),
        (
            Entry::new(AT, "gate", "ada", json!([1_u64 << 53])),
            "write it as a text",
        ),
        (
            Entry::new(AT, "gate", "ada", json!([i64::MIN])),
            "write it as a text",
        ),
        (
            Entry::new(AT, "gate", "ada", deep),
            "nested deeper than 100 levels",
        ),
    ] {
        let error = ledger.append_all(&[entry]).unwrap_err();
        assert!(matches!(error, LedgerError::Invalid { .. }), "{error:?}");
        assert!(error.to_string().contains(reason), "{error}");
    }
    assert_eq!(ledger.last().unwrap(), None);
}

fn a_record_beyond_the_limit_is_refused_and_one_at_it_is_kept(engine: &Engine) {
    let mut ledger = engine.open();
    let empty = ledger.append(AT, "gate", "ada", json!("")).unwrap();
    let room = MAX_RECORD_BYTES - empty.line().len();
    let largest = ledger
        .append(AT, "gate", "ada", json!("x".repeat(room)))
        .unwrap();
    assert_eq!(largest.line().len(), MAX_RECORD_BYTES);
    let error = ledger
        .append(AT, "gate", "ada", json!("x".repeat(room + 1)))
        .unwrap_err();
    let LedgerError::TooLarge { bytes, limit } = error else {
        panic!("{error}");
    };
    assert_eq!((bytes, limit), (MAX_RECORD_BYTES + 1, MAX_RECORD_BYTES));
    ledger.append(AT, "gate", "ada", json!("")).unwrap();
    assert_eq!(ledger.verify(Against::default()).unwrap().records, 3);
    let mut lines = Vec::new();
    ledger.export(&mut lines).unwrap();
    let summary = ledger::verify_lines(lines.as_slice(), Against::default()).unwrap();
    assert_eq!(summary.records, 3);
}

fn two_writers_never_fork_the_chain(engine: &Engine) {
    thread::scope(|scope| {
        for actor in ["person:ada", "person:bob"] {
            scope.spawn(move || {
                let mut ledger = engine.open();
                for step in 0..100 {
                    ledger.append(AT, "gate", actor, json!(step)).unwrap();
                }
            });
        }
    });
    let mut ledger = engine.open();
    assert_eq!(ledger.verify(Against::default()).unwrap().records, 200);
    let steps = |actor: &str, ledger: &mut Ledger| -> Vec<i64> {
        let records = ledger.records(0).map(Result::unwrap);
        let own = records.filter(|record| record.actor() == actor);
        own.map(|record| record.body().as_i64().unwrap()).collect()
    };
    for actor in ["person:ada", "person:bob"] {
        assert_eq!(steps(actor, &mut ledger), (0..100).collect::<Vec<_>>());
    }
}

fn a_reader_sees_a_whole_chain_while_one_writes(engine: &Engine) {
    let mut writer = engine.filled(1);
    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        let reader = scope.spawn(|| {
            let mut ledger = Ledger::open_read_only(engine.url()).unwrap();
            let mut lengths = vec![];
            while !done.load(Ordering::Relaxed) {
                lengths.push(ledger.verify(Against::default()).unwrap().records);
            }
            lengths
        });
        for step in 0..100 {
            writer
                .append(AT, "gate", "person:ada", json!(step))
                .unwrap();
        }
        done.store(true, Ordering::Relaxed);
        assert!(reader.join().unwrap().is_sorted());
    });
}

fn the_database_refuses_to_change_records(engine: &Engine) {
    let mut ledger = engine.filled(3);
    let copy = "SELECT 5, prev, at, kind, actor, body, 'x' FROM ledger_records WHERE seq = 3";
    for change in [
        "UPDATE ledger_records SET actor = 'person:eve' WHERE seq = 2",
        "DELETE FROM ledger_records WHERE seq = 3",
        &format!("INSERT INTO ledger_records {copy}"),
        &format!("INSERT INTO ledger_records {}", copy.replace('5', "4")),
    ] {
        let refused = engine.sql(change).unwrap_err();
        assert!(refused.contains("the ledger is append-only"), "{refused}");
    }
    // Each engine has one more way to lose rows.
    let replace = format!(
        "INSERT OR REPLACE INTO ledger_records {}",
        copy.replace('5', "2")
    );
    engine.sql(&replace).unwrap_err();
    engine.sql("TRUNCATE ledger_records").unwrap_err();
    assert_eq!(ledger.verify(Against::default()).unwrap().records, 3);
}

fn a_reader_makes_no_ledger_and_writes_nothing(engine: &Engine) {
    let error = Ledger::open_read_only(engine.url()).unwrap_err();
    assert!(matches!(error, LedgerError::NoLedger { .. }), "{error}");
    assert!(!error.to_string().contains("open-sesame"));
    engine.filled(2);
    let mut reader = Ledger::open_read_only(engine.url()).unwrap();
    assert_eq!(reader.head().unwrap().seq, 2);
    assert!(!format!("{reader:?}").contains("open-sesame"));
    let refused = [
        reader.append(AT, "gate", "ada", json!(1)).unwrap_err(),
        reader.import(&b""[..], Against::default()).unwrap_err(),
        reader.lock("zone").unwrap_err(),
    ];
    for error in refused {
        assert!(matches!(error, LedgerError::ReadOnly), "{error}");
    }
}

fn a_newer_schema_is_refused(engine: &Engine) {
    engine.filled(1);
    engine.sql("UPDATE ledger_schema SET version = 2").unwrap();
    for opened in [
        Ledger::open(engine.url()),
        Ledger::open_read_only(engine.url()),
    ] {
        let error = opened.unwrap_err();
        let newer = matches!(error, LedgerError::NewerSchema { found: 2, known: 1 });
        assert!(newer, "{error}");
    }
}

fn many_may_make_the_ledger_at_once(engine: &Engine) {
    thread::scope(|scope| {
        for step in 0..8 {
            scope.spawn(move || {
                engine
                    .open()
                    .append(AT, "gate", "ada", json!(step))
                    .unwrap();
            });
        }
    });
    let summary = engine.open().verify(Against::default()).unwrap();
    assert_eq!(summary.records, 8);
}

#[test]
fn a_place_that_cannot_be_reached_is_named_without_its_password() {
    let port = testkit::servers::free_port();
    let error = Ledger::open(&format!("postgres://ada:hush@127.0.0.1:{port}/x")).unwrap_err();
    assert!(matches!(error, LedgerError::Unreachable { .. }), "{error}");
    assert!(error.to_string().contains("ada@127.0.0.1"), "{error}");
    assert!(!format!("{error} {error:?}").contains("hush"), "{error:?}");
    let error = Ledger::open("sqlite:/no/such/folder/ledger.db").unwrap_err();
    assert!(matches!(error, LedgerError::Unreachable { .. }), "{error}");
}

#[test]
fn a_wrong_password_is_unreachable_and_not_shown() {
    let Some(engine) = Engine::postgres() else {
        return;
    };
    let url = engine.url().replace("open-sesame", "hush-hush");
    let error = Ledger::open(&url).unwrap_err();
    assert!(matches!(error, LedgerError::Unreachable { .. }), "{error}");
    assert!(!format!("{error} {error:?}").contains("hush"), "{error:?}");
}

#[test]
fn a_file_that_is_no_database_is_named() {
    let folder = testkit::servers::Folder::new();
    let path = folder.write("notes.txt", &"These are notes, not records. ".repeat(100));
    let error = Ledger::open(path.to_str().unwrap()).unwrap_err();
    assert!(error.to_string().contains("notes.txt"), "{error}");
    assert!(matches!(error, LedgerError::Unreachable { .. }), "{error}");
}
