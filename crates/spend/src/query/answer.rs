//! From a question to its answer: from sums that are kept, or from the charges.

use base::Decimal;
use hashbrown::HashMap;

use super::levels::{Cell, Has, Level, costs};
use super::{Line, Metric, Question, Table};
use crate::cells::{Cube, Names};
use crate::ownership::Ownership;
use crate::scan::{self, Cost, Input, Scan, ScanError};

/// Answers a question from the sums of a cube if they can, else from the charges, which `inputs`
/// then names. Both give the same.
///
/// # Errors
/// Those of [`from_files`].
pub fn answer(
    question: &Question,
    cube: &Cube,
    inputs: impl FnOnce() -> Vec<Input>,
    ownership: &Ownership,
) -> Result<Table, ScanError> {
    match from_cube(question, cube) {
        Some(table) => Ok(table),
        None => from_files(question, &inputs(), ownership),
    }
}

/// Answers a question from the sums of a cube; nothing if it asks for what they do not tell apart.
pub fn from_cube(question: &Question, cube: &Cube) -> Option<Table> {
    Some(match Level::of(question)? {
        Level::Days => grouped(question, &cube.days, &cube.names),
        Level::Months => grouped(question, &cube.months, &cube.names),
    })
}

/// Answers a question from charges in Parquet.
///
/// # Errors
/// A file cannot be read, or lacks a column that the question needs; or a charge is in a currency
/// that is none.
pub fn from_files(
    question: &Question,
    inputs: &[Input],
    ownership: &Ownership,
) -> Result<Table, ScanError> {
    let mut summed: Vec<Cost> = Vec::new();
    for metric in &question.metrics {
        let (cost, less) = metric.costs();
        summed.extend([cost, less].into_iter().flatten());
    }
    summed.sort_unstable();
    summed.dedup();
    let asked = Scan {
        groupings: vec![question.by.clone()],
        costs: summed.clone(),
        filters: question.conditions(),
        ownership,
    };
    let mut lines = Vec::new();
    for sums in scan::scan(inputs, &asked)? {
        for group in 0..sums.len() {
            let cost = |cost: Cost| {
                let at = summed.iter().position(|known| *known == cost);
                at.map_or(Decimal::ZERO, |at| sums.cost(group, at))
            };
            let names = (0..question.by.len()).map(|at| sums.value(group, at).to_string());
            lines.push(Line {
                names: names.collect(),
                currency: scan::currency(sums.currency(group))?,
                sums: figures(&question.metrics, cost, sums.rows(group)),
                others: None,
            });
        }
    }
    Ok(Table::of(question, lines))
}

fn figures(metrics: &[Metric], cost: impl Fn(Cost) -> Decimal, rows: u64) -> Vec<Decimal> {
    let figure = |metric: &Metric| match metric.costs() {
        (Some(all), Some(less)) => cost(all) - cost(less),
        (Some(all), None) => cost(all),
        (None, _) => Decimal::whole(i64::try_from(rows).unwrap_or(i64::MAX)),
    };
    metrics.iter().map(figure).collect()
}

/// What cells of one group come to.
#[derive(Debug, Default)]
struct Summed {
    costs: [Decimal; 5],
    rows: u64,
}

/// Where a cost stands among those of a cell.
fn place(cost: Cost) -> usize {
    match cost {
        Cost::Billed => 0,
        Cost::Effective => 1,
        Cost::Listed => 2,
        Cost::Contracted => 3,
        Cost::Gross => 4,
    }
}

fn grouped<C: Cell>(question: &Question, cells: &[C], names: &Names) -> Table {
    let filters = question.conditions();
    // What each filter said of each value: there are few values beside cells.
    let mut verdicts: Vec<HashMap<Has, bool>> = vec![HashMap::new(); filters.len()];
    let mut groups: HashMap<Vec<Has>, Summed> = HashMap::new();
    let mut key: Vec<Has> = Vec::new();
    for cell in cells {
        let passes = filters.iter().zip(&mut verdicts).all(|(filter, known)| {
            let has = Has::of(cell, &filter.dimension);
            *known
                .entry(has)
                .or_insert_with(|| has.passes(&filter.test, names))
        });
        if !passes {
            continue;
        }
        key.clear();
        key.extend(question.by.iter().map(|by| Has::of(cell, by)));
        key.push(Has::Currency(cell.currency()));
        let sums = match groups.get_mut(&key) {
            Some(sums) => sums,
            None => groups.entry(key.clone()).or_default(),
        };
        for (sum, cost) in sums.costs.iter_mut().zip(costs(cell)) {
            *sum += cost;
        }
        sums.rows += cell.rows();
    }
    let lines = groups.into_iter().filter_map(|(key, sums)| {
        let (currency, by) = key.split_last()?;
        let Has::Currency(currency) = *currency else {
            return None;
        };
        Some(Line {
            names: by.iter().map(|has| has.text(names).into_owned()).collect(),
            currency,
            sums: figures(&question.metrics, |cost| sums.costs[place(cost)], sums.rows),
            others: None,
        })
    });
    Table::of(question, lines.collect())
}
