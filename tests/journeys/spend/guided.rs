//! What somebody does who follows the guide, and who has nothing yet.

use std::fs;

use commonhold::Exit;
use serde_json::Value;

use super::{ask, bills, estate, json, number, refused, well};
use crate::support::{run_in, write};

#[test]
fn the_guide_shows_what_is_read() {
    let guide = include_str!("../../../docs/guide/spend.md");
    let shown = |name: &str| {
        let block = guide
            .split("```yaml\n")
            .find(|block| block.starts_with(&format!("# {name}")));
        let block = block.unwrap_or_else(|| panic!("the guide shows {name}"));
        block.split("```").next().expect("its end").to_owned()
    };
    let folder = estate()
        .with(
            "groups/docs.yaml",
            "kind: sig\nleads: [{person: ada, role: lead}]\n",
        )
        .with(
            "services/registry.yaml",
            "name: Registry\nsummary: Serves.\nkind: off-the-shelf\n",
        )
        .with(
            "usage/ci-minutes.csv",
            "month,owner,quantity\n2026-10,infra,5\n",
        )
        .with("gifts.yaml", &shown("gifts.yaml"))
        .with(
            "spend.yaml",
            &shown("spend.yaml").replace("s3://our-bills/spend", "bills"),
        )
        .with("grants/cloud-2026.yaml", &shown("grants/cloud-2026.yaml"))
        .with("budgets/cloud.yaml", &shown("budgets/cloud.yaml"));
    // The guide's grant is for the same credits.
    fs::remove_file(folder.0.join("grants/google-2026.yaml")).expect("a file");
    let told = ask(&folder, "check").data;
    for place in [
        "spend.yaml:",
        "grants/cloud-2026.yaml:",
        "budgets/cloud.yaml:",
    ] {
        assert!(!told.contains(place), "{told}");
    }
    well(&folder, "spend import gifts.yaml");
    let grants = json(&folder, "spend grants");
    let unmatched = grants["unmatched"].as_array().expect("a list");
    assert!(unmatched.is_empty(), "a gift pays for itself: {grants}");
}

#[test]
fn bills_that_nobody_chose_a_folder_for_are_hidden_from_git() {
    let folder = estate().with("bills.csv", &bills());
    well(&folder, "spend import bills.csv");
    let ignore = folder.0.join(".commonhold/spend/.gitignore");
    assert_eq!(fs::read_to_string(ignore).expect("a file"), "*\n");
}

#[test]
fn who_has_nothing_yet_is_told_what_to_do() {
    let folder = estate();
    refused(&folder, "spend sql", &["spend import FILE"]);
    let empty = ask(&folder, "spend query");
    assert_eq!(empty.exit, Exit::Findings);
    assert!(empty.data.contains("spend periods"), "{}", empty.data);
    write(&folder.0.join("bills.csv"), &bills());
    well(&folder, "spend import bills.csv");
    refused(
        &folder,
        "spend forecast --owner nobody",
        &["nothing is known of that"],
    );
    write(
        &folder.0.join("bare.csv"),
        "BilledCost,ChargePeriodStart,ChargePeriodEnd,ChargeCategory,EffectiveCost,ServiceName\n",
    );
    refused(
        &folder,
        "spend import bare.csv --format focus",
        &["--account", "--currency", "--provider"],
    );
}

#[test]
fn the_balance_of_a_day_knows_nothing_of_later_credits() {
    let folder = estate().with("bills.csv", &bills());
    well(&folder, "spend import bills.csv");
    let at = |day: &str| {
        let outcome = run_in(&folder.0, &format!("--at {day} spend grants --output json"));
        let value: Value = serde_json::from_str(&outcome.data).expect("JSON");
        value["grants"]
            .as_array()
            .expect("grants")
            .iter()
            .map(|grant| number(&grant["drawn"]))
            .collect::<Vec<_>>()
    };
    assert!(at("2025-12-31").iter().all(|drawn| drawn.is_zero()));
    let (summer, autumn) = (at("2026-06-30"), at("2026-10-31"));
    assert!(summer.iter().zip(&autumn).all(|(one, other)| one < other));
}
