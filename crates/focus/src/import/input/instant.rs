//! Instants as bills write them.

use std::fmt;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::Offset;

use crate::import::DateOrder;

/// A date or instant, and what was put right about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::import) struct Written {
    pub(in crate::import) instant: Timestamp,
    /// Why it is not as FOCUS writes it; nothing if it is.
    pub(in crate::import) mended: Option<&'static str>,
}

/// Why a text is no instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::import) enum NotAnInstant {
    /// It has another form, from this byte on.
    Form(usize),
    /// The month has no such day: year, month, day.
    NoSuchDay(i16, i8, i8),
    /// There is no such month.
    NoSuchMonth(i8),
    /// The day has no such time.
    NoSuchTime,
    /// Either of two numbers may be the month: they, and the year.
    Ambiguous(i8, i8, i16),
    /// It is beyond what is kept, from the year -9999 to 9999.
    Range,
}

/// The months, as they are named in messages.
const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

fn month(number: i8) -> &'static str {
    usize::try_from(number - 1)
        .ok()
        .and_then(|place| MONTHS.get(place))
        .unwrap_or(&"?")
}

impl fmt::Display for NotAnInstant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Form(at) => write!(
                f,
                "this is no date or time from its character {} on",
                at + 1
            ),
            Self::NoSuchDay(year, number, day) => {
                write!(f, "there is no {day} {} {year}", month(*number))
            }
            Self::NoSuchMonth(number) => write!(f, "there is no month {number}"),
            Self::NoSuchTime => f.write_str("the day has no such time"),
            Self::Ambiguous(one, other, year) => write!(
                f,
                "this may be {other} {} or {one} {} {year}",
                month(*one),
                month(*other)
            ),
            Self::Range => f.write_str("this is too far from now"),
        }
    }
}

/// Reads an instant; `order` says what `5/1/25` means.
pub(in crate::import) fn parse(
    text: &str,
    order: Option<DateOrder>,
) -> Result<Written, NotAnInstant> {
    let mut reader = Reader {
        text: text.as_bytes(),
        at: 0,
    };
    let (date, slashes) = reader.date(order)?;
    if reader.peek().is_none() {
        return Ok(Written {
            instant: utc(DateTime::from_parts(date, Time::midnight()))?,
            mended: Some("date"),
        });
    }
    let spaced = match reader.peek() {
        Some(b'T' | b't') => false,
        Some(b' ') => true,
        _ => return Err(NotAnInstant::Form(reader.at)),
    };
    reader.at += 1;
    let (time, short) = reader.time()?;
    let (offset, plain) = reader.zone()?;
    let here = DateTime::from_parts(date, time);
    let instant = offset
        .unwrap_or(Offset::UTC)
        .to_timestamp(here)
        .map_err(|_| NotAnInstant::Range)?;
    let mended = if offset.is_none() {
        Some("zone")
    } else if slashes || spaced || short || !plain {
        Some("time-form")
    } else {
        None
    };
    Ok(Written { instant, mended })
}

/// Reads the day that a date or an instant is written with, in its own zone.
pub(in crate::import) fn day(text: &str, order: Option<DateOrder>) -> Result<Date, NotAnInstant> {
    parse(text, order)?;
    let mut reader = Reader {
        text: text.as_bytes(),
        at: 0,
    };
    reader.date(order).map(|(date, _)| date)
}

fn utc(here: DateTime) -> Result<Timestamp, NotAnInstant> {
    Offset::UTC
        .to_timestamp(here)
        .map_err(|_| NotAnInstant::Range)
}

struct Reader<'t> {
    text: &'t [u8],
    at: usize,
}

impl Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    /// A number of so many digits.
    fn digits(&mut self, least: usize, most: usize) -> Result<i16, NotAnInstant> {
        let mut number = 0;
        let mut count = 0;
        while let Some(digit @ b'0'..=b'9') = self.peek()
            && count < most
        {
            number = number * 10 + i16::from(digit - b'0');
            self.at += 1;
            count += 1;
        }
        if count < least {
            return Err(NotAnInstant::Form(self.at));
        }
        Ok(number)
    }

    fn two(&mut self) -> Result<i8, NotAnInstant> {
        let number = self.digits(2, 2)?;
        Ok(i8::try_from(number).unwrap_or(i8::MAX))
    }

    fn sign(&mut self, sign: u8) -> Result<(), NotAnInstant> {
        if self.peek() == Some(sign) {
            self.at += 1;
            return Ok(());
        }
        Err(NotAnInstant::Form(self.at))
    }

    /// A date, and whether it is written with slashes.
    fn date(&mut self, order: Option<DateOrder>) -> Result<(Date, bool), NotAnInstant> {
        let slashes = self.text.iter().take(3).any(|byte| *byte == b'/');
        if slashes {
            return Ok((self.slashed(order)?, true));
        }
        let year = self.digits(4, 4)?;
        self.sign(b'-')?;
        let month = self.two()?;
        self.sign(b'-')?;
        let day = self.two()?;
        Ok((date(year, month, day)?, false))
    }

    /// `9/21/2025`, `21/9/25`.
    fn slashed(&mut self, order: Option<DateOrder>) -> Result<Date, NotAnInstant> {
        let small = |number: i16| i8::try_from(number).unwrap_or(i8::MAX);
        let one = small(self.digits(1, 2)?);
        self.sign(b'/')?;
        let other = small(self.digits(1, 2)?);
        self.sign(b'/')?;
        let from = self.at;
        let mut year = self.digits(2, 4)?;
        match self.at - from {
            2 => year += 2000,
            4 => {}
            _ => return Err(NotAnInstant::Form(self.at)),
        }
        let (month, day) = match order {
            Some(DateOrder::MonthFirst) => (one, other),
            Some(DateOrder::DayFirst) => (other, one),
            None if one == other || one <= 12 && other > 12 => (one, other),
            None if one > 12 => (other, one),
            None => return Err(NotAnInstant::Ambiguous(one, other, year)),
        };
        date(year, month, day)
    }

    /// A time, and whether it is without seconds or with parts of them.
    fn time(&mut self) -> Result<(Time, bool), NotAnInstant> {
        let hour = self.two()?;
        self.sign(b':')?;
        let minute = self.two()?;
        let mut short = true;
        let (mut second, mut nanosecond) = (0, 0_i32);
        if self.peek() == Some(b':') {
            self.at += 1;
            second = self.two()?;
            short = false;
        }
        if !short && self.peek() == Some(b'.') {
            self.at += 1;
            let from = self.at;
            let mut unit = 100_000_000;
            while let Some(digit @ b'0'..=b'9') = self.peek() {
                nanosecond += i32::from(digit - b'0') * unit;
                unit /= 10;
                self.at += 1;
            }
            if self.at == from {
                return Err(NotAnInstant::Form(self.at));
            }
        }
        let time = Time::new(hour, minute, second, nanosecond);
        Ok((time.map_err(|_| NotAnInstant::NoSuchTime)?, short))
    }

    /// The zone, if one is written, and whether it is a `Z`.
    fn zone(&mut self) -> Result<(Option<Offset>, bool), NotAnInstant> {
        let from = self.at;
        match &self.text[from..] {
            b"" => return Ok((None, false)),
            b"Z" => return Ok((Some(Offset::UTC), true)),
            b"z" | b" UTC" | b" Z" => return Ok((Some(Offset::UTC), false)),
            _ => {}
        }
        if self.peek() == Some(b' ') {
            self.at += 1;
        }
        let negative = match self.peek() {
            Some(b'+') => false,
            Some(b'-') => true,
            _ => return Err(NotAnInstant::Form(from)),
        };
        self.at += 1;
        let hours = self.two()?;
        let mut minutes = 0;
        if self.peek().is_some() {
            if self.peek() == Some(b':') {
                self.at += 1;
            }
            minutes = self.two()?;
        }
        if self.peek().is_some() {
            return Err(NotAnInstant::Form(self.at));
        }
        if hours > 18 || minutes > 59 {
            return Err(NotAnInstant::NoSuchTime);
        }
        let seconds = (i32::from(hours) * 60 + i32::from(minutes)) * 60;
        let offset = Offset::from_seconds(if negative { -seconds } else { seconds });
        Ok((Some(offset.map_err(|_| NotAnInstant::NoSuchTime)?), false))
    }
}

fn date(year: i16, month: i8, day: i8) -> Result<Date, NotAnInstant> {
    if !(1..=12).contains(&month) {
        return Err(NotAnInstant::NoSuchMonth(month));
    }
    Date::new(year, month, day).map_err(|_| NotAnInstant::NoSuchDay(year, month, day))
}
