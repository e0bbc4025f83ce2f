//! What is said of a group.

use estate::Item;
use estate::kinds::{Group, Selection};
use portal::model::{Cell, Part};

use super::super::{period, private_list, seats};
use crate::portal::shown::Known;
use crate::portal::{findings, items};

pub(super) fn facts(known: &Known, group: &Item<Group>) -> Part {
    let value = &group.value;
    let mut facts = items::Facts::new(known);
    facts.at(
        "name",
        "Known as",
        Cell::text(group.name.clone()),
        group.span,
    );
    facts.say_if(
        "charter",
        "Charter",
        value.charter.as_deref().map(items::address),
    );
    if let Some(parent) = &value.parent {
        facts.at(
            "parent",
            "Part of",
            items::cell(items::group(known, parent)),
            parent.span,
        );
    }
    let consulted: Vec<_> = value
        .stakeholders
        .iter()
        .map(|one| items::group(known, one))
        .collect();
    if !consulted.is_empty() {
        facts.say("stakeholders", "Answers to", Cell::links(consulted));
    }
    facts.say_if(
        "formed",
        "Formed",
        value.formed.map(|day| Cell::day(Some(day))),
    );
    if let Some(by) = &value.decides_by {
        facts.at(
            "decides_by",
            "Decides by",
            Cell::text(by.value.replace('-', " ")),
            by.span,
        );
    }
    reached(known, value, &mut facts);
    facts.say_if(
        "board",
        "Work is planned at",
        value.board.as_deref().map(items::address),
    );
    let next = value.escalation.iter().map(|next| {
        let body = items::group(known, &next.to).text;
        format!("{body} after {}", period(next.after))
    });
    let next: Vec<String> = next.collect();
    if !next.is_empty() {
        facts.say(
            "escalation",
            "Unsettled matters go to",
            Cell::text(next.join(", then ")),
        );
    }
    seated(known, value, &mut facts);
    facts.part()
}

/// A public list; an address of a person's is never in its place.
fn list(list: &str) -> Cell {
    if findings::has_address(list) && !list.contains('/') {
        return Cell::link(list, format!("mailto:{list}"));
    }
    items::address(list)
}

fn seated(known: &Known, group: &Group, facts: &mut items::Facts<'_>) {
    let (Some(of), Some(filled)) = (&group.seats, seats(known, group)) else {
        return;
    };
    let how = match of.selection {
        Selection::Election => "by election",
        Selection::Appointment => "by appointment",
        Selection::Merit => "by work done",
    };
    facts.say(
        "seats",
        "Seats filled",
        Cell::text(format!("{filled}, {how}")),
    );
    if let Some(term) = of.term {
        facts.say("term", "A term lasts", Cell::text(length(term)));
    }
    let Some(limits) = &of.limits else {
        return;
    };
    let row = limits.consecutive.map(|most| format!("{most} in a row"));
    let ever = limits.lifetime.map(|most| format!("{most} ever"));
    let said: Vec<String> = row.into_iter().chain(ever).collect();
    facts.say(
        "limits",
        "Most terms of one person",
        Cell::text(said.join(", ")),
    );
}

fn length(term: estate::kinds::TermLength) -> String {
    let months = usize::try_from(term.months()).unwrap_or(usize::MAX);
    if months.is_multiple_of(12) {
        items::counted(months / 12, "year")
    } else {
        items::counted(months, "month")
    }
}

/// How to reach it; what is private is for those who may see contacts.
fn reached(known: &Known, value: &Group, facts: &mut items::Facts<'_>) {
    if let Some(contact) = &value.contact {
        facts.say_if(
            "chat",
            "In chat",
            contact.chat.as_deref().map(items::address),
        );
        facts.say_if(
            "mailing_list",
            "Mailing list",
            contact.mailing_list.as_deref().map(list),
        );
        if let Some((cell, span)) = private_list(value) {
            facts.at("private_list", "Private list", cell, span);
        }
        if let Some(liaison) = &contact.liaison {
            facts.at(
                "liaison",
                "Spoken for by",
                items::full_name(known, liaison),
                liaison.span,
            );
        }
    }
}
