//! AWS's Cost and Usage Report, with names like `lineItem/UnblendedCost`, as Athena reads it,
//! with names like `line_item_unblended_cost`, and CUR 2.0, which has those and maps.
//!
//! What a line item costs depends on its type ([`items`]); which columns there are varies by
//! month and by what an account uses.

mod items;
mod services;

use std::borrow::Cow;

use base::Decimal;
use jiff::SignedDuration;

use self::items::{Costs, Item, item};
use super::categories::Categories;
use super::charges::no_value;
use super::columns::{Columns, Named, Over, set_costs};
use super::input::record::short;
use super::listed::Object;
use super::tags::Tags;
use super::{Charges, ColumnIndex, Format, Importer, Input, Options, Record};
use crate::{Cell, Column, Problem, Row, codes};

const TEXTS: &[Named] = &[
    (Column::BillingAccountId, &["bill_payer_account_id"]),
    (Column::BillingAccountName, &["bill_payer_account_name"]),
    (Column::InvoiceId, &["bill_invoice_id"]),
    (Column::InvoiceIssuerName, &["bill_invoicing_entity"]),
    (Column::SubAccountId, &["line_item_usage_account_id"]),
    (Column::SubAccountName, &["line_item_usage_account_name"]),
    (Column::BillingCurrency, &["line_item_currency_code"]),
    (
        Column::ChargeDescription,
        &["line_item_line_item_description"],
    ),
    (Column::AvailabilityZone, &["line_item_availability_zone"]),
    (Column::ResourceId, &["line_item_resource_id"]),
    (Column::PublisherName, &["line_item_legal_entity"]),
    (Column::SkuMeter, &["line_item_usage_type"]),
    (Column::ConsumedUnit, &["pricing_unit"]),
    (Column::RegionId, &["product_region_code", "product_region"]),
    (Column::RegionName, &["product_location"]),
    (Column::ServiceName, &["product_product_name"]),
    (Column::SkuId, &["product_sku"]),
    (Column::SkuPriceId, &["pricing_rate_code"]),
];

/// What is looked up in CUR 2.0's map of a product where it has no column.
const OF_PRODUCT: &[(Column, &str)] = &[
    (Column::ServiceName, "product_name"),
    (Column::RegionId, "region"),
    (Column::RegionName, "location"),
    (Column::SkuId, "sku"),
];

const TIMES: &[(Column, &str)] = &[
    (Column::BillingPeriodStart, "bill_billing_period_start_date"),
    (Column::BillingPeriodEnd, "bill_billing_period_end_date"),
    (Column::ChargePeriodStart, "line_item_usage_start_date"),
    (Column::ChargePeriodEnd, "line_item_usage_end_date"),
];

struct Aws {
    categories: Categories,
    over: Over,
    kind: ColumnIndex,
    costs: Costs,
    list: Option<ColumnIndex>,
    term: Option<ColumnIndex>,
    code: Option<ColumnIndex>,
    amount: Option<ColumnIndex>,
    rate: Option<ColumnIndex>,
    savings_plan: Option<ColumnIndex>,
    times: Vec<(Column, ColumnIndex)>,
    product: Option<ColumnIndex>,
    tags: Tagged,
}

/// Where the tags are.
struct Tagged {
    map: Option<ColumnIndex>,
    columns: Vec<(String, ColumnIndex)>,
}

/// `lineItem/UnblendedCost` as `line_item_unblended_cost`, which is how Athena and CUR 2.0 call it.
fn key(name: &str) -> String {
    let mut key = String::with_capacity(name.len() + 8);
    let mut before = '_';
    for letter in name.chars() {
        if letter.is_ascii_uppercase() && before != '_' {
            key.push('_');
        }
        let plain = if matches!(letter, '/' | '.' | ' ') {
            '_'
        } else {
            letter.to_ascii_lowercase()
        };
        key.push(plain);
        before = plain;
    }
    key
}

/// Finds the columns of a file.
pub(super) fn open(
    _format: Format,
    input: &mut Input,
    options: &Options,
) -> Result<Box<dyn Importer>, Vec<Problem>> {
    let maps = ["resource_tags", "product", "cost_category", "discount"];
    input.keep_whole(&maps).map_err(|problem| vec![problem])?;
    let mut columns = Columns::of(input, key)?;
    let Some(kind) = columns.take_as(Column::ChargeCategory, &["line_item_line_item_type"]) else {
        let help = "export it too: what a line item costs depends on it";
        return Err(vec![
            columns.problem("there is no column `lineItem/LineItemType`", help),
        ]);
    };
    let costs = Costs::find(&mut columns)?;
    columns.texts(TEXTS);
    let mut times = Vec::with_capacity(TIMES.len());
    for (column, name) in TIMES {
        let is_start = matches!(
            column,
            Column::BillingPeriodStart | Column::ChargePeriodStart
        );
        let found = if is_start {
            columns.need(*column, &[name], options)?
        } else {
            columns.take_as(*column, &[name])
        };
        times.extend(found.map(|index| (*column, index)));
    }
    let mut tags = columns.below("resourceTags/");
    tags.extend(columns.below("resource_tags_"));
    let aws = Aws {
        categories: Categories::new(&[services::PRODUCTS]),
        kind,
        costs,
        list: columns.take_as(Column::ListCost, &["pricing_public_on_demand_cost"]),
        term: columns.look("pricing_term"),
        code: columns.look("line_item_product_code"),
        amount: columns.take_as(Column::ConsumedQuantity, &["line_item_usage_amount"]),
        rate: columns.take_as(Column::ListUnitPrice, &["pricing_public_on_demand_rate"]),
        savings_plan: columns.look("savings_plan_savings_plan_a_r_n"),
        times,
        product: columns.look("product"),
        tags: Tagged {
            map: columns.take(&["resource_tags"]),
            columns: tags,
        },
        over: columns.end(&["x_LineItemType"]),
    };
    Ok(Box::new(aws))
}

impl Importer for Aws {
    fn extra(&self) -> &[String] {
        self.over.extra()
    }

    fn written_as(&self, column: Column) -> Option<&str> {
        self.over.written_as(column)
    }

    fn record(&mut self, record: &Record<'_>, charges: &mut Charges<'_>) -> Result<(), Problem> {
        let kind = record.text(self.kind).unwrap_or_default();
        let Some(item) = item(kind) else {
            let known = [
                "Usage",
                "Tax",
                "Credit",
                "Refund",
                "Fee",
                "or another that AWS documents",
            ];
            let (code, message) = no_value(kind, &known);
            let help = "look up the line item type in AWS's documentation of the report";
            return Err(record.problem(Some(self.kind), code, message, help));
        };
        let mut row = Row::default();
        self.over.fill(record, &mut row)?;
        row.extra[0] = Cow::Borrowed(kind);
        self.times(record, &mut row)?;
        self.service(record, &mut row)?;
        self.costs(record, item, &mut row)?;
        self.commitment(record, item, &mut row);
        self.tags.set(record, &mut row)?;
        let unused = item.has_unused().then(|| unused(&mut row));
        charges.give(record, &mut row)?;
        match unused.flatten() {
            Some(mut unused) => charges.give(record, &mut unused),
            None => Ok(()),
        }
    }
}

/// Takes out of the fee of a commitment what of it nobody used, which in FOCUS is use of its own
/// (Commitment Discount Status): the fee is paid for all use, and has no effective cost itself.
fn unused<'r>(fee: &mut Row<'r>) -> Option<Row<'r>> {
    let cost = fee.get(Column::EffectiveCost).number()?;
    if cost.is_zero() {
        return None;
    }
    let mut row = fee.clone();
    fee.set(Column::EffectiveCost, Cell::Number(Decimal::ZERO));
    for column in [Column::BilledCost, Column::ListCost, Column::ContractedCost] {
        row.set(column, Cell::Number(Decimal::ZERO));
    }
    let id = row.get(Column::CommitmentDiscountId).clone();
    if id != Cell::Null {
        row.set(Column::ResourceId, id);
        row.set_text(Column::CommitmentDiscountStatus, "Unused");
    }
    for (column, text) in [
        (Column::ChargeCategory, "Usage"),
        (Column::ChargeFrequency, "Usage-Based"),
        (Column::PricingCategory, "Committed"),
    ] {
        row.set_text(column, text);
    }
    Some(row)
}

impl Aws {
    fn times(&self, record: &Record<'_>, row: &mut Row<'_>) -> Result<(), Problem> {
        for (column, index) in self.times.iter().copied() {
            let Some(mut instant) = record.instant(index)? else {
                continue;
            };
            // AWS ends fees with the last second of a month, FOCUS with the first after it.
            let is_end = matches!(column, Column::ChargePeriodEnd | Column::BillingPeriodEnd);
            if is_end && instant.as_second().rem_euclid(86_400) == 86_399 {
                record.mend("period-end");
                let next = instant.checked_add(SignedDuration::from_secs(1));
                instant = next.unwrap_or(instant);
            }
            row.set(column, Cell::Instant(instant));
        }
        Ok(())
    }

    fn service<'r>(&self, record: &Record<'r>, row: &mut Row<'r>) -> Result<(), Problem> {
        let code = self
            .code
            .and_then(|code| record.text(code))
            .unwrap_or_default();
        let product = self
            .product
            .and_then(|index| Some((index, record.text(index)?)));
        if let Some((index, text)) = product {
            let product = Object::parse(text).map_err(|error| {
                let why = error.to_string();
                let why = why.split(" at line ").next().unwrap_or(&why);
                record.problem(
                    Some(index),
                    &codes::BILL_JSON,
                    format!("`{}` is no object of JSON: {}", short(text), short(why)),
                    "export the column as it is",
                )
            })?;
            for (column, name) in OF_PRODUCT {
                if *row.get(*column) == Cell::Null
                    && let Some(text) = product.text(name)
                {
                    row.set(*column, Cell::Text(text));
                }
            }
        }
        if *row.get(Column::ServiceName) == Cell::Null {
            row.set_text(Column::ServiceName, code);
        }
        row.set_text(Column::ServiceCategory, self.categories.of(code));
        row.set_text(Column::ProviderName, "AWS");
        if *row.get(Column::SubAccountId) != Cell::Null {
            row.set_text(Column::SubAccountType, "Account");
        }
        Ok(())
    }

    fn costs(&self, record: &Record<'_>, item: Item, row: &mut Row<'_>) -> Result<(), Problem> {
        let Some(billed) = self.costs.billed(record, item)? else {
            return Ok(());
        };
        row.set_text(Column::ChargeCategory, item.category());
        if item == Item::Refund {
            row.set_text(Column::ChargeClass, "Correction");
        }
        if let Some(frequency) = item.frequency() {
            row.set_text(Column::ChargeFrequency, frequency);
        }
        if !item.is_usage() {
            set_costs(row, billed);
            let effective = self.costs.effective(record, item, billed)?;
            row.set(Column::EffectiveCost, Cell::Number(effective));
            if item == Item::SavingsPlanNegation {
                // It takes back what was billed, not what the use is worth without the plan.
                row.set(Column::ListCost, Cell::Number(Decimal::ZERO));
                row.set(Column::ContractedCost, Cell::Number(Decimal::ZERO));
            }
            return Ok(());
        }
        row.set(Column::BilledCost, Cell::Number(billed));
        let effective = self.costs.effective(record, item, billed)?;
        row.set(Column::EffectiveCost, Cell::Number(effective));
        if item != Item::DiscountedUsage {
            row.set(Column::ContractedCost, Cell::Number(billed));
        }
        let number = |index: Option<ColumnIndex>| match index {
            Some(index) => Ok(record.decimal(index)?.map_or(Cell::Null, Cell::Number)),
            None => Ok(Cell::Null),
        };
        row.set(Column::ListCost, number(self.list)?);
        row.set(Column::ListUnitPrice, number(self.rate)?);
        let amount = number(self.amount)?;
        row.set(Column::PricingQuantity, amount.clone());
        row.set(Column::ConsumedQuantity, amount);
        let unit = row.get(Column::ConsumedUnit).clone();
        row.set(Column::PricingUnit, unit);
        Ok(())
    }

    fn commitment<'r>(&self, record: &Record<'r>, item: Item, row: &mut Row<'r>) {
        let text = |index: Option<ColumnIndex>| index.and_then(|index| record.text(index));
        let by_term = match text(self.term) {
            Some("OnDemand") => "Standard",
            Some("Spot") => "Dynamic",
            Some("Reserved") => "Committed",
            _ => "",
        };
        let (used, plan) = match item {
            Item::SavingsPlanCovered | Item::SavingsPlanNegation => (true, true),
            Item::DiscountedUsage => (true, false),
            Item::SavingsPlanFee | Item::SavingsPlanUpfront => (false, true),
            Item::ReservationFee | Item::Fee => (false, false),
            _ => {
                row.set_text(Column::PricingCategory, by_term);
                return;
            }
        };
        let id = if plan {
            text(self.savings_plan)
        } else {
            self.costs.reservation(record)
        };
        let Some(id) = id else {
            return;
        };
        row.set_text(Column::CommitmentDiscountId, id);
        let (category, kind) = if plan {
            ("Spend", "Savings Plan")
        } else {
            ("Usage", "Reserved Instance")
        };
        row.set_text(Column::CommitmentDiscountCategory, category);
        row.set_text(Column::CommitmentDiscountType, kind);
        if used {
            row.set_text(Column::CommitmentDiscountStatus, "Used");
            row.set_text(Column::PricingCategory, "Committed");
        }
    }
}

impl Tagged {
    fn set(&self, record: &Record<'_>, row: &mut Row<'_>) -> Result<(), Problem> {
        if self.map.is_none() && self.columns.is_empty() {
            return Ok(());
        }
        let mut tags = Tags::default();
        if let Some(map) = self.map {
            tags.add_map(record, map, own)?;
        }
        for (name, index) in &self.columns {
            if let Some(value) = record.text(*index) {
                tags.add(record, *index, "user:", own(name), Some(value))?;
            }
        }
        tags.set(row);
        Ok(())
    }
}

/// A tag of the user without the word that says so; AWS's own tags keep theirs.
fn own(name: &str) -> &str {
    let own = name
        .strip_prefix("user:")
        .or_else(|| name.strip_prefix("user_"));
    own.unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::key;

    #[test]
    fn both_ways_of_writing_a_name_are_one() {
        for (old, new) in [
            ("lineItem/UnblendedCost", "line_item_unblended_cost"),
            ("lineItem/LineItemType", "line_item_line_item_type"),
            (
                "savingsPlan/SavingsPlanARN",
                "savings_plan_savings_plan_a_r_n",
            ),
            (
                "reservation/ReservationARN",
                "reservation_reservation_a_r_n",
            ),
            (
                "pricing/publicOnDemandCost",
                "pricing_public_on_demand_cost",
            ),
            ("product/regionCode", "product_region_code"),
            ("line_item_usage_type", "line_item_usage_type"),
        ] {
            assert_eq!(key(old), new);
        }
    }
}
