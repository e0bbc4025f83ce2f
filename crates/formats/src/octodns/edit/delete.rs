//! A record goes, and takes its comments with it.

use yaml::Value;

use super::Obstacle;
use super::page::{
    Found, Page, Splice, awkward, is_blank_above, is_flow, line_at, line_end, line_start,
};

pub(super) fn splices(page: &Page<'_>, found: Found<'_>) -> Result<Vec<Splice>, Obstacle> {
    let entry = &page.entries[found.entry];
    match (&entry.value.value, found.item) {
        (Value::Sequence(items), Some(at)) if items.len() > 1 => {
            let start = items[at].span.start as usize;
            let elsewhere = start < entry.key.span.start as usize;
            if elsewhere || is_flow(&entry.value, page.text) {
                return Err(awkward(entry.key.span.start as usize));
            }
            let (line, column) = page.dash(&items[at])?;
            let start = page.comments_above(line, column);
            Ok(vec![Splice::new(start, page.item_end(&items[at]), "")])
        }
        _ => whole_name(page, found.entry),
    }
}

fn whole_name(page: &Page<'_>, at: usize) -> Result<Vec<Splice>, Obstacle> {
    let key = page.entries[at].key.span.start as usize;
    let line = line_start(page.text, key);
    if page.braces.is_some()
        || !page.text[line..key]
            .trim_start_matches('\u{feff}')
            .is_empty()
    {
        return Err(awkward(key));
    }
    let mut start = page.comments_above(line, 0);
    if is_heading(page, at, start, line) {
        start = line;
    }
    // A byte order mark stays at the start of the file.
    if page.text[start..].starts_with('\u{feff}') {
        start += '\u{feff}'.len_utf8();
    }
    let mut end = page.entry_end(at);
    // One empty line goes with the name, so that none of two paragraphs is left over.
    let blank_below = line_at(page.text, end).is_some_and(|line| line.trim().is_empty());
    if end == page.text.len() {
        while is_blank_above(page.text, start) {
            start = line_start(page.text, start - 1);
        }
    } else if blank_below && is_blank_above(page.text, start) {
        start = line_start(page.text, start - 1);
    } else if blank_below && at == 0 {
        end = line_end(page.text, end);
    }
    // A file without a record says so, or it would pass for one that was cut off.
    let left = if page.entries.len() == 1 { "{}\n" } else { "" };
    Ok(vec![Splice::new(start, end, left)])
}

/// Whether the comment above a name is the heading of a group of names rather than the
/// name's own: it begins a paragraph, the next name follows without a comment or an empty
/// line, and it does not speak of this name.
fn is_heading(page: &Page<'_>, at: usize, comment: usize, line: usize) -> bool {
    let begins = comment == 0 || is_blank_above(page.text, comment);
    let next = page
        .entries
        .get(at + 1)
        .map(|next| next.key.span.start as usize);
    let follows = next.is_some_and(|next| line_start(page.text, next) == page.entry_end(at));
    let label = page.entries[at].key.text().unwrap_or("");
    let label = label.split('.').next().unwrap_or("").to_lowercase();
    let said = page.text[comment..line].to_lowercase();
    let mentioned = !label.is_empty() && said.contains(&label);
    comment < line && begins && follows && !mentioned
}
