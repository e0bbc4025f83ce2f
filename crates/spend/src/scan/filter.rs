//! Which charges are looked at.

use std::fmt;

use focus::Month;
use jiff::civil::Date;
use regex::Regex;

use super::Dimension;

/// One condition on charges; several hold together.
#[derive(Debug, Clone)]
pub struct Filter {
    /// What is looked at.
    pub dimension: Dimension,
    /// What it has to be.
    pub test: Test,
}

/// What the value of a dimension has to be.
#[derive(Debug, Clone)]
pub enum Test {
    /// This text; the empty one means that there is none.
    Is(String),
    /// Any but this text.
    IsNot(String),
    /// A text that a pattern fits.
    Like(Pattern),
    /// A text that a pattern does not fit.
    Unlike(Pattern),
    /// Days or months that begin within these days, both included.
    Within(Span),
    /// Days or months that do not.
    Outside(Span),
}

/// Days from one to another, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// The first.
    pub from: Date,
    /// The last.
    pub until: Date,
}

impl Span {
    /// All days of two months and of those between.
    pub fn of_months(from: Month, until: Month) -> Self {
        Self {
            from: from.first_day(),
            until: until.last_day(),
        }
    }

    /// Whether a day is one of them.
    pub fn has(&self, day: Date) -> bool {
        self.from <= day && day <= self.until
    }
}

/// A pattern of a whole text: `*` for any letters, `?` for one, `[a-c]` and `[!a-c]` for one of
/// some, `{a,b}` for one of several, and a backslash before what is meant as it stands.
#[derive(Debug, Clone)]
pub struct Pattern {
    written: String,
    regex: Regex,
}

/// A text is no pattern.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the pattern `{written}` {wrong}")]
pub struct NotAPattern {
    written: String,
    wrong: &'static str,
}

impl Pattern {
    /// Reads a pattern.
    pub fn new(written: &str) -> Result<Self, NotAPattern> {
        let refused = |wrong| NotAPattern {
            written: base::visible(written),
            wrong,
        };
        let text = expression(written).map_err(refused)?;
        let regex =
            Regex::new(&text).map_err(|_| refused("is too large, or has an empty range"))?;
        Ok(Self {
            written: written.to_owned(),
            regex,
        })
    }

    /// Whether it fits a text.
    pub fn fits(&self, text: &str) -> bool {
        self.regex.is_match(text)
    }

    /// As a regular expression for the whole text, in the syntax that RE2, Java and this program
    /// share.
    pub fn expression(&self) -> &str {
        self.regex.as_str()
    }
}

/// A part of a pattern that SQL's `LIKE` has too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Piece {
    /// This letter.
    Letter(char),
    /// Any one letter.
    One,
    /// Any letters.
    Any,
}

impl Pattern {
    /// Its parts, if it has none but letters and wildcards.
    pub(crate) fn pieces(&self) -> Option<Vec<Piece>> {
        let mut letters = self.written.chars();
        let mut pieces = Vec::new();
        while let Some(letter) = letters.next() {
            pieces.push(match letter {
                '*' => Piece::Any,
                '?' => Piece::One,
                '[' | '{' => return None,
                '\\' => Piece::Letter(letters.next()?),
                letter => Piece::Letter(letter),
            });
        }
        Some(pieces)
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.written)
    }
}

/// A pattern as a regular expression that no dialect reads in a way of its own.
fn expression(written: &str) -> Result<String, &'static str> {
    let mut made = String::from("(?s)^");
    let mut depth = 0_usize;
    let mut letters = written.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '*' => made.push_str(".*"),
            '?' => made.push('.'),
            '{' => {
                depth += 1;
                made.push_str("(?:");
            }
            '}' if depth > 0 => {
                depth -= 1;
                made.push(')');
            }
            ',' if depth > 0 => made.push('|'),
            '[' => class(&mut letters, &mut made)?,
            '\\' => literal(letters.next().ok_or("ends in a backslash")?, &mut made),
            letter => literal(letter, &mut made),
        }
    }
    if depth > 0 {
        return Err("has a `{` that is not closed; write `\\{` for the letter");
    }
    made.push_str(r"\z");
    Ok(made)
}

fn class(letters: &mut std::str::Chars<'_>, made: &mut String) -> Result<(), &'static str> {
    const OPEN: &str = "has a `[` that is not closed; write `\\[` for the letter";
    made.push('[');
    let mut letter = letters.next().ok_or(OPEN)?;
    if matches!(letter, '!' | '^') {
        made.push('^');
        letter = letters.next().ok_or(OPEN)?;
    }
    if letter == ']' {
        return Err("has an empty `[]`; write `\\[` for the letter");
    }
    let mut before = None;
    while letter != ']' {
        match letter {
            '-' if before.is_some() => {
                let last = letters.next().ok_or(OPEN)?;
                if last == ']' {
                    made.push_str("\\-");
                    break;
                }
                made.push('-');
                literal(last, made);
                before = None;
            }
            '\\' => {
                let meant = letters.next().ok_or(OPEN)?;
                literal(meant, made);
                before = Some(meant);
            }
            plain => {
                literal(plain, made);
                before = Some(plain);
            }
        }
        letter = letters.next().ok_or(OPEN)?;
    }
    made.push(']');
    Ok(())
}

/// A letter that means itself, in a class too.
fn literal(letter: char, made: &mut String) {
    if r"\.+*?()|[]{}^$#&-~".contains(letter) {
        made.push('\\');
    }
    made.push(letter);
}

impl Test {
    /// Whether a text passes. Days and months are asked by [`Test::admits`].
    pub fn passes(&self, text: &str) -> bool {
        match self {
            Self::Is(wanted) => text == wanted,
            Self::IsNot(unwanted) => text != unwanted,
            Self::Like(pattern) => pattern.fits(text),
            Self::Unlike(pattern) => !pattern.fits(text),
            Self::Within(_) => false,
            Self::Outside(_) => true,
        }
    }

    /// Whether a day passes; of a month, its first.
    pub fn admits(&self, day: Date) -> bool {
        match self {
            Self::Within(span) => span.has(day),
            Self::Outside(span) => !span.has(day),
            text => text.passes(&day.to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_fits_whole_texts() {
        for (pattern, fits, not) in [
            ("prod-*", "prod-1\n2", "a-prod-1"),
            ("a?c", "aéc", "ac"),
            ("[a-c_-]x", "-x", "dx"),
            ("[!a-c]x", "dx", "ax"),
            ("{Google,Amazon} *", "Amazon S3", "Azure x"),
            ("a.b,c}", "a.b,c}", "axb,c}"),
            (r"\*\[$^", "*[$^", "a[$^"),
            ("", "", "a"),
        ] {
            let read = Pattern::new(pattern).unwrap();
            assert!(read.fits(fits), "{pattern} {fits}");
            assert!(!read.fits(not), "{pattern} {not}");
        }
    }

    #[test]
    fn what_is_no_pattern_is_refused_with_its_reason() {
        for (pattern, reason) in [
            ("[a", "not closed"),
            ("[]", "empty `[]`"),
            ("{a", "not closed"),
            ("a\\", "ends in a backslash"),
            ("[z-a]", "empty range"),
        ] {
            let refused = Pattern::new(pattern).unwrap_err().to_string();
            assert!(refused.contains(reason), "{pattern}: {refused}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_pattern_stops_it(text in r"[\[\]{},*?!^\\a-c-]{0,12}") {
            let _ = Pattern::new(&text);
        }
    }
}
