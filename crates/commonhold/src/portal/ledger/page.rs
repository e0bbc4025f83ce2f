//! One record, with the exact text that its digest is of.

use ledger::Record;
use portal::model::{Cell, Fact, Link, Mood, Page, Part, Section, Value};
use portal::{Audience, Found};

use super::super::affairs::Said;
use super::super::parts::fact;
use super::super::shown::{Known, to};
use super::{actor, what};

/// The longest text that is put into a command.
const IN_A_COMMAND: usize = 8 * 1024;
/// The longest record that is shown whole.
const SHOWN: usize = 64 * 1024;

pub(super) fn of(known: &Known, rest: &str) -> Found {
    let recorded = &known.affairs.recorded;
    let Some(said) = rest.parse().ok().and_then(|seq| recorded.said(seq)) else {
        return Found::Nothing;
    };
    if rest != said.seq.to_string() {
        return Found::Moved(to("records", &said.seq.to_string()));
    }
    match recorded.record(said.seq) {
        Err(what) => Found::Failed(format!("Record {} cannot be read: {what}.", said.seq)),
        Ok(None) => Found::Nothing,
        Ok(Some(record)) => Found::Page(Box::new(shown(known, said, &record))),
    }
}

fn shown(known: &Known, said: &Said, record: &Record) -> Page {
    let path = to("records", &said.seq.to_string());
    let mut page = Page::new(Section::Ledger, path, format!("Record {}", said.seq));
    page.kind.clone_from(&said.kind);
    let same = record.digest() == said.digest;
    let (mood, word) = if same {
        (Mood::Good, "follows the one before it")
    } else {
        (Mood::Bad, "is not what was verified")
    };
    page.state = Some((mood, word.to_owned()));
    page.add(Part::Facts(facts(known, said, record)));
    let text = digested(record);
    let mut parts = vec![Part::Heading {
        id: "record",
        text: "The record".to_owned(),
    }];
    if record.line().len() <= SHOWN {
        parts.push(Part::Quote(readable(record)));
    } else {
        parts.push(Part::Text(
            "It is too long to be shown here; it is in the files of the ledger.".to_owned(),
        ));
    }
    parts.push(Part::Heading {
        id: "digest",
        text: "Recompute its digest".to_owned(),
    });
    parts.push(Part::Text(
        "The digest is of this text, as it is, without an end of line.".to_owned(),
    ));
    if text.len() <= IN_A_COMMAND {
        parts.push(Part::Command {
            about: "It has to say the digest above, without its beginning, “sha256:”".to_owned(),
            text: format!("printf '%s' '{}' | sha256sum", text.replace('\'', r"'\''")),
        });
    } else {
        parts.push(Part::Command {
            about: "It is long: verify all records at once, on the ledger's page".to_owned(),
            text: "commonhold ledger verify".to_owned(),
        });
    }
    match said.private {
        None => page.parts.extend(parts),
        Some(kind) => {
            let why = match kind {
                portal::Private::Contacts => {
                    "It holds mail addresses, so its text is not for everybody. Its digest is."
                }
                _ => {
                    "It says who is in what nobody else may see, so its text is not for everybody. Its digest is."
                }
            };
            page.add(Part::Notice(Mood::Quiet, why.to_owned(), None));
            page.add(Part::Only(Audience::Private(kind), parts));
        }
    }
    page
}

fn facts(known: &Known, said: &Said, record: &Record) -> Vec<Fact> {
    let recorded = &known.affairs.recorded;
    let code = |text: String| Cell::new(Value::Code(text));
    let neighbour = |seq: Option<u64>| {
        let found = seq.and_then(|seq| recorded.said(seq));
        found.map_or(Cell::none(), |said| {
            Cell::link(
                format!("Record {}", said.seq),
                to("records", &said.seq.to_string()),
            )
        })
    };
    let mut facts = vec![
        fact("what", "What", what(said)),
        fact("at", "When", Cell::instant(Some(said.at))),
        fact("actor", "By", actor(said)),
        fact("digest", "Digest", code(said.digest.to_string())),
        fact(
            "prev",
            "Digest of the one before",
            code(record.prev().to_string()),
        ),
        fact("before", "Before", neighbour(said.seq.checked_sub(1))),
        fact("after", "After", neighbour(said.seq.checked_add(1))),
    ];
    let about = links(known, record);
    if !about.is_empty() {
        facts.push(fact("about", "About", Cell::links(about)));
    }
    facts
}

/// The pages of what a record is about.
fn links(known: &Known, record: &Record) -> Vec<Link> {
    let body = record.body();
    let mut links = Vec::new();
    let plan = body["plan"].as_str();
    if let Some(plan) = plan.and_then(|plan| known.affairs.planned.plan(plan)) {
        links.push(Link::new(plan.title(), to("changes", &plan.key())));
    }
    let path = body["path"]
        .as_str()
        .and_then(|path| path.split('/').nth(1));
    let item = body["item"].as_str().or(path);
    if let Some(item) = item.and_then(|item| known.affairs.decided.item(item)) {
        links.push(Link::new(item.called(), to("decisions", &item.id)));
    }
    links
}

/// The text that the digest is of: the record's line without the digest.
fn digested(record: &Record) -> String {
    let part = format!("\"digest\":\"{}\",", record.digest());
    // The digest stands after the body, in which the same text may stand too.
    let line = record.line();
    match line.rfind(&part) {
        Some(at) => format!("{}{}", &line[..at], &line[at + part.len()..]),
        None => line,
    }
}

/// The record as people read it.
fn readable(record: &Record) -> String {
    let read: Result<serde_json::Value, _> = serde_json::from_str(&record.line());
    read.map_or_else(|_| record.line(), |value| format!("{value:#}"))
}
