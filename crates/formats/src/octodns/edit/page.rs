//! A zone file as lines and as a tree.

use base::{SourceMap, Span};
use estate::records::{DomainName, RecordKey, RecordType};
use yaml::{Dialect, Node, Value};

use super::Obstacle;
use crate::octodns::names::idna;
use crate::octodns::order::natural;

/// A text in the place of another.
#[derive(Debug)]
pub(super) struct Splice {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) text: String,
}

impl Splice {
    pub(super) fn new(start: usize, end: usize, text: impl Into<String>) -> Self {
        let text = text.into();
        Self { start, end, text }
    }
}

/// One name and what stands under it.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) key: Node,
    pub(super) value: Node,
    /// The name; none for merge keys and what is no name.
    pub(super) name: Option<DomainName>,
}

/// Where a record stands: the entry, and the item if it is one of a list.
#[derive(Debug, Clone, Copy)]
pub(super) struct Found<'p> {
    pub(super) entry: usize,
    pub(super) item: Option<usize>,
    pub(super) record: &'p Node,
}

/// A zone file.
#[derive(Debug)]
pub(super) struct Page<'t> {
    pub(super) text: &'t str,
    pub(super) zone: &'t DomainName,
    pub(super) eol: &'static str,
    /// The document, where it is written in braces.
    pub(super) braces: Option<Span>,
    pub(super) entries: Vec<Entry>,
}

impl<'t> Page<'t> {
    pub(super) fn read(text: &'t str, zone: &'t DomainName) -> Result<Self, Obstacle> {
        let file = SourceMap::default().add("", "");
        let (mut documents, findings) = yaml::parse(text, file, Dialect::Octodns);
        if let Some(finding) = findings.first() {
            let at = finding.span.start as usize;
            let reason = format!("the file cannot be read: {}", finding.message);
            return Err(Obstacle::new(at, reason, "mend that first"));
        }
        if let Some(second) = documents.get(1) {
            let at = second.span.start as usize;
            return Err(Obstacle::new(
                at,
                "a second document begins here",
                "remove the `---` between the two",
            ));
        }
        let mut root = None;
        let entries = match documents
            .pop()
            .map(|document| (document.span, document.value))
        {
            Some((span, Value::Mapping(entries))) => {
                root = Some(span);
                entries
            }
            Some((_, Value::Empty)) | None => Vec::new(),
            Some(_) => {
                let help = "write `NAME: {type: A, value: 192.0.2.1}`";
                return Err(Obstacle::new(0, "the file maps no names to records", help));
            }
        };
        let entries = entries.into_iter().map(|(key, value)| Entry {
            name: name_of(&key, zone),
            key,
            value,
        });
        Ok(Self {
            text,
            zone,
            eol: if text.contains("\r\n") { "\r\n" } else { "\n" },
            entries: entries.collect(),
            braces: root.filter(|span| text.as_bytes().get(span.start as usize) == Some(&b'{')),
        })
    }

    /// Where a record set stands.
    pub(super) fn find(&self, key: &RecordKey) -> Option<Found<'_>> {
        let entry = self.entry_of(&key.name)?;
        match &self.entries[entry].value {
            Node {
                value: Value::Sequence(items),
                ..
            } => {
                let item = items
                    .iter()
                    .position(|item| type_of(item) == Some(key.rtype))?;
                Some(Found {
                    entry,
                    item: Some(item),
                    record: &items[item],
                })
            }
            record => (type_of(record) == Some(key.rtype)).then_some(Found {
                entry,
                item: None,
                record,
            }),
        }
    }

    pub(super) fn entry_of(&self, name: &DomainName) -> Option<usize> {
        self.entries
            .iter()
            .position(|entry| entry.name.as_ref() == Some(name))
    }

    /// The types that stand under a name.
    pub(super) fn types_of(&self, name: &DomainName) -> Vec<RecordType> {
        let entry = self.entry_of(name).map(|at| &self.entries[at].value);
        let records = match entry.map(|value| (value, &value.value)) {
            Some((_, Value::Sequence(items))) => &items[..],
            Some((record, _)) => std::slice::from_ref(record),
            None => &[],
        };
        records.iter().filter_map(type_of).collect()
    }

    /// The end of the lines of an entry, with the comments that are indented under it.
    pub(super) fn entry_end(&self, at: usize) -> usize {
        let entry = &self.entries[at];
        let from = entry.key.span.start as usize;
        let until = content_end(&entry.value, from, entry.key.span.end as usize, self.text);
        self.with_comments_below(line_end(self.text, until), column(self.text, from))
    }

    /// The end of the comment lines that begin at `at` and are indented deeper than `column`.
    fn with_comments_below(&self, at: usize, column: usize) -> usize {
        let mut end = at;
        while let Some(line) = line_at(self.text, end) {
            let indent = line.len() - line.trim_start_matches(' ').len();
            if indent <= column || !line[indent..].starts_with('#') {
                break;
            }
            end = line_end(self.text, end);
        }
        end
    }

    /// The end of the lines of an item of a list.
    pub(super) fn item_end(&self, item: &Node) -> usize {
        let start = item.span.start as usize;
        line_end(self.text, content_end(item, start, start, self.text))
    }

    /// The start of the line of the dash before an item, and the dash's column.
    ///
    /// # Errors
    /// There is no dash, or something stands before it.
    pub(super) fn dash(&self, item: &Node) -> Result<(usize, usize), Obstacle> {
        let start = item.span.start as usize;
        let before = self.text.get(..start).unwrap_or("").trim_end();
        let dash = before.strip_suffix('-').map(str::len);
        let line = dash.map(|dash| line_start(self.text, dash));
        match (dash, line) {
            (Some(dash), Some(line)) if self.text[line..dash].trim().is_empty() => {
                Ok((line, dash - line))
            }
            _ => Err(awkward(start)),
        }
    }

    /// The start of the comment lines that stand directly above a line at a column.
    pub(super) fn comments_above(&self, line: usize, column: usize) -> usize {
        let mut start = line;
        while start > 0 {
            let above = line_start(self.text, start - 1);
            let text = &self.text[above..start];
            let text = text.trim_start_matches('\u{feff}');
            let indent = text.len() - text.trim_start_matches(' ').len();
            if indent != column || !text[indent..].starts_with('#') {
                break;
            }
            start = above;
        }
        start
    }

    /// Whether the names stand in natural order.
    pub(super) fn in_order(&self) -> bool {
        let keys = self.entries.iter().filter_map(|entry| entry.key.text());
        keys.is_sorted_by(|a, b| natural(a, b).is_le())
    }

    /// Whether an empty line parts most names from the next.
    pub(super) fn has_gaps(&self) -> bool {
        let starts = self.entries.iter().skip(1).map(|entry| {
            let line = line_start(self.text, entry.key.span.start as usize);
            self.comments_above(line, 0)
        });
        let gaps = starts
            .filter(|start| is_blank_above(self.text, *start))
            .count();
        gaps * 2 > self.entries.len().saturating_sub(1)
    }

    /// How far lists of records are indented under their name: as the first of the file.
    pub(super) fn record_indent(&self) -> usize {
        let lists = self
            .entries
            .iter()
            .filter_map(|entry| first_item(&entry.value));
        self.indent_of(lists, 0)
    }

    /// How far lists of values are indented under `values`: as the first of the file.
    pub(super) fn value_indent(&self) -> usize {
        for entry in &self.entries {
            let records = match &entry.value.value {
                Value::Sequence(items) => items.iter().collect(),
                _ => vec![&entry.value],
            };
            for record in records {
                let Value::Mapping(keys) = &record.value else {
                    continue;
                };
                let list = keys.iter().find(|(key, _)| key.text() == Some("values"));
                let Some((key, item)) = list.and_then(|(key, list)| Some((key, first_item(list)?)))
                else {
                    continue;
                };
                let base = column(self.text, key.span.start as usize);
                return self.indent_of(std::iter::once(item), base);
            }
        }
        0
    }

    fn indent_of<'n>(&self, mut items: impl Iterator<Item = &'n Node>, base: usize) -> usize {
        let dash = items.find_map(|item| self.dash(item).ok());
        dash.map_or(0, |(_, column)| column.saturating_sub(base).min(8))
    }
}

fn first_item(node: &Node) -> Option<&Node> {
    match &node.value {
        Value::Sequence(items) => items.first(),
        _ => None,
    }
}

/// The name a key stands for.
pub(super) fn name_of(key: &Node, zone: &DomainName) -> Option<DomainName> {
    let text = key.text().filter(|_| !key.is_merge_key())?;
    DomainName::relative(&idna(text), zone).ok()
}

/// The type of a record.
pub(super) fn type_of(record: &Node) -> Option<RecordType> {
    record.get("type")?.text()?.parse().ok()
}

pub(super) fn awkward(at: usize) -> Obstacle {
    Obstacle::new(
        at,
        "the record is written in a way that this program cannot change",
        "change it by hand, or write it as `NAME:`, `type:` and `value:` on lines of their own",
    )
}

/// Whether a list or mapping is written in brackets.
pub(super) fn is_flow(node: &Node, text: &str) -> bool {
    let first = text.as_bytes().get(node.span.start as usize);
    matches!(node.value, Value::Mapping(_) | Value::Sequence(_))
        && matches!(first, Some(b'{' | b'['))
}

/// Whether every part of a node is written after `from`, and for this place alone: what an
/// alias stands for is not, nor what has an anchor.
pub(super) fn is_written_here(node: &Node, from: usize, text: &str) -> bool {
    let start = node.span.start as usize;
    let anchored = text.as_bytes().get(start) == Some(&b'&');
    let here = matches!(node.value, Value::Empty) || (start >= from && !anchored);
    here && match &node.value {
        Value::Sequence(items) => items.iter().all(|item| is_written_here(item, from, text)),
        Value::Mapping(entries) => entries.iter().all(|(key, value)| {
            !key.is_merge_key()
                && is_written_here(key, from, text)
                && is_written_here(value, key.span.start as usize, text)
        }),
        Value::Include(_) => false,
        _ => true,
    }
}

/// Where the last sign of a node stands, plus one; nothing before `from` counts, as it is
/// not written here, and what is empty is written nowhere.
pub(super) fn content_end(node: &Node, from: usize, least: usize, text: &str) -> usize {
    let (start, end) = (node.span.start as usize, node.span.end as usize);
    if start < from || matches!(node.value, Value::Empty) {
        return least;
    }
    match &node.value {
        _ if is_flow(node, text) => end.max(least),
        Value::Sequence(items) => items
            .iter()
            .fold(least, |least, item| content_end(item, from, least, text)),
        Value::Mapping(entries) => entries.iter().fold(least, |least, (key, value)| {
            let least = least.max(key.span.end as usize);
            content_end(value, key.span.start as usize, least, text)
        }),
        _ => end.max(least),
    }
}

/// The start of the line that a byte is on.
pub(super) fn line_start(text: &str, at: usize) -> usize {
    text.as_bytes()[..at.min(text.len())]
        .iter()
        .rposition(|byte| *byte == b'\n')
        .map_or(0, |newline| newline + 1)
}

/// The end of the line that the byte before `at` is on, or `at` is the start of, with its newline.
pub(super) fn line_end(text: &str, at: usize) -> usize {
    let rest = &text.as_bytes()[at.min(text.len())..];
    let newline = rest.iter().position(|byte| *byte == b'\n');
    newline.map_or(text.len(), |newline| at + newline + 1)
}

/// The line that starts at a byte; none at the end.
pub(super) fn line_at(text: &str, at: usize) -> Option<&str> {
    text.get(at..line_end(text, at))
        .filter(|line| !line.is_empty())
}

/// The column of a byte, from 0, without a byte order mark.
pub(super) fn column(text: &str, at: usize) -> usize {
    let line = text.get(line_start(text, at)..at).unwrap_or("");
    line.trim_start_matches('\u{feff}').chars().count()
}

/// The line of a byte, from 1.
pub(super) fn line_number(text: &str, at: usize) -> usize {
    let before = text.get(..at).unwrap_or(text);
    1 + before.matches('\n').count()
}

/// Whether the line above a line is empty.
pub(super) fn is_blank_above(text: &str, line: usize) -> bool {
    line > 0 && text[line_start(text, line - 1)..line].trim().is_empty()
}
