//! How charges are kept in Parquet: a column for each of FOCUS, then where the charge came from,
//! then what its file said beyond FOCUS.

use std::sync::Arc;

use arrow_schema::{DataType, Field, Schema, TimeUnit};
use base::Decimal;
use focus::{Column, ColumnType};

/// The digest of the file that a charge came from, 12 hexadecimal digits of its SHA-256.
pub const SOURCE: &str = "x_Source";
/// Which row of the file it is ([`focus::Row::number`]).
pub const SOURCE_ROW: &str = "x_SourceRow";
/// What was put right on its way in ([`focus::Row::mended`]).
pub const SOURCE_CHANGES: &str = "x_SourceChanges";

/// The type of a column: texts and JSON as dictionaries, `DECIMAL(38,18)`, microseconds in UTC.
pub fn data_type(holds: ColumnType) -> DataType {
    match holds {
        ColumnType::Decimal => DataType::Decimal128(38, SCALE),
        ColumnType::Instant => DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into())),
        ColumnType::Text | ColumnType::Json => text(),
    }
}

/// A text as a dictionary.
pub fn text() -> DataType {
    DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8))
}

#[allow(clippy::cast_possible_truncation)] // 18
const SCALE: i8 = Decimal::SCALE as i8;

/// The schema of the charges of a file with these columns beyond FOCUS's.
pub fn schema(extra: &[String]) -> Arc<Schema> {
    let focus = Column::ALL
        .iter()
        .map(|column| Field::new(column.name(), data_type(column.holds()), true));
    let provenance = [
        Field::new(SOURCE, text(), false),
        Field::new(SOURCE_ROW, DataType::Int64, false),
        Field::new(SOURCE_CHANGES, text(), true),
    ];
    let extra = extra.iter().map(|name| Field::new(name, text(), true));
    Arc::new(Schema::new(
        focus.chain(provenance).chain(extra).collect::<Vec<_>>(),
    ))
}
