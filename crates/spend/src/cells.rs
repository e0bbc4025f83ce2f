//! Sums of charges that are alike: what all reports are made of.

use std::collections::HashMap;
use std::ops::{Add, AddAssign};
use std::sync::Arc;

use base::{Currency, Decimal};
use focus::Month;
use jiff::civil::Date;
use serde::Serialize;

/// A text among [`Names`]; the first is the empty one, which means that there is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Name(pub u32);

impl Name {
    /// No text.
    pub const NONE: Self = Self(0);
}

/// The owner of what no rule gives to anybody.
pub const UNALLOCATED: &str = "(unallocated)";

/// Texts that occur many times, each kept once.
#[derive(Debug, Clone)]
pub struct Names {
    texts: Vec<Arc<str>>,
    places: HashMap<Arc<str>, Name>,
}

impl Default for Names {
    fn default() -> Self {
        let none: Arc<str> = Arc::from("");
        Self {
            texts: vec![Arc::clone(&none)],
            places: HashMap::from([(none, Name::NONE)]),
        }
    }
}

impl Names {
    /// The name of a text, given to it now if it had none.
    ///
    /// # Panics
    /// If there are 2^32 of them already, which is more than any memory holds.
    pub fn name(&mut self, text: &str) -> Name {
        if let Some(&name) = self.places.get(text) {
            return name;
        }
        let name = Name(u32::try_from(self.texts.len()).expect("fewer than 2^32 different texts"));
        let text: Arc<str> = Arc::from(text);
        self.texts.push(Arc::clone(&text));
        self.places.insert(text, name);
        name
    }

    /// The name of a text, if it has one.
    pub fn find(&self, text: &str) -> Option<Name> {
        self.places.get(text).copied()
    }

    /// The text of a name of these.
    pub fn text(&self, name: Name) -> &str {
        &self.texts[name.0 as usize]
    }
}

/// FOCUS's `ChargeCategory`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[allow(missing_docs)] // The specification's own words.
pub enum Category {
    Usage,
    Purchase,
    Tax,
    Credit,
    Adjustment,
}

/// FOCUS's `PricingCategory`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize)]
#[allow(missing_docs)] // The specification's own words.
pub enum Pricing {
    #[default]
    None,
    Standard,
    Dynamic,
    Committed,
    Other,
}

/// FOCUS's `CommitmentDiscountStatus`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize)]
#[allow(missing_docs)] // The specification's own words.
pub enum Commitment {
    #[default]
    None,
    Used,
    Unused,
}

/// What sort of charge it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Kind {
    /// Its category.
    pub category: Category,
    /// Whether it corrects what a closed bill had (`ChargeClass`).
    pub correction: bool,
    /// By what it was priced.
    pub pricing: Pricing,
    /// Whether it is of a commitment, and whether that was used.
    pub commitment: Commitment,
}

/// The four costs of FOCUS, summed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Amounts {
    /// `BilledCost`: what is invoiced.
    pub billed: Decimal,
    /// `EffectiveCost`: what it costs with what was paid ahead spread over its use.
    pub effective: Decimal,
    /// `ListCost`: at list prices.
    pub listed: Decimal,
    /// `ContractedCost`: at negotiated prices.
    pub contracted: Decimal,
}

impl Add for Amounts {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            billed: self.billed + other.billed,
            effective: self.effective + other.effective,
            listed: self.listed + other.listed,
            contracted: self.contracted + other.contracted,
        }
    }
}

impl AddAssign for Amounts {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

/// Whose a charge is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Attribution {
    /// A group of the estate by its name, `pool/NAME`, or [`UNALLOCATED`].
    pub owner: Name,
    /// The service of the estate that it is for, if a rule says so.
    pub service: Name,
    /// What it was decided to be paid for, if a rule says so: `funding/NAME`'s name.
    pub funding: Name,
}

/// The charges of one day that are alike, in one currency.
///
/// *Gross* is the effective cost of all but credits, *net* that of all, and what is *drawn* from
/// grants is what credits take away: three numbers that are never mixed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DayCell {
    /// The day on which it was incurred, in UTC.
    pub day: Date,
    /// The month in which it is billed.
    pub billed_in: Month,
    /// `ProviderName`.
    pub provider: Name,
    /// `BillingAccountId`.
    pub account: Name,
    /// `SubAccountId`.
    pub sub_account: Name,
    /// What a credit is called; none for all else.
    pub credit: Name,
    /// Whose it is.
    pub whose: Attribution,
    /// What sort of charge.
    pub kind: Kind,
    /// The currency of its amounts.
    pub currency: Currency,
    /// Their sums.
    pub amounts: Amounts,
    /// How many charges.
    pub rows: u64,
}

impl DayCell {
    /// What it costs before grants pay for it.
    pub fn gross(&self) -> Decimal {
        match self.kind.category {
            Category::Credit => Decimal::ZERO,
            _ => self.amounts.effective,
        }
    }

    /// What it costs after grants.
    pub fn net(&self) -> Decimal {
        self.amounts.effective
    }

    /// What it draws from grants; positive.
    pub fn drawn(&self) -> Decimal {
        self.gross() - self.net()
    }
}

/// The charges of one month that are alike, by the vendor's service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MonthCell {
    /// The month in which it was incurred, in UTC.
    pub month: Month,
    /// The month in which it is billed.
    pub billed_in: Month,
    /// `ProviderName`.
    pub provider: Name,
    /// `BillingAccountId`.
    pub account: Name,
    /// `SubAccountId`.
    pub sub_account: Name,
    /// `ServiceName`: the vendor's, not the estate's.
    pub vendor_service: Name,
    /// Whose it is.
    pub whose: Attribution,
    /// What sort of charge.
    pub kind: Kind,
    /// The currency of its amounts.
    pub currency: Currency,
    /// Their sums.
    pub amounts: Amounts,
    /// How many charges.
    pub rows: u64,
}

impl MonthCell {
    /// What it costs before grants pay for it.
    pub fn gross(&self) -> Decimal {
        match self.kind.category {
            Category::Credit => Decimal::ZERO,
            _ => self.amounts.effective,
        }
    }
}

/// What cost most in one month: one resource by one price, credits left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hotspot {
    /// The month in which it is billed.
    pub billed_in: Month,
    /// `ProviderName`.
    pub provider: Name,
    /// `SubAccountId`.
    pub sub_account: Name,
    /// `ServiceName`: the vendor's.
    pub vendor_service: Name,
    /// `SkuMeter`, else `ChargeDescription`, else `SkuId`.
    pub sku: Name,
    /// `ResourceId`.
    pub resource: Name,
    /// Whose it is.
    pub whose: Attribution,
    /// The currency of the amount.
    pub currency: Currency,
    /// Its gross cost.
    pub gross: Decimal,
}

/// All sums of a snapshot under the rules of one estate.
#[derive(Debug, Clone, Default)]
pub struct Cube {
    /// The texts of all its names.
    pub names: Names,
    /// By day; sorted.
    pub days: Vec<DayCell>,
    /// By month; sorted.
    pub months: Vec<MonthCell>,
    /// The largest of each month and provider; sorted, the largest first.
    pub hotspots: Vec<Hotspot>,
}
