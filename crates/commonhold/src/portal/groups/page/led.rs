//! Who leads a group, for whom they work, and who else belongs to it.

use chart::{About, ranking};
use estate::Item;
use estate::kinds::Group;
use portal::model::{Cell, Column, ColumnKind, Mood, Page, Part, Row};

use super::super::leads;
use crate::portal::items;
use crate::portal::people::{self, Role, When};
use crate::portal::services::Staff;
use crate::portal::shown::Known;

/// Members in an open list; longer ones are folded away.
const OPEN: usize = 12;

const LEADS: &[Column] = &[
    Column::new("person", "Person", ColumnKind::Text, "Who leads."),
    Column::new("role", "Role", ColumnKind::Text, "In which role."),
    Column::new(
        "employer",
        "Employer",
        ColumnKind::Text,
        "Who pays for the work.",
    ),
    Column::new("since", "Since", ColumnKind::Day, "The first day."),
    Column::new(
        "until",
        "Until",
        ColumnKind::Day,
        "The last day, as it is written or follows from the length of a term.",
    ),
    Column::new(
        "state",
        "State",
        ColumnKind::State,
        "Whether the role is held now.",
    ),
];

pub(super) fn led(known: &Known, group: &Item<Group>, page: &mut Page) {
    page.heading("leads", "Who leads it");
    let (now, others): (Vec<Row>, Vec<Row>) = {
        let estate = &known.checked.estate;
        let mut rows = (Vec::new(), Vec::new());
        for lead in &group.value.leads {
            let found = estate.find(&lead.person);
            let roles = found.map_or(&[][..], |person| known.index.roles_of(&person.name));
            let role = roles.iter().find(|role| role.span == lead.person.span);
            let employer =
                found.and_then(|person| people::employer(known, &person.value, known.day));
            let (mood, word, held) = state(known, role);
            let cells = vec![
                items::full_name(known, &lead.person),
                Cell::text(lead.role.value.replace('-', " ")),
                Cell::text(employer.unwrap_or_default()),
                Cell::day(lead.since),
                Cell::day(role.map_or(lead.until, |role| role.until)),
                Cell::state(mood, word),
            ];
            let row = items::row(known, Some(lead.person.span), cells);
            if held {
                rows.0.push(row);
            } else {
                rows.1.push(row);
            }
        }
        rows
    };
    let none = "Nobody leads it.";
    page.add(Part::Table(items::table(
        "leads", "Leads", LEADS, now, none,
    )));
    if let Some(chart) = representation(&leads(known, group), group) {
        page.add(chart);
    }
    if !others.is_empty() {
        let table = items::table("earlier-leads", "Earlier leads", LEADS, others, none);
        page.add(Part::Folded(
            "Earlier leads and emeriti".to_owned(),
            vec![Part::Table(table)],
        ));
    }
}

fn state(known: &Known, role: Option<&Role>) -> (Mood, &'static str, bool) {
    let Some(role) = role else {
        return (Mood::Warn, "nobody knows them", true);
    };
    let over = role.until.is_some_and(|until| until < known.day);
    match role.when {
        When::Now if over && role.seat => (Mood::Warn, "term is over", true),
        When::Now => (Mood::Good, "held", true),
        When::Ahead => (Mood::Waiting, "to come", true),
        When::Past => (Mood::Quiet, "over", false),
        When::Honour => (Mood::Quiet, "emeritus", false),
    }
}

/// For whom the leads work, as bars; nothing where there are too few to compare.
fn representation(staff: &Staff<'_>, group: &Item<Group>) -> Option<Part> {
    let all = staff.people.len();
    if all < 2 {
        return None;
    }
    let mut shares: Vec<(&str, usize)> = Vec::new();
    for (name, count) in &staff.employers {
        shares.push((name, *count));
    }
    let unknown = all - staff.employers.values().sum::<usize>();
    if unknown > 0 {
        shares.push(("not known", unknown));
    }
    shares.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
    let largest = staff.largest().map(|(name, _)| name);
    let items: Vec<chart::Item> = shares
        .iter()
        .map(|(name, count)| chart::Item {
            name: (*name).to_owned(),
            value: chart::Value::new(figure(*count), format!("{count} of {all}")),
            marked: largest == Some(name) && count * 2 > all,
        })
        .collect();
    let title = format!("Leads of {} by employer", group.name);
    let about = About {
        id: "employers",
        title: &title,
        desc: "How many of those who lead the group work for each employer.",
        heading: "Employer",
        axis: &|number| format!("{number:.0}"),
    };
    let chart = ranking(&about, &items, Some(figure(all)));
    Some(Part::Chart(Box::new(chart)))
}

/// A count as a length.
fn figure(count: usize) -> f64 {
    u32::try_from(count).map_or(f64::from(u32::MAX), f64::from)
}

const MEMBERS: &[Column] = &[
    Column::new("person", "Person", ColumnKind::Text, "Who belongs to it."),
    Column::new(
        "employer",
        "Employer",
        ColumnKind::Text,
        "Who pays for the work.",
    ),
];

pub(super) fn members(known: &Known, group: &Item<Group>, page: &mut Page) {
    if group.value.members.is_empty() {
        return;
    }
    let rows = group.value.members.iter().map(|one| {
        let found = known.checked.estate.find(one);
        let employer = found.and_then(|person| people::employer(known, &person.value, known.day));
        let cells = vec![
            items::full_name(known, one),
            Cell::text(employer.unwrap_or_default()),
        ];
        items::row(known, Some(one.span), cells)
    });
    let rows: Vec<Row> = rows.collect();
    let many = portal::model::counted(rows.len(), "member", "members");
    let open = rows.len() <= OPEN;
    let table = Part::Table(items::table("members", "Members", MEMBERS, rows, ""));
    page.heading("members", "Who else belongs to it");
    page.add(if open {
        table
    } else {
        Part::Folded(many, vec![table])
    });
}
