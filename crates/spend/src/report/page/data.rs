//! What the report is made of.

use document::{Cell, Column, Section, Table};

use super::named;
use crate::report::model::Report;

/// What to do where there is nothing to report.
pub(super) fn no_bills(report: &Report) -> Section {
    let mut section = Section::new("figures", "There are no bills yet");
    section.say(if report.data.reach.is_empty() {
        "No bill was imported, so there is nothing to report."
    } else {
        "No day of a bill is complete yet, so there is nothing to report."
    });
    section.list(vec![
        "Export the bills of a provider as it offers them: FOCUS, a Google Cloud billing export, an AWS Cost and Usage \
         Report, an Azure cost export, DigitalOcean, Fastly."
            .to_owned(),
        "Import the file: commonhold spend import FILE.".to_owned(),
        "Say in spend.yaml whose costs are whose; what no rule names is in the first row of its own.".to_owned(),
        "Put what was granted into grants/ and what may be spent into budgets/, so that this page can say when money \
         ends."
            .to_owned(),
    ]);
    section
}

pub(super) fn data(report: &Report) -> Section {
    let data = &report.data;
    let mut section = Section::new("data", "What this is made of");
    if let Some(until) = data.until {
        section.say(format!(
            "All is counted up to {until}: it is the last day that is complete at every provider in use."
        ));
    }
    if let Some(outlook) = &report.forecast {
        if !outlook.incomplete.is_zero() {
            let amount = document::amount::long(outlook.incomplete, outlook.currency);
            section.say(format!(
                "{amount} was counted on later days, which are not complete."
            ));
        }
        let late = |one: &crate::outlook::Late| {
            format!(
                "The last charge of {} that was imported is of {}.",
                one.provider, one.last
            )
        };
        section.list(outlook.late.iter().map(late).collect());
    }
    section.table(reach(report), "No bill was imported.");
    if report.figures.is_some() {
        section.table(
            elsewhere(report),
            "All is billed in the month in which it was incurred.",
        );
    }
    section.table(
        unconverted(report),
        "No cost is in a currency without a rate.",
    );
    let rates = rates(report);
    if !rates.rows.is_empty() {
        section.table(rates, "");
    }
    section.list(data.notes.clone());
    section
}

fn reach(report: &Report) -> Table {
    let members = report.left_out.is_none();
    let mut columns = vec![
        Column::text("First month"),
        Column::text("Last month"),
        Column::of("Last charge", "last charge", ""),
        Column::of("Closed", "months closed", ""),
        Column::of("Open", "months open", ""),
        Column::of("Charges", "charges", ""),
        Column::text("Missing months"),
    ];
    if members {
        columns.insert(0, Column::text("Account"));
    }
    let mut table = named("Which bills are kept", "Provider", columns);
    for one in &report.data.reach {
        let missing: Vec<String> = one.missing.iter().map(ToString::to_string).collect();
        let mut cells = vec![
            Cell::name(&one.provider),
            Cell::text(one.first.to_string()),
            Cell::text(one.last.to_string()),
            Cell::day(one.until),
            Cell::count(one.closed, ""),
            Cell::count(one.open, ""),
            Cell::count(one.rows, ""),
            Cell::text(if missing.is_empty() {
                "none".to_owned()
            } else {
                missing.join(", ")
            }),
        ];
        if members {
            cells.insert(1, Cell::name(&one.account));
        }
        table.marked_row(cells, !missing.is_empty());
    }
    table
}

fn elsewhere(report: &Report) -> Table {
    let columns = vec![
        Column::text("Incurred in"),
        Column::text("Billed in"),
        Column::of("Gross", "gross billed elsewhere", ""),
        Column::of("Net", "net billed elsewhere", ""),
    ];
    let caption = "What is billed in another month than it was incurred";
    let mut table = named(caption, "Provider", columns);
    for one in &report.data.elsewhere {
        table.row(vec![
            Cell::name(&one.provider),
            Cell::name(one.incurred.to_string()),
            Cell::name(one.billed.to_string()),
            Cell::Money(one.gross, report.currency),
            Cell::money(one.net, report.currency),
        ]);
    }
    table
}

fn unconverted(report: &Report) -> Table {
    let columns = vec![Column::of("Gross", "gross unconverted", "")];
    let caption = "What is in currencies without a rate; no other figure has it";
    let mut table = named(caption, "Currency", columns);
    for one in &report.data.unconverted {
        let name = Cell::name(one.currency.to_string());
        table.marked_row(vec![name, Cell::Money(one.gross, one.currency)], true);
    }
    table
}

fn rates(report: &Report) -> Table {
    let columns = vec![
        Column::text("To"),
        Column::text("Declared on"),
        Column::text("Policy"),
        Column::of("Rate", "rate", ""),
        Column::text("Who says so"),
    ];
    let mut table = named("The newest rate of each two currencies", "From", columns);
    for one in &report.data.rates {
        table.row(vec![
            Cell::name(one.from.to_string()),
            Cell::name(one.to.to_string()),
            Cell::name(one.date.to_string()),
            Cell::text(&one.policy),
            Cell::Number(one.rate, String::new()),
            Cell::text(&one.source),
        ]);
    }
    table
}
