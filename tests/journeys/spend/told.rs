//! What is told, once.

use std::fs;
use std::process::{Command, Output};

use jiff::civil::date;
use serde_json::Value;
use testkit::bills::focus_csv;

use super::{TODAY, estate, providers};
use crate::support::{Folder, write};

/// A run that tells by files in a folder.
fn run(folder: &Folder, day: &str, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_commonhold"))
        .current_dir(&folder.0)
        .env("COMMONHOLD_NOTICE_FOLDER", folder.0.join("notices"))
        .env_remove("COMMONHOLD_SMTP")
        .args(["--at", day, "spend"])
        .args(arguments)
        .output()
        .expect("a run")
}

#[track_caller]
fn alerts(folder: &Folder, day: &str, send: bool) -> Value {
    let arguments: &[&str] = if send {
        &["alerts", "--send", "--output", "json"]
    } else {
        &["alerts", "--output", "json"]
    };
    let output = run(folder, day, arguments);
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}\n{errors}"))
}

fn due(value: &Value) -> Vec<(String, String)> {
    let text = |alert: &Value, key: &str| alert[key].as_str().expect("a text").to_owned();
    let due = value["due"].as_array().expect("what is due");
    due.iter()
        .map(|alert| (text(alert, "id"), text(alert, "change")))
        .collect()
}

fn notices(folder: &Folder) -> usize {
    fs::read_dir(folder.0.join("notices")).map_or(0, Iterator::count)
}

fn community() -> Folder {
    let folder = estate();
    fs::create_dir(folder.0.join("notices")).expect("a folder");
    folder.with(
        "budgets/year.yaml",
        "title: All of it\namount: 3000000\ncurrency: USD\nperiod: year\nowner: infra\n\
         thresholds:\n- {at: 40, action: ask the owners what can wait, notify: [money@example.org]}\n",
    )
}

#[test]
fn a_threshold_is_told_once_and_taken_back_when_bills_are_put_right() {
    let bills = focus_csv(&providers(), date(2026, 1, 1), TODAY);
    let folder = community().with("bills.csv", &bills);
    assert!(
        run(&folder, "2026-11-20", &["import", "bills.csv"])
            .status
            .success()
    );

    let before = alerts(&folder, "2026-11-20", false);
    let threshold = due(&before)
        .into_iter()
        .find(|(id, _)| id.starts_with("budget/year/"));
    let (id, change) = threshold.expect("40 % of the year are spent");
    assert_eq!(change, "raised");
    assert_eq!(notices(&folder), 0, "nothing is told without --send");

    let sent = alerts(&folder, "2026-11-20", true);
    assert_eq!(due(&sent), due(&before));
    let first = notices(&folder);
    assert!(first > 0, "{sent:#}");
    assert!(
        due(&alerts(&folder, "2026-11-21", true))
            .iter()
            .all(|(told, _)| *told != id)
    );

    // Half of it was never used: the bills are put right, and who was told is told so.
    let mut fewer = providers();
    for provider in &mut fewer {
        (provider.weekday, provider.weekend) =
            (provider.weekday / 200 * 100, provider.weekend / 200 * 100);
    }
    write(
        &folder.0.join("right.csv"),
        &focus_csv(&fewer, date(2026, 1, 1), TODAY),
    );
    let right = run(
        &folder,
        "2026-11-22",
        &["import", "right.csv", "--replace", "--allow-shrink"],
    );
    assert!(
        right.status.success(),
        "{}",
        String::from_utf8_lossy(&right.stderr)
    );
    let back = alerts(&folder, "2026-11-22", true);
    assert!(
        due(&back).contains(&(id, "withdrawn".to_owned())),
        "{back:#}"
    );
    assert!(notices(&folder) > first);
}

#[test]
fn what_could_not_be_told_is_told_by_the_next_run() {
    let bills = focus_csv(&providers(), date(2026, 1, 1), TODAY);
    let folder = community().with("bills.csv", &bills);
    assert!(
        run(&folder, "2026-11-20", &["import", "bills.csv"])
            .status
            .success()
    );
    // The disk that the folder is on is not there.
    let (notices_of, elsewhere) = (folder.0.join("notices"), folder.0.join("elsewhere"));
    fs::rename(&notices_of, &elsewhere).expect("a folder");
    let failed = run(&folder, "2026-11-20", &["alerts", "--send"]);
    assert_eq!(failed.status.code(), Some(1));
    fs::rename(&elsewhere, &notices_of).expect("a folder");
    let sent = alerts(&folder, "2026-11-21", true);
    assert!(
        due(&sent)
            .iter()
            .any(|(id, _)| id.starts_with("budget/year/")),
        "{sent:#}"
    );
    assert!(notices(&folder) > 0);
    assert!(
        due(&alerts(&folder, "2026-11-21", true))
            .iter()
            .all(|(id, _)| !id.starts_with("budget/"))
    );
}
