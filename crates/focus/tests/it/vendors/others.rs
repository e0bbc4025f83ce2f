//! Oracle Cloud, `DigitalOcean` and Fastly.

use focus::Column;
use focus::import::Format;

use super::{bill, cells, charges, charges_with, given, sum};
use crate::collect::{read, refused, told};

const MONEY: [Column; 3] = [
    Column::ChargeCategory,
    Column::BilledCost,
    Column::EffectiveCost,
];

#[test]
fn oracles_minutes_exponents_and_corrections_are_read() {
    let (summary, charges) = charges("oci.csv");
    assert_eq!(summary.format, Format::Oci);
    let seen: Vec<String> = charges.iter().map(|charge| cells(charge, &MONEY)).collect();
    assert_eq!(
        seen,
        [
            "Usage 0.1 0.1",
            "Usage 0.00000000000626609 0.00000000000626609",
            "Usage -0.025 -0.025",
        ]
    );
    let charge = &charges[0];
    for (column, text) in [
        (Column::BillingAccountId, "12345678"),
        (Column::SubAccountName, "ci"),
        (Column::BillingCurrency, "EUR"),
        (Column::ServiceCategory, "Compute"),
        (Column::ChargePeriodStart, "2025-03-13T10:00:00Z"),
        (Column::BillingPeriodStart, "2025-03-01T00:00:00Z"),
        (Column::ContractedUnitPrice, "0.025"),
        (
            Column::Tags,
            r#"{"Meadow.team":"builders","Oracle-Tags.CreatedBy":"someone@meadow.example"}"#,
        ),
    ] {
        assert_eq!(charge.get(column), text, "{column:?}");
    }
    assert_eq!(charges[2].get(Column::ChargeClass), "Correction");
    assert_eq!(charges[2].extra["x_lineItem/backreferenceNo"], "ref-0");
    assert_eq!(
        charge.extra["x_lineItem/tenantId"],
        "ocid1.tenancy.oc1..meadow"
    );
    assert_eq!(summary.mended.get("billing-period"), Some(&3));
}

#[test]
fn a_correction_is_true_or_false() {
    let text = String::from_utf8(bill("oci.csv")).expect("a text");
    let told = refused("oci.csv", text.replacen(",true,ref-0", ",perhaps,ref-0", 1));
    let said = "oci.csv:4:lineItem/isCorrection: `perhaps` is none of its values, which are true or false [bill-value]";
    assert_eq!(told, said);
}

#[test]
fn digitalocean_bills_dollars_to_the_account_that_is_given() {
    let options = given(&[(Column::BillingAccountId, "meadow")]);
    let (summary, csv) = charges_with("digitalocean.csv", &options);
    assert_eq!(summary.format, Format::DigitalOcean);
    let seen: Vec<String> = csv.iter().map(|charge| cells(charge, &MONEY)).collect();
    let expected = [
        "Usage 48 48",
        "Usage 5 5",
        "Usage 0.27 0.27",
        "Credit -50 -50",
    ];
    assert_eq!(seen, expected);
    assert_eq!(summary.mended.get("number-form"), Some(&4));
    assert_eq!(
        csv[2].get(Column::ChargePeriodStart),
        "2025-03-31T12:00:00Z"
    );
    assert_eq!(
        csv[2].get(Column::BillingPeriodStart),
        "2025-03-01T00:00:00Z"
    );
    assert_eq!(csv[0].get(Column::ConsumedUnit), "Hours");
    let (_, json) = charges_with("digitalocean.json", &options);
    let seen: Vec<String> = json.iter().map(|charge| cells(charge, &MONEY)).collect();
    assert_eq!(seen, ["Usage 48 48", "Usage 5 5", "Tax 10.07 10.07"]);
    assert_eq!(json[0].get(Column::BillingAccountId), "meadow");
    assert_eq!(json[0].get(Column::BillingCurrency), "USD");
    assert_eq!(
        json[0].get(Column::ResourceId),
        "711157cb-0000-4000-8000-000000000001"
    );
    assert_eq!(json[0].get(Column::SubAccountName), "mirrors");
    // The same thing in both.
    let both = [
        Column::ServiceName,
        Column::ChargeDescription,
        Column::ConsumedQuantity,
    ];
    assert_eq!(cells(&csv[0], &both), cells(&json[0], &both));
    assert_eq!(
        told(read("items.json", bill("digitalocean.json"))),
        "items.json: there is no column `account`, which says the BillingAccountId [bill-column]"
    );
}

#[test]
fn fastlys_line_items_are_charges_and_coupons_are_credits() {
    let (summary, charges) = charges("fastly.json");
    assert_eq!(summary.format, Format::Fastly);
    assert_eq!((summary.read, summary.given), (1, 3));
    let seen: Vec<String> = charges.iter().map(|charge| cells(charge, &MONEY)).collect();
    assert_eq!(
        seen,
        [
            "Usage 1000.000001 1000.000001",
            "Usage 12.34 12.34",
            "Credit -600 -600",
        ]
    );
    assert_eq!(sum(&charges, Column::BilledCost), "412.340001");
    let charge = &charges[1];
    for (column, text) in [
        (Column::BillingAccountId, "meadow-cust"),
        (Column::InvoiceId, "8675309"),
        (Column::ContractedUnitPrice, "0.0000009"),
        (Column::PricingQuantity, "13711111.1"),
        (Column::PricingUnit, "requests"),
        (Column::RegionId, "Europe"),
        (Column::ServiceName, "Full-Site Delivery"),
        (Column::ServiceCategory, "Networking"),
        (Column::ChargePeriodEnd, "2025-04-01T00:00:00Z"),
        (Column::BillingPeriodEnd, "2025-04-01T00:00:00Z"),
    ] {
        assert_eq!(charge.get(column), text, "{column:?}");
    }
    assert_eq!(charges[2].get(Column::ChargeDescription), "Fast Forward");
    assert_eq!(charges[2].extra["x_CreditCouponCode"], "FASTFORWARD");
    assert!(charge.extra["x_LineItem"].contains("\"rate\":0.0000009"));
    assert_eq!(charge.extra["x_statement_number"], "ST-9");
    let mended: Vec<&str> = summary.mended.into_keys().collect();
    assert_eq!(mended, ["period-end"]);
}

#[test]
fn a_credit_of_fastlys_is_what_takes_away() {
    let text = String::from_utf8(bill("fastly.json")).expect("a text");
    let category = |text: String| {
        let (_, read) = read("fastly.json", text).expect("sound");
        read.charges[2].get(Column::ChargeCategory).to_owned()
    };
    // A coupon of the invoice stands beside what it is taken from as well.
    let costs = text.replace("\"amount\":-600", "\"amount\":600");
    assert_eq!(category(costs), "Usage");
    let plain = text.replace("\"credit_coupon_code\":\"FASTFORWARD\",", "");
    assert_eq!(category(plain), "Credit");
}

#[test]
fn an_invoice_without_line_items_replaces_nothing() {
    let file = r#"{"customer_id":"c","invoice_id":"1","billing_start_date":"2025-03-01T00:00:00Z","transaction_line_items":[]}"#;
    assert_eq!(
        refused("fastly.json", file),
        "fastly.json: the file has no charges [bill-empty]"
    );
}

#[test]
fn every_digit_of_fastlys_json_counts() {
    let (summary, charges) = charges("fastly-month-to-date.json");
    let charge = &charges[0];
    assert_eq!(charge.get(Column::BilledCost), "1.000000000000000001");
    assert_eq!(charge.get(Column::InvoiceId), "");
    assert_eq!(charge.get(Column::BillingPeriodEnd), "2025-05-01T00:00:00Z");
    assert_eq!(charge.get(Column::ChargePeriodEnd), "2025-04-09T14:00:00Z");
    let mended: Vec<&str> = summary.mended.into_keys().collect();
    assert_eq!(mended, ["currency"]);
}

#[test]
fn an_invoice_whose_items_add_up_to_something_else_is_noted() {
    let text = String::from_utf8(bill("fastly.json")).expect("a text");
    let (summary, _) = read("fastly.json", text.replace("412.340001", "412.34")).expect("sound");
    assert_eq!(summary.mended.get("total"), Some(&1));
}

#[test]
fn a_line_item_without_an_amount_is_refused() {
    let text = String::from_utf8(bill("fastly.json")).expect("a text");
    let told = refused(
        "fastly.json",
        text.replace("\"amount\":12.34", "\"amount\":null"),
    );
    assert_eq!(
        told,
        "fastly.json:1:transaction_line_items: the line item `Europe Requests` has no amount [bill-missing]"
    );
}
