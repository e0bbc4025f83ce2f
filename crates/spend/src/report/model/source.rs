//! What the report is made of: which bills, and how far they reach.

use base::{Currency, Decimal, Month};
use jiff::civil::Date;
use serde::Serialize;

/// What all this is made of.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Data {
    /// The last day that is complete at every provider that is in use.
    pub until: Option<Date>,
    /// How far what each account sent reaches.
    pub reach: Vec<Reach>,
    /// What was billed in another month than it was incurred.
    pub elsewhere: Vec<Elsewhere>,
    /// What is in currencies without a rate, gross; no other sum has it.
    pub unconverted: Vec<Unconverted>,
    /// The newest rate of each two currencies, by which amounts are converted.
    pub rates: Vec<Rate>,
    /// What is to be said of it besides: residues, what was put right.
    pub notes: Vec<String>,
}

/// How far what one account sent reaches.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Reach {
    /// The provider.
    pub provider: String,
    /// The billing account; empty in the version for everybody.
    pub account: String,
    /// The first month that is kept.
    pub first: Month,
    /// The last month that is kept.
    pub last: Month,
    /// The last day with charges.
    pub until: Option<Date>,
    /// How many months are closed.
    pub closed: u64,
    /// How many are open.
    pub open: u64,
    /// How many charges there are.
    pub rows: u64,
    /// Months between the first and the last of which nothing is kept.
    pub missing: Vec<Month>,
}

/// What was billed in another month than it was incurred.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Elsewhere {
    /// The provider.
    pub provider: String,
    /// The month in which it was incurred.
    pub incurred: Month,
    /// The month in which it is billed.
    pub billed: Month,
    /// Its gross cost.
    pub gross: Decimal,
    /// Its net cost; nothing where it is not shown to everybody.
    pub net: Option<Decimal>,
}

/// What is in a currency without a rate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Unconverted {
    /// The currency.
    pub currency: Currency,
    /// Its gross cost in it.
    pub gross: Decimal,
}

/// The newest rate of two currencies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Rate {
    /// When it was declared.
    pub date: Date,
    /// By which policy rates are chosen: `day`, `month-average`, `month-end` or `fixed`.
    pub policy: String,
    /// From which currency.
    pub from: Currency,
    /// To which.
    pub to: Currency,
    /// What one of the first is in the second.
    pub rate: Decimal,
    /// Who says so.
    pub source: String,
}
