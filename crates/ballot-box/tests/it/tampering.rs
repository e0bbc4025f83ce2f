//! A board of which one entry was dropped, added, changed or moved.

use std::sync::OnceLock;

use ballot_box::blind::{Against, Fault, verify_board};
use ballot_box::{Closing, Privacy};
use base::{Digest, canonical};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::setting::{Place, VOTERS, credential, during, poll};

const ENTRIES: usize = 7;

struct Board {
    lines: Vec<String>,
    closing: Closing,
    receipts: Vec<Digest>,
    /// A sound post of a voter whose ballot is not on the board.
    spare: Value,
}

/// Five voters, one of whom voted again and one took it back; a sixth has a token.
fn board() -> &'static Board {
    static BOARD: OnceLock<Board> = OnceLock::new();
    BOARD.get_or_init(|| {
        let blind = poll(Privacy::Blind);
        let place = Place::new();
        let mut ballots = place.create(&blind);
        let mut voters = VOTERS.map(|voter| credential(&mut ballots, voter));
        for (at, rank) in [(0, 1), (1, 2), (2, 3), (0, 4), (3, 5), (4, 6), (1, 0)] {
            let ballot = (rank > 0).then(|| vec![rank, 2, 0]);
            let post = voters[at].post(&blind, ballot).unwrap();
            ballots.post(&post, during()).unwrap();
        }
        let spare = voters[5].post(&blind, Some(vec![1, 1, 1])).unwrap();
        let receipts = ballots.receipts().unwrap();
        let closing = ballots.close(blind.closes_at).unwrap();
        let lines: Vec<_> = ballots
            .board()
            .unwrap()
            .lines()
            .map(str::to_owned)
            .collect();
        assert_eq!(lines.len(), ENTRIES + 1);
        Board {
            lines,
            closing,
            receipts,
            spare: serde_json::to_value(spare).unwrap(),
        }
    })
}

/// The faults of these lines, held against the closing.
fn faults(lines: &[String]) -> Vec<Fault> {
    let against = Against {
        closing: Some(&board().closing),
        receipts: &[],
    };
    verify_board(&lines.join("\n"), against).unwrap_err()
}

/// Whether a fault names this entry with these words.
fn named(faults: &[Fault], entry: usize, words: &str) -> bool {
    let entry = Some(entry as u64);
    faults
        .iter()
        .any(|fault| fault.entry == entry && fault.what.contains(words))
}

/// Gives every entry a number, a predecessor and a digest as whoever keeps the board could.
fn chained_anew(lines: &[String]) -> Vec<String> {
    let first: Value = serde_json::from_str(&board().lines[1]).unwrap();
    let mut prev = first["prev"].clone();
    let mut chained = vec![lines[0].clone()];
    for (at, line) in lines[1..].iter().enumerate() {
        let entry: Value = serde_json::from_str(line).unwrap();
        let mut entry = json!({ "post": entry["post"], "prev": prev, "seq": at + 1 });
        entry["digest"] = json!(Digest::of_json(&entry).unwrap());
        prev = entry["digest"].clone();
        chained.push(canonical(&entry).unwrap());
    }
    chained
}

fn with_rank(line: &str, rank: u32) -> String {
    let mut entry: Value = serde_json::from_str(line).unwrap();
    entry["post"]["ballot"] = json!([rank, 2, 0]);
    canonical(&entry).unwrap()
}

#[test]
fn the_board_as_it_was_closed_is_whole() {
    let Board {
        lines,
        closing,
        receipts,
        ..
    } = board();
    let against = Against {
        closing: Some(closing),
        receipts,
    };
    let found = verify_board(&lines.join("\n"), against).unwrap();
    assert_eq!((found.closing.took_part, found.closing.ballots), (5, 4));
    assert_eq!(chained_anew(lines), *lines);
}

#[test]
fn a_dropped_entry_is_named() {
    for entry in 1..=ENTRIES {
        let mut lines = board().lines.clone();
        lines.remove(entry);
        let found = faults(&lines);
        assert!(named(&found, entry, "it is missing"), "{found:?}");
        assert_eq!(found.len(), 1, "{found:?}");
    }
}

#[test]
fn a_cut_tail_is_named() {
    for kept in 0..ENTRIES {
        let found = faults(&board().lines[..=kept]);
        assert!(named(&found, kept + 1, "it is missing"), "{found:?}");
    }
}

#[test]
fn a_changed_entry_is_named() {
    for entry in 1..=ENTRIES {
        let mut lines = board().lines.clone();
        lines[entry] = with_rank(&lines[entry], 99);
        let found = faults(&lines);
        assert!(named(&found, entry, "it was changed"), "{found:?}");
        // Also by somebody who makes the chain whole again.
        let found = faults(&chained_anew(&lines));
        assert!(
            named(&found, entry, "not signed with the token's key"),
            "{found:?}"
        );
    }
}

#[test]
fn two_entries_in_another_order_are_named() {
    for entry in 1..ENTRIES {
        let mut lines = board().lines.clone();
        lines.swap(entry, entry + 1);
        let found = faults(&lines);
        assert!(named(&found, entry + 1, "where entry"), "{found:?}");
        assert!(named(&found, entry, "behind"), "{found:?}");
    }
}

#[test]
fn an_added_entry_is_named() {
    for entry in 1..=ENTRIES + 1 {
        // The ballot of somebody else once more.
        let mut lines = board().lines.clone();
        lines.insert(entry, lines[1 + entry % ENTRIES].clone());
        assert!(!faults(&lines).is_empty());
        assert!(!faults(&chained_anew(&lines)).is_empty());
        // A sound ballot of one who did not vote.
        let mut lines = board().lines.clone();
        let added = json!({
            "post": board().spare,
            "prev": Digest::of(b""),
            "seq": entry,
            "digest": Digest::of(b""),
        });
        lines.insert(entry, canonical(&added).unwrap());
        let found = faults(&lines);
        assert!(named(&found, entry, "it was changed"), "{found:?}");
    }
}

#[test]
fn with_the_receipts_a_board_that_was_written_anew_names_the_ballot() {
    let Board {
        lines,
        closing,
        receipts,
        spare,
    } = board();
    let against = Against {
        closing: Some(closing),
        receipts,
    };
    let faults = |lines: &[String]| {
        let lines = chained_anew(lines).join("\n");
        verify_board(&lines, against).unwrap_err()
    };
    for entry in 1..=ENTRIES {
        let mut dropped = lines.clone();
        dropped.remove(entry);
        let found = faults(&dropped);
        let receipt = receipts[entry - 1].to_string();
        assert!(found.iter().any(|fault| fault.what.contains(&receipt)));
        let mut added = lines.clone();
        added.insert(entry, json!({ "post": spare }).to_string());
        assert!(named(&faults(&added), entry, "none of those"));
        if entry < ENTRIES {
            let mut swapped = lines.clone();
            swapped.swap(entry, entry + 1);
            let found = faults(&swapped);
            assert!(named(&found, entry, "was published after"), "{found:?}");
        }
    }
}

#[test]
fn other_voters_or_takers_are_found() {
    let change = |field: &str| {
        let mut header: Value = serde_json::from_str(&board().lines[0]).unwrap();
        header[field].as_array_mut().unwrap().pop();
        let mut lines = board().lines.clone();
        lines[0] = canonical(&header).unwrap();
        faults(&lines)
    };
    let found = change("takers");
    assert!(found[0].what.contains("number of voters"), "{found:?}");
    let found = change("voters");
    assert!(found[0].what.contains("is no voter"), "{found:?}");
}

proptest! {
    #[test]
    fn no_byte_of_a_board_can_be_changed_unseen(at: prop::sample::Index, to in 0x20_u8..0x7f) {
        let mut bytes = board().lines.join("\n").into_bytes();
        let at = at.index(bytes.len());
        prop_assume!(bytes[at] != to && bytes[at] != b'\n');
        bytes[at] = to;
        let text = String::from_utf8(bytes).unwrap();
        let against = Against { closing: Some(&board().closing), receipts: &[] };
        prop_assert!(verify_board(&text, against).is_err());
    }
}
