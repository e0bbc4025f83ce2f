//! Arguments of what is made to be read or kept elsewhere: calendars and reports.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use jiff::civil::Date;

#[derive(Debug, Args)]
pub(crate) struct CalendarArguments {
    /// A group, or a person as person/NAME; all groups if nobody is named
    #[arg(value_name = "GROUP | person/NAME")]
    pub(crate) whose: Option<String>,

    /// Write it into this file, over what is there
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,

    /// How to print it; ics for a group or person, text for all groups
    #[arg(short, long, value_enum, value_name = "FORMAT")]
    pub(crate) output: Option<CalendarOutput>,

    /// The first day of the list, in UTC; today if not said
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub(crate) from: Option<Date>,

    /// Its last day; 14 days in all if not said, 35 for a group or person
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub(crate) until: Option<Date>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum CalendarOutput {
    /// iCalendar (RFC 5545), to subscribe to
    Ics,
    /// A list of days, for people
    Text,
    /// Versioned; see `commonhold help output`
    Json,
}

#[derive(Debug, Args)]
pub(crate) struct ReportArguments {
    #[command(subcommand)]
    pub(crate) question: ReportQuestion,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ReportQuestion {
    /// Draft the report of a group's year
    ///
    /// Every number is computed from the estate as it was committed before the year and at its
    /// end. What only people can say is left as questions, marked "To write".
    #[command(
        after_help = "Examples:\n  commonhold report annual sig-testing 2025\n  commonhold report annual sig-testing 2025 --out annual-report-2025.md\n  commonhold report annual sig-testing 2025 --output json"
    )]
    Annual(AnnualArguments),
}

#[derive(Debug, Args)]
pub(crate) struct AnnualArguments {
    /// The group
    pub(crate) group: String,

    /// The year, in UTC
    #[arg(value_parser = clap::value_parser!(i16).range(1970..=9000))]
    pub(crate) year: i16,

    /// How to print it
    #[arg(short, long, value_enum, default_value_t = ReportOutput::Markdown, value_name = "FORMAT")]
    pub(crate) output: ReportOutput,

    /// Write it into this file, which must not be there: people may have written in it
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ReportOutput {
    /// To be written on
    Markdown,
    /// Versioned; see `commonhold help output`
    Json,
}
