//! From arguments to what is said.

use clap::{ColorChoice, CommandFactory, FromArgMatches};

use crate::Exit;
use crate::cli::{Cli, ColorWhen, Command, Moment};
use crate::commands;
use crate::court::Inadmissible;
use crate::keys::NoIdentity;
use crate::surroundings::{Outcome, Surroundings};

/// Runs one command line.
pub fn run(surroundings: &Surroundings) -> Outcome {
    let color = |choice| Cli::command().color(choice);
    let choice = if surroundings.terminal && !surroundings.no_color {
        ColorChoice::Always
    } else {
        ColorChoice::Never
    };
    let styled = choice == ColorChoice::Always;
    let matches = match color(choice).try_get_matches_from(&surroundings.arguments) {
        Ok(matches) => matches,
        Err(error) => return of_clap(&error, styled),
    };
    let cli = match Cli::from_arg_matches(&matches) {
        Ok(cli) => cli,
        Err(error) => return of_clap(&error, styled),
    };
    let mut surroundings = surroundings.clone();
    match cli.color {
        ColorWhen::Auto => {}
        ColorWhen::Always => (surroundings.terminal, surroundings.no_color) = (true, false),
        ColorWhen::Never => surroundings.no_color = true,
    }
    dispatch(cli, &surroundings).unwrap_or_else(|error| Outcome {
        data: String::new(),
        notes: format!("error: {}\n", base::visible(&format!("{error:#}"))),
        exit: exit_of(&error),
    })
}

/// The exit code that an error has, where it has one of its own.
fn exit_of(error: &anyhow::Error) -> Exit {
    if error.downcast_ref::<NoIdentity>().is_some() {
        return Exit::Identity;
    }
    let inadmissible = error
        .chain()
        .find_map(|cause| cause.downcast_ref::<Inadmissible>());
    match inadmissible {
        Some(Inadmissible::Stale(_) | Inadmissible::RiskLowered(_)) => Exit::Stale,
        Some(Inadmissible::NotAPlan(_)) | None => Exit::Findings,
    }
}

fn of_clap(error: &clap::Error, styled: bool) -> Outcome {
    let said = error.render();
    let text = if styled {
        said.ansi().to_string()
    } else {
        said.to_string()
    };
    if error.use_stderr() {
        return Outcome {
            data: String::new(),
            notes: text,
            exit: Exit::Usage,
        };
    }
    Outcome::data(format!("{}\n", text.trim_end()))
}

fn dispatch(cli: Cli, surroundings: &Surroundings) -> anyhow::Result<Outcome> {
    // The one command whose argument is the estate.
    let named = match &cli.command {
        Command::Serve(arguments) if arguments.git.is_none() => arguments.folder.clone(),
        _ => None,
    };
    let project = crate::project::Project {
        given: named.or(cli.estate),
        day: cli.at.map_or(surroundings.today, Moment::day),
        instant: cli.at.and_then(Moment::instant),
        surroundings,
    };
    match cli.command {
        Command::Check(arguments) => commands::check::run(project, &arguments),
        Command::Plan(arguments) => commands::plan::run(&project, &arguments),
        Command::Risk(arguments) => commands::risk::run(&project, &arguments),
        Command::Propose(arguments) => commands::decide::changes::propose(&project, &arguments),
        Command::Notice(arguments) => commands::decide::changes::notice(&project, &arguments),
        Command::Approve(arguments) => commands::decide::changes::approve(&project, &arguments),
        Command::Object(arguments) => commands::decide::changes::object(&project, &arguments),
        Command::Withdraw(arguments) => commands::decide::changes::withdraw(&project, &arguments),
        Command::Decide(arguments) => commands::decide::run(&project, &arguments),
        Command::Elect(arguments) => commands::elect::run(&project, &arguments),
        Command::Gate(arguments) => commands::gate::run(&project, &arguments),
        Command::Apply(arguments) => commands::apply::run(&project, &arguments),
        Command::Drift(arguments) => commands::drift::run(&project, &arguments),
        Command::Audit(arguments) => commands::audit::run(&project, &arguments),
        Command::Ledger(arguments) => commands::ledger::run(&project, &arguments),
        Command::Dns(arguments) => commands::dns::run(&project, &arguments),
        Command::Request(arguments) => commands::request::run(&project, &arguments),
        Command::Show(arguments) => commands::show::run(&project, &arguments),
        Command::Who(arguments) => commands::who::run(&project, &arguments),
        Command::What(arguments) => commands::what::run(&project, &arguments),
        Command::Access(arguments) => commands::access::run(&project, &arguments),
        Command::Owners(arguments) => commands::owners::run(&project, &arguments),
        Command::Spend(arguments) => commands::spend::run(&project, &arguments),
        Command::Migration(arguments) => commands::migration::run(&project, &arguments),
        Command::Impact(arguments) => commands::impact::run(&project, &arguments),
        Command::Why(arguments) => commands::why::run(&project, &arguments),
        Command::Graph(arguments) => commands::graph::run(&project, &arguments),
        Command::Stats(arguments) => commands::stats::run(&project, &arguments),
        Command::Calendar(arguments) => commands::calendar::run(&project, &arguments),
        Command::Report(arguments) => commands::report::run(&project, &arguments),
        Command::Recipients(arguments) => commands::recipients::run(&project, &arguments),
        Command::Serve(arguments) => commands::serve::run(&project, &arguments),
        Command::Site(arguments) => commands::site::run(&project, &arguments),
        Command::Explain(arguments) => commands::explain::run(&project, &arguments),
        Command::Schema(arguments) => Ok(commands::schema::run(&arguments)),
        Command::Init(arguments) => commands::init::run(&project, &arguments),
        Command::Completions(arguments) => Ok(commands::completions::run(&arguments)),
        Command::Help(arguments) => Ok(commands::help::run(&arguments)),
    }
}
