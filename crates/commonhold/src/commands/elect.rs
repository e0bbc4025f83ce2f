//! `commonhold elect`

mod admit;
mod ballots;
pub(crate) mod booth;
mod candidates;
mod check;
mod count;
mod exceptions;
mod export;
mod held;
mod identity;
mod method;
mod opening;
mod polling;
mod remote;
mod seats;
mod secret;
pub(crate) mod seen;
mod token;
mod verify;
mod vote;
mod voters;

use ballot_box::{BoxError, Reason};

use crate::Exit;
use crate::cli::{ElectArguments, ElectCommand};
use crate::project::Project;
use crate::surroundings::Outcome;

/// The command line was wrong in a way that only the files could show.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct Usage(String);

pub(crate) fn run(project: &Project<'_>, arguments: &ElectArguments) -> anyhow::Result<Outcome> {
    dispatch(project, &arguments.command).or_else(ended)
}

fn dispatch(project: &Project<'_>, command: &ElectCommand) -> anyhow::Result<Outcome> {
    match command {
        ElectCommand::Tally(arguments) => count::tally(project, arguments),
        ElectCommand::Explain(arguments) => count::explain(project, arguments),
        ElectCommand::Sensitivity(arguments) => count::sensitivity(project, arguments),
        ElectCommand::Seats(arguments) => seats::run(project, arguments),
        ElectCommand::Check(arguments) => check::run(project, arguments),
        ElectCommand::Voters(arguments) => voters::run(project, arguments),
        ElectCommand::Candidates(arguments) => candidates::run(project, arguments),
        ElectCommand::Exceptions(arguments) => exceptions::run(project, arguments),
        ElectCommand::Open(arguments) => polling::open(project, arguments),
        ElectCommand::Admit(arguments) => admit::run(project, arguments),
        ElectCommand::Status(arguments) => polling::status(project, arguments),
        ElectCommand::Close(arguments) => polling::close(project, arguments),
        ElectCommand::Token(arguments) => token::run(project, arguments),
        ElectCommand::Ask(arguments) => remote::ask(project, arguments),
        ElectCommand::Issue(arguments) => remote::issue(project, arguments),
        ElectCommand::Accept(arguments) => remote::accept(project, arguments),
        ElectCommand::Post(arguments) => remote::post(project, arguments),
        ElectCommand::Vote(arguments) => vote::run(project, arguments),
        ElectCommand::Verify(arguments) => verify::run(project, arguments),
        ElectCommand::Export(arguments) => export::run(project, arguments),
    }
}

/// The exit of an error that has one of its own here.
fn ended(error: anyhow::Error) -> anyhow::Result<Outcome> {
    if let Some(Usage(message)) = error.downcast_ref() {
        return Ok(Outcome::usage(&base::visible(message)));
    }
    let refusal = error.chain().find_map(|cause| match cause.downcast_ref() {
        Some(BoxError::Refused(refusal)) => Some(refusal),
        _ => None,
    });
    match refusal {
        Some(refusal) if refusal.reason == Reason::Early => Ok(Outcome {
            data: String::new(),
            notes: format!("error: {}\n", base::visible(&refusal.to_string())),
            exit: Exit::Waits,
        }),
        _ => Err(error),
    }
}
