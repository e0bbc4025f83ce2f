//! What a service needs, and what needs it.

use std::collections::BTreeSet;

use estate::kinds::Service;
use estate::{Item, Relation};
use portal::model::{Cell, Column, ColumnKind, Link, Mood, Page, Part, Picture, Row};

use super::super::{Drawn, draw, needed_by, owner};
use crate::portal::items;
use crate::portal::shown::{Known, to};

/// Services on either side of a drawing; more are in the tables only.
const DRAWN: usize = 14;

const NEEDS: &[Column] = &[
    Column::new("service", "Service", ColumnKind::Text, "The other service."),
    Column::new(
        "how",
        "How",
        ColumnKind::Text,
        "How one depends on the other.",
    ),
    Column::new(
        "without",
        "Without it",
        ColumnKind::Text,
        "What the loss of it does.",
    ),
    Column::new(
        "why",
        "What for",
        ColumnKind::Text,
        "What for, where that is said.",
    ),
    Column::new(
        "owner",
        "Owner",
        ColumnKind::Text,
        "The group that answers for the other.",
    ),
];

const ARROWS: &[Column] = &[
    Column::new(
        "from",
        "From",
        ColumnKind::Text,
        "The service that depends.",
    ),
    Column::new("how", "How", ColumnKind::Text, "How it depends."),
    Column::new(
        "to",
        "To",
        ColumnKind::Text,
        "The service that it depends on.",
    ),
];

pub(super) fn dependencies(known: &Known, service: &Item<Service>, page: &mut Page) {
    let estate = &known.checked.estate;
    let tables = &estate.tables;
    page.heading("dependencies", "What it needs, and what needs it");
    let incoming = needed_by(known, service);
    let needs: Vec<&Item<Service>> = service
        .value
        .depends_on
        .iter()
        .filter_map(|one| estate.find(&one.service))
        .collect();
    let needers = incoming
        .iter()
        .filter_map(|link| tables.services.get(estate.graph.item(link.from).1));
    let needers: Vec<&Item<Service>> = needers.collect();
    if needs.is_empty() && needers.is_empty() {
        page.say("It depends on no service that the estate knows, and none depends on it.");
        return;
    }
    page.add(picture(known, service, &needs, &needers));
    let rows = service.value.depends_on.iter().map(|one| {
        let relation = Relation::Depends {
            how: one.how,
            optional: one.optional,
        };
        let found = estate.find(&one.service);
        let cells = dependency(
            known,
            relation,
            one.why.as_deref(),
            found,
            &one.service.name,
        );
        items::row(known, Some(one.service.span), cells)
    });
    let none = "It needs no other service.";
    page.add(Part::Table(items::table(
        "needs",
        "What it needs",
        NEEDS,
        rows.collect(),
        none,
    )));
    let rows = incoming.iter().map(|link| {
        let name = estate.graph.item(link.from).1;
        let found = tables.services.get(name);
        let cells = dependency(known, link.relation, link.why.as_deref(), found, name);
        items::row(known, Some(link.span), cells)
    });
    let none = "No service needs it.";
    page.add(Part::Table(items::table(
        "needed-by",
        "What needs it",
        NEEDS,
        rows.collect(),
        none,
    )));
    let impact = to("wiring/services", &service.name);
    let text = "What breaks, what is weakened and whom to warn if it goes:";
    page.add(Part::Notice(
        Mood::Plain,
        text.to_owned(),
        Some(Link::new("the impact of its loss", impact)),
    ));
}

fn dependency(
    known: &Known,
    relation: Relation,
    why: Option<&str>,
    found: Option<&Item<Service>>,
    name: &str,
) -> Vec<Cell> {
    let without = match relation.strength() {
        estate::Strength::Breaks => "it stops",
        estate::Strength::Weakens => "it goes on, poorer",
        estate::Strength::Nothing => "nothing changes",
    };
    vec![
        found.map_or_else(|| Cell::text(name), items::titled),
        Cell::text(relation.words()),
        Cell::text(without),
        Cell::text(why.unwrap_or_default()),
        found.map_or(Cell::none(), |found| owner(known, &found.value)),
    ]
}

fn picture<'k>(
    known: &'k Known,
    service: &'k Item<Service>,
    needs: &[&'k Item<Service>],
    needers: &[&'k Item<Service>],
) -> Part {
    let title = format!("{} among its dependencies", service.title());
    let mut services: Vec<&Item<Service>> = vec![service];
    for side in [needs, needers] {
        let mut left = DRAWN;
        for other in side {
            if left > 0 && !services.iter().any(|known| known.name == other.name) {
                services.push(other);
                left -= 1;
            }
        }
    }
    let all: BTreeSet<&str> = needs
        .iter()
        .chain(needers)
        .map(|one| one.name.as_str())
        .collect();
    let more = (all.len() + 1).saturating_sub(services.len());
    let caption = match more {
        0 => format!("{title}: an arrow leads from a service to what it depends on."),
        more => format!(
            "{title}: an arrow leads from a service to what it depends on; {more} more are in the tables below."
        ),
    };
    let shown: BTreeSet<&str> = services.iter().map(|one| one.name.as_str()).collect();
    let estate = &known.checked.estate;
    let rows = services
        .iter()
        .flat_map(|from| from.value.depends_on.iter().map(move |one| (from, one)));
    let rows: Vec<Row> = rows
        .filter_map(|(from, one)| {
            let found = estate
                .find(&one.service)
                .filter(|found| shown.contains(found.name.as_str()))?;
            let cells = vec![
                items::titled(from),
                Cell::text(one.how.word()),
                items::titled(found),
            ];
            Some(items::row(known, Some(one.service.span), cells))
        })
        .collect();
    let drawn = Drawn {
        title: title.clone(),
        page: to("services", &service.name),
        services,
        about: Some(&service.name),
        by_owner: false,
    };
    Part::Picture(Box::new(Picture {
        svg: draw(known, &drawn),
        caption,
        figures: items::table("arrows", title, ARROWS, rows, ""),
    }))
}
