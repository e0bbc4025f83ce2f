//! Moments as people write them: a day, a time, and the zone whose clocks show it.

use std::fmt;

use base::Diagnostic;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::{self, AmbiguousOffset, TimeZone, TimeZoneDatabase};
use jiff::{SignedDuration, Timestamp};
use serde::{Serialize, Serializer};
use yaml::{Decoding, FromYaml, Node, Shape};

use crate::codes;

/// The zone of a [`ZonedTime`].
#[derive(Debug, Clone, PartialEq, Eq)]
enum Zone {
    /// Anywhere on Earth: 12 hours behind UTC, where a day ends last.
    AnywhereOnEarth,
    Utc,
    /// By its name in the IANA database.
    Named(String),
}

/// How the clocks of the zone stand to the time that was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Clocks {
    /// They show it once.
    Once,
    /// They skip it; the same distance behind the change was taken.
    Skipped,
    /// They show it twice; the first was taken.
    Twice,
}

/// A moment, written as `2026-10-01 23:59:59 AoE`, `... UTC` or `... Europe/Berlin`.
///
/// Prints as it is written, with seconds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ZonedTime {
    shown: DateTime,
    zone: Zone,
    at: Timestamp,
    clocks: Clocks,
}

/// Why a text is no moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotATime {
    /// It does not begin with a day and a time.
    #[error("it does not begin with a day and a time")]
    Form,
    /// The day or the time does not exist.
    #[error("there is no such day or time")]
    Nonexistent,
    /// No zone is given.
    #[error("the time has no zone")]
    NoZone,
    /// What stands for the zone is none.
    #[error("the zone is not known")]
    UnknownZone,
}

impl ZonedTime {
    /// Reads a moment.
    ///
    /// # Errors
    /// See [`NotATime`].
    pub fn new(text: &str) -> Result<Self, NotATime> {
        let (moment, zone) = split(text).ok_or(NotATime::Form)?;
        let shown = civil(moment)?;
        let zone = match zone {
            "" => return Err(NotATime::NoZone),
            "AoE" => Zone::AnywhereOnEarth,
            "UTC" | "Z" => Zone::Utc,
            name => Zone::Named(name.to_owned()),
        };
        Self::of(shown, zone)
    }

    /// A moment by the clocks of UTC.
    pub fn utc(at: Timestamp) -> Self {
        Self {
            shown: TimeZone::UTC.to_datetime(at),
            zone: Zone::Utc,
            at,
            clocks: Clocks::Once,
        }
    }

    fn of(shown: DateTime, zone: Zone) -> Result<Self, NotATime> {
        let rules = match &zone {
            Zone::AnywhereOnEarth => TimeZone::fixed(tz::offset(-12)),
            Zone::Utc => TimeZone::UTC,
            Zone::Named(name) => named(name).ok_or(NotATime::UnknownZone)?,
        };
        let ambiguous = rules.to_ambiguous_timestamp(shown);
        let clocks = match ambiguous.offset() {
            AmbiguousOffset::Unambiguous { .. } => Clocks::Once,
            AmbiguousOffset::Gap { .. } => Clocks::Skipped,
            AmbiguousOffset::Fold { .. } => Clocks::Twice,
        };
        let at = ambiguous.compatible().map_err(|_| NotATime::Nonexistent)?;
        Ok(Self {
            shown,
            zone,
            at,
            clocks,
        })
    }

    /// When it is.
    pub fn at(&self) -> Timestamp {
        self.at
    }

    /// What the clocks of the zone show then, as written.
    pub fn shown(&self) -> DateTime {
        self.shown
    }

    /// Whether the clocks of the zone show it exactly once.
    pub fn clocks(&self) -> Clocks {
        self.clocks
    }

    /// The last second of a day Anywhere on Earth that this is written for, as those who
    /// only have UTC write `11:59:59` of the next day.
    pub fn as_anywhere_on_earth(&self) -> Option<DateTime> {
        let there = TimeZone::fixed(tz::offset(-12)).to_datetime(self.at);
        let last = |time: Time| (time.hour(), time.minute()) == (23, 59);
        (self.zone == Zone::Utc && last(there.time())).then_some(there)
    }
}

/// The day and time, and what stands behind them.
fn split(text: &str) -> Option<(&str, &str)> {
    let text = text.trim();
    let (day, rest) = text.split_at_checked(10)?;
    let rest = rest.strip_prefix([' ', 'T'])?;
    let length = rest
        .bytes()
        .take_while(|byte| byte.is_ascii_digit() || *byte == b':')
        .count();
    let zone = rest.get(length..)?.trim_start();
    (length > 0).then(|| (text.get(..day.len() + 1 + length).unwrap_or(text), zone))
}

fn civil(text: &str) -> Result<DateTime, NotATime> {
    let form = |pattern: &str| {
        pattern.len() == text.len()
            && pattern.bytes().zip(text.bytes()).all(|(want, found)| {
                if want == b'0' {
                    found.is_ascii_digit()
                } else {
                    found == want || (want == b' ' && found == b'T')
                }
            })
    };
    if !form("0000-00-00 00:00:00") && !form("0000-00-00 00:00") {
        return Err(NotATime::Form);
    }
    let (day, time) = text.split_at(10);
    let day: Date = day.parse().map_err(|_| NotATime::Nonexistent)?;
    let mut parts = time.get(1..).unwrap_or("").split(':');
    let mut part = || parts.next().map_or(Ok(0), str::parse::<i8>);
    let [hour, minute, second] = [part(), part(), part()].map(|part| part.unwrap_or(i8::MAX));
    let time = Time::new(hour, minute, second, 0).map_err(|_| NotATime::Nonexistent)?;
    Ok(day.to_datetime(time))
}

/// A zone of the database under its own name, which has an area: `EST` and `GB` are refused.
fn named(name: &str) -> Option<TimeZone> {
    let zone = TimeZoneDatabase::bundled().get(name).ok()?;
    (name.contains('/') && zone.iana_name() == Some(name)).then_some(zone)
}

/// A zone that was probably meant: by its city, or nearly by its name.
fn meant(zone: &str) -> Option<String> {
    if zone.eq_ignore_ascii_case("AoE") {
        return Some("AoE".to_owned());
    }
    if zone.eq_ignore_ascii_case("UTC") || zone.eq_ignore_ascii_case("GMT") {
        return Some("UTC".to_owned());
    }
    let database = TimeZoneDatabase::bundled();
    let names: Vec<String> = database.available().map(|name| name.to_string()).collect();
    let with_area = || names.iter().map(String::as_str).filter(|n| n.contains('/'));
    let city = |name: &&str| {
        let city = name.rsplit('/').next();
        city.is_some_and(|city| city.eq_ignore_ascii_case(&zone.replace(' ', "_")))
    };
    let near = with_area().find(city);
    near.or_else(|| base::nearest(zone, with_area()))
        .map(str::to_owned)
}

impl fmt::Display for ZonedTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let zone = match &self.zone {
            Zone::AnywhereOnEarth => "AoE",
            Zone::Utc => "UTC",
            Zone::Named(name) => name,
        };
        write!(f, "{} {} {zone}", self.shown.date(), self.shown.time())
    }
}

impl Serialize for ZonedTime {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl FromYaml for ZonedTime {
    fn from_yaml(node: &Node, cx: &mut Decoding) -> Option<Self> {
        let text = cx.text(node, "a time with its zone")?;
        let time = match Self::new(text) {
            Ok(time) => time,
            Err(reason) => {
                cx.report(refusal(text, reason, node));
                return None;
            }
        };
        let shifted = match time.clocks {
            Clocks::Once => None,
            Clocks::Skipped => Some("skip this time"),
            Clocks::Twice => Some("show this time twice"),
        };
        if let Some(shifted) = shifted {
            let message = format!("the clocks there {shifted}: {} is taken", time.at);
            let help = "choose a time that exists once, or write it in UTC";
            cx.report(Diagnostic::new(&codes::TIME_SHIFTED, node.span, message).help(help));
        }
        Some(time)
    }

    fn shape() -> Shape {
        Shape::Form {
            name: "a time with its zone, such as `2026-10-01 23:59:59 AoE`",
            pattern: "^[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}(:[0-9]{2})? ?(AoE|UTC|Z|[A-Za-z_]+/.+)$",
        }
    }
}

fn refusal(text: &str, reason: NotATime, node: &Node) -> Diagnostic {
    let (moment, zone) = split(text).unwrap_or((text, ""));
    match reason {
        NotATime::NoZone => {
            let message = format!("\"{text}\" has no zone");
            Diagnostic::new(&codes::TIME_ZONE_MISSING, node.span, message).help(format!(
                "write `{moment} AoE`, `{moment} UTC` or a zone such as `{moment} Europe/Berlin`"
            ))
        }
        NotATime::UnknownZone => {
            let message = format!("\"{zone}\" is not a zone");
            let help = meant(zone).map_or_else(
                || "write AoE, UTC, or a name such as Europe/Berlin".to_owned(),
                |zone| format!("did you mean `{moment} {zone}`?"),
            );
            Diagnostic::new(&codes::TIME_ZONE_MISSING, node.span, message).help(help)
        }
        NotATime::Nonexistent => {
            let message = format!("\"{moment}\" is no moment that exists");
            let help = "check the month, the day and the hour; a day ends at 23:59:59";
            Diagnostic::new(&yaml::codes::BAD_VALUE, node.span, message).help(help)
        }
        NotATime::Form => {
            let message = format!("expected a time with its zone, found {}", node.describe());
            let help = "write it as `2026-10-01 23:59:59 AoE`";
            Diagnostic::new(&yaml::codes::BAD_VALUE, node.span, message).help(help)
        }
    }
}

/// How much time something has beyond a deadline: a whole number and `s`, `m` or `h`, at most a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Grace(SignedDuration);

impl Grace {
    /// None at all.
    pub const NONE: Self = Self(SignedDuration::ZERO);

    /// A length of time, if the text has the form of one.
    pub fn new(text: &str) -> Option<Self> {
        let (amount, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
        let whole = !amount.is_empty() && amount.bytes().all(|byte| byte.is_ascii_digit());
        let amount: i64 = amount.parse().ok().filter(|_| whole)?;
        let factor = match unit {
            "s" => 1,
            "m" => 60,
            "h" => 3600,
            _ => return None,
        };
        let seconds = amount.checked_mul(factor)?;
        (seconds <= 86_400).then_some(Self(SignedDuration::from_secs(seconds)))
    }

    /// As elapsed time.
    pub fn length(self) -> SignedDuration {
        self.0
    }
}

impl fmt::Display for Grace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.as_secs() {
            seconds if seconds % 3600 == 0 => write!(f, "{}h", seconds / 3600),
            seconds if seconds % 60 == 0 => write!(f, "{}m", seconds / 60),
            seconds => write!(f, "{seconds}s"),
        }
    }
}

impl Serialize for Grace {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl FromYaml for Grace {
    fn from_yaml(node: &Node, cx: &mut Decoding) -> Option<Self> {
        let text = cx.text(node, "a length of time")?;
        Self::new(text).or_else(|| {
            let message = format!("\"{text}\" is no length of time up to a day");
            let help = "write a whole number and `s`, `m` or `h`, such as `2m`";
            cx.bad_value(node.span, message, help)
        })
    }

    fn shape() -> Shape {
        Shape::Form {
            name: "a length of time, such as `2m`",
            pattern: "^[0-9]+[smh]$",
        }
    }
}
