//! Trees to typed values, with every mistake collected.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use base::{Diagnostic, Span};

use crate::{Node, Shape, Value, codes, mistakes};

/// Whose rules a file is read by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// Ours: YAML 1.2 with every trap closed.
    Native,
    /// As programs written in Go read their own files: null for empty, numbers
    /// taken for text where text is wanted, aliases.
    Go,
    /// As octoDNS composes its files: aliases, merge keys and includes stand in the
    /// tree for a reader that resolves them.
    Octodns,
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
    /// Whether `Name` and `name` are one key.
    pub folds_keys: bool,
}

impl Profile {
    /// Our own files.
    pub const NATIVE: Self = Self {
        dialect: Dialect::Native,
        unknown_keys: UnknownKeys::Refuse,
        folds_keys: false,
    };
    /// Files of a Go program that reads them with `yaml.v3` and refuses unknown keys.
    pub const GO_STRICT: Self = Self {
        dialect: Dialect::Go,
        unknown_keys: UnknownKeys::Refuse,
        folds_keys: false,
    };
    /// Files of a Go program that reads them by way of JSON, which knows no case
    /// in keys, and refuses unknown ones.
    pub const GO_JSON_STRICT: Self = Self {
        folds_keys: true,
        ..Self::GO_STRICT
    };
    /// The same, of a program that ignores unknown keys.
    pub const GO_JSON_LENIENT: Self = Self {
        unknown_keys: UnknownKeys::Warn,
        ..Self::GO_JSON_STRICT
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

/// Up to here a look at all earlier keys is cheaper than a hash of each.
const SMALL: usize = 16;

/// The first key that is the same as a text but for case.
fn twin_before<'n>(pairs: &'n [(Node, Node)], text: &str) -> Option<&'n Node> {
    let same = |key: &&Node| key.text().unwrap_or("").eq_ignore_ascii_case(text);
    pairs.iter().map(|(key, _)| key).find(same)
}

/// The keys of a record while they are being read.
#[derive(Debug)]
pub struct Entries<'n> {
    record: Span,
    pairs: &'n [(Node, Node)],
    folded: bool,
    /// Keys that an unknown key was probably meant to be: they are not missing as well.
    meant: Vec<&'static str>,
}

impl<'n> Entries<'n> {
    /// Opens a mapping as a record that knows these keys; reports the others.
    pub fn open(node: &'n Node, keys: &[&'static str], cx: &mut Decoding) -> Option<Self> {
        let pairs = cx.pairs(node, "a mapping")?;
        let folded = cx.profile.folds_keys;
        let mut entries = Self {
            record: node.span,
            pairs,
            folded,
            meant: Vec::new(),
        };
        let mut first: HashMap<String, &Node> = HashMap::new();
        for (at, (key, _)) in pairs.iter().enumerate() {
            let text = key.text().unwrap_or("");
            let twin = match folded {
                false => None,
                true if pairs.len() <= SMALL => twin_before(&pairs[..at], text),
                true => match first.entry(text.to_ascii_lowercase()) {
                    Entry::Occupied(twin) => Some(*twin.get()),
                    Entry::Vacant(free) => {
                        free.insert(key);
                        None
                    }
                },
            };
            if let Some(twin) = twin {
                cx.report(mistakes::twin_key(key, twin));
            }
            if !keys.iter().any(|known| entries.same(known, text)) {
                let near = base::nearest(text, keys.iter().copied());
                entries
                    .meant
                    .extend(keys.iter().copied().find(|known| near == Some(*known)));
                cx.report(mistakes::unknown_key(
                    key,
                    near,
                    keys,
                    cx.profile.unknown_keys,
                ));
            }
        }
        Some(entries)
    }

    fn same(&self, known: &str, written: &str) -> bool {
        known == written || (self.folded && known.eq_ignore_ascii_case(written))
    }

    fn find(&self, key: &str) -> Option<&'n (Node, Node)> {
        self.pairs
            .iter()
            .find(|(name, _)| name.text().is_some_and(|name| self.same(key, name)))
    }

    /// Reads a key; what is not there or broken is as if absent, if it may be.
    pub fn read<T: FromYaml>(&self, key: &'static str, cx: &mut Decoding) -> Option<T> {
        let Some((name, node)) = self.find(key) else {
            let missing = || {
                if !self.meant.contains(&key) {
                    let first_line = Span {
                        end: self.first_key_end(),
                        ..self.record
                    };
                    cx.report(mistakes::missing_key(key, first_line));
                }
                None
            };
            return T::absent().or_else(missing);
        };
        match cx.profile.dialect {
            Dialect::Go if node.is_null() => T::absent().or_else(|| T::from_yaml(node, cx)),
            Dialect::Native if node.is_null() => {
                cx.report(mistakes::empty_key(name, T::absent().is_some()));
                T::absent()
            }
            _ => T::from_yaml(node, cx).or_else(T::absent),
        }
    }

    /// Reads a key that has a default.
    pub fn read_or<T: FromYaml>(&self, key: &'static str, default: T, cx: &mut Decoding) -> T {
        match self.find(key) {
            Some((name, node)) if node.is_null() => {
                if cx.profile.dialect == Dialect::Native {
                    cx.report(mistakes::empty_key(name, true));
                }
                default
            }
            Some((_, node)) => T::from_yaml(node, cx).unwrap_or(default),
            None => default,
        }
    }

    fn first_key_end(&self) -> u32 {
        let first = self
            .pairs
            .first()
            .map_or(self.record.end, |(key, _)| key.span.end);
        first.max(self.record.start)
    }
}
