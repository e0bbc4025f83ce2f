//! `commonhold completions`

use crate::cli::{CompletionsArguments, command};
use crate::surroundings::Outcome;

pub(crate) fn run(arguments: &CompletionsArguments) -> Outcome {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut command(), "commonhold", &mut script);
    Outcome::data(String::from_utf8_lossy(&script))
}
