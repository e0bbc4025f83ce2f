//! A delivery while its files are read.

use base::{Code, Currency, Decimal, Month};
use facts::StoreError;
use focus::{Cell, Column, Place, Problem, Row, Sink};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::Offset;

use super::CostStore;
use super::bills::{BILLS, Bills, OpenFile};
use super::codes;
use super::commit::{self, Delivered};
use super::content::Digester;
use super::delivery::{Delivery, NotKept, Outcome, Source};
use super::likeness;
use super::snapshot::Sums;
use crate::schema::schema;

/// A single charge of so much is none.
const TOO_MUCH: i64 = 1_000_000_000_000;

/// A delivery that is read. Nothing of it is kept before [`Importing::commit`]; without that, all
/// of it is gone with the value.
#[derive(Debug)]
pub struct Importing {
    store: CostStore,
    delivery: Delivery,
    bills: Bills,
    sources: Vec<Source>,
    rows: u64,
    /// What was not read to its end, or could not be written.
    failed: Option<NotKept>,
}

impl Importing {
    pub(super) fn new(store: CostStore, delivery: Delivery) -> Self {
        Self {
            bills: Bills::new(store.files().clone()),
            store,
            delivery,
            sources: Vec::new(),
            rows: 0,
            failed: None,
        }
    }

    /// Reads a file of the delivery: `read` gives its charges to the sink, as `focus::import`
    /// does, and what it answers is the answer.
    ///
    /// # Errors
    /// What `read` says. Nothing of the delivery can be kept then.
    pub fn read<T, E>(
        &mut self,
        source: Source,
        read: impl FnOnce(&mut dyn Sink) -> Result<T, E>,
    ) -> Result<T, E> {
        let file = OpenFile {
            number: self.sources.len(),
            source: source.clone(),
            schema: schema(&[]),
        };
        let mut sink = FileSink {
            bills: &mut self.bills,
            digest: source.digest.short(),
            file,
            digester: Digester::new(&[]),
            currency: None,
            rows: 0,
        };
        let answer = read(&mut sink);
        self.rows += sink.rows;
        let done = match &answer {
            Ok(_) => sink.bills.end(&sink.file).map_err(NotKept::Store),
            Err(_) => Err(NotKept::Refused(vec![unfinished(&source)])),
        };
        self.sources.push(source);
        if let Err(error) = done {
            self.failed.get_or_insert(error);
        }
        answer
    }

    /// How many charges were taken.
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// Keeps the delivery, all of it or nothing. A delivery that changes no bill changes no byte
    /// of the store.
    ///
    /// # Errors
    /// [`NotKept::Refused`] with what each bill has wrong.
    pub fn commit(self) -> Result<Outcome, NotKept> {
        if let Some(error) = self.failed {
            return Err(error);
        }
        let delivered = Delivered {
            delivery: self.delivery,
            sources: self.sources,
            bills: self.bills.into_sorted(),
        };
        commit::commit(&self.store, delivered)
    }
}

fn unfinished(source: &Source) -> Problem {
    Problem {
        code: &codes::UNFINISHED,
        place: Place {
            file: source.file.clone(),
            ..Place::default()
        },
        message: "the file was not read to its end, so nothing of the delivery is kept".to_owned(),
        help: "mend the file, and import all files of the delivery again".to_owned(),
    }
}

/// Takes the charges of one file.
struct FileSink<'i> {
    bills: &'i mut Bills,
    file: OpenFile,
    digest: String,
    digester: Digester,
    /// The currency of the last charge, as it is written.
    currency: Option<(String, Currency)>,
    rows: u64,
}

impl Sink for FileSink<'_> {
    fn begin(&mut self, extra: &[String]) -> Result<(), Problem> {
        self.file.schema = schema(extra);
        self.digester = Digester::new(extra);
        Ok(())
    }

    fn charge(&mut self, row: &Row<'_>) -> Result<(), Problem> {
        let provider = self.text(row, Column::ProviderName)?;
        let account = self.text(row, Column::BillingAccountId)?;
        let period = Month::of(day(self.instant(row, Column::BillingPeriodStart)?));
        let day = day(self.instant(row, Column::ChargePeriodStart)?);
        let sums = self.sums(row)?;
        let currency = self.currency(row)?;
        let content = self.digester.digest(row);
        let likeness = likeness::of_row(row);

        let place = self
            .bills
            .place(self.file.number, provider, account, period);
        if self.bills.len() > BILLS {
            let message = format!(
                "with {} here there are more than {BILLS} bills in the delivery",
                base::visible(account)
            );
            let help = "look at what BillingAccountId and ProviderName hold";
            return Err(self.problem(&codes::MANY, row, Column::BillingAccountId, message, help));
        }
        if let Some((piece, most)) = self.bills.piece(place) {
            let totals = &mut piece.totals;
            totals.rows += 1;
            totals.rounded += u64::from(row.mended.split(' ').any(|word| word == "rounded"));
            totals.days.0.insert(day);
            totals.content.add(content);
            piece.of.insert(likeness.of, most);
            piece.equal.insert(likeness.equal, most);
            if !totals.sums.entry(currency).or_default().add(&sums) {
                let message = "with this charge its bill comes to 10^20 or more".to_owned();
                let help = "look at the units of the export";
                return Err(self.problem(&codes::RANGE, row, Column::BilledCost, message, help));
            }
        }
        let kept = self
            .bills
            .push(place, row, content, &self.file, &self.digest);
        kept.map_err(|error| self.not_written(row, &error))?;
        self.rows += 1;
        Ok(())
    }
}

impl FileSink<'_> {
    fn problem(
        &self,
        code: &'static Code,
        row: &Row<'_>,
        column: Column,
        message: String,
        help: &str,
    ) -> Problem {
        Problem {
            code,
            place: Place {
                file: self.file.source.file.clone(),
                line: Some(row.number),
                column: Some(column.name().to_owned()),
            },
            message,
            help: help.to_owned(),
        }
    }

    fn missing(&self, row: &Row<'_>, column: Column) -> Problem {
        let message = format!("the charge has no {}", column.name());
        let help = "charges are kept by it: add it to the file, or give it for the whole file";
        self.problem(&codes::MISSING, row, column, message, help)
    }

    fn not_written(&self, row: &Row<'_>, error: &StoreError) -> Problem {
        let why = std::error::Error::source(error)
            .map(|why| format!(": {why}"))
            .unwrap_or_default();
        Problem {
            code: &codes::KEPT,
            place: Place {
                file: self.file.source.file.clone(),
                line: Some(row.number),
                column: None,
            },
            message: format!("{error}{why}"),
            help: "mend that, and import the delivery again; nothing of it was kept".to_owned(),
        }
    }

    fn text<'r>(&self, row: &'r Row<'_>, column: Column) -> Result<&'r str, Problem> {
        row.get(column)
            .text()
            .ok_or_else(|| self.missing(row, column))
    }

    fn instant(&self, row: &Row<'_>, column: Column) -> Result<Timestamp, Problem> {
        row.get(column)
            .instant()
            .ok_or_else(|| self.missing(row, column))
    }

    fn cost(&self, row: &Row<'_>, column: Column) -> Result<Decimal, Problem> {
        let cost = match row.get(column) {
            Cell::Number(cost) => *cost,
            _ => return Ok(Decimal::ZERO),
        };
        if cost.abs() < Decimal::whole(TOO_MUCH) {
            return Ok(cost);
        }
        let message = format!("a charge of {cost} is larger than any bill");
        let help = "look at the row, and at the units of the export";
        Err(self.problem(&codes::RANGE, row, column, message, help))
    }

    fn sums(&self, row: &Row<'_>) -> Result<Sums, Problem> {
        let effective = self.cost(row, Column::EffectiveCost)?;
        let is_credit = row.get(Column::ChargeCategory).text() == Some("Credit");
        Ok(Sums {
            billed: self.cost(row, Column::BilledCost)?,
            effective,
            listed: self.cost(row, Column::ListCost)?,
            contracted: self.cost(row, Column::ContractedCost)?,
            gross: if is_credit { Decimal::ZERO } else { effective },
        })
    }

    fn currency(&mut self, row: &Row<'_>) -> Result<Currency, Problem> {
        let text = self.text(row, Column::BillingCurrency)?;
        if let Some((last, currency)) = &self.currency
            && last == text
        {
            return Ok(*currency);
        }
        let currency = text.parse::<Currency>().map_err(|error| {
            let message = format!("`{}`: {error}", base::visible(text));
            let help = "write the code of ISO 4217, for example USD";
            self.problem(&codes::MISSING, row, Column::BillingCurrency, message, help)
        })?;
        self.currency = Some((text.to_owned(), currency));
        Ok(currency)
    }
}

/// The day of an instant, in UTC.
fn day(instant: Timestamp) -> Date {
    Offset::UTC.to_datetime(instant).date()
}
