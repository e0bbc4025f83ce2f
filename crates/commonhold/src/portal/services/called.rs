//! Who is called when a service fails: now, and who next.

use estate::kinds::{EscalationStep, OnCall, Person, Service};
use estate::{Item, Ref};
use jiff::civil::{DateTime, Weekday};
use portal::AsOf;
use portal::model::{Part, Step, StepState};

use crate::portal::items;
use crate::portal::shown::Known;

/// Names in a step; more are counted.
const NAMED: usize = 12;

/// The steps of an escalation, as of an instant.
pub(super) fn steps(known: &Known, on_call: &OnCall, now: &AsOf) -> Part {
    let hours = on_call.hours.as_deref().unwrap_or("at any time");
    let first = Step {
        state: StepState::Now,
        title: format!("Whoever has the turn ({hours})"),
        text: people(known, on_call.rota.iter(), now),
        at: None,
    };
    let mut after = 0u32;
    let next = on_call.escalation.iter().map(|step| {
        after = after.saturating_add(step.after_minutes);
        let (title, text) = next(known, step, now);
        Step {
            state: StepState::Ahead,
            title: format!("After {after} minutes without an answer: {title}"),
            text,
            at: None,
        }
    });
    Part::Steps(std::iter::once(first).chain(next).collect())
}

/// Whom a step means.
fn next(known: &Known, step: &EscalationStep, now: &AsOf) -> (String, String) {
    let estate = &known.checked.estate;
    if let Some(person) = &step.person {
        let who = people(known, [person].into_iter(), now);
        return ("one person".to_owned(), who);
    }
    if let Some(group) = &step.group {
        let found = estate.find(group);
        let leads = found.map(|found| {
            let leads = found.value.leads_on(known.day).map(|lead| &lead.person);
            people(known, leads, now)
        });
        let title = format!("the leads of {}", items::group(known, group).text);
        return (title, leads.unwrap_or_default());
    }
    if let Some(service) = &step.service {
        let found = estate.find(service);
        let rota = found.and_then(|found| found.value.on_call.as_ref());
        let who = rota.map(|on_call| people(known, on_call.rota.iter(), now));
        let title = format!(
            "whoever is called for {}",
            items::service(known, service).text
        );
        return (
            title,
            who.unwrap_or_else(|| "nobody is said to be".to_owned()),
        );
    }
    ("nobody".to_owned(), String::new())
}

/// People with what their clocks show, those first who are at work.
fn people<'r>(known: &Known, named: impl Iterator<Item = &'r Ref<Person>>, now: &AsOf) -> String {
    let estate = &known.checked.estate;
    let mut seen: Vec<(bool, String)> = Vec::new();
    for person in named.filter_map(|one| estate.find(one)) {
        let clock = clock(person, now);
        let awake = clock.is_some_and(works);
        let said = match clock {
            Some(clock) => {
                let there = clock.strftime("%a %H:%M");
                let work = if awake { ", working hours" } else { "" };
                format!("{} ({there} there{work})", person.title())
            }
            None => person.title().to_owned(),
        };
        if !seen.iter().any(|(_, other)| *other == said) {
            seen.push((!awake, said));
        }
    }
    seen.sort_by_key(|(asleep, _)| *asleep);
    let more = seen.len().saturating_sub(NAMED);
    let named = seen.into_iter().take(NAMED).map(|(_, said)| said);
    let mut said: Vec<String> = named.collect();
    if more > 0 {
        said.push(format!("and {more} more"));
    }
    if said.is_empty() {
        return "Nobody is named.".to_owned();
    }
    said.join("; ") + "."
}

fn clock(person: &Item<Person>, now: &AsOf) -> Option<DateTime> {
    items::clocks(person.value.time_zone.as_ref()?, now.instant())
}

/// Whether people are at work as a clock shows this.
fn works(clock: DateTime) -> bool {
    let weekend = matches!(clock.weekday(), Weekday::Saturday | Weekday::Sunday);
    !weekend && (9..17).contains(&clock.hour())
}

/// What is said of being called, in a sentence, where nobody is.
pub(super) fn nobody(service: &Service) -> String {
    match service.on_call {
        Some(_) => "A rota is declared, and nobody is on it.",
        None => "Nobody is called when it fails: whoever notices asks its owner.",
    }
    .to_owned()
}
