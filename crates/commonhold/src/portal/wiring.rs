//! What hangs on what.

mod drawings;
mod impact;
mod map;

use estate::kinds::Group;
use estate::{Estate, Item, KindId, Relation, Strength};
use portal::Found;
use portal::model::{Cell, Collection, Column, ColumnKind, Listing, Mood, Row, Section};

use super::items;
use super::shown::{Known, to};

pub(super) use drawings::Drawings;

static COLLECTION: Collection = Collection {
    id: "dependencies",
    title: "Dependencies",
    one: "dependency",
    about: "What each service, zone and name server cannot do without: other services, the accounts they run at, the servers that serve them.",
    section: Section::Wiring,
    columns: COLUMNS,
    feed: None,
    has_pages: false,
    sort: "",
};

const COLUMNS: &[Column] = &[
    Column::new("from", "From", ColumnKind::Text, "The thing that depends."),
    Column::new("relation", "How", ColumnKind::Text, "How it depends.").choice(),
    Column::new("to", "To", ColumnKind::Text, "What it depends on."),
    Column::new(
        "strength",
        "Without it",
        ColumnKind::State,
        "What the loss of the one does to the other: `stops`, `is weakened` or `does not notice`.",
    )
    .choice(),
    Column::new(
        "why",
        "Why",
        ColumnKind::Text,
        "What for, where that is said.",
    ),
    Column::new(
        "from_kind",
        "Kind",
        ColumnKind::Text,
        "The kind of the thing that depends.",
    )
    .choice(),
    Column::new(
        "to_kind",
        "Kind of the other",
        ColumnKind::Text,
        "The kind of what it depends on.",
    )
    .choice()
    .data_only(),
    Column::new(
        "owner",
        "Owner",
        ColumnKind::Text,
        "The group that answers for the thing that depends.",
    )
    .choice(),
];

pub(super) fn listings(known: &Known) -> Vec<Listing> {
    let estate = &known.checked.estate;
    let mut links: Vec<&estate::Link> = estate.graph.links().iter().collect();
    links.retain(|link| is_wiring(estate, link));
    links.sort_by_key(|link| {
        let (from, to) = (estate.graph.item(link.from), estate.graph.item(link.to));
        (from, link.relation, to, link.span)
    });
    let mut before = String::new();
    let mut number = 0;
    let rows = links.into_iter().map(|link| {
        let mut row = row(known, link);
        // Whoever says the same twice has two rows.
        number = if row.key == before { number + 1 } else { 1 };
        before.clone_from(&row.key);
        if number > 1 {
            row.key = format!("{}/{number}", row.key);
        }
        row
    });
    vec![Listing::new(&COLLECTION, rows.collect())]
}

/// Whether a reference is one between things, not to people and those who answer.
fn is_wiring(estate: &Estate, link: &estate::Link) -> bool {
    let thing = |node| {
        let (kind, _) = estate.graph.item(node);
        matches!(
            kind,
            KindId::Service | KindId::Zone | KindId::DnsServer | KindId::Account
        )
    };
    thing(link.from) && thing(link.to) && link.relation != Relation::EscalatesTo
}

fn row(known: &Known, link: &estate::Link) -> Row {
    let estate = &known.checked.estate;
    let (from_kind, from) = estate.graph.item(link.from);
    let (to_kind, to) = estate.graph.item(link.to);
    let owner = estate.answering(link.from).into_iter().next();
    let relation = link.relation.words();
    let cells = vec![
        items::cell(items::item(from_kind, from)),
        Cell::text(relation),
        items::cell(items::item(to_kind, to)),
        strength(link.relation.strength()),
        Cell::text(link.why.clone().unwrap_or_default()),
        Cell::text(items::words(from_kind)),
        Cell::text(items::words(to_kind)),
        owner.map_or(Cell::none(), |owner| {
            items::cell(items::item(KindId::Group, &owner))
        }),
    ];
    Row {
        key: format!(
            "{}/{from}/{}/{}/{to}",
            from_kind.name(),
            relation.replace(' ', "-"),
            to_kind.name()
        ),
        cells,
        source: known.source(link.span),
        ..Row::default()
    }
}

/// What the loss of one thing does to another, as a cell.
fn strength(strength: Strength) -> Cell {
    match strength {
        Strength::Breaks => Cell::state(Mood::Bad, "stops"),
        Strength::Weakens => Cell::state(Mood::Warn, "is weakened"),
        Strength::Nothing => Cell::state(Mood::Quiet, "does not notice"),
    }
}

pub(super) fn page(known: &Known, rest: &str) -> Found {
    let tables = &known.checked.estate.tables;
    let page = match rest.split_once('/') {
        None if rest.is_empty() => map::of_all(known),
        Some(("groups", "nobody")) => map::of_nobody(known),
        Some(("groups", name)) => match tables.groups.get(name) {
            Some(group) if group.name == name => map::of_group(known, group),
            Some(group) => return Found::Moved(way(group)),
            None => return Found::Nothing,
        },
        Some(("services", name)) => match tables.services.get(name) {
            Some(service) if service.name == name => impact::of(known, service),
            Some(service) => return Found::Moved(to("wiring/services", &service.name)),
            None => return Found::Nothing,
        },
        _ => return Found::Nothing,
    };
    Found::Page(Box::new(page))
}

fn way(group: &Item<Group>) -> String {
    to("wiring/groups", &group.name)
}

/// The paths of the maps of groups and of the impacts of services.
pub(super) fn paths(known: &Known) -> Vec<String> {
    let tables = &known.checked.estate.tables;
    let groups = map::owners(known);
    let groups = groups.keys().map(|name| to("wiring/groups", name));
    let services = tables.services.items();
    let services = services.map(|service| to("wiring/services", &service.name));
    groups.chain(services).collect()
}
