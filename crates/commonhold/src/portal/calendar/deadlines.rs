//! What ends, and what is to be done by a day.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use portal::model::{Audience, Link, Source};

use crate::portal::shown::{Known, to};

/// So many days are looked ahead.
pub(super) const DAYS: i32 = 90;

/// Something that ends, or is to be done by a day.
pub(super) struct Deadline {
    /// The last day.
    pub(super) day: Date,
    /// The moment, where it is known.
    pub(super) at: Option<Timestamp>,
    /// What it is about.
    pub(super) what: Link,
    /// What kind of end it is.
    pub(super) kind: &'static str,
    pub(super) source: Option<Source>,
    pub(super) audience: Audience,
}

/// All that is due in the time to come, by day.
pub(super) fn all(known: &Known) -> Vec<Deadline> {
    let mut all: Vec<Deadline> = known
        .index
        .ends
        .iter()
        .map(|end| Deadline {
            day: end.day,
            at: None,
            what: end.what.clone(),
            kind: end.kind,
            source: known.source(end.span),
            audience: end.audience.clone(),
        })
        .collect();
    exceptions(known, &mut all);
    decisions(known, &mut all);
    elections(known, &mut all);
    all.retain(|one| (0..=DAYS).contains(&(one.day - known.day).get_days()));
    all.sort_by(|one, other| {
        let key = |one: &Deadline| (one.day, one.at, one.kind, one.what.text.clone());
        key(one).cmp(&key(other))
    });
    all
}

/// What may stay for now, in migrations.
fn exceptions(known: &Known, all: &mut Vec<Deadline>) {
    for item in known.checked.estate.tables.migrations.items() {
        let exceptions = item.value.exceptions.iter();
        for (excuse, until) in exceptions.filter_map(|one| Some((one, one.until.as_ref()?))) {
            let text = format!("{}: {}", item.title(), excuse.reason);
            all.push(Deadline {
                day: until.value,
                at: None,
                what: Link::new(text, to("migrations", &item.name)),
                kind: "exception from a migration",
                source: known.source(until.span),
                audience: Audience::Everybody,
            });
        }
    }
}

/// Items that are decided by themselves, if nobody acts.
fn decisions(known: &Known, all: &mut Vec<Deadline>) {
    for item in &known.affairs.decided.items {
        if let Some(at) = item.next() {
            let what = Link::new(item.called(), to("decisions", &item.id));
            all.push(moment(at, what, "decision"));
        }
    }
}

/// The phases of elections.
fn elections(known: &Known, all: &mut Vec<Deadline>) {
    for election in &known.affairs.elected.elections {
        let nominations = election.nominations;
        let turns = [
            (nominations.map(|(from, _)| from), "nominations open"),
            (nominations.map(|(_, until)| until), "nominations close"),
            (Some(election.opens), "voting opens"),
            (Some(election.closes), "voting closes"),
        ];
        for (at, kind) in turns {
            let Some(at) = at else { continue };
            let title = election.title.as_str();
            let what = Link::new(title, to("elections", &election.key));
            all.push(moment(at, what, kind));
        }
    }
}

fn moment(at: Timestamp, what: Link, kind: &'static str) -> Deadline {
    Deadline {
        day: TimeZone::UTC.to_datetime(at).date(),
        at: Some(at),
        what,
        kind,
        source: None,
        audience: Audience::Everybody,
    }
}
