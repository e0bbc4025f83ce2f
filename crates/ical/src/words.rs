//! What people write about a regular meeting, as a rule: "every two weeks", "third Wednesday",
//! "PT (Pacific Time)", "2PM".
//!
//! Nothing is guessed. Words that could mean two things, or that are not known, are named
//! ([`Unclear`]); what follows from a convention rather than from the words is noted
//! ([`Gathering::taken`], [`Phase::Assumed`]). Notes aside, such as where to sign in, are kept as
//! [`Gathering::remarks`] if no word in them is about time.

mod frequency;
mod lexicon;
mod time;
mod zone;

use std::collections::BTreeMap;

use jiff::civil::{Date, Time, Weekday, date};

use crate::moment::{Moment, Zone};
use crate::rule::{ByDay, Frequency, Rule};

/// The Monday from which weeks are counted where nothing says which of several weeks is meant,
/// and the earliest day of a meeting whose first is not said.
pub const ORIGIN: Date = date(2024, 1, 1);

/// What is written about a meeting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Words<'a> {
    /// On which day, for example `Thursday`, `third Wednesday`.
    pub day: &'a str,
    /// At what time, for example `9:00`, `2PM`.
    pub time: &'a str,
    /// In which zone, for example `ET (Eastern Time)`, `Europe/Berlin`.
    pub zone: &'a str,
    /// How often, for example `bi-weekly starting June 7, 2018`.
    pub frequency: &'a str,
}

/// What a community calls zones, in lower case and with single spaces: settles what could mean several.
pub type ZoneWords = BTreeMap<String, Zone>;

/// Words for zones as people write them, in any case and with any spaces.
pub fn zone_words<'w>(words: impl IntoIterator<Item = (&'w str, Zone)>) -> ZoneWords {
    let normal = |(word, zone)| (zone::normal(word), zone);
    words.into_iter().map(normal).collect()
}

/// Whether it is known which of several weeks or months are meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// It is held in every one.
    Every,
    /// A day is said on which it is held.
    Anchored,
    /// Nothing says so: weeks are counted from the week of [`ORIGIN`], which may be wrong.
    Assumed,
}

/// A meeting that recurs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gathering {
    /// On which days.
    pub rule: Rule,
    /// The first of them.
    pub first: Date,
    /// At what time.
    pub time: Time,
    /// In which zone.
    pub zone: Zone,
    /// How sure the weeks are.
    pub phase: Phase,
    /// It is held in the weeks in which another is not: what is said of that one.
    pub alternates_with: Option<String>,
    /// What was taken to mean what by convention, for people to look at.
    pub taken: Vec<String>,
    /// What else is written.
    pub remarks: Vec<String>,
}

impl Gathering {
    /// When the first one begins.
    pub fn start(&self) -> Moment {
        Moment::At {
            shown: self.first.to_datetime(self.time),
            zone: self.zone.clone(),
        }
    }
}

/// Words that do not say when.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unclear {
    /// The zone's words are not known.
    #[error("\"{0}\" is not a zone that is known: write its IANA name, such as `Europe/Berlin`")]
    Zone(String),
    /// They mean several zones.
    #[error("the zone \"{written}\" may be {}: write one of them", may_be.join(" or "))]
    AmbiguousZone {
        /// As written.
        written: String,
        /// IANA names.
        may_be: Vec<String>,
    },
    /// It is not a time of day.
    #[error("\"{0}\" is not a time of day: write it as `09:30` or `9:30 AM`")]
    Time(String),
    /// How often, or on which day.
    #[error("\"{text}\": {why}")]
    Days {
        /// The words as written.
        text: String,
        /// What is wrong with them.
        why: String,
    },
}

/// The meeting that words describe, or all that is unclear about them.
pub fn gathering(words: &Words<'_>, zones: &ZoneWords) -> Result<Gathering, Vec<Unclear>> {
    let mut taken = Vec::new();
    let zone = zone::zone(words.zone, zones, &mut taken);
    let time = time::time(words.time).ok_or_else(|| Unclear::Time(words.time.trim().to_owned()));
    let said = frequency::said(words.frequency, words.day).and_then(|said| {
        let days = said.days()?;
        Ok((said, days))
    });
    let said = said.map_err(|why| Unclear::Days {
        text: both(words.frequency, words.day),
        why,
    });
    match (zone, time, said) {
        (Ok(zone), Ok(time), Ok((said, days))) => Ok(Gathering {
            rule: days.rule,
            first: days.first,
            time,
            zone,
            phase: days.phase,
            alternates_with: said.alternates_with,
            taken,
            remarks: said.remarks,
        }),
        (zone, time, said) => Err([zone.err(), time.err(), said.err()]
            .into_iter()
            .flatten()
            .collect()),
    }
}

fn both(frequency: &str, day: &str) -> String {
    let both = [frequency.trim(), day.trim()];
    let filled: Vec<&str> = both.into_iter().filter(|text| !text.is_empty()).collect();
    filled.join(" / ")
}

/// The days that words describe.
struct Days {
    rule: Rule,
    first: Date,
    phase: Phase,
}

impl frequency::Said {
    /// The rule, if all that was said fits together; else why not.
    fn days(&self) -> Result<Days, String> {
        let anchor_day = self.anchor.map(Date::weekday);
        if let (Some(said), Some(day), Some(anchor)) =
            (self.anchor_weekday, anchor_day, self.anchor)
            && said != day
        {
            return Err(format!("{anchor} is not the day of the week that is said"));
        }
        let rule = if self.places.is_empty() {
            self.unplaced()?
        } else {
            self.placed()?
        };
        let first = match self.anchor {
            Some(anchor) => rule
                .walk(anchor, anchor, anchor)
                .next()
                .ok_or_else(|| format!("{anchor} is not one of the days it is held on"))?,
            None => rule.first(ORIGIN).ok_or("there is no such day")?,
        };
        let phase = match (rule.interval, self.anchor) {
            (_, Some(_)) => Phase::Anchored,
            (1, None) => Phase::Every,
            (_, None) if rule.frequency == Frequency::Weekly => Phase::Assumed,
            (_, None) => return Err("in which months is not said: add a day to start at".into()),
        };
        Ok(Days { rule, first, phase })
    }

    /// Days with a place in the month, such as the third Wednesday.
    fn placed(&self) -> Result<Rule, String> {
        let interval = match self.rate {
            Some((Frequency::Monthly, interval)) => interval,
            Some(_) => return Err("a place in the month, and something else".to_owned()),
            None if self.every_place && !self.of_month => {
                return Err("of the month, or every so many weeks?".to_owned());
            }
            None => 1,
        };
        let of = |(_, weekday): &(i8, Weekday)| *weekday;
        let days: Vec<Weekday> = self.places.iter().map(of).collect();
        if self.weekdays.iter().any(|day| !days.contains(day)) {
            return Err("two different days of the week".to_owned());
        }
        let by_day = |&(place, weekday): &(i8, Weekday)| ByDay {
            place: Some(place),
            weekday,
        };
        let places = self.places.iter().map(by_day).collect();
        Ok(Rule::every(interval, Frequency::Monthly).on(places))
    }

    fn unplaced(&self) -> Result<Rule, String> {
        let Some((frequency, interval)) = self.rate else {
            return Err("how often is not said".to_owned());
        };
        let every = |weekday: &Weekday| ByDay {
            place: None,
            weekday: *weekday,
        };
        let mut weekdays = self.weekdays.clone();
        if weekdays.is_empty() {
            weekdays.extend(self.anchor.map(Date::weekday));
        }
        match frequency {
            Frequency::Daily => {
                let days = self.weekdays.iter().map(every).collect();
                Ok(Rule::every(interval, Frequency::Daily).on(days))
            }
            Frequency::Weekly if weekdays.is_empty() => {
                Err("the day of the week is not said".to_owned())
            }
            Frequency::Weekly if weekdays.len() > 1 && self.biweekly => {
                Err("every two weeks, or twice a week?".to_owned())
            }
            Frequency::Weekly => {
                let days = weekdays.iter().map(every).collect();
                Ok(Rule::every(interval, Frequency::Weekly).on(days))
            }
            Frequency::Monthly => {
                let days = self.by_anchor(&weekdays)?;
                Ok(Rule::every(interval, Frequency::Monthly).on(vec![days]))
            }
            Frequency::Yearly => Err("on which day of the year is not said".to_owned()),
        }
    }

    /// Which one of the month, where only a first day is said.
    fn by_anchor(&self, weekdays: &[Weekday]) -> Result<ByDay, String> {
        let (Some(anchor), [weekday]) = (self.anchor, weekdays) else {
            return Err(
                "which one of the month is not said: write, for example, `second Tuesday`"
                    .to_owned(),
            );
        };
        // After three weeks it may be the fourth or the last.
        if anchor.day() > 21 {
            return Err(format!(
                "{anchor} may be the fourth, the fifth or the last of the month"
            ));
        }
        let place = Some((anchor.day() - 1) / 7 + 1);
        Ok(ByDay {
            place,
            weekday: *weekday,
        })
    }
}
