//! What is written as CSV, JSON or Parquet is read as the same rows.

use std::io::Cursor;
use std::sync::Arc;

use arrow_array::{
    ArrayRef, Decimal128Array, DictionaryArray, RecordBatch, StringArray,
    TimestampMicrosecondArray, types::Int32Type,
};
use base::Decimal;
use focus::Column;
use focus::import::Input;
use jiff::Timestamp;
use parquet::arrow::ArrowWriter;
use proptest::prelude::*;

use crate::collect::{Charge, Collected, read};

/// A charge as it is written.
#[derive(Debug, Clone)]
struct Written {
    cost: Decimal,
    quantity: Option<Decimal>,
    start: Timestamp,
    category: &'static str,
    name: Option<String>,
    note: Option<String>,
}

const NAMES: [&str; 10] = [
    "BilledCost",
    "EffectiveCost",
    "ConsumedQuantity",
    "ChargePeriodStart",
    "BillingPeriodStart",
    "ChargeCategory",
    "BillingCurrency",
    "BillingAccountId",
    "ProviderName",
    "ResourceName",
];

/// A text that is not one of the ways of writing null.
fn text() -> impl Strategy<Value = Option<String>> {
    let odd = "[ -~\\n\\r\\t\",äß語🦀]{1,20}";
    let sound = |text: &String| !["NULL", "null", "(null)"].contains(&text.as_str());
    prop::option::of(odd.prop_filter("spells null", sound))
}

fn decimal() -> impl Strategy<Value = Decimal> {
    let below = 10_i128.pow(30) - 1;
    prop_oneof![
        (-below..=below).prop_map(|units| Decimal::from_units(units).expect("in range")),
        (-1_000_000_i64..1_000_000).prop_map(Decimal::whole),
    ]
}

fn written() -> impl Strategy<Value = Written> {
    let second = 631_152_000_i64..7_258_118_400;
    let category = prop::sample::select(vec!["Usage", "Purchase", "Tax", "Credit", "Adjustment"]);
    let quantity = prop::option::of(decimal());
    (decimal(), quantity, second, category, text(), text()).prop_map(
        |(cost, quantity, second, category, name, note)| Written {
            cost,
            quantity,
            start: Timestamp::from_second(second).expect("in range"),
            category,
            name,
            note,
        },
    )
}

impl Written {
    /// Its cells in the order of [`NAMES`], and the note; nothing for null.
    fn texts(&self) -> Vec<Option<String>> {
        let some = |text: &dyn ToString| Some(text.to_string());
        vec![
            some(&self.cost),
            some(&self.cost),
            self.quantity.map(|quantity| quantity.to_string()),
            some(&self.start),
            some(&self.start),
            some(&self.category),
            some(&"EUR"),
            some(&"a-1"),
            some(&"Meadow"),
            self.name.clone(),
            self.note.clone(),
        ]
    }

    fn read(&self) -> Charge {
        let mut charge = Charge::default();
        let mut texts = self.texts();
        charge.extra.extend(
            texts
                .pop()
                .flatten()
                .map(|note| ("x_Note".to_owned(), note)),
        );
        for (name, text) in NAMES.iter().zip(texts) {
            let column = Column::named(name).expect("a column");
            charge.cells.extend(text.map(|text| (column, text)));
        }
        charge
    }
}

fn csv(rows: &[Written]) -> Vec<u8> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer
        .write_record(NAMES.iter().chain(&["x_Note"]))
        .expect("memory takes all");
    for row in rows {
        let texts = row.texts().into_iter().map(Option::unwrap_or_default);
        writer.write_record(texts).expect("memory takes all");
    }
    writer.into_inner().expect("memory takes all")
}

fn json(rows: &[Written]) -> Vec<u8> {
    let object = |row: &Written| {
        let names = NAMES.iter().chain(&["x_Note"]);
        let member = |(name, text): (&&str, Option<String>)| {
            let value = match text {
                None => "null".to_owned(),
                // The digits as they are, which a float would lose.
                Some(text) if name.ends_with("Cost") || name.ends_with("Quantity") => text,
                Some(text) => serde_json::Value::from(text).to_string(),
            };
            format!("\"{name}\":{value}")
        };
        let members: Vec<String> = names.zip(row.texts()).map(member).collect();
        format!("{{{}}}\n", members.join(","))
    };
    rows.iter().map(object).collect::<String>().into_bytes()
}

fn parquet(rows: &[Written]) -> Vec<u8> {
    let decimals = |cell: &dyn Fn(&Written) -> Option<Decimal>| -> ArrayRef {
        let units = rows.iter().map(|row| cell(row).map(Decimal::units));
        let array: Decimal128Array = units.collect();
        Arc::new(array.with_precision_and_scale(38, 18).expect("a scale"))
    };
    let instants = || -> ArrayRef {
        let array: TimestampMicrosecondArray = rows
            .iter()
            .map(|row| Some(row.start.as_microsecond()))
            .collect();
        Arc::new(array.with_timezone("UTC"))
    };
    let texts = |place: usize| -> ArrayRef {
        let array: StringArray = rows.iter().map(|row| row.texts()[place].clone()).collect();
        Arc::new(array)
    };
    let categories: DictionaryArray<Int32Type> = rows.iter().map(|row| row.category).collect();
    let mut columns: Vec<(&str, ArrayRef)> = vec![
        ("BilledCost", decimals(&|row| Some(row.cost))),
        ("EffectiveCost", decimals(&|row| Some(row.cost))),
        ("ConsumedQuantity", decimals(&|row| row.quantity)),
        ("ChargePeriodStart", instants()),
        ("BillingPeriodStart", instants()),
        ("ChargeCategory", Arc::new(categories)),
    ];
    columns.extend((6..10).map(|place| (NAMES[place], texts(place))));
    columns.push(("x_Note", texts(10)));
    let columns = columns.into_iter().map(|(name, array)| (name, array, true));
    let batch = RecordBatch::try_from_iter_with_nullable(columns).expect("a batch");
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), None).expect("a writer");
    writer.write(&batch).expect("memory takes all");
    writer.close().expect("memory takes all");
    bytes
}

/// What was read, without where it stood.
fn read_back(name: &str, bytes: Vec<u8>) -> Result<Vec<Charge>, String> {
    let (summary, collected) = read(name, bytes).map_err(|problems| problems[0].to_string())?;
    if !summary.mended.is_empty() {
        return Err(format!("{name}: mended {:?}", summary.mended));
    }
    let Collected { mut charges, .. } = collected;
    for charge in &mut charges {
        charge.number = 0;
    }
    Ok(charges)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn rows_are_the_same_through_csv_json_and_parquet(
        rows in prop::collection::vec(written(), 1..12)
    ) {
        let expected: Vec<Charge> = rows.iter().map(Written::read).collect();
        prop_assert_eq!(read_back("rows.csv", csv(&rows)), Ok(expected.clone()));
        prop_assert_eq!(read_back("rows.json", json(&rows)), Ok(expected.clone()));
        prop_assert_eq!(read_back("rows.parquet", parquet(&rows)), Ok(expected));
    }

    #[test]
    fn rows_of_csv_are_split_as_the_crate_csv_splits_them(
        rows in prop::collection::vec(prop::collection::vec("[ab\",\n\r]{0,6}", 1..4), 1..6)
    ) {
        let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
        for row in &rows {
            writer.write_record(row).expect("memory takes all");
        }
        let rest = String::from_utf8(writer.into_inner().expect("memory takes all"))
            .expect("a text");
        let file = format!("BilledCost,ChargePeriodStart,x\n{rest}");
        let mut input = Input::open("rows.csv", Cursor::new(file)).expect("a table");
        let columns: Vec<_> =
            ["BilledCost", "ChargePeriodStart", "x"].map(|name| input.column(name)).into();
        for row in rows.iter().filter(|row| row.concat().len() + row.len() > 1) {
            match input.next_record() {
                Ok(record) => {
                    let record = record.expect("as many records as rows");
                    let text = |column: &Option<_>| record.text(column.expect("a column"));
                    let texts: Vec<&str> =
                        columns.iter().map(|column| text(column).unwrap_or_default()).collect();
                    prop_assert_eq!(texts, row.iter().map(String::as_str).collect::<Vec<_>>());
                }
                Err(problem) => {
                    prop_assert_eq!(problem.code.id, "bill-record");
                    prop_assert!(row.len() != 3);
                }
            }
        }
        prop_assert!(input.next_record().is_ok_and(|record| record.is_none()));
    }
}
