//! Charges grouped and summed, from files of every sort.

#![expect(clippy::unwrap_used, reason = "what tests share is a test too")]

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use arrow_array::{ArrayRef, Float64Array, RecordBatch, StringArray};
use arrow_schema::{DataType, Field, Schema};
use base::Decimal;
use focus::Column;
use spend::ownership::Ownership;
use spend::query::{Question, Table, from_files};
use spend::scan::{Input, ScanError};
use spend::schema;

use crate::scan_rows::{Charge, RULES, batch, ownership, write, write_as};

fn ask(by: &str, filters: &[&str], path: &Path) -> Result<Table, ScanError> {
    let filters: Vec<String> = filters.iter().map(|&filter| filter.to_owned()).collect();
    let question = Question::parse(by, &filters, "gross,net,rows", (None, None), None).unwrap();
    from_files(&question, &[Input::file(path)], &ownership(RULES))
}

fn said(table: &Table) -> Vec<String> {
    let line = |line: &spend::query::Line| {
        let sums: Vec<String> = line.sums.iter().map(ToString::to_string).collect();
        format!(
            "{} {} {}",
            line.names.join("|"),
            line.currency,
            sums.join(" ")
        )
    };
    table.lines.iter().map(line).collect()
}

fn charges() -> Vec<Charge> {
    let one = Charge::plain();
    vec![
        Charge {
            second: 86_400 * 39,
            ..one.clone()
        },
        Charge {
            second: 86_400 * 40,
            ..one.clone()
        },
        Charge {
            category: "Credit",
            description: Some("Grant"),
            costs: [-500_000_000_000_000_000; 4],
            ..one.clone()
        },
        Charge {
            sub_account: None,
            tags: Some(r#"{"env":"prod-1"}"#),
            costs: [125_000_000_000_000_000; 4],
            ..one
        },
    ]
}

#[test]
fn owners_change_on_their_day_and_credits_are_no_gross_cost() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.parquet");
    write(&path, &charges(), 2);
    assert_eq!(
        said(&ask("owner", &[], &path).unwrap()),
        ["docs USD 1.125 0.625 3", "infra USD 1 1 1"]
    );
    assert_eq!(
        said(&ask("credit", &["credit!="], &path).unwrap()),
        ["Grant USD 0 -0.5 1"]
    );
    assert_eq!(
        said(&ask("month,service", &[], &path).unwrap()),
        [
            "2026-01|site USD 0.125 0.125 1",
            "2026-01| USD 0 -0.5 1",
            "2026-02| USD 2 2 2"
        ]
    );
}

/// The columns of a file as another tool may write them.
fn foreign(
    charges: &[Charge],
    change: impl Fn(&str, ArrayRef) -> Option<(String, ArrayRef)>,
) -> RecordBatch {
    let own = batch(charges, &schema::schema(&[]));
    let mut columns: BTreeMap<String, ArrayRef> = BTreeMap::new();
    for (field, column) in own.schema().fields().iter().zip(own.columns()) {
        columns.extend(change(field.name(), Arc::clone(column)));
    }
    let fields: Vec<Field> = columns
        .iter()
        .map(|(name, column)| Field::new(name, column.data_type().clone(), true))
        .collect();
    RecordBatch::try_new(
        Arc::new(Schema::new(fields)),
        columns.into_values().collect(),
    )
    .unwrap()
}

#[expect(clippy::cast_precision_loss, reason = "other tools write floats")]
#[test]
fn a_file_of_another_tool_gives_the_same_sums_whatever_its_types() {
    let folder = tempfile::tempdir().unwrap();
    let (own, other) = (
        folder.path().join("own.parquet"),
        folder.path().join("other.parquet"),
    );
    write(&own, &charges(), 2);
    let costs = |name: &str, take: fn(&Charge) -> f64| -> (String, ArrayRef) {
        (
            name.to_owned(),
            Arc::new(
                charges()
                    .iter()
                    .map(|charge| Some(take(charge)))
                    .collect::<Float64Array>(),
            ),
        )
    };
    let texts = |name: &str, texts: Vec<String>| -> (String, ArrayRef) {
        (name.to_owned(), Arc::new(StringArray::from(texts)))
    };
    let file = foreign(&charges(), |name, column| match name {
        "EffectiveCost" => Some(costs(name, |charge| charge.costs[1] as f64 / 1e18)),
        "BilledCost" => Some(texts(
            name,
            charges()
                .iter()
                .map(|charge| format!("{}E-18", charge.costs[0]))
                .collect(),
        )),
        "ChargePeriodStart" => Some(texts(
            name,
            charges()
                .iter()
                .map(|charge| format!("{}T12:00:00Z", charge.day()))
                .collect(),
        )),
        // FOCUS 1.4 has another name for it, and most files lack most columns.
        "ProviderName" => Some(("ServiceProviderName".to_owned(), column)),
        "ServiceProviderName" | "SkuId" | "SkuMeter" => None,
        // A plain text is no dictionary.
        "Tags" => Some((name.to_owned(), arrow_cast(&column))),
        _ => Some((name.to_owned(), column)),
    });
    write_as(&other, &file, 3);
    for by in [
        "owner,provider",
        "month,tag:env",
        "meter,day,service",
        "sku,billed-month",
    ] {
        assert_eq!(
            said(&ask(by, &[], &other).unwrap()),
            said(&ask(by, &[], &own).unwrap()),
            "{by}"
        );
    }
}

fn arrow_cast(column: &ArrayRef) -> ArrayRef {
    use arrow_array::cast::AsArray as _;
    use arrow_array::types::Int32Type;
    let texts = column.as_dictionary::<Int32Type>();
    let texts = texts.downcast_dict::<StringArray>().unwrap();
    Arc::new(texts.into_iter().collect::<StringArray>())
}

#[expect(clippy::disallowed_methods, reason = "the file is a test's own")]
#[test]
fn a_file_that_cannot_be_summed_says_why_and_where() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bill.parquet");
    let refused = |name: &'static str, to: Option<ArrayRef>| {
        let file = foreign(&charges(), |column, had| match (column == name, &to) {
            (true, None) => None,
            (true, Some(to)) => Some((column.to_owned(), Arc::clone(to))),
            _ => Some((column.to_owned(), had)),
        });
        write_as(&path, &file, 9);
        let error = ask("owner,month", &[], &path).unwrap_err();
        assert!(error.to_string().contains("bill.parquet"), "{error}");
        error.to_string()
    };
    assert!(refused("EffectiveCost", None).contains("there is no column EffectiveCost"));
    assert!(refused("ChargePeriodStart", None).contains("there is no column ChargePeriodStart"));
    let four = |text: &str| -> ArrayRef { Arc::new(StringArray::from(vec![text; 4])) };
    assert!(refused("EffectiveCost", Some(four("1,5"))).contains("EffectiveCost has `1,5`"));
    assert!(
        refused("ChargePeriodStart", Some(four("soon"))).contains("ChargePeriodStart has `soon`")
    );
    let nan: ArrayRef = Arc::new(Float64Array::from(vec![f64::NAN; 4]));
    assert!(refused("EffectiveCost", Some(nan.clone())).contains("`NaN`"));
    assert!(refused("ProviderName", Some(nan)).contains("holds Float64, where a text is needed"));
    let nothing = arrow_array::new_null_array(&DataType::Utf8, 4);
    assert!(refused("ChargePeriodStart", Some(nothing)).contains("null"));
    assert!(refused("ChargeCategory", Some(four("Rebate"))).contains("ChargeCategory is `Rebate`"));

    std::fs::write(&path, "no parquet").unwrap();
    assert!(
        ask("owner", &[], &path)
            .unwrap_err()
            .to_string()
            .contains("cannot be read as Parquet")
    );
    let missing = folder.path().join("none.parquet");
    assert!(
        ask("owner", &[], &missing)
            .unwrap_err()
            .to_string()
            .contains("none.parquet")
    );
}

#[test]
fn a_currency_that_is_none_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.parquet");
    write(
        &path,
        &[Charge {
            currency: "usd",
            ..Charge::plain()
        }],
        9,
    );
    let said = ask("owner", &[], &path).unwrap_err().to_string();
    assert!(
        said.contains("BillingCurrency is `usd`") && said.contains("USD"),
        "{said}"
    );
}

#[test]
fn no_row_and_no_file_are_no_lines() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.parquet");
    write(&path, &[], 9);
    assert!(
        ask("owner,month", &["tag:a=b"], &path)
            .unwrap()
            .lines
            .is_empty()
    );
    let question = Question::parse("owner", &[], "rows", (None, None), None).unwrap();
    assert!(
        from_files(&question, &[], &Ownership::nobody())
            .unwrap()
            .totals
            .is_empty()
    );
}

#[test]
fn a_row_group_that_cannot_have_the_month_is_not_read_and_nothing_is_lost() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.parquet");
    let charges: Vec<Charge> = (0..90)
        .map(|day| Charge {
            second: day * 86_400,
            ..Charge::plain()
        })
        .collect();
    write(&path, &charges, 5);
    for (filter, rows) in [
        ("month=2026-02", 28),
        ("day=2026-03-31", 1),
        ("billed-month=2026-01", 90),
        ("day!=2026-01-01", 89),
    ] {
        let table = ask("provider", &[filter], &path).unwrap();
        assert_eq!(table.lines[0].sums[2], Decimal::whole(rows), "{filter}");
    }
    assert!(
        ask("provider", &["month=2026-04"], &path)
            .unwrap()
            .lines
            .is_empty()
    );
    assert_eq!(Column::ALL.len(), Column::COUNT);
}
