//! When a job recurs: the five fields of cron, with an optional one for seconds, and `@daily`.
//!
//! What is accepted is what robfig/cron v3 accepts: `*` and `?`, names of months and days, lists,
//! ranges, steps, Sunday as 0 and never as 7, a zone in front as `TZ=` or `CRON_TZ=`.

use std::fmt;

use crate::Duration;

/// A schedule that has been read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cron {
    /// At the times that the fields name.
    At(Box<Fields>),
    /// Again and again after so long: `@every 2h`.
    Every(Duration),
}

/// The times that the fields of a schedule name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fields {
    /// The time zone that stands in front, if any; not looked up.
    pub zone: Option<String>,
    /// Seconds, 0 to 59: bit 0 is second 0.
    pub seconds: u64,
    /// Minutes, 0 to 59.
    pub minutes: u64,
    /// Hours, 0 to 23.
    pub hours: u64,
    /// Days of the month, 1 to 31.
    pub days: u64,
    /// Months, 1 to 12.
    pub months: u64,
    /// Days of the week, 0 to 6, 0 is Sunday.
    pub weekdays: u64,
    /// Whether the days of the month were left open by `*` or `?`: then the days of the week alone
    /// decide, and the other way round. If neither is, either is enough.
    pub any_day: bool,
    /// Whether the days of the week were left open.
    pub any_weekday: bool,
}

/// Why a text is no schedule, in one sentence without a full stop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotACron(String);

impl fmt::Display for NotACron {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for NotACron {}

struct Field {
    name: &'static str,
    least: u32,
    most: u32,
    names: &'static [&'static str],
}

const MONTHS: &[&str] = &[
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
];
const WEEKDAYS: &[&str] = &["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
const fn field(name: &'static str, least: u32, most: u32, names: &'static [&'static str]) -> Field {
    Field {
        name,
        least,
        most,
        names,
    }
}
const FIELDS: [Field; 6] = [
    field("second", 0, 59, &[]),
    field("minute", 0, 59, &[]),
    field("hour", 0, 23, &[]),
    field("day of the month", 1, 31, &[]),
    field("month", 1, 12, MONTHS),
    field("day of the week", 0, 6, WEEKDAYS),
];

impl Cron {
    /// Reads a schedule.
    ///
    /// # Errors
    /// Which field is wrong, and why.
    pub fn parse(text: &str) -> Result<Self, NotACron> {
        let (zone, rest) = zone(text)?;
        let rest = rest.trim();
        if let Some(name) = rest.strip_prefix('@') {
            return named(name, zone);
        }
        let words: Vec<&str> = rest.split_whitespace().collect();
        let skipped = match words.len() {
            5 => 1,
            6 => 0,
            count => {
                return Err(NotACron(format!(
                    "a schedule has 5 fields (minute, hour, day, month, weekday), and this has {count}"
                )));
            }
        };
        let mut sets = [1_u64; 6];
        let mut open = [false; 6];
        let fields = FIELDS.iter().zip(&mut sets).zip(&mut open).skip(skipped);
        for (((field, set), open), word) in fields.zip(words) {
            (*set, *open) = field.read(word)?;
        }
        let [seconds, minutes, hours, days, months, weekdays] = sets;
        Ok(Self::At(Box::new(Fields {
            zone,
            seconds,
            minutes,
            hours,
            days,
            months,
            weekdays,
            any_day: open[3],
            any_weekday: open[5],
        })))
    }
}

fn zone(text: &str) -> Result<(Option<String>, &str), NotACron> {
    let Some(rest) = text
        .strip_prefix("TZ=")
        .or_else(|| text.strip_prefix("CRON_TZ="))
    else {
        return Ok((None, text));
    };
    match rest.split_once(' ') {
        Some((zone, rest)) if !zone.is_empty() => Ok((Some(zone.to_owned()), rest)),
        _ => Err(NotACron(
            "a time zone stands in front of no schedule".to_owned(),
        )),
    }
}

fn named(name: &str, zone: Option<String>) -> Result<Cron, NotACron> {
    if let Some(every) = name.strip_prefix("every ") {
        let period: Duration = every
            .trim()
            .parse()
            .map_err(|why| NotACron(format!("{why}")))?;
        return if period.as_seconds() < 1 {
            Err(NotACron(
                "a schedule recurs at most once a second".to_owned(),
            ))
        } else {
            Ok(Cron::Every(period))
        };
    }
    let fields = match name {
        "yearly" | "annually" => "0 0 1 1 *",
        "monthly" => "0 0 1 * *",
        "weekly" => "0 0 * * 0",
        "daily" | "midnight" => "0 0 * * *",
        "hourly" => "0 * * * *",
        _ => {
            return Err(NotACron(format!(
                "`@{name}` is none of @yearly, @monthly, @weekly, @daily, @hourly and @every"
            )));
        }
    };
    let mut cron = Cron::parse(fields)?;
    if let Cron::At(fields) = &mut cron {
        fields.zone = zone;
    }
    Ok(cron)
}

impl Field {
    /// The set of a word, and whether it left the field open.
    fn read(&self, word: &str) -> Result<(u64, bool), NotACron> {
        let (mut set, mut open) = (0, false);
        for part in word.split(',') {
            let (more, star) = self.range(part)?;
            set |= more;
            open |= star;
        }
        Ok((set, open))
    }

    fn range(&self, part: &str) -> Result<(u64, bool), NotACron> {
        let (range, step) = match part.split_once('/') {
            Some((range, step)) => (range, Some(step)),
            None => (part, None),
        };
        let every = matches!(range, "*" | "?");
        let (first, last) = if every {
            (self.least, self.most)
        } else if let Some((first, last)) = range.split_once('-') {
            (self.value(first)?, self.value(last)?)
        } else {
            let only = self.value(range)?;
            (only, if step.is_some() { self.most } else { only })
        };
        let stride: u32 = match step {
            None => 1,
            Some(step) => step
                .parse()
                .map_err(|_| self.wrong(part, "the step behind `/` is no number"))?,
        };
        let inside = |value: u32| (self.least..=self.most).contains(&value);
        if !inside(first) || !inside(last) {
            let range = format!("it goes from {} to {}", self.least, self.most);
            return Err(self.wrong(part, &range));
        }
        if first > last {
            return Err(self.wrong(part, "the range ends before it begins"));
        }
        if stride == 0 {
            return Err(self.wrong(part, "the step behind `/` is 0"));
        }
        let set = (first..=last)
            .step_by(stride as usize)
            .fold(0, |set, value| set | 1_u64 << value);
        Ok((set, every && stride == 1))
    }

    fn value(&self, word: &str) -> Result<u32, NotACron> {
        let name = word.to_ascii_lowercase();
        if let Some(at) = self.names.iter().position(|known| *known == name) {
            return Ok(self.least + u32::try_from(at).unwrap_or(0));
        }
        let number = word
            .parse()
            .ok()
            .filter(|_| word.bytes().all(|b| b.is_ascii_digit()));
        number.ok_or_else(|| self.wrong(word, "it is no number"))
    }

    fn wrong(&self, part: &str, why: &str) -> NotACron {
        NotACron(format!("`{part}` is no {}: {why}", self.name))
    }
}

impl Fields {
    /// The longest that two runs of one ordinary day lie apart, in minutes, if it runs every day of
    /// the year; `None` where some day has no run.
    pub fn longest_gap(&self) -> Option<u32> {
        if !(self.any_day && self.any_weekday) || self.months.count_ones() < 12 {
            return None;
        }
        let minutes = (0..24)
            .filter(|hour| self.hours >> hour & 1 == 1)
            .flat_map(|hour| {
                (0..60)
                    .filter(|minute| self.minutes >> minute & 1 == 1)
                    .map(move |minute| hour * 60 + minute)
            });
        let times: Vec<u32> = minutes.collect();
        let (first, last) = (times.first()?, times.last()?);
        let over_night = first + 24 * 60 - last;
        let apart = times
            .windows(2)
            .map(|pair| pair[1] - pair[0])
            .max()
            .unwrap_or(0);
        Some(apart.max(over_night))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Cron, Fields};
    use crate::Duration;

    fn fields(text: &str) -> Fields {
        match Cron::parse(text) {
            Ok(Cron::At(fields)) => *fields,
            other => panic!("{text}: {other:?}"),
        }
    }

    #[test]
    fn fields_are_sets() {
        let at = fields("5,20-22,50/4 1-23/8 * JAN,12 mon-FRI");
        let members = |set: u64| {
            (0..64)
                .filter(|bit| set >> bit & 1 == 1)
                .collect::<Vec<_>>()
        };
        assert_eq!(members(at.minutes), [5, 20, 21, 22, 50, 54, 58]);
        assert_eq!(members(at.hours), [1, 9, 17]);
        assert_eq!(members(at.days).len(), 31);
        assert_eq!(members(at.months), [1, 12]);
        assert_eq!(members(at.weekdays), [1, 2, 3, 4, 5]);
        assert!(at.any_day && !at.any_weekday);
        assert_eq!(members(fields("30 0 0 1 1 ?").seconds), [30]);
        assert!(!fields("0 0 */2 * *").any_day);
    }

    #[test]
    fn names_stand_for_fields() {
        assert_eq!(fields("@hourly"), fields("0 * * * *"));
        assert_eq!(fields("@daily"), fields("0 0 * * *"));
        assert_eq!(fields("TZ=UTC @weekly").zone.as_deref(), Some("UTC"));
        assert_eq!(
            Cron::parse("@every 90m"),
            Ok(Cron::Every(Duration::minutes(90)))
        );
    }

    #[test]
    fn what_is_no_schedule_is_refused_with_the_reason() {
        for (text, why) in [
            ("", "has 0"),
            ("* * * *", "has 4"),
            ("60 * * * *", "`60` is no minute: it goes from 0 to 59"),
            ("* * 0 * *", "it goes from 1 to 31"),
            ("* * * * 7", "`7` is no day of the week"),
            ("* * * foo *", "`foo` is no month: it is no number"),
            ("5-2 * * * *", "the range ends before it begins"),
            ("*/0 * * * *", "the step behind `/` is 0"),
            ("*/x * * * *", "is no number"),
            ("1,,2 * * * *", "`` is no minute"),
            ("+5 * * * *", "it is no number"),
            ("@often", "is none of"),
            ("@every 3x", "units"),
            ("@every 5ms", "at most once a second"),
            ("TZ=UTC", "in front of no schedule"),
        ] {
            let said = Cron::parse(text).expect_err(text).to_string();
            assert!(said.contains(why), "{text}: {said}");
        }
    }

    #[test]
    fn the_longest_gap_goes_over_night() {
        assert_eq!(fields("0 */3 * * *").longest_gap(), Some(180));
        assert_eq!(fields("0 9-17 * * *").longest_gap(), Some(16 * 60));
        assert_eq!(fields("7 4 * * *").longest_gap(), Some(24 * 60));
        assert_eq!(fields("7 4 * * 1").longest_gap(), None);
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "[-0-9*/,?@a-z ]{0,30}|.{0,20}") {
            let _ = Cron::parse(&text);
        }
    }
}
