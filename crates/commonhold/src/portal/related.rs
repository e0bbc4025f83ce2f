//! What is being decided about a thing, and what last changed of it.

use base::Span;
use portal::model::{Cell, Column, ColumnKind, Page, Part};

use super::affairs::{commit, mood};
use super::items;
use super::shown::{Known, to};

/// Rows that stand open; what is over and older is with the decisions.
const ROWS: usize = 10;
/// Commits.
const COMMITS: usize = 5;

const DECISIONS: &[Column] = &[
    Column::new(
        "what",
        "What",
        ColumnKind::Text,
        "What is put before the community.",
    ),
    Column::new("state", "State", ColumnKind::State, "How it stands."),
    Column::new(
        "waits_for",
        "Waits for",
        ColumnKind::Text,
        "What it waits for.",
    ),
    Column::new(
        "since",
        "Since",
        ColumnKind::Instant,
        "Since when it stands so.",
    ),
];

const CHANGES: &[Column] = &[
    Column::new(
        "what",
        "What",
        ColumnKind::Text,
        "What is to be done to real systems.",
    ),
    Column::new("risk", "Risk", ColumnKind::Text, "The highest risk in it."),
    Column::new(
        "changes",
        "Changes",
        ColumnKind::Number,
        "How many changes it has.",
    ),
];

/// The decisions and changes about an item as `kind/name`, and the commits that changed its file.
pub(super) fn add(known: &Known, subject: &str, declared: Span, page: &mut Page) {
    let about = known.affairs.about(subject);
    if !about.items.is_empty() {
        let rows = about.items.iter().take(ROWS).map(|item| {
            let cells = vec![
                Cell::link(item.called(), to("decisions", &item.id)),
                Cell::state(mood(item.state), item.state.word()),
                Cell::text(item.waits_for().unwrap_or_default()),
                Cell::instant(item.record.since),
            ];
            items::row(known, None, cells)
        });
        page.heading("decisions", "Decisions about it");
        page.add(Part::Table(items::table(
            "decisions",
            "Decisions",
            DECISIONS,
            rows.collect(),
            "",
        )));
    }
    if !about.plans.is_empty() {
        let rows = about.plans.iter().take(ROWS).map(|plan| {
            let risk = plan.risk().map(|risk| risk.word().to_owned());
            let cells = vec![
                Cell::link(plan.title(), to("changes", &plan.key())),
                Cell::text(risk.unwrap_or_default()),
                Cell::count(plan.changes.len()),
            ];
            items::row(known, None, cells)
        });
        page.heading("changes", "Changes to real systems");
        page.add(Part::Table(items::table(
            "changes",
            "Changes",
            CHANGES,
            rows.collect(),
            "",
        )));
    }
    // A file that declares many says nothing of one of them.
    let file = &known.checked.estate.sources.file(declared.file).path;
    let own = subject.split_once('/').is_some_and(|(_, name)| {
        let stem = file
            .rsplit('/')
            .next()
            .and_then(|last| last.split_once('.'));
        stem.is_some_and(|(stem, _)| stem == name)
    });
    let commits = own.then(|| known.affairs.last_changes(file));
    let commits: Vec<_> = commits
        .into_iter()
        .flatten()
        .take(COMMITS)
        .map(commit)
        .collect();
    if !commits.is_empty() {
        page.heading("last-changes", "What changed last");
        page.add(Part::Entries(commits));
    }
}
