//! In which order what is left is moved, and with which bridges.

use estate::Item;
use estate::kinds::Migration;
use migration::Standing;
use migration::path::{Ask, Course, Path, Share, Unit, Wave, WhatIf};
use portal::model::{Cell, ColumnKind, Link, Mood, Page, Part, Picture, Section, Table, Value};

use super::lists::{self, MIGRATIONS};
use crate::commands::migration::waves::{drawing, of_migration};
use crate::portal::parts::{column, fact, row, table};
use crate::portal::shown::{Known, to};

/// How many working days a wave may take each owner, as the command has it where nothing is said.
const DAYS: u32 = 20;
/// More parts than these are no picture any more.
const DRAWN: usize = 60;
/// So many parts of a share are named.
const NAMED: usize = 6;

/// The plan; nothing where what the migration says makes none.
pub(super) fn page(known: &Known, item: &Item<Migration>, standing: &Standing) -> Option<Page> {
    let estate = &known.checked.estate;
    let subjects = known.checked.ci.subjects(estate);
    let left = of_migration(standing, item, estate, subjects.as_ref());
    let ask = Ask {
        start: known.day,
        days: DAYS,
        groups: None,
    };
    let nothing = WhatIf {
        without: Vec::new(),
        after: Vec::new(),
    };
    let course = Path::of(left, &ask).course(&nothing).ok()?;
    let path = format!("{}/waves", to(MIGRATIONS.id, &item.name));
    let title = format!("{}: the plan", item.title());
    let mut page = Page::new(Section::Migration, path, title);
    page.kind = String::from("Plan of waves");
    page.summary = format!(
        "In which order what is left could be moved from {} on: what hangs together moves side by side, what is in the \
         way is freed first, and what still reaches back to the old place gets a bridge for that long.",
        known.day
    );
    page.source = known.source(item.span);
    told(known, &course, &mut page);
    Some(page)
}

fn told(known: &Known, course: &Course, page: &mut Page) {
    let number = |number: f64| Cell::text(format!("{number:.1}"));
    let name = course.migration.as_deref().unwrap_or_default();
    let back = Cell::link(course.title.as_str(), to(MIGRATIONS.id, name));
    page.add(Part::Facts(vec![
        fact("migration", "Migration", back),
        fact("left", "Things that move", Cell::count(course.counts.left)),
        fact("waves", "Waves", Cell::count(course.waves.len())),
        fact("ends", "Over on", Cell::day(course.ends)),
        fact("due", "Due", Cell::day(course.due)),
        fact(
            "effort",
            "Work, in days of one person",
            number(course.effort),
        ),
        fact(
            "bridging",
            "Keeping bridges, in days of one person",
            number(course.bridging),
        ),
        fact(
            "wave_days",
            "Working days of a wave, at most",
            Cell::count(course.days as usize),
        ),
    ]));
    for late in &course.late {
        let text = format!(
            "{} is due on {} and would end on {}.",
            late.what, late.due, late.ends
        );
        page.add(Part::Notice(Mood::Warn, text, None));
    }
    for note in &course.notes {
        page.say(sentence(note));
    }
    if course.waves.is_empty() {
        page.say("Nothing is left that could move.");
        return;
    }
    page.heading("waves", "Wave by wave");
    if course.parts.len() <= DRAWN {
        page.add(Part::Picture(Box::new(Picture {
            svg: drawing::of(course).drawing(),
            caption: "What moves in which wave, and what refers to what; a broken line needs a bridge for a time".to_owned(),
            figures: parts(known, course),
        })));
    } else {
        let figures = Part::Table(parts(known, course));
        page.add(Part::Folded(
            "All parts with their waves".to_owned(),
            vec![figures],
        ));
    }
    for wave in &course.waves {
        one(known, wave, page);
    }
    if !course.unlock.is_empty() {
        page.heading("unlock", "What to free, in this order");
        let rows = course.unlock.iter().map(|lock| {
            let cells = vec![
                Cell::text(lock.name.as_str()),
                lists::owner(known, lock.owner.as_deref().unwrap_or_default()),
                Cell::count(lock.holds),
                Cell::count(lock.frees),
            ];
            row(cells, None)
        });
        let columns = vec![
            column("lock", "What", ColumnKind::Text),
            column("owner", "Who frees it", ColumnKind::Text),
            column("holds", "Holds", ColumnKind::Number),
            column("frees", "Lets go", ColumnKind::Number),
        ];
        page.add(table(
            "unlock",
            "What holds things",
            columns,
            rows.collect(),
            "",
        ));
    }
}

fn one(known: &Known, wave: &Wave, page: &mut Page) {
    let rows = wave.work.iter().map(|share: &Share| {
        let who = share.owner.as_deref();
        let mut named: Vec<Link> = share
            .parts
            .iter()
            .take(NAMED)
            .map(|part| Link::text(part.as_str()))
            .collect();
        if share.parts.len() > NAMED {
            named.push(Link::text(format!(
                "and {} more",
                share.parts.len() - NAMED
            )));
        }
        let cells = vec![
            who.map_or_else(
                || Cell::state(Mood::Warn, "nobody"),
                |who| lists::owner(known, who),
            ),
            Cell::text(format!("{:.1}", share.effort)),
            Cell::text(format!("{:.1}", share.capacity)),
            Cell::new(Value::Links(named)),
        ];
        row(cells, None)
    });
    let columns = vec![
        column("owner", "Who", ColumnKind::Text),
        column("effort", "Days it takes", ColumnKind::Text),
        column("capacity", "Days they have", ColumnKind::Text),
        column("parts", "What", ColumnKind::List),
    ];
    let caption = format!("Wave {}: {} to {}", wave.number, wave.first, wave.last);
    let of_wave = Table {
        id: format!("wave-{}", wave.number).into(),
        caption,
        columns,
        rows: rows.collect(),
        none: "Nobody has anything to do in it.".to_owned(),
    };
    page.add(Part::Table(of_wave));
    if !wave.bridges.is_empty() {
        let bridges = wave
            .bridges
            .iter()
            .map(|bridge| Part::Text(bridge.says.clone()));
        let stands = base::counted(wave.bridges.len(), "bridge stands", "bridges stand");
        page.add(Part::Folded(
            format!("{stands} meanwhile"),
            bridges.collect(),
        ));
    }
}

/// Every part, with its wave.
fn parts(known: &Known, course: &Course) -> Table {
    let rows = course.parts.iter().map(|part: &Unit| {
        let cells = vec![
            Cell::text(part.id.as_str()),
            lists::owner(known, part.owner.as_deref().unwrap_or_default()),
            part.wave.map_or_else(|| Cell::text("stays"), Cell::count),
            Cell::count(part.things.len()),
            Cell::text(part.waits_for.join(", ")),
        ];
        row(cells, None)
    });
    Table {
        id: "parts".into(),
        caption: "Parts with their waves".to_owned(),
        columns: vec![
            column("part", "What", ColumnKind::Text),
            column("owner", "Who", ColumnKind::Text),
            column("wave", "Wave", ColumnKind::Text),
            column("things", "Things", ColumnKind::Number),
            column("waits_for", "Waits for", ColumnKind::Text),
        ],
        rows: rows.collect(),
        none: String::new(),
    }
}

/// A note as a sentence of its own.
fn sentence(note: &str) -> String {
    let mut letters = note.chars();
    let first = letters.next().map(char::to_uppercase).into_iter().flatten();
    let text: String = first.chain(letters).collect();
    let end = if text.ends_with('.') { "" } else { "." };
    format!("{text}{end}")
}
