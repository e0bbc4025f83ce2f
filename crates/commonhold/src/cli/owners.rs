//! Arguments of what is asked and made of the owners of files.

use std::path::PathBuf;

use clap::builder::PossibleValuesParser;
use clap::{Args, Subcommand, ValueEnum};

#[derive(Debug, Args)]
pub(crate) struct OwnersArguments {
    #[command(subcommand)]
    pub(crate) command: Option<OwnersCommand>,

    #[command(flatten)]
    pub(crate) question: OwnersQuestion,
}

#[derive(Debug, Subcommand)]
pub(crate) enum OwnersCommand {
    /// Make CODEOWNERS, OWNERS files or their aliases from what the estate declares
    ///
    /// What a format cannot say is named on standard error and in the file. A file that
    /// somebody else wrote is never replaced.
    #[command(
        after_help = "Examples:\n  commonhold owners generate --format codeowners --out ../infra\n  commonhold owners generate --format owners-aliases --out . --check\n  commonhold owners generate --format owners --repository our-project/infra --out ../infra"
    )]
    Generate(OwnersGenerateArguments),
}

#[derive(Debug, Args)]
pub(crate) struct OwnersPlace {
    /// The repository, as ORGANISATION/NAME, that paths are in
    #[arg(long, value_name = "REPOSITORY")]
    pub(crate) repository: Option<String>,

    /// A checkout whose OWNERS files to read, without an estate
    #[arg(long, value_name = "FOLDER")]
    pub(crate) tree: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct OwnersQuestion {
    /// Paths in the repository; also ORGANISATION/REPOSITORY/PATH, or below the source in the estate; - reads them from standard input
    #[arg(value_name = "PATH")]
    pub(crate) path: Vec<String>,

    /// Read paths from this file, one a line, or each with a NUL after it
    #[arg(long, value_name = "FILE")]
    pub(crate) paths: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) place: OwnersPlace,

    /// Say why, of paths that are read from a file too
    #[arg(long)]
    pub(crate) why: bool,

    /// Count nobody but the logins in this file, one a line, as approver or reviewer
    #[arg(long, value_name = "FILE")]
    pub(crate) collaborators: Option<PathBuf>,

    /// Take files with mistakes as this program does, where nobody may approve otherwise
    #[arg(long, value_name = "PROGRAM", value_parser = PossibleValuesParser::new(formats::owners::COMPATIBLE_WITH))]
    pub(crate) compat: Option<String>,

    /// How to print the answer
    #[arg(short, long, value_enum, default_value_t = OwnersOutput::Text, value_name = "FORMAT")]
    pub(crate) output: OwnersOutput,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum OwnersOutput {
    /// For people
    Text,
    /// Versioned, each path on a line of its own; see `commonhold help output`
    Json,
}

#[derive(Debug, Args)]
pub(crate) struct OwnersGenerateArguments {
    /// What to make
    #[arg(long, value_enum, value_name = "FORMAT")]
    pub(crate) format: OwnersFormat,

    #[command(flatten)]
    pub(crate) place: OwnersPlace,

    /// What CODEOWNERS is made from; the OWNERS files of the repository if there are any
    #[arg(long, value_enum, value_name = "WHAT")]
    pub(crate) from: Option<OwnersOrigin>,

    /// Write the files below this folder, the root of the repository
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,

    /// Write nothing, and fail if the files below --out are others
    #[arg(long, requires = "out")]
    pub(crate) check: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum OwnersFormat {
    /// One file for GitHub
    Codeowners,
    /// The leads of each group under one name
    OwnersAliases,
    /// A file for each folder that a service or subproject claims
    Owners,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum OwnersOrigin {
    /// The OWNERS files of the repository
    Owners,
    /// The services and subprojects of the estate
    Estate,
}
