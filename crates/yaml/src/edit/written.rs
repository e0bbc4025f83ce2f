//! Values as they are written.

use crate::{Reading, reads_as};

/// A value that is to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Written {
    /// A text, in quotes where it needs them. Days are texts.
    Text(String),
    /// A whole number.
    Number(u64),
    /// A list.
    List(Vec<Written>),
    /// A mapping; the keys are distinct.
    Mapping(Vec<(String, Written)>),
}

impl From<&str> for Written {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

/// How the scalars around stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Quotes {
    /// Without quotes where that is safe.
    None,
    Single,
    Double,
}

impl Quotes {
    /// Of a scalar in a text.
    pub(super) fn of(written: &str) -> Self {
        match written.as_bytes().first() {
            Some(b'\'') => Self::Single,
            Some(b'"') => Self::Double,
            _ => Self::None,
        }
    }
}

impl Written {
    /// On one line, in brackets if it has parts.
    pub(super) fn flow(&self, quotes: Quotes) -> String {
        match self {
            Self::Text(text) => scalar(text, quotes),
            Self::Number(number) => number.to_string(),
            Self::List(items) => {
                let items: Vec<String> = items.iter().map(|item| item.flow(Quotes::None)).collect();
                format!("[{}]", items.join(", "))
            }
            Self::Mapping(entries) => {
                let entry = |(key, value): &(String, Self)| {
                    format!(
                        "{}: {}",
                        scalar(key, Quotes::None),
                        value.flow(Quotes::None)
                    )
                };
                let entries: Vec<String> = entries.iter().map(entry).collect();
                format!("{{{}}}", entries.join(", "))
            }
        }
    }

    /// On lines of its own: a mapping a key a line, all else on one line.
    pub(super) fn lines(&self, quotes: Quotes) -> Vec<String> {
        match self {
            Self::Mapping(entries) if !entries.is_empty() => {
                let entry = |(key, value): &(String, Self)| {
                    format!(
                        "{}: {}",
                        scalar(key, Quotes::None),
                        value.flow(Quotes::None)
                    )
                };
                entries.iter().map(entry).collect()
            }
            other => vec![other.flow(quotes)],
        }
    }

    /// What it is sorted by.
    pub(super) fn sorted_by(&self) -> String {
        match self {
            Self::Text(text) => text.to_lowercase(),
            Self::Number(number) => number.to_string(),
            Self::List(items) => items.first().map(Self::sorted_by).unwrap_or_default(),
            Self::Mapping(entries) => {
                let first = entries.first().map(|(_, value)| value.sorted_by());
                first.unwrap_or_default()
            }
        }
    }
}

/// A scalar that every reader takes for this text.
pub(super) fn scalar(text: &str, quotes: Quotes) -> String {
    let has_controls = text.chars().any(|c| c.is_control() || is_line_break(c));
    match quotes {
        Quotes::Single if !has_controls => format!("'{}'", text.replace('\'', "''")),
        Quotes::None if is_plain(text) && !has_controls => text.to_owned(),
        _ => double_quoted(text),
    }
}

fn is_line_break(c: char) -> bool {
    matches!(c, '\u{85}' | '\u{2028}' | '\u{2029}' | '\u{feff}')
}

/// Whether a text may stand without quotes anywhere, be it in brackets, and be read as text.
fn is_plain(text: &str) -> bool {
    const BEGINS_SOMETHING: &str = "-?:,[]{}#&*!|>'\"%@`=<~";
    let first = text.chars().next();
    first.is_some_and(|c| !BEGINS_SOMETHING.contains(c))
        && text.trim() == text
        && reads_as(text) == Reading::Text
        && !text.contains([',', '[', ']', '{', '}'])
        && !text.contains(": ")
        && !text.contains(" #")
        && !text.ends_with(':')
        && text != "..."
}

fn double_quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            c if c.is_control() || is_line_break(c) => {
                quoted.push_str(&format!("\\u{:04x}", u32::from(c)));
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}
