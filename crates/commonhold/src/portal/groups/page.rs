//! The page of a group.

mod facts;
mod led;
mod owns;

use std::collections::BTreeMap;

use estate::kinds::{Group, Meeting, Standing};
use estate::{Item, KindId};
use portal::Audience;
use portal::model::{Card, Cell, Column, ColumnKind, Mood, Page, Part, Row, Section};

use super::{owned, promises, shown_to_all};
use crate::portal::shown::{Known, to};
use crate::portal::spend::costs;
use crate::portal::{findings, items, related};

pub(super) fn of(known: &Known, group: &Item<Group>) -> Page {
    let value = &group.value;
    let path = to("groups", &group.name);
    let mut page = Page::new(Section::Groups, path, group.title());
    page.kind = value
        .kind
        .as_ref()
        .map_or_else(|| "Group".to_owned(), |kind| sort(kind));
    page.summary = value.mission.clone().unwrap_or_default();
    page.source = known.source(group.span);
    let owned = owned(known, group);
    page.state = Some(match value.standing {
        Standing::Retired => (Mood::Quiet, "retired".to_owned()),
        Standing::Active => findings::standing(known.index.wrong_with(KindId::Group, &group.name)),
    });
    let counted = shown_to_all(known, owned.clone());
    page.add(Part::Cards(cards(known, group, &counted)));
    page.add(facts::facts(known, group));
    led::led(known, group, &mut page);
    led::members(known, group, &mut page);
    owns::answers(known, group, &owned, &mut page);
    owns::parts(known, value, &mut page);
    costs::of_group(known, &group.name, &mut page);
    meets(known, value, &mut page);
    if let Some(promises) = promises(known, value) {
        page.heading("promises", "What it promises whoever asks");
        page.add(promises);
    }
    promised(known, value, &mut page);
    policies(known, value, &mut page);
    related::add(known, &group.subject(), group.span, &mut page);
    wrong(known, group, &mut page);
    page
}

/// What sort of body, as a title: `SIG`, `Committee`.
fn sort(kind: &str) -> String {
    if kind.len() <= 3 {
        return kind.to_uppercase();
    }
    let mut letters = kind.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string());
    first.unwrap_or_default() + &letters.as_str().replace('-', " ")
}

fn cards(known: &Known, group: &Item<Group>, owned: &[(KindId, &str)]) -> Vec<Card> {
    let of_kind = |kind| owned.iter().filter(|(other, _)| *other == kind).count();
    let card = |label: &str, figure: usize, note: &str, to: Option<String>| Card {
        label: label.to_owned(),
        figure: figure.to_string(),
        note: note.to_owned(),
        mood: Mood::Plain,
        to: to.filter(|_| figure > 0),
        audience: Audience::Everybody,
    };
    let name = &group.name;
    let wrong = known.index.book.concerning(name);
    let wrong = wrong
        .iter()
        .filter(|&&at| known.index.book.is_public(at))
        .count();
    vec![
        card(
            "Services",
            of_kind(KindId::Service),
            "it answers for",
            Some("#services".to_owned()),
        ),
        card(
            "Jobs",
            known.index.jobs_of(name),
            "belong to it",
            Some(format!("/jobs?owner={name}")),
        ),
        card(
            "Zones",
            of_kind(KindId::Zone),
            "of the name service",
            Some("#owns".to_owned()),
        ),
        card(
            "Teams",
            of_kind(KindId::Team),
            "it answers for",
            Some("#owns".to_owned()),
        ),
        card(
            "Findings",
            wrong,
            "about it and what it owns",
            Some(format!("/findings?owner={name}")),
        ),
    ]
}

const MEETINGS: &[Column] = &[
    Column::new("what", "Meeting", ColumnKind::Text, "What it is about."),
    Column::new(
        "when",
        "When",
        ColumnKind::Text,
        "When it is held, as it is written.",
    ),
    Column::new("url", "Where", ColumnKind::Text, "Where it is held."),
    Column::new("notes", "Notes", ColumnKind::Text, "Where its notes are."),
];

fn meets(known: &Known, group: &Group, page: &mut Page) {
    let own = group.meetings.iter().map(|meeting| (None, meeting));
    let parts = group.subprojects.iter().flat_map(|part| {
        part.meetings
            .iter()
            .map(move |meeting| (Some(part.name.value.as_str()), meeting))
    });
    let row = |(part, meeting): (Option<&str>, &Meeting)| {
        let when = format!(
            "{} on {} at {} ({})",
            meeting.frequency.value, meeting.day.value, meeting.time.value, meeting.time_zone.value
        );
        let about = match part {
            Some(part) => format!("{part}: {}", meeting.description.value),
            None => meeting.description.value.clone(),
        };
        let to = |url: &Option<String>, word: &str| {
            url.as_deref()
                .map_or(Cell::none(), |url| Cell::link(word, url))
        };
        let cells = vec![
            Cell::text(about),
            Cell::text(when),
            to(&meeting.url, "join"),
            to(&meeting.notes, "notes"),
        ];
        items::row(known, Some(meeting.description.span), cells)
    };
    let rows: Vec<Row> = own.chain(parts).map(row).collect();
    if rows.is_empty() && group.office_hours.is_empty() {
        return;
    }
    page.heading("meetings", "When it meets");
    page.add(Part::Table(items::table(
        "meetings",
        "Regular meetings",
        MEETINGS,
        rows,
        "It has no regular meeting.",
    )));
    for hours in &group.office_hours {
        let days: Vec<&str> = hours.days.iter().map(|day| day.word()).collect();
        let start = hours.start.value.0.strftime("%H:%M");
        page.say(format!(
            "Anybody may come and ask on {} from {start} for {} minutes ({}).",
            days.join(", "),
            hours.minutes,
            hours.time_zone
        ));
    }
}

const COMMITMENTS: &[Column] = &[
    Column::new("employer", "Employer", ColumnKind::Text, "The employer."),
    Column::new(
        "people",
        "People",
        ColumnKind::Number,
        "How many people it promised.",
    ),
    Column::new(
        "until",
        "Until",
        ColumnKind::Day,
        "The last day of the promise.",
    ),
    Column::new(
        "source",
        "Said at",
        ColumnKind::Text,
        "Where that was said.",
    ),
];

fn promised(known: &Known, group: &Group, page: &mut Page) {
    if group.commitments.is_empty() {
        return;
    }
    let rows = group.commitments.iter().map(|one| {
        let people = usize::try_from(one.people).unwrap_or(usize::MAX);
        let cells = vec![
            Cell::text(one.employer.value.clone()),
            Cell::count(people),
            Cell::day(Some(one.until.value)),
            one.source.as_deref().map_or(Cell::none(), items::address),
        ];
        items::row(known, Some(one.employer.span), cells)
    });
    page.heading("commitments", "People that employers promised");
    page.add(Part::Table(items::table(
        "commitments",
        "Commitments",
        COMMITMENTS,
        rows.collect(),
        "",
    )));
}

const POLICIES: &[Column] = &[
    Column::new("policy", "Policy", ColumnKind::Text, "What people call it."),
    Column::new(
        "review",
        "Looked at again by",
        ColumnKind::Day,
        "The day by which the group looks at it again.",
    ),
];

fn policies(known: &Known, group: &Group, page: &mut Page) {
    if group.policies.is_empty() {
        return;
    }
    let rows = group.policies.iter().map(|one| {
        let cells = vec![
            Cell::link(one.title.value.clone(), one.url.clone()),
            Cell::day(Some(one.review.value)),
        ];
        items::row(known, Some(one.title.span), cells)
    });
    page.heading("policies", "Policies it answers for");
    page.add(Part::Table(items::table(
        "policies",
        "Policies",
        POLICIES,
        rows.collect(),
        "",
    )));
}

/// Rules whose findings are told one by one; of others only how many there are.
const TOLD: usize = 30;

/// What is wrong with it, and with what it owns.
fn wrong(known: &Known, group: &Item<Group>, page: &mut Page) {
    page.heading("findings", "Findings");
    page.add(findings::about(known, &group.subject()));
    let book = &known.index.book;
    let own = group.subject();
    let mut places: Vec<usize> = book.concerning(&group.name).to_vec();
    places.retain(|&at| known.checked.findings[at].subject.as_deref() != Some(&own));
    if places.is_empty() {
        return;
    }
    if places.len() > TOLD {
        let mut rules: BTreeMap<&str, usize> = BTreeMap::new();
        for &at in places.iter().filter(|&&at| book.is_public(at)) {
            *rules.entry(known.checked.findings[at].id()).or_default() += 1;
        }
        let rows = rules.into_iter().map(|(rule, count)| {
            let to = format!("/findings?owner={}&rule={rule}", group.name);
            items::row(known, None, vec![Cell::link(rule, to), Cell::count(count)])
        });
        let table = items::table(
            "of-what-it-owns",
            "About what it owns, by rule",
            BY_RULE,
            rows.collect(),
            "",
        );
        page.add(Part::Table(table));
        return;
    }
    let table = findings::brief(known, "of-what-it-owns", "About what it owns", &places, "");
    page.add(Part::Table(table));
}

const BY_RULE: &[Column] = &[
    Column::new("rule", "Rule", ColumnKind::Text, "The rule that is broken."),
    Column::new("findings", "Findings", ColumnKind::Number, "How often."),
];
