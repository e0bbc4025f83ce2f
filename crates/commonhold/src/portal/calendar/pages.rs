//! The calendar of the community and of each group.

use estate::kinds::EscalationStep;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use portal::model::{Cell, Column, ColumnKind, Link, Mood, Page, Part, Row, Section, Table};

use super::agenda::{DAYS, Held};
use super::deadlines;
use crate::portal::access::person;
use crate::portal::items;
use crate::portal::parts::{column, fact, row, table};
use crate::portal::shown::{Known, link, to};

/// More meetings than these are on one page for the first week only.
const MOST: usize = 400;
/// Days of a week.
const WEEK: i32 = 7;

pub(super) fn all(known: &Known) -> Page {
    let mut page = Page::new(Section::Calendar, "/calendar", "Calendar");
    page.summary = String::from(
        "When groups meet, when anybody may come and ask, and what ends. Meetings follow the clocks of their own zone.",
    );
    let file = Link::new("/calendar.ics", "/calendar.ics");
    page.add(Part::Facts(vec![fact(
        "calendar",
        "Subscribe in your own calendar",
        items::cell(file),
    )]));
    let held: Vec<&Held> = known.agenda.held.iter().collect();
    let last = if held.len() > MOST {
        WEEK
    } else {
        i32::try_from(DAYS).unwrap_or(WEEK)
    };
    weeks(known, &held, last, &mut page);
    if held.len() > MOST {
        let text = format!(
            "{} more are held in the {DAYS} days to come.",
            held.len() - within(known, &held, last)
        );
        let more = Link::new("All of them", "/events");
        page.add(Part::Notice(Mood::Plain, text, Some(more)));
    }
    page.heading("deadlines", "What ends");
    page.add(ends(known));
    on_call(known, &mut page);
    vague(known, None, &mut page);
    groups(known, &mut page);
    page
}

pub(super) fn of_group(known: &Known, name: &str) -> Option<Page> {
    let item = known.checked.estate.tables.groups.get(name)?;
    let mut page = Page::new(Section::Calendar, to("calendar", &item.name), item.title());
    page.kind = String::from("Calendar of a group");
    page.summary = format!("When {} meets in the next {DAYS} days.", item.title());
    page.source = known.source(item.span);
    let mut facts = vec![fact(
        "group",
        "Group",
        Cell::link(item.title(), to("groups", &item.name)),
    )];
    if known.agenda.has(&item.name) {
        let file = format!("{}.ics", to("calendar", &item.name));
        facts.push(fact(
            "calendar",
            "Subscribe in your own calendar",
            Cell::link(file.as_str(), file.as_str()),
        ));
    }
    page.add(Part::Facts(facts));
    let held: Vec<&Held> = known
        .agenda
        .held
        .iter()
        .filter(|one| one.group == item.name)
        .collect();
    weeks(known, &held, i32::try_from(DAYS).unwrap_or(WEEK), &mut page);
    vague(known, Some(&item.name), &mut page);
    Some(page)
}

/// On which day of those ahead it is held, in UTC.
fn day_of(one: &Held) -> Date {
    TimeZone::UTC.to_datetime(one.at).date()
}

fn ahead(known: &Known, one: &Held) -> i32 {
    (day_of(one) - known.day).get_days()
}

fn within(known: &Known, held: &[&Held], last: i32) -> usize {
    held.iter().filter(|one| ahead(known, one) < last).count()
}

/// A table a week, a row a meeting, by day.
fn weeks(known: &Known, held: &[&Held], last: i32, page: &mut Page) {
    page.heading("meetings", "Meetings and office hours");
    if within(known, held, last) == 0 {
        page.say(format!(
            "Nothing is held in the next {last} days of which it is known when."
        ));
        return;
    }
    // Where nothing says where, an empty column would not either.
    let placed = held.iter().any(|one| !one.url.is_empty());
    let columns = columns(placed);
    let mut from = 0;
    while from < last {
        let until = (from + WEEK).min(last);
        let of_week = held
            .iter()
            .filter(|one| (from..until).contains(&ahead(known, one)));
        let first = known.day.saturating_add(jiff::Span::new().days(from));
        let end = known.day.saturating_add(jiff::Span::new().days(until - 1));
        let rows: Vec<Row> = of_week.map(|one| meeting(known, one, placed)).collect();
        let days = [first.strftime("%A %-d %B"), end.strftime("%A %-d %B %Y")];
        page.add(Part::Table(Table {
            id: format!("week-{}", from / WEEK + 1).into(),
            caption: format!("{} to {}", days[0], days[1]),
            columns: columns.clone(),
            rows,
            none: format!("Nothing is held from {} to {}.", days[0], days[1]),
        }));
        from = until;
    }
}

fn columns(placed: bool) -> Vec<Column> {
    let mut columns = vec![
        column("day", "Day", ColumnKind::Text),
        column("when", "In UTC", ColumnKind::Instant),
        column("there", "In its own zone", ColumnKind::Text),
        column("what", "What", ColumnKind::Text),
        column("group", "Group", ColumnKind::Text),
    ];
    if placed {
        columns.push(column("where", "Where", ColumnKind::Text));
    }
    columns
}

fn meeting(known: &Known, one: &Held, placed: bool) -> Row {
    let unsure = if one.unsure {
        " (may be another week)"
    } else {
        ""
    };
    let mut cells = vec![
        Cell::text(day_of(one).strftime("%a %-d %b").to_string()),
        Cell::instant(Some(one.at)),
        Cell::text(one.there.as_str()),
        Cell::text(format!("{}{unsure}", one.what)),
        group(known, &one.group),
    ];
    if placed {
        cells.push(place(&one.url));
    }
    row(cells, None)
}

pub(super) fn group(known: &Known, name: &str) -> Cell {
    let item = known.checked.estate.tables.groups.get(name);
    item.map_or_else(
        || Cell::text(name),
        |item| Cell::link(name, to("groups", &item.name)),
    )
}

/// Where something is held: a link, where it is one.
pub(super) fn place(url: &str) -> Cell {
    match url.split_once("://") {
        Some((_, rest)) => Cell::link(rest.split('/').next().unwrap_or(rest), url),
        None => Cell::text(url),
    }
}

fn ends(known: &Known) -> Part {
    let rows = deadlines::all(known).into_iter().map(|one| {
        let cells = vec![
            items::cell(one.what),
            Cell::text(one.kind),
            Cell::day(Some(one.day)),
            Cell::instant(one.at),
        ];
        Row {
            audience: one.audience,
            ..row(cells, one.source)
        }
    });
    let columns = vec![
        column("what", "What", ColumnKind::Text),
        column("kind", "Kind", ColumnKind::Text).choice(),
        column("day", "Last day", ColumnKind::Day),
        column("when", "Moment", ColumnKind::Instant),
    ];
    let caption = format!("What ends or is due within {} days", deadlines::DAYS);
    table(
        "deadlines",
        caption,
        columns,
        rows.collect(),
        "Nothing that the estate knows of.",
    )
}

/// Who is called when a service fails.
fn on_call(known: &Known, page: &mut Page) {
    let services = known.checked.estate.tables.services.items();
    let rows: Vec<Row> = services
        .filter_map(|service| {
            let on_call = service.value.on_call.as_ref()?;
            let rota = on_call.rota.iter().map(|one| person(known, &one.name));
            let next = on_call
                .escalation
                .iter()
                .filter_map(|step| next(known, step));
            let cells = vec![
                Cell::link(service.title(), to("services", &service.name)),
                Cell::links(rota.collect()),
                Cell::text(
                    on_call
                        .hours
                        .clone()
                        .unwrap_or_else(|| "all the time".to_owned()),
                ),
                Cell::links(next.collect()),
            ];
            Some(row(cells, known.source(service.span)))
        })
        .collect();
    if rows.is_empty() {
        return;
    }
    page.heading("on-call", "Who is called when a service fails");
    page.say("These take turns. Whose turn it is this week the estate does not say: ask the group that owns the service.");
    let columns = vec![
        column("service", "Service", ColumnKind::Text),
        column("rota", "Who takes turns", ColumnKind::List),
        column("hours", "When", ColumnKind::Text),
        column("next", "Then", ColumnKind::List),
    ];
    page.add(table("on-call", "On call", columns, rows, ""));
}

/// Who is called next, and after how long.
fn next(known: &Known, step: &EscalationStep) -> Option<Link> {
    let mut to = if let Some(person) = &step.person {
        self::person(known, &person.name)
    } else if let Some(group) = &step.group {
        items::group(known, group)
    } else {
        items::service(known, step.service.as_ref()?)
    };
    to.text = format!("{} after {} min", to.text, step.after_minutes);
    Some(to)
}

fn vague(known: &Known, group: Option<&str>, page: &mut Page) {
    let of = |name: &str| group.is_none_or(|group| group == name);
    let rows: Vec<Row> = known
        .agenda
        .vague
        .iter()
        .filter(|one| of(&one.group))
        .map(|one| {
            let cells = vec![
                Cell::text(one.said.as_str()),
                self::group(known, &one.group),
            ];
            row(cells, known.source(one.span))
        })
        .collect();
    if rows.is_empty() {
        return;
    }
    let columns = vec![
        column("what", "Meeting, and what is unclear", ColumnKind::Text),
        column("group", "Group", ColumnKind::Text),
    ];
    let caption = "Meetings of which nobody can tell when they are held";
    let part = table("unclear", caption, columns, rows, "");
    page.add(Part::Folded(
        "Nobody can tell when these are held".to_owned(),
        vec![part],
    ));
}

/// The calendar of each group.
fn groups(known: &Known, page: &mut Page) {
    let links: Vec<Link> = known
        .agenda
        .groups()
        .map(|name| link("calendar", name))
        .collect();
    if links.is_empty() {
        return;
    }
    let one = fact("groups", "Groups", Cell::links(links));
    let title = "Calendars of single groups".to_owned();
    page.add(Part::Folded(title, vec![Part::Facts(vec![one])]));
}
