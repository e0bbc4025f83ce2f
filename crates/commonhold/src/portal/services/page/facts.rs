//! What is said of a service.

use estate::Item;
use estate::KindId;
use estate::kinds::{Criticality, Service};
use portal::model::{Cell, Mood, Part, Value};
use portal::{Audience, Private};

use super::super::owner;
use crate::portal::items;
use crate::portal::shown::Known;

pub(super) fn facts(known: &Known, service: &Item<Service>) -> Part {
    let value = &service.value;
    let mut facts = items::Facts::new(known);
    match &value.owner {
        Some(named) => facts.at("owner", "Owner", owner(known, value), named.span),
        None => facts.say("owner", "Owner", Cell::state(Mood::Bad, "nobody")),
    }
    let harm = match value.criticality {
        Criticality::Critical => "critical: users or releases are harmed at once",
        Criticality::Important => "important: contributors are held up",
        Criticality::Useful => "useful: somebody misses it",
    };
    facts.say("criticality", "When it fails", Cell::text(harm));
    facts.say(
        "kind",
        "Written by",
        Cell::text(super::super::written(value.kind)),
    );
    found(known, value, &mut facts);
    changed(known, value, &mut facts);
    facts.say_if(
        "started",
        "In service since",
        value.started.map(|day| Cell::day(Some(day))),
    );
    moves(value, &mut facts);
    facts.part()
}

fn moves(value: &Service, facts: &mut items::Facts<'_>) {
    let Some(migration) = &value.migration else {
        return;
    };
    let to = migration.to.as_ref();
    let whither = to.map_or(String::new(), |to| format!(" to {}", to.name));
    facts.say("migration", "Moves", super::super::migration(value));
    let way = format!("from {}{whither}", migration.from.name);
    facts.at("way", "Way", Cell::text(way), migration.from.span);
    if let Some(due) = &migration.due {
        facts.at("due", "Due", Cell::day(Some(due.value)), due.span);
    }
    let tracked = migration.tracked_by.as_deref();
    facts.say_if("tracked_by", "Tracked by", tracked.map(items::address));
}

/// Where it runs, under which names it is found, and where its source is.
fn found(known: &Known, value: &Service, facts: &mut items::Facts<'_>) {
    for place in &value.runs_at {
        let account = known.checked.estate.find(&place.account);
        let provider = account.map(|account| account.value.provider.as_str());
        let cluster = place
            .cluster
            .as_deref()
            .map(|name| format!("cluster {name}"));
        let name = &place.account.name;
        let named =
            provider.map_or_else(|| name.clone(), |provider| format!("{name} ({provider})"));
        let parts = [Some(named), cluster, place.region.clone()];
        let said: Vec<String> = parts.into_iter().flatten().collect();
        facts.at(
            "runs_at",
            "Runs at",
            Cell::text(said.join(", ")),
            place.account.span,
        );
        if let Some(resource) = &place.resource {
            let cell = Cell::new(Value::Code(resource.clone()));
            facts.say(
                "resource",
                "Called there",
                cell.only(Audience::Private(Private::Accounts)),
            );
        }
    }
    for name in &value.hostnames {
        let cell = Cell::link(name.value.clone(), format!("https://{}", name.value));
        facts.at("hostname", "Found at", cell, name.span);
    }
    for code in &value.source {
        let folder = code
            .path
            .as_deref()
            .map_or(String::new(), |path| format!(", in {path}"));
        let cell = items::address(&code.repository);
        let cell = match cell.to {
            Some(_) => cell,
            None => Cell::text(format!("{}{folder}", code.repository.value)),
        };
        facts.at("source", "Source", cell, code.repository.span);
    }
}

/// How it is changed, and what to do when it fails.
fn changed(known: &Known, value: &Service, facts: &mut items::Facts<'_>) {
    if let Some(by) = &value.administration {
        facts.say("administration", "Changed by", Cell::text(by.by.word()));
        if let Some(team) = &by.team {
            let found = known.checked.estate.find(team);
            let name = found.map_or(&team.name, |found| &found.name);
            let audience = items::membership(known, KindId::Team, name);
            let cell = items::cell(items::item(KindId::Team, name));
            facts.at("team", "Administered by", cell.only(audience), team.span);
        }
    }
    let runbook = value
        .administration
        .as_ref()
        .and_then(|by| by.runbook.as_deref());
    facts.say(
        "runbook",
        "Runbook",
        match runbook {
            Some(runbook) => items::address(runbook),
            None => Cell::text("none"),
        },
    );
}
