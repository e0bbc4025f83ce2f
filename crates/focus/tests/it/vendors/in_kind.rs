//! Contributions in kind.

use base::Decimal;
use focus::Column;
use focus::import::{Format, InKind};

use super::{bill, charges, sum};
use crate::collect::{Charge, refused};

fn of<'c>(charges: &'c [Charge], category: &'c str) -> impl Iterator<Item = &'c Charge> {
    charges
        .iter()
        .filter(move |charge| charge.get(Column::ChargeCategory) == category)
}

#[test]
fn gross_shows_what_is_given_and_net_is_nothing() {
    let (summary, charges) = charges("in-kind.yaml");
    assert_eq!(summary.format, Format::InKind);
    // 45 days and 28 days, twice each.
    assert_eq!((summary.read, summary.given), (1, 146));
    assert_eq!(sum(&charges, Column::EffectiveCost), "0");
    for (provider, worth) in [("Example Hosting", "45"), ("Example Labs", "100.1")] {
        let theirs = |charge: &&Charge| charge.get(Column::ProviderName) == provider;
        let used = of(&charges, "Usage").filter(theirs);
        assert_eq!(sum(used, Column::EffectiveCost), worth);
    }
    let credits: Vec<&str> = of(&charges, "Credit")
        .map(|charge| charge.get(Column::ChargeDescription))
        .collect();
    assert_eq!(credits.len(), 73);
    assert!(
        credits[..45]
            .iter()
            .all(|name| *name == "in kind: Example Hosting GmbH")
    );
}

#[test]
fn each_day_is_a_charge_in_its_month() {
    let (_, charges) = charges("in-kind.yaml");
    let hosting = of(&charges, "Usage").take(45);
    let periods: Vec<&str> = hosting
        .map(|charge| charge.get(Column::BillingPeriodStart))
        .collect();
    let count = |month: &str| {
        periods
            .iter()
            .filter(|period| period.starts_with(month))
            .count()
    };
    assert_eq!(
        (count("2026-01"), count("2026-02"), count("2026-03")),
        (15, 28, 2)
    );
    let charge = &charges[0];
    for (column, text) in [
        (Column::EffectiveCost, "1"),
        (Column::ChargePeriodStart, "2026-01-17T00:00:00Z"),
        (Column::ChargePeriodEnd, "2026-01-18T00:00:00Z"),
        (Column::BillingAccountId, "mirrors-2026"),
        (Column::BillingCurrency, "EUR"),
        (Column::ServiceCategory, "Compute"),
        (Column::Tags, r#"{"team":"release"}"#),
    ] {
        assert_eq!(charge.get(column), text, "{column:?}");
    }
    assert_eq!(charge.number, 2);
    assert_eq!(
        charge.extra["x_Evidence"],
        r#"["https://example.org/letters/2026-01"]"#
    );
    assert_eq!(
        charge.extra["x_Valued"],
        "their list price of two such servers"
    );
    let labs = of(&charges, "Usage").last().expect("a charge");
    assert_eq!(labs.number, 15);
    let quantities: Decimal = of(&charges, "Usage")
        .filter_map(|charge| charge.cells.get(&Column::ConsumedQuantity))
        .map(|text| text.parse::<Decimal>().expect("a number"))
        .sum();
    assert_eq!(quantities.to_string(), "12.5");
}

#[test]
fn all_that_is_wrong_is_said_at_once_with_line_and_column() {
    let text = String::from_utf8(bill("in-kind.yaml")).expect("a text");
    let text = text
        .replace("amount: 45", "amount: -45")
        .replace("- evidence/example-labs-2026-02.pdf", "- they said so");
    assert_eq!(
        refused("gifts.yaml", text),
        "gifts.yaml:9:11: a contribution is worth something, not less than nothing [yaml-bad-value]\n\
         gifts.yaml:26:5: `they said so` is no evidence [yaml-bad-value]"
    );
    let without = "contributions:\n- provider: Example\n  amout: 5\n";
    let told = refused("gifts.yaml", without);
    assert!(told.contains("gifts.yaml:3:3: "), "{told}");
    assert!(told.lines().count() > 3, "{told}");
}

#[test]
fn the_form_of_the_file_is_told() {
    let schema = yaml::json_schema(&InKind::form(), "Contributions in kind").to_string();
    for key in [
        "contributions",
        "giver",
        "valued",
        "evidence",
        "unit_price",
        "period",
    ] {
        assert!(schema.contains(&format!("\"{key}\"")), "{key}");
    }
}
