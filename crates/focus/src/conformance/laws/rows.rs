//! Laws that each row keeps or breaks by itself.

use base::Severity;
use serde_json::Value;

use super::{Holds, Law, Row, RowLaw};
use crate::conformance::cells::is_placeholder;
use crate::conformance::formats;
use crate::{Column, ColumnType};

use Column as C;

const ERROR: Severity = Severity::Error;
const WARNING: Severity = Severity::Warning;

pub(in super::super) const ROWS: &[RowLaw] = &[
    each(
        "null-is-null",
        ERROR,
        "a value that is missing is null, not a word for it",
        &["NullHandling-A-001-C", "NullHandling-A-002-M"],
        |row, column| row.raw(column).is_none_or(|text| !is_placeholder(text)),
    ),
    each(
        "text-is-not-blank",
        WARNING,
        "a text is not of spaces alone",
        &["StringHandling-A-007-O", "StringHandling-A-001-M"],
        |row, column| row.raw(column).is_none_or(|text| !text.trim().is_empty()),
    ),
    each(
        "number-form",
        ERROR,
        "a number has digits, one point, a minus and an exponent without plus, and nothing else",
        &[
            "NumericFormat-A-002-M",
            "NumericFormat-A-003-M",
            "NumericFormat-A-004-M",
            "NumericFormat-A-005-M",
            "NumericFormat-A-006-M",
            "NumericFormat-A-007-M",
            "NumericFormat-A-008-M",
            "NumericFormat-A-009-M",
            "NumericFormat-A-010-M",
            "NumericFormat-A-011-M",
            "ConsumedQuantity-C-008-C",
            "CommitmentDiscountQuantity-C-009-M",
        ],
        |row, column| {
            column.holds() != ColumnType::Decimal
                || !row.has(column)
                || row.number(column).is_some()
        },
    ),
    each(
        "instant-form",
        ERROR,
        "an instant is in UTC and written like 2025-01-02T03:04:05Z",
        &[
            "DateTimeFormat-A-001-M",
            "DateTimeFormat-A-002-M",
            "DateTimeFormat-A-004-M",
            "DateTimeFormat-A-005-M",
            "DateTimeFormat-A-006-M",
        ],
        |row, column| {
            column.holds() != ColumnType::Instant
                || row.text(column).is_none_or(formats::is_instant)
        },
    ),
    each(
        "currency-form",
        ERROR,
        "a currency is a code of ISO 4217 in capitals, or the name of a virtual one",
        &["CurrencyFormat-A-001-C", "CurrencyFormat-A-002-C"],
        |row, column| {
            !matches!(column, C::BillingCurrency | C::PricingCurrency)
                || row.text(column).is_none_or(formats::is_currency)
        },
    ),
    each(
        "key-values-form",
        ERROR,
        "tags and details are one JSON object each, with different keys and plain values",
        &[
            "KeyValueFormat-A-001-M",
            "KeyValueFormat-A-002-M",
            "KeyValueFormat-A-003-M",
            "KeyValueFormat-A-004-M",
        ],
        |row, column| {
            !matches!(column, C::Tags | C::SkuPriceDetails)
                || row.text(column).is_none_or(formats::is_key_values)
        },
    ),
    law(
        "valueless-tag-is-true",
        &[C::Tags],
        WARNING,
        "a tag that has no value is true",
        &["Tags-C-008-M", "Tags-C-006-M"],
        |row| values(row, C::Tags).is_none_or(|pairs| pairs.iter().all(|(_, value)| value != "")),
    ),
    law(
        "detail-key-form",
        &[C::SkuPriceDetails],
        WARNING,
        "a key of SKU price details is in Pascal case, one of the provider's after x_",
        &["SkuPriceDetails-C-002-O", "SkuPriceDetails-C-017-C"],
        |row| {
            values(row, C::SkuPriceDetails).is_none_or(|pairs| {
                pairs
                    .iter()
                    .all(|(key, _)| formats::is_pascal_case(key.strip_prefix("x_").unwrap_or(key)))
            })
        },
    ),
    law(
        "billing-period-forward",
        &[C::BillingPeriodStart, C::BillingPeriodEnd],
        ERROR,
        "a billing period ends after it begins",
        &["BillingPeriodStart-C-004-M", "BillingPeriodEnd-C-004-M"],
        |row| forward(row, C::BillingPeriodStart, C::BillingPeriodEnd),
    ),
    law(
        "charge-period-forward",
        &[C::ChargePeriodStart, C::ChargePeriodEnd],
        ERROR,
        "a charge period ends after it begins",
        &["ChargePeriodStart-C-004-M", "ChargePeriodEnd-C-004-M"],
        |row| forward(row, C::ChargePeriodStart, C::ChargePeriodEnd),
    ),
    law(
        "credit-costs-agree",
        &[C::ChargeCategory, C::BilledCost, C::EffectiveCost],
        ERROR,
        "all costs of a credit are its billed cost",
        &[
            "EffectiveCost-C-010-C",
            "ContractedCost-C-008-C",
            "ListCost-C-008-C",
            "DiscountHandling-A-020-C",
        ],
        |row| {
            !row.is(C::ChargeCategory, "Credit") || {
                let billed = row.number(C::BilledCost);
                [C::EffectiveCost, C::ListCost, C::ContractedCost]
                    .into_iter()
                    .all(|cost| !row.has(cost) || row.number(cost) == billed)
            }
        },
    ),
    law(
        "contracted-cost-is-product",
        &[
            C::ContractedUnitPrice,
            C::PricingQuantity,
            C::ContractedCost,
        ],
        ERROR,
        "the contracted unit price times the pricing quantity is the contracted cost",
        &["ContractedCost-C-009-C", "PricingQuantity-C-009-C"],
        |row| product(row, C::ContractedUnitPrice, C::ContractedCost),
    ),
    law(
        "list-cost-is-product",
        &[C::ListUnitPrice, C::PricingQuantity, C::ListCost],
        ERROR,
        "the list unit price times the pricing quantity is the list cost",
        &["PricingQuantity-C-009-C"],
        |row| product(row, C::ListUnitPrice, C::ListCost),
    ),
    law(
        "commitment-has-id",
        &[C::CommitmentDiscountId, C::CommitmentDiscountStatus],
        ERROR,
        "a charge that a commitment covers names it",
        &[
            "CommitmentDiscountId-C-005-C",
            "DiscountHandling-A-006-C",
            "DiscountHandling-A-015-C",
        ],
        |row| !row.has(C::CommitmentDiscountStatus) || row.has(C::CommitmentDiscountId),
    ),
    law(
        "commitment-without-id",
        &[C::CommitmentDiscountId],
        ERROR,
        "what names no commitment says nothing of one",
        &["CommitmentDiscountId-C-004-C"],
        |row| {
            row.has(C::CommitmentDiscountId)
                || [
                    C::CommitmentDiscountName,
                    C::CommitmentDiscountType,
                    C::CommitmentDiscountCategory,
                ]
                .into_iter()
                .all(|column| !row.has(column))
        },
    ),
    law(
        "commitment-status-is-usage",
        &[C::CommitmentDiscountStatus, C::ChargeCategory],
        ERROR,
        "what is used or unused of a commitment is Usage",
        &["DiscountHandling-A-014-C", "DiscountHandling-A-018-C"],
        |row| !row.has(C::CommitmentDiscountStatus) || row.is(C::ChargeCategory, "Usage"),
    ),
    law(
        "unused-is-of-the-commitment",
        &[
            C::CommitmentDiscountStatus,
            C::CommitmentDiscountId,
            C::ResourceId,
        ],
        ERROR,
        "the resource of what is unused of a commitment is the commitment",
        &["DiscountHandling-A-019-C", "DiscountHandling-A-012-C"],
        |row| {
            !row.is(C::CommitmentDiscountStatus, "Unused")
                || row.text(C::ResourceId) == row.text(C::CommitmentDiscountId)
        },
    ),
    law(
        "used-has-resource",
        &[C::CommitmentDiscountStatus, C::ResourceId],
        WARNING,
        "what is used of a commitment names the resource that used it",
        &["DiscountHandling-A-016-C"],
        |row| !row.is(C::CommitmentDiscountStatus, "Used") || row.has(C::ResourceId),
    ),
    law(
        "committed-is-purchase-or-usage",
        &[
            C::CommitmentDiscountId,
            C::CommitmentDiscountStatus,
            C::ChargeCategory,
        ],
        WARNING,
        "a charge of a commitment that is neither used nor unused is its purchase",
        &["DiscountHandling-A-013-C"],
        |row| {
            !row.has(C::CommitmentDiscountId)
                || row.has(C::CommitmentDiscountStatus)
                || !row.is(C::ChargeCategory, "Usage")
                || row.is(C::ChargeClass, "Correction")
        },
    ),
    law(
        "purchase-has-no-effective-cost",
        &[C::CommitmentDiscountId, C::ChargeCategory, C::EffectiveCost],
        ERROR,
        "the purchase of a commitment has no effective cost: its use has",
        &[
            "PricingCurrencyEffectiveCost-C-005-M",
            "DiscountHandling-A-010-C",
        ],
        |row| {
            !(row.has(C::CommitmentDiscountId) && row.is(C::ChargeCategory, "Purchase"))
                || row
                    .number(C::EffectiveCost)
                    .is_none_or(base::Decimal::is_zero)
        },
    ),
    law(
        "committed-pricing",
        &[C::PricingCategory, C::CommitmentDiscountStatus],
        ERROR,
        "what a commitment covers is priced as Committed",
        &["PricingCategory-C-009-C"],
        |row| !row.has(C::CommitmentDiscountStatus) || row.is(C::PricingCategory, "Committed"),
    ),
    law(
        "pricing-currency-price-null",
        &[C::PricingCurrencyContractedUnitPrice, C::ChargeCategory],
        ERROR,
        "a tax has no unit price, and usage and purchases have one that is not below zero",
        &[
            "PricingCurrencyContractedUnitPrice-C-004-C",
            "PricingCurrencyContractedUnitPrice-C-005-C",
            "PricingCurrencyContractedUnitPrice-C-008-C",
        ],
        pricing_currency_price,
    ),
    law(
        "resource-name-needs-id",
        &[C::ResourceId, C::ResourceName],
        ERROR,
        "a resource that has a name has an id",
        &["ResourceName-C-004-C", "ResourceId-C-005-C"],
        |row| row.has(C::ResourceId) || !row.has(C::ResourceName),
    ),
    law(
        "sub-account-name-needs-id",
        &[C::SubAccountId, C::SubAccountName],
        ERROR,
        "a sub-account that has a name has an id",
        &["SubAccountId-C-005-C"],
        |row| row.has(C::SubAccountId) || !row.has(C::SubAccountName),
    ),
    law(
        "region-name-needs-id",
        &[C::RegionId, C::RegionName],
        ERROR,
        "a region that has a name has an id",
        &["RegionId-C-004-C"],
        |row| row.has(C::RegionId) || !row.has(C::RegionName),
    ),
    law(
        "reservation-needs-id",
        &[C::CapacityReservationId, C::CapacityReservationStatus],
        ERROR,
        "what a capacity reservation covers names it",
        &[
            "CapacityReservationId-C-006-C",
            "CapacityReservationId-C-004-C",
        ],
        |row| row.has(C::CapacityReservationId) || !row.has(C::CapacityReservationStatus),
    ),
];

const fn law(
    id: &'static str,
    columns: &'static [Column],
    severity: Severity,
    words: &'static str,
    covers: &'static [&'static str],
    holds: fn(&mut Row<'_, '_>) -> bool,
) -> RowLaw {
    RowLaw {
        law: Law {
            id,
            columns,
            severity,
            words,
            covers,
        },
        holds: Holds::Of(holds),
    }
}

/// A law of each column by itself.
const fn each(
    id: &'static str,
    severity: Severity,
    words: &'static str,
    covers: &'static [&'static str],
    holds: fn(&mut Row<'_, '_>, Column) -> bool,
) -> RowLaw {
    RowLaw {
        law: Law {
            id,
            columns: &[],
            severity,
            words,
            covers,
        },
        holds: Holds::OfEach(holds),
    }
}

fn values(row: &Row<'_, '_>, column: Column) -> Option<Vec<(String, Value)>> {
    formats::pairs(row.text(column)?)
}

fn forward(row: &mut Row<'_, '_>, start: Column, end: Column) -> bool {
    let instant = |column| row.text(column)?.parse::<jiff::Timestamp>().ok();
    match (instant(start), instant(end)) {
        (Some(start), Some(end)) => start < end,
        _ => true,
    }
}

/// Corrections may have prices, quantities and costs that do not agree.
fn product(row: &mut Row<'_, '_>, price: Column, cost: Column) -> bool {
    if row.is(C::ChargeClass, "Correction") {
        return true;
    }
    let digits = row.text(cost).map_or(0, formats::digits_behind_the_point);
    match (
        row.number(price),
        row.number(C::PricingQuantity),
        row.number(cost),
    ) {
        (Some(price), Some(quantity), Some(cost)) => {
            formats::is_product(price, quantity, cost, digits)
        }
        _ => true,
    }
}

fn pricing_currency_price(row: &mut Row<'_, '_>) -> bool {
    const PRICE: Column = C::PricingCurrencyContractedUnitPrice;
    let negative = row.number(PRICE).is_some_and(base::Decimal::is_negative);
    match row.text(C::ChargeCategory) {
        Some("Tax") => !row.has(PRICE),
        Some("Usage" | "Purchase") if !row.is(C::ChargeClass, "Correction") => {
            row.has(PRICE) && !negative
        }
        _ => !negative,
    }
}
