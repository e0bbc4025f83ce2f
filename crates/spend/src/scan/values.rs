//! Costs and days out of columns of whatever type a tool gave them.

use arrow_array::cast::AsArray;
use arrow_array::types::{
    Date32Type, Decimal128Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type,
    Int64Type, TimestampMicrosecondType, TimestampMillisecondType, TimestampNanosecondType,
    TimestampSecondType, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{Array, ArrayRef, ArrowPrimitiveType};
use arrow_schema::{DataType, TimeUnit};
use base::Decimal;
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use super::source::{day_number, per_day};

/// The costs of a batch.
pub(super) struct Costs<'a> {
    /// One a row, in some unit.
    pub(super) numbers: &'a [i128],
    /// How many units of 10^-18 each is.
    pub(super) factor: i128,
    /// What knows which are null, where some are.
    pub(super) nulls: Option<&'a dyn Array>,
}

/// Whether costs can be taken from a column of such a type.
pub(super) fn is_cost(is: &DataType) -> bool {
    match is {
        DataType::Decimal128(_, scale) => (0..=38).contains(scale),
        DataType::Dictionary(_, values) => is_cost(values),
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => true,
        other => other.is_integer() || matches!(other, DataType::Float32 | DataType::Float64),
    }
}

/// The costs of a column; `scratch` holds those that have to be computed.
///
/// A float counts as the shortest decimal number that reads as it: that is what was written before
/// it became one. What has more than 18 digits after the point is rounded half to even, as it is
/// when a bill is imported.
pub(super) fn costs<'a>(
    column: &'a ArrayRef,
    scratch: &'a mut Vec<i128>,
) -> Result<Costs<'a>, String> {
    if let DataType::Decimal128(_, scale @ 0..=18) = *column.data_type() {
        let column: &'a dyn Array = column.as_ref();
        let numbers: &'a [i128] = column.as_primitive::<Decimal128Type>().values();
        return Ok(Costs {
            numbers,
            factor: 10_i128.pow(Decimal::SCALE - u32::from(scale.unsigned_abs())),
            nulls: Some(column).filter(|column| column.null_count() > 0),
        });
    }
    scratch.clear();
    match column.data_type() {
        DataType::Decimal128(_, scale) => {
            let over = 10_i128.pow(u32::from(scale.unsigned_abs()) - Decimal::SCALE);
            let numbers = column.as_primitive::<Decimal128Type>();
            scratch.extend(
                numbers
                    .iter()
                    .map(|number| half_even(number.unwrap_or(0), over)),
            );
        }
        DataType::Float64 => floats::<Float64Type>(column, scratch)?,
        DataType::Float32 => floats::<Float32Type>(column, scratch)?,
        DataType::Int8 => whole::<Int8Type>(column, scratch),
        DataType::Int16 => whole::<Int16Type>(column, scratch),
        DataType::Int32 => whole::<Int32Type>(column, scratch),
        DataType::Int64 => whole::<Int64Type>(column, scratch),
        DataType::UInt8 => whole::<UInt8Type>(column, scratch),
        DataType::UInt16 => whole::<UInt16Type>(column, scratch),
        DataType::UInt32 => whole::<UInt32Type>(column, scratch),
        DataType::UInt64 => whole::<UInt64Type>(column, scratch),
        _ => by_text(column, scratch, |text| match text {
            Some(text) => cost(text),
            None => Ok(0),
        })?,
    }
    Ok(Costs {
        numbers: scratch,
        factor: 1,
        nulls: None,
    })
}

fn half_even(number: i128, over: i128) -> i128 {
    let (whole, rest) = (number.div_euclid(over), number.rem_euclid(over));
    let up = match (rest * 2).cmp(&over) {
        std::cmp::Ordering::Less => 0,
        std::cmp::Ordering::Greater => 1,
        std::cmp::Ordering::Equal => whole.rem_euclid(2),
    };
    whole + up
}

fn floats<T: ArrowPrimitiveType>(column: &ArrayRef, units: &mut Vec<i128>) -> Result<(), String>
where
    T::Native: std::fmt::Display,
{
    use std::fmt::Write as _;
    let mut text = String::new();
    for number in column.as_primitive::<T>() {
        text.clear();
        // A text takes whatever is written to it.
        let _ = number.map(|number| write!(text, "{number}"));
        units.push(if text.is_empty() { 0 } else { cost(&text)? });
    }
    Ok(())
}

fn whole<T: ArrowPrimitiveType>(column: &ArrayRef, units: &mut Vec<i128>)
where
    T::Native: Into<i128>,
{
    let numbers = column.as_primitive::<T>().iter();
    units.extend(numbers.map(|number| {
        let number: i128 = number.map_or(0, Into::into);
        number * Decimal::ONE.units()
    }));
}

fn cost(text: &str) -> Result<i128, String> {
    if text.is_empty() {
        return Ok(0);
    }
    let parsed = Decimal::parse(text.as_bytes());
    parsed
        .map(|parsed| parsed.value.units())
        .map_err(|wrong| format!("has `{}`, which is no cost: {wrong}", base::visible(text)))
}

/// Takes something from each text of a column, once for each that a dictionary has.
fn by_text<T: Copy>(
    column: &ArrayRef,
    taken: &mut Vec<T>,
    take: impl Fn(Option<&str>) -> Result<T, String>,
) -> Result<(), String> {
    let Some(dictionary) = column.as_dictionary_opt::<Int32Type>() else {
        for text in column.as_string::<i32>() {
            taken.push(take(text)?);
        }
        return Ok(());
    };
    let values = dictionary.values().as_string::<i32>();
    let mut known: Vec<Option<T>> = vec![None; values.len()];
    for row in 0..dictionary.len() {
        let Some(at) = dictionary.key(row) else {
            taken.push(take(None)?);
            continue;
        };
        let value = match known[at] {
            Some(value) => value,
            None => take(values.is_valid(at).then(|| values.value(at)))?,
        };
        known[at] = Some(value);
        taken.push(value);
    }
    Ok(())
}

/// Whether days can be taken from a column of such a type.
pub(super) fn is_instant(is: &DataType) -> bool {
    match is {
        DataType::Dictionary(_, values) => is_instant(values),
        DataType::Timestamp(..) | DataType::Date32 => true,
        other => matches!(
            other,
            DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View
        ),
    }
}

/// Farther than any calendar, and within what a day is counted in.
fn near(day: i64) -> i32 {
    i32::try_from(day.clamp(-4_000_000, 4_000_000)).unwrap_or_default()
}

/// The day of each instant, counted from 1970-01-01; there must be no nulls.
pub(super) fn days(column: &ArrayRef, days: &mut Vec<i32>) -> Result<(), String> {
    days.clear();
    match column.data_type() {
        DataType::Timestamp(unit, _) => {
            let per_day = per_day(*unit);
            let instants: &[i64] = match unit {
                TimeUnit::Second => column.as_primitive::<TimestampSecondType>().values(),
                TimeUnit::Millisecond => column.as_primitive::<TimestampMillisecondType>().values(),
                TimeUnit::Microsecond => column.as_primitive::<TimestampMicrosecondType>().values(),
                TimeUnit::Nanosecond => column.as_primitive::<TimestampNanosecondType>().values(),
            };
            days.extend(instants.iter().map(|at| near(at.div_euclid(per_day))));
        }
        DataType::Date32 => {
            let read = column.as_primitive::<Date32Type>().values();
            days.extend(read.iter().map(|&day| near(i64::from(day))));
        }
        _ => by_text(column, days, |text| day(text.unwrap_or_default()))?,
    }
    Ok(())
}

/// The day in UTC of an instant as FOCUS writes it (§2.4 Date/Time Format), or of one without a
/// zone, which is taken for UTC.
fn day(text: &str) -> Result<i32, String> {
    let instant = text.parse::<Timestamp>();
    let instant = instant.map(|instant| instant.to_zoned(TimeZone::UTC).date());
    let date = instant.or_else(|_| text.parse::<DateTime>().map(DateTime::date));
    let date = date.map_err(|_| {
        let shown = base::visible(text);
        format!("has `{shown}`, which is no instant like 2026-03-01T00:00:00Z")
    })?;
    Ok(day_number(date))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow_array::{Decimal128Array, Float64Array, Int64Array, StringArray};

    use super::*;

    fn taken(column: impl Array + 'static) -> Vec<String> {
        let mut scratch = Vec::new();
        let column: ArrayRef = Arc::new(column);
        let costs = costs(&column, &mut scratch).unwrap();
        let numbers = costs.numbers.iter().enumerate().map(|(row, number)| {
            let null = costs.nulls.is_some_and(|nulls| nulls.is_null(row));
            let units = if null { 0 } else { number * costs.factor };
            Decimal::from_units(units).unwrap().to_string()
        });
        numbers.collect()
    }

    #[test]
    fn a_cost_is_the_same_in_each_type_that_tools_write() {
        let decimal = |numbers: Vec<Option<i128>>, scale: i8| -> ArrayRef {
            Arc::new(
                Decimal128Array::from(numbers)
                    .with_precision_and_scale(38, scale)
                    .unwrap(),
            )
        };
        assert_eq!(taken(decimal(vec![Some(-125), None], 2)), ["-1.25", "0"]);
        let wide = decimal(
            vec![Some(-12_500_000_000_000_000_000_000), Some(150), Some(250)],
            20,
        );
        assert_eq!(
            taken(wide),
            ["-125", "0.000000000000000002", "0.000000000000000002"]
        );
        let floats = Float64Array::from(vec![Some(0.1), None, Some(-1e-7), Some(1e11)]);
        assert_eq!(taken(floats), ["0.1", "0", "-0.0000001", "100000000000"]);
        assert_eq!(taken(Int64Array::from(vec![Some(-3), None])), ["-3", "0"]);
        let texts = StringArray::from(vec![Some("1.3E-9"), None, Some(""), Some("-12")]);
        assert_eq!(taken(texts), ["0.0000000013", "0", "0", "-12"]);
    }

    #[test]
    fn what_is_no_number_is_said() {
        let refused = |column: ArrayRef| costs(&column, &mut Vec::new()).map(|_| ()).unwrap_err();
        assert!(refused(Arc::new(Float64Array::from(vec![f64::NAN]))).contains("`NaN`"));
        assert!(refused(Arc::new(StringArray::from(vec!["1,5"]))).contains("`1,5`"));
    }

    #[test]
    fn an_instant_in_words_has_its_day_in_utc() {
        for (text, date) in [
            ("2026-03-01T00:00:00Z", "2026-03-01"),
            ("2026-03-01T00:30:00+01:00", "2026-02-28"),
            ("2026-03-01 23:59:59", "2026-03-01"),
            ("2026-03-01", "2026-03-01"),
        ] {
            assert_eq!(day(text), Ok(day_number(date.parse().unwrap())), "{text}");
        }
        assert!(day("1 March").unwrap_err().contains("no instant"));
    }
}
