//! The figures that one remembers, what all comes to, and what was not to be expected.

use base::Decimal;
use document::amount::{percent, share, short};
use document::{Cell, Column, Section};

use super::means::{expected, expected_columns, expected_day};
use super::{named, period, trusted};
use crate::outlook::{Expected, Trust, words};
use crate::report::model::{Ends, Figures, Report};

pub(super) fn figures(report: &Report, figures: &Figures) -> Section {
    let currency = report.currency;
    let short = |amount| short(amount, currency);
    let mut section = Section::new("figures", "In short");
    let (now, before) = (figures.total.gross, figures.total_before.gross);
    section.say(format!(
        "In the {} days from {} {} was spent, {}.",
        figures.days.count(),
        figures.days,
        short(now),
        compared(now, before, &short(before)),
    ));
    let budget = figures.yearly_budget.map(|budget| {
        let of = share(figures.run_rate, budget).map(percent);
        let of = of.map(|of| format!(", {of} of it")).unwrap_or_default();
        format!("; {} may be spent{of}", short(budget))
    });
    let budget = budget.unwrap_or_default();
    section.say(format!(
        "At this rate a year costs {}{budget}.",
        short(figures.run_rate)
    ));
    let split: Vec<String> = report
        .providers
        .rows
        .iter()
        .filter(|row| !row.now.gross.is_zero())
        .map(|row| format!("{} {}", row.name, short(row.now.gross)))
        .collect();
    section.say(format!("By provider: {}.", split.join(", ")));
    if let Some((drawn, net)) = figures.total.drawn.zip(figures.total.net) {
        section.say(format!(
            "Grants paid {}; {} is left to pay.",
            short(drawn),
            short(net)
        ));
    }
    section.list(figures.ends.iter().map(ends).collect());
    totals(report, figures, &mut section);
    let columns = [Column::of("Left", "left", "")]
        .into_iter()
        .chain(expected_columns(
            "Ends",
            ["ends P10", "ends P50", "ends P90"],
        ))
        .chain([Column::of("Last day of its time", "until", "")]);
    let mut table = named("When money ends", "Money", columns.collect());
    for one in &figures.ends {
        let mut cells = vec![Cell::name(&one.what), Cell::Money(one.left, one.currency)];
        cells.extend(expected_day(one.on.map(Some)));
        cells.push(Cell::Day(one.until));
        table.marked_row(cells, one.on.middle().is_some_and(|day| day < one.until));
    }
    section.table(table, "No grant and no budget says when money ends.");
    section
}

/// `2.8 % more than in the 28 days before ($106k)`.
fn compared(now: Decimal, before: Decimal, text: &str) -> String {
    let change = share(now - before, before);
    match change {
        Some(change) if change.is_zero() => "as much as in as many days before".to_owned(),
        Some(change) if !change.is_negative() => {
            format!(
                "{} more than in as many days before ({text})",
                percent(change)
            )
        }
        Some(change) => {
            format!(
                "{} less than in as many days before ({text})",
                percent(change.abs())
            )
        }
        None => "and nothing in as many days before".to_owned(),
    }
}

/// When some money ends, in a sentence.
pub(super) fn ends(one: &Ends) -> String {
    let left = short(one.left, one.currency);
    format!("{}: {left} left, until {}.", one.what, words::day(one.on))
}

fn totals(report: &Report, figures: &Figures, section: &mut Section) {
    let currency = report.currency;
    let (now, before) = (period(figures.days), period(figures.days_before));
    let columns = vec![
        Column::of("Last days", "cost", &now),
        Column::of("Before", "cost", before),
        Column::of("Difference", "difference", &now),
        Column::of("A year at this rate", "run rate", now),
        Column::of("Budget of a year", "yearly budget", ""),
        Column::of("Rate of budget", "run rate share", ""),
    ];
    let caption = format!("What the days from {} cost", figures.days);
    let mut table = named(caption, "Cost", columns);
    let total = (figures.total, figures.total_before);
    let rows = [
        ("gross", Some(total.0.gross), Some(total.1.gross)),
        ("drawn from grants", total.0.drawn, total.1.drawn),
        ("net", total.0.net, total.1.net),
    ];
    for (name, now, before) in rows {
        let Some((now, before)) = now.zip(before) else {
            continue;
        };
        let gross = name == "gross";
        let budget = figures.yearly_budget.filter(|_| gross);
        table.row(vec![
            Cell::name(name),
            Cell::Money(now, currency),
            Cell::Money(before, currency),
            Cell::Change(now - before, currency),
            Cell::money(gross.then_some(figures.run_rate), currency),
            Cell::money(budget, currency),
            Cell::share(budget.and_then(|budget| share(figures.run_rate, budget))),
        ]);
    }
    section.table(table, "");
}

pub(super) fn forecast(report: &Report) -> Section {
    let mut section = Section::new("forecast", "What is to come");
    let Some(outlook) = &report.forecast else {
        section.say("No day is complete, so nothing can be expected.");
        return section;
    };
    section.say(trusted(Some(&outlook.trust)));
    let columns = expected_columns("Expected", ["expected P10", "expected P50", "expected P90"])
        .into_iter()
        .chain([
            Column::of("Off on average", "forecast error", ""),
            Column::of("Within P10 to P90", "forecast coverage", ""),
        ]);
    let mut table = named(
        "What is expected of everything, gross",
        "Time",
        columns.collect(),
    );
    let next = [
        ("next 28 days", outlook.next),
        ("next 365 days", outlook.next_year),
    ];
    for (name, amount) in next {
        let mut cells = vec![Cell::name(name)];
        cells.extend(expected(amount, outlook.currency));
        cells.extend(match &outlook.trust {
            Trust::Measured {
                error_percent,
                coverage_percent,
                ..
            } => [
                Cell::percent(Some(*error_percent)),
                Cell::percent(*coverage_percent),
            ],
            Trust::TooShort { .. } => [Cell::None, Cell::None],
        });
        table.row(cells);
    }
    section.table(table, "");
    if matches!(outlook.next, Expected::RunRate(_)) {
        section.say("What stands under P50 is the run rate of the last days, and no forecast.");
    }
    section
}

pub(super) fn events(report: &Report) -> Section {
    let mut section = Section::new("events", "What was not to be expected");
    let members = report.left_out.is_none();
    let mut columns = vec![
        Column::text("Of what"),
        Column::text("Days"),
        Column::of("Spent", "spent", ""),
        Column::of("Expected", "expected", ""),
        Column::of("Difference", "difference", ""),
    ];
    if members {
        columns.push(Column::text("What explains it"));
    }
    columns.push(Column::text("Planned or acknowledged"));
    let caption = "Days that were not to be expected, the last first";
    let mut table = named(caption, "Event", columns);
    for one in &report.events {
        let open = if one.open { ", and may go on" } else { "" };
        let days = format!("{}{open}", one.days);
        let mut cells = vec![
            Cell::name(&one.id),
            Cell::text(one.place.to_string()),
            Cell::text(days),
            Cell::Money(one.actual, one.currency),
            Cell::Money(one.expected, one.currency),
            Cell::Change(one.more(), one.currency),
        ];
        if members {
            let explained: Vec<String> = one.contributors.iter().map(ToString::to_string).collect();
            cells.push(Cell::text(explained.join("; ")));
        }
        cells.push(Cell::text(one.status.to_string()));
        table.marked_row(cells, one.status.is_open());
    }
    section.table(table, "All days were as could be expected.");
    section
}
