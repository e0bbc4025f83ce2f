//! Sums of real files, digit for digit as Python's `decimal` has them from the raw text.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use base::Decimal;
use focus::import::{DateOrder, Numbers, Options, Summary};
use focus::{Column, ColumnType};

use crate::collect::{Collected, read_with};

/// Files that are wrong as published, and what is said of them.
const WRONG: [(&str, &str); 2] = [
    (
        "commitment_discount_purchase_scenario_2.csv",
        "commitment_discount_purchase_scenario_2.csv:4:ChargePeriodEnd: `2023-02-01T30:00:00Z` is no \
         instant: the day has no such time",
    ),
    (
        "commitment_discount_purchase_scenario_3.csv",
        "commitment_discount_purchase_scenario_3.csv:5:ChargePeriodEnd: `2023-02-01T30:00:00Z` is no \
         instant: the day has no such time",
    ),
];

/// Where real files lie, if they are there.
const DATA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data/billing");

/// The one file that is wrong, as published: a column of its own has a day of one digit.
const MALFORMED: &str = "open-current_s1_delta.csv";

/// All files of FOCUS there, sorted.
fn files() -> Vec<PathBuf> {
    let mut found = Vec::new();
    for folder in ["focus-sample", "focus-corrections", "focus-spec-csv"] {
        let Ok(entries) = fs::read_dir(Path::new(DATA).join(folder)) else {
            eprintln!("skipped: {DATA}/{folder} is not there");
            continue;
        };
        found.extend(entries.map(|entry| entry.expect("an entry").path()));
    }
    found.retain(|path| path.extension().is_some_and(|extension| extension == "csv"));
    found.sort();
    found
}

fn name(path: &Path) -> String {
    path.file_name()
        .expect("a name")
        .to_string_lossy()
        .into_owned()
}

/// What examples of the specification leave out.
fn options() -> Options {
    let given = [
        (Column::BillingAccountId, "example"),
        (Column::BillingCurrency, "USD"),
        (Column::ProviderName, "Example"),
    ];
    Options {
        dates: Some(DateOrder::MonthFirst),
        numbers: Numbers::Spreadsheet,
        given: given
            .map(|(column, text)| (column, text.to_owned()))
            .to_vec(),
    }
}

fn ours(path: &Path) -> (Summary, BTreeMap<String, String>) {
    let bytes = fs::read(path).expect("the file");
    let (summary, collected) = read_with(&name(path), bytes, &options()).expect("a sound file");
    let sums = sums(&collected, summary.read);
    (summary, sums)
}

fn sums(collected: &Collected, rows: u64) -> BTreeMap<String, String> {
    let mut sums = BTreeMap::from([("rows".to_owned(), rows.to_string())]);
    let numbers = Column::ALL
        .iter()
        .filter(|column| column.holds() == ColumnType::Decimal);
    for column in numbers {
        let cells = collected
            .charges
            .iter()
            .filter_map(|charge| charge.cells.get(column));
        let cells: Vec<Decimal> = cells.map(|text| text.parse().expect("a number")).collect();
        if !cells.is_empty() {
            sums.insert(
                column.name().to_owned(),
                cells.into_iter().sum::<Decimal>().to_string(),
            );
        }
    }
    sums
}

/// Python's sums of some files; nothing where there is no Python.
fn pythons(paths: &[PathBuf]) -> Option<Vec<BTreeMap<String, String>>> {
    let python = std::env::var("COMMONHOLD_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/sums.py");
    let output = match Command::new(&python).arg(script).args(paths).output() {
        Ok(output) => output,
        Err(error) => {
            let required = std::env::var_os("COMMONHOLD_REQUIRE_PEERS").is_some();
            assert!(!required, "{python} does not run: {error}");
            eprintln!("skipped: {python} does not run: {error}");
            return None;
        }
    };
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let text = String::from_utf8(output.stdout).expect("a text");
    let line = |line: &str| serde_json::from_str(line).expect("an object of texts");
    Some(text.lines().map(line).collect())
}

/// `1.50` and `1.5` are one number, and so are `-0.0` and `0`.
fn plain(text: String) -> String {
    let Some((whole, fraction)) = text.split_once('.') else {
        return text;
    };
    match (whole, fraction.trim_end_matches('0')) {
        ("-0", "") => "0".to_owned(),
        (whole, "") => whole.to_owned(),
        (whole, fraction) => format!("{whole}.{fraction}"),
    }
}

#[test]
fn sums_of_real_files_are_those_of_the_raw_text() {
    let mut paths = files();
    paths.retain(|path| WRONG.iter().all(|(wrong, _)| *wrong != name(path)));
    let Some(expected) = pythons(&paths).filter(|_| !paths.is_empty()) else {
        return;
    };
    assert_eq!(expected.len(), paths.len());
    for (path, expected) in paths.iter().zip(expected) {
        let (summary, sums) = ours(path);
        assert_eq!(
            (summary.rounded, summary.residue),
            (0, 0),
            "{}",
            path.display()
        );
        let plain = |(name, sum)| (name, plain(sum));
        let mut expected: BTreeMap<_, _> = expected.into_iter().map(plain).collect();
        // A column of nulls only has no sum of ours.
        expected.retain(|name, sum| sum != "0" || sums.contains_key(name));
        assert_eq!(sums, expected, "{}", path.display());
    }
}

#[test]
fn published_files_that_are_wrong_are_refused() {
    for path in files() {
        let name = name(&path);
        let Some((_, said)) = WRONG.iter().find(|(wrong, _)| *wrong == name) else {
            continue;
        };
        let bytes = fs::read(&path).expect("the file");
        let problems = read_with(&name, bytes, &options()).expect_err("a wrong file");
        assert_eq!(problems[0].to_string(), *said);
    }
}

#[test]
fn the_published_file_with_a_day_of_one_digit_is_taken_and_the_day_is_named() {
    let Some(path) = files().into_iter().find(|path| name(path) == MALFORMED) else {
        return;
    };
    let (summary, sums) = ours(&path);
    assert_eq!(sums["BilledCost"], "0");
    let said: Vec<String> = summary.doubts.iter().map(ToString::to_string).collect();
    let at = format!("{MALFORMED}:4:x_ExportDateTime: ");
    let what =
        "`2025-07-5T00:00:00Z` is no instant: this is no date or time from its character 10 on";
    assert_eq!(said, [format!("{at}{what}")]);
}

#[test]
fn the_sum_of_the_sample_of_1_0_is_known() {
    let Some(path) = files()
        .into_iter()
        .find(|path| name(path) == "focus_sample_1.0.csv")
    else {
        return;
    };
    let (summary, sums) = ours(&path);
    assert_eq!(summary.read, 1000);
    assert_eq!(sums["BilledCost"], "20.52022672899");
    assert_eq!(summary.mended.get("zone"), Some(&1000));
}
