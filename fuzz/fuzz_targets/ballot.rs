#![no_main]
//! Any text as a board of a blind poll, as a ballot that is posted, as a registrar's key and
//! as a receipt secret; any ranks as a ballot.

use ballot_box::blind::{Against, Credential, Post, PublicKey, SecretKey, verify_board};
use ballot_box::{Poll, ReceiptSecret};
use commonhold_fuzz::base64;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|octets: &[u8]| {
    let _ = PublicKey::of_modulus(octets.to_vec());
    let key = format!(
        r#"{{"form":"commonhold-registrar-key/1","modulus":"{0}","exponent":"{0}"}}"#,
        base64(octets)
    );
    let _ = SecretKey::of_text(&key);
    let Ok(text) = std::str::from_utf8(octets) else {
        return;
    };
    if let Ok(found) = verify_board(text, Against::default()) {
        let against = Against {
            closing: Some(&found.closing),
            receipts: &found.receipts,
        };
        assert_eq!(verify_board(text, against).as_ref(), Ok(&found));
    }
    if let Ok(secret) = ReceiptSecret::of_text(text) {
        assert_eq!(secret.text(), text.trim());
    }
    if let Ok(post) = serde_json::from_str::<Post>(text) {
        assert!(post.receipt().to_string().starts_with("sha256:"));
    }
    let _ = serde_json::from_str::<Credential>(text);
    ballot(text);
});

/// The first line as a poll, the others as candidates with ranks.
fn ballot(text: &str) {
    let mut lines = text.lines();
    let Some(Ok(poll)) = lines.next().map(serde_json::from_str::<Poll>) else {
        return;
    };
    let choices: Vec<(&str, i64)> = lines
        .filter_map(|line| {
            let (candidate, rank) = line.rsplit_once('=')?;
            Some((candidate, rank.parse().ok()?))
        })
        .collect();
    if poll.check().is_ok()
        && let Ok(ranks) = poll.ranks(&choices)
    {
        assert_eq!(ranks.len(), poll.candidates.len());
        assert_eq!(poll.check_ranks(&ranks), Ok(()));
    }
}
