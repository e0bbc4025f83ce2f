//! What the ledger holds of items that are texts: events received, channels told, what came back.

use std::collections::BTreeMap;

use decisions::journal::{Bounced, Down, Journal as ItemJournal, Note, Noted, Told};
use decisions::{Act, Attributed, ItemId};
use ledger::{Guard, Ledger, LedgerError, Record};
use serde::{Deserialize, Serialize};

use super::history::{body, instant};
use super::{RECEIVED, Received};

/// A channel confirmed that it was told of an item.
pub const TOLD: &str = "decision.told";
/// What a channel had confirmed came back.
pub const BOUNCED: &str = "decision.bounced";
/// Nothing could be received for some time; it concerns all items.
pub const DOWN: &str = "decision.outage";
/// A message about an item was sent that nothing depends on: a reminder, a last call, a closing.
pub const SENT: &str = "decision.sent";

/// The intake was at work, though nothing came in.
pub const BEAT: &str = "decision.beat";
/// How long the intake may be silent in the ledger while it is at work.
const BEAT_EVERY: jiff::SignedDuration = jiff::SignedDuration::from_hours(1);

/// When anything was last written down.
///
/// # Errors
/// The ledger cannot be read, or is not what was written.
pub fn last_at(ledger: &mut Ledger) -> Result<Option<jiff::Timestamp>, LedgerError> {
    ledger.last()?.map(|record| instant(&record)).transpose()
}

/// Something about an item, as the ledger holds it.
#[derive(Debug, Serialize, Deserialize)]
struct About<T> {
    item: ItemId,
    base: String,
    #[serde(flatten)]
    what: T,
}

/// A message that nothing depends on.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sent {
    /// The item.
    pub item: ItemId,
    /// To which channel.
    pub channel: String,
    /// What it said: the state of the item, and since when.
    pub about: String,
}

/// The journals of items, by their ids.
pub type Journals = BTreeMap<ItemId, ItemJournal>;

/// The journals of all items that are texts.
///
/// # Errors
/// The ledger cannot be read, or is not what was written.
pub fn journals(ledger: &mut Ledger) -> Result<Journals, LedgerError> {
    let mut journals = Journals::new();
    for record in ledger.records_of(0, "decision") {
        file(&record?, &mut journals)?;
    }
    Ok(journals)
}

/// Messages that were sent.
///
/// # Errors
/// The ledger cannot be read, or is not what was written.
pub fn sent(ledger: &mut Ledger) -> Result<Vec<Sent>, LedgerError> {
    let records = ledger.records_of(0, SENT);
    records.map(|record| body(&record?)).collect()
}

/// Puts a record where it belongs: into the journal of its item, or into all of them.
fn file(record: &Record, journals: &mut Journals) -> Result<(), LedgerError> {
    if let Some((item, note)) = note(record)? {
        journals.entry(item).or_default().notes.push(note);
    }
    if record.kind() == DOWN {
        let down: Down = body(record)?;
        for journal in journals.values_mut() {
            journal.notes.push(Note {
                at: instant(record)?,
                base: None,
                number: None,
                what: Noted::Down(down.clone()),
            });
        }
    }
    Ok(())
}

fn note(record: &Record) -> Result<Option<(ItemId, Note)>, LedgerError> {
    let at = instant(record)?;
    let of_intake = |item: ItemId, base: String, what: Noted| {
        let (base, number) = (Some(base), None);
        Some((
            item,
            Note {
                at,
                base,
                number,
                what,
            },
        ))
    };
    Ok(match record.kind() {
        RECEIVED => {
            let received: Received = body(record)?;
            let item = received
                .path
                .split('/')
                .nth(1)
                .and_then(|item| item.parse().ok());
            let base = received.base;
            item.filter(|_| base.is_some()).map(|item: ItemId| {
                let what = Noted::Event(received.event);
                let number = received.number;
                (
                    item,
                    Note {
                        at,
                        base,
                        number,
                        what,
                    },
                )
            })
        }
        TOLD => {
            let About { item, base, what } = body::<About<Told>>(record)?;
            of_intake(item, base, Noted::Told(what))
        }
        BOUNCED => {
            let About { item, base, what } = body::<About<Bounced>>(record)?;
            of_intake(item, base, Noted::Bounced(what))
        }
        _ => None,
    })
}

impl super::Journal<'_> {
    /// The only intake of items, until it is done.
    ///
    /// # Errors
    /// Another one is at work, or the ledger cannot be written.
    pub fn intake(&mut self) -> Result<Guard, LedgerError> {
        self.ledger.lock("decisions")
    }

    /// Receives events about texts, in the order given, under the commit that is trusted now. Each
    /// counts from here. A proposal gets the next number.
    ///
    /// # Errors
    /// The ledger cannot be written.
    pub fn receive_of_items(
        &mut self,
        events: &[Attributed],
        base: &str,
        journals: &mut Journals,
    ) -> Result<usize, LedgerError> {
        let numbers = journals.values().filter_map(ItemJournal::number);
        let mut last = numbers.max().unwrap_or(0);
        let received: Vec<Received> = events
            .iter()
            .map(|one| Received {
                event: *one.event.digest(),
                path: one.event.path(),
                by: one.person.to_string(),
                act: one.event.act().name().to_owned(),
                changes: Vec::new(),
                base: Some(base.to_owned()),
                number: matches!(one.event.act(), Act::Propose { .. }).then(|| {
                    last += 1;
                    last
                }),
            })
            .collect();
        let records = self.write_all(RECEIVED, &received)?;
        file_all(&records, journals)?;
        Ok(received.len())
    }

    /// Writes down that a channel confirmed that it was told of an item.
    ///
    /// # Errors
    /// The ledger cannot be written.
    pub fn told(
        &mut self,
        item: &ItemId,
        told: Told,
        base: &str,
        journals: &mut Journals,
    ) -> Result<(), LedgerError> {
        let about = About {
            item: item.clone(),
            base: base.to_owned(),
            what: told,
        };
        let record = self.write(TOLD, &about)?;
        file_all(&[record], journals)
    }

    /// Writes down that what a channel had confirmed came back.
    ///
    /// # Errors
    /// The ledger cannot be written.
    pub fn bounced(
        &mut self,
        item: &ItemId,
        bounced: Bounced,
        base: &str,
        journals: &mut Journals,
    ) -> Result<(), LedgerError> {
        let about = About {
            item: item.clone(),
            base: base.to_owned(),
            what: bounced,
        };
        let record = self.write(BOUNCED, &about)?;
        file_all(&[record], journals)
    }

    /// Writes down that the intake is at work, unless the ledger shows that it was lately: so
    /// nobody can say afterwards that it was not.
    ///
    /// # Errors
    /// The ledger cannot be written.
    pub fn beat(&mut self) -> Result<(), LedgerError> {
        let last = last_at(self.ledger)?;
        let now = self.now();
        if last.is_some_and(|last| now.duration_since(last) < BEAT_EVERY) {
            return Ok(());
        }
        self.write(BEAT, &serde_json::json!({})).map(|_| ())
    }

    /// Writes down that nothing could be received for some time.
    ///
    /// # Errors
    /// The ledger cannot be written.
    pub fn down(&mut self, down: &Down, journals: &mut Journals) -> Result<(), LedgerError> {
        let record = self.write(DOWN, down)?;
        file_all(&[record], journals)
    }

    /// Writes down that a message was sent that nothing depends on.
    ///
    /// # Errors
    /// The ledger cannot be written.
    pub fn sent(&mut self, sent: &Sent) -> Result<(), LedgerError> {
        self.write(SENT, sent).map(|_| ())
    }
}

/// Puts records where they belong.
fn file_all(records: &[Record], journals: &mut Journals) -> Result<(), LedgerError> {
    records.iter().try_for_each(|record| file(record, journals))
}
