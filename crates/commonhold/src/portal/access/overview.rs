//! The first page of access: what holds it, what ends soon, who may do most.

use access::model::Level;
use base::Severity;
use portal::model::{Cell, ColumnKind, Link, Mood, Page, Part, Row, Section};

use super::grants::{self, Given, SOON_DAYS};
use super::secrets::is_secret;
use super::{lists, things, ways};
use crate::portal::beside::see_lists;
use crate::portal::items;
use crate::portal::parts::{card, column, counted, row, table};
use crate::portal::shown::Known;

/// So many of those who may do most are shown.
const MOST: usize = 12;
/// What ends within so many days stands in the list.
const ENDS_DAYS: i32 = 90;

pub(super) fn page(known: &Known) -> Page {
    let mut page = Page::new(Section::Access, "/access", "Access");
    page.summary = String::from(
        "Who may do what, resolved over all systems for one day, and why. Ask from either end: a person's \
                    page lists what they may do, the page of a repository, a list or a service who may do something with it.",
    );
    cards(known, &mut page);
    let lists = [
        ("Employers", "employers"),
        ("People", "people"),
        ("Findings", "findings"),
    ];
    page.parts.extend(see_lists(&lists));
    systems(known, &mut page);
    organisations(known, &mut page);
    endings(known, &mut page);
    most(known, &mut page);
    page
}

fn cards(known: &Known, page: &mut Page) {
    let tables = &known.checked.estate.tables;
    let given = grants::all(known);
    let soon = given
        .iter()
        .filter(|one| ends_within(known, one, SOON_DAYS));
    let soon = soon.filter(|one| one.for_everybody()).count();
    // A secret team is not even counted.
    let told = || given.iter().filter(|one| one.for_everybody());
    let unexplained = told().filter(|one| one.reason.is_none()).count();
    let teams = || {
        let teams = tables.teams.items();
        teams.filter(|team| !is_secret(&team.value))
    };
    let owned = teams().filter(|team| team.value.owner.is_some());
    let findings = known
        .checked
        .findings
        .iter()
        .enumerate()
        .filter(|(at, finding)| {
            let subject = finding.subject.as_deref().unwrap_or_default();
            let about = ["team/", "mailing-group/", "organisation/", "access-system/"];
            known.index.book.is_public(*at)
                && finding.severity >= Severity::Warning
                && about.iter().any(|kind| subject.starts_with(kind))
        });
    let findings = findings.count();
    page.add(Part::Cards(vec![
        card(
            "Teams",
            teams().count(),
            format!("{} of them have an owner", owned.count()),
            Mood::Plain,
            Some("/teams"),
        ),
        card(
            "Mailing groups",
            tables.mailing_groups.len(),
            "",
            Mood::Plain,
            Some("/mailing-groups"),
        ),
        card(
            "Permissions",
            told().count(),
            format!("{unexplained} give no reason"),
            Mood::Plain,
            Some("/grants"),
        ),
        card(
            "End soon",
            soon,
            format!("within {SOON_DAYS} days"),
            if soon == 0 { Mood::Good } else { Mood::Waiting },
            Some("/access#ends"),
        ),
        card(
            "Findings about access",
            findings,
            "",
            if findings == 0 {
                Mood::Good
            } else {
                Mood::Warn
            },
            None,
        ),
    ]));
}

fn systems(known: &Known, page: &mut Page) {
    page.heading("systems", "Systems that hold access");
    let items = known.checked.estate.tables.access_systems.items();
    let rows: Vec<Row> = items
        .map(|item| {
            let system = &item.value;
            let domains = system
                .mail_domains
                .iter()
                .map(|domain| domain.value.clone());
            let organisations = system.organisations.iter().map(|one| one.name.clone());
            let mut holds: Vec<String> = organisations.chain(domains).collect();
            holds.extend(system.base.iter().map(|base| base.value.clone()));
            let cells = vec![
                Cell::text(item.title()),
                Cell::text(system.kind.to_string()),
                Cell::text(holds.join(", ")),
                lists::owner(known, system.owner.as_ref()),
            ];
            row(cells, known.source(item.span))
        })
        .collect();
    let columns = vec![
        column("system", "System", ColumnKind::Text),
        column("kind", "Kind", ColumnKind::Text).choice(),
        column("holds", "Holds", ColumnKind::Text),
        column("owner", "Owner", ColumnKind::Text),
    ];
    let none = "The estate names no system that it brings access to: what it says is checked, and nobody is told.";
    page.add(table(
        "systems",
        "Systems that are brought to what the estate says",
        columns,
        rows,
        none,
    ));
}

fn organisations(known: &Known, page: &mut Page) {
    let items = known.checked.estate.tables.organisations.items();
    let rows: Vec<Row> = items
        .map(|item| {
            let thing = access::model::Thing::Organisation(item.name.clone());
            let cells = vec![
                Cell::link(item.title(), things::page_of(&thing)),
                Cell::count(item.value.admins.len()),
                Cell::count(item.value.members.len()),
                Cell::count(item.value.repositories.entries.len()),
            ];
            row(cells, known.source(item.span))
        })
        .collect();
    if rows.is_empty() {
        return;
    }
    let columns = vec![
        column("organisation", "Organisation", ColumnKind::Text),
        column("admins", "May do everything", ColumnKind::Number),
        column("members", "Other members", ColumnKind::Number),
        column("repositories", "Repositories declared", ColumnKind::Number),
    ];
    page.add(table(
        "organisations",
        "Organisations at forges",
        columns,
        rows,
        "",
    ));
}

fn ends_within(known: &Known, given: &Given, days: i32) -> bool {
    let left = given.until.map(|until| (until - known.day).get_days());
    left.is_some_and(|left| (0..=days).contains(&left))
}

/// What ends in the time to come, what ends first before the rest.
fn endings(known: &Known, page: &mut Page) {
    page.heading("ends", "What ends soon");
    let mut ending = grants::all(known);
    ending.retain(|one| ends_within(known, one, ENDS_DAYS));
    ending.sort_by_key(|one| one.until);
    let rows = ending.into_iter().map(|one| {
        let audience = one.audience.clone();
        let source = known.source(one.span);
        let cells = vec![
            items::cell(one.who),
            Cell::text(one.may),
            Cell::link(things::words(&one.what), things::page_of(&one.what)),
            Cell::day(one.until),
            Cell::text(one.reason.unwrap_or_default()),
        ];
        Row {
            audience,
            ..row(cells, source)
        }
    });
    let rows = rows.collect();
    let columns = vec![
        column("who", "Who", ColumnKind::Text),
        column("may", "May", ColumnKind::Text),
        column("what", "What", ColumnKind::Text),
        column("until", "Last day", ColumnKind::Day),
        column("reason", "Why it was given", ColumnKind::Text),
    ];
    let none = format!("Nothing ends within {ENDS_DAYS} days.");
    page.add(table(
        "ends",
        format!("What ends within {ENDS_DAYS} days"),
        columns,
        rows,
        none,
    ));
}

/// Those who may configure most repositories.
fn most(known: &Known, page: &mut Page) {
    page.heading("most", "Who may do most");
    let found = known.access.ask(|matrix| {
        matrix.repositories_of_people(Level::Maintain, |team| !is_secret(&team.value))
    });
    let mut people: Vec<(String, usize)> = found.unwrap_or_default().into_iter().collect();
    people.sort_by(|one, other| other.1.cmp(&one.1).then_with(|| one.0.cmp(&other.0)));
    let all = people.len();
    people.truncate(MOST);
    if people.is_empty() {
        page.say("Nobody may configure a repository by a team or as a collaborator.");
        return;
    }
    page.say(format!(
        "{} may configure at least one repository by a team or as a collaborator. Those who may do everything in an \
         organisation may do it to all of its repositories besides; what secret teams give is not counted here.",
        counted(all, "person", "people")
    ));
    let rows = people.iter().map(|(name, count)| {
        let who: Link = ways::person(known, name);
        let why = Cell::link(
            "what and why",
            crate::portal::shown::to("access/people", name),
        );
        row(vec![items::cell(who), Cell::count(*count), why], None)
    });
    let rows = rows.collect();
    let columns = vec![
        column("person", "Person", ColumnKind::Text),
        column("repositories", "Repositories", ColumnKind::Number),
        column("access", "All they may do", ColumnKind::Text),
    ];
    page.add(table(
        "most",
        "Who may configure most repositories",
        columns,
        rows,
        "",
    ));
}
