//! Text to events.
//!
//! All components with one `UID` are one event: a later `SEQUENCE` replaces an earlier one, one
//! with `RECURRENCE-ID` moves one occurrence, and a cancelled one takes away. If any of them
//! cannot be read, none is taken, as what is left would be wrong. Components other than
//! `VEVENT` and properties that do not say when are passed over.

use std::collections::BTreeMap;

use crate::event::{Event, Length, Status};
use crate::line::{Line, unescape, unfold};
use crate::moment::{Moment, Zone};
use crate::occurrences::in_step;
use crate::problem::{NotACalendar, Problem, Unread};
use crate::rule::Rule;

/// The longest text that is read, in octets.
pub const MOST_OCTETS: usize = 8 << 20;

/// The most events that one text may have.
pub const MOST_EVENTS: usize = 5_000;

/// The most times one event may be excepted.
const MOST_EXCEPTIONS: usize = 2_000;

/// The longest an event may last: a hundred years.
const MOST_DAYS: u32 = 36_525;

/// What a calendar says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reading {
    /// The events.
    pub events: Vec<Event>,
    /// Where each of them begins in the text: lines from 1, as many as events.
    pub lines: Vec<usize>,
    /// What could not be read.
    pub unread: Vec<Unread>,
}

/// Reads a calendar, or several in one text.
pub fn read(text: &str) -> Result<Reading, NotACalendar> {
    let (components, mut reading) = components(text)?;
    let mut by_uid: BTreeMap<String, Parts> = BTreeMap::new();
    for (at, component) in components.into_iter().enumerate() {
        let part = component.part();
        // What has no UID is alone; no UID has a line end.
        let uid = component.text("UID").unwrap_or_else(|| format!("\n{at}"));
        by_uid.entry(uid).or_default().push((component, part));
    }
    let mut events = Vec::new();
    for (_, parts) in by_uid {
        match together(parts) {
            Ok(found) => events.extend(found),
            Err(unread) => reading.unread.extend(unread),
        }
    }
    events.sort_by_key(|(line, _)| *line);
    reading.unread.sort_by_key(|unread| unread.line);
    (reading.lines, reading.events) = events.into_iter().unzip();
    Ok(reading)
}

/// What was read, or the line that could not be, from 1, and why.
type Placed<T> = Result<T, (usize, Problem)>;

/// The components with one UID, and what each says.
type Parts = Vec<(Component, Placed<Part>)>;

/// A `VEVENT`.
struct Component {
    line: usize,
    lines: Vec<Line>,
    /// A line of it that is none.
    broken: Option<usize>,
}

/// What a `VEVENT` says.
struct Part {
    event: Event,
    /// The occurrence it moves.
    moves: Option<Moment>,
    cancelled: bool,
}

fn components(text: &str) -> Result<(Vec<Component>, Reading), NotACalendar> {
    let too_large = |most, what| NotACalendar::TooLarge { most, what };
    if text.len() > MOST_OCTETS {
        return Err(too_large(MOST_OCTETS, "octets"));
    }
    let (mut found, mut reading) = (Vec::new(), Reading::default());
    let mut open: Vec<String> = Vec::new();
    let mut last = 1;
    for (number, text) in unfold(text) {
        last = number;
        let line = Line::parse(number, &text);
        let word = |line: &Line| line.value.trim().to_ascii_uppercase();
        match &line {
            Some(line) if line.name == "BEGIN" => {
                let name = word(line);
                if open.is_empty() && name != "VCALENDAR" {
                    return Err(NotACalendar::NoBeginning { line: number });
                }
                if name == "VEVENT" && open.len() == 1 {
                    if found.len() == MOST_EVENTS {
                        return Err(too_large(MOST_EVENTS, "events"));
                    }
                    found.push(Component {
                        line: number,
                        lines: Vec::new(),
                        broken: None,
                    });
                }
                open.push(name);
                continue;
            }
            Some(line) if line.name == "END" && !open.is_empty() => {
                let name = open.pop().unwrap_or_default();
                if name != word(line) {
                    return Err(NotACalendar::Unclosed { line: number, name });
                }
                continue;
            }
            _ if open.is_empty() => return Err(NotACalendar::NoBeginning { line: number }),
            _ => {}
        }
        match (
            open.len(),
            open.last().map(String::as_str),
            line,
            found.last_mut(),
        ) {
            (2, Some("VEVENT"), Some(line), Some(event)) => event.lines.push(line),
            (2, Some("VEVENT"), None, Some(event)) => event.broken = event.broken.or(Some(number)),
            (1, _, None, _) => reading.unread.push(Unread {
                line: number,
                name: None,
                problem: Problem::Line,
            }),
            _ => {}
        }
    }
    match open.pop() {
        Some(name) => Err(NotACalendar::Unclosed { line: last, name }),
        None if text.trim().is_empty() => Err(NotACalendar::NoBeginning { line: 1 }),
        None => Ok((found, reading)),
    }
}

impl Component {
    /// The only line with a name.
    fn line(&self, name: &str) -> Placed<Option<&Line>> {
        let mut lines = self.lines.iter().filter(|line| line.name == name);
        let first = lines.next();
        match lines.next() {
            Some(second) => Err((second.number, Problem::Twice(name.to_owned()))),
            None => Ok(first),
        }
    }

    fn text(&self, name: &str) -> Option<String> {
        let line = self.lines.iter().find(|line| line.name == name)?;
        Some(unescape(&line.value))
    }

    fn name(&self) -> Option<String> {
        self.text("SUMMARY").or_else(|| self.text("UID"))
    }

    fn part(&self) -> Placed<Part> {
        if let Some(line) = self.broken {
            return Err((line, Problem::Line));
        }
        // These say when, and are not read.
        for line in &self.lines {
            if matches!(line.name.as_str(), "RDATE" | "EXRULE") {
                return Err((line.number, Problem::Property(line.name.clone())));
            }
        }
        let start = self.line("DTSTART")?.ok_or((self.line, Problem::NoStart))?;
        let start = moment(start, &start.value)?;
        let word = |name: &str| self.text(name).map(|text| text.to_ascii_uppercase());
        let status = match word("STATUS").as_deref() {
            Some("TENTATIVE") => Status::Tentative,
            _ => Status::Confirmed,
        };
        let mut event = Event {
            uid: self.text("UID").unwrap_or_default(),
            sequence: self.sequence()?,
            summary: self.text("SUMMARY").unwrap_or_default(),
            description: self.text("DESCRIPTION").unwrap_or_default(),
            url: self.text("URL").unwrap_or_default(),
            status,
            length: self.length(&start)?,
            except: self.exceptions(&start)?,
            rule: None,
            start,
        };
        if let Some(line) = self.line("RRULE")? {
            let at = |problem| (line.number, problem);
            let rule = Rule::parse(&line.value).map_err(at)?;
            if !rule.end.fits(&event.start) {
                return Err(at(Problem::Mixed("UNTIL".to_owned())));
            }
            event.rule = Some(rule);
            if !in_step(&event) {
                return Err(at(Problem::OutOfStep));
            }
        }
        let moves = match self.line("RECURRENCE-ID")? {
            Some(line) if line.param("RANGE").is_some() => {
                return Err((line.number, Problem::Property("RANGE".to_owned())));
            }
            Some(line) => Some(like(&event.start, line, moment(line, &line.value)?)?),
            None => None,
        };
        let cancelled = word("STATUS").as_deref() == Some("CANCELLED");
        Ok(Part {
            event,
            moves,
            cancelled,
        })
    }

    fn sequence(&self) -> Placed<u32> {
        let Some(line) = self.line("SEQUENCE")? else {
            return Ok(0);
        };
        let number = line.value.trim().parse();
        number.map_err(|_| (line.number, Problem::Sequence(line.value.clone())))
    }

    fn length(&self, start: &Moment) -> Placed<Length> {
        let (end, duration) = (self.line("DTEND")?, self.line("DURATION")?);
        let usual = match start {
            Moment::Day(_) => Length::DAY,
            Moment::At { .. } => Length::default(),
        };
        match (end, duration) {
            (None, None) => Ok(usual),
            (Some(_), Some(line)) => Err((
                line.number,
                Problem::Twice("DTEND` or `DURATION".to_owned()),
            )),
            (None, Some(line)) => {
                let wrong = || (line.number, Problem::Duration(line.value.clone()));
                let length = duration_of(line.value.trim()).ok_or_else(wrong)?;
                let whole = matches!(start, Moment::Day(_));
                if whole && (length.seconds > 0 || length.days == 0) {
                    return Err((line.number, Problem::Mixed(line.value.clone())));
                }
                Ok(length)
            }
            (Some(line), None) => {
                let end = like(start, line, moment(line, &line.value)?)?;
                between(start, &end).ok_or((line.number, Problem::End))
            }
        }
    }

    fn exceptions(&self, start: &Moment) -> Placed<Vec<Moment>> {
        let mut except = Vec::new();
        for line in self.lines.iter().filter(|line| line.name == "EXDATE") {
            for value in line.value.split(',') {
                except.push(like(start, line, moment(line, value)?)?);
                if except.len() > MOST_EXCEPTIONS {
                    return Err((line.number, Problem::TooMany));
                }
            }
        }
        Ok(except)
    }
}

/// The events of components with one UID.
fn together(parts: Parts) -> Result<Vec<(usize, Event)>, Vec<Unread>> {
    let unread = |component: &Component, line: usize, problem: &Problem| Unread {
        line,
        name: component.name(),
        problem: problem.clone(),
    };
    if parts.iter().any(|(_, part)| part.is_err()) {
        let all = parts.iter().map(|(component, part)| match part {
            Err((line, problem)) => unread(component, *line, problem),
            Ok(_) => unread(component, component.line, &Problem::Companion),
        });
        return Err(all.collect());
    }
    let mut parts: Vec<(Component, Part)> = parts
        .into_iter()
        .filter_map(|(component, part)| Some((component, part.ok()?)))
        .collect();
    let key = |part: &Part| {
        part.moves
            .as_ref()
            .map(|moment| (moment.date(), moment.instant()))
    };
    parts.sort_by_key(|(_, part)| (key(part), std::cmp::Reverse(part.event.sequence)));
    let same = |a: &(Component, Part), b: &(Component, Part)| key(&a.1) == key(&b.1);
    let twice = parts.windows(2).any(|pair| {
        same(&pair[0], &pair[1]) && pair[0].1.event.sequence == pair[1].1.event.sequence
    });
    parts.dedup_by(|later, earlier| same(later, earlier));
    let orphan = parts.first().is_some_and(|(_, part)| part.moves.is_some());
    if twice
        || orphan
        || parts
            .iter()
            .filter(|(_, part)| part.moves.is_some())
            .any(|(_, part)| part.event.rule.is_some())
    {
        let all = parts
            .iter()
            .map(|(component, _)| unread(component, component.line, &Problem::Companion));
        return Err(all.collect());
    }
    let mut found: Vec<(usize, Event)> = Vec::new();
    let mut parts = parts.into_iter();
    let Some((first, main)) = parts.next() else {
        return Ok(found);
    };
    // What is cancelled as a whole takes its moved occurrences with it.
    if main.cancelled {
        return Ok(found);
    }
    let mut event = main.event;
    for (component, part) in parts {
        event.except.extend(part.moves);
        if !part.cancelled {
            found.push((component.line, part.event));
        }
    }
    found.push((first.line, event));
    Ok(found)
}

fn moment(line: &Line, value: &str) -> Placed<Moment> {
    let at = |problem| (line.number, problem);
    let zone = line
        .param("TZID")
        .map(|name| Zone::new(name).ok_or_else(|| at(Problem::Zone(name.to_owned()))));
    let moment = Moment::parse(value.trim(), zone.transpose()?.as_ref()).map_err(at)?;
    let day = matches!(moment, Moment::Day(_));
    match line.param("VALUE") {
        Some("DATE") if !day => Err(at(Problem::Time(value.to_owned()))),
        Some("PERIOD") => Err(at(Problem::Time(value.to_owned()))),
        _ => Ok(moment),
    }
}

/// A moment that must be of the kind of the start.
fn like(start: &Moment, line: &Line, moment: Moment) -> Placed<Moment> {
    let same = matches!(start, Moment::Day(_)) == matches!(moment, Moment::Day(_));
    same.then_some(moment)
        .ok_or_else(|| (line.number, Problem::Mixed(line.name.clone())))
}

/// The length between a start and an end of its kind.
fn between(start: &Moment, end: &Moment) -> Option<Length> {
    if let (Some(from), Some(until)) = (start.instant(), end.instant()) {
        let seconds = u32::try_from(until.duration_since(from).as_secs()).ok()?;
        return (seconds / 86_400 <= MOST_DAYS).then_some(Length { days: 0, seconds });
    }
    let days = start.date().until(end.date()).ok()?.get_days();
    let days = u32::try_from(days).ok()?;
    (1..=MOST_DAYS)
        .contains(&days)
        .then_some(Length { days, seconds: 0 })
}

/// Reads `P1W`, `P1DT2H`, `PT30M`; a negative one is none.
fn duration_of(text: &str) -> Option<Length> {
    let text = text.strip_prefix('+').unwrap_or(text).strip_prefix('P')?;
    let (days, time) = text
        .split_once('T')
        .map_or((text, None), |(days, time)| (days, Some(time)));
    let mut length = Length::default();
    let mut add = |text: &str, units: &[(char, u32, bool)]| -> Option<()> {
        let mut rest = text;
        let mut units = units.iter();
        while !rest.is_empty() {
            let end = rest.find(|c: char| !c.is_ascii_digit())?;
            let number: u32 = rest[..end].parse().ok()?;
            let unit = rest[end..].chars().next()?;
            // Larger units come first, each at most once.
            let (_, factor, of_days) = units.find(|(known, ..)| *known == unit)?;
            let more = number.checked_mul(*factor)?;
            let sum = if *of_days {
                &mut length.days
            } else {
                &mut length.seconds
            };
            *sum = sum.checked_add(more)?;
            rest = &rest[end + unit.len_utf8()..];
        }
        Some(())
    };
    add(days, &[('W', 7, true), ('D', 1, true)])?;
    if let Some(time) = time {
        (!time.is_empty()).then_some(())?;
        add(
            time,
            &[('H', 3600, false), ('M', 60, false), ('S', 1, false)],
        )?;
    }
    let written = !days.is_empty() || time.is_some();
    let short = length.days <= MOST_DAYS && length.seconds / 86_400 <= MOST_DAYS;
    (written && short).then_some(length)
}
