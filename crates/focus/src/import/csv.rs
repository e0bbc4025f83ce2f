//! Comma-separated values, as RFC 4180 has them, split without a copy of any cell.

use super::input::header::Header;
use super::input::record::Span;
use super::input::window::Window;
use crate::{Problem, codes};

/// No cell is larger.
pub(super) const CELL: usize = 4 * 1024 * 1024;
/// No record is larger.
pub(super) const RECORD: usize = 16 * 1024 * 1024;

/// A file of comma-separated values.
pub(super) struct Csv {
    window: Window,
    spans: Vec<Span>,
    /// Which cells have quotes written twice.
    doubled: Vec<usize>,
    /// The line on which the present record begins, and the one after it.
    line: u64,
    next_line: u64,
    /// How many bytes the present record has, with its line's end.
    length: usize,
    done: bool,
}

/// Why a record has no end.
#[derive(Debug, PartialEq, Eq)]
enum Flaw {
    /// A quote is opened and the file ends: in which cell.
    Open(usize),
    /// Something stands behind a closed quote: in which cell.
    Behind(usize),
}

/// What was found of a record.
#[derive(Debug, PartialEq, Eq)]
enum Found {
    /// All of it, so many bytes on so many lines.
    Whole { length: usize, lines: u64 },
    /// Its end is not yet there.
    Part,
    /// The end of the file.
    Nothing,
}

impl Csv {
    pub(super) fn open(window: Window, header: &mut Header) -> Result<Self, Problem> {
        header.empty_is_null = true;
        let mut csv = Self {
            window,
            spans: Vec::new(),
            doubled: Vec::new(),
            line: 0,
            next_line: 1,
            length: 0,
            done: false,
        };
        if csv.find(header)? {
            let (text, spans, line) = csv.current(header)?;
            let name = |span: &Span| &text[span.start as usize..span.end as usize];
            if spans.len() == 1 {
                separator(header, name(&spans[0]), line)?;
            }
            header.add_all(spans.iter().map(name), Some(line))?;
        }
        Ok(csv)
    }

    /// Goes on to the next record, if there is one.
    pub(super) fn advance(&mut self, header: &Header) -> Result<bool, Problem> {
        if !self.find(header)? {
            return Ok(false);
        }
        let (cells, columns) = (self.spans.len(), header.names.len());
        if cells == columns {
            return Ok(true);
        }
        Err(header.problem(
            &codes::BILL_RECORD,
            Some(self.line),
            format!(
                "this row has {}, and the file has {}",
                base::counted(cells, "cell", "cells"),
                base::counted(columns, "column", "columns")
            ),
            "write quotes around a text with a comma or a line break in it",
        ))
    }

    /// The present record.
    pub(super) fn current(&self, header: &Header) -> Result<(&str, &[Span], u64), Problem> {
        let bytes = &self.window.bytes()[..self.length];
        let text = std::str::from_utf8(bytes).map_err(|error| {
            let at = error.valid_up_to();
            let cell = self.spans.iter().position(|span| span.end as usize > at);
            let mut problem = header.problem(
                &codes::BILL_ENCODING,
                Some(self.line),
                format!("the byte {:#04x} here is not UTF-8", bytes[at]),
                "save the file as UTF-8",
            );
            problem.place.column = cell.and_then(|cell| header.names.get(cell)).cloned();
            problem
        })?;
        Ok((text, &self.spans, self.line))
    }

    /// Finds the next record that is no empty line.
    fn find(&mut self, header: &Header) -> Result<bool, Problem> {
        if self.done {
            return Ok(false);
        }
        loop {
            self.window.pass(std::mem::take(&mut self.length));
            self.line = self.next_line;
            let found = self.scan(header).inspect_err(|_| self.done = true)?;
            let Found::Whole { length, lines } = found else {
                self.done = true;
                return Ok(false);
            };
            self.length = length;
            self.next_line += lines;
            let empty = matches!(self.spans[..], [Span { start, end }] if start == end);
            if empty && header.names.len() != 1 {
                continue;
            }
            self.unescape();
            return self.small_enough(header).map(|()| true);
        }
    }

    fn scan(&mut self, header: &Header) -> Result<Found, Problem> {
        loop {
            self.spans.clear();
            self.doubled.clear();
            let (bytes, ended) = (self.window.bytes(), self.window.ended());
            let found = scan(bytes, ended, &mut self.spans, &mut self.doubled);
            match found {
                Ok(Found::Part) => {}
                Ok(found) => return Ok(found),
                Err(flaw) => return Err(self.flawed(header, &flaw)),
            }
            if self.window.bytes().len() >= RECORD {
                return Err(self.too_large(header));
            }
            self.window
                .more()
                .map_err(|error| header.failure(Some(self.line), &error))?;
        }
    }

    /// Writes the quotes of cells once that are written twice, in place.
    fn unescape(&mut self) {
        let bytes = self.window.bytes_mut();
        for cell in &self.doubled {
            let span = &mut self.spans[*cell];
            let (start, end) = (span.start as usize, span.end as usize);
            let (mut to, mut from) = (start, start);
            while from < end {
                bytes[to] = bytes[from];
                from += if bytes[from] == b'"' { 2 } else { 1 };
                to += 1;
            }
            // What is left over may begin in the middle of a letter.
            bytes[to..end].fill(b' ');
            span.end = u32::try_from(to).unwrap_or(span.end);
        }
    }

    fn small_enough(&mut self, header: &Header) -> Result<(), Problem> {
        if self.length <= CELL {
            return Ok(());
        }
        let large = |span: &Span| (span.end - span.start) as usize > CELL;
        if self.length > RECORD || self.spans.iter().any(large) {
            self.done = true;
            return Err(self.too_large(header));
        }
        Ok(())
    }

    fn too_large(&self, header: &Header) -> Problem {
        let large = self
            .spans
            .iter()
            .position(|span| (span.end - span.start) as usize > CELL);
        let last = self.spans.last().map_or(0, |span| span.end as usize);
        let open = self.length == 0 && self.window.bytes().len() - last > CELL;
        let cell = large.or(open.then_some(self.spans.len()));
        let name = cell.and_then(|cell| header.names.get(cell));
        let what = if cell.is_some() {
            "this cell has more than 4 MB"
        } else {
            "this row has more than 16 MB"
        };
        Problem {
            code: &codes::BILL_SIZE,
            place: header.place(Some(self.line), name.map(String::as_str)),
            message: what.to_owned(),
            help: "look for a quote that is never closed, or shorten the text".to_owned(),
        }
    }

    fn flawed(&self, header: &Header, flaw: &Flaw) -> Problem {
        let (code, cell, message, help) = match flaw {
            Flaw::Open(cell) => (
                &codes::BILL_TRUNCATED,
                cell,
                "a quote is opened here and the file ends before it is closed",
                "close the quote; if the file was cut off, fetch it again",
            ),
            Flaw::Behind(cell) => (
                &codes::BILL_RECORD,
                cell,
                "a text stands behind the quote that closes this cell",
                "write a quote within a quoted cell twice",
            ),
        };
        let name = header.names.get(*cell).map(String::as_str);
        Problem {
            code,
            place: header.place(Some(self.line), name),
            message: message.to_owned(),
            help: help.to_owned(),
        }
    }
}

/// What a header of one column says about the separator.
fn separator(header: &Header, name: &str, line: u64) -> Result<(), Problem> {
    let Some(sign) = name
        .chars()
        .find(|sign| matches!(sign, ';' | '\t' | '|' | '\r'))
    else {
        return Ok(());
    };
    let (message, help) = match sign {
        '\r' => (
            "the lines of the file end with a carriage return alone".to_owned(),
            "save it with the line ends of Unix or Windows",
        ),
        sign => (
            format!(
                "the columns are separated by `{}`",
                base::visible(&sign.to_string())
            ),
            "save the file with commas between its cells",
        ),
    };
    Err(header.problem(&codes::BILL_CONTAINER, Some(line), message, help))
}

/// Finds the cells of the record at the beginning of some bytes.
fn scan(
    bytes: &[u8],
    ended: bool,
    spans: &mut Vec<Span>,
    doubled: &mut Vec<usize>,
) -> Result<Found, Flaw> {
    if bytes.is_empty() {
        return Ok(if ended { Found::Nothing } else { Found::Part });
    }
    let (mut at, mut lines) = (0, 1);
    loop {
        let end = if bytes.get(at) == Some(&b'"') {
            let Some((end, twice)) = quoted(bytes, at + 1, ended, spans.len())? else {
                return Ok(Found::Part);
            };
            if twice {
                doubled.push(spans.len());
            }
            let inside = &bytes[at + 1..end];
            lines += memchr::memchr_iter(b'\n', inside).count() as u64;
            spans.push(span(at + 1, end));
            end + 1
        } else {
            let end = match stop(bytes, at) {
                Some(end) => end,
                None if ended => bytes.len(),
                None => return Ok(Found::Part),
            };
            let line_ends = bytes.get(end) != Some(&b',');
            let cut = usize::from(line_ends && end > at && bytes[end - 1] == b'\r');
            spans.push(span(at, end - cut));
            end
        };
        match &bytes[end..] {
            [b',', ..] => at = end + 1,
            [] | [b'\r'] => {
                return Ok(Found::Whole {
                    length: bytes.len(),
                    lines,
                });
            }
            [b'\r', b'\n', ..] => {
                return Ok(Found::Whole {
                    length: end + 2,
                    lines,
                });
            }
            [_, ..] => {
                return Ok(Found::Whole {
                    length: end + 1,
                    lines,
                });
            }
        }
    }
}

fn span(start: usize, end: usize) -> Span {
    // A window is no longer than twice the largest record.
    let short = |at: usize| u32::try_from(at).unwrap_or(u32::MAX - 1);
    Span {
        start: short(start),
        end: short(end),
    }
}

/// Where a quoted cell's closing quote is, and whether quotes are written twice in it; nothing
/// if that cannot be told yet.
fn quoted(
    bytes: &[u8],
    from: usize,
    ended: bool,
    cell: usize,
) -> Result<Option<(usize, bool)>, Flaw> {
    let mut twice = false;
    let mut at = from;
    loop {
        let Some(found) = memchr::memchr(b'"', &bytes[at..]) else {
            return if ended {
                Err(Flaw::Open(cell))
            } else {
                Ok(None)
            };
        };
        let quote = at + found;
        match &bytes[quote + 1..] {
            [b'"', ..] => {
                twice = true;
                at = quote + 2;
            }
            [b',' | b'\n', ..] | [b'\r', b'\n', ..] => return Ok(Some((quote, twice))),
            [] | [b'\r'] if ended => return Ok(Some((quote, twice))),
            [] | [b'\r'] => return Ok(None),
            [_, ..] => return Err(Flaw::Behind(cell)),
        }
    }
}

/// The next comma or line's end, eight bytes a step: cells are too short for a search that has
/// to begin with setting itself up.
fn stop(bytes: &[u8], from: usize) -> Option<usize> {
    const LOW: u64 = u64::from_le_bytes([0x01; 8]);
    const HIGH: u64 = u64::from_le_bytes([0x80; 8]);
    const COMMA: u64 = u64::from_le_bytes([b','; 8]);
    const LINE: u64 = u64::from_le_bytes([b'\n'; 8]);
    let zero = |word: u64| word.wrapping_sub(LOW) & !word & HIGH;
    let (words, rest) = bytes.get(from..)?.as_chunks::<8>();
    for (place, word) in words.iter().enumerate() {
        let word = u64::from_le_bytes(*word);
        let hits = zero(word ^ COMMA) | zero(word ^ LINE);
        if hits != 0 {
            return Some(from + place * 8 + (hits.trailing_zeros() / 8) as usize);
        }
    }
    let found = rest.iter().position(|byte| matches!(byte, b',' | b'\n'))?;
    Some(from + words.len() * 8 + found)
}
