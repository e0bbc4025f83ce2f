//! Where bills are kept.

mod bounds;
mod closing;
mod crashes;
mod parts;
mod real;
mod refusals;
mod whole;

use base::{Decimal, Digest, Month};
use focus::{Cell, Column, Problem, Row};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use spend::store::{
    BillOutcome, Change, CostStore, Delivery, Key, Mode, NotKept, Outcome, Partition, Source,
};
use tempfile::TempDir;

/// A charge of an invented bill.
#[derive(Debug, Clone)]
pub(crate) struct Charge {
    provider: &'static str,
    account: &'static str,
    billed_in: &'static str,
    day: Date,
    sub_account: &'static str,
    service: &'static str,
    resource: String,
    category: &'static str,
    currency: &'static str,
    cents: i64,
}

pub(crate) fn day(text: &str) -> Date {
    text.parse().expect("a day")
}

/// A charge of the bill of March.
pub(crate) fn charge(date: &str, resource: &str, cents: i64) -> Charge {
    Charge {
        provider: "Cloud",
        account: "A-1",
        billed_in: "2026-03",
        day: day(date),
        sub_account: "build",
        service: "Compute",
        resource: resource.to_owned(),
        category: "Usage",
        currency: "USD",
        cents,
    }
}

/// The bill of March up to a day: each day costs 10 for each of three machines.
pub(crate) fn march(last: i8) -> Vec<Charge> {
    let of_day = |number: i8| {
        let date = format!("2026-03-{number:02}");
        ["vm-1", "vm-2", "vm-3"].map(|machine| charge(&date, machine, 1000))
    };
    (1..=last).flat_map(of_day).collect()
}

fn midnight(day: Date) -> Timestamp {
    let zoned = day.to_zoned(TimeZone::UTC).expect("a day of this age");
    zoned.timestamp()
}

fn row(charge: &Charge, number: u64) -> Row<'_> {
    let mut row = Row::default();
    let cost = Decimal::whole(charge.cents)
        .over(Decimal::whole(100))
        .expect("cents")
        .value;
    let month: Month = charge.billed_in.parse().expect("a month");
    row.set_text(Column::ProviderName, charge.provider);
    row.set_text(Column::BillingAccountId, charge.account);
    row.set_text(Column::BillingCurrency, charge.currency);
    row.set_text(Column::SubAccountId, charge.sub_account);
    row.set_text(Column::ServiceName, charge.service);
    row.set_text(Column::ResourceId, charge.resource.as_str());
    row.set_text(Column::ChargeCategory, charge.category);
    for cost_column in [
        Column::BilledCost,
        Column::EffectiveCost,
        Column::ListCost,
        Column::ContractedCost,
    ] {
        row.set(cost_column, Cell::Number(cost));
    }
    row.set(
        Column::BillingPeriodStart,
        Cell::Instant(midnight(month.first_day())),
    );
    row.set(
        Column::ChargePeriodStart,
        Cell::Instant(midnight(charge.day)),
    );
    row.set(
        Column::ChargePeriodEnd,
        Cell::Instant(midnight(charge.day.tomorrow().expect("a day after"))),
    );
    row.number = number;
    row
}

pub(crate) fn source(file: &str, format: &str) -> Source {
    Source {
        file: file.to_owned(),
        digest: Digest::of(file.as_bytes()),
        format: format.to_owned(),
    }
}

/// The same charges as those of the bill of another month.
pub(crate) fn billed_in(month: &'static str, mut charges: Vec<Charge>) -> Vec<Charge> {
    for charge in &mut charges {
        charge.billed_in = month;
    }
    charges
}

/// A store in a folder of its own.
pub(crate) struct Bench {
    folder: TempDir,
    pub(crate) store: CostStore,
}

impl Bench {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let place = folder.path().to_str().expect("a path that is text");
        let store = CostStore::open(place, &|_| None).expect("a folder is a place");
        Self { folder, store }
    }

    pub(crate) fn whole(&self, charges: &[Charge]) -> Result<Outcome, NotKept> {
        deliver(&self.store, delivery(), &[("bill.csv", charges)])
    }

    pub(crate) fn part(&self, file: &str, charges: &[Charge]) -> Result<Outcome, NotKept> {
        deliver(&self.store, part(), &[(file, charges)])
    }

    /// All bytes of all files of the store but temporary ones, and when each was written.
    pub(crate) fn bytes(&self) -> Vec<(String, Timestamp, Vec<u8>)> {
        let files = self.store.files();
        let folders = ["cost", "log", "manifests"];
        let entries = folders
            .iter()
            .flat_map(|folder| files.list(folder).expect("a list"));
        entries
            .map(|entry| {
                let bytes = files.read(&entry.path).expect("a file").to_vec();
                (entry.path, entry.modified, bytes)
            })
            .collect()
    }

    /// How many files of charges there are, whether or not they count.
    pub(crate) fn files(&self) -> usize {
        self.store.files().list("cost").expect("a list").len()
    }

    pub(crate) fn temporary_files(&self) -> usize {
        let partial = self.folder.path().join(".partial");
        std::fs::read_dir(partial).map_or(0, Iterator::count)
    }

    /// The bill of March.
    pub(crate) fn march(&self) -> Partition {
        let snapshot = self.store.current().expect("a snapshot");
        snapshot
            .partition(&key("2026-03"))
            .expect("the bill of March")
            .clone()
    }
}

pub(crate) fn key(period: &str) -> Key {
    Key {
        provider: "Cloud".to_owned(),
        account: "A-1".to_owned(),
        period: period.parse().expect("a month"),
    }
}

pub(crate) fn noon(date: &str) -> Timestamp {
    midnight(day(date)) + jiff::SignedDuration::from_hours(12)
}

pub(crate) fn delivery() -> Delivery {
    Delivery::new(noon("2026-04-02"))
}

pub(crate) fn part() -> Delivery {
    Delivery {
        mode: Mode::Part,
        ..delivery()
    }
}

pub(crate) fn deliver(
    store: &CostStore,
    delivery: Delivery,
    files: &[(&str, &[Charge])],
) -> Result<Outcome, NotKept> {
    let mut importing = store.begin(delivery)?;
    for (file, charges) in files {
        let format = if file.ends_with(".cur") {
            "aws-cur"
        } else {
            "focus"
        };
        let read = importing.read(source(file, format), |sink| {
            sink.begin(&["x_Note".to_owned()])?;
            for (number, charge) in (1..).zip(*charges) {
                sink.charge(&row(charge, number))?;
            }
            Ok(())
        });
        read.map_err(|problem: Problem| NotKept::Refused(vec![problem]))?;
    }
    importing.commit()
}

/// What became of the only bill of a delivery.
pub(crate) fn only(outcome: Result<Outcome, NotKept>) -> BillOutcome {
    let mut outcome = outcome.unwrap_or_else(|error| panic!("{error:?}"));
    assert_eq!(outcome.bills.len(), 1, "{outcome:?}");
    outcome.bills.remove(0)
}

pub(crate) fn change(outcome: Result<Outcome, NotKept>) -> Change {
    only(outcome).change
}

/// Why a delivery was refused: the ids of the codes, and the messages.
pub(crate) fn refusals(outcome: Result<Outcome, NotKept>) -> Vec<(&'static str, String)> {
    match outcome {
        Err(NotKept::Refused(problems)) => problems
            .into_iter()
            .map(|problem| (problem.code.id, problem.to_string()))
            .collect(),
        other => panic!("it was not refused: {other:?}"),
    }
}

/// The only refusal.
pub(crate) fn refusal(outcome: Result<Outcome, NotKept>) -> (&'static str, String) {
    let mut refusals = refusals(outcome);
    assert_eq!(refusals.len(), 1, "{refusals:?}");
    refusals.remove(0)
}
