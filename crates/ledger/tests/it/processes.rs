//! Processes that hold a lock or append, and are killed.

use std::env;
use std::io::{BufRead, BufReader, Read as _, stdin};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use ledger::{Against, Ledger, LedgerError};
use serde_json::json;
use testkit::servers::postgres::Postgres;
use testkit::servers::{or_skip, wait_until};

use crate::engine::{AT, Engine};

on_both_engines!(
    a_lock_keeps_others_out_until_it_is_dropped,
    a_lock_ends_with_its_killed_process,
    a_killed_writer_leaves_a_whole_chain_with_all_it_was_told,
);

const TASK: &str = "LEDGER_TEST_TASK";
const URL: &str = "LEDGER_TEST_URL";
const DEADLINE: Duration = Duration::from_secs(30);

fn a_lock_keeps_others_out_until_it_is_dropped(engine: &Engine) {
    let (mut one, mut other) = (engine.open(), engine.open());
    let mut guard = one.lock("dns a.example").unwrap();
    for ledger in [&mut one, &mut other] {
        let error = ledger.lock("dns a.example").unwrap_err();
        assert!(matches!(error, LedgerError::Busy { .. }), "{error}");
        assert!(error.to_string().contains("`dns a.example`"), "{error}");
    }
    let _beside = other.lock("dns b.example").unwrap();
    one.append(AT, "gate", "person:ada", json!(1)).unwrap();
    assert!(guard.holds());
    assert_eq!(guard.name(), "dns a.example");
    drop(guard);
    other.lock("dns a.example").unwrap();
}

fn a_lock_ends_with_its_killed_process(engine: &Engine) {
    let mut ledger = engine.open();
    let (mut child, mut lines) = start("hold-lock", engine);
    assert_eq!(next_number(&mut lines), 1);
    let error = ledger.lock("dns a.example").unwrap_err();
    assert!(matches!(error, LedgerError::Busy { .. }), "{error}");
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(wait_until(DEADLINE, || ledger
        .lock("dns a.example")
        .is_ok()));
}

fn a_killed_writer_leaves_a_whole_chain_with_all_it_was_told(engine: &Engine) {
    let mut told = 0;
    for round in 1..=5 {
        let (mut child, mut lines) = start("append", engine);
        while told < round * 20 {
            told = next_number(&mut lines);
        }
        child.kill().unwrap();
        child.wait().unwrap();
        let mut ledger = engine.open();
        let records = ledger.verify(Against::default()).unwrap().records;
        assert!(records >= told, "{records} records, but {told} were done");
    }
}

#[test]
fn a_crashed_server_loses_no_record_and_ends_its_locks() {
    let Some(mut server) = or_skip(Postgres::start()) else {
        return;
    };
    let mut ledger = Ledger::open(&server.url()).unwrap();
    let mut guard = ledger.lock("zone").unwrap();
    let record = ledger.append(AT, "gate", "person:ada", json!(1)).unwrap();
    server.crash();
    let error = ledger
        .append(AT, "gate", "person:ada", json!(2))
        .unwrap_err();
    assert!(matches!(error, LedgerError::Unreachable { .. }), "{error}");
    assert!(!guard.holds());
    server.start_again();
    let mut ledger = Ledger::open(&server.url()).unwrap();
    assert_eq!(
        ledger.verify(Against::default()).unwrap().head,
        record.head()
    );
    ledger.lock("zone").unwrap();
}

/// What a child process does: this program, started again with a task in its environment.
#[test]
#[ignore = "it is the child of other tests"]
fn child() {
    let (Ok(task), Ok(url)) = (env::var(TASK), env::var(URL)) else {
        return;
    };
    let mut ledger = Ledger::open(&url).unwrap();
    if task == "hold-lock" {
        let _guard = ledger.lock("dns a.example").unwrap();
        println!("done 1");
        // Until the parent ends us, or ends itself.
        let _ = stdin().read(&mut [0]);
        return;
    }
    for step in 0..1_000_000 {
        let record = ledger
            .append(AT, "gate", "person:ada", json!(step))
            .unwrap();
        println!("done {}", record.seq());
    }
}

fn start(task: &str, engine: &Engine) -> (Child, impl BufRead) {
    let mut child = Command::new(env::current_exe().unwrap())
        .args(["--exact", "processes::child", "--ignored", "--nocapture"])
        .env(TASK, task)
        .env(URL, engine.url())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let output = BufReader::new(child.stdout.take().unwrap());
    (child, output)
}

/// The number in the next line that the child's task wrote.
fn next_number(lines: &mut impl BufRead) -> u64 {
    loop {
        let mut line = String::new();
        assert_ne!(lines.read_line(&mut line).unwrap(), 0, "the child ended");
        // The test program may have begun the line.
        if let Some((_, number)) = line.trim_end().split_once("done ") {
            return number.parse().unwrap();
        }
    }
}
