//! `commonhold help`

use std::fmt::Write;

use crate::Exit;
use crate::cli::{HelpArguments, command};
use crate::pages;
use crate::surroundings::Outcome;

const OUTPUT: &str = "\
Output
======
Data go to standard output, everything else to standard error, so that a pipe
sees data only. Text is for people and may change; JSON, CSV, SARIF and GitHub's
workflow commands are for programs.

Every JSON document has a `version`, which is 1. Keys may be added; a key that
changes its meaning or goes makes it 2. `docs/reference/output.md` describes each.

Colour is used on a terminal, unless NO_COLOR is set or --color never is given.
";

pub(crate) fn run(arguments: &HelpArguments) -> Outcome {
    let words: Vec<&str> = arguments.topic.iter().map(String::as_str).collect();
    match words.as_slice() {
        [] => Outcome::data(format!(
            "{}\n",
            command().render_help().to_string().trim_end()
        )),
        ["exit-codes"] => Outcome::data(exit_codes()),
        ["formats"] => Outcome::data(formats()),
        ["output"] => Outcome::data(OUTPUT),
        ["predicates"] => predicates(None),
        ["predicates", kind] => predicates(Some(kind)),
        names => {
            let mut found = command();
            for name in names {
                let Some(next) = found.find_subcommand(name).cloned() else {
                    let topics = ["exit-codes", "formats", "output", "predicates"];
                    let command = command();
                    let known = command
                        .get_subcommands()
                        .map(clap::Command::get_name)
                        .chain(topics);
                    let near = base::nearest(name, known)
                        .map_or(String::new(), |near| format!("; did you mean `{near}`?"));
                    return Outcome::usage(&format!("there is no command or topic `{name}`{near}"));
                };
                found = next.bin_name(format!("commonhold {}", names.join(" ")));
            }
            Outcome::data(found.render_help().to_string())
        }
    }
}

fn predicates(kind: Option<&str>) -> Outcome {
    match pages::help_predicates(kind) {
        Ok(text) => Outcome::data(text),
        Err(message) => Outcome::usage(&message),
    }
}

fn exit_codes() -> String {
    let mut text = String::from("Exit codes\n==========\n");
    for (exit, meaning) in Exit::ALL {
        let _ = writeln!(text, "{:>3}  {meaning}", *exit as u8);
    }
    text
}

fn formats() -> String {
    let mut text =
        String::from("Formats that are read where they are, as `sources` in commonhold.yaml\n");
    text.push_str("=====================================================================\n");
    for adapter in formats::ADAPTERS {
        let _ = writeln!(text, "{:<12} {}", adapter.name, adapter.about);
    }
    text
}
