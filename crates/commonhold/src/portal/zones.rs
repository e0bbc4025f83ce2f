//! What is in the name service: zones, and the records that their files declare.

use base::SourceMap;
use estate::kinds::{CopyPurpose, Foreign, Zone};
use estate::records::{DomainName, RecordKey};
use estate::{Estate, Item};
use formats::octodns::{self, DeclaredSet};
use jiff::civil::Date;
use portal::Found;
use portal::model::{
    Audience, Cell, Collection, Column, ColumnKind, Link, Listing, Mood, Page, Part, Private, Row,
    Section, Source, Value,
};

use super::items;
use super::parts::{fact, table};
use super::shown::{Known, link, to};
use crate::files::DiskTree;

static ZONES: Collection = Collection {
    id: "zones",
    title: "DNS zones",
    one: "zone",
    about: "The names that the community answers for, and where they are served.",
    section: Section::Services,
    columns: &[
        Column::new(
            "zone",
            "Zone",
            ColumnKind::Text,
            "Its name, without the final dot.",
        ),
        Column::new(
            "owner",
            "Owner",
            ColumnKind::Text,
            "The group that answers for it.",
        )
        .choice(),
        Column::new(
            "service",
            "Service",
            ColumnKind::Text,
            "The service it is a part of.",
        ),
        Column::new(
            "records",
            "Record sets",
            ColumnKind::Number,
            "How many record sets its files declare.",
        ),
        Column::new(
            "copy_of",
            "Copy of",
            ColumnKind::Text,
            "The zone whose records it holds under its own name.",
        ),
        Column::new(
            "servers",
            "Served by",
            ColumnKind::Text,
            "Where it is served.",
        ),
        Column::new(
            "foreign",
            "What nobody declared",
            ColumnKind::Text,
            "What becomes of records on the servers that no file declares.",
        )
        .choice(),
    ],
    feed: None,
    has_pages: true,
    sort: "",
};

static RECORDS: Collection = Collection {
    id: "dns-records",
    title: "DNS records",
    one: "record set",
    about: "What the files of zones declare: each name with one type of record, who answers for it and what it is for.",
    section: Section::Services,
    columns: RECORD_COLUMNS,
    feed: None,
    has_pages: false,
    sort: "",
};

const RECORD_COLUMNS: &[Column] = &[
    Column::new(
        "name",
        "Name",
        ColumnKind::Text,
        "The name, without the final dot.",
    ),
    Column::new("type", "Type", ColumnKind::Text, "The type of the records.").choice(),
    Column::new(
        "data",
        "Data",
        ColumnKind::List,
        "What is answered, each as a zone file has it.",
    ),
    Column::new(
        "ttl",
        "Kept for, seconds",
        ColumnKind::Number,
        "How many seconds an answer may be kept.",
    ),
    Column::new(
        "owner",
        "Owner",
        ColumnKind::Text,
        "The group that answers for it: its own, or the zone's.",
    )
    .choice(),
    Column::new(
        "purpose",
        "What it is for",
        ColumnKind::Text,
        "What it is for, in the words of whoever asked for it.",
    ),
    Column::new(
        "expires",
        "Needed until",
        ColumnKind::Day,
        "The first day on which nobody needs it any more.",
    ),
    Column::new(
        "request",
        "Asked for in",
        ColumnKind::Text,
        "Where it was asked for.",
    ),
    Column::new("zone", "Zone", ColumnKind::Text, "The zone it is in.").choice(),
];

/// More record sets than these are in the list and not on the page of their zone.
const MOST: usize = 500;

/// The records of all zones, read once a state.
#[derive(Debug, Default)]
pub(crate) struct Zones {
    rows: Vec<Row>,
    /// The rows of each zone, by name: from a place on, so many.
    of: std::collections::BTreeMap<String, (usize, usize)>,
}

impl Zones {
    /// Reads the files of all zones. What cannot be read is a finding, and has no row here.
    pub(crate) fn read(estate: &Estate, tree: &DiskTree, day: Date) -> Self {
        let mut zones = Self::default();
        for item in estate.tables.zones.items() {
            if item.value.records.is_empty() {
                continue;
            }
            let mut sources = SourceMap::default();
            let reading = octodns::read_zone(item, tree, &mut sources);
            let Some(zone) = reading.zone else { continue };
            let first = zones.rows.len();
            zones.rows.extend(zone.sets.iter().map(|(key, set)| {
                let about = Reading {
                    estate,
                    sources: &sources,
                    day,
                };
                about.row(item, key, set)
            }));
            zones
                .of
                .insert(item.name.clone(), (first, zones.rows.len() - first));
        }
        zones
    }

    fn of_zone(&self, zone: &str) -> &[Row] {
        let (first, count) = self.of.get(zone).copied().unwrap_or_default();
        &self.rows[first..first + count]
    }
}

/// What a record is read with.
struct Reading<'r> {
    estate: &'r Estate,
    sources: &'r SourceMap,
    day: Date,
}

impl Reading<'_> {
    fn row(&self, item: &Item<Zone>, key: &RecordKey, set: &DeclaredSet) -> Row {
        let name = key.name.undotted();
        let data = set.set.data().iter();
        let data = data.map(|data| Link::text(data.text(key.rtype)));
        let owner = set.notes.owner.as_ref().or(item.value.owner.as_ref());
        let expires = set.notes.expires.as_ref().map(|day| day.value);
        // A name that nobody needs any more, and that still answers, can be claimed.
        let over = expires.is_some_and(|day| day <= self.day);
        let expires = Cell::day(expires);
        let cells = vec![
            Cell::text(name),
            Cell::text(key.rtype.to_string()),
            Cell::links(data.collect()),
            Cell::new(Value::Number(i64::from(set.set.ttl))),
            owner.map_or_else(Cell::none, |owner| match self.estate.find(owner) {
                Some(group) => Cell::link(group.name.as_str(), to("groups", &group.name)),
                None => Cell::text(owner.name.as_str()),
            }),
            Cell::text(set.notes.purpose.clone().unwrap_or_default()),
            if over {
                expires.only(Audience::Private(Private::Takeovers))
            } else {
                expires
            },
            Cell::text(set.notes.request.clone().unwrap_or_default()),
            Cell::link(item.name.as_str(), to(ZONES.id, &item.name)),
        ];
        Row {
            key: format!("{}/{}/{}", item.name, shown(&key.name), key.rtype),
            cells,
            source: Some(Source {
                path: self.sources.file(set.span.file).path.clone(),
                line: self.sources.position(set.span).line,
            }),
            ..Row::default()
        }
    }
}

fn shown(name: &DomainName) -> &str {
    if name.is_root() { "." } else { name.undotted() }
}

pub(super) fn listings(known: &Known) -> Vec<Listing> {
    let items = known.checked.estate.tables.zones.items();
    let mut zones: Vec<Row> = items.map(|item| zone(known, item)).collect();
    zones.sort_by(|one, other| one.key.cmp(&other.key));
    let mut records = known.zones.rows.clone();
    records.sort_by(|one, other| one.key.cmp(&other.key));
    vec![Listing::new(&ZONES, zones), Listing::new(&RECORDS, records)]
}

fn zone(known: &Known, item: &Item<Zone>) -> Row {
    let zone = &item.value;
    let service = zone.service.as_ref();
    let copy = zone.copy.as_ref().map(|copy| &copy.of.name);
    let servers: Vec<&str> = zone.servers.iter().map(|one| one.name.as_str()).collect();
    Row {
        key: item.name.clone(),
        cells: vec![
            Cell::link(item.name.as_str(), to(ZONES.id, &item.name)),
            owner(known, item),
            service.map_or_else(Cell::none, |named| {
                items::cell(link("services", &named.name))
            }),
            Cell::count(known.zones.of_zone(&item.name).len()),
            copy.map_or_else(Cell::none, |name| {
                Cell::link(name.as_str(), to(ZONES.id, name))
            }),
            Cell::text(servers.join(", ")),
            Cell::text(foreign(zone)),
        ],
        source: known.source(item.span),
        ..Row::default()
    }
}

fn owner(known: &Known, item: &Item<Zone>) -> Cell {
    let owner = item.value.owner.as_ref();
    match owner.and_then(|owner| known.checked.estate.find(owner)) {
        Some(group) => Cell::link(group.name.as_str(), to("groups", &group.name)),
        None => Cell::none(),
    }
}

fn foreign(zone: &Zone) -> &'static str {
    match zone.foreign {
        Foreign::Keep => "stays, and is listed",
        Foreign::Remove => "is removed",
    }
}

pub(super) fn page(known: &Known, rest: &str) -> Found {
    let Some(item) = known.checked.estate.tables.zones.get(rest) else {
        return Found::Nothing;
    };
    let zone = &item.value;
    let mut page = Page::new(
        Section::Services,
        to(ZONES.id, &item.name),
        item.name.as_str(),
    );
    page.kind = String::from("DNS zone");
    page.source = known.source(item.span);
    let records = known.zones.of_zone(&item.name);
    page.summary = format!(
        "{} declared in the files of this zone.",
        portal::model::counted(records.len(), "record set is", "record sets are")
    );
    let mut facts = vec![fact("owner", "Owner", owner(known, item))];
    if let Some(service) = &zone.service {
        let cell = items::cell(link("services", &service.name));
        facts.push(fact("service", "Service", cell));
    }
    if let Some(copy) = &zone.copy {
        let kind = match copy.purpose {
            CopyPurpose::Canary => "to try changes on, without delegations",
            CopyPurpose::Mirror => "to be found under a second name",
        };
        let of = Cell::link(copy.of.name.as_str(), to(ZONES.id, &copy.of.name));
        facts.push(fact("copy_of", "Copy of", of));
        facts.push(fact("copy", "The copy is", Cell::text(kind)));
    }
    let servers = zone.servers.iter().map(|one| Link::text(one.name.as_str()));
    facts.push(fact("servers", "Served by", Cell::links(servers.collect())));
    facts.push(fact(
        "foreign",
        "A record that nobody declared",
        Cell::text(foreign(zone)),
    ));
    let limits = format!(
        "{} % of its record sets updated, {} % deleted",
        zone.limits.updates_percent, zone.limits.deletes_percent
    );
    facts.push(fact(
        "limits",
        "One plan may change at most",
        Cell::text(limits),
    ));
    page.add(Part::Facts(facts));
    let wanted = Link::new("Ask for a record", "/desk");
    let text = "A new name, or another answer, is asked for at the front desk.".to_owned();
    page.add(Part::Notice(Mood::Plain, text, Some(wanted)));
    if records.len() > MOST {
        let all = Link::new("All of them", format!("/dns-records?zone={}", item.name));
        let text = format!("The first {MOST} of its record sets are here.");
        page.add(Part::Notice(Mood::Plain, text, Some(all)));
    }
    let columns = RECORD_COLUMNS[..RECORD_COLUMNS.len() - 1].to_vec();
    let rows = records.iter().take(MOST).map(|row| {
        let cells = row.cells[..columns.len()].to_vec();
        Row {
            cells,
            source: row.source.clone(),
            ..Row::default()
        }
    });
    let none = "No file declares a record of it.";
    page.add(table(
        "records",
        "Records",
        columns.clone(),
        rows.collect(),
        none,
    ));
    Found::Page(Box::new(page))
}
