//! Entries and words: what parentheses join, quotes hold and comments end (RFC 1035 §5.1).

use estate::records::Token;

use super::Problem;

/// A word and where it starts.
#[derive(Debug, Clone)]
pub(super) struct Word {
    pub(super) token: Token,
    pub(super) line: usize,
    pub(super) column: usize,
}

impl Word {
    pub(super) fn problem(&self, what: impl Into<String>) -> Problem {
        Problem {
            line: self.line,
            column: self.column,
            what: what.into(),
        }
    }
}

/// One entry: a directive or a record.
#[derive(Debug)]
pub(super) struct Entry {
    /// Whether it starts with white space, so that the owner is the one before.
    pub(super) indented: bool,
    /// At least one.
    pub(super) words: Vec<Word>,
}

/// Reads one entry after the other.
pub(super) struct Entries<'a> {
    text: &'a str,
    at: usize,
    line: usize,
    /// Where the line starts, in bytes.
    line_start: usize,
}

impl<'a> Entries<'a> {
    pub(super) fn of(text: &'a str) -> Self {
        // A mark of the byte order is no part of the first name.
        let at = if text.starts_with('\u{feff}') { 3 } else { 0 };
        Self {
            text,
            at,
            line: 1,
            line_start: at,
        }
    }

    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn here(&self, what: &str) -> Problem {
        Problem {
            line: self.line,
            column: self.text[self.line_start..self.at].chars().count() + 1,
            what: what.to_owned(),
        }
    }

    fn new_line(&mut self) {
        self.at += 1;
        self.line += 1;
        self.line_start = self.at;
    }

    fn skip_line(&mut self) {
        while self.byte().is_some_and(|byte| byte != b'\n') {
            self.at += 1;
        }
    }

    /// The words up to the end of the entry; none for an empty line.
    fn entry(&mut self) -> Result<Entry, Problem> {
        let indented = self.byte().is_some_and(|byte| matches!(byte, b' ' | b'\t'));
        let mut words = Vec::new();
        let mut opened: Option<Problem> = None;
        loop {
            match self.byte() {
                None => break,
                Some(b'\n') => {
                    self.new_line();
                    if opened.is_none() {
                        break;
                    }
                }
                Some(b';') => self.skip_line(),
                Some(b'(') => {
                    if opened.is_some() {
                        return Err(self.here("a parenthesis stands inside another"));
                    }
                    opened = Some(self.here("this parenthesis is not closed"));
                    self.at += 1;
                }
                Some(b')') => {
                    if opened.take().is_none() {
                        return Err(self.here("nothing was opened that this parenthesis closes"));
                    }
                    self.at += 1;
                }
                Some(byte) if byte.is_ascii_whitespace() => self.at += 1,
                Some(_) => words.push(self.word()?),
            }
        }
        match opened {
            Some(problem) => Err(problem),
            None => Ok(Entry { indented, words }),
        }
    }

    fn word(&mut self) -> Result<Word, Problem> {
        let quoted = self.byte() == Some(b'"');
        let place = self.here("a quote is opened and not closed on its line");
        let start = self.at + usize::from(quoted);
        let ends = |byte: u8| {
            byte == b'"'
                || (!quoted && (byte.is_ascii_whitespace() || matches!(byte, b';' | b'(' | b')')))
        };
        self.at = start;
        while let Some(byte) = self.byte().filter(|byte| *byte != b'\n' && !ends(*byte)) {
            self.at += 1;
            // What is escaped ends nothing, but a line ends everything.
            if byte == b'\\' && self.byte().is_some_and(|next| next != b'\n') {
                self.at += 1;
            }
        }
        let written = &self.text[start..self.at];
        if quoted {
            if self.byte() != Some(b'"') {
                return Err(place);
            }
            self.at += 1;
        }
        Ok(Word {
            token: Token::new(written, quoted),
            line: place.line,
            column: place.column,
        })
    }
}

impl Iterator for Entries<'_> {
    type Item = Result<Entry, Problem>;

    fn next(&mut self) -> Option<Self::Item> {
        while self.at < self.text.len() {
            match self.entry() {
                Ok(entry) if entry.words.is_empty() => {}
                Ok(entry) => return Some(Ok(entry)),
                Err(problem) => {
                    self.skip_line();
                    return Some(Err(problem));
                }
            }
        }
        None
    }
}
