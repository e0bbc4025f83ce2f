//! Since when nothing is left, by the commits of the estate.

use std::collections::BTreeSet;

use estate::kinds::{About, Migration};
use estate::{Item, KindId, Manifest};
use formats::Ci;
use jiff::ToSpan;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use migration::done::{Since, Witness};
use migration::{Lists, Standing, Terms};
use policy::Things;

use super::super::ground::Ground;
use crate::git::{Commit, Repository};

/// A migration with what it says today, and what is known of its past so far.
struct Trace<'g> {
    item: &'g Item<Migration>,
    terms: Terms,
    /// The earliest commit that was looked at in which nothing was left, and since.
    none_left: Option<Witness>,
    since: Option<Since>,
}

/// Since when nothing is left of each migration, looking back so many days.
///
/// Each commit is asked what the migration says today: what it said then may have been less.
pub(super) fn since(
    ground: &Ground,
    chosen: &[&Item<Migration>],
    standings: &[Standing],
    days: u32,
) -> anyhow::Result<Vec<Since>> {
    let mut traces = Vec::new();
    for (item, standing) in chosen.iter().zip(standings) {
        let left = standing.counts().left();
        traces.push(Trace {
            item,
            terms: ground.terms(item)?,
            none_left: None,
            since: (left > 0).then_some(Since::Not),
        });
    }
    if traces.iter().any(|trace| trace.since.is_none()) {
        match Repository::of(ground.tree.root()) {
            Some(repository) => walk(&repository, ground, &mut traces, days)?,
            None => settle(&mut traces, |_| {
                Since::Unknown("the estate is in no Git repository".to_owned())
            }),
        }
    }
    let known = |trace: Trace<'_>| trace.since.unwrap_or(Since::Not);
    Ok(traces.into_iter().map(known).collect())
}

fn settle(traces: &mut [Trace<'_>], since: impl Fn(&Trace<'_>) -> Since) {
    for trace in traces.iter_mut().filter(|trace| trace.since.is_none()) {
        trace.since = Some(since(trace));
    }
}

/// The files and folders on which it depends what is left: not what migrations and policies say.
fn paths(ground: &Ground) -> BTreeSet<String> {
    let folders = KindId::ALL.iter();
    let folders = folders.filter(|kind| !matches!(kind, KindId::Migration | KindId::Policy));
    let sources = ground.estate.manifest.sources.iter();
    folders
        .map(|kind| kind.folder().to_owned())
        .chain(sources.map(|source| source.path.value.clone()))
        .chain([Manifest::FILE.to_owned()])
        .collect()
}

/// Walks the commits from what is checked out back, each tree read once.
fn walk(
    repository: &Repository,
    ground: &Ground,
    traces: &mut [Trace<'_>],
    days: u32,
) -> anyhow::Result<()> {
    let began = ground
        .day
        .checked_sub(i64::from(days).days())
        .unwrap_or(Date::MIN);
    let line = repository.line(&paths(ground))?;
    if line.is_empty() {
        settle(traces, |_| {
            Since::Unknown("no commit holds the files of the estate".to_owned())
        });
    }
    for commit in line {
        let day = commit.at.to_zoned(TimeZone::UTC).date();
        if day > ground.day {
            continue;
        }
        look(repository, ground, &commit, day, traces);
        if traces.iter().all(|trace| trace.since.is_some()) {
            break;
        }
        // This one stood when the time began.
        if day <= began {
            settle(traces, |trace| match &trace.none_left {
                Some(witness) => Since::Always(witness.clone()),
                None => Since::Not,
            });
            break;
        }
    }
    let cut = repository.is_shallow();
    settle(traces, |trace| match &trace.none_left {
        Some(oldest) => Since::TooShort(oldest.clone()),
        None if cut => Since::Unknown("the clone has too few commits".to_owned()),
        None => Since::Unknown("no commit is as old as the day that is asked about".to_owned()),
    });
    Ok(())
}

/// Asks the estate at a commit what was left.
fn look(
    repository: &Repository,
    ground: &Ground,
    commit: &Commit,
    day: Date,
    traces: &mut [Trace<'_>],
) {
    let left = left_at(repository, ground, commit, day, traces);
    for (trace, left) in traces.iter_mut().zip(left) {
        if trace.since.is_some() {
            continue;
        }
        let witness = |left| Witness {
            commit: commit.hash.clone(),
            day,
            left,
        };
        match (left, trace.none_left.take()) {
            (Some(0), _) => trace.none_left = Some(witness(0)),
            // What is checked out has nothing left, and its last commit had.
            (Some(_), None) => trace.since = Some(Since::Not),
            (None, None) => {
                trace.since = Some(Since::Unknown(format!(
                    "what moves cannot be read as it was committed on {day}"
                )));
            }
            (left, Some(first)) => {
                let before = left.map(witness);
                trace.since = Some(Since::Commit { first, before });
            }
        }
    }
}

/// How much was left of each migration at a commit; nothing where it cannot be read.
fn left_at(
    repository: &Repository,
    ground: &Ground,
    commit: &Commit,
    day: Date,
    traces: &[Trace<'_>],
) -> Vec<Option<usize>> {
    let unread = || vec![None; traces.len()];
    let Ok(tree) = repository.tree_at(&commit.hash) else {
        return unread();
    };
    let Ok((mut estate, _)) = formats::load(&tree) else {
        return unread();
    };
    let mut sources = std::mem::take(&mut estate.sources);
    let ci = if traces.iter().any(is_of_jobs) {
        Ci::load(&estate, &tree, &mut sources)
    } else {
        Ci::default()
    };
    estate.sources = sources;
    let subjects = ci.subjects(&estate);
    let things = Things::of(&estate, subjects.as_ref()).on(day);
    let left = |trace: &Trace<'_>| {
        let about = trace.item.value.about;
        let readable = things.are_read(about) && things.are_complete(about);
        if !readable || trace.since.is_some() {
            return None;
        }
        let standing = Standing::of(
            trace.item,
            &trace.terms,
            &things,
            Lists::default(),
            ground.day,
        );
        Some(standing.counts().left())
    };
    traces.iter().map(left).collect()
}

fn is_of_jobs(trace: &Trace<'_>) -> bool {
    matches!(
        trace.item.value.about,
        About::Job | About::Preset | About::Tab
    )
}
