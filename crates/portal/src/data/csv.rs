//! CSV by RFC 4180, with a line of headings.

use std::borrow::Cow;

use crate::api::cell::words;
use crate::model::{Cell, Column, ColumnKind, Listing, Reader, Row, Table, Value};
use crate::query::{self, Query};

/// All rows of a collection that a query chooses.
pub fn csv(listing: &Listing, query: &Query, reader: &Reader) -> String {
    written(
        listing.of.columns,
        &query::all(listing, query, reader),
        reader,
    )
}

/// A table of a page.
pub fn table_csv(table: &Table, reader: &Reader) -> String {
    let rows: Vec<&Row> = reader.rows(&table.rows).collect();
    written(&table.columns, &rows, reader)
}

fn written(columns: &[Column], rows: &[&Row], reader: &Reader) -> String {
    let mut text = String::new();
    for column in columns {
        put(&mut text, &column.id);
        if column.kind == ColumnKind::Money {
            put(&mut text, &format!("{}_currency", column.id));
        }
    }
    put(&mut text, "source");
    end(&mut text);
    for row in rows {
        for (at, column) in columns.iter().enumerate() {
            let nothing = Cell::none();
            let cell = row.cells.get(at).map_or(&nothing, |cell| reader.cell(cell));
            field(&mut text, column.kind, &cell.value);
        }
        let source = row.source.as_ref();
        let source = source.map(|source| format!("{}:{}", source.path, source.line));
        put(&mut text, &harmless(&source.unwrap_or_default()));
        end(&mut text);
    }
    text
}

fn field(text: &mut String, kind: ColumnKind, value: &Value) {
    match (kind, value) {
        // A number stays one: what it is of stands beside it.
        (ColumnKind::Money, Value::Money(amount, currency)) => {
            put(text, &amount.to_string());
            put(text, currency.code());
        }
        (ColumnKind::Money, _) => {
            put(text, "");
            put(text, "");
        }
        (_, Value::Number(_) | Value::Decimal(_) | Value::Share(_)) => {
            put(text, words(value).as_str().unwrap_or_default());
        }
        _ => put(text, &harmless(words(value).as_str().unwrap_or_default())),
    }
}

/// A text that no spreadsheet takes for a formula.
fn harmless(text: &str) -> Cow<'_, str> {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        return Cow::Owned(format!("'{text}"));
    }
    Cow::Borrowed(text)
}

fn put(line: &mut String, text: &str) {
    if text.contains(['"', ',', '\n', '\r']) {
        line.push('"');
        line.push_str(&text.replace('"', "\"\""));
        line.push('"');
    } else {
        line.push_str(text);
    }
    line.push(',');
}

/// Ends a line, whose last comma separates nothing.
fn end(text: &mut String) {
    text.pop();
    text.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use base::{Currency, Decimal};

    use super::*;
    use crate::model::{Audience, Private, Source};

    fn table(cells: Vec<Cell>) -> Table {
        let columns = vec![
            Column::new("name", "Name", ColumnKind::Text, ""),
            Column::new("cost", "Cost", ColumnKind::Money, ""),
            Column::new("count", "Count", ColumnKind::Number, ""),
        ];
        let source = Some(Source {
            path: "a.yaml".to_owned(),
            line: 3,
        });
        let row = Row {
            cells,
            source,
            ..Row::default()
        };
        Table {
            id: "t".into(),
            caption: String::new(),
            columns,
            rows: vec![row],
            none: String::new(),
        }
    }

    #[test]
    fn numbers_stay_numbers_and_formulas_become_texts() {
        let cost = Value::Money(Decimal::whole(-5), Currency::USD);
        let cells = vec![
            Cell::text("=1+1, \"x\""),
            Cell::new(cost),
            Cell::new(Value::Number(-7)),
        ];
        assert_eq!(
            table_csv(&table(cells), &Reader::anybody()),
            "name,cost,cost_currency,count,source\r\n\"'=1+1, \"\"x\"\"\",-5,USD,-7,a.yaml:3\r\n"
        );
    }

    #[test]
    fn what_is_not_for_the_reader_is_empty() {
        let secret = Cell::text("secret").only(Audience::Private(Private::Accounts));
        let cells = vec![secret, Cell::none(), Cell::none()];
        assert_eq!(
            table_csv(&table(cells), &Reader::anybody()),
            "name,cost,cost_currency,count,source\r\n,,,,a.yaml:3\r\n"
        );
    }
}
