//! All figures of the report as one table: section, item, measure, period, currency, value.

use std::sync::Arc;

use arrow_array::{ArrayRef, Decimal128Array, RecordBatch, StringArray};
use arrow_schema::{ArrowError, DataType, Field, Schema};
use base::Decimal;
use document::{Cell, Part, Section, Table, visible};
use jiff::civil::Date;
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;

/// One figure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Figure {
    pub section: &'static str,
    pub item: String,
    pub measure: &'static str,
    pub period: String,
    pub currency: String,
    pub value: Decimal,
}

/// What the row of a table's total is called; no row has such a name of its own.
const TOTAL: &str = "(total)";
const COLUMNS: [&str; 6] = ["section", "item", "measure", "period", "currency", "value"];

/// Every figure of every table, in the order of the page. A day is its own period; its value is
/// how many days it is from the day of the report.
pub(super) fn figures(sections: &[Section], day: Date) -> Vec<Figure> {
    let tables = sections.iter().flat_map(|section| {
        let tables = section.parts.iter().filter_map(|part| match part {
            Part::Table(table) | Part::Chart(_, Some(table)) => Some(table),
            _ => None,
        });
        tables.map(|table| (section.id, table))
    });
    tables
        .flat_map(|(section, table)| of_table(section, table, day))
        .collect()
}

fn of_table(section: &'static str, table: &Table, day: Date) -> Vec<Figure> {
    let mut figures = Vec::new();
    for row in table.rows.iter().chain(&table.total) {
        let names: Vec<String> = row
            .cells
            .iter()
            .filter_map(|cell| match cell {
                Cell::Name(name) => Some(visible(name)),
                Cell::Total => Some(TOTAL.to_owned()),
                _ => None,
            })
            .collect();
        let item = names.join(" / ");
        for (column, cell) in table.columns.iter().zip(&row.cells) {
            let Some((value, currency, period)) = value(cell, day) else {
                continue;
            };
            figures.push(Figure {
                section,
                item: item.clone(),
                measure: column.measure,
                period: period.unwrap_or_else(|| column.period.clone()),
                currency,
                value,
            });
        }
    }
    figures
}

fn value(cell: &Cell, day: Date) -> Option<(Decimal, String, Option<String>)> {
    match cell {
        Cell::Money(amount, currency) | Cell::Change(amount, currency) => {
            Some((*amount, currency.to_string(), None))
        }
        Cell::Share(number) | Cell::Number(number, _) => Some((*number, String::new(), None)),
        Cell::Day(date) => {
            let days = date.since(day).ok()?.get_days();
            let days = Decimal::whole(i64::from(days));
            Some((days, String::new(), Some(date.to_string())))
        }
        Cell::Name(_) | Cell::Text(_) | Cell::Total | Cell::None => None,
    }
}

/// As CSV (RFC 4180). A text that a spreadsheet would take for a formula begins with `'`.
pub(super) fn csv(figures: &[Figure]) -> String {
    let mut text = COLUMNS.join(",") + "\r\n";
    for figure in figures {
        let fields = [
            field(figure.section),
            field(&figure.item),
            field(figure.measure),
            field(&figure.period),
            field(&figure.currency),
            figure.value.to_string(),
        ];
        text += &fields.join(",");
        text.push_str("\r\n");
    }
    text
}

fn field(text: &str) -> String {
    let text = if text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{text}")
    } else {
        text.to_owned()
    };
    if text.contains([',', '"', '\n', '\r']) {
        return format!("\"{}\"", text.replace('"', "\"\""));
    }
    text
}

/// As Parquet, the values as `DECIMAL(38,18)`. Nothing in the file tells when it was written.
pub(super) fn parquet(figures: &[Figure]) -> Result<Vec<u8>, ParquetError> {
    let batch = batch(figures)?;
    let properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::default()))
        .set_created_by("commonhold".to_owned())
        .build();
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), Some(properties))?;
    writer.write(&batch)?;
    writer.close()?;
    Ok(bytes)
}

fn batch(figures: &[Figure]) -> Result<RecordBatch, ArrowError> {
    #[allow(clippy::cast_possible_truncation)] // 18
    const SCALE: i8 = Decimal::SCALE as i8;
    let texts = |pick: fn(&Figure) -> &str| -> ArrayRef {
        Arc::new(StringArray::from_iter_values(figures.iter().map(pick)))
    };
    let values = figures.iter().map(|figure| figure.value.units());
    let values = Decimal128Array::from_iter_values(values).with_precision_and_scale(38, SCALE)?;
    let schema = Schema::new(
        COLUMNS
            .map(|name| {
                let holds = match name {
                    "value" => DataType::Decimal128(38, SCALE),
                    _ => DataType::Utf8,
                };
                Field::new(name, holds, false)
            })
            .to_vec(),
    );
    let columns = vec![
        texts(|figure| figure.section),
        texts(|figure| &figure.item),
        texts(|figure| figure.measure),
        texts(|figure| &figure.period),
        texts(|figure| &figure.currency),
        Arc::new(values),
    ];
    RecordBatch::try_new(Arc::new(schema), columns)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_spreadsheet_would_run_is_text() {
        assert_eq!(field("=cmd|'/c calc'!A1"), "'=cmd|'/c calc'!A1");
        assert_eq!(field("@x,\"y\""), "\"'@x,\"\"y\"\"\"");
        assert_eq!(field("plain"), "plain");
    }
}
