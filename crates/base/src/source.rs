//! Texts and places in them.

use std::fmt;
use std::ops::Deref;
use std::sync::OnceLock;

use serde::Serialize;

/// One text in a [`SourceMap`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(u32);

/// A half-open range of bytes in one text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The text.
    pub file: FileId,
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// A span over bytes `start..end`. Texts over 4 GiB are refused long before.
    pub fn new(file: FileId, start: usize, end: usize) -> Self {
        let clamp = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        Self {
            file,
            start: clamp(start),
            end: clamp(end.max(start)),
        }
    }

    /// The start of a text, for what is wrong with it as a whole.
    pub fn start_of(file: FileId) -> Self {
        Self::new(file, 0, 0)
    }
}

/// A value and the place it was written.
///
/// Compares and prints as the value alone.
#[derive(Debug, Clone, Copy)]
pub struct Spanned<T> {
    /// The value.
    pub value: T,
    /// Where it stands.
    pub span: Span,
}

impl<T> Spanned<T> {
    /// A value with its place.
    pub fn new(value: T, span: Span) -> Self {
        Self { value, span }
    }
}

impl<T> Deref for Spanned<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T: PartialEq> PartialEq for Spanned<T> {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

impl<T: Eq> Eq for Spanned<T> {}

impl<T: fmt::Display> fmt::Display for Spanned<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.value.fmt(f)
    }
}

impl<T: Serialize> Serialize for Spanned<T> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.value.serialize(serializer)
    }
}

/// A line and column as an editor counts them: from 1, columns in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Position {
    /// Line, from 1.
    pub line: usize,
    /// Column in Unicode scalar values, from 1.
    pub column: usize,
}

/// One text that was read.
#[derive(Debug, Clone)]
pub struct SourceFile {
    /// Its path as the user would write it, `/` between folders.
    pub path: String,
    /// Its text.
    pub text: String,
    /// It may hold what nobody should see in a log: its lines are not shown.
    pub private: bool,
    line_starts: OnceLock<Vec<u32>>,
}

impl SourceFile {
    fn line_starts(&self) -> &[u32] {
        self.line_starts.get_or_init(|| {
            let after_newline = |(at, byte): (usize, u8)| {
                (byte == b'\n').then(|| u32::try_from(at + 1).unwrap_or(u32::MAX))
            };
            std::iter::once(0)
                .chain(self.text.bytes().enumerate().filter_map(after_newline))
                .collect()
        })
    }

    /// The line and column of a byte; a byte past the end is the end.
    pub fn position(&self, byte: u32) -> Position {
        let starts = self.line_starts();
        let line = starts.partition_point(|&start| start <= byte).max(1);
        let start = starts.get(line - 1).copied().unwrap_or(0) as usize;
        let before = self.text.get(start..byte as usize);
        // A byte order mark takes no column in an editor.
        let column = before.map_or(0, |text| {
            text.trim_start_matches('\u{feff}').chars().count()
        }) + 1;
        Position { line, column }
    }
}

/// All texts that were read, by [`FileId`].
#[derive(Debug, Default, Clone)]
pub struct SourceMap {
    files: Vec<SourceFile>,
}

impl SourceMap {
    /// Adds a text and names it.
    pub fn add(&mut self, path: impl Into<String>, text: impl Into<String>) -> FileId {
        let id = FileId(u32::try_from(self.files.len()).unwrap_or(u32::MAX));
        self.files.push(SourceFile {
            path: path.into(),
            text: text.into(),
            private: false,
            line_starts: OnceLock::new(),
        });
        id
    }

    /// The text of an id that this map gave out.
    ///
    /// # Panics
    /// When the id is of another map, which is a bug of the caller.
    pub fn file(&self, id: FileId) -> &SourceFile {
        &self.files[id.0 as usize]
    }

    /// Keeps the lines of a text out of what is printed.
    pub fn mark_private(&mut self, id: FileId) {
        if let Some(file) = self.files.get_mut(id.0 as usize) {
            file.private = true;
        }
    }

    /// All texts, in the order they were added.
    pub fn files(&self) -> impl Iterator<Item = &SourceFile> {
        self.files.iter()
    }

    /// All texts with their ids, in the same order.
    pub fn entries(&self) -> impl Iterator<Item = (FileId, &SourceFile)> {
        let ids = (0..).map(FileId);
        ids.zip(&self.files)
    }

    /// Where a span starts.
    pub fn position(&self, span: Span) -> Position {
        self.file(span.file).position(span.start)
    }

    /// `path:line:column` of a span, as terminals and editors link it.
    pub fn locate(&self, span: Span) -> String {
        let Position { line, column } = self.position(span);
        format!("{}:{line}:{column}", self.file(span.file).path)
    }

    /// The path and line of a span, as a forge links it.
    pub fn line_of(&self, span: Span) -> String {
        format!("{}:{}", self.file(span.file).path, self.position(span).line)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters_not_bytes() {
        let mut map = SourceMap::default();
        let file = map.add("a.yaml", "é: x\nname: Ω!\n");
        let at = |start: usize| map.locate(Span::new(file, start, start));
        assert_eq!(at(0), "a.yaml:1:1");
        assert_eq!(at(4), "a.yaml:1:4");
        assert_eq!(at(12), "a.yaml:2:7");
        assert_eq!(at(14), "a.yaml:2:8");
        let marked = map.add("b.yaml", "\u{feff}a: 1");
        assert_eq!(map.locate(Span::new(marked, 6, 6)), "b.yaml:1:4");
    }
}
