//! What the commands that change real systems take.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::QuestionArguments;

/// For people, or for programs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum DataOutput {
    /// For people
    Text,
    /// Versioned; see `commonhold help output`
    Json,
}

#[derive(Debug, Args)]
pub(crate) struct PartArguments {
    /// Only this domain: dns or access
    #[arg(long, value_name = "DOMAIN")]
    pub(crate) domain: Option<String>,

    /// Only this scope: a zone, an organisation, a mail domain or a base; with @ and its server or system
    #[arg(long, value_name = "SCOPE")]
    pub(crate) scope: Option<String>,
}

impl PartArguments {
    pub(crate) fn part(&self) -> crate::governed::Part {
        crate::governed::Part {
            domain: self.domain.clone(),
            scope: self.scope.clone(),
        }
    }
}

#[derive(Debug, Args)]
pub(crate) struct PlanArguments {
    #[command(subcommand)]
    pub(crate) command: Option<PlanCommand>,

    #[command(flatten)]
    pub(crate) part: PartArguments,

    /// Keep the plan in this file
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,

    /// Undo what this record of the ledger says was done, and nothing else
    #[arg(long, value_name = "RECORD", conflicts_with_all = ["domain", "scope"])]
    pub(crate) revert: Option<u64>,

    /// Hold every change for at least so risky
    #[arg(long, value_enum, value_name = "RISK")]
    pub(crate) at_least: Option<RiskChoice>,

    /// Exit with 3 if there are changes
    #[arg(long)]
    pub(crate) detailed_exitcode: bool,

    /// How to print the plan
    #[arg(short, long, value_enum, default_value_t = PlanOutput::Text, value_name = "FORMAT")]
    pub(crate) output: PlanOutput,
}

#[derive(Debug, Subcommand)]
pub(crate) enum PlanCommand {
    /// Show a plan that was kept
    Show(PlanShowArguments),
}

#[derive(Debug, Args)]
pub(crate) struct PlanShowArguments {
    /// The plan's file
    pub(crate) file: PathBuf,

    /// How to print the plan
    #[arg(short, long, value_enum, default_value_t = PlanOutput::Text, value_name = "FORMAT")]
    pub(crate) output: PlanOutput,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum PlanOutput {
    /// For people
    Text,
    /// For a comment on a pull request
    Markdown,
    /// A page
    Html,
    /// Versioned; see `commonhold help output`
    Json,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum RiskChoice {
    Medium,
    High,
}

impl From<RiskChoice> for charter::risk::Risk {
    fn from(choice: RiskChoice) -> Self {
        match choice {
            RiskChoice::Medium => Self::Medium,
            RiskChoice::High => Self::High,
        }
    }
}

#[derive(Debug, Args)]
pub(crate) struct RiskArguments {
    #[command(subcommand)]
    pub(crate) question: RiskQuestion,
}

#[derive(Debug, Subcommand)]
pub(crate) enum RiskQuestion {
    /// Say of every change of a plan, or of one, what it may cost and what it requires
    Explain {
        /// The plan's file
        file: PathBuf,
        /// Only changes to what begins so, or whose digest does
        change: Option<String>,
        /// How to print the answer
        #[arg(short, long, value_enum, default_value_t = DataOutput::Text, value_name = "FORMAT")]
        output: DataOutput,
    },
}

#[derive(Debug, Args)]
pub(crate) struct Signing {
    /// The plan's file
    pub(crate) file: PathBuf,

    /// The SSH key to sign with, its secret or public half; otherwise the one that Git signs with, or the usual one
    #[arg(long, value_name = "FILE")]
    pub(crate) key: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct ProposeArguments {
    #[command(flatten)]
    pub(crate) signing: Signing,

    /// What it is about, in one line
    #[arg(long)]
    pub(crate) title: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct NoticeArguments {
    #[command(flatten)]
    pub(crate) signing: Signing,

    /// Who was told: a group, its list, or an address, as the gate calls it
    #[arg(long, value_name = "WHOM")]
    pub(crate) to: String,

    /// Where anybody can see it
    #[arg(long, value_name = "URL")]
    pub(crate) seen_at: String,
}

#[derive(Debug, Args)]
pub(crate) struct ApproveArguments {
    #[command(flatten)]
    pub(crate) signing: Signing,

    /// Answer for this group, which is consulted; may be repeated
    #[arg(long = "for", value_name = "GROUP")]
    pub(crate) group: Vec<String>,

    /// Let this plan pass the safety limit of this scope, as the gate calls it; may be repeated
    #[arg(long, value_name = "SCOPE", requires = "reason")]
    pub(crate) pass_limit: Vec<String>,

    /// Say that it cannot wait: two people must, and a review falls due
    #[arg(long, requires = "reason")]
    pub(crate) emergency: bool,

    /// Do not agree, but give the changes a higher risk
    #[arg(long, value_enum, value_name = "RISK", requires = "reason", conflicts_with_all = ["group", "pass_limit", "emergency"])]
    pub(crate) raise: Option<RiskChoice>,

    /// Why, where that has to be said
    #[arg(long)]
    pub(crate) reason: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct ObjectArguments {
    #[command(flatten)]
    pub(crate) signing: Signing,

    /// Why
    #[arg(long)]
    pub(crate) reason: String,
}

#[derive(Debug, Args)]
pub(crate) struct WithdrawArguments {
    #[command(flatten)]
    pub(crate) signing: Signing,

    /// The digest of what is taken back, as `commonhold gate --output json` has it
    pub(crate) event: String,
}

#[derive(Debug, Args)]
pub(crate) struct GateArguments {
    /// The plan's file
    pub(crate) file: PathBuf,

    /// How to print the judgement
    #[arg(short, long, value_enum, default_value_t = DataOutput::Text, value_name = "FORMAT")]
    pub(crate) output: DataOutput,
}

#[derive(Debug, Args)]
pub(crate) struct ApplyArguments {
    /// The plan's file
    pub(crate) file: PathBuf,

    /// There is no such thing: people look for it, and are told what there is
    #[arg(long, hide = true)]
    pub(crate) force: bool,

    /// How to print what was done
    #[arg(short, long, value_enum, default_value_t = DataOutput::Text, value_name = "FORMAT")]
    pub(crate) output: DataOutput,
}

#[derive(Debug, Args)]
pub(crate) struct DriftArguments {
    #[command(flatten)]
    pub(crate) part: PartArguments,

    #[command(flatten)]
    pub(crate) question: QuestionArguments,
}

#[derive(Debug, Args)]
pub(crate) struct LedgerArguments {
    #[command(subcommand)]
    pub(crate) command: LedgerCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum LedgerCommand {
    /// Make a ledger, once
    Init {
        /// The commit whose people and charter are trusted to judge what comes after it
        #[arg(long, value_name = "COMMIT", default_value = "HEAD")]
        trust: String,
    },
    /// Trust the people and the charter at a commit to judge what comes after it
    Trust {
        /// The commit
        commit: String,
    },
    /// Show records
    Show(LedgerShowArguments),
    /// Check every record, and how each follows the one before
    Verify {
        /// A signed checkpoint that was kept elsewhere; may be repeated
        #[arg(long, value_name = "FILE")]
        checkpoint: Vec<PathBuf>,
    },
    /// Write all records as JSON lines
    Export {
        /// To this new file instead of standard output
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
    /// Read an export into an empty ledger
    Import {
        /// The file with JSON lines
        file: PathBuf,
    },
    /// Sign where the ledger ends now; keep the result where who writes the ledger cannot
    Checkpoint {
        /// The SSH key to sign with
        #[arg(long, value_name = "FILE")]
        key: Option<PathBuf>,
        /// To this file instead of standard output
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
}

#[derive(Debug, Args)]
pub(crate) struct LedgerShowArguments {
    /// One record in full, by its number or the start of its digest
    pub(crate) id: Option<String>,

    /// Only this kind, or kinds below it: apply, apply.finished, decision
    #[arg(long)]
    pub(crate) kind: Option<String>,

    /// From this record on
    #[arg(long, value_name = "RECORD")]
    pub(crate) from: Option<u64>,

    /// At most so many, the last ones
    #[arg(long, default_value_t = 20, value_name = "COUNT")]
    pub(crate) limit: usize,

    #[command(flatten)]
    pub(crate) question: QuestionArguments,
}

#[derive(Debug, Args)]
pub(crate) struct DnsArguments {
    #[command(subcommand)]
    pub(crate) command: DnsCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum DnsCommand {
    /// Write a zone that is on a server, or in a zone file, as octoDNS has it
    Import(DnsImportArguments),
}

#[derive(Debug, Args)]
pub(crate) struct DnsImportArguments {
    /// The zone
    pub(crate) zone: String,

    /// The DNS server of the estate that has it
    #[arg(long, value_name = "NAME", required_unless_present = "file")]
    pub(crate) server: Option<String>,

    /// A zone file (RFC 1035)
    #[arg(long, value_name = "FILE", conflicts_with = "server")]
    pub(crate) file: Option<PathBuf>,

    /// To this new file instead of standard output
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct RequestArguments {
    #[command(subcommand)]
    pub(crate) command: RequestCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum RequestCommand {
    /// A DNS record
    Dns {
        /// The filled-in form
        #[arg(long, value_name = "FILE")]
        from: PathBuf,
        /// Change the zone file, instead of saying how
        #[arg(long)]
        write: bool,
        /// How to print the answer
        #[arg(short, long, value_enum, default_value_t = DataOutput::Text, value_name = "FORMAT")]
        output: DataOutput,
    },
}
