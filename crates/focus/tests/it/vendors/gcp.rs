//! Google Cloud's export.

use std::sync::Arc;

use arrow_array::builder::{Float64Builder, ListBuilder, StringBuilder, StructBuilder};
use arrow_array::{ArrayRef, Float64Array, RecordBatch, StringArray, StructArray};
use arrow_array::{Int64Array, TimestampMicrosecondArray};
use arrow_schema::{DataType, Field};
use focus::Column;
use focus::import::Format;
use parquet::arrow::ArrowWriter;

use super::{bill, cells, charges, sum};
use crate::collect::{read, refused};

const MONEY: [Column; 3] = [
    Column::ChargeCategory,
    Column::BilledCost,
    Column::EffectiveCost,
];

#[test]
fn discounts_are_folded_into_the_charge_and_promotions_are_credits() {
    let (summary, charges) = charges("gcp-detailed.jsonl");
    assert_eq!(summary.format, Format::GcpDetailed);
    assert_eq!((summary.read, summary.given), (7, 10));
    let seen: Vec<String> = charges.iter().map(|charge| cells(charge, &MONEY)).collect();
    assert_eq!(
        seen,
        [
            "Usage 0.1011552 0.1011552",
            "Credit -0.1011552 -0.1011552",
            "Usage 0.100000000000000006 0.100000000000000006",
            "Usage 0 0",
            "Usage 812.430017 812.430017",
            "Credit -800 -800",
            "Credit -12.430017 -12.430017",
            "Tax 1.25 1.25",
            "Adjustment 0.0041 0.0041",
            "Adjustment -17.5 -17.5",
        ]
    );
    assert_eq!(charges[0].get(Column::ContractedCost), "0.1011552");
    assert_eq!(charges[0].get(Column::ListCost), "0.1264440000001");
    assert_eq!(
        charges[1].get(Column::ChargeDescription),
        "Meadow open source credits 2025"
    );
    assert_eq!(charges[1].extra["x_CreditType"], "PROMOTION");
    assert_eq!(charges[6].extra["x_CreditType"], "NOT_YET_KNOWN");
    assert_eq!(charges[9].get(Column::ChargeClass), "Correction");
    assert_eq!(charges[9].extra["x_adjustment_info.id"], "adj-77");
    let mended = |word| summary.mended.get(word).copied().unwrap_or_default();
    assert_eq!(mended("credits-folded"), 2);
    assert_eq!(mended("credit-type"), 1);
    assert_eq!(mended("rounded"), 1);
    assert_eq!(
        (summary.rounded, summary.residue),
        (1, -5 * 10_i128.pow(17))
    );
    // What is payable is all costs and all credits.
    assert_eq!(sum(&charges, Column::BilledCost), "-16.145899999999999994");
    assert_eq!(
        sum(&charges, Column::EffectiveCost),
        "-16.145899999999999994"
    );
}

#[test]
fn a_charge_says_all_that_the_export_says_of_it() {
    let (_, charges) = charges("gcp-detailed.jsonl");
    let charge = &charges[0];
    for (column, text) in [
        (Column::ProviderName, "Google Cloud"),
        (Column::BillingAccountId, "01A2B3-C4D5E6-F7A8B9"),
        (Column::SubAccountId, "meadow-build"),
        (Column::ServiceName, "Compute Engine"),
        (Column::ServiceCategory, "Compute"),
        (Column::ResourceName, "builder-1"),
        (Column::RegionId, "us-central1"),
        (Column::AvailabilityZone, "us-central1-a"),
        (Column::PricingQuantity, "4"),
        (Column::PricingUnit, "hour"),
        (Column::ConsumedQuantity, "14400"),
        (Column::ContractedUnitPrice, "0.031611"),
        (Column::ChargePeriodStart, "2025-02-10T08:00:00Z"),
        (Column::BillingPeriodStart, "2025-02-01T08:00:00Z"),
        (Column::BillingPeriodEnd, "2025-03-01T08:00:00Z"),
        (
            Column::Tags,
            r#"{"cost-centre":"42","project:stage":"prod","stage":"canary","team":"builders"}"#,
        ),
    ] {
        assert_eq!(charge.get(column), text, "{column:?}");
    }
    assert_eq!(charge.extra["x_export_time"], "2025-02-10T12:31:07.123456Z");
    assert_eq!(charge.extra["x_project.number"], "112233445566");
    assert!(charge.extra["x_tags"].contains("\"inherited\":true"));
    assert!(charge.extra["x_credits"].contains("SUSTAINED_USAGE_DISCOUNT"));
    assert!(!charges[1].extra["x_credits"].contains("SUSTAINED_USAGE_DISCOUNT"));
}

#[test]
fn a_second_before_the_pacific_month_is_billed_with_the_month_before() {
    let period = [Column::ChargePeriodStart, Column::BillingPeriodStart];
    let (_, lines) = charges("gcp-detailed.jsonl");
    let seen: Vec<String> = lines[2..4]
        .iter()
        .map(|charge| cells(charge, &period))
        .collect();
    let expected = [
        "2025-03-01T07:59:59Z 2025-02-01T08:00:00Z",
        "2025-03-01T08:00:00Z 2025-03-01T08:00:00Z",
    ];
    assert_eq!(seen, expected);
    // And where the export has no `invoice.month`.
    let text = String::from_utf8(bill("gcp-detailed.jsonl")).expect("a text");
    let without: Vec<String> = text
        .lines()
        .skip(1)
        .take(2)
        .map(|line| line.replace(r#""invoice":{"month":"#, r#""bill":{"month":"#))
        .collect();
    let (summary, collected) = read("gcp.jsonl", without.join("\n")).expect("sound");
    let seen: Vec<String> = collected
        .charges
        .iter()
        .map(|charge| cells(charge, &period))
        .collect();
    assert_eq!(seen, expected);
    assert_eq!(summary.mended.get("invoice-month"), Some(&2));
}

#[test]
fn an_export_flattened_to_csv_says_the_same() {
    let (summary, charges) = charges("gcp-flat.csv");
    assert_eq!(summary.format, Format::GcpStandard);
    let seen: Vec<String> = charges.iter().map(|charge| cells(charge, &MONEY)).collect();
    assert_eq!(
        seen,
        [
            "Usage 10.5 10.5",
            "Credit -10.25 -10.25",
            "Usage 0.000001 0.000001"
        ]
    );
    assert_eq!(
        charges[0].get(Column::Tags),
        r#"{"keep":true,"project:team":"infra","team":"release"}"#
    );
    assert_eq!(
        charges[0].get(Column::ConsumedQuantity),
        "42000000000000000"
    );
    assert_eq!(
        charges[0].get(Column::BillingPeriodStart),
        "2025-02-01T08:00:00Z"
    );
    assert_eq!(
        charges[2].get(Column::BillingPeriodStart),
        "2025-03-01T08:00:00Z"
    );
    assert_eq!(charges[0].extra["x_new_column"], "something");
    assert_eq!(charges[1].number, 2);
    assert_eq!(charges[2].mended, "invoice-month time-form");
}

#[test]
fn costs_in_millionths_are_costs() {
    let (_, charges) = charges("gcp-micros.csv");
    let seen: Vec<String> = charges.iter().map(|charge| cells(charge, &MONEY)).collect();
    assert_eq!(
        seen,
        ["Usage 1.234567 1.234567", "Usage -0.000017 -0.000017"]
    );
}

/// A charge with a discount and a promotion, as `BigQuery` exports it to Parquet.
fn parquet() -> Vec<u8> {
    let text = |text: &str| -> ArrayRef { Arc::new(StringArray::from(vec![text])) };
    let field = |name, kind| Field::new(name, kind, true);
    let one = |name, value| -> ArrayRef {
        let field = Arc::new(field(name, DataType::Utf8));
        Arc::new(StructArray::from(vec![(field, text(value))]))
    };
    let time = |second: i64| -> ArrayRef {
        Arc::new(TimestampMicrosecondArray::from(vec![second * 1_000_000]).with_timezone("UTC"))
    };
    let fields = vec![
        field("type", DataType::Utf8),
        field("full_name", DataType::Utf8),
        field("amount", DataType::Float64),
    ];
    let mut credits = ListBuilder::new(StructBuilder::from_fields(fields, 2));
    for (kind, amount) in [("DISCOUNT", -0.25), ("PROMOTION", -1e-7)] {
        let credit = credits.values();
        for (place, text) in [kind, "A credit"].into_iter().enumerate() {
            let texts = credit.field_builder::<StringBuilder>(place);
            texts.expect("texts").append_value(text);
        }
        let amounts = credit.field_builder::<Float64Builder>(2);
        amounts.expect("numbers").append_value(amount);
        credit.append(true);
    }
    credits.append(true);
    let batch = RecordBatch::try_from_iter([
        ("billing_account_id", text("01A2B3-C4D5E6-F7A8B9")),
        ("service", one("description", "Cloud Storage")),
        ("usage_start_time", time(1_740_816_000)),
        ("usage_end_time", time(1_740_819_600)),
        ("project", one("id", "meadow-artifacts")),
        ("cost", Arc::new(Float64Array::from(vec![1.5])) as ArrayRef),
        ("currency", text("USD")),
        ("credits", Arc::new(credits.finish())),
        ("invoice", one("month", "202503")),
        ("cost_type", text("regular")),
        ("some_number", Arc::new(Int64Array::from(vec![7]))),
    ]);
    let batch = batch.expect("a batch");
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), None).expect("a writer");
    writer.write(&batch).expect("written");
    writer.close().expect("closed");
    bytes
}

#[test]
fn parquet_with_structs_and_lists_is_read_as_json_is() {
    let (summary, collected) = read("gcp.parquet", parquet()).expect("sound");
    assert_eq!(summary.format, Format::GcpStandard);
    let seen: Vec<String> = collected
        .charges
        .iter()
        .map(|charge| cells(charge, &MONEY))
        .collect();
    assert_eq!(seen, ["Usage 1.25 1.25", "Credit -0.0000001 -0.0000001"]);
    let charge = &collected.charges[0];
    for (column, text) in [
        (Column::ServiceName, "Cloud Storage"),
        (Column::SubAccountId, "meadow-artifacts"),
        (Column::ChargePeriodStart, "2025-03-01T08:00:00Z"),
        (Column::BillingPeriodStart, "2025-03-01T08:00:00Z"),
        (Column::BillingPeriodEnd, "2025-04-01T07:00:00Z"),
    ] {
        assert_eq!(charge.get(column), text, "{column:?}");
    }
    assert_eq!(charge.extra["x_some_number"], "7");
}

#[test]
fn tags_of_one_name_of_several_organisations_are_different_tags() {
    let text = String::from_utf8(bill("gcp-detailed.jsonl")).expect("a text");
    let one = r#"{"key":"cost-centre","value":"42","inherited":true,"namespace":"987654321098"}"#;
    let others = ["1", "2"].map(|name| {
        format!(
            r#",{{"key":"cost-centre","value":"{name}","inherited":false,"namespace":"{name}"}}"#
        )
    });
    let text = text.replacen(one, &format!("{one}{}", others.concat()), 1);
    let (_, collected) = read("gcp.jsonl", text).expect("sound");
    let tags = collected.charges[0].get(Column::Tags);
    let first = r#"{"cost-centre":"42","project:stage":"prod","stage":"canary","#;
    let last = r#""tag:1/cost-centre":"1","tag:2/cost-centre":"2","team":"builders"}"#;
    assert_eq!(tags, format!("{first}{last}"));
}

#[test]
fn of_two_columns_with_costs_none_is_taken_by_chance() {
    let text = String::from_utf8(bill("gcp-flat.csv")).expect("a text");
    let twice: Vec<String> = text
        .lines()
        .enumerate()
        .map(|(line, row)| format!("{row},{}", if line == 0 { "Cost" } else { "7" }))
        .collect();
    assert_eq!(
        refused("gcp.csv", twice.join("\n")),
        "gcp.csv:Cost: this column and `cost` are one and the same [bill-column]"
    );
}

/// The flat fixture with a text in it exchanged.
fn with(old: &str, new: &str) -> String {
    let text = String::from_utf8(bill("gcp-flat.csv")).expect("a text");
    assert!(text.contains(old), "{old}");
    text.replacen(old, new, 1)
}

#[test]
fn what_is_wrong_is_named_with_its_place() {
    for (old, new, said) in [
        (
            ",regular,something",
            ",refund,something",
            "gcp.csv:2:cost_type: `refund` is none of its values, which are regular, tax, adjustment or rounding_error [bill-value]",
        ),
        (",10.5,", ",ten,", "gcp.csv:2:cost: `ten` is no number: "),
        (
            ",10.5,",
            ",1e12,",
            "gcp.csv:2:cost: an amount of 1000000000000 is no honest one: it must be less than 10^12 [bill-number]",
        ),
        (
            ",202502,",
            ",202513,",
            "gcp.csv:2:invoice.month: `202513` is no month [bill-instant]",
        ),
        (
            "\"\"amount\"\":-10.25,",
            "",
            "gcp.csv:2:credits: a credit has no amount: ",
        ),
        (
            "\"\"amount\"\":-10.25,",
            "\"\"amount\"\":-10.25,\"\"amount\"\":-1,",
            "gcp.csv:2:credits: `[{\"name\":\"Meadow credits\"",
        ),
        (
            ",[],[],us-east1",
            ",[],7,us-east1",
            "gcp.csv:3:project.labels: `7` is no list of objects in JSON",
        ),
        (
            ",credits,",
            ",credits.amount,",
            "gcp.csv: the column `credits_amount` says that a list was taken apart",
        ),
        (
            ",credits,",
            ",kredits,",
            "gcp.csv: there is no column `credits`",
        ),
        (
            "2025-03-01 07:59:59 UTC",
            "",
            "gcp.csv:2:usage_start_time: this charge has no ChargePeriodStart [bill-missing]",
        ),
    ] {
        let told = refused("gcp.csv", with(old, new));
        assert!(told.starts_with(said), "{told}\n{said}");
    }
}
