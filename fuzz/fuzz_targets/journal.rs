#![no_main]
//! Any text as the journal of an item, and as the words of its notes; what was read is
//! written, and must read the same.

use base::Digest;
use decisions::ItemId;
use decisions::journal::{Journal, Note, Noted, Told};
use jiff::Timestamp;
use libfuzzer_sys::fuzz_target;

/// The item of `seeds/journal`.
const ITEM: &str = "told-0a1b2c3d";

fuzz_target!(|text: &str| {
    let Ok(item) = ITEM.parse::<ItemId>() else {
        return;
    };
    match Journal::parse(&item, text) {
        Ok(journal) => {
            assert_eq!(journal.text(&item).ok().as_deref(), Some(text));
            assert!(journal.is_continued_by(&journal));
        }
        Err(broken) => assert!((1..=text.lines().count() + 1).contains(&broken.line)),
    }
    let words: Vec<&str> = text.lines().collect();
    let notes = words.iter().map(|word| told(word));
    let journal = Journal {
        notes: notes.collect(),
    };
    let Ok(written) = journal.text(&item) else {
        return;
    };
    assert_eq!(Journal::parse(&item, &written).as_ref(), Ok(&journal));
    // Without its last line it is a journal that this one continues.
    let end = written
        .trim_end_matches('\n')
        .rfind('\n')
        .map_or(0, |at| at + 1);
    if let Ok(earlier) = Journal::parse(&item, &written[..end]) {
        assert!(earlier.is_continued_by(&journal));
    }
});

fn told(word: &str) -> Note {
    Note {
        at: Timestamp::UNIX_EPOCH,
        base: None,
        number: None,
        what: Noted::Told(Told {
            channel: word.to_owned(),
            evidence: word.to_owned(),
            message: Digest::of(word.as_bytes()),
            to: Vec::new(),
        }),
    }
}
