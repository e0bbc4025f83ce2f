//! An entry comes; a value is another.

use super::page::{Page, Splice};
use super::remove::behind_colon;
use super::written::{Quotes, Written, scalar};
use super::{CannotEdit, Order, Step, lines};
use crate::{Node, Value};

/// The splices that add an entry to a list, and the place it has then.
pub(super) fn entry(
    page: &Page<'_>,
    list: &[Step],
    value: &Written,
    order: Order,
) -> Result<(Vec<Splice>, usize), CannotEdit> {
    let one = || Written::List(vec![value.clone()]);
    let Some(node) = page.node(list) else {
        return Ok((key(page, list, &one())?, 0));
    };
    match &node.value {
        _ if node.is_null() => Ok((first(page, list, node, value)?, 0)),
        Value::Sequence(items) if items.is_empty() => Ok((first(page, list, node, value)?, 0)),
        Value::Sequence(items) => {
            let at = place(items, value, order);
            let splice = if page.is_flow(node) {
                in_brackets(page, items, at, value)?
            } else {
                on_lines(page, items, at, value)?
            };
            Ok((vec![splice], at))
        }
        _ => Err(page.refuse(node.span.start as usize, "there is no list here")),
    }
}

fn sorted_by(item: &Node) -> String {
    match &item.value {
        Value::Mapping(entries) => entries
            .first()
            .map_or_else(String::new, |(_, value)| sorted_by(value)),
        _ => item.text().unwrap_or("").to_lowercase(),
    }
}

fn place(items: &[Node], value: &Written, order: Order) -> usize {
    let last = items.len();
    if order == Order::Last {
        return last;
    }
    let new = value.sorted_by();
    let names: Vec<String> = items.iter().map(sorted_by).collect();
    let fits = |at: &usize| {
        let after = at.checked_sub(1).and_then(|before| names.get(before));
        let before = names.get(*at);
        after.is_none_or(|name| *name <= new) && before.is_none_or(|name| new < *name)
    };
    (0..=last).find(fits).unwrap_or(last)
}

/// The quotes that all entries have.
fn quotes(page: &Page<'_>, items: &[Node]) -> Quotes {
    let written = |item: &Node| {
        let from = page.text.get(item.span.start as usize..).unwrap_or("");
        Quotes::of(from)
    };
    let first = items.first().map_or(Quotes::None, written);
    if items.iter().all(|item| written(item) == first) {
        first
    } else {
        Quotes::None
    }
}

fn in_brackets(
    page: &Page<'_>,
    items: &[Node],
    at: usize,
    value: &Written,
) -> Result<Splice, CannotEdit> {
    let written = value.flow(quotes(page, items));
    let between = match items {
        [first, second, ..] => page
            .text
            .get(first.span.end as usize..second.span.start as usize),
        _ => Some(", "),
    };
    let plain = |gap: &&str| gap.chars().all(|c| c.is_whitespace() || c == ',');
    let Some(gap) = between.filter(plain) else {
        let start = items.first().map_or(0, |item| item.span.start as usize);
        return Err(page.refuse(start, "what stands between the entries is not understood"));
    };
    let gap = gap.replace("\r\n", "\n");
    if let Some(before) = at.checked_sub(1).and_then(|before| items.get(before)) {
        let end = before.span.end as usize;
        return Ok(Splice::new(end, end, format!("{gap}{written}")));
    }
    let start = items.first().map_or(0, |item| item.span.start as usize);
    Ok(Splice::new(start, start, format!("{written}{gap}")))
}

fn on_lines(
    page: &Page<'_>,
    items: &[Node],
    at: usize,
    value: &Written,
) -> Result<Splice, CannotEdit> {
    let Some(neighbour) = items.get(at.saturating_sub(1)) else {
        return Err(page.refuse(0, "there is no list here"));
    };
    let (line, column) = page.dash(neighbour)?;
    let item = neighbour.span.start as usize;
    let lead = page
        .text
        .get(line..item)
        .unwrap_or("")
        .trim_start_matches('\u{feff}');
    if lead.contains('\n') {
        return Err(page.refuse(line, "an entry stands on another line than its dash"));
    }
    let written = value.lines(quotes(page, items));
    let more = " ".repeat(lead.chars().count());
    let text = format!("{lead}{}", written.join(&format!("\n{more}")));
    if at > 0 {
        let end = page.entry_end(neighbour, item, column)?;
        return Ok(below(page.text, end, &text));
    }
    // A comment that names the first entry stays with it; any other may be about all.
    let comments = page.comments_above(line, column);
    let said = &page.text[comments..line];
    let about_first = lines::names(said, &sorted_by(neighbour));
    let mut start = if about_first { comments } else { line };
    if page.text[start..].starts_with('\u{feff}') {
        start += '\u{feff}'.len_utf8();
    }
    Ok(Splice::new(start, start, format!("{text}\n")))
}

/// Lines that come at the start of a line, or behind a last line that has no end.
fn below(text: &str, at: usize, written: &str) -> Splice {
    let ended = at == 0 || text.get(..at).is_some_and(|before| before.ends_with('\n'));
    if ended {
        Splice::new(at, at, format!("{written}\n"))
    } else {
        Splice::new(at, at, format!("\n{written}"))
    }
}

/// The first entry of a list that is there and empty.
fn first(
    page: &Page<'_>,
    list: &[Step],
    node: &Node,
    value: &Written,
) -> Result<Vec<Splice>, CannotEdit> {
    let Some(key) = page.key(list) else {
        return Err(page.refuse(node.span.start as usize, "the list stands under no key"));
    };
    let colon = behind_colon(page, key)?;
    let here = !matches!(node.value, Value::Empty);
    let (start, end) = if here {
        (node.span.start as usize, node.span.end as usize)
    } else {
        (colon, colon)
    };
    if start < colon || !lines::is_blank(page.text, colon, start) {
        return Err(page.refuse(colon, "something stands between the key and its value"));
    }
    let in_braces = page
        .node(&list[..list.len() - 1])
        .is_some_and(|above| page.is_flow(above));
    let indent = page.list_indent().filter(|_| !in_braces);
    let Some(indent) = indent else {
        let lead = if here { "" } else { " " };
        let written = Written::List(vec![value.clone()]).flow(Quotes::None);
        return Ok(vec![Splice::new(start, end, format!("{lead}{written}"))]);
    };
    let line_end = lines::line_end(page.text, end);
    if !lines::is_remark(page.text, end, line_end) {
        return Err(page.refuse(end, "something else stands on the same line"));
    }
    let column = lines::column(page.text, key.span.start as usize) + indent;
    let written = dashed(value, column);
    Ok(vec![
        Splice::new(colon, end, ""),
        below(page.text, line_end, &written),
    ])
}

/// An entry behind a dash in a column.
fn dashed(value: &Written, column: usize) -> String {
    let lead = " ".repeat(column);
    let lines = value.lines(Quotes::None);
    format!("{lead}- {}", lines.join(&format!("\n{lead}  ")))
}

/// The splices that put a value under a key.
pub(super) fn key(
    page: &Page<'_>,
    path: &[Step],
    value: &Written,
) -> Result<Vec<Splice>, CannotEdit> {
    let Some((Step::Key(name), above)) = path.split_last() else {
        return Err(page.refuse(0, "there is no key to write under"));
    };
    let Some(mapping) = page.node(above) else {
        return Err(page.refuse(0, format!("there is no mapping to write `{name}` in")));
    };
    match &mapping.value {
        Value::Mapping(entries) => {
            let found = entries.iter().find(|(key, _)| key.text() == Some(name));
            match found {
                Some((key, old)) => replaced(page, key, old, value),
                None if entries.is_empty() || page.is_flow(mapping) => {
                    Ok(vec![in_braces(page, mapping, entries, name, value)])
                }
                None => Ok(vec![added(page, entries, above.is_empty(), name, value)?]),
            }
        }
        Value::Empty if above.is_empty() => {
            let lines = entry_lines(page, name, value, 0);
            Ok(vec![below(page.text, page.text.len(), &lines)])
        }
        _ => {
            let why = format!("there is no mapping to write `{name}` in");
            Err(page.refuse(mapping.span.start as usize, why))
        }
    }
}

fn replaced(
    page: &Page<'_>,
    key: &Node,
    old: &Node,
    value: &Written,
) -> Result<Vec<Splice>, CannotEdit> {
    let (start, end) = (old.span.start as usize, old.span.end as usize);
    let colon = behind_colon(page, key)?;
    if matches!(old.value, Value::Empty) {
        let written = value.flow(Quotes::None);
        return Ok(vec![Splice::new(colon, colon, format!(" {written}"))]);
    }
    let written = page.text.get(start..end).unwrap_or("\n");
    let scalar = matches!(old.value, Value::Scalar { .. });
    let block = written.starts_with(['|', '>']);
    if !scalar || block || written.contains('\n') || !lines::is_blank(page.text, colon, start) {
        let why = "more than a value on one line stands under the key";
        return Err(page.refuse(key.span.start as usize, why));
    }
    let written = value.flow(Quotes::of(written));
    Ok(vec![Splice::new(start, end, written)])
}

fn in_braces(
    page: &Page<'_>,
    mapping: &Node,
    entries: &[(Node, Node)],
    name: &str,
    value: &Written,
) -> Splice {
    let written = format!(
        "{}: {}",
        scalar(name, Quotes::None),
        value.flow(Quotes::None)
    );
    if let Some((key, value)) = entries.last() {
        let end = page.content_end(value, key.span.end as usize);
        return Splice::new(end, end, format!(", {written}"));
    }
    let (start, end) = (mapping.span.start as usize, mapping.span.end as usize);
    Splice::new(start, end, format!("{{{written}}}"))
}

/// A key behind the others of its mapping.
fn added(
    page: &Page<'_>,
    entries: &[(Node, Node)],
    is_root: bool,
    name: &str,
    value: &Written,
) -> Result<Splice, CannotEdit> {
    let Some((key, last)) = entries.last() else {
        return Err(page.refuse(0, "there is no mapping here"));
    };
    let start = entries
        .first()
        .map_or(0, |(key, _)| key.span.start as usize);
    let column = lines::column(page.text, start);
    let end = page.entry_end(last, key.span.end as usize, column)?;
    let line = lines::line_start(page.text, key.span.start as usize);
    let above = page.comments_above(line, column);
    let parted = is_root
        && entries.len() > 1
        && above > 0
        && lines::is_blank(page.text, lines::line_start(page.text, above - 1), above);
    let gap = if parted { "\n" } else { "" };
    let written = entry_lines(page, name, value, column);
    Ok(below(page.text, end, &format!("{gap}{written}")))
}

/// A key and its value on lines of their own: lists with dashes where the file has such, a
/// mapping a key a line.
fn entry_lines(page: &Page<'_>, name: &str, value: &Written, column: usize) -> String {
    let lead = " ".repeat(column);
    let key = format!("{lead}{}:", scalar(name, Quotes::None));
    match (value, page.list_indent()) {
        (Written::List(items), Some(indent)) if !items.is_empty() => {
            let items = items.iter().map(|item| dashed(item, column + indent));
            let items: Vec<String> = items.collect();
            format!("{key}\n{}", items.join("\n"))
        }
        (Written::Mapping(entries), _) if !entries.is_empty() => {
            let lines = value.lines(Quotes::None);
            format!("{key}\n{lead}  {}", lines.join(&format!("\n{lead}  ")))
        }
        _ => format!("{key} {}", value.flow(Quotes::None)),
    }
}
