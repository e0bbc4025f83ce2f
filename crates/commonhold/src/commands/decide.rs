//! `commonhold decide`

mod act;
pub(crate) mod changes;
mod seal;
mod show;
mod tell;
mod tick;
mod verify;
mod write;

use crate::cli::{ApproveArguments, DecideArguments, DecideCommand, Signing};
use crate::project::Project;
use crate::surroundings::Outcome;

pub(crate) fn run(project: &Project<'_>, arguments: &DecideArguments) -> anyhow::Result<Outcome> {
    match &arguments.command {
        DecideCommand::Status(arguments) => show::status(project, arguments),
        DecideCommand::Explain(arguments) => show::explain(project, arguments),
        DecideCommand::List(arguments) => show::list(project, arguments),
        DecideCommand::Verify(arguments) => verify::run(project, arguments),
        DecideCommand::Render(arguments) => write::run(project, arguments),
        DecideCommand::Outage(arguments) => tick::outage(project, arguments),
        DecideCommand::Tick(arguments) => tick::run(project, arguments),
        DecideCommand::New(arguments) => act::new(project, arguments),
        DecideCommand::Amend(arguments) => act::amend(project, arguments),
        DecideCommand::Emergency(arguments) => {
            let signing = Signing {
                file: arguments.file.clone(),
                key: arguments.key.clone(),
            };
            let arguments = ApproveArguments {
                signing,
                group: Vec::new(),
                pass_limit: Vec::new(),
                emergency: true,
                raise: None,
                reason: Some(arguments.reason.clone()),
            };
            changes::approve(project, &arguments)
        }
        other => act::act(project, other),
    }
}
