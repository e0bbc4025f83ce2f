//! `DigitalOcean`'s invoice items, from its API as JSON or from the invoice as CSV.
//!
//! They do not say whose account it is: that is given when they are imported. Amounts are US
//! dollars, which is all that `DigitalOcean` bills in. An item belongs to the invoice of the
//! month in which it begins, which is noted.

use std::borrow::Cow;

use super::categories::{Categories, Table};
use super::columns::{Columns, Named, Over, set_constants, set_costs};
use super::{Charges, ColumnIndex, Format, Importer, Input, Numbers, Options, Record, period};
use crate::{Cell, Column, Problem, Row};

const PROVIDER: &str = "DigitalOcean";

const TEXTS: &[Named] = &[
    (
        Column::BillingAccountId,
        &["account", "account_uuid", "team_uuid"],
    ),
    (Column::BillingCurrency, &["currency"]),
    (Column::InvoiceId, &["invoice_uuid", "invoice_id"]),
    (Column::ServiceName, &["product"]),
    (Column::ChargeDescription, &["description"]),
    (Column::ResourceId, &["resource_uuid", "resource_id"]),
    (Column::SubAccountId, &["project_id", "project_name"]),
    (Column::ConsumedUnit, &["duration_unit"]),
];

const NUMBERS: &[Named] = &[(Column::ConsumedQuantity, &["duration", "hours"])];

const CONSTANTS: &[(Column, &str)] = &[
    (Column::ProviderName, PROVIDER),
    (Column::PublisherName, PROVIDER),
    (Column::InvoiceIssuerName, PROVIDER),
    (Column::BillingCurrency, "USD"),
];

/// Products by their name.
const PRODUCTS: Table = &[
    ("AI and Machine Learning", &["GenAI Platform", "Gradient"]),
    (
        "Compute",
        &[
            "App Platform",
            "Container Registry",
            "Droplets",
            "Functions",
            "GPU Droplets",
        ],
    ),
    ("Databases", &["Database Clusters", "Managed Databases"]),
    (
        "Management and Governance",
        &["Monitoring", "Support", "Uptime"],
    ),
    (
        "Networking",
        &[
            "Bandwidth",
            "CDN",
            "Floating IPs",
            "Load Balancers",
            "Reserved IPs",
            "VPC",
        ],
    ),
    (
        "Storage",
        &[
            "Backups",
            "Droplet Backups",
            "Droplet Snapshots",
            "Snapshots",
            "Spaces",
            "Spaces Subscription",
            "Volume Snapshots",
            "Volumes",
        ],
    ),
];

struct DigitalOcean {
    categories: Categories,
    over: Over,
    amount: ColumnIndex,
    start: Option<ColumnIndex>,
    end: Option<ColumnIndex>,
    project: Option<ColumnIndex>,
    category: Option<ColumnIndex>,
    hours: bool,
    period_given: bool,
}

/// Finds the columns of a file.
pub(super) fn open(
    _format: Format,
    input: &mut Input,
    options: &Options,
) -> Result<Box<dyn Importer>, Vec<Problem>> {
    // The CSV has `$48.00` in the column `USD`.
    input.read_as(options.dates, Numbers::Spreadsheet);
    let mut columns = Columns::of(input, str::to_ascii_lowercase)?;
    let Some(amount) = columns.take_as(Column::BilledCost, &["amount", "usd"]) else {
        return Err(vec![
            columns.problem("there is no column `amount`", "export it too"),
        ]);
    };
    columns.need(Column::BillingAccountId, TEXTS[0].1, options)?;
    columns.texts(TEXTS);
    columns.numbers(NUMBERS);
    let ocean = DigitalOcean {
        categories: Categories::new(&[PRODUCTS]),
        amount,
        start: columns.need(Column::ChargePeriodStart, &["start_time", "start"], options)?,
        end: columns.take_as(Column::ChargePeriodEnd, &["end_time", "end"]),
        project: columns.take_as(Column::SubAccountName, &["project_name"]),
        category: columns.look("category"),
        hours: columns.look("hours").is_some(),
        period_given: period::is_given(options),
        over: columns.end(&[]),
    };
    Ok(Box::new(ocean))
}

impl Importer for DigitalOcean {
    fn extra(&self) -> &[String] {
        self.over.extra()
    }

    fn written_as(&self, column: Column) -> Option<&str> {
        self.over.written_as(column)
    }

    fn record(&mut self, record: &Record<'_>, charges: &mut Charges<'_>) -> Result<(), Problem> {
        let mut row = Row::default();
        self.over.fill(record, &mut row)?;
        set_constants(&mut row, CONSTANTS);
        if self.hours && *row.get(Column::ConsumedQuantity) != Cell::Null {
            row.set_text(Column::ConsumedUnit, "Hours");
        }
        if let Some(project) = self.project.and_then(|index| record.text(index)) {
            row.set_text(Column::SubAccountName, project);
            row.set_text(Column::SubAccountType, "Project");
        }
        self.times(record, &mut row)?;
        if let Some(amount) = record.money(self.amount)? {
            set_costs(&mut row, amount);
        }
        let product = row.get(Column::ServiceName).text().unwrap_or_default();
        let category = self.category.and_then(|index| record.text(index));
        let kind = kind(product, category.unwrap_or_default());
        let service = self.categories.of(product);
        row.set(Column::ChargeCategory, Cell::Text(Cow::Borrowed(kind)));
        row.set(Column::ServiceCategory, Cell::Text(Cow::Borrowed(service)));
        if kind == "Usage" {
            row.set_text(Column::ChargeFrequency, "Usage-Based");
            // Only what was paid is known, not what it would have cost others.
            row.set(Column::ListCost, Cell::Null);
        }
        charges.give(record, &mut row)
    }
}

impl DigitalOcean {
    fn times(&self, record: &Record<'_>, row: &mut Row<'_>) -> Result<(), Problem> {
        let instant = |index: Option<ColumnIndex>| match index {
            Some(index) => record.instant(index),
            None => Ok(None),
        };
        if let Some(end) = instant(self.end)? {
            row.set(Column::ChargePeriodEnd, Cell::Instant(end));
        }
        if let Some(start) = instant(self.start)? {
            row.set(Column::ChargePeriodStart, Cell::Instant(start));
            if !self.period_given {
                record.mend("billing-period");
                period::set_month_of(row, start);
            }
        }
        Ok(())
    }
}

/// What kind of charge an item is, by its product and its category.
fn kind(product: &str, category: &str) -> &'static str {
    let is = |word: &str| {
        [product, category]
            .iter()
            .any(|text| text.to_ascii_lowercase().contains(word))
    };
    if category.eq_ignore_ascii_case("taxes") || product.eq_ignore_ascii_case("taxes") {
        "Tax"
    } else if is("credit") {
        "Credit"
    } else if is("adjustment") {
        "Adjustment"
    } else {
        "Usage"
    }
}
