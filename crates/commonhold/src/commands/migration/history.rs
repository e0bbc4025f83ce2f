//! `commonhold migration history`

mod asked;
mod days;
mod past;
mod rows;

use anyhow::{Context, bail};
use formats::PastJobs;
use jiff::civil::Date;
use migration::history::{
    By, Course, Event, Gauge, History, Outlook, Point, largest, orders, weight,
};

use self::asked::Asked;
use self::days::{beginning, day_of, days};
use self::past::{Past, Tally};
use crate::cli::{Every, HistoryBy, HistoryOutput, MigrationHistoryArguments};
use crate::git::walk::{Line, Step};
use crate::project::Project;
use crate::render::machine::JSON_VERSION;
use crate::surroundings::Outcome;

pub(super) fn run(
    project: &Project<'_>,
    arguments: &MigrationHistoryArguments,
) -> anyhow::Result<Outcome> {
    let asked = match Asked::of(project, arguments)? {
        Ok(asked) => asked,
        Err(usage) => return Ok(Outcome::usage(&usage)),
    };
    let by: Vec<By> = match arguments.by {
        None => vec![By::Cluster, By::Owner],
        Some(HistoryBy::Cluster) => vec![By::Cluster],
        Some(HistoryBy::Owner) => vec![By::Owner],
        Some(HistoryBy::Kind) => vec![By::Kind],
    };
    let history = told(project, arguments, asked)?;
    let data = match arguments.output {
        HistoryOutput::Text => history.text(&by),
        HistoryOutput::Html => history.html(&by),
        HistoryOutput::Svg => history.svg(),
        HistoryOutput::Csv => rows::csv(project, &history, arguments.by.and(by.first().copied())),
        HistoryOutput::Json => {
            let mut json = serde_json::json!({ "version": JSON_VERSION });
            if let (Some(all), serde_json::Value::Object(said)) =
                (json.as_object_mut(), history.json(&by))
            {
                all.extend(said);
            }
            format!("{json:#}\n")
        }
    };
    Ok(Outcome::data(data))
}

/// How many jobs of a migration were left as each month since a day began, from the estate's own
/// repository.
pub(super) fn by_month(
    project: &Project<'_>,
    migration: &str,
    since: Date,
) -> anyhow::Result<Vec<(Date, usize)>> {
    let arguments = MigrationHistoryArguments {
        name: Some(migration.to_owned()),
        repo: None,
        tree: Vec::new(),
        every: Every::Month,
        since: Some(since),
        until: None,
        by: None,
        goal: None,
        scope: None,
        events: 0,
        output: HistoryOutput::Text,
    };
    let asked = match Asked::of(project, &arguments)? {
        Ok(asked) => asked,
        Err(usage) => bail!(usage),
    };
    let history = told(project, &arguments, asked)?;
    let points = history.course.points.iter();
    Ok(points.map(|point| (point.day, point.count.left)).collect())
}

/// Reads the past and tells it.
fn told(
    project: &Project<'_>,
    arguments: &MigrationHistoryArguments,
    mut asked: Asked,
) -> anyhow::Result<History> {
    let line = Line::of(&asked.folder)?;
    if asked.trees.is_empty() {
        asked.trees = PastJobs::trees(&line.paths()?);
        if asked.trees.is_empty() {
            bail!("no folder of the repository looks like jobs; name it with --tree");
        }
    }
    let samples = samples(arguments, &line)?;
    let mut past = Past::new(
        &line,
        &asked.trees,
        &asked.gauge,
        std::mem::take(&mut asked.groups),
        project.day,
        project.surroundings.progress,
    );
    let course = past.course(&samples)?;
    if course.points.is_empty() {
        bail!(
            "no file below {} held a job that is meant, at any of {} days",
            asked.trees.join(", "),
            samples.len()
        );
    }
    let tally = past.tally();
    let mut events = asked.told;
    events.extend(found(
        &mut past,
        &line,
        &course,
        usize::from(arguments.events),
    )?);
    events.sort_by_key(|event| event.day);
    let words = std::mem::take(&mut past.words);
    let mut notes = notes(&course, tally, &asked.gauge);
    if line.cut_off {
        notes.push("The clone does not reach back to the first commit; `git fetch --unshallow` brings the rest.".to_owned());
    }
    Ok(History {
        outlook: Outlook::of(&course.points),
        orders: orders(&course),
        title: asked.title,
        goal: asked.gauge.goal().to_string(),
        scope: asked.gauge.scope().map(ToString::to_string),
        trees: asked.trees,
        words,
        course,
        events,
        due: asked.due,
        notes,
    })
}

/// The commits that are looked at, each with its day.
fn samples<'l>(
    arguments: &MigrationHistoryArguments,
    line: &'l Line,
) -> anyhow::Result<Vec<(Date, &'l Step)>> {
    let made = || line.commits.iter().map(|commit| commit.at);
    let (Some(oldest), Some(newest)) = (made().min(), made().max()) else {
        bail!("the repository has no commit");
    };
    let first = arguments.since.unwrap_or_else(|| day_of(oldest));
    let last = match arguments.until {
        Some(until) => until,
        None => day_of(newest)
            .tomorrow()
            .context("the newest commit is from the end of time")?,
    };
    let days = days(arguments.every, first, last);
    let instants: Vec<_> = days.iter().map(|day| beginning(*day)).collect();
    let found = days.into_iter().zip(line.last_before(&instants));
    let samples: Vec<_> = found
        .filter_map(|(day, at)| Some((day, &line.commits[at?])))
        .collect();
    if samples.is_empty() {
        bail!(
            "there is no commit before {last}; the first is of {}",
            day_of(oldest)
        );
    }
    Ok(samples)
}

/// The commits that did most, in the times in which most was done.
fn found(
    past: &mut Past<'_>,
    line: &Line,
    course: &Course,
    most: usize,
) -> anyhow::Result<Vec<Event>> {
    let place = |hash: &str| line.commits.iter().position(|commit| commit.hash == hash);
    let mut events = Vec::new();
    for at in largest(&course.points, most) {
        let (before, after) = (&course.points[at - 1].commit, &course.points[at].commit);
        let (Some(before), Some(after)) = (place(before), place(after)) else {
            continue;
        };
        // The line has the newest first.
        let steps: Vec<(Date, &Step)> = line.commits[after..=before]
            .iter()
            .rev()
            .map(|step| (day_of(step.at), step))
            .collect();
        let each = past.course(&steps)?;
        let greatest = each
            .points
            .iter()
            .skip(1)
            .max_by_key(|point| weight(&point.flow));
        if let Some(point) = greatest.filter(|point| weight(&point.flow) > 0) {
            events.push(point.clone());
        }
    }
    let hashes: Vec<&str> = events
        .iter()
        .map(|point: &Point| point.commit.as_str())
        .collect();
    let subjects = line.subjects(&hashes)?;
    let named = events.iter().map(|point| {
        let subject = subjects.get(&point.commit).map_or("", String::as_str);
        Event::found(point.day, subject, &point.commit, point.flow)
    });
    Ok(named.collect())
}

/// What a reader must know beside the figures.
fn notes(course: &Course, tally: Tally, gauge: &Gauge) -> Vec<String> {
    let mut notes = Vec::new();
    let unread = course
        .points
        .iter()
        .filter(|point| point.unread > 0)
        .count();
    if tally.broken + tally.absent + tally.partly > 0 {
        notes.push(format!(
            "Of {} versions of files {} could not be read, {} are not in the clone, and {} could be read only in part; on {} of {} days a file counts as it last could be read.",
            tally.versions,
            tally.broken,
            tally.absent,
            tally.partly,
            unread,
            course.points.len()
        ));
    } else {
        notes.push(format!(
            "All {} versions of files could be read.",
            tally.versions
        ));
    }
    let half = Past::half_known(gauge);
    if !half.is_empty() {
        notes.push(format!(
            "What other files add is not seen: of {} only what the job's own file says.",
            half.join(", ")
        ));
    }
    notes
}
