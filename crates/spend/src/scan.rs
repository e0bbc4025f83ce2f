//! Charges grouped and summed, straight from Parquet.
//!
//! Only the columns that a question needs are read. Texts come as dictionaries, and each is
//! looked at once: a row has numbers in their place. Whose a charge is gets asked once for all
//! charges that the rules cannot tell apart. Sums are of whole numbers, so that it does not
//! matter which thread read what.

mod dimension;
mod filter;
mod groups;
mod plan;
mod source;
mod tags;
mod texts;
mod values;
mod whose;
mod worker;

use std::sync::{Arc, Mutex};

use base::{Currency, Decimal};
use focus::{Column, Month};
use jiff::civil::Date;
use parquet::errors::ParquetError;

pub use dimension::{Dimension, NotADimension};
pub(crate) use filter::Piece;
pub use filter::{Filter, NotAPattern, Pattern, Span, Test};
pub use source::Input;
pub(crate) use source::{day_number, day_of};
pub use tags::value as tag;
pub(crate) use whose::{category, category_word};

use crate::ownership::Ownership;
use groups::Groups;
use plan::{Lane, Plan};
use source::Opened;
use texts::Texts;
use worker::Worker;

/// What is summed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Cost {
    /// `BilledCost`.
    Billed,
    /// `EffectiveCost`.
    Effective,
    /// `ListCost`.
    Listed,
    /// `ContractedCost`.
    Contracted,
    /// `EffectiveCost` of all charges but those of the category Credit.
    Gross,
}

impl Cost {
    /// The four of FOCUS, in the order of [`crate::cells::Amounts`].
    pub const FOUR: [Self; 4] = [
        Self::Billed,
        Self::Effective,
        Self::Listed,
        Self::Contracted,
    ];

    /// The column that it sums.
    pub fn column(self) -> Column {
        match self {
            Self::Billed => Column::BilledCost,
            Self::Effective | Self::Gross => Column::EffectiveCost,
            Self::Listed => Column::ListCost,
            Self::Contracted => Column::ContractedCost,
        }
    }
}

/// What is asked of charges.
#[derive(Debug)]
pub struct Scan<'a> {
    /// Each makes a table of its own; the currency is always grouped by too.
    pub groupings: Vec<Vec<Dimension>>,
    /// What is summed for each group.
    pub costs: Vec<Cost>,
    /// Which charges are looked at: those that pass all.
    pub filters: Vec<Filter>,
    /// Whose charges are.
    pub ownership: &'a Ownership,
}

/// Why charges could not be summed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ScanError {
    /// A file could not be read, or is not what it says it is.
    #[error("{file} cannot be read as Parquet")]
    Read {
        /// Which.
        file: String,
        /// Why.
        source: ParquetError,
    },
    /// A file of charges is not in the columns and types that sums need.
    #[error(
        "{}: {message}; `commonhold spend import` reads such a file, and writes one that has what it takes",
        base::visible(.file)
    )]
    Refused {
        /// Which.
        file: String,
        /// What is wrong with it.
        message: String,
    },
    /// A store did not give a file.
    #[error(transparent)]
    Store(#[from] facts::StoreError),
    /// A charge has something that FOCUS does not know, or that no sum can be made of.
    #[error("{0}")]
    Charge(String),
    /// No sum of money is so large: the charges are wrong.
    #[error("the costs of all files together are too large to be summed")]
    TooLarge,
}

/// Groups of charges with their sums, in no order that means anything.
#[derive(Debug)]
pub struct Sums {
    lanes: Vec<Lane>,
    texts: Arc<Texts>,
    groups: Groups,
    width: usize,
    costs: Vec<i128>,
    rows: Vec<u64>,
}

/// What a group has in one dimension.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Value<'a> {
    /// A day.
    Day(Date),
    /// A month.
    Month(Month),
    /// A text; the empty one where there is none.
    Text(&'a str),
}

impl std::fmt::Display for Value<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Day(day) => f.pad(&day.to_string()),
            Self::Month(month) => month.fmt(f),
            Self::Text(text) => f.pad(text),
        }
    }
}

impl Sums {
    /// How many groups there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether no charge passed.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// What a group has in the dimension of this place in the grouping.
    pub fn value(&self, group: usize, at: usize) -> Value<'_> {
        let number = self.groups.key(group)[at];
        // Days and months were looked at when they were read.
        match self.lanes[at] {
            Lane::Day => Value::Day(source::day_of(worker::day_from(number)).unwrap_or(Date::MAX)),
            Lane::Month | Lane::Billed => {
                let month = worker::month_from(number);
                Value::Month(month.unwrap_or_else(|| Month::of(Date::MAX)))
            }
            _ => Value::Text(self.texts.text(number)),
        }
    }

    /// The number that stands for the text of a group, the same for the same text among all sums
    /// of one scan; of a day or month, one whose order is theirs.
    pub fn number(&self, group: usize, at: usize) -> u32 {
        self.groups.key(group)[at]
    }

    /// The text of such a number.
    pub fn text(&self, number: u32) -> &str {
        self.texts.text(number)
    }

    /// The currency of a group's costs, as its charges spell it.
    pub fn currency(&self, group: usize) -> &str {
        let key = self.groups.key(group);
        self.texts.text(key[key.len() - 1])
    }

    /// The sum of the cost at this place in [`Scan::costs`].
    #[allow(clippy::missing_panics_doc)] // All sums were looked at in the end.
    pub fn cost(&self, group: usize, at: usize) -> Decimal {
        Decimal::from_units(self.costs[group * self.width + at]).expect("looked at in the end")
    }

    /// How many charges a group has.
    pub fn rows(&self, group: usize) -> u64 {
        self.rows[group]
    }
}

/// A currency by its code.
pub(crate) fn currency(code: &str) -> Result<Currency, ScanError> {
    code.parse().map_err(|error| {
        let shown = base::visible(code);
        ScanError::Charge(format!("BillingCurrency is `{shown}` in a charge: {error}"))
    })
}

/// How many threads read; more would be idle on the machines that this runs on, and want memory.
const THREADS: usize = 2;

/// Sums charges of files. The answer has one table for each grouping.
///
/// # Errors
/// A file cannot be read, or lacks what is asked for, or has it as a type that is not exact.
pub fn scan(inputs: &[Input], scan: &Scan<'_>) -> Result<Vec<Sums>, ScanError> {
    let plan = Plan::of(scan);
    let parts = Mutex::new(Parts {
        inputs,
        plan: &plan,
        file: 0,
        open: None,
    });
    let work = || {
        let mut worker = Worker::new(&plan, scan.ownership);
        while let Some((file, part)) = next(&parts)? {
            for batch in file.read(part)? {
                worker.add(&file, &batch?)?;
            }
        }
        Ok(worker)
    };
    let mut done = std::thread::scope(|scope| {
        let threads: Vec<_> = (1..THREADS).map(|_| scope.spawn(work)).collect();
        let own = work();
        let others = threads.into_iter().map(|thread| {
            thread
                .join()
                .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        });
        std::iter::once(own)
            .chain(others)
            .collect::<Result<Vec<_>, ScanError>>()
    })?;
    let mut first = done.remove(0);
    for other in &done {
        first.merge(other)?;
    }
    finish(first, &plan)
}

/// The parts of files that wait for a thread.
struct Parts<'a> {
    inputs: &'a [Input],
    plan: &'a Plan,
    file: usize,
    /// The file at hand and how many of its parts were taken.
    open: Option<(Arc<Opened>, usize)>,
}

fn next(parts: &Mutex<Parts<'_>>) -> Result<Option<(Arc<Opened>, usize)>, ScanError> {
    let mut parts = parts
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner);
    loop {
        if let Some((file, taken)) = &mut parts.open {
            if let Some(&part) = file.parts.get(*taken) {
                *taken += 1;
                return Ok(Some((Arc::clone(file), part)));
            }
            parts.open = None;
        }
        let Some(input) = parts.inputs.get(parts.file) else {
            return Ok(None);
        };
        parts.file += 1;
        let file = Opened::open(input, &parts.plan.wanted, &parts.plan.prunes)?;
        parts.open = Some((Arc::new(file), 0));
    }
}

fn finish(worker: Worker<'_>, plan: &Plan) -> Result<Vec<Sums>, ScanError> {
    let (tables, texts) = worker.finished();
    let texts = Arc::new(texts);
    tables
        .into_iter()
        .zip(&plan.groupings)
        .map(|(table, lanes)| {
            let in_range = |&units: &i128| Decimal::from_units(units).is_some();
            if !table.costs.iter().all(in_range) {
                return Err(ScanError::TooLarge);
            }
            Ok(Sums {
                lanes: lanes.iter().map(|&lane| plan.lanes[lane].clone()).collect(),
                texts: Arc::clone(&texts),
                groups: table.groups,
                width: plan.sums.len(),
                costs: table.costs,
                rows: table.rows,
            })
        })
        .collect()
}
