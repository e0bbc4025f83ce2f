//! Bills of each vendor, as fixtures in our own words and as real files.

mod any_bytes;
mod aws;
mod azure;
mod gcp;
mod in_kind;
mod others;
mod real;

use base::Decimal;
use focus::Column;
use focus::import::{Options, Summary};

use crate::collect::{Charge, Collected, read_with};

/// A fixture of this folder.
pub(crate) fn bill(name: &str) -> Vec<u8> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/vendors/bills");
    std::fs::read(format!("{folder}/{name}")).expect("a fixture")
}

/// Options that give these columns.
pub(crate) fn given(columns: &[(Column, &str)]) -> Options {
    let given = columns
        .iter()
        .map(|(column, text)| (*column, (*text).to_owned()));
    Options {
        given: given.collect(),
        ..Options::default()
    }
}

/// The charges of a fixture that is sound.
pub(crate) fn charges(name: &str) -> (Summary, Vec<Charge>) {
    charges_with(name, &Options::default())
}

/// The same with what is known of it.
pub(crate) fn charges_with(name: &str, options: &Options) -> (Summary, Vec<Charge>) {
    let (summary, collected) = read_with(name, bill(name), options).expect("a sound fixture");
    (summary, collected.charges)
}

/// The sum of a column over charges.
pub(crate) fn sum<'c>(charges: impl IntoIterator<Item = &'c Charge>, column: Column) -> String {
    let cells = charges
        .into_iter()
        .filter_map(|charge| charge.cells.get(&column));
    let numbers = cells.map(|text| text.parse::<Decimal>().expect("a number"));
    numbers.sum::<Decimal>().to_string()
}

/// The sums of what is billed and of what is effective.
pub(crate) fn sums(collected: &Collected) -> (String, String) {
    let of = |column| sum(&collected.charges, column);
    (of(Column::BilledCost), of(Column::EffectiveCost))
}

/// What stands in these columns of a charge, with spaces between.
pub(crate) fn cells(charge: &Charge, columns: &[Column]) -> String {
    let texts: Vec<&str> = columns.iter().map(|column| charge.get(*column)).collect();
    texts.join(" ")
}
