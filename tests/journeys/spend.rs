//! From bills to the page that a meeting opens with.

#[path = "spend/bucket.rs"]
mod bucket;
#[path = "spend/careful.rs"]
mod careful;
#[path = "spend/guided.rs"]
mod guided;
#[path = "spend/told.rs"]
mod told;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use base::Decimal;
use commonhold::Exit;
use jiff::civil::{Date, date};
use serde_json::Value;
use testkit::bills::{Provider, focus_csv};

use crate::support::{Folder, run_in, shared, write};

const TODAY: Date = date(2026, 11, 20);

/// What a project of three providers spends; the first two live on credits.
fn providers() -> Vec<Provider> {
    vec![
        Provider {
            name: "Google Cloud",
            account: "01A2-B3C4",
            projects: vec![("registry-prod", 60), ("ci-scale", 30), ("stray", 10)],
            weekday: 290_000,
            weekend: 200_000,
            credit: Some("Credits of 2026"),
        },
        Provider {
            name: "AWS",
            account: "4711",
            projects: vec![("registry-mirror", 100)],
            weekday: 130_000,
            weekend: 100_000,
            credit: Some("Credits for open source"),
        },
        Provider {
            name: "DigitalOcean",
            account: "do-1",
            projects: vec![("site", 100)],
            weekday: 2_500,
            weekend: 2_500,
            credit: None,
        },
    ]
}

fn estate() -> Folder {
    Folder::new()
        .with("commonhold.yaml", "commonhold: 1\nname: Lab\n")
        .with("charter.yaml", "rules: {}\n")
        .with("people/ada.yaml", "name: Ada\nemployers: [{company: Independent}]\n")
        .with("groups/infra.yaml", "kind: sig\nleads: [{person: ada, role: lead}]\n")
        .with("groups/site.yaml", "kind: sig\nleads: [{person: ada, role: lead}]\n")
        .with("spend.yaml", &settings(""))
        .with(
            "budgets/year.yaml",
            "title: All of it\namount: 3000000\ncurrency: USD\nperiod: year\nowner: infra\n\
             thresholds:\n- {at: 80, action: ask the owners what can wait}\n",
        )
        .with(
            "grants/google-2026.yaml",
            "giver: Google\nprovider: Google Cloud\namount: 1000000\ncurrency: USD\nstart: 2026-01-01\n\
             end: 2027-12-31\nowner: infra\n",
        )
        .with(
            "grants/aws-2026.yaml",
            "giver: Amazon\nprovider: AWS\namount: 1000000\ncurrency: USD\nstart: 2026-01-01\n\
             end: 2026-12-31\nowner: infra\n",
        )
}

/// Whose costs are whose, after what else is said.
fn settings(more: &str) -> String {
    format!(
        "{more}closed_after_days: 400\ncomplete_after_days: 1\nrules:\n\
         - {{when: {{sub_account: \"registry-*\"}}, owner: infra}}\n\
         - {{when: {{sub_account: \"ci-*\"}}, pool: ci}}\n\
         - {{when: {{sub_account: site}}, owner: site}}\n\
         pools:\n- {{name: ci, by: proportional}}\n"
    )
}

/// What is asked on the day of the meeting.
fn ask(folder: &Folder, arguments: &str) -> commonhold::Outcome {
    run_in(&folder.0, &format!("--at {TODAY} {arguments}"))
}

#[track_caller]
fn well(folder: &Folder, arguments: &str) -> String {
    let outcome = ask(folder, arguments);
    assert_eq!(
        outcome.exit,
        Exit::Well,
        "{arguments}\n{}\n{}",
        outcome.data,
        outcome.notes
    );
    outcome.data
}

#[track_caller]
fn json(folder: &Folder, arguments: &str) -> Value {
    let data = well(folder, &format!("{arguments} --output json"));
    serde_json::from_str(&data).unwrap_or_else(|error| panic!("{error}: {data}"))
}

#[track_caller]
fn refused(folder: &Folder, arguments: &str, says: &[&str]) {
    let outcome = ask(folder, arguments);
    assert_eq!(
        outcome.exit,
        Exit::Findings,
        "{arguments}\n{}",
        outcome.data
    );
    for words in says {
        assert!(
            outcome.notes.contains(words),
            "{words} is not in:\n{}",
            outcome.notes
        );
    }
}

fn number(value: &Value) -> Decimal {
    let text = value
        .as_str()
        .unwrap_or_else(|| panic!("{value} is no amount"));
    text.parse()
        .unwrap_or_else(|_| panic!("{text} is no number"))
}

fn bills() -> String {
    focus_csv(&providers(), date(2026, 1, 1), TODAY)
}

#[test]
fn the_report_has_the_figures_that_were_generated() {
    let folder = estate().with("bills.csv", &bills());
    well(&folder, "spend import bills.csv");
    let report = well(&folder, "spend report --output markdown");
    for figure in ["$109k", "$1.42M", "$3M", "$74k", "$34k", "$0.7k"] {
        assert!(report.contains(figure), "{figure} is not in:\n{report}");
    }
    // Both grants cover all: nothing is left to pay but the third provider's.
    let grants = json(&folder, "spend grants");
    let grants = grants["grants"].as_array().expect("grants");
    assert_eq!(grants.len(), 2);
    for grant in grants {
        for key in ["p10", "p50", "p90"] {
            assert!(grant.get(key).is_some(), "{key} of {grant}");
        }
    }
    let html = well(&folder, "spend report --output html");
    assert_eq!(
        html,
        well(&folder, "spend report --output html"),
        "same bytes"
    );
    for outside in ["src=\"http", "url(http", "<script", "@import", "<link"] {
        assert!(!html.contains(outside), "{outside}");
    }
    let public = well(&folder, "spend report --public --output html");
    for secret in ["01A2-B3C4", "4711", "registry-prod/compute-1"] {
        assert!(
            html.contains(secret) || secret == "registry-prod/compute-1",
            "{secret}"
        );
        assert!(!public.contains(secret), "{secret} is for nobody else");
    }
}

#[test]
fn what_credits_pay_for_is_gross_and_not_net() {
    let folder = estate().with("bills.csv", &bills());
    well(&folder, "spend import bills.csv");
    let asked = json(
        &folder,
        "spend query --by provider --metric gross,net,drawn --from 2026-11-01",
    );
    let rows = asked["rows"].as_array().expect("rows");
    let aws = rows
        .iter()
        .find(|row| row["provider"] == "AWS")
        .expect("a row");
    assert!(!number(&aws["gross"]).is_zero());
    assert!(number(&aws["net"]).is_zero());
    assert_eq!(number(&aws["gross"]), number(&aws["drawn"]));

    let balance = |day: &str| {
        let outcome = run_in(&folder.0, &format!("--at {day} spend grants --output json"));
        let value: Value = serde_json::from_str(&outcome.data).expect("JSON");
        let grants = value["grants"].as_array().expect("grants").clone();
        let aws = grants
            .iter()
            .find(|grant| grant["grant"] == "aws-2026")
            .expect("the grant");
        number(&aws["left"])
    };
    let all = json(&folder, "spend query --by provider --metric drawn");
    let all = all["rows"].as_array().expect("rows");
    let drawn = all
        .iter()
        .find(|row| row["provider"] == "AWS")
        .expect("a row");
    assert_eq!(
        balance("2026-11-20"),
        Decimal::whole(1_000_000) - number(&drawn["drawn"])
    );
}

#[test]
fn what_comes_twice_or_in_halves_is_kept_once_and_the_same() {
    let text = bills();
    let mut lines = text.lines();
    let header = lines.next().expect("a header");
    let (mut odd, mut even) = (format!("{header}\n"), format!("{header}\n"));
    for (at, line) in lines.enumerate() {
        let half = if at % 2 == 0 { &mut even } else { &mut odd };
        half.push_str(line);
        half.push('\n');
    }
    let made = |orders: &[&str]| {
        let folder = estate()
            .with("bills.csv", &text)
            .with("odd.csv", &odd)
            .with("even.csv", &even);
        for arguments in orders {
            well(&folder, arguments);
        }
        let report = well(&folder, "spend report --output json");
        (cubes(&folder), report)
    };
    let whole = made(&["spend import bills.csv"]);
    assert!(!whole.0.is_empty());
    for orders in [
        vec!["spend import bills.csv", "spend import bills.csv"],
        vec!["spend import odd.csv", "spend import even.csv --append"],
        vec!["spend import even.csv", "spend import odd.csv --append"],
        vec!["spend import even.csv odd.csv"],
        vec![
            "spend import even.csv",
            "spend import odd.csv --append",
            "spend import odd.csv --append",
        ],
    ] {
        let (sums, report) = made(&orders);
        assert!(sums == whole.0, "the sums of {orders:?} are others");
        assert_eq!(report, whole.1, "{orders:?}");
    }
}

/// The files of the sums, by their names.
fn cubes(folder: &Folder) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.0.join(".commonhold/spend/cube")];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(&next).expect("sums are kept") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let name = path
                .strip_prefix(&folder.0)
                .expect("below")
                .to_string_lossy()
                .into_owned();
            found.insert(name, fs::read(&path).expect("a file"));
        }
    }
    found
}

#[test]
fn less_than_is_kept_needs_to_be_meant() {
    let folder = estate().with("bills.csv", &bills());
    well(&folder, "spend import bills.csv");
    let before = well(&folder, "spend periods --output json");
    let fewer = focus_csv(&providers(), date(2026, 11, 1), date(2026, 11, 10));
    write(&folder.0.join("fewer.csv"), &fewer);
    refused(
        &folder,
        "spend import fewer.csv",
        &["--allow-shrink", "2026-11"],
    );
    let mut other = providers();
    for provider in &mut other {
        provider.projects = vec![("elsewhere", 100)];
    }
    write(
        &folder.0.join("other.csv"),
        &focus_csv(&other, date(2026, 11, 1), TODAY),
    );
    refused(&folder, "spend import other.csv", &["--replace", "2026-11"]);
    refused(&folder, "spend import bills.csv fewer.csv", &["2026-11"]);
    assert_eq!(
        before,
        well(&folder, "spend periods --output json"),
        "nothing of it was kept"
    );
    well(&folder, "spend import fewer.csv --allow-shrink");
    assert_ne!(before, well(&folder, "spend periods --output json"));
    well(&folder, "spend import bills.csv");
    assert_eq!(
        json(&folder, "spend periods"),
        serde_json::from_str::<Value>(&before).expect("JSON")
    );
}

#[test]
fn a_closed_bill_changes_by_a_decision_alone() {
    let folder = estate().with("bills.csv", &bills());
    well(&folder, "spend import bills.csv");
    well(&folder, "spend close AWS 4711 2026-09");
    let mut dearer = providers();
    dearer.retain(|provider| provider.name == "AWS");
    let text = focus_csv(&dearer, date(2026, 9, 1), date(2026, 10, 1))
        .replace("Storage in a region", "Storage elsewhere");
    write(&folder.0.join("again.csv"), &text);
    refused(
        &folder,
        "spend import again.csv --replace",
        &["closed", "--reopen", "2026-09"],
    );
    well(&folder, "spend import again.csv --replace --reopen 2026-17");
}

#[test]
fn a_broken_file_is_told_by_line_and_leaves_nothing() {
    let good = focus_csv(&providers(), date(2026, 11, 1), TODAY);
    let bad = good.replacen("2026-11-05T00:00:00Z", "2026-11-5T00:00:00Z", 1);
    let line = bad
        .lines()
        .position(|line| line.contains("2026-11-5T"))
        .expect("a line")
        + 1;
    let folder = estate().with("good.csv", &good).with("bad.csv", &bad);
    refused(
        &folder,
        "spend import good.csv bad.csv",
        &[
            "bill-instant",
            &format!("bad.csv:{line}:ChargePeriod"),
            "nothing was kept",
        ],
    );
    assert!(
        json(&folder, "spend periods")["periods"]
            .as_array()
            .is_some_and(Vec::is_empty)
    );
    assert_eq!(
        ask(&folder, "spend import missing.csv").exit,
        Exit::Findings
    );
    let report = well(&folder, "spend report --output markdown");
    assert!(
        report.contains("spend import"),
        "an empty report says what to do:\n{report}"
    );
}

/// The sums of a file of charges by the month it was billed in and that it was incurred in.
fn by_both_axes(paths: &[&Path]) -> BTreeMap<(String, String), Decimal> {
    let mut sums: BTreeMap<(String, String), Decimal> = BTreeMap::new();
    for path in paths {
        let text = fs::read_to_string(path).expect("a file");
        let mut lines = text.lines();
        let columns: Vec<&str> = lines.next().expect("a header").split(',').collect();
        let place = |name: &str| {
            columns
                .iter()
                .position(|column| *column == name)
                .expect("a column")
        };
        let (billed, start, bill) = (
            place("BilledCost"),
            place("ChargePeriodStart"),
            place("BillingPeriodStart"),
        );
        for line in lines.filter(|line| !line.is_empty()) {
            let cells: Vec<&str> = line.split(',').collect();
            let month = |at: usize| cells[at][..7].to_owned();
            let cost: Decimal = cells[billed].parse().expect("a cost");
            let sum = sums.entry((month(bill), month(start))).or_default();
            *sum += cost;
        }
    }
    sums
}

#[test]
fn corrections_stand_in_the_month_of_their_bill_and_of_their_use() {
    let Some(data) = shared("billing/focus-corrections") else {
        return;
    };
    let given = "--provider Lab --account a-1 --currency USD";
    for (first, second, mode) in [
        ("closed_s1_original.csv", Some("closed_s1_ledger.csv"), ""),
        (
            "closed_s1_original.csv",
            Some("closed_s4_bulk_ledger.csv"),
            "",
        ),
        (
            "open-current_s1_original.csv",
            Some("open-current_s1_delta.csv"),
            "--append",
        ),
        (
            "open-current_s1_original.csv",
            Some("open-current_s1_replacement.csv"),
            "--replace",
        ),
    ] {
        let folder = estate();
        let paths: Vec<_> = [Some(first), second]
            .into_iter()
            .flatten()
            .map(|name| data.join(name))
            .collect();
        well(
            &folder,
            &format!("spend import {} {given}", paths[0].display()),
        );
        well(
            &folder,
            &format!("spend import {} {given} {mode}", paths[1].display()),
        );
        let kept: Vec<&Path> = match mode {
            "--replace" => vec![&paths[1]],
            _ => paths.iter().map(AsRef::as_ref).collect(),
        };
        let asked = json(
            &folder,
            "spend query --by billed-month,month --metric billed",
        );
        let found: BTreeMap<(String, String), Decimal> = asked["rows"]
            .as_array()
            .expect("rows")
            .iter()
            .map(|row| {
                let text = |key: &str| row[key].as_str().expect("a month").to_owned();
                (
                    (text("billed_month"), text("month")),
                    number(&row["billed"]),
                )
            })
            .collect();
        assert_eq!(found, by_both_axes(&kept), "{paths:?}");
    }
}

#[test]
fn a_kill_leaves_the_old_bills_or_the_new_ones() {
    let old = focus_csv(&providers(), date(2026, 9, 1), date(2026, 11, 10));
    let new = focus_csv(&providers(), date(2026, 9, 1), TODAY);
    let folder = estate().with("old.csv", &old).with("new.csv", &new);
    let import = |file: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_commonhold"));
        command
            .current_dir(&folder.0)
            .args(["--at", "2026-11-20", "spend", "import", file])
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        command
    };
    let periods = || well(&folder, "spend periods --output json");
    assert!(import("new.csv").status().expect("a run").success());
    let after = periods();
    fs::remove_dir_all(folder.0.join(".commonhold/spend")).expect("the store");
    let begun = Instant::now();
    assert!(import("old.csv").status().expect("a run").success());
    let whole = begun.elapsed();
    let before = periods();
    assert_ne!(before, after);
    let (mut old_seen, mut new_seen) = (0, 0);
    for point in 0..20 {
        let mut child = import("new.csv").spawn().expect("a run");
        let until = Instant::now() + whole * point / 18;
        while Instant::now() < until && child.try_wait().expect("a child").is_none() {
            std::thread::park_timeout(Duration::from_millis(1));
        }
        let _ = child.kill();
        child.wait().expect("a child");
        let now = periods();
        if now == before {
            old_seen += 1;
        } else {
            assert_eq!(now, after, "a mix, killed at point {point}");
            new_seen += 1;
            // Back to the old ones, for the next point.
            fs::remove_dir_all(folder.0.join(".commonhold/spend")).expect("the store");
            assert!(import("old.csv").status().expect("a run").success());
        }
    }
    assert!(old_seen > 0, "{old_seen} old, {new_seen} new");
    assert!(import("new.csv").status().expect("a run").success());
    assert_eq!(periods(), after);
}
