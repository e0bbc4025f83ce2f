//! What was spent: by owner, service, provider, month and resource.

use base::{Decimal, Month};
use serde::Serialize;

use crate::outlook::Costs;
use crate::pools::Unshared;

/// What something costs before grants pay for it, and after.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Cost {
    /// Before grants pay for it: the effective cost of all but credits.
    pub gross: Decimal,
    /// After: the effective cost of all. Nothing where it is not shown to everybody.
    pub net: Option<Decimal>,
    /// What grants paid: what credits took away. Nothing where it is not shown to everybody.
    pub drawn: Option<Decimal>,
}

impl From<Costs> for Cost {
    fn from(costs: Costs) -> Self {
        Self {
            gross: costs.gross,
            net: Some(costs.net),
            drawn: Some(costs.drawn),
        }
    }
}

impl Cost {
    /// Without what credits do.
    pub(in crate::report) fn only_gross(self) -> Self {
        Self {
            gross: self.gross,
            net: None,
            drawn: None,
        }
    }
}

/// Who spends.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Owners {
    /// What nobody owns first, then the largest first.
    pub rows: Vec<Owner>,
    /// What most of what nobody owns is, the largest first.
    pub unallocated: Vec<Contributor>,
    /// What stays in pools in the months of the last complete days, and why.
    pub unshared: Vec<Unshared>,
    /// By the services of the estate, the largest first; what is for none has an empty name.
    pub services: Vec<Owner>,
}

/// What one owner, or one service of the estate, costs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Owner {
    /// Who.
    pub name: String,
    /// What is its own, gross.
    pub own: Decimal,
    /// Its share of what is used together, gross; below nothing for a pool that is shared out.
    pub shared: Decimal,
    /// Both, gross.
    pub now: Decimal,
    /// Both in the days before.
    pub before: Decimal,
}

/// A part of what nobody owns.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Contributor {
    /// At which provider.
    pub provider: String,
    /// In which sub-account; empty for what is the account's own, and in the version for
    /// everybody.
    pub sub_account: String,
    /// Its gross cost.
    pub gross: Decimal,
    /// Who could claim it: the owners of what is most like it, the likeliest first.
    pub claimants: Vec<String>,
}

/// Where it is spent.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Providers {
    /// The largest first.
    pub rows: Vec<Provider>,
    /// The month of [`Providers::services`]: the last one that is complete.
    pub month: Option<Month>,
    /// By the vendors' services, the largest first; the rest of each provider is one row.
    pub services: Vec<VendorService>,
    /// The last months with charges, at most 24, the first first.
    pub months: Vec<MonthRow>,
}

/// What is spent at one provider.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Provider {
    /// Which.
    pub name: String,
    /// The last complete days.
    pub now: Cost,
    /// As many before.
    pub before: Cost,
}

/// What is spent on one service of a vendor in a month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct VendorService {
    /// At which provider.
    pub provider: String,
    /// As the vendor calls it; empty for the rest of the provider.
    pub service: String,
    /// Its gross cost.
    pub now: Decimal,
    /// That of the month before.
    pub before: Decimal,
}

/// What was spent in a month, by both ways of saying which month that is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MonthRow {
    /// The month.
    pub month: Month,
    /// Whether all days of it are complete.
    pub complete: bool,
    /// The gross cost that was incurred in it, in the order of [`Providers::rows`].
    pub gross: Vec<Decimal>,
    /// What was incurred in it.
    pub incurred: Cost,
    /// What is billed in it.
    pub billed: Cost,
}

/// What costs most in the last complete month, by resource and price.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Hotspots {
    /// The month in which it is billed.
    pub month: Option<Month>,
    /// The largest first.
    pub rows: Vec<Hotspot>,
    /// Those that were among the largest of the month before and cost another amount, the
    /// largest change first.
    pub movers: Vec<Hotspot>,
}

/// One resource by one price; in the version for everybody, one service of a vendor for one owner.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Hotspot {
    /// At which provider.
    pub provider: String,
    /// In which sub-account.
    pub sub_account: String,
    /// The vendor's service.
    pub service: String,
    /// What is priced.
    pub sku: String,
    /// What is used; empty where the bill does not say.
    pub resource: String,
    /// Whose it is.
    pub owner: String,
    /// Its gross cost.
    pub now: Decimal,
    /// That of the month before, if it was among the largest then.
    pub before: Option<Decimal>,
}
