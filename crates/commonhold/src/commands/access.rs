//! `commonhold access`

mod export;
mod joining;
mod leaving;
mod shown;

use anyhow::Context;

use crate::cli::{AccessArguments, AccessCommand, PaperOutput, ReviewArguments};
use crate::project::{self, Project};
use crate::render::machine::JSON_VERSION;
use crate::surroundings::Outcome;

pub(crate) fn run(project: &Project<'_>, arguments: &AccessArguments) -> anyhow::Result<Outcome> {
    match &arguments.command {
        AccessCommand::Review(arguments) => review(project, arguments),
        AccessCommand::Onboard(arguments) => joining::run(project, arguments),
        AccessCommand::Offboard(arguments) => leaving::run(project, arguments),
        AccessCommand::Export(arguments) => export::run(project, arguments),
        AccessCommand::Verify(arguments) => export::verify(project, arguments),
    }
}

fn review(project: &Project<'_>, arguments: &ReviewArguments) -> anyhow::Result<Outcome> {
    let (estate, notes) = project.ask()?;
    let group = project::group(&estate, &arguments.group)?;
    let review = access::model::review(&estate, project.day, group.name);
    let review =
        review.with_context(|| format!("the estate has no group `{}`", arguments.group))?;
    let data = match arguments.output {
        PaperOutput::Markdown => review.to_markdown(),
        PaperOutput::Json => {
            let json = serde_json::json!({ "version": JSON_VERSION, "review": review });
            format!("{json:#}\n")
        }
    };
    Ok(Outcome {
        notes,
        ..Outcome::data(data)
    })
}
