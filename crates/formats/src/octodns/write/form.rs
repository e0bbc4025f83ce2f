//! The data of a record as octoDNS's keys and values.

use estate::records::{Atom, FieldKind, RecordData, RecordType};
use yaml::{Node, Value};

use super::scalar;
use crate::octodns::order::natural;

/// A value of a zone file, not yet indented.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::octodns) enum Form {
    /// A key that takes no value.
    Null,
    /// A text, to be quoted where needed.
    Text(String),
    /// A number, never quoted.
    Number(String),
    /// A list.
    List(Vec<Form>),
    /// A mapping, in the order it is written.
    Map(Vec<(String, Form)>),
}

impl Form {
    /// What a file says, unquoted scalars as they are written.
    pub(in crate::octodns) fn of_node(node: &Node) -> Self {
        match &node.value {
            Value::Empty => Self::Null,
            Value::Scalar { text, plain: true } => Self::Number(text.clone()),
            Value::Scalar { text, .. } => Self::Text(text.clone()),
            Value::Include(path) => Self::Number(format!("!include {path}")),
            Value::Sequence(items) => Self::List(items.iter().map(Self::of_node).collect()),
            Value::Mapping(entries) => {
                let entries = entries.iter();
                let entry = |(key, value): &(Node, Node)| {
                    (
                        key.text().unwrap_or_default().to_owned(),
                        Self::of_node(value),
                    )
                };
                Self::Map(entries.map(entry).collect())
            }
        }
    }

    /// Whether a file says this already, quotes apart.
    pub(in crate::octodns) fn says_the_same_as(&self, node: &Node) -> bool {
        match (self, &node.value) {
            (Self::Null, _) => node.is_null(),
            (Self::Text(new) | Self::Number(new), Value::Scalar { text, .. }) => new == text,
            (Self::List(new), Value::Sequence(old)) => {
                let mut pairs = new.iter().zip(old);
                new.len() == old.len() && pairs.all(|(new, old)| new.says_the_same_as(old))
            }
            (Self::Map(new), Value::Mapping(old)) => {
                let said = |(key, form): &(String, Self)| {
                    node.get(key)
                        .is_some_and(|value| form.says_the_same_as(value))
                };
                new.len() == old.len() && new.iter().all(said)
            }
            _ => false,
        }
    }

    /// As lines that start at a column; nothing for an empty list.
    pub(in crate::octodns) fn lines(&self, column: usize) -> String {
        match self {
            Self::List(items) if items.is_empty() => String::new(),
            _ => self.block(column, 0),
        }
    }

    /// Where it stands on one line: its text there.
    pub(in crate::octodns) fn inline(&self) -> Option<String> {
        match self {
            Self::Null => Some("null".to_owned()),
            Self::Text(text) => Some(scalar(text)),
            Self::Number(number) => Some(number.clone()),
            Self::List(items) if items.is_empty() => Some("[]".to_owned()),
            Self::Map(entries) if entries.is_empty() => Some("{}".to_owned()),
            _ => None,
        }
    }

    /// In brackets.
    pub(in crate::octodns) fn flow(&self) -> String {
        match self {
            Self::List(items) => {
                let items: Vec<String> = items.iter().map(Self::flow).collect();
                format!("[{}]", items.join(", "))
            }
            Self::Map(entries) => {
                let entries = entries.iter();
                let entries =
                    entries.map(|(key, value)| format!("{}: {}", scalar(key), value.flow()));
                format!("{{{}}}", entries.collect::<Vec<_>>().join(", "))
            }
            _ => self.inline().unwrap_or_default(),
        }
    }

    /// As lines that start at a column; the items of lists in it are indented by
    /// `list_indent` against the key of the list. Every line ends.
    pub(in crate::octodns) fn block(&self, column: usize, list_indent: usize) -> String {
        let margin = " ".repeat(column);
        if let Some(text) = self.inline() {
            return format!("{margin}{text}\n");
        }
        match self {
            Self::List(items) => items
                .iter()
                .map(|item| {
                    let lines = item.block(column + 2, list_indent);
                    // The dash takes the place of the first line's margin.
                    format!("{margin}- {}", &lines[column + 2..])
                })
                .collect(),
            Self::Map(entries) => entries
                .iter()
                .map(|(key, value)| {
                    let key = scalar(key);
                    if let Some(text) = value.inline() {
                        return format!("{margin}{key}: {text}\n");
                    }
                    let deeper = match value {
                        Self::List(_) => column + list_indent,
                        _ => column + 2,
                    };
                    format!("{margin}{key}:\n{}", value.block(deeper, list_indent))
                })
                .collect(),
            _ => String::new(),
        }
    }
}

/// The data of one record.
///
/// # Errors
/// octoDNS has no words for them; the reason as a sentence without a full stop.
pub(in crate::octodns) fn of_data(
    rtype: RecordType,
    data: &RecordData,
    escaped_semicolons: bool,
) -> Result<Form, String> {
    let info = rtype.info().filter(|info| !info.fields.is_empty());
    let info = info.ok_or_else(|| format!("octoDNS does not know the type {rtype}"))?;
    if rtype == RecordType::SOA {
        return Err("the servers keep the SOA; octoDNS does not".to_owned());
    }
    let fields = data.fields(rtype);
    let fields = fields.ok_or_else(|| format!("the data are not those of {rtype}"))?;
    let mut entries = Vec::with_capacity(info.fields.len());
    for (field, atoms) in info.fields.iter().zip(fields) {
        let form = match field.kind {
            FieldKind::Strings => Form::Text(text_of_strings(&atoms, escaped_semicolons)?),
            FieldKind::Location => location(&atoms)?,
            FieldKind::ServiceParameters => {
                if atoms.is_empty() {
                    continue;
                }
                service_parameters(&atoms)
            }
            FieldKind::U8 | FieldKind::U16 | FieldKind::U32 => Form::Number(plain(&atoms)?),
            _ => Form::Text(plain(&atoms)?),
        };
        entries.push((field.key.to_owned(), form));
    }
    if let [(key, _)] = &entries[..]
        && key.is_empty()
    {
        return Ok(entries.remove(0).1);
    }
    entries.sort_by(|(a, _), (b, _)| natural(a, b));
    Ok(Form::Map(entries))
}

fn plain(atoms: &[Atom]) -> Result<String, String> {
    let mut text = String::new();
    for atom in atoms {
        match atom {
            Atom::Word(word) => text.push_str(word),
            Atom::Text(octets) => text.push_str(ascii(octets)?),
        }
    }
    Ok(text)
}

fn ascii(octets: &[u8]) -> Result<&str, String> {
    let text = std::str::from_utf8(octets)
        .ok()
        .filter(|text| text.is_ascii());
    text.ok_or_else(|| "octoDNS takes texts in ASCII only".to_owned())
}

/// A TXT as octoDNS has it: one text, which may not hold what octoDNS gives a meaning of its own.
fn text_of_strings(atoms: &[Atom], escaped_semicolons: bool) -> Result<String, String> {
    let text = plain(atoms)?;
    if text.contains("\\;") {
        return Err("octoDNS has no way to write `\\` before `;`".to_owned());
    }
    if text.contains("\" \"") {
        return Err("octoDNS joins texts at `\" \"`".to_owned());
    }
    // Quotes around a text are taken off by octoDNS.
    let text = if text.starts_with('"') {
        format!("\"{text}\"")
    } else {
        text
    };
    Ok(if escaped_semicolons {
        text.replace(';', "\\;")
    } else {
        text
    })
}

/// `d m s N d m s E 1.00m 1.00m 1.00m 1.00m` as octoDNS's twelve keys.
fn location(atoms: &[Atom]) -> Result<Form, String> {
    const KEYS: [&str; 12] = [
        "lat_degrees",
        "lat_minutes",
        "lat_seconds",
        "lat_direction",
        "long_degrees",
        "long_minutes",
        "long_seconds",
        "long_direction",
        "altitude",
        "size",
        "precision_horz",
        "precision_vert",
    ];
    let text = plain(atoms)?;
    let words: Vec<&str> = text.split(' ').collect();
    if words.len() != KEYS.len() {
        return Err("the data are not those of LOC".to_owned());
    }
    let form = |word: &str| match word.strip_suffix('m').unwrap_or(word) {
        "N" | "S" | "E" | "W" => Form::Text(word.to_owned()),
        number => Form::Number(number.to_owned()),
    };
    let mut entries: Vec<(String, Form)> = KEYS
        .iter()
        .zip(words)
        .map(|(key, word)| ((*key).to_owned(), form(word)))
        .collect();
    entries.sort_by(|(a, _), (b, _)| natural(a, b));
    Ok(Form::Map(entries))
}

fn service_parameters(atoms: &[Atom]) -> Form {
    let texts = |value: &str| {
        value
            .split(',')
            .map(|part| Form::Text(part.to_owned()))
            .collect()
    };
    let parameter = |word: &str| {
        let (key, value) = word.split_once('=').unwrap_or((word, ""));
        let form = match key {
            "alpn" | "ipv4hint" | "ipv6hint" | "mandatory" => Form::List(texts(value)),
            "port" => Form::Number(value.to_owned()),
            "no-default-alpn" => Form::Null,
            _ => Form::Text(value.to_owned()),
        };
        (key.to_owned(), form)
    };
    let words = atoms.iter().filter_map(|atom| match atom {
        Atom::Word(word) => Some(word.as_str()),
        Atom::Text(_) => None,
    });
    let mut entries: Vec<(String, Form)> = words.map(parameter).collect();
    entries.sort_by(|(a, _), (b, _)| natural(a, b));
    Form::Map(entries)
}
