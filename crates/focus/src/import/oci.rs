//! Oracle Cloud's cost report.
//!
//! Times are minutes without seconds, in UTC. A correction is a row of its own that names the
//! row which it corrects (`lineItem/backreferenceNo`), for the interval in which that was used.
//! The report does not say which month bills a row: the month of its use is taken, and noted.

use super::categories::{Categories, Table};
use super::columns::{Columns, Named, Over, set_constants};
use super::tags::Tags;
use super::{Charges, ColumnIndex, Format, Importer, Input, Options, Record, period};
use crate::{Cell, Column, Problem, Row};

const TEXTS: &[Named] = &[
    (Column::SubAccountId, &["product/compartmentId"]),
    (Column::SubAccountName, &["product/compartmentName"]),
    (Column::ServiceName, &["product/service"]),
    (Column::RegionId, &["product/region"]),
    (Column::AvailabilityZone, &["product/availabilityDomain"]),
    (Column::ResourceId, &["product/resourceId"]),
    (Column::SkuId, &["cost/productSku"]),
    (Column::ChargeDescription, &["product/Description"]),
    (Column::BillingCurrency, &["cost/currencyCode"]),
    (Column::PricingUnit, &["cost/billingUnitReadable"]),
    (Column::SkuMeter, &["cost/skuUnitDescription"]),
];

const NUMBERS: &[Named] = &[
    (Column::ContractedUnitPrice, &["cost/unitPrice"]),
    (Column::PricingQuantity, &["usage/billedQuantity"]),
];

const CONSTANTS: &[(Column, &str)] = &[
    (Column::ProviderName, "Oracle"),
    (Column::PublisherName, "Oracle"),
    (Column::InvoiceIssuerName, "Oracle"),
    (Column::ChargeCategory, "Usage"),
    (Column::ChargeFrequency, "Usage-Based"),
];

/// Services by their word in the report (`product/service`).
const SERVICES: Table = &[
    (
        "Compute",
        &["COMPUTE", "CONTAINER_INSTANCES", "FUNCTIONS", "OKE"],
    ),
    (
        "Databases",
        &[
            "ADW",
            "ATP",
            "AUTONOMOUS_DATABASE",
            "DATABASE",
            "MYSQL",
            "NOSQL",
            "POSTGRESQL",
        ],
    ),
    (
        "Integration",
        &["API_GATEWAY", "EVENTS", "INTEGRATION", "STREAMING"],
    ),
    (
        "Management and Governance",
        &[
            "AUDIT",
            "LOGGING",
            "MONITORING",
            "NOTIFICATIONS",
            "TELEMETRY",
        ],
    ),
    (
        "Networking",
        &[
            "DNS",
            "FASTCONNECT",
            "LBAAS",
            "LOAD_BALANCER",
            "NETWORK",
            "VPN",
        ],
    ),
    ("Security", &["CLOUD_GUARD", "KMS", "VAULT", "WAF"]),
    (
        "Storage",
        &[
            "ARCHIVE_STORAGE",
            "BLOCK_STORAGE",
            "FILE_STORAGE",
            "FSS",
            "OBJECTSTORE",
            "OBJECT_STORAGE",
        ],
    ),
];

struct Oci {
    categories: Categories,
    over: Over,
    cost: ColumnIndex,
    start: Option<ColumnIndex>,
    end: Option<ColumnIndex>,
    period_given: bool,
    subscription: Option<ColumnIndex>,
    tenant: Option<ColumnIndex>,
    correction: Option<ColumnIndex>,
    tags: Vec<(String, ColumnIndex)>,
}

/// Finds the columns of a file.
pub(super) fn open(
    _format: Format,
    input: &mut Input,
    options: &Options,
) -> Result<Box<dyn Importer>, Vec<Problem>> {
    let mut columns = Columns::of(input, str::to_owned)?;
    let Some(cost) = columns.take_as(Column::BilledCost, &["cost/myCost"]) else {
        let help = "take the cost report: the usage report says only how much was used";
        return Err(vec![
            columns.problem("there is no column `cost/myCost`", help),
        ]);
    };
    columns.texts(TEXTS);
    columns.numbers(NUMBERS);
    let start = ["lineItem/intervalUsageStart"];
    let oci = Oci {
        categories: Categories::new(&[SERVICES]),
        cost,
        start: columns.need(Column::ChargePeriodStart, &start, options)?,
        end: columns.take_as(Column::ChargePeriodEnd, &["lineItem/intervalUsageEnd"]),
        period_given: period::is_given(options),
        subscription: columns.look("cost/subscriptionId"),
        tenant: columns.look("lineItem/tenantId"),
        correction: columns.look("lineItem/isCorrection"),
        tags: columns.below("tags/"),
        over: columns.end(&[]),
    };
    Ok(Box::new(oci))
}

impl Importer for Oci {
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
        // Who pays is the subscription; a tenancy without one pays itself.
        let accounts = [self.subscription, self.tenant];
        let account = accounts
            .into_iter()
            .flatten()
            .find_map(|index| record.text(index));
        row.set_text(Column::BillingAccountId, account.unwrap_or_default());
        if *row.get(Column::SubAccountId) != Cell::Null {
            row.set_text(Column::SubAccountType, "Compartment");
        }
        let service = row.get(Column::ServiceName).text().unwrap_or_default();
        row.set_text(Column::ServiceCategory, self.categories.of(service));
        self.times(record, &mut row)?;
        if let Some(cost) = record.money(self.cost)? {
            for column in [
                Column::BilledCost,
                Column::EffectiveCost,
                Column::ContractedCost,
            ] {
                row.set(column, Cell::Number(cost));
            }
        }
        let quantity = row.get(Column::PricingQuantity).clone();
        row.set(Column::ConsumedQuantity, quantity);
        let unit = row.get(Column::PricingUnit).clone();
        row.set(Column::ConsumedUnit, unit);
        self.correction(record, &mut row)?;
        let mut tags = Tags::default();
        for (key, index) in &self.tags {
            if let Some(value) = record.text(*index) {
                tags.add(record, *index, "", key, Some(value))?;
            }
        }
        tags.set(&mut row);
        charges.give(record, &mut row)
    }
}

impl Oci {
    fn times(&self, record: &Record<'_>, row: &mut Row<'_>) -> Result<(), Problem> {
        let instant = |index: Option<ColumnIndex>| match index {
            Some(index) => record.instant(index),
            None => Ok(None),
        };
        if let Some(end) = instant(self.end)? {
            row.set(Column::ChargePeriodEnd, Cell::Instant(end));
        }
        let Some(start) = instant(self.start)? else {
            return Ok(());
        };
        row.set(Column::ChargePeriodStart, Cell::Instant(start));
        if !self.period_given {
            record.mend("billing-period");
            period::set_month_of(row, start);
        }
        Ok(())
    }

    fn correction(&self, record: &Record<'_>, row: &mut Row<'_>) -> Result<(), Problem> {
        let Some((index, text)) = self.correction.and_then(|it| Some((it, record.text(it)?)))
        else {
            return Ok(());
        };
        match text.to_ascii_lowercase().as_str() {
            "false" => Ok(()),
            "true" => {
                row.set_text(Column::ChargeClass, "Correction");
                Ok(())
            }
            _ => {
                let (code, message) = super::charges::no_value(text, &["true", "false"]);
                Err(record.problem(Some(index), code, message, "write one of them"))
            }
        }
    }
}
