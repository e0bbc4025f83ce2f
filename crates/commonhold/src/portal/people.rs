//! Who.

mod page;
mod roles;

use estate::kinds::Person;
use estate::{Item, KindId, Relation};
use jiff::civil::Date;
use portal::model::{Cell, Collection, Column, ColumnKind, Listing, Mood, Row, Section};
use portal::{AsOf, Found};

pub(crate) use roles::{Role, When, roles};

use super::shown::{Known, link};

static COLLECTION: Collection = Collection {
    id: "people",
    title: "People",
    one: "person",
    about: "Who takes part: for whom they work, what they are in groups, and what they keep running.",
    section: Section::People,
    columns: COLUMNS,
    feed: None,
    has_pages: true,
    sort: "-load",
};

const COLUMNS: &[Column] = &[
    Column::new(
        "name",
        "Name",
        ColumnKind::Text,
        "The full name, or the login where none is known.",
    ),
    Column::new(
        "login",
        "Known as",
        ColumnKind::Text,
        "The name under which others refer to them.",
    ),
    Column::new(
        "employer",
        "Employer",
        ColumnKind::Text,
        "Who pays for the work on the day; nothing where it is not known.",
    )
    .choice(),
    Column::new(
        "groups",
        "Groups",
        ColumnKind::List,
        "The groups in which they have a role.",
    )
    .choice(),
    Column::new(
        "roles",
        "Roles",
        ColumnKind::Number,
        "How many roles they have in groups.",
    ),
    Column::new(
        "services",
        "Services",
        ColumnKind::Number,
        "How many services they keep running.",
    ),
    Column::new(
        "on_call",
        "On call",
        ColumnKind::Number,
        "For how many services they are called.",
    ),
    Column::new(
        "load",
        "Load",
        ColumnKind::Number,
        "Roles, services and rotas together.",
    ),
    Column::new(
        "term_ends",
        "Term ends",
        ColumnKind::Day,
        "The last day of the term that ends next.",
    ),
    Column::new(
        "standing",
        "Standing",
        ColumnKind::State,
        "`here`, `left`, or `robot` for a program.",
    )
    .choice(),
];

pub(super) fn listings(known: &Known) -> Vec<Listing> {
    let mut people: Vec<&Item<Person>> = known.checked.estate.tables.people.items().collect();
    people.sort_by(|a, b| a.name.cmp(&b.name));
    let rows = people
        .into_iter()
        .map(|person| row(known, person))
        .collect();
    vec![Listing::new(&COLLECTION, rows)]
}

pub(super) fn page(known: &Known, name: &str, now: &AsOf) -> Found {
    let Some(person) = known.checked.estate.tables.people.get(name) else {
        return Found::Nothing;
    };
    if person.name != name {
        return Found::Moved(super::shown::to("people", &person.name));
    }
    Found::Page(Box::new(page::of(known, person, now)))
}

fn row(known: &Known, person: &Item<Person>) -> Row {
    let load = Load::of(known, person);
    let mut groups: Vec<&str> = now(known, person).map(|role| role.group.as_str()).collect();
    groups.dedup();
    let groups = groups.into_iter().map(|group| link("groups", group));
    let cells = vec![
        Cell::text(person.title()),
        Cell::text(person.name.clone()),
        Cell::text(employer(known, &person.value, known.day).unwrap_or_default()),
        Cell::links(groups.collect()),
        Cell::count(load.roles),
        Cell::count(load.services),
        Cell::count(load.rotas),
        Cell::count(load.total()),
        Cell::day(next_end(known, person)),
        standing(person, known.day),
    ];
    Row {
        key: person.name.clone(),
        cells,
        source: known.source(person.span),
        ..Row::default()
    }
}

/// The roles that a person has on the day.
fn now<'k>(known: &'k Known, person: &Item<Person>) -> impl Iterator<Item = &'k Role> {
    let roles = known.index.roles_of(&person.name).iter();
    let left = person.value.has_left(known.day);
    roles.filter(move |role| role.when == When::Now && !left)
}

/// The last day of the term that ends next.
pub(super) fn next_end(known: &Known, person: &Item<Person>) -> Option<Date> {
    let ends = now(known, person).filter_map(|role| role.until);
    ends.filter(|end| *end >= known.day).min()
}

fn standing(person: &Item<Person>, day: Date) -> Cell {
    match (person.value.has_left(day), person.value.robot) {
        (true, _) => Cell::state(Mood::Quiet, "left"),
        (false, true) => Cell::state(Mood::Plain, "robot"),
        (false, false) => Cell::state(Mood::Good, "here"),
    }
}

/// How much somebody has taken on.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Load {
    /// Roles in groups.
    pub(super) roles: usize,
    /// Services they are staff of.
    pub(super) services: usize,
    /// Services they are called for.
    pub(super) rotas: usize,
}

impl Load {
    pub(super) fn of(known: &Known, person: &Item<Person>) -> Self {
        let estate = &known.checked.estate;
        let mut load = Self {
            roles: now(known, person).count(),
            ..Self::default()
        };
        let node = estate.graph.node(KindId::Person, &person.name);
        for link in node
            .into_iter()
            .flat_map(|node| estate.graph.incoming(node))
        {
            match link.relation {
                Relation::StaffedBy => load.services += 1,
                Relation::Pages => load.rotas += 1,
                _ => {}
            }
        }
        load
    }

    pub(super) fn total(self) -> usize {
        self.roles + self.services + self.rotas
    }
}

/// What people are who work for nobody.
pub(super) const INDEPENDENT: &str = "Independent";

/// For whom a person works on a day, as the charter calls them; nothing where nobody says.
pub(super) fn employer(known: &Known, person: &Person, day: Date) -> Option<String> {
    let spelled = person.employer_on(day)?;
    let checked = &known.checked;
    let Some(counted) = known.index.employers.counted_as(spelled) else {
        return Some(INDEPENDENT.to_owned());
    };
    let declared = checked.charter.employers.iter();
    let declared = declared
        .map(|known| &known.name)
        .find(|name| **name == counted);
    Some(declared.unwrap_or(&spelled.value).clone())
}
