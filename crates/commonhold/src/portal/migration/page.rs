//! The page of a migration.

use estate::Item;
use estate::kinds::Migration;
use jiff::tz::TimeZone;
use migration::{Counts, Stage, Standing};
use portal::model::{
    Audience, Cell, Column, ColumnKind, Entry, Fact, Link, Mood, Page, Part, Section, Value,
    grouped,
};

use super::lists::{self, MIGRATIONS};
use super::{pace, steps};
use crate::commands::migration::status::{left_and_new, means};
use crate::portal::parts::{card, column, fact, row, table};
use crate::portal::shown::{Known, to};

pub(super) fn page(known: &Known, item: &Item<Migration>, standing: &Standing) -> Page {
    let mut page = Page::new(
        Section::Migration,
        to(MIGRATIONS.id, &item.name),
        item.title(),
    );
    page.kind = String::from("Migration");
    page.summary = left_and_new(standing);
    page.source = known.source(item.span);
    let (mood, word) = lists::state(standing);
    page.state = Some((mood, word.to_owned()));
    cards(standing, &mut page);
    page.add(Part::Facts(facts(known, item, standing)));
    pace::burndown(known, item, standing, &mut page);
    states(standing, &mut page);
    owners(known, standing, &mut page);
    steps::next(known, item, standing, &mut page);
    steps::locks(known, standing, &mut page);
    steps::exceptions(known, item, &mut page);
    happened(item, &mut page);
    page
}

fn cards(standing: &Standing, page: &mut Page) {
    let counts = standing.counts();
    let name = &standing.migration;
    let those = |state: &str| format!("/assets?migration={name}&state={state}");
    let mut left = Stage::ALL.to_vec();
    left.retain(|stage| stage.is_left() && counts.of(*stage) > 0);
    let left: String = left
        .iter()
        .map(|stage| format!("&state={}", stage.said()))
        .collect();
    let those_left = (!left.is_empty()).then(|| format!("/assets?migration={name}{left}"));
    let part = |label: &str, stage: Stage, note: &str| {
        let mood = if counts.of(stage) == 0 {
            Mood::Quiet
        } else {
            lists::mood(stage)
        };
        card(
            label,
            counts.of(stage),
            note,
            mood,
            Some(&those(stage.said())),
        )
    };
    page.add(Part::Cards(vec![
        card(
            "Left",
            counts.left(),
            format!("of {}", grouped(&counts.all().to_string())),
            Mood::Plain,
            those_left.as_deref(),
        ),
        part("Can move now", Stage::Ready, "nothing holds them"),
        part("Blocked", Stage::Blocked, "something must be freed first"),
        part("Moved", Stage::Moved, "the goal holds for them"),
    ]));
}

fn facts(known: &Known, item: &Item<Migration>, standing: &Standing) -> Vec<Fact> {
    let migration = &item.value;
    let mut facts = vec![
        fact("about", "What moves", Cell::text(lists::about(standing))),
        fact(
            "goal",
            "It has moved when",
            Cell::new(Value::Code(migration.goal.value.clone())),
        ),
    ];
    facts[1].source = known.source(migration.goal.span);
    if let Some(scope) = &migration.scope {
        let cell = Cell::new(Value::Code(scope.value.clone()));
        facts.push(fact("scope", "Which of them", cell));
    }
    facts.push(fact("owner", "Owner", lists::owner(known, &standing.owner)));
    let accounts = [
        ("from", "Away from", &migration.from),
        ("to", "To", &migration.to),
    ];
    for (id, label, named) in accounts {
        let names: Vec<Link> = named
            .iter()
            .map(|one| Link::text(one.name.as_str()))
            .collect();
        if !names.is_empty() {
            facts.push(fact(id, label, Cell::links(names)));
        }
    }
    if let Some(started) = &migration.started {
        facts.push(fact("started", "Began", Cell::day(Some(started.value))));
    }
    if let Some(due) = &migration.due {
        facts.push(fact("due", "Due", Cell::day(Some(due.value))));
    }
    let ratchet = if migration.ratchet {
        "no: what is left is listed, and the check refuses what is not on the list"
    } else {
        "yes: what comes anew is counted, and not refused"
    };
    facts.push(fact("grows", "May new ones come", Cell::text(ratchet)));
    let waves = format!("{}/waves", to(MIGRATIONS.id, &item.name));
    facts.push(fact(
        "waves",
        "In which order",
        Cell::link("the plan of waves", waves),
    ));
    facts
}

fn states(standing: &Standing, page: &mut Page) {
    page.heading("states", "How far each is");
    let counts = standing.counts();
    let rows = Stage::ALL.iter().map(|stage| {
        let those = format!(
            "/assets?migration={}&state={}",
            standing.migration,
            stage.said()
        );
        let cells = vec![
            Cell::state(lists::mood(*stage), stage.said()),
            Cell {
                to: Some(those),
                ..Cell::count(counts.of(*stage))
            },
            Cell::text(means(*stage)),
        ];
        row(cells, None)
    });
    let columns = vec![
        column("state", "State", ColumnKind::State),
        column("count", "Things", ColumnKind::Number),
        column("means", "Which means", ColumnKind::Text),
    ];
    page.add(table(
        "states",
        "Things by state",
        columns,
        rows.collect(),
        "",
    ));
    page.say("A state follows from what the estate says on the day; nobody types one. What decides it stands at each thing.");
}

fn owners(known: &Known, standing: &Standing, page: &mut Page) {
    page.heading("owners", "By owner");
    let counts = standing.counts_by(|asset| asset.owner_or_none());
    let mut owners: Vec<(&str, Counts)> = counts.into_iter().collect();
    owners.sort_by_key(|(name, counts)| (std::cmp::Reverse(counts.left()), *name));
    let rows = owners.into_iter().map(|(name, counts)| {
        let who = if name.is_empty() {
            Cell::state(Mood::Warn, "nobody")
        } else {
            lists::owner(known, name)
        };
        let mut cells = vec![who, Cell::count(counts.left())];
        cells.extend(Stage::ALL.map(|stage| Cell::count(counts.of(stage))));
        row(cells, None)
    });
    let mut columns = vec![
        column("owner", "Owner", ColumnKind::Text),
        column("left", "Left", ColumnKind::Number),
    ];
    columns.extend(Stage::ALL.map(counted));
    page.add(table(
        "owners",
        "Things by owner and state",
        columns,
        rows.collect(),
        "Nothing moves.",
    ));
}

fn counted(stage: Stage) -> Column {
    let (id, head) = match stage {
        Stage::Ready => ("ready", "Ready"),
        Stage::Todo => ("todo", "To do"),
        Stage::Blocked => ("blocked", "Blocked"),
        Stage::InFlight => ("in_flight", "In flight"),
        Stage::Excepted => ("excepted", "Excepted"),
        Stage::Moved => ("moved", "Moved"),
        Stage::Retired => ("retired", "Retired"),
    };
    column(id, head, ColumnKind::Number)
}

fn happened(item: &Item<Migration>, page: &mut Page) {
    let mut events: Vec<_> = item.value.events.iter().collect();
    events.sort_by_key(|event| std::cmp::Reverse(event.day.value));
    let entries = events.into_iter().enumerate().filter_map(|(at, event)| {
        let start = event.day.value.to_zoned(TimeZone::UTC).ok()?;
        Some(Entry {
            id: format!("{}-{at}", event.day.value),
            at: start.timestamp(),
            title: event.what.clone(),
            text: String::new(),
            to: None,
            mood: Mood::Plain,
            audience: Audience::Everybody,
        })
    });
    let entries: Vec<Entry> = entries.collect();
    if !entries.is_empty() {
        page.heading("events", "What happened on the way");
        page.add(Part::Entries(entries));
    }
}
