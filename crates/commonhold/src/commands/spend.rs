//! `commonhold spend`

mod acknowledge;
mod ahead;
mod alerts;
mod ask;
mod books;
mod conform;
mod import;
mod kept;
mod money;
mod paid;
mod report;
mod shown;
mod standing;

use focus::Problem;
use spend::store::Status;

pub(crate) use paid::paid;
pub(crate) use shown::{Shown, shown};

use crate::cli::{SpendArguments, SpendCommand};
use crate::project::Project;
use crate::surroundings::Outcome;

/// After so many rows whoever waits is told how far it is.
const EVERY: u64 = 100_000;

pub(crate) fn run(project: &Project<'_>, arguments: &SpendArguments) -> anyhow::Result<Outcome> {
    match &arguments.command {
        SpendCommand::Import(arguments) => import::run(project, arguments),
        SpendCommand::Check(arguments) => conform::run(project, arguments),
        SpendCommand::Periods(arguments) => kept::periods(project, arguments),
        SpendCommand::Close(arguments) => kept::close(project, arguments),
        SpendCommand::Snapshots(arguments) => kept::snapshots(project, arguments),
        SpendCommand::Report(arguments) => report::run(project, arguments),
        SpendCommand::Query(arguments) => ask::query(project, arguments),
        SpendCommand::Sql(arguments) => ask::sql(project, arguments),
        SpendCommand::Forecast(arguments) => ahead::forecast(project, arguments),
        SpendCommand::Events(arguments) => ahead::events(project, arguments),
        SpendCommand::Acknowledge(arguments) => acknowledge::run(project, arguments),
        SpendCommand::Grants(arguments) => money::grants(project, arguments),
        SpendCommand::Renewal { grant } => money::renewal(project, grant),
        SpendCommand::Budgets(arguments) => money::budgets(project, arguments),
        SpendCommand::Alerts(arguments) => alerts::run(project, arguments),
    }
}

/// What is wrong with files or bills, each with its place, its kind and what to do.
fn lines(problems: &[Problem]) -> String {
    problems
        .iter()
        .map(|problem| line("error", problem))
        .collect()
}

fn line(severity: &str, problem: &Problem) -> String {
    format!(
        "{severity}[{}]: {}: {}\n  help: {}\n",
        problem.code.id,
        problem.place,
        base::visible(&problem.message),
        base::visible(&problem.help)
    )
}

/// One word for whether a bill may still change.
fn status(status: Status) -> &'static str {
    match status {
        Status::Open => "open",
        Status::Closed => "closed",
    }
}

/// A problem that ends a command.
fn said(problem: &Problem) -> anyhow::Error {
    anyhow::anyhow!("{problem} [{}]; {}", problem.code.id, problem.help)
}
