//! The values that columns may have, and what they were called.

use std::borrow::Cow;

use crate::import::charges::CATEGORIES;
use crate::import::{ColumnIndex, Record};
use crate::{Cell, Column, Row};

/// The values of a column.
pub(super) struct Values {
    /// As they are written today.
    pub(super) now: &'static [&'static str],
    /// As they were written before, and today.
    older: &'static [(&'static str, &'static str)],
}

const CATEGORY: Values = Values {
    now: &CATEGORIES,
    older: &[],
};
const CLASS: Values = Values {
    now: &["Correction"],
    older: &[],
};
const FREQUENCY: Values = Values {
    now: &["One-Time", "Recurring", "Usage-Based"],
    older: &[],
};
const PRICING: Values = Values {
    now: &["Standard", "Dynamic", "Committed", "Other"],
    older: &[
        ("On-Demand", "Standard"),
        ("Commitment-Based", "Committed"),
        ("Commitment Based", "Committed"),
    ],
};
const COMMITMENT: Values = Values {
    now: &["Spend", "Usage"],
    older: &[],
};
const STATUS: Values = Values {
    now: &["Used", "Unused"],
    older: &[],
};

impl Values {
    /// The values of a column, if not every text is one. Categories of services are not among
    /// them: newer versions add to them, and no sum depends on them.
    pub(super) fn of(column: Column) -> Option<&'static Self> {
        Some(match column {
            Column::ChargeCategory => &CATEGORY,
            Column::ChargeClass => &CLASS,
            Column::ChargeFrequency => &FREQUENCY,
            Column::PricingCategory => &PRICING,
            Column::CommitmentDiscountCategory => &COMMITMENT,
            Column::CommitmentDiscountStatus | Column::CapacityReservationStatus => &STATUS,
            _ => return None,
        })
    }

    /// A value as it is written today, and what was put right about it.
    pub(super) fn find(&self, text: &str) -> Option<(&'static str, Option<&'static str>)> {
        if let Some(value) = self.now.iter().find(|value| **value == text) {
            return Some((value, None));
        }
        let same = |value: &str| value.eq_ignore_ascii_case(text);
        if let Some((_, value)) = self.older.iter().find(|(older, _)| same(older)) {
            return Some((value, Some("older-value")));
        }
        let value = self.now.iter().find(|value| same(value))?;
        Some((value, Some("case")))
    }
}

/// Takes from the subcategory of 1.0's preview what 1.0 says elsewhere.
pub(super) fn from_subcategory(record: &Record<'_>, index: ColumnIndex, row: &mut Row<'_>) {
    let (column, value) = match record.text(index) {
        Some("Used Commitment") => (Column::CommitmentDiscountStatus, "Used"),
        Some("Unused Commitment") => (Column::CommitmentDiscountStatus, "Unused"),
        Some("Credit") => (Column::ChargeCategory, "Credit"),
        Some("Refund") => (Column::ChargeClass, "Correction"),
        _ => return,
    };
    if *row.get(column) == Cell::Null || column == Column::ChargeCategory {
        row.set(column, Cell::Text(Cow::Borrowed(value)));
        record.mend("older-value");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_older_value_and_another_case_are_put_right() {
        assert_eq!(PRICING.find("Committed"), Some(("Committed", None)));
        assert_eq!(
            PRICING.find("On-Demand"),
            Some(("Standard", Some("older-value")))
        );
        assert_eq!(
            FREQUENCY.find("Usage-based"),
            Some(("Usage-Based", Some("case")))
        );
        assert_eq!(CATEGORY.find("Refund"), None);
        assert!(Values::of(Column::ServiceCategory).is_none());
    }
}
