//! The values of Parquet as the texts that a CSV file would have.

use std::fmt::Write as _;

use arrow_array::cast::AsArray;
use arrow_array::types::{
    Date32Type, Decimal128Type, Decimal256Type, Float32Type, Float64Type, Int8Type, Int16Type,
    Int32Type, Int64Type, TimestampMicrosecondType, TimestampMillisecondType,
    TimestampNanosecondType, TimestampSecondType, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{Array, ArrayRef, ArrowPrimitiveType};
use arrow_schema::{DataType, TimeUnit};
use jiff::Timestamp;

/// Lists and maps deeper than this are no bill's.
const DEPTH: usize = 16;

/// Writes what stands in a row, and says whether it is more than null.
pub(super) fn write(text: &mut String, array: &ArrayRef, row: usize) -> Result<bool, String> {
    if array.is_null(row) {
        return Ok(false);
    }
    match array.data_type() {
        DataType::List(_) | DataType::Map(..) | DataType::Struct(_) => {
            json(text, array, row, 1)?;
        }
        _ => plain(text, array, row)?,
    }
    Ok(true)
}

fn plain(text: &mut String, array: &ArrayRef, row: usize) -> Result<(), String> {
    match array.data_type() {
        DataType::Utf8 => text.push_str(array.as_string::<i32>().value(row)),
        DataType::Utf8View => text.push_str(array.as_string_view().value(row)),
        DataType::Binary => bytes(text, array.as_binary::<i32>().value(row))?,
        DataType::BinaryView => bytes(text, array.as_binary_view().value(row))?,
        DataType::Boolean => text.push_str(if array.as_boolean().value(row) {
            "true"
        } else {
            "false"
        }),
        DataType::Int8 => push(text, value::<Int8Type>(array, row)),
        DataType::Int16 => push(text, value::<Int16Type>(array, row)),
        DataType::Int32 => push(text, value::<Int32Type>(array, row)),
        DataType::Int64 => push(text, value::<Int64Type>(array, row)),
        DataType::UInt8 => push(text, value::<UInt8Type>(array, row)),
        DataType::UInt16 => push(text, value::<UInt16Type>(array, row)),
        DataType::UInt32 => push(text, value::<UInt32Type>(array, row)),
        DataType::UInt64 => push(text, value::<UInt64Type>(array, row)),
        // The shortest text that reads as the same float.
        DataType::Float32 => push(text, value::<Float32Type>(array, row)),
        DataType::Float64 => push(text, value::<Float64Type>(array, row)),
        DataType::Decimal128(_, scale) => {
            scaled(text, value::<Decimal128Type>(array, row), *scale);
        }
        DataType::Decimal256(_, scale) => {
            scaled(text, value::<Decimal256Type>(array, row), *scale);
        }
        DataType::Date32 => date(text, value::<Date32Type>(array, row))?,
        DataType::Timestamp(unit, _) => instant(text, *unit, array, row)?,
        other => return Err(format!("bills have no values of the type {other}")),
    }
    Ok(())
}

fn bytes(text: &mut String, bytes: &[u8]) -> Result<(), String> {
    let read = std::str::from_utf8(bytes);
    text.push_str(read.map_err(|_| "this binary value is no text in UTF-8".to_owned())?);
    Ok(())
}

fn value<T: ArrowPrimitiveType>(array: &ArrayRef, row: usize) -> T::Native {
    array.as_primitive::<T>().value(row)
}

fn push(text: &mut String, value: impl std::fmt::Display) {
    // A text takes whatever is written to it.
    let _ = write!(text, "{value}");
}

/// Writes a whole number with the point where its scale has it, and no more zeros than needed.
fn scaled(text: &mut String, units: impl std::fmt::Display, scale: i8) {
    let start = text.len();
    push(text, units);
    let digits = start + usize::from(text[start..].starts_with('-'));
    let Ok(scale @ 1..) = usize::try_from(scale) else {
        if &text[digits..] != "0" {
            text.extend(std::iter::repeat_n('0', usize::from(scale.unsigned_abs())));
        }
        return;
    };
    let missing = (scale + 1).saturating_sub(text.len() - digits);
    if missing > 0 {
        text.insert_str(digits, &"0".repeat(missing));
    }
    text.insert(text.len() - scale, '.');
    let plain = text.trim_end_matches('0').trim_end_matches('.').len();
    text.truncate(plain);
}

fn date(text: &mut String, days: i32) -> Result<(), String> {
    let midnight = Timestamp::from_second(i64::from(days) * 86_400);
    let midnight = midnight.map_err(|_| "this date is too far from now".to_owned())?;
    push(text, jiff::tz::Offset::UTC.to_datetime(midnight).date());
    Ok(())
}

fn instant(text: &mut String, unit: TimeUnit, array: &ArrayRef, row: usize) -> Result<(), String> {
    let instant = match unit {
        TimeUnit::Second => Timestamp::from_second(value::<TimestampSecondType>(array, row)),
        TimeUnit::Millisecond => {
            Timestamp::from_millisecond(value::<TimestampMillisecondType>(array, row))
        }
        TimeUnit::Microsecond => {
            Timestamp::from_microsecond(value::<TimestampMicrosecondType>(array, row))
        }
        TimeUnit::Nanosecond => {
            let count = value::<TimestampNanosecondType>(array, row);
            Timestamp::from_nanosecond(i128::from(count))
        }
    };
    push(
        text,
        instant.map_err(|_| "this instant is too far from now".to_owned())?,
    );
    Ok(())
}

/// Writes a value as JSON.
fn json(text: &mut String, array: &ArrayRef, row: usize, depth: usize) -> Result<(), String> {
    if depth > DEPTH {
        return Err("this value has more than 16 levels".to_owned());
    }
    if array.is_null(row) {
        text.push_str("null");
        return Ok(());
    }
    match array.data_type() {
        DataType::List(_) => {
            let items = array.as_list::<i32>().value(row);
            text.push('[');
            for item in 0..items.len() {
                text.push_str(if item == 0 { "" } else { "," });
                json(text, &items, item, depth + 1)?;
            }
            text.push(']');
        }
        DataType::Map(..) => {
            let entries = array.as_map().value(row);
            text.push('{');
            for entry in 0..entries.len() {
                text.push_str(if entry == 0 { "" } else { "," });
                let mut name = String::new();
                plain(&mut name, entries.column(0), entry)?;
                quote(text, &name);
                text.push(':');
                json(text, entries.column(1), entry, depth + 1)?;
            }
            text.push('}');
        }
        DataType::Struct(fields) => {
            text.push('{');
            for (place, field) in fields.iter().enumerate() {
                text.push_str(if place == 0 { "" } else { "," });
                quote(text, field.name());
                text.push(':');
                json(text, array.as_struct().column(place), row, depth + 1)?;
            }
            text.push('}');
        }
        kind if kind.is_numeric() || *kind == DataType::Boolean => plain(text, array, row)?,
        _ => {
            let mut inner = String::new();
            plain(&mut inner, array, row)?;
            quote(text, &inner);
        }
    }
    Ok(())
}

fn quote(text: &mut String, inner: &str) {
    text.push_str(&serde_json::Value::from(inner).to_string());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_decimal_has_its_point_where_its_scale_has_it() {
        let written = |units: i128, scale: i8| {
            let mut text = String::from("0");
            scaled(&mut text, units, scale);
            text.split_off(1)
        };
        assert_eq!(written(1500, 2), "15");
        assert_eq!(written(1501, 2), "15.01");
        assert_eq!(written(-5, 3), "-0.005");
        assert_eq!(written(0, 18), "0");
        assert_eq!(written(100, 2), "1");
        assert_eq!(written(7, 0), "7");
        assert_eq!(written(-7, -3), "-7000");
        assert_eq!(written(0, -3), "0");
        assert_eq!(
            written(i128::MAX, 38),
            "1.70141183460469231731687303715884105727"
        );
    }
}
