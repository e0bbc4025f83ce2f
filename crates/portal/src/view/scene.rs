//! The page that is being made: what is around it, and where links of it lead.

use std::borrow::Cow;
use std::cell::Cell;
use std::fmt::Write as _;

use maud::{Markup, html};

use super::Frame;
use crate::model::{Source, decoded};
use crate::query::Query;
use crate::site::Files;

/// The page that is being made.
pub(super) struct Scene<'a> {
    pub(super) frame: &'a Frame<'a>,
    /// Its path.
    pub(super) path: &'a str,
    /// The files of a static site; none where a server answers.
    files: Option<&'a Files<'a>>,
    forms: Cell<usize>,
}

impl<'a> Scene<'a> {
    pub(super) fn new(frame: &'a Frame<'a>, path: &'a str, files: Option<&'a Files<'a>>) -> Self {
        Self {
            frame,
            path,
            files,
            forms: Cell::new(0),
        }
    }

    /// A number that no other form of the page has, for the ids of its fields.
    pub(super) fn next_form(&self) -> usize {
        self.forms.set(self.forms.get() + 1);
        self.forms.get()
    }

    /// Where a link leads: a path of the portal, a place on the page, or a web or mail address.
    /// Nothing else becomes a link, whatever somebody wrote.
    pub(super) fn href(&self, to: &str) -> Option<String> {
        if let Some(path) = to.strip_prefix('/') {
            // A second slash or backslash would make it the name of another host.
            let path = format!("/{}", path.trim_start_matches(['/', '\\']));
            return match self.files {
                Some(files) => files.relative(self.path, &path).map(|to| encoded(&to)),
                None => Some(encoded(&path)),
            };
        }
        let schemes = ["https://", "http://", "mailto:", "#"];
        let known = schemes.iter().any(|scheme| to.starts_with(scheme));
        known.then(|| encoded(to))
    }

    /// The path of a page of the collection that is shown.
    pub(super) fn page_path(&self, query: &Query, page: usize) -> String {
        format!("{}{}", self.path, query.at(page).asked())
    }

    /// Where a line of the estate can be looked at, with what it is called.
    pub(super) fn source(&self, source: &Source, short: bool) -> Markup {
        let full = match source.line {
            0 => source.path.clone(),
            line => format!("{}:{line}", source.path),
        };
        let name = match full.rsplit_once('/') {
            Some((_, name)) if short => name.to_owned(),
            _ => full.clone(),
        };
        let stamp = self.frame.stamp;
        if stamp.source_url.is_empty() {
            return html! { span.src title=[short.then_some(&full)] { (shown(&name)) } };
        }
        let commit = stamp.commit.as_deref().unwrap_or("HEAD");
        let url = stamp
            .source_url
            .replace("{commit}", &encoded_segment(commit))
            .replace("{path}", &encoded_path(&source.path))
            .replace("{line}", &source.line.max(1).to_string());
        html! {
            @match self.href(&url) {
                Some(url) => a.src href=(url) title=[short.then_some(&full)] { (shown(&name)) },
                None => span.src { (shown(&name)) },
            }
        }
    }
}

/// A text of which every character is seen; lines and tabs stay what they are.
pub(super) fn shown(text: &str) -> Cow<'_, str> {
    let harmless = |byte: &u8| matches!(byte, b' '..=b'~' | b'\n' | b'\t');
    if text.as_bytes().iter().all(harmless) {
        return Cow::Borrowed(text);
    }
    let lines = text
        .split('\n')
        .map(|line| line.strip_suffix('\r').unwrap_or(line));
    let lines: Vec<String> = lines
        .map(|line| {
            let cells = line.split('\t').map(document::visible);
            cells.collect::<Vec<_>>().join("\t")
        })
        .collect();
    Cow::Owned(lines.join("\n"))
}

/// What may stand in a URL as it is; all else is percent-encoded. A percent sign stays where it
/// already encodes something.
fn encoded(url: &str) -> String {
    let bytes = url.as_bytes();
    let mut text = String::with_capacity(url.len());
    for (at, &byte) in bytes.iter().enumerate() {
        let is_code = || {
            let digits = bytes.get(at + 1..at + 3);
            digits.is_some_and(|two| two.iter().all(u8::is_ascii_hexdigit))
        };
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => text.push(char::from(byte)),
            b'-' | b'.' | b'_' | b'~' | b'/' | b':' | b'?' | b'#' | b'@' | b'!' | b'$' | b'&'
            | b'(' | b')' | b'*' | b'+' | b',' | b';' | b'=' => text.push(char::from(byte)),
            b'%' if is_code() => text.push('%'),
            _ => {
                let _ = write!(text, "%{byte:02X}");
            }
        }
    }
    text
}

fn encoded_path(path: &str) -> String {
    let segments = path.split('/').map(encoded_segment);
    segments.collect::<Vec<_>>().join("/")
}

fn encoded_segment(segment: &str) -> String {
    let mut text = String::with_capacity(segment.len());
    for byte in segment.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                text.push(char::from(byte));
            }
            _ => {
                let _ = write!(text, "%{byte:02X}");
            }
        }
    }
    text
}

/// The part of a link that is a path, decoded, and the place on the page it leads to.
pub(crate) fn split(to: &str) -> (String, &str) {
    let (to, place) = to.split_once('#').unwrap_or((to, ""));
    let path = to.split_once('?').map_or(to, |(path, _)| path);
    (decoded(path), place)
}
