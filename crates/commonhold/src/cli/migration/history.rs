//! Arguments of how a move came to where it is.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use jiff::civil::Date;

#[derive(Debug, Args)]
pub(crate) struct MigrationHistoryArguments {
    /// The migration, by the name of its file; the only one if not said
    #[arg(conflicts_with_all = ["goal", "scope"])]
    pub(crate) name: Option<String>,

    /// The repository whose past is read, bare or not; the estate's own if not said
    #[arg(long, value_name = "PATH")]
    pub(crate) repo: Option<PathBuf>,

    /// A folder or file of jobs, from the repository's root; may be repeated, for one that was elsewhere before
    #[arg(long, value_name = "FOLDER")]
    pub(crate) tree: Vec<String>,

    /// How far samples are apart: day, week or month
    #[arg(long, value_enum, default_value_t = Every::Month, value_name = "TIME", hide_possible_values = true)]
    pub(crate) every: Every,

    /// The first day; that of the first commit if not said
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub(crate) since: Option<Date>,

    /// The last day, as it begins; the one after the newest commit if not said
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub(crate) until: Option<Date>,

    /// Tell figures apart by cluster, owner or kind; by cluster and owner if not said
    #[arg(long, value_enum, value_name = "WHAT", hide_possible_values = true)]
    pub(crate) by: Option<HistoryBy>,

    /// What holds of a job that has moved, in place of a migration's goal
    #[arg(long, value_name = "PREDICATE")]
    pub(crate) goal: Option<String>,

    /// Which jobs are meant, with --goal; all if not said
    #[arg(long, value_name = "PREDICATE", requires = "goal")]
    pub(crate) scope: Option<String>,

    /// How many of the greatest changes are looked up and named
    #[arg(long, default_value_t = 6, value_name = "NUMBER")]
    pub(crate) events: u8,

    /// How to print it
    #[arg(short, long, value_enum, default_value_t = HistoryOutput::Text, value_name = "FORMAT")]
    pub(crate) output: HistoryOutput,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Every {
    /// Each day
    Day,
    /// Each Monday
    Week,
    /// Each first of a month
    Month,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum HistoryBy {
    /// Where things run
    Cluster,
    /// Whose they are
    Owner,
    /// What sets them off
    Kind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum HistoryOutput {
    /// For people, at a terminal
    Text,
    /// Versioned; see `commonhold help output`
    Json,
    /// RFC 4180, with a line of headings: a line a day, and a line a day and group with --by
    Csv,
    /// One page that works without network and script
    Html,
    /// The curve alone
    Svg,
}
