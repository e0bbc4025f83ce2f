//! What a group answers for, and the parts of its work.

use estate::kinds::{Group, Service};
use estate::{Item, KindId};
use portal::Audience;
use portal::model::{Cell, Column, ColumnKind, Link, Mood, Page, Part, Row};

use crate::portal::services::{self, Staff};
use crate::portal::shown::{Known, to};
use crate::portal::{findings, items};

const SERVICES: &[Column] = &[
    Column::new("service", "Service", ColumnKind::Text, "The service."),
    Column::new(
        "criticality",
        "Criticality",
        ColumnKind::Text,
        "What happens when it fails.",
    ),
    Column::new(
        "staff",
        "Staff",
        ColumnKind::Number,
        "How many people keep it running.",
    ),
    Column::new(
        "needed_by",
        "Needed by",
        ColumnKind::Number,
        "How many services depend on it.",
    ),
    Column::new(
        "migration",
        "Migration",
        ColumnKind::State,
        "How far its move is.",
    ),
    Column::new(
        "findings",
        "Findings",
        ColumnKind::State,
        "How many errors and warnings there are about it.",
    ),
];

const OWNED: &[Column] = &[
    Column::new("what", "What", ColumnKind::Text, "The thing."),
    Column::new("title", "Called", ColumnKind::Text, "What people call it."),
    Column::new(
        "findings",
        "Findings",
        ColumnKind::State,
        "How many errors and warnings there are about it.",
    ),
];

pub(super) fn answers(
    known: &Known,
    group: &Item<Group>,
    owned: &[(KindId, &str)],
    page: &mut Page,
) {
    let estate = &known.checked.estate;
    let of_service = |service: &Item<Service>| {
        let counts = known.index.wrong_with(KindId::Service, &service.name);
        let cells = vec![
            items::titled(service),
            Cell::text(service.value.criticality.word()),
            Cell::count(Staff::of(known, service).people.len()),
            Cell::count(services::needed_by(known, service).len()),
            services::migration(&service.value),
            findings::standing_cell(counts, KindId::Service, &service.name),
        ];
        items::row(known, Some(service.span), cells)
    };
    page.heading("services", "Services it answers for");
    let own = owned.iter().filter(|(kind, _)| *kind == KindId::Service);
    let own = own.filter_map(|(_, name)| estate.tables.services.get(name));
    let own: Vec<Row> = own.map(of_service).collect();
    if !own.is_empty() {
        let map = to("wiring/groups", &group.name);
        let link = Link::new("on the map", map);
        page.add(Part::Notice(
            Mood::Plain,
            "How they hang together:".to_owned(),
            Some(link),
        ));
    }
    page.add(Part::Table(items::table(
        "services",
        "Services",
        SERVICES,
        own,
        "It answers for no service.",
    )));
    let others = owned.iter().filter(|(kind, _)| *kind != KindId::Service);
    let others: Vec<Row> = others
        .filter_map(|(kind, name)| {
            let item = estate.item(*kind, name)?;
            let counts = known.index.wrong_with(*kind, name);
            let title = if item.title == item.name {
                ""
            } else {
                item.title
            };
            let cells = vec![
                items::any(*kind, name),
                Cell::text(title),
                findings::standing_cell(counts, *kind, name),
            ];
            // A closed list is no secret, but who is on it; a secret team is one.
            let audience = match kind {
                KindId::Team => items::membership(known, *kind, name),
                _ => Audience::Everybody,
            };
            Some(Row {
                audience,
                ..items::row(known, Some(item.span), cells)
            })
        })
        .collect();
    if !others.is_empty() {
        page.heading("owns", "What else it answers for");
        page.add(Part::Table(items::table(
            "owns",
            "Zones, teams, lists, accounts and the like",
            OWNED,
            others,
            "",
        )));
    }
}

const PARTS: &[Column] = &[
    Column::new(
        "name",
        "Subproject",
        ColumnKind::Text,
        "A part of its work.",
    ),
    Column::new("about", "What it is", ColumnKind::Text, "What it is."),
    Column::new(
        "leads",
        "Led by",
        ColumnKind::List,
        "Who leads it, where the files of owners do not say.",
    ),
    Column::new(
        "owners",
        "Files of owners",
        ColumnKind::List,
        "The files that name its owners.",
    ),
];

pub(super) fn parts(known: &Known, group: &Group, page: &mut Page) {
    if group.subprojects.is_empty() {
        return;
    }
    let rows = group.subprojects.iter().map(|part| {
        let leads = part.leads.iter().map(|one| items::person(known, one));
        let owners = part.owners.iter().map(|one| {
            let cell = items::address(one);
            let text = one.rsplit('/').nth(1).unwrap_or(one).to_owned();
            Link { text, to: cell.to }
        });
        let cells = vec![
            Cell::text(part.name.value.clone()),
            Cell::text(part.summary.clone().unwrap_or_default()),
            Cell::links(leads.collect()),
            Cell::links(owners.collect()),
        ];
        items::row(known, Some(part.name.span), cells)
    });
    page.heading("subprojects", "Subprojects");
    page.add(Part::Table(items::table(
        "subprojects",
        "Subprojects",
        PARTS,
        rows.collect(),
        "",
    )));
}
