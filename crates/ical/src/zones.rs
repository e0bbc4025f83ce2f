//! What the clocks of a zone show, as `VTIMEZONE` (RFC 5545 §3.6.5).
//!
//! A change of the clocks that comes back every year in the same way, as far as is looked ahead,
//! is written as a rule without end; the others one by one.

use jiff::Timestamp;
use jiff::civil::{DateTime, Weekday, date};
use jiff::tz::{Offset, TimeZone, TimeZoneTransition};

use crate::moment::{Zone, basic};
use crate::rule::{ByDay, Frequency, Rule};

/// The end of the time for which the changes of clocks are looked at: all rules for the future
/// have come true in each of their ways by then, and none that is known ends later but
/// the lunar ones, whose tables do.
const HORIZON: DateTime = date(2088, 1, 1).at(0, 0, 0, 0);

/// A change that is to be written.
struct Change {
    /// What the clocks showed when they changed.
    shown: DateTime,
    from: Offset,
    to: Offset,
    name: String,
    summer: bool,
}

/// The lines of a zone, right from an instant on.
pub(crate) fn zone_lines(zone: &Zone, from: Timestamp) -> Vec<String> {
    let mut lines = vec!["BEGIN:VTIMEZONE".to_owned(), format!("TZID:{zone}")];
    for run in runs(changes(zone.time_zone(), from)) {
        lines.extend(component(&run));
    }
    lines.push("END:VTIMEZONE".to_owned());
    lines
}

/// The change that was in force at an instant, and those after it.
fn changes(zone: &TimeZone, from: Timestamp) -> Vec<Change> {
    let next = from
        .checked_add(jiff::SignedDuration::from_secs(1))
        .unwrap_or(from);
    let base = zone.preceding(next).next();
    let horizon = TimeZone::UTC
        .to_timestamp(HORIZON)
        .unwrap_or(Timestamp::MAX);
    let start = base.as_ref().map_or(from, TimeZoneTransition::timestamp);
    let first = base.map_or_else(|| always(zone, from), |base| change(zone, &base));
    let later = zone
        .following(start)
        .take_while(|transition| transition.timestamp() < horizon)
        .map(|transition| change(zone, &transition));
    [first].into_iter().chain(later).collect()
}

fn change(zone: &TimeZone, transition: &TimeZoneTransition<'_>) -> Change {
    let at = transition.timestamp();
    let before = at
        .checked_sub(jiff::SignedDuration::from_nanos(1))
        .unwrap_or(at);
    let from = zone.to_offset(before);
    Change {
        shown: from.to_datetime(at),
        from,
        to: transition.offset(),
        name: transition.abbreviation().to_owned(),
        summer: transition.dst().is_dst(),
    }
}

/// A zone whose clocks never changed before.
fn always(zone: &TimeZone, from: Timestamp) -> Change {
    let info = zone.to_offset_info(from);
    Change {
        shown: date(1601, 1, 1).at(0, 0, 0, 0),
        from: info.offset(),
        to: info.offset(),
        name: info.abbreviation().to_owned(),
        summer: info.dst().is_dst(),
    }
}

/// Changes of one kind, in order.
struct Run {
    changes: Vec<Change>,
    /// If they come back every year without end.
    rule: Option<Rule>,
}

/// Sorts changes by kind, and splits off from each kind the end that is a rule.
fn runs(changes: Vec<Change>) -> Vec<Run> {
    let mut kinds: Vec<Vec<Change>> = Vec::new();
    for change in changes {
        let same = |kind: &&mut Vec<Change>| {
            let known = &kind[0];
            (known.from, known.to, &known.name, known.summer)
                == (change.from, change.to, &change.name, change.summer)
        };
        match kinds.iter_mut().find(same) {
            Some(kind) => kind.push(change),
            None => kinds.push(vec![change]),
        }
    }
    let mut runs = Vec::new();
    for mut kind in kinds {
        let first = regular(&kind);
        let tail = kind.split_off(first);
        if !kind.is_empty() {
            runs.push(Run {
                changes: kind,
                rule: None,
            });
        }
        if let Some(rule) = rule(&tail) {
            runs.push(Run {
                changes: tail,
                rule: Some(rule),
            });
        }
    }
    runs
}

/// Where the changes begin to be the same rule every year up to the end of what is known.
fn regular(kind: &[Change]) -> usize {
    let last = kind.last().map(|change| change.shown);
    // Nothing that a year before the end had ended is without end.
    if last.is_none_or(|last| last.year() < HORIZON.year() - 1) {
        return kind.len();
    }
    let fits = |from: usize| {
        let tail = &kind[from..];
        let yearly = tail
            .windows(2)
            .all(|pair| pair[0].shown.year() + 1 == pair[1].shown.year());
        yearly && rule(tail).is_some()
    };
    let mut first = kind.len();
    while first > 0 && fits(first - 1) {
        first -= 1;
    }
    // A rule that has held a few times only may be chance.
    if kind.len() - first < 10 {
        kind.len()
    } else {
        first
    }
}

/// The yearly rule of which all changes are, if they are of one.
fn rule(changes: &[Change]) -> Option<Rule> {
    let first = changes.first()?.shown;
    let same = |change: &Change| {
        (
            change.shown.month(),
            change.shown.weekday(),
            change.shown.time(),
        ) == (first.month(), first.weekday(), first.time())
    };
    if !changes.iter().all(same) {
        return None;
    }
    let days = || changes.iter().map(|change| change.shown.day());
    let (least, most) = (days().min()?, days().max()?);
    let last = changes
        .iter()
        .all(|change| change.shown.day() + 7 > change.shown.date().days_in_month());
    let mut rule = Rule::every(1, Frequency::Yearly);
    rule.months = vec![first.month()];
    let nth = (least - 1) / 7 + 1;
    let by = |place: Option<i8>, weekday: Weekday| vec![ByDay { place, weekday }];
    if last {
        rule.days = by(Some(-1), first.weekday());
    } else if (most - 1) / 7 + 1 == nth {
        rule.days = by(Some(nth), first.weekday());
    } else if most - least < 7 {
        // Such as the Friday from the 23rd on. Years enough show all seven days.
        rule.days = by(None, first.weekday());
        rule.month_days = (least..=most).collect();
    } else {
        return None;
    }
    Some(rule)
}

fn component(run: &Run) -> Vec<String> {
    let Some(first) = run.changes.first() else {
        return Vec::new();
    };
    let kind = if first.summer { "DAYLIGHT" } else { "STANDARD" };
    let mut lines = vec![
        format!("BEGIN:{kind}"),
        format!("DTSTART:{}", basic(first.shown)),
        format!("TZOFFSETFROM:{}", offset(first.from)),
        format!("TZOFFSETTO:{}", offset(first.to)),
        format!("TZNAME:{}", first.name),
    ];
    if let Some(rule) = &run.rule {
        lines.push(format!("RRULE:{rule}"));
    } else {
        let others = run.changes.iter().skip(1);
        lines.extend(others.map(|change| format!("RDATE:{}", basic(change.shown))));
    }
    lines.push(format!("END:{kind}"));
    lines
}

fn offset(offset: Offset) -> String {
    let seconds = offset.seconds();
    let (sign, seconds) = (if seconds < 0 { '-' } else { '+' }, seconds.abs());
    let text = format!("{sign}{:02}{:02}", seconds / 3600, seconds / 60 % 60);
    match seconds % 60 {
        0 => text,
        rest => format!("{text}{rest:02}"),
    }
}
