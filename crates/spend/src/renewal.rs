//! The request for another grant, from what one paid for.
//!
//! It says what a giver asks: what the money was for, month by month and by service, how that
//! grew, what will be needed, and what happens without. Everything in it is from the bills and
//! the estate; what nobody wrote down is left for people to fill in, in brackets.

mod figures;
mod page;

use std::fmt;

use base::{Currency, Decimal};
use estate::Estate;
use serde::Serialize;

pub use figures::{MonthOfCosts, PaidFor, Purpose};

use crate::grants::{Grants, Standing};
use crate::outlook::{Costs, Days, Expected, Known, Trust};

/// A request for another grant.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Request {
    /// How the grant stands.
    pub grant: Standing,
    /// Whom it is asked of: a person or an address at the giver, if one is named.
    pub contact: Option<String>,
    /// What it is for, in the estate's own words.
    pub purpose: Option<String>,
    /// The days that its figures are of: the last year of the grant, as far as it is known.
    pub days: Days,
    /// What these days came to.
    pub costs: Costs,
    /// By the estate's owner and service, the largest first.
    pub by_owner: Vec<PaidFor>,
    /// By the vendor's service, the largest first; of whole months.
    pub by_vendor_service: Vec<PaidFor>,
    /// By month.
    pub months: Vec<MonthOfCosts>,
    /// By how many per cent the last three whole months cost more than the three before; below
    /// nothing if less, nothing if there are no six.
    pub growth: Option<Decimal>,
    /// What the 365 days after the grant's end, or after today, come to.
    pub next_year: Expected<Decimal>,
    /// The days that is of.
    pub next_days: Days,
    /// How far it can be trusted.
    pub trust: Option<Trust>,
    /// What it was decided to pay for that it paid, the largest first.
    pub purposes: Vec<Purpose>,
    /// What is lost from the day on which its money ends: a month's cost at the rate of the last
    /// days, which somebody else has to pay.
    pub a_month: Option<Decimal>,
    /// The currency of all its amounts.
    pub currency: Currency,
}

/// Why there is no request.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoRequest {
    /// No such grant is in the estate.
    #[error("there is no grant {0}{hint}", hint = .1.as_ref().map(|like| format!(": did you mean {like}?")).unwrap_or_default())]
    NoGrant(String, Option<String>),
    /// Nothing is known of what it pays for.
    #[error(
        "no complete day of {0} is known: import its bills, and look whether they call the provider so"
    )]
    NothingKnown(String),
}

impl Request {
    /// Gathers the request for another grant like one, by the name of its file. The cube is that
    /// of the bills, as for [`Grants::of`].
    ///
    /// # Errors
    /// There is no such grant, or no bill that it could pay is known.
    pub fn of(
        known: &Known<'_>,
        estate: &Estate,
        grants: &Grants,
        name: &str,
    ) -> Result<Self, NoRequest> {
        figures::request(known, estate, grants, name)
    }
}

impl fmt::Display for Request {
    /// As Markdown.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&page::page(self))
    }
}
