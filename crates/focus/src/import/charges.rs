//! The last look at a charge before it is given away.

mod tags;

use std::borrow::Cow;

use base::{Code, Currency};
use jiff::Timestamp;
use jiff::tz::Offset;

use self::tags::Tags;
use super::input::record::{is_too_much, short};
use super::input::{instant, number};
use super::{Input, Options, PROBLEMS, Record};
use crate::{Cell, Column, ColumnType, Problem, Row, Sink, codes};

/// Where importers give their charges. What every charge must have is looked at here, whoever
/// made it: costs, account, currency, times, category, provider and tags.
pub struct Charges<'s> {
    sink: &'s mut dyn Sink,
    given: Vec<(Column, Cell<'s>)>,
    tags: Tags,
    /// The currency of the last charge, which nearly always is that of the next.
    currency: String,
    doubts: Vec<Problem>,
    count: u64,
    refused: bool,
    ended: bool,
}

/// What no charge may lack.
pub(super) const REQUIRED: [Column; 8] = [
    Column::BilledCost,
    Column::EffectiveCost,
    Column::BillingCurrency,
    Column::BillingAccountId,
    Column::BillingPeriodStart,
    Column::ChargePeriodStart,
    Column::ChargeCategory,
    Column::ProviderName,
];

const COSTS: [Column; 4] = [
    Column::BilledCost,
    Column::EffectiveCost,
    Column::ListCost,
    Column::ContractedCost,
];

const PERIODS: [(Column, Column); 2] = [
    (Column::ChargePeriodStart, Column::ChargePeriodEnd),
    (Column::BillingPeriodStart, Column::BillingPeriodEnd),
];

const FLAT: [Column; 2] = [Column::Tags, Column::AllocatedTags];

/// The kinds of charges that there are.
pub(super) const CATEGORIES: [&str; 5] = ["Usage", "Purchase", "Tax", "Credit", "Adjustment"];

/// The years in which a charge may lie, as seconds: 1990 and later, before 2200.
const YEARS: std::ops::Range<i64> = 631_152_000..7_258_118_400;

impl<'s> Charges<'s> {
    pub(super) fn begin(
        input: &Input,
        extra: &[String],
        options: &'s Options,
        sink: &'s mut dyn Sink,
    ) -> Result<Self, Vec<Problem>> {
        let mut given = Vec::new();
        let mut problems = Vec::new();
        for (column, text) in &options.given {
            match cell(*column, text, options) {
                Ok(Cell::Null) => {}
                Ok(cell) => given.push((*column, cell)),
                Err((code, message)) => problems.push(input.problem(
                    code,
                    Some(column.name()),
                    format!("given for the whole file: {message}"),
                    "give it as FOCUS writes it",
                )),
            }
        }
        if problems.is_empty() {
            problems.extend(sink.begin(extra).err());
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        Ok(Self {
            sink,
            given,
            tags: Tags::default(),
            currency: String::new(),
            doubts: Vec::new(),
            count: 0,
            refused: false,
            ended: false,
        })
    }

    /// Gives a charge that a record was made into. Its number, what was mended and what is given
    /// for the whole file are set here.
    ///
    /// # Errors
    /// Says what the charge lacks or has wrong, or what the sink refuses.
    pub fn give<'r>(&mut self, record: &Record<'r>, row: &mut Row<'r>) -> Result<(), Problem>
    where
        's: 'r,
    {
        for (column, cell) in &self.given {
            if *row.get(*column) == Cell::Null {
                row.set(*column, cell.clone());
            }
        }
        self.check(record, row)?;
        if self.refused {
            return Ok(());
        }
        row.number = record.number();
        row.mended = record.mended();
        self.sink.charge(row).inspect_err(|_| self.ended = true)?;
        self.count += 1;
        Ok(())
    }

    /// Says of something that it is not right, though the charge is taken.
    pub(super) fn doubt(&mut self, problem: Problem) {
        if self.doubts.len() < PROBLEMS {
            self.doubts.push(problem);
        }
    }

    /// What is not right, though the charges were taken.
    pub(super) fn doubts(self) -> Vec<Problem> {
        self.doubts
    }

    /// How many charges were given.
    pub(super) fn given(&self) -> u64 {
        self.count
    }

    /// Gives no more: the file has a problem. What comes is still looked at.
    pub(super) fn refuse(&mut self) {
        self.refused = true;
    }

    /// Whether the sink takes nothing any more.
    pub(super) fn ended(&self) -> bool {
        self.ended
    }

    fn check(&mut self, record: &Record<'_>, row: &Row<'_>) -> Result<(), Problem> {
        for column in REQUIRED {
            if *row.get(column) == Cell::Null {
                return Err(lacks(record, column));
            }
        }
        for column in COSTS {
            if let Cell::Number(cost) = row.get(column)
                && is_too_much(*cost)
            {
                let message =
                    format!("a cost of {cost} is no honest one: it must be less than 10^12");
                let help = "look whether the file has costs in millionths or in another currency";
                return Err(of_column(
                    record,
                    &codes::BILL_NUMBER,
                    column,
                    message,
                    help,
                ));
            }
        }
        for (start, end) in PERIODS {
            period(record, row, start, end)?;
        }
        self.currency(record, row)?;
        category(record, row)?;
        for column in FLAT {
            let Some(tags) = row.get(column).text() else {
                continue;
            };
            self.tags.check(tags).map_err(|message| {
                let help = "write one flat object of JSON, each key in it once";
                of_column(record, &codes::BILL_TAGS, column, message, help)
            })?;
        }
        Ok(())
    }

    fn currency(&mut self, record: &Record<'_>, row: &Row<'_>) -> Result<(), Problem> {
        let code = row.get(Column::BillingCurrency).text().unwrap_or_default();
        if code == self.currency {
            return Ok(());
        }
        currency(code).map_err(|(code, message)| {
            let help = "write its code in capitals, as in USD";
            of_column(record, code, Column::BillingCurrency, message, help)
        })?;
        code.clone_into(&mut self.currency);
        Ok(())
    }
}

/// A problem with what stands in a column of FOCUS.
fn of_column(
    record: &Record<'_>,
    code: &'static Code,
    column: Column,
    message: String,
    help: &str,
) -> Problem {
    let mut problem = record.problem(None, code, message, help);
    problem.place.column = Some(column.name().to_owned());
    problem
}

fn lacks(record: &Record<'_>, column: Column) -> Problem {
    let message = format!("this charge has no {}", column.name());
    let help = format!(
        "fill it in, or give {} for the whole file when it is imported",
        column.name()
    );
    of_column(record, &codes::BILL_MISSING, column, message, &help)
}

fn period(record: &Record<'_>, row: &Row<'_>, start: Column, end: Column) -> Result<(), Problem> {
    let Some(from) = row.get(start).instant() else {
        return Ok(());
    };
    sane(record, start, from)?;
    let Some(until) = row.get(end).instant() else {
        return Ok(());
    };
    sane(record, end, until)?;
    if until >= from {
        return Ok(());
    }
    let message = format!("this is {until}, before the period begins: {from}");
    let help = "look whether start and end are exchanged; the end is the first instant after it";
    Err(of_column(record, &codes::BILL_PERIOD, end, message, help))
}

/// A typing mistake in a year would make a period that nobody looks at.
fn sane(record: &Record<'_>, column: Column, instant: Timestamp) -> Result<(), Problem> {
    if YEARS.contains(&instant.as_second()) {
        return Ok(());
    }
    let year = Offset::UTC.to_datetime(instant).year();
    let message = format!("no bill is for the year {year}");
    let help = "write it like 2025-07-05T00:00:00Z";
    Err(of_column(
        record,
        &codes::BILL_INSTANT,
        column,
        message,
        help,
    ))
}

fn category(record: &Record<'_>, row: &Row<'_>) -> Result<(), Problem> {
    let text = row.get(Column::ChargeCategory).text().unwrap_or_default();
    if CATEGORIES.contains(&text) {
        return Ok(());
    }
    let column = Column::ChargeCategory;
    let (code, message) = no_value(text, &CATEGORIES);
    let help = "look up in the vendor's documentation what kind of charge it is";
    Err(of_column(record, code, column, message, help))
}

/// What is said of a value that a column may not have.
pub(super) fn no_value(text: &str, allowed: &[&str]) -> (&'static Code, String) {
    let text = short(text);
    let message = match allowed {
        [only] => format!("`{text}` is not {only}, the only value that it may have"),
        [first @ .., last] => {
            let first = first.join(", ");
            format!("`{text}` is none of its values, which are {first} or {last}")
        }
        [] => format!("`{text}` is no value that it may have"),
    };
    (&codes::BILL_VALUE, message)
}

fn currency(code: &str) -> Result<(), (&'static Code, String)> {
    code.parse::<Currency>().map(drop).map_err(|error| {
        let message = format!("`{}` is no currency: {error}", short(code));
        (&codes::BILL_CURRENCY, message)
    })
}

/// What is given for a column of a whole file.
fn cell<'o>(
    column: Column,
    text: &'o str,
    options: &Options,
) -> Result<Cell<'o>, (&'static Code, String)> {
    if text.is_empty() {
        return Ok(Cell::Null);
    }
    match column.holds() {
        ColumnType::Decimal => {
            let written = number::parse(text, options.numbers);
            let written = written.map_err(|error| {
                let message = format!("`{}` is no number: {error}", short(text));
                (&codes::BILL_NUMBER, message)
            })?;
            if !written.number.exact {
                let message = format!("`{}` has more than 18 digits after the point", short(text));
                return Err((&codes::BILL_NUMBER, message));
            }
            Ok(Cell::Number(written.number.value))
        }
        ColumnType::Instant => {
            let written = instant::parse(text, options.dates);
            let written = written.map_err(|error| {
                let message = format!("`{}` is no instant: {error}", short(text));
                (&codes::BILL_INSTANT, message)
            })?;
            Ok(Cell::Instant(written.instant))
        }
        ColumnType::Text | ColumnType::Json => {
            match column {
                Column::BillingCurrency => currency(text)?,
                Column::ChargeCategory if !CATEGORIES.contains(&text) => {
                    return Err(no_value(text, &CATEGORIES));
                }
                _ => {}
            }
            Ok(Cell::Text(Cow::Borrowed(text)))
        }
    }
}
