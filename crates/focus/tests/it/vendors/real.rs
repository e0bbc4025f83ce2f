//! Sums of vendors' real files, digit for digit as Python's `decimal` has them.

use std::path::{Path, PathBuf};
use std::process::Command;

use base::Decimal;
use focus::Column;
use focus::import::{Format, Options, Summary};

use super::{given, sum, sums};
use crate::collect::{Collected, read_with, told};

const DATA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data/billing");

/// A real file, if it is there.
#[expect(clippy::print_stderr, reason = "a skipped test says so")]
fn real(name: &str) -> Option<PathBuf> {
    let path = Path::new(DATA).join(name);
    if path.exists() {
        return Some(path);
    }
    eprintln!("skipped: {} is not there", path.display());
    None
}

fn read(path: &Path, options: &Options) -> (Summary, Collected) {
    let name = path.file_name().expect("a name").to_string_lossy();
    let bytes = std::fs::read(path).expect("the file");
    read_with(&name, bytes, options).unwrap_or_else(|problems| panic!("{problems:?}"))
}

/// Python's sums of these columns; nothing where there is no Python.
#[expect(clippy::print_stderr, reason = "a skipped test says so")]
fn pythons(path: &Path, columns: &[&str]) -> Option<Vec<String>> {
    let python = std::env::var("COMMONHOLD_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/vendors/sums.py");
    let output = match Command::new(&python)
        .arg(script)
        .arg(path)
        .args(columns)
        .output()
    {
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
    Some(text.lines().map(plain).collect())
}

/// A sum without zeros at its end.
fn plain(sum: &str) -> String {
    match sum.split_once('.') {
        Some(_) => sum.trim_end_matches('0').trim_end_matches('.').to_owned(),
        None => sum.to_owned(),
    }
}

/// A sum in units of 10^-36, which the residue of rounding is in too.
fn units(sum: &str) -> i128 {
    let (whole, fraction) = sum.split_once('.').unwrap_or((sum, ""));
    format!("{whole}{fraction:0<36}").parse().expect("a sum")
}

#[test]
fn the_anonymous_report_of_aws_adds_up() {
    let Some(path) = real("aws-cur/sample-anonymous-aws-export-dataset.csv") else {
        return;
    };
    let (summary, collected) = read(&path, &Options::default());
    assert_eq!(summary.format, Format::AwsCur);
    assert_eq!(
        (summary.read, summary.given, summary.rounded),
        (1281, 1281, 0)
    );
    let charges = &collected.charges;
    let usage = || {
        charges
            .iter()
            .filter(|charge| charge.get(Column::ChargeCategory) == "Usage")
    };
    assert_eq!(usage().count(), 1269);
    assert!(
        charges
            .iter()
            .all(|charge| charge.get(Column::InvoiceId).is_empty())
    );
    let columns = ["lineItem/UnblendedCost", "pricing/publicOnDemandCost"];
    let Some(expected) = pythons(&path, &columns) else {
        return;
    };
    let (billed, effective) = sums(&collected);
    assert_eq!([&billed, &effective], [&expected[0], &expected[0]]);
    assert_eq!(sum(usage(), Column::ListCost), expected[1]);
}

#[test]
fn azures_actual_cost_adds_up() {
    let Some(path) = real("azure/EA_ActualCost_Small.csv") else {
        return;
    };
    let (summary, collected) = read(&path, &Options::default());
    assert_eq!(summary.format, Format::AzureActual);
    assert_eq!((summary.read, summary.given), (11, 11));
    let Some(expected) = pythons(&path, &["Cost", "Quantity"]) else {
        return;
    };
    let (billed, effective) = sums(&collected);
    assert_eq!([&billed, &effective], [&expected[0], &expected[0]]);
    assert_eq!(
        sum(&collected.charges, Column::PricingQuantity),
        expected[1]
    );
}

#[test]
fn azures_amortised_cost_adds_up() {
    let Some(path) = real("azure/EA_AmortizedCost_Small.csv") else {
        return;
    };
    let (summary, collected) = read(&path, &Options::default());
    assert_eq!(summary.format, Format::AzureAmortised);
    assert_eq!(summary.mended.get("amortised"), Some(&2));
    let Some(expected) = pythons(&path, &["Cost"]) else {
        return;
    };
    // Three costs have more than 18 digits after the point: what they lost is known.
    assert_eq!(summary.rounded, 3);
    let (billed, effective) = sums(&collected);
    assert_eq!(units(&effective) + summary.residue, units(&expected[0]));
    // What a reservation and a savings plan cover was billed when they were bought.
    let covered: Decimal = "0.499152000468".parse().expect("a number");
    let effective: Decimal = effective.parse().expect("a sum");
    assert_eq!(billed, (effective - covered).to_string());
}

#[test]
fn azures_bill_in_canadian_dollars_adds_up() {
    let Some(path) = real("azure/sample-anonymous-ea-export-dataset.csv") else {
        return;
    };
    let (summary, collected) = read(&path, &Options::default());
    assert_eq!((summary.read, summary.given), (27, 27));
    assert!(
        collected
            .charges
            .iter()
            .all(|charge| charge.get(Column::BillingCurrency) == "CAD")
    );
    let Some(expected) = pythons(&path, &["CostInBillingCurrency"]) else {
        return;
    };
    let (billed, effective) = sums(&collected);
    assert_eq!([&billed, &effective], [&expected[0], &expected[0]]);
}

#[test]
fn azures_spellings_add_up() {
    let dollars = given(&[(Column::BillingCurrency, "USD")]);
    for (name, column, options) in [
        ("Enterprise", "CostInBillingCurrency", &Options::default()),
        (
            "EnterpriseCamel",
            "costInBillingCurrency",
            &Options::default(),
        ),
        ("PayAsYouGo", "PreTaxCost", &Options::default()),
        ("MissingBrackets", "costinbillingcurrency", &dollars),
        ("VirtualMachine", "costinbillingcurrency", &dollars),
    ] {
        let Some(path) = real(&format!("azure/headersets/{name}.csv")) else {
            return;
        };
        let (summary, collected) = read(&path, options);
        assert_eq!(summary.given, 1, "{name}");
        let Some(expected) = pythons(&path, &[column]) else {
            return;
        };
        let (billed, effective) = sums(&collected);
        assert_eq!(
            [&billed, &effective],
            [&expected[0], &expected[0]],
            "{name}"
        );
    }
}

#[test]
fn a_bill_whose_rows_lack_their_last_cell_is_refused_and_adds_up_with_it() {
    let Some(path) = real("azure/headersets/Template.csv") else {
        return;
    };
    let dollars = given(&[(Column::BillingCurrency, "USD")]);
    let bytes = std::fs::read(&path).expect("the file");
    let said = told(read_with("Template.csv", bytes.clone(), &dollars));
    let first = "Template.csv:2: this row has 10 cells, and the file has 11 columns [bill-record]";
    assert_eq!(said.lines().next(), Some(first));
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .from_reader(&bytes[..]);
    let mut writer = csv::Writer::from_writer(Vec::new());
    for row in reader.records() {
        let mut row = row.expect("a row");
        while row.len() < 11 {
            row.push_field("");
        }
        writer.write_record(&row).expect("written");
    }
    let whole = writer.into_inner().expect("all of it");
    let (summary, collected) = read_with("Template.csv", whole, &dollars).expect("sound");
    assert_eq!(summary.given, 87);
    let Some(expected) = pythons(&path, &["costinbillingcurrency"]) else {
        return;
    };
    let (billed, effective) = sums(&collected);
    assert_eq!([&billed, &effective], [&expected[0], &expected[0]]);
}

#[test]
fn a_charge_of_azure_without_cost_and_currency_is_refused() {
    let Some(path) = real("azure/headersets/BOM.csv") else {
        return;
    };
    let bytes = std::fs::read(path).expect("the file");
    assert_eq!(
        told(read_with("BOM.csv", bytes, &Options::default())),
        "BOM.csv:2:PreTaxCost: this charge has no BilledCost [bill-missing]"
    );
}
