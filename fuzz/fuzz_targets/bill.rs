#![no_main]
//! Any octets as a file of charges, in whatever it is found to be and as FOCUS. The first octet
//! says how dates and numbers are meant.

use std::io::Cursor;

use focus::import::{DateOrder, Format, Input, Numbers, Options, PROBLEMS, import};
use focus::{Cell, Column, ColumnType, Problem, Row, Sink};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Some((first, file)) = bytes.split_first() else {
        return;
    };
    let options = options(*first);
    let found = read(file, None, &options);
    let focus = read(file, Some(Format::Focus), &options);
    if let Some((Format::Focus, rows)) = found {
        assert_eq!(
            focus,
            Some((Format::Focus, rows)),
            "the same file reads the same"
        );
    }
});

fn options(first: u8) -> Options {
    let dates = [None, Some(DateOrder::MonthFirst), Some(DateOrder::DayFirst)];
    let given = [
        (Column::BillingAccountId, "a"),
        (Column::BillingCurrency, "EUR"),
        (Column::BillingPeriodStart, "2025-03-01"),
        (Column::ChargeCategory, "Usage"),
        (Column::ProviderName, "p"),
    ];
    let given = given.map(|(column, text)| (column, text.to_owned()));
    Options {
        dates: dates[usize::from(first % 3)],
        numbers: if first & 0x10 == 0 {
            Numbers::Plain
        } else {
            Numbers::Spreadsheet
        },
        given: if first & 0x20 == 0 {
            given.to_vec()
        } else {
            Vec::new()
        },
    }
}

fn read(file: &[u8], format: Option<Format>, options: &Options) -> Option<(Format, u64)> {
    let input = match Input::open("bill", Cursor::new(file.to_vec())) {
        Ok(input) => input,
        Err(problem) => {
            said(&problem);
            return None;
        }
    };
    let mut seen = Seen::default();
    match import(input, format, options, &mut seen) {
        Ok(summary) => {
            assert_eq!(summary.given, seen.rows);
            assert!(summary.read > 0);
            summary.doubts.iter().for_each(said);
            Some((summary.format, summary.given))
        }
        Err(problems) => {
            assert!((1..=PROBLEMS).contains(&problems.len()));
            problems.iter().for_each(said);
            None
        }
    }
}

/// A problem names the file, and says on one line what is wrong and what to do.
fn said(problem: &Problem) {
    assert_eq!(problem.place.file, "bill");
    assert!(!problem.message.is_empty() && !problem.help.is_empty());
    assert!(!problem.to_string().contains('\n'), "{problem}");
}

#[derive(Default)]
struct Seen {
    extra: usize,
    rows: u64,
}

impl Sink for Seen {
    fn begin(&mut self, extra: &[String]) -> Result<(), Problem> {
        assert!(extra.iter().all(|name| name.starts_with("x_")));
        self.extra = extra.len();
        Ok(())
    }

    fn charge(&mut self, row: &Row<'_>) -> Result<(), Problem> {
        self.rows += 1;
        assert!(row.number > 0 && row.extra.len() <= self.extra);
        for column in Column::ALL {
            let cell = row.get(*column);
            assert!(column.takes(cell), "{column:?}: {cell:?}");
            assert!(cell.text() != Some(""), "{column:?} is empty");
            assert!(
                cell == &Cell::Null
                    || column.holds() != ColumnType::Decimal
                    || cell.number().is_some()
            );
        }
        for column in [Column::BilledCost, Column::EffectiveCost] {
            let cost = row.get(column).number().expect("each charge has it");
            assert!(cost.abs().approximate() < 1e12 + 1.0);
        }
        Ok(())
    }
}
