//! What was done.

mod files;
mod overview;
mod page;

use portal::Found;
use portal::model::{
    Cell, Collection, Column, ColumnKind, Feed, Listing, Mood, Part, Row, Section, Value,
};
use portal::{Audience, Private};

use super::affairs::{Recorded, Said, holds_address};
use super::shown::{Known, to};

/// How many records are in the list; all are in the files.
const LISTED: usize = 10_000;

static COLLECTION: Collection = Collection {
    id: "records",
    title: "Records of the ledger",
    one: "record",
    about: "What was done to real systems and decided, in the order in which it was written down. Each record holds the digest of the one before it.",
    section: Section::Ledger,
    columns: COLUMNS,
    feed: Some(Feed {
        when: "at",
        what: "what",
    }),
    has_pages: true,
    sort: "-seq",
};

const COLUMNS: &[Column] = &[
    Column::new("record", "Record", ColumnKind::Text, "What it is called."),
    Column::new(
        "at",
        "When",
        ColumnKind::Instant,
        "When it was written, as its writer said.",
    ),
    Column::new(
        "kind",
        "Kind",
        ColumnKind::Text,
        "What sort of thing was done: `apply.intent`, `decision.received`.",
    )
    .choice(),
    Column::new("what", "What", ColumnKind::Text, "What was done, in words."),
    Column::new("actor", "By", ColumnKind::Text, "Who wrote it."),
    Column::new(
        "seq",
        "Number",
        ColumnKind::Number,
        "Its number; the first is 1.",
    )
    .data_only(),
    Column::new(
        "digest",
        "Digest",
        ColumnKind::Text,
        "The digest of all of it, which the next record holds.",
    )
    .data_only(),
];

pub(super) fn listings(known: &Known) -> Vec<Listing> {
    let recorded = &known.affairs.recorded;
    let newest = recorded.records.iter().rev().take(LISTED);
    let rows = newest.map(|said| row(said)).collect();
    let mut listing = Listing::new(&COLLECTION, rows);
    listing.none = "There are none. Whatever is applied or decided would leave one.";
    let (mood, text) = standing(recorded);
    let link = portal::model::Link::new("How the ledger stands, and how to verify it", "/ledger");
    listing.above.push(Part::Notice(mood, text, Some(link)));
    if recorded.records.len() > LISTED {
        let listed = base::counted(LISTED, "record", "records");
        let text = format!(
            "These are the last {listed} of {}. All of them are in the files of the ledger's page.",
            recorded.records.len()
        );
        listing.above.push(Part::Text(text));
    }
    vec![listing]
}

pub(super) fn page(known: &Known, area: &str, rest: &str) -> Found {
    match (area, rest) {
        ("ledger", "") => Found::Page(Box::new(overview::of(known))),
        ("ledger", rest) => match known.affairs.recorded.said(rest.parse().unwrap_or(0)) {
            Some(said) => Found::Moved(to("records", &said.seq.to_string())),
            None => Found::Nothing,
        },
        (_, rest) => page::of(known, rest),
    }
}

/// The paths of pages beside those of records.
pub(super) fn paths() -> Vec<String> {
    vec!["/ledger".to_owned()]
}

pub(super) fn file(known: &Known, path: &str) -> Option<(&'static str, String)> {
    files::file(&known.affairs.recorded, path)
}

fn row(said: &Said) -> Row {
    Row {
        key: said.seq.to_string(),
        cells: vec![
            Cell::text(format!("Record {}", said.seq)),
            Cell::instant(Some(said.at)),
            Cell::text(said.kind.clone()),
            what(said),
            actor(said),
            Cell::new(Value::Number(i64::try_from(said.seq).unwrap_or(i64::MAX))),
            Cell::new(Value::Code(said.digest.to_string())),
        ],
        ..Row::default()
    }
}

fn actor(said: &Said) -> Cell {
    let cell = Cell::text(said.actor.clone());
    if holds_address(&said.actor) {
        return cell.only(Audience::Private(Private::Contacts));
    }
    cell
}

fn what(said: &Said) -> Cell {
    let cell = Cell::text(said.what.clone());
    match said.private {
        Some(kind) if holds_address(&said.what) => cell.only(Audience::Private(kind)),
        _ => cell,
    }
}

/// How the ledger stands, in a sentence.
fn standing(recorded: &Recorded) -> (Mood, String) {
    if let Some(why) = &recorded.why {
        return (Mood::Plain, why.clone());
    }
    let proof = &recorded.proof;
    if let Some((seq, what)) = &proof.broken {
        return (
            Mood::Bad,
            format!("The ledger is not whole. Record {seq}: {what}."),
        );
    }
    let count = base::counted(recorded.records.len(), "record", "records");
    (
        Mood::Good,
        format!("The ledger is whole: {count}, each of them checked against the one before it."),
    )
}
