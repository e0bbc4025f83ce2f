//! What `commonhold audit` takes.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::QuestionArguments;

#[derive(Debug, Args)]
pub(crate) struct AuditArguments {
    #[command(subcommand)]
    pub(crate) command: AuditCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum AuditCommand {
    /// Write down what is really there, a file a system, and say how that differs from what is declared
    ///
    /// A system that could not be seen whole keeps the file that it has, and the run fails.
    #[command(
        after_help = "Examples:\n  commonhold audit collect\n  commonhold audit collect --system aws/main --output json\n  commonhold audit collect --plan plan.json --output markdown"
    )]
    Collect(AuditCollectArguments),
    /// Say how what is really there differs from what is declared and from an audit, and write nothing
    #[command(
        after_help = "Examples:\n  commonhold audit diff\n  commonhold audit diff --since v2026.10\n  commonhold audit diff --since ../other-clone/audit --system dns"
    )]
    Diff(AuditDiffArguments),
}

#[derive(Debug, Args)]
pub(crate) struct AuditCollectArguments {
    /// The folder of the audit, below the estate's
    #[arg(long, value_name = "FOLDER", default_value = "audit")]
    pub(crate) into: String,

    /// The most bytes that the file of one system may have
    #[arg(long, value_name = "BYTES", default_value_t = 16 << 20)]
    pub(crate) largest: usize,

    #[command(flatten)]
    pub(crate) looking: AuditLooking,
}

#[derive(Debug, Args)]
pub(crate) struct AuditDiffArguments {
    /// The folder of the audit, below the estate's
    #[arg(long, value_name = "FOLDER", default_value = "audit")]
    pub(crate) folder: String,

    /// The audit to compare with: that of a commit, or one in another folder; the files that are there if not said
    #[arg(long, value_name = "COMMIT|FOLDER")]
    pub(crate) since: Option<String>,

    #[command(flatten)]
    pub(crate) looking: AuditLooking,
}

#[derive(Debug, Args)]
pub(crate) struct AuditLooking {
    /// Only this system, or all whose names begin so: dns/primary/example.org, aws/main; may be repeated
    #[arg(long, value_name = "NAME")]
    pub(crate) system: Vec<String>,

    /// A plan that may explain what is not as declared; may be repeated
    #[arg(long, value_name = "FILE")]
    pub(crate) plan: Vec<PathBuf>,

    #[command(flatten)]
    pub(crate) question: QuestionArguments,
}
