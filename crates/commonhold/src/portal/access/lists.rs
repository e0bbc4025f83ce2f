//! Teams and mailing groups, one a row.

use access::model::Matrix;
use estate::Item;
use estate::kinds::{Group, MailingGroup, Team};
use estate::{Estate, KindId, Ref};
use portal::model::{Cell, Collection, Column, ColumnKind, Listing, Row, Section};

use super::secrets::{is_closed, is_secret};
use crate::portal::items;
use crate::portal::parts::members_of;
use crate::portal::shown::{Known, to};

static TEAMS: Collection = Collection {
    id: "teams",
    title: "Teams",
    one: "team",
    about: "Lists of who may do what: everybody in a team may do what the team may.",
    section: Section::Access,
    columns: &[
        Column::new(
            "team",
            "Team",
            ColumnKind::Text,
            "Its name, with its organisation before it.",
        ),
        Column::new("title", "Title", ColumnKind::Text, "What people call it.").data_only(),
        Column::new(
            "purpose",
            "What it is for",
            ColumnKind::Text,
            "What it is for, in the words of its owner.",
        ),
        Column::new(
            "owner",
            "Owner",
            ColumnKind::Text,
            "The group that answers for it.",
        )
        .choice(),
        Column::new(
            "organisation",
            "Organisation",
            ColumnKind::Text,
            "The organisation it belongs to.",
        )
        .choice()
        .data_only(),
        Column::new(
            "parent",
            "Part of",
            ColumnKind::Text,
            "The team it is part of; it may do what that team may.",
        ),
        Column::new(
            "members",
            "Members",
            ColumnKind::Number,
            "How many people are in it on the day.",
        ),
        Column::new(
            "permissions",
            "Permissions",
            ColumnKind::Number,
            "How many permissions and roles it has itself.",
        ),
        Column::new(
            "seen_by",
            "Seen by",
            ColumnKind::Text,
            "Whether everybody in the organisation sees it, or its members only.",
        )
        .choice()
        .data_only(),
    ],
    feed: None,
    has_pages: true,
    sort: "",
};

static LISTS: Collection = Collection {
    id: "mailing-groups",
    title: "Mailing groups",
    one: "mailing group",
    about: "Addresses that reach several people.",
    section: Section::Access,
    columns: &[
        Column::new("list", "Mailing group", ColumnKind::Text, "Its name."),
        Column::new("title", "Title", ColumnKind::Text, "What people call it.").data_only(),
        Column::new(
            "address",
            "Address",
            ColumnKind::Text,
            "The address that reaches them.",
        ),
        Column::new(
            "purpose",
            "What it is for",
            ColumnKind::Text,
            "What it is for, in the words of its owner.",
        ),
        Column::new(
            "owner",
            "Owner",
            ColumnKind::Text,
            "The group that answers for it.",
        )
        .choice(),
        Column::new(
            "members",
            "Members",
            ColumnKind::Number,
            "How many addresses are in it on the day.",
        ),
        Column::new(
            "open",
            "Joining",
            ColumnKind::Text,
            "Whether people may join by themselves, or only whom the estate names.",
        )
        .choice(),
    ],
    feed: None,
    has_pages: true,
    sort: "",
};

/// How many are in each of some things, in their order.
fn sizes(
    known: &Known,
    of: impl Fn(&Matrix<'_>, &Estate) -> Vec<usize> + Send + 'static,
) -> Vec<usize> {
    let checked = std::sync::Arc::clone(&known.checked);
    let found = known.access.ask(move |matrix| of(matrix, &checked.estate));
    found.unwrap_or_default()
}

pub(super) fn teams(known: &Known) -> Listing {
    let tables = &known.checked.estate.tables;
    let sizes = sizes(known, |matrix, estate| {
        let teams = estate.tables.teams.items();
        teams.map(|item| matrix.count_in_team(&item.name)).collect()
    });
    let rows = tables.teams.items().zip(sizes);
    let mut rows: Vec<Row> = rows.map(|(item, size)| team(known, item, size)).collect();
    rows.sort_by(|one, other| one.key.cmp(&other.key));
    Listing::new(&TEAMS, rows)
}

fn team(known: &Known, item: &Item<Team>, size: usize) -> Row {
    let team = &item.value;
    let organisation = team.organisation.as_ref().map(|one| one.name.as_str());
    let parent = team.parent.as_ref();
    let secret = is_secret(team);
    let cells = vec![
        Cell::link(item.name.as_str(), to(TEAMS.id, &item.name)),
        Cell::text(item.title()),
        Cell::text(team.description.clone().unwrap_or_default()),
        owner(known, team.owner.as_ref()),
        Cell::text(organisation.unwrap_or_default()),
        parent.map_or_else(Cell::none, |parent| {
            let audience = items::membership(known, KindId::Team, &parent.name);
            Cell::link(parent.name.as_str(), to(TEAMS.id, &parent.name)).only(audience)
        }),
        Cell::count(size),
        Cell::count(team.grants.len() + team.roles.len()),
        Cell::text(if secret { "its members" } else { "everybody" }),
    ];
    Row {
        key: item.name.clone(),
        cells,
        source: known.source(item.span),
        audience: members_of(secret),
    }
}

pub(super) fn mailing_groups(known: &Known) -> Listing {
    let tables = &known.checked.estate.tables;
    let sizes = sizes(known, |matrix, estate| {
        let lists = estate.tables.mailing_groups.items();
        lists.map(|item| matrix.count_on_list(&item.name)).collect()
    });
    let rows = tables.mailing_groups.items().zip(sizes);
    let mut rows: Vec<Row> = rows.map(|(item, size)| list(known, item, size)).collect();
    rows.sort_by(|one, other| one.key.cmp(&other.key));
    Listing::new(&LISTS, rows)
}

fn list(known: &Known, item: &Item<MailingGroup>, size: usize) -> Row {
    let list = &item.value;
    let cells = vec![
        Cell::link(item.name.as_str(), to(LISTS.id, &item.name)),
        Cell::text(item.title()),
        Cell::text(list.email.to_string()),
        Cell::text(list.description.clone().unwrap_or_default()),
        owner(known, list.owner.as_ref()),
        Cell::count(size).only(members_of(is_closed(list))),
        Cell::text(joining(list)),
    ];
    Row {
        key: item.name.clone(),
        cells,
        source: known.source(item.span),
        ..Row::default()
    }
}

/// How one comes to be in a mailing group.
pub(super) fn joining(list: &MailingGroup) -> &'static str {
    if list.joined_freely {
        "everybody may join"
    } else if list.closed {
        "closed"
    } else {
        "by its owners"
    }
}

/// The group that answers for something.
pub(super) fn owner(known: &Known, owner: Option<&Ref<Group>>) -> Cell {
    let Some(owner) = owner else {
        return Cell::none();
    };
    match known.checked.estate.find(owner) {
        Some(item) => Cell::link(item.name.as_str(), to("groups", &item.name)),
        None => Cell::text(owner.name.as_str()),
    }
}
