//! Whose a charge is.

use base::Digest;
use jiff::civil::Date;

use crate::cells::{Category, UNALLOCATED};

/// What rules may look at of a charge; empty texts where it has none.
#[derive(Debug, Clone, Copy)]
pub struct Charge<'a> {
    /// `ProviderName`.
    pub provider: &'a str,
    /// `BillingAccountId`.
    pub account: &'a str,
    /// `SubAccountId`.
    pub sub_account: &'a str,
    /// `ServiceName`: the vendor's.
    pub vendor_service: &'a str,
    /// `SkuId`.
    pub sku: &'a str,
    /// `ResourceId`.
    pub resource: &'a str,
    /// `Tags`, as JSON.
    pub tags: &'a str,
    /// `ChargeCategory`.
    pub category: Category,
}

/// Which parts of a charge the rules look at, so that nothing else is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[allow(clippy::struct_excessive_bools)] // One a column.
pub struct Looks {
    /// At `SkuId`.
    pub sku: bool,
    /// At `ResourceId`.
    pub resource: bool,
    /// At `Tags`.
    pub tags: bool,
    /// At `ServiceName`.
    pub vendor_service: bool,
    /// At `ChargeCategory`.
    pub category: bool,
}

/// Whose a charge is, by names; empty texts where no rule says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Whose {
    /// A group of the estate, `pool/NAME`, or [`UNALLOCATED`].
    pub owner: String,
    /// A service of the estate.
    pub service: String,
    /// What it was decided to be paid for.
    pub funding: String,
}

impl Default for Whose {
    fn default() -> Self {
        Self {
            owner: UNALLOCATED.to_owned(),
            service: String::new(),
            funding: String::new(),
        }
    }
}

/// Whose a charge is, day by day: owners change, and what was stays.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resolution {
    /// Whose it is from each day on; the first has no day, and the days rise.
    pub steps: Vec<(Option<Date>, Whose)>,
}

impl Resolution {
    /// Whose it is on a day.
    pub fn on(&self, day: Date) -> &Whose {
        let begun = |(from, _): &&(Option<Date>, Whose)| from.is_none_or(|from| from <= day);
        let (_, whose) = self
            .steps
            .iter()
            .rev()
            .find(begun)
            .expect("the first step has no day");
        whose
    }
}

/// The rules of an estate that say whose a charge is, ready to be asked.
#[derive(Debug)]
pub struct Ownership {}

impl Ownership {
    /// No rules: all is unallocated.
    pub fn nobody() -> Self {
        Self {}
    }

    /// Of the rules as they are asked: sums that are kept are those of one digest.
    pub fn digest(&self) -> Digest {
        Digest::of(b"")
    }

    /// Which parts of a charge the rules look at.
    pub fn looks(&self) -> Looks {
        Looks::default()
    }

    /// Whose such a charge is.
    pub fn resolve(&self, _charge: &Charge<'_>) -> Resolution {
        Resolution {
            steps: vec![(None, Whose::default())],
        }
    }
}
