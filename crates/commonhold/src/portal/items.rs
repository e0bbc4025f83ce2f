//! What pages are built of: links to items, facts, tables.

use std::borrow::Cow;

use base::Span;
use estate::kinds::{Group, Person, Privacy, Service};
use estate::{Item, KindId, Ref, TimeZone};
use jiff::Timestamp;
use jiff::civil::DateTime;
use portal::Audience;
use portal::model::{Cell, Column, Fact, Link, Part, Row, Table};

use super::parts::members_of;
use super::shown::{Known, link, to};

/// The path of an item's page; nothing where its kind has no pages.
pub(super) fn path(kind: KindId, name: &str) -> Option<String> {
    let collection = match kind {
        KindId::Service => "services",
        KindId::Group => "groups",
        KindId::Person => "people",
        KindId::Team => "teams",
        KindId::MailingGroup => "mailing-groups",
        KindId::Zone => "zones",
        KindId::Budget => "budgets",
        KindId::CreditGrant => "credits",
        KindId::Migration => "migrations",
        KindId::Organisation
        | KindId::Account
        | KindId::DnsServer
        | KindId::AccessSystem
        | KindId::Funding
        | KindId::Policy => return None,
    };
    Some(to(collection, name))
}

/// An item under its name.
pub(super) fn item(kind: KindId, name: &str) -> Link {
    Link {
        text: name.to_owned(),
        to: path(kind, name),
    }
}

/// An item under its kind and name, for lists of several kinds.
pub(super) fn any(kind: KindId, name: &str) -> Cell {
    let kind_words = words(kind);
    Cell {
        to: path(kind, name),
        ..Cell::text(format!("{kind_words} {name}"))
    }
}

/// A kind as people say it.
pub(super) fn words(kind: KindId) -> &'static str {
    match kind {
        KindId::MailingGroup => "mailing group",
        KindId::DnsServer => "name server",
        KindId::AccessSystem => "access system",
        KindId::CreditGrant => "grant of credits",
        other => other.name(),
    }
}

/// `kind/name` as people say it, with its page; as it is where it is no item of the estate.
pub(super) fn subject(known: &Known, subject: &str) -> Link {
    let item = subject.split_once('/').and_then(|(kind, name)| {
        let kind = KindId::named(kind)?;
        let found = known.checked.estate.item(kind, name)?;
        Some((kind, found))
    });
    match item {
        Some((kind, found)) => Link {
            text: format!("{} {}", words(kind), found.name),
            to: path(kind, found.name),
        },
        None => Link::text(subject),
    }
}

/// The cell of a link.
pub(super) fn cell(link: Link) -> Cell {
    Cell {
        to: link.to,
        ..Cell::text(link.text)
    }
}

/// For whom it is that something is named, as `kind/name`: a secret team is not for everybody.
pub(super) fn naming(known: &Known, subject: &str) -> Audience {
    members_of(known.index.secret_teams.has(subject))
}

/// For whom it is that somebody is in a team or on a list, and that a secret team is there.
pub(super) fn membership(known: &Known, kind: KindId, name: &str) -> Audience {
    let tables = &known.checked.estate.tables;
    let secret = match kind {
        KindId::Team => tables
            .teams
            .get(name)
            .is_none_or(|team| team.value.privacy == Privacy::Secret),
        KindId::MailingGroup => tables
            .mailing_groups
            .get(name)
            .is_none_or(|list| list.value.closed),
        _ => false,
    };
    members_of(secret)
}

/// A person as others refer to them.
pub(super) fn person(known: &Known, person: &Ref<Person>) -> Link {
    match known.checked.estate.find(person) {
        Some(found) => link("people", &found.name),
        None => Link::text(person.name.clone()),
    }
}

/// A person under their full name.
pub(super) fn full_name(known: &Known, person: &Ref<Person>) -> Cell {
    match known.checked.estate.find(person) {
        Some(found) => Cell::link(found.title(), to("people", &found.name)),
        None => Cell::text(person.name.clone()),
    }
}

/// A group under its name.
pub(super) fn group(known: &Known, group: &Ref<Group>) -> Link {
    match known.checked.estate.find(group) {
        Some(found) => link("groups", &found.name),
        None => Link::text(group.name.clone()),
    }
}

/// A service under its name.
pub(super) fn service(known: &Known, service: &Ref<Service>) -> Link {
    match known.checked.estate.find(service) {
        Some(found) => link("services", &found.name),
        None => Link::text(service.name.clone()),
    }
}

/// Services under what people call them.
pub(super) fn titled(item: &Item<Service>) -> Cell {
    Cell::link(item.title(), to("services", &item.name))
}

/// A link to a service under what people call it.
pub(super) fn titled_link(item: &Item<Service>) -> Link {
    Link::new(item.title(), to("services", &item.name))
}

/// Words that lead to themselves where they are an address on the web.
pub(super) fn address(text: &str) -> Cell {
    if text.starts_with("https://") || text.starts_with("http://") {
        let short = text.split_once("://").map_or(text, |(_, rest)| rest);
        return Cell::link(short.trim_end_matches('/'), text);
    }
    Cell::text(text)
}

/// What the clocks of a zone show.
pub(super) fn clocks(zone: &TimeZone, now: Timestamp) -> Option<DateTime> {
    let zone = ical::Zone::new(&zone.to_string())?;
    Some(zone.time_zone().to_datetime(now))
}

/// What is said of a thing, in its order.
pub(super) struct Facts<'k> {
    known: &'k Known,
    facts: Vec<Fact>,
}

impl<'k> Facts<'k> {
    pub(super) fn new(known: &'k Known) -> Self {
        Self {
            known,
            facts: Vec::new(),
        }
    }

    /// Something that is said, with where.
    pub(super) fn at(&mut self, id: &'static str, label: &str, value: Cell, span: Span) {
        let source = self.known.source(span);
        self.push(id, label, value, source);
    }

    /// Something that is said in the thing's file, or follows from several.
    pub(super) fn say(&mut self, id: &'static str, label: &str, value: Cell) {
        self.push(id, label, value, None);
    }

    /// Something that may not be said.
    pub(super) fn say_if(&mut self, id: &'static str, label: &str, value: Option<Cell>) {
        if let Some(value) = value {
            self.say(id, label, value);
        }
    }

    fn push(
        &mut self,
        id: &'static str,
        label: &str,
        value: Cell,
        source: Option<portal::model::Source>,
    ) {
        self.facts.push(Fact {
            id,
            label: label.to_owned(),
            value,
            source,
        });
    }

    pub(super) fn is_empty(&self) -> bool {
        self.facts.is_empty()
    }

    pub(super) fn part(self) -> Part {
        Part::Facts(self.facts)
    }
}

/// A table of a page.
pub(super) fn table(
    id: impl Into<Cow<'static, str>>,
    caption: impl Into<String>,
    columns: &[Column],
    rows: Vec<Row>,
    none: &str,
) -> Table {
    Table {
        id: id.into(),
        caption: caption.into(),
        columns: columns.to_vec(),
        rows,
        none: none.to_owned(),
    }
}

/// A row that is linked from nowhere.
pub(super) fn row(known: &Known, span: Option<Span>, cells: Vec<Cell>) -> Row {
    Row {
        key: String::new(),
        cells,
        source: span.and_then(|span| known.source(span)),
        ..Row::default()
    }
}

/// `3 services`, `1 service`.
pub(super) fn counted(count: usize, one: &str) -> String {
    portal::model::counted(count, one, &format!("{one}s"))
}
