//! Arguments of who may do what.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use jiff::civil::Date;

use super::QuestionArguments;

#[derive(Debug, Args)]
pub(crate) struct WhatArguments {
    #[command(subcommand)]
    pub(crate) question: WhatQuestion,
}

#[derive(Debug, Subcommand)]
pub(crate) enum WhatQuestion {
    /// Say what somebody may do, and by which ways
    #[command(
        after_help = "Examples:\n  commonhold what can ada\n  commonhold what can ada do\n  commonhold what can ada@example.org --output json"
    )]
    Can {
        /// A person by name, login or address
        person: String,
        /// The word `do`, for who likes whole sentences
        #[arg(value_parser = ["do"], hide = true)]
        filler: Option<String>,
        #[command(flatten)]
        question: QuestionArguments,
    },
}

#[derive(Debug, Args)]
pub(crate) struct AccessArguments {
    #[command(subcommand)]
    pub(crate) command: AccessCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum AccessCommand {
    /// List all that a group grants, for somebody to look over and sign
    #[command(
        after_help = "Examples:\n  commonhold access review infra\n  commonhold access review infra > review.md && ssh-keygen -Y sign -n file -f ~/.ssh/id_ed25519 review.md"
    )]
    Review(ReviewArguments),
    /// Write down that somebody joins: their file, and the lists that they come into
    ///
    /// Nothing real is changed: the files are edited, to be committed and planned as any change.
    #[command(
        after_help = "Examples:\n  commonhold access onboard ada --rung member --github ada-example --sponsor grace --sponsor linus\n  commonhold access onboard ada --rung member --organisation our-project --write"
    )]
    Onboard(Box<OnboardArguments>),
    /// Write down that somebody leaves, and say all that follows from it
    ///
    /// Says what they may do no more, edits every file that names them, and lists what nobody
    /// can do for you: secrets to replace, accounts elsewhere. Nothing real is changed until
    /// the files are committed, planned and applied.
    #[command(
        after_help = "Examples:\n  commonhold access offboard ada\n  commonhold access offboard ada --on 2026-12-31 --write\n  commonhold access offboard ada --output json"
    )]
    Offboard(OffboardArguments),
    /// Write people, groups, teams and permissions as JSON files that other programs read
    ///
    /// The list of all files with their digests, v1/index.json, is signed with your SSH key.
    #[command(
        after_help = "Examples:\n  commonhold access export --out public/api\n  commonhold access export --out public/api --unsigned\n  commonhold access verify public/api"
    )]
    Export(ExportArguments),
    /// Say whether exported files are whole, unchanged, and signed by somebody of the estate
    #[command(after_help = "Examples:\n  commonhold access verify public/api")]
    Verify(ExportedArguments),
}

#[derive(Debug, Args)]
pub(crate) struct ReviewArguments {
    /// The group
    pub(crate) group: String,

    /// How to print it
    #[arg(short, long, value_enum, default_value_t = PaperOutput::Markdown, value_name = "FORMAT")]
    pub(crate) output: PaperOutput,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum PaperOutput {
    /// A list to go through
    Markdown,
    /// Versioned; see `commonhold help output`
    Json,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum EditOutput {
    /// For people
    Text,
    /// Versioned; see `commonhold help output`
    Json,
}

#[derive(Debug, Args)]
pub(crate) struct OffboardArguments {
    /// Who leaves, by name, login or address
    pub(crate) person: String,

    /// The day on which they leave; today if not said
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub(crate) on: Option<Date>,

    /// Edit the files
    #[arg(long)]
    pub(crate) write: bool,

    /// How to print it
    #[arg(short, long, value_enum, default_value_t = EditOutput::Text, value_name = "FORMAT")]
    pub(crate) output: EditOutput,
}

#[derive(Debug, Args)]
pub(crate) struct OnboardArguments {
    /// What others shall call them in files; lower case, as their login where that is free
    pub(crate) name: String,

    /// The rung of the community's ladder that they come to
    #[arg(long)]
    pub(crate) rung: String,

    /// The organisation that they come into; the only one if not said
    #[arg(long)]
    pub(crate) organisation: Option<String>,

    /// Who vouches for them; may be repeated
    #[arg(long, value_name = "PERSON")]
    pub(crate) sponsor: Vec<String>,

    /// Their login at GitHub; the name if not said
    #[arg(long, value_name = "LOGIN")]
    pub(crate) github: Option<String>,

    /// The number that GitHub gave their account: it stays when the login changes
    #[arg(long, value_name = "NUMBER")]
    pub(crate) github_id: Option<u32>,

    /// Their full name, as they write it
    #[arg(long, value_name = "NAME")]
    pub(crate) full_name: Option<String>,

    /// Their public address
    #[arg(long)]
    pub(crate) email: Option<String>,

    /// Who pays for their work
    #[arg(long)]
    pub(crate) company: Option<String>,

    /// Their time zone, as Europe/Paris
    #[arg(long, value_name = "ZONE")]
    pub(crate) time_zone: Option<String>,

    /// The day on which they join; today if not said
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub(crate) on: Option<Date>,

    /// Edit the files
    #[arg(long)]
    pub(crate) write: bool,

    /// How to print it
    #[arg(short, long, value_enum, default_value_t = EditOutput::Text, value_name = "FORMAT")]
    pub(crate) output: EditOutput,
}

#[derive(Debug, Args)]
pub(crate) struct ExportArguments {
    /// The folder that they are written to; those of an earlier export there are replaced
    #[arg(long, value_name = "DIR")]
    pub(crate) out: PathBuf,

    /// Your SSH key, its secret or public half; the one Git signs with if not said
    #[arg(long, value_name = "FILE", conflicts_with = "unsigned")]
    pub(crate) key: Option<PathBuf>,

    /// Do not sign: nobody can tell then who made the files
    #[arg(long)]
    pub(crate) unsigned: bool,
}

#[derive(Debug, Args)]
pub(crate) struct ExportedArguments {
    /// The folder that holds v1/
    pub(crate) folder: PathBuf,
}
