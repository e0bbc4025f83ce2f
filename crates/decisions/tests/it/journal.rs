//! Journals: what was written is read, and what was changed is found.

use std::collections::BTreeMap;

use base::Digest;
use decisions::journal::{Bounced, Broken, Journal, Note, Noted, Told};
use decisions::{Content, ItemId};
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;

use crate::item::{Story, start};

fn item() -> ItemId {
    ItemId::new("A policy", &Content::of_text(Digest::of(b"t0")))
}

fn note(at: Timestamp, kind: u8, word: &str) -> Note {
    let what = match kind % 3 {
        0 => Noted::Event(Digest::of(word.as_bytes())),
        1 => Noted::Told(Told {
            channel: word.to_owned(),
            evidence: format!("250 {word}"),
            message: Digest::of(word.as_bytes()),
            to: vec![word.to_owned(); usize::from(kind / 3)],
        }),
        _ => Noted::Bounced(Bounced {
            channel: word.to_owned(),
            why: word.to_owned(),
            letter: format!("{word}.eml"),
        }),
    };
    Note {
        at,
        base: kind.is_multiple_of(2).then(|| "0123abcd".to_owned()),
        number: (kind == 3).then_some(7),
        what,
    }
}

fn journal(lines: u8) -> Journal {
    let at = |line: u8| start() + SignedDuration::from_secs(i64::from(line) * 60);
    Journal {
        notes: (0..lines)
            .map(|line| note(at(line), line, &format!("w{line}")))
            .collect(),
    }
}

fn parse(text: &str) -> Result<Journal, Broken> {
    Journal::parse(&item(), text)
}

/// The line that is named, and the number of the line that was damaged first.
fn named(text: &str, damaged: usize) -> Option<usize> {
    let broken = parse(text).err()?;
    assert_eq!(broken.path, format!("decisions/{}/events.jsonl", item()));
    assert!(!broken.what.is_empty() && !broken.what.ends_with('.'));
    // What a line says is held by the next one: it is that line or the one behind it.
    assert!(
        broken.line == damaged || broken.line == damaged + 1,
        "line {damaged} is damaged, and {} is named: {broken}",
        broken.line
    );
    Some(broken.line)
}

#[test]
fn a_byte_that_is_changed_is_found() {
    let whole = journal(6);
    let text = whole.text(&item()).unwrap();
    let lines = text.lines().count();
    for at in 0..text.len() {
        let damaged = 1 + text[..at].matches('\n').count();
        for flip in [0x01, 0x02, 0x20, 0x40, 0x7f] {
            let mut bytes = text.clone().into_bytes();
            bytes[at] ^= flip;
            let Ok(other) = String::from_utf8(bytes) else {
                continue;
            };
            let found = named(&other, damaged);
            if damaged < lines {
                assert!(found.is_some(), "byte {at} of line {damaged}");
            } else if let Ok(read) = parse(&other) {
                // Nothing in the file holds the last line: whoever knows it sees that it is another.
                assert!(!whole.is_continued_by(&read), "byte {at} of the last line");
            }
        }
    }
}

#[test]
fn a_line_that_is_gone_moved_or_doubled_is_found() {
    let whole = journal(6);
    let text = whole.text(&item()).unwrap();
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let without = |line: usize| [&lines[..line - 1], &lines[line..]].concat().concat();
    for line in 1..lines.len() {
        assert_eq!(named(&without(line), line), Some(line), "dropped {line}");
        let mut swapped = lines.clone();
        swapped.swap(line - 1, line);
        assert_eq!(named(&swapped.concat(), line), Some(line), "swapped {line}");
    }
    for line in 1..=lines.len() {
        let doubled = [&lines[..line], &lines[line - 1..]].concat().concat();
        assert_eq!(named(&doubled, line), Some(line + 1), "doubled {line}");
    }
    // Without its last lines a journal is a sound, earlier one: who knows the later one sees it.
    let cut = parse(&without(6)).unwrap();
    assert!(cut.is_continued_by(&whole));
    assert!(!whole.is_continued_by(&cut));
}

#[test]
fn a_text_that_is_cut_short_is_found_wherever_it_was_cut() {
    let text = journal(4).text(&item()).unwrap();
    for end in 0..text.len() {
        let cut = &text[..end];
        let whole_lines = cut.is_empty() || cut.ends_with('\n');
        assert_eq!(parse(cut).is_ok(), whole_lines, "cut at {end}");
        if !whole_lines {
            let line = 1 + cut.matches('\n').count();
            assert_eq!(named(cut, line), Some(line), "cut at {end}");
        }
    }
}

#[test]
fn what_is_put_before_a_lines_end_is_found() {
    let text = journal(3).text(&item()).unwrap();
    assert_eq!(named(&text.replace('\n', "\r\n"), 1), Some(1));
    assert_eq!(named(&text.replacen('\n', " \n", 1), 1), Some(1));
    assert_eq!(named(&format!("{text}\n"), 4), Some(4));
}

#[test]
fn the_lines_of_another_item_are_found() {
    let other = ItemId::new("Another", &Content::of_text(Digest::of(b"t0")));
    let broken = parse(&journal(3).text(&other).unwrap()).unwrap_err();
    assert_eq!(broken.line, 1);
    assert_eq!(broken.what, format!("this line is of {other}"));
}

#[test]
fn a_line_older_than_the_one_before_is_found() {
    let mut back = journal(3);
    back.notes.swap(0, 2);
    let broken = parse(&back.text(&item()).unwrap()).unwrap_err();
    assert_eq!(
        (broken.line, broken.what.as_str()),
        (2, "it is older than the line before")
    );
}

#[test]
fn notes_become_what_happened_and_those_without_their_event_are_named() {
    let story = Story::of(
        "{review: {count: 1, by: [reviewers]}, expires: 9h}",
        "0h - told a@example.org; 0h zoe proposes #p; 1h rex approve; 2h - bounced a@example.org",
    );
    let mut events = BTreeMap::new();
    let mut notes = Vec::new();
    for entry in &story.entries {
        let what = match &entry.what {
            decisions::item::Happened::Act(one) => {
                events.insert(*one.event.digest(), (**one).clone());
                Noted::Event(*one.event.digest())
            }
            decisions::item::Happened::Told { channel, evidence } => Noted::Told(Told {
                channel: channel.clone(),
                evidence: evidence.clone(),
                message: Digest::of(b"message"),
                to: Vec::new(),
            }),
            decisions::item::Happened::Bounced { channel, why } => Noted::Bounced(Bounced {
                channel: channel.clone(),
                why: why.clone(),
                letter: "1.eml".to_owned(),
            }),
            decisions::item::Happened::Down(_) => continue,
        };
        notes.push(Note {
            at: entry.at,
            base: None,
            number: None,
            what,
        });
    }
    let journal = Journal { notes };
    assert_eq!(
        journal.entries(&events),
        (story.entries.clone(), Vec::new())
    );
    let all: Vec<decisions::Event> = events.values().map(|one| one.event.clone()).collect();
    assert_eq!(journal.compare(&all), (Vec::new(), Vec::new()));
    let proposal = story.digest("p");
    events.remove(&proposal);
    assert_eq!(journal.entries(&events).1, [proposal]);
    let rest: Vec<decisions::Event> = events.values().map(|one| one.event.clone()).collect();
    assert_eq!(journal.compare(&rest), (vec![proposal], Vec::new()));
    assert_eq!(Journal::default().compare(&all).1.len(), 2);
}

proptest! {
    #[test]
    fn a_journal_reads_as_it_was_written(
        kinds in prop::collection::vec((0_u8..6, "\\PC{0,12}", 0_i64..100_000), 0..12), cut in 0_usize..12,
    ) {
        let mut at = start();
        let mut notes = Vec::new();
        for (kind, word, later) in kinds {
            at += SignedDuration::from_millis(later);
            notes.push(note(at, kind, &word));
        }
        let journal = Journal { notes };
        let text = journal.text(&item()).unwrap();
        prop_assert_eq!(parse(&text).unwrap(), journal.clone());
        prop_assert_eq!(text.lines().count(), journal.notes.len());
        let number = journal.notes.iter().find_map(|note| note.number);
        prop_assert_eq!(journal.number(), number);
        let early = Journal { notes: journal.notes[..cut.min(journal.notes.len())].to_vec() };
        prop_assert!(early.is_continued_by(&journal));
        prop_assert!(text.starts_with(&early.text(&item()).unwrap()));
        prop_assert_eq!(journal.is_continued_by(&early), early == journal);
    }

    #[test]
    fn no_text_makes_the_reader_panic(text in "\\PC{0,200}\n?") {
        let _ = parse(&text);
    }
}

#[test]
fn the_seed_of_the_fuzz_target_is_a_journal() {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../fuzz/seeds/journal/three.jsonl"
    );
    let text = std::fs::read_to_string(path).unwrap();
    let item: ItemId = "told-0a1b2c3d".parse().unwrap();
    let read = Journal::parse(&item, &text).unwrap();
    assert_eq!((read.notes.len(), read.number()), (3, Some(7)));
    assert_eq!(read.text(&item).unwrap(), text);
}
