//! What must hold between the columns of a row, between rows, and of the names of columns, where
//! the requirements model has words and no check.

mod header;
mod rows;
mod terms;

use base::Severity;

use super::cells::Cells;
use super::verdicts::Tally;
use crate::Column;

pub(super) use header::HEADER;
pub(super) use rows::ROWS;
pub(super) use terms::Terms;

/// What a law is called, and which rules of the model of 1.2 it is the check of.
#[derive(Debug, Clone, Copy)]
pub(super) struct Law {
    /// Its stable id.
    pub(super) id: &'static str,
    /// The columns it looks at; it is not held against where one is missing.
    pub(super) columns: &'static [Column],
    pub(super) severity: Severity,
    pub(super) words: &'static str,
    /// The rules of the model, by their ids.
    pub(super) covers: &'static [&'static str],
}

/// A law that each row keeps or breaks by itself.
pub(super) struct RowLaw {
    pub(super) law: Law,
    pub(super) holds: Holds,
}

/// How a row is asked.
pub(super) enum Holds {
    /// As a whole.
    Of(fn(&mut Row<'_, '_>) -> bool),
    /// Column by column.
    OfEach(fn(&mut Row<'_, '_>, Column) -> bool),
}

impl RowLaw {
    /// What of a row breaks the law, with its values.
    pub(super) fn broken(&self, row: &mut Row<'_, '_>) -> Option<String> {
        match self.holds {
            Holds::Of(holds) => (!holds(row)).then(|| {
                let values = self.law.columns.iter();
                let values = values.map(|column| row.raw(*column).unwrap_or("null"));
                values.collect::<Vec<_>>().join(", ")
            }),
            Holds::OfEach(holds) => {
                let mut columns = Column::ALL.iter().copied();
                let column = columns.find(|column| !holds(row, *column))?;
                let value = row.raw(column).unwrap_or("null");
                Some(format!("{}: {value}", column.name()))
            }
        }
    }
}

/// A law that whatever one column holds, another is always the same for it.
pub(super) struct OneFor {
    pub(super) law: Law,
    /// Within what it holds: two that each give ids may give the same.
    pub(super) within: Column,
}

/// A row by FOCUS's columns.
pub(super) struct Row<'r, 'a> {
    pub(super) cells: &'r mut Cells<'a>,
    /// Where each column stands in the file; beyond its end where it has none.
    pub(super) places: &'r [usize; Column::COUNT],
}

impl Row<'_, '_> {
    pub(super) fn text(&self, column: Column) -> Option<&str> {
        self.cells.text(self.places[column as usize])
    }

    pub(super) fn raw(&self, column: Column) -> Option<&str> {
        self.cells.raw(self.places[column as usize])
    }

    pub(super) fn number(&mut self, column: Column) -> Option<base::Decimal> {
        self.cells.number(self.places[column as usize])
    }

    pub(super) fn is(&self, column: Column, text: &str) -> bool {
        self.text(column) == Some(text)
    }

    pub(super) fn has(&self, column: Column) -> bool {
        self.text(column).is_some()
    }
}

/// What came of a law.
pub(super) struct Judged {
    pub(super) law: Law,
    pub(super) tally: Tally,
}

/// Laws of the form "one of this for each of that".
pub(super) const ONE_FOR: &[OneFor] = &[
    one(
        "one-currency-an-invoice",
        &[Column::InvoiceId, Column::BillingCurrency],
        "an invoice has one currency",
        &[
            "BillingCurrency-C-005-M",
            "BilledCost-C-006-M",
            "EffectiveCost-C-006-M",
            "ListCost-C-005-M",
            "ContractedCost-C-005-M",
        ],
    ),
    one(
        "one-account-an-invoice",
        &[Column::InvoiceId, Column::BillingAccountId],
        "an invoice is of one billing account",
        &["InvoiceId-C-007-C"],
    ),
    one(
        "one-meter-a-sku",
        &[Column::SkuId, Column::SkuMeter],
        "a SKU has one meter",
        &["SkuMeter-C-006-O"],
    ),
    one(
        "one-description-a-price",
        &[Column::SkuPriceId, Column::SkuPriceDetails],
        "a SKU price has one set of details",
        &["SkuPriceDetails-C-007-M"],
    ),
    one(
        "one-unit-a-commitment",
        &[Column::CommitmentDiscountId, Column::CommitmentDiscountUnit],
        "a commitment has one unit",
        &["CommitmentDiscountUnit-C-008-M"],
    ),
    one(
        "one-category-a-commitment",
        &[
            Column::CommitmentDiscountId,
            Column::CommitmentDiscountCategory,
        ],
        "a commitment is one to spend or one to use",
        &["CommitmentDiscountId-C-007-M"],
    ),
    one(
        "one-type-a-billing-account",
        &[Column::BillingAccountId, Column::BillingAccountType],
        "a billing account has one type",
        &["BillingAccountType-C-006-M", "BillingAccountId-C-004-M"],
    ),
    one(
        "one-type-a-sub-account",
        &[Column::SubAccountId, Column::SubAccountType],
        "a sub-account has one type",
        &["SubAccountType-C-006-M"],
    ),
];

const fn one(
    id: &'static str,
    columns: &'static [Column],
    words: &'static str,
    covers: &'static [&'static str],
) -> OneFor {
    OneFor {
        law: Law {
            id,
            columns,
            severity: Severity::Warning,
            words,
            covers,
        },
        within: match columns {
            [Column::InvoiceId, ..] => Column::InvoiceIssuerName,
            _ => Column::ProviderName,
        },
    }
}
