//! The page of a person.

mod answers;

use estate::Item;
use estate::kinds::{Employment, Person};
use portal::model::{Card, Cell, Column, ColumnKind, Mood, Page, Part, Row, Section, Value};
use portal::{AsOf, Audience, Private};

use super::{Load, Role, When, employer};
use crate::portal::shown::{Known, link, to};
use crate::portal::{findings, items, related};

pub(super) fn of(known: &Known, person: &Item<Person>, now: &AsOf) -> Page {
    let value = &person.value;
    let path = to("people", &person.name);
    let mut page = Page::new(Section::People, path, person.title());
    let kind = if value.robot { "Robot" } else { "Person" };
    kind.clone_into(&mut page.kind);
    page.source = known.source(person.span);
    page.summary = summary(known, person);
    page.state = left(known, value);
    page.add(Part::Cards(cards(known, person)));
    page.add(facts(known, person, now));
    contacts(known, person, &mut page);
    roles(known, person, &mut page);
    answers::answers(known, person, &mut page);
    answers::teams(known, person, &mut page);
    if !value.employers.is_empty() {
        page.heading("employers", "Employers");
        page.add(employers(known, value));
    }
    standing(known, value, &mut page);
    related::add(known, &person.subject(), person.span, &mut page);
    page.heading("findings", "Findings");
    page.add(findings::about(known, &person.subject()));
    page
}

fn left(known: &Known, person: &Person) -> Option<(Mood, String)> {
    let left = person.left.as_ref()?;
    let words = if person.has_left(known.day) {
        format!("left on {}", left.value)
    } else {
        format!("leaves on {}", left.value)
    };
    Some((Mood::Quiet, words))
}

/// What they are, in a sentence.
fn summary(known: &Known, person: &Item<Person>) -> String {
    let roles = super::now(known, person).filter(|role| role.called != "member");
    let mut said: Vec<String> = roles
        .take(3)
        .map(|role| format!("{} of {}", role.called.replace('-', " "), role.group))
        .collect();
    if let Some(employer) = employer(known, &person.value, known.day) {
        said.insert(
            0,
            match employer.as_str() {
                super::INDEPENDENT => "independent".to_owned(),
                company => format!("works for {company}"),
            },
        );
    }
    let said = said.join(", ");
    let mut letters = said.chars();
    match letters.next() {
        Some(first) => format!("{}{}.", first.to_uppercase(), letters.as_str()),
        None => String::new(),
    }
}

fn cards(known: &Known, person: &Item<Person>) -> Vec<Card> {
    let load = Load::of(known, person);
    let card = |label: &str, figure: usize, note: &str, to: &str| Card {
        label: label.to_owned(),
        figure: figure.to_string(),
        note: note.to_owned(),
        mood: Mood::Plain,
        to: (figure > 0).then(|| to.to_owned()),
        audience: Audience::Everybody,
    };
    vec![
        card("Roles in groups", load.roles, "held today", "#roles"),
        card("Services", load.services, "kept running", "#services"),
        card(
            "On call",
            load.rotas,
            "services that call them",
            "#services",
        ),
    ]
}

fn facts(known: &Known, person: &Item<Person>, now: &AsOf) -> Part {
    let value = &person.value;
    let mut facts = items::Facts::new(known);
    facts.at(
        "name",
        "Known as",
        Cell::new(Value::Code(person.name.clone())),
        person.span,
    );
    if let Some(login) = &value.handles.github
        && !login.value.eq_ignore_ascii_case(&person.name)
    {
        facts.at(
            "login",
            "Login at the forge",
            Cell::new(Value::Code(login.value.clone())),
            login.span,
        );
    }
    let company = employer(known, value, known.day);
    match (company, value.employer_on(known.day)) {
        (Some(company), Some(spelled)) => {
            facts.at("employer", "Employer", Cell::text(company), spelled.span);
        }
        _ if value.robot => {}
        _ => facts.say("employer", "Employer", Cell::text("not known")),
    }
    if let Some(zone) = &value.time_zone {
        let name = zone.to_string();
        let clock = items::clocks(zone, now.instant());
        let clock = clock.map(|clock| clock.strftime(", %H:%M there now").to_string());
        facts.say(
            "time_zone",
            "Time zone",
            Cell::text(name + &clock.unwrap_or_default()),
        );
    }
    let mentors = value
        .mentored_by
        .iter()
        .map(|one| items::person(known, one));
    let mentors: Vec<_> = mentors.collect();
    if !mentors.is_empty() {
        facts.say("mentors", "Mentored by", Cell::links(mentors));
    }
    let signs = value.keys.iter().any(|key| key.can_sign());
    facts.say(
        "signs",
        "Has a key to sign with",
        Cell::new(Value::Truth(signs)),
    );
    facts.part()
}

/// How to reach them, for those who may know it and for themselves.
fn contacts(known: &Known, person: &Item<Person>, page: &mut Page) {
    for audience in [
        Audience::Private(Private::Contacts),
        Audience::Person(person.name.clone()),
    ] {
        let value = &person.value;
        let mut facts = items::Facts::new(known);
        for email in value.emails() {
            let cell = Cell::link(email.to_string(), format!("mailto:{}", email.value));
            facts.at("email", "E-mail", cell, email.span);
        }
        if let Some(chat) = &value.handles.chat {
            facts.say("chat", "In chat", Cell::text(chat.clone()));
        }
        if value.private_contacts.is_some() {
            facts.say(
                "sealed",
                "In an emergency",
                Cell::text("sealed in their file, for the team that the charter names"),
            );
        }
        if facts.is_empty() {
            return;
        }
        let why = match &audience {
            Audience::Person(_) => "Contacts. You see them because they are yours.",
            _ => "Contacts. You see them because you may see what is private.",
        };
        page.add(Part::Only(
            audience,
            vec![Part::Text(why.to_owned()), facts.part()],
        ));
    }
}

const ROLES: &[Column] = &[
    Column::new(
        "role",
        "Role",
        ColumnKind::Text,
        "The role, in the group's words.",
    ),
    Column::new("group", "Group", ColumnKind::Text, "The group."),
    Column::new(
        "since",
        "Since",
        ColumnKind::Day,
        "The first day, where it is known.",
    ),
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
        "Whether it is held now.",
    ),
];

fn roles(known: &Known, person: &Item<Person>, page: &mut Page) {
    let all = known.index.roles_of(&person.name);
    let left = person.value.has_left(known.day);
    let held = |role: &&Role| !left && matches!(role.when, When::Now | When::Ahead);
    let rows = |roles: Vec<&Role>| -> Vec<Row> {
        roles
            .into_iter()
            .map(|role| role_row(known, role, left))
            .collect()
    };
    page.heading("roles", "Roles");
    let none = "No role in a group.";
    let current = rows(all.iter().filter(held).collect());
    page.add(Part::Table(items::table(
        "roles",
        "Roles held now",
        ROLES,
        current,
        none,
    )));
    let past = rows(all.iter().filter(|role| !held(role)).collect());
    if !past.is_empty() {
        let table = items::table("past-roles", "Earlier roles", ROLES, past, none);
        page.add(Part::Folded(
            "Earlier roles".to_owned(),
            vec![Part::Table(table)],
        ));
    }
}

fn role_row(known: &Known, role: &Role, left: bool) -> Row {
    let over = role.until.is_some_and(|until| until < known.day);
    let state = match role.when {
        When::Now if left => (Mood::Quiet, "over"),
        When::Now if over => (Mood::Warn, "term is over"),
        When::Now => (Mood::Good, "held"),
        When::Ahead => (Mood::Waiting, "to come"),
        When::Past => (Mood::Quiet, "over"),
        When::Honour => (Mood::Quiet, "emeritus"),
    };
    let cells = vec![
        Cell::text(role.called.replace('-', " ")),
        items::cell(link("groups", &role.group)),
        Cell::day(role.since),
        Cell::day(role.until),
        Cell::state(state.0, state.1),
    ];
    items::row(known, Some(role.span), cells)
}

const EMPLOYERS: &[Column] = &[
    Column::new(
        "employer",
        "Employer",
        ColumnKind::Text,
        "The employer, as it is written.",
    ),
    Column::new(
        "from",
        "From",
        ColumnKind::Day,
        "The first day, where it is known.",
    ),
    Column::new(
        "until",
        "Until",
        ColumnKind::Day,
        "The last day, once it is over.",
    ),
];

fn employers(known: &Known, person: &Person) -> Part {
    let mut jobs: Vec<&Employment> = person.employers.iter().collect();
    jobs.sort_by_key(|job| std::cmp::Reverse(job.from));
    let rows = jobs.into_iter().map(|job| {
        let cells = vec![
            Cell::text(job.company.value.clone()),
            Cell::day(job.from),
            Cell::day(job.until),
        ];
        items::row(known, Some(job.company.span), cells)
    });
    Part::Table(items::table(
        "employers",
        "Who paid for the work",
        EMPLOYERS,
        rows.collect(),
        "",
    ))
}

const RUNGS: &[Column] = &[
    Column::new(
        "rung",
        "Rung",
        ColumnKind::Text,
        "The rung of a ladder of the community.",
    ),
    Column::new(
        "group",
        "In",
        ColumnKind::Text,
        "The group whose work it is about.",
    ),
    Column::new("since", "Since", ColumnKind::Day, "The first day."),
    Column::new(
        "until",
        "Until",
        ColumnKind::Day,
        "The last day, once it is over.",
    ),
    Column::new("sponsors", "Sponsors", ColumnKind::List, "Who vouched."),
];

const INTERESTS: &[Column] = &[
    Column::new("about", "In", ColumnKind::Text, "What the interest is in."),
    Column::new(
        "nature",
        "Interest",
        ColumnKind::Text,
        "What the interest is.",
    ),
    Column::new(
        "until",
        "Until",
        ColumnKind::Day,
        "The last day, once it is over.",
    ),
];

/// The rungs they stand on, and what they have declared.
fn standing(known: &Known, person: &Person, page: &mut Page) {
    if !person.rungs.is_empty() {
        let rows = person.rungs.iter().map(|held| {
            let sponsors = held.sponsors.iter().map(|one| items::person(known, one));
            let group = held
                .group
                .as_ref()
                .map(|group| items::cell(items::group(known, group)));
            let cells = vec![
                Cell::text(held.rung.value.replace('-', " ")),
                group.unwrap_or_else(|| Cell::text("the whole community")),
                Cell::day(Some(held.since)),
                Cell::day(held.until),
                Cell::links(sponsors.collect()),
            ];
            items::row(known, Some(held.rung.span), cells)
        });
        page.heading("rungs", "Standing as a contributor");
        page.add(Part::Table(items::table(
            "rungs",
            "Rungs of the community's ladders",
            RUNGS,
            rows.collect(),
            "",
        )));
    }
    let Some(interests) = &person.interests else {
        return;
    };
    page.heading("interests", "Declared interests");
    page.say(format!("Declared on {}.", interests.declared.value));
    let lasting = interests.list.iter().filter(|one| one.lasts_on(known.day));
    let rows = lasting.map(|one| {
        let cells = vec![
            items::cell(items::subject(known, &one.about)),
            Cell::text(one.nature.clone()),
            Cell::day(one.until),
        ];
        Row {
            audience: items::naming(known, &one.about),
            ..items::row(known, Some(one.about.span), cells)
        }
    });
    let none = "Nothing to declare.";
    page.add(Part::Table(items::table(
        "interests",
        "Interests beside the community's",
        INTERESTS,
        rows.collect(),
        none,
    )));
}
