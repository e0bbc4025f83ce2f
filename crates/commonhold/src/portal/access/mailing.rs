//! The page of a mailing group.

use access::model::{Access, MailingMembership, Principal, Thing};
use portal::model::{Audience, Cell, ColumnKind, Mood, Page, Part, Private, Section};

use super::secrets::is_closed;
use super::{lists, things, ways};
use crate::portal::items;
use crate::portal::parts::{column, fact, members_of, table};
use crate::portal::shown::{Known, to};

pub(super) fn page(known: &Known, name: &str) -> Option<Page> {
    let item = known.checked.estate.tables.mailing_groups.get(name)?;
    let list = &item.value;
    let closed = is_closed(list);
    let path = to("mailing-groups", &item.name);
    let mut page = Page::new(Section::Access, path, item.title());
    page.kind = String::from("Mailing group");
    page.summary = list.description.clone().unwrap_or_default();
    page.source = known.source(item.span);
    if closed {
        page.state = Some((Mood::Plain, "closed".to_owned()));
    }
    let who_may = things::page_of(&Thing::MailingGroup(item.name.clone()));
    let mut facts = vec![
        fact("address", "Address", Cell::text(list.email.to_string())),
        fact("owner", "Owner", lists::owner(known, list.owner.as_ref())),
        fact("joining", "Joining", Cell::text(lists::joining(list))),
        fact(
            "access",
            "Access",
            Cell::link("who may do what with it, and why", who_may),
        ),
    ];
    for setting in &list.settings.entries {
        let (name, value) = setting;
        let text = format!("{}: {}", name.value, value.value);
        facts.push(fact("setting", "Setting", Cell::text(text)));
    }
    page.add(Part::Facts(facts));
    page.heading("members", "Who is in it");
    if closed {
        page.say("It is closed: those only who may see such lists see who is in it.");
    }
    let asked = item.name.clone();
    let members = known.access.ask(move |matrix| matrix.mailing(&asked));
    let members = members.unwrap_or_default();
    let here = Thing::MailingGroup(item.name.clone());
    let members = members.into_iter();
    let rows = ways::rows(
        known,
        members.map(|member| (entry(known, &member), answer(&here, member))),
    );
    let columns = vec![
        column("who", "Who", ColumnKind::Text),
        column("address", "Address", ColumnKind::Text),
        column("role", "Role", ColumnKind::Text).choice(),
        column("until", "Until", ColumnKind::Day),
        column("why", "Why, and where it is said", ColumnKind::List),
    ];
    let caption = format!("Who is in it on {}", known.day);
    let part = table("members", caption, columns, rows, "Nobody is in it.");
    page.add(if closed {
        Part::Only(members_of(closed), vec![part])
    } else {
        part
    });
    Some(page)
}

/// Who it is, and at which address.
fn entry(known: &Known, member: &MailingMembership) -> Vec<Cell> {
    let contacts = || Audience::Private(Private::Contacts);
    let who = match (&member.person, &member.mailing_group) {
        (Some(name), _) => items::cell(ways::person(known, name)),
        (None, Some(name)) => Cell::link(name.as_str(), to("mailing-groups", name)),
        (None, None) => Cell::text("nobody whom the estate knows"),
    };
    let named = member.mailing_group.is_some();
    let address = Cell::text(member.address.as_str());
    vec![
        who,
        if named {
            address
        } else {
            address.only(contacts())
        },
    ]
}

/// What they may do with the list, and by which ways.
fn answer(list: &Thing, member: MailingMembership) -> Access {
    Access {
        who: member
            .person
            .map_or(Principal::Address(member.address), Principal::Person),
        what: list.clone(),
        level: member.role.into(),
        until: member.until,
        why: member.why,
    }
}
