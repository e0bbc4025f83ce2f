//! The ledger as files of JSON lines, for whoever verifies it without this portal.

use std::fmt::Write as _;

use serde_json::json;

use super::super::affairs::Recorded;

/// How many records are in a file.
pub(super) const PART: u64 = 1_000;
/// How many records are given in one file with all of them.
const WHOLE: u64 = 5_000;
const LINES: &str = "application/jsonl";

/// The paths of all files, with the first and the last record in each.
pub(super) fn paths(recorded: &Recorded) -> Vec<(String, u64, u64)> {
    let last = recorded.records.len() as u64;
    let mut all = Vec::new();
    if (1..=WHOLE).contains(&last) {
        all.push(("/ledger.jsonl".to_owned(), 1, last));
    } else {
        let starts = (0..).map(|part| part * PART + 1);
        for from in starts.take_while(|from| *from <= last) {
            let until = last.min(from + PART - 1);
            all.push((format!("/ledger/records-{from}.jsonl"), from, until));
        }
    }
    all
}

/// A file of the ledger.
pub(super) fn file(recorded: &Recorded, path: &str) -> Option<(&'static str, String)> {
    if path != "/ledger.jsonl" && !path.starts_with("/ledger/records-") {
        return None;
    }
    let mut all = paths(recorded).into_iter();
    let (_, from, until) = all.find(|(known, ..)| known == path)?;
    let mut text = String::new();
    for seq in from..=until {
        writeln!(text, "{}", line(recorded, seq)?).ok()?;
    }
    Some((LINES, text))
}

/// A record as it is written; what is not for everybody leaves only how it is chained.
fn line(recorded: &Recorded, seq: u64) -> Option<String> {
    let said = recorded.said(seq)?;
    if said.private.is_some() {
        let prev = match seq.checked_sub(1).and_then(|before| recorded.said(before)) {
            Some(before) => before.digest,
            None => ledger::Head::genesis().digest,
        };
        let bare = json!({
            "digest": said.digest,
            "kind": said.kind,
            "prev": prev,
            "seq": seq,
            "withheld": true,
        });
        return Some(bare.to_string());
    }
    recorded
        .record(seq)
        .ok()
        .flatten()
        .map(|record| record.line())
}

/// What verifies the files with nothing but Python.
pub(super) const SNIPPET: &str = r#"python3 - ledger.jsonl <<'END'
import hashlib, json, sys
digest = lambda text: "sha256:" + hashlib.sha256(text.encode()).hexdigest()
last, count, withheld = digest("commonhold ledger 1"), 0, 0
for line in open(sys.argv[1], encoding="utf-8"):
    record = json.loads(line)
    count += 1
    said = record.pop("digest")
    if (record["prev"], record["seq"]) != (last, count):
        sys.exit(f"record {count} does not follow the one before it")
    if record.get("withheld"):
        withheld += 1
    elif digest(json.dumps(record, ensure_ascii=False, separators=(",", ":"), sort_keys=True)) != said:
        sys.exit(f"record {count} was changed")
    last = said
print(f"{count} records follow each other, {withheld} of them withheld; the last is {last}")
END"#;
