//! What the parser's errors mean to the person who made the mistake.

/// A syntax error in plain words.
pub(crate) struct Explained {
    /// The first byte of what is wrong.
    pub(crate) at: usize,
    pub(crate) message: String,
    pub(crate) help: &'static str,
}

/// Puts an error of the parser at byte `at` into plain words.
pub(crate) fn explain(info: &str, text: &str, at: usize) -> Explained {
    let said = |at: usize, message: &str, help: &'static str| Explained {
        at,
        message: message.to_owned(),
        help,
    };
    // Lines with their ends, which are two bytes in files from Windows.
    let conflict = text.split_inclusive('\n').scan(0, |start, line| {
        let here = *start;
        *start += line.len();
        Some((here, line))
    });
    let conflict = conflict
        .filter(|(_, line)| line.starts_with("<<<<<<<") || line.starts_with(">>>>>>>"))
        .map(|(at, _)| at)
        .next();
    if let Some(at) = conflict {
        return said(
            at,
            "a merge was left unresolved",
            "decide which side stands, and remove the markers",
        );
    }
    if info.contains("mapping values are not allowed") {
        return said(
            at,
            "a `:` stands where no key can be",
            "put quotes around a text that holds `: `, or mend the indentation",
        );
    }
    if info.contains("simple key expect") {
        let (start, before) = previous_line(text, at);
        let missing = before.find(':').filter(|colon| {
            !before[colon + 1..].starts_with([' ', '\t']) && colon + 1 < before.len()
        });
        return match missing {
            Some(colon) => said(
                start + colon,
                "a space is missing after `:`",
                "write `key: value`",
            ),
            None => said(
                start,
                "this line is neither a key nor an item",
                "write `key: value`, or `- item`; quote a text of several lines",
            ),
        };
    }
    if info.contains("quoted scalar") {
        return said(
            open_quote(text, at),
            "this quote is not closed",
            "close the quote, or remove it",
        );
    }
    if info.contains("block mapping, did not find expected key")
        || info.contains("block collection, did not find expected")
    {
        return said(
            at,
            "the indentation does not fit what stands above",
            "indent the line like its neighbours",
        );
    }
    if info.contains("flow") || info.contains("illegal placement of ':'") {
        return match open_bracket(text, at) {
            Some(open) => said(open, "this bracket is not closed", "close it, or remove it"),
            None => said(
                at,
                "a stray sign in a list or mapping in brackets",
                "put quotes around text that holds one of , [ ] { } :",
            ),
        };
    }
    if info.contains("unknown anchor") {
        return said(
            at,
            "an unquoted `*` begins an alias of something that is not there",
            "if it is text, put quotes around it",
        );
    }
    if info.contains("unexpected character") || info.contains("cannot start any token") {
        return said(
            at,
            "an unquoted text cannot begin with this sign",
            "put quotes around the text",
        );
    }
    if info.contains("unprintable") {
        return said(at, "an invisible control character", "remove it");
    }
    said(
        at,
        info.trim_end_matches('.'),
        "the rest of the file was not read",
    )
}

/// The tab that an error at a byte is about: in the indentation of its line,
/// or behind it where the parser speaks of tabs.
pub(crate) fn tab_near(info: &str, text: &str, at: usize) -> Option<usize> {
    let start = line_start(text, at);
    let line = line_of(text, at);
    let indent = line.len() - line.trim_start().len();
    let indented = line.get(..indent).and_then(|indent| indent.find('\t'));
    let behind = || {
        info.contains("tab")
            .then(|| text.get(at..)?.find('\t').map(|tab| at + tab))
            .flatten()
    };
    indented.map(|tab| start + tab).or_else(behind)
}

fn line_start(text: &str, at: usize) -> usize {
    text.get(..at)
        .and_then(|before| before.rfind('\n'))
        .map_or(0, |newline| newline + 1)
}

fn line_of(text: &str, at: usize) -> &str {
    text.get(line_start(text, at)..)
        .and_then(|rest| rest.lines().next())
        .unwrap_or("")
}

/// The nearest line with something on it at or before a byte that stands at a line's start.
fn previous_line(text: &str, at: usize) -> (usize, &str) {
    let mut start = line_start(text, at);
    loop {
        let line = line_of(text, start);
        let indent = line.len() - line.trim_start().len();
        if (start < at && !line.trim().is_empty()) || start == 0 {
            return (start + indent, line.trim());
        }
        start = line_start(text, start - 1);
    }
}

/// The quote that was open at a byte: the first, on its own or an earlier line, that has no partner.
fn open_quote(text: &str, at: usize) -> usize {
    let mut open: Option<(usize, char)> = None;
    let mut escaped = false;
    let mut previous = '\n';
    for (place, c) in text.char_indices().take_while(|(place, _)| *place < at) {
        match open {
            Some((_, '"')) if escaped => escaped = false,
            Some((_, '"')) if c == '\\' => escaped = true,
            Some((_, quote)) if c == quote => open = None,
            None if matches!(c, '"' | '\'') && !previous.is_alphanumeric() => {
                open = Some((place, c));
            }
            _ => {}
        }
        previous = c;
    }
    open.map_or(at, |(place, _)| place)
}

/// The innermost bracket open at a byte.
fn open_bracket(text: &str, at: usize) -> Option<usize> {
    let mut open = Vec::new();
    for (place, c) in text.char_indices().take_while(|(place, _)| *place < at) {
        match c {
            '[' | '{' => open.push(place),
            ']' | '}' => drop(open.pop()),
            _ => {}
        }
    }
    open.pop()
}

#[cfg(test)]
mod tests {
    use super::explain;

    #[test]
    fn a_conflict_is_found_where_it_stands_after_windows_line_ends() {
        let text = "\r\n\u{2028}\n<<<<<<< ours";
        assert_eq!(explain("", text, 0).at, text.find("<<<").unwrap());
    }
}
