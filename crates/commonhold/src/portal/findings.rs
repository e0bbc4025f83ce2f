//! What is wrong.

mod audience;
mod book;
mod page;
mod text;

use base::{Diagnostic, Severity};
use estate::KindId;
use portal::Found;
use portal::model::{
    Cell, Collection, Column, ColumnKind, Link, Listing, Mood, Part, Row, Section, Table,
};

pub(super) use audience::has_address;
pub(crate) use book::Book;

use super::items;
use super::shown::{Known, link, to};

static COLLECTION: Collection = Collection {
    id: "findings",
    title: "Findings",
    one: "finding",
    about: "What is wrong by the community's own rules, and in the files that say what it owns. Each says where, and what to do.",
    section: Section::Findings,
    columns: COLUMNS,
    feed: None,
    has_pages: true,
    sort: "",
};

const COLUMNS: &[Column] = &[
    Column::new(
        "message",
        "What is wrong",
        ColumnKind::Text,
        "What is wrong, in a sentence.",
    ),
    Column::new(
        "severity",
        "Severity",
        ColumnKind::State,
        "How much it matters: `error`, `warning` or `note`.",
    )
    .choice(),
    Column::new(
        "rule",
        "Rule",
        ColumnKind::Text,
        "The rule that is broken, or the kind of mistake.",
    )
    .choice(),
    Column::new("about", "About", ColumnKind::Text, "The thing it is about.").choice(),
    Column::new(
        "owner",
        "Concerns",
        ColumnKind::List,
        "The groups that answer for the thing.",
    )
    .choice(),
    Column::new(
        "rule_owner",
        "Rule kept by",
        ColumnKind::Text,
        "The group that answers for the rule, if the charter says.",
    )
    .data_only(),
    Column::new(
        "help",
        "What to do",
        ColumnKind::Text,
        "What to do about it.",
    )
    .data_only(),
    Column::new("file", "File", ColumnKind::Text, "The file in which it is.")
        .choice()
        .data_only(),
    Column::new("line", "Line", ColumnKind::Number, "The line, from 1.").data_only(),
];

/// The columns of findings within a page.
const BRIEF: &[Column] = &[
    Column::new(
        "message",
        "What is wrong",
        ColumnKind::Text,
        "What is wrong, in a sentence.",
    ),
    Column::new(
        "severity",
        "Severity",
        ColumnKind::State,
        "How much it matters.",
    ),
    Column::new(
        "rule",
        "Rule",
        ColumnKind::Text,
        "The rule that is broken, or the kind of mistake.",
    ),
];

pub(super) fn listings(known: &Known) -> Vec<Listing> {
    let findings = &known.checked.findings;
    let mut places: Vec<usize> = (0..findings.len()).collect();
    // What matters most stands first; among equals the order is that of the files.
    places.sort_by_key(|&at| std::cmp::Reverse(findings[at].severity));
    let rows = places.into_iter().map(|at| row(known, at)).collect();
    vec![Listing::new(&COLLECTION, rows)]
}

pub(super) fn page(known: &Known, rest: &str) -> Found {
    let book = &known.index.book;
    if let Some(at) = book.at(rest) {
        return Found::Page(Box::new(page::of_one(known, at)));
    }
    match page::of_rule(known, rest) {
        Some(page) => Found::Page(Box::new(page)),
        None => Found::Nothing,
    }
}

/// The paths of the pages of rules that are broken as far as everybody may know.
pub(super) fn paths(known: &Known) -> Vec<String> {
    let book = &known.index.book;
    let rules = book.rules();
    let rules = rules.filter(|(_, places)| places.iter().any(|&at| book.is_public(at)));
    rules.map(|(rule, _)| to("findings", rule)).collect()
}

fn row(known: &Known, at: usize) -> Row {
    let finding = &known.checked.findings[at];
    let entry = known.index.book.entry(at);
    let source = known.source(finding.span);
    let about = finding.subject.as_deref();
    let owners = entry.owners.iter().map(|name| link("groups", name));
    let cells = vec![
        Cell::text(text::capital(&finding.message)),
        severity(finding),
        rule(finding),
        about.map_or(Cell::none(), |about| {
            items::cell(items::subject(known, about))
        }),
        Cell::links(owners.collect()),
        finding
            .owner
            .as_deref()
            .map_or(Cell::none(), |owner| items::cell(link("groups", owner))),
        Cell::text(
            finding
                .help
                .as_deref()
                .map(text::capital)
                .unwrap_or_default(),
        ),
        Cell::text(source.as_ref().map_or("", |source| source.path.as_str())),
        source
            .as_ref()
            .map_or(Cell::none(), |source| Cell::count(source.line)),
    ];
    Row {
        key: entry.key.clone(),
        cells,
        source,
        audience: entry.audience.clone(),
    }
}

fn severity(finding: &Diagnostic) -> Cell {
    Cell::state(mood(finding.severity), finding.severity.to_string())
}

fn rule(finding: &Diagnostic) -> Cell {
    Cell::link(finding.id(), to("findings", finding.id()))
}

/// How bad a severity is.
pub(super) fn mood(severity: Severity) -> Mood {
    match severity {
        Severity::Error => Mood::Bad,
        Severity::Warning => Mood::Warn,
        Severity::Note => Mood::Plain,
    }
}

/// The findings about an item, as a table.
pub(super) fn about(known: &Known, subject: &str) -> Part {
    let places = known.index.book.about(subject);
    let none = "The community's rules are kept here.";
    Part::Table(brief(known, "findings", "Findings", places, none))
}

/// Findings as a table of a page.
pub(super) fn brief(
    known: &Known,
    id: &'static str,
    caption: &str,
    places: &[usize],
    none: &str,
) -> Table {
    let rows = places.iter().map(|&at| {
        let finding = &known.checked.findings[at];
        let entry = known.index.book.entry(at);
        let message = Cell::link(text::capital(&finding.message), to("findings", &entry.key));
        Row {
            key: entry.key.clone(),
            cells: vec![message, severity(finding), rule(finding)],
            source: known.source(finding.span),
            audience: entry.audience.clone(),
        }
    });
    items::table(id, caption, BRIEF, rows.collect(), none)
}

/// How an item stands by what everybody may see: beside the title of its page.
pub(super) fn standing((errors, warnings): (usize, usize)) -> (Mood, String) {
    match (errors, warnings) {
        (0, 0) => (Mood::Good, "no findings".to_owned()),
        (0, warnings) => (Mood::Warn, items::counted(warnings, "warning")),
        (errors, 0) => (Mood::Bad, items::counted(errors, "error")),
        (errors, warnings) => {
            let errors = items::counted(errors, "error");
            (
                Mood::Bad,
                format!("{errors}, {}", items::counted(warnings, "warning")),
            )
        }
    }
}

/// The same, in a list; it leads to the findings, which are on the item's page or in the list of all.
pub(super) fn standing_cell(counts: (usize, usize), kind: KindId, name: &str) -> Cell {
    let (mood, words) = standing(counts);
    let page = match kind {
        KindId::Group | KindId::Person | KindId::Service => items::path(kind, name),
        _ => None,
    };
    let there = || match page {
        Some(page) => format!("{page}#findings"),
        None => format!("/findings?q={}", http_client::segment(name)),
    };
    Cell {
        to: (counts != (0, 0)).then(there),
        ..Cell::state(mood, words)
    }
}

/// A finding under its message.
pub(super) fn named(known: &Known, at: usize) -> Link {
    let finding = &known.checked.findings[at];
    let key = &known.index.book.entry(at).key;
    Link::new(text::capital(&finding.message), to("findings", key))
}
