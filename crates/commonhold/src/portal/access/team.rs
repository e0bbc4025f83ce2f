//! The page of a team.

use access::model::Membership;
use estate::Item;
use estate::kinds::{Grant, RoleGrant, Team};
use portal::model::{Cell, Column, ColumnKind, Fact, Mood, Page, Part, Row, Section};

use super::secrets::is_secret;
use super::{lists, things, ways};
use crate::portal::items;
use crate::portal::parts::{column, fact, members_of, row, table};
use crate::portal::shown::{Known, to};

pub(super) fn page(known: &Known, name: &str) -> Option<Page> {
    let item = known.checked.estate.tables.teams.get(name)?;
    let team = &item.value;
    let secret = is_secret(team);
    let mut page = Page::new(Section::Access, to("teams", &item.name), item.title());
    page.kind = String::from("Team");
    page.summary = team.description.clone().unwrap_or_default();
    page.source = known.source(item.span);
    if secret {
        page.state = Some((Mood::Plain, "secret".to_owned()));
    }
    page.add(Part::Facts(facts(known, item)));
    page.heading("members", "Who is in it");
    let people = members(known, item);
    if secret {
        page.say("Its members only, and those who may see such lists, see who is in it.");
    }
    page.add(if secret {
        Part::Only(members_of(secret), vec![people])
    } else {
        people
    });
    parts(known, item, &mut page);
    page.heading("permissions", "What it may do");
    permissions(known, item, &mut page);
    Some(page)
}

fn facts(known: &Known, item: &Item<Team>) -> Vec<Fact> {
    let team = &item.value;
    let mut facts = vec![
        fact("name", "Name", Cell::text(item.name.as_str())),
        fact("owner", "Owner", lists::owner(known, team.owner.as_ref())),
    ];
    if let Some(organisation) = &team.organisation {
        facts.push(fact(
            "organisation",
            "Organisation",
            Cell::text(organisation.name.as_str()),
        ));
    }
    if let Some(parent) = &team.parent {
        let cell = Cell::link(parent.name.as_str(), to("teams", &parent.name));
        facts.push(fact("parent", "Part of", cell));
    }
    let sees = if is_secret(team) {
        "its members"
    } else {
        "everybody in the organisation"
    };
    facts.push(fact("seen_by", "Seen by", Cell::text(sees)));
    if let Some(group) = &team.directory_group {
        let cell = Cell::text(group.as_str());
        facts.push(fact("directory_group", "In directories", cell));
    }
    if !team.previously.is_empty() {
        let cell = Cell::text(team.previously.join(", "));
        facts.push(fact("previously", "Called before", cell));
    }
    let who_may = things::page_of(&access::model::Thing::Team(item.name.clone()));
    let cell = Cell::link("who may join or change it, and why", who_may);
    facts.push(fact("who_may", "Access", cell));
    facts
}

/// Who is in it on the day, resolved, with every way.
fn members(known: &Known, item: &Item<Team>) -> Part {
    let name = item.name.clone();
    let members = known.access.ask(move |matrix| matrix.members(&name));
    let columns = vec![
        column("person", "Person", ColumnKind::Text),
        column("login", "Login", ColumnKind::Text),
        column("role", "Role", ColumnKind::Text).choice(),
        column("until", "Until", ColumnKind::Day),
        column("why", "Why, and where it is said", ColumnKind::List),
    ];
    let rows = members.unwrap_or_default();
    let rows = rows.iter().map(|member| seat(known, member)).collect();
    let caption = format!("Its members on {}", known.day);
    table("members", caption, columns, rows, "Nobody is in it.")
}

fn seat(known: &Known, member: &Membership) -> Row {
    let person = ways::person(known, &member.person);
    let cells = vec![
        items::cell(person),
        Cell::text(member.login.as_str()),
        Cell::text(member.role.to_string()),
        Cell::day(member.until),
        ways::why(&member.why),
    ];
    row(cells, None)
}

/// The teams that are part of it, and those that include it.
fn parts(known: &Known, item: &Item<Team>, page: &mut Page) {
    let Some(around) = known.access.around(&item.name) else {
        return;
    };
    let mut facts = Vec::new();
    if !around.within.is_empty() {
        let label = "Teams in it, which may do what it may";
        facts.push(fact("teams", label, Cell::links(around.within.clone())));
    }
    if !around.including.is_empty() {
        let label = "Teams that include its members";
        facts.push(fact(
            "included_in",
            label,
            Cell::links(around.including.clone()),
        ));
    }
    if !facts.is_empty() {
        page.add(Part::Facts(facts));
    }
}

fn columns() -> Vec<Column> {
    vec![
        column("what", "What", ColumnKind::Text),
        column("kind", "Kind", ColumnKind::Text).choice(),
        column("may", "May", ColumnKind::Text).choice(),
        column("through", "Given to", ColumnKind::Text),
        column("until", "Until", ColumnKind::Day),
        column("confirmed", "Confirmed", ColumnKind::Day),
        column("reason", "Why", ColumnKind::Text),
    ]
}

/// Its own permissions and those of the teams it is part of.
fn permissions(known: &Known, item: &Item<Team>, page: &mut Page) {
    let mut rows = Vec::new();
    let estate = &known.checked.estate;
    let (mut at, mut seen) = (Some(item), Vec::new());
    while let Some(team) = at.filter(|team| !seen.contains(&team.name)) {
        seen.push(team.name.clone());
        let grants = team
            .value
            .grants
            .iter()
            .filter(|grant| grant.lasts_on(known.day));
        rows.extend(grants.map(|grant| granted(known, team, grant)));
        let roles = team
            .value
            .roles
            .iter()
            .filter(|role| role.lasts_on(known.day));
        rows.extend(roles.filter_map(|role| given(known, team, role)));
        at = team
            .value
            .parent
            .as_ref()
            .and_then(|parent| estate.find(parent));
    }
    let around = known.access.around(&item.name);
    let services = around.into_iter().flat_map(|around| &around.services);
    let services = services.filter_map(|&at| estate.tables.services.items().nth(at));
    for service in services {
        let cells = vec![
            Cell::link(service.title(), to("services", &service.name)),
            Cell::text("Service"),
            Cell::text("deploy"),
            Cell::link(item.name.as_str(), to("teams", &item.name)),
        ];
        let empty = std::iter::repeat_with(Cell::none).take(3);
        rows.push(row(
            cells.into_iter().chain(empty).collect(),
            known.source(service.span),
        ));
    }
    let caption = format!(
        "Permissions on {}, those of the teams it is part of among them",
        known.day
    );
    let none = "It may do nothing beyond being a list of people.";
    page.add(table("permissions", caption, columns(), rows, none));
}

fn granted(known: &Known, team: &Item<Team>, grant: &Grant) -> Row {
    let thing = things::repository(&grant.repository);
    let cells = vec![
        Cell::link(grant.repository.as_str(), things::page_of(&thing)),
        Cell::text(things::kind(&thing)),
        Cell::text(grant.permission.to_string()),
        Cell::link(team.name.as_str(), to("teams", &team.name)),
        Cell::day(grant.until.as_ref().map(|until| until.value)),
        Cell::day(grant.confirmed.as_ref().map(|day| day.value)),
        Cell::text(grant.reason.clone().unwrap_or_default()),
    ];
    row(cells, known.source(grant.repository.span))
}

fn given(known: &Known, team: &Item<Team>, role: &RoleGrant) -> Option<Row> {
    let thing = things::role(role)?;
    let word = role.role.as_ref().filter(|_| role.mailing_group.is_some());
    let cells = vec![
        Cell::link(things::name(&thing), things::page_of(&thing)),
        Cell::text(things::kind(&thing)),
        Cell::text(word.map_or("use", |word| word.as_str())),
        Cell::link(team.name.as_str(), to("teams", &team.name)),
        Cell::day(role.until.as_ref().map(|until| until.value)),
        Cell::day(role.confirmed.as_ref().map(|day| day.value)),
        Cell::text(role.reason.clone().unwrap_or_default()),
    ];
    let spans = [
        role.role.as_ref(),
        role.group.as_ref(),
        role.system.as_ref(),
    ];
    let span = spans.into_iter().flatten().next();
    Some(row(
        cells,
        known.source(span.map_or(team.span, |said| said.span)),
    ))
}
