//! What a Go program has in hand that reads YAML by way of JSON, mistakes and all.

use std::collections::BTreeSet;

use base::{FileId, Span, Spanned};
use yaml::{Dialect, Node, Reading, Value, reads_as};

/// Why there is nothing in hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refused {
    /// The program gives up.
    Mistaken,
    /// Nobody here knows what the program does.
    Unknown,
}

/// Names that a key which is overridden further down can be given, so that the one below is read.
const OVERRIDDEN: [char; 6] = ['_', 'Z', 'Q', 'J', 'V', 'W'];

/// The first document. Of a key that stands twice, the last counts.
pub(super) fn root(text: &str, file: FileId) -> Result<Node, Refused> {
    let mut text = text.to_owned();
    let mut overridden = BTreeSet::new();
    for stand_in in OVERRIDDEN {
        let (documents, findings) = yaml::parse(&text, file, Dialect::Go);
        let is = |finding: &base::Diagnostic, code: &base::Code| std::ptr::eq(finding.code, code);
        for finding in &findings {
            let unknown = [&yaml::codes::ALIAS, &yaml::codes::TAG, &yaml::codes::LIMIT];
            if unknown.iter().any(|code| is(finding, code)) {
                return Err(Refused::Unknown);
            }
            if !is(finding, &yaml::codes::DUPLICATE_KEY) {
                return Err(Refused::Mistaken);
            }
        }
        if findings.is_empty() {
            let empty = Node {
                value: Value::Empty,
                span: Span::start_of(file),
            };
            let mut root = documents.into_iter().next().unwrap_or(empty);
            forget(&mut root, &overridden);
            return Ok(root);
        }
        for first in findings
            .iter()
            .filter_map(|finding| finding.related.first())
        {
            let (start, end) = (first.span.start as usize, first.span.end as usize);
            let name: String = std::iter::repeat_n(stand_in, end - start).collect();
            if text.get(start..end).is_some() {
                // Of the same length, so that every place stays where it is.
                text.replace_range(start..end, &name);
                overridden.insert(start);
            }
        }
    }
    Err(Refused::Unknown)
}

/// Takes out what stands under keys that are overridden.
fn forget(node: &mut Node, overridden: &BTreeSet<usize>) {
    match &mut node.value {
        Value::Mapping(pairs) => {
            pairs.retain(|(key, _)| !overridden.contains(&(key.span.start as usize)));
            for (_, value) in pairs {
                forget(value, overridden);
            }
        }
        Value::Sequence(items) => {
            for item in items {
                forget(item, overridden);
            }
        }
        _ => {}
    }
}

/// The entries of a mapping, keys in the order of JSON; null is an empty one.
pub(super) fn entries(node: &Node) -> Result<Vec<(&Node, &Node)>, Refused> {
    match &node.value {
        Value::Mapping(pairs) => {
            let mut pairs: Vec<_> = pairs.iter().map(|(key, value)| (key, value)).collect();
            pairs.sort_by_key(|(key, _)| key.text().map(str::to_owned));
            Ok(pairs)
        }
        _ if node.is_null() => Ok(Vec::new()),
        _ => Err(Refused::Mistaken),
    }
}

/// What stands under a key, which has no case; the last counts.
pub(super) fn field<'n>(node: &'n Node, name: &str) -> Result<Vec<(&'n Node, &'n Node)>, Refused> {
    let mut found = entries(node)?;
    found.retain(|(key, _)| {
        key.text()
            .is_some_and(|text| text.eq_ignore_ascii_case(name))
    });
    Ok(found)
}

/// A list of strings; null is an empty one.
pub(super) fn strings(node: &Node) -> Result<Vec<Spanned<String>>, Refused> {
    match &node.value {
        Value::Sequence(items) => items.iter().map(text).collect(),
        _ if node.is_null() => Ok(Vec::new()),
        _ => Err(Refused::Mistaken),
    }
}

/// A string: of whatever is no text, its value written out; of null, nothing.
pub(super) fn text(node: &Node) -> Result<Spanned<String>, Refused> {
    let value = match &node.value {
        Value::Scalar { text, plain: true } => match reads_as(text) {
            Reading::Text | Reading::Sexagesimal => text.clone(),
            Reading::Null => String::new(),
            Reading::Boolean | Reading::OldBoolean => truth(text).to_string(),
            Reading::Whole => text
                .parse::<i64>()
                .map_or_else(|_| text.clone(), |number| number.to_string()),
            Reading::OldOctal => i64::from_str_radix(text, 8)
                .map_or_else(|_| text.clone(), |number| number.to_string()),
            Reading::OtherNumber => return Err(Refused::Unknown),
        },
        Value::Scalar { text, .. } => text.clone(),
        Value::Empty => String::new(),
        _ => return Err(Refused::Mistaken),
    };
    Ok(Spanned::new(value, node.span))
}

/// `true` or `false`; null leaves what was there.
pub(super) fn boolean(node: &Node) -> Result<Option<bool>, Refused> {
    match &node.value {
        _ if node.is_null() => Ok(None),
        Value::Scalar { text, plain: true }
            if matches!(reads_as(text), Reading::Boolean | Reading::OldBoolean) =>
        {
            Ok(Some(truth(text)))
        }
        _ => Err(Refused::Mistaken),
    }
}

fn truth(text: &str) -> bool {
    matches!(text.as_bytes().first(), Some(b't' | b'T' | b'y' | b'Y'))
        || text.eq_ignore_ascii_case("on")
}
