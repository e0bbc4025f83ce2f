//! What is on fire, what waits for you, what changed, and where everything is.

mod ends;
mod meetings;
mod yours;

use base::Severity;
use estate::kinds::{Criticality, Privacy, Service, Standing, Team};
use estate::{Item, KindId};
use jiff::{Timestamp, ToSpan};
use portal::model::{Card, Cell, Column, ColumnKind, Link, Mood, Page, Part, Row, Section, Value};
use portal::{AsOf, Audience, Found, Private, Reader, Stamp};

pub(super) use ends::{End, ends};
pub(super) use meetings::next_of as next_meeting;

use super::affairs::commit;
use super::shown::{Known, to};
use super::{findings, items, services};

/// Broken rules in the list of what is on fire.
const RULES: usize = 8;
/// Days that are looked ahead for what runs out.
const AHEAD: i64 = 120;
/// Rows of lists that go on elsewhere.
const ROWS: usize = 8;
/// What happened, at most.
const ENTRIES: usize = 12;

pub(super) fn page(known: &Known, stamp: &Stamp, reader: &Reader, now: &AsOf) -> Found {
    let now = now.instant();
    let mut page = Page::new(Section::Home, "/", stamp.community.clone());
    page.summary.clone_from(&stamp.description);
    page.state = Some(overall(known));
    let counted = || (what_there_is(known), wrong(known));
    let (there_is, wrong) = known.index.figures.get_or_init(counted);
    page.add(Part::Cards(there_is.clone()));
    yours::waiting(known, reader, now, &mut page);
    on_fire(known, wrong, &mut page);
    changed(known, now, &mut page);
    coming(known, now, &mut page);
    if !stamp.only_shows {
        ask(&mut page);
    }
    Found::Page(Box::new(page))
}

/// The way to the front desk.
fn ask(page: &mut Page) {
    page.heading("ask", "Ask for something");
    let text = "See what can be asked for here, and who looks at it:";
    page.add(Part::Notice(
        Mood::Plain,
        text.to_owned(),
        Some(Link::new("the front desk", "/desk")),
    ));
}

/// How everything stands, beside the title.
fn overall(known: &Known) -> (Mood, String) {
    let (errors, warnings) = severities(known);
    findings::standing((errors, warnings))
}

/// How many errors and warnings everybody may see.
fn severities(known: &Known) -> (usize, usize) {
    let book = &known.index.book;
    let public = known.checked.findings.iter().enumerate();
    let public = public.filter(|(at, _)| book.is_public(*at));
    public.fold((0, 0), |(errors, warnings), (_, finding)| {
        match finding.severity {
            Severity::Error => (errors + 1, warnings),
            Severity::Warning => (errors, warnings + 1),
            Severity::Note => (errors, warnings),
        }
    })
}

fn card(label: &str, figure: usize, note: impl Into<String>, to: &str) -> Card {
    Card {
        label: label.to_owned(),
        figure: figure.to_string(),
        note: note.into(),
        mood: Mood::Plain,
        to: Some(to.to_owned()),
        audience: Audience::Everybody,
    }
}

/// What the community owns, in figures.
fn what_there_is(known: &Known) -> Vec<Card> {
    let tables = &known.checked.estate.tables;
    let critical = |service: &&Item<Service>| service.value.criticality == Criticality::Critical;
    let critical = tables.services.items().filter(critical).count();
    let groups = tables.groups.items();
    let active = groups
        .filter(|group| group.value.standing == Standing::Active)
        .count();
    let here = tables
        .people
        .items()
        .filter(|person| !person.value.has_left(known.day) && !person.value.robot);
    let employers = employers(known);
    let secret = |team: &&Item<Team>| team.value.privacy == Privacy::Secret;
    let teams = tables.teams.items().filter(|team| !secret(team)).count();
    let mut cards = vec![
        card(
            "Services",
            tables.services.len(),
            format!("{critical} of them critical"),
            "/services",
        ),
        card(
            "Groups",
            active,
            "own and decide",
            "/groups?standing=active",
        ),
        card(
            "People",
            here.count(),
            format!("of {employers} known employers"),
            "/people?standing=here",
        ),
        card("Teams", teams, "who may do what", "/teams"),
    ];
    if !tables.zones.is_empty() {
        cards.push(card(
            "Zones",
            tables.zones.len(),
            "of the name service",
            "/zones",
        ));
    }
    let jobs = known
        .checked
        .ci
        .catalogue
        .as_ref()
        .map(|all| all.jobs.len());
    if let Some(jobs) = jobs {
        cards.push(card("Jobs", jobs, "on changes and by the clock", "/jobs"));
    }
    cards
}

/// How many employers those who are here have, as far as that is known.
fn employers(known: &Known) -> usize {
    let people = known.checked.estate.tables.people.items();
    let here = people.filter(|person| !person.value.has_left(known.day));
    let companies = here.filter_map(|person| person.value.employer_on(known.day));
    let counted = companies.filter_map(|company| known.index.employers.counted_as(company));
    counted
        .collect::<std::collections::BTreeSet<String>>()
        .len()
}

const BROKEN: &[Column] = &[
    Column::new(
        "rule",
        "What is wrong",
        ColumnKind::Text,
        "What the rule says of what breaks it.",
    ),
    Column::new(
        "severity",
        "Severity",
        ColumnKind::State,
        "How much the worst of it matters.",
    ),
    Column::new(
        "findings",
        "How often",
        ColumnKind::Number,
        "How many findings there are.",
    ),
    Column::new(
        "first",
        "For example",
        ColumnKind::Text,
        "The first of them.",
    ),
];

/// What is wrong, by rule, and what lacks somebody.
fn on_fire(known: &Known, figures: &[Card], page: &mut Page) {
    page.heading("wrong", "What is wrong");
    page.add(Part::Cards(figures.to_vec()));
    let book = &known.index.book;
    let all = &known.checked.findings;
    let mut rules: Vec<(&str, Vec<usize>)> = book
        .rules()
        .map(|(rule, places)| {
            let public = places.iter().copied().filter(|&at| book.is_public(at));
            let mut public: Vec<usize> = public
                .filter(|&at| all[at].severity > Severity::Note)
                .collect();
            public.sort_by_key(|&at| std::cmp::Reverse(all[at].severity));
            (rule, public)
        })
        .filter(|(_, places)| !places.is_empty())
        .collect();
    let severity = |places: &[usize]| places.first().map(|&at| all[at].severity);
    rules.sort_by(|(a, many), (b, more)| {
        let worst = severity(more).cmp(&severity(many));
        worst.then(more.len().cmp(&many.len())).then(a.cmp(b))
    });
    let left = rules.len().saturating_sub(RULES);
    let rows = rules.iter().take(RULES).map(|(rule, places)| {
        let finding = &all[places[0]];
        let title = finding
            .house
            .as_ref()
            .map_or(finding.code.title, |house| &house.title);
        let cells = vec![
            Cell::link(title, to("findings", rule)),
            Cell::state(
                findings::mood(finding.severity),
                finding.severity.to_string(),
            ),
            Cell::count(places.len()),
            items::cell(findings::named(known, places[0])),
        ];
        Row {
            key: (*rule).to_owned(),
            cells,
            ..Row::default()
        }
    });
    let rows: Vec<Row> = rows.collect();
    let none = "Nothing: the community's rules are kept.";
    page.add(Part::Table(items::table(
        "rules",
        "Rules that are broken, the worst first",
        BROKEN,
        rows,
        none,
    )));
    if left > 0 {
        let text = match left {
            1 => "One more rule is broken:".to_owned(),
            left => format!("{left} more rules are broken:"),
        };
        page.add(Part::Notice(
            Mood::Plain,
            text,
            Some(Link::new("all findings", "/findings")),
        ));
    }
}

fn wrong(known: &Known) -> Vec<Card> {
    let (errors, warnings) = severities(known);
    let services = || known.checked.estate.tables.services.items();
    let unowned = services().filter(|service| !services::is_owned(known, &service.value));
    let unanswered = services().filter(|service| {
        let rota = service.value.on_call.iter();
        let nobody = rota.flat_map(|on_call| &on_call.rota).next().is_none();
        service.value.criticality == Criticality::Critical && nobody
    });
    let cards = [
        (
            "Errors",
            errors,
            "must be mended",
            "/findings?severity=error",
            Mood::Bad,
        ),
        (
            "Warnings",
            warnings,
            "should be mended",
            "/findings?severity=warning",
            Mood::Warn,
        ),
        (
            "Services nobody owns",
            unowned.count(),
            "no group that works answers",
            "/services?owned=no",
            Mood::Bad,
        ),
        (
            "Critical, nobody on call",
            unanswered.count(),
            "critical services without a rota",
            "/services?criticality=critical&has_on_call=no",
            Mood::Warn,
        ),
    ];
    let cards = cards
        .into_iter()
        .map(|(label, figure, note, to, bad)| Card {
            mood: if figure == 0 { Mood::Good } else { bad },
            ..card(label, figure, note, to)
        });
    let mut cards: Vec<Card> = cards.collect();
    let kept = Audience::Private(Private::Takeovers);
    let hidden = known.index.book.kept_back(&kept);
    if hidden > 0 {
        let note = "findings that are not for everybody";
        cards.push(Card {
            mood: Mood::Bad,
            audience: kept,
            ..card("Could be taken over", hidden, note, "/findings")
        });
    }
    cards
}

/// What happened since the group that keeps the infrastructure last met.
fn changed(known: &Known, now: Timestamp, page: &mut Page) {
    let group = known.checked.charter.infrastructure.as_ref();
    let group = group.and_then(|group| known.checked.estate.find(group));
    let met = group.and_then(|group| meetings::last(&known.agenda, &group.name, now));
    let (title, text, entries) = match met {
        Some(at) => {
            let day = at.to_zoned(jiff::tz::TimeZone::UTC).date();
            let name = group.map_or("the group", Item::title);
            let text = format!("{name} met last on {day}.");
            ("Since the last meeting", text, known.affairs.since(at))
        }
        None => ("What happened last", String::new(), Vec::new()),
    };
    let mut entries: Vec<_> = entries.into_iter().take(ENTRIES).collect();
    let quiet = entries.is_empty();
    if quiet {
        entries = known.affairs.commits.iter().take(4).map(commit).collect();
    }
    if entries.is_empty() && text.is_empty() {
        return;
    }
    page.heading("changed", title);
    page.say(match (quiet, text.is_empty(), entries.is_empty()) {
        (true, false, true) => {
            format!("{text} Nothing has changed since that the portal knows of.")
        }
        (true, false, false) => format!("{text} Nothing has changed since; before, these did:"),
        _ => text,
    });
    if !entries.is_empty() {
        page.add(Part::Entries(entries));
    }
}

const MEETINGS: &[Column] = &[
    Column::new("when", "When", ColumnKind::Instant, "When it begins."),
    Column::new("what", "Meeting", ColumnKind::Text, "What it is called."),
    Column::new("group", "Group", ColumnKind::Text, "Whose it is."),
];

const ENDS: &[Column] = &[
    Column::new("day", "Last day", ColumnKind::Day, "The last day."),
    Column::new("what", "What", ColumnKind::Text, "What ends."),
    Column::new("kind", "Kind", ColumnKind::Text, "What sort of end it is."),
    Column::new(
        "left",
        "Days left",
        ColumnKind::Number,
        "How many days there are until then.",
    ),
];

/// The next meetings, and what runs out next.
fn coming(known: &Known, now: Timestamp, page: &mut Page) {
    let meetings = meetings::next(&known.agenda, now, ROWS);
    if !meetings.is_empty() {
        page.heading("meetings", "Next meetings");
        let rows = meetings.into_iter().map(|met| {
            let cells = vec![
                Cell::instant(Some(met.at)),
                Cell::text(met.title),
                items::cell(items::item(KindId::Group, met.group)),
            ];
            items::row(known, None, cells)
        });
        let table = items::table(
            "meetings",
            "In the coming weeks",
            MEETINGS,
            rows.collect(),
            "",
        );
        page.add(Part::Table(table));
        page.add(Part::Notice(
            Mood::Plain,
            "All of them, to subscribe to:".to_owned(),
            Some(Link::new("the calendar", "/calendar")),
        ));
    }
    let today = now.to_zoned(jiff::tz::TimeZone::UTC).date();
    let last = today.checked_add(AHEAD.days()).unwrap_or(today);
    let ends = known
        .index
        .ends
        .iter()
        .filter(|end| (today..=last).contains(&end.day));
    let rows: Vec<Row> = ends
        .take(2 * ROWS)
        .map(|end| {
            let left = (end.day - today).get_days();
            let cells = vec![
                Cell::day(Some(end.day)),
                items::cell(end.what.clone()),
                Cell::text(end.kind),
                Cell::new(Value::Number(left.into())),
            ];
            Row {
                audience: end.audience.clone(),
                ..items::row(known, Some(end.span), cells)
            }
        })
        .collect();
    page.heading("ends", "What runs out next");
    let none = format!("Nothing in the next {AHEAD} days.");
    page.add(Part::Table(items::table(
        "ends",
        "In the coming months",
        ENDS,
        rows,
        &none,
    )));
}
