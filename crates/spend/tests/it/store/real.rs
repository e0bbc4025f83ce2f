//! Bills of vendors, as their importers read them.

use std::io::Cursor;
use std::path::PathBuf;

use focus::import::{Input, Options, detect, import};
use spend::store::{Change, CostStore, Delivery, Outcome, Source};

use super::{Bench, delivery, part};

/// The lines of a file of the data, with the first apart; nothing where the data is not there.
#[expect(clippy::print_stderr, reason = "a skipped test must say so")]
fn lines(path: &str) -> Option<(String, Vec<String>)> {
    let data = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/billing");
    let Ok(text) = std::fs::read_to_string(data.join(path)) else {
        eprintln!("skipped: {} is not there", data.join(path).display());
        return None;
    };
    let mut lines = text.lines().map(|line| format!("{line}\n"));
    let first = lines.next()?;
    Some((first, lines.collect()))
}

fn take(
    store: &CostStore,
    delivery: Delivery,
    file: &str,
    first: &str,
    rest: &[&String],
) -> Outcome {
    let rest: Vec<&str> = rest.iter().map(|line| line.as_str()).collect();
    let text = format!("{first}{}", rest.concat());
    let mut importing = store.begin(delivery).expect("a store");
    let mut input = Input::open(file, Cursor::new(text.clone().into_bytes())).expect("a table");
    let format = detect(&mut input).expect("a known form");
    let source = Source::of(file, format.name(), text.as_bytes()).expect("bytes");
    importing
        .read(source, |sink| {
            import(input, Some(format), &Options::default(), sink)
        })
        .unwrap_or_else(|problems| panic!("{file}: {problems:?}"));
    importing
        .commit()
        .unwrap_or_else(|error| panic!("{file}: {error:?}"))
}

#[test]
fn halves_of_real_bills_in_either_order_are_the_whole() {
    for path in [
        "focus-sample/focus_sample_1.0.csv",
        "aws-cur/sample-anonymous-aws-export-dataset.csv",
    ] {
        let Some((first, rest)) = lines(path) else {
            continue;
        };
        let all: Vec<&String> = rest.iter().collect();
        let whole = Bench::new();
        take(&whole.store, delivery(), "all.csv", &first, &all);
        let expected = whole.store.current().unwrap();
        let again = take(&whole.store, delivery(), "again.csv", &first, &all);
        assert!(!again.is_new, "{path}");
        let (front, back) = all.split_at(all.len() / 2);
        let odd: Vec<&String> = all.iter().step_by(2).copied().collect();
        let even: Vec<&String> = all.iter().skip(1).step_by(2).copied().collect();
        for (one, other) in [(front, back), (back, front), (&odd, &even), (&even, &odd)] {
            let bench = Bench::new();
            take(&bench.store, part(), "1.csv", &first, one);
            take(&bench.store, part(), "2.csv", &first, other);
            let found = bench.store.current().unwrap();
            assert_eq!(found.content(), expected.content(), "{path}");
            for (found, expected) in found.partitions.iter().zip(&expected.partitions) {
                assert_eq!(
                    (&found.key, &found.totals),
                    (&expected.key, &expected.totals)
                );
            }
            let outcome = take(&bench.store, part(), "2.csv", &first, other);
            let changes = outcome.bills.iter().map(|bill| bill.change);
            assert!(
                changes
                    .into_iter()
                    .all(|change| change == Change::Unchanged)
            );
        }
    }
}
