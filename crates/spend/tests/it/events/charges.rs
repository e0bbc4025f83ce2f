//! The charges of an estate as they are kept: a row for each day, project and price.

use std::ops::Range;
use std::sync::Arc;

use arrow_array::types::Int32Type;
use arrow_array::{
    ArrayRef, Decimal128Array, DictionaryArray, Int64Array, RecordBatch, TimestampMicrosecondArray,
    new_null_array,
};
use base::Decimal;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use parquet::arrow::ArrowWriter;
use spend::schema;
use tempfile::NamedTempFile;

use super::day;
use super::project::Estate;

struct Row<'e> {
    day: Date,
    texts: [(&'static str, &'e str); 6],
    cents: i64,
}

/// Writes them, with what projects were raised by and when.
pub(crate) fn write(
    estate: &Estate,
    raised: impl Fn(usize) -> (f64, Range<usize>),
) -> NamedTempFile {
    let mut rows = Vec::new();
    for (place, project) in estate.projects.iter().enumerate() {
        let raised = raised(place);
        for number in 0..estate.days {
            for (service, meter, cents) in estate.prices(place, number, &raised) {
                let texts = [
                    ("ProviderName", project.provider),
                    ("BillingAccountId", project.account),
                    ("SubAccountId", project.name),
                    ("ServiceName", service),
                    ("SkuMeter", meter),
                    ("ChargeCategory", "Usage"),
                ];
                let day = day(number);
                rows.push(Row { day, texts, cents });
            }
        }
    }
    let schema = schema::schema(&[]);
    let columns = schema.fields().iter().map(|field| {
        column(&rows, field.name()).unwrap_or_else(|| new_null_array(field.data_type(), rows.len()))
    });
    let batch = RecordBatch::try_new(Arc::clone(&schema), columns.collect()).expect("columns");
    let file = NamedTempFile::new().expect("a file");
    let mut writer = ArrowWriter::try_new(file.as_file(), schema, None).expect("a writer");
    writer.write(&batch).expect("rows");
    writer.close().expect("an end");
    file
}

fn column(rows: &[Row<'_>], name: &str) -> Option<ArrayRef> {
    let texts = |text: &dyn Fn(&Row<'_>) -> String| -> ArrayRef {
        let texts: Vec<String> = rows.iter().map(text).collect();
        let texts = texts.iter().map(String::as_str);
        Arc::new(texts.collect::<DictionaryArray<Int32Type>>())
    };
    let days = |days: i64| -> ArrayRef {
        let at = rows.iter().map(|row| {
            let day = spend::outlook::after(row.day, days);
            let start = day.to_zoned(TimeZone::UTC).expect("a day");
            start.timestamp().as_microsecond()
        });
        Arc::new(TimestampMicrosecondArray::from_iter_values(at).with_timezone("UTC"))
    };
    Some(match name {
        "BilledCost" | "EffectiveCost" | "ListCost" | "ContractedCost" => {
            let cent = Decimal::ONE.units() / 100;
            let units = rows.iter().map(|row| i128::from(row.cents) * cent);
            let costs = Decimal128Array::from_iter_values(units);
            Arc::new(costs.with_precision_and_scale(38, 18).expect("a scale"))
        }
        "ChargePeriodStart" => days(0),
        "ChargePeriodEnd" => days(1),
        "BillingPeriodStart" => days(0),
        "BillingCurrency" => texts(&|_| "USD".to_owned()),
        schema::SOURCE => texts(&|_| "0".repeat(12)),
        schema::SOURCE_ROW => Arc::new(Int64Array::from(vec![1; rows.len()])),
        name => {
            let at = rows.first()?.texts.iter().position(|text| text.0 == name)?;
            texts(&|row| row.texts[at].1.to_owned())
        }
    })
}
