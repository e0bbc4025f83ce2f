#![no_main]
//! Any text as lines of an exported ledger, and as the body of a record whose digest is right.

use base::Digest;
use ledger::{Against, Head, parse_line, verify_lines};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    for line in text.lines() {
        same(line);
    }
    if let Ok(found) = verify_lines(text.as_bytes(), Against::default()) {
        assert_eq!(usize::try_from(found.records), Ok(text.lines().count()));
    }

    let body = text.trim_end_matches('\n');
    let record = |digest: &str| {
        let prev = Head::genesis().digest;
        format!(
            r#"{{"actor":"ada","at":"2026-09-01T10:00:00.123Z","body":{body},{digest}"kind":"a.b","prev":"{prev}","seq":1}}"#
        )
    };
    let digest = Digest::of(record("").as_bytes());
    let line = record(&format!("\"digest\":\"{digest}\","));
    if same(&line) {
        let found = verify_lines(line.as_bytes(), Against::default());
        assert!(found.is_ok_and(|found| found.records == 1));
    }
});

/// Whether a line is a record; one that is has no other line.
fn same(line: &str) -> bool {
    let record = parse_line(line);
    if let Ok(record) = &record {
        assert_eq!(record.line(), line);
    }
    record.is_ok()
}
