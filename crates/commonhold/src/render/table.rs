//! One table, four ways to print it.

use std::borrow::Cow;

use base::Decimal;
use serde_json::{Map, Value, json};

use super::machine::JSON_VERSION;
use crate::cli::Output;
use crate::surroundings::Surroundings;

/// One value of a table.
#[derive(Debug, Clone)]
pub(crate) struct Cell {
    text: String,
    value: Value,
    /// An amount of money, which stands to the right, and exact wherever a program reads it.
    amount: bool,
}

impl Cell {
    fn new(text: String, value: Value) -> Self {
        Self {
            text,
            value,
            amount: false,
        }
    }
}

impl From<Decimal> for Cell {
    fn from(amount: Decimal) -> Self {
        Self {
            text: cents(amount),
            value: Value::String(amount.to_string()),
            amount: true,
        }
    }
}

impl From<Option<Decimal>> for Cell {
    fn from(amount: Option<Decimal>) -> Self {
        amount.map_or(Self::new(String::new(), Value::Null), Self::from)
    }
}

/// An amount to the cent, in groups of three digits.
pub(crate) fn cents(amount: Decimal) -> String {
    let text = amount.rounded(2).abs().to_string();
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let mut grouped = String::new();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    let sign = if amount.rounded(2).is_negative() {
        "-"
    } else {
        ""
    };
    format!("{sign}{grouped}.{fraction:0<2}")
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        let text = base::visible(&text);
        Self::new(text.clone(), Value::String(text))
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::from(text.to_owned())
    }
}

impl From<usize> for Cell {
    fn from(count: usize) -> Self {
        Self::new(count.to_string(), json!(count))
    }
}

impl From<Option<String>> for Cell {
    fn from(text: Option<String>) -> Self {
        text.map_or(Self::new(String::new(), Value::Null), Self::from)
    }
}

impl From<Vec<String>> for Cell {
    fn from(items: Vec<String>) -> Self {
        Self::new(items.join(" "), json!(items))
    }
}

/// Rows under headings.
#[derive(Debug)]
pub(crate) struct Table {
    headings: Vec<Cow<'static, str>>,
    rows: Vec<Vec<Cell>>,
}

impl Table {
    pub(crate) fn new(headings: &[&'static str]) -> Self {
        Self::headed(headings.iter().map(|heading| Cow::Borrowed(*heading)))
    }

    /// Under headings that are known only when it is made.
    pub(crate) fn headed(headings: impl IntoIterator<Item = Cow<'static, str>>) -> Self {
        Self {
            headings: headings.into_iter().collect(),
            rows: Vec::new(),
        }
    }

    pub(crate) fn row(&mut self, cells: impl IntoIterator<Item = Cell>) {
        self.rows.push(cells.into_iter().collect());
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// In the form asked for; `name` is the key of the rows in JSON.
    pub(crate) fn print(&self, output: Output, name: &str, surroundings: &Surroundings) -> String {
        match output {
            Output::Text => self.text(surroundings.columns.filter(|_| surroundings.terminal)),
            Output::Json => self.json(name),
            Output::Csv => self.csv(),
            Output::Markdown => self.markdown(),
        }
    }

    /// Columns aligned; on a terminal the last column gives way to its width.
    fn text(&self, width: Option<usize>) -> String {
        let length = |text: &str| text.chars().count();
        let column = |at: usize| {
            self.rows
                .iter()
                .filter_map(move |row| row.get(at))
                .map(|cell| length(&cell.text))
        };
        let widths: Vec<usize> = self
            .headings
            .iter()
            .enumerate()
            .map(|(at, heading)| column(at).max().unwrap_or(0).max(length(heading)))
            .collect();
        let amounts: Vec<bool> = (0..widths.len())
            .map(|at| {
                self.rows
                    .iter()
                    .any(|row| row.get(at).is_some_and(|cell| cell.amount))
            })
            .collect();
        let headings = self.headings.iter().map(|heading| heading.to_uppercase());
        let rows = self
            .rows
            .iter()
            .map(|row| row.iter().map(|cell| cell.text.clone()).collect::<Vec<_>>());
        let mut out = String::new();
        for row in std::iter::once(headings.collect::<Vec<_>>()).chain(rows) {
            let mut line = String::new();
            for ((text, width), amount) in row.iter().zip(&widths).zip(&amounts) {
                // `format!` pads to 65,535 columns at the most.
                let gap = std::iter::repeat_n(' ', width - length(text));
                if *amount {
                    line.extend(gap);
                    line.push_str(text);
                } else {
                    line.push_str(text);
                    line.extend(gap);
                }
                line.push_str("  ");
            }
            out.push_str(&fitted(line.trim_end(), width));
            out.push('\n');
        }
        out
    }

    /// RFC 4180. Text that a spreadsheet would take for a formula is quoted with `'`.
    fn csv(&self) -> String {
        let field = |cell: &Cell| {
            if let (true, Value::String(exact)) = (cell.amount, &cell.value) {
                return exact.clone();
            }
            let text = &cell.text;
            let text = if text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
                format!("'{text}")
            } else {
                text.clone()
            };
            if text.contains([',', '"', '\n', '\r']) {
                format!("\"{}\"", text.replace('"', "\"\""))
            } else {
                text
            }
        };
        let mut out = self.headings.join(",") + "\r\n";
        for row in &self.rows {
            out.push_str(&row.iter().map(field).collect::<Vec<_>>().join(","));
            out.push_str("\r\n");
        }
        out
    }

    pub(crate) fn markdown(&self) -> String {
        let escape = |text: &str| {
            text.replace('\\', "\\\\")
                .replace('|', "\\|")
                .replace('<', "&lt;")
                .replace(['\n', '\r'], " ")
        };
        let line = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
        let mut out = line(
            self.headings
                .iter()
                .map(|heading| escape(heading))
                .collect(),
        );
        let amount = |at: usize| {
            self.rows
                .iter()
                .any(|row| row.get(at).is_some_and(|cell| cell.amount))
        };
        let rule = |at: usize| if amount(at) { "---:" } else { "---" }.to_owned();
        out.push_str(&line((0..self.headings.len()).map(rule).collect()));
        for row in &self.rows {
            out.push_str(&line(row.iter().map(|cell| escape(&cell.text)).collect()));
        }
        out
    }

    fn json(&self, name: &str) -> String {
        let object = |row: &Vec<Cell>| {
            let keys = self
                .headings
                .iter()
                .map(|heading| heading.replace(' ', "_"));
            Value::Object(
                keys.zip(row.iter().map(|cell| cell.value.clone()))
                    .collect::<Map<_, _>>(),
            )
        };
        let rows: Vec<Value> = self.rows.iter().map(object).collect();
        format!("{:#}\n", json!({"version": JSON_VERSION, name: rows}))
    }
}

fn fitted(line: &str, width: Option<usize>) -> String {
    match width {
        Some(width) if width > 20 && line.chars().count() > width => {
            let kept: String = line.chars().take(width - 3).collect();
            format!("{}...", kept.trim_end())
        }
        _ => line.to_owned(),
    }
}
