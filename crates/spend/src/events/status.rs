//! Whether anybody has to look at an event.

use std::collections::BTreeMap;

use base::{Decimal, Diagnostic};
use jiff::civil::Date;
use serde::Serialize;

use super::narrow::is_share;
use super::{Event, codes};
use crate::settings::{EventScope, OneOrMore, Pattern, Planned, Settings};

/// Services that are planned must have so much of an event for it to be planned.
const PLANNED: (i64, i64) = (4, 5);

/// Whether anybody has to look at an event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Status {
    /// Nobody has yet.
    New,
    /// It was meant: all of its days are in a planned time.
    Planned {
        /// The name of the plan.
        name: String,
        /// Where it was decided or is tracked.
        link: Option<String>,
    },
    /// It was meant, and goes on after the planned time is over.
    Outlasted {
        /// The name of the plan.
        name: String,
        /// The first day on which it should have been over.
        until: Date,
        /// Where it was decided or is tracked.
        link: Option<String>,
    },
    /// Somebody has looked at it.
    Acknowledged {
        /// What it was.
        reason: Option<String>,
        /// Who looked at it.
        by: Option<String>,
        /// When.
        on: Option<Date>,
    },
}

impl Status {
    /// Whether somebody should look at it.
    pub fn is_open(&self) -> bool {
        matches!(self, Self::New | Self::Outlasted { .. })
    }
}

impl std::fmt::Display for Status {
    /// `planned: load test (https://…)`; nothing where nobody has looked at it.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let linked = |link: &Option<String>| {
            let link = link.as_ref();
            link.map(|link| format!(" ({link})")).unwrap_or_default()
        };
        match self {
            Self::New => Ok(()),
            Self::Planned { name, link } => write!(f, "planned: {name}{}", linked(link)),
            Self::Outlasted { name, until, link } => {
                write!(
                    f,
                    "planned until {until}, and goes on: {name}{}",
                    linked(link)
                )
            }
            Self::Acknowledged { reason, by, on } => {
                f.write_str("acknowledged")?;
                if let Some(by) = by {
                    write!(f, " by {by}")?;
                }
                if let Some(on) = on {
                    write!(f, " on {on}")?;
                }
                match reason {
                    Some(reason) => write!(f, ": {reason}"),
                    None => Ok(()),
                }
            }
        }
    }
}

/// What `spend.yaml` says of an event. A planned time that names a service of the vendor is only
/// about events whose services are known.
pub(super) fn of(
    event: &Event,
    settings: &Settings,
    services: Option<&BTreeMap<String, Decimal>>,
) -> Status {
    let known = settings.acknowledged.iter().map(|one| &one.value);
    if let Some(one) = known
        .into_iter()
        .find(|one| has_id(event, &one.event.value))
    {
        return Status::Acknowledged {
            reason: one.reason.as_ref().map(|reason| reason.value.clone()),
            by: one.by.as_ref().map(|by| by.name.clone()),
            on: one.on,
        };
    }
    let meant = |planned: &&Planned| {
        let begun = planned.from.value <= event.days.from && event.days.from < planned.until.value;
        begun && covers(&planned.scope, event, services)
    };
    // Of several the one that lasts longest.
    let plans = settings.planned.iter().filter(meant);
    match plans.max_by_key(|planned| planned.until.value) {
        None => Status::New,
        Some(plan) if event.days.until < plan.until.value => Status::Planned {
            name: plan.name.value.clone(),
            link: plan.link.clone(),
        },
        Some(plan) => Status::Outlasted {
            name: plan.name.value.clone(),
            until: plan.until.value,
            link: plan.link.clone(),
        },
    }
}

fn has_id(event: &Event, id: &str) -> bool {
    event.id == id || event.also.iter().any(|also| also == id)
}

fn covers(scope: &EventScope, event: &Event, services: Option<&BTreeMap<String, Decimal>>) -> bool {
    let place = &event.place;
    let agrees = |asked: &Option<OneOrMore<Pattern>>, said: &Option<String>| {
        let said = said.as_deref().unwrap_or_default();
        asked.as_ref().is_none_or(|asked| any(asked, said))
    };
    let service = scope.service.as_ref().is_none_or(|asked| {
        let named = services
            .into_iter()
            .flatten()
            .filter(|(name, _)| any(asked, name));
        let more = named.map(|(_, more)| *more).sum();
        is_share(more, event.more(), event.direction, PLANNED)
    });
    service
        && agrees(&scope.provider, &place.provider)
        && agrees(&scope.account, &place.account)
        && agrees(&scope.sub_account, &place.sub_account)
        && agrees(&scope.owner, &place.owner)
}

fn any(asked: &OneOrMore<Pattern>, said: &str) -> bool {
    asked.each.iter().any(|pattern| pattern.matches(said))
}

/// What is acknowledged and is no event.
pub fn acknowledged_in_vain(events: &[Event], settings: &Settings) -> Vec<Diagnostic> {
    let vain = settings.acknowledged.iter().map(|one| &one.value.event);
    let vain = vain.filter(|id| !events.iter().any(|event| has_id(event, &id.value)));
    let finding = |id: &base::Spanned<String>| {
        let message = format!("there is no event `{}`", base::visible(&id.value));
        let finding = Diagnostic::new(&codes::ACKNOWLEDGED, id.span, message);
        finding.help(match near(events, &id.value) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "`commonhold spend events` shows those there are; remove the entry if it was one before a correction \
                     of the bills"
                .to_owned(),
        })
    };
    vain.map(finding).collect()
}

fn near(events: &[Event], id: &str) -> Option<String> {
    let ids = events.iter().map(|event| event.id.as_str());
    base::nearest(id, ids).map(str::to_owned)
}

/// A text names no event, or more than one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoSuchEvent {
    /// None.
    #[error("there is no event `{written}`{hint}")]
    None {
        /// What was written.
        written: String,
        /// What may have been meant.
        hint: String,
    },
    /// More than one.
    #[error("`{written}` begins the ids of several events: {}", .ids.join(", "))]
    Several {
        /// What was written.
        written: String,
        /// Their ids.
        ids: Vec<String>,
    },
}

/// The event with an id, or the only one whose id begins so.
///
/// # Errors
/// There is none, or there are several.
pub fn named<'e>(events: &'e [Event], text: &str) -> Result<&'e Event, NoSuchEvent> {
    if let Some(event) = events.iter().find(|event| has_id(event, text)) {
        return Ok(event);
    }
    let begins = |event: &&Event| !text.is_empty() && event.id.starts_with(text);
    let found: Vec<&Event> = events.iter().filter(begins).collect();
    let written = base::visible(text);
    match found[..] {
        [event] => Ok(event),
        [] => Err(NoSuchEvent::None {
            written,
            hint: near(events, text).map_or_else(
                || "; `commonhold spend events` shows those there are".to_owned(),
                |near| format!("; did you mean `{near}`?"),
            ),
        }),
        _ => Err(NoSuchEvent::Several {
            written,
            ids: found.iter().map(|event| event.id.clone()).collect(),
        }),
    }
}
