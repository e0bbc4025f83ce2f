//! What runs.

mod called;
mod page;
mod picture;
mod staff;

use estate::kinds::{Build, MigrationState, Service, Standing};
use estate::{Item, KindId, Relation};
use portal::model::{
    Cell, Collection, Column, ColumnKind, Link, Listing, Mood, Row, Section, Value,
};
use portal::{AsOf, Found};

use super::shown::{Known, to};
use super::{findings, items};

pub(super) use picture::{Drawn, draw};
pub(super) use staff::Staff;

static COLLECTION: Collection = Collection {
    id: "services",
    title: "Services",
    one: "service",
    about: "Everything that runs or is hosted: who owns it, who keeps it running, where, what it needs, and what is wrong with it.",
    section: Section::Services,
    columns: COLUMNS,
    feed: None,
    has_pages: true,
    sort: "name",
};

const COLUMNS: &[Column] = &[
    Column::new("name", "Service", ColumnKind::Text, "What people call it."),
    Column::new("owner", "Owner", ColumnKind::Text, "The group that answers for it; nothing where nobody does.").choice(),
    Column::new("criticality", "Criticality", ColumnKind::Text, "What happens when it fails: `critical` harms users or releases at once, `important` holds contributors up, `useful` is missed.").choice(),
    Column::new("staff", "Staff", ColumnKind::Number, "How many people keep it running."),
    Column::new("employers", "Largest employer", ColumnKind::Text, "The employer of most of its staff, and of how many.").data_only(),
    Column::new("people", "Kept running by", ColumnKind::List, "The people who keep it running.").data_only(),
    Column::new("runs_at", "Runs at", ColumnKind::List, "The accounts it runs at.").choice().data_only(),
    Column::new("has_on_call", "On call", ColumnKind::Truth, "Whether anybody is called when it fails.").choice(),
    Column::new("rota", "Rota", ColumnKind::List, "Who is called when it fails.").data_only(),
    Column::new("needs", "Needs", ColumnKind::List, "The services it cannot do without.").data_only(),
    Column::new("needed_by", "Needed by", ColumnKind::Number, "How many services depend on it."),
    Column::new("migration", "Migration", ColumnKind::State, "How far its move is, if it moves.").choice(),
    Column::new("restore_tested", "Restore tested", ColumnKind::Day, "The day on which a restore from its backup was last seen to work."),
    Column::new("findings", "Findings", ColumnKind::State, "How many errors and warnings there are about it."),
    Column::new("owned", "Owned", ColumnKind::Truth, "Whether a group that works answers for it.").choice().data_only(),
    Column::new("kind", "Written by", ColumnKind::Text, "`custom` where the project wrote it, `off-the-shelf` where it is taken as it is.").choice().data_only(),
    Column::new("summary", "What it does", ColumnKind::Text, "What it does, in a sentence.").data_only(),
    Column::new("started", "Started", ColumnKind::Day, "The day it went into service.").data_only(),
    Column::new("hostnames", "Names", ColumnKind::List, "The DNS names it is found under.").data_only(),
    Column::new("source", "Source", ColumnKind::List, "The repositories its source is in.").data_only(),
    Column::new("administration", "Changed by", ColumnKind::Text, "By which means it is changed: `gitops`, `scripts` or `console`.").choice().data_only(),
    Column::new("team", "Administered by", ColumnKind::Text, "The team that may change it.").data_only(),
    Column::new("runbook", "Runbook", ColumnKind::Text, "What to do when it fails.").data_only(),
    Column::new("data", "Data", ColumnKind::Text, "The data it holds.").data_only(),
    Column::new("classification", "May be seen by", ColumnKind::Text, "Who may see the data: `public`, `internal`, `confidential` or `restricted`.").choice().data_only(),
    Column::new("retention", "Kept for", ColumnKind::Text, "How long the data are kept, and why.").data_only(),
    Column::new("backup", "Backup", ColumnKind::Text, "Where the copy of the data is.").data_only(),
    Column::new("journeys", "Journeys", ColumnKind::List, "What its users must be able to do, whatever happens.").data_only(),
];

pub(super) fn listings(known: &Known) -> Vec<Listing> {
    let services = known.checked.estate.tables.services.items();
    let mut services: Vec<&Item<Service>> = services.collect();
    services.sort_by(|a, b| a.name.cmp(&b.name));
    let rows = services
        .into_iter()
        .map(|service| row(known, service))
        .collect();
    vec![Listing::new(&COLLECTION, rows)]
}

pub(super) fn page(known: &Known, name: &str, now: &AsOf) -> Found {
    let Some(service) = known.checked.estate.tables.services.get(name) else {
        return Found::Nothing;
    };
    if service.name != name {
        return Found::Moved(to("services", &service.name));
    }
    Found::Page(Box::new(page::of(known, service, now)))
}

fn row(known: &Known, service: &Item<Service>) -> Row {
    let value = &service.value;
    let counts = known.index.wrong_with(KindId::Service, &service.name);
    let staff = Staff::of(known, service);
    let rota = value.on_call.iter().flat_map(|on_call| &on_call.rota);
    let rota: Vec<Link> = rota.map(|one| items::person(known, one)).collect();
    let people = value.staff.iter().map(|one| items::person(known, one));
    let needs = value
        .depends_on
        .iter()
        .map(|one| items::service(known, &one.service));
    let backup = value.data.as_ref().and_then(|data| data.backup.as_ref());
    let mut cells = vec![
        Cell::text(value.name.clone()),
        owner(known, value),
        Cell::text(value.criticality.word()),
        Cell::count(staff.people.len()),
        Cell::text(staff.largest().map_or(String::new(), |(name, count)| {
            format!("{name}: {count} of {}", staff.people.len())
        })),
        Cell::links(people.collect()),
        Cell::links(places(value)),
        Cell::new(Value::Truth(!rota.is_empty())),
        Cell::links(rota),
        Cell::links(needs.collect()),
        Cell::count(needed_by(known, service).len()),
        migration(value),
        Cell::day(backup.and_then(|backup| Some(backup.restore_tested.as_ref()?.value))),
        findings::standing_cell(counts, KindId::Service, &service.name),
    ];
    cells.extend(said(known, value));
    Row {
        key: service.name.clone(),
        cells,
        source: known.source(service.span),
        ..Row::default()
    }
}

/// What a list shows in data only.
fn said(known: &Known, value: &Service) -> [Cell; 14] {
    let texts = |texts: Vec<String>| Cell::links(texts.into_iter().map(Link::text).collect());
    let administration = value.administration.as_ref();
    let team = administration.and_then(|by| by.team.as_ref());
    let runbook = administration.and_then(|by| by.runbook.as_deref());
    let data = value.data.as_ref();
    let backup = data.and_then(|data| data.backup.as_ref());
    [
        Cell::new(Value::Truth(is_owned(known, value))),
        Cell::text(value.kind.word()),
        Cell::text(value.summary.clone()),
        Cell::day(value.started),
        texts(
            value
                .hostnames
                .iter()
                .map(|name| name.value.clone())
                .collect(),
        ),
        texts(
            value
                .source
                .iter()
                .map(|code| code.repository.value.clone())
                .collect(),
        ),
        administration.map_or(Cell::none(), |by| Cell::text(by.by.word())),
        team.map_or(Cell::none(), |team| {
            let found = known.checked.estate.find(team);
            let name = found.map_or(&team.name, |found| &found.name);
            let audience = items::membership(known, KindId::Team, name);
            items::cell(items::item(KindId::Team, name)).only(audience)
        }),
        runbook.map_or(Cell::none(), items::address),
        data.map_or(Cell::none(), |data| Cell::text(data.holds.value.clone())),
        data.map_or(Cell::none(), |data| Cell::text(data.classification.word())),
        Cell::text(
            data.and_then(|data| data.retention.clone())
                .unwrap_or_default(),
        ),
        backup.map_or(Cell::none(), |backup| Cell::text(backup.to.value.clone())),
        texts(
            value
                .journeys
                .iter()
                .map(|one| one.name.value.clone())
                .collect(),
        ),
    ]
}

/// The group that answers for a service, as a cell.
pub(super) fn owner(known: &Known, service: &Service) -> Cell {
    let owner = service.owner.as_ref();
    owner.map_or(Cell::none(), |owner| {
        items::cell(items::group(known, owner))
    })
}

fn places(service: &Service) -> Vec<Link> {
    let mut names: Vec<&str> = Vec::new();
    for place in &service.runs_at {
        if !names.contains(&place.account.name.as_str()) {
            names.push(&place.account.name);
        }
    }
    names.into_iter().map(Link::text).collect()
}

/// Whether a group that works answers for a service.
pub(super) fn is_owned(known: &Known, service: &Service) -> bool {
    let owner = service.owner.as_ref();
    let owner = owner.and_then(|owner| known.checked.estate.find(owner));
    owner.is_some_and(|owner| owner.value.standing == Standing::Active)
}

/// How far its move is.
pub(super) fn migration(service: &Service) -> Cell {
    service.migration_state().map_or(Cell::none(), |state| {
        let mood = match state {
            MigrationState::NotStarted => Mood::Warn,
            MigrationState::UnderWay => Mood::Waiting,
            MigrationState::Done => Mood::Good,
        };
        Cell::state(mood, state.word())
    })
}

/// Whether the project wrote it, in words.
fn written(kind: Build) -> &'static str {
    match kind {
        Build::Custom => "the project",
        Build::OffTheShelf => "somebody else; it is taken as it is",
    }
}

/// The services that depend on one, by name.
pub(super) fn needed_by<'k>(known: &'k Known, service: &Item<Service>) -> Vec<&'k estate::Link> {
    let graph = &known.checked.estate.graph;
    let node = graph.node(KindId::Service, &service.name);
    let links = node.into_iter().flat_map(|node| graph.incoming(node));
    let mut links: Vec<&estate::Link> = links
        .filter(|link| matches!(link.relation, Relation::Depends { .. }))
        .collect();
    links.sort_by_key(|link| graph.item(link.from).1);
    links
}
