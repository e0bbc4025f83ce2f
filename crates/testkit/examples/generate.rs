//! Writes a generated estate to a folder:
//! `cargo run --release -p testkit --example generate -- --people 10000 --services 2000 --teams 20000 DIR`.

#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a program of its own"
)]

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use testkit::{EstateSize, generate};

const USAGE: &str = "\
usage: generate [--size small|real|large] [--seed N] [--people N] [--companies N] [--groups N]
                [--services N] [--teams N] [--organisations N] [--mailing-groups N]
                [--accounts N] DIR

Writes an estate of invented people into DIR, which must not be there yet. What is not said is
as in --size real. The same size and seed give the same bytes.";

fn main() -> ExitCode {
    match run(std::env::args().skip(1)) {
        Ok(said) => {
            println!("{said}");
            ExitCode::SUCCESS
        }
        Err(said) => {
            eprintln!("{said}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: impl Iterator<Item = String>) -> Result<String, String> {
    let (size, seed, folder) = parse(arguments)?;
    if folder.exists() {
        return Err(format!("{} is there already", folder.display()));
    }
    let mut count = 0;
    for (path, text) in generate(size, seed) {
        write(&folder.join(&path), &text).map_err(|error| format!("{path}: {error}"))?;
        count += 1;
    }
    Ok(format!("{count} files in {}", folder.display()))
}

fn parse(
    mut arguments: impl Iterator<Item = String>,
) -> Result<(EstateSize, u64, PathBuf), String> {
    let mut size = EstateSize::real();
    let (mut seed, mut folder) = (1, None);
    while let Some(argument) = arguments.next() {
        if !argument.starts_with('-') {
            folder = Some(PathBuf::from(argument));
            continue;
        }
        let value = arguments.next().ok_or(USAGE)?;
        if argument == "--size" {
            size = match value.as_str() {
                "small" => EstateSize::small(),
                "real" => EstateSize::real(),
                "large" => EstateSize::large(),
                _ => return Err(USAGE.to_owned()),
            };
            continue;
        }
        let number: usize = value.parse().map_err(|_| USAGE)?;
        match argument.as_str() {
            "--seed" => seed = number as u64,
            "--people" => size.people = number,
            "--companies" => size.companies = number,
            "--groups" => size.groups = number,
            "--services" => size.services = number,
            "--teams" => size.teams = number,
            "--organisations" => size.organisations = number,
            "--mailing-groups" => size.mailing_groups = number,
            "--accounts" => size.accounts = number,
            _ => return Err(USAGE.to_owned()),
        }
    }
    Ok((size, seed, folder.ok_or(USAGE)?))
}

/// These files are of use to nobody when half written, and are made again in a moment.
#[expect(
    clippy::disallowed_methods,
    reason = "a crash may leave half an estate; it is made again"
)]
fn write(path: &Path, text: &str) -> std::io::Result<()> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    std::fs::write(path, text)
}
