//! For whom people work, over the whole community.

use std::collections::{BTreeMap, BTreeSet};

use base::Decimal;
use chart::{About, Chart, Item as Bar, Value as Figure};
use charter::{Affiliation, Employers};
use estate::kinds::Standing;
use portal::model::{Cell, Collection, Column, ColumnKind, Listing, Part, Row, Section, Value};

use super::shown::Known;

static EMPLOYERS: Collection = Collection {
    id: "employers",
    title: "Employers",
    one: "employer",
    about: "For whom the people of the community work, and how many leading roles in groups that work their people hold.",
    section: Section::People,
    columns: &[
        Column::new(
            "employer",
            "Employer",
            ColumnKind::Text,
            "The name under which the charter counts it.",
        ),
        Column::new(
            "people",
            "People",
            ColumnKind::Number,
            "How many people work for it.",
        ),
        Column::new(
            "leads",
            "People who lead",
            ColumnKind::Number,
            "How many of them lead a group.",
        ),
        Column::new(
            "roles",
            "Leading roles",
            ColumnKind::Number,
            "How many leading roles in groups these hold.",
        ),
        Column::new(
            "groups",
            "Groups led",
            ColumnKind::Number,
            "In how many groups they hold one.",
        ),
        Column::new(
            "share",
            "Share of roles",
            ColumnKind::Share,
            "Its share of all leading roles.",
        ),
    ],
    feed: None,
    has_pages: false,
    sort: "-roles",
};

/// So many have a bar of their own.
const BARS: usize = 12;

/// What the people of one employer do.
#[derive(Debug, Default)]
struct Share<'e> {
    name: String,
    people: usize,
    leads: BTreeSet<&'e str>,
    roles: usize,
    groups: BTreeSet<&'e str>,
}

pub(super) fn listings(known: &Known) -> Vec<Listing> {
    let shares = shares(known);
    if shares.is_empty() {
        return Vec::new();
    }
    let all: usize = shares.values().map(|share| share.roles).sum();
    let rows = shares.iter().map(|(key, share)| row(key, share, all));
    let mut listing = Listing::new(&EMPLOYERS, rows.collect());
    if all > 0 {
        let chart = drawn(&shares, all);
        listing.above.push(Part::Chart(Box::new(chart)));
    }
    vec![listing]
}

/// The shares by the key under which employers are counted.
fn shares(known: &Known) -> BTreeMap<String, Share<'_>> {
    let (estate, day) = (&known.checked.estate, known.day);
    let employers = Employers::of(&known.checked.charter);
    let mut shares: BTreeMap<String, Share<'_>> = BTreeMap::new();
    let mut of: BTreeMap<&str, String> = BTreeMap::new();
    let humans = estate.tables.people.items();
    let humans = humans.filter(|item| !item.value.has_left(day) && !item.value.robot);
    for item in humans {
        let (key, name) = match employers.employer_of(&item.value, day) {
            Affiliation::Company(key) => {
                let said = item.value.employer_on(day);
                // What the charter does not name is counted under its letters alone.
                let declared = known.checked.charter.employers.iter();
                let declared = declared.map(|one| &one.name).find(|name| **name == key);
                let name = declared.or(said.map(|said| &said.value));
                let name = name.map_or_else(|| key.clone(), |name| name.trim().to_owned());
                (key, name)
            }
            Affiliation::Independent => ("(independent)".to_owned(), "Independent".to_owned()),
            Affiliation::Unknown => ("(unknown)".to_owned(), "Not known".to_owned()),
        };
        let share = shares.entry(key.clone()).or_default();
        share.people += 1;
        // Of several spellings always the same one is shown.
        if share.name.is_empty() || name < share.name {
            share.name = name;
        }
        of.insert(&item.name, key);
    }
    let works = estate.tables.groups.items();
    for group in works.filter(|group| group.value.standing == Standing::Active) {
        for lead in group.value.leads_on(day) {
            let Some(person) = estate.find(&lead.person) else {
                continue;
            };
            let key = of.get(person.name.as_str());
            let Some(share) = key.and_then(|key| shares.get_mut(key)) else {
                continue;
            };
            share.roles += 1;
            share.leads.insert(&person.name);
            share.groups.insert(&group.name);
        }
    }
    shares
}

fn row(key: &str, share: &Share<'_>, all: usize) -> Row {
    let whole = |count: usize| Decimal::whole(i64::try_from(count).unwrap_or(i64::MAX));
    let of_all = document::amount::share(whole(share.roles), whole(all));
    Row {
        key: key.to_owned(),
        cells: vec![
            Cell::text(share.name.as_str()),
            Cell::count(share.people),
            Cell::count(share.leads.len()),
            Cell::count(share.roles),
            Cell::count(share.groups.len()),
            of_all.map_or_else(Cell::none, |share| Cell::new(Value::Share(share))),
        ],
        ..Row::default()
    }
}

fn drawn(shares: &BTreeMap<String, Share<'_>>, all: usize) -> Chart {
    let mut largest: Vec<&Share<'_>> = shares.values().filter(|share| share.roles > 0).collect();
    largest.sort_by(|one, other| {
        let by_size = other.roles.cmp(&one.roles);
        by_size.then_with(|| one.name.cmp(&other.name))
    });
    let length = |roles: usize| f64::from(u32::try_from(roles).unwrap_or(u32::MAX));
    let bar = |name: &str, roles: usize| Bar {
        name: name.to_owned(),
        value: Figure::new(length(roles), format!("{roles} of {all}")),
        marked: false,
    };
    let mut bars: Vec<Bar> = largest
        .iter()
        .take(BARS)
        .map(|share| bar(&share.name, share.roles))
        .collect();
    let rest: usize = largest.iter().skip(BARS).map(|share| share.roles).sum();
    if rest > 0 {
        bars.push(bar("All others together", rest));
    }
    let about = About {
        id: "employers",
        title: "Leading roles in groups, by employer",
        desc: "",
        heading: "Employer",
        axis: &|number| format!("{number:.0}"),
    };
    chart::ranking(&about, &bars, Some(length(all)))
}
