//! What files of FOCUS hold, in its versions and in each container.

use focus::Column;
use focus::import::{Format, Options};

use crate::collect::{SOUND, bill, only, read, read_with, refused};

/// The sound charge as an object of JSON, with these members beside or instead.
fn object(members: &[(&str, &str)]) -> String {
    let mut all: Vec<(&str, String)> = SOUND
        .iter()
        .map(|(name, text)| (*name, format!("\"{text}\"")))
        .collect();
    for (name, value) in members {
        all.retain(|(known, _)| known != name);
        all.push((name, (*value).to_owned()));
    }
    let members: Vec<String> = all
        .iter()
        .map(|(name, value)| format!("\"{name}\":{value}"))
        .collect();
    format!("{{{}}}", members.join(","))
}

#[test]
fn what_older_versions_called_otherwise_is_called_as_today() {
    let file = bill(&[
        ("Region", "eu-1"),
        ("UsageQuantity", "3"),
        ("PricingCategory", "On-Demand"),
    ])
    .replace("EffectiveCost", "AmortizedCost")
    .replace("ChargeCategory", "ChargeType");
    let charge = only(file);
    assert_eq!(charge.get(Column::EffectiveCost), "1.25");
    assert_eq!(charge.get(Column::ChargeCategory), "Usage");
    assert_eq!(charge.get(Column::RegionId), "eu-1");
    assert_eq!(charge.get(Column::ConsumedQuantity), "3");
    assert_eq!(charge.get(Column::PricingCategory), "Standard");
    assert_eq!(charge.mended, "older-value renamed");
}

#[test]
fn a_problem_names_a_column_as_the_file_does() {
    let file = bill(&[("EffectiveCost", "")]).replace("EffectiveCost", "AmortizedCost");
    assert_eq!(
        refused("bill.csv", file),
        "bill.csv:2:AmortizedCost: this charge has no EffectiveCost [bill-missing]"
    );
}

#[test]
fn the_previews_subcategory_says_what_columns_of_today_say() {
    let cells = [
        ("ChargeCategory", "Adjustment"),
        ("ChargeSubcategory", "Credit"),
    ];
    let charge = only(bill(&cells));
    assert_eq!(charge.get(Column::ChargeCategory), "Credit");
    assert_eq!(charge.extra["x_ChargeSubcategory"], "Credit");
    assert_eq!(charge.mended, "older-value");
    let charge = only(bill(&[("ChargeSubcategory", "Unused Commitment")]));
    assert_eq!(charge.get(Column::CommitmentDiscountStatus), "Unused");
}

#[test]
fn the_provider_may_have_its_name_of_1_3() {
    let file =
        bill(&[("HostProviderName", "Ocean")]).replace(",ProviderName", ",ServiceProviderName");
    let charge = only(file);
    assert_eq!(charge.get(Column::ProviderName), "Meadow");
    assert_eq!(charge.get(Column::ServiceProviderName), "Meadow");
    assert_eq!(charge.get(Column::HostProviderName), "Ocean");
    assert_eq!(charge.mended, "");
}

#[test]
fn columns_that_focus_has_not_are_kept_beside_the_charge() {
    let (_, collected) = read(
        "bill.csv",
        bill(&[("Id", "7"), ("x_Id", "8"), ("Note", "")]),
    )
    .expect("sound");
    assert_eq!(collected.extra, ["x_Id", "x_Id_2", "x_Note"]);
    let extra = &collected.charges[0].extra;
    assert_eq!(
        (extra["x_Id"].as_str(), extra["x_Id_2"].as_str()),
        ("7", "8")
    );
    assert!(!extra.contains_key("x_Note"));
}

#[test]
fn a_value_in_another_case_is_put_right() {
    let charge = only(bill(&[
        ("ChargeFrequency", "Usage-based"),
        ("ChargeCategory", "usage"),
    ]));
    assert_eq!(charge.get(Column::ChargeFrequency), "Usage-Based");
    assert_eq!(charge.get(Column::ChargeCategory), "Usage");
    assert_eq!(charge.mended, "case");
}

#[test]
fn what_the_file_leaves_out_is_given_for_all_of_it() {
    let file = bill(&[])
        .replace("BillingAccountId", "x_Account")
        .replace("USD", "");
    let options = Options {
        given: vec![
            (Column::BillingAccountId, "meadow-2".to_owned()),
            (Column::BillingCurrency, "EUR".to_owned()),
            (
                Column::BillingPeriodStart,
                "2024-01-01T00:00:00Z".to_owned(),
            ),
        ],
        ..Options::default()
    };
    let (summary, collected) = read_with("bill.csv", file, &options).expect("sound");
    assert_eq!(
        (summary.read, summary.given, summary.format),
        (1, 1, Format::Focus)
    );
    let charge = &collected.charges[0];
    assert_eq!(charge.get(Column::BillingAccountId), "meadow-2");
    assert_eq!(charge.get(Column::BillingCurrency), "EUR");
    // What the file says itself holds.
    assert_eq!(
        charge.get(Column::BillingPeriodStart),
        "2025-03-01T00:00:00Z"
    );
}

#[test]
fn json_is_read_in_lines_in_an_array_and_in_an_array_in_an_object() {
    let (one, two) = (object(&[]), object(&[("x_Late", "\"only here\"")]));
    for file in [
        format!("{one}\n{two}\n"),
        format!("{one}{two}"),
        format!("[{one},\n {two}]"),
        format!("{{\"meta\":{{\"pages\":1}},\"data\":[{one},{two}],\"next\":null}}"),
    ] {
        let (summary, collected) = read("bill.json", file.as_str()).expect("sound");
        assert_eq!(summary.read, 2, "{file}");
        assert_eq!(collected.extra, ["x_Late"], "{file}");
        assert!(collected.charges[0].extra.is_empty());
        assert_eq!(collected.charges[1].extra["x_Late"], "only here");
    }
}

#[test]
fn a_number_of_json_is_read_from_its_digits() {
    let digits = "0.100000000000000005";
    let members = [
        ("BilledCost", digits),
        ("EffectiveCost", "12345678901.000000000000000001"),
    ];
    let charge = only(object(&members));
    assert_eq!(charge.get(Column::BilledCost), digits);
    assert_eq!(
        charge.get(Column::EffectiveCost),
        "12345678901.000000000000000001"
    );
}

#[test]
fn objects_of_json_stay_json() {
    let tags = r#"{ "team": "a", "n": 1 }"#;
    let members = [
        ("Tags", tags),
        ("SkuPriceDetails", r#"{"Cores":4}"#),
        ("ResourceId", "null"),
    ];
    let charge = only(object(&members));
    assert_eq!(charge.get(Column::Tags), tags);
    assert_eq!(charge.get(Column::SkuPriceDetails), r#"{"Cores":4}"#);
    assert_eq!(charge.get(Column::ResourceId), "");
    assert_eq!(charge.mended, "");
}

#[test]
fn a_name_stands_in_a_record_of_json_once() {
    let file = object(&[]).replace("ServiceName", "BilledCost");
    assert_eq!(
        refused("bill.json", format!("\n{file}")),
        "bill.json:2:BilledCost: this name stands twice in the record [bill-json]"
    );
    assert_eq!(
        refused(
            "bill.json",
            format!("{}\n{}", object(&[]), object(&[("BilledCost", "tru")]))
        ),
        "bill.json:2: this is not JSON: expected ident [bill-json]"
    );
    assert_eq!(
        refused("bill.json", format!("[{} {}]", object(&[]), object(&[]))),
        "bill.json:1: here stands `{` where a comma or `]` should [bill-json]"
    );
}
