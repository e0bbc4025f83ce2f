//! Choosing and ordering rows.

use std::cmp::Ordering;
use std::collections::HashMap;
use std::fmt::Write as _;

use base::{Currency, Decimal};
use jiff::Timestamp;
use jiff::civil::Date;

use super::lookup::{folded, folded_for};
use super::{NOTHING, Query};
use crate::model::{Cell, Listing, Mood, Reader, Row, Value};

/// The rows that a query chooses.
#[derive(Debug)]
pub struct Chosen<'l> {
    /// Those of the page.
    pub rows: Vec<&'l Row>,
    /// How many there are on all pages.
    pub total: usize,
}

/// Chooses and orders rows, of those that the reader may see, and gives those of the page.
pub fn choose<'l>(listing: &'l Listing, query: &Query, reader: &Reader) -> Chosen<'l> {
    let mut rows = all(listing, query, reader);
    let total = rows.len();
    let first = query.page.saturating_sub(1).saturating_mul(query.size);
    let rest = rows.split_off(first.min(total));
    let rows = rest.into_iter().take(query.size).collect();
    Chosen { rows, total }
}

/// All rows that a query chooses, in its order, whatever its page.
pub(crate) fn all<'l>(listing: &'l Listing, query: &Query, reader: &Reader) -> Vec<&'l Row> {
    let of = listing.of;
    let column = |id: &str| of.columns.iter().position(|column| column.id == id);
    let filters: Vec<(usize, &[String])> = query
        .filters
        .iter()
        .filter_map(|(id, values)| Some((column(id)?, values.as_slice())))
        .collect();
    let has = |row: &Row| {
        let mut filters = filters.iter();
        filters.all(|(at, wanted)| has(row, *at, wanted, reader))
    };
    let words = words(&query.words);
    let mut chosen: Vec<&Row> = if words.is_empty() {
        reader.rows(&listing.rows).filter(|row| has(row)).collect()
    } else {
        let rows = listing.rows.iter().zip(folded(listing));
        let chosen = rows.filter(|(row, kept)| {
            reader.sees(&row.audience) && has(row) && folded_for(kept, row, reader).has(&words)
        });
        chosen.map(|(row, _)| row).collect()
    };
    let order = query.order(of);
    if let Some((at, down)) = order.and_then(|(id, down)| Some((column(&id)?, down))) {
        sort(&mut chosen, at, down, reader);
    }
    chosen
}

/// The values of a column with how many rows have each, of those that the reader may see.
pub(super) fn counted(listing: &Listing, at: usize, reader: &Reader) -> Vec<(String, usize)> {
    let mut counts: HashMap<String, usize> = HashMap::new();
    for row in reader.rows(&listing.rows) {
        let Some(cell) = row.cells.get(at) else {
            continue;
        };
        named(
            reader.cell(cell),
            &mut |value| match counts.get_mut(value) {
                Some(count) => *count += 1,
                None => {
                    counts.insert(value.to_owned(), 1);
                }
            },
        );
    }
    let mut counts: Vec<(String, usize)> = counts.into_iter().collect();
    counts.sort_by(|(a, _), (b, _)| {
        let last = |value: &str| value == NOTHING;
        let key = |value: &str| (last(value), value.to_lowercase());
        key(a).cmp(&key(b)).then_with(|| a.cmp(b))
    });
    counts
}

fn has(row: &Row, at: usize, wanted: &[String], reader: &Reader) -> bool {
    let mut found = false;
    if let Some(cell) = row.cells.get(at) {
        named(reader.cell(cell), &mut |value| {
            found |= wanted.iter().any(|one| one == value);
        });
    }
    found
}

/// The words by which a filter calls what is in a cell; none for what is not for the reader.
fn named(cell: &Cell, take: &mut dyn FnMut(&str)) {
    match &cell.value {
        Value::None => take(NOTHING),
        Value::Text(text) | Value::Code(text) | Value::State(_, text) => take(text),
        Value::Truth(truth) => take(if *truth { "yes" } else { "no" }),
        Value::Links(links) => {
            for (at, link) in links.iter().enumerate() {
                // A row that names something twice is still one row.
                if !links[..at].iter().any(|other| other.text == link.text) {
                    take(&link.text);
                }
            }
        }
        Value::Number(number) => take(&number.to_string()),
        Value::Decimal(number) | Value::Share(number) => take(&number.to_string()),
        Value::Money(amount, currency) => take(&format!("{amount} {currency}")),
        Value::Day(day) => take(&day.to_string()),
        Value::Instant(at) => take(&at.to_string()),
        Value::Private => {}
    }
}

/// Words as they are looked for, without case.
pub(crate) fn words(text: &str) -> Vec<String> {
    text.split_whitespace().map(str::to_lowercase).collect()
}

/// What is in a cell, as words.
pub(crate) fn push(value: &Value, text: &mut String) {
    match value {
        Value::Text(said) | Value::Code(said) | Value::State(_, said) => text.push_str(said),
        Value::Links(links) => {
            for link in links {
                text.push_str(&link.text);
                text.push('\n');
            }
        }
        Value::Number(number) => {
            let _ = write!(text, "{number}");
        }
        Value::Day(day) => {
            let _ = write!(text, "{day}");
        }
        Value::None
        | Value::Truth(_)
        | Value::Decimal(_)
        | Value::Money(..)
        | Value::Share(_)
        | Value::Instant(_)
        | Value::Private => {}
    }
}

/// By what a row is ordered.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Key<'a> {
    Truth(bool),
    Number(Decimal),
    Money(Currency, Decimal),
    Day(Date),
    Instant(Timestamp),
    State(Mood, Words<'a>),
    Words(Words<'a>),
}

/// A text in the order of its letters without case; most are told apart by their first eight.
#[derive(Debug, PartialEq, Eq)]
struct Words<'a>(u64, &'a str);

impl<'a> Words<'a> {
    fn new(text: &'a str) -> Self {
        let mut first = [0; 8];
        for (place, byte) in first.iter_mut().zip(text.bytes()) {
            *place = byte.to_ascii_lowercase();
        }
        Self(u64::from_be_bytes(first), text)
    }
}

impl Ord for Words<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        let folded = |text: &'_ str| {
            text.bytes()
                .map(|byte| byte.to_ascii_lowercase())
                .collect::<Vec<u8>>()
        };
        self.0
            .cmp(&other.0)
            .then_with(|| folded(self.1).cmp(&folded(other.1)))
            .then_with(|| self.1.cmp(other.1))
    }
}

impl PartialOrd for Words<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Orders by a column. What has nothing there, or nothing for the reader, comes last in both
/// directions; rows that are alike stay in the order they are in.
fn sort(rows: &mut Vec<&Row>, at: usize, down: bool, reader: &Reader) {
    let mut keyed: Vec<(Option<Key<'_>>, &Row)> = rows
        .iter()
        .map(|row| {
            (
                row.cells.get(at).and_then(|cell| key(reader.cell(cell))),
                *row,
            )
        })
        .collect();
    keyed.sort_by(|(a, _), (b, _)| match (a, b) {
        (Some(a), Some(b)) if down => b.cmp(a),
        (Some(a), Some(b)) => a.cmp(b),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => Ordering::Equal,
    });
    rows.clear();
    rows.extend(keyed.into_iter().map(|(_, row)| row));
}

fn key(cell: &Cell) -> Option<Key<'_>> {
    Some(match &cell.value {
        Value::None | Value::Private => return None,
        Value::Text(text) | Value::Code(text) => Key::Words(Words::new(text)),
        Value::Number(number) => Key::Number(Decimal::whole(*number)),
        Value::Decimal(number) | Value::Share(number) => Key::Number(*number),
        Value::Money(amount, currency) => Key::Money(*currency, *amount),
        Value::Day(day) => Key::Day(*day),
        Value::Instant(at) => Key::Instant(*at),
        Value::Truth(truth) => Key::Truth(*truth),
        Value::State(mood, word) => Key::State(*mood, Words::new(word)),
        Value::Links(links) => Key::Words(Words::new(&links.first()?.text)),
    })
}
