//! What somebody may do and why, and who may do what with something and why.

use std::sync::Arc;

use access::model::{Access, Path, Principal, Thing};
use portal::model::{Audience, Cell, ColumnKind, Link, Mood, Page, Part, Private, Row, Section};

use super::things;
use crate::portal::affairs::holds_address;
use crate::portal::parts::{column, fact, members_of, table};
use crate::portal::shown::{Known, link, to};

/// All that a person may do.
pub(super) fn of_person(known: &Known, name: &str) -> Option<Page> {
    let item = known.checked.estate.tables.people.get(name)?;
    let who = Principal::Person(item.name.clone());
    let answers = known.access.ask(move |matrix| matrix.what_can(&who))?;
    let path = to("access/people", &item.name);
    let mut page = Page::new(Section::Access, path, item.title());
    page.kind = String::from("What a person may do");
    page.summary = format!(
        "What {} may do on {}, and every way by which they may.",
        item.title(),
        known.day
    );
    page.source = known.source(item.span);
    page.add(Part::Facts(vec![fact(
        "person",
        "Person",
        Cell::link(item.title(), to("people", &item.name)),
    )]));
    if item.value.has_left(known.day) {
        let text = "They have left: nothing that still names them gives them anything.";
        page.add(Part::Notice(Mood::Quiet, text.to_owned(), None));
    }
    let columns = vec![
        column("what", "What", ColumnKind::Text),
        column("kind", "Kind", ColumnKind::Text).choice(),
        column("may", "May", ColumnKind::Text).choice(),
        column("until", "Until", ColumnKind::Day),
        column("why", "Why, and where it is said", ColumnKind::List),
    ];
    let answers = answers.into_iter().map(|answer| {
        let thing = &answer.what;
        let first = vec![
            Cell::link(things::name(thing), things::page_of(thing)),
            Cell::text(things::kind(thing)),
        ];
        (first, answer)
    });
    let rows = rows(known, answers);
    let none = format!("{} may do nothing that the estate knows of.", item.title());
    page.add(table("access", "What they may do", columns, rows, none));
    withheld(&mut page);
    Some(page)
}

/// Everybody who may do something with a thing.
pub(super) fn of_thing(known: &Known, key: &str) -> Option<Page> {
    let (asked, checked) = (key.to_owned(), Arc::clone(&known.checked));
    let (thing, answers) = known.access.ask(move |matrix| {
        let thing = things::of_key(&asked, matrix, &checked.estate)?;
        let answers = matrix.who_may(&thing);
        Some((thing, answers))
    })??;
    // Whoever may do everything in an organisation may do it to whatever is called like a repository.
    let unsure = matches!(
        thing,
        Thing::Role(_) | Thing::DirectoryGroup(_) | Thing::Repository(_)
    );
    let estate = &known.checked.estate;
    if unsure && !known.access.names(&thing, estate) {
        return None;
    }
    let name = things::name(&thing);
    let mut page = Page::new(Section::Access, things::page_of(&thing), name);
    let hidden = (unsure || matches!(thing, Thing::Team(_))) && !known.access.shows(&thing, estate);
    page.audience = members_of(hidden);
    page.kind = String::from(things::kind(&thing));
    page.summary = format!(
        "Who may do what with it on {}, and every way by which they may.",
        known.day
    );
    let columns = vec![
        column("who", "Who", ColumnKind::Text),
        column("may", "May", ColumnKind::Text).choice(),
        column("until", "Until", ColumnKind::Day),
        column("why", "Why, and where it is said", ColumnKind::List),
    ];
    let answers = answers.into_iter();
    let rows = rows(
        known,
        answers.map(|answer| (vec![who(known, &answer.who)], answer)),
    );
    let none = "Nobody that the estate knows of.";
    page.add(table("access", "Who may do what", columns, rows, none));
    withheld(&mut page);
    Some(page)
}

/// Says that there may be more than is shown.
fn withheld(page: &mut Page) {
    page.say("Who is in secret teams and on closed lists, and what follows from it, is shown to those only who may see it.");
}

/// For each answer, with the cells it begins with, a row for what everybody may know of it, and one for the rest.
pub(super) fn rows(known: &Known, answers: impl Iterator<Item = (Vec<Cell>, Access)>) -> Vec<Row> {
    let parts = answers.flat_map(|(first, answer)| {
        let [open, secret] = known.access.secrets.split(answer);
        let open = open.map(|one| (first.clone(), one, Audience::Everybody));
        let secret = secret.map(|one| (first, one, members_of(true)));
        open.into_iter().chain(secret)
    });
    parts
        .map(|(mut cells, answer, audience)| {
            cells.extend([
                Cell::text(answer.level.word()),
                Cell::day(answer.until),
                why(&answer.why),
            ]);
            Row {
                cells,
                audience,
                ..Row::default()
            }
        })
        .collect()
}

/// Ways in words, with the places that say each step. Those of people name addresses where these are what a
/// file names.
fn why(ways: &[Path]) -> Cell {
    let ways: Vec<Link> = ways.iter().map(|way| Link::text(way.to_string())).collect();
    let named = ways.iter().any(|way| holds_address(&way.text));
    let cell = Cell::links(ways);
    if named {
        return cell.only(Audience::Private(Private::Contacts));
    }
    cell
}

/// Somebody who may do something. Addresses are for those who may see how people are reached.
pub(super) fn who(known: &Known, who: &Principal) -> Cell {
    match who {
        Principal::Person(name) => {
            let item = known.checked.estate.tables.people.get(name);
            let title = item.map_or(name.as_str(), |item| item.title());
            Cell::link(title, to("people", name))
        }
        Principal::Login(login) => Cell::text(format!("@{login}, whom the estate does not know")),
        Principal::Address(address) => {
            Cell::text(address.as_str()).only(Audience::Private(Private::Contacts))
        }
    }
}

/// A person under what people call them.
pub(in crate::portal) fn person(known: &Known, name: &str) -> Link {
    let item = known.checked.estate.tables.people.get(name);
    match item {
        Some(item) => Link::new(item.title(), to("people", &item.name)),
        None => link("people", name),
    }
}
