//! Who spends, and where.

use base::{Currency, Decimal};
use document::amount::{percent, share, short};
use document::{Cell, Column, Section, Table};

use super::{ACCOUNT, draw, name, named, period};
use crate::cells::UNALLOCATED;
use crate::report::model::{Figures, Hotspot, Owner, Report};

pub(super) fn owners(report: &Report, figures: &Figures) -> Section {
    let currency = report.currency;
    let owners = &report.owners;
    let mut section = Section::new("owners", "Who spends");
    let total = figures.total.gross;
    if let Some(nobody) = owners.rows.first().filter(|row| row.name == UNALLOCATED) {
        let of = share(nobody.now, total).map(percent);
        let of = of.map(|of| format!(", {of} of all")).unwrap_or_default();
        section.say(format!("{} is nobody's{of}.", short(nobody.now, currency)));
    }
    let mut table = who("Owner", "What each owner costs, gross", figures);
    for row in &owners.rows {
        let nobodys = row.name.starts_with(UNALLOCATED);
        table.marked_row(
            who_cells(row, total, currency),
            nobodys && !row.now.is_zero(),
        );
    }
    who_total(&mut table, &owners.rows, currency);
    section.table(table, "");
    let unshared = unshared(report);
    if !unshared.rows.is_empty() {
        section.table(unshared, "");
    }
    section.table(contributors(report, figures), "Everything has an owner.");
    if !owners.services.is_empty() {
        let caption = "What each service of the estate costs, gross";
        let mut table = who("Service", caption, figures);
        for row in &owners.services {
            let mut cells = who_cells(row, total, currency);
            cells[0] = name(&row.name, "(no service)");
            table.row(cells);
        }
        who_total(&mut table, &owners.services, currency);
        section.table(table, "");
    }
    section
}

/// What stays in pools.
fn unshared(report: &Report) -> Table {
    let columns = vec![
        Column::text("Month"),
        Column::of("Net", "net unshared", ""),
        Column::text("Why"),
    ];
    let mut table = named("What pools share out to nobody", "Pool", columns);
    for one in &report.owners.unshared {
        let cells = vec![
            Cell::name(&one.pool),
            Cell::name(one.month.to_string()),
            Cell::Money(one.amounts.effective, one.currency),
            Cell::text(one.reason.to_string()),
        ];
        table.marked_row(cells, true);
    }
    table
}

fn contributors(report: &Report, figures: &Figures) -> Table {
    let columns = vec![
        Column::text("Sub-account"),
        Column::of("Gross", "gross", period(figures.days)),
        Column::text("Who could claim it"),
    ];
    let account = if report.left_out.is_none() {
        ACCOUNT
    } else {
        "(not shown)"
    };
    let mut table = named("What most of what nobody owns is", "Provider", columns);
    for row in &report.owners.unallocated {
        table.row(vec![
            Cell::name(&row.provider),
            name(&row.sub_account, account),
            Cell::Money(row.gross, report.currency),
            Cell::text(row.claimants.join(", ")),
        ]);
    }
    table
}

fn who(heading: &str, caption: &str, figures: &Figures) -> Table {
    let (now, before) = (period(figures.days), period(figures.days_before));
    let columns = vec![
        Column::of("Its own", "gross own", &now),
        Column::of("Shared out", "gross shared out", &now),
        Column::of("Both", "gross", &now),
        Column::of("Share", "share", &now),
        Column::of("Before", "gross", before),
        Column::of("Difference", "difference", now),
    ];
    named(caption, heading, columns)
}

fn who_cells(row: &Owner, total: Decimal, currency: Currency) -> Vec<Cell> {
    vec![
        Cell::name(&row.name),
        Cell::Money(row.own, currency),
        Cell::Money(row.shared, currency),
        Cell::Money(row.now, currency),
        Cell::share(share(row.now, total)),
        Cell::Money(row.before, currency),
        Cell::Change(row.now - row.before, currency),
    ]
}

fn who_total(table: &mut Table, rows: &[Owner], currency: Currency) {
    let sum = |of: fn(&Owner) -> Decimal| rows.iter().map(of).sum::<Decimal>();
    let (now, before) = (sum(|row| row.now), sum(|row| row.before));
    table.sum(vec![
        Cell::Total,
        Cell::Money(sum(|row| row.own), currency),
        Cell::Money(sum(|row| row.shared), currency),
        Cell::Money(now, currency),
        Cell::None,
        Cell::Money(before, currency),
        Cell::Change(now - before, currency),
    ]);
}

pub(super) fn providers(report: &Report, figures: &Figures) -> Section {
    let currency = report.currency;
    let (now, before) = (period(figures.days), period(figures.days_before));
    let mut section = Section::new("providers", "Where it is spent");
    let columns = vec![
        Column::of("Gross", "gross", &now),
        Column::of("Share", "share", &now),
        Column::of("Before", "gross", before),
        Column::of("Difference", "difference", &now),
        Column::of("Drawn from grants", "drawn", &now),
        Column::of("Net", "net", now),
    ];
    let mut table = named(
        "By provider, in the last complete days",
        "Provider",
        columns,
    );
    let total = figures.total;
    for row in &report.providers.rows {
        table.row(vec![
            Cell::name(&row.name),
            Cell::Money(row.now.gross, currency),
            Cell::share(share(row.now.gross, total.gross)),
            Cell::Money(row.before.gross, currency),
            Cell::Change(row.now.gross - row.before.gross, currency),
            Cell::money(row.now.drawn, currency),
            Cell::money(row.now.net, currency),
        ]);
    }
    table.sum(vec![
        Cell::Total,
        Cell::Money(total.gross, currency),
        Cell::None,
        Cell::Money(figures.total_before.gross, currency),
        Cell::Change(total.gross - figures.total_before.gross, currency),
        Cell::money(total.drawn, currency),
        Cell::money(total.net, currency),
    ]);
    section.table(table, "No provider charged anything.");
    vendor_services(report, &mut section);
    section
}

fn vendor_services(report: &Report, section: &mut Section) {
    let Some(month) = report.providers.month else {
        return;
    };
    let before = month.previous().map(|month| month.to_string());
    let columns = vec![
        Column::text("Service of the vendor"),
        Column::of(month.to_string(), "gross", month.to_string()),
        Column::of("Month before", "gross", before.unwrap_or_default()),
        Column::of("Difference", "difference", month.to_string()),
    ];
    let caption = format!("By the vendors' services, incurred in {month}, gross");
    let mut table = named(caption, "Provider", columns);
    for row in &report.providers.services {
        table.row(vec![
            Cell::name(&row.provider),
            name(&row.service, "(all others)"),
            Cell::Money(row.now, report.currency),
            Cell::Money(row.before, report.currency),
            Cell::Change(row.now - row.before, report.currency),
        ]);
    }
    section.table(table, "No service was charged in the last whole month.");
}

pub(super) fn months(report: &Report) -> Section {
    let mut section = Section::new("months", "Month by month");
    section.chart(draw::months(report));
    section.say(
        "What is incurred in a month and what is billed in it differ where charges come late, where a vendor's month \
         begins in its own time zone, and where a closed bill is corrected.",
    );
    let column = |head: &str, measure| Column::of(head, measure, "");
    let columns = vec![
        column("Incurred, gross", "incurred gross"),
        column("Drawn", "incurred drawn"),
        column("Net", "incurred net"),
        column("Billed in it, gross", "billed gross"),
        column("Net of that", "billed net"),
        Column::text("Days"),
    ];
    let mut table = named("By month, on both axes of time", "Month", columns);
    for row in &report.providers.months {
        let money = |amount| Cell::money(amount, report.currency);
        let days = if row.complete {
            "complete"
        } else {
            "not complete"
        };
        table.row(vec![
            Cell::name(row.month.to_string()),
            money(Some(row.incurred.gross)),
            money(row.incurred.drawn),
            money(row.incurred.net),
            money(Some(row.billed.gross)),
            money(row.billed.net),
            Cell::text(days),
        ]);
    }
    section.table(table, "No month has charges.");
    section
}

pub(super) fn hotspots(report: &Report) -> Section {
    let mut section = Section::new("hotspots", "What costs most");
    let Some(month) = report.hotspots.month else {
        section.say("No month is complete yet.");
        return section;
    };
    let caption = format!("The largest, billed in {month}, gross");
    let table = spots(caption, report, &report.hotspots.rows);
    section.table(table, "Nothing was billed in the last whole month.");
    let caption = "Of those, what changed most from the month before";
    let table = spots(caption.to_owned(), report, &report.hotspots.movers);
    let instead = "None of them was among the largest of the month before at another cost.";
    section.table(table, instead);
    section
}

fn spots(caption: String, report: &Report, rows: &[Hotspot]) -> Table {
    let currency = report.currency;
    let members = report.left_out.is_none();
    let month = report.hotspots.month;
    let period = month.map(|month| month.to_string()).unwrap_or_default();
    let before = month.and_then(base::Month::previous);
    let before = before.map(|month| month.to_string()).unwrap_or_default();
    let mut columns = vec![Column::text("Service of the vendor")];
    if members {
        columns.extend(["What is priced", "Sub-account", "Resource"].map(Column::text));
    }
    columns.extend([
        Column::text("Owner"),
        Column::of("Gross", "gross", &period),
        Column::of("Month before", "gross", before),
        Column::of("Difference", "difference", period),
    ]);
    let mut table = named(caption, "Provider", columns);
    for row in rows {
        let mut cells = vec![Cell::name(&row.provider), name(&row.service, "(not said)")];
        if members {
            cells.extend([
                name(&row.sku, "(not said)"),
                name(&row.sub_account, ACCOUNT),
                name(&row.resource, "(not said)"),
            ]);
        }
        let change = |before: Decimal| Cell::Change(row.now - before, currency);
        cells.extend([
            Cell::name(&row.owner),
            Cell::Money(row.now, currency),
            Cell::money(row.before, currency),
            row.before.map_or(Cell::None, change),
        ]);
        table.row(cells);
    }
    table
}
