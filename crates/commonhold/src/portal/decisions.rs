//! What is put before the community.

mod acts;
mod page;
mod rules;
mod times;

use portal::Found;
use portal::model::{
    Cell, Collection, Column, ColumnKind, Feed, Link, Listing, Mood, Part, Row, Section, Source,
};

use super::affairs::{Item, mood};
use super::shown::{Known, to};

pub(super) use acts::{Offer, offers, reason};
pub(super) use page::capitalised;

static COLLECTION: Collection = Collection {
    id: "decisions",
    title: "Decisions",
    one: "decision",
    about: "Everything that is or was put before a body of the community: how it stands, what it waits for, and how it came to stand so.",
    section: Section::Decisions,
    columns: COLUMNS,
    feed: Some(Feed {
        when: "since",
        what: "state",
    }),
    has_pages: true,
    sort: "-since",
};

const COLUMNS: &[Column] = &[
    Column::new("title", "Decision", ColumnKind::Text, "What it is about, in a line, after its number."),
    Column::new("state", "State", ColumnKind::State, "How it stands: `draft`, `noticed`, `open`, `blocked`, `last call`, `accepted`, `rejected`, `expired`, `withdrawn`, `escalated`, `affirming`, `in force`, `stayed` or `superseded`.").choice(),
    Column::new("since", "Since", ColumnKind::Instant, "When it came to stand so."),
    Column::new("kind", "Kind", ColumnKind::Text, "What sort of decision it is.").choice(),
    Column::new("body", "Decided by", ColumnKind::Text, "The group that decides.").choice(),
    Column::new("waits_for", "Waits for", ColumnKind::Text, "What is missing, in a few words; nothing where it is over."),
    Column::new("next", "Next by itself", ColumnKind::Instant, "When something becomes of it by itself."),
    Column::new("proposed_by", "Proposed by", ColumnKind::Text, "Who put it forward."),
    Column::new("number", "Number", ColumnKind::Number, "The number it got when it was received.").data_only(),
    Column::new("item", "Id", ColumnKind::Text, "What it is called in the repository, for ever.").data_only(),
    Column::new("proposed", "Proposed", ColumnKind::Instant, "When it was received.").data_only(),
    Column::new("decided", "Decided", ColumnKind::Instant, "When it had an outcome.").data_only(),
    Column::new("days", "Days", ColumnKind::Number, "How many days it took from the proposal to the outcome.").data_only(),
    Column::new("procedure", "Procedure", ColumnKind::Text, "The procedure of the charter that it is decided by.").choice().data_only(),
    Column::new("missing", "Missing", ColumnKind::List, "What is missing, each thing in a sentence.").data_only(),
    Column::new("turn", "Whose turn", ColumnKind::List, "Who is asked to do something about it.").data_only(),
    Column::new("parties", "About", ColumnKind::List, "Whom or what it is about.").data_only(),
];

pub(super) fn listings(known: &Known) -> Vec<Listing> {
    let decided = &known.affairs.decided;
    let rows = decided.items.iter().map(|item| row(known, item)).collect();
    let mut listing = Listing::new(&COLLECTION, rows);
    listing.none = "There are none. Each would have a folder below decisions/.";
    if let Some(why) = &decided.why {
        listing
            .above
            .push(Part::Notice(Mood::Plain, why.clone(), None));
    }
    for (item, why) in &decided.unjudged {
        let text = format!("Nothing can be said of {item}: {why}.");
        listing.above.push(Part::Notice(Mood::Warn, text, None));
    }
    for refused in &decided.refused {
        let text = format!("This does not count: {refused}.");
        listing.above.push(Part::Notice(Mood::Warn, text, None));
    }
    listing.above.extend(times::charts(&decided.items));
    vec![listing]
}

pub(super) fn page(known: &Known, rest: &str, reader: &portal::Reader) -> Found {
    match known.affairs.decided.item(rest) {
        None => Found::Nothing,
        Some(item) if item.id != rest => Found::Moved(to("decisions", &item.id)),
        Some(item) => Found::Page(Box::new(page::of(known, item, reader))),
    }
}

fn row(known: &Known, item: &Item) -> Row {
    let record = &item.record;
    let proposer = record.proposer.as_deref();
    let parties = record.matter.iter().flat_map(|matter| &matter.parties);
    let days = item.days().map_or(Cell::none(), |days| {
        Cell::count(usize::try_from(days).unwrap_or_default())
    });
    Row {
        key: item.id.clone(),
        cells: vec![
            Cell::text(item.called()),
            Cell::state(mood(item.state), item.state.word()),
            Cell::instant(record.since),
            Cell::text(words(item.kind)),
            group(known, &item.rules.body),
            Cell::text(item.waits_for().unwrap_or_default()),
            Cell::instant(item.next()),
            proposer.map_or(Cell::none(), |name| person(known, name)),
            item.number
                .map_or(Cell::none(), |number| Cell::count(number as usize)),
            Cell::text(item.id.clone()),
            Cell::instant(record.proposed),
            Cell::instant(item.decided()),
            days,
            Cell::text(item.rules.name.clone()),
            Cell::links(item.missing().into_iter().map(Link::text).collect()),
            people(known, item.asked()),
            Cell::links(parties.map(|party| Link::text(party.as_str())).collect()),
        ],
        source: Some(text_source(item)),
        ..Row::default()
    }
}

/// Where the text of an item lies.
fn text_source(item: &Item) -> Source {
    Source {
        path: format!("{}/{}/proposal.md", decisions::FOLDER, item.id),
        line: 1,
    }
}

/// A kind of item as people say it.
fn words(kind: &str) -> String {
    match kind {
        "rfc" => "RFC".to_owned(),
        kind => kind.replace('-', " "),
    }
}

/// A person, with their page where the estate has them.
pub(super) fn person(known: &Known, name: &str) -> Cell {
    match known.checked.estate.tables.people.get(name) {
        Some(found) => Cell::link(found.name.clone(), to("people", &found.name)),
        None => Cell::text(name),
    }
}

/// A group, with its page where the estate has it.
pub(super) fn group(known: &Known, name: &str) -> Cell {
    match known.checked.estate.tables.groups.get(name) {
        Some(found) => Cell::link(found.name.clone(), to("groups", &found.name)),
        None => Cell::text(name),
    }
}

/// People as links.
pub(super) fn people<'n>(known: &Known, names: impl IntoIterator<Item = &'n str>) -> Cell {
    let link = |name: &str| {
        let found = known.checked.estate.tables.people.get(name);
        found.map_or_else(
            || Link::text(name),
            |found| super::shown::link("people", &found.name),
        )
    };
    Cell::links(names.into_iter().map(link).collect())
}
