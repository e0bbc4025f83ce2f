//! The rows of a driver's file.

use std::collections::HashMap;

use base::{Decimal, Diagnostic, FileId, Month, Span};
use estate::Estate;
use jiff::civil::Date;

use super::Driver;
use crate::cells::UNALLOCATED;
use crate::codes;
use crate::pools::bearer;
use crate::settings::UsageDriver;

/// After so many, what is wrong with a file is wrong with all of it.
const MOST_FINDINGS: usize = 10;

const COLUMNS: &str = "it begins with the line `date,owner,quantity`, or `month,owner,quantity`, and may have a column `service`";

/// What a file says, as far as it can be used.
pub(super) struct Read {
    pub(super) driver: Driver,
    pub(super) findings: Vec<Diagnostic>,
}

/// Which column is where.
struct Header {
    /// A day, or else a month.
    daily: bool,
    time: usize,
    owner: usize,
    quantity: usize,
    service: Option<usize>,
    width: usize,
}

/// Reads the rows. What cannot be understood is a finding, and none of the file is used then:
/// half a file would share a cost among the wrong owners.
pub(super) fn read(text: &str, file: FileId, estate: &Estate, declared: &UsageDriver) -> Read {
    let mut rows = Rows {
        text,
        file,
        estate,
        driver: Driver::new(&declared.unit),
        findings: Vec::new(),
        unsaid: 0,
        seen: HashMap::new(),
    };
    rows.read();
    let Rows {
        driver,
        mut findings,
        unsaid,
        ..
    } = rows;
    if unsaid > 0 {
        let more = base::counted(unsaid, "more row like these", "more rows like these");
        let message = format!("the file of the driver `{}` has {more}", declared.name);
        let finding = Diagnostic::new(&codes::DRIVER, declared.file.span, message);
        findings.push(finding.help("correct the first ones, and run this again"));
    }
    let driver = if findings.is_empty() {
        driver
    } else {
        Driver::new(&declared.unit)
    };
    Read { driver, findings }
}

struct Rows<'t> {
    text: &'t str,
    file: FileId,
    estate: &'t Estate,
    driver: Driver,
    findings: Vec<Diagnostic>,
    unsaid: usize,
    /// The place of each time, owner and service.
    seen: HashMap<(Date, String, String), Span>,
}

impl Rows<'_> {
    fn read(&mut self) {
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .from_reader(self.text.as_bytes());
        let mut header = None;
        let mut record = csv::StringRecord::new();
        loop {
            match reader.read_record(&mut record) {
                Ok(true) => {}
                Ok(false) => break,
                Err(error) => {
                    let at = error.position().map_or(0, csv::Position::byte);
                    let message = format!("this is no row of a CSV file: {error}");
                    let span = self.line_at(at);
                    self.report(Diagnostic::new(&codes::DRIVER, span, message).help(COLUMNS));
                    return;
                }
            }
            let line = self.line_at(record.position().map_or(0, csv::Position::byte));
            match &header {
                None => match self.header(&record, line) {
                    Some(found) => header = Some(found),
                    None => return,
                },
                Some(header) => self.row(header, &record, line),
            }
        }
        if header.is_none() {
            let span = Span::start_of(self.file);
            let finding = Diagnostic::new(&codes::DRIVER, span, "the file is empty");
            self.report(finding.help(COLUMNS));
        }
    }

    fn header(&mut self, record: &csv::StringRecord, line: Span) -> Option<Header> {
        let names = || {
            record
                .iter()
                .map(|name| name.trim_start_matches('\u{feff}').trim())
        };
        let place = |wanted: &str| names().position(|name| name == wanted);
        let known = ["date", "month", "owner", "quantity", "service"];
        let strange = names().position(|name| !known.contains(&name));
        let twice = known
            .into_iter()
            .find(|known| names().filter(|name| name == known).count() > 1);
        let time = match (place("date"), place("month")) {
            (Some(day), None) => Some((true, day)),
            (None, Some(month)) => Some((false, month)),
            _ => None,
        };
        let message = match (strange, twice, time, place("owner"), place("quantity")) {
            (Some(at), ..) => {
                let name = names().nth(at).unwrap_or_default();
                let message = format!("the column `{name}` is not known here");
                let span = self.cell(line, at);
                self.report(Diagnostic::new(&codes::DRIVER, span, message).help(COLUMNS));
                return None;
            }
            (None, Some(name), ..) => format!("the column `{name}` is there twice"),
            (None, None, Some((daily, time)), Some(owner), Some(quantity)) => {
                return Some(Header {
                    daily,
                    time,
                    owner,
                    quantity,
                    service: place("service"),
                    width: record.len(),
                });
            }
            (None, None, None, ..) if place("date").is_some() => {
                "there is a column `date` and a column `month`".to_owned()
            }
            (None, None, None, ..) => "there is no column `date` or `month`".to_owned(),
            (None, None, _, None, _) => "there is no column `owner`".to_owned(),
            (None, None, _, _, None) => "there is no column `quantity`".to_owned(),
        };
        self.report(Diagnostic::new(&codes::DRIVER, line, message).help(COLUMNS));
        None
    }

    fn row(&mut self, header: &Header, record: &csv::StringRecord, line: Span) {
        let wrong = match self.understood(header, record, line) {
            Ok(()) => return,
            Err(wrong) => wrong,
        };
        let span = wrong.column.map_or(line, |column| self.cell(line, column));
        let mut finding = Diagnostic::new(&codes::DRIVER, span, wrong.message).help(wrong.help);
        if let Some(first) = wrong.first {
            finding = finding.related(first, "first here");
        }
        self.report(finding);
    }

    fn understood(
        &mut self,
        header: &Header,
        record: &csv::StringRecord,
        line: Span,
    ) -> Result<(), Wrong> {
        if record.len() != header.width {
            let message = format!(
                "the row has {}, and the first line {}",
                base::counted(record.len(), "cell", "cells"),
                header.width
            );
            return Err(Wrong::of(
                None,
                message,
                "write as many cells as there are columns",
            ));
        }
        let cell = |column: usize| record.get(column).unwrap_or("").trim();
        let time = cell(header.time);
        let day = day(time, header)?;
        let owner = self.owner(cell(header.owner), header.owner)?;
        let service = match header.service {
            Some(column) => self.service(cell(column), column)?,
            None => String::new(),
        };
        let quantity = quantity(cell(header.quantity), header.quantity)?;
        let key = (day, owner.clone(), service.clone());
        if let Some(first) = self.seen.insert(key, line) {
            let message = format!("{time} of {owner} is there twice");
            let mut wrong = Wrong::of(
                None,
                message,
                "keep one row, with the sum if both are meant",
            );
            wrong.first = Some(first);
            return Err(wrong);
        }
        let added = if header.daily {
            self.driver.add_day(day, &owner, &service, quantity)
        } else {
            self.driver.add(Month::of(day), &owner, &service, quantity)
        };
        added.map_err(|_| {
            let message = "the quantities add up to 10^20 or more".to_owned();
            Wrong::of(Some(header.quantity), message, "count in a larger unit")
        })
    }

    fn owner(&self, text: &str, column: usize) -> Result<String, Wrong> {
        if text.is_empty() || text == UNALLOCATED {
            return Ok(UNALLOCATED.to_owned());
        }
        let groups = &self.estate.tables.groups;
        match bearer(text, self.estate) {
            Some(owner) => Ok(owner),
            None if groups.is_incomplete() => Ok(text.to_owned()),
            None => {
                let names = groups.items().map(|group| group.name.as_str());
                let help = match base::nearest(text, names) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => {
                        "write a group of the estate, or leave the cell empty for what is nobody's"
                            .to_owned()
                    }
                };
                Err(Wrong::of(
                    Some(column),
                    format!("the estate has no group `{text}`"),
                    help,
                ))
            }
        }
    }

    fn service(&self, text: &str, column: usize) -> Result<String, Wrong> {
        let services = &self.estate.tables.services;
        if text.is_empty() || services.is_incomplete() {
            return Ok(text.to_owned());
        }
        let name = text.strip_prefix("service/").unwrap_or(text);
        if let Some(service) = services.get(name) {
            return Ok(service.name.clone());
        }
        let names = services.items().map(|service| service.name.as_str());
        let help = match base::nearest(name, names) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "write a service of the estate, or leave the cell empty".to_owned(),
        };
        Err(Wrong::of(
            Some(column),
            format!("the estate has no service `{text}`"),
            help,
        ))
    }

    fn report(&mut self, finding: Diagnostic) {
        if self.findings.len() < MOST_FINDINGS {
            self.findings.push(finding);
        } else {
            self.unsaid += 1;
        }
    }

    /// The line that begins at a byte; a reader's positions may stand before its line breaks.
    fn line_at(&self, byte: u64) -> Span {
        let byte = usize::try_from(byte)
            .unwrap_or(usize::MAX)
            .min(self.text.len());
        let rest = self.text.get(byte..).unwrap_or("");
        let breaks = rest.len() - rest.trim_start_matches(['\r', '\n', '\u{feff}']).len();
        let start = byte + breaks;
        let length = rest[breaks..]
            .find(['\r', '\n'])
            .unwrap_or(rest.len() - breaks);
        Span::new(self.file, start, start + length)
    }

    /// A cell of a line without quotes; the line where there are some.
    fn cell(&self, line: Span, column: usize) -> Span {
        let text = self
            .text
            .get(line.start as usize..line.end as usize)
            .unwrap_or("");
        if text.contains('"') {
            return line;
        }
        let mut start = line.start as usize;
        for (at, cell) in text.split(',').enumerate() {
            if at == column {
                return Span::new(self.file, start, start + cell.len());
            }
            start += cell.len() + 1;
        }
        line
    }
}

/// What is wrong with a row.
struct Wrong {
    column: Option<usize>,
    message: String,
    help: String,
    first: Option<Span>,
}

impl Wrong {
    fn of(column: Option<usize>, message: String, help: impl Into<String>) -> Self {
        Self {
            column,
            message,
            help: help.into(),
            first: None,
        }
    }
}

/// The day of a row; the first of a month.
fn day(text: &str, header: &Header) -> Result<Date, Wrong> {
    let (read, form, what) = if header.daily {
        (text.parse().ok(), "2026-03-31", "day")
    } else {
        let month = text.parse::<Month>().ok();
        (month.map(Month::first_day), "2026-03", "month")
    };
    let written_so = text.len() == form.len()
        && text
            .bytes()
            .zip(form.bytes())
            .all(|(is, like)| is.is_ascii_digit() == like.is_ascii_digit());
    let help = if written_so {
        format!("there is no such {what}: correct it")
    } else {
        format!("write it as {form}")
    };
    let wrong = || Wrong::of(Some(header.time), format!("`{text}` is no {what}"), help);
    read.filter(|_| written_so).ok_or_else(wrong)
}

fn quantity(text: &str, column: usize) -> Result<Decimal, Wrong> {
    let wrong = |message: String| {
        Wrong::of(
            Some(column),
            message,
            "write a number that is not below zero, for example 1250 or 84.5",
        )
    };
    match Decimal::parse(text.as_bytes()) {
        Ok(number) if !number.exact => Err(wrong(
            "the number has more than 18 digits behind the point".to_owned(),
        )),
        Ok(number) if number.value.is_negative() => Err(wrong(format!("`{text}` is below zero"))),
        Ok(number) => Ok(number.value),
        Err(why) => Err(wrong(format!("`{text}` is no quantity: {why}"))),
    }
}
