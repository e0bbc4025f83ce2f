//! `commonhold calendar`

pub(crate) mod agenda;

use std::path::Path;

use anyhow::{Context, bail};
use charter::Charter;
use estate::kinds::{Group, Standing};
use estate::meetings::{Edition, Timetable, Vague, Whose, timetable};
use estate::{AnyItem, Estate, Item, KindId};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};

use crate::Exit;
use crate::cli::{CalendarArguments, CalendarOutput};
use crate::files;
use crate::git::Repository;
use crate::project::{Project, one_item};
use crate::surroundings::Outcome;
use agenda::{Agenda, Stretch};

/// Days in the list of all groups.
const DAYS_OF_ALL: i64 = 14;
/// Days in the list of a group or person: whatever is held every month is in them.
const DAYS_OF_ONE: i64 = 35;

pub(crate) fn run(project: &Project<'_>, arguments: &CalendarArguments) -> anyhow::Result<Outcome> {
    let usual = match arguments.whose {
        Some(_) => CalendarOutput::Ics,
        None => CalendarOutput::Text,
    };
    let output = arguments.output.unwrap_or(usual);
    let days_asked = arguments.from.is_some() || arguments.until.is_some();
    if output == CalendarOutput::Ics && days_asked {
        return Ok(Outcome::usage(
            "a calendar says how meetings recur and has no first or last day; ask for `--output text` or `json` with --from and --until",
        ));
    }
    let Some(stretch) = stretch(project, arguments) else {
        return Ok(Outcome::usage("--until is before --from"));
    };
    let (estate, mut notes) = project.ask()?;
    let (charter, _) = Charter::of(&estate);
    let timetable = timetable(&estate, &charter.meetings.zone_words());
    let (whose, title) = whose(&estate, arguments.whose.as_deref(), project)?;
    let at = put_down(&project.root()?, project.day)?;
    let calendar = calendar(at, &estate, &timetable, whose, &title);
    let agenda = Agenda {
        sources: &estate.sources,
        title,
        stretch,
        events: &calendar.events,
        vague: timetable.vague_of(whose).collect(),
    };
    if calendar.events.is_empty() && agenda.vague.is_empty() {
        notes += &format!("no meeting of {} is known\n", base::visible(&agenda.title));
        let nothing = Outcome::data(String::new()).exit(Exit::Findings);
        return Ok(Outcome { notes, ..nothing });
    }
    let data = match output {
        CalendarOutput::Ics => {
            for vague in &agenda.vague {
                let place = estate.sources.line_of(vague.meeting.description.span);
                notes += &format!("warning: {place}: not in the calendar: {}\n", said(vague));
            }
            if calendar.events.is_empty() {
                let nothing = Outcome::data(String::new()).exit(Exit::Findings);
                return Ok(Outcome { notes, ..nothing });
            }
            ical::write(&calendar)
        }
        CalendarOutput::Text => agenda.text(project.surroundings)?,
        CalendarOutput::Json => agenda.json()?,
    };
    let Some(out) = &arguments.out else {
        let data = Outcome::data(data);
        return Ok(Outcome { notes, ..data });
    };
    files::replace(&project.surroundings.folder.join(out), &data)
        .with_context(|| format!("{} cannot be written", out.display()))?;
    notes += &format!("wrote {}\n", out.display());
    let data = Outcome::data(String::new());
    Ok(Outcome { notes, ..data })
}

/// What a meeting is called and why nobody can tell when it is held.
pub(crate) fn said(vague: &Vague<'_>) -> String {
    let why: Vec<String> = vague.why.iter().map(ToString::to_string).collect();
    let (title, description) = (vague.group.title(), &vague.meeting.description);
    base::visible(&format!("{title}: {description}: {}", why.join("; ")))
}

/// The days that are listed; `None` if the last is before the first.
fn stretch(project: &Project<'_>, arguments: &CalendarArguments) -> Option<Stretch> {
    let first = arguments.from.unwrap_or(project.day);
    let days = match arguments.whose {
        Some(_) => DAYS_OF_ONE,
        None => DAYS_OF_ALL,
    };
    let last = || first.checked_add(Span::new().days(days - 1)).ok();
    let last = arguments.until.or_else(last)?;
    (first <= last).then_some(Stretch { first, last })
}

/// Whose meetings a word means, and what they are called.
fn whose<'e>(
    estate: &'e Estate,
    word: Option<&str>,
    project: &Project<'_>,
) -> anyhow::Result<(Whose<'e>, String)> {
    let Some(word) = word else {
        return Ok((Whose::All, estate.manifest.name.clone()));
    };
    let meets = |item: &AnyItem<'_>| matches!(item.kind, KindId::Group | KindId::Person);
    let found: Vec<AnyItem<'e>> = estate.named(word).into_iter().filter(meets).collect();
    let item = match found.as_slice() {
        [item] => *item,
        _ => one_item(estate, word)?,
    };
    let title = item.title.to_owned();
    let group = estate.tables.groups.get(item.name);
    let person = estate.tables.people.get(item.name);
    match (item.kind, group, person) {
        (KindId::Group, Some(group), _) => Ok((Whose::Group(group), title)),
        (KindId::Person, _, Some(person)) => {
            Ok((Whose::Person(estate, person, project.day), title))
        }
        _ => bail!(
            "groups and people have calendars; {} is neither",
            item.subject()
        ),
    }
}

/// The meetings and office hours of some, of facts that were put down at an instant.
pub(crate) fn calendar(
    at: Timestamp,
    estate: &Estate,
    timetable: &Timetable<'_>,
    whose: Whose<'_>,
    title: &str,
) -> ical::Calendar {
    let edition = Edition {
        community: &estate.manifest,
        at,
        // Later commits have later minutes, also in a clone that has not all of them.
        sequence: u32::try_from(at.as_second() / 60).unwrap_or(0),
    };
    let mut calendar = edition.calendar(title, timetable.held_of(whose));
    let works = |group: &&Item<Group>| group.value.standing == Standing::Active;
    let groups = estate.tables.groups.items().filter(works);
    for group in groups.filter(|group| whose.has(group, None)) {
        calendar.events.extend(edition.office_hours(group));
    }
    calendar
}

/// When the facts of an estate were put down: when they were committed, else the day.
pub(crate) fn put_down(root: &Path, day: Date) -> anyhow::Result<Timestamp> {
    if let Some(repository) = Repository::of(root) {
        return Ok(repository.head()?.at);
    }
    Ok(day.to_zoned(TimeZone::UTC)?.timestamp())
}
