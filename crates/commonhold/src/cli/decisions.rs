//! What the commands about items take.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use jiff::Timestamp;

use super::{DataOutput, QuestionArguments};

#[derive(Debug, Args)]
pub(crate) struct DecideArguments {
    #[command(subcommand)]
    pub(crate) command: DecideCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum DecideCommand {
    /// Put a text before the body that decides on it
    #[command(
        after_help = "Examples:\n  commonhold decide new --kind policy --body infra --title \"How long logs are kept\" --text policy.md"
    )]
    New(NewArguments),
    /// Put another text in its place
    #[command(
        after_help = "Examples:\n  commonhold decide amend 12 --text policy.md --summary \"ninety days instead of a year\"\n  commonhold decide amend 12 --text policy.md --summary \"a typing error\" --minor"
    )]
    Amend(AmendArguments),
    /// Say that an amendment is not minor
    ///
    /// Within a day of it. It then counts as any other: approvals and votes fall, and it stays open longer.
    #[command(after_help = "Examples:\n  commonhold decide contest 12 3f9a01c2")]
    Contest(EventArguments),
    /// Write down that those who must be told of it have been told
    #[command(
        after_help = "Examples:\n  commonhold decide notice 12 --to steering --seen-at https://lists.example.org/m/812"
    )]
    Notice(ItemNoticeArguments),
    /// Agree to it
    #[command(
        after_help = "Examples:\n  commonhold decide approve 12\n  commonhold decide approve 12 --for contributor-experience"
    )]
    Approve(AgreeArguments),
    /// Disagree, with a reason
    #[command(
        after_help = "Examples:\n  commonhold decide object 12 --reason \"a year is longer than the law allows\""
    )]
    Object(ReasonArguments),
    /// Answer an objection
    #[command(
        after_help = "Examples:\n  commonhold decide answer 12 3f9a01c2 --text \"it is ninety days now\""
    )]
    Answer(AnswerArguments),
    /// Take back an act of yours
    #[command(
        after_help = "Examples:\n  commonhold decide withdraw 12 3f9a01c2        the objection, as `decide status 12` calls it"
    )]
    Withdraw(EventArguments),
    /// Take back your proposal
    #[command(
        after_help = "Examples:\n  commonhold decide retract 12 --reason \"the other proposal is better\""
    )]
    Retract(ReasonArguments),
    /// Support that it is voted on
    #[command(after_help = "Examples:\n  commonhold decide second 12")]
    Second(ItemArguments),
    /// Ask for the vote that silence would make needless
    #[command(after_help = "Examples:\n  commonhold decide call-vote 12")]
    CallVote(ItemArguments),
    /// Vote on it; your last vote counts
    #[command(after_help = "Examples:\n  commonhold decide vote 12 yes")]
    Vote(VoteArguments),
    /// Take no part in it, because of an interest of yours
    #[command(
        after_help = "Examples:\n  commonhold decide recuse 12 --reason \"my employer sells this\""
    )]
    Recuse(ReasonArguments),
    /// Ask that nothing becomes of it until you take this back
    #[command(
        after_help = "Examples:\n  commonhold decide hold 12 --reason \"the audit ends on Friday\""
    )]
    Hold(ReasonArguments),
    /// Stop what was accepted
    #[command(
        after_help = "Examples:\n  commonhold decide veto 12 --reason \"nobody can run this\""
    )]
    Veto(ReasonArguments),
    /// Set a veto aside
    #[command(
        after_help = "Examples:\n  commonhold decide override 12 3f9a01c2 --reason \"we run it\""
    )]
    Override(OverrideArguments),
    /// Ask another body to look at what was accepted
    #[command(
        after_help = "Examples:\n  commonhold decide appeal 12 --reason \"those it is about were not asked\""
    )]
    Appeal(ReasonArguments),
    /// Hand it to the body that takes over what finds no outcome
    #[command(
        after_help = "Examples:\n  commonhold decide escalate 12 --reason \"we do not agree\""
    )]
    Escalate(ReasonArguments),
    /// Take the people as they are now for those who decide
    ///
    /// Who joined since it opened has a say then, and who left has none. Only who decides already can ask for it.
    #[command(after_help = "Examples:\n  commonhold decide refresh 12")]
    Refresh(ItemArguments),
    /// Say that the changes of a plan cannot wait; as `approve PLAN --emergency`
    #[command(
        after_help = "Examples:\n  commonhold decide emergency plan.json --reason \"mail is down\""
    )]
    Emergency(EmergencyArguments),
    /// Say how an item stands and what it needs
    #[command(
        after_help = "Examples:\n  commonhold decide status 12\n  commonhold decide status how-long-logs --output json"
    )]
    Status(StatusArguments),
    /// Say how an item came to stand so, or stood at a time
    #[command(
        after_help = "Examples:\n  commonhold decide explain 12\n  commonhold --at 2026-11-20T12:00:00Z decide explain 12"
    )]
    Explain(ExplainItemArguments),
    /// List all items
    #[command(
        after_help = "Examples:\n  commonhold decide list --state open\n  commonhold decide list --body steering --output csv"
    )]
    List(ListArguments),
    /// Check that nothing that was received was changed, left out or moved
    ///
    /// Looks at every line of every journal, at every event and its signature, at the texts, and at all
    /// commits that touched them; where the ledger is, at that too. Exit code 1 if anything is wrong.
    #[command(
        after_help = "Examples:\n  commonhold decide verify\n  commonhold -C estate.git decide verify 12        in a bare clone"
    )]
    Verify(VerifyArguments),
    /// Write the record of each item beside its events
    ///
    /// `README.md` for people and `record.json` for programs; what was written into them by hand is lost.
    #[command(
        after_help = "Examples:\n  commonhold decide render 12\n  commonhold decide render --check"
    )]
    Render(RenderArguments),
    /// Write down that nothing could be received for some time: deadlines move by it
    ///
    /// Before the next tick, and only by whoever keeps the ledger: what was received since
    /// shows that the intake worked.
    #[command(
        after_help = "Examples:\n  commonhold decide outage 2026-11-20T08:00:00Z 2026-11-20T15:30:00Z --reason \"the host was down\""
    )]
    Outage(OutageArguments),
    /// Receive what was done, give notice, and write the records; for cron
    ///
    /// Runs where the ledger is, as often as you like: what was done already is not done again.
    #[command(
        after_help = "Examples:\n  commonhold decide tick\n  */15 * * * *  cd /srv/estate && git pull -q && commonhold decide tick && git add decisions && git commit -qm Decisions && git push -q"
    )]
    Tick(TickArguments),
}

/// The states of items, as `decide list` prints them.
const STATES: [&str; 14] = [
    "draft",
    "noticed",
    "open",
    "blocked",
    "last-call",
    "accepted",
    "rejected",
    "expired",
    "withdrawn",
    "escalated",
    "affirming",
    "in-force",
    "stayed",
    "superseded",
];

/// Which item.
#[derive(Debug, Args)]
pub(crate) struct ItemArguments {
    /// The item: its number, its id, or the start of that
    pub(crate) item: String,

    /// The SSH key to sign with, its secret or public half; otherwise the one that Git signs with, or the usual one
    #[arg(long, value_name = "FILE")]
    pub(crate) key: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ItemKindChoice {
    Policy,
    Rfc,
    Charter,
    ResourceRequest,
    SpendingRequest,
    Role,
    Graduation,
    FundingScope,
    EmergencyReview,
}

#[derive(Debug, Args)]
pub(crate) struct NewArguments {
    /// What is decided
    #[arg(long, value_enum)]
    pub(crate) kind: ItemKindChoice,

    /// The group that decides; may be left out where the charter says it
    #[arg(long, value_name = "GROUP")]
    pub(crate) body: Option<String>,

    /// What it is about, in one line
    #[arg(long)]
    pub(crate) title: String,

    /// The file with the text that is decided on
    #[arg(long, value_name = "FILE")]
    pub(crate) text: PathBuf,

    /// Whom it is about, `person/NAME` or `employer/NAME`: they have no vote in it; may be repeated
    #[arg(long, value_name = "PARTY")]
    pub(crate) party: Vec<String>,

    /// An item that it takes the place of; may be repeated
    #[arg(long, value_name = "ITEM")]
    pub(crate) supersedes: Vec<String>,

    /// The plan that was applied in an emergency and is looked at again
    #[arg(long, value_name = "DIGEST")]
    pub(crate) reviews: Option<String>,

    /// The SSH key to sign with
    #[arg(long, value_name = "FILE")]
    pub(crate) key: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct AmendArguments {
    #[command(flatten)]
    pub(crate) of: ItemArguments,

    /// The file with the new text
    #[arg(long, value_name = "FILE")]
    pub(crate) text: PathBuf,

    /// What is other, in one line
    #[arg(long)]
    pub(crate) summary: String,

    /// Nobody would decide otherwise for it; others can contest that for a day
    #[arg(long)]
    pub(crate) minor: bool,
}

#[derive(Debug, Args)]
pub(crate) struct ItemNoticeArguments {
    #[command(flatten)]
    pub(crate) of: ItemArguments,

    /// Who was told: a group, its list, or an address, as `decide status` calls it
    #[arg(long, value_name = "WHOM")]
    pub(crate) to: String,

    /// Where anybody can see it
    #[arg(long, value_name = "URL")]
    pub(crate) seen_at: String,
}

#[derive(Debug, Args)]
pub(crate) struct AgreeArguments {
    #[command(flatten)]
    pub(crate) of: ItemArguments,

    /// Answer for this group, which is consulted; may be repeated
    #[arg(long = "for", value_name = "GROUP")]
    pub(crate) group: Vec<String>,
}

#[derive(Debug, Args)]
pub(crate) struct ReasonArguments {
    #[command(flatten)]
    pub(crate) of: ItemArguments,

    /// Why
    #[arg(long)]
    pub(crate) reason: String,
}

#[derive(Debug, Args)]
pub(crate) struct EventArguments {
    #[command(flatten)]
    pub(crate) of: ItemArguments,

    /// The digest of the event, or its start, as `decide status` has it
    pub(crate) event: String,
}

#[derive(Debug, Args)]
pub(crate) struct AnswerArguments {
    #[command(flatten)]
    pub(crate) on: EventArguments,

    /// What is answered
    #[arg(long)]
    pub(crate) text: String,
}

#[derive(Debug, Args)]
pub(crate) struct OverrideArguments {
    #[command(flatten)]
    pub(crate) on: EventArguments,

    /// Why
    #[arg(long)]
    pub(crate) reason: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum VoteChoice {
    /// For it
    Yes,
    /// Against it
    No,
    /// For neither
    Abstain,
    /// There, without a vote
    Present,
}

#[derive(Debug, Args)]
pub(crate) struct VoteArguments {
    /// The item: its number, its id, or the start of that
    pub(crate) item: String,

    /// How
    #[arg(value_enum)]
    pub(crate) choice: VoteChoice,

    /// The SSH key to sign with
    #[arg(long, value_name = "FILE")]
    pub(crate) key: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct EmergencyArguments {
    /// The plan's file
    pub(crate) file: PathBuf,

    /// Why it cannot wait
    #[arg(long)]
    pub(crate) reason: String,

    /// The SSH key to sign with
    #[arg(long, value_name = "FILE")]
    pub(crate) key: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct StatusArguments {
    /// The item: its number, its id, or the start of that
    pub(crate) item: String,

    /// How to print it
    #[arg(short, long, value_enum, default_value_t = DataOutput::Text, value_name = "FORMAT")]
    pub(crate) output: DataOutput,
}

#[derive(Debug, Args)]
pub(crate) struct ExplainItemArguments {
    /// The item: its number, its id, or the start of that
    pub(crate) item: String,

    /// How to print it
    #[arg(short, long, value_enum, default_value_t = DataOutput::Text, value_name = "FORMAT")]
    pub(crate) output: DataOutput,
}

#[derive(Debug, Args)]
pub(crate) struct ListArguments {
    /// Only items in this state
    #[arg(long, value_parser = STATES, value_name = "STATE")]
    pub(crate) state: Option<String>,

    /// Only items that this group decides on
    #[arg(long, value_name = "GROUP")]
    pub(crate) body: Option<String>,

    #[command(flatten)]
    pub(crate) question: QuestionArguments,
}

#[derive(Debug, Args)]
pub(crate) struct VerifyArguments {
    /// The item; all of them if not said
    pub(crate) item: Option<String>,

    /// The public SSH key of whoever keeps the ledger, got from elsewhere than this clone: what it signed must be here
    #[arg(long, value_name = "FILE")]
    pub(crate) keeper: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct RenderArguments {
    /// The item; all of them if not said
    pub(crate) item: Option<String>,

    /// Write nothing; fail if a record is not as it would be written
    #[arg(long)]
    pub(crate) check: bool,
}

#[derive(Debug, Args)]
pub(crate) struct OutageArguments {
    /// Its first instant
    pub(crate) from: Timestamp,

    /// The first instant at which something could be received again
    pub(crate) until: Timestamp,

    /// Why
    #[arg(long)]
    pub(crate) reason: String,
}

#[derive(Debug, Args)]
pub(crate) struct TickArguments {
    /// A folder of mail, or a Maildir, where bounces come in
    #[arg(long, value_name = "DIR")]
    pub(crate) mailbox: Option<PathBuf>,

    /// Give no notice; only receive and write records
    #[arg(long)]
    pub(crate) quiet: bool,

    /// Sign how far each journal goes with this SSH key, so that others can tell it from a forged one
    #[arg(long, value_name = "FILE")]
    pub(crate) key: Option<PathBuf>,
}
