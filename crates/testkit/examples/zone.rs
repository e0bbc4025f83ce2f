//! Prints a generated zone file as octoDNS has them:
//! `cargo run --release -p testkit --example zone -- 100000`.

#![expect(clippy::print_stderr, reason = "a program of its own")]

use std::io::Write;
use std::process::ExitCode;

const USAGE: &str = "\
usage: zone RECORD-SETS [SEED]

Prints a zone file with so many record sets. The same number and seed give the same bytes.";

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let sets = arguments.next().and_then(|sets| sets.parse().ok());
    let seed = arguments.next().map_or(Some(1), |seed| seed.parse().ok());
    let (Some(sets), Some(seed)) = (sets, seed) else {
        eprintln!("{USAGE}");
        return ExitCode::FAILURE;
    };
    let file = testkit::zone_file(sets, seed);
    match std::io::stdout().write_all(file.as_bytes()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
