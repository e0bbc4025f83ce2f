//! The page that a meeting opens with.
//!
//! ```text
//! sums, bills, grants, budgets, alerts... ─► compose ─► Report ─┬► JSON
//!                                              │                └► sections ─► HTML, Markdown,
//!                                    for everybody: veil                       CSV, Parquet
//! ```
//!
//! What is printed is printed from one list of sections, so that no format says more or less than
//! another. The same inputs give the same bytes.

mod act;
mod changes;
mod composition;
mod kept;
mod model;
mod page;
mod places;
mod public;
mod spenders;
mod sums;
mod tidy;

use document::{Headline, Section};
use estate::Estate;
use jiff::civil::Date;
use parquet::errors::ParquetError;

pub use composition::compose;
pub use model::{
    Act, Action, Bill, Cause, Changes, Contributor, Cost, Data, Elsewhere, Ends, Figures, Funding,
    Happened, Hotspot, Hotspots, MonthRow, Mover, Owner, Owners, Provider, Providers, Quota, Rate,
    Reach, Report, Restated, Scope, Unconverted, Undecided, VERSION, VendorService,
};
pub use page::burn_down;

use crate::alerts::{Fact, QuotaStanding};
use crate::budgets::Budgets;
use crate::cells::Cube;
use crate::events::Event;
use crate::grants::Grants;
use crate::outlook::Outlook;
use crate::pools::Unshared;
use crate::settings::Settings;
use crate::store::Snapshot;

/// Who a report is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Audience {
    /// Those who may see all of it.
    #[default]
    Members,
    /// Everybody: no accounts, resources, addresses and private prices.
    Everybody,
}

/// All that a report is made from.
#[derive(Debug, Clone, Copy)]
pub struct Inputs<'a> {
    /// The day on which it is made.
    pub day: Date,
    /// Who it is for.
    pub audience: Audience,
    /// The estate.
    pub estate: &'a Estate,
    /// What it says of how money is counted.
    pub settings: &'a Settings,
    /// The sums before what is used together is shared out, in the currency of the settings
    /// where there are rates.
    pub own: &'a Cube,
    /// The sums after it, of the same charges.
    pub shared: &'a Cube,
    /// The bills that they are of.
    pub bills: &'a Snapshot,
    /// What everything costs and comes to, gross, in the currency of the settings; nothing where
    /// no day is complete.
    pub outlook: Option<&'a Outlook>,
    /// How grants stand.
    pub grants: &'a Grants,
    /// How budgets stand.
    pub budgets: &'a Budgets,
    /// What alerts look at: what of it holds is what is to be done now.
    pub facts: &'a [Fact],
    /// Days that were not to be expected.
    pub events: &'a [Event],
    /// The use of quotas.
    pub quotas: &'a [QuotaStanding],
    /// What stays in pools.
    pub unshared: &'a [Unshared],
    /// What is to be said of the bills besides, a sentence each.
    pub notes: &'a [String],
    /// What was known at the last meeting.
    pub previous: Option<Previous<'a>>,
}

/// What was known at the last meeting.
#[derive(Debug, Clone, Copy)]
pub struct Previous<'a> {
    /// The day of the meeting.
    pub day: Date,
    /// The sums of what was known then, before sharing, under the rules of now and converted as
    /// now: so that what differs is what the bills say.
    pub cube: &'a Cube,
    /// The bills that were kept then.
    pub bills: &'a Snapshot,
}

impl Report {
    /// What stands above it: `Spend, 2026-11-21`.
    pub fn title(&self) -> String {
        match self.left_out {
            None => format!("Spend, {}", self.day),
            Some(_) => format!("Spend, {}, for everybody", self.day),
        }
    }

    /// All that it says, for whoever prints it otherwise.
    pub fn sections(&self) -> Vec<Section> {
        page::sections(self)
    }

    /// What stands first.
    pub fn headline(&self) -> Headline {
        let days = self.act.days_left;
        let unit = if days == Some(1) { "day" } else { "days" };
        let number = days.map(|days| (days.to_string(), format!("{unit} of money")));
        Headline {
            number: number.unwrap_or_default(),
            note: self.act.money.clone(),
            text: self.act.text.clone(),
            now: self.act.now,
        }
    }

    /// One page that works without network and script.
    pub fn html(&self) -> String {
        document::html(&self.title(), &self.headline(), &page::sections(self))
    }

    /// For the notes of a meeting.
    pub fn markdown(&self) -> String {
        document::markdown(&self.title(), &self.headline(), &page::sections(self))
    }

    /// All figures as one table: section, item, measure, period, currency, value (RFC 4180).
    pub fn csv(&self) -> String {
        tidy::csv(&tidy::figures(&page::sections(self), self.day))
    }

    /// All that it says, for programs; amounts are texts, as numbers of JSON are read as floats.
    ///
    /// # Errors
    /// None in practice: every value of it can be written as JSON.
    pub fn json(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string_pretty(self).map(|text| text + "\n")
    }

    /// The table of [`Report::csv`] as Parquet, the values as `DECIMAL(38,18)`.
    ///
    /// # Errors
    /// What the writer says; into memory it has no reason to.
    pub fn parquet(&self) -> Result<Vec<u8>, ParquetError> {
        tidy::parquet(&tidy::figures(&page::sections(self), self.day))
    }
}
