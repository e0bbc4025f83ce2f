//! Unusual costs, what nobody owns, and quotas.

use base::{Decimal, Month};

use crate::alerts::facts::{
    Circumstances, Fact, Holding, QuotaStanding, Unallocated, UnusualCost, event_id,
};
use crate::alerts::told::Channels;
use crate::outlook::{Money, after, between};

/// An unusual cost is told if its last day is no longer ago than so many days.
const NEW: i64 = 14;
/// What nobody owns is taken back when it is below this share of its limit, in per cent.
const NEAR: i64 = 90;
/// A quota is told so many days before it is reached, and taken back when it is this much more.
const QUOTA_DAYS: i64 = 60;
const QUOTA_NEAR_DAYS: i64 = 30;

pub(super) fn facts(circumstances: &Circumstances<'_>, channels: &Channels<'_>) -> Vec<Fact> {
    let new = |event: &&UnusualCost| between(event.days.until, circumstances.today) <= NEW;
    let events = circumstances.events.iter().filter(new);
    let events = events.map(|event| unusual(event, channels));
    let nobodys = circumstances.unallocated.iter();
    let nobodys = nobodys.map(|one| unallocated(one, circumstances, channels));
    let quotas = circumstances.quotas.iter();
    let quotas = quotas.map(|one| quota(one, circumstances, channels));
    events.chain(nobodys).chain(quotas).collect()
}

fn unusual(event: &UnusualCost, channels: &Channels<'_>) -> Fact {
    let money = |amount| Money::new(amount, event.currency);
    let more = event.actual - event.expected;
    let direction = if more.is_negative() { "less" } else { "more" };
    let owner = event.owner.clone().unwrap_or_default();
    let mut details: Vec<String> = event
        .contributors
        .iter()
        .map(|one| format!("- {one}"))
        .collect();
    if !details.is_empty() {
        details.insert(0, "What explains it:".to_owned());
    }
    Fact {
        id: event_id(&event.id),
        // What was looked at is told no more, and what was told of it stands.
        holds: if event.settled {
            Holding::Unknown
        } else {
            Holding::Yes
        },
        subject: format!(
            "{}: {} {direction} than expected since {}",
            event.what,
            format_args!("{:.0}", money(more.abs())),
            event.days.from
        ),
        title: format!("Unusual cost {}: {}, {}", event.id, event.what, event.days),
        now: format!(
            "{} was spent, where {:.0} was to be expected.{}",
            money(event.actual),
            money(event.expected),
            if event.open {
                " It may still go on."
            } else {
                ""
            }
        ),
        details,
        action: format!(
            "{}, or write it down with `commonhold spend acknowledge {}`",
            if more.is_negative() {
                "find out what stopped, or whether bills are missing"
            } else {
                "find out why, and stop it"
            },
            event.id
        ),
        to: channels.or_usual(&[], &owner),
        owner,
    }
}

fn unallocated(
    one: &Unallocated,
    circumstances: &Circumstances<'_>,
    channels: &Channels<'_>,
) -> Fact {
    let limit = Decimal::whole(i64::from(one.limit));
    let near = limit.share(Decimal::whole(NEAR), Decimal::whole(100));
    let near = near.map_or(limit, |near| near.value);
    let money = |amount| Money::new(amount, one.currency);
    let largest = one.largest.iter();
    let largest = largest.map(|(place, amount)| format!("- {place}: {}", money(*amount)));
    let mut details = vec!["The largest of it:".to_owned()];
    details.extend(largest);
    Fact {
        id: format!(
            "unallocated/{}/{}",
            one.currency,
            Month::of(circumstances.today)
        ),
        holds: if one.share >= limit {
            Holding::Yes
        } else if one.share >= near {
            Holding::Nearly
        } else {
            Holding::No
        },
        subject: format!(
            "More than {}% of the costs in {} are nobody's",
            one.limit, one.currency
        ),
        title: format!("Costs that no rule gives to anybody, {}", one.days),
        now: format!(
            "{} is nobody's: {:.1}% of all.",
            money(one.amount),
            one.share
        ),
        details,
        action: "add rules to spend.yaml that say whose they are".to_owned(),
        owner: String::new(),
        to: channels.or_usual(&[], ""),
    }
}

fn quota(one: &QuotaStanding, circumstances: &Circumstances<'_>, channels: &Channels<'_>) -> Fact {
    let today = circumstances.today;
    let owner = one.owner.clone().unwrap_or_default();
    let by = |days: i64| {
        one.used
            .reached
            .is_some_and(|day| day <= after(today, days))
    };
    let holds = if by(QUOTA_DAYS) {
        Holding::Yes
    } else if by(QUOTA_DAYS + QUOTA_NEAR_DAYS) {
        Holding::Nearly
    } else {
        Holding::No
    };
    let was = one.used.highest >= one.limit;
    let reached = match one.used.reached {
        Some(day) if was => format!("It was reached on {day}."),
        Some(day) => format!("At this rate it is reached on {day}."),
        None => "At this rate it is not reached.".to_owned(),
    };
    Fact {
        id: format!("quota/{}/{}/{}", one.provider, one.name, one.limit),
        holds,
        subject: format!(
            "Quota {} of {} {}",
            one.name,
            one.provider,
            if was { "is reached" } else { "will be reached" }
        ),
        title: format!(
            "Quota {} of {}: {} {}",
            one.name, one.provider, one.limit, one.unit
        ),
        now: format!(
            "At most {} {} were used, on {}. {reached}",
            one.used.highest, one.unit, one.used.on
        ),
        details: Vec::new(),
        action: format!("ask {} for more, or use less", one.provider),
        to: channels.or_usual(&[], &owner),
        owner,
    }
}
