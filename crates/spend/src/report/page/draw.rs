//! The drawings.

use base::{Currency, Decimal};
use chart::{About, Band, Burn, Chart, Mark, Point, Series, Value};
use document::amount::{axis, long};
use document::{Cell, Column, Table};
use jiff::civil::Date;

use super::means::{expected, expected_columns};
use super::named;
use crate::grants::Standing;
use crate::outlook::{Expected, between};
use crate::report::model::{MonthRow, Report};

/// How many providers have a colour of their own, if there are more.
const COLOURS: usize = 7;

fn value(amount: Decimal, currency: Currency) -> Value {
    Value::new(amount.approximate(), long(amount, currency))
}

/// The gross cost of each month by provider.
pub(super) fn months(report: &Report) -> Chart {
    let currency = report.currency;
    let (rows, months) = (&report.providers.rows, &report.providers.months);
    let own = if rows.len() > COLOURS + 1 {
        COLOURS
    } else {
        rows.len()
    };
    let gross = |month: &MonthRow, at: usize| month.gross.get(at).copied().unwrap_or_default();
    let mut series: Vec<Series> = rows[..own]
        .iter()
        .enumerate()
        .map(|(at, row)| Series {
            name: row.name.clone(),
            values: months
                .iter()
                .map(|month| value(gross(month, at), currency))
                .collect(),
        })
        .collect();
    if own < rows.len() {
        let rest = |month: &MonthRow| (own..rows.len()).map(|at| gross(month, at)).sum();
        series.push(Series {
            name: "(all others)".to_owned(),
            values: months
                .iter()
                .map(|month| value(rest(month), currency))
                .collect(),
        });
    }
    let label = |row: &MonthRow| {
        let so_far = if row.complete { "" } else { " so far" };
        format!("{}{so_far}", row.month)
    };
    let periods: Vec<String> = months.iter().map(label).collect();
    let about = About {
        id: "months",
        title: "Gross cost by month and provider",
        desc: "",
        heading: "Month",
        axis: &|number| axis(number, currency),
    };
    chart::stacked(&about, &periods, &series)
}

/// What was left of a grant at the end of each month and what will be, and its figures. What was
/// left of the month that goes on is what is left now.
pub fn burn_down(grant: &Standing, now: Date) -> (Chart, Table) {
    let currency = grant.currency;
    let first = grant.days.from;
    let place = |day: Date| i32::try_from(between(first, day)).unwrap_or(i32::MAX);
    let begun = grant.months.first();
    let begun = begun.map(|month| (month.month.first_day().max(first), month.left + month.drawn));
    let ends = grant.months.iter();
    let ends = ends.map(|month| (month.month.last_day().min(now), month.left));
    let past: Vec<(Date, Decimal)> = begun.into_iter().chain(ends).collect();
    let mark = |day: Date, what: &str| Mark {
        day: place(day),
        label: day.to_string(),
        what: what.to_owned(),
    };
    let ends = match grant.used_up {
        Expected::Range(range) => [range.p10, range.p50, range.p90],
        Expected::RunRate(day) | Expected::Known(day) => [None, day, None],
        Expected::Unknown => [None; 3],
    };
    let what = if grant.lapses { "lapses" } else { "ends" };
    let burn = Burn {
        past: past
            .iter()
            .map(|(day, left)| Point {
                day: place(*day),
                label: day.to_string(),
                left: value(*left, currency),
            })
            .collect(),
        ahead: grant
            .ahead
            .iter()
            .filter_map(|ahead| {
                let band = band(ahead.left, currency)?;
                Some((place(ahead.day), ahead.day.to_string(), band))
            })
            .collect(),
        ends: ends.map(|day| Some(mark(day?, "used up"))),
        mark: Some(mark(grant.days.until, what)),
    };
    let about = About {
        id: &format!("grant-{}", grant.name),
        title: &format!("What is left of {}", grant.title),
        desc: "",
        heading: "Day",
        axis: &|number| axis(number, currency),
    };
    (chart::burn_down(&about, &burn), figures(grant, &past))
}

fn band(left: Expected<Decimal>, currency: Currency) -> Option<Band> {
    let of = |low, middle, high| Band {
        low: value(low, currency),
        middle: value(middle, currency),
        high: value(high, currency),
    };
    match left {
        Expected::Range(range) => Some(of(range.p10, range.p50, range.p90)),
        Expected::RunRate(one) | Expected::Known(one) => Some(of(one, one, one)),
        Expected::Unknown => None,
    }
}

/// The balance for machines: each day is the name of its row.
fn figures(grant: &Standing, past: &[(Date, Decimal)]) -> Table {
    let columns = [Column::text("Day"), Column::of("Left", "balance", "")]
        .into_iter()
        .chain(expected_columns(
            "Left",
            ["balance P10", "balance P50", "balance P90"],
        ));
    let mut table = named("Balance", "Grant", columns.collect());
    let name = |day: Date| vec![Cell::name(&grant.title), Cell::name(day.to_string())];
    for (day, left) in past {
        let mut cells = name(*day);
        cells.push(Cell::Money(*left, grant.currency));
        table.row(cells);
    }
    for ahead in &grant.ahead {
        let mut cells = name(ahead.day);
        cells.push(Cell::None);
        cells.extend(expected(ahead.left, grant.currency));
        table.row(cells);
    }
    table
}
