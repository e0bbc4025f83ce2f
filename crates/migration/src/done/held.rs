//! Whether nothing is left, since when, and what is excused.

use std::collections::BTreeMap;

use jiff::ToSpan;
use jiff::civil::Date;

use super::{Finding, Question, Since, Task, Thing, Witness, said};
use crate::standing::{Asset, Standing};
use crate::state::State;

const GOALS: &str = "goals";
const HELD: &str = "held";
const EXCEPTIONS: &str = "exceptions";

/// All goals hold; what is excepted is told with the exceptions.
pub(super) fn goals(question: &Question<'_>, finding: &mut Finding) {
    let mut evidence = Vec::new();
    // By who moves it, and whether they own it: what nobody owns is for those who answer for the
    // migration.
    let mut left: BTreeMap<(&str, bool), Vec<(&str, Thing)>> = BTreeMap::new();
    for standing in question.standings {
        let migration = standing.migration.as_str();
        let mut count = 0;
        for asset in standing.left().filter(|asset| asset.is_held_to_the_list()) {
            let who = asset.owner.as_deref().unwrap_or(&standing.owner);
            let of_owner = left.entry((who, asset.owner.is_some())).or_default();
            of_owner.push((migration, thing(asset)));
            count += 1;
        }
        let day = question.today;
        evidence.push(match count {
            0 => format!("{migration}: nothing is left on {day}"),
            1 => format!("{migration}: 1 thing is left on {day}"),
            count => format!("{migration}: {count} things are left on {day}"),
        });
    }
    let mut of: Vec<_> = left.into_iter().collect();
    of.sort_by_key(|(_, things)| std::cmp::Reverse(things.len()));
    let tasks = of.into_iter().map(|((who, owned), things)| {
        let count = base::counted(things.len(), "thing", "things");
        let of = of_each(things.iter().map(|(migration, _)| *migration));
        Task {
            criterion: GOALS,
            who: Some(who.to_owned()),
            what: if owned {
                format!("move or retire {count}{of}")
            } else {
                format!("find owners for {count}{of} that nobody owns, and have them moved")
            },
            things: things.into_iter().map(|(_, thing)| thing).collect(),
        }
    });
    let tasks = tasks.collect();
    finding.criterion(GOALS, "Nothing is left to move", evidence, tasks);
}

/// Of which migrations things are: ` of jobs`, ` (12 of jobs, 3 of services)`.
fn of_each<'m>(migrations: impl Iterator<Item = &'m str>) -> String {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for migration in migrations {
        *counts.entry(migration).or_default() += 1;
    }
    let told: Vec<String> = counts
        .iter()
        .map(|(name, count)| format!("{count} of {name}"))
        .collect();
    match counts.len() {
        1 => counts.keys().map(|name| format!(" of {name}")).collect(),
        _ => format!(" ({})", told.join(", ")),
    }
}

fn of_it(standing: &Standing) -> String {
    format!(" of {}", standing.migration)
}

fn thing(asset: &Asset) -> Thing {
    Thing {
        name: asset.id.clone(),
        place: asset.place,
    }
}

/// That has been so for long enough.
pub(super) fn time(question: &Question<'_>, finding: &mut Finding) {
    let days = question.held_for_days;
    if days == 0 {
        return;
    }
    let mut evidence = Vec::new();
    let mut tasks = Vec::new();
    let mut after: Vec<&str> = Vec::new();
    for (standing, since) in question.standings.iter().zip(question.since) {
        let name = &standing.migration;
        evidence.push(match since {
            Since::Not if standing.left().next().is_none() => {
                format!("{name}: what moved last is not committed yet")
            }
            since => format!("{name}: {}", told(since)),
        });
        let task = |what: String| Task {
            criterion: HELD,
            who: None,
            what,
            things: Vec::new(),
        };
        let began = match since {
            Since::Always(_) => continue,
            // What is left is told before; the time begins after it.
            Since::Not => {
                after.push(name);
                continue;
            }
            Since::Unknown(_) => {
                tasks.push(task(format!(
                    "keep all that {name} moves in Git, so that it can be seen since when nothing is left"
                )));
                continue;
            }
            Since::Commit { first, .. } => first.day,
            Since::TooShort(oldest) => oldest.day,
        };
        if let Some(until) = over(began, days).filter(|until| *until > question.today) {
            tasks.push(task(format!(
                "wait until {until}: then nothing of {name} will have been left for {days} days"
            )));
        }
    }
    if !after.is_empty() {
        tasks.push(Task {
            criterion: HELD,
            who: None,
            what: format!(
                "then wait {days} days in which nothing of {} is left",
                after.join(", ")
            ),
            things: Vec::new(),
        });
    }
    let title = format!("That has been so for {days} days");
    finding.criterion(HELD, title, evidence, tasks);
}

/// The day on which so many days are over.
fn over(began: Date, days: u32) -> Option<Date> {
    began.checked_add(i64::from(days).days()).ok()
}

fn told(since: &Since) -> String {
    let at = |one: &Witness| format!("commit {} of {}", short(&one.commit), one.day);
    match since {
        Since::Not => "something is left today".to_owned(),
        Since::Commit {
            first,
            before: Some(before),
        } => {
            let left = base::counted(before.left, "thing was", "things were");
            format!(
                "nothing has been left since {}; in {}, {left} left",
                at(first),
                at(before)
            )
        }
        Since::Commit {
            first,
            before: None,
        } => format!(
            "nothing has been left since {}; what was there before cannot be read",
            at(first)
        ),
        Since::Always(witness) => format!("nothing was left in {}, nor since", at(witness)),
        Since::TooShort(oldest) => format!(
            "nothing was left since {}, which is the oldest there is: the history is too short to say more",
            at(oldest)
        ),
        Since::Unknown(why) => format!("nobody knows for how long: {why}"),
    }
}

/// As people write a commit.
fn short(commit: &str) -> &str {
    commit.get(..10).unwrap_or(commit)
}

/// Nothing stays where it was by an exception, and no exception is without an end.
pub(super) fn exceptions(question: &Question<'_>, finding: &mut Finding) {
    let mut evidence = Vec::new();
    let mut tasks = Vec::new();
    for standing in question.standings {
        running(standing, &mut tasks);
    }
    if question.policy.is_some() {
        endless(question, &mut tasks);
    }
    evidence.push(match tasks.len() {
        0 => format!("no exception lets anything stay on {}", question.today),
        1 => "1 exception stands in the way".to_owned(),
        count => format!("{count} exceptions stand in the way"),
    });
    let title = "Nothing stays by an exception, and no exception is without an end";
    finding.criterion(EXCEPTIONS, title, evidence, tasks);
}

/// The exceptions that let things of a migration stay, one task each.
fn running(standing: &Standing, tasks: &mut Vec<Task>) {
    let mut by_exception: BTreeMap<_, (&crate::Excepted, Vec<Thing>)> = BTreeMap::new();
    for asset in &standing.assets {
        if let State::Excepted(excepted) = &asset.state {
            let key = (excepted.span.file, excepted.span.start);
            let (_, things) = by_exception
                .entry(key)
                .or_insert_with(|| (excepted, Vec::new()));
            things.push(thing(asset));
        }
    }
    tasks.extend(by_exception.into_values().map(|(excepted, things)| {
        let end = match excepted.until {
            Some(until) => format!("it runs until {until}"),
            None => "it has no end".to_owned(),
        };
        let rest = format!(
            "{} that {} excepted ({}; {end})",
            of_it(standing),
            if things.len() == 1 { "is" } else { "are" },
            excepted.decision
        );
        Task {
            criterion: EXCEPTIONS,
            who: Some(standing.owner.clone()),
            what: said("move", &things, "thing", "things", &rest),
            things,
        }
    }));
}

/// Exceptions of policies that never end.
fn endless(question: &Question<'_>, tasks: &mut Vec<Task>) {
    for policy in question.estate.tables.policies.items() {
        for rule in &policy.value.rules {
            let endless = rule.exceptions.iter().filter(|one| one.until.is_none());
            let things: Vec<Thing> = endless
                .map(|one| Thing {
                    name: one.decision.clone(),
                    place: one.applies.span,
                })
                .collect();
            if things.is_empty() {
                continue;
            }
            let owner = rule.owner.as_ref().unwrap_or(&policy.value.owner);
            let rest = format!(" of {}/{} an end", policy.name, rule.id);
            tasks.push(Task {
                criterion: EXCEPTIONS,
                who: Some(owner.name.clone()),
                what: said("give", &things, "exception", "exceptions", &rest),
                things,
            });
        }
    }
}
