//! A text as lines.

/// The start of the line that a byte is on.
pub(super) fn line_start(text: &str, at: usize) -> usize {
    let before = text.get(..at).unwrap_or(text);
    before.rfind('\n').map_or(0, |newline| newline + 1)
}

/// The end of the line that a byte is on, with its newline.
pub(super) fn line_end(text: &str, at: usize) -> usize {
    let rest = text.get(at..).unwrap_or("");
    rest.find('\n')
        .map_or(text.len(), |newline| at + newline + 1)
}

/// The line that begins at a byte, with its newline; none at the end.
pub(super) fn line_at(text: &str, at: usize) -> Option<&str> {
    text.get(at..line_end(text, at))
        .filter(|line| !line.is_empty())
}

/// The column of a byte, from 0, without a byte order mark.
pub(super) fn column(text: &str, at: usize) -> usize {
    let line = text.get(line_start(text, at)..at).unwrap_or("");
    line.trim_start_matches('\u{feff}').chars().count()
}

/// The number of the line of a byte, from 1.
pub(super) fn number(text: &str, at: usize) -> usize {
    1 + text.get(..at).unwrap_or(text).matches('\n').count()
}

/// Whether nothing but blanks stands between two bytes.
pub(super) fn is_blank(text: &str, from: usize, to: usize) -> bool {
    let between = text.get(from..to);
    between.is_some_and(|between| between.trim_start_matches('\u{feff}').trim().is_empty())
}

/// Whether nothing but blanks and comments stands between two bytes, the first behind a value.
pub(super) fn is_remark(text: &str, from: usize, to: usize) -> bool {
    let between = text.get(from..to);
    between.is_some_and(|between| {
        between.split('\n').all(|line| {
            let line = line.trim();
            line.is_empty() || line.starts_with('#')
        })
    })
}

/// How the lines of a text end.
pub(super) fn ending(text: &str) -> &'static str {
    if text.contains("\r\n") { "\r\n" } else { "\n" }
}

/// The column of the comment that a line is; none if it is no comment.
pub(super) fn comment_column(line: &str) -> Option<usize> {
    let line = line.trim_start_matches('\u{feff}');
    let said = line.trim_start_matches(' ');
    said.starts_with('#').then(|| line.len() - said.len())
}

/// Whether a text names something as a word of its own, without regard to case. A name of one or
/// two letters may be any word, so it is never taken for one.
pub(super) fn names(text: &str, name: &str) -> bool {
    let (text, name) = (text.to_lowercase(), name.to_lowercase());
    let part = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_');
    name.chars().count() > 2
        && text.match_indices(&name).any(|(at, found)| {
            let before = text[..at].chars().next_back();
            let after = text[at + found.len()..].chars().next();
            !before.is_some_and(part) && !after.is_some_and(part)
        })
}
