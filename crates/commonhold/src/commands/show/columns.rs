//! What is shown of each kind in a list.

use std::collections::{BTreeMap, BTreeSet};

use charter::{Charter, Employers};
use estate::kinds::{Account, Group, MailingGroup, Organisation, Person, Service, Team};
use estate::{AnyItem, Estate, Item, KindId, Relation};
use jiff::civil::Date;

use crate::render::table::{Cell, Table};

pub(super) fn table(estate: &Estate, kind: KindId, items: &[AnyItem<'_>], day: Date) -> Table {
    let mut table = Table::new(headings(kind));
    let tables = &estate.tables;
    for item in items {
        let row = match kind {
            KindId::Person => tables
                .people
                .get(item.name)
                .map(|item| person(estate, item, day)),
            KindId::Group => tables
                .groups
                .get(item.name)
                .map(|item| group(estate, item, day)),
            KindId::Service => tables.services.get(item.name).map(service),
            KindId::Team => tables.teams.get(item.name).map(team),
            KindId::Organisation => tables.organisations.get(item.name).map(organisation),
            KindId::MailingGroup => tables.mailing_groups.get(item.name).map(mailing_group),
            KindId::Account => tables
                .accounts
                .get(item.name)
                .map(|item| account(estate, item)),
        };
        if let Some(row) = row {
            table.row(row);
        }
    }
    table
}

fn headings(kind: KindId) -> &'static [&'static str] {
    match kind {
        KindId::Person => &["person", "name", "employer", "roles"],
        KindId::Group => &[
            "group",
            "kind",
            "standing",
            "leads",
            "largest employer",
            "title",
        ],
        KindId::Service => &[
            "service",
            "owner",
            "staff",
            "criticality",
            "runs at",
            "migration",
            "name",
        ],
        KindId::Team => &["team", "organisation", "people", "grants", "description"],
        KindId::Organisation => &["organisation", "admins", "members", "title"],
        KindId::MailingGroup => &["mailing group", "owner", "closed", "addresses", "title"],
        KindId::Account => &[
            "account", "provider", "holder", "owner", "services", "title",
        ],
    }
}

fn person(estate: &Estate, item: &Item<Person>, day: Date) -> Vec<Cell> {
    let employer = item
        .value
        .employer_on(day)
        .map(|company| company.value.clone());
    let roles = estate
        .node_of(item)
        .map_or(0, |node| estate.graph.incoming(node).count());
    vec![
        Cell::from(item.name.as_str()),
        Cell::from(item.value.name.clone()),
        Cell::from(employer),
        Cell::from(roles),
    ]
}

fn group(estate: &Estate, item: &Item<Group>, day: Date) -> Vec<Cell> {
    let people: BTreeSet<&str> = item
        .value
        .leads_on(day)
        .filter_map(|lead| estate.find(&lead.person))
        .map(|person| person.name.as_str())
        .collect();
    let mut by_employer: BTreeMap<&str, usize> = BTreeMap::new();
    for person in people
        .iter()
        .filter_map(|name| estate.tables.people.get(name))
    {
        if let Some(company) = person.value.employer_on(day) {
            *by_employer.entry(company.value.as_str()).or_default() += 1;
        }
    }
    let largest = by_employer
        .iter()
        .max_by_key(|(name, count)| (**count, std::cmp::Reverse(**name)));
    let largest = largest.map(|(name, count)| format!("{name} {count}/{}", people.len()));
    vec![
        Cell::from(item.name.as_str()),
        Cell::from(item.value.kind.as_ref().map(|kind| kind.value.clone())),
        Cell::from(item.value.standing.word()),
        Cell::from(people.len()),
        Cell::from(largest),
        Cell::from(item.title()),
    ]
}

fn service(item: &Item<Service>) -> Vec<Cell> {
    let service = &item.value;
    let state = service
        .migration_state()
        .and_then(|state| serde_json::to_value(state).ok());
    vec![
        Cell::from(item.name.as_str()),
        Cell::from(service.owner.as_ref().map(|owner| owner.name.clone())),
        Cell::from(service.staff.len()),
        Cell::from(service.criticality.word()),
        Cell::from(
            service
                .runs_at
                .iter()
                .map(|place| place.account.name.clone())
                .collect::<Vec<_>>(),
        ),
        Cell::from(state.and_then(|state| state.as_str().map(str::to_owned))),
        Cell::from(service.name.as_str()),
    ]
}

fn team(item: &Item<Team>) -> Vec<Cell> {
    vec![
        Cell::from(item.name.as_str()),
        Cell::from(
            item.value
                .organisation
                .as_ref()
                .map(|organisation| organisation.name.clone()),
        ),
        Cell::from(item.value.people().count()),
        Cell::from(item.value.grants.len()),
        Cell::from(item.value.description.as_deref().map(first_line)),
    ]
}

fn organisation(item: &Item<Organisation>) -> Vec<Cell> {
    let (admins, members) = (item.value.admins.len(), item.value.members.len());
    vec![
        Cell::from(item.name.as_str()),
        Cell::from(admins),
        Cell::from(members),
        Cell::from(item.title()),
    ]
}

fn mailing_group(item: &Item<MailingGroup>) -> Vec<Cell> {
    vec![
        Cell::from(item.value.email.as_str()),
        Cell::from(item.value.owner.as_ref().map(|owner| owner.name.clone())),
        Cell::from(if item.value.closed { "closed" } else { "open" }),
        Cell::from(item.value.addresses().count()),
        Cell::from(item.title()),
    ]
}

fn account(estate: &Estate, item: &Item<Account>) -> Vec<Cell> {
    let runs = |node| {
        estate
            .graph
            .incoming(node)
            .filter(|link| link.relation == Relation::RunsAt)
            .count()
    };
    vec![
        Cell::from(item.name.as_str()),
        Cell::from(item.value.provider.as_str()),
        Cell::from(
            item.value
                .vendor
                .clone()
                .filter(|_| item.value.holder == estate::kinds::Holder::Vendor)
                .unwrap_or("community".to_owned()),
        ),
        Cell::from(item.value.owner.as_ref().map(|owner| owner.name.clone())),
        Cell::from(estate.node_of(item).map_or(0, runs)),
        Cell::from(item.title()),
    ]
}

fn first_line(text: &str) -> String {
    text.lines().next().unwrap_or("").to_owned()
}

/// Everybody whom the charter counts under the same employer on a day.
pub(super) fn people_of(estate: &Estate, employer: &str, day: Date) -> BTreeSet<String> {
    let (charter, _) = Charter::of(estate);
    let employers = Employers::of(&charter);
    let wanted = employers.counted_as(employer);
    let works_there = |person: &&Item<Person>| {
        person
            .value
            .employer_on(day)
            .is_some_and(|company| match &wanted {
                Some(_) => employers.counted_as(company) == wanted,
                None => company.eq_ignore_ascii_case(employer),
            })
    };
    estate
        .tables
        .people
        .items()
        .filter(works_there)
        .map(|person| person.name.clone())
        .collect()
}

/// The people an item names; a person is behind themselves.
pub(super) fn people_behind(estate: &Estate, item: &AnyItem<'_>) -> Vec<String> {
    if item.kind == KindId::Person {
        return vec![item.name.to_owned()];
    }
    let Some(node) = estate.graph.node(item.kind, item.name) else {
        return Vec::new();
    };
    let links = estate
        .graph
        .outgoing(node)
        .filter(|link| link.relation != Relation::Honours);
    let named = links
        .map(|link| estate.graph.item(link.to))
        .filter(|(kind, _)| *kind == KindId::Person);
    named.map(|(_, name)| name.to_owned()).collect()
}

/// Every name under which a place may be asked for.
pub(super) fn places(estate: &Estate, item: &AnyItem<'_>) -> Vec<String> {
    let of_account = |account: &Item<Account>| {
        vec![
            account.name.clone(),
            account.value.id.clone(),
            account.value.provider.clone(),
        ]
    };
    match item.kind {
        KindId::Account => estate
            .tables
            .accounts
            .get(item.name)
            .map_or(Vec::new(), of_account),
        KindId::Service => {
            let Some(service) = estate.tables.services.get(item.name) else {
                return Vec::new();
            };
            let mut names = Vec::new();
            for place in &service.value.runs_at {
                names.extend(
                    [&place.cluster, &place.region, &place.resource]
                        .into_iter()
                        .flatten()
                        .cloned(),
                );
                names.extend(
                    estate
                        .find(&place.account)
                        .map(of_account)
                        .into_iter()
                        .flatten(),
                );
            }
            names
        }
        _ => Vec::new(),
    }
}
