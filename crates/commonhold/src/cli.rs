//! The command line.

mod access;
mod audit;
mod changes;
mod decisions;
mod elections;
mod migration;
mod owners;
mod portal;
mod reports;
mod spend;
mod template;

use std::path::PathBuf;

use clap::{Args, CommandFactory, Parser, Subcommand, ValueEnum};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

pub(crate) use access::*;
pub(crate) use audit::*;
pub(crate) use changes::*;
pub(crate) use decisions::*;
pub(crate) use elections::*;
pub(crate) use migration::*;
pub(crate) use owners::*;
pub(crate) use portal::*;
pub(crate) use reports::*;
pub(crate) use spend::*;
use template::TEMPLATE;

const ABOUT: &str =
    "A community owns and runs its own infrastructure, by its own rules, from one Git repository.";

/// The whole command line, for help pages and completions.
pub fn command() -> clap::Command {
    Cli::command()
}

#[derive(Debug, Parser)]
#[command(name = "commonhold", version, about = ABOUT, help_template = TEMPLATE, disable_help_subcommand = true, subcommand_required = true)]
pub(crate) struct Cli {
    /// The estate's folder; otherwise the nearest one upwards that has a commonhold.yaml
    #[arg(short = 'C', long, global = true, value_name = "DIR")]
    pub(crate) estate: Option<PathBuf>,

    /// Judge as of this day, or of this instant where that matters, instead of now
    #[arg(long, global = true, value_name = "YYYY-MM-DD", value_parser = moment)]
    pub(crate) at: Option<Moment>,

    /// When to use colour: auto, always or never
    #[arg(long, global = true, value_enum, default_value_t = ColorWhen::Auto, value_name = "WHEN", hide_possible_values = true)]
    pub(crate) color: ColorWhen,

    #[command(subcommand)]
    pub(crate) command: Command,
}

/// A day, or an instant of one.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Moment {
    Day(Date),
    Instant(Timestamp),
}

impl Moment {
    /// The day, in UTC.
    pub(crate) fn day(self) -> Date {
        match self {
            Self::Day(day) => day,
            Self::Instant(instant) => instant.to_zoned(TimeZone::UTC).date(),
        }
    }

    /// The instant; of a day, its end.
    pub(crate) fn instant(self) -> Option<Timestamp> {
        match self {
            Self::Instant(instant) => Some(instant),
            Self::Day(day) => {
                let end = day.tomorrow().ok()?.to_zoned(TimeZone::UTC).ok()?;
                Some(end.timestamp())
            }
        }
    }
}

fn moment(text: &str) -> Result<Moment, String> {
    let day = text
        .parse::<Date>()
        .ok()
        .filter(|_| text.len() == "2026-11-20".len());
    let instant = || text.parse::<Timestamp>().ok();
    day.map(Moment::Day)
        .or_else(|| instant().map(Moment::Instant))
        .ok_or_else(|| {
            "write a day like 2026-11-20, or an instant like 2026-11-20T12:00:00Z".to_owned()
        })
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum ColorWhen {
    /// On a terminal, unless `NO_COLOR` is set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Check the estate against its formats, the community's charter and its policies
    ///
    /// A list of what may only become less is written anew when it became shorter.
    #[command(
        after_help = "Examples:\n  commonhold check our-infra\n  commonhold check --rule minimum-staff\n  commonhold check --output sarif > findings.sarif\n  commonhold check --at 2027-01-01        what will have run out by then\n  commonhold check --rule jobs/memory-limit   what breaks one rule of `policies/jobs.yaml`\n  commonhold check --start jobs/memory-limit  let be what breaks it today, and nothing new"
    )]
    Check(CheckArguments),
    /// Say what it takes to bring the real systems to the estate
    ///
    /// Nothing is changed. The plan can be kept in a file, which others approve and
    /// which is applied as it is, or not at all.
    #[command(
        args_conflicts_with_subcommands = true,
        after_help = "Examples:\n  commonhold plan\n  commonhold plan --scope example.org --out plan.json\n  commonhold plan show plan.json --output markdown\n  commonhold plan --revert 17 --out undo.json      undo what record 17 of the ledger says"
    )]
    Plan(PlanArguments),
    /// Explain what a change may cost, and what it therefore requires
    #[command(
        after_help = "Examples:\n  commonhold risk explain plan.json\n  commonhold risk explain plan.json www.example.org"
    )]
    Risk(RiskArguments),
    /// Put a plan before the community: from here the time of lazy consensus may run
    #[command(
        after_help = "Examples:\n  commonhold propose plan.json --title \"Move the site to the new host\""
    )]
    Propose(ProposeArguments),
    /// Write down that those who must be told of a plan have been told
    #[command(
        after_help = "Examples:\n  commonhold notice plan.json --to dev@lists.example.org --seen-at https://lists.example.org/m/4711"
    )]
    Notice(NoticeArguments),
    /// Agree to the changes of a plan, signed with your SSH key
    ///
    /// The approval is a file below decisions/, bound to the very changes of the plan: a new
    /// plan with the same changes keeps it, one with others does not.
    #[command(
        after_help = "Examples:\n  commonhold approve plan.json\n  commonhold approve plan.json --for web                          answer for a group that is consulted\n  commonhold approve plan.json --key ~/.ssh/work_ed25519\n  commonhold approve plan.json --emergency --reason \"the site is down\""
    )]
    Approve(ApproveArguments),
    /// Object to the changes of a plan, with a reason: the gate stays shut
    #[command(
        after_help = "Examples:\n  commonhold object plan.json --reason \"mail of the old host would be lost\""
    )]
    Object(ObjectArguments),
    /// Take back an approval or objection of yours
    #[command(after_help = "Examples:\n  commonhold withdraw plan.json sha256:0f3a...")]
    Withdraw(WithdrawArguments),
    /// Decide on what is no change to a real system: policies, roles, requests, the charter
    ///
    /// What each person does is a file below decisions/, signed with their SSH key; how an
    /// item stands follows from these files, the charter and the time.
    #[command(
        after_help = "Examples:\n  commonhold decide new --kind policy --body infra --title \"How long logs are kept\" --text policy.md\n  commonhold decide list --state open\n  commonhold decide status 12\n  commonhold decide vote 12 yes\n  commonhold decide object 12 --reason \"who pays for it?\"\n  commonhold decide tick"
    )]
    Decide(DecideArguments),
    /// Count ballots, hold elections, and say who sits
    #[command(
        after_help = "Examples:\n  commonhold elect tally ballots.csv --preset elekto\n  commonhold elect explain ballots.csv ada grace --preset elekto\n  commonhold elect check elections/steering/2026\n  commonhold elect open elections/steering/2026\n  commonhold elect vote steering/2026 ada,grace=katherine"
    )]
    Elect(Box<ElectArguments>),
    /// Say whether a plan has what it requires
    #[command(
        after_help = "Examples:\n  commonhold gate plan.json\n  commonhold gate plan.json --output json"
    )]
    Gate(GateArguments),
    /// Do what a plan says, if it has what it requires
    ///
    /// Each step is in the ledger before it is done. After a crash, apply the same plan
    /// again: it goes on, and does nothing twice.
    #[command(after_help = "Examples:\n  commonhold apply plan.json")]
    Apply(ApplyArguments),
    /// Say where the real systems are not as declared, and whose that is
    #[command(
        after_help = "Examples:\n  commonhold drift\n  commonhold drift --scope example.org --output json"
    )]
    Drift(DriftArguments),
    /// Write down what is really there, and say how that differs from what is declared
    ///
    /// What a domain plans is looked at, and accounts whose files have `audit`. A system that
    /// could not be seen whole is told as failed, and nothing of it is taken for gone.
    #[command(
        after_help = "Examples:\n  commonhold audit collect\n  commonhold audit diff --since HEAD~7 --output markdown"
    )]
    Audit(AuditArguments),
    /// Show, verify, export or import the record of what was decided and done
    #[command(
        after_help = "Examples:\n  commonhold ledger init\n  commonhold ledger show --limit 50\n  commonhold ledger verify --checkpoint checkpoint.json\n  commonhold ledger export --out ledger.jsonl"
    )]
    Ledger(LedgerArguments),
    /// Import zones
    #[command(
        after_help = "Examples:\n  commonhold dns import example.org --server primary --out dns/example.org.yaml"
    )]
    Dns(DnsArguments),
    /// Turn a filled-in request form into the change it asks for, or say why not
    #[command(
        after_help = "Examples:\n  commonhold request dns --from request.md\n  commonhold request dns --from request.md --write"
    )]
    Request(RequestArguments),
    /// List what there is, or show one item with all that is said of it
    #[command(
        after_help = "Examples:\n  commonhold show\n  commonhold show services --owner infra\n  commonhold show people --employer \"Aurora Cloud\"\n  commonhold show services --where eu-west-1 --output csv\n  commonhold show service mail"
    )]
    Show(ShowArguments),
    /// Say who owns a service, a path, an address or a repository, or who can do something
    #[command(
        after_help = "Examples:\n  commonhold who can write our-project/infra\n  commonhold who can own alerts@example.org\n  commonhold who owns mail\n  commonhold who owns our-project/infra/dns/example.org.yaml\n  commonhold who owns alerts@example.org\n  commonhold who owns our-project/infra"
    )]
    Who(WhoArguments),
    /// Say who may review and approve which files, and why
    ///
    /// As the OWNERS files of a repository have it. Where a file on the way is broken,
    /// nobody may approve.
    #[command(
        args_conflicts_with_subcommands = true,
        after_help = "Examples:\n  commonhold owners dns/example.org.yaml\n  commonhold owners our-project/infra/dns/example.org.yaml --output json\n  git diff --name-only main | commonhold owners - --tree .\n  commonhold owners generate --format codeowners --out ../infra"
    )]
    Owners(OwnersArguments),
    /// Say what somebody may do, and by which ways
    #[command(
        after_help = "Examples:\n  commonhold what can ada\n  commonhold what can ada do --output json"
    )]
    What(WhatArguments),
    /// Review what is granted, let people join and leave, export who may do what
    #[command(
        after_help = "Examples:\n  commonhold access review infra\n  commonhold access onboard ada --rung member --sponsor grace --write\n  commonhold access offboard ada\n  commonhold access export --out public/api"
    )]
    Access(AccessArguments),
    /// Take bills in, say whose cost is whose, how long the money lasts, and what to do next
    ///
    /// Bills are read as vendors write them and kept as Parquet, by provider, account and
    /// month, in the folder or bucket that spend.yaml names.
    #[command(
        after_help = "Examples:\n  commonhold spend import focus-2026-10.csv.gz\n  commonhold spend report --out spend.html\n  commonhold spend query --by owner,month\n  commonhold spend grants\n  commonhold spend alerts --send"
    )]
    Spend(Box<SpendArguments>),
    /// Say of what moves what is left, what is next, and whether it is done
    #[command(
        after_help = "Examples:\n  commonhold migration status\n  commonhold migration next --owner sig-node\n  commonhold migration done"
    )]
    Migration(Box<MigrationArguments>),
    /// Say what breaks if something goes, and whom to warn
    #[command(
        after_help = "Examples:\n  commonhold impact dns\n  commonhold impact account/hoster-main\n  commonhold impact person/ada --output json"
    )]
    Impact(ImpactArguments),
    /// Show how one item is connected with another
    #[command(
        after_help = "Examples:\n  commonhold why mail dns\n  commonhold why service/mail person/ada"
    )]
    Why(WhyArguments),
    /// Draw the services and what they depend on
    #[command(
        after_help = "Examples:\n  commonhold graph > estate.svg\n  commonhold graph --around mail --output mermaid\n  commonhold graph --owner infra --output dot | dot -Tpdf > infra.pdf"
    )]
    Graph(GraphArguments),
    /// Count everything
    #[command(after_help = "Examples:\n  commonhold stats\n  commonhold stats --output csv")]
    Stats(QuestionArguments),
    /// Say when groups meet, or write it as a calendar
    ///
    /// Meetings are read from the words in which groups say when they are held. What nobody
    /// can tell from its words is named, and in no calendar.
    #[command(
        after_help = "Examples:\n  commonhold calendar\n  commonhold calendar sig-testing --out sig-testing.ics\n  commonhold calendar person/ada --output text\n  commonhold calendar --from 2026-06-01 --until 2026-06-30 --output json"
    )]
    Calendar(CalendarArguments),
    /// Draft a group's annual report, with every number computed
    #[command(
        after_help = "Examples:\n  commonhold report annual sig-testing 2025 --out annual-report-2025.md"
    )]
    Report(ReportArguments),
    /// Print the keys to which private contacts are encrypted, one a line
    #[command(after_help = "Examples:\n  commonhold recipients | age -a -R - contacts.txt")]
    Recipients(NoArguments),
    /// Show all of it in a browser: a portal, with an API
    ///
    /// Nobody can do anything through it until the estate says who may sign in, in `portal.yaml`.
    #[command(
        after_help = "Examples:\n  commonhold serve examples/kubernetes\n  commonhold serve --listen 0.0.0.0:8080 --url https://infra.example.org"
    )]
    Serve(ServeArguments),
    /// Write the pages that everybody may see as files, for any web host
    ///
    /// The folder is written whole or not at all.
    #[command(
        after_help = "Examples:\n  commonhold site public\n  commonhold -C examples/kubernetes --at 2021-01-15 site public --url https://infra.example.org"
    )]
    Site(SiteArguments),
    /// Explain a finding or rule; list all of them if none is named
    #[command(after_help = "Examples:\n  commonhold explain\n  commonhold explain minimum-staff")]
    Explain(ExplainArguments),
    /// Print the form of a kind of file as JSON Schema, for editors
    #[command(
        after_help = "Examples:\n  commonhold schema service\n  commonhold schema charter > .schemas/charter.json"
    )]
    Schema(SchemaArguments),
    /// Start an estate in an empty folder, or adopt the files that are there
    #[command(
        after_help = "Examples:\n  commonhold init\n  commonhold init ~/src/infra --name \"Example Project\""
    )]
    Init(InitArguments),
    /// Print completions for a shell
    #[command(
        after_help = "Examples:\n  commonhold completions bash > /etc/bash_completion.d/commonhold"
    )]
    Completions(CompletionsArguments),
    /// Explain a command or a topic: exit-codes, formats, output, predicates
    #[command(after_help = "Examples:\n  commonhold help check\n  commonhold help exit-codes")]
    Help(HelpArguments),
}

#[derive(Debug, Args)]
pub(crate) struct NoArguments {}

#[derive(Debug, Args)]
pub(crate) struct CheckArguments {
    /// The estate's folder, as -C
    pub(crate) path: Option<PathBuf>,

    /// How to print the findings
    #[arg(short, long, value_enum, default_value_t = CheckOutput::Text, value_name = "FORMAT")]
    pub(crate) output: CheckOutput,

    /// The least severity to print
    #[arg(long, value_enum, default_value_t = SeverityChoice::Warning)]
    pub(crate) severity: SeverityChoice,

    /// The least severity that makes the check fail
    #[arg(long, value_enum, default_value_t = SeverityChoice::Error, value_name = "SEVERITY")]
    pub(crate) fail_on: SeverityChoice,

    /// Only findings with this id, or of this rule of a policy as POLICY/RULE; may be repeated
    #[arg(long, value_name = "ID")]
    pub(crate) rule: Vec<String>,

    /// Only findings about this item, as kind/name
    #[arg(long, value_name = "ITEM")]
    pub(crate) about: Option<String>,

    /// Write nothing: a list of what may only become less that could be shorter is a finding
    #[arg(long)]
    pub(crate) locked: bool,

    /// Write the list of a rule with `ratchet: true` for the first time: what breaks it today may
    /// stay as it is
    #[arg(long, value_name = "POLICY/RULE", conflicts_with = "locked")]
    pub(crate) start: Option<String>,

    /// Mend what policies say how to mend, and write the lists that approvals keep
    #[arg(long, conflicts_with = "locked")]
    pub(crate) fix: bool,

    /// With --fix: show how files would change, and write nothing
    #[arg(long, requires = "fix")]
    pub(crate) dry_run: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum CheckOutput {
    /// For people, with the lines they are about
    Text,
    /// Versioned; see `commonhold help output`
    Json,
    /// A table, for a comment on a pull request
    Markdown,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// Workflow commands that annotate a pull request at GitHub
    Github,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub(crate) enum SeverityChoice {
    Note,
    Warning,
    Error,
}

impl From<SeverityChoice> for base::Severity {
    fn from(choice: SeverityChoice) -> Self {
        match choice {
            SeverityChoice::Note => Self::Note,
            SeverityChoice::Warning => Self::Warning,
            SeverityChoice::Error => Self::Error,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Output {
    /// For people
    Text,
    /// Versioned; see `commonhold help output`
    Json,
    /// RFC 4180, with a line of headings
    Csv,
    /// A table in Markdown
    Markdown,
}

#[derive(Debug, Args)]
pub(crate) struct QuestionArguments {
    /// How to print the answer
    #[arg(short, long, value_enum, default_value_t = Output::Text, value_name = "FORMAT")]
    pub(crate) output: Output,
}

#[derive(Debug, Args)]
pub(crate) struct ShowArguments {
    /// What to show: a kind (services, people, groups, ...), an item (service/mail), or nothing for all kinds
    pub(crate) what: Option<String>,

    /// The item's name, where WHAT is its kind
    pub(crate) name: Option<String>,

    /// Only what this group owns
    #[arg(long, value_name = "GROUP", conflicts_with = "unowned")]
    pub(crate) owner: Option<String>,

    /// Only what no active group owns
    #[arg(long)]
    pub(crate) unowned: bool,

    /// Only people of this employer, and what they staff, lead or belong to
    #[arg(long, value_name = "COMPANY")]
    pub(crate) employer: Option<String>,

    /// Only what runs at this account, provider, cluster or region
    #[arg(long = "where", value_name = "PLACE")]
    pub(crate) place: Option<String>,

    #[command(flatten)]
    pub(crate) question: QuestionArguments,
}

#[derive(Debug, Args)]
pub(crate) struct WhoArguments {
    #[command(subcommand)]
    pub(crate) question: WhoQuestion,
}

#[derive(Debug, Subcommand)]
pub(crate) enum WhoQuestion {
    /// Say who owns a service or other item, a path, an e-mail address or a repository
    Owns {
        /// An item (mail, service/mail), a path (also ORGANISATION/REPOSITORY/PATH), an address, or ORGANISATION/REPOSITORY
        what: String,
        #[command(flatten)]
        question: QuestionArguments,
    },
    /// Say who can do something, and by which ways
    #[command(
        after_help = "Examples:\n  commonhold who can write our-project/infra\n  commonhold who can admin our-project\n  commonhold who can maintain team our-project/writers\n  commonhold who can own alerts@example.org\n  commonhold who can deploy mail\n  commonhold who can approve our-project/infra/dns/example.org.yaml"
    )]
    Can {
        /// A verb, and to what: write ORGANISATION/REPOSITORY, admin ORGANISATION, own ADDRESS, deploy SERVICE, approve PATH
        #[arg(required = true, num_args = 1..)]
        words: Vec<String>,
        #[command(flatten)]
        question: QuestionArguments,
    },
}

#[derive(Debug, Args)]
pub(crate) struct ImpactArguments {
    /// The item that goes: service/mail, account/hoster-main, person/ada; the kind may be left out where the name is clear
    pub(crate) item: String,

    #[command(flatten)]
    pub(crate) question: QuestionArguments,
}

#[derive(Debug, Args)]
pub(crate) struct WhyArguments {
    /// The item that depends
    pub(crate) from: String,
    /// The item it depends on
    pub(crate) to: String,

    #[command(flatten)]
    pub(crate) question: QuestionArguments,
}

#[derive(Debug, Args)]
pub(crate) struct GraphArguments {
    /// The drawing's format
    #[arg(short, long, value_enum, default_value_t = GraphOutput::Svg, value_name = "FORMAT")]
    pub(crate) output: GraphOutput,

    /// Only what this group owns, and what that touches
    #[arg(long, value_name = "GROUP")]
    pub(crate) owner: Option<String>,

    /// Only this service, what it needs and what needs it
    #[arg(long, value_name = "SERVICE")]
    pub(crate) around: Option<String>,

    /// How many steps around it
    #[arg(long, default_value_t = 2, value_name = "STEPS", requires = "around")]
    pub(crate) depth: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum GraphOutput {
    /// A picture
    Svg,
    /// For Graphviz
    Dot,
    /// For Markdown
    Mermaid,
}

#[derive(Debug, Args)]
pub(crate) struct ExplainArguments {
    /// The id of a finding or rule; of a policy's own rule, POLICY/RULE
    pub(crate) id: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct SchemaArguments {
    /// A kind of item, `estate` for commonhold.yaml, or `charter`
    pub(crate) kind: String,
}

#[derive(Debug, Args)]
pub(crate) struct InitArguments {
    /// The folder; otherwise the current one
    pub(crate) path: Option<PathBuf>,

    /// The name of the community
    #[arg(long)]
    pub(crate) name: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct CompletionsArguments {
    /// The shell
    pub(crate) shell: clap_complete::Shell,
}

#[derive(Debug, Args)]
pub(crate) struct HelpArguments {
    /// A command, or one of: exit-codes, formats, output, predicates
    pub(crate) topic: Vec<String>,
}
