//! Changes of single records in a zone file that people wrote.
//!
//! A file is changed by putting text in the place of text: comments, order, quotes and the
//! lines of all other records stay byte for byte. Afterwards the file is read again; if
//! anything came out other than asked, nothing is returned but the reason.

mod change;
mod create;
mod delete;
mod page;
#[cfg(test)]
mod tests;
mod verify;

use std::fmt;

use estate::records::{DomainName, RecordKey, RecordSet, RecordType};

use super::write::Conventions;
use page::{Page, Splice};
pub(super) use verify::read_record;
#[cfg(test)]
pub(super) use verify::settings;

/// What one record set is to become.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// Which.
    pub key: RecordKey,
    /// What it is to be; none if it is to be no more.
    pub to: Option<RecordSet>,
    /// What to write as a comment above a name that is new, without `#`.
    pub comment: Option<String>,
}

impl Edit {
    /// A record set that is to be so, whether it is there already or not.
    pub fn set(key: RecordKey, to: RecordSet) -> Self {
        Self {
            key,
            to: Some(to),
            comment: None,
        }
    }

    /// A record set that is to be no more.
    pub fn delete(key: RecordKey) -> Self {
        Self {
            key,
            to: None,
            comment: None,
        }
    }
}

/// Why a file was not changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EditError {
    /// The record set that was to be changed; none if the file as a whole cannot be.
    pub key: Option<RecordKey>,
    /// The line the trouble is on, from 1, where it is on one.
    pub line: Option<usize>,
    /// What is in the way, as a sentence without a full stop.
    pub reason: String,
    /// What to do.
    pub help: String,
}

impl fmt::Display for EditError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(line) = self.line {
            write!(f, "line {line}: ")?;
        }
        if let Some(key) = &self.key {
            write!(f, "{key}: ")?;
        }
        write!(f, "{}; {}", self.reason, self.help)
    }
}

impl std::error::Error for EditError {}

/// What stops an edit, before it is known of which record and on which line.
#[derive(Debug)]
struct Obstacle {
    at: Option<usize>,
    reason: String,
    help: &'static str,
}

impl Obstacle {
    fn new(at: usize, reason: impl Into<String>, help: &'static str) -> Self {
        Self {
            at: Some(at),
            reason: reason.into(),
            help,
        }
    }

    fn anywhere(reason: impl Into<String>, help: &'static str) -> Self {
        Self {
            at: None,
            reason: reason.into(),
            help,
        }
    }
}

/// The text of a zone file with record sets changed.
///
/// The edits are made one after the other. `text` is one file of `zone`; a name that
/// stands in another file of the zone is not seen here.
///
/// # Errors
/// The file cannot be read; what is to be deleted is not in it; it is written in a way
/// that cannot be changed safely (anchors, includes, lists in brackets).
pub fn edit(
    text: &str,
    zone: &DomainName,
    edits: &[Edit],
    conventions: Conventions,
) -> Result<String, EditError> {
    let mut text = text.to_owned();
    for edit in edits {
        let changed = one(&text, zone, edit, conventions);
        text = changed.map_err(|obstacle| EditError {
            key: Some(edit.key.clone()),
            line: obstacle.at.map(|at| page::line_number(&text, at)),
            reason: obstacle.reason,
            help: obstacle.help.to_owned(),
        })?;
    }
    Ok(text)
}

/// What a file says of a name.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Mention {
    /// The types that stand under the name; empty if the name does not.
    pub types: Vec<RecordType>,
    /// How many names stand in the file.
    pub names: usize,
    /// How many labels the name shares with the one nearest to it, beyond those of the zone.
    pub kinship: usize,
}

/// Looks a name up in one file of its zone: to choose the file that a change belongs in.
///
/// # Errors
/// The file cannot be read.
pub fn mention(text: &str, zone: &DomainName, name: &DomainName) -> Result<Mention, EditError> {
    let page = Page::read(text, zone).map_err(|obstacle| EditError {
        key: None,
        line: obstacle.at.map(|at| page::line_number(text, at)),
        reason: obstacle.reason,
        help: obstacle.help.to_owned(),
    })?;
    let shared = |other: &DomainName| {
        let labels = |name: &DomainName| {
            let below = name.below(zone).unwrap_or_default();
            below.rsplit('.').map(str::to_owned).collect::<Vec<_>>()
        };
        let pairs = labels(name).into_iter().zip(labels(other));
        pairs.take_while(|(a, b)| a == b && !a.is_empty()).count()
    };
    let names = || page.entries.iter().filter_map(|entry| entry.name.as_ref());
    Ok(Mention {
        types: page.types_of(name),
        names: names().count(),
        kinship: names().map(shared).max().unwrap_or(0),
    })
}

fn one(
    text: &str,
    zone: &DomainName,
    edit: &Edit,
    conventions: Conventions,
) -> Result<String, Obstacle> {
    let Some(below) = edit.key.name.below(zone) else {
        return Err(Obstacle::anywhere(
            format!("the name is not in {zone}"),
            "change the file of its own zone",
        ));
    };
    let page = Page::read(text, zone)?;
    let found = page.find(&edit.key);
    let splices = match (&edit.to, found) {
        (None, None) => {
            return Err(Obstacle::anywhere(
                "the file does not declare it",
                "look for it in the other files of the zone",
            ));
        }
        (None, Some(found)) => delete::splices(&page, found)?,
        (Some(to), None) => create::splices(&page, below, edit, to, conventions)?,
        (Some(to), Some(found)) => change::splices(&page, found, edit, to, conventions)?,
    };
    let changed = apply(text, splices, page.eol)?;
    verify::verify(&page, &changed, edit, conventions)?;
    Ok(changed)
}

/// Puts every splice in its place. Lines are written with `\n` and end as the file's do.
fn apply(text: &str, mut splices: Vec<Splice>, eol: &str) -> Result<String, Obstacle> {
    splices.sort_by_key(|splice| (splice.start, splice.end));
    let mut changed = String::with_capacity(text.len() + 256);
    let mut at = 0;
    for splice in splices {
        let kept = text
            .get(at..splice.start)
            .filter(|_| splice.start <= splice.end);
        let Some(kept) = kept else {
            return Err(Obstacle::new(
                splice.start,
                "the record is written in a way that this program cannot change",
                "change it by hand",
            ));
        };
        changed.push_str(kept);
        // A last line without an end gets one where lines follow it.
        let ends_line = splice.text.ends_with('\n');
        if ends_line
            && splice.start == splice.end
            && !changed.is_empty()
            && !changed.ends_with('\n')
        {
            changed.push_str(eol);
            let lines = splice.text.trim_end_matches('\n');
            changed.push_str(&lines.replace('\n', eol));
        } else {
            changed.push_str(&splice.text.replace('\n', eol));
        }
        at = splice.end;
    }
    changed.push_str(text.get(at..).unwrap_or(""));
    Ok(changed)
}
