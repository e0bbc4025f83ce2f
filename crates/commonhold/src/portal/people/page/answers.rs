//! What a person answers for, and the teams and lists that name them.

use estate::kinds::Person;
use estate::{Item, KindId, NodeId, Relation};
use portal::model::{Cell, Column, ColumnKind, Page, Part, Row};

use crate::portal::shown::Known;
use crate::portal::{findings, items};

const SERVICES: &[Column] = &[
    Column::new("service", "Service", ColumnKind::Text, "The service."),
    Column::new("as", "As", ColumnKind::Text, "What they are for it."),
    Column::new(
        "criticality",
        "Criticality",
        ColumnKind::Text,
        "What happens when it fails.",
    ),
    Column::new(
        "findings",
        "Findings",
        ColumnKind::State,
        "How many errors and warnings there are about it.",
    ),
];

/// What they keep running.
pub(super) fn answers(known: &Known, person: &Item<Person>, page: &mut Page) {
    let estate = &known.checked.estate;
    let node = estate.graph.node(KindId::Person, &person.name);
    let mut rows = Vec::new();
    let mut before: Option<NodeId> = None;
    let links = node
        .into_iter()
        .flat_map(|node| estate.graph.incoming(node));
    let mut links: Vec<_> = links.filter(|link| word(link.relation).is_some()).collect();
    links.sort_by_key(|link| (link.from, link.relation));
    for link in &links {
        let (KindId::Service, name) = estate.graph.item(link.from) else {
            continue;
        };
        if before.replace(link.from) == Some(link.from) {
            continue;
        }
        let Some(service) = estate.tables.services.get(name) else {
            continue;
        };
        let mut said: Vec<&str> = links
            .iter()
            .filter(|other| other.from == link.from)
            .filter_map(|other| word(other.relation))
            .collect();
        said.dedup();
        let counts = known.index.wrong_with(KindId::Service, name);
        let cells = vec![
            items::titled(service),
            Cell::text(said.join(", ")),
            Cell::text(service.value.criticality.word()),
            findings::standing_cell(counts, KindId::Service, name),
        ];
        rows.push(items::row(known, Some(link.span), cells));
    }
    page.heading("services", "Services");
    let none = "Not named for any service.";
    page.add(Part::Table(items::table(
        "services",
        "Services they answer for",
        SERVICES,
        rows,
        none,
    )));
}

fn word(relation: Relation) -> Option<&'static str> {
    match relation {
        Relation::StaffedBy => Some("staff"),
        Relation::Pages => Some("on call"),
        Relation::EscalatesTo => Some("called next"),
        _ => None,
    }
}

const TEAMS: &[Column] = &[
    Column::new(
        "team",
        "Team or list",
        ColumnKind::Text,
        "The team, the organisation or the mailing group.",
    ),
    Column::new("as", "As", ColumnKind::Text, "What they are in it."),
];

/// What they are in, by name; who is in what by being something elsewhere is with the access.
pub(super) fn teams(known: &Known, person: &Item<Person>, page: &mut Page) {
    let estate = &known.checked.estate;
    let node = estate.graph.node(KindId::Person, &person.name);
    let links = node
        .into_iter()
        .flat_map(|node| estate.graph.incoming(node));
    let mut rows: Vec<Row> = Vec::new();
    for link in links {
        let (kind, name) = estate.graph.item(link.from);
        if !matches!(
            kind,
            KindId::Team | KindId::MailingGroup | KindId::Organisation
        ) {
            continue;
        }
        let role = match link.relation {
            Relation::HasMember => "member",
            Relation::HasMaintainer if kind == KindId::Organisation => "administrator",
            Relation::HasMaintainer => "maintainer",
            _ => continue,
        };
        let cells = vec![items::any(kind, name), Cell::text(role)];
        rows.push(Row {
            audience: items::membership(known, kind, name),
            ..items::row(known, Some(link.span), cells)
        });
    }
    // The heading is there for everybody: that somebody is in nothing public tells nothing.
    page.heading("teams", "Teams and lists");
    let table = items::table(
        "teams",
        "Teams, organisations and mailing groups that name them",
        TEAMS,
        rows,
        "None that is public.",
    );
    page.add(Part::Table(table));
}
