//! Content lines: folded, with parameters, with escapes (RFC 5545 §3.1, §3.3.11).

/// The most octets of a line that is written, without its end.
const WIDTH: usize = 75;

/// A content line.
#[derive(Debug)]
pub(crate) struct Line {
    /// Where it begins in the text, from 1.
    pub(crate) number: usize,
    /// In upper case.
    pub(crate) name: String,
    /// Names in upper case, values without their quotes.
    params: Vec<(String, String)>,
    /// As written.
    pub(crate) value: String,
}

impl Line {
    /// The value of a parameter.
    pub(crate) fn param(&self, name: &str) -> Option<&str> {
        let found = self.params.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }

    /// Reads `NAME;PARAM=value;PARAM="va:lue":value`.
    pub(crate) fn parse(number: usize, text: &str) -> Option<Self> {
        let mut quoted = false;
        let colon = text.find(|c| {
            quoted ^= c == '"';
            c == ':' && !quoted
        })?;
        let (head, value) = (&text[..colon], &text[colon + 1..]);
        let mut parts = split_unquoted(head).into_iter();
        let name = parts.next()?.to_ascii_uppercase();
        let is_name = |text: &str| {
            !text.is_empty()
                && text
                    .bytes()
                    .all(|octet| octet.is_ascii_alphanumeric() || octet == b'-')
        };
        if !is_name(&name) {
            return None;
        }
        let mut params = Vec::new();
        for part in parts {
            let (name, value) = part.split_once('=')?;
            let value = value
                .strip_prefix('"')
                .and_then(|rest| rest.strip_suffix('"'))
                .unwrap_or(value);
            params.push((name.to_ascii_uppercase(), value.to_owned()));
        }
        Some(Self {
            number,
            name,
            params,
            value: value.to_owned(),
        })
    }
}

fn split_unquoted(text: &str) -> Vec<&str> {
    let mut quoted = false;
    text.split(|c| {
        quoted ^= c == '"';
        c == ';' && !quoted
    })
    .collect()
}

/// The lines of a text, unfolded, with their numbers from 1; empty ones are left out.
pub(crate) fn unfold(text: &str) -> Vec<(usize, String)> {
    let mut lines: Vec<(usize, String)> = Vec::new();
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    for (at, line) in text.split('\n').enumerate() {
        let line = line.strip_suffix('\r').unwrap_or(line);
        let rest = line.strip_prefix([' ', '\t']);
        match (rest, lines.last_mut()) {
            (Some(rest), Some((_, folded))) => folded.push_str(rest),
            _ if line.is_empty() => {}
            _ => lines.push((at + 1, line.to_owned())),
        }
    }
    lines
}

/// Writes a line: at most 75 octets, the rest on further lines that begin with a space.
pub(crate) fn fold(line: &str, out: &mut String) {
    let mut octets = 0;
    for c in line.chars() {
        if octets + c.len_utf8() > WIDTH {
            out.push_str("\r\n ");
            octets = 1;
        }
        out.push(c);
        octets += c.len_utf8();
    }
    out.push_str("\r\n");
}

/// A text as a value: what would end or divide it is escaped, and other control characters
/// than tabs and line ends, which no value may have, are left out.
pub(crate) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.replace("\r\n", "\n").chars() {
        match c {
            '\\' | ';' | ',' => escaped.extend(['\\', c]),
            '\n' => escaped.push_str("\\n"),
            '\t' => escaped.push(c),
            c if c.is_control() => {}
            c => escaped.push(c),
        }
    }
    escaped
}

/// The text of a value.
pub(crate) fn unescape(value: &str) -> String {
    let mut text = String::with_capacity(value.len());
    let mut chars = value.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            text.push(c);
            continue;
        }
        match chars.next() {
            Some('n' | 'N') => text.push('\n'),
            Some(c) => text.push(c),
            None => text.push('\\'),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{Line, escape, fold, unescape, unfold};

    #[test]
    fn no_line_is_longer_than_75_octets_and_unfolding_undoes_it() {
        let long = format!("SUMMARY:{}", "äöü€😀 and more ".repeat(30));
        let mut folded = String::new();
        fold(&long, &mut folded);
        assert!(folded.split("\r\n").all(|line| line.len() <= 75));
        assert_eq!(unfold(&folded), [(1, long)]);
    }

    #[test]
    fn a_colon_in_quotes_does_not_end_the_name() {
        let line = Line::parse(1, "dtstart;TZID=\"a:b;c\";x=y:2026").unwrap();
        assert_eq!(
            (line.name.as_str(), line.value.as_str()),
            ("DTSTART", "2026")
        );
        assert_eq!(line.param("TZID"), Some("a:b;c"));
        for wrong in ["", "no colon", ":x", "a b:c", "A;B:c", "A\":b"] {
            assert!(Line::parse(1, wrong).is_none(), "{wrong}");
        }
    }

    #[test]
    fn an_escaped_text_comes_back() {
        let text = "a\\n, b; c\nd\te";
        assert_eq!(unescape(&escape(text)), text);
        assert_eq!(escape("\u{0}\r\n"), "\\n");
    }
}
