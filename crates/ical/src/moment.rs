//! Days and times of day, with the zone on whose clocks they are shown.

use std::fmt;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;

use crate::problem::Problem;

/// The earliest year that is read: no calendar of these days says anything of the centuries before.
const EARLIEST: i16 = 1601;

/// A zone of the IANA database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Zone {
    zone: TimeZone,
    name: String,
}

impl Zone {
    /// UTC.
    pub fn utc() -> Self {
        Self {
            zone: TimeZone::UTC,
            name: "UTC".to_owned(),
        }
    }

    /// A zone by its name in the IANA database, without regard to case.
    pub fn new(name: &str) -> Option<Self> {
        if matches!(name, "UTC" | "Etc/UTC" | "Z") {
            return Some(Self::utc());
        }
        let zone = TimeZone::get(name).ok().filter(|zone| !zone.is_unknown())?;
        let name = zone.iana_name()?.to_owned();
        Some(Self { zone, name })
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its rules.
    pub fn time_zone(&self) -> &TimeZone {
        &self.zone
    }

    /// Whether it is UTC, for which iCalendar has a notation of its own.
    pub fn is_utc(&self) -> bool {
        self.name == "UTC"
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.name)
    }
}

/// A day, or a time of day in a zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Moment {
    /// A whole day, wherever it is looked at.
    Day(Date),
    /// What the clocks of a zone show.
    At {
        /// The day and time shown; whole seconds.
        shown: DateTime,
        /// Where.
        zone: Zone,
    },
}

impl Moment {
    /// The day it is or is on, by its own zone.
    pub fn date(&self) -> Date {
        match self {
            Self::Day(day) => *day,
            Self::At { shown, .. } => shown.date(),
        }
    }

    /// The instant of a time of day: the first of two that show it; for one that the clocks
    /// skip, as if they had not yet (RFC 5545 §3.3.5). `None` for a day and at the ends of time.
    pub fn instant(&self) -> Option<Timestamp> {
        let Self::At { shown, zone } = self else {
            return None;
        };
        let found = zone.zone.to_ambiguous_timestamp(*shown);
        found.compatible().ok()
    }

    /// Reads `20260131`, `20260131T093000` in a zone, or `20260131T093000Z`.
    pub(crate) fn parse(text: &str, zone: Option<&Zone>) -> Result<Self, Problem> {
        let wrong = || Problem::Time(text.to_owned());
        let (day, time) = match text.split_once('T') {
            Some((day, time)) => (day, Some(time)),
            None => (text, None),
        };
        let day = digits(day, 8)
            .and_then(|number| {
                let (year, rest) = (number / 10_000, number % 10_000);
                let year = i16::try_from(year).ok().filter(|year| *year >= EARLIEST)?;
                Date::new(year, small(rest / 100)?, small(rest % 100)?).ok()
            })
            .ok_or_else(wrong)?;
        let Some(time) = time else {
            return Ok(Self::Day(day));
        };
        let (time, zone) = match (time.strip_suffix('Z'), zone) {
            (Some(time), None) => (time, Zone::utc()),
            (None, Some(zone)) => (time, zone.clone()),
            (None, None) => return Err(Problem::Floating(text.to_owned())),
            (Some(_), Some(_)) => return Err(wrong()),
        };
        let number = digits(time, 6).ok_or_else(wrong)?;
        // A leap second is the last one of its minute here (RFC 5545 §3.3.12).
        let second = (number % 100).min(if number % 100 == 60 { 59 } else { 99 });
        let parts = (
            small(number / 10_000),
            small(number / 100 % 100),
            small(second),
        );
        let (Some(hour), Some(minute), Some(second)) = parts else {
            return Err(wrong());
        };
        let time = jiff::civil::Time::new(hour, minute, second, 0).map_err(|_| wrong())?;
        let moment = Self::At {
            shown: day.to_datetime(time),
            zone,
        };
        moment.instant().map(|_| moment).ok_or_else(wrong)
    }
}

/// As iCalendar writes it, without the zone.
impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Day(day) => f.write_str(&basic_date(*day)),
            Self::At { shown, zone } => {
                let end = if zone.is_utc() { "Z" } else { "" };
                write!(f, "{}{end}", basic(*shown))
            }
        }
    }
}

/// An instant as iCalendar writes it, in UTC.
pub(crate) fn basic_utc(instant: Timestamp) -> String {
    format!("{}Z", basic(TimeZone::UTC.to_datetime(instant)))
}

/// A shown time as iCalendar writes it.
pub(crate) fn basic(shown: DateTime) -> String {
    let (date, hour) = (basic_date(shown.date()), shown.hour());
    format!("{date}T{hour:02}{:02}{:02}", shown.minute(), shown.second())
}

fn basic_date(day: Date) -> String {
    format!("{:04}{:02}{:02}", day.year(), day.month(), day.day())
}

/// The number of exactly so many digits.
pub(crate) fn digits(text: &str, many: usize) -> Option<u32> {
    let all = text.len() == many && text.bytes().all(|octet| octet.is_ascii_digit());
    all.then(|| text.parse().ok()).flatten()
}

fn small(number: u32) -> Option<i8> {
    i8::try_from(number).ok()
}
