//! FOCUS 0.5 to 1.4, by whichever vendor.

mod names;
mod values;

use std::borrow::Cow;

use self::names::Names;
use self::values::Values;
use super::charges::{REQUIRED, no_value};
use super::input::instant;
use super::input::record::{Last, short};
use super::{Charges, ColumnIndex, DateOrder, Importer, Input, Options, Record};
use crate::{Cell, Column, ColumnType, Problem, Row, codes};

/// The costs, which have a bound that other numbers have not.
const COSTS: [Column; 5] = [
    Column::BilledCost,
    Column::EffectiveCost,
    Column::ListCost,
    Column::ContractedCost,
    Column::PricingCurrencyEffectiveCost,
];

/// Reads charges that are in FOCUS's columns already.
struct Focus {
    known: Vec<Known>,
    /// The file's columns that FOCUS has not, in the order of the names they go by.
    unknown: Vec<ColumnIndex>,
    extra: Vec<String>,
    /// Those among them that say that they are instants, and the last text that was one.
    instants: Vec<(ColumnIndex, String)>,
    /// What the file calls columns that have another name today.
    written: Vec<(Column, String)>,
    /// Where 1.0-preview says more about the category.
    subcategory: Option<ColumnIndex>,
    /// Whether columns have other names, or names in another case.
    renamed: bool,
}

/// A column of the file that is one of FOCUS's.
struct Known {
    index: ColumnIndex,
    column: Column,
    takes: Takes,
}

/// How the cells of a column are read.
enum Takes {
    Number,
    Cost,
    Instant(Last),
    Text,
    Value(&'static Values),
}

/// Finds the columns of a file.
pub(super) fn open(
    input: &mut Input,
    options: &Options,
) -> Result<Box<dyn Importer>, Vec<Problem>> {
    let json = Column::ALL
        .iter()
        .filter(|column| column.holds() == ColumnType::Json);
    let json: Vec<&str> = json.map(|column| column.name()).collect();
    input.keep_whole(&json).map_err(|problem| vec![problem])?;
    input.find_all_columns().map_err(|problem| vec![problem])?;
    let names = Names::of(input.columns());
    let missing = missing(input, &names, options);
    if !missing.is_empty() {
        return Err(missing);
    }
    let mut find = |name: &String| input.column(name);
    let mut known = Vec::new();
    for (name, column) in &names.known {
        known.extend(find(name).map(|index| Known {
            index,
            column: *column,
            takes: takes(*column),
        }));
    }
    let unknown = names
        .unknown
        .iter()
        .filter_map(|(name, _)| find(name))
        .collect();
    let extra = names
        .unknown
        .iter()
        .map(|(_, extra)| extra.clone())
        .collect();
    let instants = names
        .unknown
        .iter()
        .filter(|(name, _)| name.ends_with("DateTime"));
    let instants = instants.filter_map(|(name, _)| find(name));
    let instants = instants.map(|index| (index, String::new())).collect();
    let other = |(name, column): &(String, Column)| (*column, name.clone());
    let renamed = names
        .known
        .iter()
        .filter(|(name, column)| name != column.name());
    let written: Vec<_> = renamed.map(other).collect();
    Ok(Box::new(Focus {
        known,
        unknown,
        extra,
        instants,
        renamed: !written.is_empty(),
        written,
        subcategory: find(&"ChargeSubcategory".to_owned()).filter(|_| names.has_subcategory()),
    }))
}

fn takes(column: Column) -> Takes {
    match column.holds() {
        ColumnType::Decimal if COSTS.contains(&column) => Takes::Cost,
        ColumnType::Decimal => Takes::Number,
        ColumnType::Instant => Takes::Instant(Last::default()),
        ColumnType::Text | ColumnType::Json => Values::of(column).map_or(Takes::Text, Takes::Value),
    }
}

/// What every charge of the file would lack.
fn missing(input: &Input, names: &Names, options: &Options) -> Vec<Problem> {
    let absent = |column: &&Column| !names.have(**column) && options.given(**column).is_none();
    let absent = REQUIRED.iter().filter(absent);
    let problem = |column: &Column| {
        input.problem(
            &codes::BILL_COLUMN,
            Some(column.name()),
            format!("the file has no column {}", column.name()),
            "export it with this column, or give its value for the whole file",
        )
    };
    absent.map(problem).collect()
}

impl Importer for Focus {
    fn extra(&self) -> &[String] {
        &self.extra
    }

    fn written_as(&self, column: Column) -> Option<&str> {
        let found = self.written.iter().find(|(known, _)| *known == column);
        found.map(|(_, name)| name.as_str())
    }

    fn record(&mut self, record: &Record<'_>, charges: &mut Charges<'_>) -> Result<(), Problem> {
        let mut row = Row::default();
        for known in &mut self.known {
            row.set(known.column, known.cell(record)?);
        }
        if self.renamed {
            record.mend("renamed");
        }
        if let Some(subcategory) = self.subcategory {
            values::from_subcategory(record, subcategory, &mut row);
        }
        // 1.3 names the provider of the service, and 1.4 no longer has the older name.
        if *row.get(Column::ProviderName) == Cell::Null {
            let provider = row.get(Column::ServiceProviderName).clone();
            row.set(Column::ProviderName, provider);
        }
        for (index, last) in &mut self.instants {
            doubt(last, record, *index, charges);
        }
        row.extra.reserve_exact(self.unknown.len());
        let text = |index: &ColumnIndex| Cow::Borrowed(record.text(*index).unwrap_or_default());
        row.extra.extend(self.unknown.iter().map(text));
        charges.give(record, &mut row)
    }
}

impl Known {
    fn cell<'r>(&mut self, record: &Record<'r>) -> Result<Cell<'r>, Problem> {
        let index = self.index;
        Ok(match &mut self.takes {
            Takes::Number => record.decimal(index)?.map_or(Cell::Null, Cell::Number),
            Takes::Cost => record.money(index)?.map_or(Cell::Null, Cell::Number),
            Takes::Instant(last) => {
                let instant = record.instant_after(index, last)?;
                instant.map_or(Cell::Null, Cell::Instant)
            }
            Takes::Text => {
                let text = record.nullable(index);
                text.map_or(Cell::Null, |text| Cell::Text(Cow::Borrowed(text)))
            }
            Takes::Value(values) => {
                let Some(text) = record.nullable(index) else {
                    return Ok(Cell::Null);
                };
                let Some((value, mended)) = values.find(text) else {
                    let (code, message) = no_value(text, values.now);
                    let help = "the specification's page of the column says what each value means";
                    return Err(record.problem(Some(index), code, message, help));
                };
                if let Some(word) = mended {
                    record.mend(word);
                }
                Cell::Text(Cow::Borrowed(value))
            }
        })
    }
}

/// Says of a vendor's own instant that it is none; `last` is the last text that was one.
fn doubt(last: &mut String, record: &Record<'_>, index: ColumnIndex, charges: &mut Charges<'_>) {
    let Some(text) = record.text(index).filter(|text| text != last) else {
        return;
    };
    // Nothing is counted by it, so that which of two days is meant does not matter.
    let Err(error) = instant::parse(text, Some(DateOrder::MonthFirst)) else {
        text.clone_into(last);
        return;
    };
    record.mend("custom");
    let message = format!("`{}` is no instant: {error}", short(text));
    let help = "tell the vendor; it is kept as it is written";
    charges.doubt(record.problem(Some(index), &codes::BILL_CUSTOM, message, help));
}
