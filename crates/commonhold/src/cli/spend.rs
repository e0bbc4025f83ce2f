//! Arguments of whose money goes where.

use std::path::PathBuf;

use base::Month;
use clap::{Args, Subcommand, ValueEnum};
use jiff::civil::Date;

use super::{Output, QuestionArguments};

#[derive(Debug, Args)]
pub(crate) struct SpendArguments {
    #[command(subcommand)]
    pub(crate) command: SpendCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum SpendCommand {
    /// Take bills in: FOCUS, Google Cloud, AWS, Azure, OCI, DigitalOcean, Fastly, gifts in kind
    ///
    /// The files of one call are one delivery: each provider, account and month that they speak
    /// of is replaced as a whole, or not at all. What is wrong with a file is said by line and
    /// column, and then nothing of the delivery is taken.
    #[command(
        after_help = "Examples:\n  commonhold spend import focus-2026-10.csv.gz\n  commonhold spend import part-1.parquet part-2.parquet\n  commonhold spend import late.csv --append\n  commonhold spend import invoice.json --format fastly --account 4711 --period 2026-10\n  commonhold spend import gifts.yaml --format in-kind"
    )]
    Import(ImportBillsArguments),
    /// Hold files, or what is kept, against the requirements of FOCUS and the laws of bills
    #[command(
        after_help = "Examples:\n  commonhold spend check focus.csv\n  commonhold spend check focus.parquet --model focus-requirements-model-1.2.json\n  commonhold spend check                 what is kept: sums that must agree over a whole term"
    )]
    Check(CheckBillsArguments),
    /// List what is kept: by provider, account and month, how far it reaches, closed or open
    #[command(
        after_help = "Examples:\n  commonhold spend periods\n  commonhold spend periods --output json"
    )]
    Periods(QuestionArguments),
    /// Close a bill: from now on only corrections in later months change it
    #[command(
        after_help = "Examples:\n  commonhold spend close \"Google Cloud\" 01A2-B3C4 2026-09"
    )]
    Close(ClosePeriodArguments),
    /// List the versions of what was kept, or delete those that are older than some days
    #[command(
        after_help = "Examples:\n  commonhold spend snapshots\n  commonhold spend snapshots --prune 400"
    )]
    Snapshots(SnapshotsArguments),
    /// Make the page that a meeting opens with
    #[command(
        after_help = "Examples:\n  commonhold spend report --out spend.html\n  commonhold spend report --since 2026-11-04 --output markdown\n  commonhold spend report --public --out public/spend.html\n  commonhold spend report --output parquet --out spend.parquet"
    )]
    Report(SpendReportArguments),
    /// Answer by owner, service, provider, month, tag, and what else a charge says
    ///
    /// Owners are those that the rules of spend.yaml name; with --shared, those who bear the pools.
    #[command(
        after_help = "Examples:\n  commonhold spend query --by owner,month\n  commonhold spend query --by vendor-service --where provider=AWS --from 2026-10-01 --top 10\n  commonhold spend query --by tag:env --where 'sub-account~prod-*' --metric gross,net --output csv\n  commonhold spend query --by month,provider --file focus.parquet"
    )]
    Query(QueryArguments),
    /// Print the same question as SQL for another engine over the same files
    #[command(
        after_help = "Examples:\n  commonhold spend sql --by owner,month\n  commonhold spend sql --by owner,month --dialect bigquery\n  commonhold spend sql --by provider | duckdb"
    )]
    Sql(SqlArguments),
    /// Say what is still to come, by which model, and how far off it was before
    #[command(
        after_help = "Examples:\n  commonhold spend forecast\n  commonhold spend forecast --provider AWS --days 90\n  commonhold spend forecast --owner infra --output json"
    )]
    Forecast(ForecastArguments),
    /// Say on which days more was spent than was to be expected, and what explains it
    #[command(
        after_help = "Examples:\n  commonhold spend events\n  commonhold spend events --output json"
    )]
    Events(QuestionArguments),
    /// Write down that an event is known, and why, in spend.yaml
    #[command(
        after_help = "Examples:\n  commonhold spend acknowledge 2026-11-09-3f2a9c --reason \"load test of release 1.36\""
    )]
    Acknowledge(AcknowledgeArguments),
    /// Say what of each grant is left, what will lapse, and when it ends
    #[command(
        after_help = "Examples:\n  commonhold spend grants\n  commonhold spend grants --output json"
    )]
    Grants(QuestionArguments),
    /// Write the request for a grant's renewal, from what it paid for
    #[command(after_help = "Examples:\n  commonhold spend renewal cloud-2026 > request.md")]
    Renewal {
        /// The grant, by the name of its file
        grant: String,
    },
    /// Say how budgets stand, and which thresholds they are over
    #[command(
        after_help = "Examples:\n  commonhold spend budgets\n  commonhold spend budgets --output csv"
    )]
    Budgets(QuestionArguments),
    /// Say what is to be told, each thing once; with --send, tell it
    ///
    /// Run it daily. What was told is remembered beside the charges.
    #[command(
        after_help = "Examples:\n  commonhold spend alerts\n  commonhold spend alerts --send\n  commonhold spend alerts --output json"
    )]
    Alerts(AlertsArguments),
}

#[derive(Debug, Args)]
#[allow(clippy::struct_excessive_bools)] // One a flag.
pub(crate) struct ImportBillsArguments {
    /// The files of one delivery; compression and container are found by looking
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,

    /// Whose form the files have; found by their columns if not said
    #[arg(long, value_name = "FORMAT")]
    pub(crate) format: Option<String>,

    /// The provider, where the files do not say it
    #[arg(long, value_name = "NAME")]
    pub(crate) provider: Option<String>,

    /// The billing account, where the files do not say it
    #[arg(long, value_name = "ID")]
    pub(crate) account: Option<String>,

    /// The month that is billed, where the files do not say it
    #[arg(long, value_name = "YYYY-MM")]
    pub(crate) period: Option<Month>,

    /// The currency, where the files do not say it
    #[arg(long, value_name = "CODE")]
    pub(crate) currency: Option<base::Currency>,

    /// Read 05/04/2026 as the fifth of April, not the fourth of May
    #[arg(long)]
    pub(crate) day_first: bool,

    /// Add to what is kept of these months, instead of replacing it
    #[arg(long, conflicts_with = "replace")]
    pub(crate) append: bool,

    /// Replace what is kept, even where nothing of it comes again
    #[arg(long)]
    pub(crate) replace: bool,

    /// Take months that have fewer days or much less cost than what is kept
    #[arg(long)]
    pub(crate) allow_shrink: bool,

    /// Change closed bills; names the decision that allows it
    #[arg(long, value_name = "DECISION")]
    pub(crate) reopen: Option<String>,

    /// How to print what came in
    #[arg(short, long, value_enum, default_value_t = Output::Text, value_name = "FORMAT")]
    pub(crate) output: Output,
}

#[derive(Debug, Args)]
pub(crate) struct CheckBillsArguments {
    /// Files; what is kept if none is named
    #[arg(value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,

    /// A requirements model as the FOCUS project publishes it, as JSON
    #[arg(long, value_name = "FILE")]
    pub(crate) model: Option<PathBuf>,

    /// How to print the findings
    #[arg(short, long, value_enum, default_value_t = Output::Text, value_name = "FORMAT")]
    pub(crate) output: Output,
}

#[derive(Debug, Args)]
pub(crate) struct ClosePeriodArguments {
    /// The provider, as `spend periods` names it
    pub(crate) provider: String,
    /// The billing account
    pub(crate) account: String,
    /// The month
    #[arg(value_name = "YYYY-MM")]
    pub(crate) period: Month,
}

#[derive(Debug, Args)]
pub(crate) struct SnapshotsArguments {
    /// Delete what only versions older than so many days need; never what is kept now
    #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(u32).range(..=36_500))]
    pub(crate) prune: Option<u32>,

    #[command(flatten)]
    pub(crate) question: QuestionArguments,
}

#[derive(Debug, Args)]
pub(crate) struct SpendReportArguments {
    /// In which form; by the name of --out if not said, else html
    #[arg(short, long, value_enum, value_name = "FORMAT")]
    pub(crate) output: Option<SpendOutput>,

    /// Write it into this file, over what is there
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,

    /// Without account ids, resources and private prices, for everybody
    #[arg(long)]
    pub(crate) public: bool,

    /// The day of the last meeting: what changed since; 14 days ago if not said
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub(crate) since: Option<Date>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum SpendOutput {
    /// One page that works offline
    Html,
    /// For the notes of the meeting
    Markdown,
    /// All figures as one table
    Csv,
    /// Versioned; see `commonhold help output`
    Json,
    /// All figures as one table, for other engines; needs --out
    Parquet,
}

#[derive(Debug, Args)]
pub(crate) struct AskedArguments {
    /// By what, with commas between: owner, service, funding, provider, account, sub-account,
    /// vendor-service, month, billed-month, day, region, sku, resource, category, tag:KEY, ...
    #[arg(long, value_name = "WORDS", default_value = "owner")]
    pub(crate) by: String,

    /// Only where something is (=), is not (!=) or looks like (~) a word; all of several
    #[arg(long = "where", value_name = "FILTER")]
    pub(crate) filters: Vec<String>,

    /// Which sums, with commas between: gross, net, drawn, billed, effective, list, contracted, rows
    #[arg(long, value_name = "WORDS", default_value = "gross")]
    pub(crate) metric: String,

    /// The first day on which charges were incurred
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub(crate) from: Option<Date>,

    /// The last such day
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub(crate) until: Option<Date>,
}

#[derive(Debug, Args)]
pub(crate) struct QueryArguments {
    #[command(flatten)]
    pub(crate) asked: AskedArguments,

    /// Only the largest; the rest is one row
    #[arg(long, value_name = "COUNT")]
    pub(crate) top: Option<usize>,

    /// After what is used together is shared out among those who bear it
    #[arg(long, conflicts_with = "files")]
    pub(crate) shared: bool,

    /// Ask these Parquet files in FOCUS's columns instead of what is kept
    #[arg(long = "file", value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,

    #[command(flatten)]
    pub(crate) question: QuestionArguments,
}

#[derive(Debug, Args)]
pub(crate) struct SqlArguments {
    #[command(flatten)]
    pub(crate) asked: AskedArguments,

    /// For which engine
    #[arg(long, value_enum, default_value_t = Dialect::Duckdb)]
    pub(crate) dialect: Dialect,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Dialect {
    /// `DuckDB`, over the files where they are
    Duckdb,
    /// `BigQuery`, over an external table
    Bigquery,
    /// Trino, over a table of the Hive connector
    Trino,
    /// Spark SQL, over the files where they are
    Spark,
}

#[derive(Debug, Args)]
pub(crate) struct ForecastArguments {
    /// Only this provider
    #[arg(long, value_name = "NAME")]
    pub(crate) provider: Option<String>,

    /// Only what this group owns, with its share of pools
    #[arg(long, value_name = "GROUP")]
    pub(crate) owner: Option<String>,

    /// Only what is for this service
    #[arg(long, value_name = "SERVICE")]
    pub(crate) service: Option<String>,

    /// How many days ahead
    #[arg(long, default_value_t = 90, value_parser = clap::value_parser!(u32).range(1..=1100))]
    pub(crate) days: u32,

    #[command(flatten)]
    pub(crate) question: QuestionArguments,
}

#[derive(Debug, Args)]
pub(crate) struct AcknowledgeArguments {
    /// The event's id, as `spend events` and the report name it
    pub(crate) event: String,

    /// Why it is all right
    #[arg(long, value_name = "TEXT")]
    pub(crate) reason: String,

    /// Who looked at it, by name or login
    #[arg(long, value_name = "PERSON")]
    pub(crate) by: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct AlertsArguments {
    /// Tell what is to be told, by the channels of spend.yaml
    #[arg(long)]
    pub(crate) send: bool,

    #[command(flatten)]
    pub(crate) question: QuestionArguments,
}
