//! JSON: lines, an array, or an object with an array in it, record by record.

mod extent;
mod flat;

use std::ops::Range;

use self::extent::{Extent, Scanner};
use self::flat::Flat;
use super::csv::{CELL, RECORD};
use super::input::header::Header;
use super::input::record::Span;
use super::input::window::Window;
use crate::{Problem, codes};

/// The names under which vendors answer with an array of records.
const WRAPPERS: [&[u8]; 4] = [b"data", b"value", b"items", b"invoice_items"];

/// Where in the file the reader is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Level {
    /// Between values that stand by themselves.
    Top,
    /// In an array of records; in one under a wrapper's name, its object ends after it.
    Array { wrapped: bool, first: bool },
    /// Behind the array in a wrapper.
    Behind,
}

/// A file of JSON.
pub(super) struct Json {
    window: Window,
    level: Level,
    /// The line at which the window begins, and the present record.
    line: u64,
    record_line: u64,
    /// How many bytes the present record has, with what separates it from the next.
    length: usize,
    /// Whether records stand by themselves, or in arrays of objects around them: what was found
    /// first. A record may have a list that is called like such an array.
    alone: Option<bool>,
    flat: Flat,
    done: bool,
}

impl Json {
    pub(super) fn open(window: Window) -> Self {
        Self {
            window,
            level: Level::Top,
            line: 1,
            record_line: 1,
            length: 0,
            alone: None,
            flat: Flat::default(),
            done: false,
        }
    }

    /// Goes on to the next record, if there is one.
    pub(super) fn advance(&mut self, header: &mut Header) -> Result<bool, Problem> {
        if self.done {
            return Ok(false);
        }
        self.pass(self.length);
        self.length = 0;
        let found = self.find(header).inspect_err(|_| self.done = true)?;
        let Some(extent) = found else {
            self.done = true;
            return Ok(false);
        };
        self.length = extent.end;
        self.flatten(extent, header).map(|()| true)
    }

    /// The present record.
    pub(super) fn current(&self) -> (&str, &[Span], u64) {
        (self.flat.text(), self.flat.spans(), self.record_line)
    }

    fn flatten(&mut self, extent: Range<usize>, header: &mut Header) -> Result<(), Problem> {
        let bytes = &self.window.bytes()[extent];
        let text = std::str::from_utf8(bytes).map_err(|error| {
            header.problem(
                &codes::BILL_ENCODING,
                Some(self.record_line),
                format!(
                    "the byte {:#04x} here is not UTF-8",
                    bytes[error.valid_up_to()]
                ),
                "save the file as UTF-8",
            )
        })?;
        self.flat.fill(text, header).map_err(|flaw| {
            let mut problem = header.problem(
                &codes::BILL_JSON,
                Some(self.record_line),
                flaw.message,
                "write each record as one object, each name in it once",
            );
            problem.place.column = flaw.column;
            problem
        })?;
        let large = |span: &Span| *span != Span::NULL && (span.end - span.start) as usize > CELL;
        if let Some(column) = self.flat.spans().iter().position(large) {
            let mut problem = self.too_large(header, "this cell has more than 4 MB");
            problem.place.column = header.names.get(column).cloned();
            return Err(problem);
        }
        Ok(())
    }

    /// Finds the next record, and leaves the window at its beginning.
    fn find(&mut self, header: &Header) -> Result<Option<Range<usize>>, Problem> {
        loop {
            let Some(first) = self.visible(header)? else {
                return match self.level {
                    Level::Top => Ok(None),
                    _ => Err(self.truncated(header)),
                };
            };
            match (self.level, first) {
                (Level::Behind, _) => {
                    // The rest of the wrapper, of which one member has been read.
                    self.step(header, Scanner::within())?;
                }
                (Level::Top, b'[') => {
                    self.pass(1);
                    let (wrapped, first) = (false, true);
                    self.level = Level::Array { wrapped, first };
                }
                (Level::Top, b'{') => {
                    if let Some(found) = self.step(header, self.scanner())? {
                        return Ok(Some(found));
                    }
                }
                (Level::Top, _) => {
                    return Err(self.wrong(header, first, "an object"));
                }
                (Level::Array { wrapped, .. }, b']') => {
                    self.pass(1);
                    self.level = if wrapped { Level::Behind } else { Level::Top };
                }
                (
                    Level::Array {
                        wrapped,
                        first: true,
                    },
                    b'{',
                ) => {
                    self.level = Level::Array {
                        wrapped,
                        first: false,
                    };
                    return self.item(header);
                }
                (
                    Level::Array {
                        wrapped,
                        first: false,
                    },
                    b',',
                ) => {
                    self.pass(1);
                    self.level = Level::Array {
                        wrapped,
                        first: true,
                    };
                }
                (Level::Array { first: true, .. }, other) => {
                    return Err(self.wrong(header, other, "an object"));
                }
                (Level::Array { first: false, .. }, other) => {
                    return Err(self.wrong(header, other, "a comma or `]`"));
                }
            }
        }
    }

    /// A record in an array.
    fn item(&mut self, header: &Header) -> Result<Option<Range<usize>>, Problem> {
        self.record_line = self.line;
        let extent = self.extent(header, &mut Scanner::plain())?;
        Ok(match extent {
            Extent::Whole(end) => Some(0..end),
            Extent::Array(_) | Extent::Part => None,
        })
    }

    /// For an object that stands by itself: behind others that are records, it is one too.
    fn scanner(&self) -> Scanner {
        match self.alone {
            Some(true) => Scanner::plain(),
            _ => Scanner::before(),
        }
    }

    /// An object that may be a record or hold an array of them.
    fn step(
        &mut self,
        header: &Header,
        mut scanner: Scanner,
    ) -> Result<Option<Range<usize>>, Problem> {
        self.record_line = self.line;
        match self.extent(header, &mut scanner)? {
            Extent::Whole(end) if self.level == Level::Behind => {
                self.pass(end);
                self.level = Level::Top;
                Ok(None)
            }
            Extent::Whole(_) if self.alone == Some(false) => Err(self.beside(header)),
            Extent::Whole(end) => {
                self.alone = Some(true);
                Ok(Some(0..end))
            }
            Extent::Array(end) => {
                self.alone = Some(false);
                self.pass(end);
                let (wrapped, first) = (true, true);
                self.level = Level::Array { wrapped, first };
                Ok(None)
            }
            Extent::Part => Err(self.truncated(header)),
        }
    }

    /// Reads on until the scanner has found the end of a value.
    fn extent(&mut self, header: &Header, scanner: &mut Scanner) -> Result<Extent, Problem> {
        loop {
            let extent = scanner.scan(self.window.bytes(), &WRAPPERS);
            if extent != Extent::Part {
                return Ok(extent);
            }
            if self.window.ended() {
                return Err(self.truncated(header));
            }
            if self.window.bytes().len() >= RECORD {
                return Err(self.too_large(header, "this record has more than 16 MB"));
            }
            self.more(header)?;
        }
    }

    /// Passes blanks, and answers what stands behind them.
    fn visible(&mut self, header: &Header) -> Result<Option<u8>, Problem> {
        loop {
            let bytes = self.window.bytes();
            let blank = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\r' | b'\n');
            if let Some(at) = bytes.iter().position(|byte| !blank(byte)) {
                let first = bytes[at];
                self.pass(at);
                return Ok(Some(first));
            }
            self.pass(bytes.len());
            if self.window.ended() {
                return Ok(None);
            }
            self.more(header)?;
        }
    }

    fn more(&mut self, header: &Header) -> Result<(), Problem> {
        self.window
            .more()
            .map_err(|error| header.failure(Some(self.line), &error))
    }

    /// Passes bytes and counts their lines.
    fn pass(&mut self, count: usize) {
        let lines = memchr::memchr_iter(b'\n', &self.window.bytes()[..count]).count();
        self.line += lines as u64;
        self.window.pass(count);
    }

    fn truncated(&self, header: &Header) -> Problem {
        header.problem(
            &codes::BILL_TRUNCATED,
            Some(self.record_line),
            "the JSON that begins here has no end",
            "fetch the file again: the end of it is missing",
        )
    }

    /// One of two readings would drop a charge: which one is meant cannot be told.
    fn beside(&self, header: &Header) -> Problem {
        header.problem(
            &codes::BILL_JSON,
            Some(self.record_line),
            "a record stands by itself here, and those before it stand in an array",
            "write all records alike: an object each, or all in an array under `data`",
        )
    }

    fn too_large(&self, header: &Header, message: &str) -> Problem {
        header.problem(
            &codes::BILL_SIZE,
            Some(self.record_line),
            message,
            "write a record an object, in lines, in an array or in an array under `data`",
        )
    }

    fn wrong(&self, header: &Header, found: u8, wanted: &str) -> Problem {
        let found = base::visible(&char::from(found).to_string());
        header.problem(
            &codes::BILL_JSON,
            Some(self.line),
            format!("here stands `{found}` where {wanted} should"),
            "write a record an object, in lines, in an array or in an array under `data`",
        )
    }
}
