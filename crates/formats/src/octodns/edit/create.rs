//! A record where none of its name and type was.

use estate::records::RecordSet;
use yaml::{Node, Value};

use super::page::{
    Page, Splice, awkward, column, is_flow, is_written_here, line_at, line_end, line_start,
};
use super::{Edit, Obstacle};
use crate::octodns::order::natural;
use crate::octodns::write::{self, Conventions, Form};

pub(super) fn splices(
    page: &Page<'_>,
    below: &str,
    edit: &Edit,
    to: &RecordSet,
    conventions: Conventions,
) -> Result<Vec<Splice>, Obstacle> {
    let record = write::record(edit.key.rtype, to, conventions);
    let record =
        record.map_err(|reason| Obstacle::anywhere(reason, "ask for something octoDNS knows"))?;
    if below.contains('\\') {
        return Err(Obstacle::anywhere(
            "octoDNS has no way to write this name",
            "choose a name of letters, digits and dashes",
        ));
    }
    match page.entry_of(&edit.key.name) {
        Some(entry) => beside_others(page, entry, record),
        None => new_name(page, below, edit.comment.as_deref(), &record),
    }
}

fn new_name(
    page: &Page<'_>,
    below: &str,
    comment: Option<&str>,
    record: &Form,
) -> Result<Vec<Splice>, Obstacle> {
    let mut lines = String::new();
    for line in comment.unwrap_or("").lines() {
        lines.push_str(format!("# {}", base::visible(line.trim())).trim_end());
        lines.push('\n');
    }
    let body = record.block(2, page.value_indent());
    lines.push_str(&format!("{}:\n{body}", write::scalar(below)));
    if page.entries.is_empty() {
        return Ok(vec![into_empty_file(page, &lines)]);
    }
    if page.braces.is_some() {
        return Err(awkward(0));
    }
    if let Some(before) = place(page, below) {
        let at = page.entry_end(before);
        // As between the neighbours; at the end as in the rest of the file.
        let gap =
            line_at(page.text, at).map_or_else(|| page.has_gaps(), |line| line.trim().is_empty());
        let gap = if gap { "\n" } else { "" };
        return Ok(vec![Splice::new(at, at, format!("{gap}{lines}"))]);
    }
    let line = line_start(page.text, page.entries[0].key.span.start as usize);
    let mut at = page.comments_above(line, 0);
    if page.text[at..].starts_with('\u{feff}') {
        at += '\u{feff}'.len_utf8();
    }
    let gap = if page.has_gaps() { "\n" } else { "" };
    Ok(vec![Splice::new(at, at, format!("{lines}{gap}"))])
}

fn into_empty_file(page: &Page<'_>, lines: &str) -> Splice {
    match page.braces {
        Some(root) => {
            let (start, end) = (root.start as usize, root.end as usize);
            let fresh = column(page.text, start) == 0;
            let before = if fresh { "" } else { "\n" };
            let lines = lines.trim_end_matches('\n');
            Splice::new(start, end, format!("{before}{lines}"))
        }
        None => Splice::new(page.text.len(), page.text.len(), lines),
    }
}

/// The entry behind which a new name belongs; none if it comes first.
///
/// In a file in natural order, where that order puts it. In others behind the last name
/// of the nearest domain it shares with one, else at the end.
fn place(page: &Page<'_>, below: &str) -> Option<usize> {
    if page.in_order() {
        let comes_before = |at: &usize| {
            let key = page.entries[*at].key.text().unwrap_or("");
            natural(key, below).is_le()
        };
        return (0..page.entries.len()).rev().find(comes_before);
    }
    let mut domain = below;
    while let Some((_, parent)) = domain.split_once('.') {
        let kin = |entry: &super::page::Entry| {
            let key = entry.key.text().unwrap_or("");
            key == parent
                || key
                    .strip_suffix(parent)
                    .is_some_and(|rest| rest.ends_with('.'))
        };
        if let Some(at) = page.entries.iter().rposition(kin) {
            return Some(at);
        }
        domain = parent;
    }
    Some(page.entries.len() - 1)
}

fn beside_others(page: &Page<'_>, at: usize, record: Form) -> Result<Vec<Splice>, Obstacle> {
    let entry = &page.entries[at];
    let key = entry.key.span.start as usize;
    if page.braces.is_some() || !is_written_here(&entry.value, key, page.text) {
        return Err(Obstacle::new(
            key,
            "the name shares what stands under it with another place",
            "write its records out, without anchors, merge keys and includes",
        ));
    }
    let value_indent = page.value_indent();
    match &entry.value.value {
        Value::Sequence(_) if is_flow(&entry.value, page.text) => Err(awkward(key)),
        Value::Sequence(items) => {
            let Some(last) = items.last() else {
                return Err(awkward(key));
            };
            let before = place_in_list(items, &record);
            let (line, column) = page.dash(before.map_or(last, |at| &items[at]))?;
            let place = match before {
                Some(_) => page.comments_above(line, column),
                None => page.item_end(last),
            };
            let item = Form::List(vec![record]).block(column, value_indent);
            Ok(vec![Splice::new(place, place, item)])
        }
        Value::Mapping(_) if is_flow(&entry.value, page.text) => {
            let dash = page.record_indent();
            let start = entry.value.span.start as usize;
            let from = page.text[..start].trim_end().len();
            let item = Form::List(vec![record]).block(dash, value_indent);
            let end = page.entry_end(at);
            Ok(vec![
                Splice::new(from, start, format!("\n{}- ", " ".repeat(dash))),
                Splice::new(end, end, item),
            ])
        }
        Value::Mapping(_) => map_to_list(page, at, record, value_indent),
        _ => Err(awkward(key)),
    }
}

/// The first item that a new record comes before, where the records stand in the order of their types.
fn place_in_list(items: &[Node], record: &Form) -> Option<usize> {
    let types = || {
        items
            .iter()
            .map(|item| item.get("type").and_then(Node::text).unwrap_or(""))
    };
    let Form::Map(keys) = record else {
        return None;
    };
    let new = keys.iter().find_map(|(key, value)| match value {
        Form::Text(text) if key == "type" => Some(text.as_str()),
        _ => None,
    })?;
    let sorted = items.len() > 1 && types().is_sorted();
    types().position(|old| sorted && new < old)
}

/// `name: {...}` on lines of their own becomes `name: [{...}, record]`, likewise.
fn map_to_list(
    page: &Page<'_>,
    at: usize,
    record: Form,
    value_indent: usize,
) -> Result<Vec<Splice>, Obstacle> {
    let entry = &page.entries[at];
    let first = entry.value.span.start as usize;
    let margin = column(page.text, first);
    let first_line = line_start(page.text, first);
    let after_key = line_end(page.text, entry.key.span.end as usize);
    if first_line < after_key || !page.text[first_line..first].trim().is_empty() {
        return Err(awkward(entry.key.span.start as usize));
    }
    let dash = page.record_indent();
    let target = dash + 2;
    let end = page.entry_end(at);
    let mut splices = Vec::new();
    let mut line = after_key;
    while line < end {
        let text = line_at(page.text, line).unwrap_or("");
        let indent = text.len() - text.trim_start_matches(' ').len();
        if line == first_line {
            splices.push(Splice::new(line, first, format!("{}- ", " ".repeat(dash))));
        } else if !text.trim().is_empty() {
            let goal = (indent + target).saturating_sub(margin);
            // Comments above the record stand where its dash does.
            let goal = if line < first_line {
                goal.saturating_sub(2)
            } else {
                goal
            };
            if goal != indent {
                splices.push(Splice::new(line, line + indent, " ".repeat(goal)));
            }
        }
        line = line_end(page.text, line);
    }
    let item = Form::List(vec![record]).block(dash, value_indent);
    splices.push(Splice::new(end, end, item));
    Ok(splices)
}
