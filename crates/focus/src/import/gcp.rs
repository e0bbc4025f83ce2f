//! Google Cloud's billing export, standard and detailed, as `BigQuery` gives it: nested in JSON
//! lines or Parquet, or flattened to CSV with lists as JSON.
//!
//! What is payable is `cost` plus all `credits`. Most credits are a price: a discount that
//! belongs to the charge, and is folded into it. A promotion is a payment, and becomes a charge
//! of the category Credit (Cloud Billing documentation, *Structure of the standard data export*).
//! `invoice.month` is a month in Pacific time; the times of use are UTC.

mod credits;
mod services;

use std::borrow::Cow;

use base::{Decimal, Month};
use jiff::Timestamp;

use self::credits::{Credit, Sort};
use super::categories::Categories;
use super::charges::no_value;
use super::columns::{Columns, Named, Over, set_constants, set_costs};
use super::listed::{number, objects};
use super::tags::Tags;
use super::{Charges, ColumnIndex, Container, Format, Importer, Input, Options, Record, period};
use crate::{Cell, Column, Problem, Row, codes};

const PROVIDER: &str = "Google Cloud";

const TEXTS: &[Named] = &[
    (Column::BillingAccountId, &["billing_account_id"]),
    (Column::SubAccountId, &["project_id"]),
    (Column::SubAccountName, &["project_name"]),
    (Column::SkuId, &["sku_id"]),
    (Column::ChargeDescription, &["sku_description"]),
    (Column::BillingCurrency, &["currency"]),
    (Column::AvailabilityZone, &["location_zone"]),
    (Column::RegionName, &["location_location"]),
    (Column::PublisherName, &["seller_name"]),
    (Column::ConsumedUnit, &["usage_unit"]),
    (Column::PricingUnit, &["usage_pricing_unit"]),
    (Column::ResourceId, &["resource_global_name"]),
    (Column::ResourceName, &["resource_name"]),
];

const CONSTANTS: &[(Column, &str)] = &[
    (Column::ProviderName, PROVIDER),
    (Column::PublisherName, PROVIDER),
    (Column::InvoiceIssuerName, PROVIDER),
];

/// Structs that are null in some records: as columns they hold nothing.
const STRUCTS: [&str; 12] = [
    "service",
    "sku",
    "project",
    "location",
    "usage",
    "invoice",
    "adjustment_info",
    "resource",
    "price",
    "subscription",
    "consumption_model",
    "seller",
];

/// What there is when a list has been taken apart into rows, each with the whole cost.
const UNNESTED: [&str; 6] = [
    "credits_amount",
    "labels_key",
    "project_labels_key",
    "system_labels_key",
    "tags_key",
    "project_ancestors_resource_name",
];

struct Gcp {
    categories: Categories,
    over: Over,
    /// `cost`, and whether it is in millionths.
    cost: (ColumnIndex, bool),
    list: Option<ColumnIndex>,
    credits: Option<ColumnIndex>,
    credits_beside: Option<usize>,
    cost_type: Option<ColumnIndex>,
    month: Option<ColumnIndex>,
    /// Whether whoever imports the file says which month bills it.
    month_given: bool,
    start: ColumnIndex,
    end: Option<ColumnIndex>,
    service: (Option<ColumnIndex>, Option<ColumnIndex>),
    region: Option<ColumnIndex>,
    quantities: Vec<(Column, ColumnIndex)>,
    /// Lists of keys and values, each with its prefix where a key is another list's already.
    labels: Vec<(&'static str, ColumnIndex)>,
}

/// `service.description` and `service_description` are one.
fn key(name: &str) -> String {
    name.to_ascii_lowercase().replace(['.', ' '], "_")
}

/// Finds the columns of a file.
pub(super) fn open(
    _format: Format,
    input: &mut Input,
    options: &Options,
) -> Result<Box<dyn Importer>, Vec<Problem>> {
    let is_csv = input.container() == Container::Csv;
    let mut columns = Columns::of(input, key)?;
    let credits = credits_column(&columns, is_csv)?;
    columns.texts(TEXTS);
    for name in STRUCTS {
        columns.take(&[name]);
    }
    let cost = cost(&mut columns)?;
    let Some(start) = columns.take_as(Column::ChargePeriodStart, &["usage_start_time"]) else {
        let message = "there is no column `usage_start_time`";
        return Err(vec![columns.problem(message, "export it too")]);
    };
    let end = columns.take_as(Column::ChargePeriodEnd, &["usage_end_time"]);
    let service = (
        columns.look("service_id"),
        columns.take_as(Column::ServiceName, &["service_description"]),
    );
    let quantity = [
        (Column::ConsumedQuantity, "usage_amount"),
        (Column::PricingQuantity, "usage_amount_in_pricing_units"),
        (Column::ContractedUnitPrice, "price_effective_price"),
    ];
    let labels = [
        ("label:", columns.take(&["labels"])),
        ("project:", columns.take(&["project_labels"])),
        // Beside the charge as well: who inherits them from where is not in FOCUS.
        ("tag:", columns.look("tags")),
    ];
    let mut gcp = Gcp {
        categories: Categories::new(&[services::SERVICES, services::IDS]),
        cost,
        list: columns.take_as(Column::ListCost, &["cost_at_list"]),
        credits,
        credits_beside: None,
        cost_type: columns.take_as(Column::ChargeCategory, &["cost_type"]),
        month: columns.take_as(Column::BillingPeriodStart, &["invoice_month"]),
        month_given: period::is_given(options),
        start,
        end,
        service,
        region: columns.take_as(Column::RegionId, &["location_region"]),
        quantities: quantity
            .into_iter()
            .filter_map(|(column, name)| Some((column, columns.take_as(column, &[name])?)))
            .collect(),
        labels: labels
            .into_iter()
            .filter_map(|(prefix, index)| Some((prefix, index?)))
            .collect(),
        over: Over::default(),
    };
    gcp.over = columns.end(&["x_CostType", "x_CreditType", "x_CreditId"]);
    gcp.credits_beside = gcp.over.beside("x_credits");
    Ok(Box::new(gcp))
}

/// Where the credits are. Without them the bill would be too high, and with each in a row of its
/// own too high as well.
fn credits_column(columns: &Columns, is_csv: bool) -> Result<Option<ColumnIndex>, Vec<Problem>> {
    if let Some(name) = UNNESTED.iter().find(|name| columns.look(name).is_some()) {
        let message = format!(
            "the column `{name}` says that a list was taken apart: its charge would count once for each item"
        );
        let help = "export the table as it is, with lists as JSON, or as JSON lines";
        return Err(vec![columns.problem(message, help)]);
    }
    let credits = columns.look("credits");
    if is_csv && credits.is_none() {
        let message =
            "there is no column `credits`, without which discounts and promotions are not seen";
        return Err(vec![columns.problem(message, "export it too, as JSON")]);
    }
    Ok(credits)
}

/// The cost: in the currency, or in millionths of it.
fn cost(columns: &mut Columns) -> Result<(ColumnIndex, bool), Vec<Problem>> {
    if let Some(index) = columns.take_as(Column::BilledCost, &["cost"]) {
        return Ok((index, false));
    }
    let micros = ["cost_micros", "cost_in_micros", "cost_amount_micros"];
    let found = columns.take_as(Column::BilledCost, &micros);
    found
        .map(|index| (index, true))
        .ok_or_else(|| vec![columns.problem("there is no column `cost`", "export it too")])
}

impl Importer for Gcp {
    fn extra(&self) -> &[String] {
        self.over.extra()
    }

    fn written_as(&self, column: Column) -> Option<&str> {
        self.over.written_as(column)
    }

    fn record(&mut self, record: &Record<'_>, charges: &mut Charges<'_>) -> Result<(), Problem> {
        let cost = self.amount(record)?;
        let credits = if let Some(index) = self.credits {
            credits(record, index)?
        } else {
            record.mend("no-credits");
            Vec::new()
        };
        let mut row = self.common(record)?;
        let grants: Vec<&Credit<'_>> = credits
            .iter()
            .filter(|credit| credit.sort == Sort::Grant)
            .collect();
        let templates = (!grants.is_empty()).then(|| row.clone());
        self.charge(record, &mut row, cost, &credits)?;
        charges.give(record, &mut row)?;
        let Some(template) = templates else {
            return Ok(());
        };
        for credit in grants {
            let mut row = template.clone();
            self.credit(&mut row, credit);
            charges.give(record, &mut row)?;
        }
        Ok(())
    }
}

impl Gcp {
    fn amount(&self, record: &Record<'_>) -> Result<Option<Decimal>, Problem> {
        let (index, micros) = self.cost;
        let Some(text) = record.text(index) else {
            return Ok(None);
        };
        let mut amount = number(record, index, text)?;
        if micros {
            amount = in_units(record, index, amount)?;
        }
        credits::honest(record, index, amount).map(Some)
    }

    /// What the charge and its credits have in common.
    fn common<'r>(&self, record: &Record<'r>) -> Result<Row<'r>, Problem> {
        let mut row = Row::default();
        self.over.fill(record, &mut row)?;
        let (id, name) = self.service;
        let text = |index: Option<ColumnIndex>| index.and_then(|index| record.text(index));
        let (id, name) = (text(id), text(name));
        row.set_text(Column::ServiceName, name.or(id).unwrap_or_default());
        let category = self
            .categories
            .first(&[name.unwrap_or_default(), id.unwrap_or_default()]);
        row.set_text(Column::ServiceCategory, category);
        set_constants(&mut row, CONSTANTS);
        if *row.get(Column::ResourceId) == Cell::Null {
            let name = row.get(Column::ResourceName).clone();
            row.set(Column::ResourceId, name);
        }
        if *row.get(Column::SubAccountId) != Cell::Null {
            row.set_text(Column::SubAccountType, "Project");
        }
        // A multi-region has a location and no region.
        let region = text(self.region).map_or_else(
            || row.get(Column::RegionName).clone(),
            |region| Cell::Text(Cow::Borrowed(region)),
        );
        row.set(Column::RegionId, region);
        self.times(record, &mut row)?;
        let mut tags = Tags::default();
        for (prefix, index) in &self.labels {
            for label in objects(record, *index)? {
                let Some(key) = label.text("key") else {
                    continue;
                };
                let value = label.text("value");
                // A key is another one where another organisation or project has made it.
                let prefix = match label.text("namespace") {
                    Some(namespace) => Cow::Owned(format!("{prefix}{namespace}/")),
                    None => Cow::Borrowed(*prefix),
                };
                tags.add(record, *index, &prefix, &key, value.as_deref())?;
            }
        }
        tags.set(&mut row);
        Ok(row)
    }

    fn times(&self, record: &Record<'_>, row: &mut Row<'_>) -> Result<(), Problem> {
        let start = record.instant(self.start)?;
        if let Some(start) = start {
            row.set(Column::ChargePeriodStart, Cell::Instant(start));
        }
        if let Some(end) = self.end
            && let Some(end) = record.instant(end)?
        {
            row.set(Column::ChargePeriodEnd, Cell::Instant(end));
        }
        if let Some(month) = self.month(record)? {
            period::set_pacific_month(row, month);
        } else if let Some(start) = start
            && !self.month_given
        {
            record.mend("invoice-month");
            period::set_pacific_month(row, period::pacific_month(start));
        }
        Ok(())
    }

    fn month(&self, record: &Record<'_>) -> Result<Option<Month>, Problem> {
        let Some(index) = self.month else {
            return Ok(None);
        };
        let Some(text) = record.text(index) else {
            return Ok(None);
        };
        let month = (text.len() == 6)
            .then(|| Some((text.get(..4)?.parse().ok()?, text.get(4..)?.parse().ok()?)))
            .flatten()
            .and_then(|(year, month)| Month::new(year, month));
        month.map(Some).ok_or_else(|| {
            record.problem(
                Some(index),
                &codes::BILL_INSTANT,
                format!("`{}` is no month", super::input::record::short(text)),
                "Google writes March 2025 as 202503",
            )
        })
    }

    /// The charge itself, with the credits that are a price.
    fn charge<'r>(
        &self,
        record: &Record<'r>,
        row: &mut Row<'r>,
        cost: Option<Decimal>,
        credits: &[Credit<'_>],
    ) -> Result<(), Problem> {
        let Some(cost) = cost else {
            return Ok(());
        };
        let sum = |sort: Sort| -> Decimal {
            let of_sort = credits.iter().filter(|credit| credit.sort == sort);
            of_sort.map(|credit| credit.amount).sum()
        };
        let (price, commitment) = (sum(Sort::Price), sum(Sort::Commitment));
        if credits.iter().any(|credit| credit.sort != Sort::Grant) {
            record.mend("credits-folded");
        }
        set_costs(row, cost + price + commitment);
        let kind = self
            .cost_type
            .and_then(|index| record.text(index))
            .unwrap_or("regular");
        row.extra[0] = Cow::Owned(kind.to_owned());
        let category = match kind {
            "regular" => "Usage",
            "tax" => "Tax",
            "adjustment" | "rounding_error" => "Adjustment",
            other => {
                let known = ["regular", "tax", "adjustment", "rounding_error"];
                let (code, message) = no_value(other, &known);
                let help = "look up the type in Google's documentation of the export";
                return Err(record.problem(self.cost_type, code, message, help));
            }
        };
        row.set_text(Column::ChargeCategory, category);
        if kind == "adjustment" && is_late(row) {
            row.set_text(Column::ChargeClass, "Correction");
        }
        if kind != "regular" {
            return Ok(());
        }
        row.set_text(Column::ChargeFrequency, "Usage-Based");
        row.set(Column::ContractedCost, Cell::Number(cost + price));
        let list = match self.list {
            Some(index) => record.text(index).map(|text| number(record, index, text)),
            None => None,
        };
        row.set(
            Column::ListCost,
            list.transpose()?.map_or(Cell::Null, Cell::Number),
        );
        for (column, index) in &self.quantities {
            if let Some(text) = record.text(*index) {
                let number = number(record, *index, text)?;
                row.set(*column, Cell::Number(number));
            }
        }
        Ok(())
    }

    /// A grant that pays for the charge.
    fn credit<'r>(&self, row: &mut Row<'r>, credit: &Credit<'r>) {
        set_costs(row, credit.amount);
        row.set_text(Column::ChargeCategory, "Credit");
        row.set_text(Column::ChargeDescription, credit.name.clone());
        for column in [Column::ConsumedUnit, Column::PricingUnit] {
            row.set(column, Cell::Null);
        }
        row.extra[1].clone_from(&credit.kind);
        row.extra[2].clone_from(&credit.id);
        if let Some(place) = self.credits_beside {
            row.extra[place] = Cow::Borrowed(credit.raw);
        }
    }
}

fn credits<'r>(record: &Record<'r>, index: ColumnIndex) -> Result<Vec<Credit<'r>>, Problem> {
    let list = objects(record, index)?;
    let read = |object| Credit::read(record, index, &object);
    list.into_iter().map(read).collect()
}

/// Whether a charge was incurred before the month that bills it began.
fn is_late(row: &Row<'_>) -> bool {
    let instant = |column: Column| -> Option<Timestamp> { row.get(column).instant() };
    instant(Column::ChargePeriodStart) < instant(Column::BillingPeriodStart)
}

/// Millionths of a currency in the currency.
fn in_units(
    record: &Record<'_>,
    index: ColumnIndex,
    millionths: Decimal,
) -> Result<Decimal, Problem> {
    let units = millionths
        .over(Decimal::whole(1_000_000))
        .filter(|units| units.exact);
    units.map(|units| units.value).ok_or_else(|| {
        record.problem(
            Some(index),
            &codes::BILL_NUMBER,
            format!("{millionths} millionths have more than 18 digits after the point"),
            "export the column `cost` instead",
        )
    })
}
