//! Laws of the names of columns (Column Handling).

use base::Severity;

use super::Law;
use crate::Column;
use crate::conformance::formats::is_pascal_case;

/// A law that the columns' names keep or break.
pub(in super::super) struct HeaderLaw {
    pub(in super::super) law: Law,
    /// The names that break it.
    pub(in super::super) broken: fn(&[String]) -> Vec<String>,
}

/// Names of columns that FOCUS had, or has in another version, and that are therefore no custom ones.
const FORMER: &[&str] = &[
    "AmortizedCost",
    "ChargeType",
    "Region",
    "UsageQuantity",
    "UsageUnit",
    "Provider",
    "Publisher",
    "InvoiceIssuer",
    "ChargeSubcategory",
];

pub(in super::super) const HEADER: &[HeaderLaw] = &[
    HeaderLaw {
        law: law(
            "custom-column-prefix",
            Severity::Error,
            "a column that is not FOCUS's begins with x_",
            &["ColumnHandling-A-010-M"],
        ),
        broken: |columns| {
            let custom = columns.iter().filter(|name| !name.starts_with("x_"));
            custom
                .filter(|name| Column::named(name).is_none() && !FORMER.contains(&name.as_str()))
                .cloned()
                .collect()
        },
    },
    HeaderLaw {
        law: law(
            "column-name-form",
            Severity::Error,
            "a column's id is in Pascal case, of letters and digits",
            &["ColumnHandling-A-001-M", "ColumnHandling-A-003-M"],
        ),
        broken: |columns| {
            let own = columns.iter().filter(|name| !name.starts_with("x_"));
            own.filter(|name| !is_pascal_case(name)).cloned().collect()
        },
    },
    HeaderLaw {
        law: law(
            "custom-column-form",
            Severity::Warning,
            "what follows the x_ of a custom column is in Pascal case too, of letters and digits",
            &["ColumnHandling-A-011-O"],
        ),
        broken: |columns| {
            let bare = |name: &str| {
                name.strip_prefix("x_")
                    .is_some_and(|name| !is_pascal_case(name))
            };
            columns.iter().filter(|name| bare(name)).cloned().collect()
        },
    },
    HeaderLaw {
        law: law(
            "column-name-length",
            Severity::Warning,
            "a column's id has at most 50 characters",
            &["ColumnHandling-A-005-O"],
        ),
        broken: |columns| {
            columns
                .iter()
                .filter(|name| name.chars().count() > 50)
                .cloned()
                .collect()
        },
    },
    HeaderLaw {
        law: law(
            "custom-columns-last",
            Severity::Warning,
            "FOCUS's columns come first, custom ones after them",
            &[
                "ColumnHandling-A-012-O",
                "ColumnHandling-A-013-O",
                "ColumnHandling-A-014-O",
            ],
        ),
        broken: |columns| {
            let first = columns
                .iter()
                .position(|name| Column::named(name).is_none());
            let after = columns.iter().skip(first.unwrap_or(columns.len()));
            after
                .filter(|name| Column::named(name).is_some())
                .take(1)
                .cloned()
                .collect()
        },
    },
    HeaderLaw {
        law: law(
            "column-twice",
            Severity::Error,
            "a column stands in a file once",
            &[],
        ),
        broken: |columns| {
            let mut sorted: Vec<&String> = columns.iter().collect();
            sorted.sort_unstable();
            sorted
                .windows(2)
                .filter(|two| two[0] == two[1])
                .map(|two| two[0].clone())
                .collect()
        },
    },
];

const fn law(
    id: &'static str,
    severity: Severity,
    words: &'static str,
    covers: &'static [&'static str],
) -> Law {
    Law {
        id,
        columns: &[],
        severity,
        words,
        covers,
    }
}
