//! The map of the estate: all services by their groups, or the groups alone where there are too many.

mod by_group;

use std::collections::{BTreeMap, BTreeSet};

use estate::kinds::{Group, Service};
use estate::{Item, KindId};
use portal::model::{
    Cell, Column, ColumnKind, Link, Mood, Page, Part, Picture, Row, Section, Table,
};

use crate::portal::items;
use crate::portal::services::{self, Drawn, draw};
use crate::portal::shown::{Known, to};

/// As many services can be told apart in one drawing.
const SERVICES: usize = 90;
/// Services that a map of one group has beside its own.
const BESIDE: usize = 24;

/// The name of the box of what nobody owns.
const NOBODY: &str = "nobody";

/// The services of each owner, by its name; `nobody` for those without.
pub(super) fn owners(known: &Known) -> BTreeMap<String, Vec<&Item<Service>>> {
    let estate = &known.checked.estate;
    let mut owners: BTreeMap<String, Vec<&Item<Service>>> = BTreeMap::new();
    for service in estate.tables.services.items() {
        let owner = service.value.owner.as_ref();
        let owner = owner.and_then(|owner| estate.find(owner));
        let name = owner.map_or(NOBODY, |owner| owner.name.as_str());
        owners.entry(name.to_owned()).or_default().push(service);
    }
    owners
}

pub(super) fn of_all(known: &Known) -> Page {
    let mut page = Page::new(Section::Wiring, "/wiring", "Wiring");
    "Map".clone_into(&mut page.kind);
    page.summary =
        String::from("What depends on what. A box leads to the page of what it stands for.");
    let owners = owners(known);
    let services: usize = owners.values().map(Vec::len).sum();
    if services == 0 {
        page.say("The estate declares no services yet.");
        return page;
    }
    let picture = if services <= SERVICES {
        whole(known, &owners)
    } else {
        by_group::by_group(known, &owners)
    };
    page.heading("groups", "By group");
    page.say("The map of one group has its services, what they need, and what needs them.");
    page.add(Part::Table(by_group::groups(known, &owners)));
    page.heading("map", "All of it");
    page.add(Part::Picture(Box::new(picture)));
    let text = "Every single dependency, with the line that says so:".to_owned();
    page.add(Part::Notice(
        Mood::Plain,
        text,
        Some(Link::new("the list", "/dependencies")),
    ));
    page
}

fn whole(known: &Known, owners: &BTreeMap<String, Vec<&Item<Service>>>) -> Picture {
    let services: Vec<&Item<Service>> = owners.values().flatten().copied().collect();
    let title = format!("Services of {}", known.checked.estate.manifest.name);
    let caption = "Every service in the box of the group that owns it. An arrow leads from a service to what it depends on; what a vendor holds has a broken outline.".to_owned();
    let figures = arrows(known, &services);
    let drawn = Drawn {
        title,
        page: "/wiring".to_owned(),
        services,
        about: None,
        by_owner: true,
    };
    Picture {
        svg: draw(known, &drawn),
        caption,
        figures,
    }
}

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

/// The dependencies between some services, as a table.
fn arrows(known: &Known, services: &[&Item<Service>]) -> Table {
    let shown: BTreeSet<&str> = services
        .iter()
        .map(|service| service.name.as_str())
        .collect();
    let mut rows: Vec<Row> = Vec::new();
    for service in services {
        for one in &service.value.depends_on {
            let found = known.checked.estate.find(&one.service);
            let Some(found) = found.filter(|found| shown.contains(found.name.as_str())) else {
                continue;
            };
            let cells = vec![
                items::titled(service),
                Cell::text(one.how.word()),
                items::titled(found),
            ];
            rows.push(items::row(known, Some(one.service.span), cells));
        }
    }
    items::table(
        "arrows",
        "The arrows of the drawing",
        ARROWS,
        rows,
        "None of them depends on another.",
    )
}

pub(super) fn of_nobody(known: &Known) -> Page {
    let mut owners = owners(known);
    let own = owners.remove(NOBODY).unwrap_or_default();
    of_owner(known, NOBODY, "What nobody owns", &own)
}

pub(super) fn of_group(known: &Known, group: &Item<Group>) -> Page {
    let mut owners = owners(known);
    let own = owners.remove(&group.name).unwrap_or_default();
    let mut page = of_owner(
        known,
        &group.name,
        &format!("Wiring of {}", group.title()),
        &own,
    );
    page.source = known.source(group.span);
    page
}

/// Services with those that they are tied to, those with the most ties first.
fn around<'k>(known: &'k Known, page: &str, title: &str, own: &[&'k Item<Service>]) -> Picture {
    let estate = &known.checked.estate;
    let names: BTreeSet<&str> = own.iter().map(|one| one.name.as_str()).collect();
    let mut ties: BTreeMap<&str, usize> = BTreeMap::new();
    for service in own {
        let needs = service.value.depends_on.iter();
        let needs = needs.filter_map(|one| estate.find(&one.service));
        let needs = needs.map(|one| one.name.as_str());
        let needers = services::needed_by(known, service).into_iter();
        let needers = needers.map(|link| estate.graph.item(link.from).1);
        for other in needs.chain(needers).filter(|other| !names.contains(other)) {
            *ties.entry(other).or_default() += 1;
        }
    }
    let mut others: Vec<(&str, usize)> = ties.into_iter().collect();
    others.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
    let mut shown: Vec<&Item<Service>> = own.iter().copied().take(SERVICES).collect();
    let beside = others.iter().take(BESIDE);
    shown.extend(beside.filter_map(|(name, _)| estate.tables.services.get(name)));
    let more = (own.len() + others.len()).saturating_sub(shown.len());
    let mut caption = "Services stand in the boxes of their owners. An arrow leads from a service to what it depends on.".to_owned();
    if more > 0 {
        caption += &format!(
            " {more} more are left out of the drawing; the list of dependencies has them."
        );
    }
    let figures = arrows(known, &shown);
    let drawn = Drawn {
        title: title.to_owned(),
        page: page.to_owned(),
        services: shown,
        about: None,
        by_owner: true,
    };
    Picture {
        svg: draw(known, &drawn),
        caption,
        figures,
    }
}

/// The services of an owner, with what they need and what needs them.
fn of_owner<'k>(known: &'k Known, name: &str, title: &str, own: &[&'k Item<Service>]) -> Page {
    let path = to("wiring/groups", name);
    let mut page = Page::new(Section::Wiring, path.clone(), title);
    "Map".clone_into(&mut page.kind);
    if name != NOBODY {
        let text = "The group itself:".to_owned();
        page.add(Part::Notice(
            Mood::Plain,
            text,
            Some(items::item(KindId::Group, name)),
        ));
    }
    if own.is_empty() {
        page.say("It answers for no service.");
        return page;
    }
    page.add(Part::Picture(Box::new(around(known, &path, title, own))));
    let rows = own.iter().map(|service| {
        let cells = vec![
            items::titled(service),
            Cell::text(service.value.criticality.word()),
            Cell::count(service.value.depends_on.len()),
            Cell::count(services::needed_by(known, service).len()),
            Cell::link(
                "what breaks without it",
                to("wiring/services", &service.name),
            ),
        ];
        items::row(known, Some(service.span), cells)
    });
    page.heading("services", "Its services");
    page.add(Part::Table(items::table(
        "services",
        "Services",
        OWN,
        rows.collect(),
        "",
    )));
    page
}

const OWN: &[Column] = &[
    Column::new("service", "Service", ColumnKind::Text, "The service."),
    Column::new(
        "criticality",
        "Criticality",
        ColumnKind::Text,
        "What happens when it fails.",
    ),
    Column::new(
        "needs",
        "Needs",
        ColumnKind::Number,
        "How many services it depends on.",
    ),
    Column::new(
        "needed_by",
        "Needed by",
        ColumnKind::Number,
        "How many services depend on it.",
    ),
    Column::new(
        "impact",
        "Impact",
        ColumnKind::Text,
        "What happens if it goes.",
    ),
];
