//! One table of named columns, whatever the file is.

pub(super) mod compression;
pub(super) mod header;
pub(super) mod instant;
pub(super) mod notes;
pub(super) mod number;
pub(super) mod record;
pub(super) mod source;
pub(super) mod window;

use std::collections::BTreeMap;
use std::io::{Read, Seek};

use self::compression::{Compression, foreign};
pub use self::header::ColumnIndex;
use self::header::Header;
use self::notes::Notes;
use self::record::Span;
pub use self::record::{Field, Record};
use self::source::Source;
use self::window::Window;
use super::csv::{CELL, Csv};
use super::json::Json;
use super::parquet::Parquet;
use super::{DateOrder, Numbers};
use crate::{Problem, codes};

/// What a file is a table in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Container {
    /// Comma-separated values.
    Csv,
    /// JSON, in lines, in an array, or in an array in an object.
    Json,
    /// Parquet.
    Parquet,
    /// YAML, which is one record whose only column, [`Input::DOCUMENT`], is the whole text.
    Yaml,
}

/// A file as a table, read record by record in bounded memory.
///
/// What packs it and what it is a table in is found out by looking, never by its name: gzip and
/// Zstandard by their first bytes; Parquet by its; JSON by the brace or bracket it begins with.
pub struct Input {
    header: Header,
    notes: Notes,
    source: Source,
    container: Container,
    table: Table,
}

enum Table {
    Csv(Csv),
    Json(Json),
    Parquet(Box<Parquet>),
    Yaml {
        text: String,
        spans: [Span; 1],
        rows: u64,
    },
}

/// How many records of a JSON file are looked at for the names in them before it is read.
const AHEAD: usize = 100;
/// How much of a file is looked at to see what it is.
const HEAD: usize = 64 * 1024;

impl Input {
    /// The name of the column that holds a whole YAML file.
    pub const DOCUMENT: &'static str = "document";

    /// Looks what a file is, and reads the names of its columns. `name` is what problems call it.
    ///
    /// # Errors
    /// Says why the file is no table that can be read.
    pub fn open(name: &str, file: impl Read + Seek + Send + 'static) -> Result<Self, Problem> {
        let mut header = Header::new(name, Compression::Plain);
        let source = Source::new(file).map_err(|error| header.failure(None, &error))?;
        let head = source
            .head(16)
            .map_err(|error| header.failure(None, &error))?;
        header.compression = Compression::of(&head);
        if let Some((message, help)) = foreign(&head) {
            return Err(header.problem(&codes::BILL_CONTAINER, None, message, help));
        }
        let (container, table) = table(&source, &mut header)?;
        let mut input = Self {
            header,
            notes: Notes::default(),
            source,
            container,
            table,
        };
        if container == Container::Json {
            input.look_ahead(AHEAD);
            input.rewind()?;
        }
        Ok(input)
    }

    /// What the file is a table in.
    pub fn container(&self) -> Container {
        self.container
    }

    /// The file, as it was named.
    pub fn name(&self) -> &str {
        &self.header.file
    }

    /// The names of the columns. Members of objects and structs are `outer.inner`. For JSON,
    /// these are the names in its first records and those that have been asked for.
    pub fn columns(&self) -> &[String] {
        &self.header.names
    }

    /// A column by its exact name. In JSON any name may turn up later, so there it always is one.
    pub fn column(&mut self, name: &str) -> Option<ColumnIndex> {
        match self.header.find(name) {
            None if self.container == Container::Json => self.header.add(name),
            found => found,
        }
    }

    /// Keeps objects of these names as JSON rather than taking them apart, which matters in JSON.
    /// The columns that taking them apart has made are forgotten.
    pub fn keep_whole(&mut self, names: &[&str]) -> Result<(), Problem> {
        if self.container != Container::Json {
            return Ok(());
        }
        self.header = self.header.again();
        self.header.whole = names.iter().map(|name| (*name).to_owned()).collect();
        self.rewind()?;
        self.look_ahead(AHEAD);
        self.rewind()
    }

    /// Reads a JSON file through for all the names in it, which [`Input::columns`] then has.
    /// Other files name their columns once.
    ///
    /// # Errors
    /// Says that the file cannot be read again; what is wrong with its records is left to the
    /// reading of them.
    pub fn find_all_columns(&mut self) -> Result<(), Problem> {
        if self.container != Container::Json {
            return Ok(());
        }
        self.look_ahead(usize::MAX);
        self.rewind()
    }

    /// Says how dates and numbers that may be read in several ways are meant.
    pub fn read_as(&mut self, dates: Option<DateOrder>, numbers: Numbers) {
        self.header.dates = dates;
        self.header.numbers = numbers;
    }

    /// The next record. After a problem with one record the next one can be read, if where it
    /// begins can be told; else the file ends there.
    ///
    /// # Errors
    /// Says what is wrong with the record.
    pub fn next_record(&mut self) -> Result<Option<Record<'_>>, Problem> {
        self.notes.next_row();
        let header = &mut self.header;
        let (text, spans, number) = match &mut self.table {
            Table::Csv(csv) => {
                if !csv.advance(header)? {
                    return Ok(None);
                }
                csv.current(header)?
            }
            Table::Json(json) => {
                if !json.advance(header)? {
                    return Ok(None);
                }
                json.current()
            }
            Table::Parquet(parquet) => {
                if !parquet.advance(header)? {
                    return Ok(None);
                }
                parquet.current()
            }
            Table::Yaml { text, spans, rows } => {
                *rows += 1;
                if *rows > 1 {
                    return Ok(None);
                }
                (&**text, &spans[..], 1)
            }
        };
        Ok(Some(Record {
            text,
            spans,
            number,
            header: &self.header,
            notes: &self.notes,
        }))
    }

    /// How many records had each thing put right.
    pub(super) fn mended(&self) -> BTreeMap<&'static str, u64> {
        self.notes.by_word()
    }

    /// How many numbers were rounded, and what that took away in units of 10^-36.
    pub(super) fn rounded(&self) -> (u64, i128) {
        self.notes.rounded()
    }

    /// A problem with the whole file, or with a column of it.
    pub(super) fn problem(
        &self,
        code: &'static base::Code,
        column: Option<&str>,
        message: impl Into<String>,
        help: impl Into<String>,
    ) -> Problem {
        let mut problem = self.header.problem(code, None, message, help);
        problem.place.column = column.map(str::to_owned);
        problem
    }

    /// Reads records for the names in them. What is wrong with them is said when they are read.
    fn look_ahead(&mut self, most: usize) {
        for _ in 0..most {
            if !matches!(self.next_record(), Ok(Some(_))) {
                return;
            }
        }
    }

    /// Begins the file again. The columns of JSON, which has no list of them, stay known.
    pub(super) fn rewind(&mut self) -> Result<(), Problem> {
        self.notes = Notes::default();
        if self.container != Container::Json {
            self.header = self.header.again();
        }
        (_, self.table) = table(&self.source, &mut self.header)?;
        Ok(())
    }
}

/// Finds out what a file is a table in.
fn table(source: &Source, header: &mut Header) -> Result<(Container, Table), Problem> {
    let head = source
        .head(4)
        .map_err(|error| header.failure(None, &error))?;
    if head == b"PAR1" {
        let parquet = Parquet::open(source, header)?;
        return Ok((Container::Parquet, Table::Parquet(Box::new(parquet))));
    }
    let bytes = header.compression.unpacked(source.from(0));
    let bytes = bytes.map_err(|error| header.failure(None, &error))?;
    let mut window = Window::new(bytes);
    while window.bytes().len() < HEAD && !window.ended() {
        window
            .more()
            .map_err(|error| header.failure(Some(1), &error))?;
    }
    if window.bytes().starts_with(b"PAR1") {
        let help = "unpack it first; Parquet is packed within";
        return Err(header.problem(&codes::BILL_CONTAINER, None, "this is packed Parquet", help));
    }
    if window.bytes().starts_with(b"\xef\xbb\xbf") {
        window.pass(3);
    }
    let blank = |byte: &u8| byte.is_ascii_whitespace();
    let Some(first) = window.bytes().iter().find(|byte| !blank(byte)) else {
        let help = "a file without charges still has the names of its columns; fetch it again";
        return Err(header.problem(&codes::BILL_EMPTY, None, "the file is empty", help));
    };
    if matches!(first, b'{' | b'[') {
        return Ok((Container::Json, Table::Json(Json::open(window))));
    }
    if is_yaml(window.bytes()) {
        return Ok((Container::Yaml, yaml(window, header)?));
    }
    if window.bytes().contains(&0) {
        let message = "this is neither CSV, JSON, Parquet nor YAML";
        let help = "export the charges in one of these";
        return Err(header.problem(&codes::BILL_CONTAINER, None, message, help));
    }
    Csv::open(window, header).map(|csv| (Container::Csv, Table::Csv(csv)))
}

/// Whether the first line that says something is one of YAML.
fn is_yaml(bytes: &[u8]) -> bool {
    let mut lines = bytes.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii);
    let Some(line) = lines.find(|line| !line.is_empty() && !line.starts_with(b"#")) else {
        return false;
    };
    let key = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    let name = line.iter().take_while(|byte| key(byte)).count();
    let value = line.get(name + 1);
    line.starts_with(b"- ")
        || line == b"---"
        || name > 0 && line.get(name) == Some(&b':') && matches!(value, None | Some(b' '))
}

/// Takes the whole of a YAML file, which people write and which is small.
fn yaml(mut window: Window, header: &mut Header) -> Result<Table, Problem> {
    while !window.ended() {
        window
            .more()
            .map_err(|error| header.failure(None, &error))?;
        if window.bytes().len() > CELL {
            let help = "write it as several files";
            let message = "the YAML file has more than 4 MB";
            return Err(header.problem(&codes::BILL_SIZE, None, message, help));
        }
    }
    let text = String::from_utf8(window.bytes().to_vec()).map_err(|_| {
        let help = "save the file as UTF-8";
        header.problem(&codes::BILL_ENCODING, None, "the file is not UTF-8", help)
    })?;
    if header.find(Input::DOCUMENT).is_none() {
        header.add(Input::DOCUMENT);
    }
    let end = u32::try_from(text.len()).unwrap_or(u32::MAX - 1);
    let (spans, rows) = ([Span { start: 0, end }], 0);
    Ok(Table::Yaml { text, spans, rows })
}
