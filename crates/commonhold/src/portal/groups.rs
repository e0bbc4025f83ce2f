//! Who owns.

mod page;

use std::collections::BTreeSet;

use estate::kinds::{Channel, Group, Standing};
use estate::{Item, KindId, Relation};
use jiff::tz::TimeZone;
use portal::Found;
use portal::model::{Cell, Collection, Column, ColumnKind, Listing, Mood, Part, Row, Section};
use portal::{Audience, Private};

use super::services::Staff;
use super::shown::{Known, to};
use super::{findings, home, items};

static COLLECTION: Collection = Collection {
    id: "groups",
    title: "Groups",
    one: "group",
    about: "The bodies that own what the community has: who leads them, what they answer for, and when they meet.",
    section: Section::Groups,
    columns: COLUMNS,
    feed: None,
    has_pages: true,
    sort: "",
};

const COLUMNS: &[Column] = &[
    Column::new(
        "name",
        "Group",
        ColumnKind::Text,
        "The name under which others refer to it.",
    ),
    Column::new(
        "title",
        "Full name",
        ColumnKind::Text,
        "What people call it.",
    ),
    Column::new(
        "kind",
        "Kind",
        ColumnKind::Text,
        "What sort of body it is, in the community's words.",
    )
    .choice(),
    Column::new(
        "standing",
        "Standing",
        ColumnKind::State,
        "`active`, or `retired` once it has been closed.",
    )
    .choice()
    .data_only(),
    Column::new(
        "leads",
        "Leads",
        ColumnKind::List,
        "Who leads it on the day.",
    )
    .data_only(),
    Column::new(
        "employer",
        "Largest employer",
        ColumnKind::Text,
        "The employer of most of its leads, and of how many.",
    ),
    Column::new(
        "seats",
        "Seats",
        ColumnKind::Text,
        "How many of its seats are filled.",
    )
    .data_only(),
    Column::new(
        "services",
        "Services",
        ColumnKind::Number,
        "How many services it answers for.",
    ),
    Column::new(
        "owns",
        "Owns",
        ColumnKind::Number,
        "How many things it answers for in all, jobs left out.",
    ),
    Column::new(
        "jobs",
        "Jobs",
        ColumnKind::Number,
        "How many jobs belong to it.",
    ),
    Column::new(
        "people",
        "People",
        ColumnKind::Number,
        "How many people have a role in it.",
    ),
    Column::new(
        "meetings",
        "Meetings",
        ColumnKind::Number,
        "How many regular meetings it and its parts have.",
    )
    .data_only(),
    Column::new(
        "next_meeting",
        "Next meeting",
        ColumnKind::Day,
        "The day of its next regular meeting, that of today included, in UTC.",
    ),
    Column::new(
        "parent",
        "Part of",
        ColumnKind::Text,
        "The group it is part of.",
    )
    .choice(),
    Column::new(
        "findings",
        "Findings",
        ColumnKind::State,
        "How many errors and warnings there are about it.",
    ),
];

pub(super) fn listings(known: &Known) -> Vec<Listing> {
    let mut groups: Vec<&Item<Group>> = known.checked.estate.tables.groups.items().collect();
    // Whoever works stands before whoever has been closed.
    groups.sort_by_key(|group| (group.value.standing == Standing::Retired, &group.name));
    let rows = groups.into_iter().map(|group| row(known, group)).collect();
    vec![Listing::new(&COLLECTION, rows)]
}

pub(super) fn page(known: &Known, name: &str) -> Found {
    let Some(group) = known.checked.estate.tables.groups.get(name) else {
        return Found::Nothing;
    };
    if group.name != name {
        return Found::Moved(to("groups", &group.name));
    }
    Found::Page(Box::new(page::of(known, group)))
}

fn row(known: &Known, group: &Item<Group>) -> Row {
    let value = &group.value;
    let leads = leads(known, group);
    let owned = shown_to_all(known, owned(known, group));
    let services = owned
        .iter()
        .filter(|(kind, _)| *kind == KindId::Service)
        .count();
    let people: BTreeSet<&str> = value
        .holders_on(known.day)
        .filter_map(|holder| Some(known.checked.estate.find(holder.person)?.name.as_str()))
        .collect();
    let meetings = value.subprojects.iter().map(|part| part.meetings.len());
    let counts = known.index.wrong_with(KindId::Group, &group.name);
    let largest = leads.largest().filter(|_| leads.people.len() > 1);
    let cells = vec![
        Cell::text(group.name.clone()),
        Cell::text(value.title.clone().unwrap_or_default()),
        Cell::text(value.kind.as_ref().map_or("", |kind| kind.value.as_str())),
        standing(value.standing),
        Cell::links(
            leads
                .people
                .iter()
                .map(|one| items::item(KindId::Person, &one.name))
                .collect(),
        ),
        Cell::text(largest.map_or(String::new(), |(name, count)| {
            format!("{name}: {count} of {}", leads.people.len())
        })),
        Cell::text(seats(known, value).unwrap_or_default()),
        Cell::count(services),
        Cell::count(owned.len()),
        Cell::count(known.index.jobs_of(&group.name)),
        Cell::count(people.len()),
        Cell::count(value.meetings.len() + meetings.sum::<usize>()),
        next_meeting(known, &group.name),
        value.parent.as_ref().map_or(Cell::none(), |parent| {
            items::cell(items::group(known, parent))
        }),
        findings::standing_cell(counts, KindId::Group, &group.name),
    ];
    Row {
        key: group.name.clone(),
        cells,
        source: known.source(group.span),
        ..Row::default()
    }
}

fn next_meeting(known: &Known, group: &str) -> Cell {
    let midnight = known.day.to_zoned(TimeZone::UTC).map(|day| day.timestamp());
    let next = home::next_meeting(&known.agenda, group, midnight.unwrap_or(known.at));
    Cell::day(next.map(|met| met.at.to_zoned(TimeZone::UTC).date()))
}

fn standing(standing: Standing) -> Cell {
    match standing {
        Standing::Active => Cell::state(Mood::Good, "active"),
        Standing::Retired => Cell::state(Mood::Quiet, "retired"),
    }
}

/// The people who lead a group on the day, with their employers.
pub(super) fn leads<'k>(known: &'k Known, group: &Item<Group>) -> Staff<'k> {
    let leads = group.value.leads_on(known.day);
    let leads = leads.filter_map(|lead| known.checked.estate.find(&lead.person));
    Staff::among(known, leads)
}

/// Those of the things that everybody may know of: a secret team is not even counted.
pub(super) fn shown_to_all<'k>(
    known: &Known,
    owned: Vec<(KindId, &'k str)>,
) -> Vec<(KindId, &'k str)> {
    let is_secret = |kind, name| {
        kind == KindId::Team && items::membership(known, kind, name) != Audience::Everybody
    };
    let shown = owned
        .into_iter()
        .filter(|(kind, name)| !is_secret(*kind, name));
    shown.collect()
}

/// What a group answers for, by kind and name.
pub(super) fn owned<'k>(known: &'k Known, group: &Item<Group>) -> Vec<(KindId, &'k str)> {
    let graph = &known.checked.estate.graph;
    let node = graph.node(KindId::Group, &group.name);
    let links = node.into_iter().flat_map(|node| graph.incoming(node));
    let owned = links.filter(|link| link.relation == Relation::OwnedBy);
    let mut owned: Vec<(KindId, &str)> = owned.map(|link| graph.item(link.from)).collect();
    owned.sort_unstable();
    owned.dedup();
    owned
}

/// How many of its seats are filled: `5 of 7`.
fn seats(known: &Known, group: &Group) -> Option<String> {
    let seats = group.seats.as_ref()?;
    let held: BTreeSet<String> = group
        .leads_on(known.day)
        .filter(|lead| seats.are_for(&lead.role))
        .map(|lead| lead.person.name.to_lowercase())
        .collect();
    Some(match &seats.count {
        Some(count) => format!("{} of {}", held.len(), count.value),
        None => held.len().to_string(),
    })
}

const PROMISES: &[Column] = &[
    Column::new(
        "channel",
        "Where one writes",
        ColumnKind::Text,
        "Where people write.",
    ),
    Column::new(
        "first_response",
        "First answer within",
        ColumnKind::Text,
        "The longest until a first answer.",
    ),
    Column::new(
        "measured",
        "Nine of ten had one within",
        ColumnKind::Text,
        "How long it really took.",
    ),
    Column::new(
        "on",
        "Measured",
        ColumnKind::Day,
        "The day of the measurement.",
    ),
];

/// How soon whoever writes to a group hears from it; nothing where it promises nothing.
pub(super) fn promises(known: &Known, group: &Group) -> Option<Part> {
    let rows = group.promises.iter().map(|promise| {
        let channel = match promise.channel.value {
            Channel::Chat => "chat",
            Channel::MailingList => "the mailing list",
            Channel::PrivateMailingList => "the private mailing list",
            Channel::Issues => "issues",
            Channel::PullRequests => "pull requests",
        };
        let measured = promise.measured.as_ref();
        let took = measured.map(|measured| period(measured.p90.value));
        let cells = vec![
            Cell::text(channel),
            Cell::text(period(promise.first_response)),
            Cell::text(took.unwrap_or_default()),
            Cell::day(measured.map(|measured| measured.on)),
        ];
        items::row(known, Some(promise.channel.span), cells)
    });
    let rows: Vec<Row> = rows.collect();
    (!rows.is_empty())
        .then(|| Part::Table(items::table("promises", "Promises", PROMISES, rows, "")))
}

/// A period in words.
pub(super) fn period(period: estate::Period) -> String {
    let unit = match period.unit {
        estate::PeriodUnit::Hours => "hour",
        estate::PeriodUnit::Days => "day",
        estate::PeriodUnit::BusinessHours => "hour of business days",
        estate::PeriodUnit::BusinessDays => "business day",
        estate::PeriodUnit::WorkingHours => "working hour",
    };
    let amount = usize::try_from(period.amount).unwrap_or(usize::MAX);
    match period.unit {
        estate::PeriodUnit::BusinessHours => {
            portal::model::counted(amount, unit, "hours of business days")
        }
        _ => items::counted(amount, unit),
    }
}

/// A private address of a group, for those who may see contacts.
pub(super) fn private_list(group: &Group) -> Option<(Cell, base::Span)> {
    let list = group.contact.as_ref()?.private_mailing_list.as_ref()?;
    let cell = Cell::link(list.to_string(), format!("mailto:{}", list.value));
    Some((cell.only(Audience::Private(Private::Contacts)), list.span))
}
