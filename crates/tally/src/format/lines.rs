//! The lines of a file, as bytes.

use super::fault::{Code, Faults};

/// The longest line that is read, in bytes.
pub(super) const LONGEST: usize = 1 << 20;
const BOM: &[u8] = b"\xef\xbb\xbf";

/// How the lines of a file are marked, so that it can be written as it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Layout {
    /// The file begins with a byte order mark.
    pub bom: bool,
    /// Lines end with CR LF.
    pub crlf: bool,
    /// The last line ends as the others do.
    pub last_line_ends: bool,
}

impl Default for Layout {
    /// LF at the end of every line, and no mark.
    fn default() -> Self {
        Self {
            bom: false,
            crlf: false,
            last_line_ends: true,
        }
    }
}

impl Layout {
    /// What a file has; lines count as ending with CR LF if the first does.
    pub(super) fn of(bytes: &[u8]) -> Self {
        let first = bytes.split(|byte| *byte == b'\n').next().unwrap_or(b"");
        Self {
            bom: bytes.starts_with(BOM),
            crlf: first.len() < bytes.len() && first.ends_with(b"\r"),
            last_line_ends: bytes.ends_with(b"\n"),
        }
    }

    /// The text, whose lines end with LF, marked so.
    pub(super) fn apply(self, text: String) -> String {
        if self == Self::default() {
            return text;
        }
        let mut text = if self.crlf {
            text.replace('\n', "\r\n")
        } else {
            text
        };
        if !self.last_line_ends {
            text.truncate(text.trim_end_matches(['\r', '\n']).len());
        }
        if self.bom {
            text.insert(0, '\u{feff}');
        }
        text
    }
}

/// A line without its end.
#[derive(Debug, Clone, Copy)]
pub(super) struct Line<'b> {
    /// Counted from 1.
    pub(super) number: u32,
    pub(super) bytes: &'b [u8],
}

impl<'b> Line<'b> {
    /// The line as text: lines that are no text are never handed out.
    pub(super) fn text(&self) -> &'b str {
        std::str::from_utf8(self.bytes).unwrap_or("")
    }

    /// The character that holds this byte, counted from 1.
    pub(super) fn column(&self, byte: usize) -> u32 {
        let before = &self.bytes[..byte.min(self.bytes.len())];
        let characters = before.iter().filter(|byte| **byte & 0xc0 != 0x80).count();
        u32::try_from(characters + 1).unwrap_or(u32::MAX)
    }
}

/// The lines of a file, one after another; those that are no text are told and left out.
pub(super) struct Lines<'b> {
    rest: &'b [u8],
    number: u32,
    /// All of the file is UTF-8 without NUL: no line need be looked at again.
    sound: bool,
    /// The line last handed out, for faults about the end of the file.
    pub(super) last: Line<'b>,
}

impl<'b> Lines<'b> {
    pub(super) fn of(bytes: &'b [u8]) -> Self {
        let rest = bytes.strip_prefix(BOM).unwrap_or(bytes);
        Self {
            rest,
            number: 0,
            sound: !rest.contains(&0) && std::str::from_utf8(rest).is_ok(),
            last: Line {
                number: 1,
                bytes: b"",
            },
        }
    }

    pub(super) fn next(&mut self, faults: &mut Faults) -> Option<Line<'b>> {
        while !self.rest.is_empty() {
            let end = self.rest.iter().position(|byte| *byte == b'\n');
            let (bytes, rest) = match end {
                Some(end) => (&self.rest[..end], &self.rest[end + 1..]),
                None => (self.rest, &self.rest[self.rest.len()..]),
            };
            self.rest = rest;
            self.number = self.number.saturating_add(1);
            let line = Line {
                number: self.number,
                bytes: bytes.strip_suffix(b"\r").unwrap_or(bytes),
            };
            self.last = line;
            if self.is_text(&line, faults) {
                return Some(line);
            }
        }
        None
    }

    /// The next line that says something: neither blank nor, to this format, a comment.
    pub(super) fn next_saying(
        &mut self,
        comment: Option<&[u8]>,
        faults: &mut Faults,
    ) -> Option<Line<'b>> {
        loop {
            let line = self.next(faults)?;
            let text = line.bytes.trim_ascii();
            let silent = comment.is_some_and(|mark| text.starts_with(mark));
            if !text.is_empty() && !silent {
                return Some(line);
            }
        }
    }

    fn is_text(&self, line: &Line<'_>, faults: &mut Faults) -> bool {
        if line.bytes.len() > LONGEST {
            faults.add(line, LONGEST, Code::TooLong, || {
                format!(
                    "the line has {} bytes; no line of ballots has more than {LONGEST}",
                    line.bytes.len()
                )
            });
            return false;
        }
        if self.sound {
            return true;
        }
        if let Some(at) = line.bytes.iter().position(|byte| *byte == 0) {
            faults.add(line, at, Code::Nul, || {
                "a NUL byte; the file is damaged, or not saved as UTF-8".to_owned()
            });
            return false;
        }
        let Err(wrong) = std::str::from_utf8(line.bytes) else {
            return true;
        };
        faults.add(line, wrong.valid_up_to(), Code::Utf8, || {
            "bytes that are no UTF-8; save the file as UTF-8".to_owned()
        });
        false
    }
}
