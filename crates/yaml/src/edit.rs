//! Edits of texts that people wrote: an entry goes, an entry comes, a value is another.
//!
//! A text is edited by putting text in the place of text, so that comments, order, quotes, line
//! ends, the end of the file and a byte order mark stay as they are. Afterwards the text is read
//! again, and its tree must be that of before but for what was asked; else nothing is returned
//! but the reason. What cannot be edited safely, such as what an alias repeats, is never guessed.
//!
//! Which comments go with an entry that is removed: the one behind it on its line, those inside
//! of an entry of several lines, and those on lines of their own directly above it in its column
//! if they call it by its name and none of its neighbours. All other comments may be about more
//! than the entry, and stay.

mod create;
mod diff;
mod extent;
mod lines;
mod page;
mod remove;
mod rename;
#[cfg(test)]
mod tests;
mod written;

use std::fmt;

pub use diff::{LineChange, Sign, changes};
pub use written::Written;

use page::{Form, Page, Splice};

/// One step on the way from the root of a document to a value.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Step {
    /// To the value of a key.
    Key(String),
    /// To an entry of a list, from 0.
    Item(usize),
}

impl From<&str> for Step {
    fn from(key: &str) -> Self {
        Self::Key(key.to_owned())
    }
}

impl From<usize> for Step {
    fn from(at: usize) -> Self {
        Self::Item(at)
    }
}

/// A way of keys alone.
pub fn keys<'k>(keys: impl IntoIterator<Item = &'k str>) -> Vec<Step> {
    keys.into_iter().map(Step::from).collect()
}

/// Where a new entry of a list goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// Between two neighbours whose order it keeps, without regard to case; last where there
    /// are none. Mappings are ordered by the value of their first key.
    Sorted,
    /// Behind all others.
    Last,
}

/// Why a text was not edited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CannotEdit {
    /// The line that is in the way, from 1.
    pub line: usize,
    /// What is in the way, as a sentence without a full stop.
    pub why: String,
}

impl fmt::Display for CannotEdit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.why)
    }
}

impl std::error::Error for CannotEdit {}

/// The text without one entry of a list or mapping.
///
/// `at` is the byte at which the value of the list's entry begins, behind its dash, or the key of
/// the mapping's. Where an entry of a list begins with a key, the entry of the list is meant. A
/// list that is empty then is written `[]`, a mapping `{}`.
///
/// # Errors
/// No entry begins there, or it cannot be removed safely.
pub fn remove_entry(text: &str, at: usize) -> Result<String, CannotEdit> {
    let page = Page::read(text)?;
    let Some(path) = page.entry_at(at) else {
        return Err(page.refuse(at, "no entry of a list or mapping begins here"));
    };
    removed(&page, &path)
}

/// The same, of an entry that is known by the way to it.
///
/// # Errors
/// There is none, or it cannot be removed safely.
pub fn remove_at(text: &str, path: &[Step]) -> Result<String, CannotEdit> {
    let page = Page::read(text)?;
    removed(&page, path)
}

fn removed(page: &Page<'_>, path: &[Step]) -> Result<String, CannotEdit> {
    let splices = remove::splices(page, path)?;
    let wanted = Form::of(&page.root).without(path);
    finish(page, splices, wanted.as_ref(), path)
}

/// The text with one more entry in a list. A list that is not there is made, if the mapping that
/// it belongs in is.
///
/// # Errors
/// There is no such list, or no entry can be added safely.
pub fn insert_entry(
    text: &str,
    list: &[Step],
    value: &Written,
    order: Order,
) -> Result<String, CannotEdit> {
    let page = Page::read(text)?;
    let (splices, at) = create::entry(&page, list, value, order)?;
    let wanted = Form::of(&page.root).with_entry(list, at, Form::of_written(value));
    finish(&page, splices, wanted.as_ref(), list)
}

/// The text with another value under a key. A key that is there keeps its place, and its value
/// its quotes; one that is not is added behind the others of its mapping.
///
/// # Errors
/// There is no such mapping, or what stands under the key is more than a scalar on one line.
pub fn set_key(text: &str, path: &[Step], value: &Written) -> Result<String, CannotEdit> {
    let page = Page::read(text)?;
    let splices = create::key(&page, path, value)?;
    let wanted = Form::of(&page.root).with_value(path, Form::of_written(value));
    finish(&page, splices, wanted.as_ref(), path)
}

/// The text with another name for a key, which keeps its place, its value and its quotes.
///
/// # Errors
/// There is no such key, or the mapping has one of that name already.
pub fn rename_key(text: &str, path: &[Step], name: &str) -> Result<String, CannotEdit> {
    let page = Page::read(text)?;
    let splice = rename::splice(&page, path, name)?;
    let wanted = Form::of(&page.root).with_name(path, name);
    finish(&page, vec![splice], wanted.as_ref(), path)
}

/// The way to the innermost key or value that a byte is in.
pub fn path_to(text: &str, at: usize) -> Option<Vec<Step>> {
    Page::read(text).ok()?.path_to(at)
}

/// Where the value at the end of a way begins and ends, in bytes.
pub fn span_of(text: &str, path: &[Step]) -> Option<std::ops::Range<usize>> {
    let page = Page::read(text).ok()?;
    let span = page.node(path)?.span;
    Some(span.start as usize..span.end as usize)
}

/// The texts of the scalars at the end of a way: of the scalar itself, of the entries of a list,
/// or of the values of a mapping, each with its key.
pub fn scalars_at(text: &str, path: &[Step]) -> Vec<(Option<String>, String)> {
    let Ok(page) = Page::read(text) else {
        return Vec::new();
    };
    page.node(path).map(page::scalars).unwrap_or_default()
}

/// What the entries of a list are called: by their text, or the value of their first key.
pub fn called_in(text: &str, list: &[Step]) -> Vec<String> {
    let Ok(page) = Page::read(text) else {
        return Vec::new();
    };
    let entries = page.node(list).map(|node| &node.value);
    let Some(crate::Value::Sequence(entries)) = entries else {
        return Vec::new();
    };
    let first = |entry| page::scalars(entry).into_iter().next();
    entries
        .iter()
        .filter_map(first)
        .map(|(_, text)| text)
        .collect()
}

/// Every scalar that is a value or an entry, not a key, with where it begins.
pub fn each_scalar(text: &str, visit: &mut dyn FnMut(&str, usize)) {
    if let Ok(page) = Page::read(text) {
        page::each_scalar(&page.root, visit);
    }
}

fn finish(
    page: &Page<'_>,
    splices: Vec<Splice>,
    wanted: Option<&Form>,
    path: &[Step],
) -> Result<String, CannotEdit> {
    let at = page.node(path).map_or(0, |node| node.span.start as usize);
    let unsafe_here = "it cannot be changed here without changing something else, perhaps because \
                       of an anchor or an alias; change it by hand";
    let text = page::apply(page.text, splices).ok_or_else(|| page.refuse(at, unsafe_here))?;
    let after = Page::read(&text).map_err(|_| page.refuse(at, unsafe_here))?;
    if wanted != Some(&Form::of(&after.root)) {
        return Err(page.refuse(at, unsafe_here));
    }
    Ok(text)
}
