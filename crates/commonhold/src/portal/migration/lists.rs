//! Migrations, and each thing that moves: one a row.

use base::Decimal;
use document::amount;
use estate::Item;
use estate::kinds::Migration;
use migration::{Asset, Stage, Standing, State};
use portal::model::{
    Cell, Collection, Column, ColumnKind, Listing, Mood, Part, Row, Section, Value, grouped,
};

use crate::portal::parts::card;
use crate::portal::shown::{Known, to};

pub(super) static MIGRATIONS: Collection = Collection {
    id: "migrations",
    title: "Migrations",
    one: "migration",
    about: "Moves of many things: what is meant to be otherwise, how far it is, and until when.",
    section: Section::Migration,
    columns: &[
        Column::new(
            "migration",
            "Migration",
            ColumnKind::Text,
            "What people call it.",
        ),
        Column::new(
            "about",
            "What moves",
            ColumnKind::Text,
            "The kind of things that move.",
        )
        .choice(),
        Column::new(
            "goal",
            "Goal",
            ColumnKind::Text,
            "What holds of a thing that has moved.",
        )
        .data_only(),
        Column::new(
            "owner",
            "Owner",
            ColumnKind::Text,
            "The group that answers for it.",
        )
        .choice(),
        Column::new(
            "total",
            "All",
            ColumnKind::Number,
            "How many things are meant, moved and gone ones among them.",
        ),
        Column::new(
            "done",
            "Done",
            ColumnKind::Number,
            "How many have moved or are no more.",
        ),
        Column::new(
            "left",
            "Left",
            ColumnKind::Number,
            "How many are still where they should not be.",
        ),
        Column::new(
            "share",
            "Done of all",
            ColumnKind::Share,
            "The share that is done.",
        ),
        Column::new(
            "ready",
            "Can move now",
            ColumnKind::Number,
            "How many of those left nothing holds back.",
        ),
        Column::new(
            "blocked",
            "Blocked",
            ColumnKind::Number,
            "How many of those left something holds back.",
        ),
        Column::new(
            "new",
            "New",
            ColumnKind::Number,
            "How many came since what there was was listed.",
        ),
        Column::new(
            "due",
            "Due",
            ColumnKind::Day,
            "The day by which it should be done.",
        ),
        Column::new(
            "state",
            "State",
            ColumnKind::State,
            "Whether it is done, under way, or late.",
        )
        .choice(),
    ],
    feed: None,
    has_pages: true,
    sort: "",
};

static ASSETS: Collection = Collection {
    id: "assets",
    title: "What moves",
    one: "thing that moves",
    about: "Each thing that a migration moves, with its state and what decides that. Nobody types a state: it follows from what the estate says.",
    section: Section::Migration,
    columns: &[
        Column::new(
            "thing",
            "Thing",
            ColumnKind::Text,
            "What it is called, in the same words while it is the same thing.",
        ),
        Column::new(
            "migration",
            "Migration",
            ColumnKind::Text,
            "The migration that moves it.",
        )
        .choice(),
        Column::new(
            "kind",
            "Kind",
            ColumnKind::Text,
            "What it is among its like.",
        )
        .choice(),
        Column::new(
            "owner",
            "Owner",
            ColumnKind::Text,
            "The group that owns it.",
        )
        .choice(),
        Column::new("state", "State", ColumnKind::State, "How far it has come.").choice(),
        Column::new("because", "Because", ColumnKind::Text, "What decides that."),
        Column::new(
            "batch",
            "Moves with",
            ColumnKind::Text,
            "What is moved in one go with it.",
        )
        .data_only(),
    ],
    feed: None,
    has_pages: false,
    sort: "",
};

pub(super) fn migrations(known: &Known) -> Listing {
    let tables = &known.checked.estate.tables;
    let (mut rows, mut cards) = (Vec::new(), Vec::new());
    for standing in known.moves.standings() {
        let Some(item) = tables.migrations.get(&standing.migration) else {
            continue;
        };
        rows.push(row(known, item, standing));
        let counts = standing.counts();
        let due = standing.due.map(|due| format!(", due {due}"));
        let all = grouped(&counts.all().to_string());
        let note = format!("left of {all}{}", due.unwrap_or_default());
        let (mood, _) = state(standing);
        let page = to(MIGRATIONS.id, &item.name);
        cards.push(card(
            &standing.title,
            counts.left(),
            note,
            mood,
            Some(&page),
        ));
    }
    let mut listing = Listing::new(&MIGRATIONS, rows);
    if !cards.is_empty() {
        listing.above.push(Part::Cards(cards));
    }
    listing
}

fn row(known: &Known, item: &Item<Migration>, standing: &Standing) -> Row {
    let counts = standing.counts();
    let (mood, word) = state(standing);
    let new = standing.listed.as_ref().map(|listed| listed.new.len());
    let cells = vec![
        Cell::link(standing.title.as_str(), to(MIGRATIONS.id, &item.name)),
        Cell::text(about(standing)),
        Cell::new(Value::Code(item.value.goal.value.clone())),
        owner(known, &standing.owner),
        Cell::count(counts.all()),
        Cell::count(done(standing)),
        Cell::count(counts.left()),
        share(done(standing), counts.all()),
        Cell::count(counts.of(Stage::Ready)),
        Cell::count(counts.of(Stage::Blocked)),
        new.map_or_else(Cell::none, Cell::count),
        Cell::day(standing.due),
        Cell::state(mood, word),
    ];
    Row {
        key: item.name.clone(),
        cells,
        source: known.source(item.span),
        ..Row::default()
    }
}

/// What moves, in the plural.
pub(super) fn about(standing: &Standing) -> String {
    format!("{}s", standing.about.word().replace('-', " "))
}

/// How many need no more to be done about them.
pub(super) fn done(standing: &Standing) -> usize {
    let counts = standing.counts();
    counts.of(Stage::Moved) + counts.of(Stage::Retired)
}

fn share(part: usize, whole: usize) -> Cell {
    let number = |count: usize| Decimal::whole(i64::try_from(count).unwrap_or(i64::MAX));
    let share = amount::share(number(part), number(whole));
    share.map_or_else(Cell::none, |share| Cell::new(Value::Share(share)))
}

/// How good a migration stands.
pub(super) fn state(standing: &Standing) -> (Mood, &'static str) {
    let left = standing.counts().left();
    let late = standing.due.is_some_and(|due| due < standing.today);
    let grows = standing
        .listed
        .as_ref()
        .is_some_and(|listed| !listed.new.is_empty());
    match (left, late, grows) {
        (0, ..) => (Mood::Good, "done"),
        (_, true, _) => (Mood::Bad, "late"),
        (_, _, true) => (Mood::Warn, "new ones came"),
        _ => (Mood::Waiting, "under way"),
    }
}

/// How good it is for a thing to be in a state.
pub(in crate::portal) fn mood(stage: Stage) -> Mood {
    match stage {
        Stage::Ready => Mood::Waiting,
        Stage::Todo => Mood::Warn,
        Stage::Blocked => Mood::Bad,
        Stage::InFlight | Stage::Excepted => Mood::Plain,
        Stage::Moved => Mood::Good,
        Stage::Retired => Mood::Quiet,
    }
}

/// A group with its page, if the estate has it.
pub(super) fn owner(known: &Known, name: &str) -> Cell {
    match known.checked.estate.tables.groups.get(name) {
        Some(item) => Cell::link(name, to("groups", &item.name)),
        None => Cell::text(name),
    }
}

pub(super) fn assets(known: &Known) -> Listing {
    let standings = known.moves.standings();
    let rows = standings.flat_map(|standing| {
        let assets = standing.assets.iter();
        assets.map(move |asset| thing(known, standing, asset))
    });
    let mut rows: Vec<Row> = rows.collect();
    rows.sort_by(|one, other| one.key.cmp(&other.key));
    Listing::new(&ASSETS, rows)
}

fn thing(known: &Known, standing: &Standing, asset: &Asset) -> Row {
    let stage = asset.state.stage();
    let mut name = Cell::text(asset.id.as_str());
    name.to = page_of(known, standing, asset);
    let cells = vec![
        name,
        Cell::link(
            standing.migration.as_str(),
            to(MIGRATIONS.id, &standing.migration),
        ),
        Cell::text(asset.kind.as_str()),
        owner(known, asset.owner_or_none()),
        Cell::state(mood(stage), stage.said()),
        Cell::text(standing.because(asset)),
        Cell::text(asset.batch.as_str()),
    ];
    Row {
        key: format!("{}/{}", standing.migration, asset.id),
        cells,
        // What is no more is written nowhere.
        source: (asset.state != State::Retired)
            .then(|| known.source(asset.place))
            .flatten(),
        ..Row::default()
    }
}

/// Where a thing that moves has a page of its own.
pub(super) fn page_of(known: &Known, standing: &Standing, asset: &Asset) -> Option<String> {
    use estate::kinds::About;
    let tables = &known.checked.estate.tables;
    let bare = asset.id.rsplit('/').next().unwrap_or(&asset.id);
    match standing.about {
        About::Service => Some(to("services", &tables.services.get(bare)?.name)),
        About::MailingGroup => Some(to("mailing-groups", &tables.mailing_groups.get(bare)?.name)),
        About::Job if asset.state != State::Retired => Some(to("jobs", &asset.id)),
        _ => None,
    }
}
