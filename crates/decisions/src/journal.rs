//! `events.jsonl`: what the intake wrote down of one item, each line held by the next.
//!
//! The signed events lie beside it, one a file. The journal says which of them were received,
//! when, in which order, and under which commit's people and charter; and what the
//! intake itself did and saw: who was told, and what came back. A line is canonical JSON
//! (RFC 8785) and holds the digest of the line before, the first that of the item's name.
//!
//! It is a copy of what the ledger holds of the item: a clone of the repository is enough to
//! judge the item anew. What is cut off its end, a signed event without a line or an older
//! commit of the same file shows.

use std::collections::{BTreeMap, BTreeSet};

use base::{Digest, canonical};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::clock::Outage;
use crate::event::Event;
use crate::item::{Entry, Happened};
use crate::names::ItemId;
use crate::read::FOLDER;
use crate::roster::Attributed;

/// The version of the format; the only one.
const VERSION: u32 = 1;

/// What a line says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Noted {
    /// An event was received.
    Event(Digest),
    /// A channel confirmed that it was told.
    Told(Told),
    /// What a channel had confirmed came back.
    Bounced(Bounced),
    /// Nothing could be received for some time.
    Down(Down),
}

/// A channel confirmed that it was told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Told {
    /// Which channel, as the procedure calls it.
    pub channel: String,
    /// What the channel answered.
    pub evidence: String,
    /// The digest of the message.
    pub message: Digest,
    /// The mail addresses that it went to; none for other ways than mail.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub to: Vec<String>,
}

/// What a channel had confirmed came back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bounced {
    /// Which channel.
    pub channel: String,
    /// What is known of it.
    pub why: String,
    /// The file of the mail that says so, by which it is known should it be read again.
    pub letter: String,
}

/// Nothing could be received for some time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Down {
    /// The first instant of it.
    pub from: Timestamp,
    /// The first instant at which something could be received again.
    pub until: Timestamp,
    /// Why.
    pub why: String,
}

/// Something that the intake wrote down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// When.
    pub at: Timestamp,
    /// The commit whose people and charter were in force.
    pub base: Option<String>,
    /// The number that the item was given with it.
    pub number: Option<u32>,
    /// What.
    pub what: Noted,
}

/// A line as it is written.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    v: u32,
    item: ItemId,
    seq: u64,
    prev: Digest,
    at: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    base: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    number: Option<u32>,
    what: Noted,
}

/// The journal of one item.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Journal {
    /// What was noted, in order.
    pub notes: Vec<Note>,
}

/// What is wrong with a journal: the first line that is not as it was written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{path}:{line}: {what}")]
pub struct Broken {
    /// The file.
    pub path: String,
    /// The line, from 1.
    pub line: usize,
    /// What is wrong, as a sentence without a full stop.
    pub what: String,
}

impl Journal {
    /// Where the journal of an item lies.
    pub fn path(item: &ItemId) -> String {
        format!("{FOLDER}/{item}/events.jsonl")
    }

    /// The number of the item, once it has one.
    pub fn number(&self) -> Option<u32> {
        self.notes.iter().find_map(|note| note.number)
    }

    /// The digest of each of its lines.
    ///
    /// # Errors
    /// A line cannot be written, which does not happen to what was read.
    pub fn heads(&self, item: &ItemId) -> Result<Vec<Digest>, serde_json::Error> {
        let text = self.text(item)?;
        Ok(text
            .lines()
            .map(|line| Digest::of(line.as_bytes()))
            .collect())
    }

    /// What its file holds.
    ///
    /// # Errors
    /// A line cannot be written, which does not happen to what was read.
    pub fn text(&self, item: &ItemId) -> Result<String, serde_json::Error> {
        let mut text = String::new();
        let mut prev = first(item);
        for (at, note) in self.notes.iter().enumerate() {
            let line = canonical(&Line {
                v: VERSION,
                item: item.clone(),
                seq: at as u64 + 1,
                prev,
                at: note.at,
                base: note.base.clone(),
                number: note.number,
                what: note.what.clone(),
            })?;
            prev = Digest::of(line.as_bytes());
            text += &line;
            text.push('\n');
        }
        Ok(text)
    }

    /// Reads a journal.
    ///
    /// # Errors
    /// The first line that was changed, left out, moved or cut short.
    pub fn parse(item: &ItemId, text: &str) -> Result<Self, Broken> {
        let mut journal = Self::default();
        let mut prev = first(item);
        let broken = |line: usize, what: &str| Broken {
            path: Self::path(item),
            line,
            what: what.to_owned(),
        };
        if !text.is_empty() && !text.ends_with('\n') {
            return Err(broken(text.lines().count(), "the last line is cut short"));
        }
        // No `lines()`: that would pass over what was put before a line's end.
        for (at, line) in text.split_terminator('\n').enumerate() {
            let number = at + 1;
            let read: Line = serde_json::from_str(line).map_err(|error| {
                broken(number, &format!("this is no line of a journal: {error}"))
            })?;
            if canonical(&read).ok().as_deref() != Some(line) || read.v != VERSION {
                return Err(broken(number, "this is not as the program writes it"));
            }
            if read.item != *item {
                return Err(broken(number, &format!("this line is of {}", read.item)));
            }
            if read.seq != number as u64 || read.prev != prev {
                let what = "it does not follow the line before: a line was changed, left out or moved, here or above";
                return Err(broken(number, what));
            }
            if journal.notes.last().is_some_and(|last| last.at > read.at) {
                return Err(broken(number, "it is older than the line before"));
            }
            prev = Digest::of(line.as_bytes());
            journal.notes.push(Note {
                at: read.at,
                base: read.base,
                number: read.number,
                what: read.what,
            });
        }
        Ok(journal)
    }

    /// What happened, with the events that the notes speak of; and those notes whose event is gone.
    pub fn entries(&self, events: &BTreeMap<Digest, Attributed>) -> (Vec<Entry>, Vec<Digest>) {
        let (mut entries, mut gone) = (Vec::new(), Vec::new());
        for note in &self.notes {
            let what = match &note.what {
                Noted::Event(digest) => {
                    let Some(one) = events.get(digest) else {
                        gone.push(*digest);
                        continue;
                    };
                    Happened::Act(Box::new(one.clone()))
                }
                Noted::Told(told) => Happened::Told {
                    channel: told.channel.clone(),
                    evidence: told.evidence.clone(),
                },
                Noted::Bounced(bounced) => Happened::Bounced {
                    channel: bounced.channel.clone(),
                    why: bounced.why.clone(),
                },
                Noted::Down(down) => Happened::Down(Outage {
                    from: down.from,
                    until: down.until,
                }),
            };
            entries.push(Entry { at: note.at, what });
        }
        (entries, gone)
    }

    /// What is not as it was: events that were received and are gone, and events that lie
    /// there and were never received.
    pub fn compare(&self, events: &[Event]) -> (Vec<Digest>, Vec<Digest>) {
        let there: BTreeSet<Digest> = events.iter().map(|event| *event.digest()).collect();
        let noted = self.notes.iter().filter_map(|note| match &note.what {
            Noted::Event(digest) => Some(*digest),
            _ => None,
        });
        let noted: BTreeSet<Digest> = noted.collect();
        let gone = noted.difference(&there).copied().collect();
        let unreceived = there.difference(&noted).copied().collect();
        (gone, unreceived)
    }

    /// Whether another journal is this one, or this one continued.
    pub fn is_continued_by(&self, later: &Self) -> bool {
        later.notes.starts_with(&self.notes)
    }
}

/// What the first line holds.
fn first(item: &ItemId) -> Digest {
    Digest::of(item.as_str().as_bytes())
}
