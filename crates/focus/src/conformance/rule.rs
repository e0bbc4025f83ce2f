//! One rule, and what it asks of a row.

use base::{Decimal, Severity};

use super::cells::Cells;
use super::formats;

/// One rule of a model.
#[derive(Debug)]
pub(super) struct Rule {
    pub(super) id: String,
    /// The column, attribute or data set that it is about.
    pub(super) column: String,
    pub(super) words: String,
    /// How much it matters; nothing if it only allows.
    pub(super) severity: Option<Severity>,
    /// Whether it holds only for providers that have what it is about.
    pub(super) conditional: bool,
    /// It holds where all of these do.
    pub(super) conditions: Vec<Check>,
    pub(super) subject: Subject,
}

/// What a rule is about.
#[derive(Debug)]
pub(super) enum Subject {
    /// It is made of other rules.
    Parts { rules: Vec<String>, any: bool },
    /// That the column is there.
    Presence,
    /// Each row.
    Rows(Check),
    /// What no check of the model says; laws of ours may.
    Words,
    /// One of several of which one is enough; the whole is looked at.
    Alternative,
    /// The published rule is wrong, and why.
    Defective(&'static str),
}

/// What a rule asks of a row. Null passes all that asks for a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Check {
    All(Vec<Self>),
    Any(Vec<Self>),
    /// The column is null, or not.
    Null(String, bool),
    /// The column is this text, or not; null is none.
    Is(String, String, bool),
    IsNumber(String, Decimal, bool),
    /// Two columns are equal, or not.
    Same(String, String, bool),
    NotNegative(String),
    Number(String),
    Instant(String),
    Text(String),
    Unit(String),
    KeyValues(String),
    Currency(String),
    NationalCurrency(String),
    /// The first times the second is the third.
    Product(String, String, String),
    /// Whatever the first column holds, the second is always the same for it. Looked at over all rows.
    OneOf(String, String),
}

impl Check {
    /// The columns that it looks at.
    pub(super) fn columns(&self) -> Vec<&str> {
        match self {
            Self::All(checks) | Self::Any(checks) => {
                checks.iter().flat_map(Self::columns).collect()
            }
            Self::Null(column, _)
            | Self::Is(column, ..)
            | Self::IsNumber(column, ..)
            | Self::NotNegative(column)
            | Self::Number(column)
            | Self::Instant(column)
            | Self::Text(column)
            | Self::Unit(column)
            | Self::KeyValues(column)
            | Self::Currency(column)
            | Self::NationalCurrency(column) => vec![column],
            Self::Same(one, other, _) | Self::OneOf(one, other) => vec![one, other],
            Self::Product(one, other, result) => vec![one, other, result],
        }
    }
}

/// A check with its columns found: the same, faster.
#[derive(Debug)]
pub(super) enum Found {
    All(Vec<Self>),
    Any(Vec<Self>),
    Null(usize, bool),
    Is(usize, Box<[u8]>, bool),
    IsNumber(usize, Decimal, bool),
    Same(usize, usize, bool),
    NotNegative(usize),
    Number(usize),
    Instant(usize),
    Unit(usize),
    KeyValues(usize),
    Currency(usize),
    NationalCurrency(usize),
    Product(usize, usize, usize),
    /// What holds of any row.
    Always,
}

impl Found {
    /// A check over a file's columns; nothing if one of them is not there.
    pub(super) fn of(check: &Check, place: &dyn Fn(&str) -> Option<usize>) -> Option<Self> {
        let all = |checks: &[Check]| -> Option<Vec<Self>> {
            checks.iter().map(|check| Self::of(check, place)).collect()
        };
        Some(match check {
            Check::All(checks) => Self::All(all(checks)?),
            Check::Any(checks) => Self::Any(all(checks)?),
            Check::Null(column, yes) => Self::Null(place(column)?, *yes),
            Check::Is(column, text, yes) => Self::Is(place(column)?, text.as_bytes().into(), *yes),
            Check::IsNumber(column, number, yes) => Self::IsNumber(place(column)?, *number, *yes),
            Check::Same(one, other, yes) => Self::Same(place(one)?, place(other)?, *yes),
            Check::NotNegative(column) => Self::NotNegative(place(column)?),
            Check::Number(column) => Self::Number(place(column)?),
            Check::Instant(column) => Self::Instant(place(column)?),
            Check::Text(column) => place(column).map(|_| Self::Always)?,
            Check::Unit(column) => Self::Unit(place(column)?),
            Check::KeyValues(column) => Self::KeyValues(place(column)?),
            Check::Currency(column) => Self::Currency(place(column)?),
            Check::NationalCurrency(column) => Self::NationalCurrency(place(column)?),
            Check::Product(one, other, result) => {
                Self::Product(place(one)?, place(other)?, place(result)?)
            }
            Check::OneOf(one, other) => place(one).and(place(other)).map(|_| Self::Always)?,
        })
    }

    /// Whether it holds of a row.
    pub(super) fn holds(&self, cells: &mut Cells<'_>) -> bool {
        match self {
            Self::All(checks) => checks.iter().all(|check| check.holds(cells)),
            Self::Any(checks) => checks.iter().any(|check| check.holds(cells)),
            Self::Null(at, yes) => cells.text(*at).is_none() == *yes,
            Self::Is(at, text, yes) => {
                cells
                    .text(*at)
                    .is_some_and(|cell| cell.as_bytes() == &**text)
                    == *yes
            }
            Self::IsNumber(at, number, yes) => (cells.number(*at) == Some(*number)) == *yes,
            Self::Same(one, other, yes) => (cells.text(*one) == cells.text(*other)) == *yes,
            Self::NotNegative(at) => cells.number(*at).is_none_or(|number| !number.is_negative()),
            Self::Number(at) => cells.text(*at).is_none() || cells.number(*at).is_some(),
            Self::Instant(at) => cells.text(*at).is_none_or(formats::is_instant),
            Self::Unit(at) => cells.text(*at).is_none_or(formats::is_unit),
            Self::KeyValues(at) => cells.text(*at).is_none_or(formats::is_key_values),
            Self::Currency(at) => cells.text(*at).is_none_or(formats::is_currency),
            Self::NationalCurrency(at) => cells
                .text(*at)
                .is_none_or(|text| text.parse::<base::Currency>().is_ok()),
            Self::Product(one, other, result) => product(cells, *one, *other, *result),
            Self::Always => true,
        }
    }
}

/// Whether a product is what a column says, to the last digit that it has.
fn product(cells: &mut Cells<'_>, one: usize, other: usize, result: usize) -> bool {
    let digits = cells
        .text(result)
        .map_or(0, formats::digits_behind_the_point);
    let (Some(one), Some(other), Some(result)) =
        (cells.number(one), cells.number(other), cells.number(result))
    else {
        return true;
    };
    formats::is_product(one, other, result, digits)
}
