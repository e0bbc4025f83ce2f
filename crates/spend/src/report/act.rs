//! Whether there is something to do now: what alerts say too, and what comes next.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::model::{Act, Action, Cause, Ends};
use crate::alerts::{Fact, Holding};
use crate::budgets;
use crate::grants::{Grants, State};
use crate::outlook::{between, words};

/// What is to be done by a day and after it.
pub(super) fn act(day: Date, facts: &[Fact], grants: &Grants, ends: &[Ends]) -> Act {
    let mut actions = now(day, facts);
    actions.extend(later(day, grants));
    actions.sort();
    let pressing = |action: &&Action| action.due <= day && action.cause.presses();
    let first = actions.iter().find(pressing);
    let others = actions.iter().filter(pressing).count().saturating_sub(1);
    let text = match (first, actions.first()) {
        (Some(first), _) => {
            let others = match others {
                0 => String::new(),
                others => format!(" {others} more below."),
            };
            format!("Act now: {}. To do: {}.{others}", first.why, first.what)
        }
        (None, Some(next)) if next.due > day => format!(
            "Nothing is due now. The next is due in {}, by {}: {}.",
            base::counted(count(between(day, next.due)), "day", "days"),
            next.due,
            next.what
        ),
        (None, Some(_)) => "Nothing presses. Something is to be looked at, below.".to_owned(),
        (None, None) if ends.is_empty() => {
            "Nobody can say when money ends: no grant and no budget of the estate says what there \
             is."
            .to_owned()
        }
        (None, None) => "Nothing is due.".to_owned(),
    };
    let soonest = ends.iter().find_map(|one| Some((one, one.on.middle()?)));
    Act {
        now: first.is_some(),
        days_left: soonest.map(|(_, on)| between(day, on).max(0)),
        text,
        money: soonest.map_or_else(String::new, |(one, on)| {
            if on < day {
                format!("The money of “{}” ended on {on}.", one.what)
            } else {
                format!(
                    "The money of “{}” ends first: {}.",
                    one.what,
                    words::day(one.on)
                )
            }
        }),
        actions,
    }
}

fn count(days: i64) -> usize {
    usize::try_from(days).unwrap_or_default()
}

/// What holds, as alerts say it. Of several thresholds of one budget that are crossed the highest
/// counts.
fn now(day: Date, facts: &[Fact]) -> Vec<Action> {
    let holding = facts.iter().filter(|fact| fact.holds == Holding::Yes);
    let mut kept: BTreeMap<&str, (u32, &Fact)> = BTreeMap::new();
    for fact in holding {
        let (group, at) = match cause(&fact.id) {
            Some(Cause::Threshold) => {
                let split = fact.id.rsplit_once('-');
                split.map_or((fact.id.as_str(), 0), |(group, at)| {
                    (group, at.parse().unwrap_or_default())
                })
            }
            _ => (fact.id.as_str(), 0),
        };
        let most = kept.entry(group).or_insert((at, fact));
        if at > most.0 {
            *most = (at, fact);
        }
    }
    let action = |(_, fact): (u32, &Fact)| {
        Some(Action {
            due: day,
            cause: cause(&fact.id)?,
            why: fact.subject.clone(),
            // Marks of code are for mails.
            what: fact.action.replace('`', ""),
            owner: fact.owner.clone(),
        })
    };
    kept.into_values().filter_map(action).collect()
}

/// What a fact is about, by its id.
fn cause(id: &str) -> Option<Cause> {
    let (kind, _) = id.split_once('/')?;
    let (_, what) = id.rsplit_once('/')?;
    match (kind, what) {
        ("grant", "used-up") => Some(Cause::UsedUp),
        ("grant", "ask") => Some(Cause::Ask),
        ("grant", _) => Some(Cause::Lapse),
        ("budget", _) => Some(Cause::Threshold),
        ("quota", _) => Some(Cause::Quota),
        ("event", _) => Some(Cause::Event),
        ("unallocated", _) => Some(Cause::Unallocated),
        _ => None,
    }
}

/// Grants that are to be asked for on a day to come.
fn later(day: Date, grants: &Grants) -> Vec<Action> {
    let ask = |one: &crate::grants::Standing| {
        let due = one.ask_from.filter(|from| *from > day)?;
        Some(Action {
            due,
            cause: Cause::Ask,
            why: format!(
                "Grant {}: its money ends {}",
                one.name,
                words::day(one.ends)
            ),
            what: format!("ask {} for another", one.giver),
            owner: one.owner.clone(),
        })
    };
    grants.standings.iter().filter_map(ask).collect()
}

/// When money ends, what ends first before the rest: of grants that are not over, and of budgets
/// that may not last as long as their period.
pub(super) fn ends(grants: &Grants, budgets: &[budgets::Standing]) -> Vec<Ends> {
    let live = grants
        .standings
        .iter()
        .filter(|one| matches!(one.state, State::Running | State::Ahead))
        .map(|one| Ends {
            what: one.title.clone(),
            left: one.left,
            currency: one.currency,
            on: one.ends,
            until: one.days.until,
        });
    let short = budgets
        .iter()
        .filter(|one| one.runs_out.low().flatten().is_some())
        .map(|one| Ends {
            what: one.title.clone(),
            left: one.amount - one.spent,
            currency: one.currency,
            on: one.runs_out.map(|day| day.unwrap_or(one.period.until)),
            until: one.period.until,
        });
    let mut ends: Vec<Ends> = live.chain(short).collect();
    ends.sort_by(|a, b| {
        let first = |one: &Ends| one.on.middle().unwrap_or(one.until);
        (first(a), &a.what).cmp(&(first(b), &b.what))
    });
    ends
}
