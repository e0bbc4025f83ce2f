//! What the commands about elections take.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::{CheckOutput, DataOutput, Output, QuestionArguments};

#[derive(Debug, Args)]
pub(crate) struct ElectArguments {
    #[command(subcommand)]
    pub(crate) command: ElectCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ElectCommand {
    /// Count ballots by a method that is named with all its parameters
    #[command(
        after_help = "Examples:\n  commonhold elect tally ballots.csv --preset elekto\n  commonhold elect tally ballots.csv --method schulze --version v1 --pairs skip --strength margins --ranking layers\n  commonhold elect tally wards/*.csv --preset scottish --output csv\n  commonhold elect tally elections/steering/2026        as its own file says"
    )]
    Tally(ElectTallyArguments),
    /// Explain a count in words, or why one candidate is above another
    #[command(
        after_help = "Examples:\n  commonhold elect explain ballots.csv --preset elekto\n  commonhold elect explain ballots.csv ada grace --preset elekto\n  commonhold elect explain ward.csv --preset scottish        stage by stage"
    )]
    Explain(ElectExplainArguments),
    /// Say which seats another method would have given to somebody else
    #[command(
        after_help = "Examples:\n  commonhold elect sensitivity ballots.csv --preset elekto --seats 3"
    )]
    Sensitivity(ElectSensitivityArguments),
    /// Say who sits: terms, employers, reserved seats, ties
    #[command(
        after_help = "Examples:\n  commonhold elect seats elections/steering/2026 --continuing ada --continuing bo\n  commonhold elect seats elections/steering/2026 --nonce ada=4f1c... --nonce bo=90aa...\n  commonhold elect seats elections/steering/2026 --nonce ada=4f1c... --exclude bo --decision 2026-031\n  commonhold elect seats elections/steering/2026 --lot grace,katherine"
    )]
    Seats(ElectSeatsArguments),
    /// Check the files of elections, ours or Elekto's
    #[command(
        after_help = "Examples:\n  commonhold elect check elections/steering/2026\n  commonhold elect check elections --output sarif"
    )]
    Check(ElectCheckArguments),
    /// Say who may vote, and why
    #[command(
        after_help = "Examples:\n  commonhold elect voters elections/steering/2026\n  commonhold elect voters elections/steering/2026 --why ada\n  commonhold elect voters elections/steering/2026 --lock elections/steering/2026/voters.lock"
    )]
    Voters(ElectVotersArguments),
    /// Say of each nominee whether they stand, and all that is missing
    #[command(
        after_help = "Examples:\n  commonhold elect candidates elections/steering/2026\n  commonhold elect candidates elections/steering/2026 --output markdown"
    )]
    Candidates(ElectCandidatesArguments),
    /// Say how many asked to be let in by exception, and how it went
    #[command(
        after_help = "Examples:\n  commonhold elect exceptions elections/steering/2026\n  commonhold elect exceptions elections/steering/2026 --names        for the officers alone"
    )]
    Exceptions(ElectExceptionsArguments),
    /// Make the ballot box of an election, with its voters and candidates
    ///
    /// Nothing of the election can be changed any more. Ballots are taken from the opening
    /// that its file says.
    #[command(after_help = "Examples:\n  commonhold elect open elections/steering/2026")]
    Open(ElectOpenArguments),
    /// Let somebody vote who was no voter at the opening, by a decision
    #[command(
        after_help = "Examples:\n  commonhold elect admit steering/2026 person/eve --decision 2026-031"
    )]
    Admit(ElectAdmitArguments),
    /// Say how an election stands, and how many voted
    #[command(after_help = "Examples:\n  commonhold elect status steering/2026 --output json")]
    Status(ElectStatusArguments),
    /// Take the token with which one votes in a blind election
    #[command(
        after_help = "Examples:\n  commonhold elect token steering/2026 --out steering.token"
    )]
    Token(ElectTokenArguments),
    /// Ask for the token of a blind election that is elsewhere
    #[command(
        after_help = "Examples:\n  commonhold elect ask poll.json --out steering.token > request.json"
    )]
    Ask(ElectAskArguments),
    /// Answer a request for a token, once for each voter
    #[command(
        after_help = "Examples:\n  commonhold elect issue steering/2026 request.json > answer.json"
    )]
    Issue(ElectIssueArguments),
    /// Make a token of the registrar's answer
    #[command(after_help = "Examples:\n  commonhold elect accept steering.token answer.json")]
    Accept(ElectAcceptArguments),
    /// Put a ballot that somebody sent on the board of a blind election
    #[command(after_help = "Examples:\n  commonhold elect post steering/2026 ballot.json")]
    Post(ElectPostArguments),
    /// Vote, signed in with your SSH key or by your token
    ///
    /// Candidates in the order of your preference: `,` or `>` between ranks, `=` between
    /// equals. Whom you leave out you have no opinion on.
    #[command(
        after_help = "Examples:\n  commonhold elect vote steering/2026 ada,grace=katherine\n  commonhold elect vote steering/2026 ada,grace --receipt steering.receipt\n  commonhold elect vote steering/2026 ada,grace --token steering.token\n  commonhold elect vote steering/2026 ada,grace --token steering.token --poll poll.json > ballot.json\n  commonhold elect vote steering/2026 --withdraw --receipt steering.receipt"
    )]
    Vote(ElectVoteArguments),
    /// Close an election that is over, and print its record
    #[command(after_help = "Examples:\n  commonhold elect close steering/2026")]
    Close(ElectionArguments),
    /// Check a ballot box, or the published files of an election; those offline
    #[command(
        after_help = "Examples:\n  commonhold elect verify steering/2026\n  commonhold elect verify board.jsonl --closing closing.json --receipt sha256:9c41..."
    )]
    Verify(ElectVerifyArguments),
    /// Write what may be published of a closed election
    #[command(
        after_help = "Examples:\n  commonhold elect export elections/steering/2026 --out published\n  commonhold elect export elections/steering/2026 --elekto meta/steering/2026"
    )]
    Export(ElectExportArguments),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum BallotsFormat {
    /// By the name of the file and how it begins
    Auto,
    /// Elekto's ballots.csv
    Elekto,
    /// The same from CIVS, with names
    Civs,
    /// Hill's format, for transferable votes
    Blt,
    /// The CSV of the Scottish elections
    Scottish,
    /// The soc, soi, toc and toi of preflib.org
    Preflib,
    /// Debian's tally sheets
    Debian,
}

/// How ballots are counted. Nothing has a default: the election says it.
#[derive(Debug, Args)]
#[command(next_help_heading = "Method")]
pub(crate) struct MethodArguments {
    /// What a voting system does: elekto, civs-schulze, civs-irv, civs-irv-2007, belenios, debian, pep-13, scottish, meek
    #[arg(long, value_name = "NAME", conflicts_with = "method")]
    pub(crate) preset: Option<String>,

    /// schulze, condorcet-irv, ranked-pairs, copeland, minimax, debian, approval, scottish-stv or meek, with all its parameters below; or the mapping that an election file has
    #[arg(long, value_name = "METHOD")]
    pub(crate) method: Option<String>,

    /// The version of its rules: v1; for condorcet-irv civs-2007 or civs-2024, for debian debian-2015
    #[arg(long, value_name = "VERSION", requires = "method")]
    pub(crate) version: Option<String>,

    /// Of candidates that a ballot does not rank: skip the pair, or take them as last
    #[arg(long, value_name = "skip|last", requires = "method")]
    pub(crate) pairs: Option<String>,

    /// What makes a victory strong: winning-votes, winning-votes-losing or margins
    #[arg(long, value_name = "STRENGTH", requires = "method")]
    pub(crate) strength: Option<String>,

    /// How places follow in schulze: layers or beaters
    #[arg(long, value_name = "RANKING", requires = "method")]
    pub(crate) ranking: Option<String>,

    /// Whom a ballot approves: ranked or first
    #[arg(long, value_name = "ranked|first", requires = "method")]
    pub(crate) approves: Option<String>,

    /// The default option of debian
    #[arg(long, value_name = "NAME", requires = "method")]
    pub(crate) default_option: Option<String>,

    /// The quorum of debian, in votes, or none
    #[arg(long, value_name = "VOTES", requires = "method")]
    pub(crate) quorum: Option<String>,

    /// How ranks are read as preferences in transferable votes: consecutive or in-order
    #[arg(long, value_name = "READING", requires = "method")]
    pub(crate) preferences: Option<String>,

    /// The decimal places of meek
    #[arg(long, value_name = "PLACES", requires = "method")]
    pub(crate) places: Option<u8>,

    /// At how many decimal places meek's iteration ends
    #[arg(long, value_name = "PLACES", requires = "method")]
    pub(crate) omega: Option<u8>,
}

/// How files of ballots are read and counted.
#[derive(Debug, Args)]
pub(crate) struct CountArguments {
    /// How many are to be elected; as the election or the file says if not said
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) seats: Option<u32>,

    /// How the ballots are written
    #[arg(long, value_enum, default_value_t = BallotsFormat::Auto, value_name = "FORMAT", hide_possible_values = false)]
    pub(crate) format: BallotsFormat,

    #[command(flatten)]
    pub(crate) method: MethodArguments,
}

#[derive(Debug, Args)]
pub(crate) struct ElectTallyArguments {
    /// Files of ballots, or folders of elections
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,

    #[command(flatten)]
    pub(crate) count: CountArguments,

    #[command(flatten)]
    pub(crate) question: QuestionArguments,
}

#[derive(Debug, Args)]
pub(crate) struct ElectExplainArguments {
    /// A file of ballots, or the folder of an election
    pub(crate) file: PathBuf,

    /// Why this candidate ...
    #[arg(requires = "other", value_name = "CANDIDATE")]
    pub(crate) one: Option<String>,

    /// ... stands above or below that one
    #[arg(value_name = "OTHER")]
    pub(crate) other: Option<String>,

    #[command(flatten)]
    pub(crate) count: CountArguments,

    /// How to print it
    #[arg(short, long, value_enum, default_value_t = Output::Text, value_name = "FORMAT")]
    pub(crate) output: Output,
}

#[derive(Debug, Args)]
pub(crate) struct ElectSensitivityArguments {
    /// A file of ballots, or the folder of an election
    pub(crate) file: PathBuf,

    #[command(flatten)]
    pub(crate) count: CountArguments,

    /// How to print it
    #[arg(short, long, value_enum, default_value_t = DataOutput::Text, value_name = "FORMAT")]
    pub(crate) output: DataOutput,
}

#[derive(Debug, Args)]
pub(crate) struct ElectSeatsArguments {
    /// The folder of an election, or a file of ballots
    pub(crate) election: PathBuf,

    /// The ballots, where they are not in the folder or the election's ballot box
    #[arg(long, value_name = "FILE")]
    pub(crate) ballots: Option<PathBuf>,

    /// A member of the body whose term goes on; may be repeated
    #[arg(long, value_name = "LOGIN")]
    pub(crate) continuing: Vec<String>,

    /// How many seats the body has, where no file says it
    #[arg(long, value_name = "N")]
    pub(crate) body_seats: Option<u32>,

    /// How many seats one employer may hold, as an election file has it: `{number: 2}`
    #[arg(long, value_name = "CAP")]
    pub(crate) cap: Option<String>,

    /// The term of each open seat, the first for the highest placed: `2y,2y,1y`
    #[arg(long, value_name = "TERMS", value_delimiter = ',')]
    pub(crate) term: Vec<String>,

    /// The first day of the terms; otherwise the day after the close
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub(crate) start: Option<jiff::civil::Date>,

    /// A candidate who takes no seat; may be repeated
    #[arg(long, value_name = "LOGIN")]
    pub(crate) declines: Vec<String>,

    /// The order that was drawn by lot among tied candidates, the luckiest first
    #[arg(
        long,
        value_name = "LOGIN,...",
        value_delimiter = ',',
        conflicts_with = "nonce"
    )]
    pub(crate) lot: Vec<String>,

    /// What an officer had committed to, told after the close: OFFICER=HEX; may be repeated
    #[arg(long, value_name = "OFFICER=HEX")]
    pub(crate) nonce: Vec<String>,

    /// An officer who did not tell and is excluded from the lottery; may be repeated
    #[arg(long, value_name = "OFFICER", requires = "decision")]
    pub(crate) exclude: Vec<String>,

    /// The decision that excludes them, by its number or address; the result says it
    #[arg(long, value_name = "ID", requires = "exclude")]
    pub(crate) decision: Option<String>,

    /// The opening.json that was published, where the election's ballot box is elsewhere: the lottery is that of the election as it was opened
    #[arg(long, value_name = "FILE")]
    pub(crate) opening: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) count: CountArguments,

    #[command(flatten)]
    pub(crate) question: QuestionArguments,
}

#[derive(Debug, Args)]
pub(crate) struct ElectCheckArguments {
    /// The folder of an election, or one with elections below it
    pub(crate) folder: PathBuf,

    /// How to print the findings
    #[arg(short, long, value_enum, default_value_t = CheckOutput::Text, value_name = "FORMAT")]
    pub(crate) output: CheckOutput,
}

#[derive(Debug, Args)]
pub(crate) struct ElectVotersArguments {
    /// The folder of an election
    pub(crate) folder: PathBuf,

    /// Say of this login why it may vote or not
    #[arg(long, value_name = "LOGIN")]
    pub(crate) why: Option<String>,

    /// How much everybody has contributed: a CSV file with login,count
    #[arg(long, value_name = "FILE")]
    pub(crate) contributions: Option<PathBuf>,

    /// Write down who may vote, once, before the vote opens
    #[arg(long, value_name = "FILE", conflicts_with = "why")]
    pub(crate) lock: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) question: QuestionArguments,
}

#[derive(Debug, Args)]
pub(crate) struct ElectCandidatesArguments {
    /// The folder of an election with a nominations.yaml
    pub(crate) folder: PathBuf,

    /// How much everybody has contributed, where the rule for voters asks for it
    #[arg(long, value_name = "FILE")]
    pub(crate) contributions: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) question: QuestionArguments,
}

#[derive(Debug, Args)]
pub(crate) struct ElectExceptionsArguments {
    /// The folder of an election with an exceptions.yaml
    pub(crate) folder: PathBuf,

    /// Say who asked, for the officers; it is confidential
    #[arg(long)]
    pub(crate) names: bool,

    #[command(flatten)]
    pub(crate) question: QuestionArguments,
}

/// Which election, and where its ballot box is.
#[derive(Debug, Args)]
pub(crate) struct ElectionArguments {
    /// The election: its key, such as steering/2026, or its folder
    pub(crate) election: String,

    /// The ballot box; otherwise .commonhold/elections/KEY.sqlite in the estate's folder
    #[arg(long = "box", value_name = "FILE")]
    pub(crate) ballot_box: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct ElectOpenArguments {
    /// The folder of the election
    pub(crate) folder: PathBuf,

    /// The ballot box; otherwise .commonhold/elections/KEY.sqlite in the estate's folder
    #[arg(long = "box", value_name = "FILE")]
    pub(crate) ballot_box: Option<PathBuf>,

    /// Who stands, by login; otherwise those who have a candidate-ID.md or stand by nominations.yaml; may be repeated
    #[arg(long, value_name = "LOGIN")]
    pub(crate) candidate: Vec<String>,

    /// How much everybody has contributed, where the rule for voters asks for it
    #[arg(long, value_name = "FILE")]
    pub(crate) contributions: Option<PathBuf>,

    /// What is published of the ballots, where the files are Elekto's, which do not say it; pairwise if not said
    #[arg(long, value_enum, value_name = "WHAT")]
    pub(crate) publish: Option<PublishChoice>,

    /// The key that signs the tokens of a blind election, made if it is not there; otherwise beside the ballot box. Keep it apart from the box
    #[arg(long, value_name = "FILE")]
    pub(crate) registrar: Option<PathBuf>,

    /// Take no second ballot of anybody, not even instead of the first
    #[arg(long)]
    pub(crate) no_revote: bool,
}

/// What is published of the ballots after the close.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum PublishChoice {
    /// Each ballot, without its voter
    Full,
    /// How many prefer each candidate to each other
    Pairwise,
    /// The result alone
    None,
}

#[derive(Debug, Args)]
pub(crate) struct ElectAdmitArguments {
    #[command(flatten)]
    pub(crate) of: ElectionArguments,

    /// Who: person/NAME, or the login of somebody who has no file in the estate
    pub(crate) voter: String,

    /// The decision that admits them, by its number or address; it is published
    #[arg(long, value_name = "ID")]
    pub(crate) decision: String,
}

#[derive(Debug, Args)]
pub(crate) struct ElectStatusArguments {
    #[command(flatten)]
    pub(crate) of: ElectionArguments,

    /// How to print it
    #[arg(short, long, value_enum, default_value_t = DataOutput::Text, value_name = "FORMAT")]
    pub(crate) output: DataOutput,
}

#[derive(Debug, Args)]
pub(crate) struct ElectTokenArguments {
    #[command(flatten)]
    pub(crate) of: ElectionArguments,

    /// Where the token is kept. It is secret; whoever has it votes with it
    #[arg(long, value_name = "FILE")]
    pub(crate) out: PathBuf,

    /// The registrar's key; otherwise beside the ballot box
    #[arg(long, value_name = "FILE")]
    pub(crate) registrar: Option<PathBuf>,

    /// The SSH key to sign with, its secret or public half; otherwise the one that Git signs with, or the usual one
    #[arg(long, value_name = "FILE")]
    pub(crate) key: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct ElectAskArguments {
    /// The poll, as `elect status --output json` prints it where the ballot box is
    pub(crate) poll: PathBuf,

    /// Where the token will be kept. It is secret
    #[arg(long, value_name = "FILE")]
    pub(crate) out: PathBuf,

    /// The SSH key to sign with, its secret or public half; otherwise the one that Git signs with, or the usual one
    #[arg(long, value_name = "FILE")]
    pub(crate) key: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct ElectIssueArguments {
    #[command(flatten)]
    pub(crate) of: ElectionArguments,

    /// What the voter sent
    pub(crate) request: PathBuf,

    /// The registrar's key; otherwise beside the ballot box
    #[arg(long, value_name = "FILE")]
    pub(crate) registrar: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct ElectAcceptArguments {
    /// What `elect ask` kept; the token takes its place
    pub(crate) token: PathBuf,

    /// What the registrar answered
    pub(crate) answer: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct ElectPostArguments {
    #[command(flatten)]
    pub(crate) of: ElectionArguments,

    /// The ballot, as `elect vote --poll` printed it
    pub(crate) post: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct ElectVoteArguments {
    #[command(flatten)]
    pub(crate) of: ElectionArguments,

    /// The candidates in order: `ada,grace=katherine`
    #[arg(required_unless_present_any = ["withdraw", "rank"], conflicts_with_all = ["withdraw", "rank"])]
    pub(crate) ballot: Option<String>,

    /// The rank of a candidate, 1 the best, instead of an order: LOGIN=RANK; may be repeated
    #[arg(long, value_name = "LOGIN=RANK", conflicts_with = "withdraw")]
    pub(crate) rank: Vec<String>,

    /// Take your ballot back
    #[arg(long)]
    pub(crate) withdraw: bool,

    /// Your token, in a blind election
    #[arg(long, value_name = "FILE", conflicts_with_all = ["receipt", "key"])]
    pub(crate) token: Option<PathBuf>,

    /// Print the ballot for a board that is elsewhere: the poll, as `elect status --output json` prints it there
    #[arg(long, value_name = "FILE", requires = "token")]
    pub(crate) poll: Option<PathBuf>,

    /// Where the secret is kept with which you can change your ballot, in a sealed election; it is only printed if not said
    #[arg(long, value_name = "FILE")]
    pub(crate) receipt: Option<PathBuf>,

    /// The SSH key to sign with, its secret or public half; otherwise the one that Git signs with, or the usual one
    #[arg(long, value_name = "FILE")]
    pub(crate) key: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct ElectVerifyArguments {
    /// An election by its key or folder; or files that were published: boards and closed polls
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<String>,

    /// The record of the close that a board is held against
    #[arg(long, value_name = "FILE")]
    pub(crate) closing: Option<PathBuf>,

    /// A receipt that must be on the board; may be repeated
    #[arg(long, value_name = "DIGEST")]
    pub(crate) receipt: Vec<String>,

    /// The ballot box of an election that is named by its key
    #[arg(long = "box", value_name = "FILE")]
    pub(crate) ballot_box: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct ElectExportArguments {
    #[command(flatten)]
    pub(crate) of: ElectionArguments,

    /// Write the record, the result and the published ballots into this folder
    #[arg(long, value_name = "DIR", required_unless_present = "elekto")]
    pub(crate) out: Option<PathBuf>,

    /// Write the files of Elekto into this folder
    #[arg(long, value_name = "DIR")]
    pub(crate) elekto: Option<PathBuf>,
}
