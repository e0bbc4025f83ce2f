//! Prints the result of an Elekto file as `benches/elekto_core.py` does:
//! `cargo run --release -p tally --example tally -- ballots.csv [PRESET]`.

#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a program of its own"
)]

use std::error::Error;
use std::process::ExitCode;

use tally::format::{Format, read};
use tally::method::Method;

const USAGE: &str = "usage: tally BALLOTS.csv [PRESET]";

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let Some(file) = arguments.next() else {
        eprintln!("{USAGE}");
        return ExitCode::FAILURE;
    };
    let preset = arguments.next();
    match run(&file, preset.as_deref().unwrap_or("elekto")) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn run(file: &str, preset: &str) -> Result<(), Box<dyn Error>> {
    let method = Method::preset(preset).ok_or_else(|| {
        format!(
            "no preset \"{preset}\"; there are {}",
            Method::PRESETS.join(", ")
        )
    })?;
    let poll = read(Format::Elekto, file, &std::fs::read(file)?)?;
    let outcome = method.tally(&poll.profile)?;
    for layer in outcome.named_layers() {
        println!("{}", layer.join(" = "));
    }
    Ok(())
}
