//! The credits of Google Cloud, and which of them are a price.

use std::borrow::Cow;

use base::Decimal;

use super::super::input::record::{is_too_much, short};
use crate::import::listed::{Object, number};
use crate::import::{ColumnIndex, Record};
use crate::{Problem, codes};

/// What a credit is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sort {
    /// A discount that belongs to the price of the charge.
    Price,
    /// A discount for having promised to use or to spend so much.
    Commitment,
    /// A payment out of what Google granted.
    Grant,
}

/// One credit of a charge.
pub(super) struct Credit<'r> {
    pub(super) sort: Sort,
    /// What is added to the cost, nearly always below nothing.
    pub(super) amount: Decimal,
    pub(super) kind: Cow<'r, str>,
    pub(super) id: Cow<'r, str>,
    pub(super) name: Cow<'r, str>,
    /// All of it, as the file writes it.
    pub(super) raw: &'r str,
}

/// What a type of credits is (`credits.type` in Google's documentation of the export); nothing
/// for what is not documented.
fn sort(kind: &str) -> Option<Sort> {
    Some(match kind {
        "COMMITTED_USAGE_DISCOUNT"
        | "COMMITTED_USAGE_DISCOUNT_DOLLAR_BASE"
        | "FEE_UTILIZATION_OFFSET" => Sort::Commitment,
        "SUSTAINED_USAGE_DISCOUNT"
        | "DISCOUNT"
        | "FREE_TIER"
        | "SUBSCRIPTION_BENEFIT"
        | "RESELLER_MARGIN" => Sort::Price,
        "PROMOTION" => Sort::Grant,
        _ => return None,
    })
}

impl<'r> Credit<'r> {
    /// Reads a credit. One of an unknown type is taken for a grant, so that what it takes away
    /// is seen, and this is noted.
    pub(super) fn read(
        record: &Record<'r>,
        index: ColumnIndex,
        object: &Object<'r>,
    ) -> Result<Self, Problem> {
        let kind = object.text("type").unwrap_or_default();
        let sort = sort(&kind).unwrap_or_else(|| {
            record.mend("credit-type");
            Sort::Grant
        });
        let Some(text) = object.text("amount") else {
            return Err(record.problem(
                Some(index),
                &codes::BILL_MISSING,
                format!("a credit has no amount: {}", short(object.raw())),
                "export `credits` with all that is in it",
            ));
        };
        let amount = honest(record, index, number(record, index, &text)?)?;
        let text = |name: &str| object.text(name);
        let id = text("id").unwrap_or_default();
        let name = text("full_name").or_else(|| text("name"));
        Ok(Self {
            sort,
            amount,
            name: name.unwrap_or_else(|| {
                if id.is_empty() {
                    kind.clone()
                } else {
                    id.clone()
                }
            }),
            kind,
            id,
            raw: object.raw(),
        })
    }
}

/// Refuses an amount that no bill has, before it is added to others.
pub(super) fn honest(
    record: &Record<'_>,
    index: ColumnIndex,
    amount: Decimal,
) -> Result<Decimal, Problem> {
    if !is_too_much(amount) {
        return Ok(amount);
    }
    Err(record.problem(
        Some(index),
        &codes::BILL_NUMBER,
        format!("an amount of {amount} is no honest one: it must be less than 10^12"),
        "look whether amounts are in millionths or in another currency",
    ))
}
