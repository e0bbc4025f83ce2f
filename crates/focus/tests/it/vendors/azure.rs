//! Azure's cost details, actual and amortised.

use focus::Column;
use focus::import::{DateOrder, Format, Options};

use super::{bill, cells, charges, charges_with, sum};
use crate::collect::{read, refused};

const MONEY: [Column; 3] = [
    Column::ChargeCategory,
    Column::BilledCost,
    Column::EffectiveCost,
];

#[test]
fn the_actual_cost_has_purchases_on_their_day() {
    let (summary, charges) = charges("azure-actual.csv");
    assert_eq!(summary.format, Format::AzureActual);
    let seen: Vec<String> = charges.iter().map(|charge| cells(charge, &MONEY)).collect();
    assert_eq!(
        seen,
        [
            "Purchase 438 438",
            "Usage 0 0",
            "Usage 1 1",
            "Purchase -38 -38",
            "Tax 1.75 1.75",
        ]
    );
    assert!(
        charges
            .iter()
            .all(|charge| charge.extra["x_CostBasis"] == "actual")
    );
    assert_eq!(charges[3].get(Column::ChargeClass), "Correction");
    assert_eq!(summary.mended.get("cash-basis"), Some(&2));
    let used = &charges[1];
    assert_eq!(
        used.get(Column::CommitmentDiscountId),
        "/reservations/res-1"
    );
    assert_eq!(used.get(Column::CommitmentDiscountStatus), "Used");
    assert_eq!(used.get(Column::PricingCategory), "Committed");
    assert_eq!(used.get(Column::ListCost), "2.304");
}

#[test]
fn the_amortised_cost_has_shares_of_purchases_where_they_are_used() {
    let (summary, charges) = charges("azure-amortized.csv");
    assert_eq!(summary.format, Format::AzureAmortised);
    let seen: Vec<String> = charges.iter().map(|charge| cells(charge, &MONEY)).collect();
    assert_eq!(seen, ["Usage 0 1.2", "Usage 0 1.2", "Usage 1 1"]);
    assert!(
        charges
            .iter()
            .all(|charge| charge.extra["x_CostBasis"] == "amortised")
    );
    assert_eq!(summary.mended.get("amortised"), Some(&2));
    let unused = &charges[1];
    assert_eq!(unused.get(Column::CommitmentDiscountStatus), "Unused");
    assert_eq!(unused.get(Column::ResourceId), "/reservations/res-1");
    assert_eq!(unused.extra["x_ChargeType"], "UnusedReservation");
}

#[test]
fn the_two_exports_in_one_file_are_not_added() {
    for (name, kind, swapped) in [
        (
            "azure-amortized.csv",
            ",Usage,UsageBased,Azure,Reservation,",
            ",Purchase,OneTime,Azure,Reservation,",
        ),
        (
            "azure-actual.csv",
            ",Usage,UsageBased,Azure,Reservation,",
            ",UnusedReservation,UsageBased,Azure,Reservation,",
        ),
    ] {
        let mut text = String::from_utf8(bill(name)).expect("a text");
        text = text.replacen(kind, swapped, 1);
        // Which of the two it is, the first charge of a commitment says.
        text = text.replacen(",24,0,0,", ",24,0.05,1.2,", 1);
        let told = refused(name, text);
        let said = format!("{name}:3:ChargeType: only Azure's ");
        assert!(told.starts_with(&said), "{told}");
    }
}

#[test]
fn a_translated_export_is_read_by_the_names_in_parentheses() {
    let (summary, charges) = charges("azure-mca-german.csv");
    assert_eq!(charges.len(), 3);
    let charge = &charges[0];
    for (column, text) in [
        (Column::BillingCurrency, "CAD"),
        (Column::BilledCost, "3.264"),
        (Column::ListCost, "3.9168"),
        (Column::PricingCurrency, "USD"),
        (Column::PricingCurrencyEffectiveCost, "2.4"),
        (Column::PricingCurrencyListUnitPrice, "0.12"),
        (Column::ListUnitPrice, ""),
        (Column::ServiceName, "Virtual Machines"),
        (Column::ServiceCategory, "Compute"),
        (Column::SubAccountName, "Meadow CI"),
        (Column::Tags, r#"{"team": "builders","stage": "prod"}"#),
        (Column::ChargePeriodStart, "2025-03-04T00:00:00Z"),
        (Column::ChargePeriodEnd, "2025-03-05T00:00:00Z"),
        (Column::BillingPeriodStart, "2025-03-01T00:00:00Z"),
        (Column::BillingPeriodEnd, "2025-04-01T00:00:00Z"),
        (Column::ChargeFrequency, "Usage-Based"),
    ] {
        assert_eq!(charge.get(column), text, "{column:?}");
    }
    assert_eq!(
        charge.extra["x_Kurs (exchangeRatePricingToBilling)"],
        "1.36"
    );
    assert_eq!(
        charge.extra["x_Ressourcengruppe (resourceGroupName)"],
        "rg-ci"
    );
    assert_eq!(charges[1].get(Column::BilledCost), "0.0003228096");
    assert_eq!(charges[2].get(Column::ChargeCategory), "Adjustment");
    assert_eq!(charges[2].get(Column::InvoiceId), "I000123");
    assert_eq!(summary.mended.get("tags-braces"), Some(&1));
}

#[test]
fn days_come_first_where_one_says_so() {
    let text = "SubscriptionGuid,UsageDateTime,MeterCategory,PreTaxCost,Currency\nsub-1,5/1/2025,Storage,1.5,EUR\n";
    let (summary, collected) = read("usage.csv", text).expect("sound");
    let charge = &collected.charges[0];
    assert_eq!(
        charge.get(Column::ChargePeriodStart),
        "2025-05-01T00:00:00Z"
    );
    assert_eq!(charge.get(Column::BillingAccountId), "sub-1");
    let mended: Vec<&str> = summary.mended.into_keys().collect();
    assert_eq!(mended, ["account", "billing-period", "charge-type"]);
    let options = Options {
        dates: Some(DateOrder::DayFirst),
        ..Options::default()
    };
    let (_, collected) = crate::collect::read_with("usage.csv", text, &options).expect("sound");
    let charge = &collected.charges[0];
    assert_eq!(
        charge.get(Column::ChargePeriodStart),
        "2025-01-05T00:00:00Z"
    );
}

#[test]
fn both_exports_say_the_same_of_what_no_commitment_covers() {
    let (_, actual) = charges_with("azure-actual.csv", &Options::default());
    let (_, amortised) = charges_with("azure-amortized.csv", &Options::default());
    let uncovered =
        |charge: &&crate::collect::Charge| charge.get(Column::ServiceName) == "Bandwidth";
    let of = |charges: &[crate::collect::Charge]| {
        sum(charges.iter().filter(uncovered), Column::EffectiveCost)
    };
    assert_eq!(of(&actual), of(&amortised));
}

#[test]
fn what_is_wrong_is_named_with_its_place() {
    let text = String::from_utf8(bill("azure-actual.csv")).expect("a text");
    for (old, new, said) in [
        (
            ",Purchase,",
            ",Gift,",
            "azure.csv:2:ChargeType: `Gift` is none of its values",
        ),
        (
            ",438,438,438,",
            ",438,\"438,00\",438,",
            "azure.csv:2:Cost: `438,00` is no number: ",
        ),
        (
            "sub-1,Meadow CI,3/1/2025,",
            "sub-1,Meadow CI,2/31/2025,",
            "azure.csv:2:Date: `2/31/2025` is no instant: there is no 31 February 2025",
        ),
        (
            ",BillingCurrency,",
            ",Money,",
            "azure.csv: there is no column `billingcurrency`, which says the BillingCurrency",
        ),
        (
            "\"\"\"team\"\": \"\"builders\"\"\"",
            "\"\"\"team\"\": \"\"a\"\",\"\"team\"\": \"\"b\"\"\"",
            "azure.csv:3:Tags: ",
        ),
    ] {
        assert!(text.contains(old), "{old}");
        let told = refused("azure.csv", text.replacen(old, new, 1));
        assert!(told.starts_with(said), "{told}\n{said}");
    }
}
