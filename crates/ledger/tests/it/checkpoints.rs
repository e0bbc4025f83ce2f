//! Signed checkpoints show what the chain alone cannot: a cut tail, a ledger written anew.

use std::convert::Infallible;

use base::Digest;
use ledger::{Against, Checkpoint, Entry, Ledger, LedgerError, SignedCheckpoint};
use serde_json::json;

use crate::engine::{AT, Engine, entry};

on_both_engines!(
    a_checkpoint_is_signed_recorded_and_checked,
    a_checkpoint_with_a_wrong_signature_is_a_bad_record,
    a_cut_tail_is_found_by_a_checkpoint_from_outside,
    a_ledger_written_anew_is_found_by_a_checkpoint_from_outside,
    a_checkpoint_from_outside_that_is_not_trusted_says_nothing_of_the_ledger,
    a_checkpoint_is_signed_again_when_others_append_meanwhile,
    what_the_signer_says_is_told,
);

/// Stands for a signature: only who knows the word can make it.
fn signature(text: &str) -> String {
    Digest::of(format!("our secret {text}").as_bytes()).to_string()
}

const SIGN: fn(&str) -> Result<String, Infallible> = |text| Ok(signature(text));

fn check(text: &str, given: &str) -> Result<(), String> {
    if given == signature(text) {
        Ok(())
    } else {
        Err("it is of another key".to_owned())
    }
}

fn checked(checkpoints: &[SignedCheckpoint]) -> Against<'_> {
    Against {
        checkpoints,
        checker: Some(&check),
    }
}

fn checkpoint(ledger: &mut Ledger) -> SignedCheckpoint {
    let record = ledger.checkpoint(AT, "service:ledger", SIGN).unwrap();
    SignedCheckpoint::of_record(&record).unwrap()
}

fn a_checkpoint_is_signed_recorded_and_checked(engine: &Engine) {
    let mut ledger = engine.open();
    let empty = checkpoint(&mut ledger);
    assert_eq!(empty.checkpoint.seq, 0);
    ledger.append_all(&[entry(2), entry(3)]).unwrap();
    let head = ledger.head().unwrap();
    let signed = checkpoint(&mut ledger);
    let expected = Checkpoint {
        at: AT.to_owned(),
        head: head.digest,
        seq: 3,
    };
    assert_eq!(signed.checkpoint, expected);
    assert_eq!(
        expected.text(),
        format!(r#"{{"at":"{AT}","head":"{}","seq":3}}"#, head.digest)
    );
    assert_eq!(SignedCheckpoint::parse(&signed.text()).unwrap(), signed);
    assert_eq!(ledger.last().unwrap().unwrap().kind(), "ledger.checkpoint");
    let summary = ledger.verify(checked(&[signed, empty])).unwrap();
    assert_eq!((summary.records, summary.checkpoints), (4, 4));
}

fn a_checkpoint_with_a_wrong_signature_is_a_bad_record(engine: &Engine) {
    let mut ledger = engine.filled(2);
    let forge = |_: &str| Ok::<_, Infallible>("forged".to_owned());
    ledger.checkpoint(AT, "service:ledger", forge).unwrap();
    assert!(ledger.verify(Against::default()).is_ok());
    let error = ledger.verify(checked(&[])).unwrap_err();
    assert_eq!(
        error.to_string(),
        "record 3 of the ledger is bad: the signature of its checkpoint: it is of another key"
    );
}

fn a_cut_tail_is_found_by_a_checkpoint_from_outside(engine: &Engine) {
    let mut ledger = engine.filled(57);
    let kept = [checkpoint(&mut ledger)];
    engine.tamper("DELETE FROM ledger_records WHERE seq > 41");
    assert!(ledger.verify(Against::default()).is_ok());
    let error = ledger.verify(checked(&kept)).unwrap_err();
    assert!(matches!(error, LedgerError::Corrupt { seq: 42, .. }));
    assert!(
        error
            .to_string()
            .ends_with("the ledger ends at 41, the checkpoint of 2026-09-01T10:00:00.123Z says 57"),
        "{error}"
    );
    engine.tamper("DELETE FROM ledger_records");
    let error = ledger.verify(checked(&kept)).unwrap_err();
    assert!(error.to_string().contains("the ledger is empty"), "{error}");
}

fn a_ledger_written_anew_is_found_by_a_checkpoint_from_outside(engine: &Engine) {
    let other = Engine::sqlite();
    let kept = [checkpoint(&mut other.filled(10))];
    let mut entries: Vec<Entry> = (1..=12).map(entry).collect();
    "person:eve".clone_into(&mut entries[3].actor);
    let mut ledger = engine.open();
    ledger.append_all(&entries).unwrap();
    assert!(ledger.verify(Against::default()).is_ok());
    let error = ledger.verify(checked(&kept)).unwrap_err();
    assert!(
        matches!(error, LedgerError::Corrupt { seq: 10, .. }),
        "{error}"
    );
    assert!(error.to_string().contains("was rewritten"), "{error}");
}

fn a_checkpoint_from_outside_that_is_not_trusted_says_nothing_of_the_ledger(engine: &Engine) {
    let mut ledger = engine.filled(3);
    let mut kept = [checkpoint(&mut ledger)];
    kept[0].checkpoint.seq = 2;
    let error = ledger.verify(checked(&kept)).unwrap_err();
    assert!(
        matches!(error, LedgerError::BadCheckpoint { seq: 2, .. }),
        "{error}"
    );
}

fn a_checkpoint_is_signed_again_when_others_append_meanwhile(engine: &Engine) {
    let mut ledger = engine.filled(2);
    let mut other = engine.open();
    let mut calls = 0;
    let slow = |text: &str| {
        calls += 1;
        if calls < 3 {
            other
                .append(AT, "gate", "person:bob", json!(calls))
                .unwrap();
        }
        SIGN(text)
    };
    let record = ledger.checkpoint(AT, "service:ledger", slow).unwrap();
    assert_eq!((calls, record.seq()), (3, 5));
    assert_eq!(ledger.verify(checked(&[])).unwrap().checkpoints, 1);
    let restless = |text: &str| {
        other.append(AT, "gate", "person:bob", json!(1)).unwrap();
        SIGN(text)
    };
    let error = ledger
        .checkpoint(AT, "service:ledger", restless)
        .unwrap_err();
    assert!(matches!(error, LedgerError::Busy { .. }), "{error}");
}

fn what_the_signer_says_is_told(engine: &Engine) {
    let mut ledger = engine.filled(2);
    let error = ledger
        .checkpoint(AT, "service:ledger", |_| Err("no agent"))
        .unwrap_err();
    let source = std::error::Error::source(&error).unwrap().to_string();
    assert_eq!(source, "no agent");
    assert_eq!(ledger.head().unwrap().seq, 2);
}
