//! Trees to typed values, with every mistake collected.

use base::{Diagnostic, Span, Spanned};
use jiff::civil::Date;
use serde::Serialize;

use crate::{Node, Reading, Shape, Value, codes, reads_as};

/// Whose rules a file is read by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// Ours: YAML 1.2 with every trap closed.
    Native,
    /// As programs written in Go read their own files: keys without case, null
    /// for empty, numbers taken for text where text is wanted, aliases.
    Go,
}

/// What becomes of a key that nobody knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnknownKeys {
    /// An error, as for the format's own program.
    Refuse,
    /// A warning: the format's own program ignores it in silence.
    Warn,
}

/// How a file is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Profile {
    /// Whose rules.
    pub dialect: Dialect,
    /// What becomes of unknown keys.
    pub unknown_keys: UnknownKeys,
}

impl Profile {
    /// Our own files.
    pub const NATIVE: Self = Self {
        dialect: Dialect::Native,
        unknown_keys: UnknownKeys::Refuse,
    };
    /// Files of a Go program that refuses unknown keys.
    pub const GO_STRICT: Self = Self {
        dialect: Dialect::Go,
        unknown_keys: UnknownKeys::Refuse,
    };
    /// Files of a Go program that ignores unknown keys.
    pub const GO_LENIENT: Self = Self {
        dialect: Dialect::Go,
        unknown_keys: UnknownKeys::Warn,
    };
}

/// A value that can be read from a tree.
///
/// Implementations report what is wrong and return `None`; they never stop at
/// the first mistake inside themselves.
pub trait FromYaml: Sized {
    /// Reads the value, or reports why not.
    fn from_yaml(node: &Node, cx: &mut Decoding) -> Option<Self>;

    /// The value of a key that is not there; `None` makes the key required.
    fn absent() -> Option<Self> {
        None
    }

    /// What it accepts, for schemas and reference pages.
    fn shape() -> Shape;
}

/// The state of reading one file.
#[derive(Debug)]
pub struct Decoding {
    profile: Profile,
    findings: Vec<Diagnostic>,
}

impl Decoding {
    /// Reads a tree as `T`.
    pub fn read<T: FromYaml>(node: &Node, profile: Profile) -> (Option<T>, Vec<Diagnostic>) {
        let mut cx = Self {
            profile,
            findings: Vec::new(),
        };
        let value = T::from_yaml(node, &mut cx);
        (value, cx.findings)
    }

    /// Reads a text that holds one document as `T`.
    pub fn read_text<T: FromYaml>(
        text: &str,
        file: base::FileId,
        profile: Profile,
    ) -> (Option<T>, Vec<Diagnostic>) {
        let (node, mut findings) = crate::parse_single(text, file, profile.dialect);
        let Some(node) = node else {
            return (None, findings);
        };
        let (value, more) = Self::read(&node, profile);
        findings.extend(more);
        (value, findings)
    }

    /// Whose rules apply.
    pub fn dialect(&self) -> Dialect {
        self.profile.dialect
    }

    /// Reports a mistake.
    pub fn report(&mut self, finding: Diagnostic) {
        self.findings.push(finding);
    }

    /// Reports a value that is not one of those allowed, and gives `None`.
    pub fn bad_value<T>(
        &mut self,
        span: Span,
        message: impl Into<String>,
        help: impl Into<String>,
    ) -> Option<T> {
        self.report(Diagnostic::new(&codes::BAD_VALUE, span, message).help(help));
        None
    }

    /// Reports a value of the wrong type, and gives `None`.
    pub fn wrong_type<T>(&mut self, node: &Node, wanted: &str) -> Option<T> {
        if node.is_null() {
            let help = format!("give {wanted}, or remove the key");
            self.report(
                Diagnostic::new(
                    &codes::EMPTY,
                    node.span,
                    format!("expected {wanted}, found nothing"),
                )
                .help(help),
            );
        } else {
            let message = format!("expected {wanted}, found {}", node.describe());
            self.report(
                Diagnostic::new(&codes::TYPE, node.span, message).label(format!("not {wanted}")),
            );
        }
        None
    }

    /// The text of a scalar that is meant as text.
    pub fn text<'n>(&mut self, node: &'n Node, wanted: &str) -> Option<&'n str> {
        let Value::Scalar { text, plain } = &node.value else {
            return self.wrong_type(node, wanted);
        };
        let reading = if *plain {
            reads_as(text)
        } else {
            Reading::Text
        };
        match (self.profile.dialect, reading) {
            (_, Reading::Text) => Some(text),
            (_, Reading::Null) => self.wrong_type(node, wanted),
            (Dialect::Go, Reading::Boolean | Reading::OldBoolean) => {
                let message = format!("unquoted `{text}` is a boolean to some readers");
                let mut finding = Diagnostic::new(&codes::AMBIGUOUS, node.span, message);
                finding.severity = base::Severity::Warning;
                self.report(finding.help(format!("write \"{text}\"")));
                Some(text)
            }
            (Dialect::Go, _) => Some(text),
            (Dialect::Native, Reading::Boolean | Reading::Whole) => {
                let message = format!("expected {wanted}, found {}", node.describe());
                let finding = Diagnostic::new(&codes::TYPE, node.span, message);
                self.report(finding.help(format!("if it is text, write \"{text}\"")));
                None
            }
            (Dialect::Native, _) => self.ambiguous(node, text, reading, wanted),
        }
    }

    fn ambiguous<T>(
        &mut self,
        node: &Node,
        text: &str,
        reading: Reading,
        wanted: &str,
    ) -> Option<T> {
        let message = format!(
            "unquoted `{text}` is {} to some readers",
            match reading {
                Reading::OldBoolean => "a boolean",
                Reading::OldOctal => "an octal number",
                Reading::Sexagesimal => "a number in base 60",
                _ => "a number",
            }
        );
        let help = match (wanted, text) {
            ("true or false", "yes" | "Yes" | "YES" | "on" | "On" | "ON" | "y" | "Y") => {
                "write true".to_owned()
            }
            ("true or false", _) => "write false".to_owned(),
            ("a whole number", _) => "write the number in plain decimals".to_owned(),
            _ => format!("write \"{text}\""),
        };
        self.report(Diagnostic::new(&codes::AMBIGUOUS, node.span, message).help(help));
        None
    }

    /// The items of a list. Null is an empty list to a Go reader.
    pub fn items<'n>(&mut self, node: &'n Node, wanted: &str) -> Option<&'n [Node]> {
        match &node.value {
            Value::Sequence(items) => Some(items),
            _ if self.profile.dialect == Dialect::Go && node.is_null() => Some(&[]),
            _ => self.wrong_type(node, wanted),
        }
    }

    /// The entries of a mapping. Null is an empty mapping to a Go reader.
    pub fn pairs<'n>(&mut self, node: &'n Node, wanted: &str) -> Option<&'n [(Node, Node)]> {
        match &node.value {
            Value::Mapping(pairs) => Some(pairs),
            _ if self.profile.dialect == Dialect::Go && node.is_null() => Some(&[]),
            _ => self.wrong_type(node, wanted),
        }
    }
}

/// The keys of a record while they are being read.
#[derive(Debug)]
pub struct Entries<'n> {
    record: Span,
    pairs: &'n [(Node, Node)],
    folded: bool,
}

impl<'n> Entries<'n> {
    /// Opens a mapping as a record that knows these keys; reports the others.
    pub fn open(
        node: &'n Node,
        keys: &[&'static str],
        name: &str,
        cx: &mut Decoding,
    ) -> Option<Self> {
        let pairs = cx.pairs(node, &format!("a mapping ({name})"))?;
        let folded = cx.profile.dialect == Dialect::Go;
        let entries = Self {
            record: node.span,
            pairs,
            folded,
        };
        for (at, (key, _)) in pairs.iter().enumerate() {
            let text = key.text().unwrap_or("");
            let earlier = pairs.iter().take(at).find(|(other, _)| {
                folded
                    && other
                        .text()
                        .is_some_and(|other| other.eq_ignore_ascii_case(text))
            });
            if let Some((earlier, _)) = earlier {
                let message = format!(
                    "`{text}` is the same key as one before it, to a program that reads keys without case"
                );
                let finding = Diagnostic::new(&codes::DUPLICATE_KEY, key.span, message);
                cx.report(
                    finding
                        .related(earlier.span, "first here")
                        .help("keep one of the two"),
                );
            }
            if !keys.iter().any(|known| entries.same(known, text)) {
                cx.report(unknown_key(key, text, keys, name, cx.profile.unknown_keys));
            }
        }
        Some(entries)
    }

    fn same(&self, known: &str, written: &str) -> bool {
        known == written || (self.folded && known.eq_ignore_ascii_case(written))
    }

    fn find(&self, key: &str) -> Option<&'n Node> {
        let found = self
            .pairs
            .iter()
            .find(|(name, _)| name.text().is_some_and(|name| self.same(key, name)));
        found.map(|(_, value)| value)
    }

    /// Reads a key; what is not there or broken is as if absent, if it may be.
    pub fn read<T: FromYaml>(&self, key: &'static str, cx: &mut Decoding) -> Option<T> {
        match self.find(key) {
            None => T::absent().or_else(|| {
                let message = format!("the key `{key}` is missing");
                let first_line = Span {
                    end: self.first_key_end(),
                    ..self.record
                };
                cx.report(
                    Diagnostic::new(&codes::MISSING_KEY, first_line, message)
                        .help(format!("add `{key}:`")),
                );
                None
            }),
            Some(node) if cx.profile.dialect == Dialect::Go && node.is_null() => {
                T::absent().or_else(|| T::from_yaml(node, cx))
            }
            Some(node) => T::from_yaml(node, cx).or_else(T::absent),
        }
    }

    /// Reads a key that has a default.
    pub fn read_or<T: FromYaml>(&self, key: &'static str, default: T, cx: &mut Decoding) -> T {
        match self.find(key) {
            Some(node) if cx.profile.dialect == Dialect::Native || !node.is_null() => {
                T::from_yaml(node, cx).unwrap_or(default)
            }
            _ => default,
        }
    }

    fn first_key_end(&self) -> u32 {
        self.pairs
            .first()
            .map_or(self.record.end, |(key, _)| key.span.end)
            .max(self.record.start)
    }
}

fn unknown_key(
    key: &Node,
    text: &str,
    keys: &[&'static str],
    name: &str,
    policy: UnknownKeys,
) -> Diagnostic {
    let message = format!("`{text}` is not a key of {name}");
    let mut finding = Diagnostic::new(&codes::UNKNOWN_KEY, key.span, message).label("unknown key");
    if policy == UnknownKeys::Warn {
        finding.severity = base::Severity::Warning;
    }
    match base::nearest(text, keys.iter().copied()) {
        Some(near) => finding.help(format!("did you mean `{near}`?")),
        None => finding.help(format!("known keys: {}", keys.join(", "))),
    }
}

/// A mapping from free names to values, in the order of the file.
#[derive(Debug, Clone)]
pub struct Map<T> {
    /// The entries; names are distinct.
    pub entries: Vec<(Spanned<String>, T)>,
}

impl<T> Default for Map<T> {
    fn default() -> Self {
        Self {
            entries: Vec::new(),
        }
    }
}

impl<T> Map<T> {
    /// The value under a name.
    pub fn get(&self, name: &str) -> Option<&T> {
        self.entries
            .iter()
            .find(|(key, _)| key.value == name)
            .map(|(_, value)| value)
    }

    /// Whether there are no entries.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}

impl<T: Serialize> Serialize for Map<T> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.entries.iter().map(|(key, value)| (&key.value, value)))
    }
}

impl<T: FromYaml> FromYaml for Map<T> {
    fn from_yaml(node: &Node, cx: &mut Decoding) -> Option<Self> {
        let pairs = cx.pairs(node, "a mapping")?;
        let mut entries = Vec::with_capacity(pairs.len());
        for (key, value) in pairs {
            let name = Spanned::<String>::from_yaml(key, cx);
            let value = T::from_yaml(value, cx).or_else(|| T::absent().filter(|_| value.is_null()));
            entries.extend(name.zip(value));
        }
        Some(Self { entries })
    }

    fn absent() -> Option<Self> {
        Some(Self::default())
    }

    fn shape() -> Shape {
        Shape::Map(Box::new(T::shape()))
    }
}

impl<T: FromYaml> FromYaml for Option<T> {
    fn from_yaml(node: &Node, cx: &mut Decoding) -> Option<Self> {
        T::from_yaml(node, cx).map(Some)
    }

    fn absent() -> Option<Self> {
        Some(None)
    }

    fn shape() -> Shape {
        T::shape()
    }
}

impl<T: FromYaml> FromYaml for Vec<T> {
    fn from_yaml(node: &Node, cx: &mut Decoding) -> Option<Self> {
        let items = cx.items(node, "a list")?;
        Some(
            items
                .iter()
                .filter_map(|item| T::from_yaml(item, cx))
                .collect(),
        )
    }

    fn absent() -> Option<Self> {
        Some(Vec::new())
    }

    fn shape() -> Shape {
        Shape::List(Box::new(T::shape()))
    }
}

impl<T: FromYaml> FromYaml for Spanned<T> {
    fn from_yaml(node: &Node, cx: &mut Decoding) -> Option<Self> {
        T::from_yaml(node, cx).map(|value| Spanned::new(value, node.span))
    }

    fn shape() -> Shape {
        T::shape()
    }
}

impl FromYaml for String {
    fn from_yaml(node: &Node, cx: &mut Decoding) -> Option<Self> {
        cx.text(node, "text").map(str::to_owned)
    }

    fn shape() -> Shape {
        Shape::Text
    }
}

impl FromYaml for bool {
    fn from_yaml(node: &Node, cx: &mut Decoding) -> Option<Self> {
        let Value::Scalar { text, plain: true } = &node.value else {
            return cx.wrong_type(node, "true or false");
        };
        match (reads_as(text), cx.dialect()) {
            (Reading::Boolean, _) => Some(text.eq_ignore_ascii_case("true")),
            (Reading::OldBoolean, Dialect::Go) => Some(matches!(
                text.to_ascii_lowercase().as_str(),
                "y" | "yes" | "on"
            )),
            (Reading::OldBoolean, Dialect::Native) => {
                cx.ambiguous(node, text, Reading::OldBoolean, "true or false")
            }
            _ => cx.wrong_type(node, "true or false"),
        }
    }

    fn shape() -> Shape {
        Shape::Flag
    }
}

impl FromYaml for u32 {
    fn from_yaml(node: &Node, cx: &mut Decoding) -> Option<Self> {
        let Value::Scalar { text, plain: true } = &node.value else {
            return cx.wrong_type(node, "a whole number");
        };
        match reads_as(text) {
            Reading::Whole => text.parse().ok().or_else(|| {
                let help = format!("the range is 0 to {}", u32::MAX);
                cx.bad_value(node.span, format!("{text} is out of range"), help)
            }),
            reading @ (Reading::OldOctal | Reading::Sexagesimal | Reading::OtherNumber) => {
                cx.ambiguous(node, text, reading, "a whole number")
            }
            _ => cx.wrong_type(node, "a whole number"),
        }
    }

    fn shape() -> Shape {
        Shape::Whole
    }
}

impl FromYaml for Date {
    fn from_yaml(node: &Node, cx: &mut Decoding) -> Option<Self> {
        let Value::Scalar { text, .. } = &node.value else {
            return cx.wrong_type(node, "a date");
        };
        let well_formed = text.len() == 10 && text.bytes().all(|b| b.is_ascii_digit() || b == b'-');
        match text.parse() {
            Ok(date) if well_formed => Some(date),
            _ => {
                let message = format!("expected a date, found {}", node.describe());
                cx.bad_value(
                    node.span,
                    message,
                    "write a day that exists as YYYY-MM-DD, for example 2026-03-31",
                )
            }
        }
    }

    fn shape() -> Shape {
        Shape::Date
    }
}
