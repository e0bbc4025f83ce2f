//! What is different from the last meeting.

use std::collections::{BTreeMap, BTreeSet};

use document::{Cell, Column, Section, Table};

use super::{ACCOUNT, name, named, period};
use crate::report::model::{Bill, Happened, Mover, Report};

pub(super) fn changes(report: &Report) -> Section {
    let changes = &report.changes;
    let mut section = Section::new("changes", "What changed");
    section.say(match (changes.since, changes.compared) {
        (Some(since), Some(days)) => {
            format!("Since the meeting of {since}. The last days are held against {days}.")
        }
        (None, Some(days)) => format!(
            "What was known at the last meeting is not kept, so the last days are held against {days}."
        ),
        _ => "There is nothing to hold the last days against.".to_owned(),
    });
    if changes.since.is_some() {
        bills(report, &mut section);
        restated(report, &mut section);
    }
    if !changes.new_owners.is_empty() {
        section.say(format!("New owners: {}.", changes.new_owners.join(", ")));
    }
    if !changes.gone_owners.is_empty() {
        section.say(format!(
            "Owners without cost now: {}.",
            changes.gone_owners.join(", ")
        ));
    }
    let mut movers = |title: &str, rows: &[Mover], instead: &str| {
        section.table(moved(title, rows, report), instead);
    };
    movers("What rose most, gross", &changes.up, "Nothing rose.");
    movers("What fell most, gross", &changes.down, "Nothing fell.");
    if report.left_out.is_none() {
        movers(
            "New sub-accounts, gross",
            &changes.new,
            "No sub-account is new.",
        );
        movers(
            "Sub-accounts without cost now, gross",
            &changes.gone,
            "No sub-account ended.",
        );
    }
    section
}

fn bills(report: &Report, section: &mut Section) {
    let members = report.left_out.is_none();
    let mut columns = vec![
        Column::text("What happened"),
        Column::text("Months"),
        Column::of("Bills", "bills", ""),
        Column::of("Charges then", "charges then", ""),
        Column::of("Charges now", "charges now", ""),
    ];
    if members {
        columns.insert(0, Column::text("Account"));
    }
    let mut table = named("Bills that are kept otherwise", "Provider", columns);
    let mut alike: BTreeMap<(&str, &str, Happened), Vec<&Bill>> = BTreeMap::new();
    for bill in &report.changes.bills {
        let key = (bill.provider.as_str(), bill.account.as_str(), bill.what);
        alike.entry(key).or_default().push(bill);
    }
    for ((provider, account, what), bills) in alike {
        let count = |of: fn(&Bill) -> u64| Cell::count(bills.iter().map(|bill| of(bill)).sum(), "");
        let mut cells = vec![
            Cell::name(provider),
            Cell::name(what.word()),
            Cell::text(months(&bills)),
            count(|_| 1),
            count(|bill| bill.rows_then),
            count(|bill| bill.rows_now),
        ];
        if members {
            cells.insert(1, Cell::name(account));
        }
        table.row(cells);
    }
    section.table(table, "No bill came, was replaced, closed or went.");
}

/// Which months bills are of: one, a few, or from one to another.
fn months(bills: &[&Bill]) -> String {
    let months: BTreeSet<base::Month> = bills.iter().map(|bill| bill.month).collect();
    match (months.first(), months.last()) {
        (Some(first), Some(last)) if months.len() > 3 => format!("{first} to {last}"),
        _ => months
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
            .join(", "),
    }
}

fn restated(report: &Report, section: &mut Section) {
    let currency = report.currency;
    let columns = vec![
        Column::text("Provider"),
        Column::of("Known then", "gross then", ""),
        Column::of("Known now", "gross now", ""),
        Column::of("Difference", "difference", ""),
    ];
    let caption = "Months whose cost is restated, in the days that were complete then, gross";
    let mut table = named(caption, "Incurred in", columns);
    for row in &report.changes.restated {
        table.row(vec![
            Cell::name(row.month.to_string()),
            Cell::name(&row.provider),
            Cell::Money(row.then, currency),
            Cell::Money(row.now, currency),
            Cell::Change(row.now - row.then, currency),
        ]);
    }
    section.table(table, "No month that was complete then is restated.");
}

fn moved(title: &str, rows: &[Mover], report: &Report) -> Table {
    let (currency, members) = (report.currency, report.left_out.is_none());
    let then = report.changes.compared.map(period).unwrap_or_default();
    let now = report.figures.as_ref().map(|figures| period(figures.days));
    let now = now.unwrap_or_default();
    let mut columns = vec![
        Column::of("Then", "gross", then),
        Column::of("Now", "gross", &now),
        Column::of("Difference", "difference", now),
    ];
    if members {
        columns.insert(0, Column::text("Sub-account"));
        columns.push(Column::text("Mostly of"));
    }
    let mut table = named(title, "Provider", columns);
    for row in rows {
        let mut cells = vec![
            Cell::name(&row.provider),
            Cell::Money(row.then, currency),
            Cell::Money(row.now, currency),
            Cell::Change(row.now - row.then, currency),
        ];
        if members {
            cells.insert(1, name(&row.sub_account, ACCOUNT));
            cells.push(Cell::text(&row.owner));
        }
        table.row(cells);
    }
    table
}
