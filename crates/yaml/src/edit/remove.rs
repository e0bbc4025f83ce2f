//! An entry goes, and takes with it the comments that are about nothing else.

use base::Span;

use super::page::{Page, Splice};
use super::{CannotEdit, Step, lines};
use crate::{Node, Value};

pub(super) fn splices(page: &Page<'_>, path: &[Step]) -> Result<Vec<Splice>, CannotEdit> {
    let parent = path
        .split_last()
        .and_then(|(last, above)| Some((last, above, page.node(above)?)));
    let Some((last, above, parent)) = parent else {
        return Err(page.refuse(0, "there is no such entry"));
    };
    let missing = || page.refuse(parent.span.start as usize, "there is no such entry");
    match (&parent.value, last) {
        (Value::Sequence(items), Step::Item(at)) => {
            let item = items.get(*at).ok_or_else(missing)?;
            if page.is_flow(parent) {
                let extents: Vec<Span> = items.iter().map(|item| item.span).collect();
                return from_brackets(page, parent, &extents, *at);
            }
            let (line, column) = page.dash(item)?;
            let end = page.entry_end(item, item.span.start as usize, column)?;
            let others = items.iter().filter(|other| !std::ptr::eq(*other, item));
            let others: Vec<&str> = others.filter_map(called).collect();
            let start = with_comments(page, line, column, called(item), &others);
            let nothing = (items.len() == 1).then_some("[]");
            from_lines(page, start, end, above, nothing)
        }
        (Value::Mapping(entries), Step::Key(name)) => {
            let named = |(key, _): &(Node, Node)| key.text() == Some(name);
            let at = entries.iter().position(named).ok_or_else(missing)?;
            if page.is_flow(parent) {
                let extent = |(key, value): &(Node, Node)| Span {
                    end: u32::try_from(page.content_end(value, key.span.end as usize))
                        .unwrap_or(u32::MAX),
                    ..key.span
                };
                let extents: Vec<Span> = entries.iter().map(extent).collect();
                return from_brackets(page, parent, &extents, at);
            }
            let (key, value) = &entries[at];
            let (line, column) = key_line(page, key)?;
            let end = page.entry_end(value, key.span.end as usize, column)?;
            let others = entries
                .iter()
                .filter(|(other, _)| other.text() != Some(name));
            let others: Vec<&str> = others.filter_map(|(key, _)| key.text()).collect();
            let start = with_comments(page, line, column, Some(name), &others);
            let nothing = (entries.len() == 1).then_some("{}");
            from_lines(page, start, end, above, nothing)
        }
        _ => Err(missing()),
    }
}

/// What a comment would call an entry: its text, or the value of its first key.
fn called(item: &Node) -> Option<&str> {
    match &item.value {
        Value::Mapping(entries) => entries.first().and_then(|(_, value)| value.text()),
        _ => item.text(),
    }
}

/// The line of a key that stands first on it, and the key's column.
fn key_line(page: &Page<'_>, key: &Node) -> Result<(usize, usize), CannotEdit> {
    let start = key.span.start as usize;
    let line = lines::line_start(page.text, start);
    if !lines::is_blank(page.text, line, start) {
        return Err(page.refuse(start, "something else stands before the key on its line"));
    }
    Ok((line, lines::column(page.text, start)))
}

/// The start of the lines of an entry, with the comments above that name it and no other.
fn with_comments(
    page: &Page<'_>,
    line: usize,
    column: usize,
    name: Option<&str>,
    others: &[&str],
) -> usize {
    let start = page.comments_above(line, column);
    let said = &page.text[start..line];
    let about = |name: &str| lines::names(said, name);
    if name.is_some_and(about) && !others.iter().any(|other| about(other)) {
        start
    } else {
        line
    }
}

/// Whole lines go. What is empty afterwards is written behind the key it stands under.
fn from_lines(
    page: &Page<'_>,
    start: usize,
    end: usize,
    above: &[Step],
    nothing: Option<&str>,
) -> Result<Vec<Splice>, CannotEdit> {
    let text = page.text;
    let mut start = start;
    // A byte order mark stays at the start of the file.
    if text[start..].starts_with('\u{feff}') {
        start += '\u{feff}'.len_utf8();
    }
    let Some(nothing) = nothing else {
        return Ok(vec![Splice::new(cut_start(text, start, end), end, "")]);
    };
    if above.is_empty() {
        let line = if text[start..end].ends_with('\n') {
            "\n"
        } else {
            ""
        };
        return Ok(vec![Splice::new(start, end, format!("{nothing}{line}"))]);
    }
    let Some(key) = page.key(above) else {
        let why = "it is the only entry of a list or mapping that stands under no key";
        return Err(page.refuse(start, why));
    };
    let colon = behind_colon(page, key)?;
    if !lines::is_remark(text, colon, start) {
        return Err(page.refuse(
            colon,
            "something stands between the key and its first entry",
        ));
    }
    Ok(vec![
        Splice::new(colon, colon, format!(" {nothing}")),
        Splice::new(cut_start(text, start, end), end, ""),
    ])
}

/// The byte behind the colon of a key.
pub(super) fn behind_colon(page: &Page<'_>, key: &Node) -> Result<usize, CannotEdit> {
    let from = key.span.end as usize;
    let rest = page.text.get(from..).unwrap_or("");
    let colon = rest.trim_start_matches(' ');
    if !colon.starts_with(':') {
        return Err(page.refuse(from, "no colon stands behind the key"));
    }
    Ok(from + rest.len() - colon.len() + 1)
}

/// Where the last line of a file goes that has no end, that of the line before goes with it.
fn cut_start(text: &str, start: usize, end: usize) -> usize {
    if end < text.len() || text.ends_with('\n') {
        return start;
    }
    let before = text.get(..start).unwrap_or("");
    let shorter = before.strip_suffix('\n').unwrap_or(before);
    shorter.strip_suffix('\r').unwrap_or(shorter).len()
}

/// One of several things in brackets goes, with one comma.
fn from_brackets(
    page: &Page<'_>,
    parent: &Node,
    extents: &[Span],
    at: usize,
) -> Result<Vec<Splice>, CannotEdit> {
    let place = |span: &Span| (span.start as usize, span.end as usize);
    let (start, end) = extents.get(at).map_or((0, 0), place);
    let before = at.checked_sub(1).and_then(|at| extents.get(at)).map(place);
    let after = extents.get(at + 1).map(place);
    let (from, to, gap) = match (before, after) {
        (Some((_, before)), _) => (before, end, before..start),
        (None, Some((after, _))) => (start, after, end..after),
        (None, None) => {
            let close = (parent.span.end as usize).saturating_sub(1);
            (parent.span.start as usize + 1, close, end..close)
        }
    };
    let awkward = || {
        page.refuse(
            start,
            "what stands around it in the brackets is not understood",
        )
    };
    let between = page.text.get(gap).ok_or_else(awkward)?;
    let commas = usize::from(before.is_some() || after.is_some());
    let alone = commas == 0;
    let plain = between.chars().all(|c| c.is_whitespace() || c == ',');
    let found = between.matches(',').count();
    if !plain || (found != commas && !(alone && found <= 1)) || from > to {
        return Err(awkward());
    }
    Ok(vec![Splice::new(from, to, "")])
}
