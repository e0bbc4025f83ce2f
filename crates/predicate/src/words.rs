//! A text to words.

use std::ops::Range;

use crate::Mistake;

/// A word with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Word<'t> {
    pub(crate) token: Token<'t>,
    pub(crate) at: Range<usize>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Token<'t> {
    /// A field or a word of the language.
    Name(&'t str),
    /// What begins with a digit: a number, quantity, duration or day. Which of them it is, what
    /// it is compared with says: `30m` is half an hour or three hundredths.
    Measure(&'t str),
    /// A text, without its quotes.
    Text(String),
    Sign(&'static str),
    End,
}

/// Signs, the longer before what they begin with.
const SIGNS: [&str; 15] = [
    "==", "!=", "<=", ">=", "!~", "<", ">", "~", "(", ")", "[", "]", ",", ".", "+",
];
/// What other languages write, and what is written here.
const FOREIGN: [(&str, &str); 9] = [
    ("&&", "and"),
    ("||", "or"),
    ("=~", "~` for a glob or `matches"),
    ("===", "=="),
    ("=", "=="),
    ("!", "not"),
    ("<>", "!="),
    ("&", "and"),
    ("|", "or"),
];

/// All words of a text; the last is its end.
pub(crate) fn words(text: &str) -> Result<Vec<Word<'_>>, Mistake> {
    let mut words: Vec<Word<'_>> = Vec::new();
    let mut at = 0;
    while let Some(first) = text[at..].chars().next() {
        if first.is_whitespace() {
            at += first.len_utf8();
            continue;
        }
        let after_today = matches!(words.last(), Some(word) if word.token == Token::Name("today"));
        let (token, length) = word(text, at, after_today)?;
        words.push(Word {
            token,
            at: at..at + length,
        });
        at += length;
    }
    words.push(Word {
        token: Token::End,
        at: at..at,
    });
    Ok(words)
}

fn word(text: &str, at: usize, after_today: bool) -> Result<(Token<'_>, usize), Mistake> {
    let rest = &text[at..];
    let first = rest.chars().next().unwrap_or(' ');
    if first.is_ascii_alphabetic() || first == '_' {
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_');
        let name = &rest[..end.unwrap_or(rest.len())];
        return Ok((Token::Name(name), name.len()));
    }
    let digit = |text: &str| text.starts_with(|c: char| c.is_ascii_digit());
    let negative = rest.strip_prefix('-').is_some_and(digit) && !after_today;
    if digit(rest) || negative {
        let inner = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-');
        let body = &rest[usize::from(negative)..];
        let end = body.find(|c| !inner(c)).unwrap_or(body.len()) + usize::from(negative);
        return Ok((Token::Measure(&rest[..end]), end));
    }
    if first == '"' || first == '\'' {
        return quoted(rest, first).ok_or_else(|| {
            Mistake::new(&(at..text.len()), "a text without an end")
                .help(format!("close it with {first}"))
        });
    }
    if first == '-' {
        return Ok((Token::Sign("-"), 1));
    }
    let foreign = FOREIGN.iter().find(|(sign, _)| {
        // `==`, `!=` and `!~` are ours.
        rest.starts_with(sign) && !["==", "!=", "!~"].iter().any(|own| rest.starts_with(own))
            || *sign == "===" && rest.starts_with(sign)
    });
    if let Some((sign, own)) = foreign {
        return Err(
            Mistake::new(&(at..at + sign.len()), format!("`{sign}` is no sign here"))
                .help(format!("write `{own}`")),
        );
    }
    match SIGNS.iter().find(|sign| rest.starts_with(**sign)) {
        Some(sign) => Ok((Token::Sign(sign), sign.len())),
        None => Err(Mistake::new(
            &(at..at + first.len_utf8()),
            format!("`{}` means nothing here", base::visible(&first.to_string())),
        )
        .help("put texts in quotes")),
    }
}

/// A text in quotes and how many bytes it takes. A backslash before a quote or a backslash is
/// none; before anything else it stays, so that regular expressions are written as they are.
fn quoted(rest: &str, quote: char) -> Option<(Token<'_>, usize)> {
    let mut text = String::new();
    let mut chars = rest.char_indices().skip(1).peekable();
    while let Some((at, c)) = chars.next() {
        if c == quote {
            return Some((Token::Text(text), at + 1));
        }
        let escaped = chars
            .peek()
            .map(|next| next.1)
            .filter(|next| c == '\\' && matches!(next, '\\' | '"' | '\''));
        text.push(escaped.unwrap_or(c));
        if escaped.is_some() {
            chars.next();
        }
    }
    None
}

/// A text in double quotes, as [`words`] reads it.
pub(crate) fn quote(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for c in text.chars() {
        if matches!(c, '"' | '\\') {
            quoted.push('\\');
        }
        quoted.push(c);
    }
    quoted.push('"');
    quoted
}
