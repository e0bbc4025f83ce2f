#![no_main]
//! Any octets as a vendor's bill, in the format that the first line names or that its columns
//! show: what is read is as many charges as the summary says, each with its costs.

use std::io::Cursor;

use focus::import::{DateOrder, Format, Input, Options, import};
use focus::{Cell, Column, Problem, Row, Sink};
use libfuzzer_sys::fuzz_target;

/// Counts charges, and looks at what each must have.
struct Counted {
    extra: usize,
    charges: u64,
}

impl Sink for Counted {
    fn begin(&mut self, extra: &[String]) -> Result<(), Problem> {
        self.extra = extra.len();
        assert!(extra.iter().all(|name| name.starts_with("x_")));
        Ok(())
    }

    fn charge(&mut self, row: &Row<'_>) -> Result<(), Problem> {
        self.charges += 1;
        assert!(row.extra.len() <= self.extra);
        assert!(row.get(Column::BilledCost).number().is_some());
        assert!(row.get(Column::EffectiveCost).number().is_some());
        assert!(
            Column::ALL
                .iter()
                .all(|column| column.takes(row.get(*column)))
        );
        assert!(
            Column::ALL
                .iter()
                .all(|column| row.get(*column) != &Cell::Text("".into()))
        );
        Ok(())
    }
}

fuzz_target!(|input: &[u8]| {
    let end = input
        .iter()
        .position(|octet| *octet == b'\n')
        .unwrap_or(input.len());
    let (first, rest) = input.split_at(end);
    let format = std::str::from_utf8(first).ok().and_then(Format::named);
    let bytes = if format.is_some() {
        rest.get(1..).unwrap_or_default()
    } else {
        input
    };
    let options = Options {
        dates: Some(DateOrder::MonthFirst),
        given: vec![(Column::BillingAccountId, "meadow".to_owned())],
        ..Options::default()
    };
    let Ok(input) = Input::open("bill", Cursor::new(bytes.to_vec())) else {
        return;
    };
    let mut counted = Counted {
        extra: 0,
        charges: 0,
    };
    match import(input, format, &options, &mut counted) {
        Ok(summary) => assert_eq!(summary.given, counted.charges),
        Err(problems) => assert!(!problems.is_empty()),
    }
});
