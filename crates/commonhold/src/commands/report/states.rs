//! The estate before a year and at its end.

use std::fmt;

use base::{Diagnostic, Severity};
use charter::Charter;
use estate::kinds::Group;
use estate::{Estate, Item, KindId};
use jiff::Timestamp;
use jiff::civil::{Date, date};
use jiff::tz::TimeZone;
use serde::{Serialize, Serializer};

use crate::git::{Commit, Past, Repository};
use crate::project::{Checked, Project, Unusable};

/// Something that is computed, or why it cannot be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Known<T> {
    /// It is.
    Is(T),
    /// It is not known, and why, as the end of a sentence.
    Not(String),
}

impl<T> Known<T> {
    pub(crate) fn as_ref(&self) -> Known<&T> {
        match self {
            Self::Is(value) => Known::Is(value),
            Self::Not(why) => Known::Not(why.clone()),
        }
    }

    pub(crate) fn map<U>(self, of: impl FnOnce(T) -> U) -> Known<U> {
        match self {
            Self::Is(value) => Known::Is(of(value)),
            Self::Not(why) => Known::Not(why),
        }
    }
}

impl<T: Serialize> Serialize for Known<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Is(value) => value.serialize(serializer),
            Self::Not(why) => serializer.collect_map([("unknown", why)]),
        }
    }
}

/// The days a report is about.
#[derive(Debug, Clone, Copy, Serialize)]
pub(crate) struct Period {
    pub(crate) first: Date,
    /// 31 December, or the day of the draft while the year lasts.
    pub(crate) last: Date,
    /// Whether the year is over.
    pub(crate) over: bool,
}

impl Period {
    pub(super) fn of(year: i16, today: Date) -> Self {
        let end = date(year, 12, 31);
        Self {
            first: date(year, 1, 1),
            last: end.min(today),
            over: end < today,
        }
    }

    /// The day before.
    pub(super) fn eve(self) -> Date {
        self.first.yesterday().unwrap_or(Date::MIN)
    }

    pub(super) fn has(self, day: Date) -> bool {
        self.first <= day && day <= self.last
    }

    pub(super) fn begins(self) -> anyhow::Result<Timestamp> {
        Ok(self.first.to_zoned(TimeZone::UTC)?.timestamp())
    }

    /// The first instant after it.
    pub(super) fn ends(self) -> anyhow::Result<Timestamp> {
        Ok(self.last.tomorrow()?.to_zoned(TimeZone::UTC)?.timestamp())
    }
}

/// Which state of the estate something is told from.
#[derive(Debug, Clone, Serialize)]
#[serde(tag = "from", rename_all = "snake_case")]
pub(crate) enum Origin {
    /// A commit.
    Commit { hash: String, at: Timestamp },
    /// The files as they lie there on the day of the draft.
    Files { day: Date },
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Commit { hash, at } => {
                let hash: String = hash.chars().take(12).collect();
                write!(f, "commit {hash} of {at}")
            }
            Self::Files { day } => write!(f, "the files as they were on {day}"),
        }
    }
}

/// The estate before the year. Nothing is asked of its rules.
pub(super) struct Before {
    pub(super) estate: Estate,
    pub(super) origin: Origin,
    pub(super) errors: usize,
}

/// The estate at the end of the year, or what stands for it.
pub(super) struct End {
    pub(super) estate: Estate,
    pub(super) charter: Charter,
    pub(super) findings: Vec<Diagnostic>,
    /// The day it is judged on.
    pub(super) day: Date,
    pub(super) origin: Origin,
    /// Why another state stands for it.
    pub(super) instead: Option<String>,
}

impl Before {
    pub(super) fn read(project: &Project<'_>, period: Period) -> anyhow::Result<Known<Self>> {
        let instant = period.begins()?;
        let (repository, commit) = match reach(project, instant)? {
            Known::Is(found) => found,
            Known::Not(why) => return Ok(Known::Not(why)),
        };
        let Ok(tree) = repository.tree_at(&commit.hash) else {
            return Ok(not_there(commit));
        };
        let origin = Origin::from(commit);
        Ok(match formats::load(&tree) {
            Err(_) => Known::Not(format!("the estate cannot be read at {origin}")),
            Ok((estate, findings)) => Known::Is(Self {
                estate,
                origin,
                errors: errors(&findings),
            }),
        })
    }

    /// A group as it was; none if there was none of its name.
    pub(super) fn group(&self, name: &str) -> Known<Option<&Item<Group>>> {
        let tables = &self.estate.tables;
        let found = tables.groups.get(name);
        let in_part = tables.is_flawed(KindId::Group, name);
        let unread = found.is_none() && tables.knows(KindId::Group, name);
        if in_part || unread {
            return Known::Not(format!(
                "the group cannot be read in full at {}",
                self.origin
            ));
        }
        Known::Is(found)
    }
}

impl End {
    /// The estate by the last commit of the year; while the year lasts, or where that commit
    /// does not tell of the group, as its files are.
    pub(super) fn read(project: &Project<'_>, group: &str, period: Period) -> anyhow::Result<Self> {
        let mut instead = None;
        if period.over {
            match Self::committed(project, group, period)? {
                Known::Is(end) => return Ok(end),
                Known::Not(why) => instead = Some(why),
            }
        }
        let day = project.day;
        match Checked::read(&project.tree()?, period.last) {
            Ok(checked) => Ok(Self::of(
                checked,
                period.last,
                Origin::Files { day },
                instead,
            )),
            Err(Unusable { sources, findings }) => {
                let first = findings.first();
                let said = first.map(|f| format!("{}: {}", sources.locate(f.span), f.message));
                Err(anyhow::anyhow!("{}", said.unwrap_or_default())
                    .context("the estate cannot be read"))
            }
        }
    }

    fn committed(
        project: &Project<'_>,
        group: &str,
        period: Period,
    ) -> anyhow::Result<Known<Self>> {
        let (repository, commit) = match reach(project, period.ends()?)? {
            Known::Is(found) => found,
            Known::Not(why) => return Ok(Known::Not(why)),
        };
        let Ok(tree) = repository.tree_at(&commit.hash) else {
            return Ok(not_there(commit));
        };
        let origin = Origin::from(commit);
        let Ok(checked) = Checked::read(&tree, period.last) else {
            return Ok(Known::Not(format!("the estate cannot be read at {origin}")));
        };
        let tables = &checked.estate.tables;
        let name = group.strip_prefix("group/").unwrap_or(group);
        if tables.groups.get(name).is_none() && tables.knows(KindId::Group, name) {
            return Ok(Known::Not(format!(
                "a file that may tell of the group cannot be read at {origin}"
            )));
        }
        Ok(Known::Is(Self::of(checked, period.last, origin, None)))
    }

    fn of(checked: Checked, day: Date, origin: Origin, instead: Option<String>) -> Self {
        Self {
            estate: checked.estate,
            charter: checked.charter,
            findings: checked.findings,
            day,
            origin,
            instead,
        }
    }

    pub(super) fn errors(&self) -> usize {
        errors(&self.findings)
    }
}

impl From<Commit> for Origin {
    fn from(commit: Commit) -> Self {
        Self::Commit {
            hash: commit.hash,
            at: commit.at,
        }
    }
}

/// The folder of the estate is not among the files of a commit.
fn not_there<T>(commit: Commit) -> Known<T> {
    Known::Not(format!(
        "the estate was not there at {}",
        Origin::from(commit)
    ))
}

/// Errors in files, by which something may not have been read; what breaks a rule was.
fn errors(findings: &[Diagnostic]) -> usize {
    let of_rule = |finding: &&Diagnostic| {
        let mut rules = charter::RULES.iter();
        rules.any(|rule| rule.code.id == finding.code.id)
    };
    let of_files = findings.iter().filter(|finding| !of_rule(finding));
    of_files
        .filter(|finding| finding.severity == Severity::Error)
        .count()
}

/// The last commit before an instant.
fn reach(project: &Project<'_>, instant: Timestamp) -> anyhow::Result<Known<(Repository, Commit)>> {
    let Some(repository) = Repository::of(&project.root()?) else {
        return Ok(Known::Not(
            "the estate is in no Git repository, or in one without a commit".to_owned(),
        ));
    };
    let day = TimeZone::UTC.to_datetime(instant).date();
    Ok(match repository.last_before(instant)? {
        Past::At(commit) => Known::Is((repository, commit)),
        Past::NotYet => Known::Not(format!("the repository has no commit from before {day}")),
        Past::CutOff => Known::Not(format!(
            "this clone is shallow and does not reach back to {day}; `git fetch --unshallow` completes it"
        )),
    })
}
