//! Who or what was given which permission on what, as it is declared.

use std::collections::BTreeSet;

use access::model::Thing;
use base::{Span, Spanned};
use estate::kinds::{Organisation, RoleGrant, Team};
use estate::{Item, KindId};
use jiff::civil::Date;
use portal::model::{
    Audience, Cell, Collection, Column, ColumnKind, Link, Listing, Mood, Row, Section,
};

use super::{secrets, things, ways};
use crate::portal::items;
use crate::portal::parts::members_of;
use crate::portal::shown::{Known, link, to};

static GRANTS: Collection = Collection {
    id: "grants",
    title: "Permissions",
    one: "permission",
    about: "What teams and people were given, each as it is declared: who may do what, until when, and why.",
    section: Section::Access,
    columns: &[
        Column::new(
            "who",
            "Who",
            ColumnKind::Text,
            "The team or the person that has it.",
        ),
        Column::new(
            "holder",
            "Held by",
            ColumnKind::Text,
            "Whether a team has it, or a person without one.",
        )
        .choice()
        .data_only(),
        Column::new("may", "May", ColumnKind::Text, "What may be done.").choice(),
        Column::new("what", "What", ColumnKind::Text, "What it may be done to."),
        Column::new(
            "kind",
            "Kind",
            ColumnKind::Text,
            "What kind of thing that is.",
        )
        .choice(),
        Column::new(
            "until",
            "Until",
            ColumnKind::Day,
            "The last day; without end if there is none.",
        ),
        Column::new(
            "state",
            "State",
            ColumnKind::State,
            "Whether it lasts, ends soon, has ended, or was taken in an emergency.",
        )
        .choice(),
        Column::new(
            "confirmed",
            "Confirmed",
            ColumnKind::Day,
            "When somebody last said that it is needed.",
        )
        .data_only(),
        Column::new("reason", "Why", ColumnKind::Text, "Why it is given."),
    ],
    feed: None,
    has_pages: false,
    sort: "who",
};

/// What ends within so many days is shown as ending soon.
pub(super) const SOON_DAYS: i32 = 30;

/// Something that was given.
pub(super) struct Given {
    pub(super) who: Link,
    person: bool,
    pub(super) may: String,
    pub(super) what: Thing,
    pub(super) until: Option<Date>,
    emergency: bool,
    confirmed: Option<Date>,
    pub(super) reason: Option<String>,
    pub(super) span: Span,
    pub(super) audience: Audience,
}

impl Given {
    /// Whether everybody may know of it.
    pub(super) fn for_everybody(&self) -> bool {
        self.audience == Audience::Everybody
    }
}

pub(super) fn listing(known: &Known) -> Listing {
    let mut rows: Vec<Row> = Vec::new();
    let mut keys = BTreeSet::new();
    for given in all(known) {
        let base = format!("{} {} {}", given.who.text, given.may, given.what);
        let mut key = base.clone();
        // The same may be given twice, for different times.
        let mut number = 1;
        while !keys.insert(key.clone()) {
            number += 1;
            key = format!("{base} {number}");
        }
        rows.push(row(known, key, given));
    }
    rows.sort_by(|one, other| one.key.cmp(&other.key));
    Listing::new(&GRANTS, rows)
}

fn row(known: &Known, key: String, given: Given) -> Row {
    let mut who = Cell::text(given.who.text.as_str());
    who.to.clone_from(&given.who.to);
    let cells = vec![
        who,
        Cell::text(if given.person { "a person" } else { "a team" }),
        Cell::text(given.may.as_str()),
        Cell::link(things::name(&given.what), things::page_of(&given.what)),
        Cell::text(things::kind(&given.what)),
        Cell::day(given.until),
        state(known.day, &given),
        Cell::day(given.confirmed),
        Cell::text(given.reason.unwrap_or_default()),
    ];
    Row {
        key,
        cells,
        source: known.source(given.span),
        audience: given.audience,
    }
}

fn state(day: Date, given: &Given) -> Cell {
    let left = given.until.map(|until| (until - day).get_days());
    match left {
        Some(left) if left < 0 => Cell::state(Mood::Quiet, "ended"),
        _ if given.emergency => Cell::state(Mood::Warn, "emergency"),
        Some(left) if left <= SOON_DAYS => Cell::state(Mood::Waiting, "ends soon"),
        _ if given.reason.is_none() => Cell::state(Mood::Plain, "no reason given"),
        _ => Cell::state(Mood::Good, "lasts"),
    }
}

/// All that was given, to teams first.
pub(super) fn all(known: &Known) -> Vec<Given> {
    let tables = &known.checked.estate.tables;
    let mut all = Vec::new();
    for team in tables.teams.items() {
        of_team(known, team, &mut all);
    }
    for organisation in tables.organisations.items() {
        of_organisation(known, organisation, &mut all);
    }
    all
}

/// For whom it is that a team has a role. On a closed list its people are members by it.
pub(super) fn audience_of(known: &Known, team: &Team, role: &RoleGrant) -> Audience {
    if secrets::is_secret(team) {
        return members_of(true);
    }
    let list = role.mailing_group.as_ref();
    list.map_or(Audience::Everybody, |list| {
        items::membership(known, KindId::MailingGroup, &list.name)
    })
}

/// What a team was given, and who is in it for a time.
fn of_team(known: &Known, item: &Item<Team>, all: &mut Vec<Given>) {
    let who = || link("teams", &item.name);
    let secret = secrets::is_secret(&item.value);
    for grant in &item.value.grants {
        all.push(Given {
            who: who(),
            person: false,
            may: grant.permission.to_string(),
            what: things::repository(&grant.repository),
            until: day_of(grant.until.as_ref()),
            emergency: grant.break_glass,
            confirmed: day_of(grant.confirmed.as_ref()),
            reason: grant.reason.clone(),
            span: grant.repository.span,
            audience: members_of(secret),
        });
    }
    for role in &item.value.roles {
        let Some(what) = things::role(role) else {
            continue;
        };
        let list = matches!(what, Thing::MailingGroup(_));
        let word = role.role.as_ref().filter(|_| list);
        let spans = [
            role.role.as_ref(),
            role.group.as_ref(),
            role.system.as_ref(),
        ];
        let span = spans.into_iter().flatten().next();
        let list = role.mailing_group.as_ref().map(|list| list.span);
        all.push(Given {
            who: who(),
            person: false,
            may: word.map_or("use", |word| word.as_str()).to_owned(),
            what,
            until: day_of(role.until.as_ref()),
            emergency: role.break_glass,
            confirmed: day_of(role.confirmed.as_ref()),
            reason: role.reason.clone(),
            span: span.map(|said| said.span).or(list).unwrap_or(item.span),
            audience: audience_of(known, &item.value, role),
        });
    }
    for timed in &item.value.temporary {
        all.push(Given {
            who: ways::person(known, &timed.person.name),
            person: true,
            may: timed.role.to_string(),
            what: Thing::Team(item.name.clone()),
            until: Some(timed.until.value),
            emergency: timed.break_glass,
            confirmed: None,
            reason: timed.reason.clone(),
            span: timed.person.span,
            audience: members_of(secret),
        });
    }
}

/// Who may do everything in an organisation, and who may do something to a repository without a team.
fn of_organisation(known: &Known, item: &Item<Organisation>, all: &mut Vec<Given>) {
    let plain = |who: Link, may: &str, what: Thing, span: Span| Given {
        who,
        person: true,
        may: may.to_owned(),
        what,
        until: None,
        emergency: false,
        confirmed: None,
        reason: None,
        span,
        audience: Audience::Everybody,
    };
    for admin in &item.value.admins {
        let what = Thing::Organisation(item.name.clone());
        let who = ways::person(known, &admin.name);
        all.push(plain(who, "admin", what, admin.span));
    }
    for (name, repository) in &item.value.repositories.entries {
        for (login, permission) in &repository.collaborators.entries {
            let what = things::repository(&format!("{}/{name}", item.name));
            let people = &known.checked.estate.tables.people;
            let who = match people.get(login) {
                Some(person) => Link::new(person.title(), to("people", &person.name)),
                None => Link::text(format!("@{}", login.value)),
            };
            all.push(plain(who, &permission.to_string(), what, login.span));
        }
    }
}

fn day_of(day: Option<&Spanned<Date>>) -> Option<Date> {
    day.map(|day| day.value)
}
