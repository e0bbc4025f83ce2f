//! Quotas, and what was decided to be paid for.

use base::{Currency, Decimal};
use jiff::civil::Date;
use serde::Serialize;

use crate::settings::quotas::QuotaUse;

/// How much of what a provider allows is used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Quota {
    /// Of what.
    pub name: String,
    /// At which provider.
    pub provider: String,
    /// The group that asks for more, if one is named.
    pub owner: Option<String>,
    /// In which unit.
    pub unit: String,
    /// What is allowed.
    pub limit: Decimal,
    /// What is used.
    pub used: QuotaUse,
}

/// What was decided to be paid for, and what was not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Scope {
    /// The gross cost of the last complete days that no decision covers, by owner; the largest
    /// first.
    pub undecided: Vec<Undecided>,
    /// What was decided, what is to be looked at again first before the rest.
    pub funding: Vec<Funding>,
}

/// What no decision covers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Undecided {
    /// Whose it is.
    pub owner: String,
    /// Its gross cost.
    pub gross: Decimal,
}

/// A decision to pay for something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Funding {
    /// Its name in the estate.
    pub name: String,
    /// What people call it.
    pub title: String,
    /// The group that answers for it.
    pub owner: String,
    /// Where it was decided.
    pub decision: String,
    /// What it cost in the last complete days, gross; nothing where that is not shown.
    pub gross: Option<Decimal>,
    /// What it was said to cost in a month, and in which currency.
    pub monthly: Option<(Decimal, Currency)>,
    /// The day by which it is looked at again.
    pub review_by: Date,
    /// Whether that day is past.
    pub overdue: bool,
}
