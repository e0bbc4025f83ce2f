//! Azure's cost details, of enterprise agreements and Microsoft customer agreements, in any of
//! their spellings: small or capital letters, translated with the English name in parentheses,
//! and the older ones of usage details.
//!
//! There are two exports of the same charges. In the *actual* cost a reservation or a savings
//! plan is a purchase on one day, and what it covers costs nothing; in the *amortised* cost
//! there is no purchase, and what it covers has its share of it. They must never be added: each
//! charge says in `x_CostBasis` which one it is from, `actual` or `amortised`.

mod charge;
mod services;

use std::borrow::Cow;

use base::Decimal;

use self::charge::{Basis, Kind};
use super::categories::Categories;
use super::charges::no_value;
use super::columns::{Columns, Named, Over, set_constants, set_costs};
use super::{Charges, ColumnIndex, DateOrder, Format, Importer, Input, Options, Record, period};
use crate::{Cell, Column, Problem, Row, codes};

const MICROSOFT: &str = "Microsoft";

const TEXTS: &[Named] = &[
    (Column::BillingAccountName, &["billingaccountname"]),
    (
        Column::SubAccountId,
        &["subscriptionid", "subscriptionguid"],
    ),
    (Column::SubAccountName, &["subscriptionname"]),
    (Column::InvoiceId, &["invoiceid"]),
    (
        Column::BillingCurrency,
        &["billingcurrency", "billingcurrencycode", "currency"],
    ),
    (Column::ServiceName, &["metercategory"]),
    (Column::ServiceSubcategory, &["metersubcategory"]),
    (Column::SkuId, &["meterid"]),
    (Column::SkuMeter, &["metername"]),
    (Column::SkuPriceId, &["partnumber", "productid"]),
    (Column::ChargeDescription, &["productname", "product"]),
    (
        Column::ResourceId,
        &["resourceid", "instanceid", "instancename"],
    ),
    (Column::ResourceName, &["resourcename"]),
    (Column::ResourceType, &["resourcetype"]),
    (Column::RegionId, &["resourcelocation"]),
    (Column::RegionName, &["meterregion"]),
    (Column::AvailabilityZone, &["availabilityzone"]),
    (Column::PricingUnit, &["unitofmeasure"]),
    (Column::PublisherName, &["publishername"]),
    (
        Column::PricingCurrency,
        &["pricingcurrency", "pricingcurrencycode"],
    ),
    (
        Column::CommitmentDiscountName,
        &["benefitname", "reservationname"],
    ),
];

const NUMBERS: &[Named] = &[
    (Column::PricingQuantity, &["quantity", "usagequantity"]),
    (
        Column::PricingCurrencyEffectiveCost,
        &["costinpricingcurrency"],
    ),
];

const CONSTANTS: &[(Column, &str)] = &[
    (Column::ProviderName, MICROSOFT),
    (Column::PublisherName, MICROSOFT),
    (Column::InvoiceIssuerName, MICROSOFT),
];

struct Azure {
    categories: Categories,
    over: Over,
    basis: Basis,
    cost: ColumnIndex,
    list: Option<ColumnIndex>,
    account: Option<ColumnIndex>,
    account_given: bool,
    date: ColumnIndex,
    period: [Option<ColumnIndex>; 2],
    period_given: bool,
    dates: DateOrder,
    kind: Option<ColumnIndex>,
    frequency: Option<ColumnIndex>,
    model: Option<ColumnIndex>,
    commitments: Vec<ColumnIndex>,
    list_price: Option<ColumnIndex>,
    contracted_price: Option<ColumnIndex>,
    family: Option<ColumnIndex>,
    tags: Option<ColumnIndex>,
}

/// A name without its translation, in small letters: of `Ressourcengruppe (ResourceGroup)`
/// `resourcegroup`.
fn key(name: &str) -> String {
    let inner = name
        .strip_suffix(')')
        .and_then(|name| name.rsplit_once('('));
    let own = inner.map_or(name, |(_, inner)| inner);
    let letters = own.chars().filter(char::is_ascii_alphanumeric);
    let name: String = letters.collect();
    name.to_ascii_lowercase()
}

/// Finds the columns of a file.
pub(super) fn open(
    format: Format,
    input: &mut Input,
    options: &Options,
) -> Result<Box<dyn Importer>, Vec<Problem>> {
    input
        .keep_whole(&["tags", "Tags", "additionalInfo", "AdditionalInfo"])
        .map_err(|problem| vec![problem])?;
    let mut columns = Columns::of(input, key)?;
    let costs = [
        "costinbillingcurrency",
        "cost",
        "pretaxcost",
        "extendedcost",
    ];
    let Some(cost) = columns.take_as(Column::BilledCost, &costs) else {
        return Err(vec![
            columns.problem("there is no column `Cost`", "export it too"),
        ]);
    };
    let dates = ["date", "usagedatetime", "usagedate"];
    let Some(date) = columns.take_as(Column::ChargePeriodStart, &dates) else {
        return Err(vec![
            columns.problem("there is no column `Date`", "export it too"),
        ]);
    };
    columns.texts(TEXTS);
    columns.numbers(NUMBERS);
    columns.need(
        Column::BillingCurrency,
        &["billingcurrency", "billingcurrencycode", "currency"],
        options,
    )?;
    let commitments = ["benefitid", "reservationid"];
    let azure = Azure {
        categories: Categories::new(&[services::METERS, services::FAMILIES]),
        basis: Basis::of(format),
        cost,
        date,
        list: columns.take_as(Column::ListCost, &["paygcostinbillingcurrency"]),
        account: columns.take_as(Column::BillingAccountId, &["billingaccountid"]),
        account_given: options.given(Column::BillingAccountId).is_some(),
        period: [
            columns.take_as(Column::BillingPeriodStart, &["billingperiodstartdate"]),
            columns.take_as(Column::BillingPeriodEnd, &["billingperiodenddate"]),
        ],
        period_given: period::is_given(options),
        // Microsoft writes the month first in every country.
        dates: options.dates.unwrap_or(DateOrder::MonthFirst),
        kind: columns.take_as(Column::ChargeCategory, &["chargetype"]),
        frequency: columns.take_as(Column::ChargeFrequency, &["frequency"]),
        model: columns.look("pricingmodel"),
        commitments: commitments
            .iter()
            .filter_map(|name| columns.look(name))
            .collect(),
        list_price: columns.take_as(Column::ListUnitPrice, &["paygprice"]),
        contracted_price: columns.take_as(Column::ContractedUnitPrice, &["unitprice"]),
        family: columns.look("servicefamily"),
        tags: columns.take_as(Column::Tags, &["tags"]),
        over: columns.end(&["x_CostBasis", "x_ChargeType"]),
    };
    Ok(Box::new(azure))
}

impl Importer for Azure {
    fn extra(&self) -> &[String] {
        self.over.extra()
    }

    fn written_as(&self, column: Column) -> Option<&str> {
        self.over.written_as(column)
    }

    fn record(&mut self, record: &Record<'_>, charges: &mut Charges<'_>) -> Result<(), Problem> {
        let mut row = Row::default();
        self.over.fill(record, &mut row)?;
        row.extra[0] = Cow::Borrowed(self.basis.word());
        self.account(record, &mut row);
        self.times(record, &mut row)?;
        let kind = self.kind(record, &mut row)?;
        let id = self.commitment(record, kind, &mut row);
        self.costs(record, kind, id, &mut row)?;
        self.service(record, &mut row);
        self.tags(record, &mut row);
        charges.give(record, &mut row)
    }
}

impl Azure {
    fn account<'r>(&self, record: &Record<'r>, row: &mut Row<'r>) {
        let account = self.account.and_then(|index| record.text(index));
        if let Some(account) = account {
            row.set_text(Column::BillingAccountId, account);
        } else if self.account.is_none() && !self.account_given {
            // A subscription that is paid as one goes is billed by itself.
            record.mend("account");
            let subscription = row.get(Column::SubAccountId).clone();
            row.set(Column::BillingAccountId, subscription);
        }
        if *row.get(Column::SubAccountId) != Cell::Null {
            row.set_text(Column::SubAccountType, "Subscription");
        }
    }

    fn times(&self, record: &Record<'_>, row: &mut Row<'_>) -> Result<(), Problem> {
        let day = |index| record.day_by(index, Some(self.dates));
        let Some(date) = day(self.date)? else {
            return Ok(());
        };
        let mut set = |column, instant| row.set(column, Cell::Instant(instant));
        set(Column::ChargePeriodStart, period::midnight(date));
        set(Column::ChargePeriodEnd, period::next_midnight(date));
        let [first, last] = self.period;
        let first = first.map(day).transpose()?.flatten();
        if let Some(first) = first {
            set(Column::BillingPeriodStart, period::midnight(first));
            if let Some(last) = last.map(day).transpose()?.flatten() {
                set(Column::BillingPeriodEnd, period::next_midnight(last));
            }
        } else if !self.period_given {
            record.mend("billing-period");
            period::set_month_of(row, period::midnight(date));
        }
        Ok(())
    }

    fn kind<'r>(&self, record: &Record<'r>, row: &mut Row<'r>) -> Result<Kind, Problem> {
        let text = if let Some(index) = self.kind {
            record.text(index).unwrap_or_default()
        } else {
            record.mend("charge-type");
            "Usage"
        };
        let Some(kind) = Kind::of(text) else {
            let (code, message) = no_value(text, Kind::WORDS);
            let help = "look up the charge type in Microsoft's documentation of cost details";
            return Err(record.problem(self.kind, code, message, help));
        };
        row.extra[1] = Cow::Borrowed(text);
        row.set_text(Column::ChargeCategory, kind.category());
        if kind == Kind::Refund {
            row.set_text(Column::ChargeClass, "Correction");
        }
        let frequency = self.frequency.and_then(|index| record.text(index));
        let frequency = match frequency.map(key).as_deref() {
            Some("onetime") => "One-Time",
            Some("recurring") => "Recurring",
            Some("usagebased") => "Usage-Based",
            _ => "",
        };
        row.set_text(Column::ChargeFrequency, frequency);
        Ok(kind)
    }

    /// What of a commitment the charge is: its id, if it is any.
    fn commitment<'r>(
        &self,
        record: &Record<'r>,
        kind: Kind,
        row: &mut Row<'r>,
    ) -> Option<&'r str> {
        let model = self.model.and_then(|index| record.text(index));
        let model = model.map(key).unwrap_or_default();
        let id = self
            .commitments
            .iter()
            .find_map(|index| record.text(*index));
        let pricing = match model.as_str() {
            "ondemand" => "Standard",
            "spot" => "Dynamic",
            "reservation" | "savingsplan" => "Committed",
            _ => "",
        };
        row.set_text(Column::PricingCategory, pricing);
        let id = id.or_else(|| (pricing == "Committed").then_some(""))?;
        row.set_text(Column::CommitmentDiscountId, id);
        let plan = model == "savingsplan" || kind == Kind::UnusedSavingsPlan;
        let (category, sort) = if plan {
            ("Spend", "Savings Plan")
        } else {
            ("Usage", "Reservation")
        };
        row.set_text(Column::CommitmentDiscountCategory, category);
        row.set_text(Column::CommitmentDiscountType, sort);
        let status = match kind {
            Kind::Usage => "Used",
            Kind::UnusedReservation | Kind::UnusedSavingsPlan => "Unused",
            _ => "",
        };
        row.set_text(Column::CommitmentDiscountStatus, status);
        if kind.is_unused() && *row.get(Column::ResourceId) == Cell::Null {
            row.set_text(Column::ResourceId, id);
        }
        Some(id)
    }

    fn costs(
        &self,
        record: &Record<'_>,
        kind: Kind,
        commitment: Option<&str>,
        row: &mut Row<'_>,
    ) -> Result<(), Problem> {
        let Some(cost) = record.money(self.cost)? else {
            return Ok(());
        };
        row.set(Column::EffectiveCost, Cell::Number(cost));
        if commitment.is_some() && !cost.is_zero() && self.basis.excludes(kind) {
            return Err(self.of_the_other(record));
        }
        let covered = commitment.is_some() && self.basis == Basis::Amortised;
        if covered {
            // It was billed when the commitment was bought.
            record.mend("amortised");
        } else if commitment.is_some() && kind.is_bought() {
            // This export does not say what it will cover.
            record.mend("cash-basis");
        }
        let billed = if covered { Decimal::ZERO } else { cost };
        if !kind.is_metered() {
            set_costs(row, cost);
            row.set(Column::BilledCost, Cell::Number(billed));
            return Ok(());
        }
        row.set(Column::BilledCost, Cell::Number(billed));
        self.prices(record, row)
    }

    /// The file has a charge that only the other export has: a commitment would count twice.
    fn of_the_other(&self, record: &Record<'_>) -> Problem {
        let (this, other) = match self.basis {
            Basis::Actual => ("actual", "amortised"),
            Basis::Amortised => ("amortised", "actual"),
        };
        record.problem(
            self.kind,
            &codes::BILL_VALUE,
            format!(
                "only Azure's {other} cost has such a charge of a commitment, and this file is its {this} cost"
            ),
            "import one of the two exports, never both put together; if the file is one, say which",
        )
    }

    fn prices(&self, record: &Record<'_>, row: &mut Row<'_>) -> Result<(), Problem> {
        let read = |index: Option<ColumnIndex>| match index {
            Some(index) => record.decimal(index),
            None => Ok(None),
        };
        let (list, contracted) = (read(self.list_price)?, read(self.contracted_price)?);
        let cell = |number: Option<Decimal>| number.map_or(Cell::Null, Cell::Number);
        let quantity = row.get(Column::PricingQuantity).number();
        // Prices are in the currency of the price list, which may be another.
        let pricing = row.get(Column::PricingCurrency);
        if *pricing != Cell::Null && pricing != row.get(Column::BillingCurrency) {
            row.set(Column::PricingCurrencyListUnitPrice, cell(list));
            row.set(Column::PricingCurrencyContractedUnitPrice, cell(contracted));
        } else {
            row.set(Column::ListUnitPrice, cell(list));
            row.set(Column::ContractedUnitPrice, cell(contracted));
            let product = |price: Option<Decimal>| {
                let product = price?.times(quantity?)?;
                product.exact.then_some(product.value)
            };
            row.set(Column::ListCost, cell(product(list)));
            row.set(Column::ContractedCost, cell(product(contracted)));
        }
        if let Some(list) = self.list
            && let Some(cost) = record.money(list)?
        {
            row.set(Column::ListCost, Cell::Number(cost));
        }
        Ok(())
    }

    fn service(&self, record: &Record<'_>, row: &mut Row<'_>) {
        let meter = row.get(Column::ServiceName).text().unwrap_or_default();
        let family = self.family.and_then(|index| record.text(index));
        let names = [meter, family.unwrap_or_default()].map(str::to_ascii_lowercase);
        let category = self.categories.first(&[&names[0], &names[1]]);
        row.set_text(Column::ServiceCategory, category);
        set_constants(row, CONSTANTS);
    }

    /// Microsoft writes tags without the braces around them.
    fn tags<'r>(&self, record: &Record<'r>, row: &mut Row<'r>) {
        let Some(text) = self.tags.and_then(|index| record.text(index)) else {
            return;
        };
        if text.trim_start().starts_with('{') {
            row.set_text(Column::Tags, text);
            return;
        }
        record.mend("tags-braces");
        row.set_text(Column::Tags, format!("{{{text}}}"));
    }
}

#[cfg(test)]
mod tests {
    use super::key;

    #[test]
    fn a_name_is_found_in_every_spelling() {
        for name in [
            "ResourceGroup",
            "resourceGroup",
            "Ressourcengruppe (ResourceGroup)",
            "Resource Group",
            "资源组 (resourceGroup)",
        ] {
            assert_eq!(key(name), "resourcegroup", "{name}");
        }
    }
}
