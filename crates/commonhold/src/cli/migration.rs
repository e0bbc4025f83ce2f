//! Arguments of what moves, how far it is, and when that is over.

mod history;
mod waves;

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use jiff::civil::Date;
use migration::Stage;

use super::{Output, QuestionArguments};
pub(crate) use history::*;
pub(crate) use waves::*;

#[derive(Debug, Args)]
pub(crate) struct MigrationArguments {
    #[command(subcommand)]
    pub(crate) command: MigrationCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum MigrationCommand {
    /// Say how each migration stands: what is left, and what is new
    ///
    /// Each thing is in one state: ready, todo, blocked, in flight, excepted, moved or retired.
    /// All are computed from the estate; nobody types them.
    #[command(
        after_help = "Examples:\n  commonhold migration status\n  commonhold migration status jobs\n  commonhold migration status jobs --assets --state blocked\n  commonhold migration status jobs --assets --owner sig-node --output csv"
    )]
    Status(MigrationStatusArguments),
    /// Say what to do next: what can move now, and what frees most
    #[command(
        after_help = "Examples:\n  commonhold migration next\n  commonhold migration next jobs --owner sig-node --count 3\n  commonhold migration next --output json"
    )]
    Next(MigrationNextArguments),
    /// Say in what order to move what is left: waves with dates, who does what, and the bridges
    ///
    /// A bridge stands while one end of a reference has moved and the other has not. The plan says
    /// what it takes, how much cheaper another might be, and what to free first.
    #[command(
        after_help = "Examples:\n  commonhold migration waves services\n  commonhold migration waves services --without mail --after dns=2026-11-20\n  commonhold migration waves jobs --days 10 --groups 8 --output markdown\n  commonhold migration waves services --output svg > waves.svg"
    )]
    Waves(MigrationWavesArguments),
    /// Show how it came to where it is, from the commits of a repository, and when it is done
    ///
    /// Each version of a file is read once. What moved and what was retired are two things, and
    /// what is expected says how far off it was in the past.
    #[command(
        after_help = "Examples:\n  commonhold migration history\n  commonhold migration history jobs --every week --since 2026-01-01\n  commonhold migration history jobs --repo ../jobs --tree config/jobs --output html > curve.html\n  commonhold migration history --repo ../jobs --goal 'cluster ~ \"new-*\"' --by owner --output csv"
    )]
    History(MigrationHistoryArguments),
    /// Write what shows that a move is not over: what is left, paid, issued and named
    #[command(
        after_help = "Examples:\n  commonhold migration report\n  commonhold migration report --out migration.html\n  commonhold migration report jobs --output markdown"
    )]
    Report(MigrationReportArguments),
    /// Show the list that may only become shorter, start it, or shorten it
    ///
    /// Nothing ever makes it longer.
    #[command(
        after_help = "Examples:\n  commonhold migration ratchet jobs\n  commonhold migration ratchet jobs --start\n  commonhold migration ratchet jobs --lower"
    )]
    Ratchet(MigrationRatchetArguments),
    /// Say whether it is over: no, and the shortest list of what would make it so
    ///
    /// Of one migration, or of all that `disband` in charter.yaml asks before the group that
    /// moves things may end. The answer rests on the commits of the estate.
    #[command(
        alias = "done?",
        after_help = "Examples:\n  commonhold migration done\n  commonhold migration done jobs\n  commonhold migration done --all --output json"
    )]
    Done(MigrationDoneArguments),
}

#[derive(Debug, Args)]
pub(crate) struct MigrationStatusArguments {
    /// The migration, by the name of its file; all if not said
    pub(crate) name: Option<String>,

    /// List each thing with its state and what decides it
    #[arg(long)]
    pub(crate) assets: bool,

    /// Only things in this state: ready, todo, blocked, in-flight, excepted, moved, retired; may be repeated
    #[arg(long, value_name = "STATE", requires = "assets")]
    pub(crate) state: Vec<Stage>,

    /// Only what this group owns; `-` for what nobody owns
    #[arg(long, value_name = "GROUP", requires = "assets")]
    pub(crate) owner: Option<String>,

    #[command(flatten)]
    pub(crate) question: QuestionArguments,
}

#[derive(Debug, Args)]
pub(crate) struct MigrationNextArguments {
    /// The migration, by the name of its file; all if not said
    pub(crate) name: Option<String>,

    /// Only what this group can do
    #[arg(long, value_name = "GROUP")]
    pub(crate) owner: Option<String>,

    /// How many batches, and how many things to free
    #[arg(long, default_value_t = 5, value_name = "NUMBER", value_parser = clap::value_parser!(u16).range(1..))]
    pub(crate) count: u16,

    #[command(flatten)]
    pub(crate) question: QuestionArguments,
}

#[derive(Debug, Args)]
pub(crate) struct MigrationReportArguments {
    /// The migration, by the name of its file; all if not said
    pub(crate) name: Option<String>,

    /// Say also how many jobs were left as each month since this day began, from the estate's repository
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub(crate) since: Option<Date>,

    /// How to print it; as the file of --out is called if not said, else text
    #[arg(short, long, value_enum, value_name = "FORMAT")]
    pub(crate) output: Option<MigrationReportOutput>,

    /// Write it into this file, over what is there
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum MigrationReportOutput {
    /// For people, at a terminal
    Text,
    /// For the notes of a meeting
    Markdown,
    /// One page that works without network and script
    Html,
    /// Versioned; see `commonhold help output`
    Json,
}

#[derive(Debug, Args)]
pub(crate) struct MigrationRatchetArguments {
    /// The migration, by the name of its file
    pub(crate) name: String,

    /// Write the list of what is left today; refused where there is one
    #[arg(long, conflicts_with = "lower")]
    pub(crate) start: bool,

    /// Take off the list what is left no more
    #[arg(long)]
    pub(crate) lower: bool,

    #[command(flatten)]
    pub(crate) question: QuestionArguments,
}

#[derive(Debug, Args)]
pub(crate) struct MigrationDoneArguments {
    /// The migration, by the name of its file; with none, all that the charter asks
    #[arg(conflicts_with = "all")]
    pub(crate) name: Option<String>,

    /// All that the charter asks, as with no name
    #[arg(long)]
    pub(crate) all: bool,

    /// How to print the answer
    #[arg(short, long, value_enum, default_value_t = Output::Text, value_name = "FORMAT")]
    pub(crate) output: Output,
}
