//! What to do next for a migration, what holds it, and what may stay.

use std::collections::BTreeSet;

use estate::Item;
use estate::kinds::{Hold, Migration};
use migration::next::{batches, freeing};
use migration::{Asset, Standing};
use portal::model::{Cell, ColumnKind, Link, Mood, Page, Part, Row, Value};

use super::lists;
use crate::portal::parts::{column, row, table};
use crate::portal::shown::{Known, to};

/// So many steps of one sort are told.
const STEPS: usize = 8;
/// So many things of a step are named.
const NAMED: usize = 4;

/// What can move now, and what to free first.
pub(super) fn next(known: &Known, item: &Item<Migration>, standing: &Standing, page: &mut Page) {
    if standing.counts().left() == 0 {
        return;
    }
    page.heading("next", "What to do next");
    let name = |asset: &&Asset| Link {
        text: asset.id.clone(),
        to: lists::page_of(known, standing, asset),
    };
    let steps = batches(standing, &item.value.effort);
    let all = steps.len();
    let rows = steps.iter().take(STEPS).map(|batch| {
        let mut things: Vec<Link> = batch.ready.iter().take(NAMED).map(name).collect();
        if batch.ready.len() > NAMED {
            things.push(Link::text(format!(
                "and {} more",
                batch.ready.len() - NAMED
            )));
        }
        let cells = vec![
            Cell::text(batch.name),
            lists::owner(known, batch.owner),
            Cell::count(batch.ready.len()),
            Cell::new(Value::Decimal(batch.effort.rounded(1))),
            Cell::links(things),
        ];
        row(cells, None)
    });
    let columns = vec![
        column("batch", "What", ColumnKind::Text),
        column("owner", "Who", ColumnKind::Text),
        column("things", "Things", ColumnKind::Number),
        column("days", "Days of work", ColumnKind::Decimal),
        column("named", "Which", ColumnKind::List),
    ];
    let none = "Nothing can move before something is freed.";
    page.add(table(
        "now",
        "What can move now, the easiest first",
        columns,
        rows.collect(),
        none,
    ));
    if all > STEPS {
        page.say(format!(
            "{} more can move besides.",
            base::counted(all - STEPS, "batch", "batches")
        ));
    }
    if let Some(guidance) = &item.value.guidance {
        let how = Part::Quote(guidance.trim().to_owned());
        page.add(Part::Folded("How one is moved".to_owned(), vec![how]));
    }
    free(known, standing, page);
}

/// What to free, and what comes of it.
fn free(known: &Known, standing: &Standing, page: &mut Page) {
    let steps = freeing(standing);
    if steps.is_empty() {
        return;
    }
    let rows = steps.iter().take(STEPS).map(|step| {
        let cells = vec![
            Cell::text(step.lock.name.as_str()),
            lists::owner(known, step.lock.owner.as_deref().unwrap_or_default()),
            Cell::count(step.lock.holds.len()),
            Cell::count(step.frees.len()),
            Cell::text(step.lock.about.clone().unwrap_or_default()),
        ];
        row(cells, known.source(step.lock.span))
    });
    let columns = vec![
        column("lock", "What to free", ColumnKind::Text),
        column("owner", "Who frees it", ColumnKind::Text),
        column("holds", "Holds", ColumnKind::Number),
        column("frees", "Lets go", ColumnKind::Number),
        column("about", "How", ColumnKind::Text),
    ];
    let caption = "What to free, in the order that lets most things go for the least work";
    page.add(table("free", caption, columns, rows.collect(), ""));
}

/// What holds things, and who waits for it.
pub(super) fn locks(known: &Known, standing: &Standing, page: &mut Page) {
    if standing.locks.is_empty() {
        return;
    }
    page.heading("blockers", "What holds things back");
    let rows = standing.locks.iter().map(|lock| {
        let held = lock.holds.iter().filter_map(|&at| standing.assets.get(at));
        let waiting: BTreeSet<&str> = held.filter_map(|asset| asset.owner.as_deref()).collect();
        let link = |name: &str| match known.checked.estate.tables.groups.get(name) {
            Some(item) => Link::new(name, to("groups", &item.name)),
            None => Link::text(name),
        };
        let cells = vec![
            Cell::text(lock.name.as_str()),
            lists::owner(known, lock.owner.as_deref().unwrap_or_default()),
            Cell::count(lock.holds.len()),
            Cell::text(match lock.hold {
                Hold::Hard => "they must wait",
                Hold::Soft => "they can move with a bridge",
            }),
            Cell::links(waiting.into_iter().map(link).collect()),
        ];
        row(cells, known.source(lock.span))
    });
    let columns = vec![
        column("blocker", "Blocker", ColumnKind::Text),
        column("owner", "Who frees it", ColumnKind::Text),
        column("holds", "Holds", ColumnKind::Number),
        column("how", "How strongly", ColumnKind::Text),
        column("waits", "Who waits", ColumnKind::List),
    ];
    page.add(table("blockers", "Blockers", columns, rows.collect(), ""));
}

pub(super) fn exceptions(known: &Known, item: &Item<Migration>, page: &mut Page) {
    if item.value.exceptions.is_empty() {
        return;
    }
    page.heading("exceptions", "What may stay for now");
    let rows: Vec<Row> = item
        .value
        .exceptions
        .iter()
        .map(|excuse| {
            let until = excuse.until.as_ref().map(|until| until.value);
            let (mood, word) = match until {
                None => (Mood::Warn, "without an end"),
                Some(until) if until < known.day => (Mood::Bad, "over"),
                Some(_) => (Mood::Plain, "holds"),
            };
            let cells = vec![
                Cell::new(Value::Code(excuse.applies.value.clone())),
                Cell::day(until),
                Cell::state(mood, word),
                Cell::text(excuse.reason.as_str()),
                Cell::text(excuse.decision.as_str()),
            ];
            row(cells, known.source(excuse.applies.span))
        })
        .collect();
    let columns = vec![
        column("which", "Which", ColumnKind::Text),
        column("until", "Until", ColumnKind::Day),
        column("state", "State", ColumnKind::State),
        column("reason", "Why", ColumnKind::Text),
        column("decision", "Decided in", ColumnKind::Text),
    ];
    page.add(table("exceptions", "Exceptions", columns, rows, ""));
}
