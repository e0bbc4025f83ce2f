//! What charges can be grouped by.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use focus::Column;

/// What charges are grouped and chosen by.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Dimension {
    /// The day on which it was incurred, in UTC.
    Day,
    /// The month in which it was incurred, in UTC.
    Month,
    /// The month in which it is billed.
    BilledMonth,
    /// `ProviderName`; in files of FOCUS 1.4 without it, `ServiceProviderName`.
    Provider,
    /// `BillingAccountId`.
    Account,
    /// `SubAccountId`.
    SubAccount,
    /// `ServiceName`: the vendor's, not the estate's.
    VendorService,
    /// `ServiceCategory`.
    ServiceCategory,
    /// `RegionId`.
    Region,
    /// `SkuId`.
    Sku,
    /// `SkuMeter`, else `ChargeDescription`, else `SkuId`: what was paid for, in words.
    Meter,
    /// `ResourceId`.
    Resource,
    /// `ChargeCategory`.
    Category,
    /// `ChargeClass`: `Correction` or none.
    Class,
    /// What a credit is called: `ChargeDescription` of a charge of the category Credit.
    Credit,
    /// `PricingCategory`.
    Pricing,
    /// `CommitmentDiscountStatus`: `Used`, `Unused` or none.
    Commitment,
    /// `CommitmentDiscountId`.
    CommitmentId,
    /// `BillingCurrency`.
    Currency,
    /// Whose it is, by the estate's rules: a group, `pool/NAME` or `(unallocated)`.
    Owner,
    /// The estate's service that it is for.
    Service,
    /// What it was decided to be paid for.
    Funding,
    /// The value of a tag; none where the charge has no such tag.
    Tag(String),
    /// A column beyond FOCUS, with its `x_`.
    Extra(String),
}

/// What a tag's dimension begins with.
const TAG: &str = "tag:";

impl Dimension {
    /// All that have a fixed name, in the order in which they are explained.
    pub const NAMED: [(Self, &'static str); 22] = [
        (Self::Day, "day"),
        (Self::Month, "month"),
        (Self::BilledMonth, "billed-month"),
        (Self::Provider, "provider"),
        (Self::Account, "account"),
        (Self::SubAccount, "sub-account"),
        (Self::VendorService, "vendor-service"),
        (Self::ServiceCategory, "service-category"),
        (Self::Region, "region"),
        (Self::Sku, "sku"),
        (Self::Meter, "meter"),
        (Self::Resource, "resource"),
        (Self::Category, "category"),
        (Self::Class, "class"),
        (Self::Credit, "credit"),
        (Self::Pricing, "pricing"),
        (Self::Commitment, "commitment"),
        (Self::CommitmentId, "commitment-id"),
        (Self::Currency, "currency"),
        (Self::Owner, "owner"),
        (Self::Service, "service"),
        (Self::Funding, "funding"),
    ];

    /// Its name as a question has it: `sub-account`, `tag:env`, `x_Team`.
    pub fn name(&self) -> Cow<'_, str> {
        match self {
            Self::Tag(key) => Cow::Owned(format!("{TAG}{key}")),
            Self::Extra(name) => Cow::Borrowed(name),
            named => Cow::Borrowed(
                Self::NAMED
                    .iter()
                    .find(|(dimension, _)| dimension == named)
                    .map_or("", |(_, name)| name),
            ),
        }
    }

    /// The column of FOCUS that alone decides it, if one does.
    pub fn column(&self) -> Option<Column> {
        Some(match self {
            Self::Day | Self::Month => Column::ChargePeriodStart,
            Self::BilledMonth => Column::BillingPeriodStart,
            Self::Provider => Column::ProviderName,
            Self::Account => Column::BillingAccountId,
            Self::SubAccount => Column::SubAccountId,
            Self::VendorService => Column::ServiceName,
            Self::ServiceCategory => Column::ServiceCategory,
            Self::Region => Column::RegionId,
            Self::Sku => Column::SkuId,
            Self::Resource => Column::ResourceId,
            Self::Category => Column::ChargeCategory,
            Self::Class => Column::ChargeClass,
            Self::Pricing => Column::PricingCategory,
            Self::Commitment => Column::CommitmentDiscountStatus,
            Self::CommitmentId => Column::CommitmentDiscountId,
            Self::Currency => Column::BillingCurrency,
            Self::Tag(_) => Column::Tags,
            Self::Meter
            | Self::Credit
            | Self::Owner
            | Self::Service
            | Self::Funding
            | Self::Extra(_) => return None,
        })
    }

    /// Whether its values are days or months, not texts.
    pub fn is_time(&self) -> bool {
        matches!(self, Self::Day | Self::Month | Self::BilledMonth)
    }
}

impl fmt::Display for Dimension {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.name())
    }
}

/// A text names nothing that charges can be grouped by.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("charges cannot be grouped by `{written}`{}", hint(.written))]
pub struct NotADimension {
    /// What was written.
    pub written: String,
}

fn hint(written: &str) -> String {
    // What FOCUS calls it is a good guess.
    let spelled = Dimension::NAMED.iter().find(|(dimension, _)| {
        let column = dimension.column().filter(|_| *dimension != Dimension::Day);
        column.is_some_and(|column| column.name().eq_ignore_ascii_case(written))
    });
    if let Some((_, name)) = spelled {
        return format!("; it is called `{name}` here");
    }
    let names = Dimension::NAMED.iter().map(|(_, name)| *name);
    if let Some(near) = base::nearest(written, names.clone()) {
        return format!("; did you mean `{near}`?");
    }
    let names: Vec<&str> = names.collect();
    format!(
        "; there are {}, tag:KEY, and the file's columns that begin with x_",
        names.join(", ")
    )
}

impl FromStr for Dimension {
    type Err = NotADimension;

    fn from_str(text: &str) -> Result<Self, NotADimension> {
        let refused = || NotADimension {
            written: base::visible(text),
        };
        if let Some(key) = text.strip_prefix(TAG) {
            return (!key.is_empty())
                .then(|| Self::Tag(key.to_owned()))
                .ok_or_else(refused);
        }
        if text.len() > 2 && text.starts_with("x_") {
            return Ok(Self::Extra(text.to_owned()));
        }
        let named = Self::NAMED.iter().find(|(_, name)| *name == text);
        named
            .map(|(dimension, _)| dimension.clone())
            .ok_or_else(refused)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_dimension_is_read_as_it_is_written() {
        let named = Dimension::NAMED.into_iter().map(|(dimension, _)| dimension);
        let open = [
            Dimension::Tag("example.org/cluster".to_owned()),
            Dimension::Extra("x_Team".to_owned()),
        ];
        for dimension in named.chain(open) {
            assert_eq!(dimension.to_string().parse(), Ok(dimension));
        }
    }

    #[test]
    fn a_slip_names_what_was_meant() {
        let said = |text: &str| text.parse::<Dimension>().unwrap_err().to_string();
        assert!(said("onwer").ends_with("did you mean `owner`?"));
        assert!(said("SubAccountId").ends_with("it is called `sub-account` here"));
        assert!(said("colour").contains("there are day, month, billed-month"));
        assert!(said("tag:").contains("`tag:`"));
    }
}
