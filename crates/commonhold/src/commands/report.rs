//! `commonhold report`

mod affairs;
pub(crate) mod annual;
mod decided;
mod people;
mod repositories;
mod services;
mod states;
mod work;

use anyhow::{Context, bail};

use crate::cli::{AnnualArguments, ReportArguments, ReportOutput, ReportQuestion};
use crate::files;
use crate::project::Project;
use crate::render::machine::JSON_VERSION;
use crate::render::report;
use crate::surroundings::Outcome;
use annual::Annual;

pub(crate) fn run(project: &Project<'_>, arguments: &ReportArguments) -> anyhow::Result<Outcome> {
    let ReportQuestion::Annual(arguments) = &arguments.question;
    if arguments.year > project.day.year() {
        return Ok(Outcome::usage(&format!(
            "{} has not begun on {}",
            arguments.year, project.day
        )));
    }
    annual(project, arguments)
}

fn annual(project: &Project<'_>, arguments: &AnnualArguments) -> anyhow::Result<Outcome> {
    let annual = Annual::of(project, &arguments.group, arguments.year)?;
    let data = match arguments.output {
        ReportOutput::Markdown => report::markdown(&annual),
        ReportOutput::Json => {
            let json = serde_json::json!({ "version": JSON_VERSION, "report": annual });
            format!("{json:#}\n")
        }
    };
    let Some(out) = &arguments.out else {
        return Ok(Outcome::data(data));
    };
    match files::create(&project.surroundings.folder.join(out), &data) {
        Ok(()) => {
            let notes = format!("wrote {}\n", out.display());
            let nothing = Outcome::data(String::new());
            Ok(Outcome { notes, ..nothing })
        }
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => bail!(
            "{} is there already, and people may have written in it: name another file, and take over what is new",
            out.display()
        ),
        Err(error) => Err(error).with_context(|| format!("{} cannot be written", out.display())),
    }
}
