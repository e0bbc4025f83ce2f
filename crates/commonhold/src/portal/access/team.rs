//! The page of a team.

use access::model::{Access, Principal, Thing};
use estate::kinds::{Grant, RoleGrant, Team};
use estate::{Item, KindId};
use portal::model::{Cell, Column, ColumnKind, Fact, Link, Mood, Page, Part, Row, Section};

use super::secrets::is_secret;
use super::{grants, lists, things, ways};
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
    page.audience = members_of(secret);
    if secret {
        page.state = Some((Mood::Plain, "secret".to_owned()));
    }
    page.add(Part::Facts(facts(known, item)));
    page.heading("members", "Who is in it");
    if secret {
        page.say("Its members only, and those who may see such lists, see that it is there.");
    }
    page.add(members(known, item));
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
        let audience = items::membership(known, KindId::Team, &parent.name);
        facts.push(fact("parent", "Part of", cell.only(audience)));
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
    let who_may = things::page_of(&Thing::Team(item.name.clone()));
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
    let members = members.unwrap_or_default().into_iter().map(|member| {
        let person = ways::person(known, &member.person);
        let first = vec![items::cell(person), Cell::text(member.login)];
        let answer = Access {
            who: Principal::Person(member.person),
            what: Thing::Team(item.name.clone()),
            level: member.role.into(),
            until: member.until,
            why: member.why,
        };
        (first, answer)
    });
    let rows = ways::rows(known, members);
    let caption = format!("Its members on {}", known.day);
    table("members", caption, columns, rows, "Nobody is in it.")
}

/// The teams that are part of it, and those that include it.
fn parts(known: &Known, item: &Item<Team>, page: &mut Page) {
    let Some(around) = known.access.around(&item.name) else {
        return;
    };
    let mut facts = Vec::new();
    let mut say = |id, label, teams: &[Link]| {
        for secret in [false, true] {
            let audience = members_of(secret);
            let is_for =
                |team: &&Link| items::membership(known, KindId::Team, &team.text) == audience;
            let teams: Vec<Link> = teams.iter().filter(is_for).cloned().collect();
            if !teams.is_empty() {
                facts.push(fact(id, label, Cell::links(teams).only(audience)));
            }
        }
    };
    let label = "Teams in it, which may do what it may";
    say("teams", label, &around.within);
    let label = "Teams that include its members";
    say("included_in", label, &around.including);
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
    Row {
        audience: members_of(is_secret(&team.value)),
        ..row(cells, known.source(grant.repository.span))
    }
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
    let source = known.source(span.map_or(team.span, |said| said.span));
    Some(Row {
        audience: grants::audience_of(known, &team.value, role),
        ..row(cells, source)
    })
}
