//! What waits for whoever reads.

use estate::KindId;
use jiff::{Timestamp, ToSpan};
use portal::model::{Card, Cell, Column, ColumnKind, Link, Mood, Page, Part, Row};
use portal::{Audience, Reader};

use super::ENDS;
use crate::portal::shown::{Known, to};
use crate::portal::{findings, items};

/// Days before the end of a term or of access that it is told.
const AHEAD: i64 = 90;

const WAITING: &[Column] = &[
    Column::new(
        "act",
        "What is asked",
        ColumnKind::Text,
        "What is asked of you.",
    ),
    Column::new("what", "Of what", ColumnKind::Text, "What it is about."),
    Column::new(
        "until",
        "Until",
        ColumnKind::Instant,
        "Until when, where that is known.",
    ),
];

const MENDED: &[Column] = &[
    Column::new(
        "service",
        "Service",
        ColumnKind::Text,
        "A service of yours.",
    ),
    Column::new(
        "findings",
        "Findings",
        ColumnKind::State,
        "What is wrong with it.",
    ),
];

/// What waits for whoever reads; how to find out for whoever has not signed in.
pub(super) fn waiting(known: &Known, reader: &Reader, now: Timestamp, page: &mut Page) {
    let Some(name) = &reader.person else {
        if reader.identity.is_none() {
            let text = "Do you take part? What waits for you stands here once you are signed in:";
            page.add(Part::Notice(
                Mood::Plain,
                text.to_owned(),
                Some(Link::new("sign in", "/sign-in")),
            ));
        }
        return;
    };
    let mut parts = vec![Part::Heading {
        id: "yours",
        text: "What waits for you".to_owned(),
    }];
    parts.push(asked(known, name, now));
    let ends = ends(known, name, now);
    if !ends.is_empty() {
        parts.push(Part::Table(items::table(
            "your-ends",
            "Of yours, what ends soon",
            ENDS,
            ends,
            "",
        )));
    }
    let mended = mended(known, name);
    if !mended.is_empty() {
        parts.push(Part::Table(items::table(
            "your-services",
            "Your services with something to mend",
            MENDED,
            mended,
            "",
        )));
    }
    let own = to("people", name);
    let card = Card {
        label: "You".to_owned(),
        figure: name.clone(),
        note: "your roles, services and teams".to_owned(),
        mood: Mood::Plain,
        to: Some(own),
        audience: Audience::Person(name.clone()),
    };
    parts.push(Part::Cards(vec![card]));
    page.add(Part::Only(Audience::Person(name.clone()), parts));
}

/// What is asked of somebody.
fn asked(known: &Known, name: &str, now: Timestamp) -> Part {
    let acts = known.affairs.waiting_for(name, now);
    let rows = acts.iter().map(|one| {
        let act = match one.act {
            "vote" => "your vote",
            "approve" => "your approval",
            "second" => "your support for putting it forward",
            "ballot" => "your ballot",
            other => other,
        };
        let cells = vec![
            Cell::text(act),
            Cell::link(one.text.clone(), one.to.clone()),
            Cell::instant(one.until),
        ];
        items::row(known, None, cells)
    });
    let none = "Nobody waits for you.";
    Part::Table(items::table(
        "waiting",
        "What is asked of you",
        WAITING,
        rows.collect(),
        none,
    ))
}

fn ends(known: &Known, name: &str, now: Timestamp) -> Vec<Row> {
    let today = now.to_zoned(jiff::tz::TimeZone::UTC).date();
    let last = today.checked_add(AHEAD.days()).unwrap_or(today);
    let own = known
        .index
        .ends
        .iter()
        .filter(|end| end.person.as_deref() == Some(name) && (today..=last).contains(&end.day));
    own.map(|end| {
        let left = (end.day - today).get_days();
        let cells = vec![
            Cell::day(Some(end.day)),
            items::cell(end.what.clone()),
            Cell::text(end.kind),
            Cell::new(portal::model::Value::Number(left.into())),
        ];
        items::row(known, Some(end.span), cells)
    })
    .collect()
}

/// The services they keep running or whose owners they lead, where something is wrong.
fn mended(known: &Known, name: &str) -> Vec<Row> {
    let graph = &known.checked.estate.graph;
    let tables = &known.checked.estate.tables;
    let node = graph.node(KindId::Person, name);
    let links = node.into_iter().flat_map(|node| graph.incoming(node));
    let staffed = links.map(|link| graph.item(link.from));
    let led = known.index.roles_of(name).iter();
    let led = led.filter(|role| role.when == crate::portal::people::When::Now);
    let led = led.filter_map(|role| tables.groups.get(&role.group));
    let owned = led.flat_map(|group| crate::portal::groups::owned(known, group));
    let mut services: Vec<(KindId, &str)> = staffed.chain(owned).collect();
    services.retain(|(kind, _)| *kind == KindId::Service);
    services.sort_unstable();
    services.dedup();
    let rows = services.into_iter().filter_map(|(kind, name)| {
        let counts = known.index.wrong_with(kind, name);
        let service = tables.services.get(name).filter(|_| counts != (0, 0))?;
        let cells = vec![
            items::titled(service),
            findings::standing_cell(counts, KindId::Service, name),
        ];
        Some(items::row(known, Some(service.span), cells))
    });
    rows.collect()
}
