//! Days on which more or less was spent than was to be expected, and what explains them.
//!
//! ```text
//! Known ─► Ground: usage by day, and every place it is watched in: all, each provider, owner,
//!   │              service and sub-account
//!   ▼
//! candidates: days that were not to be expected, place by place (crate `forecast`)
//!   ▼
//! narrow: the deepest place that explains four fifths of it ─► merge: one cause, one event
//!   ▼
//! status: planned, acknowledged, or to be looked at
//! ```
//!
//! What an event is depends on its days and those before it alone: a day later it is found again
//! with the same id.
//!
//! Only usage is watched, before credits: taxes, purchases and adjustments are posted on one day
//! for many. What is posted on the same day of each month is no event either.

mod candidates;
pub mod codes;
mod details;
mod ground;
mod merge;
mod narrow;
mod ordinary;
mod place;
mod status;

use base::{Currency, Decimal};
use jiff::civil::Date;
use serde::Serialize;

pub use details::{Detail, Question};
pub use forecast::Direction;
pub use place::Place;
pub use status::{NoSuchEvent, Status, acknowledged_in_vain, named};

use crate::outlook::{Days, Known, Money, percent};
use crate::settings::Settings;
use ground::Ground;
use merge::Cause;
use narrow::Came;

/// How unexpected days must be to be told of. All of it must hold.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Thresholds {
    /// By how many standard deviations of the days before; of days in a row together.
    pub deviations: f64,
    /// By which share of what was expected in that place: 0.2 is 20 %.
    pub relative: f64,
    /// By which share of a day of all that is spent in the currency, on one day at least: 0.005
    /// is half a per cent, $20 of $4,000 a day.
    pub of_all: f64,
    /// By how much on one day at least, in units of whatever currency.
    pub absolute: f64,
    /// After how many days at a new level that is the level, and no event any more.
    pub lasting_days: usize,
}

impl Default for Thresholds {
    /// 5 deviations, a fifth of what was expected, and half a per cent of a day of everything;
    /// for up to 14 days.
    fn default() -> Self {
        Self {
            deviations: 5.0,
            relative: 0.2,
            of_all: 0.005,
            absolute: 0.0,
            lasting_days: 14,
        }
    }
}

/// Days in a row on which a place cost more or less than was to be expected, for one cause.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Event {
    /// What it is acknowledged by: its first day and eight digits of what it is. More days of
    /// charges do not change it.
    pub id: String,
    /// The ids by which the same was seen in wider places or from other days on. Whoever
    /// acknowledged one of them has acknowledged this.
    pub also: Vec<String>,
    /// The deepest place that explains it.
    pub place: Place,
    /// The currency of its amounts.
    pub currency: Currency,
    /// Its days, as far as they are known.
    pub days: Days,
    /// The day by whose charges it was found.
    pub found: Date,
    /// Whether more was spent, or less.
    #[serde(serialize_with = "direction")]
    pub direction: Direction,
    /// Whether it may still go on.
    pub open: bool,
    /// The day on which it was taken for the new level, if it was.
    pub level_since: Option<Date>,
    /// What was spent; exact.
    pub actual: Decimal,
    /// What the same weekdays of the four weeks before came to on average, days of other events
    /// left out.
    pub expected: Decimal,
    /// What explains it, the largest first; at most five.
    pub contributors: Vec<Contributor>,
    /// Whether anybody has to look at it.
    pub status: Status,
    /// The days that it is compared with.
    #[serde(skip)]
    compared: Vec<Date>,
}

/// A part of an event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Contributor {
    /// Where.
    pub place: Place,
    /// The vendor's service, where charges were asked ([`Event::explain`]).
    pub vendor_service: Option<String>,
    /// What was paid for, where charges were asked.
    pub sku: Option<String>,
    /// By how much more it cost than expected; below nothing where less.
    pub more: Decimal,
    /// How many per cent of the event that is. Others may have cost less at the same time, so
    /// that it can be more than 100.
    pub percent: Option<Decimal>,
}

impl std::fmt::Display for Contributor {
    /// `Compute Engine, N2 core hours: 93 %`
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let sku = self.sku.iter().filter(|sku| !sku.is_empty());
        let parts: Vec<&str> = self
            .vendor_service
            .iter()
            .chain(sku)
            .map(String::as_str)
            .collect();
        let parts = if parts.is_empty() {
            self.place.to_string()
        } else {
            parts.join(", ")
        };
        match self.percent {
            Some(percent) => write!(f, "{parts}: {percent:.0} %"),
            None => f.write_str(&parts),
        }
    }
}

impl Event {
    /// By how much more it cost than expected; below nothing where less.
    pub fn more(&self) -> Decimal {
        self.actual - self.expected
    }

    /// That in per cent of what was expected; nothing where nothing was expected.
    pub fn percent(&self) -> Option<Decimal> {
        percent(self.more(), self.expected)
    }
}

impl std::fmt::Display for Event {
    /// `2026-03-14 to 2026-03-16: cloud, project-a cost $412.10 more than the $980.00 expected (+42 %)`
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let money = |amount: Decimal| Money::new(amount, self.currency);
        let than = match self.direction {
            Direction::Up => "more",
            Direction::Down => "less",
        };
        let (more, expected) = (money(self.more().abs()), money(self.expected));
        let (place, days) = (&self.place, self.days);
        write!(
            f,
            "{days}: {place} cost {more} {than} than the {expected} expected"
        )?;
        match self.percent() {
            Some(percent) => write!(f, " ({percent:+.0} %)"),
            None => Ok(()),
        }
    }
}

#[allow(clippy::trivially_copy_pass_by_ref)] // Serde asks for it.
fn direction<S: serde::Serializer>(direction: &Direction, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(match direction {
        Direction::Up => "up",
        Direction::Down => "down",
    })
}

/// The events in all that is known, the newest first, with what `spend.yaml` says of them. Those
/// that were planned are there too: they are recorded, and nobody has to look at them.
pub fn find(known: &Known<'_>, settings: &Settings) -> Vec<Event> {
    find_with(known, settings, &Thresholds::default())
}

/// As [`find`], of days that are as unexpected as is said.
pub fn find_with(known: &Known<'_>, settings: &Settings, thresholds: &Thresholds) -> Vec<Event> {
    let mut currencies: Vec<Currency> = Vec::new();
    for cell in &known.cube.days {
        if !currencies.contains(&cell.currency) {
            currencies.push(cell.currency);
        }
    }
    let mut events = Vec::new();
    for currency in currencies {
        let Some(ground) = Ground::of(known, currency) else {
            continue;
        };
        let causes = merge::causes(&ground, candidates::of(&ground, thresholds));
        events.extend(causes.iter().map(|cause| event(&ground, cause)));
    }
    for event in &mut events {
        event.status = status::of(event, settings, None);
    }
    let newest = |event: &Event| std::cmp::Reverse(event.days.from);
    events.sort_by(|one, other| (newest(one), &one.id).cmp(&(newest(other), &other.id)));
    events
}

/// How many contributors are told.
const CONTRIBUTORS: usize = 5;

fn event(ground: &Ground<'_>, cause: &Cause) -> Event {
    let seen = &cause.seen;
    let ordinary = ground.ordinary(cause.first..cause.last + 1, &seen.days, &seen.earlier);
    let parts = narrow::parts(ground, &cause.key, &ordinary);
    let came: Came = parts.iter().map(|part| part.came).sum();
    let mut contributors: Vec<Contributor> = parts
        .iter()
        .map(|part| Contributor {
            place: ground.place(&ground.leaves[part.leaf].key()),
            vendor_service: None,
            sku: None,
            more: part.came.more(),
            percent: percent(part.came.more(), came.more()),
        })
        .collect();
    largest_first(&mut contributors, cause.direction);
    Event {
        id: cause.id.clone(),
        also: cause.also.clone(),
        place: ground.place(&cause.key),
        currency: ground.currency,
        days: Days {
            from: ground.date(cause.first),
            until: ground.date(cause.last),
        },
        found: ground.date(cause.found),
        direction: cause.direction,
        open: cause.seen.open,
        level_since: cause.seen.level_since.map(|day| ground.date(day)),
        actual: came.actual,
        expected: came.expected,
        contributors,
        status: Status::New,
        compared: ordinary.days().map(|day| ground.date(day)).collect(),
    }
}

/// Those in the direction of the event, the largest first, as many as are told.
fn largest_first(contributors: &mut Vec<Contributor>, direction: Direction) {
    let size = |one: &Contributor| match direction {
        Direction::Up => one.more,
        Direction::Down => Decimal::ZERO - one.more,
    };
    contributors.retain(|one| size(one) > Decimal::ZERO);
    contributors.sort_by(|one, other| {
        let rest = |one: &Contributor| (one.vendor_service.clone(), one.sku.clone());
        let by_size = size(other).cmp(&size(one));
        by_size
            .then_with(|| one.place.cmp(&other.place))
            .then_with(|| rest(one).cmp(&rest(other)))
    });
    contributors.truncate(CONTRIBUTORS);
}
