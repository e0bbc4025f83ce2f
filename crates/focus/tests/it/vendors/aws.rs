//! AWS's reports.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow_array::builder::{MapBuilder, StringBuilder};
use arrow_array::{ArrayRef, Float64Array, RecordBatch, StringArray};
use focus::Column;
use focus::import::Format;
use parquet::arrow::ArrowWriter;

use super::{bill, cells, charges, sum};
use crate::collect::{read, refused};

#[test]
fn each_type_of_line_item_costs_what_its_columns_say() {
    let (summary, charges) = charges("aws-cur2.csv");
    assert_eq!(summary.format, Format::AwsCur2);
    let columns = [
        Column::ChargeCategory,
        Column::BilledCost,
        Column::EffectiveCost,
    ];
    let seen: Vec<String> = charges
        .iter()
        .map(|charge| {
            format!(
                "{} {}",
                charge.extra["x_LineItemType"],
                cells(charge, &columns)
            )
        })
        .collect();
    assert_eq!(
        seen,
        [
            "Usage Usage 0.0864 0.0864",
            "SavingsPlanCoveredUsage Usage 0.096 0.0700000001",
            "SavingsPlanNegation Usage -0.096 0",
            "SavingsPlanRecurringFee Purchase 0.1 0",
            "SavingsPlanRecurringFee Usage 0 0.0299999999",
            "SavingsPlanUpfrontFee Purchase 600 0",
            "DiscountedUsage Usage 0 0.061",
            "RIFee Purchase 22.32 0",
            "RIFee Usage 0 3.05",
            "Fee Purchase 271.56 0",
            "Fee Purchase 100 100",
            "Tax Tax 1.23 1.23",
            "Credit Credit -350.75 -350.75",
            "Refund Usage -4.44 -4.44",
            "EdpDiscount Adjustment 0 0",
        ]
    );
    assert_eq!(charges[13].get(Column::ChargeClass), "Correction");
    assert_eq!(summary.mended.get("in-net"), Some(&1));
    // The savings plan's hour is what it covered and what it did not.
    let plan = charges
        .iter()
        .filter(|charge| charge.get(Column::CommitmentDiscountId).ends_with("sp-1"));
    assert_eq!(sum(plan, Column::EffectiveCost), "0.1");
}

#[test]
fn a_line_item_says_all_that_the_report_says_of_it() {
    let (summary, charges) = charges("aws-cur2.csv");
    let charge = &charges[0];
    for (column, text) in [
        (Column::ProviderName, "AWS"),
        (Column::BillingAccountId, "111122223333"),
        (Column::SubAccountId, "444455556666"),
        (Column::SubAccountName, "Meadow CI"),
        (Column::ServiceName, "Amazon Elastic Compute Cloud"),
        (Column::ServiceCategory, "Compute"),
        (Column::RegionId, "us-east-2"),
        (Column::AvailabilityZone, "us-east-2a"),
        (Column::ListCost, "0.096"),
        (Column::ContractedCost, "0.0864"),
        (Column::PricingCategory, "Standard"),
        (Column::InvoiceId, "2034567891"),
        (
            Column::Tags,
            r#"{"aws_created_by":"Root:111122223333","team":"builders"}"#,
        ),
        (Column::ChargePeriodStart, "2025-03-04T05:00:00Z"),
        (Column::BillingPeriodEnd, "2025-04-01T00:00:00Z"),
    ] {
        assert_eq!(charge.get(column), text, "{column:?}");
    }
    assert_eq!(charge.extra["x_line_item_unblended_cost"], "0.0960000000");
    assert_eq!(charge.extra["x_cost_category"], r#"{"Team":"builders"}"#);
    // A month of a fee ends with the first instant of the next.
    assert_eq!(
        charges[7].get(Column::ChargePeriodEnd),
        "2025-04-01T00:00:00Z"
    );
    assert_eq!(summary.mended.get("period-end"), Some(&2));
    let covered = &charges[1];
    assert_eq!(covered.get(Column::CommitmentDiscountStatus), "Used");
    assert_eq!(covered.get(Column::CommitmentDiscountCategory), "Spend");
}

#[test]
fn what_nobody_used_of_a_commitment_is_use_of_its_own() {
    let (_, charges) = charges("aws-cur2.csv");
    let unused: Vec<String> = charges
        .iter()
        .filter(|charge| charge.get(Column::CommitmentDiscountStatus) == "Unused")
        .map(|charge| {
            assert_eq!(
                charge.get(Column::ResourceId),
                charge.get(Column::CommitmentDiscountId)
            );
            let columns = [
                Column::ChargeCategory,
                Column::BilledCost,
                Column::EffectiveCost,
                Column::ListCost,
            ];
            cells(charge, &columns)
        })
        .collect();
    assert_eq!(unused, ["Usage 0 0.0299999999 0", "Usage 0 3.05 0"]);
}

#[test]
fn a_negation_does_not_take_away_what_covered_use_is_worth() {
    let (_, charges) = charges("aws-cur2.csv");
    let used = |column| {
        let plan = charges.iter().filter(|charge| {
            charge.get(Column::CommitmentDiscountStatus) == "Used"
                && charge.get(Column::CommitmentDiscountCategory) == "Spend"
        });
        sum(plan, column)
    };
    assert_eq!(used(Column::BilledCost), "0");
    assert_eq!(used(Column::ContractedCost), "0.096");
    assert_eq!(used(Column::EffectiveCost), "0.0700000001");
}

/// The fixture as CUR 2.0 comes in Parquet: maps are maps, and costs are doubles.
fn parquet() -> Vec<u8> {
    let text = bill("aws-cur2.csv");
    let mut reader = csv::Reader::from_reader(&text[..]);
    let names = reader.headers().expect("names").clone();
    let rows: Vec<csv::StringRecord> = reader.records().map(|row| row.expect("a row")).collect();
    let column = |(place, name): (usize, &str)| -> (String, ArrayRef) {
        let texts = rows
            .iter()
            .map(|row| row.get(place).filter(|text| !text.is_empty()));
        let array: ArrayRef = if ["resource_tags", "product", "cost_category"].contains(&name) {
            let mut maps = MapBuilder::new(None, StringBuilder::new(), StringBuilder::new());
            for text in texts {
                let map: BTreeMap<String, String> =
                    serde_json::from_str(text.unwrap_or("{}")).expect("a map");
                for (key, value) in map {
                    maps.keys().append_value(key);
                    maps.values().append_value(value);
                }
                maps.append(text.is_some()).expect("keys and values");
            }
            Arc::new(maps.finish())
        } else if name.ends_with("_cost") {
            let numbers = texts.map(|text| text.map(|text| text.parse().expect("a number")));
            Arc::new(numbers.collect::<Float64Array>())
        } else {
            Arc::new(texts.collect::<StringArray>())
        };
        (name.to_owned(), array)
    };
    let batch = RecordBatch::try_from_iter(names.iter().enumerate().map(column)).expect("a batch");
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), None).expect("a writer");
    writer.write(&batch).expect("written");
    writer.close().expect("closed");
    bytes
}

#[test]
fn parquet_with_maps_is_read_as_csv_is() {
    let (summary, packed) = read("aws.parquet", parquet()).expect("sound");
    let (_, charges) = charges("aws-cur2.csv");
    assert_eq!(summary.format, Format::AwsCur2);
    assert_eq!(packed.charges.len(), charges.len());
    for (packed, charge) in packed.charges.iter().zip(&charges) {
        assert_eq!(packed.cells, charge.cells);
    }
    // All but the discount that is in the net costs: nothing of its cells is counted.
    assert_eq!(summary.mended.get("double"), Some(&12));
}

const LEGACY: &str = "identity/LineItemId,bill/InvoiceId,bill/PayerAccountId,bill/BillingPeriodStartDate,bill/BillingPeriodEndDate,\
lineItem/UsageAccountId,lineItem/LineItemType,lineItem/UsageStartDate,lineItem/UsageEndDate,lineItem/ProductCode,\
lineItem/CurrencyCode,lineItem/UnblendedCost,resourceTags/user:Team,resourceTags/aws:createdBy,costCategory/Part\n\
a,,111122223333,2025-03-01T00:00:00Z,2025-04-01T00:00:00Z,444455556666,Usage,2025-03-04T00:00:00Z,2025-03-05T00:00:00Z,\
AmazonS3,USD,1.3E-9,builders,Root,ci\n\
b,,111122223333,2025-03-01T00:00:00Z,2025-04-01T00:00:00Z,444455556666,EdpDiscount,2025-03-04T00:00:00Z,2025-03-05T00:00:00Z,\
AmazonS3,USD,-0.0000000001,,,\n";

#[test]
fn the_older_report_has_its_own_names_and_no_invoice_while_the_month_is_open() {
    let (summary, collected) = read("cur.csv", LEGACY).expect("sound");
    assert_eq!(summary.format, Format::AwsCur);
    let [usage, discount] = &collected.charges[..] else {
        panic!("two charges");
    };
    assert_eq!(usage.get(Column::BilledCost), "0.0000000013");
    assert_eq!(
        usage.get(Column::Tags),
        r#"{"Team":"builders","aws:createdBy":"Root"}"#
    );
    assert_eq!(usage.get(Column::InvoiceId), "");
    assert_eq!(usage.get(Column::ServiceName), "AmazonS3");
    assert_eq!(usage.get(Column::ServiceCategory), "Storage");
    assert_eq!(usage.extra["x_costCategory/Part"], "ci");
    // Without net costs a discount is a charge of its own.
    assert_eq!(discount.get(Column::EffectiveCost), "-0.0000000001");
}

#[test]
fn what_is_wrong_is_named_with_its_place() {
    for (old, new, said) in [
        (
            ",Usage,",
            ",Gift,",
            "cur.csv:2:lineItem/LineItemType: `Gift` is none of its values",
        ),
        (
            ",Usage,",
            ",SavingsPlanCoveredUsage,",
            "cur.csv:2: what covered use costs stands in `savingsPlan/SavingsPlanEffectiveCost`, which is not there [bill-missing]",
        ),
        (
            "1.3E-9",
            "",
            "cur.csv:2:lineItem/UnblendedCost: this charge has no BilledCost [bill-missing]",
        ),
        (
            "lineItem/UnblendedCost",
            "lineItem/Cost",
            "cur.csv: there is no column `lineItem/UnblendedCost`",
        ),
        (
            "bill/BillingPeriodStartDate",
            "bill/Start",
            "cur.csv: there is no column `bill_billing_period_start_date`, which says the BillingPeriodStart",
        ),
        (",USD,", ",usd,", "cur.csv:2:lineItem/CurrencyCode: "),
    ] {
        let told = refused("cur.csv", LEGACY.replacen(old, new, 1));
        assert!(told.starts_with(said), "{told}\n{said}");
    }
}
