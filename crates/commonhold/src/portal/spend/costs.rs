//! What a group or a service costs, on its own page.

use base::{Decimal, Month};
use portal::Audience;
use portal::model::{Cell, Column, ColumnKind, Link, Mood, Page, Part, Row};

use super::lists::money;
use crate::portal::items;
use crate::portal::shown::Known;

/// Months that are shown.
const MONTHS: usize = 12;

const MONTH: Column = Column::new(
    "month",
    "Month",
    ColumnKind::Text,
    "The month in which the costs were incurred.",
);
const OWN: Column = Column::new(
    "own",
    "Its own",
    ColumnKind::Money,
    "What is its own, gross.",
);
const GROSS: Column = Column::new(
    "gross",
    "With its share",
    ColumnKind::Money,
    "With its share of what is used together, gross.",
);

/// Says what a group's costs are, month by month.
pub(in crate::portal) fn of_group(known: &Known, name: &str, page: &mut Page) {
    let bills = known.money.bills.as_ref();
    let months = bills.into_iter().flat_map(|bills| &bills.owners);
    let months = months.filter(|one| one.owner == name);
    let months = months.map(|one| (one.month, vec![one.own, one.gross]));
    let more = Link::new("all its months", format!("/spend-by-owner?owner={name}"));
    add(known, &[MONTH, OWN, GROSS], months.collect(), more, page);
}

/// Says what a service costs, month by month.
pub(in crate::portal) fn of_service(known: &Known, name: &str, page: &mut Page) {
    let bills = known.money.bills.as_ref();
    let months = bills.into_iter().flat_map(|bills| &bills.services);
    let months = months.filter(|one| one.service == name);
    let months = months.map(|one| (one.month, vec![one.own]));
    let more = Link::new("the spend of all", "/spend");
    add(known, &[MONTH, OWN], months.collect(), more, page);
}

fn add(
    known: &Known,
    columns: &[Column],
    mut months: Vec<(Month, Vec<Decimal>)>,
    more: Link,
    page: &mut Page,
) {
    let Some(bills) = known.money.bills.as_ref().filter(|_| !months.is_empty()) else {
        return;
    };
    let currency = bills.members.currency;
    months.sort_by_key(|(month, _)| std::cmp::Reverse(*month));
    let rows = months.into_iter().take(MONTHS).map(|(month, sums)| {
        let sums = sums.into_iter().map(|sum| money(sum, currency));
        Row {
            cells: std::iter::once(Cell::text(month.to_string()))
                .chain(sums)
                .collect(),
            ..Row::default()
        }
    });
    let caption = "What it costs in a month, before grants pay for it";
    let table = Part::Table(items::table("costs", caption, columns, rows.collect(), ""));
    let more = Part::Notice(Mood::Plain, "See also".to_owned(), Some(more));
    let heading = Part::Heading {
        id: "costs",
        text: "What it costs".to_owned(),
    };
    let parts = vec![heading, table, more];
    match known.money.of_owners() {
        Audience::Everybody => page.parts.extend(parts),
        some => page.parts.push(Part::Only(some, parts)),
    }
}
