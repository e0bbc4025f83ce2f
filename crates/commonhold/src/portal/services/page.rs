//! The page of a service.

mod dependencies;
mod facts;

use std::collections::BTreeSet;

use estate::kinds::{Classification, Service, Standing};
use estate::{Item, KindId, Relation};
use portal::AsOf;
use portal::model::{Cell, Column, ColumnKind, Link, Mood, Page, Part, Row, Section, Value};

use super::{Staff, called};
use crate::portal::shown::{Known, to};
use crate::portal::spend::costs;
use crate::portal::{findings, groups, items, people, related};

pub(super) fn of(known: &Known, service: &Item<Service>, now: &AsOf) -> Page {
    let value = &service.value;
    let path = to("services", &service.name);
    let mut page = Page::new(Section::Services, path, service.title());
    "Service".clone_into(&mut page.kind);
    page.summary.clone_from(&value.summary);
    page.source = known.source(service.span);
    let counts = known.index.wrong_with(KindId::Service, &service.name);
    page.state = Some(findings::standing(counts));
    if let Some((text, link)) = alarm(known, service) {
        page.add(Part::Notice(Mood::Warn, text, link));
    }
    page.add(facts::facts(known, service));
    staff(known, service, &mut page);
    page.heading("on-call", "Who is called when it fails");
    match value
        .on_call
        .as_ref()
        .filter(|on_call| !on_call.rota.is_empty())
    {
        Some(on_call) => page.add(called::steps(known, on_call, now)),
        None => page.say(called::nobody(value)),
    };
    dependencies::dependencies(known, service, &mut page);
    costs::of_service(known, &service.name, &mut page);
    data(known, value, &mut page);
    journeys(known, value, &mut page);
    owned(known, service, &mut page);
    page.heading("findings", "Findings");
    page.add(findings::about(known, &service.subject()));
    related::add(known, &service.subject(), service.span, &mut page);
    promises(known, value, &mut page);
    named_by(known, service, &mut page);
    page
}

/// What a reader has to know before anything else.
fn alarm(known: &Known, service: &Item<Service>) -> Option<(String, Option<Link>)> {
    let owner = service.value.owner.as_ref();
    let Some(owner) = owner.and_then(|owner| known.checked.estate.find(owner)) else {
        let text = "Nobody owns this service: no group answers for it.";
        return Some((text.to_owned(), None));
    };
    if owner.value.standing == Standing::Retired {
        let text = format!("{} owns this service and has been closed.", owner.title());
        return Some((text, Some(items::item(KindId::Group, &owner.name))));
    }
    None
}

const STAFF: &[Column] = &[
    Column::new(
        "person",
        "Person",
        ColumnKind::Text,
        "Who keeps it running.",
    ),
    Column::new(
        "employer",
        "Employer",
        ColumnKind::Text,
        "Who pays for the work.",
    ),
    Column::new(
        "on_call",
        "On call",
        ColumnKind::Truth,
        "Whether they are called when it fails.",
    ),
    Column::new(
        "load",
        "Load",
        ColumnKind::Number,
        "Their roles, services and rotas in all.",
    ),
];

fn staff(known: &Known, service: &Item<Service>, page: &mut Page) {
    let estate = &known.checked.estate;
    let value = &service.value;
    page.heading("staff", "Who keeps it running");
    let staff = Staff::of(known, service);
    if !staff.people.is_empty() {
        page.say(staff.said());
    }
    let rota = value.on_call.iter().flat_map(|on_call| &on_call.rota);
    let rota: BTreeSet<&str> = rota
        .filter_map(|one| Some(estate.find(one)?.name.as_str()))
        .collect();
    let named = value
        .staff
        .iter()
        .chain(value.on_call.iter().flat_map(|on_call| &on_call.rota));
    let mut seen = BTreeSet::new();
    let mut rows = Vec::new();
    for one in named {
        let Some(person) = estate.find(one) else {
            rows.push(items::row(
                known,
                Some(one.span),
                vec![
                    Cell::text(one.name.clone()),
                    Cell::none(),
                    Cell::none(),
                    Cell::none(),
                ],
            ));
            continue;
        };
        if !seen.insert(person.name.as_str()) {
            continue;
        }
        let cells = vec![
            items::full_name(known, one),
            Cell::text(people::employer(known, &person.value, known.day).unwrap_or_default()),
            Cell::new(Value::Truth(rota.contains(person.name.as_str()))),
            Cell::count(people::Load::of(known, person).total()),
        ];
        rows.push(items::row(known, Some(one.span), cells));
    }
    let none = "Nobody is named as staff.";
    page.add(Part::Table(items::table(
        "staff", "Staff", STAFF, rows, none,
    )));
}

fn data(known: &Known, value: &Service, page: &mut Page) {
    let Some(data) = &value.data else {
        return;
    };
    page.heading("data", "Data");
    let mut facts = items::Facts::new(known);
    facts.at(
        "holds",
        "Holds",
        Cell::text(data.holds.value.clone()),
        data.holds.span,
    );
    let who = match data.classification {
        Classification::Public => "everybody",
        Classification::Internal => "contributors",
        Classification::Confidential => "the owners",
        Classification::Restricted => "named people",
    };
    facts.say(
        "classification",
        "For",
        Cell::text(format!("{who} ({})", data.classification.word())),
    );
    facts.say(
        "retention",
        "Kept for",
        match &data.retention {
            Some(retention) => Cell::text(retention.clone()),
            None => Cell::text("not decided"),
        },
    );
    match &data.backup {
        None => facts.say("backup", "Backup", Cell::text("none")),
        Some(backup) => {
            facts.at(
                "backup",
                "Backup",
                Cell::text(backup.to.value.clone()),
                backup.to.span,
            );
            facts.say_if("schedule", "Made", backup.schedule.clone().map(Cell::text));
            match &backup.restore_tested {
                Some(day) => facts.at(
                    "restore_tested",
                    "Restore last tested",
                    Cell::day(Some(day.value)),
                    day.span,
                ),
                None => facts.say("restore_tested", "Restore last tested", Cell::text("never")),
            }
        }
    }
    page.add(facts.part());
}

const JOURNEYS: &[Column] = &[
    Column::new(
        "journey",
        "What users do",
        ColumnKind::Text,
        "What users must be able to do, whatever happens.",
    ),
    Column::new(
        "document",
        "How it works and is tested",
        ColumnKind::Text,
        "The document that says so.",
    ),
];

fn journeys(known: &Known, value: &Service, page: &mut Page) {
    if value.journeys.is_empty() {
        return;
    }
    page.heading("journeys", "What its users rely on");
    let rows = value.journeys.iter().map(|one| {
        let document = one.document.as_deref().map_or(Cell::none(), items::address);
        items::row(
            known,
            Some(one.name.span),
            vec![Cell::text(one.name.value.clone()), document],
        )
    });
    page.add(Part::Table(items::table(
        "journeys",
        "Journeys",
        JOURNEYS,
        rows.collect(),
        "",
    )));
}

const PARTS: &[Column] = &[
    Column::new("what", "What", ColumnKind::Text, "What belongs to it."),
    Column::new(
        "how",
        "How",
        ColumnKind::Text,
        "What it has to do with the service.",
    ),
];

/// The zones that are parts of it, and the accounts that are charged for it.
fn owned(known: &Known, service: &Item<Service>, page: &mut Page) {
    let graph = &known.checked.estate.graph;
    let Some(node) = graph.node(KindId::Service, &service.name) else {
        return;
    };
    let parts = graph
        .incoming(node)
        .filter(|link| link.relation == Relation::PartOf);
    let parts = parts.map(|link| (link.from, "is part of it", link.span));
    let charged = graph
        .outgoing(node)
        .filter(|link| link.relation == Relation::ChargedTo);
    let charged = charged.map(|link| (link.to, "pays for it", link.span));
    let mut rows: Vec<Row> = Vec::new();
    for (other, how, span) in parts.chain(charged) {
        let (kind, name) = graph.item(other);
        let cells = vec![items::any(kind, name), Cell::text(how)];
        rows.push(items::row(known, Some(span), cells));
    }
    if !rows.is_empty() {
        page.heading("parts", "Zones and accounts");
        page.add(Part::Table(items::table(
            "parts",
            "What belongs to it",
            PARTS,
            rows,
            "",
        )));
    }
}

fn promises(known: &Known, value: &Service, page: &mut Page) {
    let owner = value.owner.as_ref();
    let Some(owner) = owner.and_then(|owner| known.checked.estate.find(owner)) else {
        return;
    };
    if let Some(table) = groups::promises(known, &owner.value) {
        page.heading(
            "promises",
            format!("What {} promises whoever asks", owner.title()),
        );
        page.add(table);
    }
}

const NAMED_BY: &[Column] = &[
    Column::new("what", "What", ColumnKind::Text, "The thing that names it."),
    Column::new("how", "How", ColumnKind::Text, "How it names it."),
];

/// What else in the estate names it.
fn named_by(known: &Known, service: &Item<Service>, page: &mut Page) {
    let graph = &known.checked.estate.graph;
    let node = graph.node(KindId::Service, &service.name);
    let links = node.into_iter().flat_map(|node| graph.incoming(node));
    let shown =
        |relation: Relation| matches!(relation, Relation::Depends { .. } | Relation::PartOf);
    let rows: Vec<Row> = links
        .filter(|link| !shown(link.relation))
        .map(|link| {
            let (kind, name) = graph.item(link.from);
            let how = format!("{} it", link.relation.words());
            items::row(
                known,
                Some(link.span),
                vec![items::any(kind, name), Cell::text(how)],
            )
        })
        .collect();
    if !rows.is_empty() {
        let table = items::table("named-by", "What else names it", NAMED_BY, rows, "");
        page.add(Part::Folded(
            "What else names it".to_owned(),
            vec![Part::Table(table)],
        ));
    }
}
