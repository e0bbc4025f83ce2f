//! Where values really end.

use crate::{Node, Value};

/// Corrects the ends of nodes: behind what stands in quotes or brackets, the parser's run on to
/// the next sign that is no comment.
pub(super) fn tighten(node: &mut Node, text: &str) {
    match &mut node.value {
        Value::Sequence(items) => items.iter_mut().for_each(|item| tighten(item, text)),
        Value::Mapping(entries) => {
            for (key, value) in entries {
                tighten(key, text);
                tighten(value, text);
            }
        }
        Value::Scalar { .. } | Value::Include(_) | Value::Empty => {}
    }
    let start = node.span.start as usize;
    let end = node.span.end as usize;
    let Some(written) = text.get(start..end) else {
        return;
    };
    let length = match (&node.value, written.as_bytes().first()) {
        _ if is_flow(node, text) => in_brackets(node, text).map(|end| end - start),
        (Value::Sequence(_) | Value::Mapping(_), _) => {
            last_end(node).map(|last| last.max(start) - start)
        }
        (Value::Scalar { text, plain: false }, Some(quote @ (b'\'' | b'"'))) => {
            quoted(text, written, *quote)
        }
        (Value::Scalar { plain: true, .. }, _) => written
            .find(" #")
            .map(|comment| written[..comment].trim_end().len()),
        _ => None,
    };
    if let Some(length) = length {
        node.span.end = u32::try_from(start + length).unwrap_or(node.span.end);
    }
}

/// Whether a list or mapping is written in brackets. A list with dashes in the column of its key
/// begins, to the parser, with its first entry, which may be in brackets.
pub(super) fn is_flow(node: &Node, text: &str) -> bool {
    let first = text.as_bytes().get(node.span.start as usize);
    match &node.value {
        Value::Sequence(items) => {
            let inner = items.first().map(|item| item.span.start);
            first == Some(&b'[') && inner != Some(node.span.start)
        }
        Value::Mapping(entries) => {
            let inner = entries.first().map(|(key, _)| key.span.start);
            first == Some(&b'{') && inner != Some(node.span.start)
        }
        _ => false,
    }
}

fn last_end(node: &Node) -> Option<usize> {
    match &node.value {
        Value::Sequence(items) => items.last().map(|item| item.span.end as usize),
        Value::Mapping(entries) => entries
            .last()
            .map(|(key, value)| key.span.end.max(value.span.end) as usize),
        _ => None,
    }
}

/// The end of what stands in brackets: the first closing one behind its last part.
fn in_brackets(node: &Node, text: &str) -> Option<usize> {
    let start = node.span.start as usize;
    let inside = last_end(node).filter(|last| *last > start);
    let mut at = inside.unwrap_or(start + 1);
    loop {
        match text.as_bytes().get(at)? {
            b']' | b'}' => return Some(at + 1),
            b'#' => at += text.get(at..)?.find('\n')?,
            b' ' | b'\t' | b'\r' | b'\n' | b',' | b':' => at += 1,
            _ => return None,
        }
    }
}

/// The length of a scalar in quotes; none of a block of text that begins with one.
fn quoted(text: &str, written: &str, quote: u8) -> Option<usize> {
    let escaped = written.starts_with("\"\\") || written.starts_with("'''");
    if text.as_bytes().first() == Some(&quote) && !escaped {
        return None;
    }
    if quote == b'"' {
        double_quoted(written)
    } else {
        single_quoted(written)
    }
}

fn single_quoted(written: &str) -> Option<usize> {
    let bytes = written.as_bytes();
    let mut at = 1;
    loop {
        at += written.get(at..)?.find('\'')? + 1;
        if bytes.get(at) != Some(&b'\'') {
            return Some(at);
        }
        at += 1;
    }
}

fn double_quoted(written: &str) -> Option<usize> {
    let mut escaped = false;
    for (at, byte) in written.bytes().enumerate().skip(1) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return Some(at + 1),
            _ => {}
        }
    }
    None
}
