//! What the report says, as values: the same in every format.

use base::{Currency, Decimal, Month};
use jiff::civil::Date;
use serde::Serialize;

use crate::budgets;
use crate::commitments::Commitments;
use crate::events::Event;
use crate::grants::Grants;
use crate::outlook::{Days, Expected, Outlook};

mod means;
mod source;
mod spent;

pub use means::{Funding, Quota, Scope, Undecided};
pub use source::{Data, Elsewhere, Rate, Reach, Unconverted};
pub use spent::{
    Contributor, Cost, Hotspot, Hotspots, MonthRow, Owner, Owners, Provider, Providers,
    VendorService,
};

/// The version of [`Report`] as JSON: it grows when a field changes its meaning or goes.
pub const VERSION: u32 = 1;

/// The page that a meeting opens with.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    /// [`VERSION`].
    pub version: u32,
    /// The day on which it was made.
    pub day: Date,
    /// The currency of all amounts that do not say another.
    pub currency: Currency,
    /// In the version for everybody: what is left out, and what was put together so that it
    /// cannot be computed from the rest. Nothing in the version for members.
    pub left_out: Option<Vec<String>>,
    /// Whether there is something to do now.
    pub act: Act,
    /// The figures that one remembers; nothing where no day of a bill is complete.
    pub figures: Option<Figures>,
    /// What is different from the last meeting.
    pub changes: Changes,
    /// Who spends.
    pub owners: Owners,
    /// Where it is spent.
    pub providers: Providers,
    /// What costs most, by resource and price.
    pub hotspots: Hotspots,
    /// What grants still hold.
    pub grants: Grants,
    /// How budgets stand, each in the period that the day is in.
    pub budgets: Vec<budgets::Standing>,
    /// What all of it will come to.
    pub forecast: Option<Outlook>,
    /// Days that were not to be expected, what began last first.
    pub events: Vec<Event>,
    /// What was promised to be used, and whether it was.
    pub commitments: Vec<Commitments>,
    /// How much of what providers allow is used.
    pub quotas: Vec<Quota>,
    /// What was decided to be paid for, and what was not.
    pub scope: Scope,
    /// What all this is made of.
    pub data: Data,
}

/// Whether there is something to do now, in a line and in a list.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Act {
    /// Whether there is.
    pub now: bool,
    /// How many days the money that ends first lasts, by what is most likely; 0 if it has ended.
    /// Nothing where none is known to end.
    pub days_left: Option<i64>,
    /// The line.
    pub text: String,
    /// Which money that is, and when it ends.
    pub money: String,
    /// What is to be done, what is due first before the rest.
    pub actions: Vec<Action>,
}

/// Something to be done. What is due first, and then what weighs more, comes before the rest.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Action {
    /// The day by which; the day of the report for what is to be done now.
    pub due: Date,
    /// What it is due for.
    pub cause: Cause,
    /// Why: `Grant aws-2026: it is time to ask for another, 90 days before it ends`.
    pub why: String,
    /// What: `ask the giver for another`.
    pub what: String,
    /// The group that answers for it; empty if none is known.
    pub owner: String,
}

/// What something is due for; what weighs most first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// Nothing is left of a grant.
    UsedUp,
    /// It is time to ask for another grant.
    Ask,
    /// A threshold of a budget is crossed.
    Threshold,
    /// A part of a grant will lapse.
    Lapse,
    /// A provider will allow no more.
    Quota,
    /// Days that were not to be expected.
    Event,
    /// Too much is nobody's.
    Unallocated,
}

impl Cause {
    /// Whether it is a reason to act now, and not only to look at something.
    pub fn presses(self) -> bool {
        self <= Self::Quota
    }
}

/// The figures that one remembers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Figures {
    /// The last complete days.
    pub days: Days,
    /// As many days before them.
    pub days_before: Days,
    /// What they cost.
    pub total: Cost,
    /// What the days before cost.
    pub total_before: Cost,
    /// What 365 days cost at the gross rate of these days.
    pub run_rate: Decimal,
    /// What may be spent in a year, by the budget of everything, if there is one.
    pub yearly_budget: Option<Decimal>,
    /// When money ends, what ends first before the rest.
    pub ends: Vec<Ends>,
}

/// When some money ends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Ends {
    /// Which money: what people call the grant or the budget.
    pub what: String,
    /// What is left of it.
    pub left: Decimal,
    /// In which currency.
    pub currency: Currency,
    /// The day by whose end nothing is left, or its time is over. Early means that much is spent.
    pub on: Expected<Date>,
    /// The last day of its time.
    pub until: Date,
}

/// What is different from the last meeting.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Changes {
    /// The day of the last meeting, if what was known then is known.
    pub since: Option<Date>,
    /// The days that are held against those of [`Figures::days`].
    pub compared: Option<Days>,
    /// Bills that are new, were replaced, closed or opened again, or are gone.
    pub bills: Vec<Bill>,
    /// Months of which another total is known now, the largest difference first.
    pub restated: Vec<Restated>,
    /// Owners that had no cost.
    pub new_owners: Vec<String>,
    /// Owners that have none any more.
    pub gone_owners: Vec<String>,
    /// Sub-accounts that had no cost, the largest first.
    pub new: Vec<Mover>,
    /// Sub-accounts that have none any more, the largest first.
    pub gone: Vec<Mover>,
    /// What rose most.
    pub up: Vec<Mover>,
    /// What fell most.
    pub down: Vec<Mover>,
}

/// A bill that is kept otherwise than at the last meeting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Bill {
    /// The provider.
    pub provider: String,
    /// The billing account; empty in the version for everybody.
    pub account: String,
    /// The month in which it is billed.
    pub month: Month,
    /// What happened to it.
    pub what: Happened,
    /// How many charges it had.
    pub rows_then: u64,
    /// How many it has.
    pub rows_now: u64,
}

/// What happened to a bill since the last meeting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Happened {
    /// It was not there.
    New,
    /// Its charges were replaced by others.
    Replaced,
    /// It was closed; its charges are the same.
    Closed,
    /// It was replaced and closed.
    ReplacedAndClosed,
    /// It was closed and is open again.
    Reopened,
    /// It is not kept any more.
    Gone,
}

impl Happened {
    /// In a word.
    pub fn word(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Replaced => "replaced",
            Self::Closed => "closed",
            Self::ReplacedAndClosed => "replaced and closed",
            Self::Reopened => "open again",
            Self::Gone => "gone",
        }
    }
}

/// A month of which some of the cost was known then, and another total is now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Restated {
    /// At which provider.
    pub provider: String,
    /// The month in which it was incurred.
    pub month: Month,
    /// Its gross cost as it was known then, of the days that were complete then.
    pub then: Decimal,
    /// That of the same days as it is known now.
    pub now: Decimal,
}

/// A sub-account whose cost changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Mover {
    /// Whose most of it is.
    pub owner: String,
    /// At which provider.
    pub provider: String,
    /// Which one; empty for what is the account's own, and in the version for everybody.
    pub sub_account: String,
    /// Its gross cost then.
    pub then: Decimal,
    /// Its gross cost now.
    pub now: Decimal,
}
