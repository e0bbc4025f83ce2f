//! Pages as JSON: their parts, in their order.

use serde_json::{Value as Json, json};

use super::cell;
use super::schema::{INSTANT, Member, Schema};
use crate::Stamp;
use crate::model::{
    Card, Cell, ColumnKind, Entry, Fact, Field, FieldKind, Form, Link, Page, Part, Reader, Step,
    StepState, Table, Value,
};

/// A page as the reader may see it; what is not for them is gone already.
pub(crate) fn page(page: &Page, reader: &Reader, stamp: &Stamp) -> Json {
    let state = page.state.as_ref();
    let parts = page.parts.iter().flat_map(|each| part(each, reader, stamp));
    json!({
        "path": page.path,
        "title": page.title,
        "kind": (!page.kind.is_empty()).then_some(&page.kind),
        "summary": (!page.summary.is_empty()).then_some(&page.summary),
        "state": state.map(|(mood, word)| json!({"word": word, "mood": mood.word()})),
        "source": cell::source(stamp, page.source.as_ref()),
        "parts": parts.collect::<Vec<_>>(),
    })
}

/// A part; those that are for some only stand where it stood.
fn part(part: &Part, reader: &Reader, stamp: &Stamp) -> Vec<Json> {
    let said = match part {
        Part::Heading { id, text } => json!({"part": "heading", "id": id, "text": text}),
        Part::Text(text) => json!({"part": "text", "text": text}),
        Part::Quote(text) => json!({"part": "quote", "text": text}),
        Part::Notice(mood, text, to) => {
            let to = to.as_ref().map(link);
            json!({"part": "notice", "mood": mood.word(), "text": text, "link": to})
        }
        Part::Ways(links) => {
            json!({"part": "ways", "links": links.iter().map(link).collect::<Vec<_>>()})
        }
        Part::Cards(cards) => {
            let cards = cards.iter().filter(|card| reader.sees(&card.audience));
            json!({"part": "cards", "cards": cards.map(card).collect::<Vec<_>>()})
        }
        Part::Facts(facts) => {
            let facts = facts.iter().map(|each| fact(each, reader, stamp));
            json!({"part": "facts", "facts": facts.collect::<Vec<_>>()})
        }
        Part::Table(held) => json!({"part": "table", "table": table(held, reader, stamp)}),
        Part::Chart(chart) => json!({
            "part": "chart",
            "caption": chart.table.caption,
            "headers": chart.table.headers,
            "rows": chart.table.rows,
        }),
        Part::Picture(picture) => json!({
            "part": "picture",
            "caption": picture.caption,
            "table": table(&picture.figures, reader, stamp),
        }),
        Part::Entries(entries) => {
            let entries = entries.iter().filter(|entry| reader.sees(&entry.audience));
            json!({"part": "entries", "entries": entries.map(entry).collect::<Vec<_>>()})
        }
        Part::Steps(steps) => {
            json!({"part": "steps", "steps": steps.iter().map(step).collect::<Vec<_>>()})
        }
        Part::Command { about, text } => json!({"part": "command", "about": about, "text": text}),
        Part::Form(held) => form(held),
        Part::Only(audience, parts) if reader.sees(audience) => return below(parts, reader, stamp),
        Part::Only(..) => return Vec::new(),
        Part::Folded(text, parts) => {
            json!({"part": "folded", "text": text, "parts": below(parts, reader, stamp)})
        }
    };
    vec![said]
}

fn below(parts: &[Part], reader: &Reader, stamp: &Stamp) -> Vec<Json> {
    parts
        .iter()
        .flat_map(|each| part(each, reader, stamp))
        .collect()
}

fn link(link: &Link) -> Json {
    json!({"text": link.text, "to": link.to})
}

fn card(card: &Card) -> Json {
    json!({
        "label": card.label,
        "figure": card.figure,
        "note": card.note,
        "mood": card.mood.word(),
        "to": card.to,
    })
}

fn fact(fact: &Fact, reader: &Reader, stamp: &Stamp) -> Json {
    let cell = reader.cell(&fact.value);
    json!({
        "id": fact.id,
        "label": fact.label,
        "value": cell::plain(&cell.value),
        "to": leads(cell),
        "source": cell::source(stamp, fact.source.as_ref()),
    })
}

fn leads(cell: &Cell) -> Json {
    match &cell.value {
        Value::Links(links) => json!(links.iter().map(|link| &link.to).collect::<Vec<_>>()),
        _ => json!(cell.to),
    }
}

/// A table with the rows that are for the reader.
fn table(table: &Table, reader: &Reader, stamp: &Stamp) -> Json {
    let columns = table.columns.iter().map(|column| {
        json!({"id": column.id, "head": column.head, "kind": word(column.kind), "about": column.about})
    });
    let rows = reader
        .rows(&table.rows)
        .map(|row| Json::Object(cell::row(&table.columns, row, reader, stamp)));
    json!({
        "id": table.id,
        "caption": table.caption,
        "columns": columns.collect::<Vec<_>>(),
        "rows": rows.collect::<Vec<_>>(),
    })
}

fn entry(entry: &Entry) -> Json {
    json!({
        "id": entry.id,
        "at": entry.at.to_string(),
        "title": entry.title,
        "text": entry.text,
        "mood": entry.mood.word(),
        "to": entry.to,
    })
}

const STEPS: [&str; 4] = ["done", "now", "ahead", "stopped"];

fn step(step: &Step) -> Json {
    let state = match step.state {
        StepState::Done => STEPS[0],
        StepState::Now => STEPS[1],
        StepState::Ahead => STEPS[2],
        StepState::Stopped => STEPS[3],
    };
    let at = step.at.map(|at| at.to_string());
    json!({"state": state, "title": step.title, "text": step.text, "at": at})
}

/// A form. What proves that it was sent from here is none of its fields.
fn form(form: &Form) -> Json {
    json!({
        "part": "form",
        "title": form.title,
        "about": form.about,
        "action": form.action,
        "method": if form.asks { "GET" } else { "POST" },
        "fields": fields(&form.fields),
    })
}

/// The fields of a form.
pub(crate) fn fields(fields: &[Field]) -> Vec<Json> {
    fields.iter().map(field).collect()
}

const KINDS: [&str; 8] = [
    "line", "lines", "number", "day", "choice", "tick", "hidden", "paste",
];

fn field(field: &Field) -> Json {
    let kind = match &field.kind {
        FieldKind::Line => KINDS[0],
        FieldKind::Lines => KINDS[1],
        FieldKind::Number => KINDS[2],
        FieldKind::Day => KINDS[3],
        FieldKind::Choice(_) => KINDS[4],
        FieldKind::Tick => KINDS[5],
        FieldKind::Hidden => KINDS[6],
        FieldKind::Paste => KINDS[7],
    };
    let choices = match &field.kind {
        FieldKind::Choice(choices) => choices.as_slice(),
        _ => &[],
    };
    let choice = |(value, text): &(String, String)| json!({"value": value, "text": text});
    json!({
        "name": field.name,
        "label": field.label,
        "help": field.help,
        "value": field.value,
        "kind": kind,
        "required": field.required,
        "choices": choices.iter().map(choice).collect::<Vec<_>>(),
    })
}

const COLUMN_KINDS: [&str; 10] = [
    "text", "number", "decimal", "money", "share", "day", "instant", "truth", "state", "list",
];

pub(crate) fn word(kind: ColumnKind) -> &'static str {
    match kind {
        ColumnKind::Text => COLUMN_KINDS[0],
        ColumnKind::Number => COLUMN_KINDS[1],
        ColumnKind::Decimal => COLUMN_KINDS[2],
        ColumnKind::Money => COLUMN_KINDS[3],
        ColumnKind::Share => COLUMN_KINDS[4],
        ColumnKind::Day => COLUMN_KINDS[5],
        ColumnKind::Instant => COLUMN_KINDS[6],
        ColumnKind::Truth => COLUMN_KINDS[7],
        ColumnKind::State => COLUMN_KINDS[8],
        ColumnKind::List => COLUMN_KINDS[9],
    }
}

/// A name that is a text.
fn text(name: &'static str, about: &'static str) -> Member {
    Member::new(name, Schema::text(), about)
}

/// A name that is a text or null.
fn maybe(name: &'static str, about: &'static str) -> Member {
    Member::new(name, Schema::text().or_null(), about)
}

fn mood() -> Member {
    let moods = ["good", "plain", "waiting", "warning", "bad", "quiet"];
    Member::new("mood", Schema::choice(moods), "How good it is.")
}

fn record(members: Vec<Member>) -> Schema {
    Schema::answer(members)
}

fn of_part(part: &'static str, members: Vec<Member>) -> Schema {
    let mut all = vec![Member::new(
        "part",
        Schema::choice([part]),
        "What kind of part it is.",
    )];
    all.extend(members);
    record(all)
}

fn list(name: &'static str, of: Schema) -> Member {
    Member::new(name, Schema::list(of), "")
}

/// The schemas of pages and of what is on them.
pub(crate) fn names() -> [(&'static str, Schema); 4] {
    let page = record(vec![
        text("path", "Where it is here."),
        text("title", "Its title."),
        maybe("kind", "What kind of thing it is about."),
        maybe("summary", "What it is, in a sentence or two."),
        Member::new(
            "state",
            Schema::named("State").or_null(),
            "How things are with it.",
        ),
        Member::new(
            "source",
            Schema::named("Source").or_null(),
            "Where what it is about is declared.",
        ),
        Member::new(
            "parts",
            Schema::list(Schema::named("Part")),
            "What is on it, from top to bottom.",
        ),
    ]);
    [
        ("Page", page),
        ("Part", parts()),
        ("Table", of_table()),
        ("Field", of_field()),
    ]
}

fn parts() -> Schema {
    let table = || Member::new("table", Schema::named("Table"), "");
    Schema::Either(vec![
        of_part(
            "heading",
            vec![text("id", "What links call it."), text("text", "")],
        ),
        of_part("text", vec![text("text", "A paragraph.")]),
        of_part(
            "quote",
            vec![text(
                "text",
                "What somebody else wrote, with its line breaks.",
            )],
        ),
        of_part(
            "notice",
            vec![
                mood(),
                text("text", ""),
                Member::new("link", of_link().or_null(), ""),
            ],
        ),
        of_part("ways", vec![list("links", of_link())]),
        of_part("cards", vec![list("cards", of_card())]),
        of_part("facts", vec![list("facts", of_fact())]),
        of_part("table", vec![table()]),
        of_part(
            "chart",
            vec![
                text("caption", "What it shows."),
                list("headers", Schema::text()),
                list("rows", Schema::list(Schema::text())),
            ],
        ),
        of_part(
            "picture",
            vec![text("caption", "What it shows, in words."), table()],
        ),
        of_part("entries", vec![list("entries", of_entry())]),
        of_part("steps", vec![list("steps", of_step())]),
        of_part(
            "command",
            vec![
                text("about", "What it does."),
                text("text", "What is typed."),
            ],
        ),
        of_part(
            "form",
            vec![
                text("title", ""),
                text("about", ""),
                text("action", "Where a browser sends it."),
                Member::new("method", Schema::choice(["GET", "POST"]), ""),
                list("fields", Schema::named("Field")),
            ],
        ),
        of_part(
            "folded",
            vec![
                text("text", "What is folded away."),
                list("parts", Schema::named("Part")),
            ],
        ),
    ])
}

fn of_fact() -> Schema {
    let to = Schema::Either(vec![Schema::text(), Schema::list(Schema::text().or_null())]);
    record(vec![
        text("id", "Its name in data."),
        text("label", "What it is."),
        Member::new(
            "value",
            cell::of_any(),
            "What is said; null where there is nothing, and where it is not for you.",
        ),
        Member::new(
            "to",
            to.or_null(),
            "Where it leads; for a list one for each of its values.",
        ),
        Member::new(
            "source",
            Schema::named("Source").or_null(),
            "Where it is said.",
        ),
    ])
}

fn of_card() -> Schema {
    record(vec![
        text("label", "What it counts."),
        text("figure", "The figure."),
        text("note", "What explains it."),
        mood(),
        maybe("to", "Where it leads."),
    ])
}

fn of_entry() -> Schema {
    record(vec![
        text("id", "What tells it from all others of the page."),
        Member::new("at", Schema::of(&INSTANT), "When."),
        text("title", "What, in a few words."),
        text("text", "More of it."),
        mood(),
        maybe("to", "Where it leads."),
    ])
}

fn of_step() -> Schema {
    record(vec![
        Member::new("state", Schema::choice(STEPS), "How far it is."),
        text("title", "What it is."),
        text("text", "Whose turn it is, what is missing, when it was."),
        Member::new(
            "at",
            Schema::of(&INSTANT).or_null(),
            "When it was, or will be at the latest.",
        ),
    ])
}

fn of_link() -> Schema {
    record(vec![
        text("text", "What is read."),
        maybe("to", "Where it leads."),
    ])
}

fn of_table() -> Schema {
    let column = record(vec![
        text("id", "Its name in the rows' `values`."),
        text("head", "What stands above it."),
        Member::new("kind", Schema::choice(COLUMN_KINDS), "What it holds."),
        text("about", "What that means."),
    ]);
    record(vec![
        text("id", "Its name on the page."),
        text("caption", "What it is."),
        list("columns", column),
        list("rows", Schema::named("Row")),
    ])
}

fn of_field() -> Schema {
    let choice = record(vec![
        text("value", "What is sent."),
        text("text", "What is read."),
    ]);
    record(vec![
        text("name", "Its name in what is sent."),
        text("label", "What it asks."),
        text("help", "What helps to answer."),
        text("value", "What is in it already."),
        Member::new("kind", Schema::choice(KINDS), "How it is answered."),
        Member::new("required", Schema::Truth, "Whether it must be answered."),
        list("choices", choice),
    ])
}
