//! A sink that keeps charges as texts, and files to be read into it.

use std::collections::BTreeMap;
use std::io::Cursor;

use focus::import::{Input, Options, Summary, import};
use focus::{Cell, Column, Problem, Row, Sink};

/// A charge as it came.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Charge {
    /// What is not null, as text.
    pub(crate) cells: BTreeMap<Column, String>,
    /// What is not null beyond FOCUS.
    pub(crate) extra: BTreeMap<String, String>,
    pub(crate) number: u64,
    pub(crate) mended: String,
}

impl Charge {
    /// What stands in a column; nothing for null.
    pub(crate) fn get(&self, column: Column) -> &str {
        self.cells.get(&column).map_or("", String::as_str)
    }
}

/// All charges of a file.
#[derive(Debug, Default)]
pub(crate) struct Collected {
    pub(crate) extra: Vec<String>,
    pub(crate) charges: Vec<Charge>,
}

impl Sink for Collected {
    fn begin(&mut self, extra: &[String]) -> Result<(), Problem> {
        self.extra = extra.to_vec();
        Ok(())
    }

    fn charge(&mut self, row: &Row<'_>) -> Result<(), Problem> {
        let mut charge = Charge {
            number: row.number,
            mended: row.mended.to_string(),
            ..Charge::default()
        };
        for column in Column::ALL {
            let text = match row.get(*column) {
                Cell::Null => continue,
                Cell::Text(text) => text.to_string(),
                Cell::Number(number) => number.to_string(),
                Cell::Instant(instant) => instant.to_string(),
            };
            assert!(
                column.takes(row.get(*column)),
                "{column:?} does not hold `{text}`"
            );
            charge.cells.insert(*column, text);
        }
        let named = self.extra.iter().zip(&row.extra);
        let there = named.filter(|(_, text)| !text.is_empty());
        charge.extra = there
            .map(|(name, text)| (name.clone(), text.to_string()))
            .collect();
        self.charges.push(charge);
        Ok(())
    }
}

/// Reads a file.
pub(crate) fn read_with(
    name: &str,
    bytes: impl Into<Vec<u8>>,
    options: &Options,
) -> Result<(Summary, Collected), Vec<Problem>> {
    let input = Input::open(name, Cursor::new(bytes.into())).map_err(|problem| vec![problem])?;
    let mut collected = Collected::default();
    let summary = import(input, None, options, &mut collected)?;
    Ok((summary, collected))
}

/// Reads a file about which nothing is known.
pub(crate) fn read(
    name: &str,
    bytes: impl Into<Vec<u8>>,
) -> Result<(Summary, Collected), Vec<Problem>> {
    read_with(name, bytes, &Options::default())
}

/// The only charge of a file that is sound.
pub(crate) fn only(bytes: impl Into<Vec<u8>>) -> Charge {
    let (_, mut collected) = read("bill.csv", bytes).expect("a sound file");
    assert_eq!(collected.charges.len(), 1);
    collected.charges.remove(0)
}

/// What is said of a file that is not taken: a line for each problem, with its code.
pub(crate) fn refused(name: &str, bytes: impl Into<Vec<u8>>) -> String {
    told(read(name, bytes))
}

/// What is said of a reading that failed.
pub(crate) fn told(read: Result<(Summary, Collected), Vec<Problem>>) -> String {
    let problems = match read {
        Ok((summary, _)) => panic!("the file was taken: {summary:?}"),
        Err(problems) => problems,
    };
    let line = |problem: &Problem| {
        assert!(!problem.help.is_empty(), "{problem} has no help");
        format!("{} [{}]", problem, problem.code.id)
    };
    let lines: Vec<String> = problems.iter().map(line).collect();
    lines.join("\n")
}

/// What every charge has.
pub(crate) const SOUND: [(&str, &str); 11] = [
    ("BilledCost", "1.5"),
    ("EffectiveCost", "1.25"),
    ("BillingCurrency", "USD"),
    ("BillingAccountId", "meadow-1"),
    ("BillingPeriodStart", "2025-03-01T00:00:00Z"),
    ("BillingPeriodEnd", "2025-04-01T00:00:00Z"),
    ("ChargePeriodStart", "2025-03-04T00:00:00Z"),
    ("ChargePeriodEnd", "2025-03-05T00:00:00Z"),
    ("ChargeCategory", "Usage"),
    ("ProviderName", "Meadow"),
    ("ServiceName", "Compute"),
];

/// A file of CSV with one charge that is sound but for these cells.
pub(crate) fn bill(cells: &[(&str, &str)]) -> String {
    let (head, row) = lines(cells);
    format!("{head}\n{row}\n")
}

/// The names and the cells of a charge that is sound but for these cells.
pub(crate) fn lines(cells: &[(&str, &str)]) -> (String, String) {
    let mut all: Vec<(&str, &str)> = SOUND.to_vec();
    for (name, text) in cells {
        match all.iter_mut().find(|(known, _)| known == name) {
            Some(known) => known.1 = text,
            None => all.push((name, text)),
        }
    }
    let names: Vec<&str> = all.iter().map(|(name, _)| *name).collect();
    let texts: Vec<String> = all.iter().map(|(_, text)| quoted(text)).collect();
    (names.join(","), texts.join(","))
}

/// A cell of CSV.
pub(crate) fn quoted(text: &str) -> String {
    if text.contains(['"', ',', '\n', '\r']) {
        return format!("\"{}\"", text.replace('"', "\"\""));
    }
    text.to_owned()
}
