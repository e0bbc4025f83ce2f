//! Which of Azure's two exports a file is.
//!
//! Both have the same columns. In the actual cost a reservation or a savings plan is a purchase
//! on one day, and what uses it costs nothing; in the amortised cost there is no purchase, what
//! uses it has its share, and what nobody used is a charge of its own.

use base::Decimal;

use super::plain;
use crate::Problem;
use crate::import::{ColumnIndex, Format, Input, Record};

/// Looks for the first charge that stands in one of the two only. Where there is none, both
/// exports say the same.
pub(super) fn of_charges(input: &mut Input) -> Result<Format, Problem> {
    let Some(columns) = Columns::of(input) else {
        return Ok(Format::AzureActual);
    };
    let mut found = Format::AzureActual;
    // What is wrong with a record is said when the charges are read.
    while let Ok(Some(record)) = input.next_record() {
        if let Some(format) = columns.format(&record) {
            found = format;
            break;
        }
    }
    input.rewind()?;
    Ok(found)
}

struct Columns {
    kind: ColumnIndex,
    cost: ColumnIndex,
    model: Option<ColumnIndex>,
    commitments: Vec<ColumnIndex>,
}

impl Columns {
    fn of(input: &mut Input) -> Option<Self> {
        let kind = find(input, &["chargetype"])?;
        let cost = find(input, &["costinbillingcurrency", "cost", "pretaxcost"])?;
        let model = find(input, &["pricingmodel"]);
        let names = ["reservationid", "benefitid"];
        let commitments = names
            .iter()
            .filter_map(|name| find(input, &[name]))
            .collect();
        Some(Self {
            kind,
            cost,
            model,
            commitments,
        })
    }

    fn format(&self, record: &Record<'_>) -> Option<Format> {
        let is = |text: &str, word: &str| text.eq_ignore_ascii_case(word);
        let kind = record.text(self.kind)?;
        if is(kind, "UnusedReservation") || is(kind, "UnusedSavingsPlan") {
            return Some(Format::AzureAmortised);
        }
        let model = self
            .model
            .and_then(|model| record.text(model))
            .unwrap_or_default();
        let committed = is(model, "Reservation")
            || is(model, "SavingsPlan")
            || self.commitments.iter().any(|id| record.text(*id).is_some());
        if !committed {
            return None;
        }
        if is(kind, "Purchase") || is(kind, "Refund") {
            return Some(Format::AzureActual);
        }
        let cost = Decimal::parse(record.text(self.cost)?.as_bytes())
            .ok()?
            .value;
        Some(if cost.is_zero() {
            Format::AzureActual
        } else {
            Format::AzureAmortised
        })
    }
}

/// A column by one of its names in small letters, without its translation.
fn find(input: &mut Input, names: &[&str]) -> Option<ColumnIndex> {
    let is = |column: &String, name: &str| plain(column).eq_ignore_ascii_case(name);
    let columns = input.columns();
    let found = names
        .iter()
        .find_map(|name| columns.iter().find(|column| is(column, name)));
    let found = found?.clone();
    input.column(&found)
}
