//! How often something is, and on which days, as people write it in two places.

use jiff::civil::{Date, Weekday};

use super::lexicon::{Meaning, Token, tokens};
use crate::rule::Frequency;

/// What was said, not yet whether it fits together.
#[derive(Debug, Default)]
pub(super) struct Said {
    pub(super) rate: Option<(Frequency, u32)>,
    /// The rate was said by a word that may mean twice a week.
    pub(super) biweekly: bool,
    /// Days without a place.
    pub(super) weekdays: Vec<Weekday>,
    /// Days with a place in the month.
    pub(super) places: Vec<(i8, Weekday)>,
    /// One of them was said with "every".
    pub(super) every_place: bool,
    /// A month was mentioned.
    pub(super) of_month: bool,
    /// A day on which it is held.
    pub(super) anchor: Option<Date>,
    /// The day of the week that was said with it.
    pub(super) anchor_weekday: Option<Weekday>,
    pub(super) alternates_with: Option<String>,
    pub(super) remarks: Vec<String>,
}

/// Reads what is said of how often and what is said of the day; else says what is not understood.
pub(super) fn said(frequency: &str, day: &str) -> Result<Said, String> {
    let mut said = Said::default();
    let mut open = Open::default();
    for text in [frequency, day] {
        let mut tokens = tokens(text);
        if let Some(anchor) = take_date(&mut tokens)? {
            if said.anchor.is_some_and(|known| known != anchor) {
                return Err("two days to start at".to_owned());
            }
            said.anchor = Some(anchor);
        }
        for part in tokens.split(|token| token.meaning == Meaning::Break) {
            said.part(text, part, &mut open)?;
        }
    }
    if open.start && said.anchor.is_none() {
        return Err("it starts at a day that is not said".to_owned());
    }
    // "Monthly, second" and "Tuesday" belong together.
    if !open.places.is_empty() {
        let [weekday] = said.weekdays[..] else {
            return Err("a place in the month without its day of the week".to_owned());
        };
        said.places
            .extend(open.places.iter().map(|place| (*place, weekday)));
    }
    Ok(said)
}

/// What waits for the words after it.
#[derive(Debug, Default)]
struct Open {
    every: bool,
    places: Vec<i8>,
    start: bool,
    /// It was said in this part of the sentence.
    start_here: bool,
}

impl Said {
    /// A part of a sentence: about time as a whole, or not at all.
    fn part(&mut self, text: &str, part: &[Token], open: &mut Open) -> Result<(), String> {
        let written = |from: &Token, to: &Token| text[from.start..to.end].trim().to_owned();
        let (Some(first), Some(last)) = (part.first(), part.last()) else {
            return Ok(());
        };
        let idle = |token: &Token| matches!(token.meaning, Meaning::Filler | Meaning::Unknown);
        if part.iter().all(idle) {
            if part.iter().any(|token| token.meaning == Meaning::Unknown) {
                self.remarks.push(written(first, last));
            }
            return Ok(());
        }
        open.start_here = false;
        let mut words = part.iter().enumerate();
        while let Some((at, token)) = words.next() {
            let rest = &part[at + 1..];
            match token.meaning {
                Meaning::Alternating => {
                    let skipped = rest
                        .iter()
                        .take_while(|token| token.meaning == Meaning::Filler);
                    let with = rest.get(skipped.count()).map(|from| written(from, last));
                    self.alternates_with = Some(with.ok_or("alternating with what?")?);
                    return Ok(());
                }
                Meaning::Unknown | Meaning::Exception => {
                    return Err(format!("\"{}\" is not understood", written(token, token)));
                }
                Meaning::Every => {
                    open.every = true;
                    let used = self.every(rest)?;
                    open.every = used == 0;
                    if used > 0 {
                        words.nth(used - 1);
                    }
                }
                meaning => self.word(meaning, open).map_err(|why| match why {
                    "" => format!("\"{}\" is not understood here", written(token, token)),
                    why => why.to_owned(),
                })?,
            }
        }
        Ok(())
    }

    fn word(&mut self, meaning: Meaning, open: &mut Open) -> Result<(), &'static str> {
        match meaning {
            Meaning::Rate(frequency, interval) => self.rate(frequency, interval)?,
            Meaning::Biweekly => {
                self.biweekly = true;
                self.rate(Frequency::Weekly, 2)?;
            }
            Meaning::Place(place) if (-1..=5).contains(&place) => {
                self.every_place |= std::mem::take(&mut open.every);
                open.places.push(place);
            }
            Meaning::Day(weekday) if !open.places.is_empty() => {
                let places = std::mem::take(&mut open.places);
                self.places
                    .extend(places.into_iter().map(|place| (place, weekday)));
            }
            Meaning::Day(weekday) if open.start_here && self.anchor_weekday.is_none() => {
                self.anchor_weekday = Some(weekday);
            }
            Meaning::Day(weekday) => {
                // "Every Tuesday".
                if std::mem::take(&mut open.every) && self.rate.is_none() {
                    self.rate = Some((Frequency::Weekly, 1));
                }
                if !self.weekdays.contains(&weekday) {
                    self.weekdays.push(weekday);
                }
            }
            Meaning::Weekday => {
                self.rate(Frequency::Weekly, 1)?;
                let week = Weekday::Monday.cycle_forward().take(5);
                self.weekdays.extend(week);
            }
            Meaning::Unit(Frequency::Monthly) => self.of_month = true,
            Meaning::Start => (open.start, open.start_here) = (true, true),
            Meaning::Filler => {}
            _ => return Err(""),
        }
        Ok(())
    }

    /// What follows "every", if it is a rate, and how many words that takes.
    fn every(&mut self, rest: &[Token]) -> Result<usize, &'static str> {
        let meaning = |at: usize| rest.get(at).map(|token| token.meaning);
        match (meaning(0), meaning(1)) {
            (Some(Meaning::Unit(Frequency::Monthly)), _) => {
                self.of_month = true;
                self.rate(Frequency::Monthly, 1)?;
                Ok(1)
            }
            (Some(Meaning::Unit(unit)), _) => self.rate(unit, 1).map(|()| 1),
            (Some(Meaning::Other), Some(Meaning::Unit(unit))) => self.rate(unit, 2).map(|()| 2),
            // The day is read as any other.
            (Some(Meaning::Other), Some(Meaning::Day(_))) => {
                self.rate(Frequency::Weekly, 2).map(|()| 1)
            }
            (Some(Meaning::Number(many)), Some(Meaning::Unit(unit))) if many > 0 => {
                self.rate(unit, many).map(|()| 2)
            }
            (Some(Meaning::Place(many)), Some(Meaning::Unit(unit))) if many > 0 => {
                let many = u32::from(many.unsigned_abs());
                self.rate(unit, many).map(|()| 2)
            }
            _ => Ok(0),
        }
    }

    fn rate(&mut self, frequency: Frequency, interval: u32) -> Result<(), &'static str> {
        match self.rate {
            Some(known) if known != (frequency, interval) => Err("it is said to be twice as often"),
            _ => {
                self.rate = Some((frequency, interval));
                Ok(())
            }
        }
    }
}

/// Takes a date out of words: a month with the number beside it, and a year anywhere.
fn take_date(tokens: &mut Vec<Token>) -> Result<Option<Date>, String> {
    let is_month = |token: &Token| matches!(token.meaning, Meaning::Month(_));
    let Some(at) = tokens.iter().position(is_month) else {
        return Ok(None);
    };
    if tokens.iter().filter(|token| is_month(token)).count() > 1 {
        return Err("several months".to_owned());
    }
    let Meaning::Month(month) = tokens[at].meaning else {
        return Ok(None);
    };
    let day_of = |token: &Token| match token.meaning {
        Meaning::Place(day) if day > 0 => Some(day),
        Meaning::Number(day @ 1..=31) => i8::try_from(day).ok(),
        _ => None,
    };
    let beside = [Some(at + 1), at.checked_sub(1)];
    let found = beside
        .into_iter()
        .flatten()
        .find_map(|at| Some((at, day_of(tokens.get(at)?)?)));
    let (day_at, day) = found.ok_or("a month without a day")?;
    let years: Vec<(usize, i16)> = tokens
        .iter()
        .enumerate()
        .filter_map(|(at, token)| match token.meaning {
            Meaning::Number(year @ 1990..=2199) => Some((at, i16::try_from(year).ok()?)),
            _ => None,
        })
        .collect();
    let [(year_at, year)] = years[..] else {
        return Err("a day without its year".to_owned());
    };
    let date = Date::new(year, month, day).map_err(|_| "there is no such day".to_owned())?;
    // A break before the year is part of the date.
    let comma = |token: &Token| token.meaning == Meaning::Break;
    let mut gone = vec![at, day_at, year_at];
    if year_at > 0 && year_at - 1 > at.max(day_at) && comma(&tokens[year_at - 1]) {
        gone.push(year_at - 1);
    }
    let mut place = 0;
    tokens.retain(|_| {
        place += 1;
        !gone.contains(&(place - 1))
    });
    Ok(Some(date))
}
