//! `commonhold migration`

mod done;
mod ground;
mod history;
mod next;
mod ratchet;
mod report;
pub(crate) mod status;
pub(crate) mod waves;

use crate::cli::{MigrationArguments, MigrationCommand};
use crate::project::Project;
use crate::surroundings::Outcome;

pub(crate) fn run(
    project: &Project<'_>,
    arguments: &MigrationArguments,
) -> anyhow::Result<Outcome> {
    match &arguments.command {
        MigrationCommand::Status(arguments) => status::run(project, arguments),
        MigrationCommand::Next(arguments) => next::run(project, arguments),
        MigrationCommand::Waves(arguments) => waves::run(project, arguments),
        MigrationCommand::History(arguments) => history::run(project, arguments),
        MigrationCommand::Report(arguments) => report::run(project, arguments),
        MigrationCommand::Ratchet(arguments) => ratchet::run(project, arguments),
        MigrationCommand::Done(arguments) => done::run(project, arguments),
    }
}
