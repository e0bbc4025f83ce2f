//! Who is chosen.

mod page;
mod result;

use elections::definition::{Phase, Privacy, Publish};
use portal::model::{
    Cell, Collection, Column, ColumnKind, Feed, Listing, Mood, Part, Row, Section, Source, Value,
};
use portal::{AsOf, Found};

use super::affairs::{Election, Posted, Shown};
use super::decisions::group;
use super::shown::{Known, to};

static COLLECTION: Collection = Collection {
    id: "elections",
    title: "Elections",
    one: "election",
    about: "Every election: who stands, who may vote and why, how it is counted, and what came of it.",
    section: Section::Elections,
    columns: COLUMNS,
    feed: Some(Feed {
        when: "opens",
        what: "phase",
    }),
    has_pages: true,
    sort: "-opens",
};

const COLUMNS: &[Column] = &[
    Column::new("title", "Election", ColumnKind::Text, "What people call it."),
    Column::new("phase", "Phase", ColumnKind::State, "`upcoming`, `nominations`, `campaign`, `voting` or `closed`.").choice(),
    Column::new("body", "Body", ColumnKind::Text, "The group whose seats are filled.").choice(),
    Column::new("seats", "Seats", ColumnKind::Number, "How many seats are filled."),
    Column::new("opens", "Opens", ColumnKind::Instant, "The first moment at which a ballot counts."),
    Column::new("closes", "Closes", ColumnKind::Instant, "The first moment at which none counts any more."),
    Column::new("candidates", "Candidates", ColumnKind::Number, "How many stand."),
    Column::new("voters", "May vote", ColumnKind::Number, "How many may vote, where that is known."),
    Column::new("took_part", "Took part", ColumnKind::Number, "How many took part; told after the close."),
    Column::new("privacy", "Ballots", ColumnKind::Text, "Who can know how somebody voted: `open` everybody, `sealed` nobody by what is stored, `blind` nobody at all.").choice(),
    Column::new("method", "Counted by", ColumnKind::Text, "How ballots become an order.").data_only(),
    Column::new("published", "Published", ColumnKind::Text, "What is published of the ballots after the close: `full`, `pairwise` or `none`.").data_only(),
    Column::new("elected", "Elected", ColumnKind::List, "Who is elected by the count alone, after the close.").data_only(),
];

static RECEIPTS: Collection = Collection {
    id: "receipts",
    title: "Receipts",
    one: "receipt",
    about: "Every ballot on the boards of blind elections, by the receipt that its voter keeps. Nobody can tell whose it is.",
    section: Section::Elections,
    columns: RECEIPT_COLUMNS,
    feed: None,
    has_pages: false,
    sort: "",
};

const RECEIPT_COLUMNS: &[Column] = &[
    Column::new(
        "receipt",
        "Receipt",
        ColumnKind::Text,
        "With which the voter finds the ballot.",
    ),
    Column::new(
        "election",
        "Election",
        ColumnKind::Text,
        "The election it is of.",
    )
    .choice(),
    Column::new(
        "entry",
        "Entry",
        ColumnKind::Number,
        "Its place on the board.",
    ),
    Column::new(
        "counts",
        "Counts",
        ColumnKind::State,
        "`on the board` before the close; then whether it counts, or its voter replaced it or took it back.",
    ),
    Column::new(
        "ballot",
        "Ballot",
        ColumnKind::Text,
        "What it says, the best first; told after the close.",
    ),
];

pub(super) fn listings(known: &Known) -> Vec<Listing> {
    let elected = &known.affairs.elected;
    let rows = elected
        .elections
        .iter()
        .map(|one| row(known, one))
        .collect();
    let mut listing = Listing::new(&COLLECTION, rows);
    listing.none = "There are none. Each would have a folder below elections/.";
    for (folder, why) in &elected.refused {
        let text = format!("{folder} cannot be read as an election. {why}");
        listing.above.push(Part::Notice(Mood::Warn, text, None));
    }
    let posts = elected.elections.iter().flat_map(|election| {
        let posts = election.vote.iter().flat_map(|vote| &vote.posts);
        posts.map(move |post| receipt(election, post))
    });
    let receipts: Vec<Row> = posts.collect();
    if receipts.is_empty() {
        return vec![listing];
    }
    vec![listing, Listing::new(&RECEIPTS, receipts)]
}

pub(super) fn page(known: &Known, rest: &str, reader: &portal::Reader, now: &AsOf) -> Found {
    match known.affairs.elected.election(rest) {
        Some(election) => Found::Page(Box::new(page::of(known, election, reader, now))),
        None => Found::Nothing,
    }
}

/// What a closed election may be had of as files.
pub(super) fn file(known: &Known, path: &str) -> Option<(&'static str, String)> {
    let (key, name) = path.strip_prefix("/elections/")?.rsplit_once('/')?;
    let election = known.affairs.elected.election(key)?;
    let files = &election.vote.as_ref()?.files;
    let (_, kind, text) = files.iter().find(|(known, ..)| *known == name)?;
    Some((kind, text.clone()))
}

fn row(known: &Known, election: &Election) -> Row {
    let (mood, word) = phase(election.phase(known.at));
    let number = |count: Option<u64>| {
        count.map_or(Cell::none(), |count| {
            Cell::new(Value::Number(i64::try_from(count).unwrap_or(i64::MAX)))
        })
    };
    let result = election
        .result
        .as_ref()
        .and_then(|result| result.as_ref().ok());
    let took_part = result
        .and_then(|result| result.turnout)
        .map(|(took_part, _)| took_part);
    let elected = result.iter().flat_map(|result| &result.counted.places);
    let elected = elected.filter(|(_, _, became)| became.starts_with("elected"));
    Row {
        key: election.key.clone(),
        cells: vec![
            Cell::text(election.title.clone()),
            Cell::state(mood, word),
            election
                .body
                .as_ref()
                .map_or(Cell::none(), |body| group(known, body)),
            number(election.seats.map(u64::from)),
            Cell::instant(Some(election.opens)),
            Cell::instant(Some(election.closes)),
            Cell::count(election.candidates.len()),
            election.voters.map_or(Cell::none(), Cell::count),
            number(took_part),
            Cell::text(privacy(election.privacy)),
            Cell::text(election.method.clone()),
            Cell::text(match election.publish {
                Publish::Full => "full",
                Publish::Pairwise => "pairwise",
                Publish::None => "none",
            }),
            Cell::links(
                elected
                    .map(|(_, id, _)| page::candidate(known, election, id))
                    .collect(),
            ),
        ],
        source: Some(Source {
            path: format!("{}/election.yaml", election.folder),
            line: 1,
        }),
        ..Row::default()
    }
}

fn receipt(election: &Election, post: &Posted) -> Row {
    let (counts, ballot) = match &post.ballot {
        None => (Cell::state(Mood::Waiting, "on the board"), Cell::none()),
        Some(Shown::Counts(ballot)) => (
            Cell::state(Mood::Good, "counts"),
            Cell::text(ballot.clone()),
        ),
        Some(Shown::Replaced) => (
            Cell::state(Mood::Quiet, "replaced or taken back"),
            Cell::none(),
        ),
    };
    Row {
        key: post.receipt.to_string(),
        cells: vec![
            Cell::new(Value::Code(post.receipt.to_string())),
            Cell::link(election.title.clone(), to("elections", &election.key)),
            Cell::count(post.seq),
            counts,
            ballot,
        ],
        ..Row::default()
    }
}

/// Where an election stands, and how good that is.
fn phase(phase: Phase) -> (Mood, &'static str) {
    match phase {
        Phase::Upcoming => (Mood::Plain, "upcoming"),
        Phase::Nominations => (Mood::Waiting, "nominations"),
        Phase::Campaign => (Mood::Waiting, "campaign"),
        Phase::Voting => (Mood::Waiting, "voting"),
        Phase::Closed => (Mood::Quiet, "closed"),
        Phase::Certified => (Mood::Good, "certified"),
    }
}

fn privacy(privacy: Privacy) -> &'static str {
    match privacy {
        Privacy::Open => "open",
        Privacy::Sealed => "sealed",
        Privacy::Blind => "blind",
    }
}
