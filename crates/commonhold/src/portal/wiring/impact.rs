//! What the loss of one service does.

use estate::kinds::Service;
use estate::{Affected, Item, KindId, Strength};
use portal::Audience;
use portal::model::{Card, Cell, Column, ColumnKind, Link, Mood, Page, Part, Row, Section};

use super::strength;
use crate::commands::impact::reasons;
use crate::portal::items;
use crate::portal::shown::{Known, to};

/// Rows of a table; of a loss that reaches further the rest is counted.
const MOST: usize = 500;

const AFFECTED: &[Column] = &[
    Column::new("item", "What", ColumnKind::Text, "What notices the loss."),
    Column::new(
        "strength",
        "What happens",
        ColumnKind::State,
        "Whether it stops or is weakened.",
    ),
    Column::new(
        "because",
        "Because it",
        ColumnKind::Text,
        "How the loss reaches it.",
    ),
    Column::new(
        "steps",
        "Steps",
        ColumnKind::Number,
        "Over how many steps the loss reaches it.",
    ),
    Column::new(
        "answers",
        "Answers",
        ColumnKind::List,
        "The groups that answer for it.",
    ),
];

const WARN: &[Column] = &[
    Column::new("group", "Group", ColumnKind::Text, "The group to warn."),
    Column::new("list", "At", ColumnKind::Text, "Its public list."),
    Column::new(
        "items",
        "For",
        ColumnKind::List,
        "What it answers for and notices the loss.",
    ),
];

pub(super) fn of(known: &Known, service: &Item<Service>) -> Page {
    let estate = &known.checked.estate;
    let path = to("wiring/services", &service.name);
    let title = format!("If {} goes", service.title());
    let mut page = Page::new(Section::Wiring, path, title);
    "Impact".clone_into(&mut page.kind);
    page.source = known.source(service.span);
    "What stops, what is weakened, and whom to warn, as far as the estate says what depends on what.".clone_into(&mut page.summary);
    let Some(node) = estate.graph.node(KindId::Service, &service.name) else {
        return page;
    };
    let impact = estate.impact(node);
    let counts = |asked: Strength| {
        let those = impact.affected.iter();
        those.filter(|one| one.strength == asked).count()
    };
    let (stops, weakened) = (counts(Strength::Breaks), counts(Strength::Weakens));
    page.add(Part::Notice(
        Mood::Plain,
        "The service itself:".to_owned(),
        Some(items::titled_link(service)),
    ));
    page.add(Part::Cards(vec![
        card(
            "Stop",
            stops,
            "do not work without it",
            if stops > 0 { Mood::Bad } else { Mood::Good },
        ),
        card(
            "Weakened",
            weakened,
            "go on with something less",
            if weakened > 0 { Mood::Warn } else { Mood::Good },
        ),
        card(
            "Groups to warn",
            impact.warn.len(),
            "answer for what notices",
            Mood::Plain,
        ),
    ]));
    affected(known, &impact, &mut page);
    warned(known, &impact, &mut page);
    orphans(known, &impact, &mut page);
    page
}

/// What notices, the hardest hit first.
fn affected(known: &Known, impact: &estate::Impact<'_>, page: &mut Page) {
    let estate = &known.checked.estate;
    page.heading("affected", "What notices");
    let row = |one: &Affected<'_>| {
        let (kind, name) = estate.graph.item(one.node);
        let answers = estate.answering(one.node);
        let answers = answers.iter().map(|name| items::item(KindId::Group, name));
        let cells = vec![
            items::any(kind, name),
            strength(one.strength),
            Cell::text(reasons(estate, impact, one)),
            Cell::count(one.steps),
            Cell::links(answers.collect()),
        ];
        items::row(known, Some(one.because.span), cells)
    };
    let rows: Vec<Row> = impact.affected.iter().take(MOST).map(row).collect();
    let more = impact.affected.len().saturating_sub(MOST);
    if more > 0 {
        page.say(format!("The table has the {MOST} nearest; {more} more notice it, and “commonhold impact” lists them all."));
    }
    let none = "Nothing that the estate knows notices.";
    page.add(Part::Table(items::table(
        "affected",
        "What notices the loss",
        AFFECTED,
        rows,
        none,
    )));
}

/// The groups that answer for what notices.
fn warned(known: &Known, impact: &estate::Impact<'_>, page: &mut Page) {
    let estate = &known.checked.estate;
    page.heading("warn", "Whom to warn");
    let rows = impact.warn.iter().map(|(group, nodes)| {
        let found = estate.tables.groups.get(group);
        let list = found.and_then(|group| group.value.contact.as_ref()?.mailing_list.as_deref());
        let those = nodes.iter().take(12).map(|node| {
            let (kind, name) = estate.graph.item(*node);
            items::item(kind, name)
        });
        let mut those: Vec<Link> = those.collect();
        if nodes.len() > those.len() {
            those.push(Link::text(format!(
                "and {} more",
                nodes.len() - those.len()
            )));
        }
        let cells = vec![
            items::cell(items::item(KindId::Group, group)),
            list.map_or(Cell::none(), items::address),
            Cell::links(those),
        ];
        items::row(known, None, cells)
    });
    page.add(Part::Table(items::table(
        "warn",
        "Groups to warn",
        WARN,
        rows.collect(),
        "Nobody has to be warned.",
    )));
}

/// Services that notice and for which nobody can be warned.
fn orphans(known: &Known, impact: &estate::Impact<'_>, page: &mut Page) {
    let estate = &known.checked.estate;
    let orphans = impact.affected.iter().filter(|one| {
        let (kind, _) = estate.graph.item(one.node);
        kind == KindId::Service && estate.answering(one.node).is_empty()
    });
    let names: Vec<&str> = orphans.map(|one| estate.graph.item(one.node).1).collect();
    if !names.is_empty() {
        let text = format!(
            "Nobody can be warned for {}: nobody owns them.",
            names.join(", ")
        );
        page.add(Part::Notice(Mood::Warn, text, None));
    }
}

fn card(label: &str, figure: usize, note: &str, mood: Mood) -> Card {
    Card {
        label: label.to_owned(),
        figure: figure.to_string(),
        note: note.to_owned(),
        mood,
        to: (figure > 0).then(|| {
            if label == "Groups to warn" {
                "#warn"
            } else {
                "#affected"
            }
            .to_owned()
        }),
        audience: Audience::Everybody,
    }
}
