//! Any bytes: no panic, and nothing is taken that does not add up.

use std::io::Cursor;

use focus::Column;
use focus::import::{DateOrder, Format, Input, Options, import};
use proptest::prelude::*;

use super::{bill, given};
use crate::collect::Collected;

const BILLS: [&str; 13] = [
    "aws-cur2.csv",
    "azure-actual.csv",
    "azure-amortized.csv",
    "azure-mca-german.csv",
    "digitalocean.csv",
    "digitalocean.json",
    "fastly.json",
    "fastly-month-to-date.json",
    "gcp-detailed.jsonl",
    "gcp-flat.csv",
    "gcp-micros.csv",
    "in-kind.yaml",
    "oci.csv",
];

/// Texts that are exchanged for parts of a bill.
const TRAPS: [&str; 16] = [
    "",
    "NULL",
    "-",
    "1e400",
    "1E-400",
    "99999999999999999999",
    "999999999999",
    "{\"a\":[1",
    "[{}]",
    "[[]]",
    "\"",
    "\u{feff}",
    "0000-00-00T99:99",
    "9999-12-31T23:59:59Z",
    "-1",
    "💸",
];

fn read(bytes: Vec<u8>, format: Option<Format>, options: &Options) {
    let Ok(input) = Input::open("any", Cursor::new(bytes)) else {
        return;
    };
    let mut collected = Collected::default();
    match import(input, format, options, &mut collected) {
        Ok(summary) => assert_eq!(summary.given, collected.charges.len() as u64),
        Err(problems) => assert!(!problems.is_empty()),
    }
}

fn options() -> Options {
    Options {
        dates: Some(DateOrder::MonthFirst),
        ..given(&[(Column::BillingAccountId, "meadow")])
    }
}

proptest! {
    #[test]
    fn a_damaged_bill_is_refused_or_read(
        name in proptest::sample::select(&BILLS[..]),
        format in proptest::option::weighted(0.2, proptest::sample::select(Format::ALL)),
        cuts in proptest::collection::vec(
            (any::<prop::sample::Index>(), 0_usize..12, proptest::sample::select(&TRAPS[..])),
            1..4,
        ),
    ) {
        let mut bytes = bill(name);
        for (place, length, trap) in cuts {
            let start = place.index(bytes.len());
            let end = (start + length).min(bytes.len());
            bytes.splice(start..end, trap.bytes());
        }
        read(bytes, format, &options());
    }

    #[test]
    fn any_text_is_refused_or_read_as_any_format(
        text in "\\PC{0,200}",
        format in proptest::sample::select(Format::ALL),
    ) {
        read(text.into_bytes(), Some(format), &options());
    }
}
