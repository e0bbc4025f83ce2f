//! On which days something recurs (RFC 5545 §3.3.10), as far as it is read here.
//!
//! `FREQ` (daily to yearly), `INTERVAL`, `COUNT` or `UNTIL`, `BYMONTH`, `BYMONTHDAY`, `BYDAY`
//! with or without a place, `WKST`. Any other part is a problem, as it would change the days.

use std::fmt;
use std::str::FromStr;

use jiff::civil::{Date, Weekday};

use crate::moment::{Moment, Zone, basic_utc};
use crate::problem::Problem;

/// What an interval is counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Frequency {
    /// Days.
    Daily,
    /// Weeks.
    Weekly,
    /// Months.
    Monthly,
    /// Years.
    Yearly,
}

impl Frequency {
    const ALL: [(Self, &'static str); 4] = [
        (Self::Daily, "DAILY"),
        (Self::Weekly, "WEEKLY"),
        (Self::Monthly, "MONTHLY"),
        (Self::Yearly, "YEARLY"),
    ];
}

/// A day of the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ByDay {
    /// Which one in the month, or in the year for a yearly rule without months: 2 is the
    /// second, -1 the last; all of them if not said. Never 0.
    pub place: Option<i8>,
    /// The day.
    pub weekday: Weekday,
}

/// When it is over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum End {
    /// Never.
    Never,
    /// After so many times, exceptions counted; at least 1.
    Count(u32),
    /// After this day or instant, which may be the last: of the kind of the start, and in UTC.
    Until(Moment),
}

/// A rule of recurrence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// The unit of the interval.
    pub frequency: Frequency,
    /// Every how many; at least 1.
    pub interval: u32,
    /// In these months, 1 to 12; in all if empty.
    pub months: Vec<i8>,
    /// On these days of the month, -1 the last; none is 0.
    pub month_days: Vec<i8>,
    /// On these days of the week.
    pub days: Vec<ByDay>,
    /// The first day of a week.
    pub week_start: Weekday,
    /// When it is over.
    pub end: End,
}

/// Days of the week by their names in a rule.
const WEEKDAYS: [(Weekday, &str); 7] = [
    (Weekday::Monday, "MO"),
    (Weekday::Tuesday, "TU"),
    (Weekday::Wednesday, "WE"),
    (Weekday::Thursday, "TH"),
    (Weekday::Friday, "FR"),
    (Weekday::Saturday, "SA"),
    (Weekday::Sunday, "SU"),
];

impl Rule {
    /// A rule that only says how often.
    pub fn every(interval: u32, frequency: Frequency) -> Self {
        Self {
            frequency,
            interval,
            months: Vec::new(),
            month_days: Vec::new(),
            days: Vec::new(),
            week_start: Weekday::Monday,
            end: End::Never,
        }
    }

    /// The same on days of the week.
    pub fn on(self, days: Vec<ByDay>) -> Self {
        Self { days, ..self }
    }

    /// The first of its days from a day on, for an event that begins with it.
    pub fn first(&self, from: Date) -> Option<Date> {
        self.walk(from, from, Date::MAX).next()
    }

    pub(crate) fn parse(text: &str) -> Result<Self, Problem> {
        let mut frequency = None;
        let mut rule = Self::every(1, Frequency::Daily);
        let mut seen = Vec::new();
        for part in text.split(';').filter(|part| !part.is_empty()) {
            let wrong = || Problem::Rule(part.to_owned());
            let (name, value) = part.split_once('=').ok_or_else(wrong)?;
            let name = name.to_ascii_uppercase();
            if seen.contains(&name) {
                return Err(wrong());
            }
            if name == "FREQ" {
                let known = |(_, word): &&(Frequency, &str)| word.eq_ignore_ascii_case(value);
                frequency = Frequency::ALL.iter().find(known).map(|(known, _)| *known);
                if frequency.is_none() {
                    return Err(wrong());
                }
            } else {
                rule.set(&name, value).ok_or_else(wrong)?;
            }
            seen.push(name);
        }
        if seen.iter().any(|name| name == "COUNT") && seen.iter().any(|name| name == "UNTIL") {
            return Err(Problem::Rule("COUNT` with `UNTIL".to_owned()));
        }
        rule.frequency = frequency.ok_or_else(|| Problem::Rule(text.to_owned()))?;
        rule.coherent()?;
        Ok(rule)
    }

    fn set(&mut self, name: &str, value: &str) -> Option<()> {
        match name {
            "INTERVAL" => self.interval = value.parse().ok().filter(|many| *many > 0)?,
            "COUNT" => self.end = End::Count(value.parse().ok().filter(|many| *many > 0)?),
            "UNTIL" => self.end = End::Until(Moment::parse(value, None).ok()?),
            "BYMONTH" => self.months = numbers(value, 1..=12)?,
            "BYMONTHDAY" => self.month_days = numbers(value, -31..=31)?,
            "BYDAY" => self.days = value.split(',').map(by_day).collect::<Option<_>>()?,
            "WKST" => self.week_start = weekday(value)?,
            _ => return None,
        }
        Some(())
    }

    /// What RFC 5545 forbids: places of days in weeks, days of the month in weeks.
    fn coherent(&self) -> Result<(), Problem> {
        let weekly = self.frequency == Frequency::Weekly;
        let placeless = weekly || self.frequency == Frequency::Daily;
        if placeless && self.days.iter().any(|day| day.place.is_some()) {
            return Err(Problem::Rule("BYDAY` with a place in `FREQ".to_owned()));
        }
        if weekly && !self.month_days.is_empty() {
            return Err(Problem::Rule("BYMONTHDAY` in `FREQ=WEEKLY".to_owned()));
        }
        Ok(())
    }

    /// The first of the days of a period in which the rule may have days: the period of the start
    /// is number 0. `None` after the end of time.
    fn period(&self, start: Date, number: i64) -> Option<(Date, Date)> {
        let steps = number.checked_mul(i64::from(self.interval))?;
        match self.frequency {
            Frequency::Daily => {
                let day = plus_days(start, steps)?;
                Some((day, day))
            }
            Frequency::Weekly => {
                let first = plus_days(self.week_of(start)?, steps.checked_mul(7)?)?;
                Some((first, plus_days(first, 6).unwrap_or(Date::MAX)))
            }
            Frequency::Monthly => {
                let month = (i64::from(start.year()) * 12 + i64::from(start.month()) - 1)
                    .checked_add(steps)?;
                let year = i16::try_from(month.div_euclid(12)).ok()?;
                let month = i8::try_from(month.rem_euclid(12) + 1).ok()?;
                let first = Date::new(year, month, 1).ok()?;
                Some((first, first.last_of_month()))
            }
            Frequency::Yearly => {
                let year = i16::try_from(i64::from(start.year()).checked_add(steps)?).ok()?;
                let first = Date::new(year, 1, 1).ok()?;
                Some((first, first.last_of_year()))
            }
        }
    }

    /// The first day of the week of a day.
    fn week_of(&self, day: Date) -> Option<Date> {
        plus_days(day, -i64::from(self.week_start.until(day.weekday())))
    }

    /// The number of a period that does not lie after a day.
    fn period_before(&self, start: Date, day: Date) -> i64 {
        let between =
            |from: Date, to: Date| i64::from(from.until(to).map_or(0, |span| span.get_days()));
        let steps = match self.frequency {
            Frequency::Daily => between(start, day),
            Frequency::Weekly => between(self.week_of(start).unwrap_or(start), day) / 7,
            Frequency::Monthly => {
                (i64::from(day.year()) - i64::from(start.year())) * 12 + i64::from(day.month())
                    - i64::from(start.month())
            }
            Frequency::Yearly => i64::from(day.year()) - i64::from(start.year()),
        };
        (steps / i64::from(self.interval.max(1))).max(0)
    }

    /// Whether the rule has a day of one of its periods.
    fn has(&self, start: Date, day: Date) -> bool {
        let yearly = self.frequency == Frequency::Yearly;
        let months = if yearly
            && self.months.is_empty()
            && self.days.is_empty()
            && self.month_days.is_empty()
        {
            day.month() == start.month()
        } else {
            self.months.is_empty() || self.months.contains(&day.month())
        };
        let from_end = day.day() - day.days_in_month() - 1;
        let month_days = self.month_days.is_empty()
            || self
                .month_days
                .iter()
                .any(|known| [day.day(), from_end].contains(known));
        months && month_days && self.has_weekday(start, day)
    }

    fn has_weekday(&self, start: Date, day: Date) -> bool {
        if !self.days.is_empty() {
            return self.days.iter().any(|by| {
                by.weekday == day.weekday()
                    && by
                        .place
                        .is_none_or(|place| self.places(day).contains(&place))
            });
        }
        match self.frequency {
            Frequency::Daily => true,
            Frequency::Weekly => day.weekday() == start.weekday(),
            // A rule without days is about those of the start.
            Frequency::Monthly | Frequency::Yearly => {
                !self.month_days.is_empty() || day.day() == start.day()
            }
        }
    }

    /// Which of its weekday a day is, from the start and from the end of the month or year.
    fn places(&self, day: Date) -> [i8; 2] {
        let in_year = self.frequency == Frequency::Yearly && self.months.is_empty();
        let (number, of) = if in_year {
            (day.day_of_year(), day.days_in_year())
        } else {
            (i16::from(day.day()), i16::from(day.days_in_month()))
        };
        let place = |days: i16| i8::try_from(days / 7 + 1).unwrap_or(i8::MAX);
        [place(number - 1), -place(of - number)]
    }

    /// The days it has from the start on, in order, without regard to its end: those before
    /// `from` may be left out, and there are none after `last`.
    pub(crate) fn walk(&self, start: Date, from: Date, last: Date) -> impl Iterator<Item = Date> {
        let first = self.period_before(start, from);
        (first..)
            .map_while(move |number| self.period(start, number))
            .take_while(move |(first, _)| *first <= last)
            .flat_map(|(first, end)| {
                first
                    .series(jiff::Span::new().days(1))
                    .take_while(move |day| *day <= end)
            })
            .filter(move |day| start <= *day && *day <= last && self.has(start, *day))
    }
}

impl FromStr for Rule {
    type Err = Problem;

    /// Reads what stands behind `RRULE:`.
    fn from_str(text: &str) -> Result<Self, Problem> {
        Self::parse(text)
    }
}

/// As iCalendar writes it.
impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = Frequency::ALL
            .iter()
            .find(|(known, _)| *known == self.frequency);
        write!(f, "FREQ={}", word.map_or("", |(_, word)| word))?;
        if self.interval != 1 {
            write!(f, ";INTERVAL={}", self.interval)?;
        }
        match &self.end {
            End::Never => {}
            End::Count(many) => write!(f, ";COUNT={many}")?,
            End::Until(Moment::Day(day)) => write!(f, ";UNTIL={}", Moment::Day(*day))?,
            End::Until(at) => {
                let instant = at.instant().unwrap_or(jiff::Timestamp::MAX);
                write!(f, ";UNTIL={}", basic_utc(instant))?;
            }
        }
        let list = |numbers: &[i8]| {
            let numbers: Vec<String> = numbers.iter().map(ToString::to_string).collect();
            numbers.join(",")
        };
        if !self.months.is_empty() {
            write!(f, ";BYMONTH={}", list(&self.months))?;
        }
        if !self.month_days.is_empty() {
            write!(f, ";BYMONTHDAY={}", list(&self.month_days))?;
        }
        if !self.days.is_empty() {
            let days: Vec<String> = self.days.iter().map(ToString::to_string).collect();
            write!(f, ";BYDAY={}", days.join(","))?;
        }
        if self.week_start != Weekday::Monday {
            write!(f, ";WKST={}", weekday_word(self.week_start))?;
        }
        Ok(())
    }
}

/// As iCalendar writes it: `TU`, `2TU`, `-1WE`.
impl fmt::Display for ByDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(place) = self.place {
            write!(f, "{place}")?;
        }
        f.write_str(weekday_word(self.weekday))
    }
}

impl End {
    /// The zone-free check that the end is of the kind of the start.
    pub(crate) fn fits(&self, start: &Moment) -> bool {
        match (self, start) {
            (Self::Until(Moment::Day(_)), Moment::At { .. })
            | (Self::Until(Moment::At { .. }), Moment::Day(_)) => false,
            (Self::Until(Moment::At { zone, .. }), _) => *zone == Zone::utc(),
            _ => true,
        }
    }
}

fn weekday_word(weekday: Weekday) -> &'static str {
    let found = WEEKDAYS.iter().find(|(known, _)| *known == weekday);
    found.map_or("", |(_, word)| word)
}

fn weekday(word: &str) -> Option<Weekday> {
    let found = WEEKDAYS
        .iter()
        .find(|(_, known)| known.eq_ignore_ascii_case(word));
    found.map(|(weekday, _)| *weekday)
}

fn by_day(text: &str) -> Option<ByDay> {
    let split = text
        .len()
        .checked_sub(2)
        .filter(|at| text.is_char_boundary(*at))?;
    let (place, word) = text.split_at(split);
    let weekday = weekday(word)?;
    if place.is_empty() {
        return Some(ByDay {
            place: None,
            weekday,
        });
    }
    let number: i8 = place.parse().ok()?;
    ((-53..=53).contains(&number) && number != 0).then_some(ByDay {
        place: Some(number),
        weekday,
    })
}

fn numbers(text: &str, range: std::ops::RangeInclusive<i8>) -> Option<Vec<i8>> {
    let number = |text: &str| {
        text.parse()
            .ok()
            .filter(|number| *number != 0 && range.contains(number))
    };
    text.split(',').map(number).collect()
}

fn plus_days(day: Date, days: i64) -> Option<Date> {
    let days = jiff::Span::new().try_days(days).ok()?;
    day.checked_add(days).ok()
}
