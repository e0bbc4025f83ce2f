//! How much each owner used of something, from CSV files of an estate.

mod rows;

use std::collections::BTreeMap;

use base::{Decimal, Diagnostic, Month, SourceMap};
use estate::{Estate, Tree};
use jiff::civil::Date;

use crate::codes;
use crate::settings::{Settings, UsageDriver};

/// The drivers of an estate by their names.
#[derive(Debug, Default)]
pub struct Drivers {
    drivers: BTreeMap<String, Driver>,
}

/// How much each owner used of something.
#[derive(Debug, Clone, Default)]
pub struct Driver {
    /// What is counted.
    unit: String,
    /// By month, then by owner and service; an owner is a group's name, `pool/NAME` or
    /// [`crate::cells::UNALLOCATED`], and a service is empty where the file says none.
    months: BTreeMap<Month, BTreeMap<(String, String), Decimal>>,
    /// By day, all owners together; empty where the file is by month.
    days: BTreeMap<Date, Decimal>,
}

impl Drivers {
    /// Reads the files of all drivers. Their texts are added to `sources`, which the findings
    /// point into. A driver whose file cannot be used has no quantities: what it should share
    /// out stays in its pool.
    pub fn read(
        settings: &Settings,
        estate: &Estate,
        tree: &dyn Tree,
        sources: &mut SourceMap,
    ) -> (Self, Vec<Diagnostic>) {
        let mut drivers = BTreeMap::new();
        let mut findings = Vec::new();
        for declared in &settings.drivers {
            let name = &declared.name;
            if drivers.contains_key(&name.value) {
                let message = format!("two drivers are called `{name}`");
                let finding = Diagnostic::new(&codes::DRIVER, name.span, message);
                findings.push(finding.help("rename one of them, or put their rows into one file"));
                continue;
            }
            let driver = read(declared, tree, &mut findings).map(|text| {
                let file = sources.add(tree.display(&declared.file), text);
                let mut read = rows::read(&sources.file(file).text, file, estate, declared);
                findings.append(&mut read.findings);
                read.driver
            });
            let driver = driver.unwrap_or_default();
            let unit = declared.unit.clone();
            drivers.insert(name.value.clone(), Driver { unit, ..driver });
        }
        (Self { drivers }, findings)
    }

    /// A driver by its name.
    pub fn get(&self, name: &str) -> Option<&Driver> {
        self.drivers.get(name)
    }

    /// Adds a driver, or replaces the one of that name: for quantities that come from elsewhere
    /// than a file.
    pub fn with(mut self, name: &str, driver: Driver) -> Self {
        self.drivers.insert(name.to_owned(), driver);
        self
    }
}

impl Driver {
    /// One without quantities.
    pub fn new(unit: &str) -> Self {
        Self {
            unit: unit.to_owned(),
            ..Self::default()
        }
    }

    /// What is counted.
    pub fn unit(&self) -> &str {
        &self.unit
    }

    /// Adds what an owner used in a month, perhaps for a service.
    ///
    /// # Errors
    /// Gives the quantity back if it is below zero, or the sum leaves the range of a [`Decimal`].
    pub fn add(
        &mut self,
        month: Month,
        owner: &str,
        service: &str,
        quantity: Decimal,
    ) -> Result<(), Decimal> {
        let of_month = self.months.entry(month).or_default();
        let used = of_month
            .entry((owner.to_owned(), service.to_owned()))
            .or_default();
        let sum = used.plus(quantity).filter(|_| !quantity.is_negative());
        *used = sum.ok_or(quantity)?;
        Ok(())
    }

    /// Adds what an owner used on a day, perhaps for a service.
    ///
    /// # Errors
    /// Those of [`Driver::add`].
    pub fn add_day(
        &mut self,
        day: Date,
        owner: &str,
        service: &str,
        quantity: Decimal,
    ) -> Result<(), Decimal> {
        self.add(Month::of(day), owner, service, quantity)?;
        let used = self.days.entry(day).or_default();
        *used = used.plus(quantity).ok_or(quantity)?;
        Ok(())
    }

    /// What was used in a month: owner, service and quantity, sorted.
    pub fn in_month(&self, month: Month) -> impl Iterator<Item = (&str, &str, Decimal)> {
        let month = self.months.get(&month).into_iter().flatten();
        month.map(|((owner, service), used)| (owner.as_str(), service.as_str(), *used))
    }

    /// Those who used something, in any month; some may be there more than once.
    pub fn owners(&self) -> impl Iterator<Item = &str> {
        let all = self.months.values().flat_map(BTreeMap::keys);
        all.map(|(owner, _)| owner.as_str())
    }

    /// What was used on each day, all owners together; empty where it is known by month alone.
    pub fn days(&self) -> &BTreeMap<Date, Decimal> {
        &self.days
    }

    /// Whether it is known by month and not by day.
    pub fn is_monthly(&self) -> bool {
        self.days.is_empty() && !self.months.is_empty()
    }
}

/// The text of its file; or a finding.
fn read(driver: &UsageDriver, tree: &dyn Tree, findings: &mut Vec<Diagnostic>) -> Option<String> {
    let path = &driver.file;
    let about = format!("the file of the driver `{}`", driver.name);
    let mut wrong = |message: String, help: &str| {
        findings.push(Diagnostic::new(&codes::DRIVER, path.span, message).help(help));
    };
    let up = path.split('/').any(|part| part == "..");
    if path.is_empty() || path.starts_with('/') || path.contains('\\') || up {
        let help = "write its path from the folder of spend.yaml on, for example usage/minutes.csv";
        wrong(format!("{about} is not below the estate"), help);
        return None;
    }
    match tree.read(path) {
        Ok(text) => Some(text),
        Err(refused) => {
            let help = if refused.missing {
                "write the file, or correct its path"
            } else {
                "save it as UTF-8 text"
            };
            wrong(format!("{about} cannot be read: {}", refused.reason), help);
            None
        }
    }
}
