//! One table, four ways to print it.

use serde_json::{Map, Value, json};

use super::machine::JSON_VERSION;
use crate::cli::Output;
use crate::surroundings::Surroundings;

/// One value of a table.
#[derive(Debug, Clone)]
pub(crate) struct Cell {
    text: String,
    value: Value,
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        let text = base::visible(&text);
        Self {
            value: Value::String(text.clone()),
            text,
        }
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::from(text.to_owned())
    }
}

impl From<usize> for Cell {
    fn from(count: usize) -> Self {
        Self {
            text: count.to_string(),
            value: json!(count),
        }
    }
}

impl From<Option<String>> for Cell {
    fn from(text: Option<String>) -> Self {
        text.map_or(
            Self {
                text: String::new(),
                value: Value::Null,
            },
            Self::from,
        )
    }
}

impl From<Vec<String>> for Cell {
    fn from(items: Vec<String>) -> Self {
        Self {
            text: items.join(" "),
            value: json!(items),
        }
    }
}

/// Rows under headings.
#[derive(Debug)]
pub(crate) struct Table {
    headings: Vec<&'static str>,
    rows: Vec<Vec<Cell>>,
}

impl Table {
    pub(crate) fn new(headings: &[&'static str]) -> Self {
        Self {
            headings: headings.to_vec(),
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
        let headings = self.headings.iter().map(|heading| heading.to_uppercase());
        let rows = self
            .rows
            .iter()
            .map(|row| row.iter().map(|cell| cell.text.clone()).collect::<Vec<_>>());
        let mut out = String::new();
        for row in std::iter::once(headings.collect::<Vec<_>>()).chain(rows) {
            let mut line = String::new();
            for (text, width) in row.iter().zip(&widths) {
                line.push_str(text);
                // `format!` pads to 65,535 columns at the most.
                line.extend(std::iter::repeat_n(' ', width - length(text) + 2));
            }
            out.push_str(&fitted(line.trim_end(), width));
            out.push('\n');
        }
        out
    }

    /// RFC 4180. Text that a spreadsheet would take for a formula is quoted with `'`.
    fn csv(&self) -> String {
        let field = |text: &str| {
            let text = if text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
                format!("'{text}")
            } else {
                text.to_owned()
            };
            if text.contains([',', '"', '\n', '\r']) {
                format!("\"{}\"", text.replace('"', "\"\""))
            } else {
                text
            }
        };
        let mut out = self.headings.join(",") + "\r\n";
        for row in &self.rows {
            out.push_str(
                &row.iter()
                    .map(|cell| field(&cell.text))
                    .collect::<Vec<_>>()
                    .join(","),
            );
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
                .map(|heading| (*heading).to_owned())
                .collect(),
        );
        out.push_str(&line(
            self.headings.iter().map(|_| "---".to_owned()).collect(),
        ));
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
