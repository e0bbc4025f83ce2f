//! The pages of a finding and of a rule.

use base::{Code, Diagnostic, Span};
use charter::RULES;
use portal::model::{Cell, Column, ColumnKind, Page, Part, Row, Section};
use portal::{Audience, Private};

use super::{brief, has_address, items, mood, text};
use crate::pages;
use crate::portal::shown::{Known, link, to};

/// Lines of a file around what is wrong.
const AROUND: usize = 2;
/// Longer excerpts are cut.
const LINES: usize = 14;
/// Longer lines are cut, in characters.
const WIDTH: usize = 160;

/// The page of one finding.
pub(super) fn of_one(known: &Known, at: usize) -> Page {
    let finding = &known.checked.findings[at];
    let entry = known.index.book.entry(at);
    let path = to("findings", &entry.key);
    let mut page = Page::new(Section::Findings, path, text::capital(&finding.message));
    "Finding".clone_into(&mut page.kind);
    page.state = Some((mood(finding.severity), finding.severity.to_string()));
    page.source = known.source(finding.span);
    page.audience = entry.audience.clone();
    page.summary = finding
        .help
        .as_deref()
        .map(text::capital)
        .unwrap_or_default();
    page.add(facts(known, at));
    page.heading("where", "Where");
    page.add(excerpt(known, finding));
    if !finding.related.is_empty() {
        let rows = finding.related.iter().map(|label| {
            let place = known.checked.estate.sources.line_of(label.span);
            let cells = vec![Cell::text(text::capital(&label.text)), Cell::text(place)];
            items::row(known, Some(label.span), cells)
        });
        let table = items::table(
            "related",
            "Other places that matter",
            RELATED,
            rows.collect(),
            "",
        );
        page.add(Part::Table(table));
    }
    page.heading("rule", "Why it matters");
    for part in text::parts(page_of(finding)) {
        page.add(part);
    }
    page
}

const RELATED: &[Column] = &[
    Column::new(
        "what",
        "What",
        ColumnKind::Text,
        "What it has to do with the finding.",
    ),
    Column::new("where", "Where", ColumnKind::Text, "The file and the line."),
];

fn facts(known: &Known, at: usize) -> Part {
    let finding = &known.checked.findings[at];
    let owners = &known.index.book.entry(at).owners;
    let mut facts = items::Facts::new(known);
    if let Some(about) = &finding.subject {
        facts.say("about", "About", items::cell(items::subject(known, about)));
    }
    let owners: Vec<_> = owners.iter().map(|name| link("groups", name)).collect();
    if !owners.is_empty() {
        facts.say("owner", "Concerns", Cell::links(owners));
    }
    facts.say("rule", "Rule", super::rule(finding));
    if let Some(owner) = &finding.owner {
        facts.say(
            "rule_owner",
            "Rule kept by",
            items::cell(link("groups", owner)),
        );
    }
    let book = &known.index.book;
    let places = book.of_rule(finding.id()).iter();
    let others = places.filter(|&&other| book.entry(other).audience == book.entry(at).audience);
    let others = others.count();
    if others > 1 {
        let words = format!("{} of this rule", items::counted(others, "finding"));
        facts.say(
            "others",
            "In all",
            Cell::link(words, to("findings", finding.id())),
        );
    }
    facts.part()
}

fn page_of(finding: &Diagnostic) -> &str {
    finding
        .house
        .as_ref()
        .map_or(finding.code.page, |house| &house.page)
}

/// The lines it is about, for whoever may see what stands in them.
fn excerpt(known: &Known, finding: &Diagnostic) -> Part {
    let sources = &known.checked.estate.sources;
    let file = sources.file(finding.span.file);
    let place = sources.line_of(finding.span);
    if finding.withheld || file.private {
        return Part::Text(format!(
            "In {place}. The lines are not shown, for they may hold what is private."
        ));
    }
    let lines = lines(known, finding.span);
    let hidden = has_address(&lines);
    let code = Part::Command {
        about: format!("In {place}:"),
        text: lines.clone(),
    };
    let secret = &known.index.secret_teams;
    let told = secret.are_near(finding.span) || secret.are_named_in(&lines);
    let mut part = code;
    for (kind, hides) in [(Private::Contacts, hidden), (Private::Memberships, told)] {
        if hides {
            part = Part::Only(Audience::Private(kind), vec![part]);
        }
    }
    part
}

/// The lines of a span and some around it, with their numbers; those that it touches are marked.
fn lines(known: &Known, span: Span) -> String {
    let file = known.checked.estate.sources.file(span.file);
    let first = file.position(span.start).line;
    let last = file
        .position(span.end.max(span.start))
        .line
        .min(first + LINES);
    let (from, until) = (first.saturating_sub(AROUND).max(1), last + AROUND);
    let shown = file
        .text
        .lines()
        .enumerate()
        .skip(from - 1)
        .take(until - from + 1);
    let shown = shown.map(|(at, line)| {
        let number = at + 1;
        let mark = if (first..=last).contains(&number) {
            '>'
        } else {
            ' '
        };
        let line: String = base::visible(line).chars().take(WIDTH).collect();
        format!("{mark} {number:>4}  {line}").trim_end().to_owned()
    });
    shown.collect::<Vec<_>>().join("\n")
}

/// The page of a rule or of a kind of mistake, with all that is found by it.
pub(super) fn of_rule(known: &Known, id: &str) -> Option<Page> {
    let places = known.index.book.of_rule(id);
    let first = places.first().map(|&at| &known.checked.findings[at]);
    let house = first.and_then(|finding| finding.house.as_ref());
    let (title, markdown) = match (house, pages::code(id)) {
        (Some(house), _) => (house.title.clone(), house.page.as_str()),
        (None, Some(code)) => (code.title.to_owned(), code.page),
        (None, None) => return None,
    };
    let mut page = Page::new(Section::Findings, to("findings", id), title);
    page.kind = format!("Rule {id}");
    for part in text::parts(markdown) {
        page.add(part);
    }
    if let Some(code) = pages::code(id) {
        as_charter_says(known, code, &mut page);
    }
    page.heading("findings", "What breaks it");
    let none = "Nothing breaks it now.";
    page.add(Part::Table(brief(
        known, "findings", "Findings", places, none,
    )));
    Some(page)
}

fn as_charter_says(known: &Known, code: &Code, page: &mut Page) {
    let Some(rule) = RULES.iter().find(|rule| rule.code.id == code.id) else {
        return;
    };
    let settings = known.checked.charter.settings(rule);
    let mut facts = items::Facts::new(known);
    let level = settings.and_then(|settings| settings.severity);
    let level = level.map_or(code.severity.to_string(), |level| level.word().to_owned());
    facts.say("severity", "Severity here", Cell::text(level));
    if let Some(owner) = settings.and_then(|settings| settings.owner.as_ref()) {
        facts.at(
            "owner",
            "Kept by",
            items::cell(items::group(known, owner)),
            owner.span,
        );
    }
    page.add(facts.part());
    let exceptions = settings
        .into_iter()
        .flat_map(|settings| &settings.exceptions);
    let rows: Vec<Row> = exceptions
        .map(|one| {
            let cells = vec![
                items::cell(items::subject(known, &one.subject)),
                Cell::text(said(&one.reason)),
                items::address(&said(&one.decision)),
                Cell::day(Some(one.until.value)),
            ];
            Row {
                audience: items::naming(known, &one.subject),
                ..items::row(known, Some(one.subject.span), cells)
            }
        })
        .collect();
    if !rows.is_empty() {
        page.add(Part::Table(items::table(
            "exceptions",
            "Excused for a time",
            EXCEPTIONS,
            rows,
            "",
        )));
    }
    let set = rule.parameters();
    if !set.is_empty() {
        let rows = set.iter().map(|field| {
            let meaning = text::plain(field.doc.trim());
            items::row(
                known,
                None,
                vec![
                    Cell::new(portal::model::Value::Code(field.key.to_owned())),
                    Cell::text(meaning),
                ],
            )
        });
        let table = items::table(
            "parameters",
            "What the charter can set",
            PARAMETERS,
            rows.collect(),
            "",
        );
        page.add(Part::Folded(
            "What the charter can set".to_owned(),
            vec![Part::Table(table)],
        ));
    }
}

/// A text of the charter that its type only lets be written out.
fn said(text: &impl serde::Serialize) -> String {
    match serde_json::to_value(text) {
        Ok(serde_json::Value::String(text)) => text,
        _ => String::new(),
    }
}

const EXCEPTIONS: &[Column] = &[
    Column::new(
        "about",
        "What",
        ColumnKind::Text,
        "The thing that is excused.",
    ),
    Column::new("reason", "Why", ColumnKind::Text, "Why it is excused."),
    Column::new(
        "decision",
        "Decided",
        ColumnKind::Text,
        "Where that was decided.",
    ),
    Column::new(
        "until",
        "Until",
        ColumnKind::Day,
        "The last day on which it is excused.",
    ),
];

const PARAMETERS: &[Column] = &[
    Column::new("name", "Name", ColumnKind::Text, "The name in the charter."),
    Column::new(
        "meaning",
        "What it means",
        ColumnKind::Text,
        "What it means.",
    ),
];
