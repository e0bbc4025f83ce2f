//! What must not go wrong where money is reported: pruned versions, other currencies, secrets.

use std::fs;

use commonhold::Exit;
use jiff::civil::date;
use serde_json::Value;
use testkit::bills::focus_csv;

use super::{TODAY, ask, bills, estate, json, providers, well};
use crate::support::{Folder, run_in, write};

/// Everything in euros, while all bills are in dollars.
const RATE: &str = "currency: EUR\nfx:\n  policy: fixed\n  rates:\n  - {date: 2026-01-01, from: USD, to: EUR, rate: 0.5, source: bank}\n";

/// What `spend.yaml` says of `estate`, and more.
fn with_settings(folder: Folder, more: &str) -> Folder {
    let path = folder.0.join("spend.yaml");
    let text = fs::read_to_string(&path).expect("the settings") + more;
    write(&path, &text);
    folder
}

#[test]
fn a_report_since_a_pruned_version_says_so_and_has_all_else() {
    let october = focus_csv(&providers(), date(2026, 1, 1), date(2026, 11, 1));
    let folder = estate().with("bills.csv", &october);
    let first = run_in(&folder.0, "--at 2026-11-01 spend import bills.csv");
    assert_eq!(first.exit, Exit::Well, "{}", first.notes);
    write(&folder.0.join("bills.csv"), &bills());
    well(&folder, "spend import bills.csv");
    let store = folder.0.join(".commonhold/spend");
    let log = fs::read_to_string(store.join("log/00000001.json")).expect("the first version");
    let log: Value = serde_json::from_str(&log).expect("JSON");
    let manifest = log["manifest"].as_str().expect("a digest");
    let digest = manifest.rsplit(':').next().expect("a digest");
    // What `spend snapshots --prune` does when it is a day old.
    fs::remove_file(store.join(format!("manifests/{digest}.json"))).expect("its manifest");

    let report = well(&folder, "spend report --output markdown");
    assert!(report.contains("$109k"), "{report}");
    let said = "What was kept on 2026-11-06 was pruned";
    assert!(report.contains(said), "{report}");
}

#[test]
fn a_request_for_a_grant_is_in_its_currency_whatever_that_of_the_estate() {
    let request = |more: &str| {
        let folder = with_settings(estate().with("bills.csv", &bills()), more);
        well(&folder, "spend import bills.csv");
        well(&folder, "spend renewal aws-2026")
    };
    let own = request("");
    assert!(own.contains("the bills came to $"), "{own}");
    assert!(own.contains("To: Amazon, [whom we ask]\n"), "{own}");
    assert_eq!(request(RATE), own);
}

#[test]
fn the_address_of_a_webhook_is_in_no_output() {
    let told = "alerts:\n  channels:\n    ops: https://hooks.example.org/T0/SECRET\n  to: [ops]\n";
    let budget = "amount: 3000000\ncurrency: USD\nperiod: year\nowner: infra\nthresholds:\n\
                  - {at: 80, action: wait, notify: [https://hooks.example.org/T0/SECRET]}\n";
    let folder = estate()
        .with("bills.csv", &bills())
        .with("budgets/year.yaml", budget);
    let folder = with_settings(folder, told);
    well(&folder, "spend import bills.csv");
    for form in ["text", "csv", "markdown", "json"] {
        let outcome = ask(&folder, &format!("spend alerts --output {form}"));
        let said = outcome.data + &outcome.notes;
        assert!(said.contains("a webhook"), "{form}: {said}");
        assert!(!said.contains("SECRET"), "{form}: {said}");
    }
    for asked in [
        "spend report --output html",
        "spend report --output json",
        "spend budgets --output json",
    ] {
        assert!(!well(&folder, asked).contains("SECRET"), "{asked}");
    }
}

#[test]
fn more_days_than_any_store_is_old_are_refused() {
    let folder = estate();
    let outcome = ask(&folder, "spend snapshots --prune 4294967295");
    assert_eq!(outcome.exit, Exit::Usage, "{}", outcome.notes);
    let words = format!("--at {TODAY} spend snapshots --prune 36500");
    assert_eq!(run_in(&folder.0, &words).exit, Exit::Well);
}

#[test]
fn a_budget_in_another_currency_counts_the_bills_in_it() {
    let spent = |more: &str| {
        let folder = with_settings(estate().with("bills.csv", &bills()), more);
        well(&folder, "spend import bills.csv");
        let budgets = json(&folder, "spend budgets");
        let now = &budgets["budgets"][0];
        (now["currency"].clone(), now["spent"].clone())
    };
    let own = spent("");
    assert_eq!(own.0, "USD");
    assert_eq!(spent(RATE), own);
}

#[test]
fn sums_that_cannot_be_kept_are_made_all_the_same_and_that_is_said() {
    let folder = estate().with("bills.csv", &bills());
    well(&folder, "spend import bills.csv");
    let kept = ask(&folder, "spend budgets");
    fs::remove_dir_all(folder.0.join(".commonhold/spend/cube")).expect("sums");
    write(&folder.0.join(".commonhold/spend/cube"), "no folder");
    let made = ask(&folder, "spend budgets");
    assert_eq!((made.data, made.exit), (kept.data, kept.exit));
    assert_eq!(kept.notes, "");
    let said = "so that all charges are added up each time";
    assert!(made.notes.contains(said), "{}", made.notes);
}
