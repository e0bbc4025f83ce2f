//! When things are.

mod agenda;
mod deadlines;
mod pages;

use portal::Found;
use portal::model::{Cell, Collection, Column, ColumnKind, Listing, Row, Section};

pub(crate) use agenda::Agenda;

use self::agenda::Held;
use self::deadlines::Deadline;
use super::shown::{Known, to};

/// The type of a calendar.
const CALENDAR: &str = "text/calendar; charset=utf-8";

static EVENTS: Collection = Collection {
    id: "events",
    title: "Events",
    one: "event",
    about: "Meetings and office hours of the next four weeks, and what ends within three months.",
    section: Section::Calendar,
    columns: &[
        Column::new(
            "what",
            "What",
            ColumnKind::Text,
            "What is held, ends, or is due.",
        ),
        Column::new(
            "kind",
            "Kind",
            ColumnKind::Text,
            "Whether it is a meeting, office hours, or what kind of end it is.",
        )
        .choice(),
        Column::new(
            "day",
            "Day",
            ColumnKind::Day,
            "The day in UTC; of what ends, the last day.",
        ),
        Column::new(
            "when",
            "When",
            ColumnKind::Instant,
            "When it begins, or the moment at which it ends.",
        ),
        Column::new(
            "there",
            "In its own zone",
            ColumnKind::Text,
            "What the clocks show where it is held.",
        ),
        Column::new(
            "group",
            "Group",
            ColumnKind::Text,
            "The group that holds it.",
        )
        .choice(),
        Column::new("where", "Where", ColumnKind::Text, "Where it is held."),
    ],
    feed: None,
    has_pages: false,
    sort: "day",
};

pub(super) fn listings(known: &Known) -> Vec<Listing> {
    let held = known.agenda.held.iter().map(|one| held(known, one));
    let ends = deadlines::all(known).into_iter().enumerate();
    let mut rows: Vec<Row> = held
        .chain(ends.map(|(at, one)| ends_row(at, one)))
        .collect();
    rows.sort_by(|one, other| one.key.cmp(&other.key));
    vec![Listing::new(&EVENTS, rows)]
}

fn held(known: &Known, one: &Held) -> Row {
    let unsure = if one.unsure {
        " (may be another week)"
    } else {
        ""
    };
    let day = jiff::tz::TimeZone::UTC.to_datetime(one.at).date();
    Row {
        key: one.key.clone(),
        cells: vec![
            Cell::link(format!("{}{unsure}", one.what), to("calendar", &one.group)),
            Cell::text(if one.office_hours {
                "office hours"
            } else {
                "meeting"
            }),
            Cell::day(Some(day)),
            Cell::instant(Some(one.at)),
            Cell::text(one.there.as_str()),
            pages::group(known, &one.group),
            pages::place(&one.url),
        ],
        ..Row::default()
    }
}

fn ends_row(at: usize, one: Deadline) -> Row {
    let what = Cell {
        to: one.what.to.clone(),
        ..Cell::text(one.what.text.as_str())
    };
    Row {
        // Two may be alike in all that is said of them.
        key: format!("end/{}/{}/{}/{at}", one.day, one.kind, one.what.text),
        cells: vec![
            what,
            Cell::text(one.kind),
            Cell::day(Some(one.day)),
            Cell::instant(one.at),
            Cell::none(),
            Cell::none(),
            Cell::none(),
        ],
        source: one.source,
        audience: one.audience,
    }
}

pub(super) fn page(known: &Known, rest: &str) -> Found {
    let page = match rest {
        "" => {
            let made = known.agenda.page.get_or_init(|| pages::all(known));
            Some(made.clone())
        }
        name => pages::of_group(known, name),
    };
    page.map_or(Found::Nothing, |page| Found::Page(Box::new(page)))
}

/// The pages of groups.
pub(super) fn paths(known: &Known) -> Vec<String> {
    let groups = known.agenda.groups();
    groups.map(|name| to("calendar", name)).collect()
}

/// `/calendar.ics` and `/calendar/GROUP.ics`.
pub(super) fn file(known: &Known, path: &str) -> Option<(&'static str, String)> {
    let path = path.trim_start_matches('/').strip_suffix(".ics")?;
    let group = match path.strip_prefix("calendar")? {
        "" => None,
        rest => Some(rest.strip_prefix('/')?),
    };
    Some((CALENDAR, known.agenda.file(group)?))
}
