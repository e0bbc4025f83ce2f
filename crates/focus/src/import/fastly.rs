//! Fastly's invoices and month-to-date bills with their line items, as its billing API gives
//! them (`transaction_line_items`), or the line items alone as a table.
//!
//! Amounts are read from the digits of the JSON. A line item that takes away, with a coupon or as
//! a credit, is a payment, and becomes a charge of the category Credit.

use std::borrow::Cow;

use base::Decimal;
use jiff::{SignedDuration, Timestamp};

use super::columns::{Columns, Named, Over, set_constants, set_costs};
use super::input::record::{is_too_much, short};
use super::listed::{self, Object, objects};
use super::{Charges, ColumnIndex, Format, Importer, Input, Options, Record, period};
use crate::{Cell, Column, Problem, Row, codes};

const TEXTS: &[Named] = &[
    (Column::BillingAccountId, &["customer_id"]),
    (Column::BillingCurrency, &["currency_code"]),
];

const CONSTANTS: &[(Column, &str)] = &[
    (Column::ProviderName, "Fastly"),
    (Column::PublisherName, "Fastly"),
    (Column::InvoiceIssuerName, "Fastly"),
];

/// The members of a line item that are read, in the order in which they are kept here.
const MEMBERS: [&str; 10] = [
    "description",
    "amount",
    "credit_coupon_code",
    "rate",
    "units",
    "product_name",
    "product_group",
    "product_line",
    "region",
    "usage_type",
];

/// What is kept of a line item beside the charge; the last is all of it.
const OWN: [&str; 5] = [
    "x_ProductGroup",
    "x_ProductLine",
    "x_UsageType",
    "x_CreditCouponCode",
    "x_LineItem",
];

struct Fastly {
    over: Over,
    /// The list of the line items.
    list: Option<ColumnIndex>,
    /// Their members, where each is a record.
    members: [Option<ColumnIndex>; MEMBERS.len()],
    total: Option<ColumnIndex>,
    invoice: Option<ColumnIndex>,
    start: Option<ColumnIndex>,
    end: Option<ColumnIndex>,
    currency_given: bool,
    period_given: bool,
}

/// A line item: its members, and all of it in JSON.
struct Item<'r> {
    members: [Option<Cow<'r, str>>; MEMBERS.len()],
    raw: &'r str,
}

/// Finds the columns of a file.
pub(super) fn open(
    _format: Format,
    input: &mut Input,
    options: &Options,
) -> Result<Box<dyn Importer>, Vec<Problem>> {
    let mut columns = Columns::of(input, str::to_ascii_lowercase)?;
    columns.texts(TEXTS);
    columns.need(Column::BillingAccountId, &["customer_id"], options)?;
    let list = columns.take(&["transaction_line_items"]);
    let members = MEMBERS.map(|name| match list {
        None => columns.take(&[name]),
        Some(_) => None,
    });
    if list.is_none() && members[1].is_none() {
        let help = "take the whole answer of the billing API";
        return Err(vec![columns.problem("there is no column `amount`", help)]);
    }
    let fastly = Fastly {
        list,
        members,
        total: columns.look("monthly_transaction_amount"),
        invoice: columns.take_as(Column::InvoiceId, &["invoice_id"]),
        start: columns.need(Column::ChargePeriodStart, &["billing_start_date"], options)?,
        end: columns.take_as(Column::ChargePeriodEnd, &["billing_end_date"]),
        currency_given: options.given(Column::BillingCurrency).is_some(),
        period_given: period::is_given(options),
        over: columns.end(&OWN),
    };
    Ok(Box::new(fastly))
}

impl Importer for Fastly {
    fn extra(&self) -> &[String] {
        self.over.extra()
    }

    fn written_as(&self, column: Column) -> Option<&str> {
        self.over.written_as(column)
    }

    fn record(&mut self, record: &Record<'_>, charges: &mut Charges<'_>) -> Result<(), Problem> {
        let invoice = self.invoice(record)?;
        let Some(list) = self.list else {
            let member = |index: &Option<ColumnIndex>| {
                let text = index.and_then(|index| record.text(index));
                text.map(Cow::Borrowed)
            };
            let members = self.members.each_ref().map(member);
            let mut row = invoice;
            self.charge(record, &Item { members, raw: "" }, &mut row)?;
            return charges.give(record, &mut row);
        };
        let items = objects(record, list)?;
        let mut sum = Decimal::ZERO;
        for object in &items {
            sum += self.amount(record, &Item::of(object))?;
        }
        if let Some(total) = self.total
            && record.money(total)?.is_some_and(|total| total != sum)
        {
            record.mend("total");
        }
        for object in &items {
            let mut row = invoice.clone();
            self.charge(record, &Item::of(object), &mut row)?;
            charges.give(record, &mut row)?;
        }
        Ok(())
    }
}

impl<'r> Item<'r> {
    fn of(object: &Object<'r>) -> Self {
        Self {
            members: MEMBERS.map(|name| object.text(name)),
            raw: object.raw(),
        }
    }

    /// A member by its name.
    fn get(&self, name: &str) -> Option<&Cow<'r, str>> {
        let place = MEMBERS.iter().position(|member| *member == name)?;
        self.members.get(place)?.as_ref()
    }

    fn text(&self, name: &str) -> Cow<'r, str> {
        self.get(name).cloned().unwrap_or_default()
    }

    /// What it is in FOCUS. What costs something is no payment, whatever coupon it names.
    fn category(&self, amount: Decimal) -> &'static str {
        let is = |word: &str| {
            let names = ["product_group", "product_line", "usage_type"];
            let mut texts = names.iter().filter_map(|name| self.get(name));
            texts.any(|text| text.eq_ignore_ascii_case(word))
        };
        let pays = self.get("credit_coupon_code").is_some() || is("credit");
        if pays && amount <= Decimal::ZERO {
            "Credit"
        } else if is("tax") {
            "Tax"
        } else {
            "Usage"
        }
    }
}

impl Fastly {
    /// What the line items of an invoice have in common.
    fn invoice<'r>(&self, record: &Record<'r>) -> Result<Row<'r>, Problem> {
        let mut row = Row::default();
        self.over.fill(record, &mut row)?;
        set_constants(&mut row, CONSTANTS);
        if *row.get(Column::BillingCurrency) == Cell::Null && !self.currency_given {
            record.mend("currency");
            row.set_text(Column::BillingCurrency, "USD");
        }
        let text = |index: Option<ColumnIndex>| index.and_then(|index| record.text(index));
        // The bill of a month that is not over has no invoice yet.
        if let Some(invoice) = text(self.invoice)
            && invoice != "preview"
        {
            row.set_text(Column::InvoiceId, invoice);
        }
        let instant = |index: Option<ColumnIndex>| match index {
            Some(index) => record.instant(index),
            None => Ok(None),
        };
        let Some(start) = instant(self.start)? else {
            return Ok(row);
        };
        row.set(Column::ChargePeriodStart, Cell::Instant(start));
        if !self.period_given {
            period::set_month_of(&mut row, start);
        }
        if let Some(end) = instant(self.end)? {
            let end = exclusive(record, end);
            row.set(Column::ChargePeriodEnd, Cell::Instant(end));
        }
        Ok(row)
    }

    /// Fills in what a line item says.
    fn charge<'r>(
        &self,
        record: &Record<'r>,
        item: &Item<'r>,
        row: &mut Row<'r>,
    ) -> Result<(), Problem> {
        let amount = self.amount(record, item)?;
        set_costs(row, amount);
        let category = item.category(amount);
        row.set_text(Column::ChargeCategory, category);
        if category == "Usage" {
            self.quantities(record, item, row)?;
        }
        let description = item
            .get("description")
            .or_else(|| item.get("credit_coupon_code"));
        let name = item
            .get("product_name")
            .or_else(|| item.get("product_line"));
        let line = item.text("product_line");
        for (column, text) in [
            (Column::ChargeDescription, description.cloned()),
            (Column::ServiceName, name.cloned()),
            (Column::RegionId, item.get("region").cloned()),
            (Column::RegionName, item.get("region").cloned()),
        ] {
            row.set_text(column, text.unwrap_or_default());
        }
        set_constants(row, &[(Column::ServiceName, "Fastly")]);
        row.set_text(Column::ServiceCategory, service_category(&line));
        let kept = [
            item.text("product_group"),
            line,
            item.text("usage_type"),
            item.text("credit_coupon_code"),
            Cow::Borrowed(item.raw),
        ];
        for (cell, text) in row.extra.iter_mut().zip(kept) {
            *cell = text;
        }
        Ok(())
    }

    fn amount(&self, record: &Record<'_>, item: &Item<'_>) -> Result<Decimal, Problem> {
        let place = self.place("amount");
        let Some(amount) = self.number(record, item, "amount")? else {
            let message = format!(
                "the line item `{}` has no amount",
                short(&item.text("description"))
            );
            let help = "fetch the invoice again";
            return Err(record.problem(place, &codes::BILL_MISSING, message, help));
        };
        if is_too_much(amount) {
            let message =
                format!("an amount of {amount} is no honest one: it must be less than 10^12");
            let help = "look at the digits of the amount";
            return Err(record.problem(place, &codes::BILL_NUMBER, message, help));
        }
        Ok(amount)
    }

    /// How much was used, and at which price.
    fn quantities<'r>(
        &self,
        record: &Record<'r>,
        item: &Item<'r>,
        row: &mut Row<'r>,
    ) -> Result<(), Problem> {
        let number = |name| self.number(record, item, name);
        let cell = |number: Option<Decimal>| number.map_or(Cell::Null, Cell::Number);
        row.set_text(Column::ChargeFrequency, "Usage-Based");
        // Only what was paid is known, not what it would have cost others.
        row.set(Column::ListCost, Cell::Null);
        row.set(Column::ContractedUnitPrice, cell(number("rate")?));
        let units = cell(number("units")?);
        row.set(Column::PricingQuantity, units.clone());
        row.set(Column::ConsumedQuantity, units);
        row.set_text(Column::PricingUnit, item.text("usage_type"));
        row.set_text(Column::ConsumedUnit, item.text("usage_type"));
        Ok(())
    }

    /// The column in which the digits of a member are.
    fn place(&self, name: &str) -> Option<ColumnIndex> {
        let member = MEMBERS.iter().position(|member| *member == name);
        let column = member.and_then(|member| self.members.get(member).copied().flatten());
        column.or(self.list)
    }

    fn number(
        &self,
        record: &Record<'_>,
        item: &Item<'_>,
        name: &str,
    ) -> Result<Option<Decimal>, Problem> {
        match (item.get(name), self.place(name)) {
            (Some(text), Some(index)) => listed::number(record, index, text).map(Some),
            _ => Ok(None),
        }
    }
}

fn service_category(line: &str) -> &'static str {
    match line.to_ascii_lowercase().as_str() {
        "network services" => "Networking",
        "security" => "Security",
        "compute" => "Compute",
        "observability" => "Management and Governance",
        "professional services" | "support" | "credit" => "Other",
        _ => "Networking",
    }
}

/// A bill's last second as the first instant after it.
fn exclusive(record: &Record<'_>, end: Timestamp) -> Timestamp {
    if end.as_second().rem_euclid(86_400) != 86_399 {
        return end;
    }
    record.mend("period-end");
    end.checked_add(SignedDuration::from_secs(1)).unwrap_or(end)
}
